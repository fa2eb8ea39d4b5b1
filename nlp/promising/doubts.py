"""What keeps a clause from being a promise: conditions, hedges, requests, opening hours, the past, questions."""

from __future__ import annotations

import re

from nlp.alternatives import any_of, phrases

_LUCK = """
    all being well, all going well, with any luck, with a bit of luck, barring, god willing, con suerte, con un poco de
    suerte, salvo imprevistos, salvo imprevisto, salvo contratiempo, salvo contratiempos, salvo sorpresa, dios mediante
"""
_IF = phrases(f"""
    {_LUCK},
    si, if, unless, once, when, whenever, cuando, as soon as, siempre que, after, tras, una vez, provided, en caso
    de, aunque, a no ser, hasta que, until we, depending, should you, should nobody, should it, if not, salvo que, a
    menos que, as long as, en el momento en que, assuming, on receipt of, on sight of, contra entrega de
""")
# "de confirmarse la falla", "con la cartilla en mano"
_GIVEN = (
    r"(?:de\s+(?:no\s+)?\w+(?:[aei]r)(?:se|l[oae]s?)?\b(?!\s+(?:mano|nuevo))"
    r"|con\s+(?:\w+\s+){1,4}(?:en\s+(?:la\s+)?mano|por\s+delante)\b)"
)
_CONDITION = re.compile(
    rf"\W*(?:(?:y|and|but|pero|o|or|so|que)\W+)?(?!si\s+o\s+si\b)(?:{_GIVEN}|{_IF}|en\s+cuanto(?!\s+a\s+(?:la|el|los|las|tu|su|lo)\b))\b",
    re.IGNORECASE,
)
# whoever is back or opens does so by the clock: "en cuanto abramos mañana", "when I'm back on Monday"
_OUR_PEOPLE = (
    r"(?:i|we|he|she|they|(?:the|our|my)\s+(?:team|manager|supervisor|boss|colleagues?|engineers?|office|boys|lads))"
)
_OUR_PLACE = r"(?:tienda|almac[ée]n|oficina|sucursal|local|taller|banco|delegaci[óo]n|agencia)"
_BY_THE_CLOCK = re.compile(
    r"\W*\b(?:en\s+cuanto|cuando|apenas|nada\s+m[áa]s|as\s+soon\s+as|when|once|the\s+(?:moment|minute))\s+(?:"
    rf"abr(?:an|amos|ir)|(?:(?:la|el)\s+{_OUR_PLACE}\s+)?abra(?=\W*$|\s+(?:ma[ñn]ana|(?:la|el|nuestr[oa])\s+{_OUR_PLACE})\b)"
    r"|(?:vuelva|regrese)(?:mos\b|(?!\s+(?:a|el|la|los|las|su|tu)\b))|lleguemos|me\s+(?:re)?incorpore"
    r"|(?:entre|llegue)\s+(?:a\s+trabajar|a\s+la\s+oficina|al\s+turno)"
    rf"|{_OUR_PEOPLE}(?:['’](?:m|s|re)|\s+(?:am|is|are))\s+(?:back(?!\s+(?:in\s+stock|online|up))|in\b)"
    r"|(?:we|they|(?:the|our)\s+(?:shop|store|office|lines|branch|depot|warehouse|\w+\s+team))\s+(?:re)?open(?:s|\s+up)?"
    r")\b",
    re.IGNORECASE,
)
_HEDGES = phrases(f"""
    {_LUCK}, creo que, creemos que, supongo, suponemos, imagino que, imaginamos que, diría que, parece que, a priori, en
    principio, i think, we think, i guess, i reckon, we reckon, i'd say, i imagine, i suppose, i suspect, looks like,
    seems like, try and, trying and, my best, their best, his best, her best, everything we can, everything i can, all
    we can, all i can, todo lo posible, haré lo posible, todo lo que esté en, lo que esté en mi mano, lo que esté en
    nuestra mano, lo que esté en nuestras manos, todo lo que pueda, todo lo que podamos,
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
    like, te gustaría, le gustaría, would you, te propongo, le propongo, propongo, sugiero, sugerimos, recomiendo,
    recomendamos, aconsejo, aconsejamos, qué tal, how about, let's, i suggest, we suggest, i'd suggest, i recommend,
    we recommend, i'd recommend, podéis, podés, lets you, anytime, have until, por favor
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
# a case is open too: "hemos abierto una incidencia", "tu ticket sigue abierto"
_STANDS_OPEN = (
    r"(?<!hemos )(?<!\bhe )(?<!\bha )(?<!\bhan )(?<!sigue )(?<!queda )(?<!ticket )(?<!caso )(?<!incidencia )"
    r"(?<!reclamo )abiert[oa]s?"
    r"(?!\s+(?:(?:un|una|la|el|tu|su)\s+)?(?:incidencia|caso|ticket|recl\w+|expediente|parte|consulta|solicitud|queja)\b)"
)
_BACK_AT_WORK = (
    r"volv(?:emos|eremos)\s+a\s+(?:atender|abrir|operar|estar\s+(?:disponibles|operativos|abiert\w+))"
    r"|(?:retoma|reanuda)(?:mos|remos)\s+(?:la\s+|nuestra\s+)?(?:atenci[óo]n|actividad|labores|operaciones|jornada)"
)
_OPENING_HOURS = re.compile(
    r"\b(?:abrimos|abren?|abriremos|cerramos(?!\s+(?:tu|su|el\s+caso|la\s+incidencia))|cierran?|cerraremos"
    rf"|(?<!se )(?:abrir|cerrar)[áa]n?|{_STANDS_OPEN}|cerrad[oa]s?|{_BACK_AT_WORK}"
    r"|horarios?\s+de\s+(?:atenci[óo]n|apertura|tienda)|nuestro\s+horario|(?<!en )el\s+horario|ampliamos\s+horario"
    r"|opening|opens|closes|(?:we|re|are|is|be)\s+(?:open|closed)"
    r"|open\s+(?:on|from|until|till|at|today|tomorrow|every)|close\s+(?:at|on)|24/7|doors\s+open|on\s+sale"
    r"|lunes\s+a\s+(?:jueves|viernes|s[áa]bado|domingo)|monday\s*(?:to|-|–|through)\s*\w+)\b",
    re.IGNORECASE,
)
_EVERY_DAY = re.compile(
    r"\b(?:(?:lunes|lun)\s+a\s+\w+|mon(?:day)?\s*(?:to|-|–|through)\s*\w+|todos\s+los\s+d[íi]as|cada\s+d[íi]a|a\s+diario"
    r"|every\s+day|daily|seven\s+days\s+a\s+week)\b",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\b(?:hemos|he(?=\s+(?:\w+[ai]d[oa]s?|hecho|puesto|visto|dicho|escrito|abierto|resuelto|vuelto)\b)|ha|han|hab[ií]a\w*|fue|era|estaba|sali[óo]|lleg[óo]|dij\w+|was|were|has|have|had|did|told|said|sent"
    r"|shipped|posted|received|left|went|enviad[oa]s?|recibid[oa]s?|['’]ve)\b",
    re.IGNORECASE,
)
# "cambió", "llegaron", "we got", "it was logged"
_DONE = re.compile(
    r"\b\w{2,}(?:ó|aron|ieron|eron)\b"
    r"|\b(?:i|we|you|they|he|she|it|who|that|which|been|was|were)\s+(?:\w+ly\s+|just\s+|already\s+)?"
    r"(?:\w+ed|got|went|came|took|gave|found|said|told|saw|made|put|paid|ran|let)\b",
    re.IGNORECASE,
)
# whatever the customer did says nothing of the brand: "a la sucursal que nos indicó", "the address you gave us"
_YOUR_DEED = re.compile(
    r"\b(?:que\s+(?:nos\s+|me\s+)?"
    r"(?:indic|d|dej|facilit|solicit|pid|compr|pag|proporcion|mand|envi|elig|contrat|registr|report|reclam|devolv|encarg)"
    r"(?:ó|i[óo]|aste|iste|aron|ieron)"
    r"|(?:that\s+|which\s+)?you\s+(?:gave|told|sent|ordered|paid|asked|provided|chose|requested|bought|returned|reported))\b"
    r"(?!\s+(?:el|la\s+semana|hoy|ayer|anteayer|antes|on|today|yesterday|last|this)\b)",
    re.IGNORECASE,
)
# who keeps what they promise is not up to the brand
_OTHERS = any_of("""
    aseguradora hacienda correos sat sunat afip dian ministerio gobierno aduana aduanas fabricante municipalidad
    ayuntamiento policía juzgado manufacturer council irs hmrc ato usps customs government
""")
_UP_TO_OTHERS = re.compile(
    rf"\b(?:{_OTHERS}|(?:tu|su|el|vuestro)\s+(?:banco|emisor|proveedor|casero|seguro)|royal\s+mail"
    r"|(?:your|the|their)\s+(?:bank|card\s+issuer|issuer|insurer|landlord|supplier|other\s+company|provider|employer|seller))\b",
    re.IGNORECASE,
)
_THEIR_BANK = re.compile(
    r"\W*(?:(?:y|e|and|but|pero|que)\s+)?(?:tu|su|vuestro|your|their)\s+(?:banco|entidad|aseguradora|emisor|bank|card\s+(?:issuer|provider|company)|issuer|insurer)\b"
    r"(?!['’]s|\s+(?:account|statement|details|balance)\b)",
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
    r"\b(?:\w*[áéíóú]\w*[ae]n?(?:se(?:l[oa]s?)?|me(?:l[oa]s?)?)|(?:pas|mand|avis|escrib|envi|dec|cont|respond)[aei]me|dime|d[ií]game|[^\W\d_]*[áéíóú][^\W\d_]*nos(?:l[oa]s?)?|d[ií]nos|danos|contanos|mandanos|escribinos|avisanos|pasanos|env[ií]a"
    r"|escribe|manda|trae\w*|usa|necesitamos|comparte\w*|ind[íi]ca\w*|confirma(?:me)?)\b",
    re.IGNORECASE,
)
_REQUEST_EN = re.compile(
    r"^\W*(?:(?:just|please|kindly|do|and|but)\s+)*(?:send|bring|keep|use|check|try|give|call|write|dm|message|reply|return"
    r"|pay|submit|order|book|register|sign|log|enter|collect|complete|upload|renew|wait|get\s+(?:your|the|them)|come\s+(?:by|in|along)"
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
    return _CONDITION.match(words) is not None and _BY_THE_CLOCK.match(words) is None


def leaves_it_open(words: str) -> bool:
    """Hedged, only offered, only reminded of, or the customer's to do."""
    return _LEAVES_IT_OPEN.search(words) is not None


def tells_opening_hours(words: str) -> bool:
    return _OPENING_HOURS.search(_BY_THE_CLOCK.sub("", words)) is not None


def tells_every_day(words: str) -> bool:
    """An hour beside it is one at which somebody is there: "de lunes a viernes, de 8 a 20 h"."""
    return _EVERY_DAY.search(words) is not None


def tells_the_past(words: str) -> bool:
    return _HAPPENED.search(_YOUR_DEED.sub("", words)) is not None


def tells_what_was_done(words: str) -> bool:
    """By a verb that can only tell the past, which the accent shows: "cambió" and not "cambio"."""
    return _DONE.search(_YOUR_DEED.sub("", words)) is not None


def is_up_to_others(words: str) -> bool:
    """It names whoever is not the brand: the customer's bank, the council, the manufacturer."""
    return _UP_TO_OTHERS.search(words) is not None


def is_their_banks_doing(words: str) -> bool:
    """What the customer's bank or insurer does the brand cannot promise."""
    return _THEIR_BANK.match(words) is not None


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
