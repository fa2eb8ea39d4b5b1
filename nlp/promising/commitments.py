"""The verb of a clause by which the brand, its people or what it sends commit themselves."""

from __future__ import annotations

import re

from nlp.alternatives import any_of
from nlp.promising import english, spanish

Found = re.Match[str]

_COMMITS = re.compile("|".join((*spanish.FORMS.values(), *english.FORMS.values())), re.IGNORECASE)
_LEAVES = re.compile(f"{spanish.LEAVES}|{english.LEAVES}", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:no|nunca|tampoco|desde\s+que|como|ya|ni|jam[áa]s|sin|never|cannot|not|\w+n['’]t|wont|dont|cant)"
    r"\s+(?:(?:te|os|se|le|les|nos|lo|la)\s+)*$",
    re.IGNORECASE,
)
_TAKEN_BACK = re.compile(
    r"(?<=mos)\s+(?:(?:encantad|abiert|cerrad|pendiente|atent)\w*|disponibles?\b|aqu[íi]\b|a\s+(?:tu|su)\s+disposici[óo]n)"
    r"|\s+(?:en\s+manten|fuera\s+de\s+servicio|sin\s+servicio|(?:be\s+)?(?:down|unavailable|undergoing|under\s+maintenance)\b"
    r"|be\s+(?:open|closed|limited|delayed|affected|disrupted|suspended|no|able\s+to\s+(?:say|tell))\b|only\s+be\b|have\s+(?:to|until)\b|on\s+(?:the|a|flight)\b|(?:el\s+|nuestro\s+)?horario\b|"
    + any_of("""
    not never expire end lapse renew open close start begin vary need want try hasta soon continue keep remain depend
    usually normally typically like love
    """)
    + r"\b)",
    re.IGNORECASE,
)
# what these do is no doing of the brand for this customer
_OTHERS = any_of("""
    oferta ofertas promoción promociones descuentos rebajas sorteo concurso plazo vuelo tren autobús evento webinar
    directo concierto feria estreno temporada colección cuota suscripción garantía partido contrato campaña retiro
    sale offer offers promotion promo deal deals flight train bus ferry bill payment subscription warranty contract
    concert show match event check-in collection class contest giveaway membership policy trial password mot rent fee
    instalment installment tax renewal licence license huelga strike
""")
_OF_OTHERS = re.compile(
    rf"(?:^\W*|\b(?:the|our|your|this|el|la|los|las|tu|su|esta|este|nuestr[oa]s?|vuestr[oa]s?)\s+(?:\w+\s+)?){_OTHERS}\b"
    r"(?:\s+(?:que|de|del|of|on|for|at|in|en)\s+\S+){0,2}\W+(?:\w+\W*){0,4}$",
    re.IGNORECASE,
)

# "your licence will be reissued"
_DONE_BY_US = re.compile(r"(?:will|['’]?ll)\s+be\s+(?:re)?\w+ed\b|ser[áa]n?\s+\w+[ai]d[oa]s?\b", re.IGNORECASE)
# "los envíos llegan en 5 días", "parcels arrive within 3 days": what is usual, unless it is people who do it
_HABIT = re.compile(
    r"\W*(?:(?:los|las)\s+(?!t[ée]cnic|compañer|operari|repartidor)\w+s\b(?:\s+(?:de|a|en|para|por)\s+\S+){0,3}"
    r"\s+(?:se\s+)?\w+n|\w+s(?:\s+(?:to|from|in)\s+\w+)?\s+(?:arrive|land|ship))$",
    re.IGNORECASE,
)


def commitment(words: str) -> Found | None:
    """The first verb that commits."""
    return _first(_COMMITS, words)


def leaving(words: str) -> Found | None:
    """The first verb by which something leaves the brand, which says less than that it arrives."""
    return _first(_LEAVES, words)


def is_of_others(words: str) -> bool:
    """Whether it tells of an event, a bill, a flight: no doing of the brand for this customer."""
    return _OF_OTHERS.search(words) is not None


def _first(pattern: re.Pattern[str], words: str) -> Found | None:
    return next((match for match in pattern.finditer(words) if _holds(words, match)), None)


def _holds(words: str, match: Found) -> bool:
    if _DENIED.search(words[: match.start()]) or _TAKEN_BACK.match(words, match.end()):
        return False
    if _DONE_BY_US.match(words, match.start()):
        return True
    return not (_OF_OTHERS.search(words[: match.end()]) or _HABIT.match(words, 0, match.end()))
