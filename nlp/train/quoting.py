"""Learn what tells the words to quote, of texts that trained nothing and in which the true quotes are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from bot.domain.reading import Touchpoint
from nlp.encoder import open_encoder
from nlp.evaluate.spans import HALF
from nlp.runs import Quoting, Runs, features, runs_in
from nlp.seal import configure
from nlp.spans import shares_of
from nlp.train.annotated import annotated_examples
from nlp.train.corpus import MEASURED, UNSEEN, Piece, seed_examples
from nlp.train.least import least
from nlp.train.seen import Seen, seen_by

_NAMES = tuple(Quoting().weights)
_PENALTY = 0.01
_STEPS = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is known of all runs of a text (runs, features), and which of them overlap a true quote by half."""

    known: Tensor
    right: Tensor


def quoting_of(seen: Sequence[Seen]) -> Quoting:
    """The weights under which the runs that overlap a true quote by half are likeliest together.

    Conditional likelihood over the runs of each touchpoint that a text has, as in a ranking (Cao et al. 2007, Learning
    to Rank); the features are brought to one scale, the weights held back to none.
    """
    judged = [each for text in seen for each in _judged(text) if bool(each.right.any())]
    known = torch.cat([each.known for each in judged])
    scale = known.std(dim=0) + 1e-3
    inputs, right = (known - known.mean(dim=0)) / scale, torch.cat([each.right for each in judged])
    group = torch.repeat_interleave(torch.arange(len(judged)), torch.tensor([len(each.right) for each in judged]))

    def cost(weights: Tensor) -> Tensor:
        scores = inputs @ weights
        of_right = _log_sums(scores.masked_fill(~right, -1e9), group, len(judged))
        return (_log_sums(scores, group, len(judged)) - of_right).mean() + _PENALTY * weights.square().sum()

    weights = least(torch.zeros(known.shape[1]), cost, steps=_STEPS)
    learnt = zip(_NAMES, (weights / scale).tolist(), strict=True)
    return Quoting(weights={name: round(weight, 4) for name, weight in learnt})


def with_quoting(folder: Path, data: Path) -> Quoting:
    """Learn it of the weights in `folder`, on the conversations and the real posts, and write it beside them."""
    learnt = quoting_of(seen_by(open_encoder(folder), [*seed_examples(UNSEEN), *annotated_examples(data, MEASURED)]))

    def change(config: dict[str, Any]) -> None:
        config["quoting"] = asdict(learnt)

    configure(folder, change)
    return learnt


def _judged(seen: Seen) -> Iterator[Judged]:
    """One for each touchpoint of the text, the others that hold there being its rivals."""
    pieces = [(Touchpoint(each.touchpoint), each) for each in seen.example.pieces or () if each.touchpoint]
    held = dict.fromkeys((touchpoint for touchpoint, _ in pieces), 1.0)
    runs = runs_in(seen.example.text, seen.words.places) if held else None
    if runs is None:
        return
    for touchpoint in held:
        known = features(runs, shares_of(seen.words, touchpoint, held))
        right = torch.zeros(len(runs.first), dtype=torch.bool)
        for shown, piece in pieces:
            if shown is touchpoint:
                right |= _overlapping(runs, piece)
        yield Judged(known=torch.stack([torch.tensor(known[name]) for name in _NAMES], dim=1).float(), right=right)


def _overlapping(runs: Runs, piece: Piece) -> Tensor:
    start, end = torch.tensor(runs.start), torch.tensor(runs.end)
    shared = end.clamp(max=piece.end) - start.clamp(min=piece.start)
    return shared / (end - start).clamp(min=piece.end - piece.start) >= HALF


def _log_sums(scores: Tensor, group: Tensor, groups: int) -> Tensor:
    """The logarithm of the sum of powers in each group, kept from overflowing."""
    most = torch.full((groups,), -1e9).scatter_reduce(0, group, scores, "amax")
    sums = torch.zeros(groups).index_add(0, group, (scores - most[group]).exp())
    return most + sums.clamp_min(1e-9).log()
