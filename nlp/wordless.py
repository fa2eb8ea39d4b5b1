"""Tell texts in which nobody says anything: signs alone, a link, a test, what a machine writes for nothing."""

from __future__ import annotations

import re
import unicodedata

from bot.domain.reading import Intent, Reading, calm
from nlp.alternatives import phrases

_AROUND = re.compile(r"@user\b|\bhttp\b|^\s*RT\b:?|</?\w+\s*/?>|\$?\{{1,2}\w*\}{1,2}|&\w+;|%[sd]\b|�")
_FACE = re.compile(r"[:;=][-'^]*[()\[\]/\\|*]|[()\[\]][-']*[:;=]|[-^][_.][-^]|\^\^|¯")
_PLACEHOLDER = re.compile(
    r"[\W_]*(?:"
    + phrases("""
    null, undefined, nan, none, n/a, nil, empty, vacío, true, false, object object, deleted, removed, eliminado,
    test, testing, prueba, pruebas, probando, just testing, this is a test, this is just a test, test message,
    mensaje de prueba, esto es una prueba, es una prueba, solo una prueba, asdf, qwerty, lorem ipsum,
    no text, sin texto, no subject, sin asunto
    """)
    + r"[\W\d_]*)+",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"[\s¿]*" + phrases("ok, okay, okey, vale, no, nop, nope, sí, yes, yep, yeah, k") + r"[\s.,…?]*", re.IGNORECASE
)


def says_nothing(masked: str) -> bool:
    """Whether a masked text holds nothing to read, or a bare yes or no; pictures, smileys and figures are something."""
    rest = _AROUND.sub(" ", masked)
    return bool(_PLACEHOLDER.fullmatch(rest) or _ANSWER.fullmatch(rest)) or not _is_said(rest)


def read_as_nothing(reading: Reading, masked: str) -> Reading:
    """The reading of such a text: calm small talk, or a question where a question mark speaks; of no touchpoint."""
    asks = re.search(r"[?¿]", _AROUND.sub(" ", masked)) is not None
    intent = Intent.QUESTION if asks else Intent.SMALLTALK
    return calm(reading, intent)


def _is_said(rest: str) -> bool:
    signs = any(sign.isalnum() or unicodedata.category(sign) == "So" for sign in rest)
    return signs or _FACE.search(rest) is not None
