"""Days by name or number, weeks and months: "antes del viernes", "May 14th", "next week"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from nlp.alternatives import phrases
from nlp.promising.brand_days import BrandDays
from nlp.promising.names import ENGLISH_WEEKDAY, MONTH, MONTHS, SHORT_WEEKDAY, SPANISH_WEEKDAY, WEEKDAY, WEEKDAYS

Found = re.Match[str]

# --- parts of patterns ---

_BEFORE = r"(?P<before>\b(?:antes\s+del?|(?<!\bor )before)\s+(?:d[ií]a\s+|the\s+)?)"
_ORDINAL = r"(?P<dom>\d{1,2})(?:st|nd|rd|th|[°º]|ero?)?"
_OF_THE_MONTH = rf"{_ORDINAL}(?![:.]?\d|\s*(?:am|pm|hs?|hrs|%|€)\b)"
_YEAR = r"(?:,?\s+(?:de\s+|del?\s+)?20\d\d)?\b"
_MAYBE_WEEKDAY = rf"\b(?:(?:{WEEKDAY}|{SHORT_WEEKDAY})[\s,]+(?:d[íi]a\s+|the\s+|el\s+)?)?"
_THE = (
    r"\b(?:hasta\s+el|para\s+el|de\s+cara\s+al|de\s+aqu[íi]\s+al|el|este|pr[óo]ximo|del|d[íi]a)\s+"
    r"(?:mismo\s+)?(?:pr[óo]ximo\s+)?(?:d[ií]a\s+)?"
)
_ALONE = r"(?:^|(?<=[:,(•–-]\s)|(?<=[:,(]))"
# what follows a weekday that stands by itself: "lunes 8:30", "Sat 9am-12pm"
_WITH_ITS_HOUR = (
    r"(?=[\s,]+(?:\d{1,2}(?:[:.]\d\d|\s*(?:am|pm|hs?|hrs)\b|\s*[-–]\s*\d{1,2})|(?:a|entre)\s+las?\s|a\s+primera|sin\s+falta"
    r"|por\s+la\s|de\s+\d|entre\s+\d|antes\s+de\s+las|between\s|at\s+\d|by\s+\d))"
)
_ON = r"\b(?:(?:on|by|this|next|coming|come|until|for)\s+)?(?:(?:this|next|coming)\s+)?"
_NOT_PAST = (
    r"(?<!last )(?<!desde el )(?<!desde )(?<!partir de )(?<!partir del )(?<!since )(?<!every )(?<!from )(?<!each )"
    r"(?<!pasado )(?<!todos los )(?<!good )(?<!black )"
)
# "Monday's outage" tells of no time to come, "in Monday's post" does
_ITS_OWN = (
    r"['’]s\b(?!\s+(?:post|mail|run|van|bag|batch|truck|delivery|shipment|dispatch|collection|clinic|statement)\b)"
)
_ONCE = rf"\b(?!{_ITS_OWN}|\s+pasad[oa]\b|s\b)"
_NO_NUMBER = r"(?!\s+(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?(?![:.]?\d|\s*(?:am|pm|h)\b))"
_NO_AMOUNT = r"(?![/:%]|\s*(?:hs?|horas|am|pm|d[íi]as?|days?|hours?|minut\w*)\b|\s+(?:de\s+cada|of\s+(?:each|every)))"
_END_OF_CLAUSE = (
    r"(?=\s*(?:[.,;!)]\s|[.;!)]?$|por\s+la|a\s+las|entre\s+las|sin\s+falta|a\s+primera|en\s+el\s+transcurso"
    r"|(?:te|le|os|les|se|lo|nos|tienes|tiene|ten[ée]s|tendr[áa]s?)\s))"
)
_ITS_WEEKDAY = rf"(?P<day>{WEEKDAY})\b"
_ITS_MONTH = rf"(?P<month>{MONTH})(?!\s+\d|\w)"

_CLAUSE_BEGINS = r"(?:^|(?<=^\s)|(?<=[.:;!,]\s))"
# after a weekday that begins a clause: "lun te cambian", "Tues I'll chase it"
_SOMEBODY_ACTS = (
    r"(?:te|os|le|les|se|lo|la|los|las|nos|pasa|pasan|va|van|sale|llega|i|we|it|they|you|your|he|she|the)\b"
)
# "by sun" and "by sat" are days, "sun" and "sat" are not
_LOWER_WEEKDAY = r"(?-i:mon|tues?|weds?|thu(?:rs)?|fri|sat|sun)"
_NO_GREETING = r"(?<!\bmerry )(?<!\bhappy )(?<!\bfeliz )(?<!\bferiado de )"
_NOON = 12

_DURING = phrases("""
    a lo largo de, en el transcurso de, en el curso de, durante, durante el transcurso de, en el día de, el día de,
    durante el día de, antes del final de, antes del fin de, antes de que acabe, antes de que termine, al final de,
    al cierre de, a última hora de, la mañana de, en la mañana de, la tarde de, en la tarde de, la noche de, en lo
    que queda de
