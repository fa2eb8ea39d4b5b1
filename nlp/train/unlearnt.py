"""Tell which rows of the public sets trained nothing: some of these tune how sure a tone may be, and they measure.

Sets gather the same tweets: UMSAB trains with 1,430 of the 2,000 of TweetEval's validation and 822 of TASS's 4,406.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from nlp.train.corpus import SOURCES, Example, Row, annotated_ids, public_example, rows_of

TUNING = (*(f"umsab_sentiment_{code}.val" for code in ("es", "en", "pt", "it")), "tweeteval_sentiment_en.val")
"""Sets marked "yes" that train nothing and say how sure a tone may be of tweets that are no mentions."""
HALVED = "tass2020_sentiment_es.train"
"""Everyday Spanish, not marked "yes": nothing of it trains. One half tunes with those, the other measures."""
_ADDRESS = re.compile(r"@\w+|https?\S*")
_WORDS = re.compile(r"\w+")
_OWN_WORDS = 4


def tuning_examples(data: Path) -> list[Example]:
    """What tunes, of those sets that are there: no post that measures with labels of ours."""
    names = [name for name in (*TUNING, HALVED) if (data / f"{name}.jsonl").is_file()]
    rows = [(row, name) for name in names for row in _parted(data, name)[0]]
    return [public_example(row, name) for row, name in rows if row["id"] not in annotated_ids()]


def measuring_rows(data: Path, name: str) -> list[Row]:
    """What a public set may be measured on."""
    return _parted(data, name)[1]


def _parted(data: Path, name: str) -> tuple[list[Row], list[Row]]:
    """What tunes and what measures: the same rows but for `HALVED`, since of the other sets there are too few."""
    rows = unlearnt(rows_of(data / f"{name}.jsonl"), data)
    return (rows[::2], rows[1::2]) if name == HALVED else (rows, rows)


def unlearnt(rows: Iterable[Row], data: Path) -> list[Row]:
    """Those whose text no set that trains holds, under whatever id and with whatever marks.

    A text of fewer than four words ("thank you!") is nobody's own, and stays.
    """
    taught = _taught(data)
    return [row for row in rows if _bare(row["text"]) not in taught]


@cache
def _taught(data: Path) -> frozenset[tuple[str, ...]]:
    """Every text of `SOURCES`, bare; a set that is not there taught nothing."""
    paths = [data / f"{file}.jsonl" for source in SOURCES.values() for file in source.files]
    bare = (_bare(row["text"]) for path in paths if path.is_file() for row in rows_of(path))
    return frozenset(words for words in bare if len(words) >= _OWN_WORDS)


def _bare(text: str) -> tuple[str, ...]:
    """The words alone: what one set writes as "@user" another writes as a name, or leaves out."""
    return tuple(_WORDS.findall(_ADDRESS.sub(" ", text.casefold())))
