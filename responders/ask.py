"""Ask how it went, with one number, when a case is closed: by the customer's own words, or by a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bot.domain.action import Action, Ask, SurveyKind
from bot.domain.situation import Situation
from responders.closing import solved_case
from responders.delicate import delicate_topic_of_case
from responders.templates import Occasion, Phrasebook


def question_of(phrasebook: Phrasebook, situation: Situation, occasion: Occasion) -> Ask:
    """The question itself: how satisfied they are, 1-5, in the language they speak."""
    language = phrasebook.language_for(situation)
    phrase = phrasebook.phrase(occasion, language, seed=situation.mention.id)
    return Ask(to=situation.mention.id, survey=SurveyKind.CSAT, text=phrase.text, language=language)


def question_after(phrasebook: Phrasebook, situation: Situation) -> Ask | None:
    """The question for a case that a person closed; None where a number would be tactless, as after a death.

    The customer has not said that it is over, and may not find so: nobody is thanked for that.
    """
    if delicate_topic_of_case(situation) is not None:
        return None
    return question_of(phrasebook, situation, Occasion.SURVEY_CSAT_CLOSED)


class AskAfterwards:
    """Asks for a CSAT 1-5, at most once per customer in `every`, and never about something delicate."""

    name = "ask"

    def __init__(self, phrasebook: Phrasebook, *, every: timedelta) -> None:
        self._phrasebook, self._every = phrasebook, every

    def respond(self, situation: Situation) -> Iterable[Action]:
        """One question, or nothing."""
        if solved_case(situation) is None or not self._may_be_asked(situation):
            return
        yield question_of(self._phrasebook, situation, Occasion.SURVEY_CSAT)

    def _may_be_asked(self, situation: Situation) -> bool:
        if situation.customer.opted_out or situation.mention.backfilled:
            return False
        if delicate_topic_of_case(situation) is not None:
            return False
        last = situation.facts.last_survey
        return last is None or situation.now - last.asked_at >= self._every
