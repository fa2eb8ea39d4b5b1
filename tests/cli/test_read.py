"""`vivencia read`: the published form, line by line, whatever comes in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.domain.reading import Intent, Language, Sentiment, Stage, Touchpoint, Urgency
from tests.cli.conftest import Ran, Vivencia

MIXED = "La web iba genial pero el paquete llegó roto y nadie contesta"
KEYS = {
    "id", "language", "sentiment", "sentiment_scores", "intents", "touchpoints", "stage", "urgency", "spans",
    "expectation", "spam", "about_brand", "abstained", "model",
}  # fmt: skip


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def rows(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.out.splitlines()]


def test_a_mixed_mention_is_three_experiences_with_their_quotes(vivencia: Vivencia) -> None:
    ran = vivencia("read", "-", stdin=lines({"id": 7, "text": MIXED}))

    (row,) = rows(ran)
    assert ran.code == 0
    assert set(row) == KEYS
    assert row["id"] == 7
    assert row["language"] == "es"
    feelings = {span["touchpoint"]: span["sentiment"] for span in row["spans"]}
    assert feelings == {"website_app": "positive", "delivery": "negative", "support_contact": "negative"}
    assert all(span["quote"] in MIXED for span in row["spans"])
    assert set(row["touchpoints"]) == set(feelings)


def test_the_output_has_the_order_and_count_of_the_input_and_only_known_labels(vivencia: Vivencia) -> None:
    demo = Path("config/demo/stream.jsonl").read_text(encoding="utf-8").splitlines()[:150]
    ran = vivencia("read", "-", stdin="\n".join(demo))

    given = [json.loads(line) for line in demo]
    read = rows(ran)
    assert [row["id"] for row in read] == [row["id"] for row in given]
    for row, original in zip(read, given, strict=True):
        assert row["language"] in set(Language)
        assert row["sentiment"] in set(Sentiment)
        assert abs(sum(row["sentiment_scores"].values()) - 1) < 0.01
        assert set(row["intents"]) <= set(Intent)
        assert set(row["touchpoints"]) <= set(Touchpoint)
        assert row["stage"] in {*Stage, None}
        assert row["urgency"] in set(Urgency)
        assert all(span["quote"] and span["quote"] in original["text"] for span in row["spans"])
        assert row["expectation"] is None or row["expectation"] in original["text"]


def test_a_line_that_cannot_be_read_says_so_and_the_rest_goes_on(vivencia: Vivencia) -> None:
    bad = '{"id": 2, "text": \n{"id": 3}\n["x"]\n{"id": 5, "text": 12}\n\n'
    ran = vivencia("read", "-", stdin=lines({"id": 1, "text": "hola"}) + bad + lines({"id": 7, "text": "adiós"}))

    read = rows(ran)
    assert ran.code == 1
    assert [row.get("line") for row in read] == [None, 2, 3, 4, 5, 6, None]
    assert all(set(row) == {"line", "error"} for row in read if "line" in row)
    assert "text missing" in read[2]["error"]
    assert read[4]["error"] == "text must be a string, in quotes"
    assert read[6]["id"] == 7


def test_hostile_texts_each_get_a_reading_of_their_own(vivencia: Vivencia) -> None:
    hostile = [
        "",
        " ",
        "\ud800 hola",
        "a\x00b",
        "\u202egnip\u202c",
        "e" + "\u0301" * 10_000,
        "😡" * 16_000,
        "x" * 1_000_000,
    ]
    stdin = "".join(f'{{"id": {n}, "text": {json.dumps(text)}}}\n' for n, text in enumerate(hostile))
    ran = vivencia("read", "-", stdin=stdin)

    assert ran.code == 0
    assert [row["id"] for row in rows(ran)] == list(range(len(hostile)))


def test_bytes_that_are_not_utf8_are_an_error_of_their_line(vivencia: Vivencia) -> None:
    ran = vivencia("read", "-", stdin=b'{"id":1,"text":"caf\xe9"}\n{"id":2,"text":"bien"}\n')

    assert [row.get("error", "")[:9] for row in rows(ran)] == ["not UTF-8", ""]
    assert ran.code == 1


def test_a_language_hint_helps_where_the_text_is_too_short(vivencia: Vivencia) -> None:
    ran = vivencia(
        "read", "-", stdin=lines({"id": 1, "text": "ok", "lang": "ca"}, {"id": 2, "text": "ok", "lang": "en"})
    )

    assert [row["language"] for row in rows(ran)] == ["ca", "en"]


def test_of_a_mention_the_tone_towards_the_brand_is_read(vivencia: Vivencia) -> None:
    text = "Estoy triste, viendo una peli en Telemar"
    ran = vivencia("read", "-", stdin=lines({"id": 1, "text": text}, {"id": 2, "text": text, "mention": True}))

    anyones, mention = (row["sentiment_scores"]["negative"] for row in rows(ran))
    assert mention < anyones


def test_out_writes_a_file_and_leaves_the_screen_alone(vivencia: Vivencia, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(lines({"id": "a", "text": "great shop!"}))
    ran = vivencia("read", str(source), "--out", str(target))

    assert (ran.code, ran.out) == (0, "")
    assert json.loads(target.read_text())["sentiment"] == "positive"


def test_a_homonym_is_a_word_and_a_handle_of_the_brand_outweighs_it(vivencia: Vivencia, tmp_path: Path) -> None:
    (file := tmp_path / "vivencia.toml").write_text('[brand]\naccounts = ["@ribera"]\nhomonyms = [" vino "]\n')
    texts = ["¡Un vino de Ribera! 🍷", "¡El paquete llegó roto! :(", "@ribera, el vino llegó roto"]
    stdin = lines(*({"id": n, "text": text} for n, text in enumerate(texts)))

    assert [row["about_brand"] for row in rows(vivencia("read", "--config", str(file), stdin=stdin))] == [
        False,
        True,
        True,
    ]


def test_an_empty_homonym_is_refused(vivencia: Vivencia, tmp_path: Path) -> None:
    (file := tmp_path / "vivencia.toml").write_text('[brand]\nhomonyms = ["vino", " "]\n')
    ran = vivencia("read", "--config", str(file), stdin=lines({"id": 1, "text": "hola"}))

    assert ran.code == 2
    assert ran.err.startswith("vivencia: vivencia.toml: [brand.homonyms] 1: string should have at least 1 character")
