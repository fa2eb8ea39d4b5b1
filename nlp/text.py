"""Prepare a text for the encoder, and find the way back: every masked character knows where it came from."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

LIMIT = 4_000  # characters; 256 tokens of prose are some 1,200
_MASKED = re.compile(
    r"(?P<handle>(?<![\w.])@\w+)|(?P<url>(?i:\b(?:https?://|www\.))\S+)"
    r"|(?P<run>(?P<low>[a-záéíóúüñç])(?P=low){2,}|(?P<up>[A-ZÁÉÍÓÚÜÑÇ])(?P=up){3,})"  # "graciasss", "GOOOOL", not "III"
)
_DOUBLED = "eo"  # letters that English doubles inside a word
_UNREADABLE = dict.fromkeys(range(55296, 57344), "�") | dict.fromkeys((*range(9), *range(14, 32), 127), " ")
_WORD = {"handle": "@user", "url": "http"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """A text as the encoder sees it; `origin[i]` is where its character i stood, with one end mark more."""

    text: str
    original: str
    origin: tuple[int, ...]

    def quote(self, start: int, end: int) -> str:
        """The exact piece of the original behind `text[start:end]`, without blanks at its ends."""
        return self.original[self.origin[start] : self.origin[end]].strip()

    def place_of(self, quote: str) -> tuple[int, int]:
        """Where `text` shows a quote of the original, from its first occurrence on."""
        start = self.original.find(quote)
        return bisect_left(self.origin, start), bisect_left(self.origin, start + len(quote))


def mask(text: str) -> Masked:
    """Handles become `@user`, links `http` (as in the tweets that trained the heads); surrogates and controls go.

    Letters that are drawn out ("graciasss") are written once, or twice where English doubles them. At most `LIMIT`
    characters are looked at. A link, a handle or a run of letters maps back to the whole of itself.
    """
    seen = text[:LIMIT].translate(_UNREADABLE)
    pieces: list[str] = []
    origin: list[int] = []
    at = 0
    for match in _MASKED.finditer(seen):
        word = _WORD.get(str(match.lastgroup)) or _shortened(match)
        pieces += (seen[at : match.start()], word)
        origin += range(at, match.start())
        origin += [match.start()] * len(word)
        at = match.end()
    origin += range(at, len(seen) + 1)
    return Masked(text="".join((*pieces, seen[at:])), original=text, origin=tuple(origin))


def _shortened(run: re.Match[str]) -> str:
    letter, inside = run[0][0], run.string[run.end() : run.end() + 1].isalpha()
    return letter * 2 if inside and letter.casefold() in _DOUBLED else letter
