"""What speaks for and against a promise where a time is named: words, their ends, forms, and what stands around."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from nlp.promising.clauses import Candidate
from nlp.promising.commitments import is_of_others
from nlp.promising.doubts import (
    asks_for_something,
    is_about_you,
    is_condition,
    is_up_to_others,
    leaves_it_open,
    tells_opening_hours,
    tells_the_past,
    tells_what_was_done,
)
from nlp.promising.moment import Moment

_TIME = " when "  # in place of every time named
_WORD = re.compile(r"[a-z]+'?[a-z]*|[?¿!:;.,()\"]|\d+")
LATELY = "time: named lately"  # says something only of a text whose moment is known
_LOUD = {"!", "."}  # around it they say how, not what
_LONG = 5  # letters from which on the ends of a word are looked at by themselves
_SIGNS: dict[str, Callable[[str], bool]] = {
    "past": tells_the_past,
    "you": is_about_you,
    "asks": asks_for_something,
    "open": leaves_it_open,
    "hours": tells_opening_hours,
    "others": is_of_others,
    "condition": is_condition,
    "done": tells_what_was_done,
    "elsewhere": is_up_to_others,
}


def evidence(sentence: str, candidate: Candidate, moments: Sequence[Moment]) -> frozenset[str]:
    """What the judge weighs, each by its name; numbers, accents and capitals do not count, times are all alike."""
    said = _words(_timeless(sentence, candidate.start, candidate.end, moments))
    before, after = sentence[: candidate.start], sentence[candidate.end :]
    return frozenset(
        (
            *said,
            *(f"{first} {second}" for first, second in pairwise(said)),
            f"^ {' '.join(said[:1])}",
            f"^ {' '.join(said[:2])}",
            *_ends(said),
            *(f"before: {word}" for word in _words(before) if word not in _LOUD),
            *(f"after: {word}" for word in _words(after) if word not in _LOUD),
            *(f"sign: {name}" for name in _signs(sentence[candidate.start : candidate.end])),
            *(f"sign before: {name}" for name in _signs(before)),
            *(f"sign after: {name}" for name in _signs(after)),
            f"form: {'known' if candidate.known else 'unknown'}",
            *_of_the_time(candidate.moment, moments),
        )
    )


def _of_the_time(moment: Moment, moments: Sequence[Moment]) -> Iterator[str]:
    yield f"time: {_kind(moment)}"
    if moment.passed:
        yield LATELY
    if len(moments) > 1:
        yield "time: not the only one"


def _kind(moment: Moment) -> str:
    if moment.counted:
        return "counted"
    if moment.clock:
        return "hour"
    return "day" if moment.day else "day and hour"


def _timeless(sentence: str, start: int, end: int, moments: Sequence[Moment]) -> str:
    said, at = "", start
    for moment in moments:
        if start <= moment.start and moment.end <= end:
            said += sentence[at : moment.start] + _TIME
            at = moment.end
    return said + sentence[at:end]


def _words(text: str) -> list[str]:
    apart = unicodedata.normalize("NFD", text.lower().replace("’", "'"))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return ["0" if word.isdigit() else word for word in _WORD.findall(bare)]


def _ends(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        if len(word) >= _LONG:
            yield from (f"…{word[-3:]}", f"…{word[-2:]}", f"{word[:4]}…")


def _signs(text: str) -> list[str]:
    return [name for name, shows in _SIGNS.items() if shows(text)]
