"""The rules beside the model: intents, stages, urgency, expectations."""

import pytest

from bot.domain.reading import Intent, Sentiment, Stage, Touchpoint, Urgency
from nlp.expectation import stated_in
from nlp.intents import holding
from nlp.touchpoints import stage_of
from nlp.urgency import urgency_of


@pytest.mark.parametrize(
    ("touchpoint", "text", "stage"),
    [
        (Touchpoint.DELIVERY, "el paquete llegó roto", Stage.AFTER),
        (Touchpoint.PURCHASE_CHECKOUT, "no puedo pagar con tarjeta", Stage.DURING),
        (Touchpoint.PURCHASE_CHECKOUT, "¿cuánto cuesta la fibra?", Stage.BEFORE),
        (Touchpoint.PURCHASE_CHECKOUT, "how much is the family plan?", Stage.BEFORE),
        (Touchpoint.WEBSITE_APP, "la app va lenta", None),
        (Touchpoint.WEBSITE_APP, "no puedo entrar en mi cuenta", Stage.AFTER),
    ],
)
def test_a_phrase_may_overrule_the_stage_of_a_touchpoint(
    touchpoint: Touchpoint, text: str, stage: Stage | None
) -> None:
    assert stage_of(touchpoint, text) is stage


def pressing(high: float) -> dict[Urgency, float]:
    return {Urgency.LOW: (1 - high) / 3, Urgency.MEDIUM: 2 * (1 - high) / 3, Urgency.HIGH: high}


@pytest.mark.parametrize(
    ("text", "high", "urgency"),
    [
        ("voy a poner una hoja de reclamaciones", 0.1, Urgency.HIGH),
        ("mi vuelo sale en 2 horas", 0.3, Urgency.HIGH),
        ("mi vuelo fue ayer", 0.3, Urgency.MEDIUM),
        ("anything at all", 0.7, Urgency.HIGH),
        ("voy a poner una hoja de reclamaciones", 0.01, Urgency.MEDIUM),
        ("me habéis cobrado dos veces el pedido", 0.05, Urgency.HIGH),
        ("you charged me £64 twice", 0.05, Urgency.HIGH),
        ("me cobráis dos euros más", 0.05, Urgency.MEDIUM),
        ("no compréis aquí #boicottienda", 0.05, Urgency.HIGH),
        ("if this isn't sorted I'm filing with small claims", 0.1, Urgency.HIGH),
        ("lo necesito arreglado ya, sin luz desde ayer", 0.3, Urgency.HIGH),
        ("falta la bandeja que sale en la caja", 0.3, Urgency.MEDIUM),
        ("echa humo por la rejilla", 0.1, Urgency.HIGH),
        ("it was smoke and mirrors", 0.05, Urgency.MEDIUM),
    ],
)
def test_strong_words_need_less_of_the_model(text: str, high: float, urgency: Urgency) -> None:
    intents = (Intent.COMPLAINT,)
    assert urgency_of(text, pressing(high), sentiment=Sentiment.NEGATIVE, intents=intents) is urgency


@pytest.mark.parametrize(
    "text", ["el cobro doble, ya solucionado", "double charge sorted", "ya me llamaron por el cobro doble"]
)
def test_what_is_closed_is_not_high(text: str) -> None:
    intents = (Intent.COMPLAINT,)
    assert urgency_of(text, pressing(0.9), sentiment=Sentiment.NEUTRAL, intents=intents) is not Urgency.HIGH


@pytest.mark.parametrize(
    "text",
    [
        'the ticket reads "resolved", the flat has no heating',
        "marked as sorted, still no power here",
        "you said it was sorted. it isn't",
        "lo disteis por resuelto y sigue saliendo humo",
        "dicen que está arreglado pero el enchufe echa chispas",
        "nada resuelto, voy a Profeco",
        "me llamaron haciéndose pasar por ustedes y me vaciaron la cuenta",
    ],
)
def test_what_only_the_firm_calls_closed_is_open(text: str) -> None:
    intents = (Intent.COMPLAINT,)
    assert urgency_of(text, pressing(0.9), sentiment=Sentiment.NEGATIVE, intents=intents) is Urgency.HIGH


def test_an_acknowledgement_waits_for_nothing() -> None:
    told = urgency_of("vale", pressing(0.5), sentiment=Sentiment.NEUTRAL, intents=(Intent.SMALLTALK,))
    assert told is Urgency.LOW


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("Filed with the CFPB this morning", Urgency.HIGH),
        ("mi queja ya está en Osiptel", Urgency.HIGH),
        ("SIC abre investigación a Rappi por publicidad engañosa", Urgency.LOW),
        ("Profeco multa a la aerolínea con 3 millones", Urgency.LOW),
        ("my cousin says they boycott Nike", Urgency.LOW),
    ],
)
def test_what_sounds_like_news_is_high_where_the_step_is_the_authors(text: str, urgency: Urgency) -> None:
    intents = (Intent.NEWS_OPINION,)
    assert urgency_of(text, pressing(0.1), sentiment=Sentiment.NEGATIVE, intents=intents) is urgency


def test_praise_is_never_high() -> None:
    told = urgency_of("no hizo falta abogado", pressing(0.9), sentiment=Sentiment.POSITIVE, intents=(Intent.PRAISE,))
    assert told is Urgency.LOW


@pytest.mark.parametrize(
    ("text", "expectation"),
    [
        ("Dijisteis que vendría el técnico hoy, y aquí sigo", "Dijisteis que vendría el técnico hoy"),
        ("It was supposed to arrive on Monday. It's Friday", "was supposed to arrive on Monday"),
        ("se suponía que era gratis pero me cobran", "se suponía que era gratis"),
        ("me dijeron que llegaría el martes", "me dijeron que llegaría el martes"),
        ("they said 5 days, it's been 13", "they said 5 days"),
        ("the label said £4.50 for two", "the label said £4.50 for two"),
        ("el paquete llegó roto", None),
        ("ya ha salido, según la web", None),
        ("me dijeron que no se puede", None),
        ("he said he's the manager", None),
        ("Hola", None),
    ],
)
def test_an_expectation_ends_with_its_clause(text: str, expectation: str | None) -> None:
    assert stated_in(text) == expectation


FAINT = dict.fromkeys(Intent, 0.05)
THRESHOLDS = dict.fromkeys(Intent, 0.3)


def test_intents_over_their_thresholds_hold_in_the_order_of_the_taxonomy() -> None:
    told = FAINT | {Intent.PRAISE: 0.5, Intent.COMPLAINT: 0.3}

    assert holding(told, THRESHOLDS) == (Intent.COMPLAINT, Intent.PRAISE)


def test_spam_holds_alone() -> None:
    assert holding(FAINT | {Intent.SPAM: 0.4, Intent.PRAISE: 0.9}, THRESHOLDS) == (Intent.SPAM,)


def test_where_no_intent_is_sure_the_likeliest_holds_however_low_anothers_threshold_is() -> None:
    eager = THRESHOLDS | {Intent.COMPLAINT: 0.22}

    assert holding(FAINT | {Intent.COMPLAINT: 0.21, Intent.QUESTION: 0.3}, eager) == (Intent.QUESTION,)


def test_a_text_without_a_likely_intent_has_the_likeliest() -> None:
    assert holding(FAINT | {Intent.SMALLTALK: 0.2}, THRESHOLDS) == (Intent.SMALLTALK,)
