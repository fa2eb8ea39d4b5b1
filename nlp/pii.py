"""Find personal data in a text, and take it out; `nlp.personal` tells what each kind looks like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.domain.ports.reader import PersonalDatum
from bot.domain.reading import Language
from nlp.personal.brand import is_the_brands
from nlp.personal.checked import checked
from nlp.personal.dialled.phones import phones
from nlp.personal.emails import WORDED, emails
from nlp.personal.found import Found
from nlp.personal.ordered.codes import codes
from nlp.personal.ordered.locators import LOCATED, locators
from nlp.personal.ordered.orders import orders
from nlp.personal.ordered.parcels import parcels
from nlp.personal.places.addresses import addresses
from nlp.personal.plates import plates

REDACTED = {
    "email": {"es": "[correo]", "en": "[email]"},
    "iban": {"es": "[iban]", "en": "[iban]"},
    "card": {"es": "[tarjeta]", "en": "[card]"},
    "dni": {"es": "[documento]", "en": "[id]"},
    "nie": {"es": "[documento]", "en": "[id]"},
    "cif": {"es": "[documento]", "en": "[id]"},
    "phone": {"es": "[teléfono]", "en": "[phone]"},
    "order": {"es": "[pedido]", "en": "[order]"},
    "plate": {"es": "[matrícula]", "en": "[plate]"},
    "address": {"es": "[dirección]", "en": "[address]"},
}
_ANY = re.compile(rf"[0-9@]|\bs/n\b|{WORDED}|{LOCATED}", re.IGNORECASE)
# in this order: what nothing else looks like, what a word surely names, what a checksum proves, plates, what a word
# may name, and addresses
_FINDERS: tuple[Callable[[str], Iterator[Found]], ...] = (
    emails, parcels, orders, checked, plates, codes, locators, addresses,
)  # fmt: skip


class Recogniser:
    """The PersonalData port: numbers are read as the given regions write them (ISO 3166, likeliest first)."""

    def __init__(
        self,
        regions: tuple[str, ...] = ("ES", "GB", "IE", "CO", "MX", "AR", "CL", "PE", "US", "PT", "UY", "EC", "AU", "NZ"),
    ) -> None:
        self._regions = regions

    def find(self, text: str) -> list[PersonalDatum]:
        """In order of appearance; `value` is the exact substring, formatting included."""
        return [PersonalDatum(type=f.kind, value=text[f.start : f.end]) for f in self._found(text)]

    def redact(self, text: str, language: Language) -> str:
        """The text with every datum replaced by what it was: [correo], [phone] …"""
        spoken = "es" if language in {Language.ES, Language.CA, Language.PT} else "en"
        kept, position = [], 0
        for found in self._found(text):
            kept += [text[position : found.start], REDACTED[found.kind][spoken]]
            position = found.end
        return "".join([*kept, text[position:]])

    def _found(self, text: str) -> list[Found]:
        if not _ANY.search(text):
            return []
        taken = bytearray(len(text))
        found: list[Found] = []
        for finder in _FINDERS:
            found += _untaken(finder(text), taken)
        # numbers side by side would be taken for one, so what is known is covered first
        rest = "".join("\n" if covered else sign for sign, covered in zip(text, taken, strict=True))
        found += _untaken(phones(rest, self._regions), taken)
        return sorted((each for each in found if not is_the_brands(text, each)), key=lambda each: each.start)


def _untaken(found: Iterator[Found], taken: bytearray) -> Iterator[Found]:
    for each in found:
        if not any(taken[each.start : each.end]):
            taken[each.start : each.end] = b"\1" * (each.end - each.start)
            yield each
