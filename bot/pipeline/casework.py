"""Which case a mention belongs to: one case per problem of a customer."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from bot.domain.case import Case, CaseId, CaseState
from bot.domain.interaction import Direction
from bot.domain.mention import Visibility
from bot.domain.reading import Intent, Reading, Sentiment, Touchpoint, Urgency
from bot.domain.situation import Situation
from bot.domain.time import BusinessHours

SAME_PROBLEM_FOR = timedelta(days=14)
SAME_BREATH = timedelta(days=2)
WANTS_SOMETHING = frozenset(
    {
        Intent.COMPLAINT,
        Intent.QUESTION,
        Intent.REQUEST,
        Intent.CHURN_THREAT,
        Intent.SUGGESTION,
        Intent.PURCHASE_INTEREST,
    }
)
# what says thanks, "I have read it" or hello, and nothing else (es, en, ca, pt); "sí", "no" and "hecho" are answers
_COURTESY = re.compile(
    r"""(?:(?:o?k|okay|okey|vale|va|entendido|de\ acuerdo|d\ acord|genial|perfect[oae]?|estupendo|fenomenal|muy\ bien
    |(?:much[ií]simas\ |muchas\ |mil\ )?gracias(?:\ a\ (?:ti|vosotros|ustedes))?|igualmente|(?:un\ )?saludos?
    |hola|buen[oa]s(?:\ d[ií]as|\ tardes|\ noches)?|(?:many\ )?thanks|thank\ (?:you|u)(?:\ (?:so|very)\ much)?|thx|ty
    |great|cool|lovely|cheers|hi|hello|bye|good\ (?:morning|afternoon|evening|night)|(?:moltes\ )?gràcies|merci
    |(?:muito\ )?obrigad[oa])(?:\ |$))*""",
    re.VERBOSE,
)
_NAMES = re.compile(r"@\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """How soon a new case wants its first answer (business time by urgency) and its solution (working days)."""

    hours: BusinessHours
    first_answer: dict[Urgency, timedelta]
    solve_working_days: int

    def first_answer_due(self, opened: datetime, urgency: Urgency) -> datetime:
        """When the first answer is late. Urgent cases do not wait for opening hours."""
        worked = self.first_answer[urgency]
        return opened + worked if urgency is Urgency.HIGH else self.hours.after(opened, worked)

    def moved(self, case: Case, urgency: Urgency, now: datetime) -> Case:
        """A person says how urgent it is, and an unanswered case changes clocks.

        More urgent, it is due as if its first words had come now, or when it was due if that is sooner; less urgent, it
        is due as if it had been opened so.
        """
        moved = replace(case, urgency=urgency, updated_at=max(case.updated_at, now))
        if case.first_answered_at is not None or urgency is case.urgency:
            return moved
        if urgency.rank > case.urgency.rank:
            due = min(case.first_answer_due, self.first_answer_due(now, urgency))
        else:
            due = max(case.first_answer_due, self.first_answer_due(case.opened_at, urgency))
        return replace(moved, first_answer_due=due)

    def solve_due(self, opened: datetime) -> datetime:
        """The end of the n-th working day, counted from the next day (Ley 10/2025 art. 17 allows 15)."""
        return self.hours.end_of_working_day(opened, self.solve_working_days)


def case_for(situation: Situation, clocks: Clocks) -> Case | None:
    """The case this mention continues, a new one (key 0) if it brings a problem of its own, or None."""
    wants = needs_somebody(situation.reading)
    own = [case for case in situation.cases if case.customer_id == situation.customer.id]
    in_thread = next((case for case in own if _same_thread(case, situation)), None)
    if in_thread is not None:
        return _continued(in_thread, situation) if wants else _noted(in_thread, situation)
    if situation.mention.backfilled:
        return None
    if not wants:
        awaited = next((case for case in own if _awaited_in_private(case, situation)), None)
        return None if awaited is None else _noted(awaited, situation)
    same = next((case for case in own if case.is_open and _same_problem(case, situation)), None)
    return _continued(same, situation) if same is not None else _opened(situation, clocks)


def needs_somebody(reading: Reading) -> bool:
    """Whether a person at the brand should know: a wish, a problem, or something the model is not sure about."""
    if reading.spam or not reading.about_brand:
        return False
    if Intent.NEWS_OPINION in reading.intents and reading.urgency is not Urgency.HIGH:
        return False
    if set(reading.intents) & WANTS_SOMETHING or reading.urgency is Urgency.HIGH:
        return True
    unsure = reading.abstained and bool(reading.touchpoints)
    return reading.sentiment is Sentiment.NEGATIVE or unsure


def _same_thread(case: Case, situation: Situation) -> bool:
    if situation.thread_case is not None:
        return case.id == situation.thread_case
    return case.thread_id == situation.mention.conversation and case.channel == situation.mention.channel


def _same_problem(case: Case, situation: Situation) -> bool:
    since = situation.mention.posted_at - case.updated_at
    if since > SAME_PROBLEM_FOR:
        return False
    theirs = set(troubled_places(situation.reading))
    return bool(theirs & set(case.touchpoints)) if theirs and case.touchpoints else since <= SAME_BREATH


def troubled_places(reading: Reading) -> tuple[Touchpoint, ...]:
    """The touchpoints a case is about: those of the negative spans; of all spans where none is negative."""
    negative = tuple(span.touchpoint for span in reading.spans if span.sentiment is Sentiment.NEGATIVE)
    return tuple(dict.fromkeys(negative)) or reading.touchpoints


def _continued(case: Case, situation: Situation) -> Case:
    reading, at = situation.reading, situation.mention.posted_at
    return case.heard_again(at, troubled_places(reading), reading.urgency, answered=_last_answer(case, situation))


def _noted(case: Case, situation: Situation) -> Case:
    """Words that ask for nothing end a snooze all the same; what the brand waited for makes it the brand's turn."""
    at = situation.mention.posted_at
    if not case.is_open or situation.reading.spam:
        return replace(case, updated_at=max(case.updated_at, at))
    if case.state is CaseState.WAITING and _tells_something(situation):
        return case.heard_again(at, (), case.urgency, answered=_last_answer(case, situation))
    return replace(case, updated_at=max(case.updated_at, at), snooze=None)


