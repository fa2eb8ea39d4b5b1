"""Read when a text says that something will happen: dates, weekdays, hours and spans, in Spanish and English."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


def _numbered_names(*rows: str, start: int) -> dict[str, int]:
    return {name: number for number, row in enumerate(rows, start=start) for name in row.split()}


_WEEKDAYS = _numbered_names(
    "lunes monday", "martes tuesday", "miércoles miercoles wednesday", "jueves thursday", "viernes friday",
    "sábado sabado saturday", "domingo sunday", start=0,
)  # fmt: skip
_MONTHS = _numbered_names(
    "enero january jan", "febrero february feb", "marzo march", "abril april apr", "mayo may", "junio june jun",
    "julio july jul", "agosto august aug", "septiembre setiembre september sep sept", "octubre october oct",
    "noviembre november nov", "diciembre december dec", start=1,
)  # fmt: skip
_NUMBERS = {
    "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
    "nueve": 9, "diez": 10, "once": 11, "doce": 12, "quince": 15, "veinte": 20, "treinta": 30, "veinticuatro": 24,
    "cuarenta y ocho": 48, "setenta y dos": 72, "un par de": 2, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3,
    "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "fifteen": 15, "twenty": 20, "thirty": 30, "twenty-four": 24, "forty-eight": 48, "seventy-two": 72,
    "couple of": 2, "a couple of": 2, "few": 3, "a few": 3,
}  # fmt: skip


def _any_of(names: dict[str, int]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


# --- when: day, hour and span ---

_A_SEASON = 90
_DAY, _MONTH = _any_of(_WEEKDAYS), _any_of(_MONTHS)
_ENGLISH_DAY = "|".join(name for name in _WEEKDAYS if name.endswith("day"))
_COUNT = rf"(?:\d{{1,3}}|(?:{_any_of(_NUMBERS)})(?=\s))"
_RANGE = rf"(?:{_COUNT}\s*(?:-|–|/|a|o|to|or|y|and)\s*)?(?P<n>{_COUNT})"
_WITHIN = (
    r"\b(?:(?:en|in|within|dentro\s+de|under|antes\s+de|over|for|de|up\s+to|hasta|entre|between)\s+)?"
    r"(?:(?:(?:un\s+)?(?:plazo|m[áa]ximo)(?:\s+m[áa]ximo)?\s+de|a\s+maximum\s+of|(?:as\s+much\s+as|up\s+to))\s+)?"
    r"(?:(?:menos\s+de|less\s+than|under|l[oa]s\s+pr[óo]xim[oa]s|the\s+next|un[oa]s|about|around|entre|between)\s+)?"
)
_HAS_LEAD = re.compile(
    r"(?:en|in|within|dentro|under|antes|over|up|hasta|entre|between|menos|less|l[oa]s|the|plazo|m[áa]ximo)\b",
    re.IGNORECASE,
)
# "an hour before", "within 5 days of receiving it": counted from another moment, which nobody knows
_FROM_NOW = (
    r"\b(?!\s+(?:antes|despu[ée]s|ago|before|earlier|late|later|after|m[áa]s\s+tarde|de\s+(?:recibir|que)"
    r"|of\s+(?:receiv|receipt|gett)\w*|from\s+(?!now)|since|desde\s+(?!ahora|hoy|ya)"
    r"|a\s+partir\s+(?!de\s+(?:ahora|hoy))|con|old|store|service|line|support))"
)
_CLOCK = (
    r"(?P<hour>\d{1,2}|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce)"
    r"(?:[:.](?P<minute>\d{2})|\s+y\s+(?P<part>media|cuarto))?(?!\d|\s*(?:%|€|£|euros?|d[ií]as?|de\s+(?:"
    + _MONTH
    + r")))"
    r"\s*(?P<half>am\b|pm\b|h\b|hs\b|horas\b|o['’]clock|de\s+la\s+(?:ma[ñn]ana|tarde|noche))?"
)
_FIRST_HOUR = r"\d{1,2}(?:[:.]\d{2})?\s*(?:am|pm|h)?\s*"
_HOUR = re.compile(
    rf"(?:\b(?:entre|between|de|desde|from)\s+(?:las?\s+)?{_FIRST_HOUR}(?:y|and|a|to|hasta|-|–)\s*(?:las?\s+)?"
    rf"|\b(?:a|antes\s+de|hasta|sobre|hacia|para)\s+las?\s+|\b(?:at|by|before|around|about|until|no\s+later\s+than)\s+(?=\d)){_CLOCK}"
    r"|\b(?:al?|antes\s+del?|by|before|at|until)\s*(?P<noon>mediod[ií]a|noon|midday)\b",
    re.IGNORECASE,
)
_BETWEEN_DAY_AND_HOUR = re.compile(
    r"[\s,]*(?:a\s+primera\s+hora|por\s+la\s+(?:ma[ñn]ana|tarde|noche)|mismo|sin\s+falta|first\s+thing|morning|afternoon|evening)?[\s,]*",
    re.IGNORECASE,
)
_BETWEEN_HOUR_AND_DAY = re.compile(r"\s*(?:(?:on|de|del|el|,)\s*)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The moment it was said, where it was said."""

    said: datetime
    zone: tzinfo

    @property
    def today(self) -> date:
        return self.said.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """A date means the end of that day."""
        return datetime.combine(day, time(23, 59, 59), self.zone).astimezone(UTC)

    def at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def in_days(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def next_weekday(self, weekday: int) -> date:
        return self.in_days((weekday - self.today.weekday()) % 7 or 7)

    def next_week(self, weekday: int) -> date:
        return self.in_days(7 + weekday - self.today.weekday())

    def working_days(self, count: int) -> date:
        day = self.today
        while count:
            day += timedelta(days=1)
            count -= day.weekday() < 5
        return day

    def month_end(self, months: int = 0) -> date:
        year, month = divmod(self.today.month + months, 12)
        return date(self.today.year + year, month + 1, 1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class When:
    """A time named in a text: where it stands, and the last moment it means."""

    start: int
    end: int
    due: datetime
    day: date | None = None
    clock: time | None = None


Found = re.Match[str]


def _count(match: Found) -> int:
    word = " ".join(match["n"].lower().split())
    return int(word) if word.isdigit() else _NUMBERS[word]


def _weekday(match: Found) -> int:
    return _WEEKDAYS[match["day"].lower()]


def _dated(match: Found, calendar: Calendar) -> date | None:
    """The next such date; none where the last one is only a season ago, because that is the one talked about."""
    month = match["month"].lower()
    number = _MONTHS[month] if month in _MONTHS else int(month)
    day = next(
        (day for day in map(calendar.in_days, range(366)) if (day.month, day.day) == (number, int(match["dom"]))), None
    )
    return None if day is None or day > calendar.in_days(366 - _A_SEASON) else day


def _numbered(match: Found, calendar: Calendar) -> date | None:
    """The next day with that number: "el día 24", "by the 30th"."""
    return next((day for day in map(calendar.in_days, range(62)) if day.day == int(match["dom"])), None)


def _numbered_weekday(match: Found, calendar: Calendar) -> date | None:
    """The nearest day that fits both: "el viernes 24"; where it has passed, none."""
    fits = (calendar.in_days(away) for ahead in range(62) for away in (ahead, -ahead))
    day = next((day for day in fits if day.day == int(match["dom"]) and day.weekday() == _weekday(match)), None)
    return day if day is None or day >= calendar.today else None


def _this_week(match: Found, calendar: Calendar) -> date:
    """Its Friday; said on a Saturday or Sunday, that Sunday."""
    del match
    weekday = calendar.today.weekday()
    return calendar.in_days(4 - weekday if weekday <= 4 else 6 - weekday)


Day = Callable[[Found, Calendar], date | None]
_LED_BEFORE = r"(?P<before>\bantes\s+del?\s+(?:d[ií]a\s+)?|\bbefore\s+(?:the\s+)?)"
_BEFORE = _LED_BEFORE + "?"
_ONCE_ONLY = r"\b(?!['’]s\b|\s+pasad[oa]\b|s\b)"
_NOT_PAST = r"(?<!last )(?<!desde el )(?<!since )(?<!every )(?<!from )(?<!each )(?<!until )"
_NO_NUMBER = r"(?!\s+(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?(?![:.]?\d|\s*(?:am|pm|h)\b))"
_NEXT_WEEK = r"(?:(?:la\s+)?semana\s+que\s+viene|(?:la\s+)?pr[óo]xima\s+semana|next\s+week)"
_ORDINAL = r"(?P<dom>\d{1,2})(?:st|nd|rd|th)?(?![:.]?\d|\s*(?:am|pm|h|%|€)\b)"
_ALONG = r"(?:(?:a\s+lo\s+largo|en\s+el\s+d[ií]a|durante\s+el\s+d[ií]a|antes\s+del\s+(?:final|fin))\s+de\s+)"
_TODAY = (
    rf"(?:(?:{_ALONG}|(?<!\bde )\b)hoy(?:\s+mismo)?|\besta\s+(?:misma\s+)?(?:tarde|noche|ma[ñn]ana)"
    r"|\b(?:today|tonight|this\s+(?:afternoon|evening|morning))(?!['’]s)|\b(?:by|before|at)\s+(?:the\s+)?end\s+of\s+(?:the\s+)?(?:day|play|today)"
    r"|\b(?:by|before)\s+(?:close\s+of\s+business|cob|eod)(?!\s+(?:on\s+)?(?:tomorrow|\w+day))|\bantes\s+de\s+que\s+acabe\s+el\s+d[ií]a"
    r"|\ba\s+lo\s+largo\s+(?:del\s+d[ií]a|de\s+la\s+(?:tarde|ma[ñn]ana)))"
)
_SAME_WEEK = (
    r"\b(?:esta\s+(?:misma\s+)?semana|(?:a\s+lo\s+largo|antes\s+del?\s+(?:fin|final)|a\s+finales)\s+de\s+(?:la|esta)\s+semana"
    r"|(?:later\s+)?this\s+week|(?:by|before)\s+the\s+end\s+of\s+(?:the|this)\s+week)\b"
)
_SAME_MONTH = (
    r"\b(?:este\s+mes|antes\s+(?:del?\s+fin(?:al)?\s+de|de\s+que\s+acabe\s+el)\s+mes"
    r"|a\s+(?:final(?:es)?|fin)\s+de\s+(?:este\s+)?mes|this\s+month|(?:by|at|before)\s+the\s+end\s+of\s+(?:the|this)\s+month)\b"
)
_WEEKEND = r"\b(?:(?:el|este|durante\s+el)\s+fin\s+de\s+semana|(?:this|over\s+the|at\s+the|by\s+the)\s+weekend)\b"
_BEFORE_WEEKEND = r"\b(?:antes\s+del\s+fin\s+de\s+semana|before\s+the\s+weekend)\b"
_WORKING = r"(?:d[ií]as?\s+(?:h[áa]bil(?:es)?|laborables?)|(?:business|working)\s+days?)"
_PLAIN_DAYS = r"(?:d[ií]as?(?!\s+(?:h[áa]bil|laborabl))|days?)"
_EL = r"(?:hasta\s+el|para\s+el|el|este|pr[óo]ximo)\s+(?:pr[óo]ximo\s+)?"
_ON = r"\b(?:(?:on|by|this|next|coming|come|until)\s+)?"
_IN_YEAR = r"(?:,?\s+(?:de\s+)?20\d\d)?\b"
_ANY_DAY = rf"\b(?:(?:{_DAY})[\s,]+)?"
_ANY_ON = r"\b(?:el\s+|on\s+|by\s+)?"
_DIGITS = r"(?P<dom>\d{1,2})/(?P<month>0?[1-9]|1[0-2])\b(?:/(?:20)?\d\d)?"
_THE_DAY = rf"(?:{_LED_BEFORE}(?=\d)|\bel\s+d[ií]a\s+|\b(?:by|on)\s+the\s+(?=\d+[snrt]))"
_TOMORROW = rf"(?:{_ALONG}|(?<!\bla )(?<!\buna )(?<!\bde )\b)(?:ma[ñn]ana|tomorrow)\b(?!['’]s)"
_DAYS: tuple[tuple[re.Pattern[str], Day], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), day)
    for pattern, day in (
        (rf"{_WITHIN}{_RANGE}\s*{_WORKING}{_FROM_NOW}", lambda m, c: c.working_days(_count(m))),
        (rf"{_WITHIN}{_RANGE}\s*{_PLAIN_DAYS}{_FROM_NOW}", lambda m, c: c.in_days(_count(m))),
        (rf"{_WITHIN}{_RANGE}\s*(?:semanas?|weeks?){_FROM_NOW}", lambda m, c: c.in_days(7 * _count(m))),
        (rf"{_BEFORE}{_ANY_DAY}(?:the\s+)?{_ORDINAL}\s+(?:de\s+|of\s+)?(?P<month>{_MONTH}){_IN_YEAR}", _dated),
        (rf"{_BEFORE}\b(?P<month>{_MONTH})\s+(?:the\s+)?{_ORDINAL}{_IN_YEAR}", _dated),
        (rf"(?:{_LED_BEFORE}|\b(?:el|by|on|until)\s+){_DIGITS}", _dated),
        (rf"{_BEFORE}\b(?P<day>{_DAY})\s+(?:d[ií]a\s+|the\s+)?{_ORDINAL}", _numbered_weekday),
        (rf"{_THE_DAY}(?P<dom>\d{{1,2}})(?:st|nd|rd|th)?\b(?!/)", _numbered),
        (rf"{_ANY_ON}(?P<day>{_DAY})\s+(?:de\s+|of\s+)?{_NEXT_WEEK}", lambda m, c: c.next_week(_weekday(m))),
        (rf"\b{_NEXT_WEEK}[\s,]+(?:el\s+|on\s+)?(?P<day>{_DAY})\b", lambda m, c: c.next_week(_weekday(m))),
        (rf"(?P<before>\bantes\s+del|\bbefore)\s+(?P<day>{_DAY})\b", lambda m, c: c.next_weekday(_weekday(m))),
        (rf"{_NOT_PAST}\b{_EL}(?P<day>{_DAY})\b{_ONCE_ONLY}{_NO_NUMBER}", lambda m, c: c.next_weekday(_weekday(m))),
        (rf"{_NOT_PAST}{_ON}(?P<day>{_ENGLISH_DAY}){_ONCE_ONLY}{_NO_NUMBER}", lambda m, c: c.next_weekday(_weekday(m))),
        (r"\b(?:pasado\s+ma[ñn]ana|the\s+day\s+after\s+tomorrow)\b", lambda _, c: c.in_days(2)),
        (_TOMORROW, lambda _, c: c.in_days(1)),
        (_TODAY, lambda _, c: c.today),
        (_BEFORE_WEEKEND, lambda _, c: c.next_weekday(5) - timedelta(days=1)),
        (_WEEKEND, lambda _, c: c.in_days(6 - c.today.weekday())),
        (_SAME_WEEK, _this_week),
        (rf"\b(?:a\s+(?:principios|finales)\s+de\s+|early\s+|late\s+)?{_NEXT_WEEK}\b", lambda _, c: c.next_week(4)),
        (_SAME_MONTH, lambda _, c: c.month_end()),
        (r"\b(?:el\s+mes\s+que\s+viene|el\s+pr[óo]ximo\s+mes|next\s+month)\b", lambda _, c: c.month_end(1)),
    )
)  # fmt: skip
_HALF_HOUR = re.compile(
    r"\b(?:en|in|within|under|menos\s+de)\s+(?:menos\s+de\s+)?(?:media\s+hora|half\s+an\s+hour)\b", re.IGNORECASE
)
_HOURS = re.compile(rf"{_WITHIN}{_RANGE}\s*(?:h|hs|hrs?|horas?|hours?){_FROM_NOW}", re.IGNORECASE)
_MINUTES = re.compile(rf"{_WITHIN}{_RANGE}\s*(?:minutos?|minutes?|mins?){_FROM_NOW}", re.IGNORECASE)


