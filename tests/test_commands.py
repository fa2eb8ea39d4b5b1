"""What people type as a command is no experience: neither praise nor a complaint, nor anything to doubt."""

from __future__ import annotations

import pytest

from bot.commands import as_typed
from bot.domain.reading import Intent, Reading, Sentiment
from bot.testing import reading


@pytest.mark.parametrize("text", ["persona", "@zarapito PERSONA", "human please", "«persona»"])
def test_a_wish_for_a_person_is_a_request_and_no_more(text: str) -> None:
    read = as_typed(text, _misread())

    assert (read.sentiment, read.intents, read.spans) == (Sentiment.NEUTRAL, (Intent.REQUEST,), ())
    assert (read.abstained, read.about_brand) == (False, True)


@pytest.mark.parametrize("text", ["STOP", "@zarapito baja", "stop, please"])
def test_a_wish_for_peace_opens_no_case(text: str) -> None:
    read = as_typed(text, _misread())

    assert (read.sentiment, read.intents, read.spans) == (Sentiment.NEUTRAL, (Intent.SMALLTALK,), ())


@pytest.mark.parametrize("text", ["una persona me atendió mal", "no me escribáis más, y sigo sin el pedido", "¡hola!"])
def test_other_words_are_read_as_they_were(text: str) -> None:
    assert as_typed(text, _misread()) == _misread()


def _misread() -> Reading:
    return reading(sentiment=Sentiment.NEGATIVE, intents=(Intent.COMPLAINT,), abstained=True)
