"""Phone numbers of people: the longest among groups of digits that a numbering plan gives to somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.personal.dialled.digit_groups import Groups
from nlp.personal.dialled.numbering import COUNTRY_FIRST, Line, abroad, at_home, could_be_dialled
from nlp.personal.found import Found

# groups of digits with little between them; a gap is read in one way alone, or brackets would cost an exponent
# Spain's old habit, "968/21 40 77": only where a word says that it is a phone
_SPANISH_SLASH = (
    r"(?<=(?<!\d)9\d)/(?=\d{7}(?!\d)|\d{3}[ .]\d\d[ .]\d\d(?!\d))"
    r"|(?<=(?<!\d)[6-9]\d\d)/(?=\d{6}(?!\d)|\d\d[ .]\d\d[ .]\d\d(?!\d)|\d{3}[ .]\d{3}(?!\d))"
)
_GAP = (
    r"(?>[ .\u00a0\u202f\u2011–()-]{1,3}+(?=[0-9])|[ .\u00a0\u202f\u2011–)-]{1,3}+\((?=[0-9])"
    rf"|{_SPANISH_SLASH})"
)
_RUN = re.compile(
    r"(?<![0-9A-Za-z_@#$€£+])(?<![0-9][.,/–-])\(?(?:(?:\+|00)[ ]?(?=[(0-9]))?\(?"
    rf"[0-9](?:[0-9]|{_GAP}){{5,60}}(?<=[0-9])(?![0-9A-Za-z_@]|[.,:/][0-9])"
)
_MOST_GROUPS = 11
# a run of more is a table or a joke, and would cost much
_MOST_PAIRS = 16
# what is left of an account number whose checksum does not hold
_AN_ACCOUNT = re.compile(r"(?<!\w)[A-Z]{2}\d\d(?:\s?[A-Z0-9]{4}){0,6}\s?$")
_WITHOUT_AREA = re.compile(
    r"\d{7,8}|\d{3,4}[ .-]\d{4}|\d{3}[ .-]\d\d[ .-]\d\d|\d{4}[ .-]\d{3}"
    # a mobile in Argentina
    r"|15[ .-]?(?:\d{3}[ .-]?\d{3,4}|\d{4}[ .-]?\d{4})"
)
_NAMED_ENOUGH = re.compile(r"\d{8}|15\d{8}")
# what is left of a card whose checksum does not hold
_A_CARD = re.compile(r"\d{4}([ .-])\d{4}\1\d{4}\1\d{1,4}")
_LINK = re.compile(r"\b(?:https?://|www\.)(?!wa\.me/|api\.whatsapp\.)\S+", re.IGNORECASE)
_TO_CALL = re.compile(r"(?:wa\.me/|phone=|tel:)$", re.IGNORECASE)


def phones(text: str, regions: tuple[str, ...]) -> Iterator[Found]:
    """Numbers of people, read as the given regions write them; free and shared-cost lines belong to firms."""
    # what follows a slash in a link is an address, not a number to call
    links = [link.span() for link in _LINK.finditer(text)] if "://" in text or "www." in text else []
    for run in _RUN.finditer(text):
        if not _A_CARD.fullmatch(run[0]) and not any(start <= run.start() < end for start, end in links):
            yield from _in_run(text, run, regions)


def _in_run(text: str, run: re.Match[str], regions: tuple[str, ...]) -> Iterator[Found]:
    """The longest numbers among the groups of digits: two side by side are two."""
    spans = tuple(digits.span() for digits in re.compile(r"\d+").finditer(text, *run.span()))
    if sum(end - start <= 2 for start, end in spans) > _MOST_PAIRS:
        return
    first = 0
    while first < len(spans):
        fits = (Groups(text, spans[first:last]) for last in range(min(len(spans), first + _MOST_GROUPS), first, -1))
        known = next(((groups, line) for groups in fits if (line := _whose(groups, regions)) is not Line.NOBODYS), None)
        if known is None:
            first += 1
            continue
        groups, line = known
        if line is Line.PERSONS:
            yield Found("phone", _with_its_signs(groups, run.start()), groups.end)
        first += len(groups.spans)


def _whose(groups: Groups, regions: tuple[str, ...]) -> Line:
    digits = groups.digits
    if not 7 <= len(digits) <= 15 or not (groups.plus or could_be_dialled(digits)):
        return Line.NOBODYS
    if groups.hangs or groups.another or _AN_ACCOUNT.search(groups.before):
        return Line.NOBODYS
    if groups.plus or digits.startswith("00"):
        return abroad(digits.removeprefix("00"))
    named = groups.named
    if _TO_CALL.search(groups.before) or (named and len(digits) > 10 and COUNTRY_FIRST.fullmatch(digits)):
        return abroad(digits)
    line = Line.NOBODYS
    if named or groups.grouped:
        line = at_home(digits, _without_britain(groups, regions))
    elif digits[0] in "679":
        # nine digits and no more than that: only where most customers are
        line = at_home(digits, regions[:1])
    if line is not Line.NOBODYS or not named or not _WITHOUT_AREA.fullmatch(groups.written):
        return line
    return Line.PERSONS if _NAMED_ENOUGH.fullmatch(digits) or groups.called_a_phone else Line.NOBODYS


def _without_britain(groups: Groups, regions: tuple[str, ...]) -> tuple[str, ...]:
    """Nobody writes Britain's 03 lines, which are firms', with brackets or a dash; (0341) 452-8810 is in Rosario."""
    signs = groups.digits.startswith("03") and re.search("[-)]", groups.written)
    return tuple(region for region in regions if region != "GB") if signs else regions


def _with_its_signs(groups: Groups, lowest: int) -> int:
    """Where it begins with its plus sign, and with its bracket where that closes inside."""
    text, start = groups.text, groups.start
    while start > lowest and text[start - 1] in "+( ":
        if text[start - 1] == "(" and ")" not in text[start : groups.end]:
            break
        if text[start - 1] == " " and (start - 1 == lowest or text[start - 2] not in "+("):
            break
        start -= 1
    return start
