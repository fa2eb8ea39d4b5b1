"""The round of the responders: who speaks, who is heard, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.action import Action, Alert, Ask, Close, Reply, ReplyKind, Route, Silence, SurveyKind
from bot.domain.agent import Agent
from bot.domain.case import CaseId, CaseState, Outcome
from bot.domain.interaction import Direction, Interaction
from bot.domain.outbox import Ruling, Verdict
from bot.domain.ports.judge import Responder
from bot.domain.reading import Intent, Language, Sentiment, Touchpoint, Urgency
from bot.domain.situation import Decision, Facts, Situation
from bot.domain.survey import Survey
from bot.pipeline.casework import Clocks
from bot.pipeline.decide import Decider
from bot.testing import NOON, mention, reading
from tests.pipeline.conftest import ANA, a_case, about, tell

TO = mention("m1").id
REPLY = Reply(to=TO, kind=ReplyKind.THANKS, text="Gracias", language=Language.ES)
ASK = Ask(to=TO, survey=SurveyKind.CSAT, text="¿Del 1 al 5?", language=Language.ES)
ROUTE = Route(desk="casos", reason="delivery", urgency=Urgency.LOW)
Decide = Callable[..., Decision]


class Says:
    """A responder that always says the same, and remembers what it saw."""

    def __init__(self, name: str, *actions: Action) -> None:
        self.name = name
        self.seen: list[Situation] = []
        self._actions = actions

    def respond(self, situation: Situation) -> Iterable[Action]:
        self.seen.append(situation)
        return self._actions


class OneReplyOnly:
    """A policy that lets one automatic reply through and keeps the counts it was shown."""

    def __init__(self, verdict: Verdict = Verdict.SEND) -> None:
        self.shown: list[Facts] = []
        self._verdict = verdict

    def judge(self, action: Action, situation: Situation) -> Ruling:
        self.shown.append(situation.facts)
        if isinstance(action, Reply) and situation.facts.auto_replies_in_conversation:
            return Ruling(verdict=Verdict.BLOCK, reason="one is enough")
        return Ruling(verdict=self._verdict, reason="fine")

    def judge_person(self, text: str | None, situation: Situation, by: Agent) -> Ruling:
        del text, situation, by
        return Ruling(verdict=Verdict.SEND, reason="a person")


@pytest.fixture
def policy() -> OneReplyOnly:
    return OneReplyOnly()


@pytest.fixture
def decide(clocks: Clocks, policy: OneReplyOnly) -> Decide:
    def round_of(situation: Situation, *responders: Responder, policy: OneReplyOnly = policy) -> Decision:
        return Decider(
            responders=responders, policy=policy, clocks=clocks, wants_out=lambda text, _: text.lower() == "baja"
        )(situation)

    return round_of


def actions(decision: Decision) -> list[tuple[str, str, Verdict]]:
    return [(type(one.action).__name__, one.responder, one.ruling.verdict) for one in decision.actions]


def test_each_responder_speaks_in_its_turn_and_is_named(decide: Decide) -> None:
    decision = decide(tell(), Says("thank", REPLY), Says("quiet"), Says("route", ROUTE))

    assert actions(decision) == [("Reply", "thank", Verdict.SEND), ("Route", "route", Verdict.SEND)]


def test_silence_ends_the_round(decide: Decide) -> None:
    later = Says("route", ROUTE)

    decision = decide(tell(), Says("thank", REPLY), Says("hush", Silence(reason="spam"), ROUTE), later)

    assert actions(decision) == [("Reply", "thank", Verdict.SEND), ("Silence", "hush", Verdict.SEND)]
    assert later.seen == []


def test_a_machine_never_answers_an_edit(decide: Decide) -> None:
    edited = replace(tell(reading(urgency=Urgency.HIGH)), edited=True, before=reading())

    assert actions(decide(edited, Says("thank", REPLY))) == [("Reply", "thank", Verdict.APPROVE)]
    assert actions(decide(replace(edited, before=edited.reading), Says("thank", REPLY))) == []


def test_responders_see_what_was_lived_and_the_case(decide: Decide) -> None:
    looks = Says("looks")

    decision = decide(tell(about(Touchpoint.DELIVERY, intents=(Intent.COMPLAINT,))), looks)

    [situation] = looks.seen
    assert situation.case == decision.case is not None
    assert situation.experiences == decision.experiences
    assert len(decision.experiences) == 1


def test_what_is_routed_as_urgent_wants_its_first_answer_as_soon(decide: Decide) -> None:
    complaint = about(Touchpoint.PRODUCT_USE, intents=(Intent.COMPLAINT,))
    friday_night = NOON + timedelta(days=4, hours=8)
    calm, urgent = ROUTE, replace(ROUTE, urgency=Urgency.HIGH)

    waits = decide(tell(complaint, at=friday_night), Says("route", calm)).case
    does_not = decide(tell(complaint, at=friday_night), Says("escalate", urgent)).case

    assert waits is not None
    assert does_not is not None
    assert waits.first_answer_due > friday_night + timedelta(days=2)
    assert does_not.first_answer_due == friday_night + timedelta(hours=1)
    later = friday_night + timedelta(hours=3)
    worse = decide(tell(complaint, at=later, cases=(replace(waits, key=1001),)), Says("escalate", urgent)).case
    assert worse is not None
    assert worse.first_answer_due == later + timedelta(hours=1)


def test_further_words_do_not_put_off_the_first_answer(decide: Decide) -> None:
    complaint = about(Touchpoint.DELIVERY, intents=(Intent.COMPLAINT,))
    first = decide(tell(complaint)).case
    assert first is not None

    again = decide(tell(complaint, at=NOON + timedelta(hours=2), cases=(replace(first, key=1001),))).case

    assert again is not None
    assert again.id == first.id
    assert again.first_answer_due == first.first_answer_due


def test_silence_does_not_unmake_what_was_lived(decide: Decide) -> None:
    complaint = about(Touchpoint.DELIVERY, intents=(Intent.COMPLAINT,))

    decision = decide(tell(complaint), Says("hush", Silence(reason="opted out")))

    assert decision.experiences
    assert decision.case is not None


# --- counts within one mention ---


def test_of_two_replies_to_one_mention_the_second_already_counts_the_first(
    decide: Decide, policy: OneReplyOnly
) -> None:
    decision = decide(tell(), Says("thank", REPLY), Says("answer", REPLY))

    assert [verdict for _, _, verdict in actions(decision)] == [Verdict.SEND, Verdict.BLOCK]
    assert policy.shown[1] == Facts(
        auto_replies_in_conversation=1,
        auto_replies_to_author_today=1,
        auto_replies_this_hour=1,
        auto_replies_today=1,
    )


def test_two_replies_of_one_responder_count_too(decide: Decide) -> None:
    assert [verdict for _, _, verdict in actions(decide(tell(), Says("thank", REPLY, REPLY)))] == [
        Verdict.SEND,
        Verdict.BLOCK,
    ]


def test_what_was_counted_before_stays_counted(decide: Decide, policy: OneReplyOnly) -> None:
    decide(tell(facts=Facts(auto_replies_today=7)), Says("ask", ASK), Says("route", ROUTE))

    assert policy.shown[1].auto_replies_today == 8


def test_a_survey_counts_like_a_reply(decide: Decide, policy: OneReplyOnly) -> None:
    decide(tell(), Says("ask", ASK), Says("thank", REPLY))

    assert policy.shown[1].auto_replies_in_conversation == 1
    assert policy.shown[1].auto_replies_to_author_today == 1


@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.SHADOW, Verdict.BLOCK])
def test_what_is_not_sent_by_itself_does_not_count(decide: Decide, verdict: Verdict) -> None:
    policy = OneReplyOnly(verdict)

    decide(tell(), Says("thank", REPLY), Says("answer", REPLY), policy=policy)

    assert policy.shown == [Facts(), Facts()]


def test_desk_work_does_not_count(decide: Decide, policy: OneReplyOnly) -> None:
    decide(tell(), Says("route", ROUTE, Alert(desk="alertas", reason="fire")), Says("thank", REPLY))

    assert policy.shown == [Facts()] * 3


# --- closing, leaving, answering ---


def test_a_customer_who_says_it_is_solved_closes_the_case_with_the_proof(decide: Decide) -> None:
    later = NOON + timedelta(hours=5)
    praise = reading(intents=(Intent.PRAISE,), sentiment=Sentiment.POSITIVE)

    decision = decide(tell(praise, cases=(a_case(),), thread="t", at=later), Says("thank", Close(reason="solved")))

    assert decision.case is not None
    assert (decision.case.state, decision.case.outcome) == (CaseState.RESOLVED, Outcome.RECOVERED)
    assert decision.case.resolved_at == later


def test_without_a_close_the_case_stays_open(decide: Decide) -> None:
    decision = decide(tell(cases=(a_case(),), thread="t"), Says("thank", REPLY))

    assert decision.case is not None
    assert decision.case.is_open


@pytest.mark.parametrize(("said", "state"), [((ROUTE,), CaseState.IN_PROGRESS), ((), CaseState.WAITING)])
def test_what_is_brought_to_people_waits_for_no_customer(
    decide: Decide, said: tuple[Action, ...], state: CaseState
) -> None:
    waiting = a_case().answered(NOON)
    thanks = reading(intents=(Intent.PRAISE,), sentiment=Sentiment.POSITIVE)

    decision = decide(tell(thanks, cases=(waiting,), thread="t", at=NOON + timedelta(hours=1)), Says("escalate", *said))

    assert decision.case is not None
    assert decision.case.state is state


def test_a_case_is_as_urgent_as_it_was_routed(decide: Decide) -> None:
    complaint = about(Touchpoint.DELIVERY, intents=(Intent.COMPLAINT,), urgency=Urgency.MEDIUM)
    high, low = (Route(desk="casos", reason="why", urgency=urgency) for urgency in (Urgency.HIGH, Urgency.LOW))

    routed = [decide(tell(complaint), Says("route", *routes)).case for routes in ((high, low), (low,))]

    assert [case.urgency for case in routed if case] == [Urgency.HIGH, Urgency.MEDIUM]


def test_closing_where_there_is_no_case_makes_none(decide: Decide) -> None:
    smalltalk = reading(intents=(Intent.SMALLTALK,))

    assert decide(tell(smalltalk), Says("thank", Close(reason="solved"))).case is None


@pytest.mark.parametrize(("text", "out"), [("BAJA", True), ("baja de la silla", False)])
def test_who_wants_out_is_let_out(decide: Decide, text: str, out: bool) -> None:
    assert decide(tell(text=text)).opts_out is out


def test_a_wish_for_peace_opens_no_case_unless_it_tells_of_a_problem_and_takes_none_out_of_the_file(
    decide: Decide,
) -> None:
    unhappy = reading(intents=(Intent.COMPLAINT,), sentiment=Sentiment.NEGATIVE)
    lived = about(Touchpoint.DELIVERY, intents=(Intent.COMPLAINT,))

    assert decide(tell(unhappy, text="baja")).case is None
    assert decide(tell(lived, text="baja")).case is not None
    known = decide(tell(unhappy, text="baja", cases=(a_case(),), thread="t")).case
    assert known is not None
    assert known.key == a_case().key


@pytest.mark.parametrize(
    ("known", "due"),
    [
        ({"first_answer_due": NOON + timedelta(minutes=5)}, NOON + timedelta(minutes=5)),
        ({"first_answer_due": NOON + timedelta(days=1)}, NOON + timedelta(hours=1)),
        ({"first_answer_due": NOON + timedelta(days=1), "first_answered_at": NOON}, NOON + timedelta(days=1)),
    ],
    ids=["due sooner", "due later", "answered"],
)
def test_what_becomes_urgent_is_due_as_soon_and_never_later_and_an_answer_that_was_given_stands(
    decide: Decide, known: dict[str, Any], due: datetime
) -> None:
    complaint = about(Touchpoint.DELIVERY, intents=(Intent.COMPLAINT,))
    urgent = Route(desk="casos", reason="why", urgency=Urgency.HIGH)

    case = decide(tell(complaint, cases=(a_case(**known),), thread="t"), Says("route", urgent)).case

    assert case is not None
    assert (case.urgency, case.first_answer_due) == (Urgency.HIGH, due)


def asked(kind: SurveyKind = SurveyKind.CSAT, answer: int | None = None) -> Facts:
    survey = Survey(id="s", customer_id=ANA, kind=kind, asked_at=NOON, answer=answer)
    return Facts(last_survey=survey)


def test_a_number_after_a_question_is_its_answer_and_nothing_else(decide: Decide) -> None:
    thank = Says("thank", REPLY)

    decision = decide(tell(text="@zarapito 4/5", facts=asked(), cases=(a_case(),), thread="t"), thank)

    assert decision.survey_answer == 4
    assert actions(decision) == [("Silence", "survey answer", Verdict.SEND)]
    assert decision.case is None
    assert decision.experiences == ()
    assert thank.seen == []


@pytest.mark.parametrize(
    ("text", "facts", "days"),
    [
        ("4", Facts(), 0),  # nobody asked
        ("4", asked(answer=5), 0),  # answered already
        ("4", asked(), 8),  # too late
        ("4", asked(), -1),  # said before, and heard late
        ("9", asked(), 0),  # not on the scale
        ("un 4", asked(), 0),  # not a bare number
    ],
)
def test_other_numbers_are_ordinary_words(decide: Decide, text: str, facts: Facts, days: int) -> None:
    decision = decide(tell(text=text, facts=facts, at=NOON + timedelta(days=days)), Says("thank", REPLY))

    assert decision.survey_answer is None
    assert actions(decision) == [("Reply", "thank", Verdict.SEND)]


def test_an_answer_counts_to_the_last_minute_of_a_week(decide: Decide) -> None:
    assert decide(tell(text="4", facts=asked(), at=NOON + timedelta(days=7))).survey_answer == 4


def test_deciding_twice_is_deciding_once(decide: Decide) -> None:
    situation = tell(about(Touchpoint.DELIVERY, intents=(Intent.COMPLAINT,)))
    responders: Sequence[Responder] = (Says("thank", REPLY), Says("route", ROUTE))

    assert decide(situation, *responders) == decide(situation, *responders)


def test_a_question_that_has_not_left_yet_is_answered_by_nothing(decide: Decide) -> None:
    survey = Survey(id="s", customer_id=ANA, kind=SurveyKind.CSAT, asked_at=NOON, left=False)

    assert decide(tell(text="4", facts=Facts(last_survey=survey))).survey_answer is None


@pytest.mark.parametrize(
    ("key", "minutes", "case_id", "score"),
    [
        ("a/reply", 5, "case", None),  # "how many are missing?"
        ("s", 5, "case", 2),  # the question itself
        ("a/reply", -5, "case", 2),  # before the question
        ("a/reply", 5, "other", 2),  # about something else
    ],
)
def test_a_number_answers_what_the_brand_said_last(
    decide: Decide, key: str, minutes: int, case_id: str, score: int | None
) -> None:
    line = Interaction(
        key=key,
        customer_id=ANA,
        case_id=CaseId(case_id),
        mention_id=None,
        at=NOON + timedelta(minutes=minutes),
        direction=Direction.OUTBOUND,
        actor="discord:1",
        channel="test",
        text="¿Cuántas tazas faltan?",
    )
    told = tell(text="2", facts=asked(), cases=(a_case(),), thread="t", at=NOON + timedelta(hours=1))

    decision = decide(replace(told, thread_case=CaseId("case"), history=(line,)))

    assert decision.survey_answer == score
