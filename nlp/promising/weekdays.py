"""Days of the week: "el viernes", "by Fri", "a week on Monday"; of two readings the next one."""

from __future__ import annotations

from datetime import date, timedelta

from nlp.promising.brand_days import BrandDays
from nlp.promising.names import (
    ENGLISH_WEEKDAY,
    MONTH,
    MONTHS,
    SHORT_WEEKDAY,
    SPANISH_WEEKDAY,
    WEEKDAY,
    WEEKDAYS,
)
from nlp.promising.ways import ANY_WEEKDAY, AT_THE_LATEST, ITS_OWN, NEXT_WEEK, Found, Way

_THE = (
    r"\b(?:hasta\s+el|para\s+el|de\s+cara\s+al|de\s+(?:aqu[íi]|ac[áa])\s+al|el|este|pr[óo]ximo|del|d[íi]a)\s+"
    r"(?:mismo\s+)?(?:pr[óo]ximo\s+)?(?:d[ií]a\s+)?"
)
_ALONE = r"(?:^|(?<=[:,(•–-]\s)|(?<=[:,(]))"
# what follows a weekday that stands by itself: "lunes 8:30", "Sat 9am-12pm"
_WITH_ITS_HOUR = (
    r"(?=[\s,]+(?:\d{1,2}(?:[:.]\d\d|\s*(?:am|pm|hs?|hrs)\b|\s*[-–]\s*\d{1,2})|(?:a|entre)\s+las?\s|a\s+primera|sin\s+falta"
    r"|por\s+la\s|de\s+\d|entre\s+\d|antes\s+de\s+las|between\s|at\s+\d|by\s+\d))"
)
_SHORT_ENGLISH = r"(?-i:Mon|Tues?|Weds?|Thu(?:rs)?|Fri|Sat|Sun)"
_ON = r"\b(?:(?:on|by|this|next|coming|come|until|for)\s+)?(?:(?:this|next|coming)\s+)?"
_NOT_PAST = (
    r"(?<!last )(?<!desde el )(?<!desde )(?<!partir de )(?<!partir del )(?<!since )(?<!every )(?<!from )(?<!each )"
    r"(?<!pasado )(?<!todos los )(?<!good )(?<!black )"
)
_ONCE = rf"\b(?!{ITS_OWN}|\s+pasad[oa]\b|s\b)"
_NO_NUMBER = r"(?!\s+(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?(?![:.]?\d|\s*(?:am|pm|h)\b|\s*[-–]\s*\d{1,2}(?![\d/-])))"
_ITS_WEEKDAY = rf"(?P<day>{WEEKDAY})\b"
_CLAUSE_BEGINS = r"(?:^|(?<=^\s)|(?<=[.:;!,]\s))"
# after a weekday that begins a clause: "lun te cambian", "Tues I'll chase it"
_SOMEBODY_ACTS = (
    r"(?:te|os|le|les|se|lo|la|los|las|nos|pasa|pasan|va|van|sale|llega|i|we|it|they|you|your|he|she|the)\b"
)
# "by sun" and "by sat" are days, "sun" and "sat" are not
_LOWER_WEEKDAY = r"(?-i:mon|tues?|weds?|thu(?:rs)?|fri|sat|sun)"
_WEEK = r"semana|week"
_WEEKS = {"week": 1, "ocho": 1, "fortnight": 2, "quince": 2, "two": 2, "dos": 2, "three": 3, "tres": 3}
_SO_MANY_WEEKS = r"(?:a\s+(?P<one>week|fortnight)|(?P<more>two|three)\s+weeks)"
_NTH = {"primer": 1, "first": 1, "segundo": 2, "second": 2, "tercer": 3, "third": 3, "cuarto": 4, "fourth": 4}
_LAST = r"[úu]ltimo|last"
_IN_A_MONTH = (
    rf"(?:de|of|in)(?:l?\s+(?:(?P<month>{MONTH})|(?P<next>mes\s+que\s+viene|pr[óo]ximo\s+mes|next\s+month)"
    r"|(?:este\s+|the\s+|this\s+)?(?:mes|month)))\b(?!\s+pasado)"
)


