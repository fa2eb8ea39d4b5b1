"""R5: whatever happens between two polls, no post is skipped and none is kept twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import ChannelRefused, ChannelUnavailable, RateLimited, StoreUnavailable
from bot.domain.mention import Batch
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, ScriptedChannel, memory_store, mention
from listeners.polling import Poll

# --- one poll and what it answers ---


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


@dataclass
class ManualTime:
    """A clock that goes on only when somebody sleeps."""

    now: float = 0.0

    def monotonic(self) -> float:
        return self.now

    async def slept(self, seconds: float | None) -> float:
        self.now += seconds or 0
        return seconds or 0


def poll_of(channel: ScriptedChannel, store: SqliteStore, ring: Callable[[], None] = Bell()) -> Poll:  # noqa: B008 - a bell nobody reads
    return Poll(channel, store.inbox, every=60, ring=ring)


def page(*ids: str, cursor: str) -> Batch:
    return Batch(mentions=tuple(mention(one) for one in ids), cursor=cursor)


async def test_what_is_new_is_kept_rings_the_bell_and_moves_the_cursor(store: SqliteStore) -> None:
    channel, bell = ScriptedChannel([page("1", "2", cursor="2")]), Bell()

    pause = await poll_of(channel, store, bell)()

    assert pause == 60
    assert bell.rung == 1
    assert await store.inbox.waiting() == 2
    assert await store.inbox.cursor("test") == "2"


async def test_the_first_poll_asks_from_the_beginning_and_the_next_where_it_ended(store: SqliteStore) -> None:
    channel = ScriptedChannel([page("1", cursor="one"), page("2", cursor="two")])
    poll = poll_of(channel, store)

    await poll()
    await poll()
    await poll()

    assert channel.cursors == [None, "one", "two"]


async def test_nothing_new_leaves_the_bell_silent(store: SqliteStore) -> None:
    channel, bell = ScriptedChannel([page("1", cursor="1"), page("1", cursor="1"), page(cursor="1")]), Bell()
    poll = poll_of(channel, store, bell)

    for _ in range(3):
        await poll()

    assert bell.rung == 1
    assert await store.inbox.waiting() == 1


async def test_a_rate_limit_is_waited_for_as_long_as_the_channel_says(store: SqliteStore) -> None:
    poll = poll_of(ScriptedChannel([RateLimited(873.5), page("1", cursor="1")]), store)

    assert await poll() == 873.5
    assert await store.inbox.cursor("test") is None


async def test_a_channel_in_trouble_is_asked_less_and_less_and_at_its_pace_when_it_is_back(store: SqliteStore) -> None:
    down = [ChannelUnavailable("503")] * 6
    poll = poll_of(ScriptedChannel([*down, page(cursor="1"), ChannelUnavailable("503")]), store)

    assert [await poll() for _ in range(8)] == [120, 240, 480, 900, 900, 900, 60, 120]


async def test_being_down_for_a_year_does_not_break_the_arithmetic(store: SqliteStore) -> None:
    poll = poll_of(ScriptedChannel([ChannelUnavailable("503")] * 1_100), store)

    assert {await poll() for _ in range(1_100)} == {120, 240, 480, 900}


async def test_a_slow_channel_is_not_asked_sooner_because_it_failed(store: SqliteStore) -> None:
    channel = ScriptedChannel([ChannelUnavailable("503")])

    assert await Poll(channel, store.inbox, every=3_600, ring=Bell())() == 3_600


async def test_a_channel_that_asks_for_no_wait_at_all_is_not_hammered(store: SqliteStore) -> None:
    assert await poll_of(ScriptedChannel([RateLimited(0)]), store)() == 1


async def test_a_channel_that_says_come_back_at_once_time_and_again_is_asked_less_and_less(store: SqliteStore) -> None:
    told, waited = [RateLimited(0)] * 4 + [RateLimited(37)] + [RateLimited(-5)] * 8, ManualTime()
    poll = poll_of(ScriptedChannel([*told, page(cursor="1"), RateLimited(0)]), store)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("listeners.trouble.time", waited)
        pauses = [await waited.slept(await poll()) for _ in range(15)]

    assert pauses == [1, 2, 4, 8, 37, 32, 64, 128, 256, 512, 900, 900, 900, 60, 1]


async def test_a_channel_that_refuses_is_asked_ever_more_rarely_and_comes_back_by_itself(store: SqliteStore) -> None:
    poll = poll_of(ScriptedChannel([*[ChannelRefused("401: bad token")] * 5, page("1", cursor="1")]), store)

    assert [await poll() for _ in range(6)] == [120, 240, 480, 900, 900, 60]
    assert await store.inbox.waiting() == 1


async def test_what_was_heard_before_a_fault_is_kept_and_then_the_fault_counts(store: SqliteStore) -> None:
    half = replace(page("1", cursor="1"), fault=RateLimited(600))
    channel, bell = ScriptedChannel([half, page("2", cursor="2")]), Bell()
    poll = poll_of(channel, store, bell)

    assert await poll() == 600
    assert bell.rung == 1
    assert await store.inbox.waiting() == 1
    assert await store.inbox.cursor("test") == "1"
    assert (await poll() or 0) > 590
    assert channel.cursors == [None]


async def test_a_bell_does_not_break_a_rate_limit(store: SqliteStore) -> None:
    channel = ScriptedChannel([RateLimited(873.5), page("1", cursor="1")])
    poll = poll_of(channel, store)
    await poll()

    assert 870 < (await poll() or 0) <= 873.5
    assert len(channel.cursors) == 1


async def test_a_database_that_is_away_keeps_the_cursor_and_the_posts_come_again() -> None:
    faults = [StoreUnavailable("the disk is full")]

    def trip(point: str) -> None:
        if point == "accept.before_commit" and faults:
            raise faults.pop()

    channel = ScriptedChannel([page("1", cursor="1"), page("1", cursor="1")])
    async with memory_store(trip=trip) as store:
        poll = poll_of(channel, store)

        assert await poll() == 120
        assert await store.inbox.waiting() == 0
        assert await poll() == 60
        assert channel.cursors == [None, None]
        assert await store.inbox.waiting() == 1


# --- R5 ---


@dataclass
class Site:
    """A channel with pages: newer posts behind older ones, a page size, and overlap as real ones have it."""

    channel: str = "test"
    posts: int = 0
    size: int = 5
    overlap: int = 0

    async def poll(self, cursor: str | None) -> Batch:
        seen = int(cursor) if cursor else 0
        first, last = max(0, seen - self.overlap), min(self.posts, seen + self.size)
        found = tuple(mention(str(n), posted_at=NOON + timedelta(seconds=n)) for n in range(first, last))
        return Batch(mentions=found, cursor=str(last))


class Crash(Exception):
    """The process ends here."""


steps = st.lists(
    st.one_of(
        st.tuples(st.just("post"), st.integers(1, 12)),
        st.tuples(st.just("poll"), st.integers(0, 4)),
        st.tuples(st.sampled_from(["die before the commit", "die after the commit"]), st.integers(0, 4)),
    ),
    max_size=25,
)


@settings(deadline=None, max_examples=40)
@given(steps)
def test_no_post_is_skipped_or_doubled_whatever_dies_between_two_polls(story: list[tuple[str, int]]) -> None:
    asyncio.run(_live_through(story))


async def _live_through(story: list[tuple[str, int]]) -> None:
    site, armed = Site(), set[str]()

    def trip(point: str) -> None:
        if point in armed:
            raise Crash

    async with memory_store(trip=trip) as store:
        cursors = [0]
        rung = Bell()

        async def ask(overlap: int) -> None:
            site.overlap = overlap
            try:
                await Poll(site, store.inbox, every=1, ring=rung)()
            except Crash:
                armed.clear()
            cursors.append(int(await store.inbox.cursor("test") or 0))

        for step, number in story:
            if step == "post":
                site.posts += number
                continue
            if step != "poll":
                armed.add("accept.before_commit" if "before" in step else "accept.after_commit")
            await ask(number)
        while cursors[-1] < site.posts:
            await ask(2)

        assert cursors == sorted(cursors)
        kept = await store.inbox.claim(10_000, datetime.now(UTC), timedelta(minutes=1))
        assert [int(one.external_id) for one in kept] == list(range(site.posts))


async def test_a_thousand_posts_between_two_polls_are_all_found(store: SqliteStore) -> None:
    site = Site(posts=1_000, size=100, overlap=7)
    poll = Poll(site, store.inbox, every=60, ring=Bell())

    for _ in range(10):
        await poll()

    assert await store.inbox.waiting() == 1_000
    assert await store.inbox.cursor("test") == "1000"
