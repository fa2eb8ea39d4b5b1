"""Whether everything was heard and read: per channel, and not for ever."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.domain.health import BUDGET_SPENT, Condition, tell_nobody
from bot.domain.mention import Batch
from bot.domain.situation import Decision, Heard
from bot.hearing import Hearing
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, memory_store, mention, reading

A_SECOND, AN_HOUR = timedelta(seconds=1), timedelta(hours=1)
MIDNIGHT, AT = NOON - 12 * AN_HOUR, NOON - 4 * AN_HOUR


class Now:
    """A start at noon, and what time it is since."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
async def store() -> AsyncIterator[SqliteStore]:
    async with memory_store() as opened:
        yield opened


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def hearing(store: SqliteStore, now: Now) -> Hearing:
    return Hearing(store.inbox, now=now)


async def test_who_has_nobody_to_listen_to_knows_everything(hearing: Hearing) -> None:
    assert await hearing.knows(MIDNIGHT, AT)


async def test_every_channel_that_is_asked_is_waited_for_until_it_answered_once(hearing: Hearing) -> None:
    one, other = (hearing.overheard(tell_nobody, stream=False) for _ in range(2))
    await one(Condition.UP, "", None)
    await other(Condition.WAITING, "away", 30)
    before = await hearing.knows(MIDNIGHT, AT)
    await other(Condition.UP, "", None)

    assert (before, await hearing.knows(MIDNIGHT, AT)) == (False, True)


async def test_what_was_heard_before_the_day_ended_does_not_tell_of_its_end(hearing: Hearing, now: Now) -> None:
    poll = hearing.overheard(tell_nobody, stream=False)
    await poll(Condition.UP, "", None)
    now.at += 12 * AN_HOUR + A_SECOND
    tonight = NOON + 12 * AN_HOUR
    before = await hearing.knows(tonight, tonight)
    await poll(Condition.UP, "", None)

    assert (before, await hearing.knows(tonight, tonight)) == (False, True)


async def test_a_stream_is_heard_once_it_stands(hearing: Hearing, now: Now) -> None:
    stream = hearing.overheard(tell_nobody, stream=True)
    await stream(Condition.UP, "", None)
    at_once = await hearing.knows(MIDNIGHT, AT)
    now.at += 10 * A_SECOND
    standing = await hearing.knows(MIDNIGHT, AT)
    await stream(Condition.WAITING, "lost", 1)

    assert (at_once, standing, await hearing.knows(MIDNIGHT, AT)) == (False, True, False)


@pytest.mark.parametrize(
    ("condition", "reason"),
    [(Condition.DOWN, "refused"), (Condition.ENDED, ""), (Condition.WAITING, BUDGET_SPENT)],
)
async def test_a_channel_of_which_nothing_will_come_is_not_waited_for(
    hearing: Hearing, condition: Condition, reason: str
) -> None:
    await hearing.overheard(tell_nobody, stream=False)(condition, reason, None)

    assert await hearing.knows(MIDNIGHT, AT)


async def test_a_day_of_which_something_waits_to_be_read_is_not_known(hearing: Hearing, store: SqliteStore) -> None:
    evening = mention("1", posted_at=MIDNIGHT - A_SECOND)
    await store.inbox.accept("test", Batch(mentions=(evening, mention("2")), cursor=None), NOON)
    before = await hearing.knows(MIDNIGHT, AT)
    await store.history.settle([Heard(mention=evening, reading=reading())], lambda _: Decision(), lambda at: at)

    assert (before, await hearing.knows(MIDNIGHT, AT)) == (False, True)


async def test_an_edition_is_an_hour_late_at_most(hearing: Hearing, now: Now) -> None:
    hearing.overheard(tell_nobody, stream=False)
    now.at += AN_HOUR - A_SECOND
    before = await hearing.knows(MIDNIGHT, AT)
    now.at += A_SECOND

    assert (before, await hearing.knows(MIDNIGHT, AT)) == (False, True)
    assert not await hearing.knows(MIDNIGHT, NOON + A_SECOND)


async def test_who_was_away_has_caught_up_once_everything_older_than_the_start_was_heard_and_read(
    hearing: Hearing, store: SqliteStore
) -> None:
    poll, old = hearing.overheard(tell_nobody, stream=False), mention("1", posted_at=NOON - AN_HOUR)
    deaf = await hearing.has_caught_up(AN_HOUR)
    await store.inbox.accept("test", Batch(mentions=(old, mention("2", posted_at=NOON)), cursor=None), NOON)
    await poll(Condition.UP, "", None)
    unread = await hearing.has_caught_up(AN_HOUR)
    await store.history.settle([Heard(mention=old, reading=reading())], lambda _: Decision(), lambda at: at)

    assert (deaf, unread, await hearing.has_caught_up(AN_HOUR)) == (False, False, True)


async def test_nobody_waits_longer_than_they_have_patience(hearing: Hearing, now: Now) -> None:
    hearing.overheard(tell_nobody, stream=False)
    now.at += AN_HOUR

    assert await hearing.has_caught_up(AN_HOUR)
    assert not await hearing.has_caught_up(AN_HOUR + A_SECOND)


async def test_whoever_was_told_before_is_told_all_the_same(hearing: Hearing) -> None:
    told: list[tuple[Condition, str, float | None]] = []

    async def tell(condition: Condition, reason: str, again_in: float | None) -> None:
        told.append((condition, reason, again_in))

    await hearing.overheard(tell, stream=True)(Condition.WAITING, "away", 5)

    assert told == [(Condition.WAITING, "away", 5)]
