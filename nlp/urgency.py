"""Rules beside the model for urgency: what must be looked at now, whatever the tone."""

from __future__ import annotations

import re

from bot.domain.reading import Intent, Sentiment, Urgency
from nlp.unmeant import has_happened, is_taken

# a legal step or a boycott, danger, money taken twice: enough unless the model is certain of the contrary
_STEP = re.compile(
    r"\b(?:ocu|facua|profeco|sernac|indecopi|condusef|consumidor(?:es)?|(?:oficina de|en|a) consumo"
    r"|hojas? de reclamaci(?:[oó]n|ones)|juzgado|en (?:los )?tribunales|(?:poner|interpon\w+|presentar?|presentad[oa]) "
    r"(?:una |la )?(?:denuncia|demanda)|denunciar(?:[eé]|os|los)?|demandar(?:[eé]|os|los)?|(?:os|los|te) (?:denuncio"
    r"|demando)|(?:mi|un|una|el|la) abogad[oa]"
    r"|small claims|trading standards|ombudsman|chargeback|sue (?:you|them)"
    r"|(?:i|we)(?:['’]ll| will| have to|['’](?:m|re) going to| want to) sue"
    r"|suing (?:you|them)|(?:you|them) (?:in|to) court|legal action|(?:my|a) (?:lawyer|solicitor|attorney)"
    r"|bbb|cfpb|ofcom|ofgem"
    # offices and papers of more countries
    r"|osiptel|sunass|susalud|subtel|superfinanciera|supersalud|procon|defensor[ií]a del \w+"
    r"|defensor del (?:cliente|pueblo)"
    r"|(?:a|en|por) (?:la )?superintendencia|carta (?:documento|notarial)|libro de reclamaciones"
    r"|livro de reclama[cç][oõ]es|fulls? de reclamaci(?:[oó]|ons)|derecho de petici[oó]n"
    r"|(?:acci[oó]n de|interp\w+ (?:la |una )?|(?:pongo|poner|puse|meto|meter) (?:la |una )?)tutela"
    r"|(?:en|al?) (?:el )?banco de espa[ñn]a|aesa"
    r"|(?:with|to) the (?:fcc|ftc|fca|caa|dot)|the fos|cisas|citizens advice|attorney general|section 75"
    r"|letter before (?:action|claim))\b"
    r"|(?<!\bel )(?<!\bdel )(?<!\bthe )(?<!\bning[uú]n )(?<!\bfor a )(?:boicot|boycott)",
    re.IGNORECASE,
)
_HARM = re.compile(
    r"\b(?:(?:echa(?:ndo)?|sale|saca) (?:humo|chispas)|(?:una|salta\w*|dio una?) chispa"
    r"|(?:huele|olor) a (?:gas|quemado)"
    r"|fuga de gas|se (?:me |nos )?incendi[oó]|descarga el[eé]ctrica|explot[oó]|intoxicad[oa]s?|intoxicaci[oó]n"
    r"|caught fire|on fire|sparks|sparking|gas leak|smell (?:of )?gas|carbon monoxide|electric shock|food poisoning"
    r"|smoke (?:coming|from|pouring)"
    r"|(?:got|been|fell) (?:(?:so|really|very|violently) )?(?:sick|ill) (?:after|off|from)"
    r"|made (?:me|us|him|her|them|(?:my|our) \w+) (?:(?:so|really|very|violently|properly) )?(?:ill|sick)(?! of\b)"
    r"|(?:vomitando|de vomitar|throwing up|threw up|puking|vomiting) (?:after|since|from|desde|por|tras|despu[eé]s)"
    r"|glass in (?:my|the|our|his|her)|vidrios? (?:a?dentro )?(?:en|del?) (?:el|la|mi|yogur\w*|pan|leche)"
    r"|(?:sin|fallaron los|fallan los) frenos|brakes (?:failed|gave out|stopped working)"
    r"|encerrad[oa]s? en (?:el|un) ascensor|(?:stuck|trapped) in (?:the|a|your) (?:lift|elevator)"
    r"|(?:cobr|carg|pag|factur|descont)\w* [^.!?]{0,40}?(?:(?:dos|tres|cuatro|2|3|4) veces|por duplicado|doble)"
    r"|(?:dos|tres|cuatro|doble) cobros?|cobros? (?:doble|duplicado)s?|cargo duplicado"
    r"|(?:dos|tres) cargos? (?:iguales|por (?:la misma|el mismo|lo mismo))"
    r"|(?:charg|bill|debit|pa[iy])\w* (?:\S+ ){0,6}?(?:twice|double|two times|three times)|double[- ]?charged"
    r"|charged (?:twice|double)|duplicate charges?)\b",
    re.IGNORECASE,
)
# a step only named, danger, money or access taken, belongings missing: enough where the model does not contradict
_NAMED_STEP = re.compile(
    r"\b(?:abogad[oa]|burofax|demanda(?! (?:de|el[eé]ctrica)\b)|denuncia(?! que\b)|lawyer|solicitor|attorney)\b",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\b(?:alergia|al[eé]rgic[oa]|incendio|ardiendo|humo|chispas?|quemadura|hospital|urgencias|accidente|cristales"
    r"|vidrios? en (?:el|la|mi)"
    r"|no (?:he |hab[ií]a |hemos )?(?:autori[cz]ad[oa]|autoric[eé])|que (?:yo )?no (?:hice|he hecho"
    r"|reconozco)|vaci(?:ado|ar|aron|[oó]) (?:la|mi) cuenta|n[uú]meros rojos"
    r"|me (?:han robado|robaron|roban)(?! el coraz)|clon(?:aron|ad[oa])|electrodependiente|di[aá]lisis"
    r"|hackead[oa]|hackearon|suplantaci[oó]n|fraude|duplicad[oa]s? (?:la )?sim|bloquead la tarjeta|bloqueen la tarjeta"
    r"|allergic|on oxygen|dialysis|smoke|exploded|burn(?:t|ed) my|injured|ambulance"
    r"|unauthori[sz]ed|didn'?t (?:make|authori[sz]e)|i never authori[sz]ed|(?:drained|emptied) my account"
    r"|hacked|overdrawn|identity theft|fraud(?:ulent)?|stolen|sim swap|electrics)\b",
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
    r"|gracias por (?:resolver|solucionar)|dinero devuelto|cuenta recuperada|(?:ya|s[ií],?) me (?:llamaron|han llamado)"
    r"|llamada recibida|sorted|resolved|fixed now|all good now|charge gone|got my money back|holding off)\b",
    re.IGNORECASE,
)
_NOT_CLOSED = re.compile(
    r"\b(?:necesit\w+|quier[oe]|queremos|exijo|need|want|would like|get|if|unless|until|not|never|no|sin|hasta que"
    r"|cu[aá]ndo|when|si)\b[^.!?]{0,40}\b(?:solucionado|resuelto|arreglado|sorted|resolved|fixed)\b"
    r"|n['’]t (?:\w+ )?(?:sorted|resolved|fixed)"
    r"|\b(?:dic\w+|di[jst]\w+|da[ndb]\w*|cerr\w+|marc\w+|pon[eg]\w*|figura\w*|ojal[aá]|ni|nada|says|said|reads|marked"
    r"|called it|shows?|clos\w+|claim\w*|nothing|how)\b[^.!?]{0,30}\b(?:solucionad[oa]|resuelt[oa]|arreglad[oa]"
    r"|sorted|resolved|fixed)\b",
    re.IGNORECASE,
)
_HIGH_UNASKED, _HIGH_ALONE, _HIGH_SOON, _HIGH_STRONG, _HIGH_PLAIN = 0.65, 0.4, 0.25, 0.08, 0.02
_CAUSES = (
    (_STEP, is_taken, _HIGH_PLAIN),
    (_HARM, has_happened, _HIGH_PLAIN),
    (_NAMED_STEP, is_taken, _HIGH_STRONG),
    (_STRONG, has_happened, _HIGH_STRONG),
    (_SOON, has_happened, _HIGH_SOON),
)
# whose step it is where all else sounds like news: "mi queja ya está en Osiptel", "Filed with the CFPB this morning"
_OWN = re.compile(
    r"\b(?:mi|mis|me|nos|he|hemos|puse|pongo|present[eé]|presentad[oa]|interpuse|abr[ií]|radiqu[eé]|j[aá] abri|my|i"
    r"|i['’](?:ve|m|ll)|we|we['’]ve|filed|lodged|reported|opened)\b",
    re.IGNORECASE,
)
_BOYCOTT = re.compile("boicot|boycott", re.IGNORECASE)
_OPEN = {Intent.COMPLAINT, Intent.QUESTION, Intent.REQUEST, Intent.CHURN_THREAT, Intent.PURCHASE_INTEREST}


def urgency_of(
    text: str, probabilities: dict[Urgency, float], *, sentiment: Sentiment, intents: tuple[Intent, ...]
) -> Urgency:
    """Model and rules together.

    High: a plain cause unless the model is certain of the contrary, a strong word that it does not contradict, a word
    of haste with a half-sure model, or a surer model alone, which must be surer still where nothing is open or none of
    such words is meant; never for praise, spam, news (but for a step of the author's own) and what is closed. Else the
    likelier of medium and low, and low when nothing is open.
    """
    is_open = sentiment is Sentiment.NEGATIVE or bool(_OPEN & {*intents})
    closed = bool(_CLOSED.search(text)) and not _NOT_CLOSED.search(text)
    told = Intent.NEWS_OPINION in intents and not _takes_a_step(text)
    quiet = told or Intent.SPAM in intents or sentiment is Sentiment.POSITIVE or closed
    high = probabilities[Urgency.HIGH]
    if not quiet and high >= _HIGH_PLAIN and high >= _needed(text, is_open=is_open):
        return Urgency.HIGH
    if not is_open or (quiet and not _OPEN & {*intents}):
        return Urgency.LOW
    return Urgency.MEDIUM if probabilities[Urgency.MEDIUM] + high >= probabilities[Urgency.LOW] else Urgency.LOW


def _takes_a_step(text: str) -> bool:
    """Whether the author goes to law or to an office; who calls for a boycott need not."""
    steps = (found for found in _STEP.finditer(text) if not _BOYCOTT.match(found[0]))
    return _OWN.search(text) is not None and any(is_taken(text, found) for found in steps)


def _needed(text: str, *, is_open: bool) -> float:
    """How likely the model must find high urgency, given the words; it must be surer where none of them is meant."""
    unmeant = False
    for words, is_meant, enough in _CAUSES:
        found = [*words.finditer(text)]
        if any(is_meant(text, each) for each in found):
            return enough
        unmeant = unmeant or bool(found)
    return _HIGH_ALONE if is_open and not unmeant else _HIGH_UNASKED
