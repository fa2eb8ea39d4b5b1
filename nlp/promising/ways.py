"""A way to write a day, and the day that it means."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from nlp.alternatives import phrases
from nlp.promising.brand_days import BrandDays
from nlp.promising.names import MONTH_BESIDE_A_NUMBER, SHORT_WEEKDAY, WEEKDAY

Found = re.Match[str]

MONTH_NAME = rf"\b{MONTH_BESIDE_A_NUMBER}\b"
ANY_WEEKDAY = f"{WEEKDAY}|{SHORT_WEEKDAY}"
# "Monday's outage" tells of no time to come, "in Monday's post" does
ITS_OWN = (
    r"['’]s\b(?!\s+(?:post|mail|run|van|bag|batch|truck|delivery|shipment|dispatch|collection|clinic|statement)\b)"
)
AT_THE_LATEST = (
    r"(?:at\s+the\s+(?:very\s+)?latest|no\s+later\s+than|como\s+(?:muy\s+)?(?:tarde|mucho|m[áa]ximo)"
    r"|a\s+m[áa]s\s+tardar)"
)
NEXT_WEEK = phrases("""
    la semana que viene, semana que viene, la semana que entra, semana que entra, la semana próxima, la semana
    entrante, la próxima semana, próxima semana, la siguiente semana, next week, the following week, the coming week
""")


@dataclass(frozen=True, slots=True)
class Way:
    """How a day is written, and which it means, None where none is; without its `cue` it need not be tried.

    A group `before` in the pattern says that the day is the first that is too late.
    """

    cue: str
    pattern: str
    meant: Callable[[Found, BrandDays], date | None]
