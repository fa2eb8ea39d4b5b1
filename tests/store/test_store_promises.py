"""A promise is kept, broken or renegotiated by what brand and customer say next; reports show it as at their end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from bot.domain.action import Reply, ReplyKind
from bot.domain.case import Outcome
from bot.domain.mention import Mention
from bot.domain.outbox import Delivery, Receipt, Ruling, Verdict
from bot.domain.ports.record import CaseFile
from bot.domain.promise import Pledge, PromiseState
from bot.domain.reading import Language, Sentiment
from bot.domain.situation import Decided, Decision, Settled, Situation
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, mention, new_case, reading

Tell = Callable[..., Awaitable[list[Settled]]]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE = NOON + 2 * DAY
PLEDGE = Pledge(what="mañana", due=DUE)


def _case(situation: Situation) -> Decision:
    return Decision(case=situation.cases[0] if situation.cases else new_case(situation))


A_WORD = Pledge(what="mañana te decimos algo", due=DUE, a_word=True)


async def _promised(tell: Tell, pledge: Pledge = PLEDGE) -> None:
    await tell(mention("1", thread_id="t"), decide=_case)
    await tell(_brand("2", NOON + HOUR), pledges=(pledge,))


def _brand(external_id: str, at: datetime, *, thread: str = "t") -> Mention:
    return mention(external_id, "lo tendrás mañana", who="Marca", thread_id=thread, posted_at=at, by_brand=True)


async def _file(store: SqliteStore) -> CaseFile:
    file = await store.history.case(1001)
    assert file is not None
    return file


async def _state(store: SqliteStore, until: datetime = DUE + 3 * DAY) -> list[PromiseState]:
    return [promise.state for promise in await store.reports.promises(NOON, until)]


async def test_a_promise_is_written_down_with_its_case_and_source(store: SqliteStore, tell: Tell) -> None:
    await _promised(tell)
    await tell(_brand("2", NOON + HOUR), pledges=(PLEDGE,))
    file = await store.history.case(1001)
    assert file is not None
    (promise,) = file.promises
    assert (promise.who, promise.what, promise.due, promise.made_at) == ("Marca", "mañana", DUE, NOON + HOUR)
    assert (promise.case_key, promise.source, promise.state) == (1001, "test:2", PromiseState.OPEN)


@pytest.mark.parametrize(
    ("until", "state"), [(DUE + timedelta(microseconds=1), PromiseState.UNHEARD), (DUE + DAY, PromiseState.UNHEARD)]
)
async def test_a_promise_nobody_spoke_of_is_unheard_once_it_was_due(
    store: SqliteStore, tell: Tell, until: datetime, state: PromiseState
) -> None:
    await _promised(tell)
    assert await _state(store, until) == [state]
    assert await _state(store, DUE) == []


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (DUE, PromiseState.KEPT),
        (DUE + timedelta(microseconds=1), PromiseState.UNHEARD),
    ],
)
async def test_the_brand_keeps_a_promised_word_by_writing_again_in_time(
    store: SqliteStore, tell: Tell, at: datetime, state: PromiseState
) -> None:
    await _promised(tell, A_WORD)
    await tell(_brand("3", at))
    assert await _state(store) == [state]


async def test_an_automatic_thank_you_keeps_no_promised_word(store: SqliteStore, tell: Tell) -> None:
    def thanks(situation: Situation) -> Decision:
        reply = Reply(to=situation.mention.id, kind=ReplyKind.THANKS, text="gracias", language=Language.ES)
        ruling = Ruling(verdict=Verdict.SEND, reason="ok")
        said = Decided(action=reply, responder="thank", ruling=ruling)
        return Decision(case=situation.cases[0], actions=(said,))

    await _promised(tell, A_WORD)
    await tell(mention("3", "vale", thread_id="t", posted_at=NOON + 2 * HOUR), decide=thanks)
    [errand] = await store.outbox.claim(1, NOON + 3 * HOUR, HOUR)
    await store.outbox.sent([Delivery(job=errand.job, receipt=Receipt(external_id="4", at=NOON + 3 * HOUR))])

    assert [promise.state for promise in (await _file(store)).promises] == [PromiseState.OPEN]


async def test_other_promises_are_not_kept_by_words(store: SqliteStore, tell: Tell) -> None:
    """No parcel is brought by asking for its number, nor by saying that it will be late."""
    await _promised(tell)
    await tell(_brand("3", NOON + 2 * HOUR))
    assert await _state(store) == [PromiseState.UNHEARD]


async def test_a_new_word_takes_nothing_back(store: SqliteStore, tell: Tell) -> None:
    await _promised(tell)
    await tell(_brand("3", NOON + 2 * HOUR), pledges=(A_WORD,))
    assert [promise.state for promise in (await _file(store)).promises] == [PromiseState.OPEN, PromiseState.OPEN]


async def test_a_word_to_the_customer_elsewhere_keeps_nothing(store: SqliteStore, tell: Tell) -> None:
    await _promised(tell)
    await tell(mention("3", thread_id="u", posted_at=NOON + HOUR), decide=lambda s: Decision(case=new_case(s)))
    await tell(_brand("4", NOON + 2 * HOUR, thread="u"))
    assert await _state(store) == [PromiseState.UNHEARD]


async def test_a_word_to_somebody_else_in_the_thread_keeps_nothing(store: SqliteStore, tell: Tell) -> None:
    await _promised(tell)
    await tell(mention("3", who="bea", thread_id="t", posted_at=NOON + 2 * HOUR))
    await tell(_brand("4", NOON + 3 * HOUR))
    assert await _state(store) == [PromiseState.UNHEARD]


async def test_a_new_promise_in_time_renegotiates_the_old_one(store: SqliteStore, tell: Tell) -> None:
    await _promised(tell)
    await tell(_brand("3", NOON + DAY), pledges=(Pledge(what="mañana", due=DUE + DAY),))
    assert await _state(store, DUE + DAY) == [PromiseState.RENEGOTIATED]
    assert await _state(store) == [PromiseState.RENEGOTIATED, PromiseState.UNHEARD]


async def test_a_promised_word_is_kept_by_the_word_whatever_it_promises(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", thread_id="t"), decide=_case)
    told = Pledge(what="mañana te decimos fecha", due=DUE, a_word=True)
    await tell(_brand("2", NOON + HOUR), pledges=(told,))
    await tell(_brand("3", NOON + DAY), pledges=(Pledge(what="llega el viernes", due=DUE + DAY),))

    assert await _state(store) == [PromiseState.KEPT, PromiseState.UNHEARD]


@pytest.mark.parametrize(
    ("feelings", "state"),
    [
        ([(Sentiment.POSITIVE, DUE + DAY)], PromiseState.KEPT),
        ([(Sentiment.POSITIVE, DUE + DAY + HOUR)], PromiseState.UNHEARD),
        ([(Sentiment.NEGATIVE, NOON + 2 * HOUR), (Sentiment.POSITIVE, NOON + 3 * HOUR)], PromiseState.UNHEARD),
        # "great, Monday then" long before is thanks for the promise; what they say when it is due counts
        ([(Sentiment.POSITIVE, NOON + 2 * HOUR)], PromiseState.UNHEARD),
        ([(Sentiment.POSITIVE, NOON + 2 * HOUR), (Sentiment.POSITIVE, DUE)], PromiseState.KEPT),
        ([(Sentiment.NEGATIVE, DUE + HOUR), (Sentiment.POSITIVE, DUE + 2 * HOUR)], PromiseState.BROKEN),
        # whoever waits on the day, patiently or not, may yet be glad in the evening
        ([(Sentiment.NEUTRAL, DUE - HOUR), (Sentiment.POSITIVE, DUE)], PromiseState.KEPT),
        ([(Sentiment.NEGATIVE, DUE - HOUR), (Sentiment.POSITIVE, DUE)], PromiseState.KEPT),
        ([(Sentiment.NEGATIVE, DUE - HOUR)], PromiseState.UNHEARD),
        ([(Sentiment.NEUTRAL, DUE + HOUR)], PromiseState.UNHEARD),
    ],
)
async def test_the_customers_next_words_tell_whether_it_was_kept(
    store: SqliteStore, tell: Tell, feelings: list[tuple[Sentiment, datetime]], state: PromiseState
) -> None:
    await _promised(tell)
    for number, (sentiment, at) in enumerate(feelings):
        post = mention(f"c{number}", thread_id="t", posted_at=at)
        await tell(post, decide=_case, read=reading(sentiment=sentiment))
    assert await _state(store) == [state]


@pytest.mark.parametrize("sentiment", [Sentiment.POSITIVE, Sentiment.NEGATIVE])
async def test_words_that_were_not_surely_read_settle_no_promise(
    store: SqliteStore, tell: Tell, sentiment: Sentiment
) -> None:
    await _promised(tell)
    unsure = reading(sentiment=sentiment, abstained=True)
    await tell(mention("3", thread_id="t", posted_at=DUE + HOUR), decide=_case, read=unsure)

    assert await _state(store) == [PromiseState.UNHEARD]


async def test_a_word_of_the_brand_does_not_keep_what_the_customer_misses_when_it_is_due(
    store: SqliteStore, tell: Tell
) -> None:
    await _promised(tell, A_WORD)
    await tell(_brand("3", NOON + DAY))
    spoken = await _state(store)
    await tell(mention("4", thread_id="t", posted_at=DUE + HOUR), read=reading(sentiment=Sentiment.NEGATIVE))

    assert (spoken, await _state(store)) == ([PromiseState.KEPT], [PromiseState.BROKEN])


async def test_words_that_end_the_case_keep_a_promise_however_early(store: SqliteStore, tell: Tell) -> None:
    def over(situation: Situation) -> Decision:
        return Decision(case=situation.cases[0].resolved(situation.now, Outcome.RECOVERED))

    await _promised(tell)
    await tell(mention("3", thread_id="t", posted_at=NOON + 3 * HOUR), decide=over)

    assert await _state(store) == [PromiseState.KEPT]


async def test_a_report_of_the_past_does_not_know_the_future(store: SqliteStore, tell: Tell) -> None:
    await _promised(tell)
    await tell(mention("3", thread_id="t", posted_at=DUE + HOUR), read=reading(sentiment=Sentiment.POSITIVE))
    assert await _state(store, DUE + HOUR) == [PromiseState.UNHEARD]
    assert await _state(store, DUE + 2 * HOUR) == [PromiseState.KEPT]


async def test_an_overdue_promise_is_listed_until_its_case_is_closed(store: SqliteStore, tell: Tell) -> None:
    await _promised(tell)
    closing = mention("3", "ya está", thread_id="t", posted_at=DUE + 2 * DAY)

    def close(situation: Situation) -> Decision:
        return Decision(case=situation.cases[0].resolved(closing.posted_at, Outcome.RECOVERED))

    await tell(closing, decide=close)
    overdue = await store.reports.promises(DUE + DAY, DUE + 2 * DAY)
    assert [promise.state for promise in overdue] == [PromiseState.UNHEARD]
    assert await store.reports.promises(DUE + 3 * DAY, DUE + 4 * DAY) == []


async def test_a_case_that_ends_without_an_answer_keeps_no_promise(store: SqliteStore, tell: Tell) -> None:
    def given_up(situation: Situation) -> Decision:
        return Decision(case=situation.cases[0].resolved(situation.now, Outcome.NO_ANSWER))

    await _promised(tell)
    await tell(mention("3", thread_id="t", posted_at=NOON + 3 * HOUR), decide=given_up)

    assert await _state(store) == [PromiseState.UNHEARD]


async def test_two_posts_within_the_hour_may_promise_two_things_for_one_day(store: SqliteStore, tell: Tell) -> None:
    await _promised(tell)
    await tell(_brand("3", NOON + HOUR + timedelta(minutes=10)), pledges=(A_WORD,))

    assert [promise.what for promise in (await _file(store)).promises] == [PLEDGE.what, A_WORD.what]


async def test_who_said_that_it_was_kept_does_not_break_it_by_what_they_say_next(
    store: SqliteStore, tell: Tell
) -> None:
    await _promised(tell)
    for number, sentiment in enumerate((Sentiment.POSITIVE, Sentiment.NEGATIVE)):
        post = mention(f"c{number}", thread_id="t", posted_at=DUE + (number + 1) * HOUR)
        await tell(post, decide=_case, read=reading(sentiment=sentiment))

    assert await _state(store) == [PromiseState.KEPT]


async def test_who_is_unhappy_at_the_very_moment_it_is_due_may_yet_be_glad(store: SqliteStore, tell: Tell) -> None:
    await _promised(tell)
    post = mention("3", thread_id="t", posted_at=DUE)
    await tell(post, decide=_case, read=reading(sentiment=Sentiment.NEGATIVE))

    assert await _state(store) == [PromiseState.UNHEARD]


async def test_somebody_elses_anger_in_the_thread_breaks_no_promise(store: SqliteStore, tell: Tell) -> None:
    await _promised(tell)
    post = mention("3", who="bea", thread_id="t", posted_at=DUE + HOUR)
    await tell(post, read=reading(sentiment=Sentiment.NEGATIVE))

    assert await _state(store) == [PromiseState.UNHEARD]


async def test_happy_words_from_before_a_promise_that_are_read_late_do_not_keep_it(
    store: SqliteStore, tell: Tell
) -> None:
    soon = Pledge(what="esta tarde", due=NOON + 6 * HOUR)
    await _promised(tell, soon)
    post = mention("0", thread_id="t", posted_at=NOON + HOUR / 2)
    await tell(post, decide=_case, read=reading(sentiment=Sentiment.POSITIVE))

    assert await _state(store) == [PromiseState.UNHEARD]
