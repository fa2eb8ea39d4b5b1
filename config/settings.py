"""One typed object for the whole configuration, read once."""

from __future__ import annotations

import os
import tomllib
from datetime import date, time
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from bot.domain.cost import WhenSpent
from bot.domain.errors import ConfigError
from bot.domain.naming import TouchpointNames
from bot.domain.reading import Urgency
from config.complaints import in_one_line
from config.desk import DeskSettings
from config.touchpoints import Touchpoints, names_of
from config.values import Account, Folder, Languages, LocalTime, Mode, Name, Seconds, Spoken, Word, Zone

DEFAULTS = Path(__file__).with_name("default.toml")
# more than anybody means, and no more than dates can be counted with
_TEN_YEARS_OF_DAYS, _A_YEAR_OF_HOURS = 3650, 8760


class Table(BaseModel):
    """A table of the file: unknown keys are errors, values never change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HoursSettings(Table):
    """When people work: local times, weekdays (Monday is 0) and days off."""

    opens: LocalTime = time(9)
    closes: LocalTime = time(19)
    weekdays: frozenset[Annotated[int, Field(ge=0, le=6)]] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()

    @model_validator(mode="after")
    def _open_before_closed(self) -> Self:
        if self.opens >= self.closes:
            message = f"opens ({self.opens:%H:%M}) must be before closes ({self.closes:%H:%M})"
            raise ValueError(message)
        return self


class BrandSettings(Table):
    """Who we listen for: its accounts, words that belong to it, words that mean another thing of the same name."""

    name: Name = "Vivencia"
    accounts: tuple[Account, ...] = ()
    homonyms: tuple[Word, ...] = ()
    context: tuple[Word, ...] = ()
    timezone: Zone = "Europe/Madrid"
    languages: Languages = ("es", "en")
    hours: HoursSettings = HoursSettings()
    knowledge: Folder | None = None
    replies: Folder | None = None
    form_of_address: Literal["tu", "usted", "vos"] = "tu"
    touchpoints: Touchpoints = Field(default_factory=dict)

    @property
    def touchpoint_names(self) -> TouchpointNames:
        """How people read the touchpoints of this brand."""
        return names_of(self.touchpoints)


class ClockSettings(Table):
    """How soon a case wants its first answer (business hours by urgency) and its solution."""

    first_answer_hours: dict[Urgency, Annotated[float, Field(gt=0, le=_A_YEAR_OF_HOURS)]]
    solve_working_days: Annotated[int, Field(gt=0, le=_TEN_YEARS_OF_DAYS)] = 15
    close_waiting_days: Annotated[int, Field(gt=0, le=_TEN_YEARS_OF_DAYS)] = 7


class PolicySettings(Table):
    """When the machine may write by itself. A channel's own table may set another mode."""

    mode: Mode = "approve"
    disclosure: bool = True
    auto_kinds: frozenset[Literal["thanks", "answer", "receipt", "survey"]] = frozenset({"thanks", "survey"})
    replies_per_conversation: Annotated[int, Field(ge=0)] = 1
    replies_per_author_per_day: Annotated[int, Field(ge=0)] = 3
    replies_per_hour: Annotated[int, Field(ge=0)] = 30
    replies_per_day: Annotated[int, Field(ge=0)] = 300
    quiet_from: LocalTime = time(22)
    quiet_until: LocalTime = time(8)
    answer_within_hours: Annotated[int, Field(ge=1, le=_A_YEAR_OF_HOURS)] = 24
    survey_every_days: Annotated[int, Field(ge=1, le=_TEN_YEARS_OF_DAYS)] = 30
    second_person: Literal["never", "agents", "always"] = "never"


class ResponderSettings(Table):
    """Which responders speak, in which order."""

    order: tuple[str, ...]


class TaskModelSettings(Table):
    """Another model for one task: a folder, or a hub id with its commit, and what its labels mean."""

    source: str
    revision: str | None = None
    labels: dict[str, str]
    preprocess: Literal["tweet", "none"] = "tweet"


