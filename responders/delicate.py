"""Recognise what a machine must leave to a person: lives and health, danger and violence, the law and people's data."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from bot.domain.interaction import Direction
from bot.domain.reading import Intent, Reading, Sentiment
from bot.domain.situation import Situation
from responders.self_harm import means_to_die
from responders.violence import speaks_of_violence
from responders.words import fold


class Topic(StrEnum):
    """Why a person must answer."""

    SELF_HARM = "self-harm"
    VIOLENCE = "violence"
    DEATH = "death"
    HEALTH = "health"
    SAFETY = "safety"
    LEGAL = "legal"
    PRIVACY = "privacy"


# a life may hang on it, whatever the tone: people are called, and no machine says a word
GRAVE = frozenset({Topic.SELF_HARM, Topic.VIOLENCE})
_ASKS = frozenset({Intent.REQUEST, Intent.QUESTION})

# folded words, es | en | pt | ca
_DEATH = re.compile(
    r"\b(falleci\w+|ha muerto|se murio|murio (mi|su)|defuncion|funeral|velatorio|difunt[oa]"
    r"|passed away|has died|(father|mother|husband|wife|son|daughter|grand\w+|brother|sister) died"
    r"|bereave\w+|deceased"
    r"|faleceu|va morir|difunt)\b"
)
_SMALL_ONE = (
    r"(?:hij[oa]s?|nin[oa]s?|nen[ea]|bebes?|peque|chiquit[oa]|niet[oa]|sobrin[oa]|perr[oa]|gat[oa]|filh[oa]|menin[oa]"
    r"|fill|filla|son|daughter|baby|child|kid|toddler|boy|girl|nephew|niece|dog|cat|puppy|kitten|he|she)"
)
_SWALLOWED = r"(?:trag(?:o|ado|aron)|tragad[oa]|comi(?:o|do)|engoliu|empassat|swallow(?:ed|s)?|ate|eaten)"
_SMALL_THING = (
    r"(?:pilas?|bateria|iman(?:es)?|pieza|boton|moneda|tornillo|pilha|battery|batteries|magnets?|button|coin|screw)"
)
_DANGER = re.compile(
    r"\b(incendi\w+|se (me )?(ha )?(prendi\w+|quemado|incendi\w+)|explot(o|ado)|explosion|descarga electrica"
    r"|calambrazo|electrocut\w+|cristales en|on fire|caught fire|explod(ed|ing|es)"
    r"|electric shock|gas leak|smoke (coming|from)|sparking|glass in (my|the)|brakes? failed"
    r"|choque eletrico"
    r"|h?uel[ea]n? (\w+ ){0,2}a (gas|quemado)|olor(es|azo)? (\w+ ){0,2}a (gas|quemado)|fugas? de gas|bota gas"
    r"|(echa(r|ba|n|ndo)?|echo|echaron|tir(a|o|an|aron|ando)|suelta|solto|larga|salta|saltan|saltaron)"
    r" (humo|chispas?|llamas|fuego)|humo saliendo|sal(e|ia|io) humo"
    r"|se infl[oa] la bateria|bateria (\w+ ){0,4}(hinchad[ao]|inflo)"
    r"|monoxido de carbono|(da|dio|dado|dan) (un )?calambres?|vidrios? (en|dentro del?)"
    r" (el|la|mi|yogur\w*|pan|leche)|(sin|fallaron los|fallan los) frenos|encerrad[oa]s? en (el|un) ascensor"
    r"|(stuck|trapped) in (the|a|your) (lift|elevator)|cristal(es)? en (el|la|mi)"
    r"|(gas|burning) smell|smell(s|ing|ed)? (of|like) (gas|burning)|(smells?|smelling) burnt|carbon monoxide"
    r"|smoke (came|coming|comes|pouring|smell)|sparks (coming|flying|from|out)|swollen battery"
    r"|battery (\w+ ){0,3}(swelling|swelled|swollen|bulging)"
    r"|sal(io|ia|e|ido|ieron) ardiendo|(puso|puesto|empezo|empieza|comenzo) a arder|(esta|estaba|sigue) ardiendo(?! de)"
    r"|(prendio|agarro|cogio|pego|pegou|pegado) f(ue|o)go|(esta|estaba|estan|sigue|envuelt[oa]) en llamas|va calar foc"
    r"|en flames|(into|in) flames|flames? (came|coming|shot|shooting|from|out)|sets? (fire to|alight)|caught alight"
    rf"|{_SMALL_ONE} ([\w']+ ){{0,4}}{_SWALLOWED} (\w+ ){{0,3}}{_SMALL_THING}"
    rf"|(tragado|swallowed) (\w+ ){{0,3}}{_SMALL_THING}"
    r"|(se|s'ha|me he) (\w+ ){0,2}(atragant(o|ado|aba|ando|at)|asfixi\w+|ennuegat)|asfixia|engasgou"
    r"|(casi|por poco) se (me )?ahog(a|o|aba)|chok(ed|ing)(?! up| back| with| me up| in the)|suffocat\w+"
    r"|casi (me|se|nos) mat(o|a|amos)|(nearly|almost) killed (him|her|my (son|daughter|baby|kid|wife|husband|mum|dog))"
    r"|(nearly|almost) killed myself (on|trip|fall|slip)\w*)\b"
)
_HEALTH = re.compile(
    r"\b(hospital\w*|(a|en) urgencias|ambulancia|intoxic\w+|alergi(a|as|co|ca)|anafil\w+|vomit\w+|diarrea"
    r"|embarazad[oa]|diabetic[oa]s?|quemaduras?|lesiona\w+|lesion(es)?|herid[oa]s?|enferm[oa]s?|salmonel\w+"
    r"|urticaria|me he quemado|ambulance|poison(ing|ed)|allerg\w+|anaphyla\w+|threw up|pregnant|injur(y|ed|ies)"
    r"|got burn(t|ed)|burned my|hurt (myself|himself|herself)"
    r"|made (me|us|him|her|them|my \w+) ((so|really|very|violently|properly) )?(ill|sick)"
    r"|dialisis|dialysis|on oxygen|electrodependiente"
    r"|(am|is|got|fell) (very |really |so )?(ill|sick)|bleeding|skin rash|gravida|malalta?)\b"
)
_PERIL = re.compile(r"\b(peligros[oa]s?|dangerous|unsafe|perillos[oa]?)\b")
_LEGAL = re.compile(
    r"\b(abogad[oa]s?|denuncia(r|re|remos|do|ros|rles)?|demanda(r|re|remos|ros|rles)|juzgado|tribunales|juicio"
    r"|hojas? de reclamacion(es)?|ocu|facua|omic|profeco|defensa del consumidor|acciones legales|via legal|fiscalia"
    r"|agencia (\w+ )?de proteccion de datos|aepd|apdcat|inai|anpd|(the|to) ico|lawyers?|attorney"
    r"|(will|to|gonna|can|i'll) sue|suing|lawsuit"
    r"|legal (action|steps|advice)|(to|in) court|ombudsman|trading standards|small claims|advogad[oa]"
    r"|procon|advocat|denunciar[ae]?"
    r"|(my|our|told|to a|see a|seeing a) solicitors?|solicitor's letter|cfpb|accc|icasa"
    r"|consumer (court|forum|commission|comission|tribunal|affairs)"
    r"|sernac|indecopi|condusef|osiptel|enacom|(a|en|ante) la (sic|superintendencia|cmf)|libro de reclamaciones"
    r"|(oficina|viceministerio) del consumidor|mi letrad[oa]"
    r"|(mando|envio|enviare|mandare|manana) (\w+ ){0,2}burofax"
    r"|(reclamacion|reclamo|queja|denuncia|escrito|puesto|denunciado)( \w+){0,3} (en|a|ante) consumo"
    r"|(voy|vamos|ire|va|acudo|planto|acudire)( \w+){0,2} (en|a) consumo"
    r"|carta (documento|notarial)|derecho de peticion|livro de reclamacoes|fulls? de reclamaci(o|ons)"
    r"|(accion de|la|una|pongo|meto) tutela|superfinanciera|supersalud|sunass|susalud|subtel|aesa"
    r"|defensor(ia)? del? \w+|(en|al?) (el )?banco de espana|ofcom|ofgem|cisas|the fos|citizens advice"
    r"|(to|with) the (fcc|ftc|fca|caa|dot|cma)|attorney general|section 75|letter before (action|claim)|chargeback)\b"
)
# the law on people's own data, and what it lets them ask: Spain and Latin America, Brazil, Europe, the United States
_PRIVACY = re.compile(
    r"\b(rgpd|lopd(gdd)?|lgpd|gdpr|ccpa|lfpdppp|habeas data|derechos arco"
    r"|(ley|decreto) (1581|25\.?326|29\.?733|19\.?628|1377)"
    r"|derechos? (al olvido|de (supresion|rectificacion|portabilidad|acceso a mis datos))|dret a l'oblit"
    r"|direito ao esquecimento|proteccion de datos|protecao de dados|data protection|right to (be forgotten|erasure)"
    r"|subject access request|dsar"
    r"|(?<!sin )(borr|elimin|suprim|cancel|esborr|apag|exclu)(ar|ad|[ae]is|en?|an?|eu|ir|uem) (todos |todas |toda )?"
    r"((mis|nuestros|meus|os meus|les meves) (datos|dados|dades)|(mi|nuestra) informacion( personal)?\b)"
    r"|(delete|erase|remove|wipe) (all )?(of )?(my|our) (\w+ )?(data|details|info|information)"
    r"|(filtr|vend|difund|ced|public|expuest|compart|rob)\w* (todos )?mis datos|(leaked|sold|selling|shared|exposed) my"
    r" (\w+ )?(data|details|information|address)|(fuga|filtracion|brecha) de datos|data (breach|leak))\b"
)
# the gravest first, because the first that fits is the one named
_SIGNS: tuple[tuple[Topic, Callable[[str], object]], ...] = (
    (Topic.SELF_HARM, means_to_die),
    (Topic.VIOLENCE, speaks_of_violence),
    (Topic.DEATH, _DEATH.search),
    (Topic.SAFETY, _DANGER.search),
    (Topic.HEALTH, _HEALTH.search),
    (Topic.SAFETY, _PERIL.search),
    (Topic.LEGAL, _LEGAL.search),
    (Topic.PRIVACY, _PRIVACY.search),
)
# a kettle dies as well; these do not, and neither does who is only named
_SOMEBODY = (
    r"(?:father|mother|dad|mum|mom|mam|husband|wife|partner|son|daughter|baby|child|kid|brother|sister|nan|gran|uncle"
    r"|aunt|cousin|niece|nephew|friend|neighbo|boss|colleague|customer|holder|tenant|owner|dog|cat|pupp|pet|man|woman"
    r"|boy|girl|lady|padre|madre|papa|mama|marid|mujer|espos|pareja|novi|hij|bebe|nin[oa]|herman|abuel|yay|ti[oa]\b"
    r"|prim[oa]\b|suegr|cunad|sobrin|niet|amig|vecin|viej|jef|titular|senor|client|duen|inquilin|perr|gat|mascot"
    r"|compan|person|hombre|chic|chav|pai\b|mae\b|pare\b)"
)
_DEATH_OF_A_THING = re.compile(
    rf"\b(?:our|my|the|this|that|your) (?!{_SOMEBODY})[\w-]+ has died\b"
    rf"|\b(?:ha muerto|murio) (?:mi|la|el|nuestr[oa]|un|una) (?!{_SOMEBODY})\w+"
)


def delicate_topic(text: str) -> Topic | None:
    """The gravest topic the text touches, or None. It would rather see one too many: the price is a person's look."""
    folded = _DEATH_OF_A_THING.sub(" ", fold(text))
    return next((topic for topic, shows in _SIGNS if shows(folded)), None)


def life_at_stake(text: str, reading: Reading) -> bool:
    """Whether people must be called now: for self-harm and violence whatever the model makes of the words, for a
    danger unless somebody is pleased and asks nothing.
    """
    topic = delicate_topic(text)
    pleased = reading.sentiment is Sentiment.POSITIVE and not set(reading.intents) & _ASKS
    return topic in GRAVE or (topic is Topic.SAFETY and not pleased)


def may_be_quoted(text: str) -> bool:
    """Whether it may stand in a digest, beside figures: not who wants to die, is mourned, or was struck."""
    return delicate_topic(text) not in GRAVE | {Topic.DEATH}


def delicate_topic_of_case(situation: Situation) -> Topic | None:
    """The topic of this mention, or else of what the customer told before in its case."""
    case = situation.case
    told = [
        past.text
        for past in situation.history
        if case is not None and past.case_id == case.id and past.direction is Direction.INBOUND
    ]
    topics = (delicate_topic(text) for text in (situation.mention.text, *told))
    return next((topic for topic in topics if topic is not None), None)
