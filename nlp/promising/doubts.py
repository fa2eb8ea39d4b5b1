"""What keeps a clause from being a promise: conditions, hedges, requests, opening hours, the past, questions."""

from __future__ import annotations

import re

from nlp.alternatives import phrases

_IF = phrases("""
    si, if, unless, once, when, whenever, cuando, as soon as, siempre que, after, tras, una vez, provided, en caso
    de, aunque, a no ser, hasta que, until we, depending, should you, should nobody, should it, if not, salvo que, a
    menos que, as long as, en el momento en que
""")
_CONDITION = re.compile(
    rf"\W*(?:(?:y|and|but|pero|o|or|so|que)\W+)?(?:{_IF}|en\s+cuanto(?!\s+a\s+(?:la|el|los|las|tu|su|lo)\b))\b",
    re.IGNORECASE,
)
_HEDGES = phrases("""
    could, might, would, may be, may take, may need, may have, may arrive, may not, may well, should, hopefully,
    maybe, perhaps, probably, usually, normally, typically, generally, ojalá, quizá, quizás, tal vez, a lo mejor,
    probablemente, normalmente, suele, suelen, generalmente, habitualmente, seguramente, posiblemente, trataremos,
    confiamos, esperamos, estimado de, estimated, expected, we hope, we aim, we try, we expect, can take, can be,
    podemos, intentamos, haremos lo posible, our best, nuestro mejor, aiming, hoping, trying, try to, don't expect,
    trata de, meant to, supposed to, in theory, en teoría, lo ideal, depende, depending, sujeto a, subject to, in
    case
""")
_OFFERS = phrases("""
    te va bien, te viene bien, te parece bien, si te parece, suits you, works for you, up to you, prefieres, would
    like, te gustaría, le gustaría, would you, te propongo, le propongo, propongo, sugiero, qué tal, how about,
    let's, i suggest, podéis, podés, lets you, anytime, have until, por favor
""")
_REMINDERS = phrases("""
    te recordamos, le recordamos, os recordamos, les recordamos, te recuerdo, le recuerdo, recuerda, recuerde,
    recordad, recuerden, acordate, no olvides, no te olvides, no se olvide, remember, don't forget, a reminder,
    reminder
""")
_LEAVES_IT_OPEN = re.compile(
    rf"\b(?:{_HEDGES}|{_OFFERS}|{_REMINDERS}|please(?!\s+expect)|pued[eo]n?s?(?!\s+(?:esperar|contar))"
    r"|(?:we|you|they|i|it)\s+can(?!\s+(?:expect|count|look|promise|guarantee|confirm|assure))"
    r"|(?:podr[ií]|deber[ií]|querr[ií]|ser[ií]|llamar[ií]|har[ií])a\w*|(?:intentar|procurar)(?:é|á|án|emos)"
    r"|deber[áé]\w*|necesitar[áé]\w*"
    r"|(?:tienes?|ten[ée]is|tendr[áé]is?|tendr[áa]s?|ten[ée]s)\s+(?:que|hasta|un\s+plazo|\d+\s+d[íi]as))\b",
    re.IGNORECASE,
)
_OPENING_HOURS = re.compile(
    r"\b(?:abrimos|abren?|abriremos|cerramos(?!\s+(?:tu|su|el\s+caso|la\s+incidencia))|cierran?|cerraremos"
    r"|(?<!se )(?:abrir|cerrar)[áa]n?|abiert[oa]s?|cerrad[oa]s?|horarios?\s+de\s+(?:atenci[óo]n|apertura|tienda)"
    r"|nuestro\s+horario|el\s+horario|ampliamos\s+horario|opening|opens|closes|(?:we|re|are|is|be)\s+(?:open|closed)"
    r"|open\s+(?:on|from|until|till|at|today|tomorrow|every)|close\s+(?:at|on)|24/7|doors\s+open|on\s+sale"
    r"|lunes\s+a\s+(?:jueves|viernes|s[áa]bado|domingo)|monday\s*(?:to|-|–|through)\s*\w+)\b",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\b(?:hemos|he|ha|han|hab[ií]a\w*|fue|era|estaba|sali[óo]|lleg[óo]|dij\w+|was|were|has|have|had|did|told|said|sent"
    r"|shipped|posted|received|left|went|enviad[oa]s?|recibid[oa]s?|['’]ve)\b",
    re.IGNORECASE,
)
# "te avisamos el viernes, pero no contestaste": the same verb form, told of the past
_TOLD = re.compile(
    r"\b(?:no\s+(?:pudimos|pudo|hubo|logramos)|(?:pero|y)\s+(?:no\s+|ya\s+)?(?:nos\s+)?\w{2,}[ai]ste(?:is)?|(?:but|and)\s+you\s+(?:did|were|had)\w*)\b",
    re.IGNORECASE,
)
# "te debíamos una entrega el 26", "we owed you a call by Friday": what was due once, not "the refund we owed you"
_WAS_DUE = re.compile(
    r"^\W*(?:(?:y|e|pero|s[ií]|perdona|porque|ya|and|but|so|yes|sorry|because|that|(?:es\s+)?(?:cierto|verdad)\s+que"
    r"|sabemos\s+que|reconocemos\s+que|it['’]s\s+true|we\s+know)\W+)*"
    r"(?:(?:(?:te|os|se|le|les|lo|la|los|las|nos)\s+){0,2}(?:deb[ií]a(?:mos|n)?|ten[ií]a(?:mos|n)?\s+que|[ií]ba(?:mos|n)?\s+a"
    r"|hab[ií]a(?:mos|n)?|prometi(?:mos|ó|eron)|comprometi(?:mos|ó|eron))"
    r"|(?:we|i|you|they)\s+(?:owed|promised|had|did\s+(?:owe|promise)|(?:was|were)\s+(?:going|meant|supposed|due|owed)))\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"\b(?:[^\W\d_]*[áéíóú][^\W\d_]*nos(?:l[oa]s?)?|d[ií]nos|danos|contanos|mandanos|escribinos|avisanos|pasanos|env[ií]a"
    r"|escribe|manda|trae\w*|usa|necesitamos|comparte\w*|ind[íi]ca\w*|confirma(?:me)?)\b",
    re.IGNORECASE,
)
_REQUEST_EN = re.compile(
    r"^\W*(?:(?:just|please|kindly|do|and|but)\s+)*(?:send|bring|keep|use|check|try|give|call|write|dm|message|reply|return"
    r"|drop|let|email|share|provide|tell|follow|pop|fill|post|ring|phone|text|contact|click|visit|download|restart|log)\b",
    re.IGNORECASE,
)
_ABOUT_YOU = re.compile(r"\b(?:you|t[úu])\b", re.IGNORECASE)
_AGREED = re.compile(r"[\s,.]*¿?\s*\b(?:vale|de\s+acuerdo|ok(?:ay|ey)?|bueno|listo|right|alright)\s*\?$", re.IGNORECASE)
_PROPOSES = re.compile(
    r"\W*(?:(?:te|le|os|les)\s+(?:parece|va|viene|sirve|encaja|conviene|queda)|prefier|quier|est[áa]\s+bien|pued|podr"
    r"|ser[íi]a)",
    re.IGNORECASE,
)


def is_condition(words: str) -> bool:
    return _CONDITION.match(words) is not None


def leaves_it_open(words: str) -> bool:
    """Hedged, only offered, only reminded of, or the customer's to do."""
    return _LEAVES_IT_OPEN.search(words) is not None


def tells_opening_hours(words: str) -> bool:
    return _OPENING_HOURS.search(words) is not None


def tells_the_past(words: str) -> bool:
    return _HAPPENED.search(words) is not None


def tells_what_you_did(sentence: str) -> bool:
    return _TOLD.search(sentence) is not None


def tells_what_was_due(words: str) -> bool:
    return _WAS_DUE.search(words) is not None


def asks_for_something(words: str) -> bool:
    """A request to the customer: "mándanos una foto", "DM us your number"."""
    return bool(_REQUEST.search(words) or _REQUEST_EN.match(words))


def is_about_you(words: str) -> bool:
    return asks_for_something(words) or _ABOUT_YOU.search(words) is not None


def asserted(sentence: str) -> str:
    """The sentence, or what it says before it asks: "te llamamos mañana, ¿vale?"; nothing where it is a question."""
    if "?" not in sentence and "¿" not in sentence:
        return sentence
    agreed = _AGREED.search(sentence)
    if agreed:
        return sentence[: agreed.start()]
    said, asks, asked = sentence.partition("¿")
    return said if asks and not _PROPOSES.match(asked) else ""
