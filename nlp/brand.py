"""Decide whether a text means the brand, when its name is also a place, a club or a common word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SURELY_OTHER = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandWords:
    """What the owner knows: `names` and handles that mean the brand, and `elsewhere`, words of its other meanings.

    For a bank called Ribera: names ("@bancoribera",), elsewhere ("vino", "duero", "club").
    """

    names: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()

    def means_brand(self, text: str, *, off_brand: float) -> bool:
        """False with a word from `elsewhere` and no sure name, or at a high probability `off_brand` of the model."""
        if _any_word(self.names, text):
            return True
        return not _any_word(self.elsewhere, text) and off_brand < _SURELY_OTHER


def _any_word(words: Sequence[str], text: str) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) for word in words)
