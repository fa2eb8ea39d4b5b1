"""R3 and R4 on X, in small: bad weather for a day, two hours away, a stream that is cut again and again."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ports.channel import Surroundings
from bot.store.sqlite import SqliteStore
from bot.testing import memory_store
from listeners.following import Follow
from listeners.polling import Poll
from listeners.registry import open_channel
from listeners.x import StreamedX, X
from tests.contracts.stage import ERRORS, ODDITIES, Fault
from tests.servers.x.server import BEARER, USER_KEYS, XServer, x_server

WEATHER = [*ERRORS, *ODDITIES]
# each of them costs the whole time-out
SLOW = {Fault.HANG}
PARTIAL = {"type": "about:blank", "title": "Service Unavailable", "detail": "a shard is away"}


def nobody() -> None:
    """Nobody listens to this bell."""


@dataclass
class Day:
    """A server, a store and the channel between them; `written` is what customers have said."""

    server: XServer
    store: SqliteStore
    home: Path
    written: set[str] = field(default_factory=set)

    def write(self, number: int, *, ago: float = 0.0) -> None:
        ana = self.server.world.account("ana")
        for n in range(number):
            at = time.time() - ago + n / 100 if ago else None
            self.written.add(self.server.post(ana, f"@zarapito mensaje {len(self.written)}", at=at).id)

    @asynccontextmanager
    async def channel(self, **changes: Any) -> AsyncIterator[X]:
        table = {"kind": "x", **USER_KEYS, "bearer_token": BEARER, "base_url": self.server.url, "timeout_seconds": 0.3}
        surroundings = Surroundings(home=self.home, accounts=("zarapito",))
        async with open_channel("x", {**table, **changes}, surroundings) as channel:
            assert isinstance(channel, X)
            yield channel

    async def lost(self) -> int:
        """Customers whose words are not in the inbox."""
        return len(self.written) - await self.store.inbox.waiting()


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    async with x_server() as server, memory_store() as store:
        yield Day(server, store, tmp_path)


async def test_r3_a_day_of_bad_weather_loses_nobody_and_asks_no_more_than_is_due(day: Day) -> None:
    chance = random.Random(20261125)  # noqa: S311 - weather, not secrets
    looks = 0
    async with day.channel() as channel:
        await channel.me()
        asked_before = len(day.server.calls)
        for _ in range(120):
            day.write(chance.randrange(2), ago=chance.choice([0, 40, 80]))
            fault = chance.choice(WEATHER) if chance.random() < 0.3 else None
            day.server.fault = fault if fault not in SLOW or chance.random() < 0.3 else None
            day.server.beside = [PARTIAL] if chance.random() < 0.1 else []
            # a new errand has no rate limit to wait for: each look is due
            await Poll(channel, day.store.inbox, every=60, ring=nobody)()
            looks += 1
        day.server.fault, day.server.beside = None, []
        await Poll(channel, day.store.inbox, every=60, ring=nobody)()

    assert await day.lost() == 0
    assert len(day.server.calls) - asked_before <= 1.2 * (looks + 1)


async def test_r3_nothing_is_asked_before_a_limit_is_lifted(day: Day) -> None:
    async with day.channel() as channel:
        await channel.me()
        poll = Poll(channel, day.store.inbox, every=60, ring=nobody)
        day.server.fault = Fault.RATE_LIMIT
        pause = await poll()
        asked = len(day.server.calls)
        for _ in range(5):
            await poll()

    assert pause is not None
    assert pause > 30
    assert len(day.server.calls) == asked


async def test_r4_two_hours_away_and_posts_that_are_shown_late(day: Day) -> None:
    day.server.page = 20
    day.write(30, ago=9_000)
    async with day.channel() as channel:
        await Poll(channel, day.store.inbox, every=60, ring=nobody)()
    # away
    day.write(120, ago=7_000)
    async with day.channel() as channel:
        poll = Poll(channel, day.store.inbox, every=60, ring=nobody)
        await poll()
        day.write(5)
        await poll()
        # shown only now, 85 seconds after they were written
        day.write(3, ago=85)
        await poll()

    assert await day.lost() == 0


async def test_r4_a_stream_that_is_cut_again_and_again_loses_nobody(day: Day) -> None:
    async with day.channel(stream=True, silence_seconds=2) as channel:
        assert isinstance(channel, StreamedX)
        inbox = day.store.inbox
        poll = Poll(channel, inbox, every=60, ring=nobody)
        await poll()
        fills: set[asyncio.Task[float | None]] = set()
        follow = Follow(channel, inbox, ring=nobody, fill=lambda: fills.add(asyncio.create_task(poll())))

        async def for_ever() -> None:
            while True:
                await follow()

        running = asyncio.create_task(for_ever())
        for _ in range(12):
            day.write(3)
            await asyncio.sleep(0.05)
            day.server.cut_streams()
            day.write(1)
        await asyncio.sleep(0.3)
        running.cancel()
        await asyncio.gather(running, *fills, return_exceptions=True)
        await poll()

    assert await day.lost() == 0
