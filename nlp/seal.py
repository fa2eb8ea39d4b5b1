"""Seal the weights folder with sha256 sums, and refuse to open it when a byte differs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.domain.errors import ModelUnavailable

SUMS = "SHA256SUMS"
_UNSEALED = (SUMS, "README.md", "NOTICE", "figures.json", "__init__.py")


def write_sums(folder: Path) -> None:
    """Write `SHA256SUMS` in the form of sha256sum(1) over every file that the model reads."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file() and path.name not in _UNSEALED)
    (folder / SUMS).write_text("".join(f"{_digest(folder / name)}  {name}\n" for name in names), "utf-8")


def configure(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Let `change` alter what `config.json` holds, write it, and seal the folder again."""
    path = folder / "config.json"
    config = json.loads(path.read_text("utf-8"))
    change(config)
    path.write_text(json.dumps(config, indent=2) + "\n", "utf-8")
    write_sums(folder)


def check_sums(folder: Path) -> str:
    """The revision: the first twelve digits over the sums. ModelUnavailable when a file is missing or differs.

    Reads about 78 MB, which takes some 60 ms with the SHA instructions of current processors.
    """
    sums = folder / SUMS
    if not sums.is_file():
        raise ModelUnavailable(f"no model in {folder}: {SUMS} is missing; reinstall vivencia or set [model] source")
    for line in sums.read_text("utf-8").splitlines():
        expected, name = line.split(maxsplit=1)
        if not (folder / name).is_file():
            raise ModelUnavailable(f"the model in {folder} is incomplete: {name} is missing; reinstall vivencia")
        if _digest(folder / name) != expected:
            raise ModelUnavailable(f"the model in {folder} is damaged: {name} differs from {SUMS}; reinstall vivencia")
    return hashlib.sha256(sums.read_bytes()).hexdigest()[:12]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
