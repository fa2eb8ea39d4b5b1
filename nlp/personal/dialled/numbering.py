"""Whose a phone number is: each country's form first, because it is quick, then phonenumbers, because it knows."""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType

# digits as people dial them inside the country (national numbering plans at the ITU, E.129)
_DIALLED = {
    region: re.compile(form)
    for region, form in {
        "ES": r"[6-9]\d{8}",
        "GB": r"0[1-9]\d{8,9}",
        "IE": r"0[1-9]\d{7,8}|1[58]\d{8}",
        "MX": r"(?:01|044|045)?[2-9]\d{9}",
        "AR": r"0?[1-9]\d{9}|0?(?:11|[23]\d{1,3})15\d{6,8}|15\d{8}",
        "CL": r"9\d{8}|[2-7]\d{8}",
        "CO": r"3\d{9}|60\d{8}|018000\d{5,6}",
        "PE": r"9\d{8}|0[1-8]\d{6,8}",
        "US": r"1?[2-9]\d{2}[2-9]\d{6}",
        "PT": r"[29]\d{8}",
        "UY": r"09\d{7}",
        "EC": r"09\d{8}|0[2-7]\d{7}",
        "AU": r"0[2-478]\d{8}",
        "NZ": r"02\d{7,9}|0[34679]\d{7}",
    }.items()
}
# Ofcom keeps these for fiction, so that phonenumbers takes them for nobody's
_FICTION = re.compile(r"07700900\d{3}|01632960\d{3}")
# what Mexico dialled before its numbers until 2019, and people still write
_MEXICO_ONCE = re.compile(r"(?:01|044|045)(?=[2-9]\d{9}$)")
_FROM_ABROAD = re.compile(r"00\d{7,13}")
# the code of the country without its plus sign
COUNTRY_FIRST = re.compile(r"(?:34|44|353|351|52|54|56|57|51|1|598|593)\d{8,11}")
_OF_FIRMS = {
    PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
}  # fmt: skip


class Line(Enum):
    """Whose a number is, if anybody's."""

    NOBODYS = auto()
    FIRMS = auto()
    PERSONS = auto()


@lru_cache(maxsize=4096)
def could_be_dialled(digits: str) -> bool:
    """Whether it is worth looking around: some country writes its numbers so, or it has the length of a local one."""
    forms = (_FROM_ABROAD, COUNTRY_FIRST, *_DIALLED.values())
    return len(digits) <= 8 or any(form.fullmatch(digits) for form in forms)


@lru_cache(maxsize=4096)
def abroad(digits: str) -> Line:
    """A number with the code of its country."""
    if digits.startswith("521") and len(digits) == 13:
        # Mexico no longer dials the 1 of mobiles, people still write it
        digits = digits.replace("521", "52", 1)
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return Line.NOBODYS
    return _line(number) if phonenumbers.is_possible_number(number) else Line.NOBODYS


@lru_cache(maxsize=4096)
def at_home(digits: str, regions: tuple[str, ...]) -> Line:
    """A number as it is dialled inside its country: the first region in which it is somebody's decides."""
    if _FICTION.fullmatch(digits):
        return Line.PERSONS
    for region in regions:
        if _DIALLED[region].fullmatch(digits):
            dialled = _MEXICO_ONCE.sub("", digits) if region == "MX" else digits
            number = phonenumbers.parse(dialled, region)
            if phonenumbers.is_valid_number(number):
                return _line(number)
    return Line.NOBODYS


def _line(number: phonenumbers.PhoneNumber) -> Line:
    return Line.FIRMS if phonenumbers.number_type(number) in _OF_FIRMS else Line.PERSONS
