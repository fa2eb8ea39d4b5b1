"""A time named in a text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class Moment:
    """Where it stands, and the last moment it means; with a day alone or an hour alone, which one."""

    start: int
    end: int
    due: datetime
    day: date | None = None
    clock: time | None = None
