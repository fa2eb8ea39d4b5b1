"""A decided action on its way out, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from bot.domain.action import Action
from bot.domain.case import CaseId
from bot.domain.customer import CustomerId
from bot.domain.mention import Mention, MentionId
from bot.domain.promise import Pledge
from bot.domain.reason import Why

JobId = NewType("JobId", int)

LONGEST_WAIT = timedelta(hours=1)
"""How long what met a fault waits at most before it is looked at again."""


class Verdict(StrEnum):
    """The policy's word: send it, show it to a person first, only write down what would have been sent, or refuse."""

    SEND = "send"
    APPROVE = "approve"
    SHADOW = "shadow"
    BLOCK = "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A verdict with its reason, stored and shown with the action."""

    verdict: Verdict
    reason: Why


class Lane(StrEnum):
    """Who is at the other end. What is said to customers never waits behind what is shown in the house."""

    CUSTOMERS = "customers"
    HOUSE = "house"


class JobState(StrEnum):
    """Pending → sending → sent | unknown | dead. Held waits for a person; withheld and dropped never leave."""

    PENDING = "pending"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    DEAD = "dead"
    WITHHELD = "withheld"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a channel or desk gave back for something that was sent; `url` where people can look at it."""

    external_id: str
    at: datetime
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The outbox row. `key` is the idempotency key: one decision has one key for ever.

    `written_by` is the person whose words these are (None: the machine's), `approved_by` who let it go.
    """

    id: JobId
    key: str
    mention_id: MentionId
    customer_id: CustomerId
    case_id: CaseId | None
    action: Action
    responder: str
    ruling: Ruling
    state: JobState
    attempts: int
    decided_at: datetime
    due_at: datetime
    error: Why | None = None
    receipt: Receipt | None = None
    written_by: str | None = None
    approved_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A claimed job with all the dispatcher needs; `ambiguous` when an earlier attempt may already have been heard.

    `beside` are the receipts of whatever else was said to the same mention, by their jobs' keys; `doubt_beside` says
    that something else may have been heard there of which there is none.
    """

    job: Job
    mention: Mention
    ambiguous: bool
    beside: Mapping[str, Receipt] = field(default_factory=dict)
    doubt_beside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A job that was done, its receipt, and what a person's words promised whoever got them."""

    job: Job
    receipt: Receipt
    pledges: tuple[Pledge, ...] = ()
