"""Days that a text names: by date, weekday, feast, or counted from today."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from nlp.promising.brand_days import BrandDays
from nlp.promising.dates import DATES
from nlp.promising.holidays import HOLIDAYS
from nlp.promising.near_days import NEAR_DAYS
from nlp.promising.periods import PERIODS
from nlp.promising.weekdays import OF_THE_WEEK


@dataclass(frozen=True, slots=True)
class Day:
    """Where it stands; `before`: the day is the first that is too late."""

    start: int
    end: int
    day: date
    before: bool


_WAYS = (*DATES.values(), *OF_THE_WEEK.values(), *HOLIDAYS, *NEAR_DAYS.values(), *PERIODS.values())
_CUES = {way.cue: re.compile(way.cue, re.IGNORECASE) for way in _WAYS}
_PATTERNS = tuple((way, re.compile(way.pattern, re.IGNORECASE)) for way in _WAYS)


def named_days(words: str, days: BrandDays) -> Iterator[Day]:
    """Every way that fits; some overlap, and the longer one counts."""
    cues = {text for text, cue in _CUES.items() if cue.search(words)}
    for way, pattern in _PATTERNS:
        if way.cue not in cues:
            continue
        for match in pattern.finditer(words):
            day = way.meant(match, days)
            if day is not None:
                yield Day(*match.span(), day, bool(match.groupdict().get("before")))
