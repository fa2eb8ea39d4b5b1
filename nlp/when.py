"""Read when a text says that something will happen: dates, weekdays, hours and spans, in Spanish and English."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from nlp.alternatives import any_of, phrases
from nlp.brand_days import BrandDays

Found = re.Match[str]


@dataclass(frozen=True, slots=True)
class When:
    """A time named in a text: where it stands, and the last moment it means."""

    start: int
    end: int
    due: datetime
    day: date | None = None
    clock: time | None = None


# --- words for numbers, days and months ---


def _numbered(*rows: str, start: int) -> dict[str, int]:
    return {name: number for number, row in enumerate(rows, start=start) for name in row.split()}


_WEEKDAYS = _numbered(
    "lunes monday mon", "martes tuesday tue tues", "miércoles miercoles wednesday wed", "jueves thursday thu thurs",
    "viernes friday fri", "sábado sabado saturday sat", "domingo sunday sun", start=0,
)  # fmt: skip
_MONTHS = _numbered(
    "enero january jan", "febrero february feb", "marzo march", "abril april apr", "mayo may", "junio june jun",
    "julio july jul", "agosto august aug", "septiembre setiembre september sep sept", "octubre october oct",
    "noviembre november nov", "diciembre december dec", start=1,
)  # fmt: skip
_NUMBERS = {
    "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
    "nueve": 9, "diez": 10, "once": 11, "doce": 12, "quince": 15, "veinte": 20, "treinta": 30, "veinticuatro": 24,
    "cuarenta y ocho": 48, "setenta y dos": 72, "un par de": 2, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3,
    "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30, "twenty-four": 24, "forty-eight": 48,
    "seventy-two": 72, "couple of": 2, "a couple of": 2, "few": 3, "a few": 3, "the": 1, "el": 1, "la": 1,
    "the next": 1, "next": 1, "la próxima": 1, "el próximo": 1, "la proxima": 1, "el proximo": 1,
}  # fmt: skip
_DAY = any_of("|".join(name for name in _WEEKDAYS if len(name) > 4), "|")
_SPANISH_DAY = any_of("lunes martes miércoles jueves viernes sábado domingo")
_ENGLISH_DAY = any_of("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_SHORT_DAY = r"(?-i:Mon|Tue|Tues|Wed|Thu|Thurs|Fri|Sat|Sun)\.?(?!\w)"
_MONTH = any_of("|".join(_MONTHS), "|")

# --- amounts of time ---

_COUNT = rf"(?:\d{{1,3}}|{any_of('|'.join(_NUMBERS), '|')}(?=\s))"
_UNITS = {
    "working": r"d[ií]as?\s+(?:h[áa]bil(?:es)?|labora(?:l|bl)es?|de\s+trabajo)|(?:business|working|work)\s+days?",
    "days": r"d[ií]as?(?!\s+(?:h[áa]bil|labora))|days?",
    "weeks": r"semanas?|weeks?",
    "fortnights": r"fortnights?|quincenas?",
    "months": r"mes(?:es)?|months?",
    "hours": r"h|hs|hrs?|horas?|hours?",
    "minutes": r"min(?:uto)?s?|minutes?",
}
# "an hour before", "within 5 days of receiving it": counted from another moment, which nobody knows
_FROM_NOW = (
    r"(?:\s+(?:naturales|corridos|calendario|consecutivos))?(?:['’]s?(?:\s+time)?)?(?<=[\w'’])(?!\w)"
    r"(?!\s+(?:antes|despu[ée]s|ago|before|earlier|late|later|after|m[áa]s\s+tarde|de\s+(?:recib\w+|que|la\s+entrega"
    r"|retraso|plazo|antelaci[óo]n|garant[íi]a)|of\s+(?:receiv\w*|receipt|gett\w*|delay\w*|delivery)|from\s+(?!now|today)"
    r"|since|notice|desde\s+(?!ahora|hoy|ya)|a\s+partir\s+(?!de\s+(?:ahora|hoy))|con|old|store|service|line|support"
    r"|a\s+la\s+semana|a\s+week|al\s+d[íi]a|a\s+day))"
)
_AMOUNT = re.compile(
    rf"(?<![\w.,/-])(?:{_COUNT}\s*(?:-|–|/|a|o|to|or|y|and)\s*)?(?P<n>{_COUNT})\s*"
    rf"(?:{'|'.join(f'(?P<{name}>{unit})' for name, unit in _UNITS.items())}){_FROM_NOW}",
    re.IGNORECASE,
)
_HALF_HOURS = re.compile(
    r"(?<!\w)(?:media\s+hora|half\s+an\s+hour|(?:una\s+)?(?P<more>hora\s+y\s+media|an\s+hour\s+and\s+a\s+half))\b",
    re.IGNORECASE,
)
_PREPOSITIONS = phrases("""
    en, in, within, dentro de, inside, under, antes de, over, up to, hasta, entre, between, before, after, tras,
    de aquí a, al cabo de, de, durante
