"""A text in which nobody says anything is calm small talk, or a mere question; both classifiers read it so."""

from collections.abc import Callable

import pytest

from bot.domain.reading import Intent, Reading, Sentiment, Text, Urgency
from nlp.lexicon import open_lexicon
from nlp.wordless import says_nothing

NOTHING = [
    "",
    "null",
    "undefined undefined",
    "NaN",
    "N/A",
    "[object Object]",
    "{{name}}",
    "...",
    "!!!",
    ".",
    "—",
    "TEST",
    "test 123",
    "esto es una prueba",
    "this is a test",
    "[deleted]",
    "@brindle @other",
    "https://example.com/abc",
    "RT @brindle: https://t.co/abc",
    "@brindle !!!",
    "ok.",
    "no",
]
ASKED = ["???", "¿?", "@brindle ??", "ok?"]
SOMETHING = [
    "😡😡😡",
    "❤️",
    ":(",
    "-_-",
    "1/10",
    "★☆☆☆☆",
    "¿y?",
    "no!!!",
    "#boicot",
    "prueba gratis",
    "the test centre is closed",
    "no funciona",
    "null pointer en la app",
]


def reads_as(reading: Reading, intent: Intent) -> bool:
    calm = reading.sentiment is Sentiment.NEUTRAL and reading.urgency is Urgency.LOW and not reading.abstained
    return calm and reading.intents == (intent,) and reading.spans == () and reading.touchpoints == ()


@pytest.mark.parametrize("text", NOTHING)
def test_a_text_that_says_nothing_is_calm_small_talk(read: Callable[[str], Reading], text: str) -> None:
    assert reads_as(read(text), Intent.SMALLTALK)


@pytest.mark.parametrize("text", ASKED)
def test_a_question_mark_alone_is_a_question(read: Callable[[str], Reading], text: str) -> None:
    assert reads_as(read(text), Intent.QUESTION)


@pytest.mark.parametrize("text", SOMETHING)
def test_pictures_smileys_marks_and_words_are_left_to_the_model(text: str) -> None:
    assert not says_nothing(text)


def test_the_word_lists_read_them_alike() -> None:
    small, asked = open_lexicon().read([Text(text="null"), Text(text="???")])

    assert reads_as(small, Intent.SMALLTALK)
    assert reads_as(asked, Intent.QUESTION)


def test_a_rule_tells_no_confidence(read: Callable[[str], Reading]) -> None:
    reading = read("null")

    assert (reading.stage_confidence, reading.urgency_confidence) == (None, None)
