"""Today, tomorrow and what is counted from them: "hoy mismo", "by close of business", "a week tomorrow"."""

from __future__ import annotations

from datetime import date

from nlp.alternatives import phrases
from nlp.promising.brand_days import BrandDays
from nlp.promising.ways import ITS_OWN, Found, Way

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
            rf"(?:today|tonight|this\s+(?:very\s+)?(?:afternoon|arvo|evening|morning))\b(?!{ITS_OWN})"
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
    rf"(?:ma[ñn]ana|mñn|tomorrow|tmrw|tmw|tomoz)\b(?!{ITS_OWN})(?:\s+mismo)?|\bfirst\s+thing\s+in\s+the\s+morning\b"
)
_NEXT_WORKING_DAY = phrases("""
    el próximo día hábil, próximo día hábil, el siguiente día hábil, siguiente día hábil, el próximo día laborable,
    el siguiente día laborable, the next business day, the next working day, next business day, next working day
""")
_NOON = 12
_A_TODAY = (
    r"hoy|ma[ñn]ana|midnight|\best[ae]\b|tarde|noche|d[íi]a\b|jornada|medianoche|today|tonight|this|\bday\b|play"
    r"|business|lunch|\btea|dinner|bedtime|\bcob\b|\beod\b|close"
)
_A_TOMORROW = r"ma[ñn]ana|mñn|tomorrow|tmrw|tmw|tomoz|first\s+thing"
_RARE = r"overnight|week\s+(?:from\s+)?today|en\s+ocho"


def _next_morning(_: Found, days: BrandDays) -> date | None:
    """Said after noon it is tomorrow's; before, nobody knows which."""
    return days.in_days(1) if days.hour >= _NOON else None


# by an example of each
NEAR_DAYS = {
    "in the morning": Way("morning", r"(?<!\d )(?<!\dam )\bin\s+the\s+morning\b", _next_morning),
    "the day after tomorrow": Way(
        _A_TOMORROW,
        r"\b(?:pasado\s+ma[ñn]ana|(?:the\s+)?day\s+after\s+tomorrow)\b",
        lambda _, days: days.in_days(2),
    ),
    "mañana": Way(_A_TOMORROW, _TOMORROW, lambda _, days: days.in_days(1)),
    "overnight": Way(_RARE, r"\bovernight\b", lambda _, days: days.in_days(1)),
    "hoy": Way(_A_TODAY, _TODAY, lambda _, days: days.today),
    "next working day": Way(r"d[íi]a\b|day\b", rf"\b{_NEXT_WORKING_DAY}\b", lambda _, days: days.in_working_days(1)),
    "a week tomorrow": Way(_A_TOMORROW, r"\ba\s+week\s+(?:from\s+)?tomorrow\b", lambda _, days: days.in_days(8)),
    "a week today": Way(
        _RARE,
        r"\b(?:a\s+week\s+(?:from\s+)?today|de\s+hoy\s+en\s+ocho)\b",
        lambda _, days: days.in_days(7),
    ),
}
