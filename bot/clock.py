"""Everything that happens by the clock. The only file that imports APScheduler, and it is a ticker only.

Rows are the truth: what is due is read from the tables each time, so a late, early or doubled tick does no harm.
APScheduler waits for a time of day; pauses are lengths of time, and stay so when the machine's clock is set.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import structlog
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.domain.errors import StoreUnavailable

log = structlog.get_logger(__name__)

AFTER_A_BUG = 60.0
WHILE_STORE_IS_AWAY = 5.0
LOOKS_AT_THE_TIME = 5.0
_CLOCK_WAS_SET = timedelta(seconds=1)

Errand = Callable[[], Awaitable[float | None]]
"""Something to do; answers with the pause in seconds until it wants to be done again, or None for never."""
T = TypeVar("T")


class Clock:
    """Runs each errand, then again after the pause it asked for; never twice at once."""

    def __init__(self, scheduler: AsyncIOScheduler, *, after_a_bug: float = AFTER_A_BUG) -> None:
        self._scheduler = scheduler
        self._after_a_bug = after_a_bug
        self._errands: dict[str, Errand] = {}
        self._running: set[str] = set()
        self._rung: set[str] = set()
        self._tasks: set[asyncio.Task[object]] = set()
        self._due: dict[str, float] = {}
        self._epoch = _epoch()
        self._looking = self._look_later()

    def repeat(self, name: str, errand: Errand, *, after: float = 0) -> None:
        """Do `errand` after `after` seconds, and then for as long as it asks to be repeated."""
        self._errands[name] = errand
        self._wind(name, after)

    def ring(self, name: str) -> None:
        """Do the errand now: there is work. Rung while it runs, it runs once more."""
        if name in self._running:
            self._rung.add(name)
        elif name in self._errands:
            self._wind(name, 0)

    def _wind(self, name: str, after: float) -> None:
        self._due[name] = asyncio.get_running_loop().time() + after
        when = datetime.now(UTC) + timedelta(seconds=after)
        self._scheduler.add_job(self._once, "date", run_date=when, args=[name], id=name, replace_existing=True)

    def _look_later(self) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(LOOKS_AT_THE_TIME, self._look_at_the_time)

    def _look_at_the_time(self) -> None:
        """Wind everything anew when the machine's clock was set: back by an hour, nothing would be done for an hour."""
        epoch, now = _epoch(), asyncio.get_running_loop().time()
        if abs(epoch - self._epoch) > _CLOCK_WAS_SET:
            log.warning("the machine's clock was set, or it slept; every pause goes on as long as it was to last")
            for name, due in list(self._due.items()):
                self._wind(name, max(0.0, due - now))
        self._epoch = epoch
        self._looking = self._look_later()

    async def ended(self, name: str, *, within: float) -> None:
        """Wait until the errand is done, if it is being done just now, and not for longer than so many seconds."""
        if running := [task for task in self._tasks if task.get_name() == name]:
            await asyncio.wait(running, timeout=within)

    async def stopped(self) -> None:
        """Wait until the errands that were cut off have let go of what they hold."""
        self._looking.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _once(self, name: str) -> None:
        self._running.add(name)
        self._due.pop(name, None)
        task = asyncio.current_task()
        if task is not None:
            task.set_name(name)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            pause = await self._errands[name]()
        except asyncio.CancelledError:
            if task is None or task.cancelling():
                # the clock stops and this errand was cut off; APScheduler would print a traceback for it
                return
            log.error("errand was cut off by a task of its own", errand=name, next_try_seconds=self._after_a_bug)  # noqa: TRY400 - there is no trace of who did it
            pause = self._after_a_bug
        except StoreUnavailable as error:
            pause = _while_away(name, error)
        except Exception:
            # safety net 1 of 3: a bug in one errand must not stop the others; the operator reads it in the log
            log.exception("errand failed unexpectedly", errand=name, next_try_seconds=self._after_a_bug)
            pause = self._after_a_bug
        # APScheduler drops a job that falls due before it knows that the last run has ended, so that comes first
        asyncio.get_running_loop().call_soon(self._ended, name, pause)

    def _ended(self, name: str, pause: float | None) -> None:
        self._running.discard(name)
        if name in self._rung:
            self._rung.discard(name)
            pause = 0.0
        if pause is not None:
            self._wind(name, pause)


async def patiently(name: str, work: Callable[[], Awaitable[T]]) -> T:
    """Do it once, as soon as the database lets it: what has to be done before any errand can be wound."""
    while True:
        try:
            return await work()
        except StoreUnavailable as error:
            await asyncio.sleep(_while_away(name, error))


def _while_away(name: str, error: StoreUnavailable) -> float:
    log.warning("the database cannot be written; waiting", errand=name, error=str(error))
    return WHILE_STORE_IS_AWAY


def _epoch() -> datetime:
    """The time of day at which the event loop's own clock, which nobody sets, stood at zero."""
    return datetime.now(UTC) - timedelta(seconds=asyncio.get_running_loop().time())


@asynccontextmanager
async def running_clock(*, after_a_bug: float = AFTER_A_BUG) -> AsyncIterator[Clock]:
    """A clock that ticks until the block is left."""
    scheduler = AsyncIOScheduler(
        jobstores={"default": MemoryJobStore()},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        timezone=UTC,
    )
    scheduler.start()
    clock = Clock(scheduler, after_a_bug=after_a_bug)
    try:
        yield clock
    finally:
        scheduler.shutdown(wait=False)
        await clock.stopped()
