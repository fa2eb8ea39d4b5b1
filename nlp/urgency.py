"""Rules beside the model for urgency: what must be looked at now, whatever the tone."""

from __future__ import annotations

import re

from bot.domain.reading import Intent, Sentiment, Urgency

# safety, money or access taken, travel within hours, belongings missing, legal steps: enough by themselves
_STRONG = re.compile(
    r"\b(?:intoxicaci[oó]n|intoxicad[oa]s?|alergia|al[eé]rgic[oa]|incendio|ardiendo|humo|explot[oó]"
    r"|chispas|quemadura|hospital|urgencias"
    r"|olor a gas|fuga de gas|descarga el[eé]ctrica|accidente"
    r"|no (?:he |hab[ií]a |hemos )?(?:autori[cz]ad[oa]|autoric[eé])|que (?:yo )?no (?:hice|he hecho"
    r"|reconozco)|vaciado la cuenta|vaciar la cuenta|me han robado|me robaron"
    r"|hackead[oa]|hackearon|suplantaci[oó]n|fraude|duplicad[oa]s? (?:la )?sim|bloquead la tarjeta|bloqueen la tarjeta"
    r"|ocu|facua|profeco|consumidor(?:es)?|sernac|indecopi|condusef|oficina de consumo"
    r"|hojas? de reclamaci(?:[oó]n|ones)|abogad[oa]|demanda(?:r|r[eé])?|denuncia(?:r|r[eé])?|juzgado"
    r"|boicot"
    r"|food poisoning|allergic|on fire|caught fire|smoke|sparks?|exploded|burn(?:t|ed) my|gas leak"
    r"|smell of gas|carbon monoxide|electric shock|injured|ambulance"
    r"|unauthori[sz]ed|didn'?t (?:make|authori[sz]e)|i never authori[sz]ed|drained my account|hacked"
    r"|identity theft|fraud(?:ulent)?|stolen|sim swap"
    r"|lawyer|solicitor|attorney|small claims|trading standards|ombudsman|chargeback|sue you|legal action"
    r"|bbb|cfpb|ofcom|ofgem|boycott)\b",
    re.IGNORECASE,
)
# time words: they need a problem beside them
_SOON = re.compile(
    r"\b(?:(?:sale|salgo|salimos|sal[ií]a(?:mos)?|vuelo|embarco|embarcamos|despega|viajo"
    r"|viajamos) (?:\S+ ){0,4}?(?:en|hoy|ma[nñ]ana|\d+ ?(?:h|horas?|min))"
    r"|en \d{1,2} ?(?:minutos?|min|horas?|h)|ahora mismo|ya mismo|urgente|urge|cuanto antes|sin (?:luz"
    r"|agua|gas|calefacci[oó]n|internet|l[ií]nea|cobertura|servicio|dinero|acceso)"
    r"|tirad[oa]s?|varad[oa]s?|perdid[oa]s? mi|maleta(?:s)? (?:perdid|no ha)|no puedo (?:entrar|acceder)"
    r"|bloquead[oa]|encerrad[oa]"
    r"|(?:flight|train|boarding|leaves?|departs?|leaving) (?:\S+ ){0,4}?(?:in \d+|today|tonight|tomorrow"
    r"|in an hour)|in \d{1,2} ?(?:minutes?|mins?|hours?|hrs?)"
    r"|right now|asap|urgent(?:ly)?|emergency|stranded|stuck at|locked out|no (?:power|water|heating|gas"
    r"|hot water|signal|internet|access)|lost (?:my )?(?:bag|luggage|suitcase)|missing (?:bag|luggage))\b",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"\b(?:solucionado|resuelto|arreglado|ya (?:qued[oó]|est[aá]|funciona)|gracias por (?:resolver"
    r"|solucionar)|sorted|resolved|fixed now|all good now)\b",
    re.IGNORECASE,
)
_HIGH_ALONE, _HIGH_BESIDE, _HIGH_BESIDE_STRONG = 0.6, 0.25, 0.08
_OPEN = {Intent.COMPLAINT, Intent.QUESTION, Intent.REQUEST, Intent.CHURN_THREAT, Intent.PURCHASE_INTEREST}


def urgency_of(
    text: str, probabilities: dict[Urgency, float], *, sentiment: Sentiment, intents: tuple[Intent, ...]
) -> Urgency:
    """Model and rules together.

    High: a sure model, or a strong word that the model does not contradict, or a half-sure model with a word of
    haste; never for praise, spam and news. Else the likelier of medium and low, and low when nothing is open.
    """
    quiet = {Intent.SPAM, Intent.NEWS_OPINION} & {*intents} or sentiment is Sentiment.POSITIVE or _CLOSED.search(text)
    high = probabilities[Urgency.HIGH]
    needed = _HIGH_BESIDE_STRONG if _STRONG.search(text) else _HIGH_BESIDE if _SOON.search(text) else _HIGH_ALONE
    if high >= needed and not quiet:
        return Urgency.HIGH
    if quiet and not _OPEN & {*intents}:
        return Urgency.LOW
    return Urgency.MEDIUM if probabilities[Urgency.MEDIUM] + high >= probabilities[Urgency.LOW] else Urgency.LOW
