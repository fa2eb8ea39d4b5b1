"""The working line over the real store: everything heard is settled, in order, and poison is set aside."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.case import Case, CaseState
from bot.domain.errors import StoreUnavailable
from bot.domain.mention import Batch, Mention
from bot.domain.promise import Pledge
from bot.domain.reading import Intent, Language, Reading, Sentiment, Text, Urgency
from bot.domain.situation import Decision, Settled, Situation
from bot.domain.time import LiveWatch, RecordedWatch
from bot.pipeline.line import Line, Read, Told, tell_nobody
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, FixedClassifier, memory_store, mention, new_case, reading

A_MINUTE = timedelta(minutes=1)


@pytest.fixture
async def store() -> AsyncIterator[SqliteStore]:
    async with memory_store() as opened:
        yield opened


class Reader:
    """Reads with the fixed classifier, keeps what it was given, and dies of one text."""

    def __init__(self, poison: str = "") -> None:
        self.given: list[Text] = []
        self._poison = poison

    async def __call__(self, text: Text) -> Reading:
        self.given.append(text)
        if self._poison and self._poison in text.text:
            raise MemoryError
        [reading] = FixedClassifier().read([text])
        return reading

    @property
    def texts(self) -> list[str]:
        return [text.text for text in self.given]


class OnePromise:
    """Takes the whole text for a promise until tomorrow."""

    def read(self, text: str, now: datetime) -> list[Pledge]:
        return [Pledge(what=text, due=now + timedelta(days=1))]


class Decisions:
    """Decides nothing, and keeps what it saw."""

    def __init__(self) -> None:
        self.seen: list[Situation] = []

    def __call__(self, situation: Situation) -> Decision:
        self.seen.append(situation)
        return Decision()


def line_of(
    store: SqliteStore,
    read: Read,
    *,
    decide: Decisions | None = None,
    told: Told = tell_nobody,
    batch: int = 4,
) -> Line:
    return Line(
        inbox=store.inbox,
        history=store.history,
        read=read,
        decide=decide or Decisions(),
        promises=OnePromise(),
        watch=RecordedWatch(),
        lease=A_MINUTE,
        batch=batch,
        told=told,
    )


async def hear(store: SqliteStore, *mentions: Mention) -> None:
    await store.inbox.accept("test", Batch(mentions=mentions, cursor="1"), datetime.now(UTC))


def posts(count: int) -> list[Mention]:
    return [mention(f"m{n}", f"texto {n}", posted_at=NOON + timedelta(seconds=n)) for n in range(count)]


async def test_everything_heard_is_settled_in_the_order_in_which_it_was_posted(store: SqliteStore) -> None:
    decide, told = Decisions(), list[Settled]()
    await hear(store, *reversed(posts(11)))

    settled = await line_of(store, Reader(), decide=decide, told=told.extend).until_empty()

    assert settled == 11
    assert await store.inbox.waiting() == 0
    assert [seen.mention.external_id for seen in decide.seen] == [f"m{n}" for n in range(11)]
    assert [one.mention.external_id for one in told] == [f"m{n}" for n in range(11)]


@pytest.mark.parametrize(
    ("read", "summoned", "urgent"),
    [
        (reading(intents=(Intent.SMALLTALK,)), False, True),
        (reading(intents=(Intent.PRAISE,), sentiment=Sentiment.POSITIVE), False, True),
        (reading(about_brand=False, spam=True), True, True),
        (reading(about_brand=False), False, False),
        (reading(intents=(Intent.NEWS_OPINION,)), False, False),
    ],
)
async def test_what_may_cost_a_life_is_urgent_and_ours_whatever_the_model_made_of_it(
    store: SqliteStore, read: Reading, *, summoned: bool, urgent: bool
) -> None:
    async def as_given(text: Text) -> Reading:
        del text
        return read

    decide = Decisions()
    await hear(store, mention("m1", "no quiero seguir viviendo", summoned=summoned))

    await replace(line_of(store, as_given, decide=decide), at_stake=lambda text, _: "viviendo" in text).until_empty()

    [seen] = decide.seen
    assert (seen.reading.urgency is Urgency.HIGH) == urgent
    assert (seen.reading.about_brand and not seen.reading.spam) == (read.about_brand or urgent)


async def test_nothing_heard_is_nothing_to_do(store: SqliteStore) -> None:
    reader = Reader()

    assert await line_of(store, reader).until_empty() == 0
    assert reader.given == []


async def test_what_is_settled_is_not_settled_again(store: SqliteStore) -> None:
    await hear(store, *posts(3))
    line = line_of(store, Reader())

    assert await line.until_empty() == 3
    assert await line.until_empty() == 0


async def test_decisions_are_made_in_the_recordings_own_time(store: SqliteStore) -> None:
    decide = Decisions()
    await hear(store, mention("m1", posted_at=NOON))

    await line_of(store, Reader(), decide=decide).until_empty()

    assert decide.seen[0].now == NOON


async def test_the_brands_posts_are_not_read_by_the_model_and_keep_their_promises(store: SqliteStore) -> None:
    reader, decide = Reader(), Decisions()
    question = mention("m1", "¿y mi lámpara?", thread_id="t")
    answer = mention("m2", "te llega mañana", who="zarapito", by_brand=True, thread_id="t", in_reply_to="m1")
    await hear(store, question, answer)

    assert await line_of(store, reader, decide=decide).until_empty() == 2

    assert reader.texts == ["¿y mi lámpara?"]
    assert [seen.mention.external_id for seen in decide.seen] == ["m1"]
    customer = await store.history.customer("ana")
    assert customer is not None
    journey = await store.history.journey(customer.id)
    assert [promise.what for promise in journey.promises] == ["te llega mañana"]


async def test_everything_else_goes_on_while_the_brands_promises_are_read(store: SqliteStore) -> None:
    beat = threading.Event()

    class Slow(OnePromise):
        def read(self, text: str, now: datetime) -> list[Pledge]:
            beat.clear()
            assert beat.wait(5), "the event loop stood still"
            return super().read(text, now)

    async def heart() -> None:
        while True:
            beat.set()
            await asyncio.sleep(0.001)

    await hear(store, *(mention(f"m{n}", "mañana", who="zarapito", by_brand=True) for n in range(3)))

    async with asyncio.TaskGroup() as tasks:
        beating = tasks.create_task(heart())
        assert await replace(line_of(store, Reader()), promises=Slow()).until_empty() == 3
        beating.cancel()


async def test_what_a_customer_promises_is_no_promise_of_ours(store: SqliteStore) -> None:
    await hear(store, mention("m1", "os pago mañana"))

    await line_of(store, Reader()).until_empty()

    customer = await store.history.customer("ana")
    assert customer is not None
    assert (await store.history.journey(customer.id)).promises == ()


@pytest.mark.parametrize(
    ("hint", "known"),
    [("es", Language.ES), ("es-MX", Language.ES), ("PT_br", Language.PT), ("xx", None), (None, None), ("", None)],
)
async def test_the_channels_language_is_passed_on_where_it_is_one_we_know(
    store: SqliteStore, hint: str | None, known: Language | None
) -> None:
    reader = Reader()
    await hear(store, mention("m1", language_hint=hint))

    await line_of(store, reader).until_empty()

    assert reader.given[0].language_hint is known


async def test_what_was_heard_is_read_as_a_mention_of_the_brand(store: SqliteStore) -> None:
    reader = Reader()
    await hear(store, mention("m1"))

    await line_of(store, reader).until_empty()

    assert reader.given[0].mention


async def test_a_customer_is_read_in_the_language_they_last_wrote_in_whatever_the_channel_takes_it_for(
    store: SqliteStore,
) -> None:
    reader = Reader()
    await hear(store, mention("m1", "¿y mi lámpara?"))
    await line_of(store, reader).until_empty()
    await hear(store, mention("m2", "ok", language_hint="en"), mention("m3", "ok", who="bea", language_hint="en"))

    await line_of(store, reader).until_empty()

    assert [text.language_hint for text in reader.given] == [None, Language.ES, Language.EN]


async def test_an_error_leaves_the_rows_claimed_for_the_next_time(store: SqliteStore) -> None:
    await hear(store, *posts(3))

    with pytest.raises(MemoryError):
        await line_of(store, Reader("texto 1")).until_empty()

    assert await store.inbox.waiting() == 3
    assert await line_of(store, Reader()).until_empty() == 0  # still leased
    await store.inbox.release()
    assert await line_of(store, Reader()).until_empty() == 3


async def until_nothing_waits(line: Line, store: SqliteStore) -> int:
    """Work as a process that dies of every error and is started again; returns how often it died."""
    deaths = 0
    for _ in range(20):
        try:
            await line.until_empty()
        except (MemoryError, ValueError):
            deaths += 1
        await store.inbox.release()
        if not await store.inbox.waiting():
            return deaths
    pytest.fail("the line never gets past the poison")


def keep_waiting(situation: Situation) -> Decision:
    """Whoever writes is answered and asked something at once."""
    case = next(iter(situation.cases), new_case(situation))
    return Decision(case=replace(case, state=CaseState.WAITING, updated_at=situation.mention.posted_at))


async def the_case_of_ana(store: SqliteStore) -> Case:
    file = await store.history.case(1001)
    assert file is not None
    return file.case


A_DAY = timedelta(days=1)


async def test_a_backlog_closes_no_case_whose_customer_answered_in_it(store: SqliteStore) -> None:
    answers = [mention(f"a{n}", thread_id="a", posted_at=NOON + n * 6 * A_DAY) for n in range(3)]
    others = [mention(f"l{n}", who=f"luz{n}", posted_at=post.posted_at + A_DAY) for n, post in enumerate(answers)]
    await hear(store, *answers, *others)
    line = replace(line_of(store, Reader(), batch=1), decide=keep_waiting, watch=LiveWatch())

    await line.until_empty()
    answered = await the_case_of_ana(store)
    await hear(store, mention("late", who="sol", posted_at=NOON + 20 * A_DAY))
    await line.until_empty()

    assert (answered.state, (await the_case_of_ana(store)).resolved_at) == (CaseState.WAITING, NOON + 19 * A_DAY)


async def test_no_silence_closes_a_case_while_somebody_is_still_to_be_heard(store: SqliteStore) -> None:
    line = replace(line_of(store, Reader()), decide=keep_waiting)
    await hear(store, mention("1"))
    await line.until_empty()
    await hear(store, mention("2", who="luz", posted_at=NOON + 8 * A_DAY))

    await replace(line, may_close=lambda: False).until_empty()
    before = (await the_case_of_ana(store)).state
    await line.close_quiet(NOON + 8 * A_DAY)

    assert (before, (await the_case_of_ana(store)).state) == (CaseState.WAITING, CaseState.RESOLVED)


async def test_a_poison_mention_is_set_aside_after_three_tries_alone_while_the_rest_goes_on(store: SqliteStore) -> None:
    decide = Decisions()
    await hear(store, *posts(6))

    deaths = await until_nothing_waits(line_of(store, Reader("texto 2"), decide=decide), store)

    assert deaths == 1, "in company; alone, three times, it stops nobody"
    assert sorted(seen.mention.external_id for seen in decide.seen) == ["m0", "m1", "m3", "m4", "m5"]
    assert await store.inbox.waiting() == 0
    assert (await store.reports.counts()).quarantined == 1
    explained = await store.history.explain("m2")
    assert explained is not None
    assert (explained.state, explained.error) == ("quarantined", "MemoryError")


async def test_a_mention_that_cannot_be_settled_is_set_aside_too(store: SqliteStore) -> None:
    class Chokes(Decisions):
        def __call__(self, situation: Situation) -> Decision:
            if situation.mention.external_id == "m0":
                raise ValueError("a bug")
            return super().__call__(situation)

    await hear(store, *posts(3))

    await until_nothing_waits(line_of(store, Reader(), decide=Chokes()), store)

    counts = await store.reports.counts()
    assert (counts.waiting, counts.quarantined) == (0, 1)
    explained = await store.history.explain("m0")
    assert explained is not None
    assert explained.error == "ValueError: a bug"


async def test_what_was_claimed_ahead_is_settled_although_the_batch_before_it_fails(store: SqliteStore) -> None:
    class Chokes(Decisions):
        def __call__(self, situation: Situation) -> Decision:
            if situation.mention.external_id == "m1":
                raise ValueError("a bug")
            return super().__call__(situation)

    decide = Chokes()
    await hear(store, *posts(8))

    with pytest.raises(ValueError, match="a bug"):
        await line_of(store, Reader(), decide=decide, batch=4).until_empty()

    assert await store.inbox.waiting() == 4
    assert [seen.mention.external_id for seen in decide.seen if seen.mention.external_id > "m3"] == [
        "m4",
        "m5",
        "m6",
        "m7",
    ]


@pytest.mark.parametrize(("last", "open_still"), [(timedelta(days=7), True), (timedelta(days=8), False)])
async def test_a_case_is_quiet_by_the_time_of_the_last_words_of_the_batch(
    store: SqliteStore, last: timedelta, open_still: bool
) -> None:
    class Opens(Decisions):
        def __call__(self, situation: Situation) -> Decision:
            return Decision(case=new_case(situation) if situation.mention.author.name == "ana" else None)

    line = line_of(store, Reader(), decide=Opens())
    # its answer is a promise until the day after, and a week from then it is quiet
    await hear(store, mention("m1"), mention("m2", who="zarapito", by_brand=True, in_reply_to="m1"))
    await line.until_empty()
    await hear(
        store, mention("m3", who="bea", posted_at=NOON + A_MINUTE), mention("m4", who="bea", posted_at=NOON + last)
    )

    await line.until_empty()

    file = await store.history.case(1001)
    assert file is not None
    assert file.case.is_open is open_still


async def test_nobody_waits_for_what_fails_alone(store: SqliteStore) -> None:
    await hear(store, *(mention(f"p{n}", "veneno", posted_at=NOON) for n in range(5)))
    line = line_of(store, Reader("veneno"), batch=8)
    with pytest.raises(MemoryError):
        await line.until_empty()
    await store.inbox.release()
    await hear(store, mention("urgent", "huele a gas", posted_at=NOON + timedelta(hours=1)))

    assert await line.until_empty() == 1

    assert await store.inbox.waiting() == 5
    explained = await store.history.explain("p3")
    assert explained is not None
    assert explained.error == "MemoryError"


async def test_a_database_that_is_away_is_no_mentions_fault() -> None:
    faults = [StoreUnavailable("the disk is full")]

    def trip(point: str) -> None:
        if point.startswith("settle") and faults:
            raise faults.pop()

    async with memory_store(trip=trip) as store:
        await hear(store, *posts(1))

        with pytest.raises(StoreUnavailable):
            await line_of(store, Reader()).until_empty()

        explained = await store.history.explain("m0")
        assert explained is not None
        assert explained.error is None


async def test_a_database_that_is_away_loses_nothing() -> None:
    faults = [StoreUnavailable("the disk is full")]

    def trip(point: str) -> None:
        if point.startswith("settle") and faults:
            raise faults.pop()

    async with memory_store(trip=trip) as store:
        await hear(store, *posts(3))
        line = line_of(store, Reader())

        with pytest.raises(StoreUnavailable):
            await line.until_empty()
        assert await store.inbox.waiting() == 3
        await store.inbox.release()
        assert await line.until_empty() == 3


async def test_reading_the_next_batch_overlaps_with_settling_this_one(store: SqliteStore) -> None:
    next_is_read = threading.Event()

    class Waits(Decisions):
        def __call__(self, situation: Situation) -> Decision:
            # on the database's thread, in the middle of the transaction
            assert next_is_read.wait(5), "the next batch was not read before this one was settled"
            return super().__call__(situation)

    class Signals(Reader):
        async def __call__(self, text: Text) -> Reading:
            if text.text == "texto 4":
                next_is_read.set()
            return await super().__call__(text)

    await hear(store, *posts(8))

    assert await line_of(store, Signals(), decide=Waits(), batch=4).until_empty() == 8


async def test_being_stopped_in_the_middle_leaves_no_task_behind(store: SqliteStore) -> None:
    started = asyncio.Event()

    async def endless(text: Text) -> Reading:
        started.set()
        await asyncio.Event().wait()
        raise AssertionError(text)

    await hear(store, *posts(3))
    work = asyncio.create_task(line_of(store, endless).until_empty())
    await started.wait()

    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work

    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []
    assert await store.inbox.waiting() == 3