""")
_WITHIN_A_DAY = phrases("""
    durante, a lo largo, en el transcurso, en el curso, en el correr, en lo que queda, al final, al cierre, antes de
    que cierre, antes de que acabe, antes de que
    termine, antes de que finalice, antes de acabar, antes de terminar, antes de finalizar
""")
PART_OF_DAY = (
    rf"{_WITHIN_A_DAY}\s+(?:del|de\s+la|la|el)\s+(?:d[ií]a|tarde|ma[ñn]ana|noche|jornada)(?!\s+(?:de|del)\s|\w)"
)
_BY_THE_END_OF = phrases("""
    by the end of, by end of, before the end of, before end of, at the end of, at end of, by close of, by the close
    of, before close of, by
""")
_TODAY = "|".join(
    (
        rf"(?:{_DURING}\s+|(?<!\bde )(?<!\bhasta )(?<!\bdesde )\b)hoy(?:\s+mismo)?\b",
        r"\besta\s+(?:misma\s+)?(?:tarde|noche|ma[ñn]ana)\b",
        (
            r"(?<!\bfrom )(?<!\bas of )\b(?:later\s+)?"
            rf"(?:today|tonight|this\s+(?:very\s+)?(?:afternoon|arvo|evening|morning))\b(?!{_ITS_OWN})"
        ),
        (
            rf"\b{_BY_THE_END_OF}\s+(?:the\s+|business\s+)?(?:day|play|today|business|cob|eod|midnight|close)\b"
            r"(?!\s+(?:on\s+)?(?:tomorrow|of\b|\w+day))"
        ),
        rf"\b{PART_OF_DAY}",
        r"\b(?:antes\s+de|a)\s+medianoche\b|\bat\s+midnight\b|\ben\s+el\s+d[ií]a\b(?!\s+de\b)|\b(?:en|a|por)\s+la\s+(?:tarde|noche)\b(?!\s+del?\b)",
        r"\b(?:by|before)\s+(?:(?:lunch|tea|dinner)(?:time)?|bedtime)\b(?!\s+(?:on\s+)?(?:tomorrow|\w+day))",
        r"\bwithin\s+the\s+day\b|\bbefore\s+the\s+day\s+is\s+(?:out|over)\b|\ba\s+media\s+tarde\b|\bqueda\s+de\s+d[íi]a\b",
    )
)
_NO_MORNING = (
    r"(?<!\bmedia )(?<!\bla )(?<!\buna )(?<!\besta )(?<!\bpasado )(?<!\bpor )(?<!\bmisma )(?<!\bdesde )(?<!\bfrom )"
)
_TOMORROW = (
    rf"(?:{_DURING}\s+|{_NO_MORNING}\b)"
    rf"(?:ma[ñn]ana|mñn|tomorrow|tmrw|tmw|tomoz)\b(?!{_ITS_OWN})(?:\s+mismo)?|\bfirst\s+thing\s+in\s+the\s+morning\b"
)
_NEXT_WEEK = phrases("""
    la semana que viene, semana que viene, la semana que entra, semana que entra, la semana próxima, la semana
    entrante, la próxima semana, próxima semana, la siguiente semana, next week, the following week, the coming week
