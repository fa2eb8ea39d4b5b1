"""Gather what may train the shipped heads, each row with only the labels that its source annotated."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.reading import Intent, Touchpoint
from nlp.clauses import clauses
from nlp.encoder import Range, Unit
from nlp.text import Masked, mask

NONE = "none"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One text with its labels. A task that is missing in `labels` was not annotated and trains nothing.

    `clause_labels[i]` is (touchpoint or none, sentiment or None) of clause i; empty where spans were not annotated.
    """

    unit: Unit
    labels: Mapping[str, str | frozenset[str]]
    clause_labels: tuple[tuple[str, str | None], ...]
    source: str
    sector: str
    lang: str
    weight: float


# set → (weight of a row, most rows, files); all are marked "yes" in the README of the data
SETS: dict[str, tuple[float, int, tuple[str, ...]]] = {
    "umsab_es": (1.5, 2000, ("umsab_sentiment_es.train",)),
    "umsab_en": (1.0, 2000, ("umsab_sentiment_en.train",)),
    "umsab_pt": (1.0, 2000, ("umsab_sentiment_pt.train",)),
    "umsab_it": (0.7, 2000, ("umsab_sentiment_it.train",)),
    "umsab_fr": (0.7, 2000, ("umsab_sentiment_fr.train",)),
    "semeval_en": (0.5, 6000, ("semeval_sentiment_en.train1", "semeval_sentiment_en.train2")),
    "mabsa_es": (0.5, 4000, ("mabsa_es.train",)),
    "mabsa_en": (0.3, 2000, ("mabsa_en.train",)),
    "bitext": (0.3, 2500, ("bitext_intent_en.train",)),
    "banking77": (0.3, 2500, ("banking77_en.train",)),
    "purchase_intention": (0.5, 1500, ("purchase_intention_en.train",)),
    "seed_intent_es": (1.0, 300, ("seed_intent_es.train",)),
}
SEED_WEIGHT = 3.0


def seed_examples(folder: Path) -> list[Example]:
    """The project's own mentions, fully labelled."""
    return [_seed(row) for path in sorted(folder.glob("*.jsonl")) for row in _rows(path)]


def public_examples(folder: Path) -> Iterator[tuple[str, list[Example]]]:
    """Set by set, sampled with a fixed seed."""
    for name, (weight, most, files) in SETS.items():
        rows = [row for file in files for row in _rows(folder / f"{file}.jsonl")]
        picked = random.Random(7).sample(rows, min(most, len(rows)))  # noqa: S311 - sampling, not secrets
        yield name, [_public(row, name, weight) for row in picked]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _seed(row: Row) -> Example:
    masked = mask(row["text"])
    ranges = clauses(masked.text)
    labels: dict[str, str | frozenset[str]] = {
        "sentiment": row["sentiment"],
        "intents": frozenset(row["intents"]),
        "touchpoints": frozenset(span["touchpoint"] for span in row["spans"]),
        "urgency": row["urgency"],
        "stage": row["stage"] or NONE,
        "off_brand": frozenset() if row["about_brand"] else frozenset({"off_brand"}),
    }
    return Example(
        unit=Unit(text=masked.text, clauses=ranges),
        labels=labels,
        clause_labels=tuple(_clause_label(masked, span, row) for span in ranges),
        source="seeds",
        sector=row["sector"],
        lang=row["lang"],
        weight=SEED_WEIGHT,
    )


def _clause_label(masked: Masked, clause: Range, row: Row) -> tuple[str, str | None]:
    """The labelled span that shares most characters with the clause: at least half of either."""
    best: tuple[float, str, str | None] = (0.5, NONE, None)
    for span in row["spans"]:
        start = masked.original.find(span["quote"])
        a, b = _seen(masked, start), _seen(masked, start + len(span["quote"]))
        shared = min(b, clause[1]) - max(a, clause[0])
        share = max(shared / max(1, b - a), shared / (clause[1] - clause[0]))
        if start >= 0 and share >= best[0]:
            best = (share, span["touchpoint"], span["sentiment"])
    return best[1], best[2]


def _seen(masked: Masked, position: int) -> int:
    return next((index for index, origin in enumerate(masked.origin) if origin >= position), len(masked.text))


def _public(row: Row, source: str, weight: float) -> Example:
    given = row["labels"]
    labels: dict[str, str | frozenset[str]] = {}
    if "sentiment" in given:
        labels["sentiment"] = given["sentiment"]
    if set(given.get("intent", ())) & {*map(str, Intent)} and source != "banking77":
        labels["intents"] = frozenset(given["intent"])
    if set(given.get("touchpoint", ())) & {*map(str, Touchpoint)}:
        labels["touchpoints"] = frozenset(given["touchpoint"])
    text = mask(row["text"]).text
    return Example(
        unit=Unit(text=text, clauses=()),
        labels=labels,
        clause_labels=(),
        source=source,
        sector=source,
        lang=row["lang"],
        weight=weight,
    )
