"""Overlap by half, and which span finds which."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reading import Sentiment, Span, Touchpoint
from nlp.evaluate.gold import GoldSpan
from nlp.evaluate.spans import found, overlap

TEXT = "0123456789 0123456789"


def true(quote: str, touchpoint: Touchpoint = Touchpoint.STORE) -> GoldSpan:
    return GoldSpan(quote=quote, touchpoint=touchpoint, sentiment=None)


def said(quote: str, touchpoint: Touchpoint = Touchpoint.STORE) -> Span:
    return Span(quote=quote, touchpoint=touchpoint, stage=None, sentiment=Sentiment.NEUTRAL, confidence=0.9)


def test_shared_characters_count_against_the_longer_quote() -> None:
    assert overlap("abcdefgh", "abcd", "cdefgh") == 2 / 6
    assert overlap("abcdefgh", "abcd", "abcd") == 1
    assert overlap("abcdefgh", "ab", "gh") == 0
    assert overlap("abcdefgh", "abcdefgh", "cdef") == 0.5


def test_of_a_quote_that_stands_twice_the_best_place_counts() -> None:
    assert overlap(TEXT, "789 0", "0") == 1 / 5
    assert overlap(TEXT, "789", "789") == 1


def test_half_is_enough_and_less_is_not() -> None:
    assert found("abcdefgh", [true("abcdefgh")], [said("abcd")])
    assert not found("abcdefgh", [true("abcdefgh")], [said("abc")])


def test_the_touchpoint_must_be_right() -> None:
    assert not found("abcd", [true("abcd", Touchpoint.STORE)], [said("abcd", Touchpoint.BILLING)])


def test_each_true_span_is_found_once_and_by_the_best() -> None:
    near, exact = said("abcdef"), said("abcd")

    assert found("abcdefgh", [true("abcd")], [near, exact]) == [(true("abcd"), exact)]


def test_two_true_spans_need_two_readings() -> None:
    both = [true("abcd"), true("efgh")]

    assert len(found("abcdefgh", both, [said("abcdefgh")])) == 1
    assert len(found("abcdefgh", both, [said("efgh"), said("abcd")])) == 2


@given(st.text("ab ", min_size=1, max_size=30), st.data())
def test_overlap_is_a_share_that_does_not_care_who_is_right(text: str, data: st.DataObject) -> None:
    one, other = (
        text[begin : data.draw(st.integers(begin + 1, len(text)))]
        for begin in (data.draw(st.integers(0, len(text) - 1)), data.draw(st.integers(0, len(text) - 1)))
    )

    assert 0 <= overlap(text, one, other) == overlap(text, other, one) <= 1
    assert overlap(text, one, one) == 1
