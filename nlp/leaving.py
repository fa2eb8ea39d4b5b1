"""The plainest words of a threat to leave, in Spanish and English: they hold where the model is in doubt."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.alternatives import any_of
from nlp.unmeant import is_for_now

_PLACES = any_of("""
    compañía operador operadora banco aseguradora seguro gimnasio comercializadora proveedor marca tienda súper
    supermercado clínica aerolínea
""")
_NO_FIRM = any_of("""
    día hora momento rato ciudad piso plan tarifa talla color modelo asiento fecha vuelo semana barrio casa mesa sala
    habitación turno línea horario cosa
""")
_DEALING = any_of(
    "compro comprar compraré pido pedir pediré vuelo volar volaré viajo viajar contrato contratar uso usar"
)
_DOING = any_of("comprar pedir volar viajar contratar usar pisar reservar comer entrar confiar") + r"|poner\s+un\s+pie"
_FLY = any_of("""
    fly flying flown buy buying order ordering shop shopping use using book booking stay staying eat eating rent renting
    bank banking deal dealing travel travelling traveling
""")
_WHO = r"(?:i|we|they|my\s+family)"
_CUSTOMER = any_of("customer client buyer subscriber passenger shopper")
_FIRMS = any_of("banks carriers providers airlines insurers suppliers networks operators gyms")
# these are left without leaving the brand: "me doy de baja de la newsletter"
_NO_CONTRACT = any_of("""
    newsletter boletín boletines correo correos email emails e-mail mail mails sms publicidad lista notificaciones
    avisos competencia
""")
_NO_FIRM_EN = any_of("""
    seat flight train bus plan tariff room table queue line day date time slot size colour color model phone device
    router browser channel tab page app lane card account number
