"""A second, shallow reader beside the network: linear models over the words of a text and the letters in them.

It knows no sense and little order, but it learns a rare word from few texts and errs elsewhere than the network, so
that both together are right more often than either (stacked generalization, Wolpert, Neural Networks 5, 1992; hashed
features, Weinberger et al., Feature Hashing for Large Scale Multitask Learning, ICML 2009).
"""

from __future__ import annotations

import math
import re
import unicodedata
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.touchpoints import odds, probability

if TYPE_CHECKING:
    import torch

Rows = Sequence[Sequence[float]]

FILE = "ngrams.safetensors"
BUCKETS = 1 << 17
_LETTERS = range(2, 6)  # how long the runs are
_USUAL = 24  # letters of a word that is worth remembering
_WORDS = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """What log-odds (of one label: log-probabilities) of the network and of this reader weigh together."""

    of_network: float = 1.0
    of_ngrams: float = 0.0

    def share(self, network: float, ngrams: float) -> float:
        """The probability of a label that holds or not; `ngrams` are log-odds."""
        return probability(self.of_network * odds(network) + self.of_ngrams * ngrams)

    def shares(self, network: Sequence[float], ngrams: Sequence[float]) -> list[float]:
        """The probabilities of labels of which one holds; `ngrams` are logits."""
        both = zip(network, ngrams, strict=True)
        logits = [self.of_network * math.log(max(share, 1e-9)) + self.of_ngrams * logit for share, logit in both]
        powers = [math.exp(logit - max(logits)) for logit in logits]
        return [power / sum(powers) for power in powers]


class NGrams:
    """Linear models from a table: a row of weights a bucket, how rare a bucket is, and a bias an output.

    `tasks` names the heads and their labels in the order of the outputs, `blends` how each is joined with the
    network's; `single` are the heads of which one label holds.
    """

    def __init__(
        self,
        tensors: Mapping[str, torch.Tensor],
        tasks: Mapping[str, Sequence[str]],
        blends: Mapping[str, Blend],
        *,
        single: frozenset[str],
    ) -> None:
        self._table, self._rarity, self._bias = (tensors[name].float() for name in ("table", "rarity", "bias"))
        self._sizes = {task: len(labels) for task, labels in tasks.items()}
        self._blends, self._single = blends, single

    def logits(self, texts: Sequence[str]) -> dict[str, torch.Tensor]:
        """Task → logits (texts, labels) of masked texts. What a text weighs does not depend on its length."""
        import torch  # noqa: PLC0415
        from torch.nn.functional import embedding_bag  # noqa: PLC0415

        rows = [features(text) for text in texts]
        flat = torch.tensor([*chain.from_iterable(rows)], dtype=torch.long)
        starts = torch.tensor([0, *accumulate(map(len, rows))][:-1], dtype=torch.long)
        rarity = self._rarity[flat]
        summed = embedding_bag(flat, self._table, starts, mode="sum", per_sample_weights=rarity)
        length = embedding_bag(flat, self._rarity.square()[:, None], starts, mode="sum").sqrt()
        columns = (summed / length.clamp_min(1e-6) + self._bias).split([*self._sizes.values()], dim=-1)  # type: ignore[no-untyped-call]
        return dict(zip(self._sizes, columns, strict=True))

    def joined(self, shares: Mapping[str, Rows], texts: Sequence[str]) -> dict[str, Rows]:
        """The network's probabilities a head and text, those of heads in `blends` said by both readers."""
        own = self.logits(texts)
        return {**shares, **{task: self._both(task, shares[task], own[task].tolist()) for task in self._blends}}

    def _both(self, task: str, network: Rows, ngrams: Rows) -> Rows:
        blend, pairs = self._blends[task], zip(network, ngrams, strict=True)
        if task in self._single:
            return [blend.shares(one, other) for one, other in pairs]
        return [[*map(blend.share, one, other)] for one, other in pairs]


def open_ngrams(folder: Path, config: Mapping[str, Any], *, single: frozenset[str]) -> NGrams | None:
    """What the folder holds of this reader; None where the network reads alone."""
    if "ngrams" not in config:
        return None
    from safetensors.torch import load_file  # noqa: PLC0415

    given = config["ngrams"]
    blends = {task: Blend(**each) for task, each in given["blends"].items()}
    return NGrams(load_file(folder / FILE), given["tasks"], blends, single=single)


def features(text: str) -> list[int]:
    """The buckets of its words, of its pairs of words, and of the runs of two to five letters, each bucket once.

    Case and accents do not count: people leave both out.
    """
    bare = unicodedata.normalize("NFKD", text.casefold())
    words = _WORDS.findall("".join(letter for letter in bare if not unicodedata.combining(letter)))
    found = {_bucket(" ".join(pair)) for pair in pairwise(words)}
    for word in set(words):
        found.update(_of_usual(word) if len(word) <= _USUAL else _of_word(word))
    return sorted(found)


def _of_word(word: str) -> tuple[int, ...]:
    edged = f" {word} "
    runs = (edged[at : at + length] for length in _LETTERS for at in range(len(edged) - length + 1))
    return tuple({_bucket(each) for each in (word, *runs)})


_of_usual = lru_cache(maxsize=8_192)(_of_word)  # people say the same words; some 600 bytes each


def _bucket(said: str) -> int:
    return zlib.crc32(said.encode()) % BUCKETS
