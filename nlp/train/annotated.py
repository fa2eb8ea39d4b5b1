"""Real posts of the permitted public sets with labels of ours: by their id, and quotes by where they stand.

The texts stay where they are; what the project holds says nothing without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bot.domain.errors import ConfigError
from bot.domain.reading import Intent
from nlp.text import Masked, mask
from nlp.train.corpus import (
    ANNOTATED,
    MEASURED,
    NONE,
    SOURCES,
    Example,
    Piece,
    Row,
    piece_of,
    public_example,
    rows_of,
)
from nlp.train.everyday import DENIED, FIRM
from nlp.train.unlearnt import HALVED

ANNOTATION = "annotated"
"""The source of such a post."""
SPANISH = {"tass2020": (HALVED,)}
"""Real Spanish posts that measure: nothing of their set may train, so that their tone is labelled by us too."""


def annotated_examples(data: Path, folder: Path = ANNOTATED) -> list[Example]:
    """The annotated posts of the public sets in `data`.

    Raises ConfigError where a post that was annotated is not in its set, or of another length.
    """
    return [_example(post, given) for post, given in _pairs(data, folder, _that_train())]


def annotated_rows(data: Path, folder: Path = MEASURED, sets: Mapping[str, Sequence[str]] | None = None) -> list[Row]:
    """The posts that measure, with our labels, as `nlp.evaluate` reads them; what their own set says is left out.

    Those of the sets that train, or of others by their files, as `SPANISH`.
    """
    return [_row(post, given) for post, given in _pairs(data, folder, sets or _that_train())]


def _that_train() -> Mapping[str, Sequence[str]]:
    return {name: source.files for name, source in SOURCES.items()}


def _pairs(data: Path, folder: Path, sets: Mapping[str, Sequence[str]]) -> Iterator[tuple[Row, Row]]:
    for name, files in sets.items():
        path = folder / f"{name}.jsonl"
        given = rows_of(path) if path.is_file() else []
        posts = {row["id"]: row for file in files if given for row in rows_of(data / f"{file}.jsonl")}
        if odd := [row["id"] for row in given if row["length"] != len(posts.get(row["id"], {"text": ""})["text"])]:
            what = f"{odd[0]}, which {path.name} has labels for, is not in {name}, or not as it was"
            message = f"{data}: {what}; fetch the set anew"
            raise ConfigError(message)
        yield from ((posts[row["id"]], row) for row in given)


def _example(post: Row, given: Row) -> Example:
    plain = replace(public_example(post, ANNOTATION), pieces=())
    if not given["firm"]:
        return replace(plain, denied=DENIED)
    masked = mask(post["text"])
    return replace(plain, labels={**plain.labels, **_labels(given)}, pieces=tuple(_pieces(masked, given)))


def _labels(given: Row) -> Mapping[str, str | frozenset[str]]:
    return {
        "firm": frozenset({FIRM}),
        "brand_sentiment": given["sentiment"],
        "intents": frozenset(given["intents"]),
        "touchpoints": frozenset(span["touchpoint"] for span in given["spans"]),
        "urgency": given["urgency"],
        "stage": given["stage"] or NONE,
    }


def _pieces(masked: Masked, given: Row) -> Iterator[Piece]:
    for span in given["spans"]:
        yield piece_of(masked, span["start"], span["end"], span["touchpoint"], span["sentiment"])
    if given["expectation"]:
        start, end = given["expectation"]
        yield piece_of(masked, start, end, None, None)


def _row(post: Row, given: Row) -> Row:
    plain = {"id": given["id"], "text": post["text"], "lang": post["lang"], "source": ANNOTATION}
    if not given["firm"]:
        denied = {str(intent): False for intent in Intent if intent in DENIED}
        return {**plain, "labels": {"intent": denied, "spans": []}}
    spans = [{**span, "quote": post["text"][span["start"] : span["end"]]} for span in given["spans"]]
    intents = {str(intent): intent in given["intents"] for intent in Intent}
    start, end = given["expectation"] or (0, 0)
    labels = {"intent": intents, "spans": spans, "expectation": post["text"][start:end]}
    labels |= {"sentiment": given["sentiment"], "stage": given["stage"], "urgency": given["urgency"]}
    return {**plain, "labels": labels}
