"""The picture of a report is drawn whatever was measured, in both languages, and says the same in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.evaluation import ALL, Bin, Reliability, Report, Task
from bot.domain.reading import Language
from bot.insight.reliability import draw_reliability


def report(*, empty: bool = False) -> Report:
    confusion = {
        "negative": {"negative": 30, "neutral": 10, "positive": 0},
        "neutral": {"negative": 0, "neutral": 0, "positive": 0},
        "positive": {"negative": 1, "neutral": 0, "positive": 3},
    }
    head = Reliability(44, 0.125, (Bin(22, 0.5, 0.6), Bin(22, 0.9, 0.75)))
    return Report(
        model="$m^1@2",
        rows=1044,
        degraded=0,
        languages={"es": 1044},
        tasks={},
        confusion={} if empty else {Task.SENTIMENT: {ALL: confusion, "es": confusion}},
        heads={} if empty else {"sentiment": head, "span": head, "intent.praise": head},
        abstention={},
        wrong=(),
    )


SAID = {
    Language.ES: "La confianza del modelo en el sentimiento se desvía 12,5 puntos de media. "
    "Sentimiento: 44 lecturas, error de calibración 0,125; Citas: 44 lecturas, error de calibración 0,125; "
    "Sentimiento: negativo: acierta 75 % de 40, positivo: acierta 75 % de 4.",
    Language.EN: "The model's confidence in the sentiment is off by 12.5 points on average. "
    "Sentiment: 44 readings, calibration error 0.125; Quotes: 44 readings, calibration error 0.125; "
    "Sentiment: negative: right in 75% of 40, positive: right in 75% of 4.",
}


@pytest.mark.parametrize("language", SAID)
def test_a_report_is_one_picture_with_alternative_text(tmp_path: Path, language: Language) -> None:
    path = tmp_path / "model.png"

    assert draw_reliability(report(), path, language) == SAID[language]
    header = path.read_bytes()[:24]
    assert header.startswith(b"\x89PNG")
    assert (int.from_bytes(header[16:20], "big"), int.from_bytes(header[20:24], "big")) == (1600, 900)


def test_nothing_to_draw_is_said(tmp_path: Path) -> None:
    said = draw_reliability(report(empty=True), tmp_path / "model.png", Language.EN)

    assert said.startswith("Nothing to draw")
