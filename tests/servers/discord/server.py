"""Discord on loopback: its HTTP API under `/api/v10` and its gateway on `/`, one guild, one bot, faults on demand."""

from __future__ import annotations

import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from aiohttp import web

from tests.contracts.stage import RESET_SECONDS, Fault
from tests.servers.discord.answers import Answers
from tests.servers.discord.channels import Channels
from tests.servers.discord.commands import Commands
from tests.servers.discord.forms import form_of
from tests.servers.discord.gateway import Close, Gateway
from tests.servers.discord.limits import too_many
from tests.servers.discord.messages import Messages, addressed
from tests.servers.discord.people import People
from tests.servers.discord.pins import Pins
from tests.servers.discord.refusals import Refused, missing_access, no_such_route, unauthorized
from tests.servers.discord.roles import Roles
from tests.servers.discord.rooms import Rooms
from tests.servers.discord.state import State
from tests.servers.discord.threads import Threads
from tests.servers.discord.world import EVERYBODYS, Guild, Message, Role, Room, User, World
from tests.servers.faults import Handler, faulty

API = "/api/v10"


@dataclass
class Call:
    """One request and what it was answered with."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int = 0
    answer: Any = None


@dataclass
class DiscordServer:
    """A guild with a bot in it, and everything that a test wants to do there."""

    world: World
    guild: Guild
    bot: User
    bots_role: Role
    state: State
    gateway: Gateway
    answers: Answers
    people: People
    calls: list[Call] = field(default_factory=list)
    url: str = ""

    # --- what people do ---

    def say(self, room: Room, author: User, text: str, *, answers: Message | None = None, **about: Any) -> Message:
        """Somebody writes, with Discord's own idea of whom that names."""
        named = addressed(self.world, author, room, text, answers=answers)
        return self.world.post(
            room,
            author,
            text,
            answers=answers.id if answers else None,
            mentions=named.users,
            mention_roles=named.roles,
            mention_everyone=named.everyone,
            pings=named.pings,
            **about,
        )

    def person(self, username: str, *, bot: bool = False) -> User:
        """A member of the guild."""
        user = self.world.user(username, bot=bot)
        if user.id not in self.guild.members:
            self.world.join(self.guild, user)
        return user

    @property
    def summons(self) -> str:
        """How people mention the bot."""
        return f"<@{self.bot.id}>"

    def said_by_bot(self) -> list[Message]:
        """What the bot has posted and nobody has deleted, oldest first."""
        everything = (message for kept in self.world.messages.values() for message in kept.values())
        return sorted((one for one in everything if one.author_id == self.bot.id), key=lambda one: int(one.id))

    # --- what happens to the bot ---

    def expel_the_bot(self) -> None:
        """Somebody removes it from the guild."""
        self.world.leave(self.guild, self.bot)

    def invite_the_bot(self) -> None:
        self.world.join(self.guild, self.bot, self.bots_role)

    def revoke_the_token(self) -> str:
        """Its owner makes a new one, which is returned; the old one ends everywhere."""
        self.state.token = f"{self.state.token}New"
        self.gateway.close(Close.AUTHENTICATION_FAILED)
        self.gateway.forget()
        return self.state.token

    # --- the doors ---

    def application(self) -> web.Application:
        refusals = {
            Fault.RATE_LIMIT: lambda: too_many(RESET_SECONDS, {"X-RateLimit-Scope": "user"}),
            Fault.RATE_LIMIT_WITHOUT_RESET: banned,
            Fault.UNAUTHORIZED: lambda: unauthorized().answer(),
            Fault.FORBIDDEN: lambda: missing_access().answer(),
        }
        faults = faulty(lambda: self.state.fault, refusals)
        api = web.Application(
            middlewares=[self._recorded, self._counted, faults, self._refusing, self._stormy, self._limited]
        )
        # pins stand before the messages whose addresses theirs look like
        parts = (Pins, Messages, Rooms, Channels, Threads, Roles, Commands)
        for part in parts:
            api.add_routes(part(self.state).routes())
        app = web.Application(client_max_size=10 * self.state.largest_file)
        # an answer to an interaction needs no log-in, and is not counted against the limit over all
        for route in self.answers.routes():
            app.router.add_route(route.method, API + route.path, self._open(faults, route.handler))

        async def gateway(request: web.Request) -> web.StreamResponse:
            return await faults(request, self.gateway.connect)

        app.add_routes([web.get("/", gateway), web.get("/attachments/{number}/{name}", self._file)])
        app.add_subapp(API, api)
        return app

    def _open(self, faults: Any, handler: Handler) -> Handler:
        """A route without authorization, recorded and refused like the others."""
        for layer in (self._within_its_limit, self._stormy, faults, self._counted, self._recorded):
            handler = partial(layer, handler=handler)
        return handler

    @web.middleware
    async def _within_its_limit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The limit of one webhook, where the limits name one."""
        route, major = _route(request), request.match_info["token"]
        if route in self.state.limits.routes and (refused := self.state.limits.refuse_here(route, major)) is not None:
            return refused
        try:
            return await handler(request)
        except Refused as refused_it:
            return refused_it.answer()

    async def _file(self, request: web.Request) -> web.Response:
        kept = self.state.files.get(request.match_info["number"])
        if kept is None:
            raise web.HTTPNotFound
        return web.Response(body=kept.content, content_type=kept.content_type.partition(";")[0])

    @web.middleware
    async def _stormy(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Bad weather on one route: nothing happens, or it happens and nobody hears so."""
        path = request.path.removeprefix(API)
        for storm in self.state.storms:
            if storm.times > 0 and storm.method == request.method and re.fullmatch(storm.path, path):
                storm.times -= 1
                if storm.stored:
                    await handler(request)
                html = f"<html><body>{storm.status} Bad Gateway</body></html>"
                return web.Response(status=storm.status, text=html, content_type="text/html")
        return await handler(request)

    @web.middleware
    async def _counted(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refused calls count towards the ban, but those that somebody else's limit refused."""
        if self.state.count_invalid() >= self.state.banned_after:
            return banned()
        response = await handler(request)
        shared = response.headers.get("X-RateLimit-Scope") == "shared"
        if response.status in {401, 403} or (response.status == 429 and not shared):
            self.state.invalid.append(time.time())
        return response

    @web.middleware
    async def _recorded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        form = await form_of(request)
        call = Call(request.method, request.path.removeprefix(API), dict(request.query), form.body or None)
        self.calls.append(call)
        response = await handler(request)
        if isinstance(response, web.Response):
            call.status = response.status
            call.answer = _read(response)
        return response

    @web.middleware
    async def _refusing(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bot {self.state.token}":
            return unauthorized().answer()
        try:
            return await handler(request)
        except Refused as refused:
            return refused.answer()
        except web.HTTPException:
            return no_such_route().answer()

    @web.middleware
    async def _limited(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        route, places = _route(request), request.match_info
        major = places.get("channel_id") or places.get("guild_id") or ""
        if (refused := self.state.limits.refuse(route, major)) is not None:
            return refused
        try:
            response = await handler(request)
        except Refused as refusal:
            response = refusal.answer()
        if not response.prepared:
            response.headers.update(self.state.limits.headers(route, major))
        return response


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return f"{request.method} {(resource.canonical if resource else '').removeprefix(API)}"


def banned() -> web.Response:
    """What Cloudflare says to an address that asked too often: no JSON, and no time."""
    return web.Response(status=429, text="<html>error code: 1015</html>", content_type="text/html")


def _read(response: web.Response) -> object:
    body = response.body if isinstance(response.body, bytes) else b""
    try:
        return json.loads(body or b"null")
    except ValueError:
        return body.decode(errors="replace")


@asynccontextmanager
async def discord_server(brand: str = "zarapito") -> AsyncIterator[DiscordServer]:
    """Listens on a free port of loopback until the block is left."""
    world = World()
    guild = world.guild("Zarapito", world.user("duena"))
    bot = world.user(brand, bot=True)
    bots_role = world.role(guild, brand, EVERYBODYS, bot=bot)
    world.join(guild, bot, bots_role)
    state = State(world=world, bot=bot)
    gateway = Gateway(state)
    world.hear = gateway.hear
    answers = Answers(state)
    people = People(state, gateway, answers)
    server = DiscordServer(world, guild, bot, bots_role, state, gateway, answers, people)
    runner = web.AppRunner(server.application(), handle_signals=False, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.url = state.url = f"http://{host}:{port}"
    try:
        yield server
    finally:
        gateway.cut()
        await runner.cleanup()
