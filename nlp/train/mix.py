"""Learn how what three witnesses say of a touchpoint makes one honest probability, and how sure a quote is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from bot.domain.reading import Touchpoint
from nlp.encoder import Encoder, open_encoder
from nlp.runs import Quoting
from nlp.seal import configure
from nlp.touchpoints import Mix, Trust, odds
from nlp.train.annotated import annotated_examples
from nlp.train.calibrate import threshold_of
from nlp.train.corpus import MEASURED, UNSEEN, Example, seed_examples
from nlp.train.least import least
from nlp.train.seen import Seen, seen_by

_PENALTY = 1e-3
_BY_TOUCHPOINT, _BY_QUOTE = Trust(), Trust(of_touchpoint=0.0, of_quote=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """The mix, from where on a touchpoint holds, and how sure a quote is."""

    mix: Mix
    threshold: float
    trust: Trust


def agreed(encoder: Encoder, unlearnt: Sequence[Example]) -> Agreed:
    """By logistic regression: of what holds over all touchpoints together, then of what is rightly quoted."""
    seen = seen_by(encoder, unlearnt)
    features = torch.tensor([each.witnesses() for each in seen])
    truth = torch.tensor(
        [[float(place in each.labels.get("touchpoints", ())) for place in Touchpoint] for each in unlearnt]
    )
    of_text, of_word, of_name, bias = _regression(features, truth)
    mix = Mix(of_text=of_text, of_word=of_word, of_name=of_name, bias=bias)
    shares = (features @ torch.tensor([of_text, of_word, of_name]) + bias).sigmoid()
    threshold = threshold_of(shares, truth)
    return Agreed(mix=mix, threshold=threshold, trust=_trust(seen, shares.tolist(), threshold, encoder.quoting))


def _trust(seen: Sequence[Seen], shares: Sequence[Sequence[float]], threshold: float, quoting: Quoting) -> Trust:
    rows, right = [], []
    for each, row in zip(seen, shares, strict=True):
        spans = each.spans(row, threshold, _BY_TOUCHPOINT, quoting)
        by_quote = each.spans(row, threshold, _BY_QUOTE, quoting)
        rows += [[odds(one.confidence), odds(other.confidence)] for one, other in zip(spans, by_quote, strict=True)]
        right += each.right(spans)
    if len(set(right)) < len((True, False)):
        return Trust()
    of_touchpoint, of_quote, bias = _regression(torch.tensor(rows), torch.tensor(right).float())
    return Trust(bias=bias, of_touchpoint=of_touchpoint, of_quote=of_quote)


def _regression(features: Tensor, truth: Tensor) -> list[float]:
    """A weight a feature (the last dimension), and a bias."""
    inputs = torch.cat([features, torch.ones(*features.shape[:-1], 1)], dim=-1)

    def cost(weights: Tensor) -> Tensor:
        loss = functional.binary_cross_entropy_with_logits(inputs @ weights, truth)
        return loss + _PENALTY * weights.square().sum()

    return [round(float(weight), 4) for weight in least(torch.zeros(inputs.shape[-1]), cost)]


def with_mix(folder: Path, data: Path) -> Agreed:
    """Learn it of the weights in `folder`, on the conversations and the real posts, and write it beside them."""
    learnt = agreed(open_encoder(folder), [*seed_examples(UNSEEN), *annotated_examples(data, MEASURED)])

    def change(config: dict[str, Any]) -> None:
        config["mix"], config["trust"] = asdict(learnt.mix), asdict(learnt.trust)
        config["readout"]["touchpoints"]["thresholds"] = [learnt.threshold] * len(Touchpoint)

    configure(folder, change)
    return learnt
