"""The page's side of the server: what one person sees of the guild as JSON, and what they do there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from json import JSONDecodeError
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.servers.discord.commands import shown_in
from tests.servers.discord.interactions import Outcome, Reply, Shown
from tests.servers.discord.people import Impossible
from tests.servers.discord.server import DiscordServer
from tests.servers.discord.views import Json
from tests.servers.discord.world import Kind, Message, Permission, Room, User, moment, stamp
from tests.servers.discord_window.customers import Customers, NothingSaid

_HERE = Path(__file__).parent
_TYPES = {"page.html": "text/html", "page.css": "text/css", "page.js": "text/javascript"}
_POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_PATIENCE = 5.0
_OURS = frozenset({"127.0.0.1", "localhost"})


class Barred(Impossible):
    """What the page itself does not let: the name of a sentence that the page has in both languages."""


@dataclass(frozen=True, kw_only=True)
class Persona:
    """Somebody whom the page can be: shown by what they do, in both languages."""

    user: User
    names: Mapping[str, str]


class Window:
    """Serves one guild to whoever is at this machine. `personas` come in the order in which they are offered.

    With `customers` the page has a box in which one writes as the customer of a post.
    """

    def __init__(self, server: DiscordServer, personas: list[Persona], customers: Customers | None = None) -> None:
        self._server, self._world, self._customers = server, server.world, customers
        self._personas = {persona.user.id: persona for persona in personas}
        self._outcomes: dict[str, Outcome] = {}

    def application(self) -> web.Application:
        app = web.Application(middlewares=[self._guarded])
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/page.css", self._page),
                web.get("/page.js", self._page),
                web.get("/attachments/{number}/{name}", self._file),
                web.get("/api/state", self._state),
                web.get("/api/outcome/{id}", self._outcome),
                web.post("/api/press", self._press),
                web.post("/api/choose", self._choose),
                web.post("/api/submit", self._submit),
                web.post("/api/command", self._command),
                web.post("/api/complete", self._complete),
                web.post("/api/say", self._say),
                web.post("/api/customer", self._customer),
            ]
        )
        return app

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Only this page may ask, and what cannot be done has a name."""
        try:
            response = await self._allowed(request, handler)
        except Barred as error:
            response = web.json_response({"reason": str(error)}, status=409)
        except Impossible as error:
            response = web.json_response({"reason": "impossible", "message": str(error)}, status=409)
        except (JSONDecodeError, KeyError, TypeError, AttributeError):
            response = web.json_response({"reason": "impossible", "message": "not what this page sends"}, status=400)
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    @staticmethod
    async def _allowed(request: web.Request, handler: Any) -> web.StreamResponse:
        # a page of somewhere else whose name points here has another host, and cannot send JSON unasked
        if request.host.rpartition(":")[0] not in _OURS and request.host not in _OURS:
            return web.json_response({"reason": "impossible", "message": "this page is for this machine"}, status=403)
        if request.method == "POST" and request.content_type != "application/json":
            return web.json_response({"reason": "impossible", "message": "send JSON"}, status=415)
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _page(self, request: web.Request) -> web.Response:
        name = request.path.strip("/") or "page.html"
        return web.Response(text=(_HERE / name).read_text(encoding="utf-8"), content_type=_TYPES[name], charset="utf-8")

    async def _file(self, request: web.Request) -> web.Response:
        kept = self._server.state.files.get(request.match_info["number"])
        if kept is None:
            raise web.HTTPNotFound
        return web.Response(body=kept.content, content_type=kept.content_type.partition(";")[0])

    # --- what somebody sees ---

    async def _state(self, request: web.Request) -> web.Response:
        user, locale = self._who(request), _locale(request)
        rooms = [room for room in self._world.rooms.values() if self._world.sees(user, room)]
        posts = [room for room in rooms if self._is_post(room)]
        here = self._world.rooms.get(request.query.get("room", ""))
        seen = here if here is not None and self._world.sees(user, here) else None
        return web.json_response(
            {
                "people": [
                    {"id": one.user.id, "name": one.names.get(locale[:2], one.user.username)}
                    for one in self._personas.values()
                ],
                "roles": {role.id: role.name for role in self._server.guild.roles.values()},
                "places": [{"id": room.id, "name": f"# {room.name}"} for room in rooms if room.kind is Kind.TEXT],
                "posts": [self._post(room) for room in sorted(posts, key=_newest_first)],
                "commands": [_command(one, locale) for one in self._commands(user, seen or next(iter(rooms), None))],
                "room": None if seen is None else self._room(seen, locale),
                "customers": self._customers is not None,
            }
        )

    def _is_post(self, room: Room) -> bool:
        parent = self._world.rooms.get(room.parent_id or "")
        return room.kind.is_thread and parent is not None and parent.kind is Kind.FORUM

    def _post(self, room: Room) -> Json:
        forum = self._world.rooms[room.parent_id or ""]
        names = {tag["id"]: tag["name"] for tag in forum.tags}
        tags = [names[one] for one in room.applied_tags if one in names]
        return {"id": room.id, "name": room.name, "archived": room.archived, "tags": tags}

    def _room(self, room: Room, locale: str) -> Json:
        messages = [self._message(one, locale) for one in reversed(self._world.history(room))]
        return {"id": room.id, "name": room.name, "is_post": self._is_post(room), "messages": messages}

    def _message(self, message: Message, locale: str) -> Json:
        author = self._world.users.get(message.author_id)
        return {
            "id": message.id,
            "author": "Vivencia" if author is self._server.bot else self._called(author, locale),
            "timestamp": stamp(moment(message.id)),
            "edited": message.edited_at is not None,
            "content": message.content,
            "embeds": message.extra.get("embeds", []),
            "components": message.extra.get("components", []),
            "attachments": [self._attachment(one) for one in message.attachments],
            "pinged": sorted(self._called(self._world.users.get(one), locale) for one in message.pings),
        }

    def _called(self, user: User | None, locale: str) -> str:
        if user is None:
            return "?"
        persona = self._personas.get(user.id)
        return persona.names.get(locale[:2], user.username) if persona else user.username

    def _attachment(self, one: Json) -> Json:
        # on this page's own address, which is all that its policy allows
        return {**one, "href": f"/attachments/{one['id']}/{one['filename']}"}

    def _commands(self, user: User, room: Room | None) -> list[Json]:
        return [] if room is None else self._server.people.commands_for(user, room)

    # --- what they do ---

    async def _press(self, request: web.Request) -> web.Response:
        user, body = self._who(request), await request.json()
        on = self._pressable(str(body["message"]))
        return await self._answer(self._server.people.press(user, on, str(body["custom_id"]), locale=_locale(request)))

    async def _choose(self, request: web.Request) -> web.Response:
        user, body = self._who(request), await request.json()
        on, values = self._pressable(str(body["message"])), [str(value) for value in body["values"]]
        people = self._server.people
        return await self._answer(people.choose(user, on, str(body["custom_id"]), values, locale=_locale(request)))

    async def _submit(self, request: web.Request) -> web.Response:
        user, body = self._who(request), await request.json()
        asked = self._outcomes.get(str(body["modal"]))
        if asked is None:
            raise Barred("closed")
        return await self._answer(self._server.people.submit(user, asked, body["fields"]))

    async def _command(self, request: web.Request) -> web.Response:
        user, body = self._who(request), await request.json()
        room = self._room_named(user, body)
        people = self._server.people
        outcome = people.command(user, room, str(body["name"]), body["options"], locale=_locale(request))
        return await self._answer(outcome)

    async def _complete(self, request: web.Request) -> web.Response:
        user, body = self._who(request), await request.json()
        room = self._room_named(user, body)
        people = self._server.people
        option, typed = str(body["option"]), str(body["value"])
        outcome = people.complete(user, room, str(body["name"]), option, typed, locale=_locale(request))
        try:
            await outcome.answer(_PATIENCE)
        except TimeoutError:
            return web.json_response({"choices": []})
        return web.json_response({"choices": outcome.choices})

    async def _say(self, request: web.Request) -> web.Response:
        user, body = self._who(request), await request.json()
        room = self._room_named(user, body)
        needed = Permission.SEND_MESSAGES_IN_THREADS if room.kind.is_thread else Permission.SEND_MESSAGES
        if needed not in self._world.permissions(user, room):
            raise Barred("not_here")
        self._server.say(room, user, str(body["text"])[:2000])
        return web.json_response({})

    async def _customer(self, request: web.Request) -> web.Response:
        """No part of Discord: what the customer of this post writes meanwhile."""
        user, body = self._who(request), await request.json()
        room = self._room_named(user, body)
        if self._customers is None:
            raise Barred("nobody")
        try:
            await self._customers.write(room.id, str(body["text"]), datetime.now(UTC))
        except NothingSaid as error:
            raise Barred("nobody") from error
        return web.json_response({})

    async def _outcome(self, request: web.Request) -> web.Response:
        outcome = self._outcomes.get(request.match_info["id"])
        if outcome is None:
            raise web.HTTPNotFound
        return await self._answer(outcome)

    async def _answer(self, outcome: Outcome) -> web.Response:
        """As soon as there is something to see; what takes longer is asked for again."""
        self._outcomes[outcome.id] = outcome
        try:
            await outcome.answer(_PATIENCE)
        except TimeoutError:
            return web.json_response({"id": outcome.id, "pending": outcome.reply is not Reply.DEFERRED_UPDATE})
        return web.json_response(
            {
                "id": outcome.id,
                "failed": outcome.failed,
                "modal": outcome.modal,
                "messages": [self._whisper(one) for one in outcome.messages if not one.deleted],
            }
        )

    def _whisper(self, one: Shown) -> Json:
        return {
            "id": one.id,
            "ephemeral": one.ephemeral,
            "content": one.content,
            "embeds": one.embeds,
            "components": one.components,
            "attachments": [self._attachment(each) for each in one.attachments],
        }

    # --- who and where ---

    def _who(self, request: web.Request) -> User:
        persona = self._personas.get(request.query.get("as", ""))
        return persona.user if persona else next(iter(self._personas.values())).user

    def _room_named(self, user: User, body: Json) -> Room:
        room = self._world.rooms.get(str(body.get("room") or ""))
        if room is None or not self._world.sees(user, room):
            raise Barred("gone")
        return room

    def _pressable(self, number: str) -> Message | Shown:
        whisper = self._server.state.whispers.get(number)
        if isinstance(whisper, Shown):
            return whisper
        found = next((kept[number] for kept in self._world.messages.values() if number in kept), None)
        if found is None:
            raise Barred("gone")
        return found


def _locale(request: web.Request) -> str:
    return "en-US" if request.query.get("locale", "").startswith("en") else "es-ES"


def _newest_first(room: Room) -> tuple[bool, int]:
    return room.archived, -int(room.last_message_id or room.id)


def _command(command: Json, locale: str) -> Json:
    return {
        "name": command["name"],
        "shown": shown_in(command, locale, "name"),
        "description": shown_in(command, locale, "description"),
        "options": [_option(one, locale) for one in command.get("options") or []],
    }


def _option(option: Json, locale: str) -> Json:
    return {
        "name": option["name"],
        "type": option["type"],
        "shown": shown_in(option, locale, "name"),
        "description": shown_in(option, locale, "description"),
        "required": bool(option.get("required")),
        "autocomplete": bool(option.get("autocomplete")),
        "choices": list(_choices(option, locale)),
    }


def _choices(option: Json, locale: str) -> Iterator[Json]:
    for choice in option.get("choices") or []:
        yield {"name": shown_in(choice, locale, "name"), "value": choice["value"]}
