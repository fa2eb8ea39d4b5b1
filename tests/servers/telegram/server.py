"""The Bot API over HTTP on loopback: four methods with Telegram's rules, and faults on demand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from aiohttp import web

from tests.contracts.stage import RESET_SECONDS, Fault
from tests.servers.faults import cut, faulty
from tests.servers.telegram.world import Json, Line, User, World

TOKEN = "110201543:AAHcanaryTokenOfTheBot_0123456789ab"  # noqa: S105 - of nobody
_LONG = 30.0


@dataclass
class Call:
    """One request: the method and its parameters."""

    method: str
    parameters: Json


@dataclass
class TelegramServer:
    """A world with one bot in it. `page` bounds what an answer holds, as Telegram's own bound of bytes does."""

    world: World
    page: int = 100
    fault: Fault | None = None
    webhook: str = ""
    reads_all: bool = False
    calls: list[Call] = field(default_factory=list)
    url: str = ""
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _poll: object = None

    @property
    def bot(self) -> User:
        return self.world.bot

    def ring(self) -> None:
        """Something happened: whoever waits looks again."""
        self._news.set()
        self._news = asyncio.Event()

    def application(self) -> web.Application:
        refusals = {
            Fault.RATE_LIMIT: lambda: refused(
                429, f"Too Many Requests: retry after {RESET_SECONDS}", retry_after=RESET_SECONDS
            ),
            Fault.RATE_LIMIT_WITHOUT_RESET: lambda: refused(429, "Too Many Requests"),
            Fault.UNAUTHORIZED: lambda: refused(401, "Unauthorized"),
            Fault.FORBIDDEN: lambda: refused(403, "Forbidden: bot was blocked by the user"),
        }
        app = web.Application(middlewares=[faulty(lambda: self.fault, refusals)], client_max_size=16_000_000)
        app.add_routes([web.route("*", "/bot{token}/{method}", self._called)])
        return app

    async def _called(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != TOKEN:
            return refused(401, "Unauthorized")
        given = await request.json() if request.can_read_body else dict(request.query)
        self.calls.append(Call(request.match_info["method"], given))
        match request.match_info["method"].lower():
            case "getme":
                return done(
                    {**self.bot.shown(), "can_join_groups": True, "can_read_all_group_messages": self.reads_all}
                )
            case "getwebhookinfo":
                return done({"url": self.webhook, "pending_update_count": len(self.world.updates)})
            case "getupdates":
                return await self._updates(request, given)
            case "sendmessage":
                return self._send(given)
            case _:
                return refused(404, "Not Found: method not found")

    # --- listening ---

    async def _updates(self, request: web.Request, given: Json) -> web.Response:
        if self.webhook:
            return refused(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook")
        offset, limit = int(given.get("offset", 0)), int(given.get("limit", 100))
        if not 1 <= limit <= 100:
            return refused(400, "Bad Request: limit must be between 1 and 100")
        mine = self._poll = object()
        self.ring()
        self._confirm(offset)
        until = asyncio.get_running_loop().time() + int(given.get("timeout", 0))
        while not (waiting := self._page(offset, limit, given.get("allowed_updates"))):
            left = until - asyncio.get_running_loop().time()
            if left <= 0 and self.fault is not Fault.SILENCE:
                break
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), left if left > 0 else _LONG)
            if self._poll is not mine:
                return refused(409, "Conflict: terminated by other getUpdates request; make sure that only one runs")
            if self.fault is Fault.CUT:
                return cut(request)
        return done([self._odd(update) for update in waiting])

    def _confirm(self, offset: int) -> None:
        """Forget what is before it. An offset that is far from what waits is as none, as after a week of silence."""
        ids = [update["update_id"] for update in self.world.updates]
        if self.fault not in {Fault.REPEATED_PAGES, Fault.ENDLESS_PAGES} and ids and offset <= max(ids) + 10:
            self.world.updates = [one for one in self.world.updates if one["update_id"] >= offset]

    def _page(self, offset: int, limit: int, wanted: list[str] | None) -> list[Json]:
        ids = [update["update_id"] for update in self.world.updates]
        first = offset if ids and offset <= max(ids) + 10 else 0
        if self.fault is Fault.REPEATED_PAGES:
            first -= 1
        if self.fault is Fault.ENDLESS_PAGES:
            first = 0
        found = [one for one in self.world.updates if one["update_id"] >= first and self._is_wanted(one, wanted)]
        page = found[: min(limit, self.page)]
        return page[::-1] if self.fault is Fault.REORDERED_PAGES else page

    def _is_wanted(self, update: Json, wanted: list[str] | None) -> bool:
        return not wanted or bool(set(wanted) & set(update))

    def _odd(self, update: Json) -> Json:
        if self.fault is Fault.UNKNOWN_FIELDS:
            return {"surprise": True, **_each(update, lambda about: {**about, "mood": {"new": [1]}, "effect": 3})}
        if self.fault is Fault.MISSING_FIELDS:
            return _each(update, lambda about: {key: about[key] for key in ("message_id", "chat", "text")})
        return update

    # --- answering ---

    def _send(self, given: Json) -> web.Response:
        if (moved := self.world.moved.get(int(given["chat_id"]))) is not None:
            return refused(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=moved)
        text, room = str(given.get("text", "")), self.world.rooms.get(int(given["chat_id"]))
        if room is None:
            return refused(400, "Bad Request: chat not found")
        if not text:
            return refused(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            return refused(400, "Bad Request: message is too long")
        answered = given.get("reply_parameters", {}).get("message_id")
        if answered is not None and not self._is_there(room.id, answered):
            return refused(400, "Bad Request: message to be replied not found")
        return done(self.world.shown(self.world.write(self.bot, room, text, answers=answered)))

    def _is_there(self, room: int, line: int) -> bool:
        return (room, line) in self.world.lines and (room, line) not in self.world.gone

    def said(self) -> list[Line]:
        """What the bot has written and nobody has deleted."""
        return [one for key, one in self.world.lines.items() if one.author == self.bot and key not in self.world.gone]


def _each(update: Json, change: Callable[[Json], Json]) -> Json:
    """What the update is about, changed."""
    return {name: change(about) if isinstance(about, dict) else about for name, about in update.items()}


def done(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def refused(code: int, description: str, **parameters: int) -> web.Response:
    more: Json = {"parameters": parameters} if parameters else {}
    return web.json_response({"ok": False, "error_code": code, "description": description, **more}, status=code)


@asynccontextmanager
async def telegram_server(bot: str = "zarapito_bot") -> AsyncIterator[TelegramServer]:
    """Listens on a free port of loopback until the block is left."""
    server = TelegramServer(World(User(id=110201543, username=bot, is_bot=True)))
    # whoever hangs up waits no longer
    runner = web.AppRunner(
        server.application(), handle_signals=False, handler_cancellation=True, shutdown_timeout=0.1, access_log=None
    )
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.url = f"http://{host}:{port}"
    try:
        yield server
    finally:
        server.ring()
        await runner.cleanup()
