"""Turn examples into tensors: batches of like length, every label that was not annotated marked as missing."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import torch
from tokenizers import Encoding, Tokenizer
from torch import Tensor

from nlp.encoder import MAX_TOKENS, PREFIX, SINGLE_LABEL
from nlp.train.corpus import NONE, Example, Piece

MISSING = -100  # the target that cross-entropy passes over
HIDDEN = 4  # the vocabulary's <mask>; the other marks have lower numbers
PREFIXED = 4  # tokens before the text itself: the mark of the beginning, and three of the prefix
_POOL = 50  # batches of how many are sorted by length together


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """`targets[task]`: class indices for heads of one label, else 0/1 matrices in which NaN is missing.

    Token tasks have a target for every token.
    """

    ids: Tensor
    mask: Tensor
    targets: Mapping[str, Tensor]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An example with its tokens."""

    example: Example
    encoding: Encoding


def prepare(tokenizer: Tokenizer, examples: Sequence[Example]) -> list[Prepared]:
    """Tokenise as the service does, with the prefix and at most `MAX_TOKENS`."""
    tokenizer.enable_truncation(MAX_TOKENS)
    encodings = tokenizer.encode_batch([PREFIX + example.text for example in examples])
    return [Prepared(example=example, encoding=each) for example, each in zip(examples, encodings, strict=True)]


def batches(
    prepared: Sequence[Prepared], tasks: Mapping[str, Sequence[str]], *, size: int, shuffle: random.Random | None
) -> Iterator[Batch]:
    """All rows once, shuffled (or shortest first), in batches of rows of like length."""
    order = list(prepared)
    if shuffle is None:
        order = shortest_first(order)
    else:
        shuffle.shuffle(order)
        pools = [sorted(order[at : at + size * _POOL], key=_length) for at in range(0, len(order), size * _POOL)]
        groups = [pool[at : at + size] for pool in pools for at in range(0, len(pool), size)]
        shuffle.shuffle(groups)
        order = list(chain.from_iterable(groups))
    for at in range(0, len(order), size):
        yield collate(order[at : at + size], tasks)


def shortest_first(prepared: Sequence[Prepared]) -> list[Prepared]:
    """The order in which rows that are not shuffled come; rows of one length stay as they stood."""
    return sorted(prepared, key=_length)


def collate(rows: Sequence[Prepared], tasks: Mapping[str, Sequence[str]]) -> Batch:
    """Pad the rows to the longest."""
    longest = max(map(_length, rows))
    ids = torch.ones(len(rows), longest, dtype=torch.long)
    mask = torch.zeros(len(rows), longest)
    for place, row in enumerate(rows):
        ids[place, : _length(row)] = torch.tensor(row.encoding.ids)
        mask[place, : _length(row)] = 1.0
    targets = {
        task: _token_targets(task, labels, rows, longest)
        if task.startswith("token_")
        else targets_of(task, labels, [row.example for row in rows])
        for task, labels in tasks.items()
    }
    return Batch(ids=ids, mask=mask, targets=targets)


def _length(row: Prepared) -> int:
    return len(row.encoding.ids)


def targets_of(task: str, labels: Sequence[str], examples: Sequence[Example]) -> Tensor:
    """The targets of a head that looks at whole texts, as in `Batch`."""
    if task in SINGLE_LABEL:
        held = [each.labels.get(task) for each in examples]
        return torch.tensor([MISSING if each is None else labels.index(str(each)) for each in held])
    return torch.tensor([[_holds(task, label, each) for label in labels] for each in examples])


def _holds(task: str, label: str, example: Example) -> float:
    held = example.labels.get(task)
    if held is None:
        return 0.0 if label in example.denied else float("nan")
    return float(label in held)


def _token_targets(task: str, labels: Sequence[str], rows: Sequence[Prepared], longest: int) -> Tensor:
    multi = task not in SINGLE_LABEL
    unknown, kind = (float("nan"), torch.float) if multi else (MISSING, torch.long)
    targets = torch.full((len(rows), longest), unknown, dtype=kind)
    for place, row in enumerate(rows):
        if row.example.pieces is None:
            continue
        for index, (start, end) in enumerate(row.encoding.offsets):
            if end <= len(PREFIX) or start == end:
                continue
            piece = _piece_at(row.example.pieces, task, start - len(PREFIX), end - len(PREFIX))
            targets[place, index] = _token_target(task, labels, piece)
    return targets[:, :, None] if multi else targets


def _token_target(task: str, labels: Sequence[str], piece: Piece | None) -> float:
    if task == "token_expectation":
        return float(piece is not None)
    if task == "token_touchpoint":
        return labels.index(piece.touchpoint if piece and piece.touchpoint else NONE)
    return labels.index(piece.sentiment) if piece and piece.sentiment else MISSING


def _piece_at(pieces: Sequence[Piece], task: str, start: int, end: int) -> Piece | None:
    """The piece that holds most of the token; expectations for their own task, spans for the others."""
    middle = (start + end) / 2
    wanted = [each for each in pieces if (each.touchpoint is None) == (task == "token_expectation")]
    return next((each for each in wanted if each.start <= middle < each.end), None)