""")
_SOMETIME = phrases("""
    a principios de, a finales de, a lo largo de, durante, en el transcurso de, en el curso de, antes de que acabe,
    early, late, by the end of, by end of, sometime, some time, before the end of
""")
_THIS_WEEK = phrases("""
    esta semana, esta misma semana, durante la semana, a lo largo de la semana, en el transcurso de la semana, en el
    curso de la semana, a finales de semana, a final de semana, antes de final de semana, antes del final de semana,
    antes de que acabe la semana, antes de que termine la semana, antes de finalizar la semana, antes de acabar la
    semana, antes de terminar la semana, en lo que queda de semana, lo que queda de semana, a lo largo de esta
    semana, durante esta semana, en el transcurso de esta semana, a finales de esta semana, antes de finales de
    semana, this week, later this week, end of week, end of the week, by the end of the week, by end of week, before
    the end of the week, by the end of this week, before the end of this week, at the end of the week, before the
    week is out, before the week is over, before the week ends
""")
_WEEK_OF = r"(?:w/c|week\s+(?:commencing|beginning|starting|of)|semana\s+del)"
_THIS_MONTH = phrases("""
    este mes, este mismo mes, antes de fin de mes, antes del fin de mes, antes de final de mes, antes del final de
    mes, antes de finales de mes, antes de que acabe el mes, antes de que termine el mes, antes de finalizar el mes,
    antes de acabar el mes, a final de mes, a finales de mes, a fin de mes, a fines de mes, a finales de este mes, a
    final de este mes, durante el mes, this month, the end of the month, by the end of the month, by end of month,
    by the end of this month, before the end of the month, at the end of the month, by month end, before month end,
    by month's end, before the month's out, before the month is out, before the month is over, before the month ends
""")
_NEXT_MONTH = phrases("""
    el mes que viene, el mes que entra, el próximo mes, próximo mes, el mes próximo, next month, by the end of next
    month
""")
_IN_MONTH = phrases("""
    en, en el mes de, in, late, during, durante, a final de, a finales de, antes de fin de, antes de finales de, antes
    de final de, antes de que acabe, by the end of, by end of, before the end of, at the end of
""")
_THIS_YEAR = phrases("""
    antes de fin de año, antes del fin de año, antes de final de año, antes de que acabe el año, antes de que termine
    el año, a fin de año, a final de año, a finales de año, este año, by the end of the year, before the end of the
    year, this year, by year end, by the end of this year, before the year's out, before the year is out, before the
    year is over, before the year ends, before year end, before year's end
""")
_THIS_WEEKEND = phrases("""
    el fin de semana, este fin de semana, durante el fin de semana, para el fin de semana, el finde, este finde, a lo
    largo del fin de semana, durante este fin de semana, this coming weekend, antes de que acabe el fin de semana,
    antes de que termine el fin de semana, this weekend, over the weekend, at the weekend, by the weekend, during the
    weekend, on the weekend, before the weekend is out, before the weekend is over
""")
_BEFORE_THE_WEEKEND = phrases("antes del fin de semana, antes del finde, before the weekend")
_HOLIDAYS = {
    "christmas eve": (24, 12), "xmas eve": (24, 12), "nochebuena": (24, 12), "christmas": (25, 12),
    "christmas day": (25, 12), "xmas": (25, 12), "xmas day": (25, 12), "navidad": (25, 12), "boxing day": (26, 12),
    "new year's eve": (31, 12), "new year’s eve": (31, 12), "nye": (31, 12), "nochevieja": (31, 12),
    "new year": (1, 1), "new year's": (1, 1), "new year’s": (1, 1), "new year's day": (1, 1),
    "new year’s day": (1, 1), "año nuevo": (1, 1), "reyes": (6, 1), "valentine's day": (14, 2),
    "valentine’s day": (14, 2), "st patrick's day": (17, 3), "halloween": (31, 10),
}  # fmt: skip
_NEXT_WORKING_DAY = phrases("""
    el próximo día hábil, próximo día hábil, el siguiente día hábil, siguiente día hábil, el próximo día laborable,
    el siguiente día laborable, the next business day, the next working day, next business day, next working day
