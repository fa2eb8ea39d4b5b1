"""Bring people in: at once for emergencies and delicate matters; and for those who leave, and what is unclear."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from bot.domain.action import Action, Alert, Route
from bot.domain.interaction import Direction
from bot.domain.reading import Intent, Reading, Sentiment, Urgency
from bot.domain.reason import because
from bot.domain.situation import Situation
from responders.closing import thanks_that_close_nothing
from responders.delicate import GRAVE, Topic, delicate_topic, life_at_stake
from responders.progress import previous, progress
from responders.wants_person import wants_person
from responders.words import bare


class Cause(StrEnum):
    """Why people are brought in, beside the delicate topics."""

    URGENT = "urgent"
    LEAVING = "leaving"
    PERSON = "person"
    NOT_OVER = "not_over"
    UNSURE = "unsure"


_UNHAPPY = frozenset({Intent.COMPLAINT, Intent.CHURN_THREAT})
_ASKS = frozenset({Intent.REQUEST, Intent.QUESTION})
# the leads are called by name, and once more where the case was urgent for another reason
_WAKES = GRAVE | {Topic.SAFETY}


class Escalate:
    """Emergencies get an alert and the desk, once per case; the rest gets the desk."""

    name = "escalate"

    def __init__(self, *, desk: str, alerts: str) -> None:
        self._desk, self._alerts = desk, alerts

    def respond(self, situation: Situation) -> Iterable[Action]:
        """Alert and urgent route, a plain route, or nothing."""
        emergency = emergency_in(situation)
        if emergency is not None:
            if not _known(emergency, situation):
                reason = because(f"escalate.{emergency}")
                yield Alert(desk=self._alerts, reason=reason, wakes=emergency in _WAKES)
                yield Route(desk=self._desk, reason=reason, urgency=Urgency.HIGH)
        elif wants_person(situation.mention.text):
            yield self._route(Cause.PERSON, situation.reading, at_least=Urgency.MEDIUM)
        elif thanks_that_close_nothing(situation):
            yield self._route(Cause.NOT_OVER, situation.reading, at_least=Urgency.LOW)
        elif (topic := _asked_calmly(situation)) is not None:
            if _worth_a_look(situation):
                yield self._route(topic, situation.reading, at_least=Urgency.MEDIUM)
        elif _leaving(situation.reading):
            if _worth_a_look(situation):
                yield self._route(Cause.LEAVING, situation.reading, at_least=Urgency.MEDIUM)
        elif situation.reading.abstained and not _trivial(situation) and _worth_a_look(situation):
            yield self._route(Cause.UNSURE, situation.reading, at_least=Urgency.LOW)

    def _route(self, cause: Topic | Cause, reading: Reading, *, at_least: Urgency) -> Route:
        urgency = max(reading.urgency, at_least, key=lambda level: level.rank)
        return Route(desk=self._desk, reason=because(f"escalate.{cause}"), urgency=urgency)


def emergency_in(situation: Situation) -> Topic | Cause | None:
    """What makes this an emergency. A delicate word alone does not: praise for a doctor is praise, and whether it holds
    nuts is a question. Where a life may be at stake the tone does not count; the law on data leaves weeks to answer.
    """
    reading = situation.reading
    topic = delicate_topic(situation.mention.text)
    pressing = topic not in (None, Topic.PRIVACY) and _unhappy(reading)
    if topic is not None and (pressing or life_at_stake(situation.mention.text, reading)):
        return topic
    return Cause.URGENT if reading.urgency is Urgency.HIGH else None


def _unhappy(reading: Reading) -> bool:
    return reading.sentiment is Sentiment.NEGATIVE or bool(set(reading.intents) & _UNHAPPY)


def _asked_calmly(situation: Situation) -> Topic | None:
    """The delicate topic of a question or a request that is no emergency, and personal data also of a complaint: for a
    person, but nobody is called.
    """
    topic, reading = delicate_topic(situation.mention.text), situation.reading
    wants = bool(set(reading.intents) & _ASKS) or (topic is Topic.PRIVACY and _unhappy(reading))
    return topic if wants else None


def _leaving(reading: Reading) -> bool:
    """Somebody about to go is a case for people, but nobody needs to drop everything for it."""
    return Intent.CHURN_THREAT in reading.intents and reading.sentiment is Sentiment.NEGATIVE


def _known(emergency: Topic | Cause, situation: Situation) -> bool:
    """Whether people were alerted to this case already: it told of the same thing before, or was urgent and this is
    no danger.
    """
    before = previous(situation)
    if before is None or not before.is_open:
        return False
    told = (
        past.text for past in situation.history if past.case_id == before.id and past.direction is Direction.INBOUND
    )
    urgent = before.urgency is Urgency.HIGH and emergency not in _WAKES
    return urgent or any(delicate_topic(text) is emergency for text in told)


def _trivial(situation: Situation) -> bool:
    reading = situation.reading
    harmless = (
        reading.urgency is Urgency.LOW and reading.sentiment is not Sentiment.NEGATIVE and not reading.touchpoints
    )
    says_nothing = set(reading.intents) == {Intent.SMALLTALK} or not bare(situation.mention.text)
    return harmless and says_nothing


def _worth_a_look(situation: Situation) -> bool:
    return situation.case is None or progress(situation) is not None
