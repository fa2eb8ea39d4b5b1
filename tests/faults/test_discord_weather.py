"""R3 and R4 on Discord, in small: bad weather for a day, two hours away, a gateway that is cut again and again."""

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
from listeners.discord_guild import DiscordGuild
from listeners.following import Follow
from listeners.polling import Poll
from listeners.registry import open_channel
from tests.contracts.stage import ERRORS, ODDITIES, Fault
from tests.servers.discord.server import DiscordServer, discord_server
from tests.servers.discord.world import Room

WEATHER = [*(fault for fault in ERRORS if fault is not Fault.NO_CREDIT), *ODDITIES]
# each of them costs the whole time-out
SLOW = {Fault.HANG}
HOUR = 3600.0


def nobody() -> None:
    """Nobody listens to this bell."""


@dataclass
class Day:
    """A server, a store and the channel between them; `written` is what customers have said."""

    server: DiscordServer
    room: Room
    store: SqliteStore
    home: Path
    written: set[str] = field(default_factory=set)

    def write(self, number: int, *, room: Room | None = None, ago: float = 0.0) -> None:
        ana = self.server.person("ana")
        for n in range(number):
            at = time.time() - ago + n / 100 if ago else None
            said = self.server.say(room or self.room, ana, f"mensaje {len(self.written)}", at=at)
            self.written.add(said.id)

    @asynccontextmanager
    async def channel(self, **changes: Any) -> AsyncIterator[DiscordGuild]:
        server = self.server
        table = {
            "kind": "discord_guild",
            "token": server.state.token,
            "guild": server.guild.id,
            "channels": ["soporte"],
            "base_url": server.url,
            "timeout_seconds": 0.3,
            "silence_seconds": 2,
        }
        surroundings = Surroundings(home=self.home, accounts=("zarapito",))
        async with open_channel("discord", {**table, **changes}, surroundings) as channel:
            assert isinstance(channel, DiscordGuild)
            yield channel

    async def lost(self) -> int:
        """Customers whose words are not in the inbox."""
        return len(self.written) - await self.store.inbox.waiting()


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    async with discord_server() as server, memory_store() as store:
        server.state.limits.over_all = server.state.limits.usual = (100_000, 1.0)
        server.gateway.heartbeat_seconds = 0.3
        yield Day(server, server.world.room(server.guild, "soporte"), store, tmp_path)


def poll(channel: DiscordGuild, day: Day) -> Poll:
    # a new errand has no rate limit to wait for: each look is due
    return Poll(channel, day.store.inbox, every=60, ring=nobody)


async def test_r3_a_day_of_bad_weather_loses_nobody_and_asks_no_more_than_is_due(day: Day) -> None:
    chance = random.Random(20261125)  # noqa: S311 - weather, not secrets
    looks = 0
    async with day.channel() as channel:
        await poll(channel, day)()
        asked_before = len(day.server.calls)
        for _ in range(120):
            day.write(chance.randrange(2))
            fault = chance.choice(WEATHER) if chance.random() < 0.3 else None
            day.server.state.fault = fault if fault not in SLOW or chance.random() < 0.3 else None
            await poll(channel, day)()
            looks += 1
        day.server.state.fault = None
        await poll(channel, day)()

    assert await day.lost() == 0
    # a look is three calls: the channels, their threads, and the one room where something may be new
    assert len(day.server.calls) - asked_before <= 1.2 * 3 * (looks + 1)


async def test_r3_nothing_is_asked_before_a_limit_is_lifted(day: Day) -> None:
    async with day.channel() as channel:
        looking = poll(channel, day)
        await looking()
        day.server.state.fault = Fault.RATE_LIMIT
        pause = await looking()
        asked = len(day.server.calls)
        for _ in range(5):
            await looking()

    assert pause is not None
    assert pause > 30
    assert len(day.server.calls) == asked


async def test_r4_two_hours_away_and_messages_that_are_shown_late(day: Day) -> None:
    day.server.state.page = 20
    thread = day.server.world.thread(day.room, "pedidos", day.server.person("ana"), at=time.time() - 9 * HOUR)
    day.server.world.post(day.room, day.server.person("ana"), "antes de todo", at=time.time() - 3 * HOUR)
    async with day.channel() as channel:
        await poll(channel, day)()
    # away
    day.write(120, ago=7_000)
    day.write(30, room=thread, ago=6_000)
    day.server.world.change(thread, archived=True)
    async with day.channel() as channel:
        looking = poll(channel, day)
        await looking()
        day.write(5)
        await looking()
        # shown only now, 85 seconds after they were written
        day.write(3, ago=85)
        await looking()

    assert await day.lost() == 0


async def test_r4_a_gateway_that_is_cut_again_and_again_loses_nobody(day: Day) -> None:
    chance = random.Random(7)  # noqa: S311 - weather, not secrets
    async with day.channel() as channel:
        inbox = day.store.inbox
        looking = poll(channel, day)
        await looking()
        fills: set[asyncio.Task[float | None]] = set()
        follow = Follow(channel, inbox, ring=nobody, fill=lambda: fills.add(asyncio.create_task(looking())))

        async def for_ever() -> None:
            while True:
                await follow()

        running = asyncio.create_task(for_ever())
        for _ in range(15):
            day.write(3)
            await asyncio.sleep(0.05)
            if chance.random() < 0.5:
                # no coming back to this session
                day.server.gateway.forget()
            day.server.gateway.cut()
            day.write(1)
        await asyncio.sleep(0.3)
        running.cancel()
        await asyncio.gather(running, *fills, return_exceptions=True)
        await looking()

    assert await day.lost() == 0
    assert day.server.gateway.resumed


async def test_one_payload_that_nobody_can_read_takes_down_nothing_but_itself(day: Day) -> None:
    async with day.channel() as channel:
        looking = poll(channel, day)
        await looking()
        follow = Follow(channel, day.store.inbox, ring=nobody)
        day.server.gateway.ready_extra = {"guilds": 7}
        assert await follow() is not None
        day.server.gateway.ready_extra = {}
        following = asyncio.create_task(follow())
        async with asyncio.timeout(5):
            while not day.server.gateway.sessions:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        day.server.gateway.tell_everybody("MESSAGE_CREATE", {"channel_id": day.room.id, "id": "x"})
        day.write(2)
        async with asyncio.timeout(5):
            while await day.lost():
                await asyncio.sleep(0.02)
        assert not following.done()
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
