"""One moment of contact as it was lived: the ledger's row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.domain.customer import CustomerId
from bot.domain.mention import MentionId
from bot.domain.reading import Sentiment, Stage, Touchpoint

ExperienceId = NewType("ExperienceId", str)


class Effort(StrEnum):
    """How much work the customer had, as told in their own words (the idea behind CES)."""

    LOW = "low"
    HIGH = "high"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """Append-only: a correction is a new row that names who made it.

    `touchpoint` is None when the text shows a feeling or a wish but no place of contact; `own` names the owner's own
    touchpoint within it. `evidence` and `expectation` are exact substrings of the mention's text. `what` is the main
    intent.
    """

    id: ExperienceId
    customer_id: CustomerId
    mention_id: MentionId
    stage: Stage | None
    touchpoint: Touchpoint | None
    what: str
    sentiment: Sentiment
    effort: Effort
    evidence: str
    expectation: str | None
    confidence: float
    model: str
    at: datetime
    corrected_by: str | None = None
    own: str | None = None
