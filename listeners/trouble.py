"""Leave a channel alone after a fault: for how long, and what people hear of it meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from bot.domain.errors import ChannelRefused, ChannelUnavailable, RateLimited, StoreUnavailable
from bot.domain.health import Condition, Tell
from listeners.patience import Patience

log = structlog.get_logger(__name__)

SHORTEST = 1.0

Fault = ChannelUnavailable | ChannelRefused | StoreUnavailable


class Trouble:
    """The faults of one channel in a row. While a rate limit lasts nothing may be asked, even when the bell is rung."""

    def __init__(self, channel: str, *, first: float, longest: float, tell: Tell) -> None:
        self._channel, self._tell = channel, tell
        self._patience = Patience(first=first, longest=longest)
        self._limits = Patience(first=SHORTEST / 2, longest=longest)
        self._closed_until = 0.0
        self._was_cancelled = False

    async def around(self, listen: Callable[[], Awaitable[float | None]]) -> float | None:
        """Listen, and answer with the pause: the listener's own, or what a fault asks for.

        A mistake in the channel's code takes it down, for people to see, and goes on to the clock's safety net.
        """
        if (left := self._closed_until - time.monotonic()) > 0:
            return left
        try:
            return await listen()
        except (ChannelUnavailable, ChannelRefused, StoreUnavailable) as error:
            return await self.met(error)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            # nobody stopped us: a task of the channel's library died and took its caller with it
            return await self._cancelled_by_its_library()
        except BaseException as error:
            await self._tell(Condition.DOWN, f"unexpected {type(error).__name__} in its code; the log has it", None)
            raise

    async def over(self, note: str = "") -> None:
        """All is well, but for what the note says: the next fault is the first again."""
        self._patience.after_success()
        self._limits.after_success()
        self._was_cancelled = False
        await self._tell(Condition.UP, note, None)

    async def _cancelled_by_its_library(self) -> float:
        """Once, libraries do so while they connect anew; again before anything was heard, and somebody must look."""
        condition = Condition.DOWN if self._was_cancelled else Condition.WAITING
        self._was_cancelled, pause = True, self._patience.after_failure()
        reason = "a task of its library was cancelled"
        log.warning(reason, channel=self._channel, next_try_seconds=pause)
        await self._tell(condition, reason, pause)
        return pause

    async def met(self, error: Fault) -> float:
        """The pause in seconds: as long as a rate limit says, else twice as long as after the last fault.

        A channel that says "come back at once" time and again is not believed for long.
        """
        if isinstance(error, RateLimited):
            pause = max(error.retry_after, self._limits.after_failure())
            self._closed_until = time.monotonic() + pause
            log.warning("channel asked us to wait", channel=self._channel, seconds=round(pause))
        else:
            pause = self._patience.after_failure()
            write = log.error if isinstance(error, ChannelRefused) else log.warning
            write(_words(error), channel=self._channel, error=str(error), next_try_seconds=pause)
        if not isinstance(error, StoreUnavailable):
            # the database's faults are not the channel's, and could not be kept anyway
            down = isinstance(error, ChannelRefused)
            await self._tell(Condition.DOWN if down else Condition.WAITING, str(error), pause)
        return pause


def _words(error: Fault) -> str:
    match error:
        case ChannelRefused():
            return "channel refuses us; it is down"
        case StoreUnavailable():
            return "what a channel tells cannot be kept now"
        case ChannelUnavailable():
            return "channel cannot be heard now"
