"""Days by their number: "antes del 14 de mayo", "June 17 to 19", "el 14/05", "by the 30th", "la semana del 15"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from nlp.promising.brand_days import BrandDays
from nlp.promising.names import MONTH, MONTHS, SHORT_WEEKDAY, WEEKDAY, WEEKDAYS
from nlp.promising.ways import ANY_WEEKDAY, MONTH_NAME, Found, Way

_BEFORE = r"(?P<before>\b(?:antes\s+del?|(?<!\bor )before)\s+(?:d[ií]a\s+|the\s+)?)"
_ORDINAL = r"(?P<dom>\d{1,2})(?:st|nd|rd|th|[°º]|ero?)?"
_OF_THE_MONTH = rf"{_ORDINAL}(?![:.]?\d|\s*(?:am|pm|hs?|hrs|%|€)\b)"
_YEAR = r"(?:,?\s+(?:de\s+|del?\s+)?20\d\d)?\b"
_MAYBE_WEEKDAY = rf"\b(?:(?:{WEEKDAY}|{SHORT_WEEKDAY})[\s,]+(?:d[íi]a\s+|the\s+|el\s+)?)?"
_NO_AMOUNT = r"(?![/:%]|\s*(?:hs?|horas|am|pm|d[íi]as?|days?|hours?|minut\w*)\b|\s+(?:de\s+cada|of\s+(?:each|every)))"
_END_OF_CLAUSE = (
    r"(?=\s*(?:[.,;!)]\s|[.;!)]?$|por\s+la|a\s+las|entre\s+las|sin\s+falta|a\s+primera|en\s+el\s+transcurso"
    r"|(?:te|le|os|les|se|lo|nos|tienes|tiene|ten[ée]s|tendr[áa]s?)\s))"
)
_WEEK_OF = r"(?:w/c|week\s+(?:commencing|beginning|starting|of)|semana\s+del)"
_ENGLISH_LEAD = re.compile(r"by|on|until|before|for", re.IGNORECASE)
_WEEK = r"semana|week|w/c"


def _dated(match: Found, days: BrandDays) -> date | None:
    return days.dated(int(match["dom"]), MONTHS[match["month"].lower()])


def _in_digits(match: Found, days: BrandDays) -> date | None:
    """Day and month; in English, where both orders are in use, whichever comes first."""
    first, second = int(match["dom"]), int(match["month"])
    either = [days.dated(first, second), days.dated(second, first)]
    english = _ENGLISH_LEAD.match(match[0]) is not None
    return min((day for day in either if day), default=None) if english or second > 12 else either[0]


def _numbered(match: Found, days: BrandDays) -> date | None:
    return days.numbered(int(match["dom"]))


def _its_friday(day: date | None) -> date | None:
    """The end of the week in which a day is."""
    return day and day + timedelta(days=max(0, 4 - day.weekday()))


def _numbered_weekday(match: Found, days: BrandDays) -> date | None:
    return days.numbered_weekday(WEEKDAYS[match["day"].lower().rstrip(".")], int(match["dom"]))


# by an example of each
DATES = {
    "between June 17 and 19": Way(
        MONTH_NAME,
        (
            rf"\b(?P<month>{MONTH})\.?\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s*(?:-|–|to|and|or|through|thru)\s*(?:the\s+)?"
            rf"{_OF_THE_MONTH}"
        ),
        _dated,
    ),
    "antes del 14 de mayo": Way(
        MONTH_NAME,
        rf"{_BEFORE}?{_MAYBE_WEEKDAY}(?:the\s+)?{_OF_THE_MONTH}\s+(?:de\s+|of\s+)?(?P<month>{MONTH}){_YEAR}",
        _dated,
    ),
    "before May 14th": Way(
        MONTH_NAME,
        rf"{_BEFORE}?{_MAYBE_WEEKDAY}\b(?P<month>{MONTH})\.?\s+(?:the\s+)?{_OF_THE_MONTH}{_YEAR}",
        _dated,
    ),
    "el 14/05": Way(
        r"\d",
        (
            rf"(?:{_BEFORE}|\b(?:el|by|on|until|for|para\s+el|d[íi]a)\s+|(?:{WEEKDAY}|{SHORT_WEEKDAY}),?\s+(?!\d+-)){_MAYBE_WEEKDAY}"
            r"(?P<dom>\d{1,2})[/.-](?P<month>\d{1,2})\b(?:[/.-](?:20)?\d\d)?(?!\s*(?:am|pm|hs?|hrs|horas)\b)"
        ),
        _in_digits,
    ),
    "14/05/2026": Way(
        r"\d",
        r"(?<![\w/.-])(?P<dom>\d{1,2})(?P<sign>[/.-])(?P<month>\d{1,2})(?P=sign)20\d\d(?![\w/-])",
        _in_digits,
    ),
    "14-May-2026": Way(
        MONTH_NAME,
        rf"(?<![\w/.-])(?P<dom>\d{{1,2}})(?P<sign>[/.-])(?P<month>{MONTH})(?P=sign)(?:20)?\d\d\b",
        _dated,
    ),
    "2026-05-14": Way(
        r"\d",
        r"(?<![\w/.-])20\d\d-(?P<month>\d\d)-(?P<dom>\d\d)(?![\w/-])",
        lambda match, days: days.dated(int(match["dom"]), int(match["month"])),
    ),
    "el viernes 24": Way(
        ANY_WEEKDAY,
        rf"{_BEFORE}?\b(?P<day>{WEEKDAY}|{SHORT_WEEKDAY}),?\s+(?:d[ií]a\s+|the\s+)?{_OF_THE_MONTH}",
        _numbered_weekday,
    ),
    "el día 30": Way(
        r"\d",
        rf"\b(?:el|para\s+el)\s+(?:pr[óo]ximo\s+)?d[ií]a\s+{_ORDINAL}\b{_NO_AMOUNT}(?:\s+de\s+este\s+mes\b)?",
        _numbered,
    ),
    "antes del 30": Way(
        r"\d",
        rf"(?P<before>\bantes\s+del\s+(?:d[íi]a\s+)?|\bbefore\s+the\s+(?=\d+[snrt])){_ORDINAL}\b{_NO_AMOUNT}",
        _numbered,
    ),
    "by the 30th": Way(r"\d", rf"\b(?:by|on)\s+the\s+(?=\d+[snrt]){_ORDINAL}\b{_NO_AMOUNT}", _numbered),
    "the 16th to the 20th": Way(
        r"\d",
        rf"\bthe\s+\d{{1,2}}(?:st|nd|rd|th)\s*(?:to|and|or|through|-|–)\s*(?:the\s+)?(?=\d+[snrt]){_ORDINAL}\b{_NO_AMOUNT}",
        _numbered,
    ),
    "el 14": Way(r"\d", rf"\b(?:el|para\s+el)\s+(?P<dom>\d{{1,2}}){_END_OF_CLAUSE}", _numbered),
    "w/c 17 August": Way(
        _WEEK,
        rf"\b{_WEEK_OF}\s+(?:the\s+)?{_OF_THE_MONTH}\s+(?:de\s+|of\s+)?(?P<month>{MONTH}){_YEAR}",
        lambda match, days: _its_friday(_dated(match, days)),
    ),
    "week of June 8th": Way(
        _WEEK,
        rf"\b{_WEEK_OF}\s+(?P<month>{MONTH})\.?\s+(?:the\s+)?{_OF_THE_MONTH}{_YEAR}",
        lambda match, days: _its_friday(_dated(match, days)),
    ),
    "la semana del 15": Way(
        _WEEK,
        rf"\b{_WEEK_OF}\s+(?:the\s+)?{_ORDINAL}\b{_NO_AMOUNT}(?!\s+(?:de\s+|of\s+)?{MONTH})",
        lambda match, days: _its_friday(_numbered(match, days)),
    ),
}
