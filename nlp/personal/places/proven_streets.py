"""How an address begins that names no kind of street or no number: a postcode further on proves that it is one."""

from __future__ import annotations

import re

from nlp.personal.places.streets import (
    FLAT,
    KIND_EN,
    NAME_AND_NUMBER,
    NAMED_HOUSE,
    NOT_AFTER,
    OF,
    PROPER,
    TOWN,
    TOWN_WORD,
)

# of Britain, of Ireland, of Canada, or a state with its own of Australia or the United States
_CODE = (
    r"(?-i:[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[\dW]\s?[A-Z\d]{4}|[A-Z]\d[A-Z]\s?\d[A-Z]\d"
    r"|(?:NSW|VIC|QLD|WA|SA|TAS|ACT|NT)\s\d{4}|[A-Z]{2},?\s\d{5}(?:-\d{4})?)(?!\w)"
)
_PROOF = rf"(?=[^\n!?;]{{1,60}}?[\s,]{_CODE})"
_SMALL = rf"(?:{OF}|y|yr|na|an)"
# without one of these in a text there is nothing to prove
POSTCODE = re.compile(rf"[\s,]{_CODE}|\d{{5}}|\s[A-Z]\d{{4}}")

# by an example of each
PROVEN = {
    example: re.compile(pattern, re.IGNORECASE)
    for example, pattern in {
        # houses with a name and no number
        "Rose Cottage, Mill Lane": (
            rf"(?<!\w)(?:{NAMED_HOUSE}|(?-i:{TOWN_WORD}(?:\s+(?:{_SMALL}|{TOWN_WORD})){{1,2}}),\s+){PROPER}(?:\s+{PROPER}){{0,2}}\s+{KIND_EN}"
            rf"{_PROOF}"
        ),
        "at Coolmore, Kilkee Road": (
            rf"\b(?:at|to|is|in)\s+(?P<address>(?-i:{TOWN_WORD}),\s+{PROPER}(?:\s+{PROPER}){{0,2}}\s+{KIND_EN}){_PROOF}"
        ),
        "is Bryn Awel, Heol Fawr": rf"\b(?:at|to|is)\s+(?P<address>{TOWN},\s+{TOWN}){_PROOF}",
        "31 Cwrt y Felin, Cardiff CF5 3NA": (
            rf"{NOT_AFTER}(?<!box\s){FLAT}\d{{1,5}}[a-d]?(?:[-–/]\d{{1,4}})?(?:\s+{_SMALL}){{0,2}}\s+(?-i:{TOWN_WORD})"
            rf"(?:\s+(?:{_SMALL}|(?-i:{TOWN_WORD}))){{0,3}}(?=\s*,){_PROOF}"
        ),
        "Belgrano 455, X5000 Córdoba": (
            rf"(?<!\w){NAME_AND_NUMBER}(?=,\s+(?-i:[A-HJ-NP-Z]\d{{4}}(?:[A-Z]{{3}})?)\s+{TOWN})"
        ),
        "Los Robles 771, Lomas del Valle, 66256 Monterrey": (
            rf"(?<!\w){NAME_AND_NUMBER}(?=(?:,\s+{TOWN}){{0,2}},\s+(?:c\.?\s?p\.?\s*)?\d{{5}},?\s+{TOWN})"
        ),
    }.items()
}
