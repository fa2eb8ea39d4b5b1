"""Forums and what a desk sets up: posts with tags, channels and roles made over HTTP, and how a channel is changed."""

from __future__ import annotations

import re
import time
from typing import Any

from aiohttp import web

from tests.servers.discord import refusals
from tests.servers.discord.forms import form_of
from tests.servers.discord.limits import too_many
from tests.servers.discord.messages import demand_for, posted, said_in
from tests.servers.discord.refusals import answer, bad_form
from tests.servers.discord.state import TEN_MINUTES, State
from tests.servers.discord.views import Json, member_shown, role_shown, room_shown
from tests.servers.discord.world import Guild, Kind, Overwrite, Permission, Role, Room

_LONGEST_NAME, _MOST_TAGS, _MOST_APPLIED = 100, 20, 5
_ARCHIVE_AFTER = {60, 1440, 4320, 10080}
_TEXTUAL = {Kind.TEXT, Kind.ANNOUNCEMENT}


class Changes:
    """What a bot makes and changes among channels; `made` and `changed` are called by the routes of rooms."""

    def __init__(self, state: State) -> None:
        self._state, self._world = state, state.world

    def make_channel(self, guild: Guild, body: Json) -> Room:
        """A channel of a guild, with whom it is open to."""
        self._demand_in(guild, Permission.MANAGE_CHANNELS)
        kind, name = Kind(body.get("type") or 0), self._name(body)
        parent = self._world.rooms.get(str(body.get("parent_id") or ""))
        # before anybody is told of it: who may not see it must not hear of it
        room = self._world.room(
            guild,
            name,
            kind,
            parent=parent,
            topic=body.get("topic"),
            overwrites=self._overwrites(guild, body.get("permission_overwrites") or []),
            tags=self._tags([], body.get("available_tags") or []),
        )
        room.position = len(self._world.rooms)
        return room

    def make_role(self, guild: Guild, body: Json) -> Role:
        self._demand_in(guild, Permission.MANAGE_ROLES)
        return self._world.role(guild, body.get("name") or "new role", Permission(int(body.get("permissions") or 0)))

    async def make_post(self, request: web.Request, forum: Room) -> web.Response:
        """A post of a forum, together with its first message."""
        form = await form_of(request)
        body, message = form.body, form.body.get("message") or {}
        self._state.demand(forum, Permission.SEND_MESSAGES)
        said_in(message, form.files)
        demand_for(self._state, forum, message, form.files)
        tags = self._applied(forum, body.get("applied_tags") or [])
        after = int(body.get("auto_archive_duration") or 1440)
        thread = self._world.forum_post(forum, self._name(body), self._state.bot, tags=tags, archive_after=after)
        first = posted(self._state, thread, message, form.files, id=thread.id)
        self._world.announce(thread)
        shown = room_shown(self._world, thread) | {"message": self._state.eyes.message_shown(first)}
        return answer(shown, status=201)

    def change(self, room: Room, body: Json) -> web.Response:
        """Rename, tag, archive, lock, open to others."""
        if room.kind.is_thread:
            self._may_change_thread(room, body)
        else:
            self._state.demand(room, Permission.MANAGE_CHANNELS)
        changes: dict[str, Any] = {}
        if body.get("name") not in {None, room.name}:
            if (refused := self._renamed_too_often(room)) is not None:
                return refused
            changes["name"] = self._name(body)
        changes |= {key: body[key] for key in ("archived", "locked", "topic") if key in body}
        if "auto_archive_duration" in body:
            changes["archive_after"] = int(body["auto_archive_duration"])
        if "applied_tags" in body:
            changes["applied_tags"] = self._applied(self._world.rooms[room.parent_id or ""], body["applied_tags"])
        if "available_tags" in body and room.kind is Kind.FORUM:
            changes["tags"] = self._tags(room.tags, body["available_tags"])
        guild = self._world.guilds.get(room.guild_id or "")
        if body.get("permission_overwrites") is not None and guild is not None:
            changes["overwrites"] = self._overwrites(guild, body["permission_overwrites"])
        self._world.change(room, **changes)
        return answer(room_shown(self._world, room))

    def found(self, guild: Guild, query: str, limit: int) -> list[Json]:
        """Members whose name begins so."""
        users = [self._world.users[one] for one in guild.members]
        return [member_shown(guild, one) for one in users if one.username.casefold().startswith(query.casefold())][
            :limit
        ]

    def _may_change_thread(self, room: Room, body: Json) -> None:
        """Its owner may rename, tag and archive; to lock, and to touch others', one manages threads."""
        mine = room.owner_id == self._state.bot.id
        if not mine or "locked" in body:
            self._state.demand(room, Permission.MANAGE_THREADS)
        else:
            self._state.demand(room, Permission.SEND_MESSAGES_IN_THREADS)
        if room.archived and body.get("archived") is not False:
            raise refusals.archived()

    def _renamed_too_often(self, room: Room) -> web.Response | None:
        """Names change twice in ten minutes, where the state says so."""
        now, most = time.time(), self._state.renames
        room.renamed_at = [at for at in room.renamed_at if at > now - TEN_MINUTES]
        if most is not None and len(room.renamed_at) >= most:
            return too_many(room.renamed_at[0] + TEN_MINUTES - now, {"X-RateLimit-Scope": "shared"})
        room.renamed_at.append(now)
        return None

    def _demand_in(self, guild: Guild, needed: Permission) -> None:
        has = Permission(0)
        for role in (guild.id, *guild.members.get(self._state.bot.id, [])):
            has |= guild.roles[role].permissions
        if needed not in has and Permission.ADMINISTRATOR not in has:
            raise refusals.missing_permissions()

    def _name(self, body: Json) -> str:
        name = str(body.get("name") or "")
        if not 1 <= len(name) <= _LONGEST_NAME:
            raise bad_form("name", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {_LONGEST_NAME} in length.")
        if Kind(body.get("type") or 0) in _TEXTUAL and "message" not in body and "type" in body:
            return re.sub(r"\s+", "-", name).lower()
        return name

    def _tags(self, present: list[Json], wanted: list[Json]) -> list[Json]:
        """The tags of a forum; those that are new get an id."""
        if len(wanted) > _MOST_TAGS:
            raise refusals.too_many_tags()
        known = {tag["id"]: tag for tag in present}
        tags = []
        for number, tag in enumerate(wanted):
            name = tag.get("name") or ""
            if not 1 <= len(name) <= 20:
                raise bad_form(
                    f"available_tags.{number}.name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 20 in length."
                )
            tags.append(
                {
                    "id": str(tag["id"]) if str(tag.get("id") or "") in known else self._world.snowflake(),
                    "name": name,
                    "moderated": bool(tag.get("moderated")),
                    "emoji_id": tag.get("emoji_id"),
                    "emoji_name": tag.get("emoji_name"),
                }
            )
        if len({tag["name"] for tag in tags}) < len(tags):
            raise bad_form("available_tags", "FORUM_TAG_NAMES_MUST_BE_UNIQUE", "Tag names must be unique")
        return tags

    def _applied(self, forum: Room, wanted: list[Any]) -> list[str]:
        known = {tag["id"]: tag for tag in forum.tags}
        ids = [str(one) for one in wanted]
        if len(ids) > _MOST_APPLIED:
            raise bad_form("applied_tags", "BASE_TYPE_MAX_LENGTH", f"Must be {_MOST_APPLIED} or fewer in length.")
        for number, one in enumerate(ids):
            if one not in known:
                raise bad_form(f"applied_tags.{number}", "FORUM_TAG_NOT_FOUND", "Unknown tag")
            if known[one]["moderated"]:
                self._state.demand(forum, Permission.MANAGE_THREADS)
        return ids

    def _overwrites(self, guild: Guild, given: list[Json]) -> list[Overwrite]:
        """A bot gives and takes only what it has itself."""
        overwrites = []
        for one in given:
            allow, deny = Permission(int(one.get("allow") or 0)), Permission(int(one.get("deny") or 0))
            if not int(one["type"]) and str(one["id"]) not in guild.roles:
                raise bad_form("permission_overwrites", "CHANNEL_PERMISSION_OVERWRITE_UNKNOWN", "Unknown role")
            for each in allow | deny:
                self._demand_in(guild, each)
            overwrites.append(Overwrite(target=str(one["id"]), member=bool(int(one["type"])), allow=allow, deny=deny))
        return overwrites


def role_made(guild: Guild, role: Role) -> Json:
    """A role as it is shown."""
    return role_shown(role, list(guild.roles).index(role.id))
