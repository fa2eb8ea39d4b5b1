"""A time named in a text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class Moment:
    """Where it stands, and the last moment it means; with a day alone or an hour alone, which one.

    `counted`: it runs from now ("within 5 days"). `passed`: what it names was only lately ("el 11", said on the 15th).
    """

    start: int
    end: int
    due: datetime
    day: date | None = None
    clock: time | None = None
    counted: bool = False
    passed: bool = False
