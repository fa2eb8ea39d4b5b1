"""Why one line of a file is refused is told in the language of the terminal, and the other lines are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran, Vivencia

GOOD = '{"id": "1", "text": "hola @marca, ¿abrís hoy?", "labels": {"sentiment": "neutral"}}\n'
NO_JSON = [
    ("hola", "expecting value at column 1", "falta un valor en la columna 1"),
    ('{"a" 1}', "expecting ':' delimiter at column 6", "faltan los dos puntos en la columna 6"),
    ('{"a":1 "b"}', "expecting ',' delimiter at column 8", "falta una coma en la columna 8"),
    (
        "{a:1}",
        "expecting property name enclosed in double quotes at column 2",
        "falta un nombre entre comillas dobles en la columna 2",
    ),
    ("{} {}", "extra data at column 4", "sobra lo que empieza en la columna 4"),
    ('{"a":"b', "unterminated string starting at column 6", "no se cierra el texto que empieza en la columna 6"),
    ('{"a":"\x01"}', "invalid control character at column 7", "hay un carácter de control en la columna 7"),
    (r'{"a":"\q"}', r"invalid \escape at column 7", "hay un escape que no existe en la columna 7"),
    (r'{"a":"\u12"}', r"invalid \uXXXX escape at column 8", r"hay un escape \uXXXX mal escrito en la columna 8"),
    ("[" * 100_000, "nested too deeply", "hay demasiados niveles, uno dentro de otro"),
    ("9" * 5_000, "a number has more digits than can be read", "un número tiene más cifras de las que se pueden leer"),
]


Twice = Callable[..., tuple[Ran, Ran]]


@pytest.fixture
def twice(vivencia: Vivencia, monkeypatch: pytest.MonkeyPatch) -> Twice:
    """Run a command on an English terminal, and then on one in Paraguay."""

    def run(*arguments: str, stdin: str | bytes = "") -> tuple[Ran, Ran]:
        english = vivencia(*arguments, stdin=stdin)
        monkeypatch.setenv("LANG", "es_PY.UTF-8")
        return english, vivencia(*arguments, stdin=stdin)

    return run


@pytest.mark.parametrize("command", ["pii", "promises"])
@pytest.mark.parametrize(
    ("line", "english", "spanish"),
    [
        *(
            (
                line,
                f"not JSON ({why}); one object a line is needed",
                f"no es JSON ({porque}); hace falta un objeto por línea",
            )
            for line, why, porque in NO_JSON
        ),
        (
            "[1]",
            'not an object; {"id": …, "text": …} is needed',
            'no es un objeto; hace falta {"id": …, "text": …}',
        ),
        ('{"id": 1}', "text missing; id and text are needed", "falta text; hacen falta id y text"),
        ("{}", "id and text missing; id and text are needed", "faltan id y text; hacen falta los dos"),
        (
            '{"id": 1, "text": 12}',
            "text must be a string, in quotes",
            "text tiene que ser un texto entre comillas",
        ),
        *(
            (
                f'{{"id": {number}, "text": "hola"}}',
                "id is no number that JSON has; write it in quotes",
                "id no es un número de los que hay en JSON; escríbelo entre comillas",
            )
            for number in ("NaN", "-Infinity", "1e999")
        ),
    ],
    ids=lambda value: value[:20],
)
def test_in_the_place_of_an_answer(twice: Twice, command: str, line: str, english: str, spanish: str) -> None:
    said, told = twice(command, stdin=line + "\n" + GOOD)

    assert (said.code, told.code) == (1, 1)
    assert json.loads(said.out.splitlines()[0]) == {"line": 1, "error": english}
    assert json.loads(told.out.splitlines()[0]) == {"line": 1, "error": spanish}
    assert "error" not in json.loads(told.out.splitlines()[1])


@pytest.mark.parametrize("command", ["pii", "promises", "read"])
def test_bytes_that_are_no_text(twice: Twice, command: str) -> None:
    _, told = twice(command, stdin='{"id":1,"text":"caf\xe9"}\n'.encode("latin-1"))

    assert json.loads(told.out)["error"] == "el byte 19 no es UTF-8; guarda el archivo en UTF-8"


def test_a_mention_that_is_neither_true_nor_false(twice: Twice) -> None:
    said, told = twice("read", stdin='{"id": 1, "text": "hola", "mention": "yes"}\n')

    assert json.loads(said.out)["error"] == "mention must be true or false"
    assert json.loads(told.out)["error"] == "mention debe ser true o false"


def test_a_time_that_is_none(twice: Twice) -> None:
    said, told = twice("promises", stdin='{"id": 1, "text": "mañana", "now": "ayer"}\n')

    assert json.loads(said.out)["error"] == (
        "now is 'ayer'; an ISO 8601 time such as 2026-05-12T11:30:00+02:00 is needed"
    )
    assert json.loads(told.out)["error"] == (
        "now es 'ayer'; hace falta una fecha y hora ISO 8601, como 2026-05-12T11:30:00+02:00"
    )


@pytest.mark.parametrize(
    ("line", "english", "spanish"),
    [
        *((line, f"not JSON: {why}", f"no es JSON: {porque}") for line, why, porque in NO_JSON),
        ("[1]", 'not an object like {"id": "1", "text": "…"}', 'no es un objeto como {"id": "1", "text": "…"}'),
        ('{"id": "2"}', "text: field required", "text: falta"),
        (
            '{"id": "2", "text": ["a"]}',
            "text: input should be a valid string",
            "text: tiene que ser un texto entre comillas",
        ),
        (
            '{"id": "", "text": "a"}',
            "id: string should have at least 1 character",
            "id: tiene que tener 1 carácter o más",
        ),
        (
            '{"id": "2", "text": "a", "author_role": "robot"}',
            "author_role: input should be 'customer' or 'brand'",
            "author_role: tiene que ser 'customer' o 'brand'",
        ),
        (
            '{"id": "2", "text": "a", "private": "quizá"}',
            "private: input should be a valid boolean, unable to interpret input",
            "private: tiene que ser true o false",
        ),
        *(
            (
                f'{{"id": "2", "text": "a", "created_at": {moment}}}',
                "created_at: input should be a time like 2026-05-12T11:30:00+02:00",
                "created_at: tiene que ser una fecha y hora como 2026-05-12T11:30:00+02:00",
            )
            for moment in ('"ayer"', '"2026-13-01"', "NaN", "1e300", "[1]", "true")
        ),
        (
            '{"id": "2", "text": "a", "created_at": "0001-01-01T00:00:00Z"}',
            "created_at: date and time must be between 1970 and 2999",
            "created_at: la fecha tiene que estar entre 1970 y 2999",
        ),
    ],
    ids=lambda value: value[-20:],
)
def test_on_the_way_into_a_simulation(twice: Twice, tmp_path: Path, line: str, english: str, spanish: str) -> None:
    (file := tmp_path / "mentions.jsonl").write_text(line + "\n")
    said, told = twice("simulate", str(file))

    assert (said.code, told.code) == (1, 1)
    assert said.err == f"{file}:1: {english}\n"
    assert told.err == f"{file}:1: {spanish}\n"


@pytest.mark.parametrize(
    ("line", "english", "spanish"),
    [
        (
            "hola",
            "not JSON (expecting value at column 1); one object a line is needed",
            "no es JSON (falta un valor en la columna 1); hace falta un objeto por línea",
        ),
        (
            "[1]",
            'not an object; {"id": …, "text": …, "labels": {…}} is needed',
            'no es un objeto; hace falta {"id": …, "text": …, "labels": {…}}',
        ),
        (
            '{"id": 2, "text": "hola"}',
            "no labels; a labels object is needed, or sentiment, intents, spans … beside the text",
            "no hay etiquetas; hace falta un objeto labels, o sentiment, intents, spans… junto al texto",
        ),
        (
            '{"id": 2, "text": 7, "labels": {}}',
            "text is a number; a string is needed",
            "text es un número; hace falta un texto",
        ),
        (
            '{"id": 2, "text": "hola", "labels": []}',
            "labels is a list; an object is needed",
            "labels es una lista; hace falta un objeto",
        ),
        (
            '{"id": 2, "text": "hola", "labels": {"urgency": "ya"}}',
            "labels.urgency is 'ya'; one of low, medium, high is needed",
            "labels.urgency es 'ya'; hace falta uno de low, medium, high",
        ),
        (
            '{"id": 2, "text": "hola", "labels": {"spam": "sí"}}',
            "labels.spam is a string; true or false is needed",
            "labels.spam es un texto; hace falta true o false",
        ),
        (
            '{"id": 2, "text": "hola", "lang": null, "spans": [{"quote": "adiós"}]}',
            "spans[0].quote does not stand in the text; an exact piece of it is needed",
            "spans[0].quote no está en el texto; hace falta un trozo exacto de él",
        ),
        (
            '{"id": 2, "text": "hola", "lang": 3, "labels": {}}',
            "lang is a number; a code like es or en is needed",
            "lang es un número; hace falta un código como es o en",
        ),
        (
            '{"id": 2, "text": "hola", "labels": {"expectation": "ya"}}',
            "labels.expectation does not stand in the text; an exact piece of it, or null, is needed",
            "labels.expectation no está en el texto; hace falta un trozo exacto de él, o null",
        ),
    ],
    ids=lambda value: value[-20:],
)
def test_among_labelled_texts(twice: Twice, tmp_path: Path, line: str, english: str, spanish: str) -> None:
    (file := tmp_path / "mine.jsonl").write_text(line + "\n")
    said, told = twice("evaluate", str(file))

    assert said.err.splitlines()[0] == f"vivencia: mine.jsonl, line 1: {english}"
    assert told.err.splitlines()[0] == f"vivencia: mine.jsonl, línea 1: {spanish}"
    assert (said.code, told.code) == (1, 1)


MARKED = f"\ufeff{GOOD}\ufeff{GOOD.replace('1', '2', 1)}".encode()


@pytest.mark.parametrize("command", ["pii", "promises", "read"])
def test_a_byte_order_mark_is_no_part_of_a_line(vivencia: Vivencia, command: str) -> None:
    ran = vivencia(command, stdin=MARKED)

    assert (ran.code, [json.loads(line)["id"] for line in ran.out.splitlines()]) == (0, ["1", "2"])


def test_a_byte_order_mark_costs_a_recording_no_line(vivencia: Vivencia, tmp_path: Path) -> None:
    (file := tmp_path / "mentions.jsonl").write_bytes(MARKED)
    heard = [vivencia("simulate", str(file), "--json"), vivencia("simulate", "-", "--json", stdin=MARKED)]

    assert [(ran.code, ran.err) for ran in heard] == [(0, "")] * 2
    assert [json.loads(ran.out)["mentions"] for ran in heard] == [
        {"accepted": 2, "duplicates": 0, "rejected": 0},
        {"accepted": 0, "duplicates": 2, "rejected": 0},
    ]


def test_a_file_with_nothing_but_a_byte_order_mark_is_empty(vivencia: Vivencia, tmp_path: Path) -> None:
    (file := tmp_path / "mentions.jsonl").write_bytes("\ufeff\n".encode())

    assert (ran := vivencia("simulate", str(file), "--json")).code == 0
    assert json.loads(ran.out)["mentions"] == {"accepted": 0, "duplicates": 0, "rejected": 0}


def test_labelled_texts_with_a_byte_order_mark_are_all_measured(vivencia: Vivencia, tmp_path: Path) -> None:
    (file := tmp_path / "mine.jsonl").write_bytes(MARKED)
    ran = vivencia("evaluate", str(file), "--json")

    assert (ran.code, json.loads(ran.out)["unreadable"], json.loads(ran.out)["rows"]) == (0, 0, 2)


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A good line, and then one with no end, as of /dev/zero; the file takes no room."""
    (file := tmp_path / "mine.jsonl").write_text(GOOD)
    with file.open("r+b") as lines:
        lines.truncate(65 * 2**20)
    return file


@pytest.mark.parametrize("command", ["pii", "promises", "read"])
def test_a_line_without_an_end_is_told_after_the_answers_to_those_before(
    twice: Twice, endless: Path, command: str
) -> None:
    said, told = twice(command, str(endless))

    assert (said.code, [json.loads(line)["id"] for line in said.out.splitlines()]) == (2, ["1"])
    assert said.err == (
        f"vivencia: {endless} cannot be read: line 2 is longer than 64 MB; give a JSONL file, or - for standard input\n"
    )
    assert told.err == (
        f"vivencia: {endless} no se puede leer: la línea 2 tiene más de 64 MB; da un archivo JSONL, o - para la entrada"
        " estándar\n"
    )


@pytest.mark.parametrize("command", ["evaluate", "simulate"])
def test_a_line_without_an_end_fills_no_memory(vivencia: Vivencia, endless: Path, command: str) -> None:
    ran = vivencia(command, str(endless))

    assert ran.code in {1, 2}
    assert ran.err.startswith(f"vivencia: {endless} cannot be read: line 2 is longer than 64 MB")
