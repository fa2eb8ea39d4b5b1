"""Learn how sure a tone or a stage may be: of each kind of text alike, in English and in other languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from nlp.doubt import Doubt
from nlp.train.batches import MISSING
from nlp.train.least import least

_PENALTY = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a head of one label says of texts that it was not trained on.

    `logits` (texts, labels), divided by the head's own temperature; `targets` and `talk` (texts); `english` says of
    each text whether it is.
    """

    logits: Tensor
    targets: Tensor
    talk: Tensor
    english: Tensor


def doubt_of(kinds: Sequence[Kind]) -> Doubt:
    """The doubt of least negative log-likelihood; each kind of text counts as much as the others in each language."""
    known = [_known(kind) for kind in kinds]
    logits, targets, talk, english = (
        torch.cat([getattr(kind, name) for kind in known]) for name in ("logits", "targets", "talk", "english")
    )
    counts = torch.cat([_counts(kind.english) for kind in known])

    def cost(learnt: Tensor) -> Tensor:
        temperature = torch.where(english, learnt[0] + learnt[2] * talk, learnt[1] + learnt[3] * talk)
        losses = functional.cross_entropy(logits / temperature.exp()[:, None], targets, reduction="none")
        return (losses * counts).sum() / counts.sum() + _PENALTY * learnt.square().sum()

    plain, others, english_talk, others_talk = (round(float(each), 4) for each in least(torch.zeros(4), cost))
    return Doubt(english=plain, others=others, english_talk=english_talk, others_talk=others_talk)


def _known(kind: Kind) -> Kind:
    kept = kind.targets != MISSING
    return Kind(
        logits=kind.logits[kept].float(), targets=kind.targets[kept], talk=kind.talk[kept], english=kind.english[kept]
    )


def _counts(english: Tensor) -> Tensor:
    """For each text one over how many of its kind there are in its language."""
    share = english.float().mean().clamp(1e-6, 1 - 1e-6)
    return torch.where(english, 1 / share, 1 / (1 - share)) / max(1, len(english))
