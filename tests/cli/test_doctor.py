"""`vivencia doctor` is not green where `vivencia run` would refuse to begin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Vivencia

ARTICLE = "# How do I return something?\nkeywords: return\n\nSend it.\n"


@pytest.fixture(autouse=True)
def house(home: Path) -> None:
    """Two articles and one that nobody reads yet, and no model to wait for."""
    (home / "knowledge" / "en").mkdir(parents=True)
    for name in ("returns", "refunds"):
        (home / "knowledge" / "en" / f"{name}.md").write_text(ARTICLE, encoding="utf-8")
    (home / "vivencia.toml").write_text('[brand]\nknowledge = "knowledge"\n[model]\nsource = "nowhere"\n')


def test_the_articles_are_counted_and_a_language_without_any_is_named(vivencia: Vivencia, home: Path) -> None:
    ran = vivencia("doctor", "--lang", "en")
    assert ran.code == 0
    assert "▲ articles: es 0, en 2; write one in es, or take that language out of brand.languages" in ran.out

    (home / "knowledge" / "es").mkdir()
    (home / "knowledge" / "es" / "returns.md").write_text(ARTICLE, encoding="utf-8")
    assert "✔ artículos: es 1, en 2" in vivencia("doctor", "--lang", "es").out.splitlines()
    rows = json.loads(vivencia("doctor", "--json").out)["findings"]
    assert {"part": "knowledge", "grade": "good", "what": "es 1, en 2"} in rows


@pytest.mark.parametrize("name", ["EN/more.md", "en/returns.md"])
def test_what_is_wrong_with_an_article_is_found(vivencia: Vivencia, home: Path, name: str) -> None:
    (file := home / "knowledge" / name).parent.mkdir(exist_ok=True)
    file.write_text("Send it.", encoding="utf-8")

    english, spanish = vivencia("doctor", "--lang", "en"), vivencia("doctor", "--lang", "es")
    assert (english.code, spanish.code) == (1, 1)
    assert f"✖ articles: {file}: " in english.out
    assert f"✖ artículos: {file}: " in spanish.out


def test_so_is_an_order_of_responders_that_cannot_be(vivencia: Vivencia, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVENCIA_RESPONDERS__ORDER", '["thank", "route"]')
    ran = vivencia("doctor", "--lang", "es")

    assert ran.code == 1
    assert "✖ respondedores: [responders] order: 'hush' tiene que ir primero, porque a lo que calla" in ran.out