def _last_answer(case: Case, situation: Situation) -> datetime | None:
    ours = (line.at for line in situation.history if line.case_id == case.id and line.direction is Direction.OUTBOUND)
    return max(ours, default=None)


def _awaited_in_private(case: Case, situation: Situation) -> bool:
    """Whether this is what the brand asked for in public, sent as a direct message on the same channel."""
    mention = situation.mention
    return (
        case.state is CaseState.WAITING
        and mention.visibility is Visibility.PRIVATE
        and case.channel == mention.channel
        and mention.posted_at - case.updated_at <= SAME_BREATH
        and not situation.reading.spam
        and _tells_something(situation)
    )


def _tells_something(situation: Situation) -> bool:
    """More than thanks, praise or a nod: an order number and "sent!" sound like small talk, and are the answer."""
    reading = situation.reading
    if Intent.PRAISE in reading.intents or reading.sentiment is Sentiment.POSITIVE:
        return False
    words = re.findall(r"\w+", _NAMES.sub(" ", situation.mention.text.casefold()))
    return _COURTESY.fullmatch(" ".join(words)) is None


def _opened(situation: Situation, clocks: Clocks) -> Case:
    mention, reading = situation.mention, situation.reading
    # an earlier form may have opened one, which was over long before the change
    form = f"{mention.id}/{mention.posted_at.isoformat()}" if situation.edited else mention.id
    return Case(
        id=CaseId(uuid5(NAMESPACE_URL, f"vivencia:case:{form}").hex),
        key=0,
        customer_id=situation.customer.id,
        channel=mention.channel,
        thread_id=mention.conversation,
        opened_by=mention.id,
        touchpoints=troubled_places(reading),
        state=CaseState.NEW,
        urgency=reading.urgency,
        opened_at=mention.posted_at,
        updated_at=mention.posted_at,
        first_answer_due=clocks.first_answer_due(mention.posted_at, reading.urgency),
        solve_due=clocks.solve_due(mention.posted_at),
    )
