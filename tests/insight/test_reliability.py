"""The picture of a report is drawn whatever was measured, in both languages, and says the same in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.evaluation import ALL, Bin, Reliability, Report, Task
from bot.domain.reading import Language
from bot.insight.reliability import draw_reliability


def report(*, empty: bool = False, readings: int = 440) -> Report:
    confusion = {
        "negative": {"negative": 30, "neutral": 10, "positive": 0},
        "neutral": {"negative": 0, "neutral": 0, "positive": 0},
        "positive": {"negative": 1, "neutral": 0, "positive": 3},
    }
    half = readings // 2
    head = Reliability(readings, 0.125, (Bin(half, 0.5, 0.6), Bin(half, 0.9, 0.75)))
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
    "Sentimiento: 440 lecturas, error de calibración 0,125; Citas: 440 lecturas, error de calibración 0,125; "
    "Sentimiento: negativo: acierta 75 % de 40, positivo: acierta 75 % de 4.",
    Language.EN: "The model's confidence in the sentiment is off by 12.5 points on average. "
    "Sentiment: 440 readings, calibration error 0.125; Quotes: 440 readings, calibration error 0.125; "
    "Sentiment: negative: right in 75% of 40, positive: right in 75% of 4.",
}


@pytest.mark.parametrize("language", SAID)
def test_a_report_is_one_picture_with_alternative_text(tmp_path: Path, language: Language) -> None:
    path = tmp_path / "model.png"

    assert draw_reliability(report(), path, language) == SAID[language]
    header = path.read_bytes()[:24]
    assert header.startswith(b"\x89PNG")
    assert (int.from_bytes(header[16:20], "big"), int.from_bytes(header[20:24], "big")) == (1600, 900)


@pytest.mark.parametrize(
    ("language", "title", "warning"),
    [
        (
            Language.ES,
            "Cuánto se puede confiar en el modelo. Sentimiento: 44 lecturas",
            "Con menos de 300 lecturas el error parece mayor de lo que es.",
        ),
        (
            Language.EN,
            "How far the model can be trusted. Sentiment: 44 readings",
            "Below 300 readings the error looks larger than it is.",
        ),
    ],
)
def test_few_readings_are_no_finding(tmp_path: Path, language: Language, title: str, warning: str) -> None:
    said = draw_reliability(report(readings=44), tmp_path / "model.png", language)

    assert said.startswith(title)
    assert said.endswith(f"of 4. {warning}" if language is Language.EN else f"de 4. {warning}")


def test_nothing_to_draw_is_said(tmp_path: Path) -> None:
    said = draw_reliability(report(empty=True), tmp_path / "model.png", Language.EN)

    assert said.startswith("Nothing to draw")
