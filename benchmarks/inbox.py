"""How many mentions a second a channel brings into the inbox, looked at with an overlap, as a live one is.

`python -m benchmarks.inbox [--mentions 20000] [--page 100] [--overlap 0.2]`: a test channel that is polled without a
pause; each look brings a page of new posts and again some of the last ones, is paid for through the meter, and is kept
with its cursor in one transaction on a SQLite file. Promised: 1,000 new mentions a second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import quantiles
from zoneinfo import ZoneInfo

from bot.domain.cost import Tariff, WhenSpent
from bot.domain.health import Health
from bot.domain.mention import Batch, Handle, Mention
from bot.domain.ports.channel import Meter
from bot.store.sqlite import open_store
from listeners.bulletin import Bulletin
from listeners.metering import Allowance, DayMeter
from listeners.polling import Poll

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
TEXTS = (
    "El pedido llegó roto y nadie contesta, llevo dos días esperando",
    "¿Abrís el domingo?",
    "Thanks, it was solved within the hour",
    "@zarapito la web no me deja pagar, " + "lo he intentado con dos tarjetas y nada " * 4,
)


@dataclass
class Busy:
    """A channel that always has another page, and shows the last posts of the one before again."""

    meter: Meter
    page: int
    overlap: int
    channel: str = "busy"
    seen: int = 0
    shown: int = 0
    looks: list[float] = field(default_factory=list)

    async def poll(self, cursor: str | None) -> Batch:
        """One page behind the cursor, overlapping it."""
        behind = int(cursor or 0)
        first, last = max(0, behind - self.overlap), behind + self.page
        posts = tuple(_posts(first, last))
        await self.meter.spend("owned_post", len(posts))
        self.seen, self.shown = last, self.shown + len(posts)
        return Batch(mentions=posts, cursor=str(last))


def _posts(first: int, last: int) -> Iterator[Mention]:
    for number in range(first, last):
        yield Mention(
            channel="busy",
            external_id=str(number),
            author=Handle(channel="busy", account_id=f"a{number % 977}", name=f"author{number % 977}"),
            text=TEXTS[number % len(TEXTS)],
            posted_at=BEGAN + timedelta(seconds=number),
            thread_id=str(number - number % 3),
            url=f"https://example.org/{number}",
            summoned=True,
        )


def measure(mentions: int, *, page: int = 100, overlap: float = 0.2) -> dict[str, float]:
    """New mentions a second, and how long one look took at the median and at the 99th percentile."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "vivencia.db"
        figures = asyncio.run(_measured(place, mentions, page, round(page * overlap)))
        return {**figures, "database_mb": round(place.stat().st_size / 1e6, 1)}


async def _measured(place: Path, mentions: int, page: int, overlap: int) -> dict[str, float]:
    async with open_store(place) as store:
        meter = DayMeter(
            "busy",
            store.channels,
            tariff=Tariff(prices={"owned_post": Decimal("0.001")}, currency="USD", of=date(2026, 11, 1)),
            allowance=Allowance(budget=None, when_spent=WhenSpent.SLOW, zone=ZoneInfo("Europe/Madrid")),
        )
        channel = Busy(meter, page, overlap)
        tell = Bulletin("busy", store.channels, call=_nobody)
        poll = Poll(channel, store.inbox, every=0.001, ring=_no_bell, meter=meter, tell=tell)
        looks = []
        started = time.perf_counter()
        while channel.seen < mentions:
            began = time.perf_counter()
            await poll()
            looks.append(time.perf_counter() - began)
        seconds = time.perf_counter() - started
        kept = await store.inbox.waiting()
    return {
        "mentions": kept,
        "duplicates": channel.shown - kept,
        "page": page,
        "mentions_per_second": round(kept / seconds, 1),
        "look_ms_median": round(1000 * quantiles(looks, n=100)[49], 1),
        "look_ms_p99": round(1000 * quantiles(looks, n=100)[98], 1),
    }


async def _nobody(health: Health) -> None:
    del health


def _no_bell() -> None:
    """Nobody reads while we measure."""


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mentions", type=int, default=20_000)
    parser.add_argument("--page", type=int, default=100)
    parser.add_argument("--overlap", type=float, default=0.2)
    options = parser.parse_args()
    print(json.dumps(measure(options.mentions, page=options.page, overlap=options.overlap)))


if __name__ == "__main__":
    main()