""")


# --- which day is meant ---


@dataclass(frozen=True, slots=True)
class Day:
    """Where it stands; `before`: the day is the first that is too late."""

    start: int
    end: int
    day: date
    before: bool


_ENGLISH_LEAD = re.compile(r"by|on|until|before|for", re.IGNORECASE)
_Meant = Callable[[Found, BrandDays], date | None]


def _weekday(match: Found) -> int:
    return WEEKDAYS[match["day"].lower().rstrip(".")]


def _next_weekday(match: Found, days: BrandDays) -> date:
    return days.next_weekday(_weekday(match))


def _this_very_weekday(match: Found, days: BrandDays) -> date:
    return days.today if days.today.weekday() == _weekday(match) else _next_weekday(match, days)


def _weekday_next_week(match: Found, days: BrandDays) -> date:
    return days.next_week(_weekday(match))


def _month(match: Found) -> int:
    return MONTHS[match["month"].lower()]


def _dated(match: Found, days: BrandDays) -> date | None:
    return days.dated(int(match["dom"]), _month(match))


def _in_digits(match: Found, days: BrandDays) -> date | None:
    """Day and month; in English, where both orders are in use, whichever comes first."""
    first, second = int(match["dom"]), int(match["month"])
    either = [days.dated(first, second), days.dated(second, first)]
    english = _ENGLISH_LEAD.match(match[0]) is not None
    return min((day for day in either if day), default=None) if english or second > 12 else either[0]


def _holiday(match: Found, days: BrandDays) -> date | None:
    name = " ".join(match["holiday"].lower().split())
    return days.thanksgiving() if name == "thanksgiving" else days.dated(*_HOLIDAYS[name])


def _next_morning(_: Found, days: BrandDays) -> date | None:
    """Said after noon it is tomorrow's; before, nobody knows which."""
    return days.in_days(1) if days.hour >= _NOON else None


def _numbered(match: Found, days: BrandDays) -> date | None:
    return days.numbered(int(match["dom"]))


def _its_friday(day: date | None) -> date | None:
    """The end of the week in which a day is."""
    return day and day + timedelta(days=max(0, 4 - day.weekday()))


def _numbered_weekday(match: Found, days: BrandDays) -> date | None:
    return days.numbered_weekday(_weekday(match), int(match["dom"]))


