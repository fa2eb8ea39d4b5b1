"""python -m nlp.train.audit: check the seeds — form, labels, quotes, likeness — and count what they hold.

Exit code 1 when a row is wrong or a label has too few rows.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.domain.reading import Intent, Language, Sentiment, Stage, Touchpoint, Urgency
from nlp.train.corpus import ANNOTATED, MEASURED, SEEDS, UNSEEN, UNSEEN_POSTS, WAITING, rows_of

KEYS = frozenset(
    {
        *("id", "text", "lang", "country", "sector", "register", "brand", "sentiment", "intents", "spans", "stage"),
        *("urgency", "about_brand", "expectation", "spam"),
    }
)
REGISTERS = frozenset({"tweet", "discord", "review", "email"})
LEAST_ROWS, LEAST_SECTORS, LEAST_MIXED = 6_000, 14, 900
LEAST_SHARE = {"es": 0.60, "en": 0.34}
LEAST_OF_LABEL = {"es": 200, "en": 120}
_LIKE = 0.6  # of the runs of four words of a text that stand in one other
_RUN = 4

_EVERY = frozenset(map(str, (*Intent, *Touchpoint, *Sentiment, *Stage, *Urgency)))

Row = dict[str, Any]


def rows_in(folder: Path = SEEDS) -> list[Row]:
    """Every fully labelled seed."""
    return [row for path in sorted(folder.glob("*.jsonl")) for row in rows_of(path)]


def annotated_in(folder: Path = ANNOTATED) -> list[Row]:
    """Our labels of public posts, those that train."""
    return [row for path in sorted(folder.glob("*.jsonl")) for row in rows_of(path)]


def complaints(rows: Sequence[Row]) -> list[str]:
    """A sentence for each thing that is wrong with a row."""
    twice = [identity for identity, count in Counter(row.get("id") for row in rows).items() if count > 1]
    return [
        *(f"{identity}: the id stands twice" for identity in twice),
        *(f"{row.get('id')}: {what}" for row in rows for what in _wrong(row)),
        *(f"{one}: nearly the same text as {other}" for one, other in alike(rows)),
    ]


def shortages(rows: Sequence[Row]) -> list[str]:
    """A sentence for each count that the seeds should reach and do not."""
    found = []
    if len(rows) < LEAST_ROWS:
        found.append(f"{len(rows)} rows; at least {LEAST_ROWS} are wanted")
    if (sectors := len({row["sector"] for row in rows})) < LEAST_SECTORS:
        found.append(f"{sectors} sectors; at least {LEAST_SECTORS} are wanted")
    if (mixed := sum(map(is_mixed, rows))) < LEAST_MIXED:
        found.append(f"{mixed} rows with two touchpoints of different sentiment; at least {LEAST_MIXED} are wanted")
    for lang, share in LEAST_SHARE.items():
        if (held := sum(row["lang"] == lang for row in rows) / max(1, len(rows))) < share:
            found.append(f"{held:.1%} are in {lang}; at least {share:.0%} are wanted")
    for lang, least in LEAST_OF_LABEL.items():
        counts = label_counts(row for row in rows if row["lang"] == lang)
        few = [label for label in LABELS if counts[label] < least]
        found += [f"{label} in {lang}: {counts[label]}; at least {least} are wanted" for label in few]
    return found


def is_mixed(row: Row) -> bool:
    """Whether two touchpoints of different sentiment stand in one text."""
    spans = row["spans"]
    return len({span["touchpoint"] for span in spans}) > 1 and len({span["sentiment"] for span in spans}) > 1


def label_counts(rows: Iterator[Row]) -> Counter[str]:
    """How many rows hold each label of `LABELS`."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(_labels_of(row))
    return counts


LABELS = (
    *(f"sentiment {label}" for label in Sentiment),
    *(f"intent {label}" for label in Intent),
    *(f"touchpoint {label}" for label in Touchpoint),
    *(f"urgency {label}" for label in Urgency),
    *(f"stage {label}" for label in Stage),
    "another brand",
    "expectation",
)


def _labels_of(row: Row) -> Iterator[str]:
    yield f"sentiment {row['sentiment']}"
    yield f"urgency {row['urgency']}"
    yield f"stage {row['stage']}"
    yield from (f"intent {label}" for label in row["intents"])
    yield from (f"touchpoint {label}" for label in {span["touchpoint"] for span in row["spans"]})
    if not row["about_brand"]:
        yield "another brand"
    if row["expectation"]:
        yield "expectation"


