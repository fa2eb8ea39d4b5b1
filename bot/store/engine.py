"""Two threads with a connection each: one writes, one reads, and every piece of work is one transaction."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Literal, TypeVar

from bot.domain.errors import StoreUnavailable
from bot.domain.ports.store import Tripwire
from bot.store.faults import spoken
from bot.store.searching import keep_up
from bot.store.shape import needs_migration

Place = Path | Literal[":memory:"]
T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

_BUSY_MS = 10_000
_WAL_KEPT_BYTES = 16 * 1024 * 1024
_CACHE_KIB = 32 * 1024
FOLDED_EVERY = 3600.0
_READERS_PASS = 60.0


class Engine:
    """The database's two doors. What happens in `write` is committed as a whole or never happened."""

    def __init__(self, place: Place, trip: Tripwire) -> None:
        self._where = str(place)
        self._trip = trip
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="store-writer")
        # a database in memory lives in one connection, so its reads queue behind its writes
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="store-reader") if _on_disk(place) else self._writing
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._fold_at = monotonic() + FOLDED_EVERY

    async def write(self, work: Work[T], *, before_commit: str = "", after_commit: str = "") -> T:
        """Run `work` in one transaction; the names are failpoints of the fault suite.

        StoreUnavailable means that nothing was changed and the same call may work later.
        """

        def run() -> T:
            return self._transact(work, before_commit, after_commit)

        return await asyncio.get_running_loop().run_in_executor(self._writing, run)

    async def read(self, work: Work[T]) -> T:
        """Run `work` on one snapshot, beside the writer."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, self._look, work)

    def _transact(self, work: Work[T], before_commit: str, after_commit: str) -> T:
        connection = _opened(self._writer)
        try:
            connection.execute("BEGIN IMMEDIATE")
            result = work(connection)
            keep_up(connection)
            if before_commit:
                self._trip(before_commit)
            connection.execute("COMMIT")
        except BaseException as error:
            _roll_back(connection)
            self._raise_spoken(error)
            raise
        if after_commit:
            self._trip(after_commit)
        self._fold(connection)
        return result

    def _fold(self, connection: sqlite3.Connection) -> None:
        """Empty the side file now and then: what was overwritten, as words of the forgotten, stays in it until then."""
        if monotonic() < self._fold_at:
            return
        # readers and other writers are not waited for, and a broken disk is told by the next piece of work
        emptied = False
        with suppress(sqlite3.Error):
            connection.execute("PRAGMA busy_timeout = 0")
            emptied = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        self._fold_at = monotonic() + (FOLDED_EVERY if emptied else _READERS_PASS)

    def _look(self, work: Work[T]) -> T:
        connection = _opened(self._reader)
        try:
            connection.execute("BEGIN")
            return work(connection)
        except sqlite3.Error as error:
            self._raise_spoken(error)
            raise
        finally:
            _roll_back(connection)

    def _raise_spoken(self, error: BaseException) -> None:
        said = spoken(error, self._where) if isinstance(error, sqlite3.Error) else None
        if said is not None:
            raise said from error

    def connect(self, place: Place) -> None:
        """Open the writing connection and bring the database to this version's shape. Runs on the writer's thread."""
        try:
            _prepare_file(place)
            self._writer = sqlite3.connect(self._where, isolation_level=None, cached_statements=256)
            _set_up(self._writer)
            if needs_migration(self._writer, self._where):
                # importing sqlite-utils takes longer than most commands; an up-to-date database never needs it
                from bot.store.migrations import migrate  # noqa: PLC0415

                migrate(self._writer)
                self._transact(keep_up, "", "")
        except (sqlite3.Error, OSError) as error:
            self._raise_spoken(error)
            message = f"the database {self._where} cannot be opened: {error}"
            raise StoreUnavailable(message) from error

    def connect_reader(self, place: Place) -> None:
        """Open the reading connection. Runs on the reader's thread."""
        if not isinstance(place, Path):
            self._reader = self._writer
            return
        uri = f"{place.resolve().as_uri()}?mode=ro"
        self._reader = sqlite3.connect(uri, uri=True, isolation_level=None, cached_statements=256)
        self._reader.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        self._reader.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._reader.execute("PRAGMA query_only = ON")

    def close_reader(self) -> None:
        """Runs on the reader's thread; the reader goes first, so that the writer can fold the log away."""
        if self._reader is not None and self._reader is not self._writer:
            self._reader.close()
        self._reader = None

    def close_writer(self) -> None:
        """Runs on the writer's thread."""
        if self._writer is not None:
            self._writer.close()
        self._writer = None

    async def open(self, place: Place) -> None:
        """Open both doors."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._writing, self.connect, place)
        await loop.run_in_executor(self._reading, self.connect_reader, place)

    async def close(self) -> None:
        """Finish what is queued, then close both doors."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._reading, self.close_reader)
        await loop.run_in_executor(self._writing, self.close_writer)
        self._reading.shutdown()
        self._writing.shutdown()


@asynccontextmanager
async def open_engine(place: Place, trip: Tripwire) -> AsyncIterator[Engine]:
    """An engine with both doors open, closed on leaving."""
    engine = Engine(place, trip)
    try:
        await engine.open(place)
        yield engine
    finally:
        await engine.close()


def _prepare_file(place: Place) -> None:
    """Nobody but the owner may read what customers wrote; SQLite gives its side files the same mode."""
    if not isinstance(place, Path):
        return
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        # never opened here: closing a second descriptor would drop the locks of an open connection;
        # and where the mode cannot be changed, SQLite finds the better words for why
        with suppress(OSError):
            place.chmod(0o600)


def _set_up(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    # what is deleted is overwritten: a removed post must not be found in the file's free pages
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute(f"PRAGMA journal_size_limit = {_WAL_KEPT_BYTES}")


def _roll_back(connection: sqlite3.Connection) -> None:
    # a full disk may have rolled the transaction back already, and may keep us from saying so
    with suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _opened(connection: sqlite3.Connection | None) -> sqlite3.Connection:
    if connection is None:
        message = "the store is closed"
        raise RuntimeError(message)
    return connection


def _on_disk(place: Place) -> bool:
    return isinstance(place, Path)
