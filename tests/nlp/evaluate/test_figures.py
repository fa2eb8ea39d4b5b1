"""Every figure against one worked out by hand, and what must hold whatever the readings are."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.evaluation import LabelScore, Task, TaskScores
from bot.domain.reading import Intent, Sentiment, Span, Touchpoint
from bot.testing import reading
from nlp.evaluate.gold import Gold, GoldSpan
from nlp.evaluate.outcomes import Outcome, one, outcome
from nlp.evaluate.scores import scores

SENTIMENTS = st.sampled_from([sentiment.value for sentiment in Sentiment])


def label(scored: TaskScores, name: str) -> LabelScore:
    return next(each for each in scored.labels if each.label == name)


def by_hand() -> list[Outcome]:
    """Ten texts: true negative 5 (read - - - 0 +), neutral 3 (0 0 -), positive 2 (+ 0)."""
    pairs = ["nn", "nn", "nn", "nu", "np", "uu", "uu", "un", "pp", "pu"]
    names = {"n": "negative", "u": "neutral", "p": "positive"}
    return [one(names[pair[0]], names[pair[1]]) for pair in pairs]


def test_precision_recall_and_f1_of_a_label() -> None:
    negative = label(scores(Task.SENTIMENT, by_hand()), "negative")

    assert (negative.n, negative.read) == (5, 4)
    assert (negative.precision, negative.recall) == (3 / 4, 3 / 5)
    assert negative.f1.value == pytest.approx(2 * (3 / 4) * (3 / 5) / (3 / 4 + 3 / 5))


def test_macro_micro_and_accuracy() -> None:
    scored = scores(Task.SENTIMENT, by_hand())

    assert (scored.rows, scored.n) == (10, 10)
    assert scored.macro_recall.value == pytest.approx((3 / 5 + 2 / 3 + 1 / 2) / 3)
    assert scored.macro_precision.value == pytest.approx((3 / 4 + 2 / 4 + 1 / 2) / 3)
    assert scored.macro_f1.value == pytest.approx((2 / 3 + 4 / 7 + 1 / 2) / 3)
    assert scored.accuracy is not None
    assert scored.accuracy.value == scored.micro_f1.value == pytest.approx(0.6)


def test_a_label_that_was_never_true_weighs_nothing_in_macro_figures_and_counts_in_micro() -> None:
    scored = scores(Task.SENTIMENT, [one("negative", "negative"), one("negative", "positive")])

    assert scored.macro_f1.value == pytest.approx(2 / 3)
    assert (label(scored, "positive").recall, label(scored, "positive").precision) == (None, 0.0)
    assert scored.micro_f1.value == pytest.approx(0.5)


def test_a_true_label_that_was_never_read_has_no_precision_and_counts_as_zero() -> None:
    scored = scores(Task.SENTIMENT, [one("negative", "negative"), one("positive", "negative")])

    assert label(scored, "positive").precision is None
    assert scored.macro_precision.value == pytest.approx(0.25)


def test_only_annotated_intents_are_judged() -> None:
    gold = Gold(id="1", text="x", intents={Intent.COMPLAINT: False})
    read = reading(intents=(Intent.COMPLAINT, Intent.QUESTION))

    assert outcome(Task.INTENTS, gold, read) == Outcome(alarms=("complaint",))


def test_a_label_annotated_only_where_it_holds_has_a_recall_and_nothing_else() -> None:
    scored = scores(Task.INTENTS, [Outcome(hits=("complaint",)), Outcome(misses=("complaint",))])

    assert label(scored, "complaint").recall == 0.5
    assert (label(scored, "complaint").precision, label(scored, "complaint").f1.value) == (None, None)
    assert (scored.macro_f1.value, scored.micro_f1.value, scored.macro_recall.value) == (None, None, 0.5)
    assert scored.macro_f1.interval is None


def test_several_labels_have_no_accuracy() -> None:
    assert scores(Task.INTENTS, [Outcome(hits=("praise",), rejected=("spam",))]).accuracy is None


def span(quote: str, touchpoint: Touchpoint, sentiment: Sentiment = Sentiment.NEGATIVE) -> Span:
    return Span(quote=quote, touchpoint=touchpoint, stage=None, sentiment=sentiment, confidence=0.8)


def test_spans_are_hits_alarms_and_misses_of_their_touchpoints() -> None:
    gold = Gold(
        id="1",
        text="web mala, caja rota, nadie contesta",
        spans=(
            GoldSpan(quote="web mala", touchpoint=Touchpoint.WEBSITE_APP, sentiment=Sentiment.NEGATIVE),
            GoldSpan(quote="caja rota", touchpoint=Touchpoint.DELIVERY, sentiment=Sentiment.NEGATIVE),
        ),
    )
    read = reading(
        spans=(
            span("web mala", Touchpoint.WEBSITE_APP, Sentiment.NEUTRAL),
            span("nadie contesta", Touchpoint.DELIVERY),
            span("nadie contesta", Touchpoint.SUPPORT_CONTACT),
        )
    )

    assert outcome(Task.SPANS, gold, read) == Outcome(
        hits=("website_app",), alarms=("delivery", "support_contact"), misses=("delivery",)
    )
    assert outcome(Task.SPAN_SENTIMENT, gold, read) == Outcome(alarms=("neutral",), misses=("negative",))
    assert scores(Task.SPANS, [outcome(Task.SPANS, gold, read) or Outcome()]).micro_f1.value == pytest.approx(2 / 5)


@pytest.mark.parametrize(
    ("truth", "read", "expected"),
    [
        ("antes del viernes", "antes del viernes", Outcome(hits=("stated",))),
        ("antes del viernes", "viernes", Outcome(alarms=("stated",), misses=("stated",))),
        ("antes del viernes", None, Outcome(misses=("stated",))),
        ("", "lo pedí", Outcome(alarms=("stated",))),
        ("", None, Outcome()),
        (None, "lo pedí", None),
    ],
)
def test_an_expectation_is_found_by_half(truth: str | None, read: str | None, expected: Outcome | None) -> None:
    gold = Gold(id="1", text="lo pedí para antes del viernes", expectation=truth)

    assert outcome(Task.EXPECTATION, gold, reading(expectation=read)) == expected


def test_no_stage_is_a_label_too() -> None:
    assert outcome(Task.STAGE, Gold(id="1", text="x", stage="none"), reading(stage=None)) == one("none", "none")
    assert outcome(Task.STAGE, Gold(id="1", text="x"), reading(stage=None)) is None


@pytest.mark.parametrize("task", [Task.SPAM, Task.ABOUT_BRAND])
def test_yes_and_no_are_both_labels(task: Task) -> None:
    gold = Gold(id="1", text="x", spam=False, about_brand=False)
    read = reading(spam=True, about_brand=True)

    assert outcome(task, gold, read) == one("no", "yes")


@given(st.lists(st.tuples(SENTIMENTS, SENTIMENTS), min_size=1, max_size=40), st.randoms())
@settings(deadline=None, max_examples=40)
def test_figures_are_shares_and_do_not_care_for_the_order(pairs: list[tuple[str, str]], shuffle: random.Random) -> None:
    outcomes = [one(truth, read) for truth, read in pairs]
    shuffled = shuffle.sample(outcomes, len(outcomes))
    scored = scores(Task.SENTIMENT, outcomes)

    assert scores(Task.SENTIMENT, shuffled) == scored
    for measured in (scored.accuracy, scored.macro_recall, scored.macro_precision, scored.macro_f1, scored.micro_f1):
        assert measured is not None
        assert measured.value is not None
        assert 0 <= measured.value <= 1
        assert measured.interval is not None
        assert 0 <= measured.interval.low <= measured.interval.high <= 1


@given(st.lists(SENTIMENTS, min_size=1, max_size=30))
@settings(deadline=None, max_examples=20)
def test_who_reads_everything_right_gets_one_and_no_interval_to_speak_of(truths: list[str]) -> None:
    scored = scores(Task.SENTIMENT, [one(truth, truth) for truth in truths])

    assert (scored.macro_f1.value, scored.macro_recall.value) == (1, 1)
    assert scored.macro_f1.interval is not None
    assert (scored.macro_f1.interval.low, scored.macro_f1.interval.high) == (1, 1)


def test_the_interval_is_that_of_drawing_texts_again_and_again() -> None:
    """Against the slow way, text by text: both are the same experiment with other dice."""
    outcomes = [one("negative", "negative")] * 70 + [one("negative", "positive")] * 30
    dice = random.Random(1)  # noqa: S311
    drawn = sorted(sum(each.hits != () for each in dice.choices(outcomes, k=100)) / 100 for _ in range(1000))
    accuracy = scores(Task.SENTIMENT, outcomes).accuracy

    assert accuracy is not None
    assert accuracy.interval is not None
    assert accuracy.interval.low == pytest.approx(drawn[25], abs=0.02)
    assert accuracy.interval.high == pytest.approx(drawn[975], abs=0.02)


def test_more_texts_make_a_narrower_interval() -> None:
    def width(outcomes: Sequence[Outcome]) -> float:
        interval = scores(Task.SENTIMENT, outcomes).macro_f1.interval
        assert interval is not None
        return interval.high - interval.low

    assert width(by_hand() * 50) < width(by_hand() * 5) / 2
