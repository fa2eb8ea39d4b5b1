"""Feasts: "before Christmas", "para Nochevieja", "by Thanksgiving"; only where something leads to them."""

from __future__ import annotations

from datetime import date, timedelta

from nlp.alternatives import phrases
from nlp.promising.brand_days import BrandDays
from nlp.promising.ways import Found, Way

_CUE = (
    r"christmas|xmas|boxing|new\s+year|\bnye\b|navidad|noche(?:buena|vieja)|a[ñn]o\s+nuevo|reyes|valentin|patrick|halloween"
    r"|thanksgiving"
)
# else it is a name or a greeting: "Sr. Reyes", "your Christmas order", "Merry Christmas"
_LEAD = (
    r"(?:(?P<before>\b(?:antes\s+de|before)\s+)|\b(?:by|on|until|than|for|come|para|por|en|hasta|el)\s+)"
    r"(?:(?:el\s+)?d[íi]a\s+de\s+)?"
)
_ALONE = r"(?!\w|['’]s\b|\s+(?:break|hol|order|gift|present|sale|party|season|rush|period|hours|deliver))"


def _feast(names: str, day: int, month: int) -> Way:
    return Way(_CUE, rf"{_LEAD}{phrases(names)}{_ALONE}", lambda _, days: days.dated(day, month))


def _thanksgiving(_: Found, days: BrandDays) -> date:
    """Of this year, the fourth Thursday of November, though it may have passed."""
    first = date(days.today.year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)


# by their names
HOLIDAYS = (
    _feast("christmas eve, xmas eve, nochebuena", 24, 12),
    _feast("christmas, christmas day, xmas, xmas day, navidad", 25, 12),
    _feast("boxing day", 26, 12),
    _feast("new year's eve, nye, nochevieja", 31, 12),
    _feast("new year, new year's, new year's day, año nuevo", 1, 1),
    _feast("reyes", 6, 1),
    _feast("valentine's, valentine's day, san valentín", 14, 2),
    _feast("st patrick's day", 17, 3),
    _feast("halloween", 31, 10),
    Way(_CUE, rf"{_LEAD}thanksgiving{_ALONE}", _thanksgiving),
)
