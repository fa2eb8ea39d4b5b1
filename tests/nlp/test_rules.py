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


@pytest.mark.parametrize("text", ["el cobro doble, ya solucionado", "double charge sorted"])
def test_what_is_closed_is_not_high(text: str) -> None:
    intents = (Intent.COMPLAINT,)
    assert urgency_of(text, pressing(0.9), sentiment=Sentiment.NEUTRAL, intents=intents) is not Urgency.HIGH


def test_an_acknowledgement_waits_for_nothing() -> None:
    told = urgency_of("vale", pressing(0.5), sentiment=Sentiment.NEUTRAL, intents=(Intent.SMALLTALK,))
    assert told is Urgency.LOW


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
THRESHOLDS = dict.fromkeys(Intent, 0.1)
NEUTRAL = {Sentiment.NEGATIVE: 0.1, Sentiment.NEUTRAL: 0.8, Sentiment.POSITIVE: 0.1}
NEGATIVE = {Sentiment.NEGATIVE: 0.9, Sentiment.NEUTRAL: 0.08, Sentiment.POSITIVE: 0.02}
POSITIVE = {Sentiment.NEGATIVE: 0.02, Sentiment.NEUTRAL: 0.08, Sentiment.POSITIVE: 0.9}


@pytest.mark.parametrize(
    ("text", "threatens"),
    [
        ("se la encargo a mi prima jaja", False),
        ("me doy de baja mañana", True),
        ("the parcel sounds hollow", False),
        ("switching to the competition", True),
    ],
)
def test_a_doubtful_threat_to_leave_needs_a_word_of_leaving(text: str, threatens: bool) -> None:
    held = holding(text, FAINT | {Intent.CHURN_THREAT: 0.2, Intent.SMALLTALK: 0.3}, THRESHOLDS, NEUTRAL)
    assert (Intent.CHURN_THREAT in held) is threatens


@pytest.mark.parametrize("text", ["¿a qué hora abrís?", "what time do you open?"])
def test_a_plain_question_is_no_complaint(text: str) -> None:
    held = holding(text, FAINT | {Intent.COMPLAINT: 0.45, Intent.QUESTION: 0.4}, THRESHOLDS, NEUTRAL)
    assert held == (Intent.QUESTION,)


def test_praise_beside_a_complaint_needs_both_tones() -> None:
    both = FAINT | {Intent.COMPLAINT: 0.5, Intent.PRAISE: 0.5}
    assert holding("la app se cierra", both, THRESHOLDS, NEGATIVE) == (Intent.COMPLAINT,)
    assert holding("the lad had it ready", both, THRESHOLDS, POSITIVE) == (Intent.PRAISE,)
    assert holding("genial la tienda, fatal la app", both, THRESHOLDS, NEGATIVE) == (Intent.COMPLAINT, Intent.PRAISE)


@pytest.mark.parametrize(
    ("text", "spam", "found"),
    [
        ("para el reembolso me pedisteis la cuenta: ES91", 0.45, False),
        ("here is the account number for the refund", 0.45, False),
        ("hazte rico con criptos, info por DM", 0.45, True),
        ("made 4k this week, no experience needed", 0.45, True),
    ],
)
def test_doubtful_spam_needs_the_words_of_an_offer(text: str, spam: float, found: bool) -> None:
    assert (holding(text, FAINT | {Intent.SPAM: spam}, THRESHOLDS, NEUTRAL) == (Intent.SPAM,)) is found


@pytest.mark.parametrize(
    ("text", "news"),
    [
        ("Marisco cierra su almacén de Coslada: miles de paquetes retenidos en Madrid", True),
        ("Marisco profits fall after its warehouse move leaves thousands of parcels stuck", True),
        ("me han cerrado la cuenta y miles de euros retenidos en vuestro almacén", False),
        ("They closed my account and thousands of my parcels are stuck", False),
    ],
)
def test_a_headline_speaks_to_nobody(text: str, news: bool) -> None:
    held = holding(text, FAINT | {Intent.NEWS_OPINION: 0.3, Intent.COMPLAINT: 0.6}, THRESHOLDS, NEGATIVE)
    assert (held == (Intent.NEWS_OPINION,)) is news
