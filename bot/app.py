"""The composition root: settings in, a running service out. The only file that knows everybody."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from bot.channels import Channel, Switchboard, Tuned, tune_in
from bot.commands import with_commands
from bot.desk.reasons import reason_in
from bot.domain.ports.channel import Voice
from bot.domain.ports.desk import Casework, Correspondence, Desk
from bot.domain.ports.reader import PromiseReader
from bot.domain.ports.record import CaseFile
from bot.domain.ports.store import Store, Tripwire, calm
from bot.domain.reading import Language
from bot.domain.shared import Shared
from bot.domain.time import Watch
from bot.insight.wording import wording
from bot.pause import paused_elsewhere
from bot.pipeline.alarm import Alarm
from bot.pipeline.letters import Letters
from bot.pipeline.line import Line, Told, tell_nobody
from bot.pipeline.workbench import Workbench
from bot.readers import WhoReads, reading
from bot.speech import Speech, decider_of, letters_of, open_speech, rings_at, rules_of, templates_of, workbench_of
from bot.store.sqlite import open_store
from config.home import Home
from config.settings import Settings
from nlp.batching import Batcher
from nlp.promises import CalendarPromises
from responders.delicate import life_at_stake
from responders.dispatch import Dispatcher


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything that works together, opened and ready. Who opened it closes it."""

    home: Home
    settings: Settings
    store: Store
    line: Line
    dispatcher: Dispatcher
    desk: Desk
    workbench: Workbench
    alarm: Alarm
    letters: Letters
    tuned: Mapping[str, Tuned]
    switchboard: Switchboard
    reader: WhoReads
    templates: Callable[[CaseFile], Sequence[tuple[str, str]]]

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The configured channels, opened."""
        return tuple(tuned.channel for tuned in self.tuned.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Backroom:
    """What a desk that people act upon has behind it."""

    store: Store
    workbench: Casework
    letters: Correspondence


DeskMaker = Callable[[Backroom], Desk]


def standing(desk: Desk) -> DeskMaker:
    """One that is there already and needs nothing of the house."""
    return lambda _: desk


@asynccontextmanager
async def open_house(  # noqa: PLR0913 - the composition root is where everything meets
    home: Home,
    settings: Settings,
    *,
    desk: DeskMaker,
    watch: Watch,
    channels: Mapping[str, dict[str, Any]],
    told: Told = tell_nobody,
    trip: Tripwire = calm,
    shared: Shared | None = None,
) -> AsyncIterator[House]:
    """Open database, model, channels and desk, and put them together; the caller holds the home's lock.

    A desk that is to share a log-in with a channel borrows it from the same `shared`.
    """
    async with AsyncExitStack() as stack:
        opened = await _open(stack, home, settings, channels, trip=trip, shared=shared or Shared())
        yield _put_together(home, settings, opened, desk=desk, watch=watch, told=told, trip=trip)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """What will be closed again: the database, who reads, and the channels with the board by which they call."""

    store: Store
    batcher: Batcher
    reader: WhoReads
    tuned: Mapping[str, Tuned]
    switchboard: Switchboard


async def _open(  # noqa: PLR0913 - where, what, and who is told of it
    stack: AsyncExitStack,
    home: Home,
    settings: Settings,
    channels: Mapping[str, dict[str, Any]],
    *,
    trip: Tripwire,
    shared: Shared,
) -> _Opened:
    """The database first, whose leases of a former process end; then the channels, which keep their books there."""
    store = await stack.enter_async_context(open_store(home.database, trip=trip))
    await store.inbox.release()
    await store.outbox.release()
    switchboard = Switchboard(language=desk_language(settings), zone=ZoneInfo(settings.brand.timezone))
    tuned = await tune_in(
        stack,
        channels,
        home=home,
        settings=settings,
        book=store.channels,
        kept=store.inbox,
        warn=switchboard.money,
        shared=shared,
    )
    batcher, reader = await stack.enter_async_context(reading(settings))
    return _Opened(store=store, batcher=batcher, reader=reader, tuned=tuned, switchboard=switchboard)


def _put_together(  # noqa: PLR0913 - the parts, and what goes by them
    home: Home, settings: Settings, opened: _Opened, *, desk: DeskMaker, watch: Watch, told: Told, trip: Tripwire
) -> House:
    """Give each part those it works with; from here on the channels can call the desk."""
    store, tuned, switchboard = opened.store, opened.tuned, opened.switchboard
    voices = {name: each.channel for name, each in tuned.items() if isinstance(each.channel, Voice)}
    speech = open_speech(settings, rules_of(settings, voices, tuned))
    letters = letters_of(settings, store, speech, watch)
    workbench = workbench_of(settings, store, speech, watch)
    switchboard.desk = desk(Backroom(store=store, workbench=workbench, letters=letters))
    return House(
        home=home,
        settings=settings,
        store=store,
        line=_line(settings, store, speech, opened.batcher, watch=watch, told=told),
        dispatcher=_dispatcher(home, settings, store, voices, switchboard.desk, watch=watch, trip=trip),
        desk=switchboard.desk,
        workbench=workbench,
        alarm=Alarm(deeds=store.deeds, rings_at=rings_at(speech.rules), alerts=settings.desk.alerts),
        letters=letters,
        tuned=tuned,
        switchboard=switchboard,
        reader=opened.reader,
        templates=templates_of(settings, speech),
    )


def desk_language(settings: Settings) -> Language:
    """The language in which agents read."""
    return Language(settings.desk.language)


def _line(  # noqa: PLR0913 - what reads, what decides, and what goes by which clock
    settings: Settings, store: Store, speech: Speech, batcher: Batcher, *, watch: Watch, told: Told
) -> Line:
    return Line(
        inbox=store.inbox,
        history=store.history,
        read=with_commands(batcher.read),
        batch=settings.model.batch_size,
        decide=decider_of(settings, speech),
        promises=_promises(settings),
        watch=watch,
        lease=timedelta(seconds=settings.service.lease_seconds),
        quiet_after=timedelta(days=settings.clocks.close_waiting_days),
        told=told,
        at_stake=life_at_stake,
    )


def _dispatcher(  # noqa: PLR0913 - what goes out, to whom, and what stops it
    home: Home,
    settings: Settings,
    store: Store,
    voices: Mapping[str, Voice],
    desk: Desk,
    *,
    watch: Watch,
    trip: Tripwire,
) -> Dispatcher:
    return Dispatcher(
        store.outbox,
        store.history,
        voices,
        desk,
        watch=watch,
        trip=trip,
        paused_elsewhere=lambda: paused_elsewhere(home),
        words=partial(reason_in, wording(desk_language(settings), "bot.desk")),
        promised=_promises(settings).read,
    )


def _promises(settings: Settings) -> PromiseReader:
    return CalendarPromises(ZoneInfo(settings.brand.timezone))
