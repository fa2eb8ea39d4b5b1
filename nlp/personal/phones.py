"""Phone numbers: each country's form first, because it is quick, then phonenumbers, because it knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType

from nlp.alternatives import any_of
from nlp.personal.found import Found

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
    }.items()
}
# Ofcom keeps these for fiction, so that phonenumbers takes them for nobody's
_FICTION = re.compile(r"07700900\d{3}|01632960\d{3}")
_FROM_ABROAD = re.compile(r"00\d{7,13}")
# the code of the country without its plus sign
_COUNTRY_FIRST = re.compile(r"(?:34|44|353|351|52|54|56|57|51|1|598|593)\d{8,11}")
_WITHOUT_AREA = re.compile(r"\d{7,8}|\d{3,4}[ .-]\d{4}|\d{3}[ .-]\d\d[ .-]\d\d|\d{4}[ .-]\d{3}")
_OF_FIRMS = {
    PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
}  # fmt: skip

# groups of digits with little between them; a gap is read in one way alone, or brackets would cost an exponent
_GAP = r"(?>[ .\u00a0–()-]{1,3}+(?=[0-9])|[ .\u00a0–)-]{1,3}+\((?=[0-9]))"
_RUN = re.compile(
    r"(?<![0-9A-Za-z_@#$€£+])(?<![0-9][.,/–-])\(?(?:(?:\+|00)[ ]?(?=[(0-9]))?\(?"
    rf"[0-9](?:[0-9]|{_GAP}){{5,60}}(?<=[0-9])(?![0-9A-Za-z_@]|[.,:/][0-9])"
)
_MOST_GROUPS = 11
_SPELT = 9  # digits that are written one by one
# a run of more is a table or a joke, and would cost much
_MOST_PAIRS = 16
_A_DATE = re.compile(
    r"(?:\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)\d\d|(?:19|20)\d\d[-/. ]\d{1,2}[-/. ]\d{1,2})(?:[ .-]+\d{1,2})*"
    r"|(?:19|20)\d\d\W{1,3}(?:19|20)\d\d"
)
_THOUSANDS = re.compile(r"\d{1,2}(?:\.\d{3})+|\d{3}\.\d{3}(?:(?:\.\d{3}){2,})?")
# what is left of an account number whose checksum does not hold
_AN_ACCOUNT = re.compile(r"(?<!\w)[A-Z]{2}\d\d(?:\s?[A-Z0-9]{4}){0,6}\s?$")
_LINK = re.compile(r"\b(?:https?://|www\.)(?!wa\.me/|api\.whatsapp\.)\S+", re.IGNORECASE)
_TO_CALL = re.compile(r"(?:wa\.me/|phone=|tel:)$", re.IGNORECASE)

_A_PHONE = r"(?:tel[ée]?f?(?:ono)?s?|tlf\w*|tfno?s?|tf|m[óo]vil(?:es)?|mob(?:ile)?|phones?|landline|fono|fijo)"
_A_MOBILE = r"(?:cel(?:u(?:lar)?)?(?:es)?|cell|whats\s?app|wh?ats|wsp|wasap|guasap|wpp)"
_TO_PHONE = r"(?:ll[áa]m\w*|m[áa]r[cq]\w*|contact\w*|sms|n[úu]mero|call\w*|ring|text|number|reach|l[íi]nea|line|n[º°])"
_PHONE_BEFORE = re.compile(rf"(?:\b(?:{_A_PHONE}|{_A_MOBILE}|{_TO_PHONE})\b|📞|📱|☎️?)[^\n]{{0,30}}$", re.IGNORECASE)
_SAYS_PHONE = re.compile(rf"\b(?:{_A_PHONE}|{_A_MOBILE})\b\W{{0,3}}(?:(?:es|is|el)\W){{0,2}}$", re.IGNORECASE)
_PHONE_AFTER = re.compile(
    rf"\W{{0,3}}(?:es|is)\s+(?:mi|my|el|the)\s+(?:{_A_PHONE}|{_A_MOBILE}|n[úu]mero|number|contact)", re.IGNORECASE
)
_ANOTHER = any_of("""
    pedido orden order ref referencia reference factura invoice tracking seguimiento guía envío cliente clientes
    customer contrato contract expediente ticket caso case sku isbn ean imei serie serial cuenta account póliza
    policy código code cuit cuil rut rfc curp ruc clabe cédula nif nie n.i.e cif dni d.n.i reserva booking vuelo
    flight iban tarjeta card id nss socio member membership versión version isin lote batch lat lon long ip
