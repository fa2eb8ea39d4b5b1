"""The service as it runs day and night: channels, line, outbox and digests, each rung or wound by the clock."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import product
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from bot.alive import Alive, read_alive, write_alive
from bot.app import House, open_house
from bot.channels import Tuned
from bot.clock import Clock, patiently, running_clock
from bot.desks import Front, opened_desk
from bot.domain.digest import Edition
from bot.domain.errors import ChannelError, ConfigError, RateLimited, StoreUnavailable
from bot.domain.health import tell_nobody
from bot.domain.outbox import Lane
from bot.domain.ports.channel import Listener, Stream
from bot.domain.ports.desk import Desk, LivingDesk
from bot.domain.reading import Language
from bot.domain.shared import Shared
from bot.domain.time import LiveWatch, local_day
from bot.editions import keep_edition, make_edition
from bot.failpoints import failpoint
from bot.hearing import ALARMS_WAIT, CLOSING_WAIT, Hearing
from bot.insight.due import due_days, due_since
from config.home import Home, only_one
from config.settings import Settings
from listeners.bulletin import Bulletin
from listeners.following import Follow, ear_of
from listeners.polling import Poll
from listeners.trouble import Trouble

if TYPE_CHECKING:
    from bot.clock import Errand

log = structlog.get_logger(__name__)

LINE, OUTBOX, SHOWING, DIGESTS, QUIET, PULSE = "line", "outbox", "desk", "digests", "quiet cases", "pulse"
CLOCKS, DRAWING, FRONT, SWEEPING, OPENING = "clocks", "drawing", "front", "sweeping", "opening"
_DIGEST_SECONDS, _QUIET_SECONDS, _PULSE_SECONDS, _SWEEP_SECONDS = 60.0, 3600.0, 60.0, 3600.0
_CLOCKS_SECONDS, _DESK_AWAY_SECONDS, _DESK_LOST_SECONDS = 20.0, 15.0, 1.0
_CATCHING_UP_SECONDS, _LAST_WORD_SECONDS = 2.0, 10.0
_SUNDAY = 6


async def run_service(home: Home, settings: Settings) -> None:
    """Work until SIGINT or SIGTERM. Nothing has to be finished before leaving, rows are the truth; what is being said
    has some seconds for it, and a second signal ends the process at once.

    A database that cannot be written at the start is waited for, as later; ConfigError where waiting would not help.
    """
    if not settings.channels:
        message = f"no channel is configured; add a table like [channels.exports] to {home.settings}"
        raise ConfigError(message)
    shared = Shared()
    with only_one(home):
        async with opened_desk(settings, shared) as opened, AsyncExitStack() as stack:

            async def enter() -> House:
                house = open_house(
                    home,
                    settings,
                    desk=opened.desk,
                    watch=LiveWatch(),
                    channels=settings.channels,
                    trip=failpoint(),
                    shared=shared,
                )
                return await stack.enter_async_context(house)

            house = await patiently(OPENING, enter)
            await serve(house, until=told_to_stop(), front=opened.front(house))


async def serve(house: House, *, until: Awaitable[object], front: Front | None = None) -> None:
    """Wind every errand and wait for `until`; `front` is where people press, if the desk has one."""
    service, seen = house.settings.service, await patiently(OPENING, partial(_wake, house))
    hearing = Hearing(house.store.inbox)
    house = replace(house, line=replace(house.line, may_close=partial(hearing.has_heard, CLOSING_WAIT)))
    async with running_clock() as clock:
        clock.repeat(LINE, _line(house, clock, pause=service.outbox_seconds))
        for name, send in _sending(house).items():
            clock.repeat(name, _outbox(send, pause=service.outbox_seconds))
        clock.repeat(
            SHOWING, _outbox(partial(house.dispatcher.run_until_idle, Lane.HOUSE), pause=service.outbox_seconds)
        )
        clock.repeat(DIGESTS, _digests(house, hearing))
        clock.repeat(QUIET, _quiet(house, hearing))
        clock.repeat(SWEEPING, _sweeping(house))
        clock.repeat(CLOCKS, _clocks(house, clock, hearing, seen))
        clock.repeat(PULSE, _pulse(house), after=_PULSE_SECONDS)
        if isinstance(house.desk, LivingDesk):
            clock.repeat(DRAWING, _drawing(house.desk, pause=service.outbox_seconds))
        if front is not None:
            clock.repeat(FRONT, staying(front))
        for tuned in house.tuned.values():
            _listen_on(house, clock, tuned, hearing)
        log.info("listening", channels=list(house.tuned), home=str(house.home.path))
        await until
        # cut off in the middle, an answer would be in doubt: a channel that cannot be asked leaves it to a person
        house.dispatcher.stop()
        await asyncio.gather(*(clock.ended(name, within=_LAST_WORD_SECONDS) for name in _sending(house)))
    with contextlib.suppress(StoreUnavailable):
        # the next start finds out by itself when this one was last seen
        await house.store.channels.rest(datetime.now(UTC))
        await _note_alive(house)


async def _wake(house: House) -> datetime | None:
    """Note that the service starts. When it was last seen before, if it ever was."""
    book = house.store.channels
    seen = max((each.seen for each in await book.health()), default=None)
    await _doubt_after_a_backup(house)
    await book.wake(list(house.tuned), datetime.now(UTC))
    await _note_alive(house)
    return seen


async def _doubt_after_a_backup(house: House) -> None:
    """An older database than the one that lived here last does not know what was said since."""
    alive = read_alive(house.home.alive)
    if alive is None or await house.store.channels.beats() >= alive.beats:
        return
    until = alive.at + timedelta(seconds=_PULSE_SECONDS)
    log.warning(
        "the database is older than what was done here: it was put back from a backup, or made anew; "
        "answers to what was posted before are looked for on their channel first, or left to a person",
        posted_before=until.isoformat(timespec="seconds"),
    )
    await house.store.outbox.doubt(until, alive.beats)


async def _note_alive(house: House) -> None:
    now = datetime.now(UTC)
    write_alive(house.home.alive, Alive(beats=await house.store.channels.pulse(now), at=now))


def _listen_on(house: House, clock: Clock, tuned: Tuned, hearing: Hearing) -> None:
    """Wind a poll for who is asked and a follower for who tells us; one that does both is polled to fill the gaps."""
    channel, inbox, meter = tuned.channel, house.store.inbox, tuned.meter
    poll, ring = f"poll {channel.channel}", partial(clock.ring, LINE)
    if isinstance(channel, Listener):
        every = tuned.keys.poll_seconds or house.settings.service.poll_seconds
        tell = hearing.overheard(_bulletin(house, channel.channel), stream=False)
        clock.repeat(poll, Poll(channel, inbox, every=every, ring=ring, meter=meter, tell=tell))
    if isinstance(channel, Stream):
        fill, tell = partial(clock.ring, poll), _bulletin(house, ear_of(channel))
        if not isinstance(channel, Listener):
            tell = hearing.overheard(tell, stream=True)
        clock.repeat(f"stream {channel.channel}", Follow(channel, inbox, ring=ring, fill=fill, meter=meter, tell=tell))


def _bulletin(house: House, channel: str) -> Bulletin:
    return Bulletin(channel, house.store.channels, call=house.switchboard.fares)


def _pulse(house: House) -> Errand:
    async def beat() -> float:
        await _note_alive(house)
        return _PULSE_SECONDS

    return beat


def _line(house: House, clock: Clock, *, pause: float) -> Errand:
    async def work() -> float:
        if await house.line.until_empty():
            for name in (*_sending(house), SHOWING):
                clock.ring(name)
        return pause

    return work


def _sending(house: House) -> dict[str, Callable[[], Awaitable[int]]]:
    """What customers wait for: an errand for each channel, so that one that hangs stops none of the others, and one for
    what is addressed to channels that are gone.
    """
    send = partial(house.dispatcher.run_until_idle, Lane.CUSTOMERS)
    channels = house.dispatcher.channels
    each = {f"{OUTBOX} {channel}": partial(send, channel=channel) for channel in channels}
    return {**each, OUTBOX: partial(send, but=channels)}


def _outbox(perform: Callable[[], Awaitable[int]], *, pause: float) -> Errand:
    async def send() -> float:
        await perform()
        return pause

    return send


def _clocks(house: House, clock: Clock, hearing: Hearing, seen: datetime | None) -> Errand:
    """Snoozes that end, and clocks that ran out since the service was last `seen`: the brand may have answered."""
    looked = seen

    async def look() -> float:
        nonlocal looked
        if not await hearing.has_caught_up(ALARMS_WAIT):
            return _CATCHING_UP_SECONDS
        now = datetime.now(UTC)
        await house.alarm.wake(now)
        if await house.alarm.ring(now, looked=looked):
            clock.ring(SHOWING)
        looked = now
        return _CLOCKS_SECONDS

    return look


def _drawing(desk: LivingDesk, *, pause: float) -> Errand:
    """Keep the desk in step; while it is out of reach everything waits in the database."""
    trouble = ""

    async def draw() -> float:
        nonlocal trouble
        try:
            await desk.refresh()
        except ChannelError as error:
            if str(error) != trouble:
                log.warning("the desk cannot be drawn", desk=desk.name, error=str(error))
            trouble = str(error)
            return max(pause, error.retry_after if isinstance(error, RateLimited) else _DESK_AWAY_SECONDS)
        if trouble:
            log.info("the desk is drawn again", desk=desk.name)
            trouble = ""
        return pause

    return draw


def staying(front: Front) -> Errand:
    """Let people press. Lost, it is taken up again, ever more slowly while it cannot be had."""
    trouble = Trouble("desk", first=_DESK_LOST_SECONDS, longest=_DESK_AWAY_SECONDS * 4, tell=tell_nobody)

    async def stay() -> float:
        await front.stay()
        await trouble.over()
        return _DESK_LOST_SECONDS

    return lambda: trouble.around(stay)


def _quiet(house: House, hearing: Hearing) -> Errand:
    """No case by a moment up to which not everything was read."""

    async def close() -> float:
        if not await hearing.has_caught_up(CLOSING_WAIT):
            return _CATCHING_UP_SECONDS
        now = datetime.now(UTC)
        await house.line.close_quiet(min(now, await house.store.inbox.waiting_since() or now))
        return _QUIET_SECONDS

    return close


def _sweeping(house: House) -> Errand:
    """What is remembered for a time only."""

    async def sweep() -> float:
        await house.store.inbox.sweep(datetime.now(UTC))
        return _SWEEP_SECONDS

    return sweep


def _digests(house: House, hearing: Hearing) -> Errand:
    """Day by day; one of which not everything was heard and read yet waits, and those after it."""

    async def write() -> float:
        try:
            for day in await days_due(house, datetime.now(UTC)):
                if not await _can_be_told(day, house, hearing):
                    return _CATCHING_UP_SECONDS
                await publish(house, house.desk, day)
        except ChannelError as error:
            log.warning("a digest waits for its desk", desk=house.desk.name, error=str(error))
        return _DIGEST_SECONDS

    return write


async def _can_be_told(day: date, house: House, hearing: Hearing) -> bool:
    zone = ZoneInfo(house.settings.brand.timezone)
    _, ended = local_day(day, zone)
    return await hearing.knows(ended, due_since(day, zone=zone, at=house.settings.digest.at))


async def days_due(house: House, now: datetime) -> list[date]:
    """The days whose daily edition is due and not kept yet."""
    span = await house.store.reports.span()
    if span is None:
        return []
    zone = ZoneInfo(house.settings.brand.timezone)
    kept = _days_kept(await house.store.reports.digests(), house.settings.digest.languages)
    heard_since = span[0].astimezone(zone).date()
    return due_days(now, zone=zone, at=house.settings.digest.at, kept=kept, heard_since=heard_since)


def _days_kept(keys: Iterable[str], languages: Collection[str]) -> set[date]:
    """Days with a daily edition; without the newest where a language lacks: the desk was lost between two of them."""
    kept: dict[date, set[str]] = {}
    for key in keys:
        if f":{Edition.DAILY}:" in f":{key}":
            kept.setdefault(date.fromisoformat(key.rsplit(":", 1)[-1]), set()).add(key.partition(":")[0])
    newest = max(kept, default=None)
    return {day for day in kept if day != newest or kept[day].issuperset(languages)}


async def publish(house: House, desk: Desk, day: date) -> None:
    """Write the editions of one day in every language, show them and keep them under their keys, once.

    A Sunday closes a week, so the weekly edition comes with its daily one.
    """
    zone = ZoneInfo(house.settings.brand.timezone)
    due = due_since(day, zone=zone, at=house.settings.digest.at)
    editions = (Edition.WEEKLY, Edition.DAILY) if day.weekday() == _SUNDAY else (Edition.DAILY,)
    for edition, language in product(editions, house.settings.digest.languages):
        printed = await make_edition(
            house.store.reports,
            house.settings,
            house.home.digests,
            day=day,
            edition=edition,
            language=Language(language),
            now=datetime.now(UTC),
            due=due,
        )
        # shown before it is kept: while the desk is out of reach it stays due, and a desk shows a key once
        if printed.key not in await house.store.reports.digests():
            await desk.digest(printed.text, printed.key, picture=printed.picture, described=printed.alternative_text)
            await keep_edition(house.store.reports, printed, datetime.now(UTC))


async def told_to_stop() -> None:
    """Return at the first signal, and leave the next one to the system: it ends the process."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    await stop.wait()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.remove_signal_handler(number)
