"""`vivencia promises` and `vivencia pii`: the published forms, line by line, whatever comes in."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ran, Vivencia

TUESDAY = "2026-05-12T11:30:00+02:00"
HOSTILE = ["", " ", "\ud800 hola", "a\x00b", "\u202egnip\u202c", "e" + "\u0301" * 10_000, "😡" * 16_000]
LONG = ["x", "9", "9 ", "mañana y ", "te llamamos ", "a.", "@", "a@a.", "ES91 2100 ", "Calle de la ", "(", "- "]


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def rows(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.out.splitlines()]


def test_a_promise_comes_with_its_words_and_its_due_moment_in_the_brands_time_zone(vivencia: Vivencia) -> None:
    text = "Lo sentimos. Te escribimos antes del viernes, ¡gracias!"
    ran = vivencia("promises", "-", stdin=lines({"id": 7, "text": text, "lang": "es", "now": TUESDAY}))

    assert ran.code == 0
    assert rows(ran) == [
        {"id": 7, "promise": True, "what": "Te escribimos antes del viernes", "due": "2026-05-14T23:59:59+02:00"}
    ]


def test_what_is_no_promise_says_so(vivencia: Vivencia) -> None:
    ran = vivencia("promises", "-", stdin=lines({"id": "a", "text": "¿Te llamamos mañana?", "now": TUESDAY}))

    assert rows(ran) == [{"id": "a", "promise": False, "what": None, "due": None}]


def test_of_several_promises_the_first_is_told(vivencia: Vivencia) -> None:
    text = "We'll call you tomorrow. Your refund will arrive on Friday."
    ran = vivencia("promises", "-", stdin=lines({"id": 1, "text": text, "now": TUESDAY}))

    assert [row["what"] for row in rows(ran)] == ["We'll call you tomorrow"]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-05-12T23:30:00Z", "2026-05-14T23:59:59+02:00"),  # in Madrid it is Wednesday already
        ("2026-05-12T23:30:00+00:00", "2026-05-14T23:59:59+02:00"),
        ("2026-05-12 23:30", "2026-05-13T23:59:59+02:00"),  # without an offset: the brand's clock
        ("2026-05-12T23:30:00-06:00", "2026-05-13T23:59:59-06:00"),  # written in another zone: its days
        ("2026-03-28T20:00:00+01:00", "2026-03-29T23:59:59+02:00"),  # the brand's zone knows of summer time
    ],
)
def test_days_begin_where_the_text_was_said(vivencia: Vivencia, now: str, due: str) -> None:
    ran = vivencia("promises", "-", stdin=lines({"id": 1, "text": "Te llamamos mañana", "now": now}))

    assert [row["due"] for row in rows(ran)] == [due]


def test_the_brands_time_zone_comes_from_its_settings(vivencia: Vivencia, tmp_path: Path) -> None:
    config = tmp_path / "vivencia.toml"
    config.write_text('[brand]\ntimezone = "America/Bogota"\n', encoding="utf-8")
    said = lines({"id": 1, "text": "Te llamamos hoy", "now": "2026-05-12T02:00:00Z"})
    ran = vivencia("promises", "-", "--config", str(config), stdin=said)

    assert [row["due"] for row in rows(ran)] == ["2026-05-11T23:59:59-05:00"]


@pytest.mark.parametrize("given", [{}, {"now": None}])
def test_without_a_moment_it_is_said_now(vivencia: Vivencia, given: dict[str, None]) -> None:
    ran = vivencia("promises", "-", stdin=lines({"id": 1, "text": "We'll call you within 2 hours", **given}))

    (row,) = rows(ran)
    assert abs(datetime.fromisoformat(row["due"]) - datetime.now(UTC) - timedelta(hours=2)) < timedelta(minutes=5)


@pytest.mark.parametrize("now", ["tomorrow", "", 12, "2026-13-01", ["2026-05-12"], "9999-12-31", "0001-01-01"])
def test_a_broken_moment_is_an_error_of_its_line(vivencia: Vivencia, now: object) -> None:
    said = lines({"id": 1, "text": "Te llamamos mañana", "now": now}, {"id": 2, "text": "hola", "now": TUESDAY})
    ran = vivencia("promises", "-", stdin=said)

    broken, whole = rows(ran)
    assert set(broken) == {"line", "error"}
    assert broken["line"] == 1
    assert "ISO 8601" in broken["error"]
    assert whole["id"] == 2
    assert ran.code == 1


def test_personal_data_comes_with_its_type_exactly_as_written(vivencia: Vivencia) -> None:
    text = "DNI 12.345.678-Z, tel. 612 345 678, pedido ZP-204871"
    ran = vivencia("pii", "-", stdin=lines({"id": [1], "text": text}, {"id": None, "text": "49,90 €"}))

    assert ran.code == 0
    assert rows(ran) == [
        {
            "id": [1],
            "pii": [
                {"type": "dni", "value": "12.345.678-Z"},
                {"type": "phone", "value": "612 345 678"},
                {"type": "order", "value": "ZP-204871"},
            ],
        },
        {"id": None, "pii": []},
    ]


@pytest.mark.parametrize("command", ["promises", "pii"])
def test_a_bad_line_says_so_and_the_rest_goes_on(vivencia: Vivencia, command: str) -> None:
    huge = '{"id": 8, "text": "hola", "n": ' + "1" * 5000 + "}\n"
    bad = '{"id": 2, "text": \n{"id": 3}\n["x"]\n{"id": 5, "text": 12}\n\n' + huge
    said = lines({"id": 1, "text": "hola"}) + bad + lines({"id": 9, "text": "adiós"})
    ran = vivencia(command, "-", stdin=said.encode() + b'{"id":10,"text":"caf\xe9"}\n')

    read = rows(ran)
    assert ran.code == 1
    assert [row.get("line") for row in read] == [None, 2, 3, 4, 5, 6, 7, None, 9]
    assert all(set(row) == {"line", "error"} for row in read if "line" in row)
    assert read[7]["id"] == 9


@pytest.mark.timeout(120)
@pytest.mark.parametrize("command", ["promises", "pii"])
def test_hostile_texts_each_get_an_answer_in_time(vivencia: Vivencia, command: str) -> None:
    hostile = [*HOSTILE, "x" * 1_000_000, *(piece * (200_000 // len(piece)) for piece in LONG)]
    ran = vivencia(command, "-", stdin=lines(*({"id": n, "text": text} for n, text in enumerate(hostile))))

    assert ran.code == 0
    assert [row["id"] for row in rows(ran)] == list(range(len(hostile)))


@pytest.mark.parametrize("command", ["promises", "pii"])
def test_out_writes_a_file_and_leaves_the_screen_alone(vivencia: Vivencia, command: str, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(lines({"id": "a", "text": "Te llamamos mañana al 612 345 678", "now": TUESDAY}))
    ran = vivencia(command, str(source), "--out", str(target))

    assert (ran.code, ran.out) == (0, "")
    assert json.loads(target.read_text())["id"] == "a"


@pytest.mark.parametrize("command", ["promises", "pii"])
def test_a_file_that_is_not_there_is_wrong_use(vivencia: Vivencia, command: str) -> None:
    ran = vivencia(command, "nowhere.jsonl")

    assert ran.code == 2
    assert "nowhere.jsonl cannot be read" in ran.err
