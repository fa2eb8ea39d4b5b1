"""A machine whose environment says nothing about Vivencia, and a file of the owner's."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[[str], Path]


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No VIVENCIA_ variable of the machine that runs the tests is seen."""
    for name in [name for name in os.environ if name.upper().startswith("VIVENCIA_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def owners(tmp_path: Path) -> Write:
    """Write the owner's file and say where it is."""

    def write(text: str) -> Path:
        file = tmp_path / "vivencia.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """An empty directory of secrets."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    return folder
