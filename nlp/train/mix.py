"""Learn how what three witnesses say of a touchpoint makes one honest probability."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from bot.domain.reading import Touchpoint
from nlp.encoder import Encoder, open_encoder
from nlp.seal import write_sums
from nlp.spans import best_of_words, words_of
from nlp.touchpoints import Mix, odds
from nlp.train.calibrate import thresholds_of
from nlp.train.corpus import Example
from nlp.words import is_named

_PENALTY = 1e-3


def mix_of(encoder: Encoder, held_out: Sequence[Example]) -> tuple[Mix, tuple[float, ...]]:
    """The mix, by logistic regression over all touchpoints together, and each touchpoint's threshold of best F1."""
    features, truth = _seen(encoder, held_out)
    weights = torch.zeros(4, requires_grad=True)
    inputs = torch.cat([features, torch.ones(*features.shape[:2], 1)], dim=2)
    optimiser = torch.optim.LBFGS([weights], max_iter=100, line_search_fn="strong_wolfe")

    def cost() -> Tensor:
        optimiser.zero_grad()
        loss = functional.binary_cross_entropy_with_logits(inputs @ weights, truth) + _PENALTY * weights.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(cost)  # type: ignore[no-untyped-call]
    with torch.no_grad():
        shares = (inputs @ weights).sigmoid()
    of_text, of_word, of_name, bias = (round(float(weight), 4) for weight in weights.detach())
    return Mix(of_text=of_text, of_word=of_word, of_name=of_name, bias=bias), thresholds_of(shares, truth)


def _seen(encoder: Encoder, examples: Sequence[Example]) -> tuple[Tensor, Tensor]:
    """Log-odds (texts, touchpoints, 3) of the witnesses, and what holds (texts, touchpoints)."""
    features = torch.tensor(list(_rows(encoder, examples)))
    held = [example.labels["touchpoints"] for example in examples]
    truth = torch.tensor([[float(touchpoint in each) for touchpoint in Touchpoint] for each in held])
    return features, truth


def _rows(encoder: Encoder, examples: Sequence[Example]) -> Iterator[list[tuple[float, float, float]]]:
    for example, scored in zip(examples, encoder.score([example.text for example in examples]), strict=True):
        tokens = scored.tokens
        words = words_of(example.text, scored.places, tokens["token_touchpoint"], tokens["token_sentiment"])
        best = best_of_words(words)
        pairs = zip(Touchpoint, scored.texts["touchpoints"], strict=True)
        yield [(odds(share), odds(best[place]), float(is_named(place, example.text))) for place, share in pairs]


def with_mix(folder: Path, held_out: Sequence[Example]) -> tuple[Mix, tuple[float, ...]]:
    """Learn the mix of the weights in `folder` and write it, with the thresholds that go with it, beside them."""
    mix, thresholds = mix_of(open_encoder(folder), held_out)
    keep_mix(folder, mix, thresholds)
    return mix, thresholds


def keep_mix(folder: Path, mix: Mix, thresholds: Sequence[float]) -> None:
    """Write a mix and its thresholds into the configuration of a weights folder, and seal it again."""
    path = folder / "config.json"
    config = json.loads(path.read_text("utf-8"))
    config["mix"] = asdict(mix)
    config["readout"]["touchpoints"]["thresholds"] = list(thresholds)
    path.write_text(json.dumps(config, indent=2) + "\n", "utf-8")
    write_sums(folder)