""")
_ANOTHER_NUMBER = re.compile(
    rf"\b{_ANOTHER}\b[^\n\w]{{0,4}}(?:(?:n[º°o.]*|n[úu]m(?:ero)?|number|no|de|es|is)\b[^\n\w]{{0,3}}){{0,3}}$",
    re.IGNORECASE,
)
_UNITS = any_of("""
    euro euros eur usd mxn cop clp ars pesos soles pound pounds dollar dollars puntos points km unidades units
    razones reasons veces times personas people followers seguidores visitas views millones ml kg mb gb
""")
_UNIT_AFTER = re.compile(rf"\s?(?:[€%$£]|{_UNITS}\b)", re.IGNORECASE)


class _Line(Enum):
    """Whose a number is, if anybody's."""

    NOBODYS = auto()
    FIRMS = auto()
    PERSONS = auto()


@dataclass(frozen=True, slots=True)
class _Groups:
    """Some groups of digits of a run, and the words around them."""

    text: str
    spans: tuple[tuple[int, int], ...]

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[-1][1]

    @property
    def written(self) -> str:
        return self.text[self.start : self.end]

    @property
    def digits(self) -> str:
        return "".join(self.text[start:end] for start, end in self.spans)

    @property
    def before(self) -> str:
        return self.text[max(0, self.start - 45) : self.start]

    @property
    def after(self) -> str:
        return self.text[self.end : self.end + 30]

    @property
    def plus(self) -> bool:
        return self.text[max(0, self.start - 3) : self.start].rstrip(" (").endswith("+")

    @property
    def hangs(self) -> bool:
        """A dash or a point joins it to more digits: 978-3-16-148410-0."""
        left = re.search(r"\d[.–-]$", self.before) is not None
        return left or re.match(r"[.–-]\d", self.after) is not None

    @property
    def grouped(self) -> bool:
        """Written as phones are: 612 34 56 78, (212) 555-0143, 6 1 2 3 4 5 6 7 8; not as versions are: 22631.3007."""
        sizes = [end - start for start, end in self.spans]
        build = len(sizes) == 2 and "." in self.written
        spelt = len(sizes) >= _SPELT and set(sizes) == {1}
        return spelt or (len(sizes) > 1 and sizes.count(1) < 3 and sizes[-1] > 1 and not build)

    @property
    def another(self) -> bool:
        """A date, an amount, or what a word says is a number of another kind."""
        shape = _A_DATE.fullmatch(self.written) or (not self.plus and _THOUSANDS.fullmatch(self.written))
        return bool(shape or _UNIT_AFTER.match(self.after) or _ANOTHER_NUMBER.search(self.before.rstrip(" (+")))

    @property
    def named(self) -> bool:
        return bool(_PHONE_BEFORE.search(self.before.rstrip(" (+")) or _PHONE_AFTER.match(self.after))


def phones(text: str, regions: tuple[str, ...]) -> Iterator[Found]:
    """Numbers of people, read as the given regions write them; free and shared-cost lines belong to firms."""
    # what follows a slash in a link is an address, not a number to call
    links = [link.span() for link in _LINK.finditer(text)] if "://" in text or "www." in text else []
    for run in _RUN.finditer(text):
        if not any(start <= run.start() < end for start, end in links):
            yield from _in_run(text, run, regions)


