"""Ask one channel once, and say how long to wait before asking again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from bot.domain.errors import ChannelRefused, ChannelUnavailable, RateLimited, StoreUnavailable
from bot.domain.ports import Inbox, Listener
from listeners.patience import Patience

log = structlog.get_logger(__name__)

SHORTEST = 1.0


class Poll:
    """The only place where asking a channel is retried. A call returns the pause in seconds.

    The cursor moves only in the transaction that keeps the mentions, so whatever fails is asked for again. A channel
    that refuses is asked again too, ever more rarely: rights come back, and nobody is there at night to say so. While
    a rate limit lasts nothing is asked, even when the bell is rung.
    """

    def __init__(
        self, listener: Listener, inbox: Inbox, *, every: float, ring: Callable[[], None], longest: float = 900
    ) -> None:
        self._listener, self._inbox, self._every, self._ring = listener, inbox, every, ring
        self._patience = Patience(first=every, longest=longest)
        self._closed_until = 0.0

    async def __call__(self) -> float | None:
        name = self._listener.channel
        if (left := self._closed_until - time.monotonic()) > 0:
            return left
        try:
            batch = await self._listener.poll(await self._inbox.cursor(name))
            accepted = await self._inbox.accept(name, batch, datetime.now(UTC))
        except RateLimited as error:
            log.warning("channel asked us to wait", channel=name, seconds=error.retry_after)
            pause = max(error.retry_after, SHORTEST)
            self._closed_until = time.monotonic() + pause
            return pause
        except (ChannelUnavailable, StoreUnavailable) as error:
            pause = self._patience.after_failure()
            log.warning("channel cannot be read now", channel=name, error=str(error), next_try_seconds=pause)
            return pause
        except ChannelRefused as error:
            pause = self._patience.after_failure()
            log.error("channel refuses us; it is down", channel=name, error=str(error), next_try_seconds=pause)  # noqa: TRY400 - no traceback: an operator reads it
            return pause
        self._patience.after_success()
        if accepted.new:
            self._ring()
        return self._every
