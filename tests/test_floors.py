"""Who may import whom, what is loaded when, and which names and handlers must not exist."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "listeners", "nlp", "responders", "config")
MODULES = sorted(file for room in ROOMS for file in (ROOT / room).rglob("*.py"))
HEAVY = ("torch", "transformers", "discord", "matplotlib")
# each says in a comment who gets the news
SAFETY_NETS = ["bot/clock.py", "bot/desk/guild/front.py", "nlp/guarded.py"]


def place(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(file: Path) -> Iterator[str]:
    """The top-level names that a module imports, wherever in it."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def spelled(name: str) -> str:
    """A distribution's name as PEP 503 writes it, so that two spellings are one."""
    return re.sub(r"[-_.]+", "-", name).lower()


def importers(*names: str) -> list[str]:
    return [place(file) for file in MODULES if set(names) & set(imported(file))]


def test_nobody_imports_from_above_or_beside() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_domain_needs_nothing_but_the_standard_library() -> None:
    domain = (file for file in MODULES if place(file).startswith("bot/domain/"))
    foreign = {(place(file), name) for file in domain for name in imported(file) if name != "bot"}

    assert {name for _, name in foreign} <= sys.stdlib_module_names, foreign


def test_every_package_that_is_asked_for_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {spelled(re.split(r"[\[<>=]", each)[0]) for each in project["dependencies"]}
    owners = packages_distributions()
    used = {spelled(owner) for file in MODULES for name in imported(file) for owner in owners.get(name, ())}

    assert asked - used == set()


@pytest.mark.parametrize("arguments", [["--help"], ["simulate", "--help"], ["status"]])
def test_small_commands_load_none_of_the_heavy_packages(arguments: list[str], tmp_path: Path) -> None:
    code = (
        "import json, sys\n"
        f"sys.argv = ['vivencia', *{arguments!r}]\n"
        "from bot.cli.main import main\n"
        "try:\n    main()\n"
        "except SystemExit as left:\n    assert not left.code, left.code\n"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"VIVENCIA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(done.stderr.splitlines()[-1]) == []


def test_the_model_stays_in_its_room() -> None:
    assert [file for file in importers("torch", "transformers") if not file.startswith("nlp/")] == []


def test_only_the_clock_schedules_and_only_the_charts_draw() -> None:
    assert importers("apscheduler") == ["bot/clock.py"]
    assert importers("matplotlib") == ["bot/insight/charts.py", "bot/insight/reliability.py"]


def test_there_are_no_more_safety_nets_than_those_with_a_name() -> None:
    nets = [
        place(file)
        for file in MODULES
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) == "Exception")
    ]

    assert nets == SAFETY_NETS


def test_each_safety_net_says_who_gets_the_news() -> None:
    for name in SAFETY_NETS:
        assert "safety net" in (ROOT / name).read_text(encoding="utf-8"), name


def test_nobody_prints_but_the_command_line() -> None:
    printing = [
        place(file)
        for file in MODULES
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]

    assert [name for name in printing if not name.startswith("bot/cli/") and not name.endswith("/__main__.py")] == []


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "base"}

    assert [
        place(file) for file in MODULES if {file.stem, file.parent.name} & drawers or file.stem.startswith("base_")
    ] == []


def test_packages_re_export_nothing() -> None:
    full = [
        place(file)
        for file in MODULES
        if file.name == "__init__.py"
        and any(not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) for node in tree(file).body)
    ]

    assert full == []