def _weekday(match: Found) -> int:
    return WEEKDAYS[match["day"].lower().rstrip(".")]


def _next_weekday(match: Found, days: BrandDays) -> date:
    return days.next_weekday(_weekday(match))


def _later_weekday(match: Found, days: BrandDays) -> date:
    """The end of "Monday or Tuesday", the Tuesday after that Monday."""
    first = days.next_weekday(WEEKDAYS[(match["first"] or match["from"]).lower()])
    return first + timedelta(days=(_weekday(match) - first.weekday()) % 7)


def _weeks_after(match: Found, days: BrandDays) -> date:
    said = match["one"] or match.groupdict().get("more") or ""
    return _next_weekday(match, days) + timedelta(days=7 * _WEEKS[said.lower()])


def _nth_of_a_month(match: Found, days: BrandDays) -> date | None:
    """The first Monday of June; None where it has passed."""
    month = match["month"]
    last = days.end_of_month_named(MONTHS[month.lower()]) if month else days.month_end(1 if match["next"] else 0)
    nth = _NTH.get(match["nth"].lower())
    if nth is None:
        day = last - timedelta(days=(last.weekday() - _weekday(match)) % 7)
    else:
        first = last.replace(day=1)
        day = first + timedelta(days=(_weekday(match) - first.weekday()) % 7 + 7 * (nth - 1))
    return day if day >= days.today else None


def _this_very_weekday(match: Found, days: BrandDays) -> date:
    return days.today if days.today.weekday() == _weekday(match) else _next_weekday(match, days)


def _weekday_next_week(match: Found, days: BrandDays) -> date:
    return days.next_week(_weekday(match))