""")
_LIMITS = (
    r"(?:(?:un\s+|el\s+)?(?:plazo|lapso|t[ée]rmino|per[íi]odo|tiempo)(?:\s+(?:m[áa]ximo|estimado|aproximado))?"
    r"(?:\s+(?:de|no\s+(?:mayor|superior)\s+a|inferior\s+a|menor\s+a))?|(?:un\s+|como\s+)?m[áa]ximo(?:\s+(?:de|en))?|"
    + phrases("""
    no más de, menos de, no mayor a, no superior a, a maximum of, a max of, max, maximum, at most, no more than, no later than,
    no longer than, less than, under, as much as, up to, hasta, los próximos, las próximas, los siguientes, las siguientes, los,
    las, la, el, the next, the following, the coming, the, next, unos, unas, about, around, approximately, aproximadamente,
    entre, between
    """)
    + ")"
)
_LEAD = re.compile(rf"(?<!\w)(?:{_PREPOSITIONS}\s+)?(?:{_LIMITS}\s+){{0,3}}$", re.IGNORECASE)
# "a" and "de" alone lead to hours of the day, "for 3 days" says how long
_REAL_LEAD = re.compile(
    r"(?:en|in|within|dentro|inside|under|antes|over|up|hasta|entre|between|menos|less|l[oa]s|the|next|plazo|lapso|t[ée]rmino"
    r"|m[áa]ximo|max\w*|at\s+most|no|tras|after|al\s+cabo|before|un|como|a\s+max\w*|de\s+(?:aqu[íi]|un|m[áa]ximo|menos|no))\b",
    re.IGNORECASE,
)
_OF_THE_DAY = re.compile(r"(?:entre|between|(?:antes\s+de|hasta|para)\s+las\s+$)", re.IGNORECASE)

# --- days ---

_BEFORE = r"(?P<before>\b(?:antes\s+del?|before|m[áa]s\s+tardar\s+antes\s+del?)\s+(?:d[ií]a\s+|the\s+)?)"
_MAYBE_BEFORE = f"{_BEFORE}?"
_ONCE_ONLY = r"\b(?!['’]s\b|\s+pasad[oa]\b|s\b)"
_NOT_PAST = r"(?<!last )(?<!desde el )(?<!desde )(?<!partir de )(?<!since )(?<!every )(?<!from )(?<!each )(?<!pasado )(?<!todos los )(?<!partir del )"
_NO_NUMBER = r"(?!\s+(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?(?![:.]?\d|\s*(?:am|pm|h)\b))"
_NEXT_WEEK = phrases("""
    la semana que viene, semana que viene, la semana que entra, semana que entra, la semana próxima, la semana entrante,
    la próxima semana, próxima semana, la siguiente semana, next week, the following week, the coming week
