"""Roles and members over HTTP. The order of roles is not told apart: all but those of bots stand below the bot's."""

from __future__ import annotations

from aiohttp import web

from tests.servers.discord import refusals
from tests.servers.discord.forms import form_of
from tests.servers.discord.refusals import answer
from tests.servers.discord.state import State
from tests.servers.discord.views import Json, member_shown, role_shown, roles_shown
from tests.servers.discord.world import Guild, Permission, Role, User


class Roles:
    """The routes under `/guilds/{guild_id}/roles` and `/guilds/{guild_id}/members`."""

    def __init__(self, state: State) -> None:
        self._state, self._world = state, state.world

    def routes(self) -> list[web.RouteDef]:
        roles, members = "/guilds/{guild_id}/roles", "/guilds/{guild_id}/members"
        return [
            web.get(roles, self._listed),
            web.post(roles, self._make),
            web.get(f"{roles}/member-counts", self._counted),
            web.get(f"{roles}/{{role_id}}", self._get),
            web.patch(f"{roles}/{{role_id}}", self._change),
            web.delete(f"{roles}/{{role_id}}", self._remove),
            web.get(f"{members}/search", self._search),
            web.get(f"{members}/{{user_id}}", self._member),
            web.patch(f"{members}/{{user_id}}", self._change_member),
            web.put(f"{members}/{{user_id}}/roles/{{role_id}}", self._give),
            web.delete(f"{members}/{{user_id}}/roles/{{role_id}}", self._take),
        ]

    # --- roles ---

    async def _listed(self, request: web.Request) -> web.Response:
        return answer(roles_shown(self._state.guild(request)))

    async def _counted(self, request: web.Request) -> web.Response:
        """How many have each role; everybody's own is not among them."""
        guild = self._state.guild(request)
        counts = {role: sum(role in held for held in guild.members.values()) for role in guild.roles}
        return answer({role: members for role, members in counts.items() if role != guild.id})

    async def _get(self, request: web.Request) -> web.Response:
        guild = self._state.guild(request)
        return answer(_shown(guild, self._role(guild, request)))

    async def _make(self, request: web.Request) -> web.Response:
        guild, body = self._state.guild(request), (await form_of(request)).body
        self._state.demand_in(guild, Permission.MANAGE_ROLES)
        permissions = self._permissions(guild, body)
        made = self._world.role(guild, body.get("name") or "new role", permissions, mentionable=_mentionable(body))
        return answer(_shown(guild, made))

    async def _change(self, request: web.Request) -> web.Response:
        guild, body = self._state.guild(request), (await form_of(request)).body
        role = self._below(guild, self._role(guild, request))
        changes: Json = {"mentionable": _mentionable(body)} if "mentionable" in body else {}
        if body.get("permissions") is not None:
            changes["permissions"] = self._permissions(guild, body)
        if body.get("name"):
            changes["name"] = body["name"]
        self._world.change_role(guild, role, **changes)
        return answer(_shown(guild, role))

    async def _remove(self, request: web.Request) -> web.Response:
        guild = self._state.guild(request)
        self._world.remove_role(guild, self._below(guild, self._role(guild, request)))
        return web.Response(status=204)

    def _role(self, guild: Guild, request: web.Request) -> Role:
        found = guild.roles.get(request.match_info["role_id"])
        if found is None:
            raise refusals.unknown_role()
        return found

    def _below(self, guild: Guild, role: Role) -> Role:
        """The role, if the bot may touch it."""
        self._state.demand_in(guild, Permission.MANAGE_ROLES)
        if role.bot_id is not None:
            raise refusals.missing_permissions()
        return role

    def _permissions(self, guild: Guild, body: Json) -> Permission:
        wanted = Permission(int(body.get("permissions") or 0))
        self._state.demand_in(guild, *wanted)
        return wanted

    # --- members ---

    async def _search(self, request: web.Request) -> web.Response:
        """Members whose name begins so."""
        guild, wanted = self._state.guild(request), request.query.get("query", "").casefold()
        limit = int(request.query.get("limit", "1"))
        users = [self._world.users[one] for one in guild.members]
        found = [member_shown(guild, one) for one in users if one.username.casefold().startswith(wanted)]
        return answer(found[:limit])

    async def _member(self, request: web.Request) -> web.Response:
        guild = self._state.guild(request)
        return answer(member_shown(guild, self._user(guild, request)))

    async def _change_member(self, request: web.Request) -> web.Response:
        guild, body = self._state.guild(request), (await form_of(request)).body
        user = self._user(guild, request)
        if body.get("roles") is not None:
            wanted = [str(one) for one in body["roles"]]
            if strange := [one for one in wanted if one not in guild.roles]:
                raise refusals.bad_form("roles", "UNKNOWN_ROLE", f"Unknown role {strange[0]}")
            for one in {*wanted} ^ {*guild.members[user.id]}:
                self._below(guild, guild.roles[one])
            self._world.join(guild, user, *(guild.roles[one] for one in wanted))
        return answer(member_shown(guild, user))

    async def _give(self, request: web.Request) -> web.Response:
        guild = self._state.guild(request)
        user, role = self._user(guild, request), self._below(guild, self._role(guild, request))
        held = [one for one in guild.members[user.id] if one != role.id]
        self._world.join(guild, user, *(guild.roles[one] for one in held), role)
        return web.Response(status=204)

    async def _take(self, request: web.Request) -> web.Response:
        guild = self._state.guild(request)
        user, role = self._user(guild, request), self._below(guild, self._role(guild, request))
        self._world.join(guild, user, *(guild.roles[one] for one in guild.members[user.id] if one != role.id))
        return web.Response(status=204)

    def _user(self, guild: Guild, request: web.Request) -> User:
        user = self._world.users.get(request.match_info["user_id"])
        if user is None or user.id not in guild.members:
            raise refusals.unknown_member()
        return user


def _mentionable(body: Json) -> bool:
    return bool(body.get("mentionable"))


def _shown(guild: Guild, role: Role) -> Json:
    return role_shown(role, list(guild.roles).index(role.id))
