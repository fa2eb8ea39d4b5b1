"""What "next week" or "five business days" means, from the moment and at the place where it was said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_A_SEASON = 90


@dataclass(frozen=True, slots=True)
class BrandDays:
    """The calendar of whoever spoke: `said` is the moment, `zone` decides where its days begin."""

    said: datetime
    zone: tzinfo

    @property
    def today(self) -> date:
        return self.said.astimezone(self.zone).date()

    @property
    def hour(self) -> int:
        """Of the moment, by the clock of the place."""
        return self.said.astimezone(self.zone).hour

    def end_of(self, day: date) -> datetime:
        """A date means the end of that day."""
        return self.at(day, time(23, 59, 59))

    def at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def after(self, *, minutes: int) -> datetime:
        return self.said.astimezone(UTC) + timedelta(minutes=minutes)

    def in_days(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def in_working_days(self, days: int) -> date:
        """Monday to Friday, counted from the next day."""
        day = self.today
        while days:
            day += timedelta(days=1)
            days -= day.weekday() < 5
        return day

    def in_months(self, months: int) -> date:
        """The same day of a later month, or its last one where it has none."""
        last = self.month_end(months)
        return last.replace(day=min(last.day, self.today.day))

    def month_end(self, months: int = 0) -> date:
        year, month = divmod(self.today.month + months, 12)
        return date(self.today.year + year, month + 1, 1) - timedelta(days=1)

    def end_of_month_named(self, month: int) -> date:
        """The last day of the next such month; of this one, while it runs."""
        return self.month_end((month - self.today.month) % 12)

    def next_weekday(self, weekday: int) -> date:
        """Said on a Friday, Friday is the next one."""
        return self.in_days((weekday - self.today.weekday()) % 7 or 7)

    def next_week(self, weekday: int) -> date:
        return self.in_days(7 + weekday - self.today.weekday())

    def this_week(self) -> date:
        """Its Friday; said on a Saturday or Sunday, that Sunday."""
        weekday = self.today.weekday()
        return self.in_days(4 - weekday if weekday < 5 else 6 - weekday)

    def dated(self, day: int, month: int, year: int | None = None) -> date | None:
        """The next such date; none where the last one is only a season ago, because that is the one talked about.

        Of a year that is named, that one, if it is still to come.
        """
        if year is not None:
            return self._exactly(day, month, year)
        found = next((each for each in self._days(366) if (each.day, each.month) == (day, month)), None)
        return None if found is None or found > self.in_days(366 - _A_SEASON) else found

    def numbered(self, day: int, after: date | None = None) -> date | None:
        """The next day with that number: "el día 24", "by the 30th"; the next after a day."""
        return next((each for each in self._days(93) if each.day == day and (after is None or each > after)), None)

    def numbered_weekday(self, weekday: int, day: int) -> date | None:
        """The nearest day that fits both: "el viernes 24"; where it has passed, none."""
        near = (self.in_days(away) for ahead in range(62) for away in (ahead, -ahead))
        found = next((each for each in near if (each.weekday(), each.day) == (weekday, day)), None)
        return found if found is None or found >= self.today else None

    def _exactly(self, day: int, month: int, year: int) -> date | None:
        try:
            found = date(year, month, day)
        except ValueError:
            return None
        return found if found >= self.today else None

    def _days(self, many: int) -> Iterator[date]:
        return map(self.in_days, range(many))
