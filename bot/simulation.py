"""Run the whole service over a recording until everything is settled, and say what came of it."""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import House, desk_language, open_house, standing
from bot.desk.console import ConsoleDesk
from bot.domain.errors import ConfigError
from bot.domain.mention import Accepted, Batch
from bot.domain.ports.record import Counts
from bot.domain.time import RecordedWatch
from bot.failpoints import failpoint
from bot.pause import paused_elsewhere
from bot.pipeline.line import Told, tell_nobody
from config.home import Home, only_one
from config.settings import Settings
from listeners.replay import Rejected, Replay

CHANNEL = "replay"
_BREATH = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a simulation did: the inbox's count of this run, and the house's counts after it."""

    accepted: int
    duplicates: int
    rejected: tuple[Rejected, ...]
    counts: Counts
    seconds: float
    peak_rss_mb: float

    @property
    def mentions_per_second(self) -> float:
        """Newly accepted mentions over the whole run, start of the model included."""
        return self.accepted / self.seconds if self.seconds else 0.0

    def as_json(self) -> dict[str, Any]:
        """The published form (docs/reference/cli.md)."""
        counts = self.counts
        return {
            "mentions": {"accepted": self.accepted, "duplicates": self.duplicates, "rejected": len(self.rejected)},
            "customers": counts.customers,
            "experiences": counts.experiences,
            "cases": counts.cases,
            "actions": {kind: dict(verdicts) for kind, verdicts in counts.actions.items()},
            "replies": counts.replies,
            "seconds": round(self.seconds, 3),
            "mentions_per_second": round(self.mentions_per_second, 1),
            "peak_rss_mb": round(self.peak_rss_mb, 1),
        }


async def simulate_file(  # noqa: PLR0913 - each one is an option of the command
    file: str,
    *,
    home: Home,
    settings: Settings,
    speed: str | float = "max",
    mode: str = "auto",
    told: Told = tell_nobody,
    cards: bool = False,
) -> Outcome:
    """Replay `file` into `home`. Raises ConfigError when the home is in use or at work, or the file cannot be read."""
    from rich.console import Console  # noqa: PLC0415 - the desk's own paper

    desk = ConsoleDesk(
        Console(),
        desk_language(settings),
        zone=ZoneInfo(settings.brand.timezone),
        quiet=not cards,
        watch=RecordedWatch(),
        names=settings.brand.touchpoint_names,
    )
    channels = {CHANNEL: {"kind": "replay", "path": file, "speed": speed, "mode": mode, "must_be_summoned": True}}
    started = time.monotonic()
    _refuse_what_is_no_file(file)
    with only_one(home):
        async with open_house(
            home, settings, desk=standing(desk), watch=RecordedWatch(), channels=channels, told=told, trip=failpoint()
        ) as house:
            await _refuse_a_home_at_work(house)
            accepted = await play(house)
            counts = await house.store.reports.counts()
            (replay,) = (channel for channel in house.channels if isinstance(channel, Replay))
    return Outcome(
        accepted=accepted.new,
        duplicates=accepted.duplicates,
        rejected=tuple(replay.rejected),
        counts=counts,
        seconds=time.monotonic() - started,
        peak_rss_mb=peak_rss_mb(),
    )


def _refuse_what_is_no_file(file: str) -> None:
    """Say so before the model is loaded."""
    try:
        if file != "-":
            Path(file).open("rb").close()
    except OSError as error:
        message = f"{file}: {error.strerror or error}; give a JSONL file, or - for standard input"
        raise ConfigError(message) from error


async def _refuse_a_home_at_work(house: House) -> None:
    """What is on its way to other channels would find neither voice nor desk here, and be given up."""
    others = [channel for channel in await house.store.reports.at_work() if channel != CHANNEL]
    if others:
        message = (
            f"{house.home.path} has work of {', '.join(others)} that is not done; let `vivencia run` finish it, "
            "or give another --home"
        )
        raise ConfigError(message)


async def play(house: House) -> Accepted:
    """Deliver the whole recording; read, settle and answer beside it, until nothing is waiting or on its way.

    What a pause holds back is not waited for.
    """
    (replay,) = (channel for channel in house.channels if isinstance(channel, Replay))
    new = duplicates = 0

    async def deliver(batch: Batch) -> None:
        nonlocal new, duplicates
        accepted = await house.store.inbox.accept(CHANNEL, batch, datetime.now(UTC))
        new += accepted.new
        duplicates += accepted.duplicates

    async def on_its_way() -> int:
        stopped = await house.store.outbox.paused() or paused_elsewhere(house.home)
        return 0 if stopped else await house.store.outbox.pending()

    try:
        async with asyncio.TaskGroup() as together:
            listening = together.create_task(replay.recount(None, deliver), name="listening")
            reading = together.create_task(
                _work(house.line.until_empty, listening.done, house.store.inbox.waiting), name="reading"
            )
            together.create_task(_work(house.dispatcher.run_until_idle, reading.done, on_its_way), name="sending")
    except BaseExceptionGroup as several:
        # one of the three failed and the others were stopped for it: people are told the first reason
        raise several.exceptions[0] from several
    return Accepted(new=new, duplicates=duplicates)


async def _work(
    work: Callable[[], Awaitable[int]], no_more: Callable[[], bool], left: Callable[[], Awaitable[int]]
) -> None:
    """Repeat `work` until nothing more will come in and nothing is left."""
    while True:
        last = no_more()
        await work()
        if last and not await left():
            return
        await asyncio.sleep(_BREATH)


def peak_rss_mb() -> float:
    """The most memory that this process has held so far."""
    status = Path("/proc/self/status")
    if status.is_file():
        # Linux hands the peak of the parent down to getrusage of a new process; this one is its own
        return (
            next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM:")) / 1024
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts bytes, others kilobytes
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
