"""A command that we show can be typed as it stands."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.cli.called import as_called


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """`vivencia` in an environment that nobody has activated."""
    program = tmp_path / "bin" / "vivencia"
    program.parent.mkdir()
    program.touch(mode=0o755)
    return program


def test_a_program_that_the_shell_does_not_find_is_named_with_its_folder(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after `make demo`."""
    monkeypatch.chdir(program.parent.parent)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setattr(sys, "argv", ["bin/vivencia", "demo"])

    assert as_called() == "bin/vivencia"


def test_a_program_that_the_shell_finds_is_named_alone(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(program.parent))
    monkeypatch.setattr(sys, "argv", [str(program), "demo"])

    assert as_called() == "vivencia"
