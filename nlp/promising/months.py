"""Months and their parts, by the last day: "by mid-July", "a fin de mes", "la primera quincena de enero"."""

from __future__ import annotations

from datetime import date

from nlp.alternatives import phrases
from nlp.promising.brand_days import BrandDays
from nlp.promising.names import MONTH, MONTHS
from nlp.promising.ways import Found, Way

# what ends with "de" or "of" leads to "junio" and to "mes" alike
_LATE_IN = phrases("""
    a fin de, a final de, a finales de, a fines de, para fin de, para final de, para finales de, para fines de, hacia
    fin de, hacia final de, hacia finales de, hacia fines de, fin de, final de, finales de, fines de, antes de fin de,
    antes de final de, antes de finales de, antes del fin de, antes del final de, al final de, al cierre de, a lo
    largo de, en el transcurso de, en el curso de, en el correr de, en lo que queda de, en lo que resta de, la última
    semana de, en la última semana de, el último día de, late, late in, by late, by the end of, by end of, by end, end
    of, end, before the end of, before end of, at the end of, towards the end of, by the back end of, the back end of,
    by the close of, the last week of, in the last week of, the last day of, by the last day of, over the course of,
    sometime in, some time in, later in, in the month of, en el mes de, durante el mes de
""")
_BEFORE_IT_ENDS = phrases("""
    antes de que acabe, antes de que se acabe, antes de que termine, antes de que finalice, antes de acabar, antes de
    terminar, antes de finalizar
""")
_SECOND_HALF = (
    r"(?:(?:en|por|para|durante)\s+)?(?:la\s+)?(?:segunda|2[ªa])\s+(?:quincena|mitad)\s+de"
    r"|(?:in\s+|by\s+)?(?:the\s+)?second\s+(?:half|fortnight)\s+of"
)
_FIRST_HALF = (
    r"(?:(?:en|por|para|durante)\s+)?(?:la\s+)?(?:primera|1[ªa])\s+(?:quincena|mitad)\s+de"
    r"|(?:in\s+|by\s+)?(?:the\s+)?first\s+(?:half|fortnight)\s+of"
)
_MIDDLE_OF = phrases("""
    a mediados de, para mediados de, hacia mediados de, por mediados de, mediados de, a mitad de, by the middle of, in
    the middle of, the middle of, by mid, in mid, mid, around mid
""")
_EARLY_IN = phrases("""
    a principios de, para principios de, a comienzos de, a inicios de, a primeros de, early in, early, in early, by
    early, at the start of, at the beginning of
""")
_IN = phrases("en, in, during, durante, within")
_YEAR = r"(?:,?\s+(?:del?\s+)?(?P<year>20\d\d))?"
_NAMED = rf"(?P<month>{MONTH})(?!\s+(?!20\d\d)\d|\w){_YEAR}"
_NEXT = (
    r"(?P<next>(?:el\s+)?mes\s+(?:que\s+viene|que\s+entra|pr[óo]ximo|entrante|siguiente)|(?:el\s+)?pr[óo]ximo\s+mes"
    r"|(?:the\s+)?(?:next|following|coming)\s+month)\b"
)
_THIS = (
    r"(?:este\s+(?:mismo\s+)?mes|(?:el\s+)?presente\s+mes|(?:el\s+)?mes(?:\s+en\s+curso)?|(?:(?:the|this)\s+)?month)\b"
    r"(?!['’]|\s+(?:pasado|anterior))"
)
# the "l" of "del mes"
_A_MONTH = rf"l?[-\s]+(?:{_NAMED}|{_NEXT}|{_THIS})"
_THIS_MONTH = phrases("""
    este mes, este mismo mes, durante el mes, this month, later this month, by month end, before month end, month end,
    by month's end, before the month's out, before the month is out, before the month is over, before the month ends,
    within this month, by eom, eom, durante este mes, dentro de este mes
""")
_THIS_FORTNIGHT = phrases("""
    esta quincena, esta misma quincena, durante la quincena, antes de acabar la quincena, antes de que acabe la
    quincena, antes de que termine la quincena, en lo que queda de quincena, a fin de quincena, a final de quincena
""")
_NEXT_FORTNIGHT = phrases("la próxima quincena, la quincena que viene, la quincena siguiente, la siguiente quincena")
_NTH = {"primera": 1, "first": 1, "segunda": 2, "second": 2, "tercera": 3, "third": 3}
_NTH_WEEK = rf"(?:la\s+|the\s+)?(?P<nth>{'|'.join(_NTH)})\s+(?:semana|week)\s+(?:de|of|in)"
_EARLY, _MIDDLE = 10, 15
_CUE = rf"\bmes\b|month|quincena|\beom\b|\b{MONTH}\b"


