"""Codes of parcels, policies, claims, tickets and bookings: a word says what they are, and how sure it is of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from nlp.personal.found import Found
from nlp.personal.ordered.code_words import (
    BETWEEN,
    CARRIERS,
    MAY_NAME_A_CODE,
    NAMES_A_BOOKING,
    NAMES_A_CODE,
    REFERENCE,
    SAID,
)
from nlp.personal.ordered.order_words import IS, NO_AMOUNT, SIGN

# in one piece, or in groups as carriers and airlines print them
_GROUPS = r"\d{4}(?: \d{4}){1,5}(?: \d{1,4})?|\d{3}(?: \d{3}){3,6}(?: \d{1,3})?|\d{3} \d{10}|\d{3,4}(?:\.\d{3,4}){1,3}"
_ONE_PIECE = (
    r"(?-i:(?<!\bde )(?<!\bdel )(?<!\bcon )(?<!\bpor )(?<!\bfrom )(?<!\bwith )(?!NI[EF]\b|DNI|CIF|IBAN)[A-Z]{1,4}\s)?"
    r"(?=[A-Z_/-]*\d)[A-Z0-9]+(?:(?:[-_/]|\.(?=\d{3}))[A-Z0-9]+)*"
)
_CODE = rf"(?<![A-Z0-9@.])(?P<value>{_GROUPS}|{_ONE_PIECE}){NO_AMOUNT}"
_OF_A_FIRM = r"(?:del?|con|por|from|with|by|on|via)\s+(?-i:[A-Z])[^\W\d]{1,12}"
_BREAK = r"(?:[\s:#(=\"'«,→]|[-–]\s){0,4}+"
# nothing of it is tried in a second way, so that long texts take no longer than they are long
_LEADS = (
    rf"(?P<mark>(?:{_BREAK}(?:(?:{_OF_A_FIRM}|{BETWEEN}|{CARRIERS}|{SAID})(?![\w/-])|{SIGN}(?:(?<=[\Wº°])|(?!\w)))){{0,6}}+"
    rf"{_BREAK})"
)
_ANY_WORDS = r"(?P<mark>(?:[\s,:]{1,2}[^\W\d]{1,12}){1,5}[\s,:#]{1,2})"
_CUE = re.compile(
    rf"(?<!\w)(?:(?P<code>{NAMES_A_CODE})|(?P<booking>{NAMES_A_BOOKING})"
    rf"|(?P<perhaps>{MAY_NAME_A_CODE}|{CARRIERS})|(?P<reference>{REFERENCE}))(?!\w)",
    re.IGNORECASE,
)
_BEHIND = re.compile(rf"{_LEADS}{_CODE}", re.IGNORECASE)
_FURTHER_BEHIND = re.compile(rf"{_ANY_WORDS}{_CODE}", re.IGNORECASE)
_BEFORE = re.compile(
    rf"(?<![\w.,/#$€£@-])(?P<value>{_ONE_PIECE})\W{{1,2}}(?:{IS}\s+)?(?:mi|my|el|la|the|our|nuestr[oa])\s+"
    r"(?:(?:n[úu]mero|n[º°.]+|c[óo]digo|clave)\s+de\s+)?$",
    re.IGNORECASE,
)
_FAR = 60
_NO_PHONE = 12  # digits, at least
_AND = re.compile(
    rf"(?:\s*,\s*|\s+(?:y|e|i|and|&)\s+)(?:(?:el|la|the)\s+)?#?(?P<value>{_ONE_PIECE}){NO_AMOUNT}", re.IGNORECASE
)
_OF_ANOTHER = re.compile(
    r"\b(?:cas[eo]s?|incidencia|factura|invoice|expediente|contrato|cliente|customer|account|cuenta|tel[ée]fono|phone"
    r"|vuelo|flight|asiento|seat|fila|row|serie|serial|modelo|model|lote|batch|versi[óo]n|version|error)\W{0,3}$",
    re.IGNORECASE,
)
_A_DATE = re.compile(
    r"(?:\d{1,2}[-/]){1,2}(?:\d\d){1,2}|(?:19|20)\d\d(?:[-/]\d{1,2}){0,2}|(?:19|20)\d\d\W(?:19|20)\d\d"
)
_AN_AMOUNT = re.compile(r"\d{1,3}(?:\.\d{3})+")
_SIGNED = re.compile(rf"{SIGN}$", re.IGNORECASE)
_CASE_KEY = re.compile(r"[A-Z]{2,5}-\d{1,6}")
_AN_AIRLINES = re.compile(r"\d{3}[- ]?\d{10}")
_A_FLIGHT = re.compile(r"(?:[A-Z]{2}|[A-Z]\d|\d[A-Z])\d{3,4}")
_LONGER_LOCATOR = re.compile(r"(?=.*\d)(?=.*[A-Z].*[A-Z])[A-Z0-9]{7,8}")
# an airline's, or Airbnb's
_LOCATOR = re.compile(r"(?=.*\d)(?=.*[A-Z].*[A-Z])[A-Z0-9]{6}|HM(?=.*\d)[A-Z0-9]{8}")


def codes(text: str) -> Iterator[Found]:
    """Each code that a word leads to; after a word that may mean something else, only what cannot be a model's."""
    for cue in _CUE.finditer(text):
        for match, holds in _candidates(text, cue):
            before = text[max(0, match.start("value") - 20) : match.start("value")].rstrip("#: ")
            amount = _AN_AMOUNT.fullmatch(match["value"]) and not _SIGNED.search(before)
            if holds(match["value"]) and not amount and not _OF_ANOTHER.search(before):
                yield Found("order", *match.span("value"))
                yield from _others(text, match)


