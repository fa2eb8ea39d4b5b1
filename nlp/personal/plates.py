"""Number plates of vehicles: the ones whose form says so, and the ones that a word names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.alternatives import any_of
from nlp.personal.found import Found
from nlp.personal.plate_forms import ANY_FORM, TELLING, one_of

# until 2000 the letters were the province's (Código de la Circulación), since then three consonants without Ñ and Q
# (Reglamento General de Vehículos, annex XVIII); Britain: area, age, no I and Q (DVLA INF104); Ireland: S.I. 318/1992
_PROVINCES = any_of("""
    A AB AL AV B BA BI BU C CA CC CE CO CR CS CU GC GE GI GR GU H HU IB J L LE LO LU M MA ML MU NA O OR OU P PM PO S
    SA SE SG SH SO SS ST T TE TF TO V VA VI Z ZA
""")
_SURE = re.compile(
    rf"(?<![\w#€$£.,/-])(?:(?:[CEHR][ -])?\d{{4}}[ -]?[BCDFGHJKLMNPRSTVWXYZ]{{3}}|[A-Z]{{3}}-\d{{3}}-[A-Z]"
    rf"|{_PROVINCES}([ -])\d{{4}}\1[A-Z]{{1,2}}"
    r"|[A-HJ-PR-Y]{2}(?:0[1-9]|[12]\d|5[1-9]|[67]\d) [A-HJ-PR-Z]{3}|\d{2,3}-[A-Z]{1,2}-\d{2,6})(?![\w-]|[.,]\d)"
)
# a year with a channel or a league, units and sighs
_NO_PLATE = re.compile(
    r"(?:19|20)[0-3]\d[ -]?[A-Z]{3}|\d+X\d+|A3\d\d[ -]?NEO|(?:RTX|GTX|RX|GT|LGA|DDR)[ -]?\d{1,4}(?:[ -]?(?:TI|XT|S))?"
    r"|\d{4}[ -]?(?:WTF|LMF|KM[HS]|MHZ|GHZ|RPM|HDR|KWH|PTS|CLP|COP|MXN)"
)
_FLIGHT = re.compile(
    r"(?:\bvuelo|\bflights?|\bflt|\btren|\btrain|@\w+)\W{1,2}(?:\w{2}\s?)?(?:\d+\W{1,3})?$", re.IGNORECASE
)
_A_PLATE = (
    r"\b(?:(?:number\s*|licen[cs]e\s+|car\s+)?plates?|matr[íi]cula(?:do|da)?|patente|dominio|chapa"
    r"|placas?(?!\s+(?:base|madre|solar|fotov|de\s+(?:induc|vitro|yeso|v[íi]deo|sonido)))|reg(?:istration|istered|o|\.)?"
    r"|tablilla|(?:licen[cs]e|car)\s+tags?|tags?(?=\W{1,2}(?:number|no|is|n[º°])\b)|vrm)\b"
)
_VEHICLES = any_of("""
    coche auto automóvil carro moto furgo furgoneta camioneta camión vehículo taxi car van truck vehicle motorbike
    bike grúa parking aparcamiento aparcado aparcada estacionado estacionada multa multado multada parked towed
    clamped toll tolls peaje peajes caseta casetas tag rental ute lorry scooter fine PCN permit ULEZ chofer
    banger scrapped crushed insured insuring SUV MOT ITV VTV SOAT ford focus fiesta golf VW volkswagen seat ibiza león
    renault clio megane peugeot citroën toyota corolla yaris nissan micra honda civic kia hyundai mazda BMW audi
    mercedes opel vauxhall corsa astra skoda octavia dacia sandero fiat chevrolet tesla suzuki mini volvo jeep
    conductor driver remolque caravana motocicleta uber cabify
""")
_IS = any_of("""
    n nº n° no n. número number plate es era is was son are s la el las the con with de del of mi mis my our coche
    carro auto car van truck vehicle vehículo moto camioneta furgoneta nueva vieja antigua actual new old says reads
    dice on
