"""Write down how one channel fares whenever that changes, and call people when it is lost or back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog

from bot.domain.errors import StoreUnavailable
from bot.domain.health import BUDGET_SPENT, Condition, Health
from bot.domain.ports.store import Channels

log = structlog.get_logger(__name__)

ALARM_AFTER = timedelta(minutes=15)

Call = Callable[[Health], Awaitable[None]]


class Bulletin:
    """`Tell` for one channel. People are called once when it is down, or waits for longer than a quarter of an hour,
    and once more when it is heard again.

    The database being away is no reason to ask a channel sooner than it wants to be asked, so that is only logged.
    """

    def __init__(
        self,
        channel: str,
        book: Channels,
        *,
        call: Call,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._channel, self._book, self._call, self._now = channel, book, call, now
        self._last: tuple[Condition, str] | None = None
        self._called = False

    async def __call__(self, condition: Condition, reason: str, again_in: float | None) -> None:
        if (condition, reason) == self._last and again_in is None:
            return
        now = self._now()
        again = None if again_in is None else now + timedelta(seconds=again_in)
        try:
            health = await self._book.note(self._channel, condition, now, reason=reason, again=again)
        except StoreUnavailable as error:
            log.warning("how a channel fares cannot be kept", channel=self._channel, error=str(error))
            return
        self._last = condition, reason
        await self._call_people(health, now)

    async def _call_people(self, health: Health, now: datetime) -> None:
        lost = _is_lost(health, now)
        back = self._called and health.condition in (Condition.UP, Condition.ENDED)
        if (lost and not self._called) or back:
            self._called = lost
            await self._call(health)


def _is_lost(health: Health, now: datetime) -> bool:
    if health.condition is Condition.WAITING:
        # whoever set a budget has been told that it is spent
        return now - health.since >= ALARM_AFTER and health.reason != BUDGET_SPENT
    return health.condition is Condition.DOWN
