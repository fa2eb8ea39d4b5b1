"""All that a decision may look at, and what it decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.action import Action
from bot.domain.case import Case, CaseId
from bot.domain.customer import Customer
from bot.domain.experience import Experience
from bot.domain.interaction import Interaction
from bot.domain.mention import Mention
from bot.domain.outbox import Ruling
from bot.domain.promise import Pledge
from bot.domain.reading import Reading
from bot.domain.survey import Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A claimed mention with its reading (None for the brand's own posts, which are not read)."""

    mention: Mention
    reading: Reading | None
    pledges: tuple[Pledge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the database counts for the policy, in the same transaction in which the decision is stored.

    Automatic replies are outbox rows of kind `reply` or `ask` whose verdict was SEND and that were not dropped.
    """

    auto_replies_in_conversation: int = 0
    auto_replies_to_author_today: int = 0
    auto_replies_this_hour: int = 0
    auto_replies_today: int = 0
    last_survey: Survey | None = None
    author_is_automated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One mention, read, with its customer, the customer's cases (newest first), recent history and facts.

    `thread_case` is the case of the customer's last words in the same conversation, which may have been opened
    elsewhere. `case` is the one this mention belongs to, once that is decided; `now` is the time to decide with.
    """

    mention: Mention
    reading: Reading
    customer: Customer
    cases: tuple[Case, ...]
    history: tuple[Interaction, ...]
    facts: Facts
    now: datetime
    thread_case: CaseId | None = None
    experiences: tuple[Experience, ...] = ()
    case: Case | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One action, who proposed it, and what the policy said."""

    action: Action
    responder: str
    ruling: Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Everything a mention leads to. The store writes it in one transaction; a new case has key 0 until then."""

    experiences: tuple[Experience, ...] = ()
    case: Case | None = None
    actions: tuple[Decided, ...] = ()
    opts_out: bool = False
    survey_answer: int | None = None
    spoken_language_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What the store made of one mention: the case with its key, the number of experiences and jobs written."""

    mention: Mention
    case: Case | None
    experiences: tuple[Experience, ...]
    jobs: int