# a word without which a way of saying it need not be tried
_CUES = {
    name: re.compile(cue, re.IGNORECASE)
    for name, cue in {
        "month name": rf"\b{MONTH}\b",
        "digit": r"\d",
        "weekday": WEEKDAY,
        "short weekday": SHORT_WEEKDAY,
        "any weekday": f"{WEEKDAY}|{SHORT_WEEKDAY}",
        "week": r"semana|week|w/c",
        "weekend": r"semana|finde|weekend",
        "tomorrow": r"ma[ñn]ana|mñn|tomorrow|tmrw|tmw|tomoz|first\s+thing",
        "today": (
            r"hoy|ma[ñn]ana|midnight|\best[ae]\b|tarde|noche|d[íi]a\b|jornada|medianoche|today|tonight|this|\bday\b|play"
            r"|business|lunch|\btea|dinner|bedtime|\bcob\b|\beod\b|close"
        ),
        "day": r"d[íi]a\b|day\b",
        "month": r"\bmes\b|month",
        "year": r"a[ñn]o\b|year",
        "holiday": (
            r"christmas|xmas|boxing|new\s+year|\bnye\b|navidad|noche(?:buena|vieja)|a[ñn]o\s+nuevo|reyes|valentin|patrick|thanksgiving"
            r"|halloween"
        ),
        "morning": r"morning",
        "lower weekday": _LOWER_WEEKDAY,
        "rare": r"overnight|week\s+(?:from\s+)?today|en\s+ocho",
    }.items()
}
# by an example of each: its cue, how it is written, and the day it means; of two that overlap the longer one counts
_WAYS: dict[str, tuple[str, str, _Meant]] = {
    "between June 17 and 19": (
        "month name",
        (
            rf"\b(?P<month>{MONTH})\.?\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s*(?:-|–|to|and|or|through|thru)\s*(?:the\s+)?"
            rf"{_OF_THE_MONTH}"
        ),
        _dated,
    ),
    "antes del 14 de mayo": (
        "month name",
        rf"{_BEFORE}?{_MAYBE_WEEKDAY}(?:the\s+)?{_OF_THE_MONTH}\s+(?:de\s+|of\s+)?(?P<month>{MONTH}){_YEAR}",
        _dated,
    ),
    "before May 14th": (
        "month name",
        rf"{_BEFORE}?{_MAYBE_WEEKDAY}\b(?P<month>{MONTH})\.?\s+(?:the\s+)?{_OF_THE_MONTH}{_YEAR}",
        _dated,
    ),
    "el 14/05": (
        "digit",
        (
            rf"(?:{_BEFORE}|\b(?:el|by|on|until|for|para\s+el|d[íi]a)\s+|(?:{WEEKDAY}|{SHORT_WEEKDAY}),?\s+(?!\d+-)){_MAYBE_WEEKDAY}"
            r"(?P<dom>\d{1,2})[/.-](?P<month>\d{1,2})\b(?:[/.-](?:20)?\d\d)?(?!\s*(?:am|pm|hs?|hrs|horas)\b)"
        ),
        _in_digits,
    ),
    "14/05/2026": (
        "digit",
        r"(?<![\w/.-])(?P<dom>\d{1,2})(?P<sign>[/.-])(?P<month>\d{1,2})(?P=sign)20\d\d(?![\w/-])",
        _in_digits,
    ),
    "14-May-2026": (
        "month name",
        rf"(?<![\w/.-])(?P<dom>\d{{1,2}})(?P<sign>[/.-])(?P<month>{MONTH})(?P=sign)(?:20)?\d\d\b",
        _dated,
    ),
    "2026-05-14": (
        "digit",
        r"(?<![\w/.-])20\d\d-(?P<month>\d\d)-(?P<dom>\d\d)(?![\w/-])",
        lambda match, days: days.dated(int(match["dom"]), int(match["month"])),
    ),
    "el viernes 24": (
        "any weekday",
        rf"{_BEFORE}?\b(?P<day>{WEEKDAY}|{SHORT_WEEKDAY}),?\s+(?:d[ií]a\s+|the\s+)?{_OF_THE_MONTH}",
        _numbered_weekday,
    ),
    "el día 30": (
        "digit",
        rf"\b(?:el|para\s+el)\s+(?:pr[óo]ximo\s+)?d[ií]a\s+{_ORDINAL}\b{_NO_AMOUNT}(?:\s+de\s+este\s+mes\b)?",
        _numbered,
    ),
    "antes del 30": (
        "digit",
        rf"(?P<before>\bantes\s+del\s+(?:d[íi]a\s+)?|\bbefore\s+the\s+(?=\d+[snrt])){_ORDINAL}\b{_NO_AMOUNT}",
        _numbered,
    ),
    "by the 30th": ("digit", rf"\b(?:by|on)\s+the\s+(?=\d+[snrt]){_ORDINAL}\b{_NO_AMOUNT}", _numbered),
    "the 16th to the 20th": (
        "digit",
        rf"\bthe\s+\d{{1,2}}(?:st|nd|rd|th)\s*(?:to|and|or|through|-|–)\s*(?:the\s+)?(?=\d+[snrt]){_ORDINAL}\b{_NO_AMOUNT}",
        _numbered,
    ),
    "el 14": ("digit", rf"\b(?:el|para\s+el)\s+(?P<dom>\d{{1,2}}){_END_OF_CLAUSE}", _numbered),
    "el lunes de la semana que viene": (
        "week",
        rf"\b(?:el\s+|on\s+|by\s+)?(?P<day>{WEEKDAY})\s+(?:de\s+|of\s+)?{_NEXT_WEEK}",
        _weekday_next_week,
    ),
    "next week on Monday": (
        "week",
        rf"\b{_NEXT_WEEK}[\s,]+(?:el\s+|on\s+)?(?P<day>{WEEKDAY})\b",
        _weekday_next_week,
    ),
    "a week on Monday": (
        "weekday",
        rf"\ba\s+week\s+(?:on|from)\s+(?P<day>{ENGLISH_WEEKDAY})\b",
        lambda match, days: _next_weekday(match, days) + timedelta(days=7),
    ),
    "Thursday week": (
        "weekday",
        rf"\b(?P<day>{ENGLISH_WEEKDAY})\s+week\b(?!['’])",
        lambda match, days: _next_weekday(match, days) + timedelta(days=7),
    ),
    "lunes 8:30": (
        "any weekday",
        rf"{_NOT_PAST}\b(?P<day>{SPANISH_WEEKDAY}|{SHORT_WEEKDAY}){_WITH_ITS_HOUR}",
        _next_weekday,
    ),
    "gets to you Wed": (
        "short weekday",
        rf"{_NOT_PAST}\b(?P<day>(?-i:Mon|Tues?|Weds?|Thu(?:rs)?|Fri|Sat|Sun))(?=\s*(?:[.,;!)]|$))",
        _next_weekday,
    ),
    "is getting sorted mon": (
        "lower weekday",
        rf"{_NOT_PAST}\b(?P<day>(?-i:mon|tues?|weds?|thu(?:rs)?|fri))(?=\s*(?:[.,;!)]|$))",
        _next_weekday,
    ),
    "antes del viernes": (
        "weekday",
        rf"(?P<before>\bantes\s+del|(?<!\bor )\bbefore)\s+(?:pr[óo]ximo\s+|next\s+|this\s+|d[íi]a\s+)?{_ITS_WEEKDAY}",
        _next_weekday,
    ),
    "este mismo viernes": (
        "weekday",
        rf"\b(?:este\s+mismo|this\s+very)\s+(?P<day>{WEEKDAY})\b",
        _this_very_weekday,
    ),
    "el viernes": (
        "weekday",
        rf"{_NOT_PAST}(?:{_THE}|{_ALONE})(?P<day>{SPANISH_WEEKDAY})(?:\s+(?:pr[óo]ximo|que\s+viene))?{_ONCE}{_NO_NUMBER}",
        _next_weekday,
    ),
    "on Friday": ("weekday", rf"{_NOT_PAST}{_ON}(?P<day>{ENGLISH_WEEKDAY}){_ONCE}{_NO_NUMBER}", _next_weekday),
    "by Fri": (
        "short weekday",
        rf"{_NOT_PAST}\b(?:on|by|this|until|el|este)\s+(?P<day>{SHORT_WEEKDAY}){_NO_NUMBER}",
        _next_weekday,
    ),
    "by noon mon": (
        "lower weekday",
        rf"(?:(?<=noon )|(?<=[ap]m )|\b(?:by|on|until)\s+)(?P<day>{_LOWER_WEEKDAY})\b{_NO_NUMBER}",
        _next_weekday,
    ),
    "lun te cambian": (
        "short weekday",
        rf"{_CLAUSE_BEGINS}(?P<day>{SHORT_WEEKDAY})(?=[\s,]+{_SOMEBODY_ACTS})",
        _next_weekday,
    ),
    "no later than Christmas Eve": (
        "holiday",
        rf"{_NO_GREETING}(?P<before>\b(?:antes\s+de|before)\s+)?\b(?P<holiday>{phrases(','.join(_HOLIDAYS))}|thanksgiving)(?!\w|['’]s\b|\s+(?:break|hol))",
        _holiday,
    ),
    "in the morning": ("morning", r"(?<!\d )(?<!\dam )\bin\s+the\s+morning\b", _next_morning),
    "the day after tomorrow": (
        "tomorrow",
        r"\b(?:pasado\s+ma[ñn]ana|(?:the\s+)?day\s+after\s+tomorrow)\b",
        lambda _, days: days.in_days(2),
    ),
    "mañana": ("tomorrow", _TOMORROW, lambda _, days: days.in_days(1)),
    "overnight": ("rare", r"\bovernight\b", lambda _, days: days.in_days(1)),
    "hoy": ("today", _TODAY, lambda _, days: days.today),
    "next working day": ("day", rf"\b{_NEXT_WORKING_DAY}\b", lambda _, days: days.in_working_days(1)),
    "a week tomorrow": ("tomorrow", r"\ba\s+week\s+(?:from\s+)?tomorrow\b", lambda _, days: days.in_days(8)),
    "a week today": (
        "rare",
        r"\b(?:a\s+week\s+(?:from\s+)?today|de\s+hoy\s+en\s+ocho)\b",
        lambda _, days: days.in_days(7),
    ),
    "before the weekend": (
        "weekend",
        rf"\b{_BEFORE_THE_WEEKEND}\b",
        lambda _, days: days.next_weekday(5) - timedelta(days=1),
    ),
    "this weekend": (
        "weekend",
        rf"\b{_THIS_WEEKEND}\b",
        lambda _, days: days.in_days(6 - days.today.weekday()),
    ),
    "w/c 17 August": (
        "week",
        rf"\b{_WEEK_OF}\s+(?:the\s+)?{_OF_THE_MONTH}\s+(?:de\s+|of\s+)?(?P<month>{MONTH}){_YEAR}",
        lambda match, days: _its_friday(_dated(match, days)),
    ),
    "week of June 8th": (
        "week",
        rf"\b{_WEEK_OF}\s+(?P<month>{MONTH})\.?\s+(?:the\s+)?{_OF_THE_MONTH}{_YEAR}",
        lambda match, days: _its_friday(_dated(match, days)),
    ),
    "la semana del 15": (
        "week",
        rf"\b{_WEEK_OF}\s+(?:the\s+)?{_ORDINAL}\b{_NO_AMOUNT}(?!\s+(?:de\s+|of\s+)?{MONTH})",
        lambda match, days: _its_friday(_numbered(match, days)),
    ),
    "this week": ("week", rf"\b{_THIS_WEEK}\b", lambda _, days: days.this_week()),
    "next week": ("week", rf"\b(?:{_SOMETIME}\s+)?{_NEXT_WEEK}\b", lambda _, days: days.next_week(4)),
    "the week after next": (
        "week",
        r"\b(?:the\s+)?week\s+after\s+next\b",
        lambda _, days: days.next_week(4) + timedelta(days=7),
    ),
    "this month": ("month", rf"\b{_THIS_MONTH}\b", lambda _, days: days.month_end()),
    "next month": ("month", rf"\b{_NEXT_MONTH}\b", lambda _, days: days.month_end(1)),
    "by the end of June": (
        "month name",
        rf"\b{_IN_MONTH}\s+{_ITS_MONTH}",
        lambda match, days: days.end_of_month_named(_month(match)),
    ),
    "antes de junio": (
        "month name",
        rf"\b(?:antes\s+de|before)\s+{_ITS_MONTH}",
        lambda match, days: days.end_of_month_named((_month(match) - 2) % 12 + 1),
    ),
    "a mediados de julio": (
        "month name",
        rf"\b(?:(?:a|para)\s+mediados\s+de|(?:by\s+)?mid[- ])\s*{_ITS_MONTH}",
        lambda match, days: days.dated(15, _month(match)),
    ),
    "a mediados de mes": ("month", r"\ba\s+mediados\s+de\s+mes\b", lambda _, days: days.numbered(15)),
    "antes de fin de año": ("year", rf"\b{_THIS_YEAR}\b", lambda _, days: days.month_end(12 - days.today.month)),
}
_PATTERNS = tuple((cue, re.compile(pattern, re.IGNORECASE), meant) for cue, pattern, meant in _WAYS.values())


def named_days(words: str, days: BrandDays) -> Iterator[Day]:
    """Every way that fits; some overlap."""
    cues = {name for name, cue in _CUES.items() if cue.search(words)}
    for cue, pattern, meant in _PATTERNS:
        if cue not in cues:
            continue
        for match in pattern.finditer(words):
            day = meant(match, days)
            if day is not None:
                yield Day(*match.span(), day, bool(match.groupdict().get("before")))
