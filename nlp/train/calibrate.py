"""Choose on texts that the model was not trained on how its heads are read: temperatures and thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from nlp.encoder import SINGLE_LABEL, Readout
from nlp.train.batches import MISSING

_TEMPERATURES = torch.linspace(0.5, 4.0, 71)
_THRESHOLDS = torch.linspace(0.08, 0.85, 78)


def readout_of(task: str, labels: Sequence[str], logits: Tensor, targets: Tensor) -> Readout:
    """The temperature of least negative log-likelihood (Guo et al. 2017), and the threshold of best macro F1.

    `logits` (rows, labels) and `targets` as in `Batch`; rows that were not annotated are passed over.
    """
    logits, targets = annotated(logits, targets)
    temperature = _temperature(task, logits, targets)
    if task in SINGLE_LABEL:
        return Readout(labels=tuple(labels), temperature=temperature)
    threshold = threshold_of((logits / temperature).sigmoid(), targets)
    return Readout(labels=tuple(labels), temperature=temperature, thresholds=(threshold,) * len(labels))


def threshold_of(shares: Tensor, truth: Tensor, *, at: float = 0.5) -> float:
    """One threshold for all labels, of best macro F1; both are (rows, labels).

    Of those whose F1 is within half a point of the best the middle one (`at` 0 takes the lowest, 1 the highest): less
    chance in it than in the best. A threshold for each label fits the sectors that it was chosen on, and was up to four
    points worse on others.
    """
    scores = [_macro(shares >= threshold, truth) for threshold in _THRESHOLDS]
    pairs = zip(_THRESHOLDS, scores, strict=True)
    good = [float(threshold) for threshold, score in pairs if score >= max(scores) - 0.005]
    return round(good[min(int(len(good) * at), len(good) - 1)], 3)


def annotated(logits: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Only the rows whose labels are known."""
    known = ~targets.isnan().any(dim=1) if targets.is_floating_point() else targets != MISSING
    return logits[known].float(), targets[known]


def macro_f1(task: str, readout: Readout, logits: Tensor, targets: Tensor) -> float:
    """The mean over labels of the F1 of what the readout makes of the logits."""
    logits, targets = annotated(logits, targets)
    if task in SINGLE_LABEL:
        guessed = functional.one_hot(logits.argmax(1), len(readout.labels))
        truth = functional.one_hot(targets, len(readout.labels))
    else:
        guessed = (logits / readout.temperature).sigmoid() >= torch.tensor(readout.thresholds)
        truth = targets
    return round(_macro(guessed, truth), 4)


def f1(guessed: Tensor, truth: Tensor) -> float:
    """Of two vectors of 0 and 1; 0 where nothing was found."""
    hit = float((guessed.bool() & truth.bool()).sum())
    return 2 * hit / max(1.0, float(guessed.sum() + truth.sum()))


def as_config(readouts: Mapping[str, Readout]) -> dict[str, dict[str, object]]:
    """The form in which `config.json` keeps them."""
    return {
        task: {"temperature": readout.temperature, "thresholds": list(readout.thresholds)}
        for task, readout in readouts.items()
    }


def _temperature(task: str, logits: Tensor, targets: Tensor) -> float:
    def cost(temperature: Tensor) -> float:
        if task in SINGLE_LABEL:
            return float(functional.cross_entropy(logits / temperature, targets))
        return float(functional.binary_cross_entropy_with_logits(logits / temperature, targets))

    return round(float(min(_TEMPERATURES, key=cost)), 3)


def _macro(guessed: Tensor, truth: Tensor) -> float:
    return sum(f1(g, t) for g, t in zip(guessed.T, truth.T, strict=True)) / truth.shape[1]
