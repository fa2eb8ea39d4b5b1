"""Spans: whole words, exact quotes, one or more for each touchpoint that holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reading import Sentiment, Touchpoint
from nlp.spans import Words, best_of_words, spans_of, touchpoints_in, trimmed, words_of
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
    return words_of(text, places, touchpoints, sentiments)


WEB, BOX = (Touchpoint.WEBSITE_APP, Sentiment.POSITIVE), (Touchpoint.DELIVERY, Sentiment.NEGATIVE)


def test_each_touchpoint_is_quoted_with_its_own_tone() -> None:
    text = "la web genial pero el paquete roto"
    seen = words(text, {"web": WEB, "genial": WEB, "paquete": BOX, "roto": BOX})

    spans = spans_of(mask(text), seen, {Touchpoint.DELIVERY: 0.9, Touchpoint.WEBSITE_APP: 0.8}, EVEN)

    assert [(span.quote, span.touchpoint, span.sentiment) for span in spans] == [
        ("la web genial", *WEB),
        ("el paquete roto", *BOX),
    ]
    assert touchpoints_in(spans) == (Touchpoint.WEBSITE_APP, Touchpoint.DELIVERY)


def test_a_quote_is_less_sure_than_its_touchpoint() -> None:
    text = "el paquete llegó roto"
    learnt = Trust(bias=-1.0, of_touchpoint=0.5, of_words=0.5)
    seen = words(text, {"paquete": BOX, "roto": BOX})

    [plain] = spans_of(mask(text), seen, {Touchpoint.DELIVERY: 0.9}, EVEN)
    [span] = spans_of(mask(text), seen, {Touchpoint.DELIVERY: 0.9}, EVEN, learnt)

    assert plain.confidence == pytest.approx(0.9)
    assert span.confidence < plain.confidence


def test_a_quote_is_surer_the_more_its_words_say() -> None:
    learnt = Trust(bias=0.0, of_touchpoint=0.5, of_words=0.5)
    texts = {"paquete roto": {"paquete": BOX, "roto": BOX}, "cosa rota": {}}

    sure, vague = (
        spans_of(mask(text), words(text, marks), {Touchpoint.DELIVERY: 0.9}, EVEN, learnt)[0].confidence
        for text, marks in texts.items()
    )

    assert sure > vague


def test_a_word_of_doubt_inside_a_run_does_not_cut_it() -> None:
    text = "paquete muy roto"
    spans = spans_of(mask(text), words(text, {"paquete": BOX, "roto": BOX}), {Touchpoint.DELIVERY: 0.9}, EVEN)

    assert [span.quote for span in spans] == ["paquete muy roto"]


def test_a_touchpoint_that_no_word_shows_is_quoted_by_its_best_word() -> None:
    text = "todo mal"
    spans = spans_of(mask(text), words(text, {}), {Touchpoint.DELIVERY: 0.9}, EVEN)

    assert len(spans) == 1
    assert spans[0].quote in text


def test_two_far_places_of_one_touchpoint_are_two_spans() -> None:
    text = "paquete roto aunque ayer dijeron que hoy mismo furgoneta vacía"
    seen = words(text, dict.fromkeys(("paquete", "roto", "furgoneta", "vacía"), BOX))

    spans = spans_of(mask(text), seen, {Touchpoint.DELIVERY: 0.9}, EVEN)

    assert [span.quote for span in spans] == ["paquete roto", "furgoneta vacía"]


def test_pieces_of_a_word_are_joined() -> None:
    joined = words_of("retraso otra", [(0, 3), (3, 7), (8, 12)], [row(None)] * 3, [tone(Sentiment.NEUTRAL)] * 3)

    assert joined.places == [(0, 7), (8, 12)]


def test_a_word_is_without_the_blanks_that_its_pieces_begin_with() -> None:
    text, places = "sin  respuesta hoy", [(0, 3), (3, 4), (4, 9), (9, 14), (14, 18)]
    seen = words_of(text, places, [row(None)] * 5, [tone(Sentiment.NEUTRAL)] * 5)

    assert [text[start:end] for start, end in seen.places] == ["sin", "respuesta", "hoy"]


def test_the_first_word_of_a_later_clause_is_quoted_too() -> None:
    text = "dos semanas, sin respuesta"
    nobody = (Touchpoint.SUPPORT_CONTACT, Sentiment.NEGATIVE)
    pieces = ["dos", " semanas", ",", " sin", " respuesta"]
    ends = [sum(map(len, pieces[: n + 1])) for n in range(len(pieces))]
    shares = [row(None), row(None), row(None), row(nobody[0]), row(nobody[0], 0.3)]
    seen = words_of(text, list(zip([0, *ends], ends, strict=False)), shares, [tone(nobody[1])] * len(pieces))

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
        ("my", "my"),
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
