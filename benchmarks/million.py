"""How long a customer's story and a digest take on a history of a million interactions.

`python -m benchmarks.million [--interactions 1000000]`: builds a database by copying the demo's settled rows with new
people and new days (plain SQL), then times the query with its page, and the whole command with Python's start.
Promised: customer under 50 ms, digest under 2 s.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from benchmarks.streams import BUNDLED

CONFIG = Path(__file__).parent.parent / "config" / "demo" / "vivencia.toml"
WHO, DAY = "@kettle_and_toast", date(2026, 4, 23)
_ROUND = 5 * 7 * 86_400 * 1_000_000


def build(home: Path, interactions: int) -> int:
    """A home with at least so many interactions over about two years; returns how many there are."""
    command = [sys.executable, "-m", "bot", "simulate", str(BUNDLED), "--home", str(home), "--config", str(CONFIG)]
    subprocess.run(command, check=True, capture_output=True)
    with closing(sqlite3.connect(home / "vivencia.db")) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("PRAGMA synchronous = OFF")
        # the indexes are filled in random order: without this they would be read from disk again and again
        database.execute("PRAGMA cache_size = -2000000")
        settled = database.execute("SELECT count(*) FROM interaction").fetchone()[0]
        rounds = -(-interactions // settled)
        for table in (*_MOVES, "reading"):
            database.execute(f"CREATE TEMP TABLE base_{table} AS SELECT * FROM {table}")  # noqa: S608 - our own names
        for number in range(1, rounds):
            _copy(database, number)
        database.commit()
        database.execute("ANALYZE")
        return int(database.execute("SELECT count(*) FROM interaction").fetchone()[0])


# every table whose rows multiply with history: column → how it moves (id: a suffix, time: back by rounds)
_MOVES = {
    "customer": {"id": "id", "name": "id", "first_seen": "time"},
    "handle": {"account_id": "id", "name": "id", "customer_id": "id"},
    "mention": {
        "seq": "skip", "id": "id", "external_id": "id", "conversation": "id", "author_id": "id", "posted_at": "time",
        "thread_id": "id", "in_reply_to": "id", "customer_id": "id", "case_id": "id", "accepted_at": "time",
    },
    "case_file": {
        "id": "id", "key": "key", "customer_id": "id", "thread_id": "id", "opened_by": "id", "opened_at": "time",
        "updated_at": "time", "first_answer_due": "time", "solve_due": "time", "first_answered_at": "time",
        "resolved_at": "time",
    },
    "experience": {"id": "id", "customer_id": "id", "mention_id": "id", "case_id": "id", "at": "time"},
    "interaction": {"seq": "skip", "key": "id", "customer_id": "id", "case_id": "id", "mention_id": "id", "at": "time"},
    "outbox": {
        "id": "skip", "key": "id", "mention_id": "id", "conversation": "id", "customer_id": "id", "case_id": "id",
        "decided_at": "time", "due_at": "time", "receipt_id": "id", "receipt_at": "time",
    },
    "promise": {"id": "id", "customer_id": "id", "case_id": "id", "source": "id", "made_at": "time", "due": "time"},
}  # fmt: skip


def _copy(database: sqlite3.Connection, number: int) -> None:
    """One more round of the five weeks; twenty-one rounds fill two years, and then the years fill up."""
    back = _ROUND * (number % 21)
    for table, moves in _MOVES.items():
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})") if moves.get(row[1]) != "skip"]
        values = ", ".join(_moved(column, moves.get(column, ""), number, back) for column in columns)
        database.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM base_{table}"  # noqa: S608 - our own names
        )
    database.execute(
        "INSERT INTO reading SELECT m.seq, r.posted_at - ?, r.channel, r.customer_id || ?, r.case_id || ?, "
        "r.counted, r.language, r.sentiment, r.urgency, r.stage, r.spam, r.about_brand, r.abstained, r.degraded, "
        "r.model, r.detail FROM base_reading r JOIN base_mention o ON o.seq = r.mention_seq "
        "JOIN mention m ON m.id = o.id || ?",
        (back, f"~{number}", f"~{number}", f"~{number}"),
    )


def _moved(column: str, move: str, number: int, back: int) -> str:
    match move:
        case "id":
            return f"{column} || '~{number}'"
        case "time":
            return f"{column} - {back}"
        case "key":
            return f"{column} + {number * 1_000_000}"
        case _:
            return column


def measure(interactions: int) -> dict[str, float]:
    """Milliseconds: the query with its page (median of 9), and the whole command."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        total = build(home, interactions)
        return {
            "interactions": total,
            "database_mb": round((home / "vivencia.db").stat().st_size / 1e6, 1),
            "customer_ms": round(asyncio.run(_timed(home, _customer)), 1),
            "digest_ms": round(asyncio.run(_timed(home, _digest)), 1),
            "customer_command_ms": _command("customer", WHO, home=home),
            "digest_command_ms": _command("digest", "--date", DAY.isoformat(), home=home),
            "help_command_ms": _command("--help"),
        }


async def _timed(home: Path, work: Callable[[object], Awaitable[None]]) -> float:
    from bot.store.sqlite import open_store  # noqa: PLC0415

    async with open_store(home / "vivencia.db") as store:
        await work(store)
        taken = []
        for _ in range(9):
            started = time.perf_counter()
            await work(store)
            taken.append((time.perf_counter() - started) * 1000)
    return median(taken)


async def _customer(store: object) -> None:
    from rich.console import Console  # noqa: PLC0415

    from bot.desk.console import print_journey  # noqa: PLC0415
    from bot.domain.ports.store import Store  # noqa: PLC0415
    from bot.domain.reading import Language  # noqa: PLC0415

    books: Store = store  # type: ignore[assignment]
    customer = await books.history.customer(WHO)
    if customer is None:
        raise LookupError(WHO)
    paper = Console(file=io.StringIO(), width=100)
    print_journey(paper, await books.history.journey(customer.id), language=Language.ES, zone=ZoneInfo("UTC"))


async def _digest(store: object) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415

    from bot.domain.digest import Edition  # noqa: PLC0415
    from bot.domain.ports.store import Store  # noqa: PLC0415
    from bot.domain.reading import Language  # noqa: PLC0415
    from bot.insight.digest import Brand, Issue, build_digest  # noqa: PLC0415
    from bot.insight.digest_text import digest_text  # noqa: PLC0415
    from nlp.pii import Recogniser  # noqa: PLC0415

    books: Store = store  # type: ignore[assignment]
    digest = await build_digest(
        books.reports,
        Brand(name="Zarapito", zone=ZoneInfo("Europe/Madrid")),
        Issue(edition=Edition.DAILY, day=DAY, language=Language.ES, now=datetime.now(UTC)),
        personal_data=Recogniser(),
    )
    digest_text(digest, Language.ES)


def _command(*arguments: str, home: Path | None = None) -> float:
    command = [sys.executable, "-m", "bot", *arguments]
    if home is not None:
        command += ["--home", str(home), "--config", str(CONFIG)]
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        taken.append((time.perf_counter() - started) * 1000)
    return round(min(taken), 1)


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--interactions", type=int, default=1_000_000)
    print(json.dumps(measure(parser.parse_args().interactions)))


if __name__ == "__main__":
    main()
