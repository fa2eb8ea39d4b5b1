"""Groups of digits as they stand in a text: how they are written, and what the words around them call them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.alternatives import any_of

_SPELT = 9  # digits that are written one by one
_A_DATE = re.compile(
    r"(?:\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)\d\d|(?:19|20)\d\d[-/. ]\d{1,2}[-/. ]\d{1,2})(?:[ .-]+\d{1,2})*"
    r"|(?:19|20)\d\d\W{1,3}(?:19|20)\d\d"
    # a social security number of the United States
    r"|\d{3}-\d\d-\d{4}"
)
# with points between the thousands, or round
_AMOUNT = re.compile(r"\d{1,2}(?:\.\d{3})+|\d{3}\.\d{3}(?:(?:\.\d{3}){2,})?|\d{1,3}(?:[ .]000){2,}")
_HANGS_LEFT = re.compile(r"\d[.–-]$|(?<![^\W_])(?!(?:TEL|CEL|TLF|MOV|WSP|WA)-)[A-Z0-9]*[A-Z][A-Z0-9]*[-/]$")
_HANGS_RIGHT = re.compile(r"[.–-]\d|[-/][A-Z0-9]*\d|-[A-Z]{1,3}(?!\w)")
_A_PHONE = r"(?:tel[ée]?f?(?:ono)?s?|tlf\w*|tfno?s?|tf|m[óo]vil(?:es)?|mob(?:ile)?|phones?|landline|fono|fijo)"
_A_MOBILE = r"(?:cel(?:u(?:lar)?)?(?:es)?|cell|whats\s?app|wh?ats|wsp|wasap|guasap|wpp)"
_TO_PHONE = r"(?:ll[áa]m\w*|m[áa]r[cq]\w*|contact\w*|sms|n[úu]mero|call\w*|ring|text|number|reach|l[íi]nea|line|n[º°])"
_PHONE_BEFORE = re.compile(rf"(?:\b(?:{_A_PHONE}|{_A_MOBILE}|{_TO_PHONE})\b|📞|📱|☎️?)[^\n]{{0,30}}$", re.IGNORECASE)
_SAYS_PHONE = re.compile(rf"\b(?:{_A_PHONE}|{_A_MOBILE})\b\W{{0,3}}(?:(?:es|is|el)\W){{0,2}}$", re.IGNORECASE)
_PHONE_AFTER = re.compile(
    rf"\W{{0,3}}(?:es|is)\s+(?:mi|my|el|the)\s+(?:{_A_PHONE}|{_A_MOBILE}|n[úu]mero|number|contact)"
    rf"|\W{{1,3}}(?:(?:mi|my)\s+(?:{_A_PHONE}|{_A_MOBILE})|{_A_MOBILE})\b|\W{{1,3}}(?:ll[áa]m(?:ar|[ea][nd]?(?:me|nos))|m[áa]rquen?me|call\s+me)\b",
    re.IGNORECASE,
)
_ANOTHER = any_of("""
    pedido orden order ref referencia reference factura invoice tracking seguimiento guía envío cliente clientes
    customer contrato contract expediente ticket caso case sku isbn ean imei serie serial cuenta account póliza
    policy código code cuit cuil rut rfc curp ruc clabe cédula nif nie n.i.e cif dni d.n.i reserva booking vuelo
    flight iban tarjeta card id nss socio member membership error modelo model contador medidor meter lectura ssn tag
    afiliación pasaporte passport vin bastidor gtin upc cups clabe cbu nino turno siniestro claim folio docket
    consignment versión version isin lote batch lat lon long ip
""")
_ANOTHER_NUMBER = re.compile(
    rf"\b{_ANOTHER}\b[^\n\w]{{0,4}}(?:(?:n[º°o.]*|n[úu]m(?:ero)?|number|no|de|es|is)\b[^\n\w]{{0,3}}){{0,3}}"
    r"(?-i:(?!TEL|TLF|CEL|MOV|FIJO)[A-Z]{1,4})?$",
    re.IGNORECASE,
)
_UNITS = any_of("""
    euro euros eur usd mxn cop clp ars pesos soles pound pounds dollar dollars puntos points km unidades units
    razones reasons veces times personas people followers seguidores visitas views millones ml kg mb gb
""")
_UNIT_AFTER = re.compile(rf"\s?(?:[€%$£]|(?:de\s+|of\s+)?{_UNITS}\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Groups:
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
        """A dash or a point joins it to more of a code: 978-3-16-148410-0, HO-4418-90027."""
        return bool(_HANGS_LEFT.search(self.before) or _HANGS_RIGHT.match(self.after))

    @property
    def grouped(self) -> bool:
        """Written as phones are: 612 34 56 78, (212) 555-0143, 6 1 2 3 4 5 6 7 8; not as versions
        and codes are: 22631.3007, 5001-2210-03.
        """
        sizes = [end - start for start, end in self.spans]
        build = len(sizes) == 2 and "." in self.written
        spelt = len(sizes) >= _SPELT and set(sizes) == {1}
        part = len(sizes) > 1 and sizes[-1] == 2 and sizes[-2] > 3
        return spelt or (len(sizes) > 1 and sizes.count(1) < 3 and sizes[-1] > 1 and not build and not part)

    @property
    def another(self) -> bool:
        """A date, an amount, a fraction without a word for phones, or what a word says is of another kind."""
        fraction = "/" in self.written and not self.named
        shape = _A_DATE.fullmatch(self.written) or (not self.plus and _AMOUNT.fullmatch(self.written))
        return bool(
            fraction or shape or _UNIT_AFTER.match(self.after) or _ANOTHER_NUMBER.search(self.before.rstrip(" (+"))
        )

    @property
    def named(self) -> bool:
        return bool(_PHONE_BEFORE.search(self.before.rstrip(" (+")) or _PHONE_AFTER.match(self.after))

    @property
    def called_a_phone(self) -> bool:
        """Nothing stands between the word and it."""
        return _SAYS_PHONE.search(self.before) is not None
