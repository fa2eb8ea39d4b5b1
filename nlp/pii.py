"""Find personal data in a text; checksums decide wherever a number has one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import phonenumbers
from stdnum import iban, luhn
from stdnum.es import cif, dni, nie

from bot.domain.ports import PersonalDatum
from bot.domain.reading import Language

REDACTED = {
    "email": {"es": "[correo]", "en": "[email]"},
    "iban": {"es": "[iban]", "en": "[iban]"},
    "card": {"es": "[tarjeta]", "en": "[card]"},
    "dni": {"es": "[documento]", "en": "[id]"},
    "nie": {"es": "[documento]", "en": "[id]"},
    "cif": {"es": "[documento]", "en": "[id]"},
    "phone": {"es": "[teléfono]", "en": "[phone]"},
    "order": {"es": "[pedido]", "en": "[order]"},
}


@dataclass(frozen=True, slots=True)
class _Found:
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a datum looks like, and the checksum that decides. Group 1, where there is one, is the value itself."""

    kind: str
    pattern: re.Pattern[str]
    holds: Callable[[str], bool]


def _is_card(value: str) -> bool:
    digits = re.sub(r"\D", "", value)
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and luhn.is_valid(digits)


def _is_dni(value: str) -> bool:
    # stdnum reads spaces and dashes, people also write dots
    return bool(dni.is_valid(value.replace(".", "")))


def _has_digit(value: str) -> bool:
    return sum(character.isdigit() for character in value) >= 3


def _is_order(value: str) -> bool:
    return _has_digit(value) and not re.fullmatch(r"(?:19|20)\d\d", value)


_LINK = re.compile(r"\bhttps?://(?!wa\.me/|api\.whatsapp\.)\S+", re.IGNORECASE)
# in this order: an IBAN holds digit runs that would pass for cards and phones
_SHAPES = (
    _Shape("email", re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}(?![\w-])", re.IGNORECASE), bool),
    _Shape(
        "iban",
        re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b", re.IGNORECASE),
        iban.is_valid,
    ),
    _Shape("card", re.compile(r"(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])"), _is_card),
    _Shape("dni", re.compile(r"\b\d{2}[. ]?\d{3}[. ]?\d{3}[ -]?[A-Z]\b", re.IGNORECASE), _is_dni),
    _Shape("nie", re.compile(r"\b[XYZ][ -]?\d{7}[ -]?[A-Z]\b", re.IGNORECASE), nie.is_valid),
    _Shape("cif", re.compile(r"\b[ABCDEFGHJNPQRSUVW][ -]?\d{7}[ -]?[0-9A-J]\b", re.IGNORECASE), cif.is_valid),
    _Shape(
        "order",
        re.compile(
            r"\b(?:pedido|orden de compra|comanda|encomenda|(?<!\bin )order(?: (?:number|no|id))?|n[º°]? de pedido)\b"
            r"(?:\s+(?:n[úu]mero|n[º°.]|es(?: el)?|is|number|no\.?))*\s*[:#]?\s*((?:[A-Z]{1,5}-?)?\d[\dA-Z-]{3,})",
            re.IGNORECASE,
        ),
        _is_order,
    ),
    # "… no existe ningún pedido. Pues existe, es el ZP-218877"
    _Shape(
        "order",
        re.compile(r"\b(?i:pedido|compra|encomenda|comanda|order)s?\b[^\n]{0,80}?\b([A-Z]{2,4}-\d{5,10})\b"),
        _is_order,
    ),
    # written like a phone, though no operator gave the number out (07700 900123)
    _Shape("phone", re.compile(r"(?<![\w+])(?:\+\d{1,3}(?:[ -]?\d){8,12}|0\d{4} ?\d{6})(?!\w)"), _has_digit),
)


class Recogniser:
    """The PersonalData port: numbers are read as the given regions write them (ISO 3166, likeliest first)."""

    def __init__(self, regions: tuple[str, ...] = ("ES", "GB", "MX", "AR", "IE", "PT")) -> None:
        self._regions = regions

    def find(self, text: str) -> list[PersonalDatum]:
        """In order of appearance; `value` is the exact substring, formatting included."""
        return [PersonalDatum(type=f.kind, value=text[f.start : f.end]) for f in self._spans(text)]

    def redact(self, text: str, language: Language) -> str:
        """The text with every datum replaced by what it was: [correo], [phone] …"""
        spoken = "es" if language in {Language.ES, Language.CA, Language.PT} else "en"
        for found in reversed(self._spans(text)):
            text = text[: found.start] + REDACTED[found.kind][spoken] + text[found.end :]
        return text

    def _spans(self, text: str) -> list[_Found]:
        taken: list[_Found] = []
        for found in _shaped(text):
            _take(found, taken)
        # the matcher takes digits side by side for one number, so what is known is covered first
        rest = text
        for found in taken:
            rest = rest[: found.start] + "\n" * (found.end - found.start) + rest[found.end :]
        for found in self._phones(rest):
            _take(found, taken)
        return sorted(taken, key=lambda found: found.start)

    def _phones(self, text: str) -> Iterator[_Found]:
        if not _has_digit(text):
            return
        # what follows a slash in a link is an address, not a number to call
        links = list(_LINK.finditer(text))
        for region in self._regions:
            for match in phonenumbers.PhoneNumberMatcher(text, region, leniency=phonenumbers.Leniency.VALID):
                if not any(link.start() <= match.start < link.end() for link in links):
                    opened = match.raw_string.startswith("(") and ")" not in match.raw_string
                    yield _Found("phone", match.start + opened, match.end)


def _take(found: _Found, taken: list[_Found]) -> None:
    if all(found.end <= other.start or found.start >= other.end for other in taken):
        taken.append(found)


def _shaped(text: str) -> Iterator[_Found]:
    for shape in _SHAPES:
        group, position = shape.pattern.groups, 0
        while match := shape.pattern.search(text, position):
            # what was taken along, or does not hold, may be the beginning of the next one
            position = match.start() + 1
            if value := _longest(match[group], shape.holds):
                position = match.start(group) + len(value)
                yield _Found(shape.kind, match.start(group), position)


def _longest(value: str, holds: Callable[[str], bool]) -> str:
    """The value, less words or numbers behind it that the shape took along (a card's code, a word after an IBAN)."""
    while value and not holds(value):
        value = value[: value.rfind(" ")] if " " in value else ""
    return value
