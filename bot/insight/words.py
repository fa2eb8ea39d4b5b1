"""Find the words that set some texts apart from the usual ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from math import log, sqrt

from bot.domain.reading import Language
from bot.insight.wording import wording

_FEWEST_TEXTS = 3
_CLEARLY = 1.96
_PRIOR = 0.5
_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|@\w+|\[[^\]\s]+\]")
_WORD = re.compile(r"[^\W\d_]{3,}")


def telling_words(
    texts: Sequence[str], usual: Sequence[str], *, ignore: Collection[str] = (), limit: int = 3
) -> tuple[str, ...]:
    """The most over-represented words, each counted once a text, clearest first.

    The z-score of the log-odds ratio under a flat prior: Monroe, Colaresi & Quinn (2008), Political Analysis 16:372.
    """
    here, there = _counts(texts), _counts(usual)
    skipped = stop_words() | {word.casefold() for word in ignore}
    scored = {
        word: _over_represented(count, len(texts), there[word], len(usual))
        for word, count in here.items()
        if count >= _FEWEST_TEXTS and word not in skipped
    }
    best = sorted(scored, key=lambda word: (-scored[word], word))
    return tuple(word for word in best if scored[word] > _CLEARLY)[:limit]


@cache
def stop_words() -> frozenset[str]:
    """Words that say nothing, of both languages; with diacritics, because "esta" and "está" are two words."""
    return frozenset(
        word for language in (Language.ES, Language.EN) for word in wording(language).say("stop_words").split()
    )


def _counts(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in set(_WORD.findall(_NOISE.sub(" ", text).casefold())))


def _over_represented(here: int, texts: int, there: int, usual: int) -> float:
    prior = _PRIOR
    odds_here = (here + prior) / (texts - here + prior)
    odds_there = (there + prior) / (usual - there + prior)
    spread = sqrt(1 / (here + prior) + 1 / (there + prior))
    return log(odds_here / odds_there) / spread
