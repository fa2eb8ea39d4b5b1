"""Which tone of a text holds where some were met seldom in training: the odds as if all were met equally often.

English tweets were learnt from sets in which one in six is negative and nearly half are neutral; of what a reader will
hear nobody knows that. So the log-odds are moved after training (post-hoc logit adjustment, Menon et al., Long-tail
Learning via Logit Adjustment, ICLR 2021), by numbers that are learnt of other texts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.reading import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """What is added to each label's log-odds in English; other languages were met evenly. Empty adds nothing."""

    english: tuple[float, ...] = ()

    def adjusted(self, shares: Sequence[float], language: Language) -> list[float]:
        """Probabilities that sum to 1."""
        if language is not Language.EN or not self.english:
            return list(shares)
        moved = [share * math.exp(more) for share, more in zip(shares, self.english, strict=True)]
        return [share / sum(moved) for share in moved]
