"""One line of a customer's history. Written once, never edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.case import CaseId
from bot.domain.customer import CustomerId
from bot.domain.mention import MentionId

MACHINE, BRAND = "bot", "brand"
"""Actors without a name: the machine, and whoever answers for the brand on a channel itself."""


class Direction(StrEnum):
    """Who spoke to whom."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """`actor` is the customer's handle, `brand`, `bot` or an agent; `key` is the mention id or the outbox key.

    A post that its author edits has a line for every form, the later ones under `<mention id>/edit/<number>`; one
    that its author deletes keeps its lines without their words.
    """

    key: str
    customer_id: CustomerId
    case_id: CaseId | None
    mention_id: MentionId | None
    at: datetime
    direction: Direction
    actor: str
    channel: str
    text: str

    @property
    def is_edit(self) -> bool:
        """Whether this is a later form of something said before: the author changed the post."""
        return self.mention_id is not None and self.key.startswith(f"{self.mention_id}/edit/")
