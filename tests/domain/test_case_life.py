"""The life of a case, told through its methods."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.case import Case, CaseId, CaseState, Outcome
from bot.domain.customer import CustomerId
from bot.domain.errors import CaseClosed
from bot.domain.mention import MentionId
from bot.domain.reading import Touchpoint, Urgency

OPENED = datetime(2026, 5, 12, 10, tzinfo=UTC)
LATER = OPENED + timedelta(hours=2)
NEXT_DAY = OPENED + timedelta(days=1)


@pytest.fixture
def case() -> Case:
    return Case(
        id=CaseId("c"),
        key=7,
        customer_id=CustomerId("ana"),
        channel="x",
        thread_id="t",
        opened_by=MentionId("x:1"),
        touchpoints=(Touchpoint.DELIVERY,),
        state=CaseState.NEW,
        urgency=Urgency.MEDIUM,
        opened_at=OPENED,
        updated_at=OPENED,
        first_answer_due=NEXT_DAY,
        solve_due=NEXT_DAY,
    )


def test_the_first_answer_stops_the_clock_once(case: Case) -> None:
    answered = case.answered(LATER).answered(NEXT_DAY)

    assert answered.first_answered_at == LATER
    assert answered.state is CaseState.WAITING
    assert answered.updated_at == NEXT_DAY


def test_a_case_that_nobody_answered_stays_new_however_often_they_write(case: Case) -> None:
    heard = case.heard_again(LATER, (Touchpoint.DELIVERY,), Urgency.LOW)

    assert heard.state is CaseState.NEW
    assert heard.updated_at == LATER


def test_a_customer_who_answers_us_puts_the_case_back_in_progress(case: Case) -> None:
    assert case.answered(LATER).heard_again(NEXT_DAY, (), Urgency.LOW).state is CaseState.IN_PROGRESS


def test_late_news_of_what_they_wrote_before_they_were_won_back_opens_nothing(case: Case) -> None:
    closed = case.answered(LATER).resolved(NEXT_DAY, Outcome.RECOVERED)

    heard = closed.heard_again(LATER, (Touchpoint.BILLING,), Urgency.HIGH)

    assert (heard.state, heard.outcome, heard.resolved_at, heard.reopened) == (
        CaseState.RESOLVED,
        Outcome.RECOVERED,
        NEXT_DAY,
        0,
    )
    assert (heard.touchpoints, heard.urgency) == ((Touchpoint.DELIVERY, Touchpoint.BILLING), Urgency.HIGH)


@pytest.mark.parametrize("outcome", [None, Outcome.NO_ANSWER])
def test_late_news_opens_what_was_closed_without_their_word(case: Case, outcome: Outcome | None) -> None:
    closed = case.answered(OPENED).resolved(NEXT_DAY, outcome)

    assert closed.heard_again(LATER, (), Urgency.LOW).state is CaseState.IN_PROGRESS


@pytest.mark.parametrize(
    ("before_the_answer", "urgency", "state"),
    [
        (timedelta(hours=1), Urgency.MEDIUM, CaseState.WAITING),
        (timedelta(minutes=10), Urgency.MEDIUM, CaseState.IN_PROGRESS),
        (timedelta(hours=1), Urgency.HIGH, CaseState.IN_PROGRESS),
        (timedelta(hours=-1), Urgency.LOW, CaseState.IN_PROGRESS),
    ],
    ids=["answered", "crossed it", "more urgent", "after it"],
)
def test_what_they_wrote_well_before_our_answer_does_not_make_it_our_turn(
    case: Case, before_the_answer: timedelta, urgency: Urgency, state: CaseState
) -> None:
    waiting = case.answered(NEXT_DAY)

    heard = waiting.heard_again(NEXT_DAY - before_the_answer, (), urgency, answered=NEXT_DAY)

    assert heard.state is state


def test_a_case_is_as_urgent_as_its_most_urgent_word(case: Case) -> None:
    assert case.heard_again(LATER, (), Urgency.HIGH).heard_again(NEXT_DAY, (), Urgency.LOW).urgency is Urgency.HIGH


def test_touchpoints_gather_without_doubles(case: Case) -> None:
    heard = case.heard_again(LATER, (Touchpoint.BILLING, Touchpoint.DELIVERY), Urgency.LOW)

    assert heard.touchpoints == (Touchpoint.DELIVERY, Touchpoint.BILLING)


def test_a_resolved_case_is_closed_with_its_proof(case: Case) -> None:
    closed = case.resolved(LATER, Outcome.RECOVERED)

    assert not closed.is_open
    assert (closed.resolved_at, closed.outcome) == (LATER, Outcome.RECOVERED)


def test_a_customer_who_comes_back_reopens_it_and_it_is_counted(case: Case) -> None:
    again = case.answered(LATER).resolved(LATER, Outcome.RECOVERED).heard_again(NEXT_DAY, (), Urgency.LOW)

    assert again.is_open
    assert again.state is CaseState.IN_PROGRESS
    assert (again.reopened, again.resolved_at, again.outcome) == (1, None, None)


def test_writing_in_an_open_case_is_no_reopening(case: Case) -> None:
    assert case.heard_again(LATER, (), Urgency.LOW).reopened == 0


def test_a_late_kind_word_from_us_does_not_reopen_it(case: Case) -> None:
    late = case.resolved(LATER, Outcome.NO_ANSWER).answered(NEXT_DAY)

    assert late.state is CaseState.RESOLVED
    assert late.first_answered_at is None


def test_an_answer_that_is_heard_of_after_the_end_was_an_answer(case: Case) -> None:
    closed = case.resolved(NEXT_DAY, None)

    assert closed.answered(LATER).first_answered_at == LATER
    assert closed.answered(LATER).state is CaseState.RESOLVED
    assert case.answered(LATER).resolved(NEXT_DAY, None).answered(NEXT_DAY).first_answered_at == LATER


def test_an_older_post_that_arrives_late_does_not_turn_the_clock_back(case: Case) -> None:
    assert case.heard_again(OPENED - timedelta(hours=1), (), Urgency.LOW).updated_at == OPENED
    assert case.answered(OPENED - timedelta(hours=1)).updated_at == OPENED


def test_an_agent_takes_an_open_case(case: Case) -> None:
    assert case.assigned_to("maya").assignee == "maya"


def test_a_resolved_case_takes_no_agent_and_says_why(case: Case) -> None:
    with pytest.raises(CaseClosed, match="#7 is resolved; reopen it first"):
        case.resolved(LATER, Outcome.RECOVERED).assigned_to("maya")
