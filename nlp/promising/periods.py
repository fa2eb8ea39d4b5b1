"""Weeks, weekends, months and years, by their last day: "this week", "el finde", "by mid-July", "este año"."""

from __future__ import annotations

from datetime import timedelta

from nlp.alternatives import phrases
from nlp.promising.names import MONTH, MONTHS
from nlp.promising.ways import MONTH_NAME, NEXT_WEEK, Found, Way

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
_THIS_WEEKEND = phrases("""
    el fin de semana, este fin de semana, durante el fin de semana, para el fin de semana, el finde, este finde, a lo
    largo del fin de semana, durante este fin de semana, this coming weekend, antes de que acabe el fin de semana,
    antes de que termine el fin de semana, this weekend, over the weekend, at the weekend, by the weekend, during the
    weekend, on the weekend, before the weekend is out, before the weekend is over
""")
_BEFORE_THE_WEEKEND = phrases("antes del fin de semana, antes del finde, before the weekend")
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
_ITS_MONTH = rf"(?P<month>{MONTH})(?!\s+\d|\w)"
_THIS_YEAR = phrases("""
    antes de fin de año, antes del fin de año, antes de final de año, antes de que acabe el año, antes de que termine
    el año, a fin de año, a final de año, a finales de año, este año, by the end of the year, before the end of the
    year, this year, by year end, by the end of this year, before the year's out, before the year is out, before the
    year is over, before the year ends, before year end, before year's end
""")
_WEEK, _WEEKEND = r"semana|week", r"semana|finde|weekend"


def _month(match: Found) -> int:
    return MONTHS[match["month"].lower()]


# by an example of each
PERIODS = {
    "before the weekend": Way(
        _WEEKEND,
        rf"\b{_BEFORE_THE_WEEKEND}\b",
        lambda _, days: days.next_weekday(5) - timedelta(days=1),
    ),
    "this weekend": Way(
        _WEEKEND,
        rf"\b{_THIS_WEEKEND}\b",
        lambda _, days: days.in_days(6 - days.today.weekday()),
    ),
    "this week": Way(_WEEK, rf"\b{_THIS_WEEK}\b", lambda _, days: days.this_week()),
    "next week": Way(_WEEK, rf"\b(?:{_SOMETIME}\s+)?{NEXT_WEEK}\b", lambda _, days: days.next_week(4)),
    "the week after next": Way(
        _WEEK,
        r"\b(?:the\s+)?week\s+after\s+next\b",
        lambda _, days: days.next_week(4) + timedelta(days=7),
    ),
    "this month": Way(r"\bmes\b|month", rf"\b{_THIS_MONTH}\b", lambda _, days: days.month_end()),
    "next month": Way(r"\bmes\b|month", rf"\b{_NEXT_MONTH}\b", lambda _, days: days.month_end(1)),
    "by the end of June": Way(
        MONTH_NAME,
        rf"\b{_IN_MONTH}\s+{_ITS_MONTH}",
        lambda match, days: days.end_of_month_named(_month(match)),
    ),
    "antes de junio": Way(
        MONTH_NAME,
        rf"\b(?:antes\s+de|before)\s+{_ITS_MONTH}",
        lambda match, days: days.end_of_month_named((_month(match) - 2) % 12 + 1),
    ),
    "a mediados de julio": Way(
        MONTH_NAME,
        rf"\b(?:(?:a|para)\s+mediados\s+de|(?:by\s+)?mid[- ])\s*{_ITS_MONTH}",
        lambda match, days: days.dated(15, _month(match)),
    ),
    "a mediados de mes": Way(r"\bmes\b|month", r"\ba\s+mediados\s+de\s+mes\b", lambda _, days: days.numbered(15)),
    "antes de fin de año": Way(
        r"a[ñn]o\b|year", rf"\b{_THIS_YEAR}\b", lambda _, days: days.month_end(12 - days.today.month)
    ),
}
