"""When nothing is said, and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.desk.reasons import reason_in_english
from bot.domain.action import Silence, SurveyKind
from bot.domain.case import Case
from bot.domain.customer import CustomerId
from bot.domain.mention import Handle
from bot.domain.reading import Intent, Language, Sentiment, Urgency
from bot.domain.reason import because
from bot.domain.situation import Situation
from bot.domain.survey import Survey
from responders.hush import Hush
from responders.optout import wants_out
from responders.wants_person import wants_person

Tell = Callable[..., Situation]
MARTA = CustomerId("c-marta")
TUESDAY_NOON = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
ASKED = Survey(id="s", customer_id=MARTA, kind=SurveyKind.CSAT, asked_at=TUESDAY_NOON - timedelta(days=1))

SILENT: list[tuple[str, str, dict[str, Any]]] = [
    ("our own account", "Ya tenemos las botas nuevas", {"mention": {"by_brand": True}}),
    ("automated author", "I am a bot. Beep.", {"facts": {"author_is_automated": True}}),
    ("backfilled", "¡El pedido llegó roto!", {"mention": {"backfilled": True}, "intents": (Intent.COMPLAINT,)}),
    ("survey answer: 4", "@zarapito 4", {"facts": {"last_survey": ASKED}}),
    ("spam", "Gana dinero desde casa", {"spam": True, "intents": (Intent.SPAM,)}),
    ("not about the brand", "Un zarapito en la marisma", {"about_brand": False}),
    ("opted out", "Me encantan", {"customer": {"opted_out": True}, "intents": (Intent.PRAISE,)}),
    ("opt-out", "dejad de escribirme", {"sentiment": Sentiment.NEGATIVE}),
    ("opt-out", "please unsubscribe me", {"language": Language.EN, "intents": (Intent.REQUEST,)}),
    ("news or opinion", "Zarapito gana un 5 % más, vía @diario", {"intents": (Intent.NEWS_OPINION,)}),
    ("news or opinion", "Zarapito up 5 %", {"intents": (Intent.NEWS_OPINION, Intent.SMALLTALK)}),
]

HEARD: list[tuple[str, dict[str, Any]]] = [
    ("El pedido llegó roto", {"intents": (Intent.COMPLAINT,), "sentiment": Sentiment.NEGATIVE}),
    ("Love them!", {"language": Language.EN, "intents": (Intent.PRAISE,)}),
    ("Zarapito sube precios, vergüenza, mi pedido no llega", {"intents": (Intent.NEWS_OPINION, Intent.COMPLAINT)}),
    ("Boicot a Zarapito", {"intents": (Intent.NEWS_OPINION,), "urgency": Urgency.HIGH}),
    ("No dejéis de escribirme", {}),
    ("son las 4 y no llega", {"facts": {"last_survey": ASKED}}),
    ("persona", {"about_brand": False, "intents": (Intent.SMALLTALK,)}),
    ("me han cobrado dos veces, ¡ayuda!", {"customer": {"opted_out": True}, "urgency": Urgency.HIGH}),
    ("quiero hablar con una persona", {"customer": {"opted_out": True}}),
]


@pytest.mark.parametrize(("reason", "text", "known"), SILENT)
def test_silence_comes_with_its_reason(tell: Tell, reason: str, text: str, known: dict[str, Any]) -> None:
    [silence] = Hush(()).respond(tell(text, **known))

    assert isinstance(silence, Silence)
    assert reason_in_english(silence.reason).startswith(reason)


@pytest.mark.parametrize(("text", "known"), HEARD)
def test_who_has_something_to_say_is_not_hushed(tell: Tell, text: str, known: dict[str, Any]) -> None:
    assert list(Hush(("zarapito",)).respond(tell(text, **known))) == []


def test_a_problem_beside_the_wish_for_peace_reaches_people(tell: Tell, a_case: Callable[..., Case]) -> None:
    text, unhappy = "no me escribáis más, y el pedido sigue sin llegar", {"sentiment": Sentiment.NEGATIVE}

    assert list(Hush(()).respond(tell(text, case=a_case(key=0), **unhappy))) == []
    [silence] = Hush(()).respond(tell("no me escribáis más", case=a_case(), **unhappy))
    assert isinstance(silence, Silence)


def test_who_asked_for_peace_and_writes_in_their_case_again_is_heard_by_people(
    tell: Tell, a_case: Callable[..., Case]
) -> None:
    known = {"customer": {"opted_out": True}, "intents": (Intent.COMPLAINT,), "sentiment": Sentiment.NEGATIVE}

    assert list(Hush(()).respond(tell("sigue sin llegar", **known, case=a_case()))) == []
    [silence] = Hush(()).respond(tell("sigue sin llegar", **known))
    assert isinstance(silence, Silence)


@pytest.mark.parametrize("account", ["@Tienda@Uno.example", "tienda@uno.example"])
def test_an_account_named_in_the_settings_is_our_own(tell: Tell, account: str) -> None:
    ours = Handle(channel="mail", account_id="tienda@uno.example", name="La tienda")
    [silence] = Hush((account,)).respond(
        tell("El pedido llegó roto", intents=(Intent.COMPLAINT,), mention={"author": ours})
    )

    assert isinstance(silence, Silence)
    assert silence.reason == because("hush.own_account")


def test_where_names_are_accounts_the_channel_alone_knows_which_are_ours(tell: Tell) -> None:
    there = Handle(channel="reddit", account_id="zarapito", name="zarapito")
    complaint = tell("El pedido llegó roto", intents=(Intent.COMPLAINT,), mention={"author": there})

    assert list(Hush(("zarapito",)).respond(complaint)) == []


@pytest.mark.parametrize("account", ["@Marta_G", "marta_g"])
def test_whoever_has_the_name_of_an_account_of_ours_is_heard(tell: Tell, account: str) -> None:
    assert list(Hush((account,)).respond(tell("El pedido llegó roto", intents=(Intent.COMPLAINT,)))) == []


def test_a_survey_already_answered_silences_nobody(tell: Tell) -> None:
    answered = Survey(id="s", customer_id=MARTA, kind=SurveyKind.CSAT, asked_at=TUESDAY_NOON, answer=5)

    assert list(Hush(()).respond(tell("4", facts={"last_survey": answered}))) == []


WANTS_OUT = [
    ("Dejad de escribirme", Language.ES),
    ("@zarapito dejad ya de mandarme mensajes, gracias", Language.ES),
    ("Por favor, deja de contestarme", Language.ES),
    ("no me escribáis más", Language.ES),
    ("No me escriban más por favor", Language.ES),
    ("Quiero que dejéis de escribirme", Language.ES),
    ("No me volváis a escribir", Language.ES),
    ("No vuelvan a contactarme", Language.ES),
    ("no me vuelvas a mandar encuestas", Language.ES),
    ("no quiero recibir más mensajes", Language.ES),
    ("dadme de baja de la lista", Language.ES),
    ("BAJA", Language.ES),
    ("STOP", Language.OTHER),
    ("@zarapito Stop!", Language.EN),
    ("unsubscribe me", Language.EN),
    ("Please unsubscribe me from these messages", Language.EN),
    ("stop messaging me", Language.EN),
    ("I want you to stop replying to me", Language.EN),
    ("Don’t contact me again", Language.EN),
    ("Don't ever contact me again", Language.EN),
    ("can you stop emailing me?", Language.EN),
    ("remove me from your mailing list", Language.EN),
    ("No more surveys please", Language.EN),
    ("Parem de me escrever", Language.PT),
    ("Não me enviem mais nada", Language.PT),
    ("Deixeu d'escriure'm", Language.CA),
    ("No m'escriviu més", Language.CA),
    ("dejad de escribirme", Language.EN),
    ("No más mensajes, por favor", Language.ES),
    ("basta de mensajes", Language.ES),
    ("no deseo recibir más comunicaciones", Language.ES),
    ("dadme de baja de la newsletter", Language.ES),
    ("quiero darme de baja de los mensajes", Language.ES),
    ("borradme de vuestra lista", Language.ES),
    ("baja por favor", Language.ES),
    ("stop, gracias", Language.ES),
    ("Don't contact me.", Language.EN),
    ("never contact me", Language.EN),
    ("I do not want to receive any more messages", Language.EN),
    ("I don't want any more messages", Language.EN),
    ("opt me out", Language.EN),
    ("I'd like to opt out of these messages", Language.EN),
    ("unsubscribe, please", Language.EN),
    ("I told you never contact me again", Language.EN),
    ("could you unsubscribe me from your mailing list", Language.EN),
    ("parem de me mandar mensagens", Language.PT),
    ("não quero receber mais mensagens", Language.PT),
    ("não me mandem mais mensagens", Language.PT),
    ("no em contacteu més", Language.CA),
    ("no vull rebre més missatges", Language.CA),
    ("prou de missatges", Language.CA),
    ("leave me alone", Language.EN),
    ("@zarapito just leave us alone please", Language.EN),
    ("déjenme en paz", Language.ES),
    ("dejadme ya tranquila, por favor", Language.ES),
    ("no me escriban", Language.ES),
    ("ya no me contacten, gracias", Language.ES),
    ("bot no me respondas", Language.ES),
    ("Quit messaging me", Language.EN),
    ("stop dm'ing me", Language.EN),
    ("stop replying to my tweets", Language.EN),
    ("Do not reply to me.", Language.EN),
]
STAYS = [
    ("they never contact me again", Language.EN),
    ("you don't contact me anymore", Language.EN),
    ("Nobody has replied. They never reply to me anymore", Language.EN),
    ("You said you would never contact me again and you did", Language.EN),
    ("I get no more updates on my order", Language.EN),
    ("no more emails from you since Monday, why?", Language.EN),
    ("Why did you unsubscribe me from your emails?", Language.EN),
    ("No me respondáis más con plantillas, quiero una persona", Language.ES),
    ("vuestro agente me dijo «no me escribas más» y colgó", Language.ES),
    ("no dejéis de escribir", Language.ES),
    ("No dejéis de escribirme, por favor", Language.ES),
    ("no quiero que dejéis de escribirme", Language.ES),
    ("para el pedido, por favor", Language.ES),
    ("La app deja de responderme", Language.ES),
    ("me doy de baja de la fibra", Language.ES),
    ("llevo tres días y no me contestan", Language.ES),
    ("no me escriban más tarde de las ocho", Language.ES),
    ("no me volvieron a escribir", Language.ES),
    ("que no vuelvan a mandarme un paquete roto", Language.ES),
    ("how can you stop replying to me?", Language.EN),
    ("baja el precio", Language.ES),
    ("no me respondan con una plantilla", Language.ES),
    ("espero que no me contesten con lo de siempre", Language.ES),
    ("no me contesten por aquí, mejor por correo", Language.ES),
    ("los vecinos no me dejan en paz con el ruido de vuestro bar", Language.ES),
    ("your driver won't leave me alone", Language.EN),
    ("you leave me alone on hold for an hour", Language.EN),
    ("para", Language.EN),
    ("stop the delivery", Language.EN),
    ("Stop selling broken boots", Language.EN),
    ("why did you stop replying to me?", Language.EN),
    ("your agents stop replying to me after two days", Language.EN),
    ("please don't stop writing to me", Language.EN),
    ("unsubscribe me from the premium plan", Language.EN),
    ("no deixeu d'escriure'm", Language.CA),
    ("", Language.ES),
]


@pytest.mark.parametrize(("text", "language"), WANTS_OUT)
def test_a_wish_for_peace_is_understood(text: str, language: Language) -> None:
    assert wants_out(text, language)


@pytest.mark.parametrize(("text", "language"), STAYS)
def test_other_stops_are_no_opt_out(text: str, language: Language) -> None:
    assert not wants_out(text, language)


@pytest.mark.parametrize(
    "text",
    [
        "quiero hablar con una persona",
        "@zarapito Persona!",
        "«persona»",
        "'person'",
        "¿Me puede atender una persona?",
        "que me llame alguien",
        "pásame con una persona",
        "¿Podéis pasarme con alguien?",
        "ponme con un agente, por favor",
        "comuníqueme con un representante",
        "¿me pueden comunicar con una persona?",
        "transfiéreme a un humano",
        "Necesito una persona.",
        "I want to talk to a real person",
        "can I get an agent?",
        "let me speak with someone",
        "put me through to a person",
        "transfer me to an agent",
        "real person please",
        "Is there a human I can speak to?",
        "support form asks me to log in first. any human here pls",
        "ur bot keeps looping me. AGENT. AGENT. AGENT",
        "seis días esperando. Que alguien conteste",
        "necesito que alguien me llame ya",
        "¿hay alguna persona?",
        "quero falar com uma pessoa",
        "vull parlar amb una persona",
    ],
)
def test_a_wish_for_a_person_is_understood(text: str) -> None:
    assert wants_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "Una persona muy amable me atendió",
        "hablé con una persona ayer",
        "after talking to a person it got solved",
        "I could talk to a person at last",
        "me pasaron con una persona encantadora",
        "busco zapatos, necesito una persona que me ayude a elegir talla en tienda mañana",
        "they put me through to a person",
        "soy una persona paciente",
        "que alguien llame a una ambulancia, he visto el cachopo",
        "any person can see that it is broken",
        "",
    ],
)
def test_a_story_about_a_person_is_no_wish(text: str) -> None:
    assert not wants_person(text)
