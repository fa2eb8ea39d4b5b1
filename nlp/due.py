"""The moment that somebody types into a form: "viernes", "tomorrow at 10", "1/12", "2026-12-01 18:00"."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, tzinfo

from nlp.promising.brand_days import BrandDays
from nlp.promising.when import moments

_CLOCK = r"(?:[ ,T]+(?:a las |at )?(?P<hour>\d{1,2})[:.](?P<minute>\d{2}))?"
_ISO = re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}}){_CLOCK}")
# the day first: whoever writes so writes Spanish or British
_NUMBERS = re.compile(rf"(?P<day>\d{{1,2}})[/.-](?P<month>\d{{1,2}})(?:[/.-](?P<year>\d{{4}}|\d{{2}}))?{_CLOCK}")
_END_OF_DAY = time(23, 59, 59)
_CENTURY = 2000


def due_in(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """In UTC; a day without a clock lasts until its end. None where no moment is named, or none that exists.

    A date without a year is the next of that name.
    """
    typed = " ".join(text.split())
    found = _ISO.fullmatch(typed) or _NUMBERS.fullmatch(typed)
    if found is not None:
        return _dated(found.groupdict(), now, zone)
    named = moments(typed, BrandDays(now, zone))
    return None if not named else named[0].due


def _dated(parts: dict[str, str | None], now: datetime, zone: tzinfo) -> datetime | None:
    local = now.astimezone(zone)
    year = local.year if parts["year"] is None else int(parts["year"])
    year += _CENTURY if year < 100 else 0
    try:
        clock = _END_OF_DAY if parts["hour"] is None else time(int(parts["hour"]), int(parts["minute"] or 0))
        day = datetime(year, int(parts["month"] or 0), int(parts["day"] or 0), tzinfo=zone)
        if parts["year"] is None and day.date() < local.date():
            day = day.replace(year=year + 1)
    except ValueError:
        return None
    return datetime.combine(day.date(), clock, tzinfo=zone).astimezone(UTC)
