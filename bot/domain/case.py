"""One problem of one customer, until the loop is closed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from bot.domain.customer import CustomerId
from bot.domain.errors import CaseClosed
from bot.domain.mention import MentionId
from bot.domain.reading import Touchpoint, Urgency

CaseId = NewType("CaseId", str)
_CROSSED = timedelta(minutes=15)


class CaseState(StrEnum):
    """Where a case stands: new (nobody answered), in progress, waiting for the customer, resolved."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    RESOLVED = "resolved"


class Outcome(StrEnum):
    """How the loop was closed: only the customer's own next words or score prove a recovery."""

    RECOVERED = "recovered"
    NOT_RECOVERED = "not_recovered"
    NO_ANSWER = "no_answer"


class Resolution(StrEnum):
    """Why an agent closed a case. Whether the customer was won back is `Outcome`, and only they can say so."""

    SOLVED = "solved"
    INFORMED = "informed"
    NOT_OURS = "not_ours"
    NOT_ABOUT_US = "not_about_us"
    NO_REPLY = "no_reply"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """Put aside at `since` until a moment, or (None) until the customer writes; their next words end it anyway."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A frozen value: transitions are methods that return the new case. `key` is the number people quote."""

    id: CaseId
    key: int
    customer_id: CustomerId
    channel: str
    thread_id: str
    opened_by: MentionId
    touchpoints: tuple[Touchpoint, ...]
    state: CaseState
    urgency: Urgency
    opened_at: datetime
    updated_at: datetime
    first_answer_due: datetime
    solve_due: datetime
    first_answered_at: datetime | None = None
    resolved_at: datetime | None = None
    outcome: Outcome | None = None
    assignee: str | None = None
    reopened: int = 0
    taken_at: datetime | None = None
    snooze: Snooze | None = None
    escalated_at: datetime | None = None
    resolution: Resolution | None = None
    fixed_by: str | None = None
    merged_into: CaseId | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes something."""
        return self.state is not CaseState.RESOLVED

    def heard_again(
        self, at: datetime, touchpoints: tuple[Touchpoint, ...], urgency: Urgency, *, answered: datetime | None = None
    ) -> Case:
        """The customer wrote about it: it is in progress, as urgent as the most urgent word so far.

        Their words may be heard of late. Those from before they were won back, or from well before the brand's last
        answer (`answered`) and no more urgent than the case, are filed and move nothing.
        """
        known = replace(
            self,
            touchpoints=self.touchpoints + tuple(t for t in touchpoints if t not in self.touchpoints),
            urgency=max(self.urgency, urgency, key=lambda u: u.rank),
            updated_at=max(self.updated_at, at),
            snooze=None,
        )
        if self._won_back_since(at) or (self._answered_since(at, answered) and known.urgency is self.urgency):
            return known
        return replace(
            known,
            state=CaseState.NEW if self.first_answered_at is None else CaseState.IN_PROGRESS,
            resolved_at=None,
            outcome=None,
            reopened=self.reopened + (0 if self.is_open else 1),
            escalated_at=self.escalated_at if self.is_open else None,
            resolution=None,
            fixed_by=None,
        )

    def _won_back_since(self, at: datetime) -> bool:
        return self.outcome is Outcome.RECOVERED and self.resolved_at is not None and at < self.resolved_at

    def _answered_since(self, at: datetime, answered: datetime | None) -> bool:
        """What was written just before an answer left was not read by whoever wrote it."""
        return self.state is CaseState.WAITING and answered is not None and at < answered - _CROSSED

    def answered(self, at: datetime, *, decided: datetime | None = None) -> Case:
        """The brand answered: the first-answer clock stops at the first time, the customer is next.

        One that left or was heard of after the end counts where it was decided, or said, before.
        """
        if not self.is_open:
            before_the_end = self.resolved_at is not None and (decided or at) <= self.resolved_at
            first = self.first_answered_at or (at if before_the_end else None)
            return replace(self, first_answered_at=first, updated_at=max(self.updated_at, at))
        return replace(
            self,
            state=CaseState.WAITING,
            first_answered_at=self.first_answered_at or at,
            updated_at=max(self.updated_at, at),
        )

    def answered_before_their_last_words(self, at: datetime) -> Case:
        """The brand answered, and the customer has written since: it is its turn, unless it answered again.

        What it said before the case began is no answer to it.
        """
        if at < self.opened_at:
            return self
        answered = self.answered(at)
        ours = answered.is_open and self.state is not CaseState.WAITING
        return replace(answered, state=CaseState.IN_PROGRESS) if ours else answered

    def resolved(
        self,
        at: datetime,
        outcome: Outcome | None,
        *,
        resolution: Resolution | None = None,
        fixed_by: str | None = None,
    ) -> Case:
        """The loop is closed: with its proof, or by an agent who says why and what fixed it."""
        return replace(
            self,
            state=CaseState.RESOLVED,
            resolved_at=at,
            outcome=outcome,
            updated_at=max(self.updated_at, at),
            snooze=None,
            resolution=resolution,
            fixed_by=fixed_by,
        )

    def judged(self, outcome: Outcome, at: datetime) -> Case:
        """The customer's own words or score say how it ended."""
        return replace(self, outcome=outcome, updated_at=max(self.updated_at, at))

    def assigned_to(self, agent: str | None, at: datetime | None = None) -> Case:
        """An agent takes it; with None it is anybody's again."""
        if not self.is_open:
            message = f"case #{self.key} is resolved; reopen it first"
            raise CaseClosed(message)
        return replace(
            self,
            assignee=agent,
            taken_at=at if agent is not None else None,
            updated_at=self.updated_at if at is None else max(self.updated_at, at),
        )

    def reopened_at(self, at: datetime) -> Case:
        """An agent takes it up again."""
        state = CaseState.NEW if self.first_answered_at is None else CaseState.IN_PROGRESS
        return replace(
            self,
            state=state,
            resolved_at=None,
            outcome=None,
            escalated_at=None,
            resolution=None,
            fixed_by=None,
            merged_into=None,
            reopened=self.reopened + 1,
            updated_at=max(self.updated_at, at),
        )

    def snoozed(self, at: datetime, until: datetime | None) -> Case:
        """Put aside."""
        return replace(self, snooze=Snooze(since=at, until=until), updated_at=max(self.updated_at, at))

    def awake(self, at: datetime) -> Case:
        """Back among those that want somebody."""
        return replace(self, snooze=None, updated_at=max(self.updated_at, at))

    def joined_by(self, part: Case, at: datetime) -> Case:
        """All of `part` is filed here: as urgent as the more urgent of the two, due when the first still open is."""
        clocks = (self, part) if part.is_open else (self,)
        answered = self._answered_with(part)
        return replace(
            self,
            touchpoints=self.touchpoints + tuple(each for each in part.touchpoints if each not in self.touchpoints),
            urgency=max((case.urgency for case in clocks), key=lambda urgency: urgency.rank),
            first_answer_due=min(case.first_answer_due for case in clocks),
            solve_due=min(case.solve_due for case in clocks),
            first_answered_at=answered,
            state=self._state_with(part, answered),
            escalated_at=min((case.escalated_at for case in clocks if case.escalated_at is not None), default=None),
            updated_at=max(self.updated_at, at),
        )

    def _answered_with(self, part: Case) -> datetime | None:
        """An answer in the part counts as one in the whole unless it came before the whole began."""
        moments = (self.first_answered_at, part.first_answered_at)
        return min((at for at in moments if at is not None and at >= self.opened_at), default=None)

    def _state_with(self, part: Case, answered: datetime | None) -> CaseState:
        """It waits for the customer only where neither of the two waits for us."""
        if answered is None:
            return CaseState.NEW
        ours = self.state is not CaseState.WAITING or part.state in {CaseState.NEW, CaseState.IN_PROGRESS}
        return CaseState.IN_PROGRESS if ours else CaseState.WAITING
