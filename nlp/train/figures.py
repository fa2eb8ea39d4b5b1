"""python -m nlp.train.figures DATA [TWIN] [--page PAGE]: measure the weights for the model card.

DATA is the folder of public sets, TWIN the weights of the model that never saw the sectors left out (what `vivencia
train` wrote to WORK/twin). Without it the figures of those sectors stay, and the page says of which weights they are.
Writes `nlp/weights/figures.json` and the page; no text of anybody is kept.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nlp.classifier import TransformerClassifier, open_classifier
from nlp.encoder import FOLDER
from nlp.evaluate.card import render, stored_set
from nlp.evaluate.gold import golds_of, labelled
from nlp.evaluate.measure import evaluate
from nlp.train.annotated import SPANISH, annotated_rows
from nlp.train.audit import annotated_in, rows_in
from nlp.train.corpus import SOURCES, UNSEEN, UNSEEN_POSTS, rows_of, talk_rows
from nlp.train.course import HELD_OUT
from nlp.train.unlearnt import measuring_rows

FIGURES = FOLDER / "figures.json"
PAGE = Path("docs/reference/model-card.md")
_MOST = 2_500
_CONVERSATIONS = (
    "seeds that trained nothing: terse posts inside conversations, whose beginning is not there; other writers; how"
    " readers and witnesses weigh, what is quoted, and how sure a tone, a stage, an urgency and intents may be, was"
    " learnt of them"
)
_SPAIN = "ES"
_SPANISH = "seeds that trained nothing: posts from Spain to firms and about them, by another writer"
_AMERICAN = "the same from Mexico, Argentina, Colombia, Chile, Peru and four more, by a third writer"
_LEFT_OUT = "seeds, sectors left out"
_SECTORS = f"seeds of {', '.join(sorted(HELD_OUT))}"
_POSTS = (
    "tweets that SemEval, UMSAB and TweetEval hold, with labels of ours that trained nothing; how they sound, by their"
    " sets, did; how readers and witnesses weigh, what is quoted, and how sure a tone, a stage, an urgency and intents"
    " may be, was learnt of them"
)
_SPANISH_POSTS = (
    "everyday tweets of five countries that TASS 2020 holds, with labels of ours: those with a firm in them, if only"
    " in passing, and as many others; nothing of the set trained"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A set that trained nothing, and what the page says of it; what another set trained with is left out.

    `mentions` says that all its texts are known to be to or about a firm, and so read as mentions.
    """

    file: str
    name: str
    about: str
    mentions: bool = False


SETS = (
    Measured(
        file="umsab_sentiment_es.val",
        name="UMSAB validation, es",
        about="everyday tweets, balanced; its training part trained",
    ),
    Measured(
        file="umsab_sentiment_en.val",
        name="UMSAB validation, en",
        about="everyday tweets, balanced; its training part trained",
    ),
    Measured(
        file="tweeteval_sentiment_en.val",
        name="TweetEval sentiment validation",
        about="everyday tweets, those that UMSAB did not train with; the training part of SemEval trained",
    ),
    Measured(
        file="tass2020_sentiment_es.train",
        name="TASS 2020",
        about="everyday tweets of five countries, those that UMSAB did not train with; another half tuned the doubt",
    ),
    Measured(
        file="airline_us_en.train",
        name="US airline tweets",
        about="mentions of six airlines; a set never trained on",
        mentions=True,
    ),
    Measured(
        file="complaints_en.train",
        name="Complaints",
        about="tweets to firms of nine sectors; a set never trained on",
        mentions=True,
    ),
    Measured(
        file="semeval16_restaurants_es.train",
        name="SemEval 2016 restaurants, es",
        about="reviews; a set never trained on",
        mentions=True,
    ),
)


def figures_of(data: Path, left_out: Mapping[str, Any], *, today: str) -> dict[str, Any]:
    """What figures.json holds: the stored set of the sectors left out, and all others as the weights read them."""
    shipped = open_classifier()
    seeds, posts = rows_in(), rows_in(UNSEEN_POSTS)
    return {
        "model": shipped.name,
        "measured": today,
        "trained_on": [*_own(seeds), *_public(data)],
        "sets": [
            left_out,
            _heard("conversations", _CONVERSATIONS, rows_in(UNSEEN), shipped),
            _heard("posts from Spain", _SPANISH, [row for row in posts if row["country"] == _SPAIN], shipped),
            _heard("posts from Latin America", _AMERICAN, [row for row in posts if row["country"] != _SPAIN], shipped),
            _heard("real posts", _POSTS, annotated_rows(data), shipped),
            _heard("real posts in Spanish", _SPANISH_POSTS, annotated_rows(data, sets=SPANISH), shipped),
            *(
                (_heard if each.mentions else _stored)(each.name, each.about, _sample(data, each.file), shipped)
                for each in SETS
            ),
        ],
    }


def read_by(twin: Path) -> dict[str, Any]:
    """The sectors left out, stored as the twin reads them."""
    held_out = [row for row in rows_in() if row["sector"] in HELD_OUT]
    return _heard(
        _LEFT_OUT, f"{_SECTORS}, read by the twin that never saw these sectors", held_out, open_classifier(twin)
    )


def kept(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The same as it was stored, and whose twin read it."""
    stored: dict[str, Any] = next(each for each in figures["sets"] if each["name"] == _LEFT_OUT)
    if "twin of" in stored["about"]:
        return stored
    return {**stored, "about": f"{_SECTORS}, read by the twin of {figures['model']}"}


def _heard(
    name: str, about: str, rows: Iterable[Mapping[str, Any]], classifier: TransformerClassifier
) -> dict[str, Any]:
    """The set as it is read by the service, which knows of what its listeners hear that it is to or about the brand."""
    return _stored(name, f"{about}; read as mentions", [{**row, "mention": True} for row in rows], classifier)


def _stored(
    name: str, about: str, rows: Iterable[Mapping[str, Any]], classifier: TransformerClassifier
) -> dict[str, Any]:
    golds = golds_of(labelled(row, name) for row in rows)
    sys.stderr.write(f"{name}: {len(golds)} texts\n")
    return stored_set(name, about, evaluate(classifier, golds))


def _sample(data: Path, file: str) -> Sequence[Mapping[str, Any]]:
    rows = measuring_rows(data, file)
    return random.Random(7).sample(rows, min(_MOST, len(rows)))  # noqa: S311 - a sample, not a secret


def _own(seeds: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    ours = "the project's own, MIT"
    return [
        {"name": "seeds (`nlp/seeds`)", "rows": len(seeds), "for": "everything", "licence": ours},
        {"name": "labels of ours on public posts", "rows": len(annotated_in()), "for": "everything", "licence": ours},
        {"name": "everyday talk, es", "rows": len(talk_rows()), "for": "sentiment", "licence": ours},
    ]


def _public(data: Path) -> list[dict[str, Any]]:
    found = []
    for name, source in SOURCES.items():
        rows = sum(len(rows_of(data / f"{file}.jsonl")) for file in source.files)
        found.append({"name": name, "rows": min(rows, source.most), "for": source.teaches, "licence": source.terms})
    return found


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m nlp.train.figures", description=__doc__.partition(":")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("twin", type=Path, nargs="?")
    parser.add_argument("--page", type=Path, default=PAGE)
    given = parser.parse_args()
    left_out = read_by(given.twin) if given.twin else kept(json.loads(FIGURES.read_text("utf-8")))
    figures = figures_of(given.data, left_out, today=datetime.now(UTC).date().isoformat())
    FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
    given.page.write_text(render(figures), "utf-8")


if __name__ == "__main__":
    main()
