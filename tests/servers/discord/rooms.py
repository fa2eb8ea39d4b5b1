"""Everything over HTTP that is no message: who the bot is, its guilds, their rooms and threads, and direct rooms."""

from __future__ import annotations

from aiohttp import web

from tests.servers.discord import refusals
from tests.servers.discord.forms import form_of
from tests.servers.discord.forum import Changes, role_made
from tests.servers.discord.refusals import answer
from tests.servers.discord.state import State
from tests.servers.discord.views import Json, guild_shown, member_shown, roles_shown, room_shown, user_shown
from tests.servers.discord.world import Guild, Kind, Permission, Room

_DAY_MS = 86_400_000


class Rooms:
    """The routes under `/users`, `/guilds`, `/channels`, `/gateway` and `/applications`."""

    def __init__(self, state: State) -> None:
        self._state, self._world, self._changes = state, state.world, Changes(state)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/users/@me", self._me),
            web.get("/users/@me/guilds", self._guilds),
            web.post("/users/@me/channels", self._open_dm),
            web.get("/users/{user_id}", self._user),
            web.get("/oauth2/applications/@me", self._application),
            web.get("/applications/@me", self._application),
            web.get("/gateway", self._gateway),
            web.get("/gateway/bot", self._gateway_bot),
            web.get("/guilds/{guild_id}", self._guild),
            web.get("/guilds/{guild_id}/channels", self._channels),
            web.post("/guilds/{guild_id}/channels", self._make_channel),
            web.get("/guilds/{guild_id}/roles", self._roles),
            web.post("/guilds/{guild_id}/roles", self._make_role),
            web.get("/guilds/{guild_id}/members/search", self._search),
            web.get("/guilds/{guild_id}/members/{user_id}", self._member),
            web.get("/guilds/{guild_id}/threads/active", self._active_threads),
            web.get("/channels/{channel_id}", self._channel),
            web.patch("/channels/{channel_id}", self._change),
            web.delete("/channels/{channel_id}", self._remove),
            web.get("/channels/{channel_id}/threads/archived/public", self._archived_threads),
            web.post("/channels/{channel_id}/threads", self._start_thread),
            web.post("/channels/{channel_id}/messages/{message_id}/threads", self._start_thread_of),
        ]

    # --- who the bot is ---

    async def _me(self, request: web.Request) -> web.Response:
        del request
        return answer({**user_shown(self._state.bot), "mfa_enabled": True, "locale": "es-ES", "verified": True})

    async def _application(self, request: web.Request) -> web.Response:
        del request
        owner = next(user for user in self._world.users.values() if not user.bot)
        return answer(
            {
                "id": self._state.bot.id,
                "name": self._state.bot.username,
                "icon": None,
                "description": "",
                "type": None,
                "bot": user_shown(self._state.bot),
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "0" * 64,
                "flags": self._state.flags,
                "flags_new": str(self._state.flags),
                "redirect_uris": [],
                "interactions_endpoint_url": None,
                "role_connections_verification_url": None,
                "owner": user_shown(owner),
                "approximate_guild_count": len(self._world.guilds),
                "approximate_user_install_count": 0,
                "approximate_user_authorization_count": 0,
                "explicit_content_filter": 0,
                "team": None,
                "eligible_oauth2_scopes": ["bot"],
            }
        )

    async def _gateway(self, request: web.Request) -> web.Response:
        del request
        return answer({"url": self._state.url.replace("http", "ws", 1)})

    async def _gateway_bot(self, request: web.Request) -> web.Response:
        del request
        limit = {
            "total": 1000,
            "remaining": self._state.identifies_left,
            "reset_after": _DAY_MS,
            "max_concurrency": 1,
        }
        return answer({"url": self._state.url.replace("http", "ws", 1), "shards": 1, "session_start_limit": limit})

    async def _user(self, request: web.Request) -> web.Response:
        found = self._world.users.get(request.match_info["user_id"])
        if found is None:
            raise refusals.unknown_user()
        return answer(user_shown(found))

    # --- guilds ---

    async def _guilds(self, request: web.Request) -> web.Response:
        del request
        rows: list[Json] = [
            {
                "id": guild.id,
                "name": guild.name,
                "icon": None,
                "banner": None,
                "owner": guild.owner_id == self._state.bot.id,
                "permissions": "0",
                "features": [],
            }
            for guild in self._world.guilds.values()
            if self._state.bot.id in guild.members
        ]
        return answer(rows)

    async def _guild(self, request: web.Request) -> web.Response:
        return answer(guild_shown(self._of(request)))

    async def _channels(self, request: web.Request) -> web.Response:
        guild = self._of(request)
        rows = [room_shown(self._world, room) for room in self._rooms_of(guild) if not room.kind.is_thread]
        return answer(self._state.odd(rows))

    async def _roles(self, request: web.Request) -> web.Response:
        return answer(roles_shown(self._of(request)))

    async def _member(self, request: web.Request) -> web.Response:
        guild, user = self._of(request), self._world.users.get(request.match_info["user_id"])
        if user is None or user.id not in guild.members:
            raise refusals.unknown_member()
        return answer(member_shown(guild, user))

    async def _active_threads(self, request: web.Request) -> web.Response:
        threads = [room for room in self._rooms_of(self._of(request)) if room.kind.is_thread and not room.archived]
        seen = [room for room in threads if self._world.sees(self._state.bot, room)]
        rows = self._state.odd([room_shown(self._world, room) for room in reversed(seen)])
        return answer({"threads": rows, "members": [], "has_more": False})

    # --- rooms ---

    async def _channel(self, request: web.Request) -> web.Response:
        return answer(room_shown(self._world, self._state.room(request)))

    async def _change(self, request: web.Request) -> web.Response:
        return self._changes.change(self._state.room(request), (await form_of(request)).body)

    async def _make_channel(self, request: web.Request) -> web.Response:
        made = self._changes.make_channel(self._of(request), (await form_of(request)).body)
        return answer(room_shown(self._world, made), status=201)

    async def _make_role(self, request: web.Request) -> web.Response:
        guild = self._of(request)
        return answer(role_made(guild, self._changes.make_role(guild, (await form_of(request)).body)))

    async def _search(self, request: web.Request) -> web.Response:
        limit = int(request.query.get("limit", "1"))
        return answer(self._changes.found(self._of(request), request.query.get("query", ""), limit))

    async def _remove(self, request: web.Request) -> web.Response:
        room = self._state.room(request)
        self._state.demand(room, Permission.MANAGE_THREADS if room.kind.is_thread else Permission.MANAGE_CHANNELS)
        shown = room_shown(self._world, room)
        self._world.remove(room)
        return answer(shown)

    async def _archived_threads(self, request: web.Request) -> web.Response:
        parent = self._state.room(request)
        self._state.demand(parent, Permission.READ_MESSAGE_HISTORY)
        limit = min(int(request.query.get("limit", "50")), self._state.page)
        before = request.query.get("before")
        threads = [room for room in self._world.rooms.values() if room.parent_id == parent.id and room.archived]
        rows = [room_shown(self._world, room) for room in sorted(threads, key=lambda one: -one.archive_at)]
        if before is not None:
            rows = [row for row in rows if row["thread_metadata"]["archive_timestamp"] < before]
        return answer({"threads": self._state.odd(rows[:limit]), "members": [], "has_more": len(rows) > limit})

    async def _start_thread(self, request: web.Request) -> web.Response:
        parent = self._state.room(request)
        if parent.kind is Kind.FORUM:
            return await self._changes.make_post(request, parent)
        body = (await form_of(request)).body
        self._state.demand(parent, Permission.CREATE_PUBLIC_THREADS)
        thread = self._world.thread(parent, body["name"], self._state.bot)
        return answer(room_shown(self._world, thread), status=201)

    async def _start_thread_of(self, request: web.Request) -> web.Response:
        parent, body = self._state.room(request), (await form_of(request)).body
        message = self._state.message(request, parent)
        self._state.demand(parent, Permission.CREATE_PUBLIC_THREADS)
        if message.id in self._world.rooms:
            raise refusals.has_a_thread()
        thread = self._world.thread(parent, body["name"], self._state.bot, of=message)
        return answer(room_shown(self._world, thread), status=201)

    async def _open_dm(self, request: web.Request) -> web.Response:
        body = (await form_of(request)).body
        other = self._world.users.get(str(body.get("recipient_id")))
        if other is None or other.id == self._state.bot.id:
            raise refusals.Refused(400, 50033, "Invalid Recipient(s)")
        return answer(room_shown(self._world, self._world.dm(self._state.bot, other)))

    def _of(self, request: web.Request) -> Guild:
        """The guild of the address, if the bot is in it."""
        guild = self._world.guilds.get(request.match_info["guild_id"])
        if guild is None:
            raise refusals.unknown_guild()
        if self._state.bot.id not in guild.members:
            raise refusals.missing_access()
        return guild

    def _rooms_of(self, guild: Guild) -> list[Room]:
        return [room for room in self._world.rooms.values() if room.guild_id == guild.id]
