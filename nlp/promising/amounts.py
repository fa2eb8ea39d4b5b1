"""Amounts of time that run from the moment something is said: "within 5 business days", "en 24-48 horas"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from nlp.alternatives import phrases
from nlp.promising.brand_days import BrandDays
from nlp.promising.names import NUMBER, number_of

_UNITS = {
    "working": (
        r"d[ií]as?\s+(?:h[áa]bil(?:es)?|labora(?:l|bl)es?|[úu]til(?:es)?|de\s+trabajo)|(?:business|working|work|biz|bus\.?|bank(?:ing)?)\s+days?|weekdays?"
    ),
    "days": r"d[ií]as?(?!\s+(?:h[áa]bil|labora|[úu]til))|(?<!the )(?:(?:calendar|consecutive)\s+)?days?",
    "weeks": r"semanas?|weeks?|wks?",
    "fortnights": r"fortnights?|quincenas?",
    "months": r"mes(?:es)?|months?",
    "hours": (
        r"hor(?:it)?as?\s+(?:h[áa]biles|laborables)|(?:business|working)\s+(?:hours|hrs)|h|hs|hrs?|hor(?:it)?as?|hours?"
    ),
    "minutes": r"min(?:uto)?s?|minutes?",
}
_COUNT = rf"(?:\d{{1,3}}|{NUMBER}(?=\s))"
_CALENDAR_DAYS = (
    r"(?:\s+(?:naturales|corridos|calendario|consecutivos))?(?P<counted>\s+(?:from\s+(?:now|today)|a\s+partir\s+de\s+(?:hoy|ahora)"
    r"|desde\s+(?:hoy|ahora)|(?:max(?:imum)?|tops|m[áa]x(?:imo)?|como\s+mucho|como\s+m[áa]ximo|a\s+lo\s+sumo)(?!\w)))?(?:['’]s?(?:\s+time)?)?(?<=[\w'’])(?!\w)"
)
# "an hour before", "within 5 days of receiving it": counted from another moment, which nobody knows
_FROM_ANOTHER_MOMENT = (
    r"\s+(?:antes|despu[ée]s|ago|before|earlier|late|later|after|m[áa]s\s+tarde|since|notice|con"
    r"|de\s+(?:recib\w+|que|la\s+entrega|retraso|plazo|antelaci[óo]n|garant[íi]a)"
    r"|of\s+(?:receiv\w*|receipt|gett\w*|delay\w*|delivery)|from\s+(?!now|today)|desde\s+(?!ahora|hoy|ya)"
    r"|a\s+partir\s+(?!de\s+(?:ahora|hoy))|old|store|service|line|support|a\s+la\s+semana|a\s+week|al\s+d[íi]a|a\s+day)"
)
_AMOUNT = re.compile(
    rf"(?<![\w.,/-])(?:{_COUNT}\s*(?:-|–|/|a|o|to|or|y|and)\s*)?(?P<n>{_COUNT})(?P<half>[.,]5|½|\s+and\s+a\s+half)?[\s-]*"
    rf"(?:\(\w{{1,12}}\)\s*)?(?:{'|'.join(f'(?P<{name}>{unit})' for name, unit in _UNITS.items())})"
    r"(?P<more>(?<=h)(?=\d\d\b)\d\d|\s+(?:y|and)\s+\d{1,2}\s*min(?:uto|ute)?s?\b|\s+(?:y\s+medi[oa]|and\s+a\s+half)\b)?"
    r"(?:\s+(?:o|or)\s+(?P<or>dos|two)\b)?"
    rf"{_CALENDAR_DAYS}(?!{_FROM_ANOTHER_MOMENT})",
    re.IGNORECASE,
)
_HALF_MORE = {"hours": 30, "days": 1, "weeks": 4, "months": 15, "working": 1, "fortnights": 7, "minutes": 0}
_HALF_HOURS = re.compile(
    r"(?<!\w)(?:(?P<quarter>(?:un\s+)?cuarto\s+de\s+hora|(?:a\s+)?quarter\s+of\s+an\s+hour)|(?:media\s+hor(?:it)?a|half\s+(?:an\s+)?hour)"
    r"|(?P<quarters>tres\s+cuartos\s+de\s+hora|three\s+quarters\s+of\s+an\s+hour)"
    r"|(?P<two>an\s+hour\s+or\s+two|una\s+hora\s+o\s+dos)|(?:una\s+)?(?P<more>hora\s+y\s+media|an\s+hour\s+and\s+a\s+half))\b",
    re.IGNORECASE,
)
_PARTS_OF_HOURS = {"quarter": 15, "quarters": 45, "more": 90, "two": 120}
_PREPOSITION = phrases("""
    en, in, within, dentro de, inside, under, antes de, over, up to, hasta, entre, between, before, after, tras, de
    aquí a, de acá a, inside of, al cabo de, de, durante, en el transcurso de, durante el transcurso de, en el curso
    de, a lo largo de, over the course of, in the course of
""")
_TERM = (
    r"(?:(?:un\s+|el\s+)?(?:plazo|lapso|t[ée]rmino|per[íi]odo|tiempo)(?:\s+(?:m[áa]ximo|estimado|aproximado))?"
    r"(?:\s+(?:de|no\s+(?:mayor|superior)\s+a|inferior\s+a|menor\s+a))?|(?:un\s+|como\s+)?m[áa]ximo(?:\s+(?:de|en))?)"
)
_LIMIT = phrases("""
    no más de, menos de, no mayor a, no superior a, a maximum of, a max of, max, maximum, at most, no more than, no
    later than, no longer than, less than, under, as much as, up to, hasta, los próximos, las próximas, los
    siguientes, las siguientes, los, las, la, el, the next, the following, the coming, the, next, unos, unas, about,
    around, approximately, aproximadamente, entre, between, cuestión de, cosa de, a matter of, apenas, tan solo, tan
    sólo, solo, sólo, just, only, roughly, some, alrededor de, cerca de
