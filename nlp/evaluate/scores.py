"""Precision, recall and F1 of each label, and their means.

With hits h, false alarms a and misses m of a label: precision h / (h + a), recall h / (h + m), and
F1 = 2h / (2h + a + m), the harmonic mean of both (van Rijsbergen, Information Retrieval, 1979, ch. 7). *Macro* figures
are plain means over the labels that were true at least once, so that a rare label weighs as much as a common one
(Sokolova & Lapalme, Information Processing & Management 45, 2009); macro recall is the measure of TweetEval's and
SemEval-2017's sentiment. *Micro* F1 adds h, a and m up first. A precision without any reading counts as 0 in its mean.

Where several labels may hold, a label whose every annotated row is positive has nothing it could be wrongly read on:
it gets a recall, but no precision and no F1, and stays out of those means.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.evaluation import LabelScore, Measured, Task, TaskScores
from nlp.evaluate.bootstrap import Resampled, resampled
from nlp.evaluate.outcomes import Outcome, in_order

_BY_LABEL = {Task.INTENTS, Task.TOUCHPOINTS}


@dataclass(frozen=True, slots=True)
class Count:
    """One label: hits, false alarms and misses, and whether there was a row to be wrong on."""

    hits: int
    alarms: int
    misses: int
    two_sided: bool = True

    @property
    def n(self) -> int:
        """How often it was true."""
        return self.hits + self.misses

    @property
    def precision(self) -> float | None:
        """None when it was never read."""
        return _share(self.hits, self.hits + self.alarms) if self.two_sided else None

    @property
    def recall(self) -> float | None:
        """None when it was never true."""
        return _share(self.hits, self.n)

    @property
    def f1(self) -> float | None:
        """None when it was neither."""
        return _share(2 * self.hits, 2 * self.hits + self.alarms + self.misses) if self.two_sided else None


def counts(task: Task, outcomes: Sequence[Outcome]) -> dict[str, Count]:
    """By label."""
    hits, alarms, misses, rejected = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for each in outcomes:
        hits.update(each.hits)
        alarms.update(each.alarms)
        misses.update(each.misses)
        rejected.update(each.rejected)
    return {
        label: Count(
            hits[label], alarms[label], misses[label], task not in _BY_LABEL or alarms[label] + rejected[label] > 0
        )
        for label in in_order([*hits, *alarms, *misses, *rejected])
    }


def scores(task: Task, outcomes: Sequence[Outcome]) -> TaskScores:
    """Every figure of one task over these texts, with intervals."""
    by_label = counts(task, outcomes)
    true = {label: count for label, count in by_label.items() if count.n}
    judged = {label: count for label, count in true.items() if count.two_sided}
    total = Count(
        sum(count.hits for count in by_label.values() if count.two_sided),
        sum(count.alarms for count in by_label.values() if count.two_sided),
        sum(count.misses for count in by_label.values() if count.two_sided),
    )
    again = resampled(outcomes, recalled=list(true), judged=list(judged), pooled=_two_sided(by_label))
    return TaskScores(
        rows=len(outcomes),
        n=sum(count.n for count in by_label.values()),
        accuracy=Measured(total.recall, again.accuracy) if task.one_label else None,
        macro_precision=Measured(_mean([count.precision or 0.0 for count in judged.values()]), again.macro_precision),
        macro_recall=Measured(_mean([count.recall or 0.0 for count in true.values()]), again.macro_recall),
        macro_f1=Measured(_mean([count.f1 or 0.0 for count in judged.values()]), again.macro_f1),
        micro_f1=Measured(total.f1, again.micro_f1),
        labels=tuple(_label_score(label, count, again) for label, count in by_label.items()),
    )


def _two_sided(by_label: dict[str, Count]) -> list[str]:
    return [label for label, count in by_label.items() if count.two_sided]


def _label_score(label: str, count: Count, again: Resampled) -> LabelScore:
    return LabelScore(
        label=label,
        n=count.n,
        read=count.hits + count.alarms,
        precision=count.precision,
        recall=count.recall,
        f1=Measured(count.f1, again.f1.get(label)),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
