"""What agents corrected, as a labelled row: only what a correction says, nothing guessed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.domain.experience import Experience
from bot.domain.ports.record import Correction
from bot.domain.reading import Intent


def correction_row(correction: Correction) -> dict[str, Any]:
    """The data form of `nlp.evaluate.gold`. The corrected experiences are all that the text tells of.

    An experience holds the feeling about one touchpoint and the main intent: the feeling of the whole text is given
    where all agree, the stage likewise, and of the intents only the main ones. The language is not known from it.
    Of what is not about the brand nothing else is told.
    """
    aside_by, experiences = correction.not_about_brand_by, correction.experiences
    people = {each.corrected_by for each in experiences if each.corrected_by} if aside_by is None else {aside_by}
    return {
        "id": correction.mention.id,
        "text": correction.mention.text,
        "source": "corrections",
        "mention": True,
        "corrected_by": sorted(people),
        "labels": _labels(experiences) if aside_by is None else {"about_brand": False},
    }


def _labels(experiences: Sequence[Experience]) -> dict[str, Any]:
    spans = [
        {
            "quote": each.evidence,
            "touchpoint": each.touchpoint.value,
            "stage": each.stage,
            "sentiment": each.sentiment.value,
        }
        for each in experiences
        if each.touchpoint is not None and each.evidence
    ]
    labels: dict[str, Any] = {
        "intent": {each.what: True for each in experiences if each.what in set(Intent)},
        "spans": spans,
    }
    feelings = {each.sentiment for each in experiences}
    if len(feelings) == 1:
        labels["sentiment"] = feelings.pop().value
    stages = {each.stage for each in experiences}
    if len(stages) == 1:
        labels["stage"] = stages.pop()
    stated = [each.expectation for each in experiences if each.expectation]
    if stated:
        labels["expectation"] = stated[0]
    return labels
