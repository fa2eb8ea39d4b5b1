"""Learn what evens the tones of English texts, of texts that taught nothing."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from nlp.adjustment import Adjustment
from nlp.train.batches import MISSING
from nlp.train.doubt import Kind
from nlp.train.least import least

_PENALTY = 1e-3
_FEWEST = 20  # of each label


def adjustment_of(kind: Kind) -> Adjustment:
    """Of least negative log-likelihood where each label counts as much as the others; none where too few are known."""
    known = kind.english & (kind.targets != MISSING)
    logits, targets = kind.logits[known].float(), kind.targets[known]
    met = torch.bincount(targets, minlength=logits.shape[1]).float()
    if not len(targets) or float(met.min()) < _FEWEST:
        return Adjustment()
    counts = (1 / met)[targets]

    def cost(learnt: Tensor) -> Tensor:
        losses = functional.cross_entropy(logits + learnt - learnt.mean(), targets, reduction="none")
        return (losses * counts).sum() / counts.sum() + _PENALTY * learnt.square().sum()

    learnt = least(torch.zeros(logits.shape[1]), cost)
    return Adjustment(english=tuple(round(float(each), 4) for each in learnt - learnt.mean()))


def adjusted(kind: Kind, adjustment: Adjustment) -> Kind:
    """The same as it is read then."""
    if not adjustment.english:
        return kind
    moved = kind.logits + torch.where(kind.english[:, None], torch.tensor(adjustment.english), torch.tensor(0.0))
    return Kind(logits=moved, targets=kind.targets, talk=kind.talk, english=kind.english)
