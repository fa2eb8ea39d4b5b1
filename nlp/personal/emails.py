"""E-mail addresses of people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.personal.found import Found

_EMAIL = re.compile(
    r"(?<![\w.+%-])(?:(?:\w[\w.+%-]{0,40}[._-])?O['’])?\w[\w.+%-]{0,63}"
    r"@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}(?![\w-]|\.[a-z])",
    re.IGNORECASE,
)


def emails(text: str) -> Iterator[Found]:
    """Whatever is written as an address; whether it is the brand's is asked elsewhere."""
    return (Found("email", *match.span()) for match in _EMAIL.finditer(text))