def whens(words: str, calendar: Calendar) -> list[When]:
    """Every time named, in order; of two that overlap the longer, and none that has passed."""
    named = [*_spans(words, calendar), *_days(words, calendar), *_hours_alone(words, calendar)]
    kept: list[When] = []
    for when in sorted(named, key=lambda w: w.start - w.end):
        if all(when.end <= other.start or when.start >= other.end for other in kept):
            kept.append(when)
    return sorted((when for when in kept if when.due > calendar.said), key=lambda w: w.start)


def _spans(words: str, calendar: Calendar) -> Iterator[When]:
    """Spans in hours and minutes run from the moment it was said."""
    said = calendar.said.astimezone(UTC)
    for match in _HALF_HOUR.finditer(words):
        yield When(*match.span(), said + timedelta(minutes=30))
    for pattern, unit in ((_HOURS, timedelta(hours=1)), (_MINUTES, timedelta(minutes=1))):
        for match in pattern.finditer(words):
            if _HAS_LEAD.match(match[0]):
                yield When(*match.span(), said + _count(match) * unit)


def _days(words: str, calendar: Calendar) -> Iterator[When]:
    for pattern, day_of in _DAYS:
        for match in pattern.finditer(words):
            if "n" in match.groupdict() and not (_HAS_LEAD.match(match[0]) or _working(match)):
                continue
            day = day_of(match, calendar)
            if day is None:
                continue
            if match.groupdict().get("before"):
                # "antes del viernes" is Thursday
                yield When(*match.span(), calendar.end_of(day - timedelta(days=1)))
            else:
                yield _with_hour(words, match, day, calendar)


