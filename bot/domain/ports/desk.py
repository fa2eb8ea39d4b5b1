"""What a desk must offer to the house, and the house to the people at it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from bot.domain.agent import Agent, Deed
from bot.domain.case import Case, Resolution
from bot.domain.customer import CustomerId
from bot.domain.deskwork import (
    AuditLine,
    Erased,
    Escalated,
    HeldDraft,
    Letter,
    QueueFilter,
    Reread,
    Resolved,
    Sending,
    Taken,
)
from bot.domain.digest import DigestText
from bot.domain.experience import Experience
from bot.domain.mention import MentionId
from bot.domain.outbox import JobId, Receipt
from bot.domain.ports.record import CaseFile
from bot.domain.promise import Promise
from bot.domain.reading import Touchpoint, Urgency
from bot.domain.voice import EmployeeVoice


class Desk(Protocol):
    """Where people pick up cases. The same key never makes two posts."""

    name: str

    async def post(self, file: CaseFile, key: str) -> Receipt:
        """The case stands on the desk, as it is now. RateLimited when too many come at once: they come in turn."""
        ...

    async def alert(self, text: str, key: str, *, wakes: bool = False) -> Receipt:
        """Tell the people on watch; `wakes` calls the leads by name."""
        ...

    async def digest(self, text: DigestText, key: str, *, picture: Path | None = None, described: str = "") -> Receipt:
        """An edition, with its picture and what it shows in words."""
        ...


@runtime_checkable
class LivingDesk(Desk, Protocol):
    """A desk that has to be kept in step with the database, and that people act upon."""

    async def refresh(self) -> int:
        """Draw what changed; returns how much was drawn. One of the channel errors when the desk is out of reach."""
        ...


class Casework(Protocol):
    """What people do with cases, whatever desk they sit at. `key` is the number people quote.

    Every method looks at the rank of `by`, does one thing in one transaction with its line in the audit log, and raises
    NotDone with the reason when it may not or cannot be done (that is in the audit log too). `press` names the press
    of the button: the same press twice is one deed, and the second time answers like the first.
    """

    async def admit(self, deed: Deed, by: Agent, *, press: str, key: int | None = None) -> None:
        """Before somebody is asked for more than a press: NotDone for whose rank does not go that far."""
        ...

    async def take(self, key: int, by: Agent, *, press: str) -> Taken: ...

    async def release(self, key: int, by: Agent, *, press: str) -> Case:
        """One's own; somebody else's only a lead may release."""
        ...

    async def assign(self, key: int, to: Agent, by: Agent, *, press: str) -> Case: ...
    async def prioritise(self, key: int, urgency: Urgency, by: Agent, *, press: str) -> Case: ...
    async def note(self, key: int, text: str, by: Agent, *, press: str) -> Case:
        """An internal line of the case's history; no customer ever reads it."""
        ...

    async def snooze(self, key: int, until: datetime | None, by: Agent, *, press: str) -> Case:
        """Until a moment to come, or (None) until the customer writes."""
        ...

    async def escalate(self, key: int, reason: str, by: Agent, *, press: str) -> Escalated:
        """Call the leads, once: at once, or when quiet hours are over."""
        ...

    async def resolve(self, key: int, resolution: Resolution, fixed_by: str, by: Agent, *, press: str) -> Resolved:
        """Close it, and ask the customer one number where policy, fatigue and their wishes allow."""
        ...

    async def reopen(self, key: int, by: Agent, *, press: str) -> Case: ...

    async def merge(self, key: int, into: int, by: Agent, *, press: str) -> Case:
        """`key` becomes a part of `into`, which must be the same customer's. Returns the kept one."""
        ...

    async def pause(self, by: Agent, *, press: str) -> None:
        """Stop everything addressed to a customer."""
        ...

    async def resume(self, by: Agent, *, press: str) -> None: ...

    async def queue(self, wanted: QueueFilter) -> list[Case]: ...
    async def find(self, words: str, limit: int = 10) -> list[Case]:
        """By number, account, name or words that were said; newest first."""
        ...

    async def called(self, who: str, limit: int = 10) -> list[Case]:
        """By number, account or name alone: quick enough for every letter that is typed; newest first."""
        ...

    async def log(self, key: int, limit: int = 20) -> list[AuditLine]:
        """What was done to a case, newest first."""
        ...

    async def names(self, ids: Collection[str]) -> Mapping[str, str]:
        """How the agents of these ids are called; an id that nobody knows stands for itself."""
        ...

    async def seen(self, agents: Collection[Agent]) -> None:
        """Remember how they are called."""
        ...


class Correspondence(Protocol):
    """What people write to customers, promise them, and learn from them. The same rules as `Casework`."""

    async def suggest(self, key: int, by: Agent, *, press: str) -> Letter | None:
        """A draft from the brand's articles and templates, in the case's language; None when nothing fits."""
        ...

    async def letter(self, key: int, by: Agent) -> Letter:
        """What an answer begins with; NotDone when nobody may answer here, with the policy's reason."""
        ...

    async def reply(  # noqa: PLR0913 - what, as whom, and what they knew
        self, key: int, text: str, by: Agent, *, seen: str, press: str, anyway: bool = False, shown: str = ""
    ) -> Sending:
        """Put an answer on its way. Not done when the customer wrote since `seen`, unless `anyway`.

        `shown` is the newest line that a warning told of: `anyway` forgives nothing that came after it.
        """
        ...

    async def draft(self, job_id: JobId) -> HeldDraft | None: ...
    async def held(self, limit: int = 25) -> list[HeldDraft]:
        """What waits for a person, the most urgent first."""
        ...

    async def approve(  # noqa: PLR0913 - which, in whose words, and what they knew
        self,
        job_id: JobId,
        by: Agent,
        *,
        press: str,
        text: str | None = None,
        anyway: bool = False,
        forms: int | None = None,
        shown: str = "",
    ) -> Sending:
        """Let it go, with another text if given: the earlier is kept. Who wrote it may need somebody else's word.

        `forms` is how many texts it had when it was looked at: NotDone where somebody has changed it since. `shown`
        is as for an answer.
        """
        ...

    async def reject(self, job_id: JobId, reason: str, by: Agent, *, press: str) -> HeldDraft: ...

    async def promise(self, key: int, what: str, due: datetime, by: Agent, *, press: str) -> Promise: ...

    async def voice(  # noqa: PLR0913 - what, about what, and as whom
        self,
        text: str,
        by: Agent,
        *,
        press: str,
        key: int | None = None,
        touchpoint: Touchpoint | None = None,
        anonymous: bool = False,
    ) -> EmployeeVoice: ...

    async def vote(self, voice_id: str, by: Agent, *, press: str) -> EmployeeVoice:
        """One vote a person; a second press takes it back."""
        ...

    async def voices(self, since: datetime, until: datetime) -> list[EmployeeVoice]: ...

    async def correct(
        self, mention_id: MentionId, reread: Mapping[str, Reread], by: Agent, *, press: str
    ) -> tuple[Experience, ...]:
        """How a person reads a mention: by experience id. New rows count in the place of the old, which are kept."""
        ...

    async def erase(self, customer_id: CustomerId, by: Agent, *, press: str) -> Erased:
        """Forget a person for good: words, accounts, names. Figures stay; nothing of theirs is taken in again."""
        ...
