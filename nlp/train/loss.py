"""One loss over all heads; what was not annotated counts for nothing."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

from nlp.encoder import SINGLE_LABEL
from nlp.pretrained import Logits
from nlp.train.batches import MISSING, Batch
from nlp.train.tasks import WEIGHTS

_LIFTED = 4.0


def loss_of(logits: Logits, batch: Batch, *, smoothing: float = 0.0) -> Tensor:
    """The weighted sum over tasks of the mean loss over annotated labels (of rows or of tokens)."""
    terms = [
        WEIGHTS[task] * task_loss(task, given, batch.targets[task], smoothing)
        for task, given in _all(logits).items()
        if annotated(batch.targets[task])
    ]
    return torch.stack(terms).sum()


def _all(logits: Logits) -> Mapping[str, Tensor]:
    return {**logits.texts, **logits.tokens}


def annotated(targets: Tensor) -> bool:
    """Whether anything is known of a head."""
    return bool((~targets.isnan()).any() if targets.is_floating_point() else (targets != MISSING).any())


def task_loss(task: str, logits: Tensor, targets: Tensor, smoothing: float = 0.0) -> Tensor:
    """The mean over what was annotated: of rows, of tokens, or of each label of a row."""
    flat = logits.float().flatten(0, -2)
    if task in SINGLE_LABEL:
        smooth = 0.0 if task.startswith("token_") else smoothing
        return functional.cross_entropy(flat, targets.flatten(), ignore_index=MISSING, label_smoothing=smooth)
    wanted = targets.flatten(0, -2)
    known = ~wanted.isnan()
    # one token in thirty states an expectation
    lifted = torch.tensor(_LIFTED) if task == "token_expectation" else None
    return functional.binary_cross_entropy_with_logits(flat[known], wanted[known], pos_weight=lifted)
