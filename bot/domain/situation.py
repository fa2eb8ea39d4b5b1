"""All that a decision may look at, and what it decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.action import Action
from bot.domain.case import Case, CaseId
from bot.domain.customer import Customer
from bot.domain.experience import Experience
from bot.domain.interaction import Direction, Interaction
from bot.domain.mention import Mention
from bot.domain.outbox import Ruling
from bot.domain.promise import Pledge, Promise
from bot.domain.reading import Reading
from bot.domain.survey import Survey, score_in

SURVEY_ANSWERED_WITHIN = timedelta(days=7)
# between ours and that of a channel, which dates posts, and may tell us our own question
_CLOCKS_DIFFER = timedelta(minutes=1)


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
    elsewhere. `case` is the one this mention belongs to, once that is decided; `next_case_key` is the number that a new
    one will get, and `now` the time to decide with. `promised` is what the customer was promised there and is still
    to come. A mention that was decided upon in an earlier form is `edited`; `before` is how that form was read.
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
    next_case_key: int = 0
    promised: tuple[Promise, ...] = ()
    edited: bool = False
    before: Reading | None = None

    @property
    def case_key(self) -> int | None:
        """The number that people quote for the case of this mention; of a new one, the number that it will get."""
        return None if self.case is None else self.case.key or self.next_case_key or None


def survey_answer(situation: Situation) -> int | None:
    """The number that answers a question of the last week, or None; after other words of the brand it answers those."""
    survey, mention = situation.facts.last_survey, situation.mention
    if survey is None or not survey.left or survey.answer is not None:
        return None
    since = mention.posted_at - survey.asked_at
    if not -_CLOCKS_DIFFER <= since <= SURVEY_ANSWERED_WITHIN or _spoken_since(survey, situation):
        return None
    return score_in(mention.text, survey.kind)


def _spoken_since(survey: Survey, situation: Situation) -> bool:
    """Whether the brand wrote in the case of this conversation after it asked; the question itself may be heard too."""
    case, channel, asked = situation.thread_case, situation.mention.channel, survey.asked_at + _CLOCKS_DIFFER
    return case is not None and any(
        line.case_id == case
        and line.channel == channel
        and line.direction is Direction.OUTBOUND
        and line.key != survey.id
        and asked < line.at < situation.mention.posted_at
        for line in situation.history
    )


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What the store made of one mention: the case with its key, the number of experiences and jobs written."""

    mention: Mention
    case: Case | None
    experiences: tuple[Experience, ...]
    jobs: int
