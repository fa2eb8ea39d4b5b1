"""Rules beside the model for urgency: what must be looked at now, whatever the tone."""

from __future__ import annotations

import re

from bot.domain.reading import Intent, Sentiment, Urgency

# a legal step, a boycott, danger, money taken twice: enough by themselves unless the model is certain of the contrary
_PLAIN = re.compile(
    r"\b(?:ocu|facua|profeco|sernac|indecopi|condusef|consumidor(?:es)?|(?:oficina de|en|a) consumo"
    r"|hojas? de reclamaci(?:[oó]n|ones)|juzgado|(?:poner|interpon\w+|presentar?|presentad[oa]) (?:una "
    r"|la )?(?:denuncia"
    r"|demanda)|denunciar(?:[eé]|os|los)?|demandar(?:[eé]|os|los)?|(?:mi|un|una|el|la) abogad[oa]"
    r"|small claims|trading standards|ombudsman|chargeback|sue (?:you|them)|legal action|(?:my|a) (?:lawyer|solicitor"
    r"|attorney)|bbb|cfpb|ofcom|ofgem"
    r"|(?:echa(?:ndo)?|sale|saca) (?:humo|chispas)|(?:una|salta\w*|dio una?) chispa|huele a quemado|olor a (?:gas"
    r"|quemado)"
    r"|fuga de gas|descarga el[eé]ctrica|explot[oó]|intoxicad[oa]s?|intoxicaci[oó]n"
    r"|caught fire|on fire|sparks|sparking|gas leak|smell of gas|carbon monoxide|electric shock|food poisoning"
    r"|smoke (?:coming|from|pouring)"
    r"|(?:cobr|carg|pag|factur|descont)\w* [^.!?]{0,40}?(?:(?:dos|tres|cuatro|2|3|4) veces|por duplicado|doble)"
    r"|(?:dos|tres|cuatro|doble) cobros?|cobros? (?:doble|duplicado)s?|cargo duplicado"
    r"|(?:charg|bill|debit|pa[iy])\w* (?:\S+ ){0,6}?(?:twice|double|two times|three times)|double[- ]?charged"
    r"|charged (?:twice|double)|duplicate charges?)\b"
    r"|boicot|boycott",
    re.IGNORECASE,
)
# danger, money or access taken, belongings missing: enough where the model does not contradict
_STRONG = re.compile(
    r"\b(?:alergia|al[eé]rgic[oa]|incendio|ardiendo|humo|chispas?|quemadura|hospital|urgencias|accidente|cristales"
    r"|no (?:he |hab[ií]a |hemos )?(?:autori[cz]ad[oa]|autoric[eé])|que (?:yo )?no (?:hice|he hecho"
    r"|reconozco)|vaciado la cuenta|vaciar la cuenta|n[uú]meros rojos|me han robado|me robaron|me roban"
    r"|hackead[oa]|hackearon|suplantaci[oó]n|fraude|duplicad[oa]s? (?:la )?sim|bloquead la tarjeta|bloqueen la tarjeta"
    r"|abogad[oa]|demanda|denuncia"
    r"|allergic|smoke|exploded|burn(?:t|ed) my|injured|ambulance"
    r"|unauthori[sz]ed|didn'?t (?:make|authori[sz]e)|i never authori[sz]ed|drained my account|hacked|overdrawn"
    r"|identity theft|fraud(?:ulent)?|stolen|sim swap|lawyer|solicitor|attorney|electrics)\b",
    re.IGNORECASE,
)
# time words: they need a half-sure model beside them
_SOON = re.compile(
    r"\b(?:(?:sale|salgo|salimos|sal[ií]a(?:mos)?|vuelo|embarco|embarcamos|despega|viajo|viajamos) (?:\S+ ){0,4}?(?:en"
    r" (?:\d+|un[ao]s?|dos|tres)|hoy|ma[nñ]ana|\d+ ?(?:h|horas?|min))"
    r"|en \d{1,2} ?(?:minutos?|min|horas?|h)|ahora mismo|ya mismo|urgente(?:mente)?|urge|cuanto antes|sin (?:luz"
    r"|agua|gas|calefacci[oó]n|internet|l[ií]nea|cobertura|servicio|dinero|acceso)"
    r"|(?:dejad[oa]s?|dejaron|dej[aá]is?|quedad[oa]s?|estamos|estoy) tirad[oa]s?|varad[oa]s?|perdid[oa]s? mi"
    r"|maleta(?:s)? (?:perdid|no ha)|no puedo (?:entrar|acceder)|bloquead[oa]|encerrad[oa]|ll[aá]m(?:ad|en)me ya"
    r"|(?:flight|train|boarding|leaves?|departs?|leaving) (?:\S+ ){0,4}?(?:in \d+|today|tonight|tomorrow"
    r"|in an hour)|in \d{1,2} ?(?:minutes?|mins?|hours?|hrs?)"
    r"|right now|asap|urgent(?:ly)?|emergency|stranded|stuck at|locked out|no (?:power|water|heating|gas"
    r"|hot water|signal|internet|access)|lost (?:my )?(?:bag|luggage|suitcase)|missing (?:bag|luggage))\b",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"\b(?:solucionado|resuelto|arreglado|ya (?:qued[oó]|est[aá] (?:solucionad|resuelt|arreglad|todo)\w*|funciona)"
    r"|gracias por (?:resolver|solucionar)|dinero devuelto|cuenta recuperada|me (?:llamaron|han llamado)"
    r"|llamada recibida|sorted|resolved|fixed now|all good now|charge gone|got my money back|holding off)\b",
    re.IGNORECASE,
)
_NOT_CLOSED = re.compile(
    r"\b(?:necesit\w+|quier[oe]|queremos|exijo|need|want|would like|get|if|unless|until|not|never|no|sin|hasta que"
    r"|cu[aá]ndo|when|si)\b[^.!?]{0,40}\b(?:solucionado|resuelto|arreglado|sorted|resolved|fixed)\b"
    r"|n['’]t (?:\w+ )?(?:sorted|resolved|fixed)",
    re.IGNORECASE,
)
_HIGH_UNASKED, _HIGH_ALONE, _HIGH_SOON, _HIGH_STRONG, _HIGH_PLAIN = 0.65, 0.4, 0.25, 0.08, 0.02
_OPEN = {Intent.COMPLAINT, Intent.QUESTION, Intent.REQUEST, Intent.CHURN_THREAT, Intent.PURCHASE_INTEREST}


