"""`[desk]`: where agents work, in which language, and for Discord: which guild, channels and roles."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, HttpUrl, SecretStr, model_validator

from bot.domain.agent import Rank
from bot.domain.secret import key_as_pasted

Snowflake = Annotated[
    str,
    BeforeValidator(lambda given: str(given) if isinstance(given, int) else given),
    Field(pattern=r"^[0-9]{15,20}$"),
]
Key = Annotated[SecretStr, BeforeValidator(lambda given: key_as_pasted(given) if isinstance(given, str) else given)]
PLACES = ("guild", "forum", "alerts", "approvals", "voices")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DiscordDeskSettings(_Table):
    """`[desk.discord]`, which `vivencia init discord` writes. Ids are Discord's; `digests` is `alerts` unless given."""

    token: Key | None = None
    guild: Snowflake | None = None
    forum: Snowflake | None = None
    alerts: Snowflake | None = None
    approvals: Snowflake | None = None
    voices: Snowflake | None = None
    digests: Snowflake | None = None
    roles: dict[Rank, tuple[Snowflake, ...]] = Field(default_factory=dict)
    cards_per_minute: Annotated[int, Field(ge=1, le=60)] = 20
    base_url: HttpUrl = HttpUrl("https://discord.com/api/v10")
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 20
    silence_seconds: Annotated[float, Field(gt=0)] = 120

    @property
    def lacking(self) -> tuple[str, ...]:
        """Which keys a desk cannot do without."""
        return tuple(key for key in (*PLACES, "token") if getattr(self, key) is None) + (
            () if self.roles else ("roles",)
        )


class DeskSettings(_Table):
    """Where cases are shown, and in which language."""

    kind: Literal["console", "discord"] = "console"
    language: Literal["es", "en"] = "es"
    forum: str = "casos"
    alerts: str = "alertas"
    discord: DiscordDeskSettings = DiscordDeskSettings()

    @model_validator(mode="after")
    def _a_guild_with_its_places(self) -> Self:
        if self.kind == "discord" and (lacking := self.discord.lacking):
            message = (
                f"kind = 'discord' needs {', '.join(lacking)} in [desk.discord]; `vivencia init discord` finds them"
            )
            raise ValueError(message)
        return self
