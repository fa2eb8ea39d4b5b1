"""What each responder says to the stories of everyday, in Spanish and in English."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.desk.reasons import reason_in
from bot.domain.action import Action, Alert, Ask, Close, Reply, ReplyKind, Route, SurveyKind
from bot.domain.case import Case, CaseId, Outcome
from bot.domain.customer import CustomerId
from bot.domain.interaction import Direction, Interaction
from bot.domain.mention import MentionId
from bot.domain.ports.judge import Responder
from bot.domain.reading import Intent, Language, Sentiment, Span, Stage, Touchpoint, Urgency
from bot.domain.reason import because
from bot.domain.situation import Situation
from bot.domain.survey import Survey
from bot.insight.wording import wording
from responders.answer import AnswerFromArticles, asked_in, shortened
from responders.ask import AskAfterwards, question_after
from responders.escalate import Escalate
from responders.knowledge import ArticleSearch
from responders.route import RouteToDesk
from responders.templates import Phrasebook
from responders.thank import Thank

Tell = Callable[..., Situation]
MARTA = CustomerId("c-marta")
TUESDAY_NOON = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
Cases = Callable[..., Case]
MONTH = timedelta(days=30)
SPANISH, ENGLISH = (wording(language, "bot.desk") for language in (Language.ES, Language.EN))

PRAISE: dict[str, Any] = {"intents": (Intent.PRAISE,), "sentiment": Sentiment.POSITIVE}
COMPLAINT: dict[str, Any] = {"intents": (Intent.COMPLAINT,), "sentiment": Sentiment.NEGATIVE}
QUESTION: dict[str, Any] = {"intents": (Intent.QUESTION,), "urgency": Urgency.MEDIUM}
CHURN: dict[str, Any] = {"intents": (Intent.CHURN_THREAT,), "sentiment": Sentiment.NEGATIVE}
SORE = Span(
    quote="tarde", touchpoint=Touchpoint.DELIVERY, stage=Stage.AFTER, sentiment=Sentiment.NEGATIVE, confidence=0.8
)


def actions(responder: Responder, situation: Situation) -> list[Action]:
    return list(responder.respond(situation))


# --- thank ---


@pytest.mark.parametrize(
    ("text", "language", "hint"),
    [("¡Me encantan las botas!", Language.ES, "racias"), ("I love my boots!", Language.EN, "hank")],
)
def test_praise_is_thanked_in_its_language(
    tell: Tell, phrasebook: Phrasebook, text: str, language: Language, hint: str
) -> None:
    replies = {
        action.text
        for number in range(40)
        for action in Thank(phrasebook).respond(
            tell(text, **PRAISE, language=language, mention={"external_id": str(number)})
        )
        if isinstance(action, Reply) and action.language is language and action.kind is ReplyKind.THANKS
    }

    assert len(replies) >= 4
    assert any(hint in reply for reply in replies)


def test_praise_that_is_not_sure_is_not_thanked_by_a_machine(tell: Tell, phrasebook: Phrasebook) -> None:
    unsure = {Sentiment.NEGATIVE: 0.1, Sentiment.NEUTRAL: 0.22, Sentiment.POSITIVE: 0.68}

    assert actions(Thank(phrasebook), tell("my code DOSENT work 😭", **PRAISE, scores=unsure)) == []


def test_a_reply_says_which_template_it_came_from(tell: Tell, phrasebook: Phrasebook) -> None:
    [reply] = actions(Thank(phrasebook), tell("¡Me encantan!", **PRAISE))

    assert isinstance(reply, Reply)
    assert reply.sources[0].startswith("es/thanks#")
    assert reply.to == "x:77"


@pytest.mark.parametrize(
    "known",
    [
        {"intents": (Intent.PRAISE, Intent.COMPLAINT), "sentiment": Sentiment.POSITIVE},
        {"intents": (Intent.PRAISE, Intent.QUESTION), "sentiment": Sentiment.POSITIVE},
        {"intents": (Intent.PRAISE, Intent.REQUEST), "sentiment": Sentiment.POSITIVE},
        {"intents": (Intent.PRAISE, Intent.CHURN_THREAT), "sentiment": Sentiment.NEUTRAL},
        {"intents": (Intent.PRAISE,), "sentiment": Sentiment.NEGATIVE},
        {"intents": (Intent.PRAISE,), "sentiment": Sentiment.POSITIVE, "spans": (SORE,)},
        {"intents": (Intent.PRAISE,), "sentiment": Sentiment.POSITIVE, "urgency": Urgency.HIGH},
        {"intents": (Intent.PRAISE,), "sentiment": Sentiment.POSITIVE, "abstained": True},
        {"intents": (Intent.SMALLTALK,), "sentiment": Sentiment.POSITIVE},
    ],
)
def test_a_mixed_mention_is_never_thanked(tell: Tell, phrasebook: Phrasebook, known: dict[str, Any]) -> None:
    assert actions(Thank(phrasebook), tell("Las botas genial, pero llegaron tarde", **known)) == []


def test_nobody_is_thanked_while_their_problem_waits(tell: Tell, phrasebook: Phrasebook, a_case: Cases) -> None:
    elsewhere = a_case(thread_id="another")

    assert actions(Thank(phrasebook), tell("¡Qué bonita la web!", **PRAISE, cases=(elsewhere,))) == []
    assert actions(Thank(phrasebook), tell("¡Qué bonita!", **PRAISE, case=a_case(), cases=(a_case(),))) == []


def test_a_strangers_problem_does_not_stop_the_thanks(tell: Tell, phrasebook: Phrasebook, a_case: Cases) -> None:
    strangers = a_case(customer_id=CustomerId("c-other"))

    assert len(actions(Thank(phrasebook), tell("¡Me encantan!", **PRAISE, cases=(strangers,)))) == 1


@pytest.mark.parametrize(
    ("text", "language"), [("¡Gracias, ya funciona!", Language.ES), ("Thanks, it works now!", Language.EN)]
)
def test_thanks_after_our_answer_close_the_case(
    tell: Tell, phrasebook: Phrasebook, answered_case: Case, text: str, language: Language
) -> None:
    close, reply = actions(
        Thank(phrasebook), tell(text, **PRAISE, language=language, case=answered_case, cases=(answered_case,))
    )

    assert isinstance(close, Close)
    assert close.reason == because("thank.solved")
    assert isinstance(reply, Reply)
    assert reply.sources[0].startswith(f"{language}/thanks_after_solution#")


@pytest.mark.parametrize("text", ["Gracias, quedo a la espera", "Thanks, waiting for your DM", "Gracias, sigo igual"])
def test_polite_waiting_closes_nothing(tell: Tell, phrasebook: Phrasebook, answered_case: Case, text: str) -> None:
    assert actions(Thank(phrasebook), tell(text, **PRAISE, case=answered_case, cases=(answered_case,))) == []


@pytest.mark.parametrize(
    "text",
    [
        "@zarapito Enviado, gracias",
        "Gracias, ahora os escribo por privado",
        "Gracias, lo pruebo esta noche y os cuento",
        "Gracias por nada",
        "Thank you, call me on Monday morning",
        "@zarapito sent, thank you!",
        "Ok thanks, I'll try that tonight",
        "If you could look into it that would be brilliant, thanks",
        "ok, noted it in the diary. cheers",
        "Gracias, pero casi prefiero bandeja a puntos",
        "filo, me retiro de la carrera. gracias por la nula ayuda",
        "so thanks for that I guess, day three of four",
        "ah pues no lo sabía, miraré en la otra entonces. gracias por contestar",
        "no hay prisa, era por saber si lo traíais. gracias igualmente!",
        "understood, thanks for being straight with me",
        "grand so, thanks for letting me know",
    ],
)
def test_thanks_in_the_middle_of_things_close_nothing(
    tell: Tell, phrasebook: Phrasebook, answered_case: Case, text: str
) -> None:
    assert actions(Thank(phrasebook), tell(text, **PRAISE, case=answered_case, cases=(answered_case,))) == []


@pytest.mark.parametrize(
    "text", ["Las diez y nada. Enhorabuena, campeones", "El viernes, lo apunto", "Trato hecho", "Bravo, geniuses"]
)
def test_a_pleased_tone_alone_closes_nothing(
    tell: Tell, phrasebook: Phrasebook, answered_case: Case, text: str
) -> None:
    assert actions(Thank(phrasebook), tell(text, **PRAISE, case=answered_case, cases=(answered_case,))) == []


@pytest.mark.parametrize("text", ["Gracias, pero sigue sin llegar nada", "Thanks! It has not arrived, though"])
def test_what_is_denied_closes_nothing(tell: Tell, phrasebook: Phrasebook, answered_case: Case, text: str) -> None:
    assert actions(Thank(phrasebook), tell(text, **PRAISE, case=answered_case, cases=(answered_case,))) == []


@pytest.mark.parametrize(
    "text",
    [
        "No pasa nada, me la arreglaron ayer",
        "Fixed it myself in the end",
        "Ha llegado entera",
        "Got it today!",
        "Ya funciona, gracias por avisar",
        "It works again, thanks for letting me know",
    ],
)
def test_plain_words_for_a_solution_close_the_case_without_praise(
    tell: Tell, phrasebook: Phrasebook, answered_case: Case, text: str
) -> None:
    pleased = {"intents": (Intent.SMALLTALK,), "sentiment": Sentiment.POSITIVE}
    said = actions(Thank(phrasebook), tell(text, **pleased, case=answered_case, cases=(answered_case,)))

    assert isinstance(said[0], Close)


@pytest.mark.parametrize(
    ("ours", "text", "closed"),
    [
        ("¿Nos dices el número de pedido?", "¡Gracias!", False),
        ("Please send us a DM so that we can look", "Thanks!", False),
        ("¿Nos dices el número de pedido?", "Gracias, ya me ha llegado", True),
        ("Abrimos hasta las ocho.", "¡Gracias!", True),
    ],
)
def test_thanks_for_a_question_of_ours_are_no_end(  # noqa: PLR0913
    tell: Tell, phrasebook: Phrasebook, answered_case: Case, *, ours: str, text: str, closed: bool
) -> None:
    situation = replace(
        tell(text, **PRAISE, case=answered_case, cases=(answered_case,)), history=(answer(answered_case, ours),)
    )

    assert bool(actions(Thank(phrasebook), situation)) is closed


def answer(case: Case, text: str) -> Interaction:
    return Interaction(
        key="x:71",
        customer_id=MARTA,
        case_id=case.id,
        mention_id=None,
        at=TUESDAY_NOON - timedelta(hours=3),
        direction=Direction.OUTBOUND,
        actor="brand",
        channel="x",
        text=text,
    )


@pytest.mark.parametrize(
    ("text", "thanked"),
    [("@rosa_m son preciosas las de @Zarapito", False), ("@zarapito son preciosas", True), ("Son preciosas", True)],
)
def test_what_is_said_to_another_is_only_overheard(
    tell: Tell, phrasebook: Phrasebook, text: str, thanked: bool
) -> None:
    responder = Thank(phrasebook, own_accounts=["@zarapito"])

    assert bool(actions(responder, tell(text, **PRAISE))) is thanked


def test_who_names_an_account_is_thanked_where_nobody_said_which_ones_are_ours(
    tell: Tell, phrasebook: Phrasebook
) -> None:
    assert actions(Thank(phrasebook), tell("@zarapito son preciosas", **PRAISE))


def test_thanks_in_a_language_we_lack_use_the_customers_last_one(tell: Tell, phrasebook: Phrasebook) -> None:
    [known] = actions(
        Thank(phrasebook), tell("Grazie!", **PRAISE, language=Language.OTHER, customer={"language": Language.EN})
    )
    [unknown] = actions(Thank(phrasebook), tell("Grazie!", **PRAISE, language=Language.OTHER))

    assert isinstance(known, Reply)
    assert isinstance(unknown, Reply)
    assert (known.language, unknown.language) == (Language.EN, Language.ES)


# --- ask ---


@pytest.mark.parametrize("language", [Language.ES, Language.EN])
def test_a_closed_case_is_followed_by_one_question(
    tell: Tell, phrasebook: Phrasebook, answered_case: Case, language: Language
) -> None:
    [ask] = actions(
        AskAfterwards(phrasebook, every=MONTH), tell("¡Gracias!", **PRAISE, language=language, case=answered_case)
    )

    assert isinstance(ask, Ask)
    assert (ask.survey, ask.language) == (SurveyKind.CSAT, language)
    assert "5" in ask.text


def survey_of(days_ago: int) -> Survey:
    asked_at = TUESDAY_NOON - timedelta(days=days_ago)
    return Survey(id="s", customer_id=MARTA, kind=SurveyKind.NPS, asked_at=asked_at)


@pytest.mark.parametrize(("days_ago", "asked"), [(29, 0), (30, 1), (31, 1)])
def test_nobody_is_asked_twice_in_a_month(
    tell: Tell, phrasebook: Phrasebook, answered_case: Case, days_ago: int, asked: int
) -> None:
    situation = tell("¡Gracias!", **PRAISE, case=answered_case, facts={"last_survey": survey_of(days_ago)})

    assert len(actions(AskAfterwards(phrasebook, every=MONTH), situation)) == asked


@pytest.mark.parametrize("known", [{"customer": {"opted_out": True}}, {"mention": {"backfilled": True}}])
def test_who_may_not_be_asked_is_not(
    tell: Tell, phrasebook: Phrasebook, answered_case: Case, known: dict[str, Any]
) -> None:
    situation = tell("¡Gracias!", **PRAISE, case=answered_case, **known)

    assert actions(AskAfterwards(phrasebook, every=MONTH), situation) == []


@pytest.mark.parametrize(
    ("first", "last", "asked"),
    [
        ("no me llega el paquete", "vale, gracias", True),
        ("mi padre falleció y le seguís cobrando", "vale, gracias", False),
        ("no me llega el paquete", "os pondré una denuncia, os voy a denunciar", False),
    ],
)
def test_a_person_who_closes_a_case_asks_for_no_score_about_something_delicate(  # noqa: PLR0913
    tell: Tell, phrasebook: Phrasebook, answered_case: Case, first: str, last: str, *, asked: bool
) -> None:
    said = Interaction(
        key="x:70",
        customer_id=MARTA,
        case_id=answered_case.id,
        mention_id=answered_case.opened_by,
        at=answered_case.opened_at,
        direction=Direction.INBOUND,
        actor="marta_g",
        channel="x",
        text=first,
    )

    question = question_after(phrasebook, replace(tell(last, case=answered_case), history=(said,)))

    assert (question is not None) == asked


@pytest.mark.parametrize("language", [Language.ES, Language.EN])
def test_who_never_said_that_it_is_solved_is_not_thanked_for_it(
    tell: Tell, phrasebook: Phrasebook, answered_case: Case, language: Language
) -> None:
    still_cross = [
        tell("y sigo esperando", case=answered_case, language=language, mention={"external_id": str(number)})
        for number in range(40)
    ]

    asked = [question.text for each in still_cross if (question := question_after(phrasebook, each)) is not None]

    assert len(set(asked)) >= 4
    assert not re.search(r"gracias|alegra|resuelto|qué bien|thank|glad|good to|sorted", " ".join(asked), re.IGNORECASE)


def test_without_a_close_there_is_no_question(tell: Tell, phrasebook: Phrasebook, a_case: Cases) -> None:
    responder = AskAfterwards(phrasebook, every=MONTH)

    assert actions(responder, tell("¡Me encantan!", **PRAISE)) == []
    assert actions(responder, tell("¡Gracias!", **PRAISE, case=a_case())) == []


# --- answer ---


@pytest.mark.parametrize(
    ("text", "language", "source", "starts"),
    [
        ("Hola! ¿Cómo hago una devolución?", Language.ES, "es/devoluciones", "Tienes 30 días"),
        ("Hi! How can I return my boots?", Language.EN, "en/returns", "You have 30 days"),
    ],
)
def test_a_question_gets_a_draft_with_its_source(  # noqa: PLR0913
    tell: Tell, knowledge: ArticleSearch, *, text: str, language: Language, source: str, starts: str
) -> None:
    [draft] = actions(AnswerFromArticles(knowledge, limit_of=lambda _: 280), tell(text, **QUESTION, language=language))

    assert isinstance(draft, Reply)
    assert draft.draft_only
    assert draft.kind is ReplyKind.ANSWER
    assert draft.sources[0] == source
    assert draft.text.startswith(starts)
    assert draft.language is language


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("¿Os gusta el jazz?", QUESTION),
        ("Do you like jazz?", {**QUESTION, "language": Language.EN}),
        ("La devolución fue un desastre", COMPLAINT),
        ("Como fazer uma devolução?", {**QUESTION, "language": Language.PT}),
        ("Join our club of boot returns today!", {**QUESTION, "language": Language.EN, "abstained": True}),
        ("Una pregunta más, por favor", QUESTION),
        ("¿Y la devolución? Quiero hablar con una persona", QUESTION),
        ("My return is lost. Is there a human I can speak to?", {**QUESTION, "language": Language.EN}),
    ],
)
def test_nothing_is_drafted_when_unsure(tell: Tell, knowledge: ArticleSearch, text: str, known: dict[str, Any]) -> None:
    assert actions(AnswerFromArticles(knowledge, limit_of=lambda _: 280), tell(text, **known)) == []


def test_a_draft_fits_its_channel_in_whole_sentences(tell: Tell, knowledge: ArticleSearch) -> None:
    responder = AnswerFromArticles(knowledge, limit_of={"x": 40}.__getitem__)

    [draft] = actions(responder, tell("¿Cómo hago una devolución?", **QUESTION))

    assert isinstance(draft, Reply)
    assert draft.text == "Tienes 30 días."


def test_one_long_sentence_is_cut_visibly() -> None:
    assert shortened("a" * 50, 10) == "a" * 9 + "…"
    assert shortened("Sí. No.", 10) == "Sí. No."


def test_a_draft_is_cut_as_its_platform_counts() -> None:
    def heavy(text: str) -> int:
        return len(text) + text.count("…") + text.count("€")

    assert shortened("a" * 50, 10, heavy) == "a" * 8 + "…"
    assert shortened("30 €. 5 €. Nada más.", 10, heavy) == "30 €."
    assert shortened("€€€", 1, heavy) == "…"


def test_only_what_is_asked_is_searched_for() -> None:
    assert asked_in("Ayer compré botas. ¿Puedo devolverlas? Gracias.").strip() == "¿Puedo devolverlas?"
    assert asked_in("Dime dónde está mi factura") == "Dime dónde está mi factura"


# --- escalate ---


def escalate() -> Escalate:
    return Escalate(desk="casos", alerts="alertas")


EMERGENCIES: list[tuple[str, dict[str, Any], str, str]] = [
    ("Mañana salgo de viaje y no tengo billete", {"urgency": Urgency.HIGH}, "urgente", "urgent"),
    ("Voy a denunciaros a la OCU", COMPLAINT, "pasos legales", "legal"),
    ("My lawyer will contact you", {**COMPLAINT, "language": Language.EN}, "pasos legales", "legal"),
    ("ya les mandé la carta notarial", COMPLAINT, "pasos legales", "legal"),
    ("letter before action posted today", {**COMPLAINT, "language": Language.EN}, "pasos legales", "legal"),
    ("your chicken made me violently ill", {**COMPLAINT, "language": Language.EN}, "salud", "health"),
    ("La crema me dio alergia", COMPLAINT, "salud", "health"),
    ("The charger caught fire", {**COMPLAINT, "language": Language.EN}, "peligro", "danger"),
    ("no quiero seguir viviendo", {}, "hacerse daño", "hurt themselves"),
    ("¿Huele a quemado siempre, o lo desenchufo?", QUESTION, "peligro", "danger"),
]


@pytest.mark.parametrize(("text", "known", "reason_es", "reason_en"), EMERGENCIES)
def test_an_emergency_alerts_and_goes_to_the_desk(  # noqa: PLR0913
    tell: Tell, a_case: Cases, *, text: str, known: dict[str, Any], reason_es: str, reason_en: str
) -> None:
    alert, route = actions(escalate(), tell(text, **known, case=a_case(key=0)))

    assert isinstance(alert, Alert)
    assert alert.desk == "alertas"
    assert reason_es in reason_in(SPANISH, alert.reason)
    assert reason_en in reason_in(ENGLISH, alert.reason)
    assert route == Route(desk="casos", reason=alert.reason, urgency=Urgency.HIGH)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("¿Cuándo llega mi pedido?", QUESTION),
        ("El médico me recomendó vuestras plantillas para la lesión, ¡gracias!", PRAISE),
        ("Me cambio de compañía, qué bien", {"intents": (Intent.CHURN_THREAT,), "sentiment": Sentiment.POSITIVE}),
        ("jajaja", {"intents": (Intent.SMALLTALK,), "abstained": True}),
        ("😂😂", {"abstained": True}),
    ],
)
def test_ordinary_days_alert_nobody(tell: Tell, text: str, known: dict[str, Any]) -> None:
    assert actions(escalate(), tell(text, **known)) == []


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("¿El ramen lleva cacahuete? Hay alergia en casa", "health"),
        ("el sérum nuevo lo puedo usar estando embarazada?", "health"),
        ("¿cómo paso la línea de mi difunto esposo a mi nombre sin perder el número?", "death"),
    ],
)
def test_a_calm_question_about_something_delicate_goes_to_a_person_and_calls_nobody(
    tell: Tell, a_case: Cases, *, text: str, topic: str
) -> None:
    case = a_case(key=0)
    [route] = actions(escalate(), tell(text, **QUESTION, case=case))
    cross = actions(escalate(), tell(text, **COMPLAINT, case=case))

    assert route == Route(desk="casos", reason=because(f"escalate.{topic}"), urgency=Urgency.MEDIUM)
    assert [type(action) for action in cross] == [Alert, Route]


def test_a_calm_request_about_something_delicate_is_looked_at_soon_however_little_urgent_it_sounds(
    tell: Tell, a_case: Cases
) -> None:
    calm = {"intents": (Intent.REQUEST,), "urgency": Urgency.LOW}

    [route] = actions(escalate(), tell("¿lleva cacahuete? hay alergia en casa", **calm, case=a_case(key=0)))

    assert isinstance(route, Route)
    assert route.urgency is Urgency.MEDIUM


def test_danger_calls_people_where_it_is_asked_about_and_not_where_it_is_praised(tell: Tell, a_case: Cases) -> None:
    asked = tell("huele a gas en el portal, ¿qué hago?", **QUESTION, case=a_case(key=0))
    praised = tell("la alarma avisó de la fuga de gas, gracias", **PRAISE, case=a_case(key=0))

    assert [type(action) for action in actions(escalate(), asked)] == [Alert, Route]
    assert actions(escalate(), praised) == []


def test_what_the_model_cannot_read_is_looked_at_where_it_names_a_place_and_not_as_small_talk(
    tell: Tell, a_case: Cases
) -> None:
    unsure = {"abstained": True, "intents": (Intent.SMALLTALK,), "case": a_case(key=0)}

    assert actions(escalate(), tell("jajaja vaya", **unsure)) == []
    [route] = actions(escalate(), tell("jajaja vaya tienda", **unsure, touchpoints=(Touchpoint.STORE,)))
    assert isinstance(route, Route)
    assert route.reason == because("escalate.unsure")


@pytest.mark.parametrize("text", ["Me voy a otra compañía", "I'm leaving you for good"])
def test_who_is_about_to_leave_goes_to_the_desk_without_an_alarm(tell: Tell, a_case: Cases, text: str) -> None:
    [route] = actions(escalate(), tell(text, **CHURN, case=a_case(key=0)))

    assert isinstance(route, Route)
    assert route.urgency is Urgency.MEDIUM
    assert route.reason == because("escalate.leaving")


def test_one_emergency_is_alerted_once(tell: Tell, a_case: Cases) -> None:
    urgent = a_case(urgency=Urgency.HIGH)
    again = tell("¿Nadie me ayuda? Salgo hoy", urgency=Urgency.HIGH, case=urgent, cases=(urgent,))

    assert actions(escalate(), again) == []


def test_the_same_threat_in_the_same_case_is_alerted_once(tell: Tell, a_case: Cases) -> None:
    known = a_case()
    threat = tell("¿Nada? Pues os denuncio, voy a denunciar", **COMPLAINT, case=known, cases=(known,))
    earlier = Interaction(
        key="x:70",
        customer_id=MARTA,
        case_id=known.id,
        mention_id=MentionId("x:70"),
        at=TUESDAY_NOON,
        direction=Direction.INBOUND,
        actor="marta_g",
        channel="x",
        text="Os voy a denunciar a la OCU",
    )

    assert len(actions(escalate(), threat)) == 2
    assert actions(escalate(), replace(threat, history=(earlier,))) == []
    assert len(actions(escalate(), replace(threat, history=(replace(earlier, text="¿Y mi pedido?"),)))) == 2
    assert len(actions(escalate(), replace(threat, history=(replace(earlier, direction=Direction.OUTBOUND),)))) == 2
    assert len(actions(escalate(), replace(threat, history=(replace(earlier, case_id=None),)))) == 2


def test_a_reopened_emergency_is_alerted_again(tell: Tell, a_case: Cases) -> None:
    solved = a_case(urgency=Urgency.HIGH).resolved(TUESDAY_NOON, Outcome.RECOVERED)
    reopened = solved.heard_again(TUESDAY_NOON, (), Urgency.HIGH)

    assert len(actions(escalate(), tell("Otra vez", urgency=Urgency.HIGH, case=reopened, cases=(solved,)))) == 2


@pytest.mark.parametrize("text", ["quiero hablar con una persona", "persona", "I want to talk to a human"])
def test_who_asks_for_a_person_gets_to_the_desk_every_time(tell: Tell, a_case: Cases, text: str) -> None:
    known = a_case()

    [route] = actions(escalate(), tell(text, case=known, cases=(known,)))

    assert isinstance(route, Route)
    assert route.reason == because("escalate.person")
    assert route.urgency is Urgency.MEDIUM


def test_what_the_model_cannot_read_goes_to_a_person_once_per_case(tell: Tell, a_case: Cases) -> None:
    unsure = {"abstained": True, "intents": (Intent.COMPLAINT,)}
    known = a_case()

    [route] = actions(escalate(), tell("hmm, vaya tela", **unsure))

    assert isinstance(route, Route)
    assert route.reason == because("escalate.unsure")
    assert actions(escalate(), tell("hmm, vaya tela", **unsure, case=known, cases=(known,))) == []


# --- route ---


def route(**more: Any) -> RouteToDesk:
    return RouteToDesk(desk="casos", **more)


@pytest.mark.parametrize(
    ("intents", "es", "en"),
    [
        ((Intent.COMPLAINT,), "caso nuevo: queja", "new case: complaint"),
        ((Intent.QUESTION,), "caso nuevo: pregunta", "new case: question"),
        ((Intent.QUESTION, Intent.REQUEST), "caso nuevo: petición, pregunta", "new case: request, question"),
        ((Intent.SUGGESTION,), "caso nuevo: sugerencia", "new case: suggestion"),
        ((Intent.PURCHASE_INTEREST,), "caso nuevo: quiere comprar", "new case: wants to buy"),
        ((), "caso nuevo: descontento", "new case: unhappy"),
    ],
)
def test_a_new_case_goes_to_the_desk_in_the_desks_language(
    tell: Tell, a_case: Cases, intents: tuple[Intent, ...], es: str, en: str
) -> None:
    [action] = actions(route(), tell("…", intents=intents, case=a_case(key=0)))

    assert isinstance(action, Route)
    assert (action.desk, action.urgency) == ("casos", Urgency.MEDIUM)
    assert (reason_in(SPANISH, action.reason), reason_in(ENGLISH, action.reason)) == (es, en)


def test_the_next_message_of_a_known_case_is_not_routed_again(tell: Tell, a_case: Cases) -> None:
    before = a_case()
    after = before.heard_again(TUESDAY_NOON, (), Urgency.MEDIUM)

    assert actions(route(), tell("¿Y bien?", **QUESTION, case=after, cases=(before,))) == []


def test_another_case_of_the_customer_does_not_hide_a_new_one(tell: Tell, a_case: Cases) -> None:
    other = a_case(id=CaseId("case-0"), key=1000)

    assert len(actions(route(), tell("Y ahora esto", **COMPLAINT, case=a_case(key=0), cases=(other,)))) == 1


def test_a_case_that_became_more_urgent_is_routed_again(tell: Tell, a_case: Cases) -> None:
    before = a_case(urgency=Urgency.LOW)
    after = before.heard_again(TUESDAY_NOON, (), Urgency.MEDIUM)

    [action] = actions(route(), tell("Sigo esperando", **COMPLAINT, case=after, cases=(before,)))

    assert isinstance(action, Route)
    assert action.reason == because("route.more_urgent", wishes=("complaint",))


def test_a_reopened_case_is_routed_again(tell: Tell, a_case: Cases) -> None:
    before = a_case().resolved(TUESDAY_NOON, Outcome.RECOVERED)
    after = before.heard_again(TUESDAY_NOON, (), Urgency.LOW)

    [action] = actions(route(), tell("Broken again", **COMPLAINT, case=after, cases=(before,)))

    assert isinstance(action, Route)
    assert action.reason == because("route.reopened", wishes=("complaint",))


def test_without_a_case_nothing_is_routed(tell: Tell) -> None:
    assert actions(route(), tell("jajaja", intents=(Intent.SMALLTALK,))) == []


def test_what_another_brings_is_not_brought_twice(tell: Tell, a_case: Cases) -> None:
    situation = tell("¡Denuncia!", **COMPLAINT, case=replace(a_case(), key=0))

    assert actions(route(taken=lambda _: True), situation) == []
