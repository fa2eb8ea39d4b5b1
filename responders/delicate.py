"""Recognise what a machine must leave to a person: legal steps, health, safety, death, self-harm."""

from __future__ import annotations

import re
from enum import StrEnum

from bot.domain.interaction import Direction
from bot.domain.situation import Situation
from responders.words import fold


class Topic(StrEnum):
    """Why a person must answer."""

    SELF_HARM = "self-harm"
    DEATH = "death"
    HEALTH = "health"
    SAFETY = "safety"
    LEGAL = "legal"


# folded words, es | en | pt | ca; the gravest first, because the first that fits is the one named
_SIGNS: dict[Topic, re.Pattern[str]] = {
    Topic.SELF_HARM: re.compile(
        r"\b(suicid\w+|matarme|quitarme la vida|no quiero (seguir )?vivi(r|endo)|autolesi\w+|hacerme dano"
        r"|kill(ing)? myself|end my life|self[- ]?harm\w*|hurt myself|don'?t want to live|me matar|tirar a minha vida"
        r"|llevar-me la vida)\b"
    ),
    Topic.DEATH: re.compile(
        r"\b(falleci\w+|ha muerto|se murio|murio (mi|su)|defuncion|funeral|velatorio|difunt[oa]"
        r"|passed away|has died|(father|mother|husband|wife|son|daughter|grand\w+|brother|sister) died"
        r"|bereave\w+|deceased"
        r"|faleceu|va morir|difunt)\b"
    ),
    Topic.HEALTH: re.compile(
        r"\b(hospital\w*|a urgencias|ambulancia|intoxic\w+|alergi(a|as|co|ca)|anafil\w+|vomit\w+|diarrea|embarazad[oa]"
        r"|diabetic[oa]s?|quemaduras?|lesiona\w+|lesion(es)?|herid[oa]s?|enferm[oa]s?|salmonel\w+"
        r"|urticaria|me he quemado|ambulance|poison(ing|ed)|allerg\w+|anaphyla\w+|threw up|pregnant|injur(y|ed|ies)"
        r"|got burn(t|ed)|burned my"
        r"|made (me|us|him|her|them|my \w+) ((so|really|very|violently|properly) )?(ill|sick)"
        r"|dialisis|dialysis|on oxygen|electrodependiente"
        r"|(am|is|got|fell) (very |really |so )?(ill|sick)|bleeding|skin rash|gravida|malalta?)\b"
    ),
    Topic.SAFETY: re.compile(
        r"\b(incendi\w+|se (me )?(ha )?(prendi\w+|quemado|incendi\w+)|explot(o|ado)|explosion|descarga electrica"
        r"|calambrazo|electrocut\w+|peligros[oa]s?|cristales en|on fire|caught fire|explod(ed|ing|es)"
        r"|electric shock|gas leak|smoke (coming|from)|sparking|dangerous|glass in (my|the)|brakes? failed|unsafe"
        r"|perillos[oa]?|choque eletrico"
        r"|h?uel[ea]n? (\w+ ){0,2}a (gas|quemado)|olor(es|azo)? (\w+ ){0,2}a (gas|quemado)|fugas? de gas|bota gas"
        r"|(echa(r|ba|n|ndo)?|echo|echaron|tir(a|o|an|aron|ando)|suelta|solto|larga|salta|saltan|saltaron)"
        r" (humo|chispas?|llamas)|humo saliendo|sal(e|ia|io) humo"
        r"|se infl[oa] la bateria|bateria (\w+ ){0,4}(hinchad[ao]|inflo)"
        r"|monoxido de carbono|(da|dio|dado|dan) (un )?calambres?|vidrios? (en|dentro del?)"
        r" (el|la|mi|yogur\w*|pan|leche)|(sin|fallaron los|fallan los) frenos|encerrad[oa]s? en (el|un) ascensor"
        r"|(stuck|trapped) in (the|a|your) (lift|elevator)"
        r"|cristal(es)? en (el|la|mi)"
        r"|(gas|burning) smell|smell(s|ing|ed)? (of|like) (gas|burning)|(smells?|smelling) burnt|carbon monoxide"
        r"|smoke (came|coming|comes|pouring|smell)|sparks (coming|flying|from|out)|swollen battery"
        r"|battery (\w+ ){0,3}(swelling|swelled|swollen|bulging))\b"
    ),
    Topic.LEGAL: re.compile(
        r"\b(abogad[oa]s?|denuncia(r|re|remos|do|ros|rles)?|demanda(r|re|remos|ros|rles)|juzgado|tribunales|juicio"
        r"|hojas? de reclamacion(es)?|ocu|facua|omic|profeco|defensa del consumidor|acciones legales|via legal|fiscalia"
        r"|agencia (espanola )?de proteccion de datos|lawyers?|attorney|(will|to|gonna|can|i'll) sue|suing|lawsuit"
        r"|legal (action|steps|advice)|(to|in) court|ombudsman|trading standards|small claims|gdpr|advogad[oa]"
        r"|procon|advocat|denunciar[ae]?"
        r"|(my|our|told|to a|see a|seeing a) solicitors?|solicitor's letter|cfpb|accc|icasa"
        r"|consumer (court|forum|commission|comission|tribunal|affairs)"
        r"|carta (documento|notarial)|derecho de peticion|livro de reclamacoes|fulls? de reclamaci(o|ons)"
        r"|(accion de|la|una|pongo|meto) tutela|superfinanciera|supersalud|sunass|susalud|subtel|aesa"
        r"|defensor(ia)? del? \w+|(en|al?) (el )?banco de espana|ofcom|ofgem|cisas|the fos|citizens advice"
        r"|(to|with) the (fcc|ftc|fca|caa|dot|cma)|attorney general|section 75|letter before (action|claim)|chargeback"
        r"|sernac|indecopi|condusef|osiptel|enacom|(a|en|ante) la (sic|superintendencia|cmf)|libro de reclamaciones"
        r"|(oficina|viceministerio) del consumidor|mi letrad[oa]"
        r"|(mando|envio|enviare|mandare|manana) (\w+ ){0,2}burofax"
        r"|(reclamacion|reclamo|queja|denuncia|escrito|puesto|denunciado)( \w+){0,3} (en|a|ante) consumo"
        r"|(voy|vamos|ire|va|acudo|planto|acudire)( \w+){0,2} (en|a) consumo)\b"
    ),
}
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
    return next((topic for topic, signs in _SIGNS.items() if signs.search(folded)), None)


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
