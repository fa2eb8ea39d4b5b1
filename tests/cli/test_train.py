"""`vivencia train` says what it lacks before it has computed for hours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nlp.train.corpus import SOURCES
from tests.cli.conftest import Ran, Vivencia


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Every public set, with nothing in it."""
    (folder := tmp_path / "sets").mkdir()
    for source in SOURCES.values():
        for file in source.files:
            (folder / f"{file}.jsonl").touch()
    return folder


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    (folder := tmp_path / "encoder").mkdir()
    for name in ("config.json", "tokenizer.json"):
        (folder / name).touch()
    return folder


def test_a_folder_without_the_sets(vivencia: Vivencia, tmp_path: Path, encoder: Path) -> None:
    ran = vivencia("train", "--data", str(tmp_path), "--encoder", str(encoder))

    assert ran.code == 2
    assert ran.err.startswith(f"vivencia: {tmp_path}: semeval_sentiment_en.train1.jsonl is missing; ")


@pytest.mark.parametrize("missing", ["config.json", "tokenizer.json"])
def test_an_encoder_that_is_not_whole(vivencia: Vivencia, data: Path, encoder: Path, missing: str) -> None:
    (encoder / missing).unlink()
    ran = vivencia("train", "--data", str(data), "--encoder", str(encoder))

    assert ran.code == 2
    assert ran.err == f"vivencia: {encoder}: no encoder there; build it with `python -m nlp.weights_build`\n"


@pytest.fixture
def train(vivencia: Vivencia, data: Path, encoder: Path) -> Callable[..., Ran]:
    """Run it with all that it reads."""
    return lambda *where: vivencia("train", "--data", str(data), "--encoder", str(encoder), *where)


@pytest.mark.parametrize("option", ["--out", "--work"])
def test_nowhere_to_write_to(
    train: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, option: str
) -> None:
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    folders = {"--out": tmp_path / "out", "--work": tmp_path / "work"}
    folders[option].touch()
    ran = train(*(word for each, folder in folders.items() for word in (each, str(folder))))

    assert ran.code == 2
    assert ran.err.startswith(f"vivencia: {folders[option]} no se puede escribir: ")
    assert ran.err.endswith(f"; da otro {option}\n")
