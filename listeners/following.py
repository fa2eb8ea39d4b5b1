"""Follow one stream until it is lost, and say how long to wait before following it again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

import structlog

from bot.domain.errors import ChannelRefused, ChannelUnavailable, ConfigError, RateLimited, StoreUnavailable
from bot.domain.mention import Batch
from bot.domain.ports import Inbox, Listener, Stream
from listeners.patience import Patience

log = structlog.get_logger(__name__)

SHORTEST = 1.0


@runtime_checkable
class Pulse(Protocol):
    """A stream with a heartbeat.

    It delivers a batch at each sign of life, an empty one without a cursor if there is no more to tell, and more
    often than every `longest_silence` seconds. Whoever is silent for longer is lost.
    """

    longest_silence: float


def nobody() -> None:
    """There is nobody to fill the gap."""


class Follow:
    """The only place where a lost stream is taken up again. A call lasts as long as the stream and returns the pause.

    None when the source has ended for good. A channel that is a Listener too keeps a cursor for each, and `fill` is
    rung whenever the stream begins, so that polling fills the gap before it.
    """

    def __init__(
        self,
        stream: Stream,
        inbox: Inbox,
        *,
        ring: Callable[[], None],
        fill: Callable[[], None] = nobody,
        longest: float = 300,
    ) -> None:
        self._stream, self._inbox, self._ring, self._fill = stream, inbox, ring, fill
        self._name = stream.channel
        self._cursor_of = f"{self._name}/stream" if isinstance(stream, Listener) else self._name
        self._patience = Patience(first=SHORTEST, longest=longest)
        self._closed_until = 0.0

    async def __call__(self) -> float | None:
        if (left := self._closed_until - time.monotonic()) > 0:
            return left
        self._fill()
        try:
            await self._listen()
        except RateLimited as error:
            log.warning("channel asked us to wait", channel=self._name, seconds=error.retry_after)
            pause = max(error.retry_after, SHORTEST)
            self._closed_until = time.monotonic() + pause
        except (ChannelUnavailable, StoreUnavailable) as error:
            pause = self._patience.after_failure()
            log.warning("the stream is lost", channel=self._name, error=str(error), next_try_seconds=pause)
        except ChannelRefused as error:
            pause = self._patience.after_failure()
            log.error("channel refuses us; it is down", channel=self._name, error=str(error), next_try_seconds=pause)  # noqa: TRY400 - no traceback: an operator reads it
        except ConfigError as error:
            log.error("the stream cannot be followed", channel=self._name, error=str(error))  # noqa: TRY400 - as above
            return None
        else:
            log.info("the stream has ended", channel=self._name)
            return None
        return pause

    async def _listen(self) -> None:
        cursor = await self._inbox.cursor(self._cursor_of)
        silence = self._stream.longest_silence if isinstance(self._stream, Pulse) else None
        try:
            async with asyncio.timeout(silence) as alarm:

                async def deliver(batch: Batch) -> None:
                    nonlocal cursor
                    if silence is not None:
                        alarm.reschedule(asyncio.get_running_loop().time() + silence)
                    self._patience.after_success()
                    cursor = await self._keep(batch, cursor)

                await self._stream.listen(cursor, deliver)
        except TimeoutError as error:
            message = f"nothing was heard for {silence:.0f} s" if alarm.expired() else "it took too long"
            raise ChannelUnavailable(message) from error

    async def _keep(self, batch: Batch, cursor: str | None) -> str | None:
        """Into the inbox; a sign of life without a word is not written down. Returns where to resume."""
        if batch.cursor is None:
            batch = replace(batch, cursor=cursor)
        if batch.mentions or batch.edits or batch.deletions or batch.cursor != cursor:
            accepted = await self._inbox.accept(self._cursor_of, batch, datetime.now(UTC))
            if accepted.new:
                self._ring()
        return batch.cursor