def _last_day(match: Found, days: BrandDays) -> date:
    """Of the month that is named, of the next one, else of this one."""
    named = match.groupdict()
    if named["month"] is None:
        return days.month_end(1 if named.get("next") else 0)
    last = days.end_of_month_named(MONTHS[named["month"].lower()])
    years = int(named["year"]) - last.year if named["year"] else 0
    return days.month_end(12 * (last.year - days.today.year + years) + last.month - days.today.month)


def _day(match: Found, days: BrandDays, number: int) -> date | None:
    """The day of that month; where it has passed and the month was only named, that of the next such month."""
    day = _last_day(match, days).replace(day=number)
    if day >= days.today:
        return day
    month = match.groupdict()["month"]
    return days.dated(number, day.month) if month else None


def _fortnight(days: BrandDays, *, ahead: int) -> date:
    """The half of the month: it ends on the 15th or with the month."""
    first = days.today.day <= _MIDDLE
    halves = (days.today.replace(day=_MIDDLE), days.month_end(), days.month_end(1).replace(day=_MIDDLE))
    return halves[ahead if first else ahead + 1]


# by an example of each
MONTHLY = {
    "this month": Way(_CUE, rf"\b{_THIS_MONTH}\b", lambda _, days: days.month_end()),
    "next month": Way(_CUE, rf"\b{_NEXT}", lambda _, days: days.month_end(1)),
    "in June": Way(_CUE, rf"\b{_IN}\s+{_NAMED}", _last_day),
    "by the end of June": Way(_CUE, rf"(?<!\bde )(?<!\bdel )\b{_LATE_IN}{_A_MONTH}", _last_day),
    "antes de que acabe el mes": Way(_CUE, rf"\b{_BEFORE_IT_ENDS}\s+(?:el\s+)?(?:{_NAMED}|{_NEXT}|{_THIS})", _last_day),
    "before June is out": Way(_CUE, rf"\bbefore\s+{_NAMED}(?:['’]s|\s+is|\s+ends)(?:\s+(?:out|over))?\b", _last_day),
    "by June end": Way(_CUE, rf"\b(?:by\s+)?{_NAMED}[-\s]end\b", _last_day),
    "segunda quincena de junio": Way(_CUE, rf"\b(?:{_SECOND_HALF}){_A_MONTH}", _last_day),
    "primera quincena de junio": Way(
        _CUE, rf"\b(?:{_FIRST_HALF}){_A_MONTH}", lambda match, days: _day(match, days, _MIDDLE)
    ),
    "by mid-July": Way(_CUE, rf"\b{_MIDDLE_OF}{_A_MONTH}", lambda match, days: _day(match, days, _MIDDLE)),
    "early in July": Way(_CUE, rf"\b{_EARLY_IN}{_A_MONTH}", lambda match, days: _day(match, days, _EARLY)),
    "the first week of June": Way(
        _CUE, rf"\b{_NTH_WEEK}{_A_MONTH}", lambda match, days: _day(match, days, 7 * _NTH[match["nth"].lower()])
    ),
    "antes de junio": Way(
        _CUE,
        rf"\b(?:antes\s+de|before)\s+{_NAMED}",
        lambda match, days: days.end_of_month_named((MONTHS[match["month"].lower()] - 2) % 12 + 1),
    ),
    "esta quincena": Way(_CUE, rf"\b{_THIS_FORTNIGHT}\b", lambda _, days: _fortnight(days, ahead=0)),
    "la próxima quincena": Way(_CUE, rf"\b{_NEXT_FORTNIGHT}\b", lambda _, days: _fortnight(days, ahead=1)),
}
