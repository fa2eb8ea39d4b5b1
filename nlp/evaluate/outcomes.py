"""One text, one task: which labels were hit, which were false alarms, which were missed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.evaluation import Task
from bot.domain.reading import Intent, Language, Reading, Sentiment, Stage, Touchpoint, Urgency
from nlp.evaluate.gold import NO_STAGE, Gold
from nlp.evaluate.spans import HALF, found, overlap

Label = TypeVar("Label", Intent, Touchpoint)

YES, NO, STATED = "yes", "no", "stated"
_TAXONOMY = (*Sentiment, *Intent, *Touchpoint, *Stage, NO_STAGE, *Urgency, *Language, YES, NO, STATED)
_PLACES = {str(label): place for place, label in enumerate(_TAXONOMY)}


@dataclass(frozen=True, slots=True, order=True)
class Outcome:
    """Labels that are true and were read, were read and are not true, are true and were not read, are neither.

    A label stands as often as it happened. `rejected` is filled only where several labels may hold.
    """

    hits: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()


def in_order(labels: Iterable[str]) -> list[str]:
    """Each label once, as the taxonomy lists them."""
    return sorted(set(labels), key=_PLACES.__getitem__)


def outcome(task: Task, gold: Gold, reading: Reading) -> Outcome | None:
    """How the reading did, or None when the row is not annotated for the task."""
    return _OUTCOMES[task](gold, reading)


def _sentiment(gold: Gold, reading: Reading) -> Outcome | None:
    return None if gold.sentiment is None else one(gold.sentiment, reading.sentiment)


def _intents(gold: Gold, reading: Reading) -> Outcome | None:
    return _several(gold.intents, reading.intents)


def _touchpoints(gold: Gold, reading: Reading) -> Outcome | None:
    return _several(gold.touchpoints, reading.touchpoints)


def _spans(gold: Gold, reading: Reading) -> Outcome | None:
    if gold.spans is None:
        return None
    pairs = found(gold.text, gold.spans, reading.spans)
    hits = [true.touchpoint.value for true, _ in pairs]
    return Outcome(
        hits=_sorted(hits),
        alarms=_without((span.touchpoint.value for span in reading.spans), hits),
        misses=_without((span.touchpoint.value for span in gold.spans), hits),
    )


def _span_sentiment(gold: Gold, reading: Reading) -> Outcome | None:
    """Of the spans that were found, the feeling."""
    pairs = found(gold.text, gold.spans or (), reading.spans)
    felt = [(true.sentiment, said.sentiment) for true, said in pairs if true.sentiment is not None]
    if not felt:
        return None
    wrong = [(true, said) for true, said in felt if true is not said]
    return Outcome(
        hits=_sorted(true for true, said in felt if true is said),
        alarms=_sorted(said for _, said in wrong),
        misses=_sorted(true for true, _ in wrong),
    )


def _stage(gold: Gold, reading: Reading) -> Outcome | None:
    return None if gold.stage is None else one(gold.stage, reading.stage or NO_STAGE)


def _urgency(gold: Gold, reading: Reading) -> Outcome | None:
    return None if gold.urgency is None else one(gold.urgency, reading.urgency)


def _language(gold: Gold, reading: Reading) -> Outcome | None:
    return None if gold.language is None else one(gold.language, reading.language)


def _spam(gold: Gold, reading: Reading) -> Outcome | None:
    return None if gold.spam is None else one(_yes(gold.spam), _yes(reading.spam))


def _about_brand(gold: Gold, reading: Reading) -> Outcome | None:
    return None if gold.about_brand is None else one(_yes(gold.about_brand), _yes(reading.about_brand))


def _expectation(gold: Gold, reading: Reading) -> Outcome | None:
    """A stated expectation is hit by a quote that overlaps by half; a quote beside it is an alarm and a miss."""
    if gold.expectation is None:
        return None
    said = reading.expectation or ""
    if gold.expectation and said and overlap(gold.text, gold.expectation, said) >= HALF:
        return Outcome(hits=(STATED,))
    return Outcome(alarms=(STATED,) * bool(said), misses=(STATED,) * bool(gold.expectation))


_OUTCOMES: Mapping[Task, Callable[[Gold, Reading], Outcome | None]] = {
    Task.SENTIMENT: _sentiment,
    Task.INTENTS: _intents,
    Task.TOUCHPOINTS: _touchpoints,
    Task.SPANS: _spans,
    Task.SPAN_SENTIMENT: _span_sentiment,
    Task.STAGE: _stage,
    Task.URGENCY: _urgency,
    Task.LANGUAGE: _language,
    Task.SPAM: _spam,
    Task.ABOUT_BRAND: _about_brand,
    Task.EXPECTATION: _expectation,
}


def one(truth: str, read: str) -> Outcome:
    """Where exactly one label is true and one is read."""
    truth, read = str(truth), str(read)
    return Outcome(hits=(truth,)) if truth == read else Outcome(alarms=(read,), misses=(truth,))


def _several(truth: Mapping[Label, bool], read: Iterable[Label]) -> Outcome | None:
    """Only the labels that are annotated are judged."""
    if not truth:
        return None
    said = set(read)
    groups: dict[tuple[bool, bool], list[str]] = {}
    for label, holds in truth.items():
        groups.setdefault((holds, label in said), []).append(label.value)
    return Outcome(
        hits=_sorted(groups.get((True, True), [])),
        alarms=_sorted(groups.get((False, True), [])),
        misses=_sorted(groups.get((True, False), [])),
        rejected=_sorted(groups.get((False, False), [])),
    )


def _without(labels: Iterable[str], taken: Iterable[str]) -> tuple[str, ...]:
    left = sorted(labels)
    for label in taken:
        left.remove(label)
    return tuple(left)


def _sorted(labels: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(str(label) for label in labels))


def _yes(value: bool) -> str:
    return YES if value else NO
