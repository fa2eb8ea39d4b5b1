"""Order and booking numbers: any shape, because a word says what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.personal.found import Found
from nlp.personal.ordered.order_words import GAP, IS, NO_AMOUNT, SIGN, VALUE

_AN_ORDER = (
    r"(?:pedidos?|(?<!\ben )(?<!\bese )(?<!\beste )(?<!\bmismo )[óo]rden(?:es)?(?:\s+de\s+compra)?|comanda|encomenda"
    r"|(?<!\bin )(?<!\bcourt )(?:purchase\s+)?orders?"
    r"|po(?=[\s:#]+(?:no\.?\s*)?[A-Z]{0,3}-?\d{4})|localizador|(?:c[óo]digo|n[úu]mero)\s+de\s+reserva"
    r"|(?:booking|reservation|confirmation)(?=\W+(?:ref|n[uor]|code|id|#))"
    r"|(?:compra|reserva)(?=\W+(?:n[º°o.]|n[úu]m|nro|#|c[óo]d)))"
)
_OF_ORDER = r"(?:(?:n[úu]mero|n[º°.]+|c[óo]digo)\s+de\s+)?(?:pedido|orden|order)\b"
# by an example of each; the mark is what says that a number comes
_PATTERNS = {
    example: re.compile(pattern, re.IGNORECASE)
    for example, pattern in {
        "mi pedido es el ZP-204871": (
            rf"\b{_AN_ORDER}(?P<mark>(?:{GAP}(?:\b{IS}\b|{SIGN})){{0,4}}{GAP})(?<![A-Z0-9]){VALUE}{NO_AMOUNT}"
        ),
        # a booking's code says itself what it is
        "reserva H7K29Q": (
            rf"\b(?:reserva|reservation|booking)(?P<mark>(?:{GAP}(?:\b{IS}\b|{SIGN})){{0,3}}{GAP})(?<![A-Z0-9])"
            rf"(?=(?-i:[A-Z]{{1,3}}[/-]?\d)|\d{{7,}}|(?-i:\d?[A-Z0-9]{{5,7}}\b)){VALUE}{NO_AMOUNT}"
        ),
        "mi pedido del 14/03, el 4471798949": (
            r"\b(?:pedido|order|compra)(?:\s+(?:del?|from|of)\s[^,.\n]{1,20})?,"
            rf"(?P<mark>\s+(?:el|the)\s+){VALUE}{NO_AMOUNT}"
        ),
        "hice un pedido el lunes, número 998877": (
            r"\b(?:pedido|compra|[óo]rden|order)\b[^\n.!?]{0,60}?"
            rf"(?P<mark>\b{SIGN}(?:\s+{IS})?{GAP}){VALUE}{NO_AMOUNT}"
        ),
        "no existe ningún pedido. Pues existe, es el ZP-218877": (
            r"\b(?:pedido|compra|encomenda|comanda|order)s?\b[^\n]{0,80}?"
            r"(?P<mark>\b)(?P<value>(?-i:[A-Z]{2,4})-\d{5,10})\b(?!-)"
        ),
        "998877 es mi número de pedido": (
            rf"(?<![\w.,/#$€£-])(?P<mark>\b){VALUE}\W{{1,2}}(?:{IS}\s+)?(?:mi|my|el|the|our|nuestro)\s+{_OF_ORDER}"
        ),
    }.items()
}
# what joins a second number to the first, and the second: "pedidos 551203 y 551204"
_AND = re.compile(rf"(?:\s*,\s*|\s+(?:y|e|i|and|&)\s+)(?:(?:el|the)\s+)?#?{VALUE}{NO_AMOUNT}", re.IGNORECASE)
_NOT_ITS = re.compile(r"\b(?:cas[eo]|ticket|incidencia|factura|invoice|tel[ée]fono|phone)\W{0,3}$", re.IGNORECASE)
_A_DATE = re.compile(r"(?:\d{1,2}[-/]){2}(?:\d\d){1,2}|(?:19|20)\d\d(?:[-/]\d{1,2}){0,2}|\d{1,2}/\d{2}")


def orders(text: str) -> Iterator[Found]:
    """Each number that is said to be an order's or a booking's; dates, years and amounts are none."""
    for pattern in _PATTERNS.values():
        for match in pattern.finditer(text):
            before = text[max(0, match.start("mark") - 15) : match.start("value")].rstrip("#: ")
            marked = bool(match["mark"].strip(" :("))
            if _is_number(match["value"], marked=marked) and not _NOT_ITS.search(before):
                yield Found("order", *match.span("value"))
                yield from _others(text, match)


def _others(text: str, first: re.Match[str]) -> Iterator[Found]:
    """The numbers that a list joins to the first and that look like it."""
    last: re.Match[str] | None = first
    while last and (last := _AND.match(text, last.end("value"))):
        alike = len(last["value"]) == len(first["value"]) and last["value"].isdigit() == first["value"].isdigit()
        if not alike or not _is_number(last["value"], marked=False):
            return
        yield Found("order", *last.span("value"))


def _is_number(value: str, *, marked: bool) -> bool:
    """Three digits or more, four where nothing but the word leads to them; six capitals and digits are a booking."""
    digits = sum(character.isdigit() for character in value)
    bare = digits == len(value)
    enough = digits >= (3 if marked or not bare else 4) or (digits >= 1 and len(value) == 6 and value.isupper())
    is_date = _A_DATE.fullmatch(value) is not None and not (marked and bare and len(value) != 4)
    return enough and not is_date
