"""Listen to a channel as the service does, from the store's cursor into the store's inbox, until enough was heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.domain.mention import Batch, Mention
from bot.domain.ports.channel import ChannelKind, Listener, Stream, Surroundings, Voice
from bot.store.sqlite import SqliteStore
from bot.testing import HandClock
from listeners.registry import open_channel
from tests.contracts.stage import IMPATIENT, Fault, Stage

NAME = "stage"
PATIENCE = 20.0
A_MOMENT = 0.4

Channel = Listener | Stream | Voice


@dataclass
class Ear:
    """What a channel told, and what the store made of it. `new` counts the mentions that it had not kept before.

    `placed` is whether a place to resume from was kept.
    """

    kind: str
    found: ChannelKind
    stage: Stage
    store: SqliteStore
    surroundings: Surroundings
    clock: HandClock
    batches: list[Batch] = field(default_factory=list)
    new: int = 0
    placed: bool = False

    @asynccontextmanager
    async def open(self, **changes: Any) -> AsyncIterator[Channel]:
        """The channel over its stage, as a new process would open it."""
        table = {"kind": self.kind, **self.stage.table(), **changes}
        async with open_channel(NAME, table, self.surroundings) as channel:
            yield channel

    def impatient(self, fault: Fault) -> dict[str, float]:
        """Those settings of the channel with which a test of the fault is short."""
        return {key: value for key, value in IMPATIENT.get(fault, {}).items() if key in self.stage.table()}

    async def begin(self, channel: Channel) -> None:
        """The first start, before anybody has written: over once there is a place to resume from."""
        await self._until(channel, lambda: self.placed, PATIENCE)

    async def listen(self, channel: Channel, *, new: int = 0, patience: float = PATIENCE) -> None:
        """Keep what the channel tells until `new` more mentions are kept; without a number, for a moment."""
        wanted = self.new + new if new else None
        await self._until(channel, lambda: self.new == wanted, patience if new else min(patience, A_MOMENT))

    async def listen_for_changes(self, channel: Channel) -> None:
        """Keep what the channel tells until it has told of an edit or a deletion."""
        known = len(self.edits) + len(self.deletions)
        await self._until(channel, lambda: len(self.edits) + len(self.deletions) > known, PATIENCE)

    async def look_once(self, channel: Channel) -> None:
        """One look, as the clock would take it; raises what the channel raises."""
        cursor = await self.store.inbox.cursor(NAME)
        if isinstance(channel, Listener):
            await self.keep(await channel.poll(cursor))
        elif isinstance(channel, Stream):
            await channel.listen(cursor, self.keep)

    async def keep(self, batch: Batch) -> None:
        """Into the inbox, with its cursor; an empty batch without a cursor is only a sign of life."""
        self.batches.append(batch)
        if batch.mentions or batch.edits or batch.deletions or batch.cursor is not None:
            accepted = await self.store.inbox.accept(NAME, batch, datetime.now(UTC))
            self.new += accepted.new
            self.placed = self.placed or batch.cursor is not None

    @property
    def mentions(self) -> dict[str, Mention]:
        """The last that was heard under each id, the brand's own posts not counted."""
        heard = [*(m for batch in self.batches for m in (*batch.mentions, *batch.edits))]
        return {mention.external_id: mention for mention in heard if not mention.by_brand}

    @property
    def edits(self) -> list[Mention]:
        return [mention for batch in self.batches for mention in batch.edits]

    @property
    def deletions(self) -> list[str]:
        return [post for batch in self.batches for post in batch.deletions]

    async def _until(self, channel: Channel, enough: Any, patience: float) -> None:
        try:
            async with asyncio.timeout(patience):
                while not enough():
                    task = asyncio.create_task(self.look_once(channel))
                    try:
                        while not task.done() and not enough():
                            await asyncio.wait([task], timeout=0.02)
                        if task.done():
                            task.result()
                    finally:
                        await _end(task)
                    await asyncio.sleep(0.02)
        except TimeoutError:
            # what was heard by now is for the test to judge
            return


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
