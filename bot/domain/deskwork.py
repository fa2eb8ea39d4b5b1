"""What people at a desk ask for and are told: values between a desk's front and the work behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.agent import Deed
from bot.domain.case import Case, CaseState
from bot.domain.interaction import Interaction
from bot.domain.outbox import Job, Ruling
from bot.domain.promise import Promise
from bot.domain.reading import Intent, Language, Sentiment, Stage, Touchpoint, Urgency
from bot.domain.reason import Value, Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The case as it is now; `won` for the one of several pressers who got it, the others see whose it is."""

    case: Case
    won: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """`first` is false when it had been escalated before: then nobody was called again.

    `rings_at` is when the leads are called: at once, or when quiet hours are over.
    """

    case: Case
    first: bool
    rings_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """`question` says whether the customer is asked for a number, and why or why not; `owed` what stays promised."""

    case: Case
    question: Ruling
    owed: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What an agent starts from when they answer: a draft to begin with, and what the channel and the policy say.

    `seen` is the customer's last line so far: sent back with the answer, it tells whether they wrote meanwhile.
    """

    case: Case
    draft: str
    sources: tuple[str, ...]
    language: Language
    limit: int
    ruling: Ruling
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What became of an answer. Held ones wait for a second person; `newer` is what the customer wrote meanwhile.

    `answered_by` is who of the brand has answered meanwhile, `resolved_by` the colleague who has just ended the case.
    With any of these nothing was done: whoever wants it sent all the same says so.
    """

    job: Job | None
    ruling: Ruling
    newer: tuple[Interaction, ...] = ()
    answered_by: str | None = None
    resolved_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftForm:
    """One text of a draft: the first is the machine's or its author's, later ones are edits."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDraft:
    """An answer that waits for a person, with the texts it had and what the customer wrote since it was drafted."""

    job: Job
    case: Case | None
    forms: tuple[DraftForm, ...]
    newer: tuple[Interaction, ...]
    approved_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """How a person reads one experience of a mention; None keeps what was read."""

    stage: Stage | None = None
    touchpoint: Touchpoint | None = None
    sentiment: Sentiment | None = None
    intents: tuple[Intent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """Who did what to which case or thing when; `refused` says why it was not done."""

    at: datetime
    agent_id: str
    agent_name: str
    deed: Deed
    case_key: int | None
    about: str
    detail: Mapping[str, Value] = field(default_factory=dict)
    refused: Why | None = None


class QueueOrder(StrEnum):
    """Urgent first and then by the clock that runs out first; or the newest first."""

    DUE = "due"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Which open cases; snoozed ones only when asked for."""

    state: CaseState | None = None
    assignee: str | None = None
    unassigned: bool = False
    urgency: Urgency | None = None
    touchpoint: Touchpoint | None = None
    snoozed: bool = False
    order: QueueOrder = QueueOrder.DUE
    limit: int = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was forgotten of a customer: how many of each, and the cases whose posts a desk must take down.

    `shown` are the keys under which a desk may have shown their words elsewhere: alerts, and drafts that waited.
    """

    mentions: int
    interactions: int
    cases: tuple[Case, ...]
    shown: tuple[str, ...] = ()
