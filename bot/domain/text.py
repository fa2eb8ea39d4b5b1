"""Clean a text once, where it enters: what cannot be stored, shown or trusted is taken out, the words stay."""

from __future__ import annotations

import re
import unicodedata

MAX_LENGTH = 10_000
_MAX_MARKS = 4
# C0 and C1 controls (but tab and line feed), bidirectional controls, zero-width and byte-order marks, surrogates
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_MARK_RUN = re.compile(r"((?:(?!\s)[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f])+)")
LINK_ENDING = r"(?:com|org|net|es|eu|io|co|info|shop|app|dev)\b"
"""What ends a link that is written bare, as in "zarapito.es"."""
_LINK = re.compile(rf"https?://|\bwww\.\w|\b[\w-]+\.(?:{LINK_ENDING}|[a-z]{{2,}}/\w)", re.IGNORECASE)


def holds_a_link(text: str) -> bool:
    """Whether a platform would make an address of the web of something in it, with `https://` or without."""
    return _LINK.search(text) is not None


def clean(text: str, *, limit: int = MAX_LENGTH) -> str:
    """NFC, without controls, bidi marks, invisible characters and piles of combining marks, at most `limit` characters.

    Zero-width joiners (U+200D) stay, because emoji families need them. A text that was nothing else becomes "".
    """
    # a generous first cut keeps the work bounded for texts of megabytes
    kept = _UNWANTED.sub("", text[: limit * 4].replace("\r\n", "\n").replace("\r", "\n"))
    # marks are counted in their canonical form: one character may stand for two, and order may change
    kept = _MARK_RUN.sub(lambda run: run[1][:_MAX_MARKS], unicodedata.normalize("NFC", kept))
    return unicodedata.normalize("NFC", kept).strip()[:limit].rstrip()
