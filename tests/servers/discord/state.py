"""What the HTTP side and the gateway both know: the world, the bot and its rights, and what goes wrong today."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from aiohttp import web

from tests.contracts.stage import Fault
from tests.servers.discord import refusals
from tests.servers.discord.limits import Limits
from tests.servers.discord.views import MESSAGE_CONTENT, Eyes, Json
from tests.servers.discord.world import Message, Permission, Room, User, World, moment

TOKEN = "MTk4NjIyNDgzNDcxOTI1MjQ4.canaryBotToken.0123456789abcdefghij"  # noqa: S105 - nobody's


@dataclass(kw_only=True)
class State:
    """`flags` are the application's; `page` bounds a page of history below what is asked for."""

    world: World
    bot: User
    token: str = TOKEN
    flags: int = MESSAGE_CONTENT
    page: int = 100
    nonce_seconds: float = 300.0
    identifies_left: int = 1000
    url: str = ""
    fault: Fault | None = None
    limits: Limits = field(default_factory=Limits)
    shown_before: dict[str, list[Json]] = field(default_factory=dict)

    @property
    def eyes(self) -> Eyes:
        """The bot's, on the HTTP side."""
        return Eyes(world=self.world, viewer=self.bot, contents=bool(self.flags & MESSAGE_CONTENT))

    def room(self, request: web.Request) -> Room:
        """The room of the address, if the bot may know of it."""
        room = self.world.rooms.get(request.match_info["channel_id"])
        if room is None:
            raise refusals.unknown_channel()
        if not self.world.sees(self.bot, room):
            raise refusals.missing_access()
        return room

    def message(self, request: web.Request, room: Room) -> Message:
        found = self.world.messages[room.id].get(request.match_info["message_id"])
        if found is None:
            raise refusals.unknown_message()
        return found

    def demand(self, room: Room, *needed: Permission) -> None:
        has = self.world.permissions(self.bot, room)
        if [one for one in needed if one not in has]:
            raise refusals.missing_permissions()

    def odd(self, rows: Sequence[Json]) -> list[Json]:
        """Rows of an answer while fields come and go."""
        if self.fault is Fault.UNKNOWN_FIELDS:
            return [{**row, "mood": {"new": [1]}, "views": 3} for row in rows]
        if self.fault is Fault.MISSING_FIELDS:
            return [_bare(row) for row in rows]
        return list(rows)

    def said_before(self, author: User, nonce: str) -> Message | None:
        """A message of this author with this nonce, of the past few minutes."""
        since = time.time() - self.nonce_seconds
        for kept in self.world.messages.values():
            for message in kept.values():
                if message.author_id == author.id and message.nonce == nonce and moment(message.id) > since:
                    return message
        return None


def _bare(row: Json) -> Json:
    """Little more than the ids."""
    kept = {name: row[name] for name in ("id", "type", "content", "name", "channel_id", "parent_id") if name in row}
    return kept | ({"author": {"id": row["author"]["id"]}} if "author" in row else {})
