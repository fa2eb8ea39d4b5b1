"""Spans: whole words, exact quotes, one or more for each touchpoint that holds."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reading import Sentiment, Touchpoint
from nlp.quotes import trimmed
from nlp.spans import Words, best_of_words, spans_of, touchpoints_in, words_of
from nlp.text import mask
from nlp.touchpoints import Trust

EVEN = dict.fromkeys(Sentiment, 1 / 3)
LABELS = (*Touchpoint, None)


def row(touchpoint: Touchpoint | None, share: float = 0.9) -> list[float]:
    rest = (1 - share) / (len(LABELS) - 1)
    return [share if label is touchpoint else rest for label in LABELS]


def tone(sentiment: Sentiment) -> list[float]:
    return [0.8 if each is sentiment else 0.1 for each in Sentiment]


def words(text: str, marks: dict[str, tuple[Touchpoint, Sentiment]]) -> Words:
    """Every word of the text a token; those in `marks` speak for a touchpoint."""
    places, touchpoints, sentiments, at = [], [], [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        places.append((start, at))
        touchpoint, sentiment = marks.get(word, (None, Sentiment.NEUTRAL))
        touchpoints.append(row(touchpoint))
        sentiments.append(tone(sentiment))
    return words_of(text, places, {"token_touchpoint": touchpoints, "token_sentiment": sentiments})


def nothing(pieces: int) -> dict[str, list[list[float]]]:
    """Pieces that speak for no touchpoint."""
    return {"token_touchpoint": [row(None)] * pieces, "token_sentiment": [tone(Sentiment.NEUTRAL)] * pieces}


WEB, BOX = (Touchpoint.WEBSITE_APP, Sentiment.POSITIVE), (Touchpoint.DELIVERY, Sentiment.NEGATIVE)


def test_each_touchpoint_is_quoted_with_its_own_tone() -> None:
    text = "la web va genial, pero el paquete llegó roto ayer"
    seen = words(text, {"web": WEB, "va": WEB, "genial,": WEB, "paquete": BOX, "llegó": BOX, "roto": BOX})

    spans = spans_of(mask(text), seen, {Touchpoint.DELIVERY: 0.9, Touchpoint.WEBSITE_APP: 0.8}, EVEN)

    assert [(span.quote, span.touchpoint, span.sentiment) for span in spans] == [
        ("la web va genial", *WEB),
        ("el paquete llegó roto ayer", *BOX),
    ]
    assert touchpoints_in(spans) == (Touchpoint.WEBSITE_APP, Touchpoint.DELIVERY)


def test_a_quote_is_less_sure_than_its_touchpoint() -> None:
    text = "el paquete llegó roto"
    learnt = Trust(bias=-1.0, of_touchpoint=0.5, of_quote=0.5)
    seen = words(text, {"paquete": BOX, "roto": BOX})

    [plain] = spans_of(mask(text), seen, {Touchpoint.DELIVERY: 0.9}, EVEN)
    [span] = spans_of(mask(text), seen, {Touchpoint.DELIVERY: 0.9}, EVEN, trust=learnt)

    assert plain.confidence == pytest.approx(0.9)
    assert span.confidence < plain.confidence


def test_a_quote_is_surer_the_more_its_words_say() -> None:
    learnt = Trust(bias=0.0, of_touchpoint=0.5, of_quote=0.5)
    texts = {"paquete roto": {"paquete": BOX, "roto": BOX}, "cosa rota": {}}

    sure, vague = (
        spans_of(mask(text), words(text, marks), {Touchpoint.DELIVERY: 0.9}, EVEN, trust=learnt)[0].confidence
        for text, marks in texts.items()
    )

    assert sure > vague


def test_a_word_of_doubt_inside_a_run_does_not_cut_it() -> None:
    text = "el paquete llegó muy roto y ayer fue lunes"
    seen = words(text, {"paquete": BOX, "llegó": BOX, "roto": BOX})

    spans = spans_of(mask(text), seen, {Touchpoint.DELIVERY: 0.9}, EVEN)

    assert [span.quote for span in spans] == ["el paquete llegó muy roto"]


def test_a_touchpoint_that_no_word_shows_is_quoted_by_its_best_word() -> None:
    text = "todo mal"
    spans = spans_of(mask(text), words(text, {}), {Touchpoint.DELIVERY: 0.9}, EVEN)

    assert len(spans) == 1
    assert spans[0].quote in text


def test_of_two_far_places_of_one_touchpoint_that_is_quoted_which_says_more() -> None:
    text = "el paquete roto, aunque ayer dijeron que hoy mismo, y la furgoneta llegó vacía"
    seen = words(text, dict.fromkeys(("roto,", "furgoneta", "llegó", "vacía"), BOX))

    spans = spans_of(mask(text), seen, {Touchpoint.DELIVERY: 0.9}, EVEN)

    assert [span.quote for span in spans] == ["la furgoneta llegó vacía"]


@pytest.mark.parametrize(
    ("text", "said", "quote"),
    [
        ("no sale agua caliente", ("sale", "agua", "caliente"), "no sale agua"),
        ("the light doesn't work", ("work",), "the light doesn't work"),
        ("ayer mismo me dijo que el paquete llegó roto", ("paquete", "llegó", "roto"), "el paquete llegó roto"),
    ],
)
def test_a_quote_keeps_the_article_or_the_word_that_denies_it(text: str, said: Sequence[str], quote: str) -> None:
    [span] = spans_of(mask(text), words(text, dict.fromkeys(said, BOX)), {Touchpoint.DELIVERY: 0.9}, EVEN)

    assert quote in span.quote


def test_pieces_of_a_word_are_joined() -> None:
    joined = words_of("retraso otra", [(0, 3), (3, 7), (8, 12)], nothing(3))

    assert joined.places == [(0, 7), (8, 12)]


def test_a_word_is_without_the_blanks_that_its_pieces_begin_with() -> None:
    text, places = "sin  respuesta hoy", [(0, 3), (3, 4), (4, 9), (9, 14), (14, 18)]
    seen = words_of(text, places, nothing(5))

    assert [text[start:end] for start, end in seen.places] == ["sin", "respuesta", "hoy"]


def test_an_accent_that_is_a_sign_of_its_own_stays_with_its_letter() -> None:
    text = "el pedido no llego\u0301"
    places = [(0, 2), (3, 9), (10, 12), (13, 18)]  # the tokenizer's, without the sign
    seen = words_of(text, places, nothing(4))

    [span] = spans_of(mask(text), seen, {Touchpoint.DELIVERY: 0.9}, EVEN)

    assert span.quote == text


def test_the_first_word_of_a_later_clause_is_quoted_too() -> None:
    text = "dos semanas, sin respuesta"
    nobody = (Touchpoint.SUPPORT_CONTACT, Sentiment.NEGATIVE)
    pieces = ["dos", " semanas", ",", " sin", " respuesta"]
    ends = [sum(map(len, pieces[: n + 1])) for n in range(len(pieces))]
    shares = [row(None), row(None), row(None), row(nobody[0]), row(nobody[0], 0.3)]
    said = {"token_touchpoint": shares, "token_sentiment": [tone(nobody[1])] * len(pieces)}
    seen = words_of(text, list(zip([0, *ends], ends, strict=False)), said)

    spans = spans_of(mask(text), seen, {Touchpoint.SUPPORT_CONTACT: 0.9}, EVEN)

    assert [span.quote for span in spans] == ["sin respuesta"]


@pytest.mark.parametrize(
    ("quote", "bare"),
    [
        ("@tienda el paquete roto @otra", "el paquete roto"),
        ("y nadie contesta!!!", "nadie contesta"),
        ("«llegó roto»,", "llegó roto"),
        ("...", ""),
        ('la regadera "pendiente de ubicación".', 'la regadera "pendiente de ubicación"'),
        ("dice «ya llega»", "dice «ya llega»"),
        ("they said “tomorrow”!", "they said “tomorrow”"),
        ("can’t wait’", "can’t wait"),
        ("las dos sillas que faltan de", "las dos sillas que faltan"),
        ("the refund, and", "the refund"),
        ("pendiente de la", "pendiente"),
        ("la app", "la app"),
        ("@correos.bsky.social el paquete llegó roto", "el paquete llegó roto"),
        ("el paquete llegó roto @tienda@mastodon.social", "el paquete llegó roto"),
        ('"ha caducado" con el cambio', '"ha caducado" con el cambio'),
        ("(sin gluten) y los huevos", "(sin gluten) y los huevos"),
        ("nadie contesta en", "nadie contesta"),
        ("my", "my"),
        ("la señorita super atenta 🙌", "la señorita super atenta"),
        ("🖤🤍 tres puntos", "tres puntos"),
        ("❤️", "❤️"),
        ("sigo esperando 🙄 @tienda", "sigo esperando"),
    ],
)
def test_a_quote_has_no_handles_and_marks_at_its_ends(quote: str, bare: str) -> None:
    assert trimmed(quote) == bare


@given(st.text(max_size=60), st.randoms(use_true_random=False))
def test_every_quote_is_a_piece_of_the_text(text: str, random: object) -> None:
    masked = mask(text)
    seen = words(masked.text, dict.fromkeys(masked.text.split()[::2], BOX))

    for span in spans_of(masked, seen, {Touchpoint.DELIVERY: 0.9, Touchpoint.STORE: 0.2}, EVEN):
        assert span.quote
        assert span.quote in text


def test_a_text_without_words_has_no_best_word() -> None:
    assert set(best_of_words(words("", {})).values()) == {0.0}
