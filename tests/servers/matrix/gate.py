"""The gate in front of Synapse: it passes on what is asked, notes it, fails on demand, and shows small or odd pages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from yarl import URL

from tests.contracts.stage import RESET_SECONDS, Fault
from tests.servers.faults import Handler, faulty
from tests.servers.matrix.people import People, people_on
from tests.servers.matrix.synapse import synapse

Json = Any

_LONG = 30.0
_PASSED_ON = ("Authorization", "Content-Type")
_NOWHERE = "nowhere"
_TOO_OFTEN = {"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests"}


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request, and what was answered."""

    method: str
    path: str
    query: dict[str, str]
    body: Json
    status: int


@dataclass
class MatrixServer:
    """One brand's account, `bot`, on the server, reached through the gate.

    `page` bounds what a timeline or a page of history holds. `altered` may change any answer on its way. Of paths with
    a part that is in `hidden` the server knows nothing, and those in `limited` are asked for too often. `hurried` is a
    server that waits for no news; `instead` stands in the place of every answer.
    """

    people: People
    bot: str
    token: str
    page: int = 100
    fault: Fault | None = None
    calls: list[Call] = field(default_factory=list)
    altered: Callable[[str, Json], Json] = field(default=lambda _, answer: answer)
    hidden: set[str] = field(default_factory=set)
    limited: set[str] = field(default_factory=set)
    hurried: bool = False
    instead: web.Response | None = None
    url: str = ""
    _upstream: str = ""
    _session: aiohttp.ClientSession | None = None
    _lines: set[asyncio.Transport] = field(default_factory=set)
    _first: dict[str, str] = field(default_factory=dict)

    def fail(self, fault: Fault) -> None:
        """From now on; whoever waits for news is cut off if connections are."""
        self.fault = fault
        self._first.clear()
        if fault is Fault.CUT:
            self.cut()

    def cut(self) -> None:
        for line in self._lines:
            line.abort()

    def asked(self, part: str) -> list[Call]:
        """The calls with this in their path."""
        return [call for call in self.calls if part in call.path]

    def application(self) -> web.Application:
        refusals = {
            Fault.RATE_LIMIT: lambda: refusal(429, {**_TOO_OFTEN, "retry_after_ms": RESET_SECONDS * 1000}),
            Fault.RATE_LIMIT_WITHOUT_RESET: lambda: refusal(429, _TOO_OFTEN),
            Fault.UNAUTHORIZED: lambda: refusal(401, {"errcode": "M_UNKNOWN_TOKEN", "error": "Invalid access token"}),
            Fault.FORBIDDEN: lambda: refusal(403, {"errcode": "M_FORBIDDEN", "error": "You are not allowed"}),
        }
        app = web.Application(
            middlewares=[self._noted, faulty(lambda: self.fault, refusals)], client_max_size=16_000_000
        )
        app.add_routes([web.route("*", "/{path:.*}", self._passed_on)])
        return app

    @web.middleware
    async def _noted(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else None
        line = request.transport
        assert line is not None
        self._lines.add(line)
        try:
            answer = await handler(request)
        finally:
            self._lines.discard(line)
        call = Call(
            method=request.method, path=request.path, query=dict(request.query), body=body, status=answer.status
        )
        self.calls.append(call)
        return answer

    async def _passed_on(self, request: web.Request) -> web.Response:
        if self.instead is not None:
            return self.instead
        if any(part in request.path for part in self.limited):
            return refusal(429, _TOO_OFTEN)
        if any(part in request.path for part in self.hidden):
            return refusal(404, {"errcode": "M_NOT_FOUND", "error": "Not found"})
        if request.path.endswith("/sync") and self.fault is Fault.SILENCE:
            await asyncio.sleep(_LONG)
        query = self._query(request)
        if query.get("from", "").startswith(_NOWHERE):
            return web.json_response({"chunk": [], "start": query["from"], "end": f"{query['from']}!"})
        assert self._session is not None
        target = URL(f"{self._upstream}{request.rel_url.raw_path}", encoded=True).with_query(query)
        headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
        async with self._session.request(
            request.method, target, data=await request.read(), headers=headers
        ) as response:
            content = await response.read()
            return self._answer(request.path, response.status, content)

    def _answer(self, path: str, status: int, content: bytes) -> web.Response:
        if status == 200:
            content = json.dumps(self.altered(path, self._odd(path, json.loads(content)))).encode()
        return web.Response(body=content, status=status, content_type="application/json")

    # --- pages ---

    def _query(self, request: web.Request) -> dict[str, str]:
        """As it was asked, but for smaller pages, and from where it began where pages repeat themselves."""
        query = dict(request.query)
        if request.path.endswith("/messages"):
            query["limit"] = str(min(int(query.get("limit", 10)), self.page))
            query["from"] = self._repeated(request.path, query.get("from", ""))
        if request.path.endswith("/sync"):
            asked = json.loads(query["filter"])
            timeline = asked["room"]["timeline"]
            timeline["limit"] = min(timeline["limit"], self.page)
            query["filter"] = json.dumps(asked)
            if self.hurried:
                query.pop("timeout", None)
            if "since" in query:
                query["since"] = self._repeated(request.path, query["since"])
        return query

    def _repeated(self, path: str, place: str) -> str:
        return self._first.setdefault(path, place) if self.fault is Fault.REPEATED_PAGES else place

    def _odd(self, path: str, answer: Json) -> Json:
        if path.endswith("/messages"):
            answer["chunk"] = self._oddly(answer["chunk"])
            if self.fault is Fault.ENDLESS_PAGES:
                answer.setdefault("end", _NOWHERE)
        if path.endswith("/sync"):
            for room in answer.get("rooms", {}).get("join", {}).values():
                room["timeline"]["events"] = self._oddly(room["timeline"]["events"])
        return {**answer, "surprise": {"new": [1]}} if self.fault is Fault.UNKNOWN_FIELDS else answer

    def _oddly(self, events: list[Json]) -> list[Json]:
        match self.fault:
            case Fault.REORDERED_PAGES:
                return events[::-1]
            case Fault.UNKNOWN_FIELDS:
                unknown = {"type": "org.example.mood", "content": {"mood": 3}}
                return [
                    {**event, **change}
                    for event in events
                    for change in (
                        {"surprise": True, "content": {**event["content"], "org.example.effect": [None]}},
                        {**unknown, "event_id": f"{event['event_id']}-mood"},
                    )
                ]
            case Fault.MISSING_FIELDS:
                kept = ("event_id", "sender", "type", "content", "state_key")
                return [{"content": {}}, *({name: one[name] for name in kept if name in one} for one in events)]
            case _:
                return events


def refusal(status: int, told: Json) -> web.Response:
    return web.json_response(told, status=status)


@asynccontextmanager
async def matrix_server() -> AsyncIterator[MatrixServer]:
    """A gate on a free port of loopback, and a new account of the brand behind it."""
    upstream = synapse()
    async with people_on(upstream) as people, aiohttp.ClientSession() as session:
        bot = await people.newcomer("zarapito")
        server = MatrixServer(people=people, bot=bot, token=await people.token(bot))
        server._upstream, server._session = upstream.url, session
        # whoever hangs up waits no longer
        runner = web.AppRunner(
            server.application(), handle_signals=False, handler_cancellation=True, shutdown_timeout=0.1, access_log=None
        )
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        server.url = f"http://{host}:{port}"
        try:
            yield server
        finally:
            await runner.cleanup()
