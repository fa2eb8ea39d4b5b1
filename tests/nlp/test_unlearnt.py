"""Which rows of the public sets trained nothing, so that they may tune and measure."""

import json
from pathlib import Path

import pytest

from nlp.train import unlearnt
from nlp.train.corpus import Source


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two sets of which one trains and holds a tweet of the other, as another set writes it."""
    texts = {
        "taught": ["@user El tren llegó tarde otra vez http", "thank you!"],
        "asked": ["@renfe El tren llegó tarde otra vez :( https://t.co/x", "@iberia thank you", "Hoy salgo a las diez"],
        unlearnt.HALVED: [f"Un día cualquiera, el {n}" for n in range(6)],
    }
    for name, lines in texts.items():
        rows = [
            {"id": f"{name}-{n}", "text": text, "lang": "es", "labels": {"sentiment": "neutral"}}
            for n, text in enumerate(lines)
        ]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    monkeypatch.setattr(unlearnt, "SOURCES", {"taught": Source(files=("taught", "not_there"), most=9)})
    monkeypatch.setattr(unlearnt, "TUNING", ("asked", "not_there"))
    return tmp_path


def test_a_text_that_another_set_trained_with_does_not_measure_and_words_that_many_say_do(data: Path) -> None:
    assert [row["id"] for row in unlearnt.measuring_rows(data, "asked")] == ["asked-1", "asked-2"]


def test_what_tunes_of_the_halved_set_does_not_measure(data: Path) -> None:
    tuning = [example.row["id"] for example in unlearnt.tuning_examples(data)]
    measuring = [row["id"] for row in unlearnt.measuring_rows(data, unlearnt.HALVED)]

    assert tuning[:2] == ["asked-1", "asked-2"]
    assert len(measuring) == 3
    assert not {*tuning} & {*measuring}
    assert len({*tuning[2:], *measuring}) == 6


def test_a_set_that_should_measure_and_is_not_there_is_missed(data: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        unlearnt.measuring_rows(data, "nowhere")