def urgency_of(
    text: str, probabilities: dict[Urgency, float], *, sentiment: Sentiment, intents: tuple[Intent, ...]
) -> Urgency:
    """Model and rules together.

    High: a plain cause unless the model is certain of the contrary, a strong word that it does not contradict, a word
    of haste with a half-sure model, or a surer model alone, which must be surer still where nothing is open; never for
    praise, spam, news and what is closed. Else the likelier of medium and low, and low when nothing is open.
    """
    is_open = sentiment is Sentiment.NEGATIVE or bool(_OPEN & {*intents})
    closed = bool(_CLOSED.search(text)) and not _NOT_CLOSED.search(text)
    quiet = bool({Intent.SPAM, Intent.NEWS_OPINION} & {*intents}) or sentiment is Sentiment.POSITIVE or closed
    high = probabilities[Urgency.HIGH]
    if not quiet and high >= _HIGH_PLAIN and high >= _needed(text, is_open=is_open):
        return Urgency.HIGH
    if not is_open or (quiet and not _OPEN & {*intents}):
        return Urgency.LOW
    return Urgency.MEDIUM if probabilities[Urgency.MEDIUM] + high >= probabilities[Urgency.LOW] else Urgency.LOW


def _needed(text: str, *, is_open: bool) -> float:
    """How likely the model must find high urgency, given the words."""
    if _PLAIN.search(text):
        return _HIGH_PLAIN
    if _STRONG.search(text):
        return _HIGH_STRONG
    if _SOON.search(text):
        return _HIGH_SOON
    return _HIGH_ALONE if is_open else _HIGH_UNASKED
