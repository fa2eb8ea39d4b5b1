"""`python -m nlp.evaluate FIGURES PAGE`: write the model card from the figures that are stored."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from nlp.evaluate.card import render


def main(figures: Path, page: Path) -> None:
    """`figures` is `nlp/weights/figures.json`, `page` is `docs/reference/model-card.md`."""
    page.write_text(render(json.loads(figures.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    figures, page = map(Path, sys.argv[1:])
    main(figures, page)
