"""How an address begins: the street and the number, as they are written in eight countries."""

from __future__ import annotations

import re

from nlp.personal.places.street_words import (
    GRID_KINDS,
    KINDS,
    KINDS_EN,
    NEVER_A_NAME,
    NOT_A_NAME,
    NOT_A_NAME_EN,
    NOT_A_TOWN,
    PLAIN_KINDS_EN,
    UNITS,
    VIAS,
)

CAPITALS = "A-ZÁÉÍÓÚÜÑÇÀÈÒ"
OF = r"(?:de|del|dels|d['’]|la|las|los|el|les|y|i|e|do|da|dos|das|of|the)"
SIGN = r"(?:n\.?\s?[º°o]\.?|n[úu]m(?:ero|\.)?|nro\.?|no\.?|#)"
TOWN_WORD = rf"(?!{NOT_A_TOWN}(?!\w))[{CAPITALS}][^\W\d_]{{1,30}}(?:['’·-][^\W\d_]{{1,30}}){{0,3}}"
# one to four words with a capital: "Mar del Plata"
TOWN = rf"(?-i:{TOWN_WORD}(?:\s+(?:{OF}\s+){{0,2}}{TOWN_WORD}(?!\w)){{0,3}})"
_NO_UNIT = rf"(?!\s?{UNITS}(?!\w)|\s+de\s+(?:l[oa]s|cada|sus)\s|\s?[€%$°£]|\d|[ºª]|[.,:/]\d)"

# --- the kind, the name, the number: Spanish, Catalan, Portuguese ---

_SHORT_KIND = r"(?:c\.|cl\.?|ave?\.?|pl\.|gta\.?|p\.º|cuesta)(?:(?<=[.º])\s?|\s+)"
_KIND = (
    rf"(?:{KINDS}\s+|c/\.?\s*|gran\s+v[íi]a\s+|v[íi]a\s+(?={VIAS}\b)"
    rf"|{_SHORT_KIND}(?=(?:{OF}\s+){{0,3}}(?-i:[{CAPITALS}])|\d{{1,2}}\s+de\s))"
)
_WORD = rf"(?!(?-i:{NOT_A_NAME})\b|{NEVER_A_NAME}\b)(?:[^\W\d_][\w'’·.ºª-]{{0,40}}|\d{{1,2}}(?=\s+de\s))"
_NAME = rf"(?:{_WORD}\s+){{0,5}}?(?!{OF}\s){_WORD}"
_LETTER = r"(?:\s?(?-i:[A-Z])(?![\w.º])|[a-z](?!\w))?"
# "12 - 3.º" is a floor
_TO_NUMBER = r"(?:\s?[-–/]\s?\d{1,4}(?!\d|\s?\.?[ºª]))?"
_NUMBER = rf"(?:\d{{1,5}}{_TO_NUMBER}{_LETTER}(?:\s?bis\b)?{_NO_UNIT}|s/n(?!\w)|km\.?\s?\d{{1,4}})"
_AREA = rf"(?:(?:barrio|bo\.|urb(?:anizaci[óo]n|\.)|conjunto|residencial|villa)\s+(?:{OF}\s+)?{TOWN},\s+)?"
_ESTATE = rf"(?:urb(?:anizaci[óo]n|\.)\s+(?:{OF}\s+)?{TOWN},\s+)?"
_BEFORE_NUMBER = rf"(?:,?\s*{SIGN}\s*|,?\s+|,)"
# Colombia: which street, which crossing, and how many metres from it
_POINT = r"(?:\s+(?:sur|norte|este|oeste))?"
_WAY = rf"\d{{1,3}}\s?[a-z]?(?:\s*bis)?{_POINT}"
_GRID = (
    rf"{GRID_KINDS}\s*(?:calle\s+|carrera\s+)?{_WAY}\s*(?:{SIGN}|\s|,)\s*{_WAY}\s?[-–]\s?\d{{1,3}}{_POINT}(?![\w/-])"
)

# --- the number, the name, the kind: English ---

