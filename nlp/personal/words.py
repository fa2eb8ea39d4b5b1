"""Lists of words as parts of patterns."""

from __future__ import annotations

import re

_EITHER = str.maketrans({"á": "[aá]", "é": "[eé]", "í": "[ií]", "ó": "[oó]", "ú": "[uú]", "ñ": "[nñ]", "è": "[eè]"})


def any_of(listed: str, between: str | None = None) -> str:
    """Alternatives in a group of their own, the longest first; accents and the point of an abbreviation may lack."""
    words = sorted({word.strip() for word in listed.split(between)}, key=len, reverse=True)
    return f"(?:{'|'.join(_pointless(word).translate(_EITHER) for word in words)})"


def _pointless(word: str) -> str:
    return re.escape(word[:-1]) + r"\.?" if word.endswith(".") else re.escape(word)
