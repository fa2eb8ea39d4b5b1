"""Today, tomorrow and what is counted from them: "hoy mismo", "by close of business", "a week tomorrow"."""

from __future__ import annotations

from datetime import date

from nlp.alternatives import phrases
from nlp.promising.brand_days import BrandDays
from nlp.promising.ways import ITS_OWN, Found, Way

_DURING = phrases("""
    a lo largo de, en el transcurso de, en el curso de, durante, durante el transcurso de, en el día de, el día de,
    durante el día de, antes del final de, antes del fin de, antes de que acabe, antes de que termine, al final de,
    al cierre de, antes del cierre de, antes de cerrar, a última hora de, la mañana de, en la mañana de, la tarde de,
    en la tarde de, la noche de, en lo que queda de, en lo que resta de, en el mismo día de
""")
_WITHIN_A_DAY = phrases("""
    durante, a lo largo, en el transcurso, en el curso, en el correr, en lo que queda, en lo que resta, al final, al
    cierre, antes del cierre, a última hora, antes de que se acabe, antes de que cierre, antes de que
    acabe, antes de que termine, antes de que finalice, antes de acabar, antes de terminar, antes de finalizar
""")
PART_OF_DAY = (
    rf"{_WITHIN_A_DAY}\s+(?:(?:del|de\s+la|la|el)\s+(?:d[ií]a|tarde|ma[ñn]ana|noche|jornada)"
    r"|de\s+(?:d[ií]a|tarde|jornada))(?!\s+(?:de|del)\s|\w)"
)
MY_SHIFT = phrases("""
    antes de irme, antes de irme a casa, antes de que acabe mi turno, antes de que termine mi turno, antes de acabar mi
    turno, antes de terminar mi turno, antes del final de mi turno, al final de mi turno, al acabar mi turno, before i
    clock off, before i log off, before i knock off, before i leave, before i go home, before i finish my shift, before
    the end of my shift, by the end of my shift, at the end of my shift, before my shift ends, before my shift is over
""")
_BY_THE_END_OF = phrases("""
    by the end of, by end of, before the end of, before end of, at the end of, at end of, by close of, by the close
    of, before close of, by, before
""")
_NO_EVENING_PAST = "".join(
    f"(?<!{day} )"
    for day in ("lunes", "martes", "miércoles", "miercoles", "jueves", "viernes", "sábado", "sabado", "domingo", "ayer")
)
_THE_DAY_ENDS = phrases("""
    before the day is out, before the day is over, before the day is done, before the day's out, before the day's over,
    before the day ends, by day's end, by day end, before day end, antes de que anochezca, antes de la noche, by
    sundown, before sundown, by sunset, before dark, by nightfall, before nightfall, antes de medianoche, a medianoche,
    de hoy no pasa, no pasa de hoy, a media tarde, queda de día, within the day, a última hora, a
    primera hora de la tarde
""")
_TODAY = "|".join(
    (
        rf"(?:{_DURING}\s+|(?<!\bde )(?<!\bhasta )(?<!\bdesde )\b)hoy(?:\s+mismo)?\b(?!\s+en\s+(?:ocho|quince)\b)",
        r"\besta\s+(?:misma\s+)?(?:tarde(?:[-\s]noche)?|tardecita|noche|nochecita|ma[ñn]ana)\b",
        (
            r"(?<!\bfrom )(?<!\bas of )\b(?:later\s+)?"
            rf"(?:today|2day|tonight|tonite|2nite|this\s+(?:very\s+)?(?:afternoon|arvo|evening|morning))\b(?!{ITS_OWN})"
        ),
        (
            rf"(?:\b{_BY_THE_END_OF}\s+(?:the\s+|business\s+|working\s+)*(?:day|play|today|business|trading|cob|eod|midnight|close)\b|\beod\b)"
            r"(?!\s+(?:on\s+)?(?:tomorrow|of\b|\w+day))"
        ),
        rf"\b{PART_OF_DAY}",
        rf"\b{MY_SHIFT}\b(?!\s+(?:de\s+)?(?:ma[ñn]ana|el|del|on|tomorrow|\w+day)\b)",
        rf"\bat\s+midnight\b|\ben\s+el\s+d[ií]a\b(?!\s+de\b)|\b(?=(?:en|a|por)\s+la\s){_NO_EVENING_PAST}(?:en|a|por)\s+la\s+(?:tarde|noche)\b(?!\s+del?\b)",
        r"\b(?:by|before)\s+(?:(?:lunch|tea|dinner)(?:time)?|bedtime)\b(?!\s+(?:on\s+)?(?:tomorrow|\w+day))",
        rf"\b{_THE_DAY_ENDS}\b(?!\s+del?\s)",
    )
)
_TOMORROWS = r"ma[ñn]ana|mñn|tomorrow|tomorow|tommorr?ow|tmrw|tmr|tmw|tomoz|2morrow|2moro"
_NO_MORNING = (
    r"(?<!\bmedia )(?<!\bla )(?<!\buna )(?<!\besta )(?<!\bpasado )(?<!\bpor )(?<!\bmisma )(?<!\bdesde )(?<!\bfrom )"
)
_TOMORROW = (
    rf"(?:{_DURING}\s+|{_NO_MORNING}\b)"
    rf"(?:{_TOMORROWS})\b(?!{ITS_OWN}|\s+(?:week|fortnight)\b|\s+en\s+(?:ocho|quince)\b)(?:\s+mismo)?|\bfirst\s+thing\s+in\s+the\s+morning\b"
)
_NEXT_WORKING_DAY = phrases("""
    el próximo día hábil, próximo día hábil, el siguiente día hábil, siguiente día hábil, el próximo día laborable,
    el siguiente día laborable, the next business day, the next working day, next business day, next working day, al
    siguiente día hábil, al día hábil siguiente, al día siguiente hábil, el día hábil siguiente, the following business
    day, the following working day
""")
_FROM_TODAY = r"(?:a\s+(?P<one>week|fortnight)|(?P<more>two|three|four)\s+weeks)"
_WEEKS = {"week": 1, "ocho": 1, "fortnight": 2, "quince": 2, "two": 2, "three": 3, "four": 4}
_NOON = 12
_A_TODAY = (
    r"hoy|2nite|tonite|anochezca|sundown|sunset|dark|nightfall|trading|[úu]ltima\s+hora|ma[ñn]ana|midnight|\best[ae]\b|tarde|noche|d[íi]a\b|jornada|medianoche|today|tonight|this|\bday\b|play"
    r"|business|lunch|\btea|dinner|bedtime|irme|turno|shift|before\s+i\b|\bcob\b|\beod\b|close"
)
_A_TOMORROW = rf"{_TOMORROWS}|first\s+thing"
_RARE = r"overnight|today|tomorrow|en\s+ocho|en\s+quince"


