"""A new channel begins as one that works: the skeleton is as clean as our own code and keeps every contract."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Vivencia
from tests.cli.test_newcomers import in_one_line

ROOT = Path(__file__).parents[2]
LINKED = ("bot", "nlp", "responders", "config", "benchmarks")
TOOLS = Path(sys.executable).parent


@pytest.fixture
def source_tree(tmp_path: Path) -> Path:
    """A copy of what a new channel touches, and the rest by link."""
    tree = tmp_path / "vivencia"
    tree.mkdir()
    for name in ("listeners", "tests"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in LINKED:
        (tree / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "pyproject.toml", tree)
    return tree


def install(tree: Path, line: str) -> None:
    """As `pip install -e .` would: importlib finds the entry point, because the tree comes first on the path."""
    metadata = tree / "pigeon-0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: pigeon\nVersion: 0\n")
    (metadata / "entry_points.txt").write_text(f"[vivencia.channels]\n{line.replace(chr(34), '')}\n")


def run(tree: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_the_skeleton_is_clean_and_keeps_every_contract(vivencia: Vivencia, source_tree: Path) -> None:
    made = json.loads(vivencia("channels", "new", "pigeon", "--folder", str(source_tree), "--json").out)

    assert made["entry_point"] == 'pigeon = "listeners.pigeon:CHANNEL"'
    module, stage, test = made["written"]
    install(source_tree, made["entry_point"])
    run(source_tree, str(TOOLS / "ruff"), "check", "--no-cache", module, stage, test)
    run(source_tree, str(TOOLS / "ruff"), "format", "--no-cache", "--check", module, stage, test)
    run(source_tree, str(TOOLS / "mypy"), "--cache-dir", str(source_tree / ".mypy"), module, stage, test)
    run(source_tree, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/contracts", test, "-k", "pigeon")


def test_a_longer_name_is_clean_as_well(vivencia: Vivencia, source_tree: Path) -> None:
    made = json.loads(vivencia("channels", "new", "carrier_pigeon_2", "--folder", str(source_tree), "--json").out)

    run(source_tree, str(TOOLS / "ruff"), "check", "--no-cache", *made["written"])
    assert "class CarrierPigeon2:" in Path(made["written"][0]).read_text(encoding="utf-8")


@pytest.mark.parametrize(("lang", "said"), [("es", "Añade a pyproject.toml"), ("en", "Add to pyproject.toml")])
def test_elsewhere_there_is_a_module_and_a_test(vivencia: Vivencia, tmp_path: Path, lang: str, said: str) -> None:
    ran = vivencia("channels", "new", "pigeon", "--folder", str(tmp_path / "mine"), "--lang", lang)

    assert said in ran.out
    assert 'pigeon = "pigeon:CHANNEL"' in ran.out
    assert sorted(file.name for file in (tmp_path / "mine").iterdir()) == ["pigeon.py", "test_pigeon.py"]
    run(tmp_path / "mine", sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q")


def test_a_file_that_is_there_is_never_overwritten(vivencia: Vivencia, tmp_path: Path) -> None:
    (tmp_path / "pigeon.py").write_text("mine")

    in_one_line(vivencia("channels", "new", "pigeon", "--folder", str(tmp_path)), "pigeon.py ya está ahí")
    assert (tmp_path / "pigeon.py").read_text() == "mine"
    assert not (tmp_path / "test_pigeon.py").exists()


@pytest.mark.parametrize("name", ["Pigeon", "1pigeon", "a-b", "../x", "", "import os"])
def test_a_bad_name_is_one_line(vivencia: Vivencia, tmp_path: Path, name: str) -> None:
    in_one_line(vivencia("channels", "new", name, "--folder", str(tmp_path)), "no vale como nombre de un canal")
    in_one_line(
        vivencia("channels", "new", name, "--folder", str(tmp_path), "--lang", "en"), "is no name for a channel"
    )


def test_an_installed_name_is_taken(vivencia: Vivencia, tmp_path: Path) -> None:
    in_one_line(vivencia("channels", "new", "replay", "--folder", str(tmp_path)), "ya hay instalado")


@pytest.mark.parametrize("name", ["json", "class", "http"])
def test_a_name_that_would_hide_a_part_of_python_is_one_line(vivencia: Vivencia, tmp_path: Path, name: str) -> None:
    in_one_line(vivencia("channels", "new", name, "--folder", str(tmp_path)), "es una palabra de Python")
