"""One case per problem of a customer: what opens one, what continues one, and by when it wants an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.case import CaseId, CaseState, Outcome
from bot.domain.customer import CustomerId
from bot.domain.interaction import BRAND, Direction, Interaction
from bot.domain.mention import Visibility
from bot.domain.reading import Intent, Sentiment, Touchpoint, Urgency
from bot.pipeline.casework import Clocks, case_for, needs_somebody
from bot.testing import NOON, reading
from tests.pipeline.conftest import a_case, about, tell

HOUR, DAYS = timedelta(hours=1), timedelta(days=3)
LATER = NOON + DAYS
COMPLAINT: dict[str, Any] = {"intents": (Intent.COMPLAINT,), "sentiment": Sentiment.NEGATIVE}
SMALLTALK: dict[str, Any] = {"intents": (Intent.SMALLTALK,), "sentiment": Sentiment.NEUTRAL}
DELIVERY, BILLING = Touchpoint.DELIVERY, Touchpoint.BILLING


def test_a_problem_of_its_own_opens_a_case(clocks: Clocks) -> None:
    case = case_for(tell(about(DELIVERY, urgency=Urgency.MEDIUM, **COMPLAINT)), clocks)

    assert case is not None
    assert (case.key, case.state, case.customer_id, case.opened_by) == (0, CaseState.NEW, "ana", "test:m1")
    assert (case.touchpoints, case.urgency, case.thread_id) == ((DELIVERY,), Urgency.MEDIUM, "m1")
    assert case.opened_at == case.updated_at == NOON


def test_opening_it_again_after_a_crash_is_the_same_case(clocks: Clocks) -> None:
    situation = tell(about(DELIVERY, **COMPLAINT))

    assert case_for(situation, clocks) == case_for(situation, clocks)


def test_an_edit_opens_a_case_beside_the_one_that_its_first_form_opened_long_ago(clocks: Clocks) -> None:
    said = tell(about(DELIVERY, **COMPLAINT))
    changed = replace(tell(about(BILLING, **COMPLAINT), at=LATER), edited=True)

    first, again = case_for(said, clocks), case_for(changed, clocks)

    assert first is not None
    assert again is not None
    assert first.id != again.id
    assert again == case_for(changed, clocks)


def test_the_same_thread_continues_its_case(clocks: Clocks) -> None:
    known = a_case(first_answered_at=NOON, state=CaseState.WAITING)

    case = case_for(tell(about(BILLING, **COMPLAINT), cases=(known,), thread="t", at=LATER), clocks)

    assert case is not None
    assert case.id == known.id
    assert case.touchpoints == (DELIVERY, BILLING)
    assert (case.state, case.updated_at) == (CaseState.IN_PROGRESS, LATER)


@pytest.mark.parametrize("words", [COMPLAINT, SMALLTALK], ids=["a wish", "no wish"])
@pytest.mark.parametrize(("answered_in", "state"), [("case", CaseState.WAITING), ("other", CaseState.IN_PROGRESS)])
def test_what_they_wrote_before_our_answer_to_it_does_not_make_it_our_turn(
    clocks: Clocks, words: dict[str, Any], answered_in: str, state: CaseState
) -> None:
    known = a_case(first_answered_at=LATER, state=CaseState.WAITING)
    said = tell(about(DELIVERY, **words), cases=(known,), thread="t", at=LATER - HOUR)

    case = case_for(replace(said, history=(our_line(LATER, answered_in),)), clocks)

    assert case is not None
    assert (case.id, case.state) == (known.id, state)


def our_line(at: datetime, case: str) -> Interaction:
    return Interaction(
        key=f"answer:{case}",
        customer_id=CustomerId("ana"),
        case_id=CaseId(case),
        mention_id=None,
        at=at,
        direction=Direction.OUTBOUND,
        actor=BRAND,
        channel="test",
        text="lo miramos",
    )


def test_the_same_thread_number_on_another_channel_is_another_thread(clocks: Clocks) -> None:
    known = a_case(channel="elsewhere", touchpoints=(BILLING,))

    case = case_for(tell(about(DELIVERY, **COMPLAINT), cases=(known,), thread="t"), clocks)

    assert case is not None
    assert case.id != known.id


@pytest.mark.parametrize(("channel", "awaited"), [("test", True), ("elsewhere", False)])
def test_what_is_sent_in_private_on_another_channel_is_not_what_we_asked_for_here(
    clocks: Clocks, channel: str, awaited: bool
) -> None:
    known = a_case(channel=channel, first_answered_at=NOON, state=CaseState.WAITING)
    said = tell(reading(**SMALLTALK), text="es el 4711", cases=(known,), at=NOON + HOUR)
    in_private = replace(said, mention=replace(said.mention, visibility=Visibility.PRIVATE))

    case = case_for(in_private, clocks)

    assert (case is not None) is awaited


@pytest.mark.parametrize(("days", "same"), [(0, True), (14, True), (15, False)])
def test_the_same_touchpoint_in_another_thread_is_the_same_problem_for_two_weeks(
    clocks: Clocks, days: int, same: bool
) -> None:
    known = a_case()

    case = case_for(tell(about(DELIVERY, **COMPLAINT), cases=(known,), at=NOON + timedelta(days=days)), clocks)

    assert case is not None
    assert (case.id == known.id) is same


def test_another_touchpoint_in_another_thread_is_another_problem(clocks: Clocks) -> None:
    known = a_case()

    case = case_for(tell(about(BILLING, **COMPLAINT), cases=(known,)), clocks)

    assert case is not None
    assert case.id != known.id
    assert case.touchpoints == (BILLING,)


@pytest.mark.parametrize(("days", "same"), [(1, True), (2, True), (3, False)])
def test_words_without_a_place_belong_to_what_was_said_within_two_days(clocks: Clocks, days: int, same: bool) -> None:
    known = a_case()

    case = case_for(tell(reading(**COMPLAINT), cases=(known,), at=NOON + timedelta(days=days)), clocks)

    assert case is not None
    assert (case.id == known.id) is same


def test_of_two_open_cases_the_newest_that_fits_is_continued(clocks: Clocks) -> None:
    other, fits, older = a_case("other", touchpoints=(BILLING,)), a_case("fits"), a_case("older")

    case = case_for(tell(about(DELIVERY, **COMPLAINT), cases=(other, fits, older)), clocks)

    assert case is not None
    assert case.id == "fits"


@pytest.mark.parametrize("thread", ["t", None])
def test_another_customers_case_is_never_continued(clocks: Clocks, thread: str | None) -> None:
    theirs = a_case(customer_id=CustomerId("eva"))

    case = case_for(tell(about(DELIVERY, **COMPLAINT), cases=(theirs,), thread=thread), clocks)

    assert case is not None
    assert case.id != theirs.id
    assert case.customer_id == "ana"


def test_smalltalk_opens_nothing_and_joins_no_other_thread(clocks: Clocks) -> None:
    assert case_for(tell(reading(**SMALLTALK), cases=(a_case(),)), clocks) is None


def test_a_courtesy_in_a_cases_thread_is_noted_and_asks_for_nothing(clocks: Clocks) -> None:
    waiting = a_case(first_answered_at=NOON, state=CaseState.WAITING)

    case = case_for(tell(reading(**SMALLTALK), text="ok, ¡gracias!", cases=(waiting,), thread="t", at=LATER), clocks)

    assert case is not None
    assert (case.state, case.updated_at, case.reopened) == (CaseState.WAITING, LATER, 0)


def test_a_thank_you_after_the_solution_does_not_reopen_it(clocks: Clocks) -> None:
    closed = a_case().resolved(NOON, Outcome.RECOVERED)
    praise = reading(intents=(Intent.PRAISE,), sentiment=Sentiment.POSITIVE)

    case = case_for(tell(praise, cases=(closed,), thread="t", at=LATER), clocks)

    assert case is not None
    assert not case.is_open


def test_a_complaint_in_the_thread_of_a_resolved_case_reopens_it(clocks: Clocks) -> None:
    closed = a_case().resolved(NOON, Outcome.RECOVERED)

    case = case_for(tell(about(DELIVERY, **COMPLAINT), cases=(closed,), thread="t", at=LATER), clocks)

    assert case is not None
    assert (case.id, case.is_open, case.reopened) == (closed.id, True, 1)


def test_a_resolved_case_is_not_dug_out_for_a_new_thread(clocks: Clocks) -> None:
    closed = a_case().resolved(NOON, Outcome.RECOVERED)

    case = case_for(tell(about(DELIVERY, **COMPLAINT), cases=(closed,), at=LATER), clocks)

    assert case is not None
    assert case.id != closed.id


def test_history_found_at_the_first_start_opens_nothing(clocks: Clocks) -> None:
    old = tell(about(DELIVERY, **COMPLAINT), backfilled=True)

    assert case_for(old, clocks) is None


@pytest.mark.parametrize(
    ("read", "needed"),
    [
        (reading(**COMPLAINT), True),
        (reading(intents=(Intent.QUESTION,)), True),
        (reading(intents=(Intent.REQUEST,)), True),
        (reading(intents=(Intent.SUGGESTION,)), True),
        (reading(intents=(Intent.PURCHASE_INTEREST,)), True),
        (reading(intents=(Intent.CHURN_THREAT,)), True),
        (reading(intents=(Intent.PRAISE,), sentiment=Sentiment.POSITIVE), False),
        (reading(intents=(Intent.PRAISE, Intent.COMPLAINT), sentiment=Sentiment.POSITIVE), True),
        (reading(**SMALLTALK), False),
        (reading(intents=(), sentiment=Sentiment.NEGATIVE), True),
        (reading(intents=(), urgency=Urgency.HIGH), True),
        (reading(intents=(Intent.NEWS_OPINION, Intent.COMPLAINT), sentiment=Sentiment.NEGATIVE), False),
        (reading(intents=(Intent.NEWS_OPINION,), urgency=Urgency.HIGH), True),
        (reading(intents=(), abstained=True), False),
        (about(DELIVERY, intents=(), abstained=True), True),
        (reading(spam=True, **COMPLAINT), False),
        (reading(about_brand=False, urgency=Urgency.HIGH, **COMPLAINT), False),
    ],
)
def test_somebody_is_needed_for_a_wish_a_problem_or_a_doubt(read: Any, needed: bool) -> None:
    assert needs_somebody(read) is needed


# --- clocks (Madrid, 9:30 to 18:00) ---

FRIDAY_17 = datetime(2026, 5, 15, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("urgency", "due"),
    [
        (Urgency.HIGH, datetime(2026, 5, 15, 16, tzinfo=UTC)),  # an hour, whatever the hour
        (Urgency.MEDIUM, datetime(2026, 5, 18, 10, 30, tzinfo=UTC)),  # one hour on Friday, three on Monday
        (Urgency.LOW, datetime(2026, 5, 18, 14, 30, tzinfo=UTC)),
    ],
)
def test_the_first_answer_is_due_in_business_time_unless_it_is_urgent(
    clocks: Clocks, urgency: Urgency, due: datetime
) -> None:
    case = case_for(tell(about(DELIVERY, urgency=urgency, **COMPLAINT), at=FRIDAY_17), clocks)

    assert case is not None
    assert case.first_answer_due == due


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        (datetime(2026, 5, 11, 7, 30, tzinfo=UTC), datetime(2026, 6, 1, 16, tzinfo=UTC)),
        (FRIDAY_17, datetime(2026, 6, 5, 16, tzinfo=UTC)),
        (datetime(2026, 5, 16, 20, tzinfo=UTC), datetime(2026, 6, 5, 16, tzinfo=UTC)),  # on a Saturday night
    ],
)
def test_the_solution_is_due_at_the_end_of_the_fifteenth_working_day(
    clocks: Clocks, opened: datetime, due: datetime
) -> None:
    assert clocks.solve_due(opened) == due


def test_an_unanswered_case_that_a_person_calls_urgent_is_due_an_hour_from_now_and_back_as_before(
    clocks: Clocks,
) -> None:
    opened = case_for(tell(about(DELIVERY, urgency=Urgency.LOW, **COMPLAINT), at=FRIDAY_17), clocks)
    assert opened is not None
    urgent = clocks.moved(opened, Urgency.HIGH, FRIDAY_17 + 3 * HOUR)
    back = clocks.moved(urgent, Urgency.LOW, FRIDAY_17 + 4 * HOUR)

    assert urgent.first_answer_due == FRIDAY_17 + 4 * HOUR
    assert (back.urgency, back.first_answer_due) == (Urgency.LOW, opened.first_answer_due)
    assert clocks.moved(urgent, Urgency.HIGH, FRIDAY_17 + 9 * HOUR).first_answer_due == urgent.first_answer_due


def test_another_urgency_never_gives_more_time_by_being_more_urgent_nor_less_by_being_less(clocks: Clocks) -> None:
    waits = a_case(urgency=Urgency.LOW, opened_at=NOON, first_answer_due=NOON + 8 * HOUR)
    late = clocks.moved(waits, Urgency.HIGH, NOON + 9 * HOUR)
    spared = clocks.moved(replace(late, first_answer_due=NOON + DAYS), Urgency.MEDIUM, NOON + 9 * HOUR)

    assert late.first_answer_due == waits.first_answer_due
    assert spared.first_answer_due == NOON + DAYS


def test_the_clock_of_an_answer_that_was_given_stands(clocks: Clocks) -> None:
    answered = a_case(urgency=Urgency.LOW, first_answered_at=NOON + HOUR)
    urgent = clocks.moved(answered, Urgency.HIGH, NOON + 2 * HOUR)

    assert urgent == replace(answered, urgency=Urgency.HIGH, updated_at=NOON + 2 * HOUR)


def test_no_clock_of_an_answered_case_moves_however_late_it_was_due(clocks: Clocks) -> None:
    answered = a_case(urgency=Urgency.LOW, first_answered_at=NOON + HOUR, first_answer_due=NOON + 8 * HOUR)

    assert clocks.moved(answered, Urgency.HIGH, NOON + 2 * HOUR).first_answer_due == NOON + 8 * HOUR
