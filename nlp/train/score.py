"""Score prepared examples with a model in training: logits and targets of each task, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from nlp.pretrained import VivenciaModel
from nlp.train.batches import Prepared, batches

Scores = dict[str, tuple[Tensor, Tensor]]


def scores_of(
    model: VivenciaModel, prepared: Sequence[Prepared], tasks: Mapping[str, Sequence[str]], *, size: int = 32
) -> Scores:
    """Task → logits (rows, labels) and targets (rows or rows x labels); token tasks have a row a token."""
    logits: dict[str, list[Tensor]] = {task: [] for task in tasks}
    targets: dict[str, list[Tensor]] = {task: [] for task in tasks}
    model.train(mode=False)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for batch in batches(prepared, tasks, size=size, shuffle=None):
            found = model(batch.ids, batch.mask)
            for task, given in {**found.texts, **found.tokens}.items():
                if task in tasks:
                    wanted = batch.targets[task]
                    logits[task].append(given.float().flatten(0, -2))
                    targets[task].append(wanted.flatten(0, -2) if wanted.is_floating_point() else wanted.flatten())
    return {task: (torch.cat(logits[task]), torch.cat(targets[task])) for task in tasks}
