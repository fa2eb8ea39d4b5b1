"""The customers of the demo: what they said in the last hours, what they say now, and what you make them say."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from bot.domain.mention import Batch, Mention
from bot.domain.ports.store import Cards, History, Inbox
from bot.domain.text import clean

STREAM = Path(__file__).parents[3] / "config" / "demo" / "stream.jsonl"
SECONDS_BETWEEN = 15
_HOURS_BACK, _NEWEST = 5.0, timedelta(minutes=4)
_LONGEST = 1000

# complaints, praise and questions, in both languages; oldest first
EARLIER = """
    z0001 z0002 z0016 z0030 z0067 z0073 z0089 z0100 z0113 z0126 z0135 z0155 z0162 z0168 z0189 z0197 z0206 z0219
    z0227 z0231 z0288 z0292 z0294 z0305 z0309 z0320 z0335 z0348 z0357 z0365 z0380 z0391 z0397 z0404 z0426 z0441 z0481
    z0522 z0544
    """.split()  # noqa: SIM905 - words read better as words
# from other customers than those above
WHILE_YOU_LOOK = """
    z0009 z0024 z0040 z0342 z0031 z0115 z0356 z0381 z0118 z0353 z0540 z0463 z0421 z0532 z0508 z0512 z0569
    """.split()  # noqa: SIM905 - words read better as words


class NothingSaid(Exception):
    """Somebody was to say nothing, or where nobody has said anything yet."""


class Customers(Protocol):
    """Whoever can be made to write on in a case's post."""

    async def write(self, place: str, text: str, now: datetime) -> None:
        """As the customer of the case that stands at `place`. NothingSaid where there is no case, or no words."""
        ...


@dataclass(kw_only=True)
class Visitors:
    """Customers of the real house, whose words come in by the inbox like those of any channel."""

    inbox: Inbox
    history: History
    cards: Cards
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def write(self, place: str, text: str, now: datetime) -> None:
        """They answer in the thread of their newest post."""
        words = clean(text, limit=_LONGEST)
        case_id = await self.cards.at(place)
        file = None if case_id is None else await self.history.case_by_id(case_id)
        if not words or file is None:
            raise NothingSaid(place)
        newest = file.last_heard or file.opened_by
        said = Mention(
            channel=newest.channel,
            external_id=f"you-{next(self._numbers)}-{newest.external_id}"[:200],
            author=newest.author,
            text=words,
            posted_at=now,
            thread_id=newest.conversation,
            in_reply_to=newest.external_id,
            visibility=newest.visibility,
            summoned=True,
        )
        cursor = await self.inbox.cursor(newest.channel)
        await self.inbox.accept(newest.channel, Batch(mentions=(said,), cursor=cursor), now)


def record(folder: Path, now: datetime) -> tuple[Path, Path]:
    """Two recordings: what was said in the hours before `now`, and what comes from `now` on, one at a time."""
    rows = {row["id"]: row for row in map(json.loads, STREAM.read_text(encoding="utf-8").splitlines())}
    first, last = now - timedelta(hours=_HOURS_BACK), now - _NEWEST
    step = (last - first) / (len(EARLIER) - 1)
    earlier = [_moved(rows[name], first + at * step) for at, name in enumerate(EARLIER)]
    fresh = [
        _moved(rows[name], now + timedelta(seconds=SECONDS_BETWEEN * at)) for at, name in enumerate(WHILE_YOU_LOOK)
    ]
    return _written(folder / "earlier.jsonl", earlier), _written(folder / "now.jsonl", fresh)


def _moved(row: dict[str, Any], to: datetime) -> dict[str, Any]:
    return {**row, "created_at": to.isoformat()}


def _written(file: Path, rows: Sequence[dict[str, Any]]) -> Path:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return file