""")
_OF_THE_MONTH = r"(?P<dom>\d{1,2})(?:st|nd|rd|th)?(?![:.]?\d|\s*(?:am|pm|hs?|hrs|%|€)\b)"
_YEAR = r"(?:,?\s+(?:de\s+|del?\s+)?20\d\d)?\b"
_MAYBE_DAY = rf"\b(?:(?:{_DAY}|{_SHORT_DAY})[\s,]+(?:d[íi]a\s+|the\s+|el\s+)?)?"
_THE = r"(?:hasta\s+el|para\s+el|el|este|pr[óo]ximo|del|d[íi]a)\s+(?:mismo\s+)?(?:pr[óo]ximo\s+)?(?:d[ií]a\s+)?"
_ALONE = r"(?:^|(?<=[:,(•–-]\s)|(?<=[:,(]))"
_ON = r"\b(?:(?:on|by|this|next|coming|come|until|for)\s+)?(?:(?:this|next|coming)\s+)?"
_DURING = phrases("""
    a lo largo de, en el transcurso de, en el curso de, durante, durante el transcurso de, en el día de, el día de,
    durante el día de, antes del final de, antes del fin de, antes de que acabe, antes de que termine, al final de,
    al cierre de, a última hora de, la mañana de, en la mañana de, la tarde de, en la tarde de, la noche de, en lo que queda de
""")
_PART_OF_DAY = r"(?:del|de\s+la|la|el)\s+(?:d[ií]a|tarde|ma[ñn]ana|noche|jornada)(?!\s+(?:de|del)\s|\w)"
_ENDS = phrases("""
    by the end of, by end of, before the end of, before end of, at the end of, at end of, by close of, by the close of,
    before close of, by
""")
_TODAY = (
    rf"(?:(?:{_DURING}\s+|(?<!\bde )(?<!\bhasta )\b)hoy(?:\s+mismo)?\b|\besta\s+(?:misma\s+)?(?:tarde|noche|ma[ñn]ana)\b"
    r"|\b(?:later\s+)?(?:today|tonight|this\s+(?:very\s+)?(?:afternoon|evening|morning))\b(?!['’]s)"
    rf"|\b{_ENDS}\s+(?:the\s+|business\s+)?(?:day|play|today|business|cob|eod|midnight|close)\b(?!\s+(?:on\s+)?(?:tomorrow|of\b|\w+day))"
    rf"|\b(?:durante|a\s+lo\s+largo|en\s+el\s+(?:transcurso|curso)|en\s+lo\s+que\s+queda|al\s+final|antes\s+de\s+que\s+(?:acabe|termine|finalice)|antes\s+de\s+(?:acabar|terminar|finalizar))\s+{_PART_OF_DAY}"
    r"|\bantes\s+de\s+medianoche\b|\ben\s+el\s+d[ií]a\b(?!\s+de\b)|\bwithin\s+the\s+day\b|\ben\s+la\s+(?:tarde|noche)\b(?!\s+de[l]?\b))"
)
_TOMORROW = (
    rf"(?:(?:{_DURING}\s+|(?<!\bla )(?<!\buna )(?<!\besta )(?<!\bpasado )(?<!\bpor )(?<!\bmisma )(?<!\bdesde )(?<!\bfrom )\b)"
    r"(?:ma[ñn]ana|tomorrow)\b(?!['’]s)(?:\s+mismo)?|\bfirst\s+thing\s+in\s+the\s+morning\b)"
)
_THIS_WEEK = phrases("""
    esta semana, esta misma semana, durante la semana, a lo largo de la semana, en el transcurso de la semana,
    en el curso de la semana, a finales de semana, a final de semana, antes de final de semana, antes del final de semana,
    antes de que acabe la semana, antes de que termine la semana, antes de finalizar la semana, antes de acabar la semana,
    antes de terminar la semana, en lo que queda de semana, lo que queda de semana,
    a lo largo de esta semana, durante esta semana, en el transcurso de esta semana, a finales de esta semana,
    antes de finales de semana, this week, later this week, within the week, by the end of the week, by end of week,
    before the end of the week, by the end of this week, before the end of this week, at the end of the week
