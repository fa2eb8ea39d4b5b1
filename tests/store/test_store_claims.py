"""Mentions are handed out oldest first, and one that brings its worker down comes alone and is set aside in the end."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.mention import Batch, Mention
from bot.domain.reason import because
from bot.domain.situation import Decision, Heard
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, mention, reading

LEASE = timedelta(minutes=5)


async def _bring(store: SqliteStore, *posts: Mention) -> None:
    await store.inbox.accept("x", Batch(mentions=posts, cursor=None), NOON)


async def _claim(store: SqliteStore, limit: int = 10, *, after: timedelta = timedelta()) -> list[str]:
    return [post.external_id for post in await store.inbox.claim(limit, NOON + after, LEASE)]


async def test_the_oldest_come_first_and_ties_in_the_order_heard(store: SqliteStore) -> None:
    late = mention("late", posted_at=NOON + timedelta(hours=1))
    await _bring(store, late, mention("b"), mention("a"))
    assert await _claim(store) == ["b", "a", "late"]


async def test_what_is_leased_is_not_handed_out_twice(store: SqliteStore) -> None:
    await _bring(store, *(mention(str(number)) for number in range(5)))
    assert await _claim(store, 3) == ["0", "1", "2"]
    assert await _claim(store, 3) == ["3", "4"]
    assert await _claim(store, 3) == []


async def test_a_claim_that_was_never_settled_comes_back_alone_when_its_lease_is_over(store: SqliteStore) -> None:
    await _bring(store, mention("1"), mention("2"))
    await _claim(store)
    await _bring(store, mention("3", posted_at=NOON + timedelta(minutes=1)))
    assert await _claim(store, after=LEASE) == ["1"]
    assert await _claim(store, after=LEASE) == ["2"]
    assert await _claim(store, after=LEASE) == ["3"]


async def test_release_ends_every_lease(store: SqliteStore) -> None:
    await _bring(store, mention("1"), mention("2"))
    await _claim(store)
    assert await store.inbox.release() == 2
    assert await _claim(store) == ["1"]


async def test_a_brand_post_never_overtakes_the_mention_it_answers(store: SqliteStore) -> None:
    answer = mention("2", by_brand=True, thread_id="t", posted_at=NOON + timedelta(minutes=1))
    await _bring(store, answer)
    assert await _claim(store) == ["2"]
    await store.inbox.release()
    # heard late, said first
    await _bring(store, mention("1", thread_id="t"))
    assert await _claim(store) == ["1"]
    assert await _claim(store) == ["2"]


async def test_after_three_claims_alone_a_mention_is_quarantined_and_the_rest_goes_on(
    store: SqliteStore,
) -> None:
    fine = mention("fine", thread_id="t", posted_at=NOON + timedelta(minutes=1))
    await _bring(store, mention("poison", thread_id="t"), fine)
    # the first claim was made in company and proves nothing
    for _ in range(4):
        assert "poison" in await _claim(store)
        await store.inbox.release()
    assert await _claim(store) == ["fine"]
    assert await store.inbox.waiting() == 1
    explained = await store.history.explain("test:poison")
    assert explained is not None
    assert (explained.state, explained.error) == ("quarantined", because("inbox.brought_down", times=3))


async def test_what_failed_alone_lets_the_others_pass_but_keeps_its_place_in_its_conversation(
    store: SqliteStore,
) -> None:
    def after(minutes: int, name: str, thread: str) -> Mention:
        return mention(name, thread_id=thread, posted_at=NOON + timedelta(minutes=minutes))

    await _bring(store, after(0, "poison", "t"))
    for _ in range(2):
        assert await _claim(store) == ["poison"]
        await store.inbox.release()
    await _bring(
        store, after(-1, "before", "t"), after(1, "behind", "t"), after(2, "urgent", "u"), after(3, "more", "v")
    )

    assert await _claim(store) == ["before"], "never out of order"
    assert await _claim(store) == ["urgent", "more"]
    assert await _claim(store) == ["poison"]
    assert await _claim(store) == ["behind"], "while it is being tried, nobody waits"


async def test_the_reason_of_a_failure_is_kept_for_people(store: SqliteStore) -> None:
    await _bring(store, mention("poison"))
    for _ in range(4):
        await _claim(store)
        await store.inbox.failed(mention("poison").id, "the model said NaN")
        await store.inbox.release()
    assert await _claim(store) == []
    explained = await store.history.explain("poison")
    assert explained is not None
    assert explained.error == "the model said NaN"


async def test_a_quarantined_mention_can_be_given_three_more_tries_alone(store: SqliteStore) -> None:
    await _bring(store, mention("poison"), mention("fine", thread_id="poison"))
    for _ in range(4):
        await _claim(store, 1)
        await store.inbox.release()
    assert not await store.inbox.retry(mention("poison").id)
    assert await _claim(store, 1) == ["fine"]
    assert await store.inbox.retry(mention("poison").id)
    await _bring(store, mention("other", thread_id="poison", posted_at=NOON + timedelta(minutes=1)))
    for _ in range(3):
        assert await _claim(store) == ["poison"]
        await store.history.settle([_heard("fine")], lambda _: Decision(), lambda moment: moment)
        await store.inbox.release()
    assert await _claim(store) == ["other"]


async def test_what_is_settled_is_never_claimed_again(store: SqliteStore) -> None:
    await _bring(store, mention("1"))
    await _claim(store)
    await store.history.settle([_heard("1")], lambda _: Decision(), lambda moment: moment)
    await store.inbox.release()
    assert await _claim(store, after=10 * LEASE) == []
    assert await store.inbox.waiting() == 0


def _heard(external_id: str) -> Heard:
    return Heard(mention=mention(external_id), reading=reading())


async def test_what_stands_behind_one_that_was_claimed_before_is_not_handed_out_before_it(store: SqliteStore) -> None:
    await _bring(store, mention("2", posted_at=NOON + timedelta(minutes=1)))
    await _claim(store)
    await store.inbox.release()
    await _bring(store, mention("1"), mention("3", posted_at=NOON + timedelta(minutes=2)))

    assert await _claim(store) == ["1"]
    assert await _claim(store) == ["2"]
    assert await _claim(store) == ["3"]


async def test_a_failure_that_is_told_late_stands_at_nothing_that_was_settled(store: SqliteStore) -> None:
    await _bring(store, mention("1"))
    await store.history.settle([Heard(mention=mention("1"), reading=reading())], lambda _: Decision(), lambda at: at)

    await store.inbox.failed(mention("1").id, "the model is away")

    known = await store.history.explain("test:1")
    assert known is not None
    assert known.error is None
