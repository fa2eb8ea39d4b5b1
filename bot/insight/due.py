"""Which daily digests are due: each local day once, whatever the clocks do."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CATCH_UP_DAYS = 7


def due_days(now: datetime, *, zone: ZoneInfo, at: time, kept: Collection[date], heard_since: date) -> list[date]:
    """The local days whose digest should exist at `now` and does not, oldest first.

    A day is due from `at` local time on the day after it. After a longer absence the last seven days are caught up
    with; days before the first mention, and days before the newest kept one, are never made later: a clock that was
    set back cannot ask for old days again.
    """
    newest = now.astimezone(zone).date() - timedelta(days=1)
    if due_since(newest, zone=zone, at=at).astimezone(UTC) > now:
        newest -= timedelta(days=1)
    oldest = max([newest - timedelta(days=CATCH_UP_DAYS - 1), heard_since, *(day + timedelta(days=1) for day in kept)])
    return [oldest + timedelta(days=offset) for offset in range((newest - oldest).days + 1)]


def due_since(day: date, *, zone: ZoneInfo, at: time) -> datetime:
    """The moment at which the digest of `day` was due: the first one where the clock shows `at` twice that night."""
    return datetime.combine(day + timedelta(days=1), at, zone)
