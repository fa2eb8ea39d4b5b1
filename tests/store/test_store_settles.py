"""One transaction from heard to decided: settled once, with everything that follows, or not at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.action import Alert, Ask, Close, Reply, ReplyKind, Route, Silence, SurveyKind
from bot.domain.case import CaseState, Outcome
from bot.domain.interaction import Direction
from bot.domain.mention import Batch, Handle
from bot.domain.outbox import Delivery, JobState, Receipt, Ruling, Verdict
from bot.domain.reading import Intent, Language, Reading, Sentiment, Span, Stage, Touchpoint, Urgency
from bot.domain.reason import because
from bot.domain.situation import Decided, Decision, Heard, Settled, Situation
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, lived, memory_store, mention, new_case, reading

Tell = Callable[..., Awaitable[list[Settled]]]
MINUTE = timedelta(minutes=1)


def _opens_a_case(situation: Situation) -> Decision:
    return Decision(case=new_case(situation), experiences=(lived(situation, Touchpoint.DELIVERY),))


def _continues(situation: Situation) -> Decision:
    if not situation.cases:
        return _opens_a_case(situation)
    return Decision(case=situation.cases[0].heard_again(situation.mention.posted_at, (), Urgency.LOW))


def _thanks(verdict: Verdict) -> Callable[[Situation], Decision]:
    def decide(situation: Situation) -> Decision:
        reply = Reply(to=situation.mention.id, kind=ReplyKind.THANKS, text="gracias", language=Language.ES)
        return Decision(actions=(_decided(reply, verdict),))

    return decide


def _decided(action: Reply | Ask | Route | Close | Silence, verdict: Verdict = Verdict.SEND) -> Decided:
    return Decided(action=action, responder="thank", ruling=Ruling(verdict=verdict, reason="why not"))


def _remembering(seen: list[Situation], decide: Callable[[Situation], Decision]) -> Callable[[Situation], Decision]:
    def remember(situation: Situation) -> Decision:
        seen.append(situation)
        return decide(situation)

    return remember


async def test_settling_twice_settles_once(store: SqliteStore, tell: Tell) -> None:
    assert len(await tell(mention("1"), mention("1"), decide=_opens_a_case)) == 1
    assert await tell(mention("1"), decide=_opens_a_case) == []
    counts = await store.reports.counts()
    assert (counts.cases, counts.experiences, counts.customers) == (1, 1, 1)


async def test_a_mention_that_was_never_accepted_is_a_mistake(store: SqliteStore) -> None:
    with pytest.raises(LookupError, match="test:1 was never accepted"):
        await store.history.settle(
            [Heard(mention=mention("1"), reading=reading())], lambda _: Decision(), lambda moment: moment
        )


async def test_when_one_decision_fails_nothing_of_the_batch_is_written(store: SqliteStore, tell: Tell) -> None:
    def stumble(situation: Situation) -> Decision:
        if situation.mention.external_id == "2":
            message = "no idea"
            raise ValueError(message)
        return _opens_a_case(situation)

    with pytest.raises(ValueError, match="no idea"):
        await tell(mention("1"), mention("2"), decide=stumble)
    assert (await store.reports.counts()).cases == 0
    assert await store.inbox.waiting() == 2
    assert len(await tell(mention("1"), decide=stumble)) == 1


async def test_cases_are_numbered_from_1001_without_gaps(store: SqliteStore, tell: Tell) -> None:
    with pytest.raises(ZeroDivisionError):
        await tell(mention("0", who="zoe"), decide=lambda _: Decision(survey_answer=1 // 0))
    settled = await tell(*(mention(str(n), who=f"u{n}") for n in range(3)), decide=_opens_a_case)
    assert [one.case and one.case.key for one in settled] == [1001, 1002, 1003]


async def test_a_case_without_an_id_gets_one_from_its_opening_mention(tell: Tell) -> None:
    def unnamed(situation: Situation) -> Decision:
        return Decision(case=replace(new_case(situation), id=""))  # type: ignore[arg-type]

    (settled,) = await tell(mention("1"), decide=unnamed)
    assert settled.case is not None
    async with memory_store() as other:
        await other.inbox.accept("x", Batch(mentions=(mention("1"),), cursor=None), NOON)
        heard = [Heard(mention=mention("1"), reading=reading())]
        (again,) = await other.history.settle(heard, unnamed, lambda moment: moment)
    assert again.case is not None
    assert settled.case.id == again.case.id != ""


async def test_the_second_mention_of_a_batch_sees_what_the_first_led_to(tell: Tell) -> None:
    seen: list[Situation] = []
    later = mention("2", "y bien?", posted_at=NOON + MINUTE)
    await tell(mention("1"), later, decide=_remembering(seen, _continues))
    first, second = seen
    assert (first.cases, first.history) == ((), ())
    assert [case.key for case in second.cases] == [1001]
    assert [(line.text, line.direction, line.actor) for line in second.history] == [
        ("hola", Direction.INBOUND, "ana"),
    ]
    assert second.now == later.posted_at
    assert second.customer.id == first.customer.id


async def test_a_namesake_on_another_channel_is_somebody_else(store: SqliteStore, tell: Tell) -> None:
    seen: list[Situation] = []
    await tell(mention("1", channel="x"), mention("1", channel="y"), decide=_remembering(seen, _opens_a_case))
    assert seen[0].customer.id != seen[1].customer.id
    assert seen[1].cases == ()
    assert (await store.reports.counts()).customers == 2


async def test_a_customer_has_the_same_id_in_every_database(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"))
    here = await store.history.customer("ana")
    async with memory_store() as other:
        await other.inbox.accept("x", Batch(mentions=(mention("9"),), cursor=None), NOON)
        heard = [Heard(mention=mention("9"), reading=reading())]
        await other.history.settle(heard, lambda _: Decision(), lambda moment: moment)
        there = await other.history.customer("ana")
    assert here is not None
    assert there is not None
    assert here.id == there.id


async def test_history_is_the_last_ten_lines_oldest_first(tell: Tell) -> None:
    seen: list[Situation] = []
    posts = [mention(str(n), f"n{n}", posted_at=NOON + n * MINUTE) for n in range(13)]
    await tell(*posts, decide=_remembering(seen, lambda _: Decision()))
    assert [line.text for line in seen[-1].history] == [f"n{n}" for n in range(2, 12)]


@pytest.mark.parametrize(("days", "remembered"), [(13, True), (15, False)])
async def test_a_resolved_case_of_the_thread_is_remembered_for_a_fortnight(
    tell: Tell, days: int, remembered: bool
) -> None:
    def resolve(situation: Situation) -> Decision:
        return Decision(case=new_case(situation).resolved(NOON, Outcome.RECOVERED))

    seen: list[Situation] = []
    await tell(mention("1", thread_id="t"), decide=resolve)
    again = mention("2", thread_id="t", posted_at=NOON + timedelta(days=days))
    elsewhere = mention("3", thread_id="u", posted_at=NOON + timedelta(days=days))
    await tell(again, elsewhere, decide=_remembering(seen, lambda _: Decision()))
    assert [len(situation.cases) for situation in seen] == [int(remembered), 0]


async def test_somebody_elses_case_in_the_same_thread_is_not_shown(tell: Tell) -> None:
    seen: list[Situation] = []
    await tell(mention("1", thread_id="t"), decide=_opens_a_case)
    await tell(mention("2", who="bea", thread_id="t"), decide=_remembering(seen, lambda _: Decision()))
    assert seen[0].cases == ()


@pytest.mark.parametrize(
    ("language", "confidence", "kept"),
    [
        (Language.CA, 0.7, Language.CA),
        (Language.CA, 0.69, None),
        (Language.OTHER, 1.0, None),
    ],
)
async def test_a_customers_language_is_the_last_one_surely_read(
    store: SqliteStore, tell: Tell, language: Language, confidence: float, kept: Language | None
) -> None:
    await tell(mention("1"), read=reading(language=language, language_confidence=confidence))
    customer = await store.history.customer("ana")
    assert customer is not None
    assert customer.language is kept


async def test_a_reading_comes_back_as_it_was(store: SqliteStore, tell: Tell) -> None:
    read = Reading(
        language=Language.PT,
        language_confidence=0.123456789,
        sentiment=Sentiment.NEGATIVE,
        scores={Sentiment.NEGATIVE: 0.7, Sentiment.NEUTRAL: 0.2, Sentiment.POSITIVE: 0.1},
        intents=(Intent.COMPLAINT, Intent.CHURN_THREAT),
        intent_scores={Intent.COMPLAINT: 1 / 3},
        touchpoints=(Touchpoint.BILLING,),
        stage=Stage.AFTER,
        urgency=Urgency.HIGH,
        stage_confidence=0.6,
        urgency_confidence=0.123456789,
        spans=(
            Span(quote="\ud83d!", touchpoint=Touchpoint.BILLING, stage=None, sentiment=Sentiment.NEUTRAL, confidence=1),
        ),
        expectation="un reembolso",
        spam=True,
        about_brand=False,
        abstained=True,
        degraded=True,
        model="m@2",
    )
    await tell(mention("1"), read=read)
    explained = await store.history.explain("test:1")
    assert explained is not None
    assert explained.reading == read
    assert explained.state == "done"


async def test_each_verdict_has_its_state_and_each_action_its_key(store: SqliteStore, tell: Tell) -> None:
    def decide(situation: Situation) -> Decision:
        reply = Reply(
            to=situation.mention.id,
            kind=ReplyKind.ANSWER,
            text="hola",
            language=Language.ES,
            sources=("a",),
            draft_only=True,
        )
        ask = Ask(to=situation.mention.id, survey=SurveyKind.CES, text="?", language=Language.EN)
        return Decision(
            actions=(
                _decided(reply, Verdict.SEND),
                _decided(reply, Verdict.APPROVE),
                _decided(ask, Verdict.SHADOW),
                _decided(Route(desk="d", reason="r", urgency=Urgency.HIGH), Verdict.BLOCK),
                _decided(Close(reason="gracias")),
                _decided(Silence(reason="spam")),
            )
        )

    (settled,) = await tell(mention("1"), decide=decide)
    assert settled.jobs == 6
    explained = await store.history.explain("test:1")
    assert explained is not None
    assert [(job.key, job.state) for job in explained.jobs] == [
        ("test:1/reply", JobState.PENDING),
        ("test:1/reply/2", JobState.HELD),
        ("test:1/ask", JobState.WITHHELD),
        ("test:1/route", JobState.WITHHELD),
        ("test:1/close", JobState.SENT),
        ("test:1/silence", JobState.SENT),
    ]
    assert explained.decided == decide(_situation(explained.mention)).actions
    assert (await store.reports.counts()).actions["reply"] == {"send": 1, "approve": 1}


def _situation(post: object) -> Situation:
    return type("Anything", (), {"mention": post})()  # type: ignore[no-any-return]


async def test_the_brands_answer_stops_the_clock_of_the_case_it_answers(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", thread_id="t"), decide=_opens_a_case)
    answer = mention("2", "lo miramos", who="brand", in_reply_to="1", posted_at=NOON + MINUTE, by_brand=True)
    await tell(answer)
    file = await store.history.case(1001)
    assert file is not None
    assert (file.case.state, file.case.first_answered_at) == (CaseState.WAITING, answer.posted_at)
    assert [(line.actor, line.text) for line in file.interactions] == [("ana", "hola"), ("brand", "lo miramos")]


async def test_a_post_of_the_brand_that_is_heard_late_answers_nothing_that_was_written_after_it(
    store: SqliteStore, tell: Tell
) -> None:
    await tell(mention("1", "no llega", thread_id="t", posted_at=NOON + 2 * MINUTE), decide=_opens_a_case)
    await tell(mention("2", "lo miramos", who="brand", thread_id="t", posted_at=NOON + MINUTE, by_brand=True))

    file = await store.history.case(1001)
    assert file is not None
    assert (file.case.state, file.case.first_answered_at) == (CaseState.NEW, None)
    assert [line.text for line in file.interactions] == ["lo miramos", "no llega"]


async def test_an_answer_that_is_heard_late_stops_the_clock_and_leaves_the_turn_with_the_brand(
    store: SqliteStore, tell: Tell
) -> None:
    await tell(mention("1", "no llega", thread_id="t"), decide=_opens_a_case)
    await tell(mention("2", "¿y bien?", thread_id="t", posted_at=NOON + 2 * MINUTE), decide=_continues)
    await tell(mention("3", "lo miramos", who="brand", thread_id="t", posted_at=NOON + MINUTE, by_brand=True))

    file = await store.history.case(1001)
    assert file is not None
    assert (file.case.state, file.case.first_answered_at) == (CaseState.IN_PROGRESS, NOON + MINUTE)

    await tell(mention("5", "ya sale", who="brand", thread_id="t", posted_at=NOON + 4 * MINUTE, by_brand=True))
    await tell(mention("4", "un momento", who="brand", thread_id="t", posted_at=NOON + MINUTE, by_brand=True))

    file = await store.history.case(1001)
    assert file is not None
    assert file.case.state is CaseState.WAITING


async def test_the_brands_answer_without_a_reference_goes_to_the_threads_customer(
    store: SqliteStore, tell: Tell
) -> None:
    await tell(mention("1", thread_id="t"), decide=_opens_a_case)
    await tell(mention("2", who="brand", thread_id="t", posted_at=NOON + MINUTE, by_brand=True))
    file = await store.history.case(1001)
    assert file is not None
    assert file.case.state is CaseState.WAITING


async def test_the_brands_post_to_nobody_is_done_with_a_note(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", who="brand", by_brand=True))
    explained = await store.history.explain("test:1")
    assert explained is not None
    assert (explained.state, explained.customer) == ("done", None)
    assert explained.error == because("inbox.to_nobody")
    counts = await store.reports.counts()
    assert (counts.customers, counts.brand_posts, counts.mentions) == (0, 1, 0)


async def test_opting_out_withholds_what_was_waiting_to_be_said(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_thanks(Verdict.SEND))
    await tell(mention("2"), decide=_thanks(Verdict.APPROVE))
    await tell(mention("3", who="bea"), decide=_thanks(Verdict.SEND))
    await tell(mention("4", "stop", posted_at=NOON + MINUTE), decide=lambda _: Decision(opts_out=True))
    jobs = {job.key: job for job in await store.outbox.jobs()}
    assert jobs["test:1/reply"].state is jobs["test:2/reply"].state is JobState.WITHHELD
    assert jobs["test:1/reply"].error == because("outbox.opted_out")
    assert jobs["test:3/reply"].state is JobState.PENDING
    customer = await store.history.customer("ana")
    assert customer is not None
    assert customer.opted_out


async def test_facts_count_automatic_replies_that_were_not_dropped(store: SqliteStore, tell: Tell) -> None:
    seen: list[Situation] = []
    await tell(mention("1", thread_id="t"), mention("2", thread_id="u"), decide=_thanks(Verdict.SEND))
    await tell(mention("3", thread_id="t"), decide=_thanks(Verdict.APPROVE))
    await tell(mention("4", who="bea", thread_id="t"), decide=_thanks(Verdict.SEND))
    dropped = (await store.outbox.jobs())[0]
    await store.outbox.drop(dropped.id, "no")
    soon = mention("5", thread_id="t", posted_at=NOON + 30 * MINUTE)
    later = mention("6", thread_id="t", posted_at=NOON + 61 * MINUTE)
    tomorrow = mention("7", thread_id="t", posted_at=NOON + timedelta(days=1))
    await tell(soon, later, tomorrow, decide=_remembering(seen, lambda _: Decision()))
    counted = [
        (
            situation.facts.auto_replies_in_conversation,
            situation.facts.auto_replies_to_author_today,
            situation.facts.auto_replies_this_hour,
            situation.facts.auto_replies_today,
        )
        for situation in seen
    ]
    assert counted == [(1, 2, 2, 2), (1, 2, 0, 2), (1, 0, 0, 0)]


async def test_a_number_answers_the_last_open_question(store: SqliteStore, tell: Tell) -> None:
    def asks(situation: Situation) -> Decision:
        ask = Ask(to=situation.mention.id, survey=SurveyKind.NPS, text="0-10?", language=Language.ES)
        return Decision(actions=(_decided(ask),))

    seen: list[Situation] = []
    await tell(mention("0"), decide=asks)
    (first,) = await store.outbox.claim(1, NOON, MINUTE)
    await store.outbox.sent([Delivery(job=first.job, receipt=Receipt(external_id="r", at=NOON))])
    await tell(mention("1"), decide=asks)
    await tell(mention("2"), decide=_remembering(seen, lambda _: Decision()))
    (errand,) = await store.outbox.claim(1, NOON, MINUTE)
    await store.outbox.sent([Delivery(job=errand.job, receipt=Receipt(external_id="s", at=NOON + MINUTE))])
    await tell(mention("3", "9", posted_at=NOON + 2 * MINUTE), decide=lambda _: Decision(survey_answer=9))
    await tell(mention("4"), decide=_remembering(seen, lambda _: Decision()))
    on_its_way, answered = (situation.facts.last_survey for situation in seen)
    assert on_its_way is not None
    assert (on_its_way.id, on_its_way.kind, on_its_way.answer) == ("test:1/ask", SurveyKind.NPS, None)
    assert answered is not None
    assert (answered.asked_at, answered.answer, answered.answered_at) == (NOON + MINUTE, 9, NOON + 2 * MINUTE)


async def test_a_customer_is_found_by_id_account_and_name(store: SqliteStore, tell: Tell) -> None:
    handle = Handle(channel="test", account_id="17", name="Ana_M")
    await tell(mention("1", author=handle))
    found = [await store.history.customer(who) for who in ("test:17", "Ana_M", "@ana_m", "17", "test:18")]
    ana = found[0]
    assert ana is not None
    assert found == [ana, ana, ana, None, None]
    assert await store.history.customer(ana.id) == ana
    newer = mention("2", author=Handle(channel="y", account_id="1", name="ana_m"), posted_at=NOON + MINUTE)
    await tell(newer)
    newest = await store.history.customer("@ana_m")
    assert newest is not None
    assert newest.handles == (newer.author,)


async def test_a_journey_tells_the_newest_lines_oldest_first(store: SqliteStore, tell: Tell) -> None:
    posts = [mention(str(n), f"n{n}", posted_at=NOON + n * MINUTE) for n in range(5)]
    await tell(*posts, decide=_opens_a_case)
    customer = await store.history.customer("ana")
    assert customer is not None
    journey = await store.history.journey(customer.id, limit=3)
    assert [line.text for line in journey.interactions] == ["n2", "n3", "n4"]
    assert [experience.evidence for experience in journey.experiences] == ["n2", "n3", "n4"]
    assert [case.key for case in journey.cases] == [1003, 1004, 1005]


async def test_a_case_file_holds_what_an_agent_needs(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_opens_a_case)
    later = mention("2", "otra cosa", posted_at=NOON + MINUTE)
    (settled,) = await tell(later, decide=_opens_a_case)
    file = await store.history.case(1002)
    assert file is not None
    assert file == await store.history.case_by_id(file.case.id)
    assert (file.case, file.opened_by, file.earlier_experiences) == (settled.case, later, 1)
    assert [experience.id for experience in file.experiences] == ["test:2#1"]
    assert await store.history.case(1003) is None


async def test_explain_takes_the_external_id_when_only_one_channel_has_it(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", channel="x"), mention("2", channel="x"), mention("2", channel="y"))
    assert await store.history.explain("1") is not None
    assert await store.history.explain("2") is None
    assert await store.history.explain("y:2") is not None


class _Died(BaseException):
    pass


@pytest.mark.parametrize(("point", "written"), [("settle.before_commit", 0), ("settle.after_commit", 1)])
async def test_a_crash_while_settling_repeats_the_work_and_never_doubles_it(point: str, written: int) -> None:
    armed = [True]

    def trip(name: str) -> None:
        if name == point and armed:
            armed.clear()
            raise _Died

    async with memory_store(trip=trip) as store:
        await store.inbox.accept("x", Batch(mentions=(mention("1"),), cursor=None), NOON)
        heard = [Heard(mention=mention("1"), reading=reading())]
        with pytest.raises(_Died):
            await store.history.settle(heard, _opens_a_case, lambda moment: moment)
        assert (await store.reports.counts()).cases == written
        await store.history.settle(heard, _opens_a_case, lambda moment: moment)
        counts = await store.reports.counts()
        assert (counts.cases, counts.experiences, counts.customers, counts.waiting) == (1, 1, 1, 0)


async def test_an_older_wish_for_peace_that_is_read_late_takes_nothing_back(store: SqliteStore, tell: Tell) -> None:
    """A post that was set aside, or that a channel brings late."""
    await tell(mention("2", "stop", posted_at=NOON + 2 * MINUTE), decide=lambda _: Decision(opts_out=True))

    await tell(mention("1", "no me escribáis", posted_at=NOON + MINUTE), decide=lambda _: Decision(opts_out=True))

    customer = await store.history.customer("ana")
    assert customer is not None
    assert customer.opted_out_at == NOON + 2 * MINUTE


async def test_a_number_said_again_changes_no_answer(store: SqliteStore, tell: Tell) -> None:
    def asks(situation: Situation) -> Decision:
        ask = Ask(to=situation.mention.id, survey=SurveyKind.CSAT, text="1-5?", language=Language.ES)
        return Decision(actions=(_decided(ask),))

    await tell(mention("1"), decide=asks)
    (errand,) = await store.outbox.claim(1, NOON, MINUTE)
    await store.outbox.sent([Delivery(job=errand.job, receipt=Receipt(external_id="q", at=NOON))])
    for number, score in enumerate((5, 1), 1):
        post = mention(f"a{number}", str(score), posted_at=NOON + number * MINUTE)
        await tell(post, decide=lambda _, score=score: Decision(survey_answer=score))

    [found] = await store.reports.scores(NOON, NOON + timedelta(days=1))
    assert found.answers == (5,)


async def test_what_a_recording_of_days_to_come_leads_to_is_due_today(store: SqliteStore) -> None:
    post = mention("1", posted_at=datetime(2099, 1, 1, tzinfo=UTC))
    await store.inbox.accept("test", Batch(mentions=(post,), cursor=None), NOON)
    await store.history.settle([Heard(mention=post, reading=reading())], _thanks(Verdict.SEND), lambda moment: moment)

    assert len(await store.outbox.claim(1, datetime.now(UTC), MINUTE)) == 1


async def test_an_alert_that_wakes_people_leaves_before_any_card(store: SqliteStore, tell: Tell) -> None:
    def wakes(situation: Situation) -> Decision:
        card = Route(desk="d", reason="r", urgency=Urgency.HIGH)
        alarm = Decided(
            action=Alert(desk="d", reason="a", wakes=True),
            responder="escalate",
            ruling=Ruling(verdict=Verdict.SEND, reason="ok"),
        )
        return Decision(case=new_case(situation), actions=(_decided(card), alarm))

    await tell(mention("1"), decide=wakes)

    assert [errand.job.key for errand in await store.outbox.claim(2, NOON, MINUTE)] == ["test:1/alert", "test:1/route"]
