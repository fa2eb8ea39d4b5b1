"""The model card says what was measured, of the weights that are shipped."""

import json
from pathlib import Path

from nlp.encoder import FOLDER
from nlp.evaluate.card import render
from nlp.seal import check_sums

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "model-card.md"


def test_no_figure_in_the_card_is_stale() -> None:
    figures = json.loads((FOLDER / "figures.json").read_text("utf-8"))

    assert figures["model"].endswith(f"@{check_sums(FOLDER)}"), "measure again: python -m nlp.train.figures DATA TWIN"
    assert PAGE.read_text("utf-8") == render(figures)


def test_the_card_holds_no_text_of_anybody() -> None:
    figures = json.loads((FOLDER / "figures.json").read_text("utf-8"))

    assert all(each["report"]["errors"] == [] for each in figures["sets"])
