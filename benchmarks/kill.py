"""R1 of the reliability promises: kill the service again and again, then look from outside whether all is there.

`python -m benchmarks.kill` takes 200 SIGKILLs over 20,000 mentions; the tests run a small one. The verdict comes from
the input file, the database opened with plain sqlite3, and the log that the channel wrote: nothing of the service
takes part in it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.streams import write_stream

CONFIG = Path(__file__).parent.parent / "config" / "demo" / "vivencia.toml"
FAILPOINTS = (
    "accept.before_commit",
    "accept.after_commit",
    "settle.before_commit",
    "settle.after_commit",
    "dispatch.claimed",
    "dispatch.said",
    "receipt.before_commit",
    "receipt.after_commit",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is wrong after all kills; everything is 0 or "ok" when the promise holds."""

    kills: int
    died_at_failpoints: int
    mentions: int
    replies: int
    lost: int
    said_twice: int
    sent_but_never_said: int
    said_but_not_recorded: int
    orphans: int
    integrity: str
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether nothing was lost and nothing said twice."""
        wrong = self.lost + self.said_twice + self.sent_but_never_said + self.said_but_not_recorded + self.orphans
        return wrong == 0 and self.integrity == "ok"


def torture(folder: Path, *, mentions: int, kills: int, seed: int = 20260511) -> Verdict:
    """Run over a recording of `mentions`, killed at each failpoint and `kills` times at random; then let it finish."""
    started = time.monotonic()
    stream = write_stream(folder / "stream.jsonl", mentions)
    home = folder / "home"
    chance = random.Random(seed)
    died = sum(_dies_at(f"{point}:{chance.randint(1, 3)}", stream, home) for point in FAILPOINTS)
    killed = sum(_kill_at_random(stream, home, chance) for _ in range(kills))
    _start(stream, home).wait()
    finished = _start(stream, home)
    if finished.wait() != 0:
        message = f"the last, undisturbed run ended with {finished.returncode}"
        raise RuntimeError(message)
    return _verdict(stream, home, kills=killed, died=died, seconds=time.monotonic() - started)


def _start(stream: Path, home: Path, **environment: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bot", "simulate", str(stream), "--home", str(home), "--json"]
    command += ["--config", str(CONFIG)]
    return subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _dies_at(failpoint: str, stream: Path, home: Path) -> bool:
    return _start(stream, home, VIVENCIA_FAILPOINT=failpoint).wait() == -signal.SIGKILL


def _kill_at_random(stream: Path, home: Path, chance: random.Random) -> bool:
    """Kill somewhere between the first and the last thing that this run writes."""
    process = _start(stream, home)
    before = _progress(home)
    while process.poll() is None and _progress(home) == before:
        time.sleep(0.01)
    if process.poll() is None:
        time.sleep(chance.uniform(0, 0.6))
        process.kill()
    return process.wait() == -signal.SIGKILL


def _progress(home: Path) -> tuple[int, ...]:
    """Something that changes whenever the service writes: the sizes of the database's files."""
    return tuple(
        (home / name).stat().st_size if (home / name).exists() else 0
        for name in ("vivencia.db", "vivencia.db-wal", "said-replay.jsonl")
    )


def _verdict(stream: Path, home: Path, *, kills: int, died: int, seconds: float) -> Verdict:
    given = {row["id"] for row in map(json.loads, stream.read_text(encoding="utf-8").splitlines())}
    said = Counter(row["key"] for row in map(json.loads, (home / "said-replay.jsonl").read_text().splitlines()))
    with closing(sqlite3.connect(home / "vivencia.db")) as database:
        settled = {row[0] for row in database.execute("SELECT external_id FROM mention WHERE state = 'done'")}
        sent = {
            row[0]
            for row in database.execute("SELECT key FROM outbox WHERE kind IN ('reply', 'ask') AND state = 'sent'")
        }
        mentions = database.execute("SELECT count(*) FROM mention WHERE by_brand = 0").fetchone()[0]
        orphans = _orphans(database)
        integrity = database.execute("PRAGMA integrity_check").fetchone()[0]
    return Verdict(
        kills=kills,
        died_at_failpoints=died,
        mentions=mentions,
        replies=len(said),
        lost=len(given - settled),
        said_twice=sum(times - 1 for times in said.values()),
        sent_but_never_said=len(sent - said.keys()),
        said_but_not_recorded=len(said.keys() - sent),
        orphans=orphans,
        integrity=integrity,
        seconds=seconds,
    )


def _orphans(database: sqlite3.Connection) -> int:
    """Rows that no worker would ever pick up again, or that point nowhere."""
    queries = (
        "SELECT count(*) FROM mention WHERE state <> 'done'",
        "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending', 'unknown', 'dead')",
        "SELECT count(*) FROM mention WHERE by_brand = 0 AND id NOT IN (SELECT mention_id FROM interaction)",
        "SELECT count(*) FROM mention WHERE by_brand = 0 AND seq NOT IN (SELECT mention_seq FROM reading)",
        "SELECT count(*) FROM pragma_foreign_key_check",
    )
    return sum(int(database.execute(query).fetchone()[0]) for query in queries)


def main() -> None:
    """Print the verdict as one JSON object; exit code 1 when the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mentions", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        verdict = torture(Path(folder), mentions=options.mentions, kills=options.kills)
    print(json.dumps({name: getattr(verdict, name) for name in Verdict.__slots__} | {"holds": verdict.holds}))
    sys.exit(0 if verdict.holds else 1)


if __name__ == "__main__":
    main()
