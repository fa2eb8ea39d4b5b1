"""Make words comparable: lower case, no accents, plain apostrophes, single spaces."""

from __future__ import annotations

import re
import unicodedata

_ADDRESSED = re.compile(r"@\w+|https?://\S+")
_APOSTROPHES = str.maketrans("’‘´`", "''''")


def fold(text: str) -> str:
    """The text as rules compare it: `¿Dejad de ESCRIBIRME, por favor?` becomes `¿dejad de escribirme, por favor?`."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_APOSTROPHES))
    return " ".join("".join(mark for mark in apart if not unicodedata.combining(mark)).split())


def bare(text: str) -> str:
    """Only the words that are left without @names, links and punctuation, folded: for one-word commands."""
    return " ".join(re.findall(r"\w+(?:'\w+)*", _ADDRESSED.sub(" ", fold(text))))
