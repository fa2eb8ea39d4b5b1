"""Number plates of vehicles: the ones whose form says so, and the ones that a word names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nlp.alternatives import any_of
from nlp.personal.found import Found

# 9 a digit, L a letter, C a consonant, - may be a space, a dash, a dot or nothing
_FORMS = {
    "ES": ("9999-CCC", "LL-9999-LL", "LL-9999-L", "L-9999-LL", "L-9999-L"),
    "GB": ("LL99-LLL", "L999-LLL", "L99-LLL", "LLL-9999"),
    "IE": ("999-LL-99999", "999-L-99999", "999-L-9999", "99-L-99999", "99-LL-9999"),
    "PT": ("LL-99-LL", "99-LL-99", "99-99-LL"),
    "MX": ("LLL-999-L", "LLL-99-99", "99-LL-99L", "LLL-9999", "999-LLL", "LL-9999-L"),
    "AR": ("LL-999-LL", "L999-LLL", "LLL-999"),
    "CL": ("LL-LL-99", "LLLL-99", "LL-9999"),
    "CO": ("LLL-999", "LLL-99L"),
    "PE": ("L9L-999", "LLL-999"),
    "US": ("9LLL999", "LLL-9999", "999-LLL", "LLL-999"),
}
# these are hardly ever anything else where a vehicle is spoken of; "LLL-999" is also a model: BMW 320
_TELLING = (
    "9999-CCC",
    "LL99-LLL",
    "L999-LLL",
    "LL-999-LL",
    "LLL-999-L",
    "LL-LL-99",
    "LLLL-99",
    "LL-99-LL",
    "LLL-99-99",
)
# until 2000 the letters were the province's (Código de la Circulación), since then three consonants without Ñ and Q
# (Reglamento General de Vehículos, annex XVIII); Britain: area, age, no I and Q (DVLA INF104); Ireland: S.I. 318/1992
_PROVINCES = any_of("""
    A AB AL AV B BA BI BU C CA CC CE CO CR CS CU GC GE GI GR GU H HU IB J L LE LO LU M MA ML MU NA O OR OU P PM PO S
    SA SE SG SH SO SS ST T TE TF TO V VA VI Z ZA
""")
_SURE = re.compile(
    rf"(?<![\w#€$£.,/-])(?:\d{{4}}[ -]?[BCDFGHJKLMNPRSTVWXYZ]{{3}}|{_PROVINCES}([ -])\d{{4}}\1[A-Z]{{1,2}}"
    r"|[A-HJ-PR-Y]{2}(?:0[1-9]|[12]\d|5[1-9]|[67]\d) [A-HJ-PR-Z]{3}|\d{2,3}-[A-Z]{1,2}-\d{2,6})(?![\w-]|[.,]\d)"
)
# a year with a channel or a league, units and sighs
_NO_PLATE = re.compile(
    r"(?:19|20)[0-3]\d[ -]?[A-Z]{3}|A3\d\d[ -]?NEO|\d{4}[ -]?(?:WTF|LMF|KM[HS]|MHZ|GHZ|RPM|HDR|KWH|PTS|CLP|COP|MXN)"
)
_FLIGHT = re.compile(
    r"(?:\bvuelo|\bflights?|\bflt|\btren|\btrain|@\w+)\W{1,2}(?:\w{2}\s?)?(?:\d+\W{1,3})?$", re.IGNORECASE
)
_A_PLATE = (
    r"\b(?:(?:number\s*|licen[cs]e\s+|car\s+)?plates?|matr[íi]cula(?:do|da)?|patente|dominio|chapa"
    r"|placas?(?!\s+(?:base|madre|solar|fotov|de\s+(?:induc|vitro|yeso)))|reg(?:istration|istered|\.)?)\b"
)
_VEHICLES = any_of("""
    coche auto automóvil carro moto furgo furgoneta camioneta camión vehículo taxi car van truck vehicle motorbike
    bike grúa parking aparcamiento aparcado aparcada estacionado estacionada multa multado multada parked towed
    clamped
""")
_IS = any_of("""
    n nº n° no n. número number plate es era is was la el the con with de del of mi my coche carro auto car van
    vehicle vehículo moto
""")


def _written(form: str) -> str:
    parts = {"9": r"\d", "L": "[A-Z]", "C": "[BCDFGHJKLMNPRSTVWXYZ]", "-": "[ ·.-]?"}
    return "".join(parts[sign] for sign in form)


def _one_of(forms: Iterable[str]) -> str:
    return "|".join(map(_written, sorted(set(forms), key=len, reverse=True)))


_ALL = _one_of(form for forms in _FORMS.values() for form in forms)
_NAMED = re.compile(
    rf"{_A_PLATE}(?:\W{{0,3}}\b{_IS}(?!\w)){{0,4}}\W{{1,3}}"
    rf"(?P<plate>(?:{_ALL})(?![\w-])|(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{{5,8}})(?![\w-])",
    re.IGNORECASE,
)
_NEAR = re.compile(
    rf"\b{_VEHICLES}\b[^\n.!?]{{0,40}}?(?<![\w-])(?P<plate>(?-i:{_one_of(_TELLING)}))(?![\w-])", re.IGNORECASE
)


def plates(text: str) -> Iterator[Found]:
    """By their form in Spain, Britain and Ireland; elsewhere and in lower case by a word before them."""
    for match in _SURE.finditer(text):
        if not _NO_PLATE.fullmatch(match[0]) and not _FLIGHT.search(text[max(0, match.start() - 25) : match.start()]):
            yield Found("plate", *match.span())
    for pattern in (_NAMED, _NEAR):
        for match in pattern.finditer(text):
            if not _NO_PLATE.fullmatch(match["plate"]):
                yield Found("plate", *match.span("plate"))
