"""How a channel fares: heard, left alone for a while, or lost, since when and why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

BUDGET_SPENT = "the day's budget is spent"
FORGOTTEN_AFTER = timedelta(minutes=3)


class Condition(StrEnum):
    """`waiting`: a passing fault, tried again. `down`: refused, or broken; somebody must look. `off`: nobody listened.

    `ended`: the source has come to its end and no more is expected of it.
    """

    UP = "up"
    WAITING = "waiting"
    DOWN = "down"
    OFF = "off"
    ENDED = "ended"


Tell = Callable[[Condition, str, float | None], Awaitable[None]]
"""Told how a channel fares, why (in words), and in how many seconds it is tried again."""


async def tell_nobody(condition: Condition, reason: str, again_in: float | None) -> None:
    """Nobody wants to know how a channel fares."""
    del condition, reason, again_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How one channel fares. `seen` is when that was last known to hold, `again` when it is tried again.

    A channel that is polled and streams as well fares twice: as `x` and as `x/stream`.
    """

    channel: str
    condition: Condition
    reason: str
    since: datetime
    seen: datetime
    again: datetime | None = None

    def as_of(self, now: datetime) -> Health:
        """The same; but a service that has not been heard of for minutes does not run, whatever it wrote last."""
        silent = now - self.seen > FORGOTTEN_AFTER
        if not silent or self.condition in (Condition.OFF, Condition.ENDED):
            return self
        return Health(channel=self.channel, condition=Condition.OFF, reason="", since=self.seen, seen=self.seen)
