"""Ask one channel once, and say how long to wait before asking again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from bot.domain.cost import Level
from bot.domain.health import BUDGET_SPENT, Condition, Tell, tell_nobody
from bot.domain.ports.channel import Listener, Meter, Unmetered
from bot.domain.ports.store import Inbox
from listeners.metering import SLOWLY, seconds_to_rest
from listeners.trouble import Trouble


class Poll:
    """The only place where asking a channel is retried. A call returns the pause in seconds.

    The cursor moves only in the transaction that keeps the mentions, so whatever fails is asked for again. A channel
    that refuses is asked again too, ever more rarely: rights come back, and nobody is there at night to say so. Once
    the day's budget is spent it is asked more rarely, or not until tomorrow, as its `meter` says.
    """

    def __init__(  # noqa: PLR0913 - who, where to, how often, and who wants to know
        self,
        listener: Listener,
        inbox: Inbox,
        *,
        every: float,
        ring: Callable[[], None],
        longest: float = 900,
        meter: Meter = Unmetered(),  # noqa: B008 - it holds nothing
        tell: Tell = tell_nobody,
    ) -> None:
        self._listener, self._inbox, self._every, self._ring = listener, inbox, every, ring
        self._meter, self._tell, self._longest = meter, tell, longest
        self._trouble = Trouble(listener.channel, first=every, longest=longest, tell=tell)

    async def __call__(self) -> float | None:
        return await self._trouble.around(self._look)

    async def _look(self) -> float:
        purse = await self._meter.purse()
        if (rest := seconds_to_rest(purse, datetime.now(UTC), longest=self._longest)) is not None:
            await self._tell(Condition.WAITING, BUDGET_SPENT, rest)
            return rest
        name = self._listener.channel
        batch = await self._listener.poll(await self._inbox.cursor(name))
        accepted = await self._inbox.accept(name, batch, datetime.now(UTC))
        if accepted.new or accepted.edited:
            self._ring()
        if batch.fault is not None:
            raise batch.fault
        await self._trouble.over(batch.note)
        return self._every * SLOWLY if purse.level is Level.SPENT else self._every
