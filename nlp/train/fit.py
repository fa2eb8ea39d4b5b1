"""Fit linear heads by penalised logistic regression, and calibrate them on what they were not trained on."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

_STEPS = 80
_TEMPERATURES = torch.linspace(0.4, 3.0, 53)
_THRESHOLDS = torch.linspace(0.1, 0.8, 71)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """`weight` (labels, features) and `bias` over raw features: the standardisation is folded in."""

    weight: Tensor
    bias: Tensor

    def logits(self, features: Tensor) -> Tensor:
        """(rows, labels)."""
        return features @ self.weight.T + self.bias


def fit_head(features: Tensor, targets: Tensor, weights: Tensor, *, penalty: float, single: bool) -> Head:
    """Multinomial (`single`) or one-vs-rest logistic regression with L2, on standardised features, by LBFGS.

    `targets` is (rows, labels) of 0 and 1; `weights` (rows,). Deterministic: it starts from zero.
    """
    mean, scale = features.mean(0), features.std(0) + 1e-4
    inputs = (features - mean) / scale
    matrix = torch.zeros(targets.shape[1], inputs.shape[1], requires_grad=True)
    bias = torch.zeros(targets.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([matrix, bias], max_iter=_STEPS, line_search_fn="strong_wolfe")
    share = weights / weights.sum()

    def loss() -> Tensor:
        optimiser.zero_grad()
        rows = row_losses(inputs @ matrix.T + bias, targets, single=single)
        total = (rows * share).sum() + penalty * matrix.square().sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    raw = matrix.detach() / scale
    return Head(weight=raw, bias=bias.detach() - raw @ mean)


def row_losses(logits: Tensor, targets: Tensor, *, single: bool) -> Tensor:
    """Cross-entropy of each row, (rows,)."""
    if single:
        return functional.cross_entropy(logits, targets.argmax(1), reduction="none")
    return functional.binary_cross_entropy_with_logits(logits, targets, reduction="none").sum(1)


def best_temperature(logits: Tensor, targets: Tensor, *, single: bool) -> float:
    """What to divide the logits by so that held-out rows are likeliest (Guo et al. 2017)."""
    losses = [row_losses(logits / t, targets, single=single).mean() for t in _TEMPERATURES]
    return round(float(_TEMPERATURES[int(torch.stack(losses).argmin())]), 3)


def best_thresholds(probabilities: Tensor, targets: Tensor) -> list[float]:
    """The threshold a label with the best F1 on held-out rows."""
    columns = zip(probabilities.T, targets.T, strict=True)
    return [round(float(max(_THRESHOLDS, key=lambda t: f1(p >= t, y))), 3) for p, y in columns]


def f1(found: Tensor, truth: Tensor) -> float:
    """F1 of one label; 0 when there is nothing to find and nothing was found."""
    hits = float((found.bool() & truth.bool()).sum())
    return 2 * hits / max(1.0, float(found.sum() + truth.sum()))
