"""What employees hear and think themselves: the voice of the employee beside that of the customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.reading import Touchpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeVoice:
    """`said_by` is None for who wished to stay unnamed: then nobody can find out, the database included."""

    id: str
    text: str
    touchpoint: Touchpoint | None
    case_key: int | None
    said_by: str | None
    at: datetime
    votes: int = 0
