"""The stand-in for the model says less, and says that it is one."""

import pytest

from bot.domain.reading import Intent, Sentiment, Text, Touchpoint
from nlp.language import LanguageReader
from nlp.lexicon import LexiconClassifier


@pytest.fixture(scope="module")
def lexicon(languages: LanguageReader) -> LexiconClassifier:
    return LexiconClassifier(languages)


@pytest.mark.parametrize(
    ("text", "sentiment"),
    [
        ("pésimo servicio, una vergüenza", Sentiment.NEGATIVE),
        ("excelente atención, gracias", Sentiment.POSITIVE),
        ("no es un buen servicio", Sentiment.NEGATIVE),
        ("terrible service, never again", Sentiment.NEGATIVE),
        ("amazing crew, thank you", Sentiment.POSITIVE),
        ("abren el lunes", Sentiment.NEUTRAL),
    ],
)
def test_plain_words_give_the_tone(lexicon: LexiconClassifier, text: str, sentiment: Sentiment) -> None:
    assert lexicon.read([Text(text=text)])[0].sentiment is sentiment


def test_its_readings_are_marked_degraded(lexicon: LexiconClassifier) -> None:
    reading = lexicon.read([Text(text="la factura está mal, ¿me ayudan?")])[0]
    assert reading.degraded
    assert reading.model == "lexicon@1"
    assert Intent.QUESTION in reading.intents
    assert reading.touchpoints == (Touchpoint.BILLING,)


def test_no_text_breaks_it(lexicon: LexiconClassifier, hostile: str) -> None:
    reading = lexicon.read([Text(text=hostile)])[0]
    assert sum(reading.scores.values()) == pytest.approx(1, abs=0.001)
    assert all(span.quote in hostile for span in reading.spans)


@pytest.mark.parametrize("text", ["llevo una semana esperando al técnico", "os habéis cargado mi línea fija"])
def test_what_no_listed_word_tells_is_left_to_a_person(lexicon: LexiconClassifier, text: str) -> None:
    assert lexicon.read([Text(text=text, mention=True)])[0].abstained
