"""The model card holds the figures that are stored, and no text of anybody."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from bot.domain.reading import Language, Sentiment
from bot.testing import FixedClassifier, reading
from nlp.evaluate.__main__ import main
from nlp.evaluate.card import render, stored_set
from nlp.evaluate.gold import Gold
from nlp.evaluate.measure import evaluate

GOLDS = [
    Gold(id="1", text="mal servicio", language=Language.ES, sentiment=Sentiment.NEGATIVE),
    Gold(id="2", text="bad service", language=Language.EN, sentiment=Sentiment.NEGATIVE),
]


def figures() -> dict[str, Any]:
    report = evaluate(FixedClassifier({"mal servicio": reading(sentiment=Sentiment.NEGATIVE)}), GOLDS, errors=5)
    return {
        "model": "vivencia-test@1",
        "measured": "2026-05-12",
        "trained_on": [{"name": "seeds", "rows": 4279, "for": "everything", "licence": "MIT"}],
        "sets": [stored_set("two texts", "made up | for a test", report)],
    }


def test_the_card_shows_every_set_language_and_label_with_its_figures() -> None:
    page = render(figures())

    assert "# Model card: vivencia-test@1" in page
    assert "| seeds | 4,279 | everything | MIT |" in page
    assert "| two texts | 2 | en 1, es 1 | made up / for a test |" in page
    assert "| two texts | all | 2 | 0.500 [0.000, 1.000] | 0.500 [0.000, 1.000] | 0.667 [0.000, 1.000] |" in page
    assert "| two texts | es | 1 | 1.000 [1.000, 1.000] |" in page
    assert "| negative | two texts | en | 1 | – | 0.000 | 0.000 [0.000, 0.000] |" in page
    assert "| two texts | sentiment | 2 | 0.400 |" in page
    assert "| two texts | es | 1 | 0 % | 1.000 | 1.000 | – |" in page


def test_no_place_of_the_template_is_left_empty_and_no_text_is_stored() -> None:
    stored = figures()

    assert re.findall(r"\$\w+", render(stored)) == []
    assert "mal servicio" not in json.dumps(stored)


def test_the_card_is_written_from_the_stored_file(tmp_path: Path) -> None:
    source, page = tmp_path / "figures.json", tmp_path / "model-card.md"
    source.write_text(json.dumps(figures()), encoding="utf-8")

    main(source, page)

    assert page.read_text(encoding="utf-8") == render(figures())
    assert page.read_text(encoding="utf-8").endswith("misread.\n")


def test_a_changed_figure_changes_the_page() -> None:
    stale = figures()
    stale["sets"][0]["report"]["tasks"]["sentiment"]["all"]["macro_f1"] = 0.9

    assert render(stale) != render(figures())
