"""Recognise that the customer's own words close the loop: thanks, in the thread of a case that was answered."""

from __future__ import annotations

import re

from bot.domain.case import Case
from bot.domain.reading import Intent, Reading, Sentiment, Urgency
from bot.domain.situation import Situation
from responders.words import fold

_UNSOLVED = frozenset(
    {Intent.COMPLAINT, Intent.REQUEST, Intent.QUESTION, Intent.CHURN_THREAT, Intent.SPAM, Intent.NEWS_OPINION}
)
_SURELY = 0.85
# "gracias, quedo a la espera": polite, and still waiting
_WAITING = re.compile(
    r"\b(espero|esperando|a la espera|pendiente|sigo|todavia|aun no|cuando (me|puedan|podais)|(os|les) escribo por"
    r"|waiting|wait for|await\w*|look(ing)? forward|still|not yet|let me know|will (dm|send|try)"
    r"|aguardo|espera|encara)\b"
)


def solved_case(situation: Situation) -> Case | None:
    """The answered, still open case that this mention closes, or None."""
    case = situation.case
    if case is None or not case.is_open or case.first_answered_at is None:
        return None
    return case if only_pleased(situation) else None


def only_pleased(situation: Situation) -> bool:
    """Praise without a complaint, a wish or a wait in it, read with confidence."""
    reading = situation.reading
    return (
        Intent.PRAISE in reading.intents
        and not set(reading.intents) & _UNSOLVED
        and reading.sentiment is not Sentiment.NEGATIVE
        and reading.urgency is not Urgency.HIGH
        and not reading.abstained
        and not _has_a_sore_point(reading)
        and not _WAITING.search(fold(situation.mention.text))
    )


def surely_pleased(reading: Reading) -> bool:
    """Sure enough for a machine to say thanks alone: a complaint that is thanked for does more harm than silence."""
    return reading.scores[Sentiment.POSITIVE] >= _SURELY


def _has_a_sore_point(reading: Reading) -> bool:
    return any(span.sentiment is Sentiment.NEGATIVE for span in reading.spans)
