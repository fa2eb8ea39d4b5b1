"""Accept once: however often and in whatever order posts come, each is one mention, and the cursor goes along."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.domain.mention import Accepted, Batch, Handle, Mention, Visibility
from bot.domain.text import clean
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, memory_store, mention


async def test_a_post_fetched_twice_is_one_mention(store: SqliteStore) -> None:
    batch = Batch(mentions=(mention("1"), mention("2"), mention("1")), cursor="a")
    assert await store.inbox.accept("x", batch, NOON) == Accepted(new=2, duplicates=1)
    assert await store.inbox.accept("x", batch, NOON) == Accepted(new=0, duplicates=3)
    assert await store.inbox.waiting() == 2


async def test_the_same_number_on_another_channel_is_another_post(store: SqliteStore) -> None:
    await store.inbox.accept("x", Batch(mentions=(mention("1", channel="x"),), cursor=None), NOON)
    accepted = await store.inbox.accept("y", Batch(mentions=(mention("1", channel="y"),), cursor=None), NOON)
    assert accepted == Accepted(new=1, duplicates=0)


async def test_the_brands_own_posts_are_kept_but_not_counted(store: SqliteStore) -> None:
    batch = Batch(mentions=(mention("1", by_brand=True), mention("2")), cursor=None)
    assert await store.inbox.accept("x", batch, NOON) == Accepted(new=1, duplicates=0)
    assert await store.inbox.waiting() == 2


async def test_each_listener_has_its_own_cursor(store: SqliteStore) -> None:
    assert await store.inbox.cursor("x") is None
    await store.inbox.accept("x", Batch(mentions=(), cursor="7"), NOON)
    await store.inbox.accept("y", Batch(mentions=(), cursor="9"), NOON)
    assert (await store.inbox.cursor("x"), await store.inbox.cursor("y")) == ("7", "9")


async def test_kept_posts_come_in_pages_and_the_last_one_says_so(store: SqliteStore) -> None:
    await store.inbox.accept("test", Batch(mentions=tuple(mention(number) for number in "123"), cursor=None), NOON)

    first = await store.inbox.kept("test", None, 2)
    second = await store.inbox.kept("test", first.after, 2)

    assert (first.posts, second.posts, second.after) == (("1", "2"), ("3",), None)


class _Died(BaseException):
    """What a kill looks like from inside."""


@pytest.mark.parametrize(("point", "kept"), [("accept.before_commit", False), ("accept.after_commit", True)])
async def test_mentions_and_cursor_are_kept_together_or_not_at_all(point: str, kept: bool) -> None:
    def trip(name: str) -> None:
        if name == point:
            raise _Died

    async with memory_store(trip=trip) as store:
        with pytest.raises(_Died):
            await store.inbox.accept("x", Batch(mentions=(mention("1"),), cursor="7"), NOON)
        assert await store.inbox.waiting() == int(kept)
        assert await store.inbox.cursor("x") == ("7" if kept else None)


class Accepting(RuleBasedStateMachine):
    """R5: repeated, overlapping and reordered pages, and crashes between them, leave the set of what was brought."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.crash = ""
        self.store = self.runner.run(self.stack.enter_async_context(memory_store(trip=self._trip)))
        self.brought: set[str] = set()
        self.cursor: str | None = None

    def _trip(self, point: str) -> None:
        if point == self.crash:
            raise _Died

    @rule(
        numbers=st.lists(st.integers(0, 30), max_size=12),
        cursor=st.text("0123456789", min_size=1, max_size=3),
        crash=st.sampled_from(["", "", "accept.before_commit", "accept.after_commit"]),
    )
    def bring(self, numbers: list[int], cursor: str, crash: str) -> None:
        posts = tuple(mention(str(number)) for number in numbers)
        new = {str(number) for number in numbers} - self.brought
        self.crash = crash
        try:
            accepted = self.runner.run(self.store.inbox.accept("x", Batch(mentions=posts, cursor=cursor), NOON))
        except _Died:
            if crash == "accept.before_commit":
                return
        else:
            assert accepted == Accepted(new=len(new), duplicates=len(numbers) - len(new))
        self.brought |= new
        self.cursor = cursor

    @invariant()
    def nothing_is_lost_doubled_or_ahead_of_the_cursor(self) -> None:
        assert self.runner.run(self.store.inbox.waiting()) == len(self.brought)
        assert self.runner.run(self.store.inbox.cursor("x")) == self.cursor

    def teardown(self) -> None:
        self.runner.run(self.stack.aclose())
        self.runner.close()


TestAccepting = Accepting.TestCase
TestAccepting.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)

_HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    [
        "\0",
        "a\0b",
        "'; DROP TABLE mention; --",
        "👩‍👩‍👧‍👦" * 100,
        "e" + "́" * 500,
        "x" * 100_000,
        "\u202eabc",
        "%s ? :since \\",
    ]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=_HOSTILE, name=_HOSTILE, external_id=_HOSTILE, thread=st.none() | _HOSTILE)
def test_hostile_text_comes_back_as_it_was(text: str, name: str, external_id: str, thread: str | None) -> None:
    post = Mention(
        channel="x",
        external_id=external_id,
        author=Handle(channel="x", account_id=name, name=name),
        text=clean(text),
        posted_at=NOON,
        thread_id=thread,
        in_reply_to=thread,
        url=text,
        visibility=Visibility.PRIVATE,
        language_hint="es",
        summoned=True,
        backfilled=True,
    )
    assert asyncio.run(_there_and_back(post)) == [post]


async def _there_and_back(post: Mention) -> list[Mention]:
    async with memory_store() as store:
        await store.inbox.accept("x", Batch(mentions=(post,), cursor=None), NOON)
        return await store.inbox.claim(10, NOON, NOON - NOON)


async def test_a_lone_surrogate_in_an_id_does_not_stop_the_listener_either(store: SqliteStore) -> None:
    odd = mention("a\ud800", thread_id="t\ud800", in_reply_to="b\udfff", url="u\ud800", summoned=True)
    batch = Batch(mentions=(odd,), cursor="c\ud800")

    first, again = [await store.inbox.accept("test", batch, NOON) for _ in range(2)]
    edited = Batch(mentions=(), edits=(replace(odd, text="otra cosa"),), cursor="d\ud800", deletions=("z\ud800",))
    changed = await store.inbox.accept("test", edited, NOON)
    gone = await store.inbox.accept("test", Batch(mentions=(), cursor=None, deletions=("a\ud800",)), NOON)

    assert (first.new, again.duplicates, changed.edited, gone.removed) == (1, 1, 1, 1)
    assert await store.inbox.cursor("test") == "d\\ud800"


async def test_a_lone_surrogate_outside_the_text_does_not_stop_the_listener(store: SqliteStore) -> None:
    odd = mention("1", author=Handle(channel="x", account_id="a\ud800", name="\udfff"))
    assert await store.inbox.accept("x", Batch(mentions=(odd, mention("2")), cursor="7"), NOON) == Accepted(
        new=2, duplicates=0
    )
