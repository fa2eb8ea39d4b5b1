"""What the HTTP side and the gateway both know: the world, the bot and its rights, and what goes wrong today."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.contracts.stage import Fault
from tests.servers.discord import refusals
from tests.servers.discord.forms import File
from tests.servers.discord.limits import Limits
from tests.servers.discord.views import MESSAGE_CONTENT, Eyes, Json
from tests.servers.discord.world import Guild, Message, Permission, Room, User, World, moment

TEN_MINUTES = 600.0
TOKEN = "MTk4NjIyNDgzNDcxOTI1MjQ4.canaryBotToken.0123456789abcdefghij"  # noqa: S105 - nobody's


@dataclass(kw_only=True)
class Storm:
    """The next `times` calls of a route end with `status`; `stored`: what they asked for has happened all the same."""

    method: str
    path: str
    times: int
    status: int = 502
    stored: bool = False


@dataclass(kw_only=True)
class State:
    """`flags` are the application's; `page` bounds a page of history below what is asked for.

    `answer_seconds` and `token_seconds` are an interaction's; `renames` how often a channel is renamed in ten minutes
    (None: as often as wanted); `banned_after` how many refused calls in ten minutes are too many.
    """

    world: World
    bot: User
    token: str = TOKEN
    flags: int = MESSAGE_CONTENT
    page: int = 100
    nonce_seconds: float = 300.0
    identifies_left: int = 1000
    threads_at_once: int = 1000
    banned_after: int = 10_000
    largest_file: int = 10 * 1024 * 1024
    url: str = ""
    fault: Fault | None = None
    limits: Limits = field(default_factory=Limits)
    shown_before: dict[str, list[Json]] = field(default_factory=dict)
    commands: dict[str, dict[str, Json]] = field(default_factory=dict)
    # by token: `interactions.Outcome`; by message: `interactions.Shown`
    outcomes: dict[str, Any] = field(default_factory=dict)
    whispers: dict[str, Any] = field(default_factory=dict)
    storms: list[Storm] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)
    invalid: deque[float] = field(default_factory=deque)
    renames: int | None = None
    answer_seconds: float = 3.0
    token_seconds: float = 900.0

    @property
    def eyes(self) -> Eyes:
        """The bot's, on the HTTP side."""
        return Eyes(world=self.world, viewer=self.bot, contents=bool(self.flags & MESSAGE_CONTENT))

    def keep_file(self, file: File, told: Json) -> Json:
        """An attachment as it is shown."""
        number = self.world.snowflake()
        self.files[number] = file
        address = f"{self.url}/attachments/{number}/{file.name}"
        shown: dict[str, Any] = {
            "id": number,
            "filename": told.get("filename") or file.name,
            "size": len(file.content),
            "url": address,
            "proxy_url": address,
            "content_type": file.content_type,
        }
        return shown | ({"description": told["description"]} if told.get("description") else {})

    def count_invalid(self) -> int:
        """How many calls of the last ten minutes were refused: with 10,000 Discord bans the address."""
        since = time.time() - TEN_MINUTES
        while self.invalid and self.invalid[0] < since:
            self.invalid.popleft()
        return len(self.invalid)

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

    def guild(self, request: web.Request) -> Guild:
        """The guild of the address, if the bot is in it."""
        guild = self.world.guilds.get(request.match_info["guild_id"])
        if guild is None:
            raise refusals.unknown_guild()
        if self.bot.id not in guild.members:
            raise refusals.missing_access()
        return guild

    def demand_in(self, guild: Guild, *needed: Permission) -> None:
        """The same, of the guild as a whole."""
        has = self.world.permissions_in(guild, self.bot)
        if [one for one in needed if one not in has]:
            raise refusals.missing_permissions()

    def demand_room_for_a_thread(self, guild: str) -> None:
        active = [room for room in self.world.rooms.values() if room.kind.is_thread and not room.archived]
        if len([room for room in active if room.guild_id == guild]) >= self.threads_at_once:
            raise refusals.too_many_threads()

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
