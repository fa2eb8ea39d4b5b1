"""Where somebody lives: a street with its number, then what follows of floor, postcode and town."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.personal.found import Found
from nlp.personal.places.proven_streets import POSTCODE, PROVEN
from nlp.personal.places.street_words import AREAS, COUNTRIES, GROUND, INSIDE, PLAIN_KINDS_EN, SIDES, STATES, TOWNS
from nlp.personal.places.streets import BEGINNINGS, CAPITALS, OF, PROPER, SIGN, TOWN

# white space is taken whole: to give it back sign by sign, before and after a comma, costs its square
_COMMA = r"(?:[^\S\n]*+(?:\n\s*+,?|,)\s*+|\s++[-–·]\s++|\s*+\.\s++(?=col|c\.?p|(?-i:\d{5}\s[A-ZÁÉÍÓÚ])))"
_MAYBE_COMMA = r"\s*+(?:,\s*+)?"
_UK = r"(?-i:[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})(?!\w)"
_IRISH = r"(?-i:[A-Z]\d[\dW]\s?[A-Z\d]{4})(?!\w)"
_ARGENTINE = r"(?-i:[A-Z]\d{4}(?:[A-Z]{3})?)(?!\w)"
_CANADIAN = r"(?-i:[A-Z]\d[A-Z][ -]?\d[A-Z]\d)(?!\w)"
_SAYS_CODE = r"(?:c\.?\s?p\.?|c[óo]d(?:igo|\.)?\s*postal|zip(?:\s+code)?|postcode|eircode)\s*[:.]?\s*"
_POSTCODE = (
    rf"(?:{_SAYS_CODE})?(?:{_UK}|{_CANADIAN}|{_IRISH}|{_ARGENTINE}|\d{{4,7}}(?:-\d{{3,4}})?)"
    r"(?![\w.,]*\d|\s?(?:€|euros|pesos|\$))"
)
_PROVINCE = rf"(?:\s*\({TOWN}\))?"
_LAST_WORD = r"(?!please|thanks|gracias|porfa|urgente)[a-záéíóúñü]{4,}(?=\s*(?:[.,;:!)\n]|$))"
_TOWN_OF_CODE = rf"(?:[\s,·–-]+(?:{TOWN}|{_LAST_WORD}){_PROVINCE})?"
_GALICIAN = r"[AO]\s(?:Coruña|Estrada|Guarda|Pobra|Rúa|Grove|Barco|Porriño|Carballiño|Rosal|Pino)"
_DOOR = (
    # in Argentina "dto. A" is a flat, in Portugal "3.º dto" a side
    rf"(?:{SIDES}(?!\w)|dto\.?(?=\s*[,–-]|\s*$)|(?-i:(?!{_GALICIAN})[A-Z])(?!\w)|[\"“'](?-i:[A-Z])[\"”']|(?:puerta|pta\.?|letra)\s*\w{{1,3}}(?!\w)"
    r"|\d{1,2}(?:\.?[ºª°]|[ao](?!\w))?(?!\w|[.,]\d))"
)
_ORDINAL = r"\d{1,2}\s?(?:\.?[ºª°]|(?:er|do|ro|to|mo|vo|no|r|n|t|è|a)(?!\w))"
_FLOOR = (
    rf"(?:{_ORDINAL}(?:\s+(?:planta|piso)(?!\w))?(?:\s*[-,]?\s*{_DOOR}){{0,2}}|\d{{1,2}}(?:\.\s|\s?-?\s?)(?-i:[A-H])(?!\w)|\d{{1,2}}\s+{SIDES}(?!\w)"
    rf"|{GROUND}(?!\w)(?:\s*(?:{_DOOR}|[a-d](?!\w)))?)"
)
_INSIDE = (
    rf"{INSIDE}\s*[:.]?\s*(?:{SIGN}\s*)?(?:\d{{1,4}}(?:\s?[ºª°]|[a-z]\d{{1,2}}|[a-z]|[/-]\d{{1,3}}|\s?-?\s?(?-i:[A-Z]))?(?!\w)(?:\s+{SIDES}(?!\w))?"
    rf"|{SIDES}(?!\w)|(?-i:[A-Z]-?\d{{0,4}})(?!\w)|(?-i:[{CAPITALS}][a-záéíóúñ]+))"
)
# a quarter may be called after a day: "Barrio Siete de Agosto", "Colonia 20 de Noviembre"
_QUARTER_WORD = rf"(?-i:[{CAPITALS}])[^\W\d_]+"
_QUARTER = rf"(?:\d{{1,2}}(?=\s+de\s)|{_QUARTER_WORD})(?:\s+(?:{OF}\s+){{0,2}}{_QUARTER_WORD}){{0,3}}"
# in capitals for stress: "46011 València, NO el bar"
_STRESSED = "NO|SI|YA|ES|EL|EN|TE|LO|TU|SE|UN|WE|MY|SO|IF|IT|IS|UP|BY|GO|US"
_TOWN = rf"(?:{TOWN}|(?-i:{_GALICIAN}))"
_MEXICO_STATE = r"Edo\.?\s(?:de\s)?M[ée]x(?:ico|\.)?"
# each part with what joins it to the one before
_PARTS = {
    "postcode and town": rf"{_COMMA}{_POSTCODE}{_TOWN_OF_CODE}",
    "state and zip": rf"(?:{_COMMA}|\s+)(?-i:[A-Z]{{2}}|[A-Z][a-z]+)\s+\d{{5}}(?:-\d{{4}})?(?!\w)",
    "floor and door": rf"{_MAYBE_COMMA}{_FLOOR}|\s*,\s*\d{{1,2}}-\d{{1,2}}(?![\w-])",
    "floor after a dash": rf"\s*[-–]\s*(?=\d{{1,2}}\s?\.?[ºª°]){_FLOOR}",
    "crossings of Mérida": (
        r"(?<![a-záéíóúñ]{2})\s+(?:por|x|entre)\s+(?:(?:la\s+)?calle\s+)?\d{1,3}[a-z]?(?:\s*(?:y|x)\s*\d{1,3}[a-z]?)?"
        r"(?![\w:]|\s+(?:h|hrs?|horas)\b)"
    ),
    "inside": rf"{_MAYBE_COMMA}{_INSIDE}",
    "quarter": rf"{_MAYBE_COMMA}{AREAS}\s+(?:{OF}\s+){{0,2}}{_QUARTER}",
    # a flat in a building, then the building's own street: "Flat 2, Meridian Wharf, 3 Quayside, Bristol BS1 6TJ"
    "street of a building": (
        rf"(?<=(?-i:Wharf|House|Court|Tower)){_COMMA}\d{{1,4}}[a-d]?\s+{PROPER}(?:\s+{PROPER}){{0,3}}"
        rf"(?=[^\n!?;]{{1,40}}{_UK})"
    ),
    "country": rf"{_COMMA}{COUNTRIES}(?!\w)",
    "state": rf"{_COMMA}(?-i:{_MEXICO_STATE}|{STATES}|(?!{_STRESSED})[A-Z]{{2}})(?!\w)|\s+(?-i:D\.C\.|D\.F\.)",
    "town": rf"{_COMMA}{_TOWN}(?:\s+(?:{_UK}|{_CANADIAN}|{_IRISH}|\d{{1,2}}(?!\w)|\d{{4,5}}(?!\w)))?{_PROVINCE}",
    "known town": rf"{_MAYBE_COMMA}(?<=[\s,]){TOWNS}(?!\w)",
    "postcode without comma": rf"\s+(?:{_UK}|{_CANADIAN}|{_IRISH}|(?:c\.?\s?p\.?\s*)?\d{{5}}(?!\w){_TOWN_OF_CODE})",
}
_NEXT = re.compile("|".join(_PARTS.values()), re.IGNORECASE)
_MOST_PARTS = 10
# "Plaza Mayor 2023", "2013 Christmas Parade"
_A_YEAR = re.compile(rf"\D*(?:19|20)\d\d|(?:19|20)\d\d\s.*(?<!\w)(?!{PLAIN_KINDS_EN}$)[a-z]+", re.IGNORECASE)
_HINT = re.compile(r"\d|s/n", re.IGNORECASE)


def addresses(text: str) -> Iterator[Found]:
    """From the kind of street (in English from the number, or the flat before it) to the last part that belongs."""
    if not _HINT.search(text):
        return
    proven = PROVEN.values() if POSTCODE.search(text) else ()
    for beginning in (*BEGINNINGS.values(), *proven):
        for match in beginning.finditer(text):
            start, end = match.span("address" if "address" in beginning.groupindex else 0)
            whole = _whole(text, end)
            if whole > end or not _A_YEAR.fullmatch(text, start, end):
                yield Found("address", start, whole)


def _whole(text: str, end: int) -> int:
    """Where the address ends whose street and number end there."""
    for _ in range(_MOST_PARTS):
        part = _NEXT.match(text, end)
        if part is None:
            break
        end = part.end()
    return end