""")
_LEAVING = re.compile(
    "|".join(
        {
            "me paso a otra": (
                r"\b(?:me|nos)\s+(?:cambio|paso|cambiamos|pasamos|(?:voy|vamos)\s+a\s+(?:cambiar|pasar|ir))\s+(?:ya\s+)?"
                rf"(?:a|con|para)\s+(?:la\s+competencia|otr[oa]s?\b(?!\s+{_NO_FIRM}\b))"
            ),
            "me cambio de compañía": (
                rf"\b(?:me|nos)\s+(?:cambio|cambiamos|(?:voy|vamos)\s+a\s+cambiar)\s+de\s+{_PLACES}\b"
            ),
            "portabilidad pedida": (
                r"\b(?:pido|pedida|solicitada|iniciada|hecha|tramito|tramitada)\s+(?:(?:ya|hoy)\s+)?"
                r"(?:(?:la|una|mi)\s+)?portabilidad"
                r"|\bportabilidad\s+(?:ya\s+)?(?:pedida|solicitada|hecha|en\s+marcha|iniciada|tramitada)\b"
            ),
            "me doy de baja": (
                r"\b(?:(?:me|nos)\s+(?:doy|damos|voy\s+a\s+dar|vamos\s+a\s+dar)\s+(?:ya\s+)?de\s+baja"
                r"|(?:quiero|quisiera|queremos)\s+dar(?:me|nos)\s+de\s+baja)\b"
                rf"(?!\s+(?:(?:de|del|en)\s+(?:(?!no\b)\w+\s+)?{_NO_CONTRACT}|m[eé]dica|laboral|maternal|paternal)\b)"
            ),
            "cerré mi cuenta": (
                r"(?<!\bsi )(?<!\bsi ya )(?<!\bme )\b(?:cerr[eé]|cancel[eé]|cierro|cancelo)\s+"
                r"(?:(?:ya|hoy|mañana|ayer)\s+)?(?:la|mi)\s+"
                r"(?:cuenta|suscripci[oó]n|membres[ií]a|p[oó]liza|contrato|l[ií]nea)\b(?!\s+de\s+(?:prueba|correo))"
            ),
            "em dono de baixa": (
                r"\b(?:em\s+dono|ens\s+donem|em\s+vull\s+donar|vull\s+donar-me)\s+de\s+baixa\b"
                r"(?!\s+del?\s+(?:butllet|correu))"
                r"|\b(?:vou|vamos)\s+cancelar\s+(?:o|a|meu|minha|tudo)\b(?!\s+(?:pedido|compra|reserva|encomenda))"
            ),
            "nunca más compro": (
                r"\bnunca\s+m[aá]s\s+(?:(?:les|os|te|lo)\s+)?(?:(?:vuelvo|volver[eé])\s+a\s+)?"
                rf"{_DEALING}\b"
            ),
            "no vuelvo a comprar": (
                rf"\b(?:no|jam[aá]s|nunca)\s+(?:(?:les|os|te|lo)\s+)?(?:vuelvo|volver[eé]|volvemos|volveremos)"
                rf"\s+(?:m[aá]s\s+)?a\s+(?:{_DOING})"
                r"(?:les|los|la|lo|le|te)?\s+(?:a|en|con|de|aqu[ií]|ah[ií]|nada)\b"
            ),
            "última vez que compro": rf"\b[uú]ltima\s+vez\s+que\s+(?:(?:os|les|te|lo)\s+)?{_DEALING}\b",
            "habéis perdido un cliente": (
                r"\b(?:perdisteis|perdieron|perdiste|perd[eé]is|(?:han|hab[eé]is|has)\s+perdido|(?:acaban|acab[aá]is)\s+de\s+perder)"
                r"\s+(?:a\s+)?(?:un|una|otr[oa])\s+(?:buen[oa]?\s+)?"
                r"(?:client\w+|soci\w+|usuari\w+|abonad\w+|comprador\w*|pasajer\w+)"
            ),
            "you lost a customer": (
                rf"\blost\s+(?:(?:a|another|this|one\s+more|yourselves\s+a)\s+(?:\w+\s+)?{_CUSTOMER}\b"
                r"|my\s+(?:business|custom)\b|me\s+as\s+a)"
            ),
            "taking my business elsewhere": r"\btak(?:e|ing)\s+(?:my|our)\s+(?:business|custom|money)\s+elsewhere\b",
            "never flying with you again": rf"\bnever\s+(?:ever\s+)?(?:to\s+)?{_FLY}\s+(?:\S+\s+){{1,5}}?again\b",
            "never again will i fly": rf"\bnever\s+again\s+(?:will|am|are)\s+{_WHO}\s+(?:ever\s+)?{_FLY}\b",
            "my last flight with you": (
                r"\bmy\s+last(?:\s+ever)?\s+(?:@?\w+\s+)?(?:flight|order|purchase|booking|stay)\s+(?:with|from)\s"
            ),
            "last ever flight": r"\blast\s+ever\s+@?\w+\s+(?:flight|order|trip|purchase|booking)\b",
            "last time i fly": (
                rf"\blast\s+time\s+{_WHO}(?:['’]ll|\s+will|['’]m|\s+am)?\s+(?:ever\s+)?{_FLY}\b(?!\s+(?:it|the|this)\b)"
            ),
            "i'm done with you": (
                r"\b(?:i['’]?m|i\s+am|we['’]?re)\s+(?:so\s+|officially\s+|absolutely\s+)?done\s+with\s+"
                r"(?:@\w|you\s+(?:guys|all|lot)\b|you\s*[.!,]"
                r"|this\s+(?:company|airline|bank|store|shop)\b)"
            ),
            "switching providers": (
                r"\b(?:i['’]?m|we['’]?re|i['’]?ll|we['’]?ll|may|might|gonna|going\s+to|considering|time\s+to)\s+"
                r"(?:(?:just|be|seriously)\s+){0,2}"
                rf"(?:switch|chang|mov)(?:e|ing)?\s+(?:to\s+(?:another|a\s+different)\b(?!\s+{_NO_FIRM_EN}\b)|{_FIRMS}\b)"
            ),
            "closing my account": (
                r"(?<!\byou )(?<!\bthey )(?<!\byou are )(?<!\bthey are )(?<!\byou['’]re )(?<!\bthey['’]re )"
                r"\b(?:cancell?ing|closing)\s+(?:my|our)\s+(?:\w+\s+)?"
                r"(?:account|subscription|membership|contract|policy)\b"
            ),
            "boycott": r"^\W*(?:@\w+\s+)*boycott\s+(?!in\b|of\b|this\b|that\b|by\b)@?\w+",
        }.values()
    ),
    re.IGNORECASE,
)
# who stays, or comes: "I will never fly anyone else again", "jamás me iría de este banco", "switched to you in May"
_STAYING = re.compile(
    "|".join(
        {
            "jamás me iría": (
                r"\b(?:no|nunca|jam[aá]s)\s+(?:(?:les|os|te|lo|los|la)\s+)?(?:(?:voy|vamos|pienso)\s+(?:a\s+)?)?"
                r"(?:me\s+ir[ií]a|irme|cambiar(?:[ií]a|os|les)|dejar(?:[ií]a|os|les)(?!\s+de\b)"
                r"|dejar[eé]?\s+de\s+(?:comprar|volar|pedir|ir|venir|usar))\b"
            ),
            "no compro en otra tienda": (
                r"\b(?:no|nunca|jam[aá]s)\s+(?:m[aá]s\s+)?(?:vuelvo|volver[eé]|compro|comprar[eé]|pido|vuelo)\s+(?:a|en|con)"
                r"\s+otr[oa]\s+(?!vez\b|cosa\b)"
            ),
            "otra que no sea esta": r"\b(?:no|nunca|jam[aá]s)\s+(?:\w+\s+){1,6}otr[oa]s?\s+\w+\s+que\s+no\s+sea\b",
            "me cambié a vosotros": (
                r"\b(?:me|nos)\s+(?:cambi[eéoó]|pas[eéoó]|voy\s+a\s+(?:cambiar|pasar))\s+(?:a|con)\s+"
                r"(?:vosotr[oa]s|ustedes|vuestr[oa]|su\s+(?:compañ[ií]a|banco|empresa))\b"
            ),
            "never anyone else": (
                rf"(?:\bnever|\bnot|n['’]t)\s+(?:(?:ever|going\s+to|gonna)\s+)?(?:go|{_FLY})\s+(?:\S+\s+)?"
                r"(?:any(?:where|one|body|thing)?|nobody|somewhere)\s*else\b"
                rf"|\bnever\s+(?:ever\s+)?{_FLY}\s+(?:any\s+other|another)\b"
            ),
            "never leaving": (
                r"(?:\bnever|\bnot|n['’]t)\s+(?:(?:ever|going\s+to|gonna)\s+)*(?:leav(?:e|ing)|switch(?:ing)?)\b"
            ),
            "switched to you": (
                r"\b(?:switch(?:ed|ing)|mov(?:ed|ing)|came|coming)\s+(?:over\s+)?to\s+you\b(?!r\b|\s+\w*\s*competit)"
            ),
            "me quedo con vosotros": (
                r"\b(?:me|nos)\s+qued(?:o|amos)\s+con\s+(?:vosotr[oa]s|ustedes)\b|\bstay(?:ing)?\s+with\s+you\b(?!r\b)"
            ),
            "never back to my old bank": r"\bnever\s+go(?:ing)?\s+back\s+to\s+my\s+(?:old|previous)\b",
        }.values()
    ),
    re.IGNORECASE,
)
# who denies it, or was kept: "no me doy de baja", "I'm not closing my account", "you almost lost a customer"
_DENIED = re.compile(
    r"(?:\b(?:no|ni|ni\s+(?:loc[oa]|muert[oa]|en\s+broma)|nunca|jam[aá]s|tampoco|casi|not|never|almost|nearly)|n['’]t)(?:\s+(?:even|really|actually))?\s+$",
    re.IGNORECASE,
)
_DENIES_ITSELF = re.compile(r"(?:no|nunca|jam[aá]s|never)\b", re.IGNORECASE)
_AS_FAR_BACK = 30

SURE = 0.95
"""How likely it is then. All 41 seeds and 5 annotated posts in which such words stand leave, and so do
the 42 that were read of 74 tweets to airlines."""


def leaving_share(outright: bool | None, share: float) -> float:
    """How likely it is that the author leaves: who says outright that they do or do not is believed, else the model."""
    if outright is None:
        return share
    return max(share, SURE) if outright else min(share, 1 - SURE)


def says_outright(text: str) -> bool | None:
    """True where the author says that they leave, or that others should; False where they stay or come; else None.

    Who stays only for now says neither.
    """
    leaving, staying = [*_LEAVING.finditer(text)], [*_STAYING.finditer(text)]
    denied = [found for found in leaving if _is_denied(text, found)]
    if any(found not in denied and not _within(found, staying) for found in leaving):
        return True
    return False if any(not is_for_now(text[found.end() :]) for found in (*staying, *denied)) else None


def _within(found: re.Match[str], others: Sequence[re.Match[str]]) -> bool:
    return any(other.start() < found.end() and found.start() < other.end() for other in others)


def _is_denied(text: str, found: re.Match[str]) -> bool:
    if _DENIES_ITSELF.match(found[0]):
        return False
    return _DENIED.search(text, max(0, found.start() - _AS_FAR_BACK), found.start()) is not None
