"""Decide whether a text means the brand, when its name is also a place, a club or a common word."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_SURELY_OTHER = 0.5


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


def _any_word(words: tuple[str, ...], text: str) -> bool:
    return bool(words) and bool(_pattern(words).search(_folded(text)))


@lru_cache(maxsize=8)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, or its plural; handles as they are."""
    forms = "|".join(_forms(folded) for word in words if (folded := _folded(word)))
    return re.compile(rf"(?<!\w)(?:{forms or '(?!)'})(?!\w)")


def _folded(text: str) -> str:
    """In small letters without marks: who writes in haste leaves accents out, and some keyboards write them apart."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _forms(word: str) -> str:
    return re.escape(word) if word.startswith("@") else rf"{re.escape(word)}(?:e?s)?"
