"""Gather what may train the shipped weights, each row with only the labels that its source annotated."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.reading import Intent, Touchpoint
from nlp.text import Masked, mask
from nlp.train.everyday import FIRM, denied_in

NONE = "none"
SEEDS = Path(__file__).parents[1] / "seeds"
UNSEEN = SEEDS / "unseen"
"""Seeds that train nothing: others wrote them while the shipped weights learnt, to measure them."""
UNSEEN_POSTS = UNSEEN / "posts"
"""Whole posts that train nothing, from Spain and from Latin America."""
WAITING = SEEDS / "waiting"
"""Seeds that the shipped weights have not learnt; they move up when the next ones are trained."""
ANNOTATED = SEEDS / "annotated"
"""Labels of ours for posts of the public sets."""
MEASURED = UNSEEN / "annotated"
"""The same, of posts that train nothing: two annotators' whole share, and those that name a sector left out."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A labelled piece of the masked text, half-open; `touchpoint` None marks an expectation."""

    start: int
    end: int
    touchpoint: str | None
    sentiment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One text with its labels. A task that is missing in `labels` was not annotated and trains nothing.

    `pieces` is None where spans were not annotated. `denied` are labels that surely do not hold, of tasks that were not
    annotated.
    """

    text: str
    labels: Mapping[str, str | frozenset[str]]
    pieces: tuple[Piece, ...] | None
    source: str
    sector: str
    lang: str
    denied: frozenset[str] = frozenset()
    row: Row = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A public set that may train: its files, the most rows of it that one epoch sees, what for, and its terms.

    `everyday` says that its tweets are no mentions of firms, `mentions` that its texts all are.
    """

    files: tuple[str, ...]
    most: int
    times: int = 1
    everyday: bool = False
    mentions: bool = False
    teaches: str = "sentiment"
    terms: str = "Apache-2.0; the sets beneath keep their own"


_TWEETEVAL = "published without restrictions; the sets beneath keep their own"
_SIDE = "a side task, and what everyday talk is not"
# all are marked "yes" in the README of the data; where another set holds the same texts, they do not measure
SOURCES: dict[str, Source] = {
    "semeval_en": Source(
        files=("semeval_sentiment_en.train1", "semeval_sentiment_en.train2"), most=47_000, terms=_TWEETEVAL
    ),
    "umsab_es": Source(files=("umsab_sentiment_es.train",), most=2_000, times=3),
    "umsab_en": Source(files=("umsab_sentiment_en.train",), most=2_000),
    "umsab_pt": Source(files=("umsab_sentiment_pt.train",), most=2_000),
    "umsab_it": Source(files=("umsab_sentiment_it.train",), most=2_000),
    "umsab_fr": Source(files=("umsab_sentiment_fr.train",), most=1_200),
    "mabsa_es": Source(
        files=("mabsa_es.train",),
        most=6_300,
        mentions=True,
        teaches="sentiment, touchpoints",
        terms="Apache-2.0 by its card",
    ),
    "mabsa_en": Source(
        files=("mabsa_en.train",),
        most=6_300,
        mentions=True,
        teaches="sentiment, touchpoints",
        terms="Apache-2.0 by its card",
    ),
    "irony_en": Source(files=("tweeteval_irony_en.train",), most=2_900, teaches="a side task", terms=_TWEETEVAL),
    "offensive_en": Source(
        files=("tweeteval_offensive_en.train",), most=2_500, everyday=True, teaches=_SIDE, terms=_TWEETEVAL
    ),
    "emotion_en": Source(
        files=("tweeteval_emotion_en.train",), most=3_000, everyday=True, teaches=_SIDE, terms=_TWEETEVAL
    ),
    "bitext": Source(
        files=("bitext_intent_en.train",),
        most=1_200,
        mentions=True,
        teaches="intents, touchpoints",
        terms="CDLA-Sharing-1.0",
    ),
    "banking77": Source(
        files=("banking77_en.train",), most=2_500, mentions=True, teaches="touchpoints", terms="CC BY 4.0"
    ),
    "purchase_intention": Source(files=("purchase_intention_en.train",), most=1_000, teaches="intents", terms="MIT"),
    "seed_intent_es": Source(files=("seed_intent_es.train",), most=300, mentions=True, teaches="intents", terms="MIT"),
}
_SIDE_TASKS = ("irony", "offensive", "emotion")  # they shape the encoder and are not shipped


def seed_examples(folder: Path = SEEDS) -> list[Example]:
    """The project's own mentions, fully labelled."""
    return [_seed(row) for path in sorted(folder.glob("*.jsonl")) for row in rows_of(path)]


