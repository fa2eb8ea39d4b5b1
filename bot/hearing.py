"""Whether we have caught up with what was said while nobody listened: until then no silence is a customer's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.health import BUDGET_SPENT, Condition, Tell
from bot.domain.ports.store import Inbox
from listeners.following import STANDS_AFTER

EDITIONS_WAIT, CLOSING_WAIT, ALARMS_WAIT = timedelta(hours=1), timedelta(hours=1), timedelta(minutes=5)
_STANDS_AFTER = timedelta(seconds=STANDS_AFTER)


class Hearing:
    """Overhears how each channel fares since this start, and asks the inbox what is still to be read.

    Waiting for a channel has an end: one that is down, or rests because its money is spent, is not waited for.
    """

    def __init__(self, inbox: Inbox, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._inbox, self._now, self._began = inbox, now, now()
        self._ears: list[_Ear] = []

    def overheard(self, tell: Tell, *, stream: bool) -> Tell:
        """The same `tell` of a channel that must be heard: one that is asked, or one that tells us by itself."""
        ear = _Ear(tell=tell, now=self._now, stream=stream)
        self._ears.append(ear)
        return ear

    def has_heard(self, patience: timedelta) -> bool:
        """Whether every channel was heard since this start, or has been waited for that long."""
        return self._is_over(patience) or self._have_heard(self._began)

    async def has_caught_up(self, patience: timedelta) -> bool:
        """The same, and what was said before the start was read too."""
        return self._is_over(patience) or (self._have_heard(self._began) and await self._has_read(self._began))

    def _is_over(self, patience: timedelta) -> bool:
        return self._now() >= self._began + patience

    async def knows(self, day_ended: datetime, due: datetime) -> bool:
        """Whether a day that ended then can be told of: all of it was heard and read, or it is told an hour late."""
        if self._now() >= max(due, self._began) + EDITIONS_WAIT:
            return True
        return self._have_heard(max(day_ended, self._began)) and await self._has_read(day_ended)

    def _have_heard(self, until: datetime) -> bool:
        return all(ear.has_heard(until) for ear in self._ears)

    async def _has_read(self, until: datetime) -> bool:
        since = await self._inbox.waiting_since()
        return since is None or since >= until


@dataclass(slots=True, kw_only=True)
class _Ear:
    """A `Tell` that remembers: a poll has heard everything up to when it went well, a stream for as long as it stands.

    What a stream has to make up for comes at its beginning.
    """

    tell: Tell
    now: Callable[[], datetime]
    stream: bool
    up_since: datetime | None = None
    up: datetime | None = None
    not_waited_for: bool = False

    async def __call__(self, condition: Condition, reason: str, again_in: float | None) -> None:
        self.not_waited_for = condition in {Condition.DOWN, Condition.ENDED} or reason == BUDGET_SPENT
        if condition is Condition.UP:
            self.up = self.now()
            self.up_since = self.up_since or self.up
        else:
            self.up_since = None
        await self.tell(condition, reason, again_in)

    def has_heard(self, until: datetime) -> bool:
        """Everything up to then, or as much as there will be."""
        if self.not_waited_for:
            return True
        if self.stream:
            return self.up_since is not None and self.now() >= self.up_since + _STANDS_AFTER
        return self.up is not None and self.up >= until
