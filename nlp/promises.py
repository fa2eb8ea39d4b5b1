"""Find what a text of the brand promises, and by when: rules for Spanish and English over the brand's calendar."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.promise import Pledge

_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("lunes", "monday", "mon"),
            ("martes", "tuesday", "tue"),
            ("miércoles", "miercoles", "wednesday", "wed"),
            ("jueves", "thursday", "thu"),
            ("viernes", "friday", "fri"),
            ("sábado", "sabado", "saturday", "sat"),
            ("domingo", "sunday", "sun"),
        )
    )
    for name in names
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("enero", "january", "jan"),
            ("febrero", "february", "feb"),
            ("marzo", "march", "mar"),
            ("abril", "april", "apr"),
            ("mayo", "may"),
            ("junio", "june", "jun"),
            ("julio", "july", "jul"),
            ("agosto", "august", "aug"),
            ("septiembre", "setiembre", "september", "sep", "sept"),
            ("octubre", "october", "oct"),
            ("noviembre", "november", "nov"),
            ("diciembre", "december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_NUMBERS = {
    "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
    "diez": 10, "quince": 15, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "ten": 10, "couple": 2, "few": 3,
}  # fmt: skip
_DAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_COUNT = r"(?:\d{1,3}|" + "|".join(_NUMBERS) + r")"
_RANGE = rf"(?:(?:{_COUNT})\s*(?:-|–|/|a|o|to|or|y)\s*)?(?P<n>{_COUNT})"

# somebody of the brand commits: first person plural, "you will", "it will arrive"
_COMMITS = re.compile(
    r"\b(?:(?:te|os|le|les)\s+(?:lo\s+|la\s+|los\s+|las\s+)?\w+mos\b"
    r"|(?:te|os|le|les|lo|la|los|las)\s+(?:lo\s+|la\s+)?"
    r"(?:escrib|llam|envi|enví|mand|devolv|devuelv|contest|respond|confirm|avis|reembols|abon|repon|reponemos|sustitu|cambi|"
    r"entreg|recog|ingres|llegar|arregl|resolv|dam|dar|cont|actualiz|pas|tendr|tramit|hac)\w*"
    r"|(?:escribi|llama|envia|devolve|contesta|confirma|avisa|reembolsa|abona|entrega|recoge)(?:re)?mos"
    r"|recibir[áa]s|recibir[ée]is|tendr[áa]s|tendr[ée]is|tendremos|estar[áa]|llegar[áa]n?|saldr[áa]|volver[áa]|quedar[áa]"
    r"|(?:vamos|iremos)\s+a|nos\s+pon(?:emos|dremos)\s+en\s+contacto|prometemos|prometido|tu\s+\w+\s+(?:sale|llega)"
    r"|we(?:['’]ll|\s+will|\s+are\s+going\s+to|['’]re\s+going\s+to|\s+promise)|you(?:['’]ll|\s+will)"
    r"|(?:it|they|that|someone|somebody|our\s+\w+|the\s+\w+(?:\s+\w+)?|your\s+\w+(?:\s+\w+)?|a\s+\w+(?:\s+\w+)?)"
    r"(?:['’]ll|\s+will)|i(?:['’]ll|\s+will))",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"^\W*(?:si|cuando|en cuanto|if|when|once|as soon as|unless)\b", re.IGNORECASE)
_PROPOSES = re.compile(r"[?¿]|\b(?:podr[ií]amos|could|might|would you|te va bien|si quieres|if you)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\d)[^.!?\n]*)*[?!]?")


@dataclass(frozen=True, slots=True)
class _Calendar:
    """The moment it was said, where it was said."""

    said: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.said.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """A date means the end of that day."""
        return datetime.combine(day, time(23, 59, 59), self.zone).astimezone(UTC)

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), self.zone).astimezone(UTC)

    def next_weekday(self, weekday: int) -> date:
        ahead = (weekday - self.today.weekday()) % 7 or 7
        return self.today + timedelta(days=ahead)

    def working_days(self, count: int) -> date:
        day = self.today
        while count:
            day += timedelta(days=1)
            count -= day.weekday() < 5
        return day


Due = Callable[[re.Match[str], _Calendar], datetime | None]


def _count(match: re.Match[str]) -> int:
    word = match["n"].lower()
    return int(word) if word.isdigit() else _NUMBERS[word]


def _hours(match: re.Match[str], calendar: _Calendar) -> datetime:
    return calendar.said.astimezone(UTC) + timedelta(hours=_count(match))


def _minutes(match: re.Match[str], calendar: _Calendar) -> datetime:
    return calendar.said.astimezone(UTC) + timedelta(minutes=_count(match))


def _working_days(match: re.Match[str], calendar: _Calendar) -> datetime:
    return calendar.end_of(calendar.working_days(_count(match)))


def _days(match: re.Match[str], calendar: _Calendar) -> datetime:
    return calendar.end_of(calendar.today + timedelta(days=_count(match)))


def _weeks(match: re.Match[str], calendar: _Calendar) -> datetime:
    return calendar.end_of(calendar.today + timedelta(weeks=_count(match)))


def _before_weekday(match: re.Match[str], calendar: _Calendar) -> datetime:
    """`Antes del viernes` is Thursday's end."""
    return calendar.end_of(calendar.next_weekday(_WEEKDAYS[match["day"].lower()]) - timedelta(days=1))


