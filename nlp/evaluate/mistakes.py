"""The surest wrong readings: where to look first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from bot.domain.evaluation import Task, Wrong
from bot.domain.reading import Intent, Reading, Touchpoint
from nlp.evaluate.gold import Gold

NOTHING = "none"

Label = TypeVar("Label", Intent, Touchpoint)


def surest(pairs: Iterable[tuple[Gold, Reading]], limit: int) -> tuple[Wrong, ...]:
    """At most `limit` of each task that has a confidence, the surest first."""
    wrong = [each for gold, reading in pairs for each in _wrong(gold, reading)]
    wrong.sort(key=lambda each: (-each.confidence, each.id))
    return tuple(
        each
        for task in (Task.SENTIMENT, Task.INTENTS, Task.TOUCHPOINTS, Task.LANGUAGE)
        for each in [one for one in wrong if one.task is task][:limit]
    )


def _wrong(gold: Gold, reading: Reading) -> Iterator[Wrong]:
    if gold.sentiment is not None and gold.sentiment is not reading.sentiment:
        sure = reading.scores.get(reading.sentiment, 0.0)
        yield _mistake(Task.SENTIMENT, gold, reading, gold.sentiment, reading.sentiment, sure)
    if gold.language is not None and gold.language is not reading.language:
        yield _mistake(Task.LANGUAGE, gold, reading, gold.language, reading.language, reading.language_confidence)
    doubts = [
        reading.intent_scores[intent] if intent in reading.intents else 1 - reading.intent_scores[intent]
        for intent in _differing(gold.intents, reading.intents)
        if intent in reading.intent_scores
    ]
    if doubts:
        yield _mistake(Task.INTENTS, gold, reading, *_both(gold.intents, reading.intents), max(doubts))
    alarms = set(_differing(gold.touchpoints, reading.touchpoints)) & set(reading.touchpoints)
    if alarms:
        sure = max((span.confidence for span in reading.spans if span.touchpoint in alarms), default=0.0)
        yield _mistake(Task.TOUCHPOINTS, gold, reading, *_both(gold.touchpoints, reading.touchpoints), sure)


def _differing(truth: Mapping[Label, bool], read: Sequence[Label]) -> list[Label]:
    return [label for label, holds in truth.items() if holds != (label in read)]


def _both(truth: Mapping[Label, bool], read: Sequence[Label]) -> tuple[str, str]:
    """What was true and what was said, among the annotated labels."""
    true = [label for label, holds in truth.items() if holds]
    said = [label for label in truth if label in read]
    return ", ".join(true) or NOTHING, ", ".join(said) or NOTHING


def _mistake(  # noqa: PLR0913, PLR0917 - what one line of the table shows
    task: Task, gold: Gold, reading: Reading, truth: str, read: str, confidence: float
) -> Wrong:
    return Wrong(
        id=gold.id,
        task=task,
        language=str(gold.language or reading.language),
        truth=str(truth),
        read=str(read),
        confidence=confidence,
        text=gold.text,
    )