""")
_THIS_MONTH = phrases("""
    este mes, este mismo mes, antes de fin de mes, antes del fin de mes, antes de final de mes, antes del final de mes,
    antes de finales de mes, antes de que acabe el mes, antes de que termine el mes, antes de finalizar el mes, antes de acabar el mes, a final de mes, a finales de mes,
    a fin de mes, a fines de mes, a finales de este mes, a final de este mes, durante el mes, this month, within the month,
    by the end of the month, by end of month, by the end of this month, before the end of the month, at the end of the month,
    by month end, by month's end
""")
_NEXT_MONTH = phrases("""
    el mes que viene, el mes que entra, el próximo mes, próximo mes, el mes próximo, next month, by the end of next month
""")
_THIS_YEAR = phrases("""
    antes de fin de año, antes del fin de año, antes de final de año, antes de que acabe el año, antes de que termine el año,
    a fin de año, a final de año, a finales de año, este año, by the end of the year, before the end of the year, this year,
    by year end, by the end of this year
""")
_THIS_WEEKEND = phrases("""
    el fin de semana, este fin de semana, durante el fin de semana, para el fin de semana, el finde, este finde,
    this weekend, over the weekend, at the weekend, by the weekend, during the weekend, on the weekend
""")
_BEFORE_THE_WEEKEND = phrases("antes del fin de semana, antes del finde, before the weekend")
_NEXT_WORKING_DAY = phrases("""
    el próximo día hábil, próximo día hábil, el siguiente día hábil, siguiente día hábil, el próximo día laborable,
    el siguiente día laborable, the next business day, the next working day, next business day, next working day
""")
_SOMETIME = phrases("""
    a principios de, a finales de, a lo largo de, durante, en el transcurso de, en el curso de, antes de que acabe,
    early, late, by the end of, by end of, sometime, some time, before the end of
""")
_IN_MONTH = phrases("""
    en, en el mes de, in, during, durante, a final de, a finales de, antes de fin de, antes de finales de, antes de final de,
    antes de que acabe, by the end of, by end of, before the end of, at the end of
