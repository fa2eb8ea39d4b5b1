"""Find what a text of the brand promises, and by when; what makes a promise is told in `nlp.promising`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.domain.promise import Pledge
from nlp.promising.brand_days import BrandDays
from nlp.promising.clauses import Candidate, candidates, clauses_of
from nlp.promising.doubts import asserted, tells_every_day, tells_opening_hours, tells_what_you_did
from nlp.promising.evidence import evidence
from nlp.promising.judge import Judge, open_judge
from nlp.promising.moment import Moment
from nlp.promising.points import without_points
from nlp.promising.when import moments
from nlp.promising.words import is_a_word

# whoever writes longer sentences promises nothing in them, and they would cost much
_SENTENCE = re.compile(r"(?:[^.!?;\n]|\.(?=\d)){1,500}[?!]?")


class CalendarPromises:
    """The PromiseReader port: days begin in the given time zone, the brand's."""

    def __init__(self, zone: tzinfo, judge: Judge | None = None) -> None:
        self._zone, self._judge = zone, judge or open_judge()

    def read(self, text: str, now: datetime) -> list[Pledge]:
        """One pledge for each thing promised by a time; conditions, proposals, questions and the past are none."""
        return [
            _pledge(sentence.text[each.start : each.end], each.moment.due)
            for sentence in sentences(text, BrandDays(now, self._zone))
            for each in sentence.candidates
            if self._judge.is_promise(evidence(sentence.words, each, sentence.moments))
        ]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that names a time to come: as written, as it is read, and what in it may be a promise."""

    text: str
    words: str
    moments: Sequence[Moment]
    candidates: Sequence[Candidate]


def sentences(text: str, days: BrandDays) -> Iterator[Sentence]:
    """Those in which something may be promised."""
    for match in _SENTENCE.finditer(without_points(text)):
        words = asserted(match[0])
        named = moments(words, days)
        if not named or tells_what_you_did(words):
            continue
        found = candidates(words, clauses_of(words, named, days))
        still = [each for each in found if each.moment.due > days.said and not _tells_hours(words, each)]
        yield Sentence(text[match.start() : match.end()], words, named, still)


def _tells_hours(sentence: str, candidate: Candidate) -> bool:
    """Its clause does; or, where no known form commits, what stands before it: "ampliamos horario: hasta las 22 h"."""
    so_far = sentence[: candidate.end]
    if candidate.moment.clock is not None and tells_every_day(so_far):
        return True
    return tells_opening_hours(candidate.words if candidate.known else so_far)


def _pledge(what: str, due: datetime) -> Pledge:
    return Pledge(what=what, due=due, a_word=is_a_word(what))
