"""Make words comparable: lower case, no accents, plain apostrophes, single spaces."""

from __future__ import annotations

import re
import unicodedata

_ADDRESSED = re.compile(r"@\w+|https?://\S+")
_LAUGHTER = re.compile(r"ja+ja|je+je|haha|\b(?:lol|lmao|rofl|xd+|kkk+)\b|[😂🤣😆😹😍🥰😻🤩]")
_APOSTROPHES = str.maketrans("’‘´`", "''''")


def fold(text: str) -> str:
    """The text as rules compare it: `¿Dejad de ESCRIBIRME, por favor?` becomes `¿dejad de escribirme, por favor?`."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_APOSTROPHES))
    return " ".join("".join(mark for mark in apart if not unicodedata.combining(mark)).split())


def bare(text: str) -> str:
    """Only the words that are left without @names, links and punctuation, folded: for one-word commands."""
    return " ".join(re.findall(r"\w+(?:'\w+)*", _ADDRESSED.sub(" ", fold(text))))


def laughs(folded: str) -> bool:
    """Whether folded words laugh, or are in raptures: what is said beside that is seldom meant."""
    return _LAUGHTER.search(folded) is not None


def either(listed: str) -> str:
    """A pattern of alternatives, one a line."""
    return f"(?:{'|'.join(line.strip() for line in listed.splitlines() if line.strip())})"
