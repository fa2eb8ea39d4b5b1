"""Learn how what three witnesses say of a touchpoint makes one honest probability, and how sure a quote is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from bot.domain.reading import Sentiment, Span, Touchpoint
from nlp.encoder import Encoder, Scored, open_encoder
from nlp.evaluate.gold import GoldSpan
from nlp.evaluate.spans import found
from nlp.seal import configure
from nlp.spans import Words, best_of_words, spans_of, words_of
from nlp.text import Masked, mask
from nlp.touchpoints import Mix, Trust, odds
from nlp.train.annotated import annotated_examples
from nlp.train.calibrate import threshold_of
from nlp.train.corpus import MEASURED, UNSEEN, Example, seed_examples
from nlp.words import is_named

_PENALTY = 1e-3
_EVEN = dict.fromkeys(Sentiment, 1 / len(Sentiment))
_BY_TOUCHPOINT, _BY_WORDS = Trust(), Trust(of_touchpoint=0.0, of_words=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """The mix, from where on a touchpoint holds, and how sure a quote is."""

    mix: Mix
    threshold: float
    trust: Trust


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A text that the model never saw, its words, and what is true of it."""

    example: Example
    masked: Masked
    words: Words
    scored: Scored

    def witnesses(self) -> list[tuple[float, float, float]]:
        """For each touchpoint the log-odds of text and best word, and whether it is named."""
        best = best_of_words(self.words)
        pairs = zip(Touchpoint, self.scored.texts["touchpoints"], strict=True)
        text = self.example.text
        return [(odds(share), odds(best[place]), float(is_named(place, text))) for place, share in pairs]

    def spans(self, shares: Sequence[float], threshold: float, trust: Trust) -> tuple[Span, ...]:
        """The quotes of what holds."""
        held = {place: share for place, share in zip(Touchpoint, shares, strict=True) if share >= threshold}
        return spans_of(self.masked, self.words, held, _EVEN, trust)

    def right(self, spans: Sequence[Span]) -> list[bool]:
        """Which of the spans show a touchpoint of the text by a quote that overlaps a true one by half."""
        truth = [
            GoldSpan(
                quote=self.masked.quote(each.start, each.end), touchpoint=Touchpoint(each.touchpoint), sentiment=None
            )
            for each in self.example.pieces or ()
            if each.touchpoint
        ]
        hits = {id(span) for _, span in found(self.masked.original, truth, spans)}
        return [id(span) in hits for span in spans]


def agreed(encoder: Encoder, unlearnt: Sequence[Example]) -> Agreed:
    """By logistic regression: of what holds over all touchpoints together, then of what is rightly quoted."""
    seen = list(_seen(encoder, unlearnt))
    features = torch.tensor([each.witnesses() for each in seen])
    truth = torch.tensor(
        [[float(place in each.labels.get("touchpoints", ())) for place in Touchpoint] for each in unlearnt]
    )
    of_text, of_word, of_name, bias = _regression(features, truth)
    mix = Mix(of_text=of_text, of_word=of_word, of_name=of_name, bias=bias)
    shares = (features @ torch.tensor([of_text, of_word, of_name]) + bias).sigmoid()
    threshold = threshold_of(shares, truth)
    return Agreed(mix=mix, threshold=threshold, trust=_trust(seen, shares.tolist(), threshold))


def _trust(seen: Sequence[_Seen], shares: Sequence[Sequence[float]], threshold: float) -> Trust:
    rows, right = [], []
    for each, row in zip(seen, shares, strict=True):
        spans = each.spans(row, threshold, _BY_TOUCHPOINT)
        by_words = each.spans(row, threshold, _BY_WORDS)
        rows += [[odds(one.confidence), odds(other.confidence)] for one, other in zip(spans, by_words, strict=True)]
        right += each.right(spans)
    if len(set(right)) < len((True, False)):
        return Trust()
    of_touchpoint, of_words, bias = _regression(torch.tensor(rows), torch.tensor(right).float())
    return Trust(bias=bias, of_touchpoint=of_touchpoint, of_words=of_words)


def _regression(features: Tensor, truth: Tensor) -> list[float]:
    """A weight a feature (the last dimension), and a bias."""
    inputs = torch.cat([features, torch.ones(*features.shape[:-1], 1)], dim=-1)
    weights = torch.zeros(inputs.shape[-1], requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=100, line_search_fn="strong_wolfe")

    def cost() -> Tensor:
        optimiser.zero_grad()
        loss = functional.binary_cross_entropy_with_logits(inputs @ weights, truth) + _PENALTY * weights.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(cost)  # type: ignore[no-untyped-call]
    return [round(float(weight), 4) for weight in weights.detach()]


def _seen(encoder: Encoder, examples: Sequence[Example]) -> Iterator[_Seen]:
    for example, scored in zip(examples, encoder.score([example.text for example in examples]), strict=True):
        tokens = scored.tokens
        words = words_of(example.text, scored.places, tokens["token_touchpoint"], tokens["token_sentiment"])
        yield _Seen(example=example, masked=mask(example.row["text"]), words=words, scored=scored)


def with_mix(folder: Path, data: Path) -> Agreed:
    """Learn it of the weights in `folder`, on the conversations and the real posts, and write it beside them."""
    learnt = agreed(open_encoder(folder), [*seed_examples(UNSEEN), *annotated_examples(data, MEASURED)])

    def change(config: dict[str, Any]) -> None:
        config["mix"], config["trust"] = asdict(learnt.mix), asdict(learnt.trust)
        config["readout"]["touchpoints"]["thresholds"] = [learnt.threshold] * len(Touchpoint)

    configure(folder, change)
    return learnt
