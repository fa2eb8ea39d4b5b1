"""Threads over HTTP: started, listed while they live and when they are put away, joined and left."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from tests.servers.discord import refusals
from tests.servers.discord.channels import archive_after, name_of
from tests.servers.discord.forms import form_of
from tests.servers.discord.forum import make_post
from tests.servers.discord.refusals import answer, bad_form
from tests.servers.discord.state import State
from tests.servers.discord.views import Json, room_shown
from tests.servers.discord.world import Kind, Message, Permission, Room, stamp


class Threads:
    """The routes of threads; their own address is that of a channel."""

    def __init__(self, state: State) -> None:
        self._state, self._world = state, state.world

    def routes(self) -> list[web.RouteDef]:
        members = "/channels/{channel_id}/thread-members"
        return [
            web.get("/guilds/{guild_id}/threads/active", self._active),
            web.get("/channels/{channel_id}/threads/archived/public", self._archived),
            web.post("/channels/{channel_id}/threads", self._start),
            web.post("/channels/{channel_id}/messages/{message_id}/threads", self._start_of),
            web.get(members, self._members),
            web.get(f"{members}/{{user_id}}", self._member),
            web.put(f"{members}/{{user_id}}", self._join),
            web.delete(f"{members}/{{user_id}}", self._leave),
        ]

    # --- lists ---

    async def _active(self, request: web.Request) -> web.Response:
        guild = self._state.guild(request)
        threads = [room for room in self._world.rooms_of(guild) if room.kind.is_thread and not room.archived]
        seen = [room for room in threads if self._world.sees(self._state.bot, room)]
        rows = self._state.odd([room_shown(self._world, room) for room in reversed(seen)])
        return answer({"threads": rows, "members": [], "has_more": False})

    async def _archived(self, request: web.Request) -> web.Response:
        """Those that were put away last come first."""
        parent = self._state.room(request)
        self._state.demand(parent, Permission.READ_MESSAGE_HISTORY)
        limit = min(int(request.query.get("limit", "50")), self._state.page)
        threads = [room for room in self._world.rooms.values() if room.parent_id == parent.id and room.archived]
        public = [room for room in threads if room.kind is not Kind.PRIVATE_THREAD]
        if "before" in request.query:
            before = _moment(request.query["before"])
            public = [room for room in public if _moment(stamp(room.archive_at)) < before]
        rows = [room_shown(self._world, room) for room in sorted(public, key=lambda one: -one.archive_at)]
        return answer({"threads": self._state.odd(rows[:limit]), "members": [], "has_more": len(rows) > limit})

    # --- beginnings ---

    async def _start(self, request: web.Request) -> web.Response:
        parent, form = self._state.room(request), await form_of(request)
        if parent.kind is Kind.FORUM:
            name, after = name_of(form.body, Kind.PUBLIC_THREAD), archive_after(form.body)
            thread, first = make_post(self._state, parent, form, name=name, archive_after=after)
            shown = room_shown(self._world, thread) | {"message": self._state.eyes.message_shown(first)}
            return answer(shown, status=201)
        return self._started(parent, form.body)

    async def _start_of(self, request: web.Request) -> web.Response:
        parent, body = self._state.room(request), (await form_of(request)).body
        message = self._state.message(request, parent)
        if message.id in self._world.rooms:
            raise refusals.has_a_thread()
        return self._started(parent, body, of=message)

    def _started(self, parent: Room, body: Json, *, of: Message | None = None) -> web.Response:
        if parent.kind not in {Kind.TEXT, Kind.ANNOUNCEMENT}:
            raise refusals.wrong_channel_type()
        self._state.demand(parent, Permission.CREATE_PUBLIC_THREADS)
        self._state.demand_room_for_a_thread(parent.guild_id or "")
        name, after = name_of(body, Kind.PUBLIC_THREAD), archive_after(body)
        thread = self._world.thread(parent, name, self._state.bot, of=of)
        thread.archive_after = after
        return answer(room_shown(self._world, thread), status=201)

    # --- who follows it ---

    async def _members(self, request: web.Request) -> web.Response:
        thread = self._thread(request)
        return answer([_member_shown(thread, one) for one in sorted(thread.members)])

    async def _member(self, request: web.Request) -> web.Response:
        thread, user = self._thread(request), self._user(request)
        if user not in thread.members:
            raise refusals.unknown_member()
        return answer(_member_shown(thread, user))

    async def _join(self, request: web.Request) -> web.Response:
        thread, user = self._thread(request), self._user(request)
        if user != self._state.bot.id:
            self._state.demand(thread, Permission.SEND_MESSAGES_IN_THREADS)
            if user not in self._world.guilds[thread.guild_id or ""].members:
                raise refusals.unknown_member()
        self._open(thread).members.add(user)
        return web.Response(status=204)

    async def _leave(self, request: web.Request) -> web.Response:
        thread, user = self._thread(request), self._user(request)
        if user != self._state.bot.id:
            self._state.demand(thread, Permission.MANAGE_THREADS)
        self._open(thread).members.discard(user)
        return web.Response(status=204)

    def _thread(self, request: web.Request) -> Room:
        room = self._state.room(request)
        if not room.kind.is_thread:
            raise refusals.wrong_channel_type()
        return room

    @staticmethod
    def _open(thread: Room) -> Room:
        if thread.archived:
            raise refusals.archived()
        return thread

    def _user(self, request: web.Request) -> str:
        named = request.match_info["user_id"]
        return self._state.bot.id if named == "@me" else named


def _member_shown(thread: Room, user: str) -> Json:
    return {"id": thread.id, "user_id": user, "join_timestamp": stamp(thread.archive_at), "flags": 0}


def _moment(given: str) -> datetime:
    try:
        return datetime.fromisoformat(given)
    except ValueError:
        raise bad_form("before", "DATE_TIME_TYPE_PARSE", f"Could not parse {given}. Should be ISO8601.") from None