def _in_run(text: str, run: re.Match[str], regions: tuple[str, ...]) -> Iterator[Found]:
    """The longest numbers among the groups of digits: two side by side are two."""
    spans = tuple(digits.span() for digits in re.compile(r"\d+").finditer(text, *run.span()))
    if sum(end - start <= 2 for start, end in spans) > _MOST_PAIRS:
        return
    first = 0
    while first < len(spans):
        fits = (_Groups(text, spans[first:last]) for last in range(min(len(spans), first + _MOST_GROUPS), first, -1))
        known = next(
            ((groups, line) for groups in fits if (line := _whose(groups, regions)) is not _Line.NOBODYS), None
        )
        if known is None:
            first += 1
            continue
        groups, line = known
        if line is _Line.PERSONS:
            yield Found("phone", _with_its_signs(groups, run.start()), groups.end)
        first += len(groups.spans)


def _whose(groups: _Groups, regions: tuple[str, ...]) -> _Line:
    digits = groups.digits
    if not 7 <= len(digits) <= 15 or not (groups.plus or _could_be_dialled(digits)):
        return _Line.NOBODYS
    if groups.hangs or groups.another or _AN_ACCOUNT.search(groups.before):
        return _Line.NOBODYS
    if groups.plus or digits.startswith("00"):
        return _abroad(digits.removeprefix("00"))
    named = groups.named
    if _TO_CALL.search(groups.before) or (named and len(digits) > 10 and _COUNTRY_FIRST.fullmatch(digits)):
        return _abroad(digits)
    line = _Line.NOBODYS
    if named or groups.grouped:
        line = _at_home(digits, _without_britain(groups, regions))
    elif digits[0] in "679":
        # nine digits and no more than that: only where most customers are
        line = _at_home(digits, regions[:1])
    if line is not _Line.NOBODYS or not named or not _WITHOUT_AREA.fullmatch(groups.written):
        return line
    return _Line.PERSONS if len(digits) == 8 or _SAYS_PHONE.search(groups.before) else _Line.NOBODYS


def _without_britain(groups: _Groups, regions: tuple[str, ...]) -> tuple[str, ...]:
    """Nobody writes Britain's 03 lines, which are firms', with brackets or a dash; (0341) 452-8810 is in Rosario."""
    signs = groups.digits.startswith("03") and re.search("[-)]", groups.written)
    return tuple(region for region in regions if region != "GB") if signs else regions


@lru_cache(maxsize=4096)
def _could_be_dialled(digits: str) -> bool:
    """Whether it is worth looking around: some country writes its numbers so, or it has the length of a local one."""
    forms = (_FROM_ABROAD, _COUNTRY_FIRST, *_DIALLED.values())
    return len(digits) <= 8 or any(form.fullmatch(digits) for form in forms)


@lru_cache(maxsize=4096)
def _abroad(digits: str) -> _Line:
    """A number with the code of its country."""
    if digits.startswith("521") and len(digits) == 13:
        # Mexico no longer dials the 1 of mobiles, people still write it
        digits = digits.replace("521", "52", 1)
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return _Line.NOBODYS
    return _line(number) if phonenumbers.is_possible_number(number) else _Line.NOBODYS


@lru_cache(maxsize=4096)
def _at_home(digits: str, regions: tuple[str, ...]) -> _Line:
    """A number as it is dialled inside its country: the first region in which it is somebody's decides."""
    if _FICTION.fullmatch(digits):
        return _Line.PERSONS
    for region in regions:
        if _DIALLED[region].fullmatch(digits):
            number = phonenumbers.parse(digits, region)
            if phonenumbers.is_valid_number(number):
                return _line(number)
    return _Line.NOBODYS


def _line(number: phonenumbers.PhoneNumber) -> _Line:
    return _Line.FIRMS if phonenumbers.number_type(number) in _OF_FIRMS else _Line.PERSONS


def _with_its_signs(groups: _Groups, lowest: int) -> int:
    """Where it begins with its plus sign, and with its bracket where that closes inside."""
    text, start = groups.text, groups.start
    while start > lowest and text[start - 1] in "+( ":
        if text[start - 1] == "(" and ")" not in text[start : groups.end]:
            break
        if text[start - 1] == " " and (start - 1 == lowest or text[start - 2] not in "+("):
            break
        start -= 1
    return start
