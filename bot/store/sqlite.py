"""The `Store` port over one SQLite file: open it, use its books, close it by leaving."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.domain.ports.store import Tripwire, calm
from bot.store.cards import SqliteCards
from bot.store.channels import SqliteChannels
from bot.store.deeds import SqliteDeeds
from bot.store.engine import Engine, Place, open_engine
from bot.store.history import SqliteHistory
from bot.store.inbox import SqliteInbox
from bot.store.outbox import SqliteOutbox
from bot.store.reports import SqliteReports


class SqliteStore:
    """Small books in one database."""

    def __init__(self, engine: Engine) -> None:
        self.inbox = SqliteInbox(engine)
        self.history = SqliteHistory(engine)
        self.outbox = SqliteOutbox(engine)
        self.reports = SqliteReports(engine)
        self.channels = SqliteChannels(engine)
        self.cards = SqliteCards(engine)
        self.deeds = SqliteDeeds(engine)


@asynccontextmanager
async def open_store(place: Place, *, trip: Tripwire = calm) -> AsyncIterator[SqliteStore]:
    """Open the database at `place` (or ":memory:"): made where needed, brought up to date, for its owner's eyes only.

    ConfigError: not our database, damaged, or from a newer version. StoreUnavailable: it cannot be used just now.
    """
    async with open_engine(place, trip) as engine:
        yield SqliteStore(engine)
