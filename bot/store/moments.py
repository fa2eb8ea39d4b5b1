"""Times as the database keeps them: whole microseconds since 1970, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """A naive time is a mistake of the programmer and raises TypeError."""
    return (moment - _EPOCH) // _TICK


def micros_or_none(moment: datetime | None) -> int | None:
    """The same for a time that may not have come yet."""
    return None if moment is None else (moment - _EPOCH) // _TICK


def moment(value: int) -> datetime:
    """The aware UTC time."""
    return _EPOCH + timedelta(microseconds=value)


def moment_or_none(value: int | None) -> datetime | None:
    """The same for a time that may not have come yet."""
    return None if value is None else _EPOCH + timedelta(microseconds=value)