""")
# as in "calculale diez días" and "ETA with you: 2 hours"
_ESTIMATE = (
    r"(?:eta(?:\s+\w+){0,3}\s*[:,–-]?|(?:calcul|cont|ech|éch|pon)(?:a|á|e|ad)?(?:le|ele|me)?|allow"
    r"|gimme|give\s+(?:it|us|me)|d[ae](?:me|nos)|dadnos)"
)
_LEAD = re.compile(
    rf"(?<!\w)(?:{_ESTIMATE}\s+)?(?:{_PREPOSITION}\s+)?(?:(?:{_TERM}|{_LIMIT})\s+){{0,3}}$", re.IGNORECASE
)
# "a" and "de" alone lead to hours of the day, "for 3 days" says how long
_REAL_LEAD = re.compile(
    rf"(?:{_ESTIMATE}(?=\s)|en|in|within|dentro|inside|under|antes|over|up|hasta|entre|between|menos|less|l[oa]s|the|next|plazo|lapso"
    r"|durante\s+(?:el\s+transcurso|l[oa]s\s+(?:pr[óo]x|sig)\w+)|a\s+lo\s+largo|t[ée]rmino|m[áa]ximo|max\w*|at\s+most|no|tras|after|al\s+cabo|before|un|como|a\s+max\w*"
    r"|de\s+(?:aqu[íi]|ac[áa]|un|m[áa]ximo|menos|no))\b",
    re.IGNORECASE,
)
# "en el día" is today, "en la próxima semana" the next one
_THIS_ONE = {"days": {"el", "the"}, "weeks": {"la próxima", "la proxima"}}
# "24-48 horas", "72 horas hábiles"
_HOURS_OF_SERVICE = re.compile(
    r"24\s*(?:-|–|/|a|to|y|o|and|or)\s*(?:48|72)\b|h[áa]biles$|(?:business|working)\s+hours$", re.IGNORECASE
)
# "24 h y lo tienes", "48 hours and it's off"
_AND_THEN = re.compile(r"\s+(?:y|and)\s", re.IGNORECASE)
# "de 5 a 7 días"
_FROM_SO_MANY, _TO_SO_MANY = re.compile(r"de\s", re.IGNORECASE), re.compile(r"\w+\s+a\s+\w+\s", re.IGNORECASE)
_BEGINS = re.compile(r"(?:^|[,:;–-])[\s¡,.]*$")
# "before the week is out"
_BEFORE_IT = re.compile(r"(?:before|after|by|until)\s+the$", re.IGNORECASE)
# "entre 10 y 14 horas", "de 8 a 20 h", "antes de las 13 h"
_OF_THE_DAY = re.compile(r"(?:entre|between|de\s+$|(?:antes\s+de|hasta|para)\s+las\s+$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """Where it stands with the words that lead to it; `day` for days and more, else so many `minutes`."""

    start: int
    end: int
    day: date | None = None
    minutes: int = 0


def amounts(words: str, days: BrandDays) -> Iterator[Amount]:
    """Of ranges the upper end; only with words that make it a time to come, working days also without."""
    for match in _HALF_HOURS.finditer(words):
        lead = _lead(words, match)
        if _REAL_LEAD.match(lead):
            yield Amount(match.start() - len(lead), match.end(), minutes=_PARTS_OF_HOURS.get(match.lastgroup or "", 30))
    for match in _AMOUNT.finditer(words):
        lead, unit, count = _lead(words, match), _unit(match), number_of(match["or"] or match["n"])
        alone = _BEGINS.search(words[: match.start()]) and _AND_THEN.match(words, match.end())
        if match["n"].lower() in _THIS_ONE.get(unit, ()):
            continue
        plain = unit == "working" or match["counted"] or _HOURS_OF_SERVICE.search(match[0])
        led = plain or alone or _REAL_LEAD.match(lead) or (_FROM_SO_MANY.match(lead) and _TO_SO_MANY.match(match[0]))
        if not led or _BEFORE_IT.match(lead + match["n"]):
            continue
        start = match.start() - len(lead)
        if unit == "minutes":
            yield Amount(start, match.end(), minutes=count)
        elif unit != "hours":
            yield Amount(start, match.end(), day=_later(count, unit, days) + timedelta(days=_more(match, unit)))
        elif not (_OF_THE_DAY.match(lead) and count < 24):
            yield Amount(start, match.end(), minutes=60 * count + _more(match, unit))


def _more(match: re.Match[str], unit: str) -> int:
    """What "and a half" or "y 20 minutos" adds, in minutes to hours, else in days."""
    minutes = re.search(r"\d+", match["more"] or "")
    if minutes is not None:
        return int(minutes[0]) if unit == "hours" else 0
    return _HALF_MORE[unit] if match["half"] or match["more"] else 0


def _unit(match: re.Match[str]) -> str:
    return next(unit for unit in _UNITS if match[unit])


def _lead(words: str, match: re.Match[str]) -> str:
    lead = _LEAD.search(words, max(0, match.start() - 60), match.start())
    return lead[0] if lead else ""


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
