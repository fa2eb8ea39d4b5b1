"""One channel's meter: what its calls cost is kept by the local day, and people hear once when money gets tight."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import structlog

from bot.domain.cost import Level, Purse, Spending, Tariff, WhenSpent
from bot.domain.errors import StoreUnavailable
from bot.domain.ports.store import Channels
from bot.domain.time import local_day

log = structlog.get_logger(__name__)

SLOWLY = 10
"""How many times more rarely a channel is looked at once its budget is spent and it may go on slowly."""

Warn = Callable[[str, Purse], Awaitable[None]]


async def warn_nobody(channel: str, purse: Purse) -> None:
    """The log is enough."""
    del channel, purse


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a channel may spend on a local day, and what happens when it has."""

    budget: Decimal | None
    when_spent: WhenSpent
    zone: ZoneInfo


class DayMeter:
    """The `Meter` port over the house's books. `warn` is called when the purse gets low, and when it is spent."""

    def __init__(  # noqa: PLR0913 - whose, where it is kept, how dear, how much, and who wants to know
        self,
        channel: str,
        book: Channels,
        *,
        tariff: Tariff,
        allowance: Allowance,
        warn: Warn = warn_nobody,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._channel, self._book, self._tariff, self._allowance = channel, book, tariff, allowance
        self._warn, self._now = warn, now
        self._priceless: set[str] = set()
        self._counting = asyncio.Lock()
        self._owed: deque[tuple[Spending, datetime, Purse]] = deque()

    async def spend(self, what: str, units: int = 1) -> None:
        """Count it at the tariff's price; what has none is counted at no cost, and said once in the log.

        The call was made already, so nothing is raised: what cannot be written now is counted with the next.
        """
        if units <= 0:
            return
        day, fresh = self._today()
        spending = Spending(channel=self._channel, what=what, units=units, cost=self._price(what) * units)
        self._owed.append((spending, day, fresh))
        for purse in await self._count():
            await self._say_so(purse)

    async def _count(self) -> list[Purse]:
        """Write down what is owed. Returns the purses that are lower now than people know."""
        lower: list[Purse] = []
        async with self._counting:
            while self._owed:
                spending, day, fresh = self._owed[0]
                try:
                    purse = await self._book.spend(spending, day, fresh)
                except StoreUnavailable as error:
                    log.warning("what was spent cannot be counted now", channel=self._channel, error=str(error))
                    break
                self._owed.popleft()
                if purse.level is not replace(purse, spent=purse.spent - spending.cost).level:
                    lower.append(purse)
        return lower

    async def purse(self) -> Purse:
        """How far today's money has gone, with what could not be written down yet."""
        day, fresh = self._today()
        async with self._counting:
            written = await self._book.spent(self._channel, day)
            owed = sum((spending.cost for spending, began, _ in self._owed if began == day), Decimal(0))
        return replace(fresh, spent=written + owed)

    def _today(self) -> tuple[datetime, Purse]:
        """When the local day began, and its purse before anything was spent."""
        zone = self._allowance.zone
        began, ends = local_day(self._now().astimezone(zone).date(), zone)
        return began, Purse(
            spent=Decimal(0),
            budget=self._allowance.budget,
            currency=self._tariff.currency,
            when_spent=self._allowance.when_spent,
            renews_at=ends,
        )

    def _price(self, what: str) -> Decimal:
        price = self._tariff.prices.get(what)
        if price is None and what not in self._priceless:
            self._priceless.add(what)
            log.warning("no price is known for this; it is counted and costs nothing", channel=self._channel, what=what)
        return price or Decimal(0)

    async def _say_so(self, purse: Purse) -> None:
        words = "the day's budget is spent" if purse.level is Level.SPENT else "the day's budget is nearly spent"
        log.warning(
            words,
            channel=self._channel,
            spent=str(purse.spent),
            budget=str(purse.budget),
            currency=purse.currency,
            when_spent=purse.when_spent.value,
        )
        await self._warn(self._channel, purse)


def seconds_to_rest(purse: Purse, now: datetime, *, longest: float) -> float | None:
    """How long a channel must not be listened to at all, None when it may be; looked at again after `longest`."""
    if purse.level is not Level.SPENT or purse.when_spent is not WhenSpent.STOP:
        return None
    return max(1.0, min(longest, (purse.renews_at - now).total_seconds()))
