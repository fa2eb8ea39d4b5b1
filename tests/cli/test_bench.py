"""`vivencia bench` tells what it measured in the reader's language."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bot.cli.bench import speed_table
from bot.domain.reading import Language
from nlp.benchmark import Speed
from tests.cli.conftest import Vivencia

SPEED = Speed(
    texts=300,
    tokens_a_text=32.7,
    arithmetic="bfloat16",
    reading=89.3,
    encoding=90.9,
    encoding_in_torch=90.5,
    stock_one_head=41.7,
    stock_every_head=4.6,
    gemm=1196.2,
    reached=126.2,
    reached_in_torch=125.5,
    first_reading=1.25,
    rss_mb=380,
)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            Language.ES,
            [
                "300 textos de 32,7 tokens, bfloat16",
                "lecturas completas por segundo",
                "1.196,2",
                "lecturas, veces transformers con todas las cabezas",
            ],
        ),
        (
            Language.EN,
            [
                "300 texts of 32.7 tokens, bfloat16",
                "whole readings a second",
                "1,196.2",
                "readings, times stock with every head",
            ],
        ),
    ],
    ids=str,
)
def test_speed_is_told_in_the_readers_language(language: Language, told: list[str]) -> None:
    console = Console(file=io.StringIO(), width=120)
    with console.capture() as page:
        console.print(speed_table(SPEED, language))

    assert [words for words in told if words not in page.get()] == []


@pytest.mark.parametrize(
    ("language", "told"), [(Language.ES, "demasiado poco para medirlo"), (Language.EN, "too little to measure")]
)
def test_a_share_below_nought_is_too_little_to_measure(language: Language, told: str) -> None:
    busy = replace(SPEED, reading=91.4)
    console = Console(file=io.StringIO(), width=120)
    with console.capture() as page:
        console.print(speed_table(busy, language))

    assert told in page.get()
    assert busy.ratios["share_of_rules_language_and_spans"] is None


@pytest.mark.parametrize(
    ("lang", "why"), [("es", "el modelo no se puede cargar"), ("en", "the model cannot be loaded, so")]
)
def test_nothing_is_measured_without_a_model(
    vivencia: Vivencia, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lang: str, why: str
) -> None:
    monkeypatch.setenv("VIVENCIA_MODEL__SOURCE", str(tmp_path))
    ran = vivencia("bench", "--lang", lang)

    assert ran.code == 1
    assert ran.err.splitlines()[-1].startswith(f"vivencia: {why}")
