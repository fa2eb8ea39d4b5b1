"""Errands by the clock, on the real scheduler with pauses of milliseconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta, tzinfo

import pytest
from apscheduler.schedulers import base as apscheduler

from bot import clock as clock_module
from bot.clock import Clock, patiently, running_clock
from bot.domain.errors import ConfigError, StoreUnavailable

SOON = 0.01
LONG = 3600.0


class Errand:
    """Does its steps in turn (a pause, None, or an exception to raise) and repeats the last one for ever."""

    def __init__(self, *steps: float | BaseException | None, takes: float = 0) -> None:
        self.done = 0
        self.at_once = 0
        self.most_at_once = 0
        self._steps = list(steps)
        self._takes = takes

    async def __call__(self) -> float | None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self._takes)
            step = self._steps[min(self.done, len(self._steps) - 1)]
            if isinstance(step, BaseException):
                raise step
            return step
        finally:
            self.done += 1
            self.at_once -= 1


@pytest.fixture
async def clock() -> AsyncIterator[Clock]:
    async with running_clock(after_a_bug=SOON) as running:
        yield running


async def until(come_true: Callable[[], bool]) -> None:
    """Wait for it, at most some seconds: the machine may be busy."""
    async with asyncio.timeout(5):
        while not come_true():
            await asyncio.sleep(0.002)


async def a_while() -> None:
    await asyncio.sleep(0.15)


async def test_an_errand_is_done_again_after_the_pause_it_asks_for(clock: Clock) -> None:
    errand = Errand(SOON)

    clock.repeat("line", errand)

    await until(lambda: errand.done >= 4)


async def test_an_errand_that_asks_for_no_pause_is_done_again_at_once(clock: Clock) -> None:
    errand = Errand(0)

    clock.repeat("line", errand)

    await until(lambda: errand.done >= 4)


async def test_a_long_pause_is_kept(clock: Clock) -> None:
    errand = Errand(LONG)

    clock.repeat("line", errand)
    await until(lambda: errand.done == 1)
    await a_while()

    assert errand.done == 1


async def test_an_errand_may_begin_later(clock: Clock) -> None:
    later, now = Errand(None), Errand(None)

    clock.repeat("later", later, after=LONG)
    clock.repeat("now", now)
    await until(lambda: now.done == 1)
    await a_while()

    assert later.done == 0


async def test_an_errand_that_asks_for_nothing_more_is_over(clock: Clock) -> None:
    errand = Errand(SOON, None)

    clock.repeat("poll", errand)
    await until(lambda: errand.done == 2)
    await a_while()

    assert errand.done == 2


async def test_a_bug_in_one_errand_is_tried_again_and_does_not_stop_the_others(clock: Clock) -> None:
    broken, healthy = Errand(ValueError("a bug"), ValueError("again"), None), Errand(SOON)

    clock.repeat("broken", broken)
    clock.repeat("healthy", healthy)

    await until(lambda: broken.done == 3)
    before = healthy.done
    await until(lambda: healthy.done > before + 2)


async def test_a_bug_waits_before_it_is_tried_again() -> None:
    broken = Errand(ValueError("a bug"))

    async with running_clock(after_a_bug=LONG) as clock:
        clock.repeat("broken", broken)
        await until(lambda: broken.done == 1)
        await a_while()

    assert broken.done == 1


async def test_a_database_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_module, "WHILE_STORE_IS_AWAY", SOON)
    away = Errand(StoreUnavailable("disk full"), StoreUnavailable("disk full"), None)

    async with running_clock(after_a_bug=LONG) as clock:
        clock.repeat("line", away)
        await until(lambda: away.done == 3)


async def test_what_comes_before_every_errand_waits_for_the_database_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_module, "WHILE_STORE_IS_AWAY", SOON)
    away = Errand(StoreUnavailable("locked"), StoreUnavailable("locked"), 7.0)

    assert await patiently("opening", away) == 7.0
    assert away.done == 3


async def test_what_no_waiting_mends_is_not_waited_for() -> None:
    broken = Errand(ConfigError("a database of another program"))

    with pytest.raises(ConfigError):
        await patiently("opening", broken)


@pytest.fixture
def time_of_day(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Sets the machine's clock forward or back, as the service and its scheduler read it."""

    class Set(datetime):
        by = timedelta()

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # of the scheduler's own class
            return datetime.now(tz) + cls.by

    def set_by(by: timedelta) -> None:
        Set.by += by

    monkeypatch.setattr(clock_module, "datetime", Set)
    monkeypatch.setattr(apscheduler, "datetime", Set)
    monkeypatch.setattr(clock_module, "LOOKS_AT_THE_TIME", SOON)
    return set_by


