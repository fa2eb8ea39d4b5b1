"""Files that commands write: never over what is read, and whole or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Vivencia

LINE = '{"id": 1, "text": "Llamadme al 612 345 678"}\n'
GOLD = '{"id": 1, "text": "El paquete llegó roto", "labels": {"sentiment": "negative"}}\n'


def itself(file: Path) -> Path:
    return file


def symlink(file: Path) -> Path:
    (link := file.with_name("link")).symlink_to(file)
    return link


def hard_link(file: Path) -> Path:
    (link := file.with_name("twin")).hardlink_to(file)
    return link


def another_way(file: Path) -> Path:
    return file.parent / ".." / file.parent.name / file.name


def left_behind(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if file.name.endswith(".new"))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (folder := tmp_path / "files").mkdir()
    (file := folder / "in.jsonl").write_text(LINE, encoding="utf-8")
    return file


@pytest.mark.parametrize("command", ["read", "pii", "promises"])
@pytest.mark.parametrize("same", [itself, symlink, hard_link, another_way])
def test_answers_never_go_over_the_lines(
    vivencia: Vivencia, source: Path, command: str, same: Callable[[Path], Path]
) -> None:
    out = same(source)
    ran = vivencia(command, str(source), "--out", str(out))

    assert (ran.code, ran.out, ran.err) == (2, "", f"vivencia: {out} is what is read; give another --out\n")
    assert source.read_text(encoding="utf-8") == LINE


def test_nor_over_those_of_standard_input(home: Path, source: Path) -> None:
    line = f"{sys.executable} -m bot pii - --out {source} < {source}"
    environment = {"VIVENCIA_HOME": str(home), "LANG": "es_ES.UTF-8", "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(["bash", "-c", line], env=environment, capture_output=True, text=True, check=False)

    told = f"vivencia: {source} es el archivo que se lee; da otro --out\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", told)
    assert source.read_text(encoding="utf-8") == LINE


@pytest.mark.parametrize("same", [itself, symlink])
def test_no_picture_is_drawn_over_labelled_texts(
    vivencia: Vivencia, tmp_path: Path, same: Callable[[Path], Path]
) -> None:
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    one.write_text(GOLD, encoding="utf-8")
    two.write_text(GOLD, encoding="utf-8")
    chart = same(two)
    ran = vivencia("evaluate", str(one), str(two), "--chart", str(chart))

    assert (ran.code, ran.out, ran.err) == (2, "", f"vivencia: {chart} is what is read; give another --chart\n")
    assert two.read_text(encoding="utf-8") == GOLD


def test_work_that_breaks_off_leaves_the_old_file(vivencia: Vivencia, source: Path) -> None:
    out = source.with_name("out.jsonl")
    out.write_text("from yesterday\n", encoding="utf-8")
    with source.open("ab") as lines:
        lines.truncate(200_000_000)
    ran = vivencia("pii", str(source), "--out", str(out))

    assert ran.code == 2
    assert "longer than 64 MB" in ran.err
    assert out.read_text(encoding="utf-8") == "from yesterday\n"
    assert left_behind(source.parent) == []


def test_a_bad_line_is_no_breaking_off(vivencia: Vivencia, source: Path) -> None:
    out = source.with_name("out.jsonl")
    out.write_text("from yesterday\n", encoding="utf-8")
    source.write_text(f"hola\n{LINE}", encoding="utf-8")
    ran = vivencia("pii", str(source), "--out", str(out))

    assert ran.code == 1
    assert [set(json.loads(line)) for line in out.read_text(encoding="utf-8").splitlines()] == [
        {"line", "error"},
        {"id", "pii"},
    ]


def test_what_is_written_has_the_rights_of_the_old_file_and_a_link_stays_one(vivencia: Vivencia, source: Path) -> None:
    old = source.with_name("old.jsonl")
    old.write_text("from yesterday\n", encoding="utf-8")
    old.chmod(0o640)
    link = symlink(old)

    assert vivencia("pii", str(source), "--out", str(link)).code == 0
    assert link.is_symlink()
    assert json.loads(old.read_text(encoding="utf-8"))["id"] == 1
    assert old.stat().st_mode & 0o777 == 0o640


def test_a_new_file_has_the_rights_of_any_other(vivencia: Vivencia, source: Path) -> None:
    out, other = source.with_name("out.jsonl"), source.with_name("other")
    other.touch()

    assert vivencia("pii", str(source), "--out", str(out)).code == 0
    assert out.stat().st_mode == other.stat().st_mode


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_is_written_to_as_it_is(home: Path, source: Path) -> None:
    os.mkfifo(pipe := source.with_name("pipe"))
    line = f"cat {pipe} & {sys.executable} -m bot pii {source} --out {pipe}; wait"
    environment = {"VIVENCIA_HOME": str(home), "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(["bash", "-c", line], env=environment, capture_output=True, text=True, check=False)

    assert (ran.stderr, json.loads(ran.stdout)["id"]) == ("", 1)


@pytest.mark.parametrize(("command", "option"), [("pii", "--out"), ("evaluate", "--chart")])
def test_a_folder_is_no_file_to_write(vivencia: Vivencia, tmp_path: Path, command: str, option: str) -> None:
    (file := tmp_path / "in.jsonl").write_text(GOLD, encoding="utf-8")
    ran = vivencia(command, str(file), option, str(tmp_path))

    assert ran.code == 2
    assert ran.err.endswith(f"vivencia: {tmp_path} cannot be written: Is a directory; give another {option}\n")
