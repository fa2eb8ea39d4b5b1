"""Answers that wait for a person, each a message in the channel of approvals until it is decided."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.desk.guild.board import Attached, Look
from bot.desk.guild.controls import draft_controls
from bot.desk.guild.embeds import draft_embed, text_beyond
from bot.desk.guild.notices import Notices
from bot.desk.labels import Labels
from bot.domain.deskwork import HeldDraft
from bot.domain.outbox import JobId, JobState
from bot.domain.ports.record import DeskMessage
from bot.domain.voice import EmployeeVoice


class Written(Protocol):
    """What a drawing asks of `Correspondence`: the answers that wait, and what employees said."""

    async def held(self, limit: int = 25) -> list[HeldDraft]: ...
    async def draft(self, job_id: JobId) -> HeldDraft | None: ...
    async def voices(self, since: datetime, until: datetime) -> list[EmployeeVoice]: ...


Called = Callable[[Collection[str]], Awaitable[Mapping[str, str]]]
"""How agents are called, by their ids."""

_MOST = 50
_PREFIX = "draft:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """What is decided, wherever that was done, loses its buttons and says what became of it."""

    notices: Notices
    written: Written
    called: Called
    words: Labels
    place: int

    async def refresh(self) -> int:
        """Write the new ones, edit what changed, close what is decided. Returns how much was drawn."""
        kept = {message.key: message for message in await self.notices.cards.messages(_PREFIX)}
        held = await self.written.held(_MOST)
        drawn = 0
        for draft in held:
            key = f"{_PREFIX}{draft.job.id}"
            drawn += await self.notices.show(key, self.place, await self._look(draft), kept.pop(key, None))
        for message in kept.values():
            drawn += await self._close(message)
        return drawn

    async def _close(self, message: DeskMessage) -> int:
        draft = await self.written.draft(JobId(int(message.key.removeprefix(_PREFIX))))
        if draft is None:
            return await self.notices.delete(message)
        if draft.job.state is JobState.HELD:
            # more are held than are shown
            return await self.notices.show(message.key, self.place, await self._look(draft), message)
        return await self.notices.close(message, await self._look(draft), under=f"decided:{draft.job.id}")

    async def _look(self, draft: HeldDraft) -> Look:
        people = {form.by for form in draft.forms} | ({draft.approved_by} if draft.approved_by else set())
        names = await self.called(people) if people else {}
        waits, whole = draft.job.state is JobState.HELD, text_beyond(draft)
        return Look(
            embed=draft_embed(draft, self.words, names),
            view=draft_controls(draft, self.words) if waits else None,
            files=(Attached(name=self.words.say("post.file"), content=whole.encode()),) if whole else (),
        )
