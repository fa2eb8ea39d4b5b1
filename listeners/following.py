"""Follow one stream until it is lost, and say how long to wait before following it again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

import structlog

from bot.domain.cost import WhenSpent
from bot.domain.errors import ChannelUnavailable, ConfigError
from bot.domain.health import BUDGET_SPENT, Condition, Tell, tell_nobody
from bot.domain.mention import Batch
from bot.domain.ports.channel import Listener, Meter, Stream, Unmetered
from bot.domain.ports.store import Inbox
from listeners.metering import seconds_to_rest
from listeners.trouble import SHORTEST, Trouble

log = structlog.get_logger(__name__)

STANDS_AFTER = 10.0


@runtime_checkable
class Pulse(Protocol):
    """A stream with a heartbeat.

    It delivers a batch at each sign of life, an empty one without a cursor if there is no more to tell, and more
    often than every `longest_silence` seconds. Whoever is silent for longer is lost.
    """

    longest_silence: float


def nobody() -> None:
    """There is nobody to fill the gap."""


def ear_of(stream: Stream) -> str:
    """The name under which a stream keeps its cursor and fares: its own where the channel is polled as well."""
    return f"{stream.channel}/stream" if isinstance(stream, Listener) else stream.channel


class Follow:
    """The only place where a lost stream is taken up again. A call lasts as long as the stream and returns the pause.

    None when the source has ended for good. A channel that is a Listener too keeps a cursor for each, and `fill` is
    rung whenever the stream begins, so that polling fills the gap before it. Once the day's budget is spent the stream
    rests, if its `meter` says stop, or if it is polled as well: a stream by itself cannot be slowed down.
    """

    def __init__(  # noqa: PLR0913 - whom, where to, and who wants to know
        self,
        stream: Stream,
        inbox: Inbox,
        *,
        ring: Callable[[], None],
        fill: Callable[[], None] = nobody,
        longest: float = 300,
        meter: Meter = Unmetered(),  # noqa: B008 - it holds nothing
        tell: Tell = tell_nobody,
    ) -> None:
        self._stream, self._inbox, self._ring, self._fill = stream, inbox, ring, fill
        self._name, self._polled = ear_of(stream), isinstance(stream, Listener)
        self._meter, self._tell, self._longest = meter, tell, longest
        self._trouble = Trouble(self._name, first=SHORTEST, longest=longest, tell=tell)
        self._note = ""

    async def __call__(self) -> float | None:
        return await self._trouble.around(self._follow)

    async def _follow(self) -> float | None:
        if (rest := await self._seconds_to_rest()) is not None:
            await self._tell(Condition.WAITING, BUDGET_SPENT, rest)
            return rest
        self._fill()
        try:
            await self._listen()
        except ConfigError as error:
            log.error("the stream cannot be followed", channel=self._name, error=str(error))  # noqa: TRY400 - no traceback: an operator reads it
            await self._tell(Condition.DOWN, str(error), None)
            return None
        log.info("the stream has ended", channel=self._name)
        await self._tell(Condition.ENDED, self._note, None)
        return None

    async def _seconds_to_rest(self) -> float | None:
        purse = await self._meter.purse()
        if self._polled:
            purse = replace(purse, when_spent=WhenSpent.STOP)
        return seconds_to_rest(purse, datetime.now(UTC), longest=self._longest)

    async def _listen(self) -> None:
        self._note, cursor = "", await self._inbox.cursor(self._name)
        silence = self._stream.longest_silence if isinstance(self._stream, Pulse) else None
        standing = asyncio.create_task(self._stands(), name=f"{self._name} stands")
        try:
            async with asyncio.timeout(silence) as alarm:

                async def deliver(batch: Batch) -> None:
                    nonlocal cursor
                    now = asyncio.get_running_loop().time()
                    if silence is not None:
                        alarm.reschedule(now + silence)
                    self._note = batch.note
                    await self._trouble.over(batch.note)
                    cursor = await self._keep(batch, cursor)
                    if await self._seconds_to_rest() is not None:
                        alarm.reschedule(now)

                await self._stream.listen(cursor, deliver)
        except TimeoutError as error:
            message = await self._why_cut(silence if alarm.expired() else None)
            raise ChannelUnavailable(message) from error
        finally:
            standing.cancel()

    async def _stands(self) -> None:
        """A stream says nothing when it begins; one that is not refused within seconds is taken to stand."""
        await asyncio.sleep(STANDS_AFTER)
        await self._tell(Condition.UP, self._note, None)

    async def _why_cut(self, silence: float | None) -> str:
        if await self._seconds_to_rest() is not None:
            return BUDGET_SPENT
        return "it took too long" if silence is None else f"nothing was heard for {silence:.0f} s"

    async def _keep(self, batch: Batch, cursor: str | None) -> str | None:
        """Into the inbox; a sign of life without a word is not written down. Returns where to resume."""
        if batch.cursor is None:
            batch = replace(batch, cursor=cursor)
        if batch.mentions or batch.edits or batch.deletions or batch.cursor != cursor:
            accepted = await self._inbox.accept(self._name, batch, datetime.now(UTC))
            if accepted.new or accepted.edited:
                self._ring()
        return batch.cursor
