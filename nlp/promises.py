"""Find what a text of the brand promises, and by when; what makes a promise is told in `nlp.promising`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, tzinfo

from bot.domain.promise import Pledge
from nlp.promising.brand_days import BrandDays
from nlp.promising.clauses import clauses_of, promised, quoted
from nlp.promising.doubts import asserted, tells_opening_hours, tells_what_you_did
from nlp.promising.when import moments
from nlp.promising.words import is_a_word

# whoever writes longer sentences promises nothing in them, and they would cost much
_SENTENCE = re.compile(r"(?:[^.!?;\n]|\.(?=\d)){1,500}[?!]?")
_HALF_OF_DAY = re.compile(r"\b([ap])\.(\s?)m\.?", re.IGNORECASE)


class CalendarPromises:
    """The PromiseReader port: days begin in the given time zone, the brand's."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    def read(self, text: str, now: datetime) -> list[Pledge]:
        """One pledge for each thing promised by a time; conditions, proposals, questions and the past are none."""
        # points inside "p.m." would end the sentence; the length stays, so that quotes are cut from the text itself
        plain = _HALF_OF_DAY.sub(lambda match: f"{match[1]}m".ljust(len(match[0])), text)
        days = BrandDays(now, self._zone)
        return [
            _pledge(text[sentence.start() + start : sentence.start() + end], due)
            for sentence in _SENTENCE.finditer(plain)
            for start, end, due in _promises(asserted(sentence[0]), days)
        ]


def _pledge(what: str, due: datetime) -> Pledge:
    return Pledge(what=what, due=due, a_word=is_a_word(what))


def _promises(sentence: str, days: BrandDays) -> Iterator[tuple[int, int, datetime]]:
    named = moments(sentence, days)
    if not named or tells_what_you_did(sentence):
        return
    clauses = clauses_of(sentence, named, days)
    for number, committed in promised(clauses):
        moment = clauses[number].moment
        if moment is None or moment.due <= days.said or tells_opening_hours(clauses[number].words):
            continue
        start, end = quoted(sentence, clauses, min(number, committed), max(number, committed))
        yield start, end, moment.due
