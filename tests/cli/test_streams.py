"""A pipe that nobody reads, a full disk, a closed stream: one sentence at most, and never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran, Vivencia

FULL, BROKEN = Path("/dev/full"), Path("/proc/self/mem")
LINE = '{"id": 1, "text": "El paquete llegó roto"}\n'

Shell = Callable[..., Ran]


@pytest.fixture
def shell(home: Path, tmp_path: Path) -> Shell:
    """Run `vivencia …` as a shell would, with what it says of its streams."""
    (tmp_path / "in.jsonl").write_text(LINE, encoding="utf-8")

    def run(arguments: str, streams: str = "", *, lang: str = "en", **variables: str) -> Ran:
        line = f"{sys.executable} -m bot {arguments.format(folder=tmp_path)} {streams}"
        environment = {"VIVENCIA_HOME": str(home), "LANG": f"{lang}.UTF-8", "PATH": "/usr/bin:/bin", **variables}
        done = subprocess.run(["bash", "-c", line], env=environment, capture_output=True, text=True, check=False)
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


COMMANDS = ["status", "outbox list", "channels list", "--help", "read {folder}/in.jsonl", "simulate {folder}/in.jsonl"]


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("command", COMMANDS)
def test_output_without_room_is_told_in_a_line(shell: Shell, command: str) -> None:
    ran = shell(command, f">{FULL}")

    told = "vivencia: the output cannot be written: No space left on device; make room or send it elsewhere\n"
    assert (ran.code, ran.err) == (1, told)


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
def test_so_is_a_file_of_answers(shell: Shell) -> None:
    ran = shell(f"read {{folder}}/in.jsonl --out {FULL}", lang="es_ES")

    told = "vivencia: la salida no se puede escribir: el disco está lleno; haz sitio o mándala a otra parte\n"
    assert (ran.code, ran.err) == (1, told)


@pytest.mark.parametrize("command", COMMANDS)
def test_who_hears_no_more_is_told_no_more(shell: Shell, command: str) -> None:
    assert shell(command, "| true; exit ${PIPESTATUS[0]}") == Ran(0, "", "")


@pytest.mark.parametrize("command", ["pii {folder}/many.jsonl", "promises {folder}/many.jsonl"])
def test_who_has_heard_enough_of_many_lines_is_no_failure(shell: Shell, tmp_path: Path, command: str) -> None:
    (tmp_path / "many.jsonl").write_text(LINE * 20_000, encoding="utf-8")
    ran = shell(command, "| head -1; exit ${PIPESTATUS[0]}")

    assert (ran.code, ran.err, ran.out.count("\n")) == (0, "", 1)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_closed_output_is_written_to_nobody(shell: Shell, command: str) -> None:
    assert shell(command, ">&-") == Ran(0, "", "")


@pytest.mark.parametrize("command", ["read", "pii", "promises", "simulate - --json"])
def test_a_closed_input_holds_nothing(shell: Shell, command: str) -> None:
    ran = shell(command, "<&-")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "" or json.loads(ran.out)["mentions"]["accepted"] == 0


@pytest.mark.skipif(not BROKEN.exists(), reason="there is no file here that cannot be read")
@pytest.mark.parametrize(("command", "code"), [("read", 2), ("pii", 2), ("simulate", 1)])
def test_a_file_that_breaks_off_is_named(vivencia: Vivencia, command: str, code: int) -> None:
    ran = vivencia(command, str(BROKEN))

    assert (ran.code, ran.err.count("\n")) == (code, 1)
    assert ran.err.startswith(f"vivencia: {BROKEN} cannot be read: Input/output error")


@pytest.mark.parametrize("encoding", ["latin1", "cp1252"])
def test_what_an_encoding_does_not_know_is_escaped(shell: Shell, encoding: str) -> None:
    shell("simulate {folder}/in.jsonl")
    as_it_is = f"| iconv -f {encoding} -t utf-8"
    pages = [shell(page, as_it_is, PYTHONIOENCODING=encoding) for page in ("explain 1", "doctor", "digest")]
    document = shell("outbox list --json", as_it_is, PYTHONIOENCODING=encoding)

    assert [page.err for page in pages] == [""] * 3
    assert "El paquete lleg" in pages[0].out
    assert r"\u2714" in pages[1].out
    assert json.loads(document.out)
