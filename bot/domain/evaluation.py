"""What a model is worth, measured against labelled texts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

ALL = "all"
"""The name of the group that holds every language."""


class Task(StrEnum):
    """What is measured of a reading, each by itself."""

    SENTIMENT = "sentiment"
    INTENTS = "intents"
    TOUCHPOINTS = "touchpoints"
    SPANS = "spans"
    SPAN_SENTIMENT = "span_sentiment"
    STAGE = "stage"
    URGENCY = "urgency"
    LANGUAGE = "language"
    SPAM = "spam"
    ABOUT_BRAND = "about_brand"
    EXPECTATION = "expectation"

    @property
    def one_label(self) -> bool:
        """Whether exactly one label holds, so that accuracy means something."""
        return self not in {Task.INTENTS, Task.TOUCHPOINTS, Task.SPANS, Task.EXPECTATION}


@dataclass(frozen=True, slots=True)
class Range:
    """A 95 % interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure with its interval; `value` is None where there was nothing to compute it from."""

    value: float | None
    interval: Range | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelScore:
    """One label: `n` times it was true, `read` times it was said."""

    label: str
    n: int
    read: int
    precision: float | None
    recall: float | None
    f1: Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskScores:
    """One task in one language: `rows` were annotated for it, `n` labels were true in them.

    Macro figures are means over the labels that were true at least once. `accuracy` is None where several labels hold.
    """

    rows: int
    n: int
    accuracy: Measured | None
    macro_precision: Measured
    macro_recall: Measured
    macro_f1: Measured
    micro_f1: Measured
    labels: tuple[LabelScore, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """Readings of about the same confidence: its mean, and the share of them that was right."""

    n: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far a confidence can be taken at its word: the expected calibration error, and the bins it is made of."""

    n: int
    error: float
    bins: tuple[Bin, ...]

    @property
    def by_chance(self) -> float:
        """The error that confidences without fault would show on so few readings, about.

        In a bin of n readings of mean confidence c the share that is right strays from c by √(2/π · c(1 - c) / n) on
        average, as a normal distribution does.
        """
        strays = (each.n * math.sqrt(each.confidence * (1 - each.confidence) / each.n) for each in self.bins)
        return math.sqrt(2 / math.pi) * sum(strays) / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Selective:
    """What abstaining buys: accuracy of the sentiment over all texts, over those kept, and over those given up."""

    n: int
    abstained: int
    accuracy: float
    kept: float | None
    given_up: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One wrong reading: what was true, what was said, and how sure the model was."""

    id: str
    task: Task
    language: str
    truth: str
    read: str
    confidence: float
    text: str


Confusion = Mapping[str, Mapping[str, int]]
"""How often a true label (outer) was read as a label (inner)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A model measured once. Groups are `ALL` and the languages; `heads` are those whose scores were checked."""

    model: str
    rows: int
    degraded: int
    languages: Mapping[str, int]
    tasks: Mapping[Task, Mapping[str, TaskScores]]
    confusion: Mapping[Task, Mapping[str, Confusion]]
    heads: Mapping[str, Reliability]
    abstention: Mapping[str, Selective]
    wrong: tuple[Wrong, ...]
