"""The tone of a reading is the one towards the firm, as far as one is lived."""

from __future__ import annotations

import pytest

from nlp.tones import towards_firm, with_tone

OWN, TOWARDS = [0.1, 0.1, 0.8], [0.7, 0.2, 0.1]


@pytest.mark.parametrize(("firm", "tone"), [(1.0, TOWARDS), (0.0, OWN), (0.5, [0.4, 0.15, 0.45])])
def test_the_likelier_a_firm_the_more_its_own_tone_counts(firm: float, tone: list[float]) -> None:
    read = with_tone({"sentiment": [OWN], "brand_sentiment": [TOWARDS], "firm": [[firm]]})

    assert read["sentiment"][0] == pytest.approx(tone)
    assert sum(read["sentiment"][0]) == pytest.approx(1.0)


def test_weights_that_know_one_tone_alone_are_read_by_it() -> None:
    assert with_tone({"sentiment": [OWN]}) == {"sentiment": [OWN]}


def test_of_a_mention_the_tone_towards_the_firm_counts_alone() -> None:
    assert towards_firm({"sentiment": OWN, "brand_sentiment": TOWARDS})["sentiment"] == TOWARDS
    assert towards_firm({"sentiment": OWN}) == {"sentiment": OWN}
