"""Who is speaking, across channels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from bot.domain.mention import Handle
from bot.domain.reading import Language

CustomerId = NewType("CustomerId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One person the brand deals with. `language` is the one they last wrote in; opted out means: never write first.

    `opted_out_at` is when they asked for it last: who writes to us later may be answered by a person.
    """

    id: CustomerId
    handles: tuple[Handle, ...]
    name: str
    language: Language | None
    first_seen: datetime
    opted_out: bool = False
    tags: frozenset[str] = frozenset()
    erased_at: datetime | None = None
    opted_out_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """That a person agreed to be known across platforms: where and how they said so, and who wrote it down when."""

    words: str
    noted_by: str
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Two customers who turned out to be one: the accounts that came along, and the consent."""

    handles: tuple[Handle, ...]
    consent: Consent
