"""A reading becomes rows of the experience ledger: what was lived, where, and in whose words."""

from __future__ import annotations

import pytest

from bot.domain.experience import Effort, Experience
from bot.domain.reading import Intent, Reading, Sentiment, Stage, Touchpoint
from bot.pipeline.ledger import experiences_of
from bot.testing import NOON, mention, reading
from tests.pipeline.conftest import ANA, about, span


def lived(read: Reading, text: str = "no llega y me cobráis dos veces") -> tuple[Experience, ...]:
    return experiences_of(mention("m1", text), read, ANA)


def test_each_span_is_one_experience() -> None:
    delivery = span(Touchpoint.DELIVERY, "no llega", confidence=0.7)
    billing = span(Touchpoint.BILLING, "me cobráis dos veces", sentiment=Sentiment.NEUTRAL, stage=Stage.DURING)

    rows = lived(reading(spans=(delivery, billing), touchpoints=(Touchpoint.DELIVERY, Touchpoint.BILLING)))

    assert [(row.touchpoint, row.evidence, row.stage, row.sentiment, row.confidence) for row in rows] == [
        (Touchpoint.DELIVERY, "no llega", Stage.AFTER, Sentiment.NEGATIVE, 0.7),
        (Touchpoint.BILLING, "me cobráis dos veces", Stage.DURING, Sentiment.NEUTRAL, 0.8),
    ]
    assert {(row.customer_id, row.mention_id, row.at, row.model) for row in rows} == {(ANA, "test:m1", NOON, "fixed@1")}


def test_settling_it_again_writes_the_same_rows() -> None:
    read = about(Touchpoint.DELIVERY, Touchpoint.BILLING)

    assert lived(read) == lived(read)
    assert len({row.id for row in lived(read)}) == 2


def test_the_same_words_in_two_posts_are_two_experiences() -> None:
    read = about(Touchpoint.DELIVERY)
    [one], [other] = (experiences_of(mention(number, "no llega"), read, ANA) for number in ("1", "2"))

    assert one.id != other.id


@pytest.mark.parametrize("left_out", [{"spam": True}, {"about_brand": False}])
def test_spam_and_what_means_something_else_are_not_lived(left_out: dict[str, bool]) -> None:
    read = about(Touchpoint.DELIVERY)

    assert lived(read)
    assert lived(about(Touchpoint.DELIVERY, **left_out)) == ()


def test_a_feeling_without_a_place_is_one_experience_with_the_words_as_evidence() -> None:
    [row] = lived(reading(sentiment=Sentiment.NEGATIVE, intents=(Intent.COMPLAINT,)), "qué mal " * 60)

    assert row.touchpoint is None
    assert row.sentiment is Sentiment.NEGATIVE
    assert row.confidence == 0.9
    assert row.evidence == ("qué mal " * 60)[:280]


@pytest.mark.parametrize(
    ("intents", "sentiment", "count"),
    [
        ((Intent.QUESTION,), Sentiment.NEUTRAL, 1),
        ((Intent.PRAISE, Intent.SMALLTALK), Sentiment.POSITIVE, 1),
        ((Intent.SMALLTALK,), Sentiment.NEGATIVE, 1),
        ((Intent.SMALLTALK,), Sentiment.NEUTRAL, 0),
        ((Intent.NEWS_OPINION,), Sentiment.NEGATIVE, 0),
        ((Intent.NEWS_OPINION, Intent.COMPLAINT), Sentiment.NEGATIVE, 0),
        ((), Sentiment.NEUTRAL, 0),
        ((), Sentiment.POSITIVE, 1),
    ],
)
def test_news_and_talk_about_nothing_are_not_lived(
    intents: tuple[Intent, ...], sentiment: Sentiment, count: int
) -> None:
    assert len(lived(reading(intents=intents, sentiment=sentiment), "hola")) == count


def test_what_was_expected_is_kept_with_it() -> None:
    [row] = lived(about(Touchpoint.DELIVERY, expectation="48 h"))

    assert row.expectation == "48 h"


def test_the_main_intent_is_the_surest() -> None:
    intents = (Intent.QUESTION, Intent.COMPLAINT)
    scores = {Intent.QUESTION: 0.6, Intent.COMPLAINT: 0.8, Intent.PRAISE: 0.9}

    [row] = lived(about(Touchpoint.DELIVERY, intents=intents, intent_scores=scores))

    assert row.what == "complaint"


def test_without_an_intent_nothing_is_named() -> None:
    [row] = lived(about(Touchpoint.DELIVERY, intents=(), intent_scores={}))

    assert row.what == ""


@pytest.mark.parametrize(
    "text",
    [
        "otra vez sin llegar",
        "Llevo tres semanas esperando",
        "llevo 2 días llamando",
        "es la tercera vez que escribo",
        "por enésima vez",
        "es que nadie me contesta",
        "nadie responde",
        "ya os he escrito dos veces",
        "ya he llamado",
        "me mandan de un departamento a otro",
        "Broken AGAIN",
        "this is the third time I ask",
        "I've been waiting for weeks",
        "still waiting for my parcel",
        "nobody answers the phone",
        "no one replies",
        "tired of chasing you",
    ],
)
def test_hard_work_shows_in_the_customers_words(text: str) -> None:
    [row] = lived(about(Touchpoint.SUPPORT_CONTACT), text)

    assert row.effort is Effort.HIGH


@pytest.mark.parametrize("text", ["no llega mi pedido", "against the odds it works", "llevo gafas", "una vez al mes"])
def test_where_no_work_is_told_the_effort_is_unknown(text: str) -> None:
    [row] = lived(about(Touchpoint.DELIVERY), text)

    assert row.effort is Effort.UNKNOWN
