"""Train every head: cross-validate over sectors for calibration, thresholds and figures, then fit on everything."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from bot.domain.reading import Intent, Sentiment, Stage, Touchpoint, Urgency
from nlp.encoder import SINGLE_LABEL, Readout
from nlp.network import CLAUSE
from nlp.train.corpus import NONE, Example
from nlp.train.fit import Head, best_temperature, best_thresholds, f1, fit_head

FOLDS = 4
LABELS: dict[str, tuple[str, ...]] = {
    "sentiment": tuple(Sentiment),
    "intents": tuple(Intent),
    "touchpoints": tuple(Touchpoint),
    "urgency": tuple(Urgency),
    "stage": (*Stage, NONE),
    "off_brand": ("off_brand",),
    "clause_touchpoint": (*Touchpoint, NONE),
    "clause_sentiment": tuple(Sentiment),
}
PENALTY = {"sentiment": 0.01, "urgency": 0.02, "stage": 0.03, "clause_sentiment": 0.02}
USUAL_PENALTY = 0.03
BALANCE = {"clause_touchpoint": 0.5}  # 0: rows as they are, 1: every label weighs the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows that train one head. `folds` is -1 for rows that never measure (all but the seeds)."""

    features: Tensor
    targets: Tensor
    weights: Tensor
    folds: Tensor


def train_heads(
    examples: Sequence[Example], features: Sequence[Tensor]
) -> tuple[dict[str, Head], dict[str, Readout], dict[str, float]]:
    """Heads, how to read them, and macro-F1 a task on seeds of sectors left out."""
    heads, readouts, figures = {}, {}, {}
    for task, labels in LABELS.items():
        table = _table(task, examples, features)
        logits, truth = _held_out(task, table)
        single = task in SINGLE_LABEL
        temperature = best_temperature(logits, truth, single=single)
        probabilities = (logits / temperature).softmax(1) if single else (logits / temperature).sigmoid()
        thresholds = [] if single else best_thresholds(probabilities, truth)
        readouts[task] = Readout(labels=labels, temperature=temperature, thresholds=tuple(thresholds))
        figures[task] = _macro_f1(probabilities, truth, thresholds)
        heads[task] = _fit(task, table, torch.ones(len(table.folds), dtype=torch.bool))
    return heads, readouts, figures


def fold_of(sector: str) -> int:
    """The fold in which all mentions of a sector are held out."""
    return hashlib.sha256(sector.encode()).digest()[0] % FOLDS


def _held_out(task: str, table: Table) -> tuple[Tensor, Tensor]:
    logits, truth = [], []
    for fold in range(FOLDS):
        head = _fit(task, table, table.folds != fold)
        measured = table.folds == fold
        logits.append(head.logits(table.features[measured]))
        truth.append(table.targets[measured])
    return torch.cat(logits), torch.cat(truth)


def _fit(task: str, table: Table, rows: Tensor) -> Head:
    return fit_head(
        table.features[rows],
        table.targets[rows],
        table.weights[rows],
        penalty=PENALTY.get(task, USUAL_PENALTY),
        single=task in SINGLE_LABEL,
    )


def _table(task: str, examples: Sequence[Example], features: Sequence[Tensor]) -> Table:
    inputs, targets, weights, folds = [], [], [], []
    for example, rows in zip(examples, features, strict=True):
        fold = fold_of(example.sector) if example.source == "seeds" else -1
        for row, held in _labelled(task, example, rows):
            inputs.append(row)
            targets.append([float(label in held) for label in LABELS[task]])
            weights.append(example.weight)
            folds.append(fold)
    truth = torch.tensor(targets)
    return Table(
        features=torch.stack(inputs),
        targets=truth,
        weights=torch.tensor(weights) * _balance(truth, BALANCE.get(task, 0.0)),
        folds=torch.tensor(folds),
    )


def _balance(targets: Tensor, power: float) -> Tensor:
    """Weights (rows,) that lift rare labels: (mean count / own count) to that power."""
    counts = targets.sum(0)
    return targets @ (counts.mean() / counts) ** power if power else torch.ones(len(targets))


def _labelled(task: str, example: Example, rows: Tensor) -> list[tuple[Tensor, frozenset[str]]]:
    """The feature rows of one example that this task may learn from, each with the labels that hold."""
    if not task.startswith(CLAUSE):
        held = example.labels.get(task)
        return [] if held is None else [(rows[0], frozenset({held}) if isinstance(held, str) else held)]
    column = 0 if task == "clause_touchpoint" else 1
    return [
        (torch.cat([row, rows[0]]), frozenset({str(labels[column])}))
        for row, labels in zip(rows[1:], example.clause_labels, strict=True)
        if labels[column] is not None
    ]


def _macro_f1(probabilities: Tensor, truth: Tensor, thresholds: list[float]) -> float:
    best = torch.nn.functional.one_hot(probabilities.argmax(1), probabilities.shape[1])
    found = probabilities >= torch.tensor(thresholds) if thresholds else best
    return round(sum(f1(p, y) for p, y in zip(found.T, truth.T, strict=True)) / truth.shape[1], 3)
