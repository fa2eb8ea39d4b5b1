"""The replay channel on stage: its platform is a file that customers append to."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.domain.errors import ChannelError
from tests.contracts.stage import ODDITIES, Fault, Posted, Trick

_FIELDS = {Fault.UNKNOWN_FIELDS, Fault.MISSING_FIELDS}


class ReplayStage:
    """A recording that grows; answers are read from the channel's own log."""

    accounts = ("zarapito",)
    many = 1
    lacks: Mapping[Fault | Trick, str] = {
        **{fault: "a file has no connection that could fail" for fault in Fault if fault not in _FIELDS},
        **{fault: "a file has no pages" for fault in ODDITIES if fault not in _FIELDS},
        Trick.HISTORY: "a recording says itself which rows are history",
        Trick.PAGES: "a file has no pages",
        Trick.ROBOTS: "a recording does not tell who is automated",
        Trick.GONE_TARGET: "a line of a file cannot be deleted",
    }
    errors: Mapping[Fault, type[ChannelError]] = {}

    def __init__(self, folder: Path) -> None:
        self._recording = folder / "recording.jsonl"
        self._recording.touch()
        self._said = folder.parent / "home" / "said-stage.jsonl"
        self._rows = 0
        self._extra: dict[str, Any] = {}
        self._bare = False

    def table(self) -> dict[str, Any]:
        return {"path": str(self._recording)}

    async def write(self, text: str, *, who: str = "ana") -> str:
        return self._append(text, author=who, summoned=True)

    async def write_as_brand(self, text: str) -> str:
        return self._append(text, author="zarapito", author_role="brand")

    async def write_as_robot(self, text: str) -> str:
        raise NotImplementedError(text)

    async def edit(self, post: str, text: str) -> None:
        raise NotImplementedError(post, text)

    async def delete(self, post: str) -> None:
        raise NotImplementedError(post)

    async def posted(self) -> list[Posted]:
        if not self._said.exists():
            return []
        rows = [json.loads(line) for line in self._said.read_text(encoding="utf-8").splitlines()]
        return [Posted(external_id=f"said:{row['key']}", text=row["text"], in_reply_to=row["to"]) for row in rows]

    async def fail(self, fault: Fault) -> None:
        self._extra = {"likes": 3, "place": {"country": "ES"}} if fault is Fault.UNKNOWN_FIELDS else {}
        self._bare = fault is Fault.MISSING_FIELDS

    async def mend(self) -> None:
        self._extra, self._bare = {}, False

    def _append(self, text: str, **fields: Any) -> str:
        self._rows += 1
        row = {"id": f"r{self._rows}", "text": text, **({} if self._bare else fields), **self._extra}
        with self._recording.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(row) + "\n")
        return f"r{self._rows}"


@asynccontextmanager
async def open_stage(folder: Path) -> AsyncIterator[ReplayStage]:
    """Nothing to start."""
    yield ReplayStage(folder)
