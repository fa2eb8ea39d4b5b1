"""Codes of parcels and shops that nothing else looks like: their form alone says what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from phonenumbers import SUPPORTED_REGIONS

from nlp.personal.found import Found

# by the carrier that writes so; in groups where it prints them
_FORMS = {
    "UPS": r"1Z ?[0-9A-Z]{3} ?[0-9A-Z]{3} ?\d\d ?\d{4} ?\d{4}",
    "USPS": r"9[1-5]\d{18}(?:\d\d)?|9[1-5]\d\d(?: \d{4}){4}(?: \d\d)?",
    "DHL and Yodel": r"JJ?D\d{16,20}",
    "DHL": r"JJD ?\d\d(?: ?\d{4}){4}|JD(?: ?\d{4}){4,5}",
    "Evri": r"[HT]00[0-9A-Z]{13}",
    "Amazon": r"TBA\d{12}|\d{3}-\d{7}-\d{7}",
    "Correos": r"P[A-Z][0-9A-Z]{5}\d{16}",
    "Google Play": r"GPA\.\d{4}(?:-\d{4}){2}-\d{5}",
}
_SURE = re.compile(rf"(?<![\w./@-])(?:{'|'.join(_FORMS.values())})(?![\w@]|[.,/-]\w)")
# UPU S10: service, serial number with its check digit (which people mistype), country
_S10 = re.compile(r"(?<![\w./@-])[A-Z]{2}(?:\d{9}| ?\d{3} \d{3} \d{3} ?|(?: ?\d{4} \d{4} \d ?))([A-Z]{2})(?![\w@-])")


def parcels(text: str) -> Iterator[Found]:
    """What a carrier's or a shop's form alone tells; the others need a word before them."""
    for match in _SURE.finditer(text):
        yield Found("order", *match.span())
    for match in _S10.finditer(text):
        if match[1] in SUPPORTED_REGIONS:
            yield Found("order", *match.span())
