"""Interactions: what somebody did at their screen, and what they were shown for it."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from tests.servers.discord.state import State
from tests.servers.discord.views import Json
from tests.servers.discord.world import Message, Room, User


class Kind(IntEnum):
    """What was done."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Reply(IntEnum):
    """How the bot answers first."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(kw_only=True)
class Shown:
    """A message that answers an interaction, as the person sees it; `loading` until a deferred one is filled."""

    id: str
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    ephemeral: bool = False
    loading: bool = False
    deleted: bool = False
    message: Message | None = None
    of: Outcome | None = None

    @property
    def text(self) -> str:
        """Everything readable in it."""
        told = [self.content]
        for embed in self.embeds:
            told += [embed.get("title") or "", embed.get("description") or ""]
            told += [f"{each['name']} {each['value']}" for each in embed.get("fields") or []]
        return "\n".join(each for each in told if each)


class Outcome:
    """One interaction, seen by who made it."""

    def __init__(self, state: State, user: User, room: Room, kind: Kind, data: Json, locale: str) -> None:  # noqa: PLR0913, PLR0917
        self.id, self.token = state.world.snowflake(), secrets.token_urlsafe(48)
        self.user, self.room, self.kind, self.data, self.locale = user, room, kind, data, locale
        self.began = time.monotonic()
        self.opened_by: Outcome | None = None
        self.source: Message | None = None
        self.source_shown: Shown | None = None
        self.reply: Reply | None = None
        self.failed = False
        self.modal: Json | None = None
        self.choices: list[Json] = []
        self.messages: list[Shown] = []
        self._changed = asyncio.Event()
        self._late = asyncio.get_running_loop().call_later(state.answer_seconds, self._fail)

    @property
    def text(self) -> str:
        """All that was answered, oldest first."""
        return "\n".join(one.text for one in self.messages if not one.deleted and one.text)

    @property
    def is_over(self) -> bool:
        """Whether there is something to see, or never will be."""
        if self.failed or self.modal is not None or self.reply in {Reply.CHOICES, Reply.UPDATE}:
            return True
        if self.reply is Reply.DEFERRED_UPDATE:
            return bool(self.messages) or self._touched
        return self.reply is not None and bool(self.messages) and not self.messages[0].loading

    _touched = False

    async def answer(self, seconds: float = 10.0) -> Outcome:
        """Wait until there is something to see: a message, a modal, choices, a change, or a failure."""
        return await self.until(lambda outcome: outcome.is_over, seconds)

    async def until(self, fits: Callable[[Outcome], bool], seconds: float = 10.0) -> Outcome:
        """Wait for something that comes later: an edit, a further message."""
        async with asyncio.timeout(seconds):
            while not fits(self):
                self._changed.clear()
                await self._changed.wait()
        return self

    async def acknowledged(self, seconds: float = 10.0) -> Outcome:
        """Wait for the first answer of any kind, a deferral too."""
        return await self.until(lambda outcome: outcome.reply is not None or outcome.failed, seconds)

    def changed(self) -> None:
        self._late.cancel()
        self._changed.set()

    def touched(self) -> None:
        """The message it came from was changed by an answer."""
        self._touched = True
        self.changed()

    def _fail(self) -> None:
        if self.reply is None:
            self.failed = True
            self._changed.set()