def _wrong(row: Row) -> Iterator[str]:
    if set(row) != KEYS:
        yield f"keys {sorted(set(row) ^ KEYS)} are missing or strange"
        return
    closed = (("sentiment", Sentiment), ("urgency", Urgency), ("lang", Language))
    yield from (f"{key} {row[key]!r} is no label" for key, labels in closed if row[key] not in set(labels))
    yield from (f"intent {each!r} is no label" for each in row["intents"] if each not in set(Intent))
    if row["stage"] not in {*Stage, None}:
        yield f"stage {row['stage']!r} is no label"
    if row["register"] not in REGISTERS:
        yield f"register {row['register']!r} is unknown"
    if row["expectation"] and row["expectation"] not in row["text"]:
        yield "the expectation is no piece of the text"
    if row["spam"] != ("spam" in row["intents"]):
        yield "spam and the intent spam differ"
    if (row["spam"] or not row["about_brand"]) and (row["spans"] or row["stage"] or row["urgency"] != "low"):
        yield "spam, or another brand, with spans, stage or urgency"
    yield from _wrong_spans(row)


def _wrong_spans(row: Row) -> Iterator[str]:
    for span in row["spans"]:
        if span["touchpoint"] not in set(Touchpoint) or span["sentiment"] not in set(Sentiment):
            yield f"the span {span['quote']!r} has a strange label"
        if not span["quote"] or span["quote"] not in row["text"]:
            yield f"the quote {span['quote']!r} is no piece of the text"


def slips(annotations: Sequence[Row]) -> list[str]:
    """A sentence for each thing that is wrong with the labels of public posts, which hold no text of anybody."""
    twice = [identity for identity, count in Counter(row.get("id") for row in annotations).items() if count > 1]
    return [
        *(f"{identity}: the id stands twice" for identity in twice),
        *(f"{row.get('id')}: {what}" for row in annotations for what in _slip(row)),
    ]


def _slip(row: Row) -> Iterator[str]:
    of_a_firm = {"sentiment", "intents", "spans", "stage", "urgency", "expectation"} if row.get("firm") else set()
    if odd := set(row) ^ {"id", "length", "firm", *of_a_firm}:
        yield f"keys {sorted(odd)} are missing or strange"
        return
    if not of_a_firm:
        return
    labels = [*row["intents"], *(span[key] for span in row["spans"] for key in ("touchpoint", "sentiment"))]
    labels += [row["sentiment"], row["urgency"], *filter(None, [row["stage"]])]
    yield from (f"{each!r} is no label" for each in labels if each not in _EVERY)
    places = [*((span["start"], span["end"]) for span in row["spans"]), *filter(None, [row["expectation"]])]
    yield from (
        f"a piece from {start} to {end} holds nothing" for start, end in places if not 0 <= start < end <= row["length"]
    )


def alike(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Pairs of which one shares most of its runs of four words with the other."""
    runs = {row["id"]: _runs(row["text"]) for row in rows}
    holders: dict[str, list[str]] = {}
    for identity, own in runs.items():
        for run in own:
            holders.setdefault(run, []).append(identity)
    found = []
    for identity, own in runs.items():
        shared = Counter(other for run in own for other in holders[run] if other > identity)
        shares = {other: count / min(len(own), len(runs[other])) for other, count in shared.items()}
        found += [(identity, other) for other, share in shares.items() if share > _LIKE]
    return found


def _runs(text: str) -> set[str]:
    """Runs of four words; a text of up to eight words has too few of them to tell."""
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)} if len(words) > 2 * _RUN else set()


def main() -> int:
    """Write the counts and what is wrong."""
    rows = rows_in()
    measuring, waiting = [*rows_in(UNSEEN), *rows_in(UNSEEN_POSTS)], rows_in(WAITING)
    whole = [row for row in rows if set(row) == KEYS]
    spanish, english = (label_counts(row for row in whole if row["lang"] == lang) for lang in ("es", "en"))
    annotations = [*annotated_in(), *annotated_in(MEASURED)]
    wrong = [*complaints([*rows, *measuring, *waiting]), *shortages(whole), *slips(annotations)]
    lines = [
        f"{len(measuring)} seeds measure and train nothing, {len(waiting)} wait for the next weights",
        f"{len(annotations)} public posts have labels of ours, {sum(row['firm'] for row in annotations)} live a firm",
        f"{len(rows)} seeds: {dict(Counter(row['lang'] for row in rows))}; mixed: {sum(map(is_mixed, whole))}",
        *(f"{label:32} es {spanish[label]:5}  en {english[label]:5}" for label in LABELS),
        *wrong,
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