""")


def _weekday(match: Found) -> int:
    return _WEEKDAYS[match["day"].lower().rstrip(".")]


def _month(match: Found) -> int:
    return _MONTHS[match["month"].lower()]


def _dated(match: Found, days: BrandDays) -> date | None:
    return days.dated(int(match["dom"]), _month(match))


def _in_digits(match: Found, days: BrandDays) -> date | None:
    """Day and month; month and day where it cannot be otherwise."""
    day, month = int(match["dom"]), int(match["month"])
    return days.dated(day, month) if month <= 12 else days.dated(month, day)


Day = Callable[[Found, BrandDays], date | None]
# a word without which a pattern need not be tried
_CUES = {
    name: re.compile(rf"{cue}", re.IGNORECASE)
    for name, cue in {
        "month name": rf"\b{_MONTH}\b",
        "digit": r"\d",
        "weekday": _DAY,
        "short weekday": _SHORT_DAY,
        "next week": r"semana|week",
        "week": r"semana|week",
        "weekend": r"fin\s+de\s+semana|finde|weekend",
        "tomorrow": r"ma[ñn]ana|tomorrow|first\s+thing",
        "today": r"hoy|ma[ñn]ana|\best[ae]\b|tarde|noche|d[íi]a\b|jornada|medianoche|today|tonight|this|\bday\b|play|business|\bcob\b|\beod\b|close",
        "day": r"d[íi]a\b|day\b",
        "month": r"\bmes\b|month",
        "year": r"a[ñn]o\b|year",
        "rare": r"overnight|week\s+(?:from\s+)?today|en\s+ocho",
    }.items()
}
# by an example of each: its cue, how it is written, and the day it means; of two that overlap the longer one counts
_DAYS: dict[str, tuple[str, str, Day]] = {
    "antes del 14 de mayo": ("month name", rf"{_MAYBE_BEFORE}{_MAYBE_DAY}(?:the\s+)?{_OF_THE_MONTH}\s+(?:de\s+|of\s+)?(?P<month>{_MONTH}){_YEAR}", _dated),
    "before May 14th": ("month name", rf"{_MAYBE_BEFORE}\b(?P<month>{_MONTH})\.?\s+(?:the\s+)?{_OF_THE_MONTH}{_YEAR}", _dated),
    "el 14/05": ("digit", rf"(?:{_BEFORE}|\b(?:el|by|on|until|para\s+el|d[íi]a)\s+|{_DAY},?\s+){_MAYBE_DAY}(?P<dom>\d{{1,2}})[/.-](?P<month>\d{{1,2}})\b(?:[/.-](?:20)?\d\d)?(?!\s*(?:am|pm|hs?|hrs|horas)\b)", _in_digits),
    "el viernes 24": ("weekday", rf"{_MAYBE_BEFORE}\b(?P<day>{_DAY}|{_SHORT_DAY}),?\s+(?:d[ií]a\s+|the\s+)?{_OF_THE_MONTH}", lambda m, d: d.numbered_weekday(_weekday(m), int(m["dom"]))),
    "by the 30th": ("digit", rf"(?:{_BEFORE}(?=\d)|\b(?:el|para\s+el)\s+(?:pr[óo]ximo\s+)?d[ií]a\s+|\b(?:by|on|before)\s+the\s+(?=\d+[snrt]))(?P<dom>\d{{1,2}})(?:st|nd|rd|th)?\b(?![/:%]|\s*(?:hs?|horas|am|pm|d[íi]as?|days?|hours?|minut\w*)\b|\s+(?:de\s+cada|of\s+(?:each|every)))", lambda m, d: d.numbered(int(m["dom"]))),
    "el 14": ("digit", r"\b(?:el|para\s+el)\s+(?P<dom>\d{1,2})(?=\s*(?:[.,;!)]\s|[.;!)]?$|por\s+la|a\s+las|entre\s+las|sin\s+falta|a\s+primera))", lambda m, d: d.numbered(int(m["dom"]))),
    "el lunes de la semana que viene": ("next week", rf"\b(?:el\s+|on\s+|by\s+)?(?P<day>{_DAY})\s+(?:de\s+|of\s+)?{_NEXT_WEEK}", lambda m, d: d.next_week(_weekday(m))),
    "next week on Monday": ("next week", rf"\b{_NEXT_WEEK}[\s,]+(?:el\s+|on\s+)?(?P<day>{_DAY})\b", lambda m, d: d.next_week(_weekday(m))),
    "a week on Monday": ("weekday", rf"\ba\s+week\s+on\s+(?P<day>{_ENGLISH_DAY})\b", lambda m, d: d.next_weekday(_weekday(m)) + timedelta(days=7)),
    "antes del viernes": ("weekday", rf"(?P<before>\bantes\s+del|\bbefore)\s+(?:pr[óo]ximo\s+|next\s+|this\s+)?(?:d[íi]a\s+)?(?P<day>{_DAY})\b", lambda m, d: d.next_weekday(_weekday(m))),
    "el viernes": ("weekday", rf"{_NOT_PAST}(?:\b{_THE}|{_ALONE})(?P<day>{_SPANISH_DAY})(?:\s+(?:pr[óo]ximo|que\s+viene))?{_ONCE_ONLY}{_NO_NUMBER}", lambda m, d: d.next_weekday(_weekday(m))),
    "on Friday": ("weekday", rf"{_NOT_PAST}{_ON}(?P<day>{_ENGLISH_DAY}){_ONCE_ONLY}{_NO_NUMBER}", lambda m, d: d.next_weekday(_weekday(m))),
    "by Fri": ("short weekday", rf"{_NOT_PAST}\b(?:on|by|this|until)\s+(?P<day>{_SHORT_DAY}){_NO_NUMBER}", lambda m, d: d.next_weekday(_weekday(m))),
    "the day after tomorrow": ("tomorrow", r"\b(?:pasado\s+ma[ñn]ana|the\s+day\s+after\s+tomorrow)\b", lambda _, d: d.in_days(2)),
    "mañana": ("tomorrow", _TOMORROW, lambda _, d: d.in_days(1)),
    "overnight": ("rare", r"\bovernight\b", lambda _, d: d.in_days(1)),
    "hoy": ("today", _TODAY, lambda _, d: d.today),
    "next working day": ("day", rf"\b{_NEXT_WORKING_DAY}\b", lambda _, d: d.in_working_days(1)),
    "a week today": ("rare", r"\b(?:a\s+week\s+(?:from\s+)?today|de\s+hoy\s+en\s+ocho)\b", lambda _, d: d.in_days(7)),
    "before the weekend": ("weekend", rf"\b{_BEFORE_THE_WEEKEND}\b", lambda _, d: d.next_weekday(5) - timedelta(days=1)),
    "before the weekend is out": ("weekend", r"\bbefore\s+the\s+weekend\s+is\s+(?:out|over)\b|\bantes\s+de\s+que\s+(?:acabe|termine)\s+el\s+fin\s+de\s+semana\b", lambda _, d: d.in_days(6 - d.today.weekday())),
    "this weekend": ("weekend", rf"\b{_THIS_WEEKEND}\b", lambda _, d: d.in_days(6 - d.today.weekday())),
    "this week": ("week", rf"\b{_THIS_WEEK}\b", lambda _, d: d.this_week()),
    "next week": ("next week", rf"\b(?:{_SOMETIME}\s+)?{_NEXT_WEEK}\b", lambda _, d: d.next_week(4)),
    "this month": ("month", rf"\b{_THIS_MONTH}\b", lambda _, d: d.month_end()),
    "next month": ("month", rf"\b{_NEXT_MONTH}\b", lambda _, d: d.month_end(1)),
    "by the end of June": ("month name", rf"\b{_IN_MONTH}\s+(?P<month>{_MONTH})(?!\s+\d|\w)", lambda m, d: d.end_of_month_named(_month(m))),
    "antes de junio": ("month name", rf"\b(?:antes\s+de|before)\s+(?P<month>{_MONTH})(?!\s+\d|\w)", lambda m, d: d.end_of_month_named((_month(m) - 2) % 12 + 1)),
    "antes de fin de año": ("year", rf"\b{_THIS_YEAR}\b", lambda _, d: d.month_end(12 - d.today.month)),
}  # fmt: skip
_DAY_PATTERNS = tuple((cue, re.compile(pattern, re.IGNORECASE), day) for cue, pattern, day in _DAYS.values())

# --- hours ---

_HALF = (
    r"(?P<half>[ap]m\b|hrs?\b|hs?\b|horas\b|o['’]clock|(?:de|en|por)\s+la\s+(?:ma[ñn]ana|tarde|noche)|del\s+d[íi]a"
    r"|in\s+the\s+(?:morning|afternoon|evening))"
)
_HOUR = any_of(
    "una dos tres cuatro cinco seis siete ocho nueve diez once doce one two three four five six seven eight nine ten eleven twelve"
)
_NO_CLOCK = rf"(?!\d|[./-]\d|\s*(?:%|€|£|euros?|d[ií]as?|days?|weeks?|semanas?|minut\w*|hours?\b|business|working|de\s+{_MONTH}|{_MONTH}\b))"
_CLOCK = (
    r"(?:(?P<noon>mediod[ií]a|noon|midday)\b|(?:(?P<past>half(?:\s+past)?|quarter\s+(?:past|to))\s+)?"
    rf"(?P<hour>\d{{1,2}}|{_HOUR})(?:[:.](?P<minute>\d{{2}})|\s+y\s+(?P<part>media|cuarto))?{_NO_CLOCK}\s*{_HALF}?)"
)
_UNMISTAKABLE = r"(?=\d{1,2}(?::\d\d|\.\d\d\s*h|\s*[ap]m\b))"
_FIRST = r"(?:\d{1,2}(?:[:.]\d{2})?|noon|midday)\s*(?:am|pm|hrs?|hs?)?\s*"
_TO = r"(?:y|and|a|to|hasta|until|till|-|–)\s*(?:las?\s+)?"
_AT = (
    r"\b(?:a|antes\s+de|hasta|sobre|hacia|para|despu[ée]s\s+de|a\s+partir\s+de)\s+las?\s+|\b(?:al?|antes\s+del?)\s+(?=mediod)"
    r"|\b(?:at|by|before|around|about|until|after|no\s+later\s+than|than|from)\s+(?:about\s+|around\s+)?"
)
_HOURS = {
    "entre las 9 y las 11": rf"\b(?:entre|between|de|desde|from)\s+(?:las?\s+)?{_FIRST}{_TO}{_CLOCK}",
    "9am-1pm": rf"(?<![\d/.,:-]){_FIRST}{_TO}{_UNMISTAKABLE}{_CLOCK}",
    "a las 5 de la tarde": rf"(?:{_AT}){_CLOCK}",
    "3pm": rf"(?<![\d/.,:-])\b{_UNMISTAKABLE}{_CLOCK}",
}
_HOUR_PATTERNS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _HOURS.values())
# "hoy, 16-18 h": beside a day, an hour needs no more than its unit
_LATE = re.compile(r"tonight|evening|afternoon|\bnoche|\btarde", re.IGNORECASE)
_BESIDE_A_DAY = re.compile(rf"(?:{_FIRST}{_TO})?(?=\d{{1,2}}\s*(?:hrs?|hs?)\b){_CLOCK}", re.IGNORECASE)
_BETWEEN_DAY_AND_HOUR = re.compile(
    r"[\s,(]*(?:(?:a\s+primera\s+hora|(?:por|en|a)\s+la\s+(?:ma[ñn]ana|tarde|noche)|mismo|sin\s+falta|first\s+thing|morning"
    r"|afternoon|evening|en\s+(?:un\s+)?(?:horario|rango|franja)(?:\s+horari[oa])?|any\s*time|sometime)[\s,]*)*",
    re.IGNORECASE,
)
_BETWEEN_HOUR_AND_DAY = re.compile(r"\s*(?:(?:on|de|del|el|,)\s*)?(?:el\s+)?(?:d[íi]a\s+)?$", re.IGNORECASE)

_TIMELY = re.compile(
    r"\d\s*(?:h|hs|hrs?|am|pm|min\w*|st|nd|rd|th)\b|\d[:/.-]\d|\b(?:las|el|d[íi]a|at|by|before|until|the|than|around|about|from|after|on)\s+(?:\d|half|quarter)"
    r"|\b(?:hoy|ma[ñn]ana|tarde|noche|semanas?|mes(?:es)?|d[íi]as?|horas?|minutos?|finde|a[ñn]o|mediod[íi]a|medianoche|quincenas?|jornada"
    r"|(?:a|de)\s+las\s+\w+|today|tonight|tomorrow|days?|weeks?|weekend|months?|hours?|minutes?|mins|morning|afternoon|evening|noon|midday"
    rf"|midnight|overnight|fortnight|eod|cob|close|year|{_DAY}|{_SHORT_DAY}|{_MONTH})\b",
    re.IGNORECASE,
)


def whens(words: str, days: BrandDays) -> list[When]:
    """Every time named, in order; of two that overlap the longer, and none that has passed."""
    if not _TIMELY.search(words):
        return []
    named = [*_amounts(words, days), *_days(words, days), *_hours_alone(words, days)]
    kept: list[When] = []
    for when in sorted(named, key=lambda w: w.start - w.end):
        if all(when.end <= other.start or when.start >= other.end for other in kept):
            kept.append(when)
    return sorted((when for when in kept if when.due > days.said), key=lambda w: w.start)


def _amounts(words: str, days: BrandDays) -> Iterator[When]:
    """Hours and minutes run from the moment it was said, days and weeks from its day."""
    for match in _HALF_HOURS.finditer(words):
        lead = _lead(words, match)
        if _REAL_LEAD.match(lead):
            yield When(match.start() - len(lead), match.end(), days.after(minutes=90 if match["more"] else 30))
    for match in _AMOUNT.finditer(words):
        lead, unit, count = _lead(words, match), match.lastgroup or "", _count(match["n"])
        if unit != "working" and not _REAL_LEAD.match(lead):
            continue
        start = match.start() - len(lead)
        if unit == "minutes":
            yield When(start, match.end(), days.after(minutes=count))
        elif unit == "hours":
            # "entre 10 y 14 horas", "antes de las 13 h" are hours of the day
            if not (_OF_THE_DAY.match(lead) and count < 24):
                yield When(start, match.end(), days.after(minutes=60 * count))
        else:
            yield _with_hour(words, (start, match.end()), _later(count, unit, days), days)


def _lead(words: str, match: Found) -> str:
    lead = _LEAD.search(words, max(0, match.start() - 60), match.start())
    return lead[0] if lead else ""


def _count(words: str) -> int:
    word = " ".join(words.lower().split())
    return int(word) if word.isdigit() else _NUMBERS[word]


def _later(count: int, unit: str, days: BrandDays) -> date:
    match unit:
        case "working":
            return days.in_working_days(count)
        case "weeks":
            return days.in_days(7 * count)
        case "fortnights":
            return days.in_days(14 * count)
        case "months":
            return days.in_months(count)
        case _:
            return days.in_days(count)


def _days(words: str, days: BrandDays) -> Iterator[When]:
    cues = {name for name, cue in _CUES.items() if cue.search(words)}
    for cue, pattern, day_of in _DAY_PATTERNS:
        if cue not in cues:
            continue
        for match in pattern.finditer(words):
            day = day_of(match, days)
            if day is None:
                continue
            if match.groupdict().get("before"):
                # "antes del viernes" is Thursday
                yield When(*match.span(), days.end_of(day - timedelta(days=1)))
            else:
                yield _with_hour(words, match.span(), day, days)


def _with_hour(words: str, span: tuple[int, int], day: date, days: BrandDays) -> When:
    """The day with the hour that stands right after or right before it, else its end."""
    start, end = span
    gap = _BETWEEN_DAY_AND_HOUR.match(words, end)
    at = gap.end() if gap else end
    for pattern in (*_HOUR_PATTERNS, _BESIDE_A_DAY):
        after = pattern.match(words, at)
        if after is not None and (clock := _clock(after, late=_is_late(words[start:at]))):
            return When(start, after.end(), days.at(day, clock))
    late = _is_late(words[start:end])
    for pattern in _HOUR_PATTERNS:
        for before in pattern.finditer(words, max(0, start - 60), start):
            if _BETWEEN_HOUR_AND_DAY.fullmatch(words, before.end(), start) and (clock := _clock(before, late=late)):
                return When(before.start(), end, days.at(day, clock))
    return When(start, end, days.end_of(day), day=day)


def _hours_alone(words: str, days: BrandDays) -> Iterator[When]:
    """An hour without a day is the next time the clock shows it."""
    for pattern in _HOUR_PATTERNS:
        for match in pattern.finditer(words):
            if clock := _clock(match):
                today = days.at(days.today, clock)
                soon = today if today > days.said else days.at(days.in_days(1), clock)
                yield When(*match.span(), soon, clock=clock)


def _is_late(words: str) -> bool:
    """ "Tonight", "por la tarde": then an hour beside it is one after noon."""
    return _LATE.search(words) is not None


def _clock(match: Found, *, late: bool = False) -> time | None:
    if match["noon"]:
        return time(12)
    hour = _NUMBERS.get(match["hour"].lower()) or int(match["hour"])
    half, past = (match["half"] or "").lower(), (match["past"] or "").lower()
    # nobody is called at five in the morning: a bare small number is meant after noon
    afternoon = half.endswith(("pm", "tarde", "noche", "afternoon", "evening")) or (
        not half.endswith(("am", "ana", "ñana", "morning"))
        and (late or (hour <= 7 and not match["hour"].startswith("0")))
    )
    minute = {"media": 30, "cuarto": 15}.get((match["part"] or "").lower(), int(match["minute"] or 0))
    hour += 12 * (afternoon and hour < 12)
    if past:
        hour, minute = (hour - 1, 45) if past.endswith("to") else (hour, 30 if past.startswith("half") else 15)
    return time(hour, minute) if hour < 24 and minute < 60 else None
