"""Options that several commands share, and what they lead to: a home and its settings."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.tongue import terminal_language
from bot.domain.errors import ConfigError
from bot.domain.reading import Language

if TYPE_CHECKING:
    from config.home import Home
    from config.settings import Settings

_LARGEST = 2**63 - 1
HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home", help="Home directory; else VIVENCIA_HOME, else the platform's data directory.", show_default=False
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="Configuration file; else vivencia.toml in the home.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


class Spoken(StrEnum):
    """The languages people are shown."""

    ES = "es"
    EN = "en"


LangOption = Annotated[
    Spoken | None, typer.Option("--lang", help="Language of the output; else the desk's.", show_default=False)
]


def countable(number: int) -> int:
    """The number, or for one that SQLite cannot compare another that nothing has."""
    return min(max(number, 0), _LARGEST)


def only_home(home: Path | None) -> Home:
    """The home alone: a broken configuration must not keep anybody from pausing."""
    from config.home import find_home

    return find_home(home)


def home_and_settings(home: Path | None, config: Path | None) -> tuple[Home, Settings]:
    """Find the home and read the configuration that goes with it; logs go where it says."""
    from bot.logs import write_logs
    from config.home import find_home
    from config.settings import read_settings

    found = find_home(home)
    file = config or (found.settings if found.settings.exists() else None)
    settings = read_settings(*([file] if file else []), secrets=found.secrets)
    write_logs(settings.service.log_level)
    return found, settings


def refusal(language: Language, phrase: str, **gaps: str) -> str:
    """The one line in which a command says what is wrong, why, and what to do, in the language of its pages."""
    from bot.insight.wording import wording

    return wording(language, "bot.cli").say(f"refusal.{phrase}", **gaps)


def reader_of(home: Path | None, lang: Spoken | None) -> tuple[Language, ZoneInfo]:
    """In which language and zone: a broken configuration must not keep anybody from asking how things stand."""
    try:
        _, settings = home_and_settings(home, None)
    except ConfigError:
        return Language(lang or terminal_language(os.environ)), ZoneInfo("UTC")
    return Language(lang or settings.desk.language), ZoneInfo(settings.brand.timezone)
