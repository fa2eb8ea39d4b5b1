"""A brand's own touchpoints from the configuration to the card, the journey and the digest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Vivencia

CONFIG = """
[brand]
name = "Conexal"

[brand.touchpoints.product_use]
es = "Servicio"
en = "Service"

[brand.touchpoints.roaming]
of = "product_use"
es = "Itinerancia"
en = "Roaming"
examples = [
  "En Portugal el roaming no me funciona",
  "sin datos desde que crucé la frontera",
  "Roaming worked perfectly on our trip to Italy",
  "no signal abroad even with data roaming on",
  "¿Por qué no tengo internet cuando viajo al extranjero?",
]
"""
ABROAD = "En Francia el roaming no me funciona, es una vergüenza"
AT_HOME = "El paquete llegó roto y nadie contesta"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "brand.toml"
    file.write_text(CONFIG, encoding="utf-8")
    return file


def lines(*texts: str) -> str:
    rows = [
        {"id": str(number), "text": text, "author": "lola", "created_at": f"2026-05-12T{hour:02}:{number % 60:02}:00Z"}
        for number, text in enumerate(texts)
        for hour in (9 + number // 60,)
    ]
    return "".join(json.dumps(row) + "\n" for row in rows)


def spans(out: str) -> list[dict[str, Any]]:
    return [span for line in out.splitlines() for span in json.loads(line)["spans"]]


def test_a_span_names_the_own_touchpoint_within_one_of_the_ten(vivencia: Vivencia, config: Path) -> None:
    ran = vivencia("read", "-", "--config", str(config), stdin=lines(ABROAD, AT_HOME))

    assert ran.code == 0, ran.err
    named = [span for span in spans(ran.out) if "own" in span]
    assert {(span["touchpoint"], span["own"]) for span in named} == {("product_use", "roaming")}
    assert len(named) < len(spans(ran.out))


def test_without_own_touchpoints_no_span_speaks_of_them(vivencia: Vivencia) -> None:
    ran = vivencia("read", "-", stdin=lines(ABROAD))

    assert all("own" not in span for span in spans(ran.out))


def test_people_read_the_brands_names_and_data_keep_their_labels(vivencia: Vivencia, config: Path) -> None:
    recording = config.with_name("mentions.jsonl")
    recording.write_text(lines(*[f"{ABROAD} {number}" for number in range(12)]), encoding="utf-8")
    options = ("--config", str(config))

    cards = vivencia("simulate", str(recording), "--cards", *options).out
    spanish, english = (vivencia("customer", "@lola", "--lang", lang, *options).out for lang in ("es", "en"))
    digest = vivencia("digest", "--date", "2026-05-12", "--lang", "es", *options).out
    data = json.loads(vivencia("digest", "--date", "2026-05-12", "--json", *options).out)

    assert "SERVICIO" in cards
    assert "Servicio › Itinerancia" in cards
    assert "Servicio › Itinerancia" in spanish
    assert "Service › Roaming" in english
    assert "Servicio › Itinerancia" in digest
    line = next(each for each in data["touchpoints"] if each["touchpoint"] == "product_use")
    assert [(own["own"], own["mentions"]) for own in line["own"]] == [("roaming", 12)]
    stored = json.loads(vivencia("customer", "@lola", "--json", *options).out)["experiences"]
    assert {(each["touchpoint"], each["own"]) for each in stored} >= {("product_use", "roaming")}


def test_a_jumble_of_examples_is_warned_of_by_name(vivencia: Vivencia, config: Path) -> None:
    examples = ["Me habéis cobrado dos veces", "the shop was lovely", "¿Quién ganó el sorteo?", "my password is gone"]
    config.write_text(f'[brand.touchpoints.jumble]\nof = "delivery"\nexamples = {json.dumps(examples)}\n', "utf-8")

    ran = vivencia("read", "-", "--config", str(config), stdin=lines("hola"))

    assert ran.code == 0
    assert "jumble" in ran.err
    assert "do not stand apart" in ran.err


def test_a_mistake_is_one_line_and_code_two(vivencia: Vivencia, config: Path) -> None:
    config.write_text(CONFIG.replace('of = "product_use"', ""), encoding="utf-8")

    ran = vivencia("read", "-", "--config", str(config))

    assert ran.code == 2
    assert ran.err == (
        "vivencia: brand.toml: [brand] touchpoints: 'roaming' has no `of`; add the touchpoint it refines, like "
        "of = 'product_use'\n"
    )