def _candidates(text: str, cue: re.Match[str]) -> Iterator[tuple[re.Match[str], Callable[[str], bool]]]:
    """What stands where a code would, and what it must look like there."""
    behind = _BEHIND.match(text, cue.end())
    if behind:
        yield behind, _HOLDS[cue.lastgroup or ""]
    if cue.lastgroup not in {"code", "booking"}:
        return
    further = _FURTHER_BEHIND.match(text, cue.end())
    if further:
        yield further, _is_no_phone_but_a_code
    before = _BEFORE.search(text, max(0, cue.start() - _FAR), cue.start())
    if before:
        yield before, _is_code


def _others(text: str, first: re.Match[str]) -> Iterator[Found]:
    """The codes that a list joins to the first and that are as long."""
    last: re.Match[str] | None = first
    while last and (last := _AND.match(text, last.end("value"))):
        if len(last["value"]) != len(first["value"]) or not _is_code(last["value"]):
            return
        yield Found("order", *last.span("value"))


def _is_code(value: str) -> bool:
    """Five digits or more, with letters three in six signs, or the six capitals and digits of a booking."""
    if _A_DATE.fullmatch(value.rsplit(maxsplit=1)[-1]):
        return False
    digits, letters = _counted(value)
    return digits >= 5 or (digits >= 3 and letters + digits >= 6) or _LOCATOR.fullmatch(value) is not None


def _is_code_or_locator(value: str) -> bool:
    """A booking's code has as many signs as its system likes."""
    return _is_code(value) or _LONGER_LOCATOR.fullmatch(value) is not None


def _is_surely_code(value: str) -> bool:
    """Long, or in several parts; `ABC-1234` may be the key of the case."""
    if _A_DATE.fullmatch(value.rsplit(maxsplit=1)[-1]) or _CASE_KEY.fullmatch(value):
        return False
    digits, letters = _counted(value)
    parts = len(re.findall(r"[A-Za-z0-9]+", value))
    if not letters:
        return digits >= 9 or bool(_AN_AIRLINES.fullmatch(value)) or (parts > 1 and digits >= 8)
    long = digits >= 6 and digits > letters and letters + digits >= 8
    return long or (parts > 2 and digits >= 4 and letters + digits >= 7)


def _is_locator_or_surely_code(value: str) -> bool:
    locator = _LOCATOR.fullmatch(value) and not _A_FLIGHT.fullmatch(value)
    return bool(locator) or _is_surely_code(value)


def _is_no_articles_number(value: str) -> bool:
    """Shops refer to their goods in digits: `4417/022/800`."""
    return not re.fullmatch(r"[\d\W]+", value) and _is_locator_or_surely_code(value)


def _is_no_phone_but_a_code(value: str) -> bool:
    """Further on it may be the number to call."""
    digits, letters = _counted(value)
    return (letters > 0 or digits >= _NO_PHONE) and _is_locator_or_surely_code(value)


def _counted(value: str) -> tuple[int, int]:
    """How many digits and how many letters."""
    return sum(map(str.isdigit, value)), sum(map(str.isalpha, value))


_HOLDS: dict[str, Callable[[str], bool]] = {
    "code": _is_code_or_locator,
    "booking": _is_locator_or_surely_code,
    "perhaps": _is_surely_code,
    "reference": _is_no_articles_number,
}
