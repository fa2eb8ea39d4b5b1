"""Feasts: "before Christmas", "para Nochevieja", "by Thanksgiving"; only where something leads to them."""

from __future__ import annotations

from datetime import date, timedelta

from nlp.alternatives import phrases
from nlp.promising.brand_days import BrandDays
from nlp.promising.ways import Found, Way

_CUE = (
    r"christmas|xmas|boxing|new\s+year|\bnye\b|navidad|noche(?:buena|vieja)|a[ñn]o\s+nuevo|reyes|valent[íi]n|pa(?:trick|ddy)|halloween|muertos|todos\s+los\s+santos"
    r"|inmaculada|easter|good\s+friday|viernes\s+santo|jueves\s+santo|semana\s+santa|pascua|bonfire|anzac|hogmanay"
    r"|thanksgiving"
)
# else it is a name or a greeting: "Sr. Reyes", "your Christmas order", "Merry Christmas"
_LEAD = (
    r"(?:(?P<before>\b(?:antes\s+del?|before)\s+)|\b(?:by|on|until|than|for|come|para|por|en|hasta|el)\s+)"
    r"(?:(?:el\s+|la\s+)?(?:d[íi]a\s+de\s+)?)"
)
_ALONE = r"(?!\w|['’]s\b|\s+(?:break|hol|order|gift|present|sale|party|season|rush|period|hours|deliver))"


def _feast(names: str, day: int, month: int) -> Way:
    return Way(_CUE, rf"{_LEAD}{phrases(names)}{_ALONE}", lambda _, days: days.dated(day, month))


def _easter(days: BrandDays, away: int) -> date:
    """The next day that is so many days away from Easter Sunday."""
    year = days.today.year
    this = easter_sunday(year) + timedelta(days=away)
    return this if this >= days.today else easter_sunday(year + 1) + timedelta(days=away)


def _of_easter(names: str, away: int) -> Way:
    return Way(_CUE, rf"{_LEAD}{phrases(names)}{_ALONE}", lambda _, days: _easter(days, away))


def easter_sunday(year: int) -> date:
    """By the Gregorian computus (J.-M. Oudin, 1940)."""
    century, golden = year // 100, year % 19
    epact = (century - century // 4 - (century - (century - 17) // 25) // 3 + 19 * golden + 15) % 30
    epact -= (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    ahead = epact - (year + year // 4 + epact + 2 - century + century // 4) % 7
    month = 3 + (ahead + 40) // 44
    return date(year, month, ahead + 28 - 31 * (month // 4))


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
    _feast("st patrick's day, st. patrick's day, st patrick's, paddy's day, st paddy's day", 17, 3),
    _feast("anzac day", 25, 4),
    _feast("halloween", 31, 10),
    _feast("todos los santos", 1, 11),
    _feast("muertos", 2, 11),
    _feast("bonfire night", 5, 11),
    _feast("inmaculada", 8, 12),
    _feast("hogmanay", 31, 12),
    _of_easter("good friday, viernes santo", -2),
    _of_easter("jueves santo", -3),
    _of_easter("easter, easter sunday, pascua, domingo de resurrección", 0),
    _of_easter("easter monday, lunes de pascua", 1),
    Way(_CUE, rf"\b(?:en|para|por|durante)\s+semana\s+santa{_ALONE}", lambda _, days: _easter(days, 0)),
    Way(_CUE, rf"(?P<before>\bantes\s+de)\s+semana\s+santa{_ALONE}", lambda _, days: _easter(days, -7)),
    Way(_CUE, rf"{_LEAD}thanksgiving{_ALONE}", _thanksgiving),
)
