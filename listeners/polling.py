"""Ask one channel once, and say how long to wait before asking again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from bot.domain.errors import ChannelRefused, ChannelUnavailable, RateLimited, StoreUnavailable
from bot.domain.ports import Inbox, Listener

log = structlog.get_logger(__name__)

SHORTEST = 1.0


class Poll:
    """The only place where reading a channel is retried. A call returns the pause in seconds, None for never again.

    The cursor moves only in the transaction that keeps the mentions, so whatever fails is asked for again.
    """

    def __init__(
        self, listener: Listener, inbox: Inbox, *, every: float, ring: Callable[[], None], longest: float = 900
    ) -> None:
        self._listener, self._inbox, self._every, self._ring, self._longest = listener, inbox, every, ring, longest
        self._failures = 0

    async def __call__(self) -> float | None:
        name = self._listener.channel
        try:
            batch = await self._listener.poll(await self._inbox.cursor(name))
            accepted = await self._inbox.accept(name, batch, datetime.now(UTC))
        except RateLimited as error:
            log.warning("channel asked us to wait", channel=name, seconds=error.retry_after)
            return max(error.retry_after, SHORTEST)
        except (ChannelUnavailable, StoreUnavailable) as error:
            return self._back_off(name, error)
        except ChannelRefused as error:
            log.error("channel refuses; off until its settings change", channel=name, error=str(error))  # noqa: TRY400 - no traceback: an operator reads it
            return None
        self._failures = 0
        if accepted.new:
            self._ring()
        return self._every

    def _back_off(self, name: str, error: Exception) -> float:
        self._failures += 1
        # a power without a bound overflows after a thousand failures; a slow channel is never asked sooner for failing
        pause: float = max(self._every, min(self._longest, self._every * 2.0 ** min(self._failures, 30)))
        log.warning("channel cannot be read now", channel=name, error=str(error), next_try_seconds=pause)
        return pause
