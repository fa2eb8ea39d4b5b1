"""What a machine must leave to a person, in the words in which people say it; and what only sounds like that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.action import Alert, Route
from bot.domain.case import Case
from bot.domain.customer import CustomerId
from bot.domain.interaction import Direction, Interaction
from bot.domain.mention import MentionId
from bot.domain.reading import Intent, Sentiment, Urgency
from bot.domain.reason import because
from bot.domain.situation import Situation
from responders.answer import AnswerFromArticles
from responders.delicate import Topic, delicate_topic
from responders.escalate import Escalate
from responders.knowledge import ArticleSearch
from responders.suggest import Suggestions
from responders.templates import Phrasebook
from responders.thank import Thank

Tell = Callable[..., Situation]
Cases = Callable[..., Case]

SELF_HARM = (
    "me voy a quitar la vida por vuestra culpa",
    "me quitaria la vida si no fuera por mis hijos",
    "he pensado en quitarme la vida",
    "me quiero morir, me habéis quitado todo lo que tenía",
    "lo unico que kiero es morirme ya",
    "prefiero morirme a seguir así",
    "me voy a matar",
    "acabaré matándome",
    "voy a acabar con mi vida",
    "quiero acabar con todo, no puedo más",
    "no tengo ganas de vivir",
    "me habéis quitado las ganas de vivir",
    "no quiero seguir viviendo así",
    "estaría mejor muerta",
    "me voy a hacer dano",
    "voy a cortarme las venas",
    "me voy a tirar por la ventana",
    "cualquier día me tiro al metro",
    "me tomé todas las pastillas que había en casa",
    "mi hijo de 16 años se quería morir por lo que publicaron",
    "I want to die",
    "i just wanna die",
    "I just want to end it all",
    "I’d be better off dead",
    "I'm going to take my own life",
    "i have no reason to live",
    "i dont want to live anymore",
    "I keep thinking about killing myself because of this debt",
    "I feel like hurting myself",
    "I'm going to jump off a bridge",
    "my daughter wants to die because of your app",
    "vou me matar",
    "não quero mais viver",
    "quero morrer por causa de vocês",
    "vull morir",
    "em trauré la vida",
    "no tinc ganes de viure",
)
VIOLENCE = (
    "os voy a matar",
    "les voy a matar a todos",
    "voy a prender fuego a vuestra oficina",
    "hay una bomba en la tienda",
    "he puesto una bomba en el almacén",
    "el repartidor me pegó",
    "el conductor me amenazó de muerte",
    "el técnico me agredió",
    "your driver assaulted me",
    "the guard punched my son",
    "I will kill you all",
    "there's a bomb in the store",
    "I'll burn your shop down",
    "vou matar vocês",
    "us mataré",
)
DANGER = (
    "mi hija se tragó una pila",
    "el bebé se tragó un botón de la chaqueta",
    "mi niña se atragantó con la tapa",
    "my son choked",
    "my daughter swallowed a battery",
    "el cargador salió ardiendo",
    "la freidora se puso a arder",
    "agarró fuego el cargador",
    "it burst into flames",
    "meu filho engoliu uma pilha",
    "va calar foc",
)
PRIVACY = (
    "incumplís el RGPD",
    "ejerzo mi derecho al olvido",
    "borrad todos mis datos",
    "eliminen mis datos personales de su base",
    "borren mi información personal",
    "derechos ARCO: solicito la cancelación",
    "hago uso del habeas data, ley 1581",
    "habéis filtrado mis datos",
    "which region are your servers in? need EU for gdpr",
    "please delete all my data",
    "I want the right to be forgotten",
    "this is a subject access request",
    "you leaked my data",
    "LGPD: apaguem meus dados",
    "esborreu les meves dades",
)
AUTHORITIES = ("esto va a la AEPD", "queja ante el INAI", "I'll complain to the ICO", "vou reclamar na ANPD")
NOT_MEANT = (
    "me muero por la lámpara",
    "me muero de risa",
    "me mata este color",
    "este precio me mata",
    "vais a matarme de un infarto con estos precios",
    "me mato a trabajar para pagaros",
    "casi se me para el corazón",
    "me quiero morir 😍 qué vestido",
    "me quiero morir de la vergüenza",
    "me quitáis la vida con tanta espera",
    "me habéis salvado la vida",
    "no quiero vivir sin vuestro café",
    "no quiero vivir en Madrid",
    "los zapatos empiezan a hacerme daño",
    "me tiro a la piscina y lo compro",
    "voy a tirar el router por la ventana",
    "quiero poner fin a mi contrato",
    "no quiero despertar al bebé",
    "esto es la bomba",
    "una bomba de sabor",
    "la bomba de agua no arranca",
    "te voy a matar jajaja",
    "qué paliza de viaje",
    "el cajero se tragó mi tarjeta",
    "la app se traga la batería",
    "los precios son un atropello",
    "dying to try it",
    "you guys are killing it",
    "I'd kill for that dress",
    "the wait is killing me",
    "my wife will kill me",
    "a sofa to die for",
    "so cute I want to die 😍",
    "I'd rather die than use your app again",
    "I can't live without it",
    "I'll shoot you a DM",
    "this will kill the battery",
    "it just hit me that it is Friday",
    "this outfit is fire",
    "choked up reading your card",
    "it's 30 kms to the store",
    "se me han borrado los datos del móvil",
    "la app ha borrado mis datos de la partida",
    "me quedé sin datos a mitad de mes",
    "how do I change my card details?",
    "esse preço me mata",
    "em moro de ganes",
)


@pytest.mark.parametrize("text", SELF_HARM)
def test_despair_is_heard_in_whatever_words(text: str) -> None:
    assert delicate_topic(text) is Topic.SELF_HARM


@pytest.mark.parametrize("text", VIOLENCE)
def test_threats_and_attacks_are_heard(text: str) -> None:
    assert delicate_topic(text) is Topic.VIOLENCE


@pytest.mark.parametrize("text", DANGER)
def test_fire_and_what_children_swallow_are_dangers(text: str) -> None:
    assert delicate_topic(text) is Topic.SAFETY


@pytest.mark.parametrize("text", PRIVACY)
def test_the_law_on_personal_data_is_known_by_its_names_and_by_what_it_lets_people_ask(text: str) -> None:
    assert delicate_topic(text) is Topic.PRIVACY


@pytest.mark.parametrize("text", AUTHORITIES)
def test_who_goes_to_an_authority_takes_a_legal_step(text: str) -> None:
    assert delicate_topic(text) is Topic.LEGAL


@pytest.mark.parametrize("text", NOT_MEANT)
def test_who_only_talks_big_is_left_in_peace(text: str) -> None:
    assert delicate_topic(text) is None


def escalated(situation: Situation) -> list[Alert | Route]:
    said = Escalate(desk="casos", alerts="alertas").respond(situation)
    return [action for action in said if isinstance(action, Alert | Route)]


@pytest.mark.parametrize("tone", [Sentiment.POSITIVE, Sentiment.NEUTRAL, Sentiment.NEGATIVE])
@pytest.mark.parametrize(
    "text", ["me quiero morir, me habéis quitado todo lo que tenía", "I want to die", "hay una bomba"]
)
def test_where_a_life_is_at_stake_the_leads_are_called_whatever_the_tone(
    tell: Tell, a_case: Cases, text: str, tone: Sentiment
) -> None:
    alert, route = escalated(tell(text, sentiment=tone, intents=(Intent.PRAISE,), case=a_case(key=0)))

    assert isinstance(alert, Alert)
    assert alert.wakes
    assert isinstance(route, Route)
    assert route.urgency is Urgency.HIGH


@pytest.mark.parametrize(
    ("text", "wakes"),
    [("my son swallowed the battery from your toy", True), ("os denuncio, voy a denunciar", False)],
)
def test_a_danger_calls_the_leads_and_a_legal_step_does_not(
    tell: Tell, a_case: Cases, text: str, *, wakes: bool
) -> None:
    alert, _ = escalated(tell(text, sentiment=Sentiment.NEGATIVE, case=a_case(key=0)))

    assert isinstance(alert, Alert)
    assert alert.wakes is wakes


@pytest.mark.parametrize(
    "known",
    [
        {"intents": (Intent.REQUEST,)},
        {"intents": (Intent.COMPLAINT, Intent.CHURN_THREAT), "sentiment": Sentiment.NEGATIVE},
    ],
)
def test_what_people_want_about_their_data_goes_to_the_desk_and_alerts_nobody(
    tell: Tell, a_case: Cases, known: dict[str, Any]
) -> None:
    [route] = escalated(tell("me voy, borrad todos mis datos", **known, case=a_case(key=0)))

    assert route == Route(desk="casos", reason=because("escalate.privacy"), urgency=Urgency.MEDIUM)


def test_despair_in_a_case_that_was_urgent_already_is_told_once_more(tell: Tell, a_case: Cases) -> None:
    urgent = a_case(urgency=Urgency.HIGH)
    despair = tell("No puedo más, me voy a matar", case=urgent, cases=(urgent,))

    assert [type(action) for action in escalated(despair)] == [Alert, Route]
    assert escalated(replace(despair, history=(_before(urgent, "me quiero morir"),))) == []


def test_no_machine_speaks_to_despair(
    tell: Tell, phrasebook: Phrasebook, knowledge: ArticleSearch, answered_case: Case
) -> None:
    despair = tell("¿Cómo hago una devolución? Me voy a matar", intents=(Intent.QUESTION,))
    over = tell(
        "Ya está resuelto, gracias",
        intents=(Intent.PRAISE,),
        sentiment=Sentiment.POSITIVE,
        case=answered_case,
        cases=(answered_case,),
    )
    suggest = Suggestions(knowledge=knowledge, phrasebook=phrasebook, limit_of=lambda _: 280)

    assert list(AnswerFromArticles(knowledge, limit_of=lambda _: 280).respond(despair)) == []
    assert suggest(despair) is None
    assert list(Thank(phrasebook).respond(over)) != []
    assert list(Thank(phrasebook).respond(replace(over, history=(_before(answered_case, "me quiero morir"),)))) == []


def _before(case: Case, text: str) -> Interaction:
    return Interaction(
        key="x:70",
        customer_id=CustomerId("c-marta"),
        case_id=case.id,
        mention_id=MentionId("x:70"),
        at=datetime(2026, 5, 12, 9, 0, tzinfo=UTC),
        direction=Direction.INBOUND,
        actor="marta_g",
        channel="x",
        text=text,
    )
