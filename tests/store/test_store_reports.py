"""Reports count what happened: small histories counted by hand, and random ones counted again by brute force."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.action import Ask, Route, SurveyKind
from bot.domain.case import Case, CaseId, CaseState, Outcome
from bot.domain.digest import CaseTally, LoopTally, Tally, TouchpointTally
from bot.domain.experience import Experience, ExperienceId
from bot.domain.mention import Batch, Mention
from bot.domain.outbox import Delivery, Receipt, Ruling, Verdict
from bot.domain.reading import Language, Reading, Sentiment, Touchpoint, Urgency
from bot.domain.situation import Decided, Decision, Heard, Settled, Situation
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, lived, memory_store, mention, new_case, reading

Tell = Callable[..., Awaitable[list[Settled]]]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BAD, GOOD = reading(sentiment=Sentiment.NEGATIVE), reading(sentiment=Sentiment.POSITIVE)
PERHAPS = replace(GOOD, scores={Sentiment.POSITIVE: 0.6, Sentiment.NEUTRAL: 0.3, Sentiment.NEGATIVE: 0.1})


def _late(situation: Situation) -> Decision:
    return Decision(case=new_case(situation), experiences=(lived(situation, Touchpoint.DELIVERY),))


def _felt(situation: Situation, touchpoint: Touchpoint, *tones: Sentiment) -> tuple[Experience, ...]:
    """As many experiences at one touchpoint."""
    return tuple(
        replace(lived(situation, touchpoint, number=number), sentiment=tone) for number, tone in enumerate(tones)
    )


def _at_the_door(*tones: Sentiment) -> Callable[[Situation], Decision]:
    return lambda situation: Decision(experiences=_felt(situation, Touchpoint.DELIVERY, *tones))


def _resolved(outcome: Outcome) -> Callable[[Situation], Decision]:
    def decide(situation: Situation) -> Decision:
        return Decision(case=situation.cases[0].resolved(situation.mention.posted_at, outcome))

    return decide


def _answer(external_id: str, to: str, at: datetime) -> Mention:
    return mention(external_id, who="brand", in_reply_to=to, posted_at=at, by_brand=True)


async def test_a_day_is_tallied_by_feeling_hour_channel_and_touchpoint(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=_late, read=BAD)
    await tell(mention("2", who="bea", posted_at=NOON + HOUR), decide=_late, read=GOOD)
    await tell(mention("3", posted_at=NOON + HOUR, channel="y"), read=reading(abstained=True, degraded=True))
    await tell(mention("4"), read=reading(spam=True))
    await tell(mention("5"), read=reading(about_brand=False))
    await tell(mention("6", posted_at=NOON - timedelta(microseconds=1)), mention("7", posted_at=NOON + DAY), read=BAD)
    await tell(mention("8", by_brand=True))
    assert await store.reports.tally(NOON, NOON + DAY) == Tally(
        since=NOON,
        until=NOON + DAY,
        mentions=3,
        negative=1,
        neutral=1,
        positive=1,
        abstained=1,
        degraded=1,
        left_out=2,
        customers=3,
        by_touchpoint={Touchpoint.DELIVERY: TouchpointTally(mentions=2, negative=1, positive=1, of_negative=1)},
        by_channel={"test": 2, "y": 1},
        negative_by_channel={"test": 1},
        by_hour={0: {Sentiment.NEGATIVE: 1}, 1: {Sentiment.POSITIVE: 1, Sentiment.NEUTRAL: 1}},
    )


async def test_a_mention_counts_once_at_a_touchpoint_with_its_worst_tone_there(store: SqliteStore, tell: Tell) -> None:
    bad, plain, good = Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE
    await tell(mention("1"), decide=_at_the_door(bad, bad), read=BAD)
    await tell(mention("2"), decide=_at_the_door(bad, good), read=BAD)
    await tell(mention("3"), decide=_at_the_door(good, plain, bad), read=GOOD)
    await tell(mention("4"), decide=_at_the_door(good, plain), read=BAD)
    await tell(mention("5"), decide=_at_the_door(plain, plain), read=reading())

    told = (await store.reports.tally(NOON, NOON + DAY)).by_touchpoint[Touchpoint.DELIVERY]

    assert told == TouchpointTally(mentions=5, negative=3, positive=1, of_negative=2)
    assert told.neutral == 1


async def test_a_touchpoint_is_as_busy_as_mentions_tell_of_it(store: SqliteStore, tell: Tell) -> None:
    def billed(situation: Situation) -> Decision:
        return Decision(experiences=_felt(situation, Touchpoint.BILLING, *[Sentiment.NEGATIVE] * 3))

    await tell(mention("1", "three times billed"), decide=billed, read=BAD)
    await tell(mention("2", "late"), mention("3", "late, too"), decide=_at_the_door(Sentiment.NEGATIVE), read=BAD)

    quotes = await store.reports.quotes(NOON, NOON + DAY, 3)

    assert [quote.touchpoint for quote in quotes] == [Touchpoint.DELIVERY, Touchpoint.BILLING, Touchpoint.DELIVERY]


async def test_an_empty_house_has_empty_reports(store: SqliteStore) -> None:
    reports = store.reports
    assert await reports.tally(NOON, NOON + DAY) == Tally(since=NOON, until=NOON + DAY)
    assert await reports.cases(NOON, NOON + DAY) == CaseTally()
    assert await reports.loops(NOON, NOON + DAY) == LoopTally()
    assert await reports.span() is None
    assert (await reports.quality(NOON, NOON)).channels_last_heard == {}
    nothing = (
        await reports.quotes(NOON, NOON + DAY, 9),
        await reports.promises(NOON, NOON + DAY),
        await reports.scores(NOON, NOON + DAY),
        await reports.texts(NOON, NOON + DAY, 9),
        await reports.digests(),
    )
    assert nothing == ([], [], [], [], [])


async def test_the_work_of_two_days_counted_by_hand(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", who="a"), decide=_late)  # answered in an hour
    await tell(_answer("b1", "1", NOON + HOUR))
    await tell(mention("2", who="b", posted_at=NOON + HOUR), decide=_late)  # answered after three hours, then resolved
    await tell(_answer("b2", "2", NOON + 4 * HOUR))
    await tell(mention("3", who="b", posted_at=NOON + 5 * HOUR), decide=_resolved(Outcome.RECOVERED))
    await tell(mention("4", who="c", posted_at=NOON + 6 * HOUR), decide=_late)  # never answered
    await tell(mention("5", who="d", posted_at=NOON + 7 * HOUR), decide=_late)  # answered a day late
    await tell(_answer("b5", "5", NOON + 2 * DAY + 7 * HOUR))
    assert await store.reports.cases(NOON, NOON + DAY) == CaseTally(
        opened=4,
        resolved=1,
        open_at_end=3,
        waiting_at_end=1,
        first_answer_median=2 * HOUR,
        answered_in_time=2,
        answers_due=2,
    )
    assert await store.reports.cases(NOON + DAY, NOON + 2 * DAY) == CaseTally(
        open_at_end=3, waiting_at_end=1, answers_due=2
    )


async def test_a_case_resolved_twice_in_a_day_is_one_and_owes_no_answer_any_more(
    store: SqliteStore, tell: Tell
) -> None:
    def again(situation: Situation) -> Decision:
        return Decision(case=situation.cases[0].heard_again(situation.mention.posted_at, (), Urgency.LOW))

    steps = (_late, _resolved(Outcome.NO_ANSWER), again, _resolved(Outcome.RECOVERED))
    for number, step in enumerate(steps):
        await tell(mention(str(number), thread_id="t", posted_at=NOON + number * HOUR), decide=step)
    assert await store.reports.cases(NOON, NOON + 2 * DAY) == CaseTally(opened=1, resolved=1)


async def test_the_loops_of_a_day_stand_as_at_its_end(store: SqliteStore, tell: Tell) -> None:
    for number, who in enumerate("abcd"):
        await tell(mention(who, who=who, posted_at=NOON + number * MINUTE), decide=_late, read=BAD)
    await tell(mention("fan", who="fan"), decide=_late, read=GOOD)
    await tell(mention("passer-by", who="p"), read=BAD)
    await tell(_answer("1", "a", NOON + HOUR), _answer("2", "b", NOON + HOUR), _answer("3", "c", NOON + 2 * DAY))
    await tell(mention("ok", who="a", posted_at=NOON + 2 * HOUR), decide=_resolved(Outcome.RECOVERED))
    await tell(mention("bah", who="b", posted_at=NOON + 2 * HOUR), decide=_resolved(Outcome.NOT_RECOVERED))
    await tell(mention("later", who="d", posted_at=NOON + 2 * DAY), decide=_resolved(Outcome.RECOVERED))
    day = await store.reports.loops(NOON, NOON + DAY)
    assert (day.detractors, day.contacted, day.recovered, day.not_recovered) == (4, 2, 1, 1)
    assert [(case.key, case.state, case.first_answered_at) for case in day.unclosed] == [
        (1003, CaseState.NEW, None),
        (1004, CaseState.NEW, None),
    ]
    just_before = await store.reports.loops(NOON, NOON + 2 * HOUR)
    assert (just_before.recovered, len(just_before.unclosed)) == (0, 4)
    now = await store.reports.loops(NOON, NOON + 3 * DAY)
    assert (now.detractors, now.contacted, now.recovered, now.not_recovered) == (4, 3, 2, 1)
    assert [case.key for case in now.unclosed] == [1003]


async def test_what_ends_at_the_end_of_a_day_stood_open_on_it_and_is_answered_in_time_to_the_last_moment(
    store: SqliteStore, tell: Tell
) -> None:
    await tell(mention("1"), decide=_late)
    await tell(_answer("b", "1", NOON + DAY))  # when it was due
    await tell(mention("2", posted_at=NOON + 2 * DAY), decide=_resolved(Outcome.RECOVERED))

    assert (await store.reports.cases(NOON, NOON + 2 * DAY)).open_at_end == 1
    assert (await store.reports.cases(NOON, NOON + 2 * DAY)).answered_in_time == 1
    assert (await store.reports.cases(NOON, NOON + 3 * DAY)).open_at_end == 0


@pytest.mark.parametrize("answered", [True, False])
async def test_a_case_that_was_merged_left_its_clock_to_the_other(
    store: SqliteStore, tell: Tell, *, answered: bool
) -> None:
    await tell(mention("1", thread_id="a"), decide=_late)
    await tell(mention("2", thread_id="b"), decide=_late)
    if answered:
        await tell(mention("b", who="brand", thread_id="a", posted_at=NOON + HOUR, by_brand=True))
    gone, kept = await store.history.case(1001), await store.history.case(1002)
    assert gone is not None
    assert kept is not None
    merged = replace(gone.case.resolved(NOON + 2 * DAY, None), merged_into=kept.case.id)
    await store.deeds.change(lambda papers: papers.keep(merged))

    work = await store.reports.cases(NOON, NOON + 3 * DAY)

    assert (work.answered_in_time, work.answers_due, work.first_answer_median) == (0, 1, None)


async def test_an_answer_from_before_they_were_unhappy_is_no_contact(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", thread_id="t"), decide=_late, read=GOOD)
    await tell(mention("b", who="brand", thread_id="t", posted_at=NOON + HOUR, by_brand=True))
    post = mention("2", thread_id="t", posted_at=NOON + 2 * HOUR)
    await tell(post, decide=lambda situation: Decision(case=situation.cases[0]), read=BAD)

    loops = await store.reports.loops(NOON, NOON + DAY)

    assert (loops.detractors, loops.contacted) == (1, 0)


async def test_who_was_won_back_in_one_case_and_lost_in_another_was_won_back(store: SqliteStore, tell: Tell) -> None:
    for number, outcome in enumerate((Outcome.RECOVERED, Outcome.NOT_RECOVERED)):
        at = NOON + number * HOUR
        await tell(mention(f"{number}", thread_id=f"t{number}", posted_at=at), decide=_late, read=BAD)
        await tell(mention(f"{number}!", thread_id=f"t{number}", posted_at=at + MINUTE), decide=_resolved(outcome))

    loops = await store.reports.loops(NOON, NOON + DAY)

    assert (loops.detractors, loops.recovered, loops.not_recovered) == (1, 1, 0)


@pytest.mark.parametrize(
    ("read", "outcome", "glad"),
    [
        (GOOD, None, True),
        (PERHAPS, None, False),
        (reading(sentiment=Sentiment.POSITIVE, abstained=True), None, False),
        (PERHAPS, Outcome.RECOVERED, True),
        (PERHAPS, Outcome.NO_ANSWER, False),
        (BAD, Outcome.RECOVERED, False),
    ],
)
async def test_a_quote_is_glad_where_it_was_read_surely_or_the_case_recovered(
    store: SqliteStore, tell: Tell, read: Reading, outcome: Outcome | None, glad: bool
) -> None:
    def lives(situation: Situation) -> Decision:
        case = new_case(situation)
        return Decision(
            case=case if outcome is None else case.resolved(situation.now, outcome),
            experiences=(lived(situation, Touchpoint.DELIVERY, confidence=0.9),),
        )

    await tell(mention("1", "n1"), decide=lives, read=read)

    assert [quote.glad for quote in await store.reports.quotes(NOON, NOON + DAY, 9)] == [glad]


async def test_quotes_are_the_surest_of_the_busiest_touchpoints(store: SqliteStore, tell: Tell) -> None:
    def at(touchpoint: Touchpoint, confidence: float) -> Callable[[Situation], Decision]:
        return lambda situation: Decision(
            case=new_case(situation) if confidence == 0.9 else None,
            experiences=(
                lived(situation, touchpoint, confidence=confidence),
                lived(situation, touchpoint, confidence=0.1, number=2),
            ),
        )

    for number, (touchpoint, confidence, read) in enumerate(
        [
            (Touchpoint.DELIVERY, 0.8, BAD),
            (Touchpoint.DELIVERY, 0.9, BAD),
            (Touchpoint.DELIVERY, 0.5, GOOD),
            (Touchpoint.BILLING, 0.99, GOOD),
            (Touchpoint.BILLING, 0.95, reading()),
            (Touchpoint.STORE, 0.99, reading(sentiment=Sentiment.NEGATIVE, spam=True)),
        ]
    ):
        await tell(mention(str(number), f"n{number}"), decide=at(touchpoint, confidence), read=read)
    quotes = await store.reports.quotes(NOON, NOON + DAY, 10)
    assert [quote.text for quote in quotes] == ["n1", "n2", "n3", "n0"]
    assert [quote.case_key for quote in quotes] == [1001, None, None, None]
    assert await store.reports.quotes(NOON, NOON + DAY, 2) == quotes[:2]


async def test_scores_are_the_answers_to_what_was_asked_in_the_period(store: SqliteStore, tell: Tell) -> None:
    def asks(kind: SurveyKind) -> Callable[[Situation], Decision]:
        return lambda situation: Decision(
            actions=(
                Decided(
                    action=Ask(to=situation.mention.id, survey=kind, text="?", language=Language.ES),
                    responder="ask",
                    ruling=Ruling(verdict=Verdict.SEND, reason="ok"),
                ),
            )
        )

    for who, kind in {"a": SurveyKind.NPS, "b": SurveyKind.NPS, "c": SurveyKind.CES}.items():
        await tell(mention(who, who=who), decide=asks(kind))
    errands = await store.outbox.claim(9, NOON, MINUTE)
    await store.outbox.sent(
        [Delivery(job=errand.job, receipt=Receipt(external_id=errand.job.key, at=NOON)) for errand in errands]
    )
    await tell(mention("9", "9", who="a", posted_at=NOON + HOUR), decide=lambda _: Decision(survey_answer=9))
    await tell(mention("3", "3", who="c", posted_at=NOON + DAY), decide=lambda _: Decision(survey_answer=3))
    found = {score.kind: (score.asked, score.answers) for score in await store.reports.scores(NOON, NOON + DAY)}
    assert found == {SurveyKind.NPS: (2, (9,)), SurveyKind.CES: (1, ())}
    assert await store.reports.scores(NOON + DAY, NOON + 2 * DAY) == []


async def test_texts_about_the_brand_come_newest_first(store: SqliteStore, tell: Tell) -> None:
    await tell(*(mention(str(n), f"n{n}", posted_at=NOON + n * MINUTE) for n in range(4)))
    await tell(mention("spam", "spam"), read=reading(spam=True))
    assert await store.reports.texts(NOON, NOON + 3 * MINUTE, 2) == ["n2", "n1"]


async def test_the_data_quality_names_silent_channels_and_work_for_people(store: SqliteStore, tell: Tell) -> None:
    def corrected(situation: Situation) -> Decision:
        one, other = replace(lived(situation, None), corrected_by="maya"), lived(situation, Touchpoint.DELIVERY)
        return Decision(experiences=(one, replace(other, id=ExperienceId(f"{one.id}/2"), corrected_by="maya")))

    def routes(situation: Situation) -> Decision:
        route = Route(desk="d", reason="r", urgency=Urgency.LOW)
        decided = Decided(action=route, responder="r", ruling=Ruling(verdict=Verdict.SEND, reason="ok"))
        return Decision(actions=(decided, decided))

    await tell(mention("0", channel="x", posted_at=NOON - DAY), decide=corrected)
    await tell(mention("1", channel="x"), decide=corrected)
    await tell(mention("2", channel="y", posted_at=NOON + HOUR), decide=routes)
    await tell(mention("3", channel="y", posted_at=NOON + 2 * DAY))
    one, two = await store.outbox.claim(9, NOON + HOUR, MINUTE)
    await store.outbox.unknown(one.job, "?")
    await store.outbox.dead(two.job, "no")
    await store.inbox.accept("x", Batch(mentions=(mention("4", channel="a"),), cursor=None), NOON)
    quality = await store.reports.quality(NOON, NOON + DAY)
    assert quality.channels_last_heard == {"a": NOON, "x": NOON, "y": NOON + HOUR}
    assert (quality.waiting, quality.quarantined) == (1, 0)
    assert (quality.unknown_sends, quality.dead_sends, quality.corrections) == (1, 1, 1)
    assert await store.reports.span() == (NOON - DAY, NOON + 2 * DAY)


async def test_an_edition_is_kept_once(store: SqliteStore) -> None:
    assert await store.reports.keep_digest("z:daily:2026-10-25", "uno", NOON)
    assert not await store.reports.keep_digest("z:daily:2026-10-25", "dos", NOON)
    assert await store.reports.keep_digest("a:daily:2026-10-26", "tres", NOON)
    assert await store.reports.digests() == ["z:daily:2026-10-25", "a:daily:2026-10-26"]


@dataclass(frozen=True, slots=True)
class Event:
    """One post of a random history, a quarter of an hour after the one before."""

    who: str
    channel: str
    sentiment: Sentiment
    spam: bool
    about_brand: bool
    abstained: bool
    touchpoint: Touchpoint | None
    tones: tuple[Sentiment, ...]  # at the touchpoint, one an experience
    then: str  # open, again, recovered, not_recovered, nothing, answer

    def read(self) -> Reading:
        return reading(sentiment=self.sentiment, spam=self.spam, about_brand=self.about_brand, abstained=self.abstained)

    def decide(self, situation: Situation) -> Decision:
        there = _felt(situation, self.touchpoint, *self.tones) if self.touchpoint else ()
        return Decision(case=self._case(situation), experiences=there)

    @property
    def tone(self) -> Sentiment:
        """At the touchpoint."""
        bad, good = Sentiment.NEGATIVE, Sentiment.POSITIVE
        return bad if bad in self.tones else good if good in self.tones else Sentiment.NEUTRAL

    def _case(self, situation: Situation) -> Case | None:
        at = situation.mention.posted_at
        if self.then == "open":
            # the clock is short, so that some run out within these histories
            return replace(new_case(situation), first_answer_due=at + HOUR)
        if not situation.cases:
            return None
        if self.then == "again":
            return situation.cases[0].heard_again(at, (), Urgency.LOW)
        return situation.cases[0].resolved(at, Outcome(self.then)) if "recovered" in self.then else None


_EVENTS = st.lists(
    st.builds(
        Event,
        st.sampled_from("abc"),
        st.sampled_from("xy"),
        st.sampled_from(Sentiment),
        st.integers(0, 5).map(lambda n: n == 0),
        st.integers(0, 5).map(lambda n: n != 0),
        st.booleans(),
        st.sampled_from([None, Touchpoint.DELIVERY, Touchpoint.BILLING]),
        st.lists(st.sampled_from(Sentiment), min_size=1, max_size=3).map(tuple),
        st.sampled_from(["open", "open", "again", "recovered", "not_recovered", "nothing", "answer", "answer"]),
    ),
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(events=_EVENTS, start=st.integers(0, 30), length=st.integers(1, 30))
def test_reports_agree_with_counting_everything_again(events: list[Event], start: int, length: int) -> None:
    since = NOON + start * 15 * MINUTE
    asyncio.run(_check(events, since, since + length * 15 * MINUTE))


@dataclass(frozen=True, slots=True)
class Told:
    """What a random history left behind: each event with its time and its case as it then was."""

    event: Event
    at: datetime
    case: Case | None


async def _check(events: list[Event], since: datetime, until: datetime) -> None:
    async with memory_store() as store:
        told = [await _tell(store, number, event) for number, event in enumerate(events)]
        assert await store.reports.tally(since, until) == _tally(told, since, until)
        assert await store.reports.cases(since, until) == _cases(told, since, until)
        assert await store.reports.loops(since, until) == _loops(told, since, until)


async def _tell(store: SqliteStore, number: int, event: Event) -> Told:
    at = NOON + number * 15 * MINUTE
    by_brand = event.then == "answer"
    post = mention(
        str(number),
        channel=event.channel,
        who="brand" if by_brand else event.who,
        thread_id=event.who,
        posted_at=at,
        by_brand=by_brand,
    )
    await store.inbox.accept("x", Batch(mentions=(post,), cursor=None), NOON)
    heard = Heard(mention=post, reading=None if by_brand else event.read())
    (settled,) = await store.history.settle([heard], event.decide, lambda moment: moment)
    return Told(event, at, settled.case)


def _heard(told: list[Told], since: datetime, until: datetime) -> list[Told]:
    return [one for one in told if since <= one.at < until and one.event.then != "answer"]


def _counted(told: list[Told]) -> list[Told]:
    return [one for one in told if one.event.about_brand and not one.event.spam]


def _tally(told: list[Told], since: datetime, until: datetime) -> Tally:
    heard = _heard(told, since, until)
    counted = _counted(heard)
    feelings = Counter(one.event.sentiment for one in counted)
    hours: dict[int, Counter[Sentiment]] = {}
    for one in counted:
        hours.setdefault((one.at - since) // HOUR, Counter())[one.event.sentiment] += 1
    return Tally(
        since=since,
        until=until,
        mentions=len(counted),
        negative=feelings[Sentiment.NEGATIVE],
        neutral=feelings[Sentiment.NEUTRAL],
        positive=feelings[Sentiment.POSITIVE],
        abstained=sum(one.event.abstained for one in counted),
        left_out=len(heard) - len(counted),
        customers=len({(one.event.who, one.event.channel) for one in counted}),
        by_touchpoint={
            touchpoint: TouchpointTally(
                mentions=len(there),
                negative=sum(one.event.tone is Sentiment.NEGATIVE for one in there),
                positive=sum(one.event.tone is Sentiment.POSITIVE for one in there),
                of_negative=sum(
                    one.event.tone is Sentiment.NEGATIVE and one.event.sentiment is Sentiment.NEGATIVE for one in there
                ),
            )
            for touchpoint in Touchpoint
            if (there := [one for one in counted if one.event.touchpoint is touchpoint])
        },
        by_channel=Counter(one.event.channel for one in counted),
        negative_by_channel=Counter(one.event.channel for one in counted if one.event.sentiment is Sentiment.NEGATIVE),
        by_hour=hours,
    )


def _as_at(told: list[Told], until: datetime) -> dict[str, Case]:
    return {one.case.id: one.case for one in told if one.case is not None and one.at < until}


def _cases(told: list[Told], since: datetime, until: datetime) -> CaseTally:
    at_end, ever = _as_at(told, until).values(), _as_at(told, NOON + 99 * DAY).values()
    open_ones = [case for case in at_end if case.is_open]
    answered = [case for case in ever if case.first_answered_at and since <= case.first_answered_at < until]
    in_time = sum(case.first_answered_at <= case.first_answer_due for case in answered if case.first_answered_at)
    ran_out = [
        case
        for case in ever
        if since <= case.first_answer_due < until
        and (case.first_answered_at is None or case.first_answered_at > case.first_answer_due)
        and (case.first_answered_at or case.resolved_at is None or case.resolved_at > case.first_answer_due)
    ]
    waits = [(case.first_answered_at - case.opened_at) // MINUTE for case in answered if case.first_answered_at]
    return CaseTally(
        opened=sum(since <= case.opened_at < until for case in ever),
        resolved=len(_resolved_in(told, since, until)),
        open_at_end=len(open_ones),
        waiting_at_end=sum(case.state is CaseState.WAITING for case in open_ones),
        first_answer_median=median(waits) * MINUTE if waits else None,
        answered_in_time=in_time,
        answers_due=in_time + len(ran_out),
    )


def _resolved_in(told: list[Told], since: datetime, until: datetime) -> set[str]:
    """The cases that turned from open to resolved in the period."""
    was_open: dict[str, bool] = {}
    turned = set()
    for one in told:
        if one.case is not None:
            if not one.case.is_open and was_open.get(one.case.id, True) and since <= one.at < until:
                turned.add(str(one.case.id))
            was_open[one.case.id] = one.case.is_open
    return turned


def _loops(told: list[Told], since: datetime, until: datetime) -> LoopTally:
    unhappy: dict[CaseId, datetime] = {}
    for one in _counted(_heard(told, since, until)):
        if one.case is not None and one.event.sentiment is Sentiment.NEGATIVE:
            unhappy.setdefault(one.case.id, one.at)
    answered = {
        one.case.id
        for one in told
        if one.event.then == "answer" and one.case is not None and unhappy.get(one.case.id, until) <= one.at < until
    }
    ever = _as_at(told, NOON + 99 * DAY)
    stood = [case for key, case in _as_at(told, until).items() if key in unhappy]
    recovered = {case.customer_id for case in stood if case.outcome is Outcome.RECOVERED}
    return LoopTally(
        detractors=len({case.customer_id for case in stood}),
        contacted=len({case.customer_id for case in stood if case.id in answered}),
        recovered=len(recovered),
        not_recovered=len({case.customer_id for case in stood if case.outcome is Outcome.NOT_RECOVERED} - recovered),
        unclosed=tuple(
            replace(case, updated_at=ever[case.id].updated_at, reopened=ever[case.id].reopened)
            for case in sorted(stood, key=lambda case: (case.opened_at, case.key))
            if case.is_open
        ),
    )


async def test_a_time_without_a_zone_is_a_mistake(store: SqliteStore) -> None:
    with pytest.raises(TypeError):
        await store.reports.quality(NOON, NOON.replace(tzinfo=None))
