"""What the books tell of one customer, case, mention or card, and of the whole house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.case import Case, CaseId
from bot.domain.customer import Customer, Merge
from bot.domain.experience import Experience
from bot.domain.interaction import Interaction
from bot.domain.mention import Form, Mention
from bot.domain.outbox import Job
from bot.domain.promise import Promise
from bot.domain.reading import Reading
from bot.domain.reason import Why
from bot.domain.situation import Decided
from bot.domain.survey import Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """How people read one mention: their experiences of it together take the place of the model's.

    Who found that it is not about the brand at all leaves none: `not_about_brand_by` names them.
    """

    mention: Mention
    experiences: tuple[Experience, ...]
    not_about_brand_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A post that nobody has read in the form it has now.

    `state` is `waiting`, `quarantined`, or `done` for one that its author deleted before its turn.
    """

    mention: Mention
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One customer's story: newest `limit` lines of each, oldest first.

    Of somebody of whom nothing was read yet it holds what is `unread`, and nothing else. `names` is how the agents in
    it are called, by their ids.
    """

    customer: Customer
    interactions: tuple[Interaction, ...]
    experiences: tuple[Experience, ...]
    cases: tuple[Case, ...]
    promises: tuple[Promise, ...]
    surveys: tuple[Survey, ...]
    merges: tuple[Merge, ...] = ()
    unread: tuple[Unread, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """One case with everything an agent needs.

    `last_heard` is the customer's newest post in it and `reading` how that was read; `score` the customer's newest
    answer to a question of ours, `before` the last case of theirs that was closed before this one was opened, `names`
    how the agents in it are called, by their ids, and `links` where our answers stand, by their jobs' keys.
    """

    case: Case
    customer: Customer
    interactions: tuple[Interaction, ...]
    experiences: tuple[Experience, ...]
    jobs: tuple[Job, ...]
    promises: tuple[Promise, ...]
    opened_by: Mention
    earlier_experiences: int
    last_heard: Mention | None = None
    reading: Reading | None = None
    score: Survey | None = None
    before: Case | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Which text, which reading, which rule, which policy, and why. `forms` are earlier texts, oldest first."""

    mention: Mention
    state: str
    error: Why | None
    reading: Reading | None
    customer: Customer | None
    case: Case | None
    experiences: tuple[Experience, ...]
    decided: tuple[Decided, ...]
    jobs: tuple[Job, ...]
    forms: tuple[Form, ...] = ()
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The whole house in numbers: what `status` and `simulate --json` print.

    `actions` is kind → verdict → number; `jobs` state → number; `replies` those the channels have receipts for;
    `overtaken` posts of the last month that were not taken in because their deletion came first.
    """

    mentions: int
    brand_posts: int
    customers: int
    experiences: int
    cases: int
    open_cases: int
    promises: int
    actions: Mapping[str, Mapping[str, int]]
    jobs: Mapping[str, int]
    replies: int
    waiting: int
    quarantined: int
    overtaken: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCard:
    """Where a case stands on the desk. `stale` counts changes that are not drawn yet; hand it back when they are.

    `tried_at`: of a card without a post, when one was first begun that may stand there without our knowing.
    """

    case_id: CaseId
    place: str | None
    message: str | None
    stale: int
    told: int
    drawn: str | None
    trouble: str | None = None
    tried_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskMessage:
    """Something else that stands on the desk under its key."""

    key: str
    place: str
    message: str
    drawn: str
