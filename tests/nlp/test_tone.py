"""What words say plainly about the tone, whatever the model thinks: Spanish and English alike."""

import pytest

from bot.domain.reading import Sentiment
from nlp.tone import acknowledges, asks, signs_in, weighed

UNDECIDED = {Sentiment.NEGATIVE: 0.4, Sentiment.NEUTRAL: 0.3, Sentiment.POSITIVE: 0.3}


def leaning(text: str) -> Sentiment:
    told = weighed(text, UNDECIDED)
    return max(told, key=told.__getitem__)


@pytest.mark.parametrize(
    ("text", "sentiment"),
    [
        ("por fin llegó, graciasss", Sentiment.POSITIVE),
        ("gracias por la ayuda", Sentiment.POSITIVE),
        ("finally arrived, thanks", Sentiment.POSITIVE),
        ("refund is in, cheers", Sentiment.POSITIVE),
        ("¿a qué hora abrís mañana?", Sentiment.NEUTRAL),
        ("do you ship to Cork?", Sentiment.NEUTRAL),
        ("vale, enviado", Sentiment.NEUTRAL),
        ("ok, sent", Sentiment.NEUTRAL),
        ("sigo sin respuesta", Sentiment.NEGATIVE),
        ("still no reply", Sentiment.NEGATIVE),
    ],
)
def test_plain_words_decide_what_the_model_leaves_open(text: str, sentiment: Sentiment) -> None:
    assert leaning(text) is sentiment


@pytest.mark.parametrize(
    "text",
    [
        "llegó, pero roto",
        "it arrived, but broken",
        "gracias por nada",
        "thanks for nothing",
        "muchas gracias, un servicio pésimo",
        "thanks for the worst flight of my life",
        "lo necesito arreglado ya",
        "if this isn't sorted by Monday I'm off",
        "¿por qué no contesta nadie?",
        "why does nobody ever answer?",
    ],
)
def test_a_contrast_or_blame_takes_the_good_sign_away(text: str) -> None:
    assert not {"thanked", "ended", "asked"} & {*signs_in(text)}


def test_what_is_weighed_still_sums_to_one() -> None:
    assert sum(weighed("ok, gracias, por fin llegó", UNDECIDED).values()) == pytest.approx(1)


def test_a_sure_model_outweighs_one_word() -> None:
    sure = {Sentiment.NEGATIVE: 0.97, Sentiment.NEUTRAL: 0.02, Sentiment.POSITIVE: 0.01}
    told = weighed("gracias", sure)
    assert max(told, key=told.__getitem__) is Sentiment.NEGATIVE


@pytest.mark.parametrize("text", ["vale", "@tienda ok, enviado", "trato hecho", "ok thanks, DM sent", "noted"])
def test_a_short_answer_is_an_acknowledgement(text: str) -> None:
    assert acknowledges(text)


@pytest.mark.parametrize(
    "text", ["vale, ¿y cuándo?", "ok but it is still broken", "vale, sigo sin luz", "La app va lenta"]
)
def test_what_asks_or_blames_is_no_acknowledgement(text: str) -> None:
    assert not acknowledges(text)


@pytest.mark.parametrize("text", ["Dublin are ye open today", "alguien sabe si abren", "@tienda cuándo llega"])
def test_a_question_needs_no_mark(text: str) -> None:
    assert asks(text)
