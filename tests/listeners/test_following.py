"""A stream that is lost is taken up again, one that is silent is lost, and what was said meanwhile is found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

import pytest

from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable, ConfigError, RateLimited
from bot.domain.mention import Batch
from bot.store.sqlite import SqliteStore
from bot.testing import memory_store, mention
from listeners.following import Follow

Deliver = Callable[[Batch], Awaitable[None]]
Step = Batch | ChannelError | ConfigError | float


@pytest.fixture
async def store() -> AsyncIterator[SqliteStore]:
    async with memory_store() as opened:
        yield opened


@dataclass
class Bell:
    """Counts how often it was rung."""

    rung: int = 0

    def __call__(self) -> None:
        self.rung += 1


class ScriptedStream:
    """Each call of `listen` plays the next part: batches to deliver, an error to raise, a pause in seconds."""

    channel = "test"

    def __init__(self, *parts: Sequence[Step]) -> None:
        self.cursors: list[str | None] = []
        self._parts = list(parts)

    async def listen(self, cursor: str | None, deliver: Deliver) -> None:
        self.cursors.append(cursor)
        for step in self._parts.pop(0) if self._parts else []:
            if isinstance(step, float):
                await asyncio.sleep(step)
            elif isinstance(step, Batch):
                await deliver(step)
            else:
                raise step


class BeatingStream(ScriptedStream):
    longest_silence = 0.2


class PolledStream(ScriptedStream):
    async def poll(self, cursor: str | None) -> Batch:
        return Batch(mentions=(), cursor=cursor)


def one(post: str, *, cursor: str | None = None) -> Batch:
    return Batch(mentions=(mention(post),), cursor=cursor)


BEAT = Batch(mentions=(), cursor=None)
BEATS: list[Step] = [0.1, BEAT] * 5
LOST = ChannelUnavailable("the connection was cut")


def follow(stream: ScriptedStream, store: SqliteStore, ring: Callable[[], None] = Bell()) -> Follow:  # noqa: B008 - a bell nobody reads
    return Follow(stream, store.inbox, ring=ring)


async def test_what_a_stream_tells_is_kept_with_its_cursor_and_rings_the_bell(store: SqliteStore) -> None:
    bell = Bell()

    await follow(ScriptedStream([one("1", cursor="a"), one("2", cursor="b"), one("2", cursor="b")]), store, bell)()

    assert await store.inbox.waiting() == 2
    assert await store.inbox.cursor("test") == "b"
    assert bell.rung == 2


async def test_a_stream_that_has_ended_is_not_followed_again(store: SqliteStore) -> None:
    assert await follow(ScriptedStream([one("1", cursor="a")]), store)() is None


async def test_a_lost_stream_is_taken_up_where_it_was_lost(store: SqliteStore) -> None:
    stream = ScriptedStream([one("1", cursor="a"), LOST], [one("2", cursor="b"), LOST])
    following = follow(stream, store)

    assert [await following(), await following()] == [2, 2]
    assert stream.cursors == [None, "a"]
    assert await store.inbox.waiting() == 2


async def test_a_stream_in_trouble_is_taken_up_ever_more_rarely(store: SqliteStore) -> None:
    following = follow(ScriptedStream(*[[LOST]] * 9, [BEAT, LOST]), store)

    assert [await following() for _ in range(10)] == [2, 4, 8, 16, 32, 64, 128, 256, 300, 2]


async def test_a_stream_that_is_refused_is_down_and_tried_again(store: SqliteStore) -> None:
    following = follow(ScriptedStream([ChannelRefused("401")], [ChannelRefused("401")]), store)

    assert [await following(), await following()] == [2, 4]


async def test_a_rate_limit_is_waited_for(store: SqliteStore) -> None:
    stream = ScriptedStream([RateLimited(90)])
    following = follow(stream, store)

    assert await following() == 90
    assert 89 < (await following() or 0) <= 90
    assert len(stream.cursors) == 1


async def test_a_mistake_in_the_settings_ends_it(store: SqliteStore) -> None:
    assert await follow(ScriptedStream([ConfigError("no such file")]), store)() is None


async def test_a_stream_that_is_silent_too_long_is_lost(store: SqliteStore) -> None:
    async with asyncio.timeout(2):
        assert await follow(BeatingStream([one("1"), 30.0]), store)() == 2

    assert await store.inbox.waiting() == 1


async def test_heartbeats_keep_a_stream_and_write_nothing(store: SqliteStore) -> None:
    stream = BeatingStream([one("1", cursor="a"), *BEATS, one("2")])

    assert await follow(stream, store)() is None
    assert await store.inbox.waiting() == 2
    assert await store.inbox.cursor("test") == "a"


async def test_a_stream_without_a_heartbeat_may_be_silent(store: SqliteStore) -> None:
    assert await follow(ScriptedStream([0.3, one("1", cursor="a")]), store)() is None


async def test_polling_fills_the_gap_whenever_a_stream_begins_and_keeps_its_own_cursor(store: SqliteStore) -> None:
    fill = Bell()
    await store.inbox.accept("test", Batch(mentions=(), cursor="polled"), mention("1").posted_at)
    stream = PolledStream([one("1", cursor="a"), LOST], [LOST])
    following = Follow(stream, store.inbox, ring=Bell(), fill=fill)

    await following()
    await following()

    assert fill.rung == 2
    assert await store.inbox.cursor("test") == "polled"
    assert stream.cursors == [None, "a"]
