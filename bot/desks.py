"""Open the desk that the settings name: the terminal, or a guild in which people press buttons."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from bot.app import Backroom, DeskMaker, House, desk_language, standing
from bot.domain.case import CaseId
from bot.domain.ports.desk import Desk
from bot.domain.shared import Shared
from bot.editions import write_edition
from bot.pause import paused_elsewhere
from config.desk import DiscordDeskSettings
from config.settings import Settings
from nlp.due import due_in

if TYPE_CHECKING:
    from bot.desk.guild.lookups import Lookups
    from bot.desk.guild.place import Places
    from listeners.discord_session import DiscordSession, Login


class Front(Protocol):
    """Where people press. `stay` lasts while it can be had, and raises one of the channel errors when it is lost."""

    async def stay(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedDesk:
    """How to make the desk, and how to make its front once the house is open."""

    desk: DeskMaker
    front: Callable[[House], Front | None]


@asynccontextmanager
async def opened_desk(settings: Settings, shared: Shared) -> AsyncIterator[OpenedDesk]:
    """A guild's log-in is borrowed from `shared`, where a listening channel may have it too."""
    if settings.desk.kind == "console":
        yield OpenedDesk(desk=standing(_terminal(settings)), front=lambda _: None)
        return
    # discord.py is loaded only where there is a guild
    from listeners.discord_session import borrow_session  # noqa: PLC0415

    discord = settings.desk.discord
    async with borrow_session(login_of(discord, _token(discord)), shared) as session:
        places = places_of(discord)
        # a community channel of the same bot must not take for a customer who talks at the desk
        session.closed |= {str(room) for room in places.rooms}
        yield OpenedDesk(
            desk=lambda room: _guild_desk(settings, session, places, room),
            front=lambda house: _guild_front(house, session, places),
        )


def login_of(discord: DiscordDeskSettings, token: str) -> Login:
    """As whom the desk speaks, and where."""
    from listeners.discord_session import Login  # noqa: PLC0415

    return Login(
        token=token,
        base_url=str(discord.base_url),
        timeout_seconds=discord.timeout_seconds,
        silence_seconds=discord.silence_seconds,
    )


def places_of(discord: DiscordDeskSettings) -> Places:
    """The desk's places as they stand in the configuration, which has checked that they are there."""
    from bot.desk.guild.place import Places  # noqa: PLC0415

    spots = {spot: int(getattr(discord, spot) or 0) for spot in ("guild", "forum", "alerts", "approvals", "voices")}
    return Places(
        **spots,
        digests=int(discord.digests or discord.alerts or 0),
        ranks={int(role): rank for rank, held in discord.roles.items() for role in held},
        per_minute=discord.cards_per_minute,
    )


def _token(discord: DiscordDeskSettings) -> str:
    return "" if discord.token is None else discord.token.get_secret_value()


def _terminal(settings: Settings) -> Desk:
    from rich.console import Console  # noqa: PLC0415 - the desk's own paper

    from bot.desk.console import ConsoleDesk  # noqa: PLC0415

    return ConsoleDesk(
        Console(),
        desk_language(settings),
        zone=ZoneInfo(settings.brand.timezone),
        names=settings.brand.touchpoint_names,
    )


def _present() -> datetime:
    return datetime.now(UTC)


def _guild_front(house: House, session: DiscordSession, places: Places) -> Front:
    from bot.desk.guild.commands.registration import Commands  # noqa: PLC0415
    from bot.desk.guild.deeds import Deeds  # noqa: PLC0415
    from bot.desk.guild.desk import DiscordDesk  # noqa: PLC0415
    from bot.desk.guild.front import Front as GuildFront  # noqa: PLC0415
    from bot.desk.labels import labels  # noqa: PLC0415
    from listeners.discord_wire import asked  # noqa: PLC0415

    settings, desk = house.settings, house.desk
    assert isinstance(desk, DiscordDesk)  # noqa: S101 - it was made above
    zone, names = ZoneInfo(settings.brand.timezone), settings.brand.touchpoint_names
    return GuildFront(
        session,
        places,
        Deeds(
            casework=house.workbench,
            letters=house.letters,
            history=house.store.history,
            zone=zone,
            due_in=lambda text, now: due_in(text, now, zone),
            show=desk.show,
            on_call=desk.on_call,
        ),
        asked=asked,
        words_of=lambda language: labels(language, zone, names),
        language=desk_language(settings),
        now=_present,
        commands=Commands(lookups=_lookups(house, session, desk.link), asked=asked).install,
        deleted=desk.deleted,
    )


def _lookups(house: House, session: DiscordSession, link: Callable[[CaseId], Awaitable[str | None]]) -> Lookups:
    from bot.desk.guild.lookups import Lookups, Reader  # noqa: PLC0415

    store = house.store
    return Lookups(
        casework=house.workbench,
        history=store.history,
        outbox=store.outbox,
        channels=store.channels,
        reports=store.reports,
        cards=store.cards,
        zone=ZoneInfo(house.settings.brand.timezone),
        reader=Reader(name=house.reader.name, degraded=house.reader.degraded),
        edition=partial(write_edition, store.reports, house.settings),
        templates=house.templates,
        link=link,
        refused=lambda: session.strikes,
        paused_elsewhere=lambda: paused_elsewhere(house.home),
    )


def _guild_desk(settings: Settings, session: DiscordSession, places: Places, room: Backroom) -> Desk:
    from bot.desk.guild.desk import DiscordDesk  # noqa: PLC0415
    from bot.desk.labels import labels  # noqa: PLC0415
    from listeners.discord_wire import asked  # noqa: PLC0415

    zone, names = ZoneInfo(settings.brand.timezone), settings.brand.touchpoint_names
    return DiscordDesk(
        session,
        places,
        asked=asked,
        cards=room.store.cards,
        history=room.store.history,
        correspondence=room.letters,
        called=room.workbench.names,
        words=labels(desk_language(settings), zone, names),
        now=_present,
    )
