"""Choose which words of a text show a touchpoint: of all runs of words that may be quoted, the one to quote.

A run's score is linear in what its words say, where it begins and ends, and how long it is; the scores of all runs make
probabilities. Chosen is not the likeliest run but the one that most of the probability overlaps by half, for that is
what makes a quote right (minimum Bayes risk, Goel & Byrne, Computer Speech & Language 14, 2000).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from nlp.clauses import clauses
from nlp.quotes import EDGES, LEADING, LEANING

if TYPE_CHECKING:
    from numpy import bool_, float64, int64
    from numpy.typing import NDArray

    Numbers: TypeAlias = NDArray[float64]
    Places: TypeAlias = NDArray[int64]
    Marks: TypeAlias = NDArray[bool_]

Range = tuple[int, int]

_MOST_WORDS = 18
_MOST_BREAKS = 2
_MOST_RUNS = 60  # are compared with one another
_NEARLY = 0.97  # of the best chance
_TWICE = 0.35  # the chance from which a touchpoint is quoted a second time
_TIED = 2  # words behind a word of denial that are not small: no quote begins with them
_FEW = 6  # words; what a run has beyond them counts against it
_MOST_OF_CLAUSE = 1.5
_MASKED = re.compile(r"@.*|.*http.*")
_STOP = re.compile(r"[.,;:!?…\n]")
_DENIALS = (
    "no not nor ni nunca jamás tampoco ningún ninguno ninguna nadie nada sin never none nobody nothing neither without "
    "cannot cant dont doesnt didnt wont isnt wasnt arent werent couldnt wouldnt havent hasnt hadnt"
)
_BETWEEN = (
    "me te se nos os le les lo la los las he ha han hemos has hay había ya aún "
    "been yet even have has had be to can could will would really longer"
)
_ARTICLES = frozenset(("el", "la", "los", "las", "un", "una", "unos", "unas", "the", "an"))
_OF = frozenset(("de", "del", "al", "of", "by"))  # they lean on the word before
_TIES = (
    "a al con de del desde en entre hasta para por sin mi mis su sus tu tus esta este esas esos cada "
    "about at by for from in into of on to with my your our their his her this these those"
)  # what follows them begins in the middle of a phrase
_TYING = frozenset(_TIES.split())
_DENYING, _SMALL = frozenset(_DENIALS.split()), frozenset(_BETWEEN.split())
"""Words between a word of denial and what it denies are small."""


_USUAL = {
    "sum": 0.24,
    "mass": 2.0,
    "peak": 1.1,
    "on_first": 0.1,
    "on_last": 0.15,
    "begins": 1.7,
    "ends": 1.8,
    "broken": -1.5,
    "words_1": -2.5,
    "words_2": -1.3,
    "words_3": -0.8,
    "beyond": -0.4,
    "of_text": -3.6,
    "of_clause": 0.5,
}
"""Nearly the same whichever texts and weights taught them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoting:
    """What each feature of a run weighs, by the names of `features`; others weigh nothing."""

    weights: Mapping[str, float] = field(default_factory=lambda: _USUAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Words `first` to `last`, and how likely they overlap the right quote by half, if there is one."""

    first: int
    last: int
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """All runs of a text's words that may be quoted: a number each in every array.

    `first` and `last` are words, `start` and `end` characters, `breaks` the ends of clauses inside; `begins` and `ends`
    say whether a clause does where the run does, `of_clause` how many of its clause's words it has (a share), and
    `torn` whether it begins in the middle of a phrase or a name, or has one of two quotation marks.
    """

    words: int
    first: Places
    last: Places
    start: Places
    end: Places
    breaks: Places
    begins: Marks
    ends: Marks
    of_clause: Numbers
    torn: Marks


def runs_in(text: str, places: Sequence[Range]) -> Runs | None:
    """What may be quoted of the words at `places`; None where there is no word but handles and links.

    No run holds a handle, a link or a word of signs alone, or goes on over more than `_MOST_BREAKS` ends of clauses.
    Those that begin with a leading word, end with a leaning one, leave out the article or the denial before them, or
    hold a single word of another clause at an end are there only where no others are.
    """
    import numpy as np  # noqa: PLC0415 - a service without a model has none

    words = [_bare(text, *place) for place in places]
    said = [text[start:end].casefold() for start, end in words]
    closed = np.array([not each or bool(_MASKED.fullmatch(each)) for each in said], dtype=bool)
    if closed.all():
        return None
    clause, (first, last) = _clauses_of(text, words), _pairs(len(words))
    shut, broken = _before(closed), _before(np.diff(clause, append=clause[-1]) != 0)
    breaks = (broken[last] - broken[first]).astype(int)
    allowed = (shut[last + 1] == shut[first]) & (breaks <= _MOST_BREAKS)
    signs = [bool(_STOP.search(text, one[1], two[0])) for one, two in pairwise(words)]
    may_begin, may_end = _whole(said, signs)
    fine = allowed & may_begin[first] & may_end[last] & ~_stubs(broken, first, last)
    kept = fine if fine.any() else allowed
    first, last = first[kept], last[kept]
    begins, ends = _ends_of_clauses(clause, closed, said)
    starts, stops = np.array(words).T
    return Runs(
        words=len(words),
        first=first,
        last=last,
        start=starts[first],
        end=stops[last],
        breaks=breaks[kept],
        begins=begins[first],
        ends=ends[last],
        of_clause=np.minimum((last - first + 1) / np.bincount(clause)[clause[first]], _MOST_OF_CLAUSE),
        torn=_inside(text, words, signs)[first] | _of_a_quotation(text, words, first, last),
    )


def features(runs: Runs, shares: Sequence[float]) -> dict[str, Numbers]:
    """What is known of each run, by name: `shares` say how much each word speaks for the touchpoint.

    Of them their sum, it and the greatest as parts of the text's, and log-odds at the ends.
    """
    import numpy as np  # noqa: PLC0415 - a service without a model has none

    share = np.clip(np.array(shares, dtype=float), 1e-4, 1 - 1e-4)
    odds = np.log(share / (1 - share))
    i, j = runs.first, runs.last
    length = (j - i + 1).astype(float)
    inside = _before(share)[j + 1] - _before(share)[i]
    return {
        "sum": inside,
        "mass": inside / share.sum(),
        "peak": _greatest(share, i, j) / share.max(),
        "on_first": odds[i],
        "on_last": odds[j],
        "begins": runs.begins.astype(float),
        "ends": runs.ends.astype(float),
        "broken": (runs.breaks > 0).astype(float),
        **{f"words_{count}": (length == count).astype(float) for count in (1, 2, 3)},
        "beyond": np.maximum(length - _FEW, 0.0),
        "of_text": length / runs.words,
        "of_clause": runs.of_clause,
    }


def chosen(runs: Runs, known: Mapping[str, Numbers], quoting: Quoting) -> list[Run]:
    """The run that most of the probability overlaps by half; and one apart from it, where it is likely by itself."""
    import numpy as np  # noqa: PLC0415 - a service without a model has none

    scores = sum((weight * known[name] for name, weight in quoting.weights.items()), np.zeros(len(runs.first)))
    powers = np.exp(scores - scores.max())
    likely = np.argsort(-powers, kind="stable")[:_MOST_RUNS]
    start, end = runs.start[likely], runs.end[likely]
    shared = np.minimum(end[:, None], end) - np.maximum(start[:, None], start)
    longer = np.maximum((end - start)[:, None], end - start)
    chances = (2 * shared >= longer) @ (powers[likely] / powers.sum())
    found = _best(runs, likely, chances)
    apart = (runs.first[likely] > found.last) | (runs.last[likely] < found.first)
    if not apart.any() or chances[apart].max() < _TWICE:
        return [found]
    return [found, _best(runs, likely[apart], chances[apart])]


def _best(runs: Runs, likely: Places, chances: Numbers) -> Run:
    """Of those whose chance is nearly the best the likeliest, which stand first: it is cut best.

    One that is torn only where all of them are.
    """
    import numpy as np  # noqa: PLC0415 - a service without a model has none

    near = np.flatnonzero(chances >= _NEARLY * chances.max())
    whole = near[~runs.torn[likely[near]]]
    best = int(whole[0] if whole.size else near[0])
    run = likely[best]
    return Run(first=int(runs.first[run]), last=int(runs.last[run]), chance=float(chances[best]))


def _bare(text: str, start: int, end: int) -> Range:
    """The word without the signs at its ends; of signs alone, nothing."""
    piece = text[start:end]
    bare = piece.strip(EDGES)
    at = start + piece.find(bare)
    return at, at + len(bare)


def _clauses_of(text: str, words: Sequence[Range]) -> Places:
    """The number of each word's clause; what stands between two belongs to the second."""
    import numpy as np  # noqa: PLC0415 - a service without a model has none

    stops = np.array([end for _, end in clauses(text)] or [len(text)])
    number = np.searchsorted(stops, [start for start, _ in words], side="right")
    return np.minimum(number, len(stops) - 1)


def _pairs(words: int) -> tuple[Places, Places]:
    """First and last word of every run."""
    import numpy as np  # noqa: PLC0415 - a service without a model has none

    first = np.repeat(np.arange(words), _MOST_WORDS)
    last = first + np.tile(np.arange(_MOST_WORDS), words)
    return first[last < words], last[last < words]


def _before(values: Marks | Numbers) -> Numbers:
    """How much the values before each place come to; one place more than there are values."""
    import numpy as np  # noqa: PLC0415 - a service without a model has none

    return np.concatenate([[0.0], np.cumsum(values)])


def _stubs(broken: Numbers, first: Places, last: Places) -> Marks:
    """Which runs begin or end with a single word of another clause."""
    stub: Marks = (last > first) & ((broken[first + 1] > broken[first]) | (broken[last] > broken[last - 1]))
    return stub


def _whole(said: Sequence[str], stops: Sequence[bool]) -> tuple[Marks, Marks]:
    """With which words a run may begin and with which it may end; `stops` are the gaps in which a sign stands."""
    import numpy as np  # noqa: PLC0415 - a service without a model has none

    begin, end, tied = [], [], 0
    for at, word in enumerate(said):
        apart = at == 0 or stops[at - 1]
        tied = 0 if apart else tied
        torn = not apart and (said[at - 1] in _ARTICLES or word in _OF)
        begin.append(word not in LEADING and not torn and not tied)
        if _denies(word):
            tied = _TIED
        elif word not in _SMALL:
            tied = max(tied - 1, 0)
        end.append((at + 1 < len(said) and stops[at]) or not (word in LEANING or tied == _TIED))
    return np.array(begin), np.array(end)


def _inside(text: str, words: Sequence[Range], stops: Sequence[bool]) -> Marks:
    """Which words stand in the middle of a phrase ("a | casa") or of a name ("Plaza | Vea")."""
    import numpy as np  # noqa: PLC0415 - a service without a model has none

    inside = [False]
    for (before, this), stop in zip(pairwise(text[start:end] for start, end in words), stops, strict=True):
        named = _is_name(before) and _is_name(this)
        inside.append(not stop and (named or before.casefold() in _TYING))
    return np.array(inside)


def _is_name(word: str) -> bool:
    return len(word) > 1 and word[0].isupper() and not word.isupper()


def _of_a_quotation(text: str, words: Sequence[Range], first: Places, last: Places) -> Marks:
    """Which runs begin inside straight quotation marks and end outside, or the other way round."""
    import numpy as np  # noqa: PLC0415 - a service without a model has none

    begun = np.array([text.count('"', 0, start) % 2 for start, _ in words])
    ended = np.array([text.count('"', 0, end) % 2 for _, end in words])
    torn: Marks = begun[first] != ended[last]
    return torn


def _denies(word: str) -> bool:
    return word in _DENYING or word.endswith(("n't", "n’t"))


def _ends_of_clauses(clause: Places, closed: Marks, said: Sequence[str]) -> tuple[Marks, Marks]:
    """With which words a clause may begin and with which it ends; a leading word does not keep it from beginning."""
    import numpy as np  # noqa: PLC0415 - a service without a model has none

    begins = np.ones(len(said), dtype=bool)
    begins[1:] = (clause[1:] != clause[:-1]) | closed[:-1]
    ends = np.append(begins[1:] | closed[1:], True)
    for at in range(1, len(said)):
        begins[at] |= begins[at - 1] and said[at - 1] in LEADING
    return begins, ends


def _greatest(values: Numbers, first: Places, last: Places) -> Numbers:
    """The greatest value from each first to each last place."""
    import numpy as np  # noqa: PLC0415 - a service without a model has none

    steps = np.arange(_MOST_WORDS)
    windows = values[np.minimum(np.arange(len(values))[:, None] + steps, len(values) - 1)]
    greatest: Numbers = np.maximum.accumulate(windows, axis=1)[first, last - first]
    return greatest
