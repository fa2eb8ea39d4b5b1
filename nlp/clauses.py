"""Cut a text into clauses: where one thought about the brand ends and the next begins."""

from __future__ import annotations

import re

_MOST = 40  # clauses looked at
_CONJUNCTIONS = (
    "pero|aunque|sino|mientras|en cambio|sin embargo|eso sí|lo malo|porém|embora|però|encara que"
    "|but|although|though|however|while|whereas|yet|except"
)
_ADDING = "y|e|ni|and"  # they join words as often as thoughts: three words, or one of these, must follow
_LEADS = (
    "no|nadie|nada|nunca|me|te|se|nos|os|lo|le|les|ya|encima|además|luego|ahora|aquí|yo|ha|han|he|hay|es|está"
    "|nobody|nothing|never|not|i|you|they|we|he|she|it|now|then|still|there|is|was|has"
)
_BREAK = re.compile(
    r"[.!?…;:,]+(?=[\s\"'»”)]|$)[.!?…;:,\"'»”)]*"
    r"|\n+|\s[-–—|/]\s|[()\[\]]"
    r"|[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F\u200D]+"
    rf"|(?<=\s)(?:{_CONJUNCTIONS})(?=\s)"
    rf"|(?<=\s)(?<=\w\s)(?:{_ADDING})(?=(?:\s[\w'’@#&€$£%-]+){{3}}|\s(?:{_LEADS})\s)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_LEAST_WORDS = 2


def clauses(text: str) -> tuple[tuple[int, int], ...]:
    """Character ranges in reading order, without blanks at their ends; at least one for a text with words.

    A fragment of one word joins the clause before it (or after it, at the beginning). At most `_MOST` are returned.
    """
    ranges: list[tuple[int, int]] = []
    start = 0
    for gap in (*_BREAK.finditer(text), None):
        end, after = (gap.start(), gap.end()) if gap else (len(text), len(text))
        _append(ranges, text, start, end)
        start = after
        if len(ranges) > _MOST:
            break
    return tuple(ranges[:_MOST])


def _append(ranges: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    start, end = start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
    words = len(_WORD.findall(text, start, max(start, end)))
    if not words:
        return
    lonely = bool(ranges) and (words < _LEAST_WORDS or _words_in(text, ranges[-1]) < _LEAST_WORDS)
    if lonely:
        start = ranges.pop()[0]
    ranges.append((start, end))


def _words_in(text: str, span: tuple[int, int]) -> int:
    return len(_WORD.findall(text, *span))
