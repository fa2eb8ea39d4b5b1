"""How far a confidence can be taken at its word."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.evaluation import Bin
from bot.domain.reading import Intent, Language, Reading, Sentiment, Span, Touchpoint, Urgency
from bot.testing import reading
from nlp.evaluate.calibration import BINS, Said, heads, reliability, selective
from nlp.evaluate.gold import NO_STAGE, Gold, GoldSpan

SAID = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=80)


def test_the_error_is_the_mean_distance_of_confidence_and_accuracy() -> None:
    """Ten readings of 0.9 of which seven are right, and ten of 0.6 of which six are: (0.2 + 0.0) / 2."""
    said = [(0.9, rank < 7) for rank in range(10)] + [(0.6, rank < 6) for rank in range(10)]
    measured = reliability(said)

    assert [(each.n, each.accuracy) for each in measured.bins] == [(10, 0.6), (10, 0.7)]
    assert measured.error == pytest.approx(0.1)


def test_bins_hold_equally_many() -> None:
    measured = reliability([(rank / 300, rank % 2 == 0) for rank in range(300)])

    assert [each.n for each in measured.bins] == [20] * BINS


def test_nothing_said_is_no_error() -> None:
    assert reliability([]).bins == ()
    assert reliability([]).error == 0


@given(SAID, st.randoms())
def test_order_does_not_matter_and_nothing_is_lost(said: list[Said], shuffle: random.Random) -> None:
    measured = reliability(said)

    assert reliability(shuffle.sample(said, len(said))) == measured
    assert sum(each.n for each in measured.bins) == measured.n == len(said)
    assert len(measured.bins) <= BINS
    assert 0 <= measured.error <= 1


@given(st.integers(1, 60), st.integers(0, 60))
def test_who_says_how_often_it_is_right_has_no_error(n: int, right: int) -> None:
    right = min(right, n)

    assert reliability([(right / n, rank < right) for rank in range(n)]).error == pytest.approx(0)


def test_every_score_of_a_reading_is_checked_where_it_is_annotated() -> None:
    read = reading(
        sentiment=Sentiment.NEGATIVE,
        intent_scores={Intent.PRAISE: 0.2, Intent.QUESTION: 0.9},
        spans=(
            Span(quote="caja", touchpoint=Touchpoint.STORE, stage=None, sentiment=Sentiment.NEGATIVE, confidence=0.7),
        ),
    )
    gold = Gold(
        id="1",
        text="la caja",
        language=Language.EN,
        sentiment=Sentiment.NEGATIVE,
        intents={Intent.PRAISE: True, Intent.SPAM: False},
        spans=(GoldSpan(quote="la caja", touchpoint=Touchpoint.STORE, sentiment=None),),
    )
    other = Gold(id="2", text="x", intents={Intent.PRAISE: False, Intent.SPAM: False})
    found = heads([(gold, read), (other, read)])

    assert found["sentiment"].bins == (Bin(1, 0.9, 1.0),)
    assert found["language"].bins == (Bin(1, 0.99, 0.0),)
    assert found["span"].bins == (Bin(1, 0.7, 1.0),)
    assert found["intent.praise"].bins == (Bin(2, 0.2, 0.5),)
    assert found["intents"].n == 2
    assert set(found) == {"sentiment", "language", "span", "intent.praise", "intents"}


def test_stage_and_urgency_are_checked_where_the_model_had_the_word() -> None:
    sure = reading(stage=None, stage_confidence=0.8, urgency=Urgency.HIGH, urgency_confidence=0.6)
    by_rule = reading(urgency=Urgency.HIGH)
    gold = Gold(id="1", text="x", stage=NO_STAGE, urgency=Urgency.LOW)
    found = heads([(gold, sure), (gold, by_rule)])

    assert found["stage"].bins == (Bin(1, 0.8, 1.0),)
    assert found["urgency"].bins == (Bin(1, 0.6, 0.0),)


def test_few_readings_stray_from_a_faultless_confidence_by_chance() -> None:
    """Of bins of 25 fair coins the mean distance from one half is about 0.08, of bins of 2,500 a tenth of that."""
    few = reliability([(0.5 + rank * 1e-6, rank % 2 == 0) for rank in range(25 * BINS)])
    many = reliability([(0.5 + rank * 1e-9, rank % 2 == 0) for rank in range(2_500 * BINS)])

    assert few.by_chance == pytest.approx(0.08, abs=0.001)
    assert many.by_chance == pytest.approx(few.by_chance / 10, rel=0.01)
    assert reliability([]).by_chance == 0


def test_an_intent_annotated_only_where_it_holds_is_not_checked() -> None:
    gold = Gold(id="1", text="x", intents={Intent.QUESTION: True})

    assert heads([(gold, reading())]) == {}


def test_abstaining_is_worth_the_accuracy_that_it_saves() -> None:
    def pair(*, right: bool, abstained: bool) -> tuple[Gold, Reading]:
        truth = Sentiment.NEUTRAL if right else Sentiment.NEGATIVE
        return Gold(id="1", text="x", sentiment=truth), reading(abstained=abstained)

    kept = [pair(right=True, abstained=False)] * 3 + [pair(right=False, abstained=False)]
    measured = selective([*kept, pair(right=False, abstained=True)])

    assert measured is not None
    assert (measured.n, measured.abstained) == (5, 1)
    assert (measured.accuracy, measured.kept, measured.given_up) == (0.6, 0.75, 0.0)
    assert selective([]) is None
