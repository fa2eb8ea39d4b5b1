"""The rules beside the model: stages, urgency, expectations."""

import pytest

from bot.domain.reading import Intent, Sentiment, Stage, Touchpoint, Urgency
from nlp.expectation import expectation_in
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
    ],
)
def test_strong_words_need_less_of_the_model(text: str, high: float, urgency: Urgency) -> None:
    intents = (Intent.COMPLAINT,)
    assert urgency_of(text, pressing(high), sentiment=Sentiment.NEGATIVE, intents=intents) is urgency


def test_praise_is_never_high() -> None:
    told = urgency_of("no hizo falta abogado", pressing(0.9), sentiment=Sentiment.POSITIVE, intents=(Intent.PRAISE,))
    assert told is Urgency.LOW


@pytest.mark.parametrize(
    ("text", "expectation"),
    [
        ("Dijisteis que vendría el técnico hoy, y aquí sigo", "Dijisteis que vendría el técnico hoy"),
        ("It was supposed to arrive on Monday. It's Friday", "was supposed to arrive on Monday"),
        ("se suponía que era gratis pero me cobran", "se suponía que era gratis"),
        ("el paquete llegó roto", None),
        ("Hola", None),
    ],
)
def test_an_expectation_ends_with_its_clause(text: str, expectation: str | None) -> None:
    assert expectation_in(text) == expectation
