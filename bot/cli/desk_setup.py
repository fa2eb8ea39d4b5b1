"""The work behind `vivencia init discord`: one log-in, one look, the missing parts made, and the file written."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.desk.guild.checkup import look_at_desk
from bot.desk.guild.permissions import NEEDS, invitation, wanted
from bot.desk.guild.setup import Prepared, Spot, Wishes, prepare
from bot.desk.guild.tags import tag_names
from bot.desks import login_of, places_of
from bot.domain.agent import Rank
from bot.domain.checkup import Finding
from bot.domain.errors import ConfigError
from bot.domain.reading import Language
from bot.insight.wording import Wording, wording
from listeners.discord_session import open_session
from listeners.discord_wire import asked

if TYPE_CHECKING:
    import discord

    from config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What the owner said, and how to wait until they have let the bot in (None: do not)."""

    guild: str | None
    roles: Mapping[Rank, Sequence[str]]
    language: Language
    wait: Callable[[str], None] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was found or made."""

    done: str
    what: str
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What there is now."""

    guild_name: str
    invitation: str
    permissions: int
    prepared: Prepared
    steps: tuple[Line, ...]

    def as_json(self) -> dict[str, Any]:
        """The published form (docs/reference/cli.md)."""
        return {
            "guild": str(self.prepared.guild),
            "places": {spot.value: str(place) for spot, place in self.prepared.places.items()},
            "roles": {rank.value: [str(role) for role in held] for rank, held in self.prepared.roles.items()},
            "invitation": self.invitation,
            "permissions": self.permissions,
            "steps": [{"done": step.done, "what": step.what, "name": step.shown} for step in self.steps],
        }


async def set_up(settings: Settings, token: str, asking: Asking, *, say: Callable[[str], None]) -> Report:
    """Find or make everything. ConfigError where the owner has to do something first."""
    words, desk = (wording(asking.language, room) for room in ("bot.cli", "bot.desk"))
    async with open_session(login_of(settings.desk.discord, token)) as session:
        bot = await session.logged_in()
        application = await asked(bot.application_info())
        link = invitation(application.id)
        for line in _invitation_page(link, words, desk):
            say(line)
        guild = await _guild(bot, asking, link, words)
        me = await asked(guild.fetch_member(bot.user.id if bot.user else application.id))
        prepared = await prepare(guild, me, _wishes(settings, asking, desk), asked)
        return Report(
            guild_name=guild.name,
            invitation=link,
            permissions=wanted().value,
            prepared=prepared,
            steps=tuple(
                Line(done=step.done, what=step.what, shown=_shown(step.what, step.name, words, desk))
                for step in prepared.steps
            ),
        )


async def look_at(settings: Settings, language: Language) -> list[Finding]:
    """What `vivencia doctor` finds in the guild."""
    discord, words = settings.desk.discord, wording(language, "bot.desk")
    token = "" if discord.token is None else discord.token.get_secret_value()
    async with open_session(login_of(discord, token)) as session:
        bot = await session.logged_in()
        places = places_of(discord)
        guild = await asked(bot.fetch_guild(places.guild, with_counts=False))
        me = await asked(guild.fetch_member(bot.user.id if bot.user else 0))
        return await look_at_desk(guild, me, places, tags=tag_names(words), words=words, asked=asked)


def _wishes(settings: Settings, asking: Asking, desk: Wording) -> Wishes:
    known, other = settings.desk.discord, Language.EN if asking.language is Language.ES else Language.ES
    places = {spot: int(place) for spot in Spot if (place := getattr(known, spot)) is not None}
    roles = asking.roles or {rank: list(held) for rank, held in known.roles.items()}
    return Wishes(
        places=places,
        roles=roles,
        tags=tag_names(desk),
        words=desk,
        other=wording(other, "bot.desk"),
    )


async def _guild(bot: discord.Client, asking: Asking, link: str, words: Wording) -> discord.Guild:
    """The one that was named, or the only one."""
    guilds = await _guilds(bot)
    if not guilds and asking.wait is not None:
        asking.wait(link)
        guilds = await _guilds(bot)
    if asking.guild is not None:
        found = [guild for guild in guilds if str(guild.id) == asking.guild]
        if not found:
            raise ConfigError(words.say("init.not_in_guild", guild=asking.guild, link=link))
        return await asked(bot.fetch_guild(found[0].id, with_counts=False))
    if len(guilds) != 1:
        names = ", ".join(f"{guild.name} ({guild.id})" for guild in guilds)
        key = "init.several_guilds" if guilds else "init.no_guild"
        raise ConfigError(words.say(key, guilds=names, link=link))
    return await asked(bot.fetch_guild(guilds[0].id, with_counts=False))


async def _guilds(bot: discord.Client) -> list[discord.Guild]:
    async def all_of_them() -> list[discord.Guild]:
        return [guild async for guild in bot.fetch_guilds(limit=200, with_counts=False)]

    return await asked(all_of_them())


def _invitation_page(link: str, words: Wording, desk: Wording) -> list[str]:
    from bot.insight.columns import table

    needs = [(f"  {desk.say(f'permission.{need.name}')}", desk.say(f"permission_for.{need.name}")) for need in NEEDS]
    return [words.say("init.invitation", link=link, permissions=str(wanted().value)), *table(needs, right=())]


def _shown(what: str, name: str, words: Wording, desk: Wording) -> str:
    if what in set(Rank):
        return words.say("init.rank", rank=desk.say(f"rank.{what}"), role=name)
    return words.say(f"init.{what}", name=name)


def write_down(file: Path, secrets: Path, report: Report, *, token: str | None) -> Path:
    """The ids into the owner's file, whose other words stay as they are; a token that was typed into a secret."""
    import tomlkit

    document = tomlkit.parse(file.read_text(encoding="utf-8-sig")) if file.exists() else tomlkit.document()
    desk = document.setdefault("desk", tomlkit.table())
    desk["kind"] = "discord"
    table = desk.setdefault("discord", tomlkit.table())
    table["guild"] = str(report.prepared.guild)
    for spot, place in report.prepared.places.items():
        table[spot.value] = str(place)
    roles = table.setdefault("roles", tomlkit.table())
    for rank, held in report.prepared.roles.items():
        roles[rank.value] = [str(role) for role in held]
    _replace(file, tomlkit.dumps(document))
    if token is not None:
        secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
        _replace(secrets / "desk__discord__token", token)
    return file


def _replace(file: Path, text: str) -> None:
    """Whole or not at all, for its owner's eyes only."""
    fresh = file.with_name(f"{file.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    fresh.replace(file)