PROPER = rf"(?:(?-i:[{CAPITALS}][\w'’·.-]{{0,40}})|\d{{1,3}}(?:st|nd|rd|th)|{OF})"
_COMPASS = r"(?:\s+(?-i:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.?(?!\w))?"
FLAT = (
    r"(?:(?:flat|lot|apt\.?|apartment|unit|suite|ste\.?|room|no\.?|#)"
    r"\s?#?\d{0,4}(?:/\d{1,2})?-?[a-z]?\d{0,3}(?!\w)\s*,?\s*)?"
)
BUILDINGS = (
    "House|Court|Building|Apartments|Tower|Cottage|Lodge|Mill|Farm|Wharf|Mansions|Quay|Heights|Point|Chambers|Works"
)
NAMED_HOUSE = (
    rf"(?:(?:(?-i:[{CAPITALS}][\w'’]{{0,30}}+)\s+){{1,2}}(?-i:{BUILDINGS}),?\s+"
    r"|(?:\d{1,4}[a-z]?\s+)?(?-i:The(?:\s+[A-Z]\w+){1,2}),\s+)"
)
_HOUSE = rf"{NAMED_HOUSE}?"
_HOUSE_NUMBER = r"\d{1,5}[a-d¼½¾]?(?:[-–/]\d{1,4})?,?"
KIND_EN = rf"(?:{PLAIN_KINDS_EN}|place|court|square|way|(?=(?-i:[A-Z])){KINDS_EN})(?![\w'’]|(?-i:-[a-z]))"
_ENGLISH = (
    rf"{_HOUSE_NUMBER}{_COMPASS}(?!\s+(?:the|of|de|way|bedrooms?|beds?|[123][snr][tdh]\s+rd)\b)"
    rf"(?:\s+{PROPER}){{1,4}}\s+{KIND_EN}{_COMPASS}"
)
_ENGLISH_SMALL = rf"\d{{1,5}}[a-d]?(?-i:(?:\s+(?!{NOT_A_NAME_EN}\b)[a-z][a-z'’-]+){{1,2}}\s+{PLAIN_KINDS_EN}(?![\w'’]))"
NOT_AFTER = r"(?<![\w.,/£$€#:-])(?<!\d\s)"

NAME_AND_NUMBER = rf"{TOWN}\s+{SIGN}?\s?\d{{2,5}}"
_INSIDE = r"(?:\d{1,2}\s?[°º]|(?:piso|d(?:e?p?to|pt)\.?|departamento|apto\.?)\s+\w{1,4}(?!\w))"
_SAID = (
    r"\b(?:direcci[óo]n(?:\s+de\s+(?:env[íi]o|entrega))?|domicilio|vivo|resido|vivimos|address|live\s+(?:at|in|on))\b"
)
_MINE = r"(?:es\s+mi\s+(?:direcci[óo]n|casa|domicilio)|is\s+my\s+address)\b"