""")
# letters and digits, in one piece or up to three, where a word leads straight to them
_PIECES = r"(?=(?:[ -]?[A-Z0-9]){5,8}(?![ -]?[A-Z0-9]))[A-Z0-9]{1,4}(?:[ -][A-Z0-9]{1,4}){1,2}"
_ANY = rf"(?=[A-Z -]*\d)(?=[\d -]*[A-Z])(?:[A-Z0-9]{{5,8}}|{_PIECES})"
_CAPITALS = rf"(?:{ANY_FORM}|{_ANY})(?![\w-])"
_SMALL = rf"(?:{ANY_FORM.lower()}|(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{{5,8}})(?![\w-])"
_PLATE = rf"(?<![\w#-])(?P<plate>(?-i:{_CAPITALS}|{_SMALL}))"
_CUE = re.compile(_A_PLATE, re.IGNORECASE)
_BEHIND = re.compile(rf"(?:\W{{0,3}}\b{_IS}(?!\w)){{0,4}}\W{{1,3}}{_PLATE}", re.IGNORECASE)
_TELLING = rf"(?<![\w-])(?P<plate>{one_of(TELLING)})(?![\w-])"
_FURTHER_BEHIND = re.compile(rf"[^\n.!?]{{0,70}}?{_TELLING}")
_BEFORE = re.compile(
    rf"(?<![\w€$£.,/#-])(?P<plate>{ANY_FORM})(?:\W{{1,3}}(?:es|is|era|was|son|are|that['’]?s)|,)"
    r"\s+(?:(?:mi|my|mis|la|the)\s+)?$"
)
_NEAR_A_VEHICLE = re.compile(rf"\b(?i:{_VEHICLES})\b[^\n.!?]{{0,40}}?{_TELLING}")
_BEFORE_A_VEHICLE = re.compile(rf"{_TELLING}[^\n.!?]{{0,15}}?\b(?i:{_VEHICLES})\b")
_FAR = 40
# "placas son 200", "plate was 12": words that stand where the letters of a plate do
_WORDS = any_of("""
    a al all an and are as at be but by can con de del di do dos el en era es esa ese fue for had han has hay he her
    his i if in is it its la las les lo los me mi muy my no nos not o of on one or our out para per por que se she sin
    sobre solo son su sus than the then they to tu two un una uno was we were with y ya you
""")
# in small letters: "reg fee 250"
_WORD_AND_NUMBER = re.compile(r"^[a-z]*[aeiou][a-z]*\s\d+$")
_A_WORD = re.compile(rf"\b{_WORDS}\b")


def plates(text: str) -> Iterator[Found]:
    """By their form in Spain, Britain and Ireland; elsewhere and in lower case by a word before or after them."""
    for match in _SURE.finditer(text):
        if not _NO_PLATE.fullmatch(match[0]) and not _FLIGHT.search(text[max(0, match.start() - 25) : match.start()]):
            yield Found("plate", *match.span())
    for match in (*_named(text), *_NEAR_A_VEHICLE.finditer(text), *_BEFORE_A_VEHICLE.finditer(text)):
        if _could_be(match["plate"]):
            yield Found("plate", *match.span("plate"))


def _named(text: str) -> Iterator[re.Match[str]]:
    """What a word for plates stands before or after."""
    for cue in _CUE.finditer(text):
        behind = _BEHIND.match(text, cue.end()) or _FURTHER_BEHIND.match(text, cue.end())
        if behind:
            yield behind
        before = _BEFORE.search(text, max(0, cue.start() - _FAR), cue.start())
        if before:
            yield before


def _could_be(plate: str) -> bool:
    """Not a year, a graphics card, or words around a number."""
    if _NO_PLATE.fullmatch(plate.upper()) or (" " in plate and _WORD_AND_NUMBER.search(plate)):
        return False
    return not _A_WORD.search(plate)
