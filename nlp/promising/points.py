"""Points that end no sentence, those of "5 p.m.", "15 dic." and "Sr.", taken out of a text that keeps its length."""

from __future__ import annotations

import re

_MONTHS = r"(?:ene|jan|feb|mar|abr|apr|may|jun|jul|ago|aug|sept?|set|oct|nov|dic|dec)"
_WEEKDAYS = r"(?:lun|mar|mi[ée]|jue|vie|s[áa]b|dom|mon|tues?|weds?|thu(?:rs)?|fri|sat|sun)"
_POINT = re.compile(r"(?<=[^\W\d_]{2})\.(?=[\s,])")
# what stands before the point, and what must follow it
_SHORT = (
    (re.compile(rf"\b{_MONTHS}$", re.IGNORECASE), re.compile(r"\s+\d")),
    (re.compile(rf"(?:\d[ -]|\bde ){_MONTHS}$", re.IGNORECASE), re.compile(r"\s+[a-zñ¿¡]")),
    (re.compile(rf"\b{_WEEKDAYS}$", re.IGNORECASE), re.compile(r",|\s+\d")),
    (
        re.compile(r"(?:\b(?:aprox|approx|m[áa]x|cte)|\d (?:hrs?|hs|mins?|bus))$", re.IGNORECASE),
        re.compile(r"\s+[a-zñ\d]"),
    ),
    (re.compile(r"\b(?:Sra?|Dra?|Mrs?|Ms|Lic|Ing|Prof)$"), re.compile(r"\s+[A-ZÁÉÍÓÚÑ]")),
)
_AS_FAR_BACK = 10
_HALF_OF_DAY = re.compile(r"\b(?P<half>[apAP])\.\s?[mM]\b\.?")
# "by 5 p.m. We'll" is two sentences, "by 5 p.m. Eastern" is one
_NEXT_SENTENCE = re.compile(r"\s+(?!Eastern|Pacific|Central|Mountain)[A-ZÁÉÍÓÚÑ][a-zñáéíóú’']")


def without_points(text: str) -> str:
    """The text as long as before, without them."""
    plain = _HALF_OF_DAY.sub(_half_of_day, text)
    return _POINT.sub(lambda point: " " if _is_short(plain, point.start()) else ".", plain)


def _is_short(text: str, point: int) -> bool:
    before = text[max(0, point - _AS_FAR_BACK) : point]
    return any(short.search(before) and follows.match(text, point + 1) for short, follows in _SHORT)


def _half_of_day(match: re.Match[str]) -> str:
    """In place of "p.m." it says "pm"; the last point stays where it ends a sentence as well."""
    ends = match[0].endswith(".") and _NEXT_SENTENCE.match(match.string, match.end()) is not None
    bare = f"{match['half']}m"
    return bare.ljust(len(match[0]) - 1) + "." if ends else bare.ljust(len(match[0]))
