"""Days that a text names: by date, weekday, feast, or counted from today."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from nlp.promising.brand_days import BrandDays
from nlp.promising.dates import DATES
from nlp.promising.holidays import HOLIDAYS
from nlp.promising.months import MONTHLY
from nlp.promising.near_days import NEAR_DAYS
from nlp.promising.periods import PERIODS
from nlp.promising.weekdays import OF_THE_WEEK


@dataclass(frozen=True, slots=True)
class Day:
    """Where it stands; `before`: the day is the first that is too late; `passed`: that number was only lately."""

    start: int
    end: int
    day: date
    before: bool
    passed: bool


_LATELY = 10
_WAYS = (*DATES.values(), *OF_THE_WEEK.values(), *HOLIDAYS, *NEAR_DAYS.values(), *PERIODS.values(), *MONTHLY.values())
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
                groups = match.groupdict()
                numbered = groups.keys() & {"dom", "month", "day"} == {"dom"}
                passed = numbered and _was_lately(int(groups["dom"]), days)
                yield Day(*match.span(), day, bool(groups.get("before")), passed)


def _was_lately(number: int, days: BrandDays) -> bool:
    """Whether a day of that number is one of the last ten."""
    return any(days.in_days(-ago).day == number for ago in range(1, _LATELY + 1))
