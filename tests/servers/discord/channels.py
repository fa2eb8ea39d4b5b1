"""Channels of a guild over HTTP: made, changed, opened to some and closed to others, taken away."""

from __future__ import annotations

import re
import time
from typing import Any

from aiohttp import web

from tests.servers.discord import refusals
from tests.servers.discord.forms import form_of
from tests.servers.discord.forum import REQUIRE_TAG, applied, tagged
from tests.servers.discord.limits import too_many
from tests.servers.discord.refusals import answer, bad_form
from tests.servers.discord.state import TEN_MINUTES, State
from tests.servers.discord.views import Json, room_shown
from tests.servers.discord.world import Guild, Kind, Overwrite, Permission, Room

ARCHIVE_AFTER = (60, 1440, 4320, 10080)
_LONGEST_NAME, _MOST, _MOST_IN_CATEGORY = 100, 500, 50
_TEXTUAL = {Kind.TEXT, Kind.ANNOUNCEMENT, Kind.FORUM}
_MADE = {Kind.TEXT, Kind.VOICE, Kind.CATEGORY, Kind.ANNOUNCEMENT, Kind.FORUM}
_KEPT = {
    "nsfw",
    "rate_limit_per_user",
    "default_auto_archive_duration",
    "default_thread_rate_limit_per_user",
    "default_reaction_emoji",
    "default_sort_order",
    "default_forum_layout",
}
_OF_THREADS = ("archived", "locked")


class Channels:
    """The routes of channels and threads as such."""

    def __init__(self, state: State) -> None:
        self._state, self._world = state, state.world

    def routes(self) -> list[web.RouteDef]:
        overwrite = "/channels/{channel_id}/permissions/{overwrite_id}"
        return [
            web.post("/guilds/{guild_id}/channels", self._make),
            web.get("/channels/{channel_id}", self._get),
            web.patch("/channels/{channel_id}", self._change),
            web.delete("/channels/{channel_id}", self._remove),
            web.put(overwrite, self._open_to),
            web.delete(overwrite, self._forget_overwrite),
        ]

    async def _get(self, request: web.Request) -> web.Response:
        return answer(room_shown(self._world, self._state.room(request)))

    async def _make(self, request: web.Request) -> web.Response:
        guild, body = self._state.guild(request), (await form_of(request)).body
        self._state.demand_in(guild, Permission.MANAGE_CHANNELS)
        kind = _kind(body)
        # before anybody is told of it: who may not see it must not hear of it
        room = self._world.room(
            guild,
            name_of(body, kind),
            kind,
            parent=self._parent(guild, body, kind),
            topic=_topic(body, kind),
            overwrites=[self._overwrite(guild, str(one.get("id")), one) for one in _listed(body)],
            tags=tagged(self._world, [], body.get("available_tags") or []),
            flags=int(body.get("flags") or 0) & REQUIRE_TAG,
            about=_kept(body),
            position=int(body.get("position") or len(self._world.rooms)),
        )
        return answer(room_shown(self._world, room), status=201)

    async def _change(self, request: web.Request) -> web.Response:
        """Rename, tag, archive, lock, move, open to others."""
        room, body = self._state.room(request), (await form_of(request)).body
        if room.kind is Kind.DM:
            raise refusals.no_text_channel()
        changes = self._of_thread(room, body) if room.kind.is_thread else self._of_channel(room, body)
        if body.get("name") is not None:
            changes["name"] = name_of(body, room.kind)
        renamed = any(getattr(room, key) != changes[key] for key in ("name", "topic") if key in changes)
        if renamed and (refused := self._renamed_too_often(room)) is not None:
            return refused
        self._world.change(room, **changes)
        return answer(room_shown(self._world, room))

    def _of_channel(self, room: Room, body: Json) -> dict[str, Any]:
        self._state.demand(room, Permission.MANAGE_CHANNELS)
        guild = self._world.guilds[room.guild_id or ""]
        changes: dict[str, Any] = {"about": {**room.about, **_kept(body)}}
        if "topic" in body:
            changes["topic"] = _topic(body, room.kind)
        if body.get("position") is not None:
            changes["position"] = int(body["position"])
        if "parent_id" in body:
            parent = self._parent(guild, body, room.kind)
            changes["parent_id"] = parent.id if parent else None
        if "available_tags" in body and room.kind is Kind.FORUM:
            changes["tags"] = tagged(self._world, room.tags, body["available_tags"] or [])
        if "flags" in body:
            changes["flags"] = int(body["flags"] or 0) & REQUIRE_TAG
        if body.get("permission_overwrites") is not None:
            self._state.demand(room, Permission.MANAGE_ROLES)
            changes["overwrites"] = [self._overwrite(guild, str(one.get("id")), one) for one in _listed(body)]
        return changes

    def _of_thread(self, room: Room, body: Json) -> dict[str, Any]:
        self._may_change_thread(room, body)
        changes: dict[str, Any] = {key: bool(body[key]) for key in _OF_THREADS if body.get(key) is not None}
        if changes.get("archived") is False and room.archived:
            self._state.demand_room_for_a_thread(room.guild_id or "")
        if body.get("auto_archive_duration") is not None:
            changes["archive_after"] = archive_after(body)
        if "applied_tags" in body:
            changes["applied_tags"] = applied(
                self._state, self._world.rooms[room.parent_id or ""], body["applied_tags"] or []
            )
        if "rate_limit_per_user" in body:
            changes["about"] = {**room.about, **_kept(body)}
        if "flags" in body:
            changes["flags"] = int(body["flags"] or 0)
        return changes

    def _may_change_thread(self, room: Room, body: Json) -> None:
        """Its owner may rename, tag and archive; to lock, and to touch others', one manages threads."""
        mine = room.owner_id == self._state.bot.id
        manages = Permission.MANAGE_THREADS in self._world.permissions(self._state.bot, room)
        if room.locked and room.archived and not manages:
            raise refusals.locked()
        if not mine or any(key in body for key in ("locked", "rate_limit_per_user", "flags")):
            self._state.demand(room, Permission.MANAGE_THREADS)
        elif not manages:
            self._state.demand(room, Permission.SEND_MESSAGES_IN_THREADS)
        if room.archived and body.get("archived") is not False:
            raise refusals.archived()

    async def _remove(self, request: web.Request) -> web.Response:
        room = self._state.room(request)
        if room.kind is not Kind.DM:
            self._state.demand(room, Permission.MANAGE_THREADS if room.kind.is_thread else Permission.MANAGE_CHANNELS)
            self._world.remove(room)
        return answer(room_shown(self._world, room))

    # --- who sees it ---

    async def _open_to(self, request: web.Request) -> web.Response:
        room, target = self._state.room(request), request.match_info["overwrite_id"]
        self._state.demand(room, Permission.MANAGE_ROLES)
        guild = self._world.guilds[room.guild_id or ""]
        made = self._overwrite(guild, target, (await form_of(request)).body)
        self._world.change(room, overwrites=[*(one for one in room.overwrites if one.target != target), made])
        return web.Response(status=204)

    async def _forget_overwrite(self, request: web.Request) -> web.Response:
        room, target = self._state.room(request), request.match_info["overwrite_id"]
        self._state.demand(room, Permission.MANAGE_ROLES)
        if target not in {one.target for one in room.overwrites}:
            raise refusals.unknown_overwrite()
        self._world.change(room, overwrites=[one for one in room.overwrites if one.target != target])
        return web.Response(status=204)

    def _overwrite(self, guild: Guild, target: str, given: Json) -> Overwrite:
        """A bot gives and takes only what it has itself."""
        allow, deny = Permission(int(given.get("allow") or 0)), Permission(int(given.get("deny") or 0))
        member = bool(int(given.get("type") or 0))
        if not member and target not in guild.roles:
            raise bad_form("permission_overwrites", "CHANNEL_PERMISSION_OVERWRITE_UNKNOWN", "Unknown role")
        self._state.demand_in(guild, *(allow | deny))
        return Overwrite(target=target, member=member, allow=allow, deny=deny)

    # --- limits ---

    def _renamed_too_often(self, room: Room) -> web.Response | None:
        """Names and topics change twice in ten minutes, where the state says so."""
        now, most = time.time(), self._state.renames
        room.renamed_at = [at for at in room.renamed_at if at > now - TEN_MINUTES]
        if most is not None and len(room.renamed_at) >= most:
            return too_many(room.renamed_at[0] + TEN_MINUTES - now, {"X-RateLimit-Scope": "shared"})
        room.renamed_at.append(now)
        return None

    def _parent(self, guild: Guild, body: Json, kind: Kind) -> Room | None:
        if not body.get("parent_id"):
            siblings = [room for room in self._world.rooms.values() if room.guild_id == guild.id]
            if len([room for room in siblings if not room.kind.is_thread]) >= _MOST:
                raise refusals.too_many_channels()
            return None
        parent = self._world.rooms.get(str(body["parent_id"]))
        if parent is None or parent.kind is not Kind.CATEGORY or parent.guild_id != guild.id or kind is Kind.CATEGORY:
            raise bad_form("parent_id", "CHANNEL_PARENT_INVALID", "Category does not exist")
        inside = [room for room in self._world.rooms.values() if room.parent_id == parent.id]
        if len(inside) >= _MOST_IN_CATEGORY:
            message = f"Maximum number of channels in category reached ({_MOST_IN_CATEGORY})"
            raise bad_form("parent_id", "CHANNEL_PARENT_MAX_CHANNELS", message)
        return parent