# by an example of each
OF_THE_WEEK = {
    "el lunes de la semana que viene": Way(
        _WEEK,
        rf"\b(?:el\s+|on\s+|by\s+)?(?P<day>{WEEKDAY})\s+(?:de\s+|of\s+)?{NEXT_WEEK}",
        _weekday_next_week,
    ),
    "next week on Monday": Way(
        _WEEK,
        rf"\b{NEXT_WEEK}[\s,]+(?:{AT_THE_LATEST}\s+)?(?:el\s+|on\s+|by\s+)?(?P<day>{WEEKDAY})\b",
        _weekday_next_week,
    ),
    "a week on Monday": Way(
        WEEKDAY,
        rf"\b{_SO_MANY_WEEKS}\s+(?:(?:on|from|this|next|this\s+coming)\s+)?(?P<day>{ENGLISH_WEEKDAY}|{_SHORT_ENGLISH})\b",
        _weeks_after,
    ),
    "Thursday week": Way(
        ANY_WEEKDAY,
        rf"{_ON}(?P<day>{ENGLISH_WEEKDAY}|{_SHORT_ENGLISH})\s+(?P<one>week|fortnight)\b(?!['’])",
        _weeks_after,
    ),
    "el viernes en ocho": Way(
        WEEKDAY,
        rf"\b(?:(?:el|de\s+este|de|este)\s+)?(?P<day>{SPANISH_WEEKDAY})\s+en\s+(?P<one>ocho|quince)\b(?!\s+(?:d[íi]as|minutos|horas))",
        _weeks_after,
    ),
    "el último viernes de mayo": Way(
        WEEKDAY,
        rf"\b(?:(?:el|the)\s+)?(?P<nth>{'|'.join(_NTH)}|{_LAST})\s+(?P<day>{WEEKDAY})\s+{_IN_A_MONTH}",
        _nth_of_a_month,
    ),
    "by Saturday's matinee": Way(
        WEEKDAY,
        rf"\b(?:by|before|until|in\s+time\s+for)\s+(?P<day>{ENGLISH_WEEKDAY})['’]s\b(?=\s+\w)(?!\s+(?:out|over|done))",
        _next_weekday,
    ),
    "before Friday is out": Way(
        WEEKDAY,
        rf"\bbefore\s+(?P<day>{ENGLISH_WEEKDAY})(?:['’]s|\s+is)\s+(?:out|over|done)\b",
        _next_weekday,
    ),
    "a lo largo del viernes": Way(
        WEEKDAY,
        (
            rf"\b(?:a\s+lo\s+largo\s+del|durante\s+el|en\s+el\s+transcurso\s+del|en\s+lo\s+que\s+queda\s+del?|during|throughout"
            rf"|in\s+the\s+course\s+of|over\s+the\s+course\s+of)\s+(?P<day>{WEEKDAY}){_ONCE}{_NO_NUMBER}"
        ),
        _this_very_weekday,
    ),
    "el jueves o viernes": Way(
        WEEKDAY,
        (
            rf"\b(?:(?:(?:el|este|on|by|this)\s+)?(?P<first>{WEEKDAY})\s+(?:o|or)|(?:entre|between)\s+(?:el\s+)?(?P<from>{WEEKDAY})\s+(?:y|and))"
            rf"\s+(?:el\s+)?(?P<day>{WEEKDAY}){_ONCE}{_NO_NUMBER}"
        ),
        _later_weekday,
    ),
    "lunes 8:30": Way(
        ANY_WEEKDAY,
        rf"{_NOT_PAST}\b(?P<day>{SPANISH_WEEKDAY}|{SHORT_WEEKDAY}){_WITH_ITS_HOUR}",
        _next_weekday,
    ),
    "gets to you Wed": Way(
        SHORT_WEEKDAY,
        rf"{_NOT_PAST}\b(?P<day>{_SHORT_ENGLISH})(?=\s*(?:[.,;!)]|$))",
        _next_weekday,
    ),
    "is getting sorted mon": Way(
        _LOWER_WEEKDAY,
        rf"{_NOT_PAST}\b(?P<day>(?-i:mon|tues?|weds?|thu(?:rs)?|fri))(?=\s*(?:[.,;!)]|$))",
        _next_weekday,
    ),
    "antes del viernes": Way(
        WEEKDAY,
        rf"(?P<before>\bantes\s+del|(?<!\bor )\bbefore)\s+(?:pr[óo]ximo\s+|next\s+|this\s+|d[íi]a\s+)?{_ITS_WEEKDAY}",
        _next_weekday,
    ),
    "este mismo viernes": Way(
        WEEKDAY,
        rf"\b(?:este\s+mismo|this\s+very)\s+(?P<day>{WEEKDAY})\b",
        _this_very_weekday,
    ),
    "el viernes": Way(
        WEEKDAY,
        rf"{_NOT_PAST}(?:{_THE}|{_ALONE})(?P<day>{SPANISH_WEEKDAY})(?:\s+(?:pr[óo]ximo|que\s+viene))?{_ONCE}{_NO_NUMBER}",
        _next_weekday,
    ),
    "on Friday": Way(WEEKDAY, rf"{_NOT_PAST}{_ON}(?P<day>{ENGLISH_WEEKDAY}){_ONCE}{_NO_NUMBER}", _next_weekday),
    "by Fri": Way(
        SHORT_WEEKDAY,
        rf"{_NOT_PAST}\b(?:on|by|this|until|el|este)\s+(?P<day>{SHORT_WEEKDAY}){_NO_NUMBER}",
        _next_weekday,
    ),
    "by noon mon": Way(
        _LOWER_WEEKDAY,
        rf"(?:(?<=noon )|(?<=[ap]m )|\b(?:by|on|until)\s+)(?P<day>{_LOWER_WEEKDAY})\b{_NO_NUMBER}",
        _next_weekday,
    ),
    "lun te cambian": Way(
        SHORT_WEEKDAY,
        rf"{_CLAUSE_BEGINS}(?P<day>{SHORT_WEEKDAY})(?=[\s,]+{_SOMEBODY_ACTS})",
        _next_weekday,
    ),
}
