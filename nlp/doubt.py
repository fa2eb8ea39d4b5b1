"""How sure a tone or a stage may be, by the language of the text and by whether something was lived with a brand.

A temperature divides the log-odds of a head (Guo et al., On Calibration of Modern Neural Networks, ICML 2017). One for
all texts is too bold where the model knows little: it has learnt from ten times as many English tweets as Spanish ones,
and from more mentions than everyday talk.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.reading import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What divides a label's log-odds: exp(`english` + `english_talk` · talk), or the same of the other languages.

    Talk is how likely it is that the text touches nothing of the brand, from 0 to 1.
    """

    english: float = 0.0
    others: float = 0.0
    english_talk: float = 0.0
    others_talk: float = 0.0

    def temperature(self, language: Language, talk: float) -> float:
        """Above 1 makes a label less sure, below 1 surer."""
        if language is Language.EN:
            return math.exp(self.english + self.english_talk * talk)
        return math.exp(self.others + self.others_talk * talk)


def talk_in(touchpoints: Sequence[float]) -> float:
    """How likely it is that no touchpoint holds, as far as the likeliest of them tells."""
    return 1.0 - max(touchpoints)


def tempered(shares: Sequence[float], temperature: float) -> list[float]:
    """Probabilities that sum to 1, made more or less sure; their order stays."""
    powers = [max(share, 1e-9) ** (1 / temperature) for share in shares]
    return [power / sum(powers) for power in powers]
