"""What lies before somebody who works at a desk: one transaction, with its line in the audit log.

The rules are the pipeline's and the rows the store's. A deed is a function of the papers; the store runs it once for a
press, keeps its line, and undoes all of it when the function raises NotDone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from bot.domain.action import Alert, Ask, Reply
from bot.domain.agent import Agent, Deed
from bot.domain.case import Case
from bot.domain.customer import CustomerId
from bot.domain.deskwork import AuditLine, Erased, HeldDraft, QueueFilter
from bot.domain.experience import Experience
from bot.domain.interaction import Interaction
from bot.domain.mention import Mention, MentionId
from bot.domain.outbox import Job, JobId, Ruling
from bot.domain.promise import Promise
from bot.domain.reason import Reason, Value
from bot.domain.situation import Situation
from bot.domain.voice import EmployeeVoice

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One press of a button: who did what, about which case. The same `key` twice is one deed."""

    key: str
    by: Agent
    deed: Deed
    at: datetime
    case_key: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[T]):
    """The answer to a press and what the audit log says of it: `about` which thing, `detail` in labels and numbers.

    One that is not `kept` changed nothing, and leaves no line.
    """

    answer: T
    case_key: int | None = None
    about: str = ""
    detail: Mapping[str, Value] = field(default_factory=dict)
    kept: bool = True


class Papers(Protocol):
    """One transaction's view. Nothing here judges."""

    def case(self, key: int) -> Case | None: ...
    def is_erased(self, customer_id: CustomerId) -> bool:
        """Whether they asked to be forgotten, and were."""
        ...

    def kept(self, case: Case) -> Case:
        """The case into which it was merged in the end; itself where it was not."""
        ...

    def situation(self, case: Case, now: datetime) -> Situation | None:
        """As it stands at the customer's newest post in the case; None when none is left."""
        ...

    def situation_at(self, mention_id: MentionId, now: datetime) -> Situation | None:
        """As it stands at one post."""
        ...

    def last_line(self, case: Case) -> str: ...
    def heard_since(self, case: Case, line: str) -> tuple[Interaction, ...]:
        """What the customer said in the case after that line."""
        ...

    def draft(self, job_id: JobId) -> HeldDraft | None:
        """Any answer or question in the outbox, with its texts, whatever became of it."""
        ...

    def held(self, limit: int) -> list[HeldDraft]:
        """What waits for a person anywhere, the most urgent first."""
        ...

    def drafts_of(self, case: Case) -> list[HeldDraft]:
        """What waits for a person in a case, newest first."""
        ...

    def who_decided(self, job: Job) -> str | None:
        """The name of whoever let it go or rejected it."""
        ...

    def job_with_key(self, key: str) -> Job | None: ...
    def write(self, key: str, reply: Reply, situation: Situation, ruling: Ruling, by: Agent) -> Job:
        """An answer in a person's words, on its way or held as the ruling says."""
        ...

    def let_go(self, job: Job, by: Agent, now: datetime) -> Job: ...
    def reword(self, job: Job, text: str, ruling: Ruling, by: Agent, now: datetime) -> Job:
        """Other words by another writer; the earlier are kept."""
        ...

    def drop(self, job: Job, why: Reason) -> Job: ...
    def promise(self, promise: Promise, case: Case) -> Promise: ...
    def promise_with(self, promise_id: str) -> Promise | None: ...
    def promised_in(self, case: Case) -> list[Promise]:
        """What is promised in the case and nobody has settled, the next due first."""
        ...

    def promises_kept(self, case: Case, now: datetime) -> None:
        """Whatever was promised in the case was done: somebody has solved it."""
        ...

    def say(self, voice: EmployeeVoice) -> EmployeeVoice: ...
    def voice(self, voice_id: str) -> EmployeeVoice | None: ...
    def voices(self, since: datetime, until: datetime) -> list[EmployeeVoice]: ...
    def vote(self, voice: EmployeeVoice, by: Agent) -> EmployeeVoice: ...
    def mention(self, mention_id: MentionId) -> Mention | None:
        """Unless its author took it back."""
        ...

    def experiences(self, mention_id: MentionId) -> list[Experience]:
        """Those that count."""
        ...

    def reread(self, mention_id: MentionId, lived: Sequence[Experience], now: datetime) -> Case | None:
        """These count in the place of what did. Returns the case, if it was in one, as it is now."""
        ...

    # --- what is done with a case ---

    def keep(self, case: Case) -> Case: ...
    def set_aside(self, case: Case, by: Agent) -> None:
        """What was heard in it is not about the brand and counts nowhere, until the case is taken up again."""
        ...

    def meet(self, agent: Agent, now: datetime) -> None:
        """Remember how somebody is called."""
        ...

    def name_of(self, agent_id: str) -> str: ...
    def names(self, ids: Collection[str]) -> Mapping[str, str]: ...
    def note(self, case: Case, text: str, *, key: str, by: Agent, at: datetime) -> None:
        """An internal line of its history."""
        ...

    def alert(self, case: Case, alert: Alert, *, key: str, now: datetime, due: datetime) -> bool:
        """On its way to the people on watch; False when it was before."""
        ...

    def ask(  # noqa: PLR0913 - whom, what, and when
        self, case: Case, question: Ask, ruling: Ruling, *, key: str, by: Agent, now: datetime, due: datetime
    ) -> None:
        """A question on its way, on a person's word."""
        ...

    def move(self, case: Case, into: Case) -> None:
        """Everything that was filed in one case is filed in the other."""
        ...

    def pause(self, by: Agent, now: datetime) -> None: ...
    def resume(self) -> None: ...
    def to_wake(self, now: datetime) -> list[Case]: ...
    def to_answer(self, since: datetime, now: datetime) -> list[Case]: ...
    def to_solve(self, since: datetime, now: datetime) -> list[Case]: ...
    def to_keep(self, since: datetime, now: datetime) -> list[tuple[Case, Promise]]: ...
    def queue(self, wanted: QueueFilter) -> list[Case]: ...
    def find(self, words: str, limit: int) -> list[Case]: ...
    def called(self, who: str, limit: int) -> list[Case]: ...
    def log(self, case: Case, limit: int) -> list[AuditLine]: ...

    def forget(self, customer_id: CustomerId, now: datetime) -> Erased | None:
        """All words and names of a customer, or of who was to become one; None when there is nobody of that id."""
        ...


Work = Callable[[Papers], Done[T]]
Again = Callable[[Papers, AuditLine], T]


class Deeds(Protocol):
    """Does what is asked at a desk, once for each press."""

    async def do(self, press: Press, work: Work[T], again: Again[T]) -> T:
        """One transaction: the work and its line. Pressed twice, `again` answers from what was done the first time.

        NotDone from `work` undoes it, is kept in the audit log, and is raised, the second time too.
        """
        ...

    async def change(self, work: Callable[[Papers], T]) -> T:
        """One transaction that nobody pressed for: no line."""
        ...

    async def look(self, work: Callable[[Papers], T]) -> T:
        """Only read."""
        ...
