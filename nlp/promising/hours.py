"""Hours of the day: "a las 5 de la tarde", "between 9 and 11am", "by noon"; of ranges the upper end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time

from nlp.alternatives import any_of
from nlp.promising.names import ENGLISH_HOUR, HOUR, MONTH, NUMBERS, SPANISH_HOUR, WEEKDAY

_HALF = (
    r"(?P<half>[ap]m\b|hrs?\b|hs?\b|horas\b|o['’]?\s?clock|(?:de|en|por)\s+la\s+(?:ma[ñn]ana|tarde|noche)|del\s+d[íi]a"
    r"|in\s+the\s+(?:morning|afternoon|evening)|at\s+night)"
)
# "by one of us", "at 2 stores": no hours
_COUNTED = any_of("""
    of points? times? stages? other others more people persons? agents? items? orders? stars? stores? shops? branches
    pesos soles pounds dollars quid km miles clases puntos unidades piezas veces level tiendas sucursales personas
""").replace(r"\?", "?")
_NO_CLOCK = (
    rf"(?!\d|[./-]\d|(?:st|nd|rd|th)\b|\s+{_COUNTED}\b|\s*(?:%|€|£|euros?|d[ií]as?|days?|weeks?|semanas?|minut\w*|hours?\b|months?\b|mes(?:es)?\b|business|working|de\s+{MONTH}"
    rf"|{MONTH}\b))"
)
_PAST = (
    r"half(?:\s+past)?|(?:a\s+)?(?:quarter|five|ten|twenty)\s+(?:past|to)|(?:cuarto|cinco|diez|veinte)\s+para\s+las?"
)
_MINUTES = r"media|cuarto|cinco|diez|veinte|veinticinco"
_CLOCK = (
    rf"(?:(?:12\s+)?(?P<noon>medio\s?d[ií]a|noon|midday)\b|(?:(?P<past>{_PAST})\s+)?"
    rf"(?P<hour>\d{{1,2}}|{HOUR})(?:(?:[:.]|h(?=\d\d\b))(?P<minute>\d{{2}})|\s+(?P<sign>y|menos)\s+(?P<part>{_MINUTES})\b)?"
    rf"(?:\s?-?ish\b)?{_NO_CLOCK}\s*{_HALF}?)"
)
_UNMISTAKABLE = r"(?=\d{1,2}(?::\d\d|h\d\d\b|\.\d\d\s*(?:h|[ap]m\b)|\s*[ap]m\b))"
_FIRST = r"(?:\d{1,2}(?:[:.]\d{2})?|noon|midday)\s*(?:am|pm|hrs?|hs?)?\s*"
_TO = r"(?:y|and|a|to|hasta|until|till?|-|–)\s*(?:las?\s+)?"
# "by five we'll", not "by one of us", "less than ten seconds", "at once"
_GOES_ON = (
    r"(?:today|tonight|tomorrow|tmrw|this|on|in\s+the|at|sharp|and|or|to|till?|until|o['’]?\s?clock|[ap]m|latest|we|i|you|he|she"
    rf"|they|it|the|your|our|so|if|when|but|for|with|as|then|by|{WEEKDAY})\b"
)
_NO_OTHER_NUMBER = rf"(?!{SPANISH_HOUR}\b|{ENGLISH_HOUR}\s+(?!{_GOES_ON})\w)"
_AT = (
    r"(?:\b(?:a|a\s+eso\s+de|antes\s+de|hasta|sobre|hacia|para|despu[ée]s\s+de|a\s+partir\s+de|pasadas|al\s+filo\s+de|(?:no\s+)?m[áa]s\s+tarde\s+de"
    r"|alrededor\s+de|cerca\s+de)\s+las?\s+|\b(?:al|a\s+un|un|a)\s+(?=(?:cuarto|cinco|diez|veinte)\s+para\s+las?\s)"
    r"|\b(?:al?|antes\s+del?)\s+(?=medio\s?d)|\btipo\s+(?:las?\s+)?"
    r"|\b(?:at|by|before|around|about|until|after|no\s+later\s+than|than|from)\s+(?:about\s+|around\s+)?"
    rf"{_NO_OTHER_NUMBER})"
)
_PARTS = {
    "half": 30, "quarter": 15, "five": 5, "ten": 10, "twenty": 20, "media": 30, "cuarto": 15, "cinco": 5, "diez": 10,
    "veinte": 20, "veinticinco": 25,
}  # fmt: skip
_LATE_HALF = r"at\s+night|in\s+the\s+(?:afternoon|evening)"
_SOON = re.compile(r"(?:this\s+(?:morning|afternoon|arvo|evening)|tonight|tomorrow)\b", re.IGNORECASE)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in {
        "entre las 9 y las 11": rf"\b(?:entre|between|de|desde|from)\s+(?:las?\s+)?{_FIRST}{_TO}{_CLOCK}",
        "9am-1pm": rf"(?<![\d/.,:-]){_FIRST}{_TO}(?:{_UNMISTAKABLE}|(?=noon\b|midday\b)){_CLOCK}",
        "a las 5 de la tarde": rf"{_AT}{_CLOCK}",
        "half two": rf"\b(?=(?:{_PAST})\s+(?:\d|{HOUR}\b)){_CLOCK}",
        "three o'clock": rf"\b(?=(?:\d{{1,2}}|{HOUR})\s+o['’]?\s?clock){_CLOCK}",
        "5ish": rf"(?<![\d/.,:-])\b(?=\d{{1,2}}\s?-?ish\b){_CLOCK}",
        "nine at night": rf"\b(?=(?:\d{{1,2}}|{HOUR})\s+(?:{_LATE_HALF})\b)(?<![\d/.,:-]){_CLOCK}",
        "3pm": rf"(?<![\d/.,:-])\b(?:{_UNMISTAKABLE}|(?=12\s+noon)){_CLOCK}",
    }.values()
)
# "hoy, 16-18 h": beside a day an hour needs no more than its unit
_BESIDE_A_DAY = re.compile(
    rf"(?:{_FIRST}{_TO}(?=\d{{1,2}}(?:[.:]\d{{2}})?\b)"
    rf"|(?:{_FIRST}{_TO})?(?=\d{{1,2}}\s*(?:hrs?|hs?)\b|(?:12\s+)?(?:noon|midday)\b|\d{{1,2}}[.:]\d{{2}}(?!\d))){_CLOCK}",
    re.IGNORECASE,
)


_BEFORE_A_DAY = re.compile(
    rf"(?:(?:^|(?<=^\s)|(?<=[,;:(–-]\s))|(?<![\w/.,:-]){_FIRST}{_TO}(?=\d)|\b(?=(?:12\s+)?(?:noon|midday)\b)|\b(?=\d{{1,2}}\s?-?ish\b))"
    rf"{_CLOCK}\s*$",
    re.IGNORECASE,
)


def hour_before(words: str, start: int, *, late: bool) -> tuple[int, time] | None:
    """Where an hour begins that ends there, if "tonight" or the like follows it, and the hour: "Six this evening"."""
    found = _BEFORE_A_DAY.search(words, 0, start) if _SOON.match(words, start) else None
    clock = None if found is None else _clock(found, late=late)
    return None if found is None or clock is None else (found.start(), clock)


def hours(words: str, start: int, end: int, *, late: bool) -> Iterator[tuple[int, int, time]]:
    """Where each hour named between `start` and `end` stands, and the hour; `late`: it is one after noon."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(words, start, end):
            if (clock := _clock(match, late=late)) is not None:
                yield *match.span(), clock


