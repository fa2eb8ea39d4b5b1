"""A conversation stays with the case it was filed under, whoever opened that case and wherever."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.case import Case, CaseState
from bot.domain.customer import Consent
from bot.domain.mention import Batch, Mention, Visibility
from bot.domain.promise import Pledge
from bot.domain.reading import Intent, Reading, Sentiment, Span, Stage, Touchpoint, Urgency
from bot.domain.situation import Decision, Heard, Situation
from bot.domain.time import BusinessHours
from bot.pipeline.casework import Clocks, case_for
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, memory_store, mention, reading

LATE = reading(
    sentiment=Sentiment.NEGATIVE,
    intents=(Intent.COMPLAINT,),
    touchpoints=(Touchpoint.DELIVERY,),
    spans=(
        Span(
            quote="tarde",
            touchpoint=Touchpoint.DELIVERY,
            stage=Stage.AFTER,
            sentiment=Sentiment.NEGATIVE,
            confidence=0.9,
        ),
    ),
)
CHAT = reading(intents=(Intent.QUESTION,))
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
SMALLTALK = reading(intents=(Intent.SMALLTALK,))


ALWAYS_OPEN = Clocks(
    hours=BusinessHours(zone=ZoneInfo("UTC"), opens=time(0), closes=time(23, 59), weekdays=frozenset(range(7))),
    first_answer=dict.fromkeys(Urgency, timedelta(hours=4)),
    solve_working_days=15,
)


def decide(situation: Situation) -> Decision:
    return Decision(case=case_for(situation, ALWAYS_OPEN))


async def tell(store: SqliteStore, post: Mention, said: Reading | None, pledges: tuple[Pledge, ...] = ()) -> int | None:
    await store.inbox.accept("test", Batch(mentions=(post,), cursor=None), NOON)
    (settled,) = await store.history.settle(
        [Heard(mention=post, reading=said, pledges=pledges)], decide, lambda moment: moment
    )
    return settled.case.key if settled.case else None


@pytest.fixture
async def store() -> AsyncIterator[SqliteStore]:
    async with memory_store() as opened:
        yield opened


async def test_a_second_thread_about_the_same_problem_stays_in_the_first_threads_case(store: SqliteStore) -> None:
    first = await tell(store, mention("a", "llega tarde"), LATE)
    again = await tell(store, mention("b", "sigue tarde", posted_at=NOON + timedelta(days=1)), LATE)
    later = await tell(
        store, mention("c", "¿y bien?", thread_id="b", in_reply_to="b", posted_at=NOON + timedelta(days=3)), CHAT
    )

    assert again == first
    assert later == first, "the conversation that began with b was filed there"


async def test_a_case_is_closed_when_the_customer_stays_silent(store: SqliteStore) -> None:
    key = await tell(store, mention("a", "llega tarde"), LATE)
    await tell(store, mention("r", "¿nos das más datos?", in_reply_to="a", thread_id="a", by_brand=True), None)

    assert await store.history.close_quiet(NOON + WEEK - timedelta(minutes=1), WEEK) == 0
    assert await store.history.close_quiet(NOON + WEEK, WEEK) == 1
    assert key is not None
    file = await store.history.case(key)
    assert file is not None
    assert (file.case.is_open, file.case.outcome, file.case.resolved_at) == (False, "no_answer", NOON + WEEK)


async def test_a_case_with_an_open_promise_waits_for_the_brand(store: SqliteStore) -> None:
    await tell(store, mention("a", "llega tarde"), LATE)
    await tell(
        store,
        mention("r", "te escribimos el lunes", in_reply_to="a", thread_id="a", by_brand=True),
        None,
        (Pledge(what="te escribimos el lunes", due=NOON + WEEK),),
    )

    assert await store.history.close_quiet(NOON + 2 * WEEK - timedelta(minutes=1), WEEK) == 0
    # it was due a week ago, and nobody spoke of it
    assert await store.history.close_quiet(NOON + 2 * WEEK, WEEK) == 1


async def asked(store: SqliteStore) -> int:
    """The brand answers with a question, and an agent puts the case aside until the customer writes."""
    key = await tell(store, mention("a", "llega tarde"), LATE)
    await tell(store, mention("r", "¿nos das tu número?", in_reply_to="a", thread_id="a", by_brand=True), None)
    assert key is not None
    file = await store.history.case(key)
    assert file is not None
    await store.deeds.change(lambda papers: papers.keep(file.case.snoozed(NOON, None)))
    return key


async def after(store: SqliteStore, key: int) -> Case:
    """The case once a week has gone by after the last word."""
    await store.history.close_quiet(NOON + 3 * WEEK, WEEK)
    file = await store.history.case(key)
    assert file is not None
    return file.case


@pytest.mark.parametrize("told", ["El número es A-12345", "Talla 42", "te lo acabo de enviar", "Order 12345"])
async def test_what_the_customer_was_asked_for_makes_it_our_turn_however_little_it_sounds_like_a_wish(
    store: SqliteStore, told: str
) -> None:
    key = await asked(store)

    assert await tell(store, mention("b", told, thread_id="a", posted_at=NOON + HOUR), SMALLTALK) == key

    case = await after(store, key)
    assert (case.state, case.snooze, case.outcome) == (CaseState.IN_PROGRESS, None, None)


@pytest.mark.parametrize("told", ["vale, gracias", "@brand ok!", "👍", "Perfecto"])
async def test_a_courtesy_leaves_it_with_the_customer_and_still_ends_a_snooze(store: SqliteStore, told: str) -> None:
    key = await asked(store)

    assert await tell(store, mention("b", told, thread_id="a", posted_at=NOON + HOUR), SMALLTALK) == key

    file = await store.history.case(key)
    assert file is not None
    assert (file.case.state, file.case.snooze) == (CaseState.WAITING, None)


async def test_what_was_asked_for_and_comes_in_private_is_filed_in_the_case(store: SqliteStore) -> None:
    key, private = await asked(store), Visibility.PRIVATE
    dm = mention("d", "A-12345", thread_id="dm", visibility=private, posted_at=NOON + HOUR)

    assert await tell(store, dm, SMALLTALK) == key
    assert (await after(store, key)).state is CaseState.IN_PROGRESS


async def test_small_talk_elsewhere_in_public_or_long_after_is_no_answer(store: SqliteStore) -> None:
    await asked(store)
    late = NOON + timedelta(days=4)

    assert await tell(store, mention("c", "qué calor", thread_id="c", posted_at=NOON + HOUR), SMALLTALK) is None
    dm = mention("d", "A-12345", thread_id="dm", visibility=Visibility.PRIVATE, posted_at=late)
    assert await tell(store, dm, SMALLTALK) is None


SPAM = reading(intents=(Intent.SPAM,), spam=True)


async def test_spam_in_its_thread_neither_wakes_a_case_nor_makes_it_our_turn(store: SqliteStore) -> None:
    key = await asked(store)

    await tell(store, mention("b", "gana dinero en 24-7", thread_id="a", posted_at=NOON + HOUR), SPAM)

    file = await store.history.case(key)
    assert file is not None
    assert (file.case.state, file.case.snooze is None) == (CaseState.WAITING, False)


async def test_a_private_message_is_no_answer_where_nothing_was_asked_or_elsewhere_or_as_spam(
    store: SqliteStore,
) -> None:
    def dm(number: str, channel: str = "test") -> Mention:
        private, at = Visibility.PRIVATE, NOON + HOUR
        return mention(number, "A-12345", channel=channel, thread_id="dm", visibility=private, posted_at=at)

    await tell(store, mention("z", "llega tarde", who="luz"), LATE)
    to_luz = replace(dm("1"), author=mention("z", who="luz").author)
    assert await tell(store, to_luz, SMALLTALK) is None

    await asked(store)
    assert await tell(store, dm("2"), SPAM) is None
    await tell(store, dm("3", "mail"), SMALLTALK)
    ana, elsewhere = await store.history.customer("test:ana"), await store.history.customer("mail:ana")
    assert ana is not None
    assert elsewhere is not None
    await store.history.merge(ana.id, elsewhere.id, Consent(words="sí", noted_by="maya", noted_at=NOON))
    assert await tell(store, dm("4", "mail"), SMALLTALK) is None


@pytest.mark.parametrize("answers_the_first", [False, True])
async def test_words_in_a_thread_of_two_cases_belong_to_that_of_their_own_last_words(
    store: SqliteStore, *, answers_the_first: bool
) -> None:
    first = await tell(store, mention("a", "llega tarde"), LATE)
    assert first is not None
    file = await store.history.case(first)
    assert file is not None
    await store.deeds.change(lambda papers: papers.keep(file.case.resolved(NOON, None)))
    month = NOON + 5 * WEEK
    second = await tell(store, mention("b", "otra vez tarde", thread_id="a", posted_at=month), LATE)

    if answers_the_first:
        ours = mention("r", "¿aún?", in_reply_to="a", thread_id="a", posted_at=month + HOUR, by_brand=True)
        assert await tell(store, ours, None) == first
    third = await tell(store, mention("c", "¿y bien?", thread_id="a", posted_at=month + 72 * HOUR), CHAT)

    assert (second, third) == (1002, 1002)
