"""What time it is for a piece of work: the wall's time when live, the recorded time when replaying."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Watch(Protocol):
    """Asked with the moment a piece of work belongs to, says what time to treat it as being done."""

    def now(self, moment: datetime) -> datetime: ...


class LiveWatch:
    """The present, whatever the work belongs to."""

    def now(self, moment: datetime) -> datetime:
        del moment
        return datetime.now(UTC)


class RecordedWatch:
    """The recorded moment itself, so that a replay of five weeks decides as those five weeks would have."""

    def now(self, moment: datetime) -> datetime:
        return moment


@dataclass(frozen=True, slots=True)
class EndedWatch:
    """The end of a recording that has been played: what stands then is looked at then."""

    end: datetime

    def now(self, moment: datetime) -> datetime:
        return max(moment, self.end)


def local_day(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The UTC moments at which a local day starts and ends; 23 or 25 hours apart when the clocks change."""
    start = datetime.combine(day, time.min, zone)
    end = datetime.combine(day + timedelta(days=1), time.min, zone)
    return start.astimezone(UTC), end.astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessHours:
    """When people work: opening time by weekday (Monday is 0) in one time zone, less holidays."""

    zone: ZoneInfo
    opens: time
    closes: time
    weekdays: frozenset[int]
    holidays: frozenset[date] = frozenset()

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody is at work."""
        local = moment.astimezone(self.zone)
        return self._works(local.date()) and self.opens <= local.time() < self.closes

    def next_open(self, moment: datetime) -> datetime:
        """The moment itself when somebody is at work, else the next opening; in UTC."""
        return self.after(moment, timedelta())

    def after(self, moment: datetime, worked: timedelta) -> datetime:
        """The moment by which `worked` hours of business time have passed since `moment`; in UTC."""
        local = moment.astimezone(self.zone)
        left = worked
        # ten years bound the search when a calendar has no working day at all
        for offset in range(3660):
            day = local.date() + timedelta(days=offset)
            if not self._works(day):
                continue
            opens = datetime.combine(day, self.opens, self.zone).astimezone(UTC)
            closes = datetime.combine(day, self.closes, self.zone).astimezone(UTC)
            start = max(opens, moment.astimezone(UTC))
            if start >= closes:
                continue
            if closes - start >= left:
                return start + left
            left -= closes - start
        return moment.astimezone(UTC) + worked

    def end_of_working_day(self, moment: datetime, number: int) -> datetime:
        """Closing time of the `number`-th working day after the day of `moment`; in UTC."""
        day, left = moment.astimezone(self.zone).date(), number
        for _ in range(3660):
            day += timedelta(days=1)
            left -= self._works(day)
            if left == 0:
                return datetime.combine(day, self.closes, self.zone).astimezone(UTC)
        return moment.astimezone(UTC) + timedelta(days=number)

    def _works(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.holidays