def talk_examples(folder: Path = SEEDS) -> list[Example]:
    """The project's own everyday talk, of which only the tone is labelled."""
    return [
        public_example(row | {"labels": {"sentiment": row["sentiment"]}}, "talk", everyday=True)
        for row in talk_rows(folder)
    ]


def talk_rows(folder: Path = SEEDS) -> list[dict[str, Any]]:
    """That talk as it is written in the files."""
    return [row for path in sorted((folder / "talk").glob("*.jsonl")) for row in rows_of(path)]


def public_examples(data: Path, sources: Iterable[str] = SOURCES, *, share: float = 1.0) -> list[Example]:
    """Rows of the public sets, sampled with a fixed seed; `share` of what `SOURCES` allows."""
    found: list[Example] = []
    ours = annotated_ids()
    for name in sources:
        source = SOURCES[name]
        rows = [row for file in source.files for row in rows_of(data / f"{file}.jsonl")]
        kept = min(round(source.most * share), len(rows))
        picked = random.Random(7).sample(rows, kept)  # noqa: S311 - a sample, not a secret
        talk = [source.everyday and row.get("id") not in ours for row in picked]  # of ours, people said what they are
        pairs = zip(picked, talk, strict=True)
        examples = [public_example(row, name, everyday=everyday) for row, everyday in pairs]
        found += [_mentioning(each) if source.mentions else each for each in examples] * source.times
    return found


@cache
def annotated_ids() -> frozenset[str]:
    """The public posts that have labels of ours, be it to train or to measure."""
    return frozenset(
        row["id"] for folder in (ANNOTATED, MEASURED) for path in folder.glob("*.jsonl") for row in rows_of(path)
    )


def _mentioning(example: Example) -> Example:
    """The same, of which it is known that a firm is lived in it: its tone is the tone towards the firm."""
    tone = example.labels.get("sentiment")
    return replace(example, labels={**example.labels, **_of_the_brand(tone)})


def _of_the_brand(tone: str | frozenset[str] | None) -> dict[str, str | frozenset[str]]:
    known: dict[str, str | frozenset[str]] = {"firm": frozenset({FIRM})}
    return known if tone is None else {**known, "brand_sentiment": tone}


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _seed(row: Row) -> Example:
    masked = mask(row["text"])
    pieces = [_quoted(masked, span["quote"], span["touchpoint"], span["sentiment"]) for span in row["spans"]]
    if row["expectation"]:
        pieces.append(_quoted(masked, row["expectation"], None, None))
    return Example(
        text=masked.text,
        labels={
            "intents": frozenset(row["intents"]),
            "touchpoints": frozenset(span["touchpoint"] for span in row["spans"]),
            "urgency": row["urgency"],
            "stage": row["stage"] or NONE,
            "off_brand": frozenset() if row["about_brand"] else frozenset({"off_brand"}),
            **(_of_the_brand(row["sentiment"]) if row["about_brand"] else {"sentiment": row["sentiment"]}),
        },
        pieces=tuple(pieces),
        source="seeds",
        sector=row["sector"],
        lang=row["lang"],
        row=row,
    )


def _quoted(masked: Masked, quote: str, touchpoint: str | None, sentiment: str | None) -> Piece:
    start = masked.original.find(quote)
    return piece_of(masked, start, start + len(quote), touchpoint, sentiment)


def piece_of(masked: Masked, start: int, end: int, touchpoint: str | None, sentiment: str | None) -> Piece:
    """The piece from `start` to `end` of the original, where it stands in the masked text."""
    return Piece(start=_seen(masked, start), end=_seen(masked, end), touchpoint=touchpoint, sentiment=sentiment)


def _seen(masked: Masked, position: int) -> int:
    """Where a character of the original stands in the masked text."""
    return next((index for index, origin in enumerate(masked.origin) if origin >= position), len(masked.text))


def public_example(row: Row, source: str, *, everyday: bool = False) -> Example:
    """A row of a public set, with what it was annotated for; `everyday` says that it is no mention of a firm."""
    given = row["labels"]
    labels: dict[str, str | frozenset[str]] = {task: given[task] for task in _SIDE_TASKS if task in given}
    if "sentiment" in given:
        labels["sentiment"] = given["sentiment"]
    if set(given.get("intent", ())) & {*map(str, Intent)} and source != "banking77":
        labels["intents"] = frozenset(given["intent"])
    if set(given.get("touchpoint", ())) & {*map(str, Touchpoint)}:
        labels["touchpoints"] = frozenset(given["touchpoint"])
    text = mask(row["text"]).text
    return Example(
        text=text,
        labels=labels,
        pieces=None,
        source=source,
        sector=source,
        lang=row["lang"],
        denied=denied_in(text) if everyday else frozenset(),
        row=row,
    )
