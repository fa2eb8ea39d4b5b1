"""What a look at the installation finds: good, to be watched, or broken, each with its reason and cure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.reason import Why


class Grade(StrEnum):
    """Good; works, but should be looked at; does not work."""

    GOOD = "good"
    WATCH = "watch"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: `part` is `home`, `database`, `model`, `desk`, `outbox` or `channel <name>`."""

    part: str
    grade: Grade
    what: Why
