"""Who the bot is over HTTP, the guilds where it is, and the rooms it shares with one person."""

from __future__ import annotations

from aiohttp import web

from tests.servers.discord import refusals
from tests.servers.discord.forms import form_of
from tests.servers.discord.refusals import answer
from tests.servers.discord.state import State
from tests.servers.discord.views import Json, guild_shown, room_shown, user_shown

_DAY_MS = 86_400_000


class Rooms:
    """The routes under `/users`, `/gateway` and `/applications/@me`, and a guild at a glance."""

    def __init__(self, state: State) -> None:
        self._state, self._world = state, state.world

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
        return answer(guild_shown(self._state.guild(request)))

    async def _channels(self, request: web.Request) -> web.Response:
        guild = self._state.guild(request)
        rows = [room_shown(self._world, room) for room in self._world.rooms_of(guild) if not room.kind.is_thread]
        return answer(self._state.odd(rows))

    async def _open_dm(self, request: web.Request) -> web.Response:
        body = (await form_of(request)).body
        other = self._world.users.get(str(body.get("recipient_id")))
        if other is None or other.id == self._state.bot.id:
            raise refusals.Refused(400, 50033, "Invalid Recipient(s)")
        return answer(room_shown(self._world, self._world.dm(self._state.bot, other)))