@pytest.mark.parametrize("by", [timedelta(hours=-1), timedelta(hours=1), timedelta(days=-10)])
async def test_a_clock_that_is_set_stops_nothing(by: timedelta, time_of_day: Callable[[timedelta], None]) -> None:
    errand = Errand(0.05)
    async with running_clock() as clock:
        clock.repeat("poll", errand)
        await until(lambda: errand.done == 2)

        time_of_day(by)

        await until(lambda: errand.done == 6)


@pytest.mark.parametrize("by", [timedelta(hours=-1), timedelta(hours=2)])
async def test_a_clock_that_is_set_shortens_no_pause(by: timedelta, time_of_day: Callable[[timedelta], None]) -> None:
    errand = Errand(LONG)
    async with running_clock() as clock:
        clock.repeat("poll", errand)
        await until(lambda: errand.done == 1)

        time_of_day(by)
        await a_while()

    assert errand.done == 1


async def test_the_bell_brings_an_errand_forward(clock: Clock) -> None:
    errand = Errand(LONG)
    clock.repeat("line", errand)
    await until(lambda: errand.done == 1)

    clock.ring("line")

    await until(lambda: errand.done == 2)


async def test_the_bell_revives_an_errand_that_was_over(clock: Clock) -> None:
    errand = Errand(None)
    clock.repeat("line", errand)
    await until(lambda: errand.done == 1)

    clock.ring("line")

    await until(lambda: errand.done == 2)


async def test_rung_before_it_began_it_begins_at_once_and_only_once(clock: Clock) -> None:
    errand = Errand(LONG)
    clock.repeat("line", errand, after=LONG)

    for _ in range(5):
        clock.ring("line")
    await until(lambda: errand.done == 1)
    await a_while()

    assert errand.done == 1


async def test_rung_often_while_it_runs_it_runs_once_more(clock: Clock) -> None:
    errand = Errand(LONG, takes=0.05)
    clock.repeat("line", errand)
    await until(lambda: errand.at_once == 1)

    for _ in range(5):
        clock.ring("line")
    await until(lambda: errand.done == 2)
    await a_while()

    assert errand.done == 2


async def test_rung_in_its_last_run_it_still_runs_once_more(clock: Clock) -> None:
    errand = Errand(None, takes=0.05)
    clock.repeat("line", errand)
    await until(lambda: errand.at_once == 1)

    clock.ring("line")

    await until(lambda: errand.done == 2)


async def test_an_errand_is_never_done_twice_at_the_same_time(clock: Clock) -> None:
    errand = Errand(SOON, takes=0.01)
    clock.repeat("line", errand)

    for _ in range(60):
        clock.ring("line")
        await asyncio.sleep(0.002)
    await until(lambda: errand.done >= 5)

    assert errand.most_at_once == 1


async def test_a_storm_of_bells_before_it_starts_is_one_run_at_a_time(clock: Clock) -> None:
    errand = Errand(LONG, takes=0.03)
    clock.repeat("line", errand)

    # the scheduler has taken the job but its task has not begun
    for _ in range(20):
        clock.ring("line")
        await asyncio.sleep(0)
    await until(lambda: errand.done >= 1)
    await a_while()

    assert errand.most_at_once == 1


async def test_ringing_for_nobody_is_no_error(clock: Clock) -> None:
    clock.ring("nobody")


async def test_when_the_block_is_left_nothing_is_done_any_more() -> None:
    errand = Errand(SOON)
    async with running_clock() as clock:
        clock.repeat("line", errand)
        await until(lambda: errand.done >= 1)
    before = errand.done

    await a_while()

    assert errand.done <= before + 1


async def test_one_errand_may_end_before_the_clock_stops() -> None:
    saying, endless = Errand(LONG, takes=0.1), Errand(LONG, takes=60)
    async with running_clock() as clock:
        clock.repeat("outbox", saying)
        clock.repeat("stream", endless)
        await until(lambda: saying.at_once == endless.at_once == 1)

        await clock.ended("outbox", within=5)
        said = saying.done
        await clock.ended("outbox", within=5)
        await clock.ended("stream", within=SOON)

    assert (said, endless.most_at_once) == (1, 1)


async def test_an_errand_that_is_cut_off_from_within_is_done_again(clock: Clock) -> None:
    errand = Errand(asyncio.CancelledError(), SOON)

    clock.repeat("dying", errand)

    await until(lambda: errand.done >= 2)


async def test_a_clock_that_stops_cuts_errands_off_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    async with running_clock() as clock:
        clock.repeat("long", Errand(None, takes=60))
        await a_while()

    assert caplog.records == []
