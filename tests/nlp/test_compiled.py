"""What the extra `openvino` promises: the same readings but for rounding, no network, and torch where it fails.

`make test-openvino` runs those that need it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.domain.reading import Reading, Text
from nlp.choice import IN_TORCH
from nlp.classifier import open_classifier
from nlp.encoder import open_encoder

SEEDS = sorted((Path(__file__).parents[2] / "nlp" / "seeds").glob("*.jsonl"))
A_FILE = 40
needs_openvino = pytest.mark.skipif(find_spec("openvino") is None, reason="the extra openvino is not installed")


@pytest.fixture(scope="module")
def texts() -> list[Text]:
    """Some of every file of invented mentions."""
    rows = [json.loads(row) for file in SEEDS for row in file.read_text("utf-8").splitlines()[:A_FILE]]
    return [Text(text=row["text"]) for row in rows]


@pytest.fixture(scope="module")
def pairs(texts: list[Text]) -> list[tuple[Reading, Reading]]:
    precise, quick = (open_classifier(dtype=dtype) for dtype in ("float32", "int8"))
    return list(zip(precise.read(texts), quick.read(texts), strict=True))


@needs_openvino
def test_scores_differ_by_rounding_only(pairs: list[tuple[Reading, Reading]]) -> None:
    apart = [abs(precise.scores[tone] - quick.scores[tone]) for precise, quick in pairs for tone in precise.scores]

    assert sum(apart) / len(apart) < 0.01
    assert max(apart) < 0.25


@needs_openvino
@pytest.mark.parametrize(
    ("part", "least"),
    [("sentiment", 0.97), ("stage", 0.97), ("urgency", 0.97), ("intents", 0.95), ("touchpoints", 0.95), ("spam", 0.99)],
)
def test_labels_are_those_of_full_precision(pairs: list[tuple[Reading, Reading]], part: str, least: float) -> None:
    same = [getattr(precise, part) == getattr(quick, part) for precise, quick in pairs]

    assert sum(same) / len(same) >= least


@needs_openvino
def test_quotes_are_those_of_full_precision(pairs: list[tuple[Reading, Reading]]) -> None:
    same = [[each.quote for each in precise.spans] == [each.quote for each in quick.spans] for precise, quick in pairs]

    assert sum(same) / len(same) >= 0.93


@needs_openvino
def test_a_text_is_read_alike_alone_and_among_others(texts: list[Text]) -> None:
    encoder = open_encoder(dtype="int8")
    some = [text.text for text in texts[:30]]

    for alone, among in zip([encoder.score([text])[0] for text in some], encoder.score(some), strict=True):
        assert alone.texts["sentiment"] == pytest.approx(among.texts["sentiment"], abs=0.02)


@needs_openvino
def test_opening_it_asks_no_network() -> None:
    code = """
import os, sys
def refuse(event, arguments):
    if event.startswith("socket.") and event != "socket.__new__":
        os.write(1, event.encode())  # telemetry asks in a process of its own
        os._exit(3)
sys.addaudithook(refuse)
from nlp.encoder import open_encoder
encoder = open_encoder(dtype="int8")
encoder.score(["hola"])
print(encoder.arithmetic, sys.modules.get("openvino_telemetry"))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.stdout, done.returncode) == ("int8 None\n", 0), done.stderr


def test_without_openvino_torch_reads_and_the_log_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)

    with capture_logs() as logs:
        encoder = open_encoder(dtype="int8")

    assert encoder.arithmetic in IN_TORCH
    assert encoder.score(["La app se cierra sola"])[0].places
    [told] = [log for log in logs if log["log_level"] == "warning"]
    assert "pip install 'vivencia[openvino]'" in told["error"]
