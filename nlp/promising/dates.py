"""Days by their number: "antes del 14 de mayo", "June 17 to 19", "el 14/05", "by the 30th", "la semana del 15"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from nlp.promising.brand_days import BrandDays
from nlp.promising.names import DAY_IN_WORDS, DAYS_OF_THE_MONTH, MONTHS, SHORT_WEEKDAY, WEEKDAY, WEEKDAYS
from nlp.promising.names import MONTH_BESIDE_A_NUMBER as MONTH
from nlp.promising.ways import ANY_WEEKDAY, MONTH_NAME, Found, Way

_BEFORE = r"(?P<before>\b(?:antes\s+del?|(?<!\bor )before)\s+(?:d[ií]a\s+|the\s+)?)"
_ORDINAL = r"(?P<dom>\d{1,2})(?:st|nd|rd|th|[°º]|ero?)?"
_OF_THE_MONTH = rf"{_ORDINAL}(?![:.]?\d|\s*(?:am|pm|hs?|hrs|%|€)\b)"
_YEAR = r"(?:\.?,?\s+(?:de\s+|del?\s+)?(?:(?P<year>20\d\d)|['’](?P<short_year>\d\d)))?\b"
_MAYBE_WEEKDAY = rf"\b(?:(?:{WEEKDAY}|{SHORT_WEEKDAY})[\s,]+(?:d[íi]a\s+|the\s+|el\s+)?)?"
_NO_AMOUNT = (
    rf"(?![/:%]|-\d|\s+(?:de\s+|of\s+)?{MONTH}\b"
    r"|\s*(?:hs?|horas|am|pm|d[íi]as?|days?|hours?|minut\w*)\b|\s+(?:de\s+cada|of\s+(?:each|every)))"
)
_NEXT_MONTH = (
    r"(?:del?\s+(?:pr[óo]ximo(?:\s+mes)?|mes\s+(?:que\s+viene|que\s+entra|pr[óo]ximo|entrante|siguiente))"
    r"|of\s+(?:next|the\s+(?:next|following|coming))\s+month)\b"
)
_RUNNING_MONTH = (
    r"(?:del?\s+(?:(?:mes\s+)?(?:corriente|presente|actual)(?:\s+mes)?|(?:mes\s+)?en\s+curso|este\s+(?:mismo\s+)?mes"
    r"|los\s+corrientes|cte)|of\s+(?:this|the\s+current)\s+month)\b"
)
_NUMBERED_LEAD = r"(?:by|on|until|till|come|(?:on\s+)?or\s+before|(?:no|not)\s+later\s+than)"
_END_OF_CLAUSE = (
    r"(?=\s*(?:[.,;!)]\s|[.;!)]?$|por\s+la|a\s+las|entre\s+las|sin\s+falta|a\s+primera|en\s+el\s+transcurso"
    r"|(?:y\s+)?(?:te|le|os|les|se|lo|nos|tienes|tiene|ten[ée]s|tendr[áa]s?|pasa|llega|sale|viene|[^\W\d_]+(?:mos|r[áé]|rán))\s"
    r"|de\s+\d{1,2}(?:[:.]\d\d)?\s+a\s+\d))"
)
_WEEK_OF = r"(?:w/c|week\s+(?:commencing|beginning|starting|of)|semana\s+del)"
_ENGLISH_LEAD = re.compile(r"by|on|until|before|for|not?\s|later|latest|or\s", re.IGNORECASE)
_WEEK = r"semana|week|w/c"


def _dated(match: Found, days: BrandDays) -> date | None:
    return days.dated(int(match["dom"]), _month(match), _year(match))


def _dated_in_words(match: Found, days: BrandDays) -> date | None:
    return days.dated(DAYS_OF_THE_MONTH[" ".join(match["dom"].lower().split())], _month(match), _year(match))


def _month(match: Found) -> int:
    return MONTHS[match["month"].lower()]


def _year(match: Found) -> int | None:
    """As it is written, "2027", "27" or not at all."""
    written = match.groupdict()
    year = written.get("year") or written.get("short_year")
    return None if year is None else 2000 + int(year) % 100


def _in_digits(match: Found, days: BrandDays) -> date | None:
    """Day and month; where both orders are in use or only the other one fits, whichever comes first."""
    first, second = int(match["dom"]), int(match["month"])
    either = [days.dated(first, second, _year(match)), days.dated(second, first, _year(match))]
    if (weekday := match.groupdict().get("day")) is not None:
        fitting = [day for day in either if day and day.weekday() == _weekday(weekday)]
        return min(fitting, default=either[0])
    english = _ENGLISH_LEAD.match(match[0]) is not None
    return min((day for day in either if day), default=None) if english or second > 12 else either[0]


def _either_order(match: Found, days: BrandDays) -> date | None:
    """The day first, unless only the other order is still to come."""
    first, second = int(match["dom"]), int(match["month"])
    return days.dated(first, second, _year(match)) or days.dated(second, first, _year(match))


def _numbered(match: Found, days: BrandDays) -> date | None:
    return days.numbered(int(match["dom"]))


def _next_months(match: Found, days: BrandDays) -> date | None:
    return days.numbered(int(match["dom"]), after=days.month_end())


def _weekday(name: str) -> int:
    return WEEKDAYS[name.lower().rstrip(".")]


def _its_friday(day: date | None) -> date | None:
    """The end of the week in which a day is."""
    return day and day + timedelta(days=max(0, 4 - day.weekday()))


def _numbered_weekday(match: Found, days: BrandDays) -> date | None:
    return days.numbered_weekday(_weekday(match["day"]), int(match["dom"]))


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
            rf"(?:{_BEFORE}|\b(?:el|al|este|para\s+el|d[íi]a|hasta|tardar)\s+){_MAYBE_WEEKDAY}"
            r"(?P<dom>\d{1,2})[/.-](?P<month>\d{1,2})\b(?:[/.-](?P<year>(?:20)?\d\d))?(?!\s*(?:am|pm|hs?|hrs|horas)\b)"
        ),
        _in_digits,
    ),
    "18/05 a las 10": Way(
        r"\d/\d",
        (
            r"(?:(?:(?<=[:(])|(?<=[:(]\s))(?=\d\d/|\d/\d\d)|(?<![\w/.,-])(?=[\d/]+,?\s+(?:a\s+las\s|entre\s+las\s|\d{1,2}:\d\d|at\s+\d|between\s)))"
            r"(?P<dom>\d{1,2})/(?P<month>\d{1,2})\b(?:/(?P<year>(?:20)?\d\d))?(?![\w/-])"
        ),
        _in_digits,
    ),
    "by 5/14": Way(
        r"\d",
        (
            rf"\b(?:by|on|until|till|for|(?:not?\s+)?later\s+than|latest|(?:on\s+)?or\s+before)\s+{_MAYBE_WEEKDAY}"
            r"(?P<dom>\d{1,2})(?P<sign>[/-])(?P<month>\d{1,2})\b(?:(?P=sign)(?P<year>(?:20)?\d\d))?"
            r"(?!\s*(?:am|pm|hs?|hrs|horas|hours|business|working|days?|weeks?|months?|min\w*)\b|[:/])"
        ),
        _in_digits,
    ),
    "Monday (5/18)": Way(
        ANY_WEEKDAY,
        (
            rf"\b(?P<day>{WEEKDAY}|{SHORT_WEEKDAY})[\s,]*\(?(?:d[íi]a\s+)?(?P<dom>\d{{1,2}})/(?P<month>\d{{1,2}})\b"
            r"(?:/(?P<year>(?:20)?\d\d))?\)?"
        ),
        _in_digits,
    ),
    "14/05/2026": Way(
        r"\d",
        r"(?<![\w/.-])(?P<dom>\d{1,2})(?P<sign>[/.-])(?P<month>\d{1,2})(?P=sign)(?P<year>20\d\d)(?![\w/-])",
        _either_order,
    ),
    "14-may": Way(
        MONTH_NAME,
        (
            rf"{_BEFORE}?(?<![\w/.-])(?P<dom>\d{{1,2}})\s?(?P<sign>[/.-])\s?(?P<month>{MONTH})"
            r"(?:(?P=sign)(?P<year>(?:20)?\d\d))?(?![\w/-])"
        ),
        _dated,
    ),
    "el primero de mayo": Way(
        MONTH_NAME,
        rf"{_BEFORE}?{_MAYBE_WEEKDAY}(?:the\s+)?\b(?P<dom>{DAY_IN_WORDS})\s+(?:de|of)\s+(?P<month>{MONTH}){_YEAR}",
        _dated_in_words,
    ),
    "el 5 del mes que viene": Way(
        r"\bpr[óo]ximo\b|\bmes\b|month",
        rf"{_BEFORE}?(?:\b(?:el|by|on)\s+)?{_MAYBE_WEEKDAY}(?:d[íi]a\s+|the\s+)?{_ORDINAL}\s+{_NEXT_MONTH}",
        _next_months,
    ),
    "el 28 del corriente": Way(
        r"corriente|presente|actual|curso|\bmes\b|\bcte\b|month",
        rf"{_BEFORE}?(?:\b(?:el|by|on)\s+)?{_MAYBE_WEEKDAY}(?:d[íi]a\s+|the\s+)?{_ORDINAL}\s+{_RUNNING_MONTH}",
        _numbered,
    ),
    "entre los días 26 y 28": Way(
        r"d[íi]as\b",
        rf"\b(?:entre\s+)?los\s+d[íi]as\s+\d{{1,2}}\s*(?:y|e|o|u|a|al|-|–)\s*{_ORDINAL}\b{_NO_AMOUNT}",
        _numbered,
    ),
    "2026-05-14": Way(
        r"\d",
        r"(?<![\w/.-])20\d\d-(?P<month>\d\d)-(?P<dom>\d\d)(?![\w/-])",
        lambda match, days: days.dated(int(match["dom"]), int(match["month"])),
    ),
    "el viernes 24": Way(
        ANY_WEEKDAY,
        rf"{_BEFORE}?\b(?P<day>{WEEKDAY}|{SHORT_WEEKDAY}),?\s+(?:d[ií]a\s+|the\s+)?{_OF_THE_MONTH}(?!\s*[-–/]\s*\d|\s+(?:de\s+|of\s+)?{MONTH}\b)",
        _numbered_weekday,
    ),
    "el día 30": Way(
        r"\d",
        rf"\b(?:el|para\s+el)\s+(?:pr[óo]ximo\s+)?d[ií]a\s+{_ORDINAL}\b{_NO_AMOUNT}(?:\s+de\s+este\s+mes\b)?",
        _numbered,
    ),
    "antes del 30": Way(
        r"\d",
        rf"(?P<before>\bantes\s+del\s+(?:d[íi]a\s+)?|(?<!\bor )\bbefore\s+the\s+(?=\d+[snrt])){_ORDINAL}\b{_NO_AMOUNT}",
        _numbered,
    ),
    "by the 30th": Way(
        r"\d",
        rf"\b{_NUMBERED_LEAD}\s+(?:the\s+)?(?=\d+(?:st|nd|rd|th)){_ORDINAL}\b{_NO_AMOUNT}",
        _numbered,
    ),
    "lands the 14th": Way(
        r"\d(?:st|nd|rd|th)",
        rf"(?<!since )(?<!from )(?<!of )\bthe\s+(?=\d+(?:st|nd|rd|th)){_ORDINAL}"
        r"(?=\s*(?:[.,;!)]\s|[.;!)]?$|at\s|between\s))",
        _numbered,
    ),
    "the 16th to the 20th": Way(
        r"\d",
        rf"\bthe\s+\d{{1,2}}(?:st|nd|rd|th)\s*(?:to|and|or|through|-|–)\s*(?:the\s+)?(?=\d+[snrt]){_ORDINAL}\b{_NO_AMOUNT}",
        _numbered,
    ),
    "el 14": Way(
        r"\d",
        rf"\b(?:el|para\s+el|este|de\s+(?:aqu[íi]|ac[áa])\s+al)\s+(?P<dom>\d{{1,2}}){_END_OF_CLAUSE}",
        _numbered,
    ),
    "del 26 al 28": Way(
        r"\d",
        rf"\b(?:del|entre\s+el)\s+\d{{1,2}}\s+(?:al|y\s+el|y)\s+(?P<dom>\d{{1,2}}){_END_OF_CLAUSE}",
        _numbered,
    ),
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
