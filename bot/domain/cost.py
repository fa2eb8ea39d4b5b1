"""What a channel's calls cost, and how far today's money goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

NEARLY_SPENT = Decimal("0.8")


class WhenSpent(StrEnum):
    """What listening does once the day's budget is used up: look more rarely, or not until tomorrow."""

    SLOW = "slow"
    STOP = "stop"


class Level(StrEnum):
    """How full the purse is: `low` from 80 % of the budget on, `spent` from 100 %."""

    FINE = "fine"
    LOW = "low"
    SPENT = "spent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """What a platform charges for one unit of each kind of call, as it published it on the day `of`."""

    prices: Mapping[str, Decimal]
    currency: str
    of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """`units` of one kind of call on a channel, and what they cost together."""

    channel: str
    what: str
    units: int
    cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """What one channel has spent on a local day, of what it may spend; without a budget it may spend anything."""

    spent: Decimal
    budget: Decimal | None
    currency: str
    when_spent: WhenSpent
    renews_at: datetime

    @property
    def level(self) -> Level:
        """How far the day's money has gone."""
        if self.budget is None or self.spent < self.budget * NEARLY_SPENT:
            return Level.FINE
        return Level.LOW if self.spent < self.budget else Level.SPENT
