"""Codes of bookings that are letters alone, as airlines give them: MNBVCX."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.alternatives import any_of, phrases
from nlp.personal.found import Found

_NAMES = phrases("""
    localizador, código de reserva, código de reservación, clave de reserva, clave de reservación,
    código de confirmación, clave de confirmación, número de reserva, número de reservación, pnr, record locator,
    booking reference, booking ref, booking code, booking number, confirmation code, reservation code,
    reservation number
""")
_MAY_NAME = any_of("reserva reservación booking reservation")
_BETWEEN = any_of("es is was era el la the de for mi my our vuelo flight")
# in capitals for stress: "my booking reference is URGENT"
_STRESSED = any_of("""
    PLEASE THANKS URGENT REFUND CANCEL NUMBER CODIGO FAILED ALWAYS DENIED ACTIVA PAGADA NINGUN SIGUEN EXISTE VALIDO
    SIEMPRE LONDON MADRID MEXICO BOGOTA LISBOA DUBLIN BILBAO MALAGA CANCUN IBERIA
""")
_LOCATOR = re.compile(
    rf"\b(?:{_NAMES}|(?P<perhaps>{_MAY_NAME}))(?P<mark>[\s:#,→(\"'«]{{1,4}}(?:{_BETWEEN}[\s:#\"'«]{{1,3}}){{0,3}})"
    rf"(?P<value>(?-i:(?!{_STRESSED}(?!\w))[A-Z]{{6}}))(?!\w|\s(?-i:[A-Z]{{3}}))",
    re.IGNORECASE,
)
_TELLS = re.compile(r"[:#→]|\b(?:es|is|was|era)\b", re.IGNORECASE)
_MOST_VOWELS = 1
# without one of these there is nothing to read
LOCATED = rf"\b(?:{_NAMES}|{_MAY_NAME})\b"


def locators(text: str) -> Iterator[Found]:
    """Six capitals that are said to be a booking's code; where they are merely behind the word, no word themselves."""
    for match in _LOCATOR.finditer(text):
        told = match["perhaps"] is None and _TELLS.search(match["mark"])
        if told or sum(match["value"].count(vowel) for vowel in "AEIOU") <= _MOST_VOWELS:
            yield Found("order", *match.span("value"))