def hour_at(words: str, start: int, *, late: bool) -> tuple[int, time] | None:
    """Where the hour ends that begins there, beside a day, and the hour."""
    for pattern in (*_PATTERNS, _BESIDE_A_DAY):
        match = pattern.match(words, start)
        if match is not None and (clock := _clock(match, late=late)) is not None:
            return match.end(), clock
    return None


def _clock(match: re.Match[str], *, late: bool) -> time | None:
    if match["noon"]:
        return time(12)
    hour = NUMBERS.get(match["hour"].lower()) or int(match["hour"])
    minute = int(match["minute"] or 0)
    if hour < 12 and _after_noon(match, hour, late=late):
        hour += 12
    match _besides(match):
        case [part, "to" | "menos" | "para"]:
            hour, minute = hour - 1, 60 - _PARTS[part]
        case [part, *_]:
            minute = _PARTS[part]
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _besides(match: re.Match[str]) -> list[str]:
    """The part of an hour and how it counts: "quarter to", "y media", "menos diez"."""
    if match["part"]:
        return [match["part"].lower(), match["sign"].lower()]
    return [word for word in (match["past"] or "").lower().split() if word not in {"a", "las", "la"}]


def _after_noon(match: re.Match[str], hour: int, *, late: bool) -> bool:
    """As it says; nobody is called at five in the morning, so a bare small number is meant after noon."""
    half = (match["half"] or "").lower()
    if half.endswith(("pm", "tarde", "noche", "afternoon", "evening", "night")):
        return True
    if half.endswith(("am", "ana", "ñana", "morning")):
        return False
    return late or (hour <= 7 and not match["hour"].startswith("0"))