def _working(match: Found) -> bool:
    return re.search(r"laborabl|h[áa]bil|business|working", match[0], re.IGNORECASE) is not None


def _with_hour(words: str, match: Found, day: date, calendar: Calendar) -> When:
    """The day with the hour that stands right after or right before it, else its end."""
    gap = _BETWEEN_DAY_AND_HOUR.match(words, match.end())
    after = _HOUR.match(words, gap.end() if gap else match.end())
    if after is not None and (clock := _clock(after)):
        return When(match.start(), after.end(), calendar.at(day, clock))
    for before in _HOUR.finditer(words, max(0, match.start() - 60), match.start()):
        if _BETWEEN_HOUR_AND_DAY.fullmatch(words, before.end(), match.start()) and (clock := _clock(before)):
            return When(before.start(), match.end(), calendar.at(day, clock))
    return When(*match.span(), calendar.end_of(day), day=day)


def _hours_alone(words: str, calendar: Calendar) -> Iterator[When]:
    """An hour without a day is the next time the clock shows it."""
    for match in _HOUR.finditer(words):
        if clock := _clock(match):
            today = calendar.at(calendar.today, clock)
            soon = today if today > calendar.said else calendar.at(calendar.in_days(1), clock)
            yield When(*match.span(), soon, clock=clock)


def _clock(match: Found) -> time | None:
    if match["noon"]:
        return time(12)
    hour = _NUMBERS.get(match["hour"].lower()) or int(match["hour"])
    half = (match["half"] or "").lower()
    # nobody is called at five in the morning: a bare small number is meant after noon
    afternoon = half.endswith(("pm", "tarde", "noche")) or (
        not half.endswith(("am", "ana", "ñana")) and hour <= 7 and not match["hour"].startswith("0")
    )
    minute = {"media": 30, "cuarto": 15}.get((match["part"] or "").lower(), int(match["minute"] or 0))
    hour += 12 * (afternoon and hour < 12)
    return time(hour, minute) if hour < 24 and minute < 60 else None
