"""Read when a server wants us back: after so many seconds, or at a moment by its own clock; nonsense says nothing."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.domain.errors import LONGEST_WAIT


def bounded(seconds: float | None) -> float | None:
    """At least a second and at most a day; None for what is no length of time."""
    if seconds is None or not math.isfinite(seconds):
        return None
    return min(max(seconds, 1.0), LONGEST_WAIT)


def number(told: str | None) -> float | None:
    """What a header says in digits."""
    try:
        found = float(told or "")
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def until(moment: float | None, headers: Mapping[str, str]) -> float | None:
    """Seconds until `moment`, in seconds since 1970, by the server's own clock where it tells the time."""
    if moment is None:
        return None
    now = _moment(headers.get("Date"))
    return bounded(moment - (time.time() if now is None else now))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, as `Retry-After` says them: a number, or the date at which it is over (RFC 9110, 10.2.3)."""
    told = headers.get("Retry-After")
    seconds = number(told)
    return until(_moment(told), headers) if seconds is None else bounded(seconds)


def _moment(told: str | None) -> float | None:
    try:
        found: datetime = parsedate_to_datetime(told or "")
        # a date without a zone is in UTC, and not where we are
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
