"""Learn the linear models over n-grams: one logistic regression a head, held back by the size of its weights."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from itertools import count

import torch
from torch import Tensor

from nlp.encoder import SINGLE_LABEL
from nlp.ngrams import BUCKETS, features
from nlp.tones import OF_TEXT
from nlp.train.batches import MISSING, targets_of
from nlp.train.corpus import Example
from nlp.train.loss import annotated, task_loss
from nlp.train.tasks import TASKS

HEADS = ("sentiment", "brand_sentiment", "intents", "touchpoints", "stage")
"""Those that a second reader helps; whether a firm is lived, and urgency, the network reads better alone."""
_PENALTY = 8e-6
STEPS = 250

Told = Callable[[int, float], None]


def learnt_of(examples: Sequence[Example], told: Told) -> dict[str, Tensor]:
    """The tensors of `nlp.ngrams.NGrams`; `told` hears of each step, and the loss."""
    tasks = {head: TASKS[head] for head in HEADS}
    taught = [each for each in examples if each.denied or any(head in each.labels for head in HEADS)]
    rows = [features(each.text) for each in taught]
    rarity = _rarity(rows)
    inputs = _matrix(rows, rarity)
    targets = {task: targets_of(task, labels, taught) for task, labels in tasks.items()}
    table, bias = _fitted(inputs, targets, tasks, told)
    evened = [_evened(task, given, targets[task]) for task, given in _by_task(bias, tasks).items()]
    return {"table": table.half(), "rarity": rarity, "bias": torch.cat(evened)}


def _evened(task: str, bias: Tensor, targets: Tensor) -> Tensor:
    """For how a text sounds: as if every tone were met equally often (logit adjustment, Menon et al., ICLR 2021).

    In SemEval, which is most of what teaches it, it is not; in what a brand hears, nobody knows.
    """
    if task != OF_TEXT:
        return bias
    met = torch.bincount(targets[targets != MISSING], minlength=len(bias))
    return bias - (met + 1).log() + (met + 1).log().mean()


def _by_task(columns: Tensor, tasks: Mapping[str, Sequence[str]]) -> dict[str, Tensor]:
    sizes = [len(labels) for labels in tasks.values()]
    return dict(zip(tasks, columns.split(sizes, dim=-1), strict=True))  # type: ignore[no-untyped-call]


def _rarity(rows: Sequence[Sequence[int]]) -> Tensor:
    """The inverse document frequency of each bucket, smoothed (Spärck Jones 1972)."""
    counts = torch.bincount(torch.tensor([each for row in rows for each in row]), minlength=BUCKETS)
    return ((1 + len(rows)) / (1 + counts)).log() + 1


def _matrix(rows: Sequence[Sequence[int]], rarity: Tensor) -> Tensor:
    """The rows as a sparse matrix (texts, buckets), each of length 1."""
    ends = torch.tensor([0, *map(len, rows)]).cumsum(0)
    columns = torch.tensor([each for row in rows for each in row])
    values = rarity[columns]
    lengths = torch.segment_reduce(values.square(), "sum", offsets=ends).sqrt()
    values = values / lengths.clamp_min(1e-6).repeat_interleave(ends.diff())
    with warnings.catch_warnings():
        # torch calls this layout a beta; it multiplies five times as fast as its older one
        warnings.filterwarnings("ignore", "Sparse CSR tensor support is in beta")
        return torch.sparse_csr_tensor(ends, columns, values, (len(rows), BUCKETS), check_invariants=True)


def _fitted(
    inputs: Tensor, targets: Mapping[str, Tensor], tasks: Mapping[str, Sequence[str]], told: Told
) -> tuple[Tensor, Tensor]:
    """Weights (buckets, outputs) and biases of least loss, all heads side by side."""
    outputs = sum(len(labels) for labels in tasks.values())
    table = torch.zeros(BUCKETS, outputs, requires_grad=True)
    bias = torch.zeros(outputs, requires_grad=True)
    backwards = inputs.to_sparse_coo().t().to_sparse_csr()  # type: ignore[no-untyped-call]
    optimiser = torch.optim.LBFGS([table, bias], max_iter=STEPS, history_size=10, line_search_fn="strong_wolfe")
    steps = count(1)

    def cost() -> Tensor:
        with torch.no_grad():
            logits = inputs @ table + bias
        logits.requires_grad_()
        known = {task: column for task, column in _by_task(logits, tasks).items() if annotated(targets[task])}
        loss = torch.stack([_loss(task, column, targets[task]) for task, column in known.items()]).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        assert logits.grad is not None  # noqa: S101 - for mypy
        with torch.no_grad():
            table.grad = backwards @ logits.grad + _PENALTY * table
            bias.grad = logits.grad.sum(0)
            held = loss.detach() + _PENALTY / 2 * table.square().sum()
        told(min(next(steps), STEPS), float(held))  # a step may look twice
        return held

    optimiser.step(cost)  # type: ignore[no-untyped-call]
    return table.detach(), bias.detach()


def _loss(task: str, logits: Tensor, targets: Tensor) -> Tensor:
    """The mean over texts; of a head of several labels the sum of their means."""
    labels = 1 if task in SINGLE_LABEL else logits.shape[1]
    return labels * task_loss(task, logits, targets)