# by an example of each; where a group is named, it is the address
BEGINNINGS = {
    example: re.compile(pattern, re.IGNORECASE)
    for example, pattern in {
        "Calle Mayor, 12": rf"(?<![\w/]){_ESTATE}{_KIND}{_NAME}{_BEFORE_NUMBER}{_NUMBER}",
        "Camino Real a Cholula 4208": (
            rf"(?<!\w)(?:camino|carretera|ctra\.?)\s+(?:{_WORD}\s+)?al?\s+{TOWN}{_BEFORE_NUMBER}{_NUMBER}"
        ),
        "Ercilla kalea 24": rf"(?<!\w)(?:{TOWN}\s+(?:kalea|etorbidea)|kale\s+nagusia){_BEFORE_NUMBER}{_NUMBER}",
        "Gran Vía 32": rf"(?<!\w)gran\s+v[íi]a{_BEFORE_NUMBER}\d{{1,3}}{_NO_UNIT}",
        "Carrera 7 # 45-10": rf"(?<!\w){_GRID}",
        "Calle 50 N° 789": (
            r"(?<!\w)(?:calle|avenida|av\.?|diagonal)\s+\d{1,3},?\s+n[º°o.]+\s*\d{1,5}(?:-?(?-i:[A-Z]))?(?![\w-])"
        ),
        "Calle 3, casa 27": (
            rf"(?<!\w){_AREA}(?:calle|avenida|av\.?)\s+\w{{1,3}},?\s+(?:casa|lote|villa)\s*(?:{SIGN}\s*)?\d{{1,4}}"
        ),
        "Calle 7 entre 45 y 46 N° 512": (
            r"(?<!\w)(?:calle|avenida|av\.?|diagonal)\s+\d{1,3}\s+(?:entre|e/)\s*\d{1,3}\s+y\s+\d{1,3},?"
            rf"\s*{SIGN}\s*\d{{1,5}}"
        ),
        "Mz. B Lote 12": (
            rf"(?<!\w){_AREA}(?:mz\.?|mza\.?|manzana)\s*\w{{1,3}}\s*,?\s*(?:lt\.?|lote|casa)\s*\d{{1,3}}"
        ),
        "Polígono Industrial El Pino, nave 12": (
            rf"(?<!\w)pol(?:\.|[íi]gono)\s+ind(?:\.|ustrial)\s+(?:{OF}\s+)?{TOWN},?"
            r"\s+(?:nave|parcela|calle\s+\w+,)\s*\w{1,4}"
        ),
        "4420 County Road 12": (
            rf"{NOT_AFTER}{FLAT}\d{{3,5}}{_COMPASS}\s+(?-i:(?:(?:County|State|US|U\.S\.|Farm)\s)?"
            rf"(?:Road|Rd\.?|Route|Rte\.?|Highway|Hwy\.?)|FM|CR|SR|RR)\s+\d{{1,4}}{_COMPASS}(?!\w)"
        ),
        "14 Elm Street": rf"{NOT_AFTER}{FLAT}{_HOUSE}{_ENGLISH}",
        "14 elm street": rf"{NOT_AFTER}{FLAT}{_ENGLISH_SMALL}",
        "4 The Crescent": rf"{NOT_AFTER}{FLAT}\d{{1,4}}[a-d]?\s+(?-i:The)\s+(?=(?-i:[A-Z])){KINDS_EN}(?![\w'’])",
        "1500 Broadway": rf"{NOT_AFTER}{FLAT}\d{{1,5}}\s+(?-i:Broadway|Piccadilly|Strand)",
        # a kind of street in front as the French and the Spanish of North America do
        "15 Rue Sainte-Anne": (
            rf"{NOT_AFTER}{FLAT}{_HOUSE_NUMBER}\s+(?-i:[Rr]ue|Avenue|Boulevard|Chemin|Place|Av\.|Avenida|Calle|Via)"
            rf"\s+{PROPER}(?:[\s-]{PROPER}){{0,3}}"
        ),
        "PO Box 1234": r"(?<!\w)p\.?\s?o\.?\s?box\s+\d{1,6}",
        "Apartado de correos 214": (
            r"(?<!\w)(?:apartado(?:\s+(?:de\s+correos?|postal|a[ée]reo))|apdo\.?(?:\s+(?:de\s+)?correos?)?|casilla\s+(?:de\s+correo|postal))"
            rf"\s+(?:{SIGN}\s*)?\d{{1,6}}(?!\w)"
        ),
        # any name and number, where a word says that it is an address
        "mi dirección es Rivadavia 4520": (
            rf"{_SAID}\W{{0,3}}(?:(?:es|is|en|at|nueva|actual|correcta)\b\W{{0,2}}){{0,3}}"
            rf"(?P<address>{NAME_AND_NUMBER}{_NO_UNIT})"
        ),
        "San Martín 1540, piso 2": rf"(?<!\w){NAME_AND_NUMBER}(?=,?\s+{_INSIDE})",
        "Los Leones 220, Providencia es mi dirección": rf"(?<!\w){NAME_AND_NUMBER}(?:,\s+{TOWN}){{0,2}}(?=\s+{_MINE})",
    }.items()
}