def _next_morning(_: Found, days: BrandDays) -> date | None:
    """Said after noon it is tomorrow's; before, nobody knows which."""
    return days.in_days(1) if days.hour >= _NOON else None


def _weeks_from(match: Found, days: BrandDays, *, ahead: int) -> date:
    """From today, or from the day so far ahead."""
    said = match["one"] or match.groupdict().get("more") or ""
    return days.in_days(ahead + 7 * _WEEKS[said.lower()])


# by an example of each
NEAR_DAYS = {
    "in the morning": Way(
        r"morning|primera\s+hora",
        r"(?<!\d )(?<!\dam )\bin\s+the\s+morning\b|\ba\s+primera\s+hora\s+de\s+la\s+ma[ñn]ana\b",
        _next_morning,
    ),
    "the day after tomorrow": Way(
        _A_TOMORROW,
        (
            r"\b(?:(?:entre\s+)?ma[ñn]ana\s+[oy]\s+pasado|pasado\s+ma[ñn]ana|tomorrow\s+or\s+the\s+(?:day\s+after|next\s+day)"
            r"|(?:the\s+)?day\s+after\s+tomorrow)\b"
        ),
        lambda _, days: days.in_days(2),
    ),
    "mañana": Way(_A_TOMORROW, _TOMORROW, lambda _, days: days.in_days(1)),
    "overnight": Way(_RARE, r"\bovernight\b", lambda _, days: days.in_days(1)),
    "hoy": Way(_A_TODAY, _TODAY, lambda _, days: days.today),
    "next working day": Way(r"d[íi]a\b|day\b", rf"\b{_NEXT_WORKING_DAY}\b", lambda _, days: days.in_working_days(1)),
    "a week tomorrow": Way(
        _RARE,
        rf"\b{_FROM_TODAY}\s+(?:from\s+)?tomorrow\b",
        lambda match, days: _weeks_from(match, days, ahead=1),
    ),
    "mañana en ocho": Way(
        _RARE,
        r"\b(?:ma[ñn]ana\s+en\s+|tomorrow\s+)(?P<one>ocho|quince|week|fortnight)\b(?!\s+(?:d[íi]as|minutos|horas))",
        lambda match, days: _weeks_from(match, days, ahead=1),
    ),
    "a week today": Way(
        _RARE,
        rf"\b{_FROM_TODAY}\s+(?:from\s+)?today\b",
        lambda match, days: _weeks_from(match, days, ahead=0),
    ),
    "de hoy en ocho": Way(
        _RARE,
        r"\b(?:(?:de\s+)?hoy\s+en\s+|today\s+)(?P<one>ocho|quince|week|fortnight)\b(?!\s+(?:minutos|horas))",
        lambda match, days: _weeks_from(match, days, ahead=0),
    ),
}
