"""How far the database was written, in a file beside it: a backup does not know what was said after it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.domain.errors import StoreUnavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    """How often the service had noted that it runs, in the database too, and when it did so last."""

    beats: int
    at: datetime


def read_alive(file: Path) -> Alive | None:
    """None where nothing is told: no such file, or not one of ours."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return Alive(beats=int(told["beats"]), at=datetime.fromisoformat(told["at"]).astimezone())
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_alive(file: Path, alive: Alive) -> None:
    """Whole or not at all; StoreUnavailable where the disk does not let us."""
    new = file.with_suffix(".new")
    try:
        new.write_text(json.dumps({"beats": alive.beats, "at": alive.at.isoformat()}), encoding="utf-8")
        new.chmod(0o600)
        new.replace(file)
    except OSError as error:
        message = f"the file {file} cannot be written: {error.strerror}"
        raise StoreUnavailable(message) from error
