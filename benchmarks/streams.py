"""Recordings of any length, made of the bundled stream over and over with new people and new days."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

BUNDLED = Path(__file__).parent.parent / "config" / "demo" / "stream.jsonl"
_PERIOD = timedelta(weeks=5)


def write_stream(path: Path, mentions: int) -> Path:
    """Write a recording with exactly so many customers' mentions, and the brand's answers among them."""
    with path.open("w", encoding="utf-8") as target:
        left = mentions
        for row in rows():
            if row["author_role"] == "customer":
                if left == 0:
                    break
                left -= 1
            target.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def rows() -> Iterator[dict[str, Any]]:
    """The bundled stream, endlessly; each round is five weeks later and told by other people."""
    bundled = [json.loads(line) for line in BUNDLED.read_text(encoding="utf-8").splitlines()]
    for number in count():
        for row in bundled:
            yield _moved(row, number)


def _moved(row: dict[str, Any], number: int) -> dict[str, Any]:
    if number == 0:
        return row
    moved = dict(row)
    for key in ("id", "thread", "in_reply_to"):
        if row.get(key):
            moved[key] = f"{row[key]}-{number}"
    if row["author_role"] == "customer":
        moved["author"] = f"{row['author']}_{number}"
    moved["created_at"] = (datetime.fromisoformat(row["created_at"]) + _PERIOD * number).isoformat()
    return moved
