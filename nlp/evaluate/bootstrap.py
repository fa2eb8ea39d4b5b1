"""How far a figure could be off: percentile intervals from resampled texts.

Texts are drawn with replacement, as many as there are, and the figure is computed again, a thousand times; the
interval runs from the 2.5th to the 97.5th percentile (Efron, Annals of Statistics 7, 1979; Efron & Tibshirani, An
Introduction to the Bootstrap, 1993, ch. 13). Texts with the same outcome are one pattern, and how often each pattern is
drawn follows a multinomial distribution: the same experiment, in one matrix product. The seed is fixed and patterns are
sorted, so the same texts give the same interval in any order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.domain.evaluation import Range
from nlp.evaluate.outcomes import Outcome

if TYPE_CHECKING:
    from numpy.typing import NDArray

RESAMPLES = 1000
SEED = 20260512
LEVEL = 0.95
_EDGES = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resampled:
    """The intervals of one task's figures; `f1` by label."""

    accuracy: Range | None
    macro_precision: Range | None
    macro_recall: Range | None
    macro_f1: Range | None
    micro_f1: Range | None
    f1: Mapping[str, Range | None]


def resampled(
    outcomes: Sequence[Outcome], *, recalled: Sequence[str], judged: Sequence[str], pooled: Sequence[str]
) -> Resampled:
    """Macro recall is over `recalled`, macro precision and F1 over `judged`, micro figures over `pooled`.

    A label that is never true in a resample stays out of that resample's means.
    """
    labels = sorted({*recalled, *judged, *pooled})
    hits, alarms, misses = _drawn(outcomes, labels)
    true = hits + misses
    recall = _ratio(hits, true)
    precision = np.where(true > 0, np.nan_to_num(_ratio(hits, hits + alarms)), np.nan)
    f1 = _ratio(2 * hits, 2 * hits + alarms + misses)
    f1_when_true = np.where(true > 0, f1, np.nan)
    among = {name: [labels.index(label) for label in chosen] for name, chosen in _named(recalled, judged, pooled)}
    all_hits, all_alarms, all_misses = (each[:, among["pooled"]].sum(axis=1) for each in (hits, alarms, misses))
    return Resampled(
        accuracy=_interval(_ratio(all_hits, all_hits + all_misses)),
        macro_precision=_interval(_row_means(precision[:, among["judged"]])),
        macro_recall=_interval(_row_means(recall[:, among["recalled"]])),
        macro_f1=_interval(_row_means(f1_when_true[:, among["judged"]])),
        micro_f1=_interval(_ratio(2 * all_hits, 2 * all_hits + all_alarms + all_misses)),
        f1={label: _interval(f1[:, labels.index(label)]) for label in pooled},
    )


def _named(recalled: Sequence[str], judged: Sequence[str], pooled: Sequence[str]) -> list[tuple[str, Sequence[str]]]:
    return [("recalled", recalled), ("judged", judged), ("pooled", pooled)]


def _drawn(outcomes: Sequence[Outcome], labels: Sequence[str]) -> NDArray[np.float64]:
    """Hits, false alarms and misses: for each resample a row, for each label a column."""
    patterns = sorted(Counter(_parts(each) for each in outcomes).items())
    if not patterns:
        return np.zeros((3, 0, len(labels)))
    times = np.array([n for _, n in patterns], dtype=np.float64)
    draws = np.random.default_rng(SEED).multinomial(len(outcomes), times / times.sum(), size=RESAMPLES)
    kinds = [[[part.count(label) for label in labels] for part in parts] for parts, _ in patterns]
    each_pattern = np.array(kinds, dtype=np.float64).reshape(len(patterns), 3 * len(labels))
    drawn = (draws @ each_pattern).reshape(RESAMPLES, 3, len(labels))
    return np.asarray(drawn.transpose(1, 0, 2), dtype=np.float64)


def _parts(outcome: Outcome) -> tuple[tuple[str, ...], ...]:
    return outcome.hits, outcome.alarms, outcome.misses


def _ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """NaN where there is nothing to divide by."""
    empty: NDArray[np.float64] = np.full(whole.shape, np.nan)
    return np.divide(part, whole, out=empty, where=whole > 0)


def _row_means(values: NDArray[np.float64]) -> NDArray[np.float64]:
    known = ~np.isnan(values)
    return _ratio(np.where(known, values, 0.0).sum(axis=1), known.sum(axis=1).astype(np.float64))


def _interval(values: NDArray[np.float64]) -> Range | None:
    known = values[~np.isnan(values)]
    if not known.size:
        return None
    low, high = np.quantile(known, _EDGES)
    return Range(float(low), float(high))
