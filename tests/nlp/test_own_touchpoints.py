"""An owner's touchpoint is told by its examples: what is like them shows it, ordinary sentences do not."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.domain.reading import Sentiment, Span, Touchpoint
from bot.testing import reading
from nlp.encoder import Encoder, open_encoder
from nlp.own_touchpoints import NearestExamples, OwnTouchpoint, contrasts
from nlp.text import mask

ROAMING = OwnTouchpoint(
    name="roaming",
    of=Touchpoint.PRODUCT_USE,
    examples=(
        "En Portugal el roaming no me funciona",
        "sin datos desde que crucé la frontera",
        "Roaming worked perfectly on our trip to Italy",
        "no signal abroad even with data roaming on",
        "¿Por qué no tengo internet cuando viajo al extranjero?",
    ),
)
WIFI = OwnTouchpoint(
    name="hotel_wifi",
    of=Touchpoint.PRODUCT_USE,
    examples=(
        "El wifi de la habitación no va",
        "Wifi in the room kept dropping",
        "la contraseña del wifi no funciona en ninguna planta",
        "the hotel wifi was surprisingly fast",
    ),
)
ANYTHING = OwnTouchpoint(
    name="anything",
    of=Touchpoint.DELIVERY,
    examples=("Me habéis cobrado dos veces", "the shop was lovely", "¿Quién ganó el sorteo?", "my password is gone"),
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return open_encoder(dtype="float32")


@pytest.fixture(scope="module")
def examples(encoder: Encoder) -> NearestExamples:
    return NearestExamples(encoder, (ROAMING, WIFI))


def shown(encoder: Encoder, examples: NearestExamples, text: str, touchpoint: Touchpoint, quote: str) -> str | None:
    span = Span(quote=quote, touchpoint=touchpoint, stage=None, sentiment=Sentiment.NEUTRAL, confidence=0.9)
    masked = mask(text)
    read = reading(spans=(span,))
    return examples.named([read], [masked], encoder.score([masked.text]))[0].spans[0].own


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("En Francia el roaming no me funciona", "roaming"),
        ("data roaming worked perfectly in Greece", "roaming"),
        ("el wifi del hotel no va", "hotel_wifi"),
        ("A los dos días dejó de enfriar la nevera", None),
        ("the crew was lovely and the seats are huge", None),
    ],
)
def test_the_nearest_examples_name_a_span(
    encoder: Encoder, examples: NearestExamples, text: str, own: str | None
) -> None:
    assert shown(encoder, examples, text, Touchpoint.PRODUCT_USE, text) == own


def test_a_span_of_another_touchpoint_keeps_its_own(encoder: Encoder, examples: NearestExamples) -> None:
    text = "En Francia el roaming no me funciona"

    assert shown(encoder, examples, text, Touchpoint.BILLING, text) is None


def test_words_are_compared_and_not_the_whole_text(encoder: Encoder, examples: NearestExamples) -> None:
    text = "En Francia el roaming no me funciona. Por cierto, ayer compré una nevera y hace un ruido horrible"

    assert shown(encoder, examples, text, Touchpoint.PRODUCT_USE, "el roaming no me funciona") == "roaming"
    assert shown(encoder, examples, text, Touchpoint.PRODUCT_USE, "una nevera y hace un ruido horrible") is None


def test_a_text_nearer_than_any_example_shows_what_it_refines(encoder: Encoder, examples: NearestExamples) -> None:
    texts = ["El wifi de la habitación no va nada", "Llevo una hora al teléfono con la musiquita", ""]

    central = examples.typical_of(encoder.score(texts))

    assert [set(each) for each in central] == [{Touchpoint.PRODUCT_USE}, set(), set()]


def test_clear_examples_are_not_complained_of_and_a_jumble_is(encoder: Encoder) -> None:
    examples = NearestExamples(encoder, (ROAMING, ANYTHING))

    assert [each.name for each in examples.unclear] == ["anything"]
    assert examples.unclear[0].accuracy < 0.6


def test_without_own_touchpoints_nothing_is_compared(encoder: Encoder) -> None:
    examples, read = NearestExamples(encoder, ()), reading()

    assert examples.unclear == ()
    assert examples.named([read], [mask("hola")], encoder.score(["hola"])) == [read]
    assert examples.typical_of(encoder.score(["hola"])) == [{}]


def test_the_contrast_is_as_much_of_each_touchpoint_and_says_nothing_twice() -> None:
    texts = contrasts()

    assert len(texts) == 12 * (len(Touchpoint) + 1)
    assert max(Counter(text.casefold() for text in texts).values()) == 1
