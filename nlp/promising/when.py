"""When a text says that something will happen: days, hours and amounts of time put together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from nlp.promising.amounts import amounts
from nlp.promising.brand_days import BrandDays
from nlp.promising.days import named_days
from nlp.promising.hours import hour_at, hour_before, hours
from nlp.promising.moment import Moment
from nlp.promising.names import HOUR, MONTH_BESIDE_A_NUMBER, SHORT_WEEKDAY, WEEKDAY
from nlp.promising.near_days import MY_SHIFT, PART_OF_DAY

# most texts name no time at all
_TIMELY = re.compile(
    r"\d\s*-?(?:h|hs|hrs?|am|pm|min\w*|st|nd|rd|th|ish)\b|\d[:/.-]\d|\dh\d\d"
    r"|\b(?:las|del?|el|al|d[íi]a|at|by|before|until|the|than|around|about|from|after|on|este|latest|come)\s+(?:\d|half|quarter)"
    rf"|\b(?:half|half\s+past|quarter\s+(?:to|past)|at|by|before|until|around|about|than|las?)\s+(?:a\s+quarter\s+|{HOUR}\b)|\ba\s+la\s+1\b"
    r"|\b(?:hoy|ma[ñn]ana|tarde|noche|semanas?|mes(?:es)?|d[íi]as?|hor(?:it)?as?|minutos?|tardecita|finde|a[ñn]o|medio\s?d[íi]a|medianoche"
    r"|quincenas?|jornada|(?:a|de)\s+las\s+\w+|antes\s+de\s+irme|turno|shift|before\s+i|today|2nite|tonite|2morrow|2moro|tonight|tomm?orr?ow|tmrw?|tmw|tomoz|mñn|(?:week)?days?|weeks?|wks?|eo[dwmy]|trimestre|semestre|quarter|q[1-4]|sundown|sunset|dark|nightfall|anochezca|[úu]ltima\s+hora|weekend|months?|hours?|minutes?|mins"
    r"|morning|afternoon|evening|arvo|noon|midday|midnight|o['’]clock|overnight|fortnight|cob|close|year|20\d\d-\d\d"
    r"|(?:lunch|tea|dinner)(?:time)?|bedtime"
    rf"|christmas|xmas|boxing|new\s+year|nye|navidad|nochebuena|nochevieja|reyes|valent[íi]n\w*|patrick|paddy|halloween|muertos|santos?|santa|inmaculada|easter|pascua|bonfire|anzac|hogmanay|midweek|thanksgiving|mon|tues?|weds?"
    rf"|thu(?:rs)?|fri|sat|sun|{WEEKDAY}|{SHORT_WEEKDAY}|{MONTH_BESIDE_A_NUMBER})\b",
    re.IGNORECASE,
)
_LATE = re.compile(r"tonight|evening|afternoon|arvo|\bnoche|\btarde", re.IGNORECASE)
_AFTER_A_DAY = re.compile(
    r"[\s,(]*(?:(?:a\s+primera\s+hora(?:\s+de\s+la\s+(?:ma[ñn]ana|tarde))?|a\s+media\s+(?:ma[ñn]ana|tarde)|temprano|(?:por|en|a)\s+la\s+(?:ma[ñn]ana|tarde|noche)|mismo|sin\s+falta|first\s+thing|in\s+the\s+(?:morning|afternoon|evening)"
    rf"|morning|afternoon|arvo|evening|night|lunchtime|a\s+[úu]ltima\s+hora|noche|(?:by\s+|before\s+|at\s+)?(?:eod|cob|cop|close(?:\s+of\s+(?:business|play|trading))?|end\s+of\s+(?:the\s+)?(?:day|business|play))|all\s+done|done|sorted|finished|{PART_OF_DAY}|{MY_SHIFT}|(?:en\s+(?:(?:un|una|el|la)\s+)?)?(?:horario|rango|franja|bloque|tramo)(?:\s+horari[oa])?|(?:time\s+)?(?:slot|window)(?:\s+of)?|any\s*time"
    r"|sometime)[\s,]*)*",
    re.IGNORECASE,
)
_BEFORE_A_DAY = re.compile(r"\s*(?:(?:on|de|del|el|,)\s*)?(?:el\s+)?(?:d[íi]a\s+)?$", re.IGNORECASE)
_AS_FAR_BACK = 60


def moments(words: str, days: BrandDays) -> list[Moment]:
    """Every time named, in order; of two that overlap the longer, and none that has passed."""
    if not _TIMELY.search(words):
        return []
    kept: list[Moment] = []
    for moment in sorted(_all(words, days), key=lambda m: m.start - m.end):
        if all(moment.end <= other.start or moment.start >= other.end for other in kept):
            kept.append(moment)
    return sorted((moment for moment in kept if moment.due > days.said), key=lambda m: m.start)


def _all(words: str, days: BrandDays) -> Iterator[Moment]:
    for amount in amounts(words, days):
        if amount.day is None:
            yield Moment(amount.start, amount.end, days.after(minutes=amount.minutes), counted=True)
        else:
            yield replace(_with_hour(words, amount.start, amount.end, amount.day, days), counted=True)
    for named in named_days(words, days):
        if named.before:
            # "antes del viernes" is Thursday
            yield Moment(named.start, named.end, days.end_of(named.day - timedelta(days=1)))
        else:
            yield replace(_with_hour(words, named.start, named.end, named.day, days), passed=named.passed)
    for start, end, clock in hours(words, 0, len(words), late=False):
        # an hour without a day is the next time the clock shows it
        today = days.at(days.today, clock)
        soon = today if today > days.said else days.at(days.in_days(1), clock)
        yield Moment(start, end, soon, clock=clock, passed=soon != today)


def _with_hour(words: str, start: int, end: int, day: date, days: BrandDays) -> Moment:
    """The day with the hour that stands right after or right before it, else its end."""
    gap = _AFTER_A_DAY.match(words, end)
    at = gap.end() if gap else end
    after = hour_at(words, at, late=_is_late(words[start:at]))
    if after is not None:
        return Moment(start, after[0], days.at(day, after[1]))
    for first, last, clock in hours(words, max(0, start - _AS_FAR_BACK), start, late=_is_late(words[start:end])):
        if _BEFORE_A_DAY.fullmatch(words, last, start):
            return Moment(first, end, days.at(day, clock))
    if (before := hour_before(words, start, late=_is_late(words[start:end]))) is not None:
        return Moment(before[0], end, days.at(day, before[1]))
    return Moment(start, end + len(words[end:at].rstrip(" ,(\n\t")), days.end_of(day), day=day)


def _is_late(words: str) -> bool:
    """Whether it says tonight or "por la tarde": then an hour beside it is after noon."""
    return _LATE.search(words) is not None
