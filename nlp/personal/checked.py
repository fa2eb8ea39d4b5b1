"""Documents, accounts and cards: numbers whose checksum decides."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from stdnum import iban, luhn, numdb
from stdnum.es import cif, dni, nie

from nlp.personal.found import Found

# in capitals also right after a word: "ibanES91 2100 …"
_IBAN = re.compile(
    r"(?:(?<![^\W_])|(?-i:(?<=[a-zà-ü:])(?=[A-Z])))([A-Z]{2})(?=[ -]?\d\d(?:[ .-]?[A-Z0-9]){11})", re.IGNORECASE
)
# ISO 13616 registry: how an account number is written in each country
_REGISTRY = numdb.get("iban")
# ISO/IEC 7812 and the networks' own tables: first digits, and how many there are in all
_CARD_NUMBERS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}"
    r"|35\d{14}|6(?:011|4[4-9]\d|5\d\d)\d{12}|(?:50|5[6-9]|6[0-9])\d{10,17}"
)
# so long are also barcodes and orders
_SHORTEST_CARD = 12
_NAMED_CARD = re.compile(r"\b(?:tarjeta|card|maestro|d[ée]bito|debit)\b", re.IGNORECASE)
_SPANISH_LETTER = r"(?:[ .\u00a0-]|\s-\s)?[A-Z](?!\w)"
_SOLE_LETTER = re.compile(r" [a-z]$")
_NAMED_DOCUMENT = re.compile(r"\b(?:d\.?n\.?i|n\.?i\.?f|documento|identidad|id)\b[^\n]{0,25}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a number is written, and whether it holds, given the digits and letters alone and the text before it."""

    kind: str
    pattern: re.Pattern[str]
    holds: Callable[[str, str], bool]


def _is_card(compact: str, before: str) -> bool:
    if len(compact) == _SHORTEST_CARD and not _NAMED_CARD.search(before):
        return False
    return len(set(compact)) > 1 and bool(_CARD_NUMBERS.fullmatch(compact)) and bool(luhn.is_valid(compact))


def _is_dni(compact: str, before: str) -> bool:
    if len(compact) < 9 and not _NAMED_DOCUMENT.search(before):
        return False
    return bool(dni.is_valid(compact.zfill(9)))


_SHAPES = (
    # more than sixteen digits first: of sixteen, a code may follow in a group of its own
    _Shape(
        "card",
        re.compile(r"(?<![\w.-])(?:5[06-9]|6\d)\d\d([ .\u00a0-])\d{4}(?:\1\d{4}){2}\1\d{1,3}(?!\w|-\d)"),
        _is_card,
    ),
    _Shape(
        "card",
        re.compile(
            r"(?<![\w.-])(?:\d{12,19}|\d{4}( {1,2}|[.\u00a0/_-])\d{4}\1\d{4}\1\d{4}"
            r"|\d{4}[ \u00a0-]\d{6}[ \u00a0-]\d{4,5})(?!\w|-\d)"
        ),
        _is_card,
    ),
    _Shape(
        "card",
        re.compile(
            r"(?<![\w.-])(?<!\d[ .-])(?:\d{4}([ .-])\d{4}\1\d{4}(?:\1\d{1,3})?|\d{6}[ -]\d{6,13})(?!\w|[ .-]\d)"
        ),
        _is_card,
    ),
    # the letter is the number modulo 23 (Real Decreto 1553/2005; for the NIE, X Y Z are 0 1 2: Orden INT/2058/2008)
    _Shape(
        "dni", re.compile(rf"(?<![\w.,-])\d{{1,2}}[. ]?\d{{3}}[. ]?\d{{3}}{_SPANISH_LETTER}", re.IGNORECASE), _is_dni
    ),
    _Shape(
        "nie",
        re.compile(rf"(?<!\w)[XYZ][ .-]?\d[. ]?\d{{3}}[. ]?\d{{3}}{_SPANISH_LETTER}", re.IGNORECASE),
        lambda compact, _: bool(nie.is_valid(compact)),
    ),
    # Orden EHA/451/2008: what kind of body, province, serial number and a digit or letter that checks them
    _Shape(
        "cif",
        re.compile(
            r"(?<!\w)(?-i:ES-?)?[ABCDEFGHJNPQRSUVW][ .-]?\d\d[. ]?\d{3}[. ]?\d{2}[ -]?[0-9A-J](?!\w)", re.IGNORECASE
        ),
        lambda compact, _: bool(cif.is_valid(compact.removeprefix("ES"))),
    ),
)


def checked(text: str) -> Iterator[Found]:
    """Every number that looks like one and whose checksum holds."""
    yield from _ibans(text)
    for shape in _SHAPES:
        position = 0
        while match := shape.pattern.search(text, position):
            # what does not hold may hide the beginning of the next one: "1234 4111 1111 1111 1111"
            position = match.end() if _holds(shape, match, text) else match.start() + 1
            if position == match.end():
                yield Found(shape.kind, *match.span())


def _holds(shape: _Shape, match: re.Match[str], text: str) -> bool:
    before = text[max(0, match.start() - 40) : match.start()]
    if _SOLE_LETTER.search(match[0]) and not _NAMED_DOCUMENT.search(before):
        # "tengo 12345678 y no llegan": a word, not the letter of a document
        return False
    return shape.holds(re.sub(r"[^0-9A-Z]", "", match[0].upper()), before)


def _ibans(text: str) -> Iterator[Found]:
    for match in _IBAN.finditer(text):
        length = _length_of_iban(match[1].upper())
        end = _end_after(text, match.start(), length) if length else None
        # of the countries' own check digits only Spain's are asked for: elsewhere some banks have none
        own_digits = match[1].upper() == "ES"
        if end and iban.is_valid(text[match.start() : end].replace("\u00a0", ""), check_country=own_digits):
            yield Found("iban", match.start(), end)


@lru_cache(maxsize=1024)
def _length_of_iban(country: str) -> int | None:
    """Country and check digits included; nothing where there are no such accounts."""
    parts = _REGISTRY.info(country)[0][1].get("bban", "")
    return 4 + sum(map(int, re.findall(r"(\d+)!", parts))) if parts else None


def _end_after(text: str, start: int, length: int) -> int | None:
    """Where that many letters and digits end, single separators not counted; nothing where a word goes on."""
    counted, at = 0, start
    while counted < length:
        if at < len(text) and text[at].isascii() and text[at].isalnum():
            counted += 1
        elif at >= len(text) or text[at] not in " .-\u00a0" or text[at - 1] in " .-\u00a0":
            return None
        at += 1
    return None if text[at : at + 1].isalnum() else at
