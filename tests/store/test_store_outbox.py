"""One claim, one send, one receipt; what may have been heard already is never sent blindly again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.action import Alert, Ask, Reply, ReplyKind, Route, SurveyKind
from bot.domain.agent import Agent
from bot.domain.case import Case, CaseState, Resolution
from bot.domain.interaction import Direction
from bot.domain.mention import Batch, Mention
from bot.domain.outbox import Delivery, Errand, Job, JobState, Lane, Receipt, Ruling, Verdict
from bot.domain.papers import Papers
from bot.domain.reading import Language, Urgency
from bot.domain.reason import because
from bot.domain.situation import Decided, Decision, Heard, Settled, Situation
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, memory_store, mention, new_case, reading

Tell = Callable[..., Awaitable[list[Settled]]]
LEASE = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)
MAYA = Agent(id="maya", name="Maya")


def _replies(verdict: Verdict = Verdict.SEND) -> Callable[[Situation], Decision]:
    def decide(situation: Situation) -> Decision:
        reply = Reply(to=situation.mention.id, kind=ReplyKind.THANKS, text="gracias", language=Language.ES)
        return Decision(case=new_case(situation), actions=(_decided(reply, verdict),))

    return decide


def _routes(situation: Situation) -> Decision:
    route = Route(desk="d", reason="r", urgency=Urgency.HIGH)
    return Decision(case=new_case(situation), actions=(_decided(route), _decided(Alert(desk="d", reason="a"))))


def _asks(situation: Situation) -> Decision:
    ask = Ask(to=situation.mention.id, survey=SurveyKind.CSAT, text="1-5?", language=Language.ES)
    return Decision(actions=(_decided(ask),))


def _decided(action: Reply | Route | Ask | Alert, verdict: Verdict = Verdict.SEND) -> Decided:
    return Decided(action=action, responder="r", ruling=Ruling(verdict=verdict, reason="ok"))


async def _claim(store: SqliteStore, *, after: timedelta = timedelta()) -> list[Errand]:
    return await store.outbox.claim(10, NOON + after, LEASE)


async def test_a_due_job_is_claimed_once_with_its_mention(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_replies())
    (errand,) = await _claim(store)
    assert errand.mention == mention("1")
    assert (errand.job.state, errand.job.attempts, errand.ambiguous) == (JobState.SENDING, 1, False)
    assert await _claim(store) == []
    assert await store.outbox.pending() == 1


async def test_what_a_recording_dated_after_today_led_to_is_due_today(store: SqliteStore, tell: Tell) -> None:
    today = datetime.now(UTC)
    await tell(mention("1", posted_at=today + timedelta(days=30)), decide=_replies())

    assert len(await store.outbox.claim(10, today + MINUTE, LEASE)) == 1


async def test_what_was_decided_is_due_from_the_moment_it_was_decided_at(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_replies())

    assert await _claim(store, after=-MINUTE) == []
    assert len(await _claim(store)) == 1


async def test_who_must_wake_somebody_goes_before_what_is_urgent_and_that_before_what_is_only_told(
    store: SqliteStore, tell: Tell
) -> None:
    actions = (
        Alert(desk="d", reason="told"),
        Route(desk="d", reason="urgent", urgency=Urgency.HIGH),
        Alert(desk="d", reason="wakes", wakes=True),
    )
    await tell(mention("1"), decide=lambda _: Decision(actions=tuple(_decided(action) for action in actions)))

    assert [errand.job.action for errand in await _claim(store)] == list(reversed(actions))


async def test_what_was_being_sent_when_the_lease_ran_out_is_ambiguous(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_replies())
    await _claim(store)
    assert await _claim(store, after=LEASE - MINUTE) == []
    (errand,) = await _claim(store, after=LEASE)
    assert (errand.ambiguous, errand.job.attempts) == (True, 2)


async def test_release_makes_it_ambiguous_at_once(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_replies())
    await _claim(store)
    assert await store.outbox.release() == 1
    (errand,) = await _claim(store)
    assert errand.ambiguous


async def test_an_ambiguous_job_that_is_postponed_stays_ambiguous(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_replies())
    await _claim(store)
    await store.outbox.release()
    (errand,) = await _claim(store)
    await store.outbox.postpone(errand.job, NOON + MINUTE, "the look-up was rate limited")
    (errand,) = await _claim(store, after=MINUTE)
    assert errand.ambiguous
    await store.outbox.unknown(errand.job, "nobody knows")
    assert await store.outbox.retry(errand.job.id, NOON)
    (errand,) = await _claim(store)
    assert not errand.ambiguous


async def test_after_a_backup_was_put_back_what_may_have_been_said_since_is_ambiguous_until_a_person_saw_it(
    store: SqliteStore, tell: Tell
) -> None:
    await store.outbox.doubt(NOON + MINUTE, beats=7)
    later = mention("3", who="luz", posted_at=NOON + MINUTE)
    await tell(mention("1"), decide=_replies())
    await tell(later, decide=_replies())
    await tell(mention("2", who="bea"), decide=_routes)

    doubts = {errand.job.key: errand.ambiguous for errand in await _claim(store, after=MINUTE)}
    (old,) = [job for job in await store.outbox.jobs() if job.mention_id == "test:1"]
    await store.outbox.unknown(old, "it cannot be asked")
    await store.outbox.retry(old.id, NOON)
    (again,) = await _claim(store, after=MINUTE)

    assert {key: doubt for key, doubt in doubts.items() if doubt} == {old.key: True}
    assert len(doubts) == 4
    assert (again.job.id, again.ambiguous) == (old.id, False)
    assert (await store.channels.beats(), await store.channels.pulse(NOON)) == (7, 8)


async def test_a_postponed_job_waits_until_then(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_replies())
    (errand,) = await _claim(store)
    await store.outbox.postpone(errand.job, NOON + MINUTE, "asked to wait 60 s")
    assert await _claim(store) == []
    (errand,) = await _claim(store, after=MINUTE)
    assert (errand.ambiguous, errand.job.attempts, errand.job.error) == (False, 2, "asked to wait 60 s")


def _twice(situation: Situation) -> Decision:
    one, other = (
        Reply(to=situation.mention.id, kind=ReplyKind.ANSWER, text=text, language=Language.ES)
        for text in ("1/2", "2/2")
    )
    return Decision(actions=(_decided(one), _decided(other)))


async def test_what_is_claimed_is_of_one_channel_or_of_all_but_some(store: SqliteStore, tell: Tell) -> None:
    for channel in ("slow", "fast", "gone"):
        await tell(mention("1", channel=channel), decide=_replies())

    of_one = await store.outbox.claim(10, NOON, LEASE, Lane.CUSTOMERS, channel="fast")
    of_the_rest = await store.outbox.claim(10, NOON, LEASE, Lane.CUSTOMERS, but=("slow", "fast"))

    assert (_keys(of_one), _keys(of_the_rest)) == (["fast:1/reply"], ["gone:1/reply"])


def _keys(errands: list[Errand]) -> list[str]:
    return [errand.job.key for errand in errands]


async def test_an_answer_waits_for_its_turn_and_that_is_no_try(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_twice)
    (first,) = await _claim(store)
    assert await _claim(store) == []
    await store.outbox.postpone(first.job, NOON + MINUTE, "asked to wait 60 s", tried=False)
    assert await _claim(store) == []

    (first,) = await _claim(store, after=MINUTE)
    assert first.job.key == "test:1/reply"
    await store.outbox.sent([Delivery(job=first.job, receipt=Receipt(external_id="a", at=NOON))])
    (second,) = await _claim(store, after=MINUTE)
    assert (second.job.key, second.job.attempts) == ("test:1/reply/2", 1)


@pytest.mark.parametrize("left", ["unknown", "dead", "hold"])
async def test_what_waits_for_a_person_keeps_no_answer_waiting(store: SqliteStore, tell: Tell, left: str) -> None:
    await tell(mention("1"), decide=_twice)
    (first,) = await _claim(store)
    await getattr(store.outbox, left)(first.job, "a person must look")
    assert _keys(await _claim(store)) == ["test:1/reply/2"]


async def test_only_the_same_person_in_the_same_place_waits(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", thread_id="t"), decide=_twice)
    await tell(mention("2", who="bea", thread_id="t"), mention("3"), decide=_replies())
    assert _keys(await _claim(store)) == ["test:1/reply", "test:2/reply", "test:3/reply"]


async def test_what_was_due_before_the_clock_was_set_back_waits_an_hour_at_most(store: SqliteStore, tell: Tell) -> None:
    days_back = -timedelta(days=10)
    await tell(mention("1"), decide=_replies())
    assert await _claim(store, after=days_back) == []
    assert _keys(await _claim(store, after=days_back + 60 * MINUTE)) == ["test:1/reply"]


async def test_a_lease_taken_before_the_clock_was_set_back_has_ended(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_replies())
    await _claim(store)
    (errand,) = await _claim(store, after=-MINUTE)
    assert errand.ambiguous


async def test_a_fault_keeps_nothing_waiting_for_as_long_as_the_clock_was_set_back(
    store: SqliteStore, tell: Tell
) -> None:
    await tell(mention("1"), decide=_replies())
    (errand,) = await _claim(store)
    await store.outbox.postpone(errand.job, NOON + timedelta(days=10), "503")
    await _claim(store)
    assert await _claim(store, after=59 * MINUTE) == []
    assert _keys(await _claim(store, after=60 * MINUTE)) == ["test:1/reply"]


async def test_what_is_to_be_asked_later_is_not_asked_early(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_routes)
    file = await store.history.case(1001)
    assert file is not None
    question = Ask(to=mention("1").id, survey=SurveyKind.CSAT, text="1-5?", language=Language.ES)
    send, tomorrow = Ruling(verdict=Verdict.SEND, reason="ok"), NOON + timedelta(hours=20)
    await store.deeds.change(
        lambda papers: papers.ask(file.case, question, send, key="ask", by=MAYA, now=NOON, due=tomorrow)
    )
    await tell(mention("2", posted_at=NOON + MINUTE), decide=_replies())
    assert _keys(await store.outbox.claim(10, NOON + MINUTE, LEASE, Lane.CUSTOMERS)) == ["test:2/reply"]
    assert _keys(await store.outbox.claim(10, tomorrow, LEASE, Lane.CUSTOMERS)) != []


async def test_while_paused_the_desk_hears_and_the_channels_do_not(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_replies())
    await tell(mention("2"), decide=_asks)
    await tell(mention("3", who="bea"), decide=_routes)
    await store.outbox.pause("maya", NOON)
    await store.outbox.pause("leo", NOON + MINUTE)
    assert await store.outbox.paused() == because("paused.by", who="maya", at="2026-03-02 12:00")
    assert [errand.job.key for errand in await _claim(store)] == ["test:3/route", "test:3/alert"]
    await store.outbox.resume()
    assert await store.outbox.paused() is None
    assert [errand.job.key for errand in await _claim(store)] == ["test:1/reply", "test:2/ask"]


async def test_a_receipt_is_history_and_stops_the_clock(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_replies())
    (errand,) = await _claim(store)
    receipt = Receipt(external_id="out-1", at=NOON + MINUTE)
    await store.outbox.sent([Delivery(job=errand.job, receipt=receipt)])
    await store.outbox.sent([Delivery(job=errand.job, receipt=receipt)])
    file = await store.history.case(1001)
    assert file is not None
    assert (file.case.state, file.case.first_answered_at) == (CaseState.WAITING, NOON + MINUTE)
    assert [(line.key, line.direction, line.actor, line.text) for line in file.interactions] == [
        ("test:1", Direction.INBOUND, "ana", "hola"),
        ("test:1/reply", Direction.OUTBOUND, "bot", "gracias"),
    ]
    (job,) = await store.outbox.jobs(JobState.SENT)
    assert job.receipt == receipt
    assert (await store.reports.counts()).replies == 1
    assert await _claim(store, after=2 * LEASE) == []


async def test_an_answer_that_leaves_after_its_case_was_closed_has_answered_it(store: SqliteStore, tell: Tell) -> None:
    """An agent writes and resolves in one breath, or while the channel asks to wait."""
    await tell(mention("1"), decide=_replies())
    (errand,) = await _claim(store)
    file = await store.history.case(1001)
    assert file is not None
    closed = file.case.resolved(NOON + MINUTE, None, resolution=Resolution.SOLVED)
    await store.deeds.change(lambda papers: papers.keep(closed))

    await store.outbox.sent([Delivery(job=errand.job, receipt=Receipt(external_id="out-1", at=NOON + 2 * MINUTE))])

    file = await store.history.case(1001)
    assert file is not None
    assert (file.case.state, file.case.first_answered_at) == (CaseState.RESOLVED, NOON + 2 * MINUTE)


async def test_words_to_a_case_that_was_closed_unanswered_are_no_answer(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_routes)
    file = await store.history.case(1001)
    assert file is not None
    closed = file.case.resolved(NOON, None, resolution=Resolution.NOT_OURS)
    await store.deeds.change(lambda papers: papers.keep(closed))

    await tell(mention("2", "gracias", posted_at=NOON + MINUTE), decide=_thanks_in(closed))
    [errand] = [each for each in await _claim(store, after=MINUTE) if isinstance(each.job.action, Reply)]
    await store.outbox.sent([Delivery(job=errand.job, receipt=Receipt(external_id="out-1", at=NOON + 2 * MINUTE))])

    file = await store.history.case(1001)
    assert file is not None
    assert file.case.first_answered_at is None


def _thanks_in(case: Case) -> Callable[[Situation], Decision]:
    return lambda situation: replace(_replies()(situation), case=case)


async def test_a_desk_post_is_no_line_of_the_customers_history(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_routes)
    errands = await _claim(store)
    await store.outbox.sent(
        [Delivery(job=errand.job, receipt=Receipt(external_id="card", at=NOON)) for errand in errands]
    )
    file = await store.history.case(1001)
    assert file is not None
    assert [line.key for line in file.interactions] == ["test:1"]
    assert file.case.state is CaseState.NEW
    assert (await store.reports.counts()).replies == 0


@pytest.mark.parametrize("receipt_first", [True, False])
async def test_our_own_reply_heard_again_is_one_line_of_history(
    store: SqliteStore, tell: Tell, receipt_first: bool
) -> None:
    await tell(mention("1", thread_id="t"), decide=_replies())
    (errand,) = await _claim(store)
    receipts = [Delivery(job=errand.job, receipt=Receipt(external_id="2", at=NOON + MINUTE))]
    echo = mention("2", "gracias", who="brand", thread_id="t", posted_at=NOON + MINUTE, by_brand=True)
    if receipt_first:
        await store.outbox.sent(receipts)
    await tell(echo)
    if not receipt_first:
        await store.outbox.sent(receipts)
    file = await store.history.case(1001)
    assert file is not None
    assert [line.text for line in file.interactions] == ["hola", "gracias"]


def _echo(text: str = "gracias", answers: str | None = None) -> Mention:
    return mention("2", text, who="brand", thread_id="t", posted_at=NOON + MINUTE, by_brand=True, in_reply_to=answers)


@pytest.mark.parametrize("answers", [None, "1"])
async def test_what_was_in_doubt_and_is_heard_again_was_said(
    store: SqliteStore, tell: Tell, answers: str | None
) -> None:
    """After a crash nobody need look at what the channel itself tells us."""
    await tell(mention("1", thread_id="t"), decide=_replies())
    (errand,) = await _claim(store)
    await store.outbox.unknown(errand.job, "nobody knows")

    await tell(_echo("  gracias\n", answers))

    (job,) = await store.outbox.jobs(JobState.SENT)
    assert job.receipt == Receipt(external_id="2", at=NOON + MINUTE, url=_echo().url)
    file = await store.history.case(1001)
    assert file is not None
    assert [(line.text, line.actor) for line in file.interactions] == [("hola", "ana"), ("gracias", "bot")]


async def test_a_receipt_heard_before_it_is_stored_stops_no_clock(store: SqliteStore, tell: Tell) -> None:
    def acknowledges(situation: Situation) -> Decision:
        heard = Reply(to=situation.mention.id, kind=ReplyKind.RECEIPT, text="gracias", language=Language.ES)
        return Decision(case=new_case(situation), actions=(_decided(heard),))

    await tell(mention("1", thread_id="t"), decide=acknowledges)
    await _claim(store)

    await tell(_echo())

    file = await store.history.case(1001)
    assert file is not None
    assert (file.case.first_answered_at, len(file.interactions)) == (None, 2)


@pytest.mark.parametrize("echo", [_echo("gracias a ti"), _echo(answers="9")], ids=["other words", "to another post"])
async def test_what_a_person_posts_beside_it_is_not_what_was_in_doubt(
    store: SqliteStore, tell: Tell, echo: Mention
) -> None:
    await tell(mention("9", who="bea", thread_id="t"), mention("1", thread_id="t"), decide=_replies())
    await _claim(store)
    (errand,) = [each for each in await _claim(store, after=LEASE) if each.job.mention_id == "test:1"]
    await store.outbox.unknown(errand.job, "nobody knows")
    (other,) = await store.outbox.jobs(JobState.SENDING)
    await store.outbox.dead(other, "refused")

    await tell(echo)

    assert [job.id for job in await store.outbox.jobs(JobState.UNKNOWN)] == [errand.job.id]


async def test_a_question_that_was_sent_becomes_a_survey(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_asks)
    (errand,) = await _claim(store)
    await store.outbox.sent([Delivery(job=errand.job, receipt=Receipt(external_id="q", at=NOON + MINUTE))])
    customer = await store.history.customer("ana")
    assert customer is not None
    journey = await store.history.journey(customer.id)
    assert [(survey.kind, survey.asked_at) for survey in journey.surveys] == [(SurveyKind.CSAT, NOON + MINUTE)]
    assert [line.text for line in journey.interactions] == ["hola", "1-5?"]


async def test_a_person_lets_a_held_reply_go_with_other_words(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_replies(Verdict.APPROVE))
    assert await _claim(store) == []
    (held,) = await store.outbox.jobs(JobState.HELD)

    def approved(papers: Papers) -> Job:
        return papers.let_go(papers.reword(held, "mil gracias", held.ruling, MAYA, NOON), MAYA, NOON)

    assert (await store.deeds.change(approved)).state is JobState.PENDING
    (errand,) = await _claim(store)
    assert isinstance(errand.job.action, Reply)
    assert errand.job.action.text == "mil gracias"


async def test_only_dead_unknown_and_dropped_jobs_are_retried(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_replies())
    (errand,) = await _claim(store)
    assert not await store.outbox.retry(errand.job.id, NOON)
    await store.outbox.dead(errand.job, "the post is gone")
    (dead,) = await store.outbox.jobs(JobState.DEAD)
    assert dead.error == "the post is gone"
    assert await store.outbox.retry(dead.id, NOON)
    assert await store.outbox.drop(dead.id, "never mind")
    assert await _claim(store) == []
    assert await store.outbox.retry(dead.id, NOON)
    (errand,) = await _claim(store)
    assert not await store.outbox.drop(errand.job.id, "too late, it is on its way")
    await store.outbox.sent([Delivery(job=errand.job, receipt=Receipt(external_id="1", at=NOON))])
    assert not await store.outbox.drop(errand.job.id, "too late")
    assert not await store.outbox.retry(errand.job.id, NOON)


async def test_what_a_person_retries_after_an_opt_out_is_withheld_all_the_same(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_replies())
    (errand,) = await _claim(store)
    await store.outbox.dead(errand.job, "refused")
    await tell(mention("2", "stop", posted_at=NOON + MINUTE), decide=lambda _: Decision(opts_out=True))
    await store.outbox.retry(errand.job.id, NOON + 2 * MINUTE)
    assert await _claim(store, after=2 * MINUTE) == []
    (job,) = await store.outbox.jobs(JobState.WITHHELD)
    assert job.error == because("outbox.opted_out")


async def test_what_may_have_left_before_an_opt_out_goes_to_a_person(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_replies())
    await _claim(store)
    await tell(mention("2", "stop", posted_at=NOON + MINUTE), decide=lambda _: Decision(opts_out=True))
    assert await _claim(store, after=LEASE) == []
    (job,) = await store.outbox.jobs(JobState.UNKNOWN)
    assert job.error == because("outbox.opted_out_while_sending")


async def test_what_may_have_left_and_waits_to_be_asked_about_goes_to_a_person_too(
    store: SqliteStore, tell: Tell
) -> None:
    await tell(mention("1"), decide=_replies())
    await _claim(store)
    await store.outbox.release()
    (errand,) = await _claim(store)
    await store.outbox.postpone(errand.job, NOON + MINUTE, "the look-up was rate limited")

    await tell(mention("2", "stop", posted_at=NOON + MINUTE), decide=lambda _: Decision(opts_out=True))

    (job,) = await store.outbox.jobs(JobState.UNKNOWN)
    assert job.error == because("outbox.opted_out_while_sending")


async def test_after_an_opt_out_a_person_may_answer_and_no_machine(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", "stop"), decide=lambda _: Decision(opts_out=True))
    asks_again = mention("2", "y mi paquete?", posted_at=NOON + MINUTE)
    await tell(asks_again, decide=_replies())

    def answers(papers: Papers) -> Job:
        situation = papers.situation_at(asks_again.id, NOON + MINUTE)
        assert situation is not None
        reply = Reply(to=asks_again.id, kind=ReplyKind.ANSWER, text="llega hoy", language=Language.ES)
        return papers.write("by maya", reply, situation, Ruling(verdict=Verdict.SEND, reason="fine"), MAYA)

    await store.deeds.change(answers)

    assert _keys(await _claim(store, after=MINUTE)) == ["by maya"]
    (withheld,) = await store.outbox.jobs(JobState.WITHHELD)
    assert (withheld.key, withheld.error) == ("test:2/reply", because("outbox.opted_out"))


class _Died(BaseException):
    pass


async def _claim_and_send(store: SqliteStore) -> None:
    for errand in await _claim(store):
        await store.outbox.sent([Delivery(job=errand.job, receipt=Receipt(external_id="1", at=NOON))])


@pytest.mark.parametrize("point", ["dispatch.claimed", "receipt.before_commit", "receipt.after_commit"])
async def test_a_crash_around_a_send_leaves_it_sent_or_ambiguous(point: str) -> None:
    armed = [True]

    def trip(name: str) -> None:
        if name == point and armed:
            armed.clear()
            raise _Died

    async with memory_store(trip=trip) as store:
        await store.inbox.accept("x", Batch(mentions=(mention("1"),), cursor=None), NOON)
        heard = [Heard(mention=mention("1"), reading=reading())]
        await store.history.settle(heard, _replies(), lambda moment: moment)
        with pytest.raises(_Died):
            await _claim_and_send(store)
        await store.outbox.release()
        errands = await _claim(store)
        assert [errand.ambiguous for errand in errands] == ([] if point == "receipt.after_commit" else [True])
        assert (await store.reports.counts()).replies == int(point == "receipt.after_commit")


async def test_the_desk_hears_of_who_wants_peace(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_routes)
    await tell(mention("2", "stop", posted_at=NOON + MINUTE), decide=lambda _: Decision(opts_out=True))

    assert {errand.job.key for errand in await _claim(store, after=MINUTE)} == {"test:1/route", "test:1/alert"}


async def test_what_is_being_said_as_they_ask_for_peace_is_left_to_its_hand(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_replies())
    await _claim(store)
    await tell(mention("2", "stop", posted_at=NOON + MINUTE), decide=lambda _: Decision(opts_out=True))

    assert await _claim(store, after=MINUTE) == []

    assert len(await store.outbox.jobs(JobState.SENDING)) == 1


async def test_a_hand_that_comes_back_late_takes_nothing_from_the_person_it_was_left_to(
    store: SqliteStore, tell: Tell
) -> None:
    await tell(mention("1"), decide=_replies())
    (errand,) = await _claim(store)
    await tell(mention("2", "stop", posted_at=NOON + MINUTE), decide=lambda _: Decision(opts_out=True))
    await _claim(store, after=LEASE)

    await store.outbox.postpone(errand.job, NOON + LEASE, "the channel is away")

    assert len(await store.outbox.jobs(JobState.UNKNOWN)) == 1


async def test_what_a_person_let_go_and_dropped_needs_no_second_word_to_be_taken_back(
    store: SqliteStore, tell: Tell
) -> None:
    await tell(mention("1"), decide=_replies(Verdict.APPROVE))
    (held,) = await store.outbox.jobs(JobState.HELD)
    await store.outbox.drop(held.id, "never mind")
    assert await store.outbox.retry(held.id, NOON) is JobState.HELD
    await store.deeds.change(lambda papers: papers.let_go(held, MAYA, NOON))
    await store.outbox.drop(held.id, "never mind")

    assert await store.outbox.retry(held.id, NOON) is JobState.PENDING


async def test_what_waits_in_doubt_and_is_heard_again_was_said(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", thread_id="t"), decide=_replies())
    (errand,) = await _claim(store)
    await store.outbox.postpone(errand.job, NOON + MINUTE, "the answer was lost")

    await tell(_echo())

    assert len(await store.outbox.jobs(JobState.SENT)) == 1