class ModelSettings(Table):
    """Which model reads, and how it uses the machine."""

    source: str = "embedded"
    offline: bool = True
    dtype: Literal["auto", "bfloat16", "float32", "int8"] = "auto"
    tasks: dict[Literal["sentiment", "intents", "touchpoints", "urgency"], TaskModelSettings] = Field(
        default_factory=dict
    )
    threads: Annotated[int, Field(ge=1)] = 1
    batch_size: Annotated[int, Field(ge=1, le=1024)] = 128
    gather_ms: Annotated[int, Field(ge=0)] = 20


class DigestSettings(Table):
    """When the daily digest is written (local time), and in which languages."""

    at: LocalTime = time(8)
    languages: tuple[Spoken, ...] = ("es",)


class CostSettings(Table):
    """What the platform of one kind of channel charges, as of which day, and what such a channel may spend a day."""

    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "USD"
    of: date
    budget_per_day: Annotated[Decimal, Field(gt=0)] | None = None
    when_spent: WhenSpent = WhenSpent.SLOW
    prices: dict[str, Annotated[Decimal, Field(ge=0)]]


class ServiceSettings(Table):
    """The service's own rhythm."""

    poll_seconds: Seconds = 60
    outbox_seconds: Seconds = 2
    lease_seconds: Seconds = 120
    log_level: Literal["debug", "info", "warning", "error"] = "info"