def name_of(body: Json, kind: Kind) -> str:
    """As Discord keeps it: the names of text channels are lower case, with dashes."""
    name = str(body.get("name") or "").strip()
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise bad_form("name", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {_LONGEST_NAME} in length.")
    return re.sub(r"\s+", "-", name).lower() if kind in _TEXTUAL else name


def archive_after(body: Json) -> int:
    """Minutes of silence until a thread is put away."""
    minutes = int(body.get("auto_archive_duration") or 1440)
    if minutes not in ARCHIVE_AFTER:
        raise bad_form("auto_archive_duration", "BASE_TYPE_CHOICES", f"Value must be one of {ARCHIVE_AFTER}.")
    return minutes


def _kind(body: Json) -> Kind:
    given = int(body.get("type") or 0)
    if given not in set(_MADE):
        raise bad_form("type", "BASE_TYPE_CHOICES", f"Value must be one of {tuple(sorted(_MADE))}.")
    return Kind(given)


def _topic(body: Json, kind: Kind) -> str | None:
    topic, most = body.get("topic"), 4096 if kind is Kind.FORUM else 1024
    if topic is not None and len(topic) > most:
        raise refusals.too_long("topic", most)
    return topic or None


def _kept(body: Json) -> Json:
    """What is remembered and shown, and changes nothing here."""
    return {key: value for key, value in body.items() if key in _KEPT}


def _listed(body: Json) -> list[Json]:
    return body.get("permission_overwrites") or []
