"""Weeks, weekends and years, by their last day: "this week", "el finde", "in the third quarter", "este año"."""

from __future__ import annotations

from datetime import date, timedelta

from nlp.alternatives import phrases
from nlp.promising.brand_days import BrandDays
from nlp.promising.ways import NEXT_WEEK, Found, Way

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
    week is out, before the week is over, before the week ends, end of the working week, end of the business week, by
    the end of the working week, by the end of the business week, by week's end, by week end, before the week's out,
    by eow, eow, antes de que se acabe la semana, en lo que resta de semana, en lo que resta de la semana, en lo que
    queda de la semana, en el correr de la semana
""")
_THIS_WEEKEND = phrases("""
    el fin de semana, este fin de semana, durante el fin de semana, para el fin de semana, el finde, este finde, a lo
    largo del fin de semana, durante este fin de semana, this coming weekend, antes de que acabe el fin de semana,
    antes de que termine el fin de semana, this weekend, over the weekend, at the weekend, by the weekend, during the
    weekend, on the weekend, before the weekend is out, before the weekend is over, the weekend coming, by the end of
    the weekend, before the weekend's out, el próximo fin de semana, el próximo finde, el fin de semana que viene, el
    finde que viene
""")
_BEFORE_THE_WEEKEND = phrases("antes del fin de semana, antes del finde, before the weekend, this side of the weekend")
_THIS_YEAR = phrases("""
    antes de fin de año, antes del fin de año, antes de final de año, antes de que acabe el año, antes de que termine
    el año, a fin de año, a final de año, a finales de año, este año, by the end of the year, before the end of the
    year, this year, by year end, by the end of this year, before the year's out, before the year is out, before the
    year is over, before the year ends, before year end, before year's end, by end of year, by end of the year, by
    year's end, by eoy, eoy, end of the year, end of year, en lo que queda de año, en lo que queda del año, en lo que
    resta del año, en lo que resta de año, antes de que se acabe el año, antes de acabar el año, antes de terminar el
    año, para fin de año, para finales de año, para final de año, fin de año, finales de año, a fines de año, a
    finales de este año, antes de finales de año
""")
_IN_ITS_COURSE = phrases("""
    antes de que termine, antes de que acabe, antes de que finalice, antes de que cierre, antes de que se acabe, antes
    de terminar, antes de acabar, antes de finalizar, antes de fin de, antes del fin de, antes del final de, antes de
    final de, antes de finales de, a final de, a finales de, a fines de, a fin de, al final de, para final de, para
    finales de, para fin de, al cierre de, en, en el transcurso de, a lo largo de, durante, dentro de, para, hacia
    finales de, en lo que queda de, by the end of, by end of, before the end of, at the end of, towards the end of, by
    the close of, in, during, within, by, sometime in, over the course of, end of
""")
_MIDDLE_OF = phrases("a mediados de, a mitad de, hacia mediados de, by the middle of, in the middle of, mid, by mid")
_NTH = (
    "first 1 primer 1º 1er",
    "second 2 segundo 2º 2do",
    "third 3 tercer 3º 3er",
    "fourth 4 cuarto 4º 4to último ultimo",
)
_NUMBER_OF = {name: number for number, names in enumerate(_NTH, start=1) for name in names.split()}
_ANY_NTH = "|".join(sorted(_NUMBER_OF, key=len, reverse=True))
_NTH_QUARTER = rf"(?:(?P<nth>{_ANY_NTH})\s*(?:trimestre|quarter)|[qt](?P<q>[1-4])|(?P<t>[1-4])[qt])\b"
_WEEK, _WEEKEND = r"semana|week|\beow\b", r"semana|finde|weekend|midweek"
_QUARTER = r"trimestre|quarter|\b[qt][1-4]\b|\b[1-4][qt]\b"
_HALF_A_YEAR = r"semestre|half\s+of\s+the\s+year"


def _end_of_quarter(number: int, days: BrandDays) -> date:
    """Of the next one of that number that is not over."""
    return days.end_of_month_named(3 * number)


def _running_quarter(days: BrandDays) -> int:
    return (days.today.month + 2) // 3


def _nth_quarter(match: Found, days: BrandDays) -> date:
    number = match["q"] or match["t"] or _NUMBER_OF[match["nth"].lower()]
    return _end_of_quarter(int(number), days)


def _half_a_year(match: Found, days: BrandDays) -> date:
    """The first ends with June; "este semestre" is the running one."""
    nth = (match.groupdict().get("nth") or "").lower()
    number = _NUMBER_OF.get(nth, 0) or (_running_quarter(days) + 1) // 2
    return days.end_of_month_named(6 if number == 1 else 12)


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
    "a mediados de la semana que viene": Way(
        _WEEK,
        rf"\b{_MIDDLE_OF}\s+(?:la\s+)?{NEXT_WEEK}\b|\bmidweek\s+next\s+week\b",
        lambda _, days: days.next_week(2),
    ),
    "next weekend": Way(_WEEKEND, r"\bnext\s+weekend\b", lambda _, days: days.next_week(6)),
    "antes de que termine el primer trimestre": Way(
        _QUARTER,
        rf"\b{_IN_ITS_COURSE}l?\s+(?:(?:el|la|the)\s+)?{_NTH_QUARTER}",
        _nth_quarter,
    ),
    "this quarter": Way(
        _QUARTER,
        (
            rf"\b(?:{_IN_ITS_COURSE}l?\s+(?:(?:este|el|the|this)\s+)?(?:trimestre|quarter)|este\s+trimestre|this\s+quarter"
            r"|(?:by|before)\s+quarter(?:['’]s)?[-\s]end|before\s+the\s+quarter(?:['’]s|\s+is)\s+(?:out|over))\b"
        ),
        lambda _, days: _end_of_quarter(_running_quarter(days), days),
    ),
    "next quarter": Way(
        _QUARTER,
        r"\b(?:(?:el\s+)?pr[óo]ximo\s+trimestre|(?:el\s+)?trimestre\s+que\s+viene|next\s+quarter)\b",
        lambda _, days: _end_of_quarter(_running_quarter(days) % 4 + 1, days),
    ),
    "el primer semestre": Way(
        _HALF_A_YEAR,
        (rf"\b(?:{_IN_ITS_COURSE}l?\s+(?:(?:este|el)\s+)?(?:(?P<nth>primer|segundo)\s+)?semestre|este\s+semestre)\b"),
        _half_a_year,
    ),
    "the first half of the year": Way(
        _HALF_A_YEAR,
        r"\b(?P<nth>first|second)\s+half\s+of\s+the\s+year\b",
        _half_a_year,
    ),
    "antes de fin de año": Way(
        r"a[ñn]o\b|year|\beoy\b",
        rf"(?<!\bde )(?<!\bdel )\b{_THIS_YEAR}\b",
        lambda _, days: days.month_end(12 - days.today.month),
    ),
}