def _weekday(match: re.Match[str], calendar: _Calendar) -> datetime:
    day = calendar.next_weekday(_WEEKDAYS[match["day"].lower()])
    return _with_hour(match, calendar, day)


def _tomorrow(match: re.Match[str], calendar: _Calendar) -> datetime:
    return _with_hour(match, calendar, calendar.today + timedelta(days=1))


def _day_after_tomorrow(match: re.Match[str], calendar: _Calendar) -> datetime:
    return _with_hour(match, calendar, calendar.today + timedelta(days=2))


def _today(match: re.Match[str], calendar: _Calendar) -> datetime:
    return _with_hour(match, calendar, calendar.today)


def _this_week(match: re.Match[str], calendar: _Calendar) -> datetime:
    del match
    return calendar.end_of(calendar.today + timedelta(days=(4 - calendar.today.weekday()) % 7))


def _next_week(match: re.Match[str], calendar: _Calendar) -> datetime:
    """`Next week` is its Friday."""
    del match
    return calendar.end_of(calendar.today + timedelta(days=11 - calendar.today.weekday()))


def _dated(match: re.Match[str], calendar: _Calendar) -> datetime | None:
    day, month = int(match["dom"]), _MONTHS[match["month"].lower()]
    for year in (calendar.today.year, calendar.today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            return None
        if found >= calendar.today:
            return calendar.end_of(found)
    return None


def _numbered(match: re.Match[str], calendar: _Calendar) -> datetime | None:
    for months in range(3):
        year, month = divmod(calendar.today.month - 1 + months, 12)
        try:
            found = date(calendar.today.year + year, month + 1, int(match["dom"]))
        except ValueError:
            continue
        if found >= calendar.today:
            return calendar.end_of(found)
    return None


def _with_hour(match: re.Match[str], calendar: _Calendar, day: date) -> datetime:
    hour = match["hour"]
    if hour is None or int(hour) > 23:
        return calendar.end_of(day)
    late = (match["half"] or "").lower() in {"pm", "p.m.", "de la tarde", "de la noche"} and int(hour) < 12
    return calendar.at(day, int(hour) + 12 * late, int(match["minute"] or 0))


_HOUR = (
    r"(?:[\s,]*(?:a\s+las|antes\s+de\s+las|sobre\s+las|at|by|before|around)\s+"
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm|a\.m\.|p\.m\.|h\b|de\s+la\s+(?:ma[ñn]ana|tarde|noche))?)?"
)
_WITHIN = r"(?:(?:en|in|within|dentro\s+de|plazo\s+de|m[áa]ximo|under|next|de)\s+)"
_LEAST = r"(?:(?:menos\s+de|un\s+plazo\s+de|un\s+m[áa]ximo\s+de|las\s+pr[óo]ximas|the\s+next|unos|about)\s+)?"
_DAWN = r"(?:\s+(?:a\s+primera\s+hora|por\s+la\s+(?:ma[ñn]ana|tarde)|mismo|first\s+thing|morning|afternoon))?"
_NOT_MORNING = r"(?<!\bla )(?<!\buna )"
_TODAY = (
    r"(?:hoy(?:\s+mismo)?|esta\s+(?:misma\s+)?(?:tarde|noche|ma[ñn]ana)|today|tonight"
    r"|this\s+(?:afternoon|evening|morning)|by\s+(?:the\s+)?end\s+of\s+(?:the\s+)?day|antes\s+de\s+que\s+acabe\s+el\s+d[ií]a)"
)
_BY = r"(?:el|este|on|by|this|next|until|hasta\s+el|para\s+el|come)"
_WHEN: tuple[tuple[re.Pattern[str], Due], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), due)
    for pattern, due in (
        (rf"\b{_WITHIN}?{_LEAST}{_RANGE}\s*(?:h|hs|hrs?|horas?|hours?)\b", _hours),
        (rf"\b{_RANGE}\s*(?:minutos?|minutes?|mins?)\b", _minutes),
        (rf"\b{_RANGE}\s*(?:d[ií]as?\s+(?:h[áa]biles|laborables?)|(?:business|working)\s+days?)\b", _working_days),
        (rf"\b{_WITHIN}{_LEAST}{_RANGE}\s*(?:of\s+)?(?:d[ií]as?|days?)\b", _days),
        (rf"\b{_WITHIN}{_LEAST}{_RANGE}\s*(?:semanas?|weeks?)\b", _weeks),
        (rf"\b(?:antes\s+del|before)\s+(?P<day>{_DAY})\b", _before_weekday),
        (rf"\b(?P<dom>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:de\s+|of\s+)?(?P<month>{_MONTH})\b", _dated),
        (rf"\b(?P<month>{_MONTH})\s+(?P<dom>\d{{1,2}})(?:st|nd|rd|th)?\b", _dated),
        (rf"\b(?:pasado\s+ma[ñn]ana|the\s+day\s+after\s+tomorrow){_HOUR}", _day_after_tomorrow),
        (rf"{_NOT_MORNING}\b(?:ma[ñn]ana|tomorrow){_DAWN}{_HOUR}", _tomorrow),
        (rf"\b{_TODAY}{_HOUR}", _today),
        (r"\b(?:esta\s+(?:misma\s+)?semana|this\s+week|(?:el\s+)?fin\s+de\s+semana)\b", _this_week),
        (r"\b(?:(?:la\s+)?semana\s+que\s+viene|(?:la\s+)?pr[óo]xima\s+semana|next\s+week)\b", _next_week),
        (rf"\b{_BY}\s+(?:pr[óo]ximo\s+)?(?P<day>{_DAY})\b(?:\s+que\s+viene)?{_DAWN}{_HOUR}", _weekday),
        (r"\b(?:el|antes\s+del)\s+d[ií]a\s+(?P<dom>\d{1,2})\b", _numbered),
    )
)
_CLAUSE_END = re.compile(r"[,;:(]|\s[-–—]\s|$")


class CalendarPromises:
    """The PromiseReader port: reads dates in the brand's time zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def read(self, text: str, now: datetime) -> list[Pledge]:
        """At most one pledge a sentence; conditions, proposals and questions are none."""
        calendar = _Calendar(now, self._zone)
        found = (_pledge(match, calendar) for match in _SENTENCE.finditer(text))
        return [pledge for pledge in found if pledge is not None]


def _pledge(sentence: re.Match[str], calendar: _Calendar) -> Pledge | None:
    words = sentence[0]
    if _CONDITION.search(words) or _PROPOSES.search(words):
        return None
    commitment = _COMMITS.search(words)
    if commitment is None:
        return None
    return _due_in(words, commitment, calendar)


def _due_in(words: str, commitment: re.Match[str], calendar: _Calendar) -> Pledge | None:
    for pattern, due in _WHEN:
        when = pattern.search(words)
        if when is None:
            continue
        moment = due(when, calendar)
        if moment is None or moment <= calendar.said:
            continue
        start, last = min(commitment.start(), when.start()), max(commitment.end(), when.end())
        end = _CLAUSE_END.search(words, last)
        return Pledge(what=words[start : end.start() if end else last].strip(" ,;:.!"), due=moment)
    return None
