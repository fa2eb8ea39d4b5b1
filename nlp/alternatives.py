"""Lists of words and phrases as parts of patterns."""

from __future__ import annotations

import re

_EITHER = str.maketrans(
    {"á": "[aá]", "é": "[eé]", "í": "[ií]", "ó": "[oó]", "ú": "[uú]", "ñ": "[nñ]", "è": "[eè]", "'": "['’]"}
)


def any_of(listed: str, between: str | None = None) -> str:
    """Alternatives in a group of their own, the longest first; accents and the point of an abbreviation may lack.

    `between` is what stands between two of them; without it, white space.
    """
    phrases = {" ".join(phrase.split()) for phrase in listed.split(between)} - {""}
    return f"(?:{'|'.join(map(_pattern, sorted(phrases, key=len, reverse=True)))})"


def phrases(listed: str) -> str:
    """The same, where each is of several words and a comma stands between them."""
    return any_of(listed, ",")


def _pattern(phrase: str) -> str:
    pointless = re.escape(phrase[:-1]) + r"\.?" if phrase.endswith(".") else re.escape(phrase)
    return pointless.translate(_EITHER).replace(r"\ ", r"\s+")
