"""Counting over indexes; judging the counts is insight's. Past periods are shown as they stood at their end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.digest import CaseTally, ChannelTally, DataQuality, LoopTally, Quote, Tally
from bot.domain.ports.record import Counts
from bot.domain.promise import Promise
from bot.domain.survey import Score
from bot.domain.voice import EmployeeVoice
from bot.store import editions, figures, gaps, tallies
from bot.store.engine import Engine
from bot.store.voices import voices


class SqliteReports:
    """The `Reports` port over SQLite."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def tally(self, since: datetime, until: datetime) -> Tally:
        """What was heard in the period."""
        return await self._engine.read(lambda connection: tallies.tally(connection, since, until))

    async def cases(self, since: datetime, until: datetime) -> CaseTally:
        """The work of the period."""
        return await self._engine.read(lambda connection: tallies.cases(connection, since, until))

    async def loops(self, since: datetime, until: datetime) -> LoopTally:
        """The unhappy customers of the period, as things stood at its end; `unclosed` too."""
        return await self._engine.read(lambda connection: tallies.loops(connection, since, until))

    async def quotes(self, since: datetime, until: datetime, limit: int) -> list[Quote]:
        """The surest voices of the busiest touchpoints, negatives and positives in turn; a mention speaks once."""
        return await self._engine.read(lambda connection: figures.quotes(connection, since, until, limit))

    async def promises(self, since: datetime, until: datetime) -> list[Promise]:
        """Due in the period, and overdue ones still open at its start whose case is not closed; by due time."""
        return await self._engine.read(lambda connection: figures.promises(connection, since, until))

    async def voices(self, since: datetime, until: datetime) -> list[EmployeeVoice]:
        """With the votes they have now."""
        return await self._engine.read(lambda connection: voices(connection, since, until))

    async def scores(self, since: datetime, until: datetime) -> list[Score]:
        """Of the questions asked in the period, the answers that came by its end; kinds never asked are left out."""
        return await self._engine.read(lambda connection: figures.scores(connection, since, until))

    async def texts(self, since: datetime, until: datetime, limit: int) -> list[str]:
        """Texts of the period about the brand, newest first."""
        return await self._engine.read(lambda connection: figures.texts(connection, since, until, limit))

    async def quality(self, since: datetime, until: datetime) -> DataQuality:
        """What the figures up to `until` rest on, and how many mentions of the period people have corrected."""
        return await self._engine.read(lambda connection: tallies.quality(connection, since, until))

    async def channels(self, since: datetime, until: datetime) -> tuple[ChannelTally, ...]:
        """The channels with a gap or a cost in the period."""
        return await self._engine.read(lambda connection: gaps.channels(connection, since, until))

    async def span(self, before: datetime | None = None) -> tuple[datetime, datetime] | None:
        """Since when mentions are heard, and when the last was posted, of those before a moment."""
        return await self._engine.read(lambda connection: figures.span(connection, before))

    async def counts(self) -> Counts:
        """The whole house in numbers."""
        return await self._engine.read(tallies.counts)

    async def at_work(self) -> list[str]:
        """The channels of which something waits to be read or is on its way."""
        return await self._engine.read(tallies.at_work)

    async def keep_digest(
        self,
        key: str,
        text: str,
        now: datetime,
        quotes: Sequence[Quote] = (),
        promises: Sequence[Promise] = (),
    ) -> bool:
        """True for the first to store an edition under this key; whose words are in it can be taken out again."""
        return await self._engine.write(
            lambda connection: editions.keep(connection, key, text, now, quotes=quotes, promises=promises)
        )

    async def digests(self) -> list[str]:
        """The keys of the editions kept, oldest first."""
        return await self._engine.read(editions.kept)