class Settings(BaseSettings):
    """Everything an owner can set. Read with `read_settings`, never built by hand."""

    model_config = SettingsConfigDict(
        env_prefix="VIVENCIA_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        secrets_dir_missing="ok",
        hide_input_in_errors=True,
    )

    brand: BrandSettings
    clocks: ClockSettings
    policy: PolicySettings
    responders: ResponderSettings
    model: ModelSettings
    desk: DeskSettings
    digest: DigestSettings
    service: ServiceSettings
    costs: dict[str, CostSettings] = Field(default_factory=dict)
    # a channel's table may hold secrets, so it is never shown
    channels: dict[str, dict[str, Any]] = Field(default_factory=dict, repr=False)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Variables before files of secrets before what `read_settings` hands over; no .env file."""
        del settings_cls, dotenv_settings
        secrets = NestedSecretsSettingsSource(file_secret_settings, secrets_nested_delimiter="__", secrets_prefix="")
        return env_settings, secrets, init_settings


# VIVENCIA_HOME names the home directory and VIVENCIA_PAUSE stops sending: neither is a key of the file
_NOT_SETTINGS = frozenset({"VIVENCIA_HOME", "VIVENCIA_PAUSE", "VIVENCIA_FAILPOINT"})


def read_settings(*files: Path, secrets: Path | None = None) -> Settings:
    """Defaults, then each file, then the secrets directory, then `VIVENCIA_*` variables: the later wins.

    Raises ConfigError in one line, with the file's name where it is the file's fault.
    """
    merged: dict[str, Any] = {}
    for file in (DEFAULTS, *files):
        merged = _merged(merged, _beside(file, _toml(file)))
    _refuse_strange_variables()
    folder = secrets if secrets and secrets.is_dir() else None
    if folder:
        _refuse_strange_secrets(folder)
        _refuse_unreadable_secrets(folder)
    try:
        return Settings(_secrets_dir=folder, **merged)
    except ValidationError as error:
        source = _outside_at(error, folder) or (files[-1] if files else DEFAULTS).name
        raise ConfigError(in_one_line(error, Settings, source)) from error
    except SettingsError as error:
        raise ConfigError(_no_json(error, folder)) from error


def _outside_at(error: ValidationError, secrets: Path | None) -> str | None:
    """The variable or secret that holds the first thing to complain about, if it was one."""
    key = "__".join(str(part) for part in error.errors()[0]["loc"])
    if f"VIVENCIA_{key}".upper() in map(str.upper, os.environ):
        return f"the variable VIVENCIA_{key.upper()}"
    files = [file.name for file in secrets.iterdir()] if secrets else []
    return next((f"{secrets}: the secret {name!r}" for name in files if name.lower() == key.lower()), None)


def _no_json(error: SettingsError, secrets: Path | None) -> str:
    """Which list or table is none, as JSON has to tell it; what is written there instead is not told."""
    text = getattr(error.__cause__, "doc", None)
    listed = """is no JSON, and outside the file a list is written so: '["zarapito"]'"""
    for file in sorted(secrets.iterdir()) if secrets else []:
        if file.is_file() and file.read_text(encoding="utf-8").strip() == text:
            said = listed if "__" in file.name else "is no table; name it like channels__x__token"
            return f"{secrets}: the secret {file.name!r} {said}"
    for name, value in os.environ.items():
        if name.upper().startswith("VIVENCIA_") and value == text:
            said = listed if "__" in name else "is no table; set one key at a time, like VIVENCIA_POLICY__MODE=off"
            return f"the variable {name.upper()} {said}"
    return f"{secrets}: holds more than secrets are ({error}); move the rest away"


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        message = f"{file}: no such configuration file; create it from config/example.toml or leave --config out"
        raise ConfigError(message) from error
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file}: cannot be read ({error}); check the file and its permissions"
        raise ConfigError(message) from error
    except tomllib.TOMLDecodeError as error:
        message = f"{file}: not valid TOML: {error}; mend that line"
        raise ConfigError(message) from error


def _beside(file: Path, table: dict[str, Any]) -> dict[str, Any]:
    """Folders of the brand are meant relative to the file that names them."""
    brand = table.get("brand")
    if not isinstance(brand, dict):
        return table
    named = {key: brand[key] for key in ("knowledge", "replies") if isinstance(brand.get(key), str)}
    # an empty name is for the model to refuse, and `~` begins a whole path
    folders = {key: str(file.parent / name) for key, name in named.items() if name.strip() and name[0] != "~"}
    return {**table, "brand": {**brand, **folders}}


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        result[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return result


def _refuse_strange_variables() -> None:
    prefix = "VIVENCIA_"
    known = [f"{prefix}{name.upper()}" for name in Settings.model_fields]
    for name in map(str.upper, os.environ):
        head = name.split("__")[0]
        if not name.startswith(prefix) or name in _NOT_SETTINGS or head in known:
            continue
        # compared without what they all begin with
        names = [other.removeprefix(prefix) for other in (*known, *_NOT_SETTINGS)]
        near = get_close_matches(head.removeprefix(prefix), names, n=1)
        hint = f"did you mean {prefix}{near[0]}?" if near else f"known: {', '.join(sorted(known))}"
        message = f"the variable {name} is unknown; {hint}"
        raise ConfigError(message)


def _refuse_unreadable_secrets(folder: Path) -> None:
    """Every file there is read, whatever its name; nothing of what is in one is told."""
    for file in sorted(folder.rglob("*")):
        try:
            if file.is_file():
                file.read_text(encoding="utf-8")
        except OSError as error:
            message = f"{file}: cannot be read ({error.strerror}); check the file and its permissions"
            raise ConfigError(message) from error
        except UnicodeDecodeError:
            message = f"{file}: is no text in UTF-8, and secrets are; save it as UTF-8 or move it away"
            # the error itself holds what is in the file
            raise ConfigError(message) from None


def _refuse_strange_secrets(folder: Path) -> None:
    """A file whose name is no path to a key, like `notes`, is left alone; one that tries to be is a mistake."""
    for file in sorted(folder.glob("*__*")):
        head = file.name.split("__")[0].lower()
        if head in Settings.model_fields:
            continue
        near = get_close_matches(head, Settings.model_fields, n=1)
        hint = f"did you mean {file.name.replace(head, near[0], 1)!r}?" if near else "name it like channels__x__token"
        message = f"{folder}: the secret {file.name!r} is unknown; {hint}"
        raise ConfigError(message)
