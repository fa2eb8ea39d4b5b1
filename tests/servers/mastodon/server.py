"""mastodon_mock behind a gate that does what it cannot: fail on demand, contradict itself, and show small pages.

The mock is somebody else's reading of Mastodon's documents, and the better witness for that. The gate adds the faults
of the contracts (the mock's own know no cut connection, lost answer or odd page), and mends one thing: what Mastodon
calls `status.update` the mock calls `status_update`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from fastapi import FastAPI
from mastodon_mock.app import create_app
from mastodon_mock.config import DatabaseConfig, MastodonMockConfig, StreamingConfig
from mastodon_mock.db.base import Base, init_engine, make_session_factory
from mastodon_mock.streaming import EventBus

from tests.contracts.stage import RESET_SECONDS, Fault
from tests.servers.faults import Handler, faulty
from tests.servers.mastodon.asgi import Answer, Query, asked
from tests.servers.mastodon.people import People

DOMAIN = "zarapito.example"
BEARER = "canaryMastodonToken0123456789"
HEARTBEAT_SECONDS = 0.2
_KEPT_BY_THE_GATE = {"content-length", "content-type", "transfer-encoding", "connection"}

Json = Any


@dataclass
class Call:
    """One request, and what was answered."""

    method: str
    path: str
    query: Query
    headers: dict[str, str]
    body: Json
    status: int = 0


@dataclass
class MastodonServer:
    """One brand at home on one server.

    `page` bounds what a page holds below what is asked for, `linked` is whether it names the next one. Of the paths in
    `unknown` the server knows nothing, of the posts in `left_out` only when it is asked for them by themselves.
    """

    app: FastAPI
    people: People
    page: int = 80
    fault: Fault | None = None
    broken_rows: list[Json] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    linked: bool = True
    unknown: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)
    streams: set[asyncio.Task[None]] = field(default_factory=set)
    url: str = ""

    def application(self) -> web.Application:
        refusals = {
            Fault.RATE_LIMIT: self._too_many,
            Fault.RATE_LIMIT_WITHOUT_RESET: self._too_many,
            Fault.UNAUTHORIZED: lambda: refusal(401, "The access token is invalid"),
            Fault.FORBIDDEN: lambda: refusal(403, "Your login is currently disabled"),
        }
        app = web.Application(middlewares=[self._recorded, faulty(lambda: self.fault, refusals)])
        app.add_routes(
            [
                web.get("/api/v1/streaming/{stream:.*}", self._stream),
                web.get("/api/v1/notifications", self._listing),
                web.get("/api/v1/timelines/{timeline:.*}", self._listing),
                web.get("/api/v1/statuses", self._several),
                web.route("*", "/{path:.*}", self._anything),
            ]
        )
        return app

    def cut_streams(self) -> None:
        for stream in self.streams:
            stream.cancel()

    # --- through the gate ---

    async def _anything(self, request: web.Request) -> web.Response:
        if request.path in self.unknown:
            return refusal(404, "Record not found")
        async with asked(self.app, request, _query(request)) as answer:
            return await _whole(answer)

    async def _several(self, request: web.Request) -> web.Response:
        answer = await self._anything(request)
        if answer.status != 200:
            return answer
        return web.json_response([row for row in json.loads(answer.text or "") if row["id"] not in self.left_out])

    async def _listing(self, request: web.Request) -> web.Response:
        query = dict(_query(request))
        again = self.fault is Fault.REPEATED_PAGES
        wanted = [
            (name, value) for name, value in _query(request) if name != "limit" and not (again and name == "max_id")
        ]
        size = min(int(query.get("limit", 40)), self.page)
        async with asked(self.app, request, [*wanted, ("limit", str(size))]) as answer:
            headers, rows = _headers(answer), json.loads(await answer.body())
        if answer.status != 200:
            return web.json_response(rows, status=answer.status)
        if self.fault is Fault.ENDLESS_PAGES and 'rel="next"' not in headers.get("Link", ""):
            turn = int(query.get("max_id", 10**15)) - 1
            headers["Link"] = f'<{self.url}{request.path}?max_id={turn}>; rel="next"'
        if not self.linked:
            headers.pop("Link", None)
        return web.json_response(self._odd(rows) + self.broken_rows, headers=headers)

    def _odd(self, rows: list[Json]) -> list[Json]:
        match self.fault:
            case Fault.REORDERED_PAGES:
                return rows[::-1]
            case Fault.UNKNOWN_FIELDS:
                return [{**row, "mood": {"new": [1]}, "views": 3} for row in rows]
            case Fault.MISSING_FIELDS:
                return [_bare(row) for row in rows]
            case _:
                return rows

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        async with asked(self.app, request, _query(request)) as answer:
            if answer.status != 200:
                return await _whole(answer)
            response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
            await response.prepare(request)
            passing = asyncio.create_task(self._pass_on(answer, response), name="stream of mastodon_mock")
            self.streams.add(passing)
            await asyncio.wait([passing])
            self.streams.discard(passing)
        if request.transport is not None:
            request.transport.abort()
        return response

    async def _pass_on(self, answer: Answer, response: web.StreamResponse) -> None:
        try:
            async for chunk in answer.chunks:
                if self.fault is not Fault.SILENCE:
                    await response.write(chunk.replace(b"event: status_update", b"event: status.update"))
        except ConnectionError:
            return

    @web.middleware
    async def _recorded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else None
        call = Call(request.method, request.path, _query(request), dict(request.headers), body)
        self.calls.append(call)
        response = await handler(request)
        call.status = response.status
        return response

    def _too_many(self) -> web.Response:
        headers = {"Date": formatdate(usegmt=True)}
        if self.fault is Fault.RATE_LIMIT:
            reset = datetime.now(UTC) + timedelta(seconds=RESET_SECONDS)
            headers |= {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset.isoformat().replace("+00:00", "Z")}
        return refusal(429, "Too many requests", headers)


def refusal(status: int, error: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": error}, status=status, headers=headers)


def _bare(row: Json) -> Json:
    """A notification or a post with as little as can be."""
    if "status" in row:
        return {"id": row["id"], "status": _bare(row["status"])} if row["status"] else {"id": row["id"]}
    return {"id": row["id"], "content": row["content"]}


async def _whole(answer: Answer) -> web.Response:
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    return web.Response(status=answer.status, headers=_headers(answer), body=await answer.body(), content_type=kind)


def _query(request: web.Request) -> Query:
    return list(request.query.items())


def _headers(answer: Answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.lower() not in _KEPT_BY_THE_GATE}


@cache
def mock() -> FastAPI:
    """One for the whole run, since building its routes takes longer than a test; what is on it is new for each."""
    return create_app(MastodonMockConfig(domain=DOMAIN, streaming=StreamingConfig(heartbeat_seconds=HEARTBEAT_SECONDS)))


@contextmanager
def emptied(app: FastAPI, folder: Path) -> Iterator[None]:
    """With a database of its own in the folder, and nobody listening."""
    engine = init_engine(DatabaseConfig(path=str(folder / "mastodon.sqlite")))
    Base.metadata.create_all(engine)
    app.state.session_factory, app.state.event_bus = make_session_factory(engine), EventBus()
    yield
    engine.dispose()


@asynccontextmanager
async def mastodon_server(folder: Path, brand: str = "zarapito") -> AsyncIterator[MastodonServer]:
    """Listens on a free port of loopback until the block is left."""
    app = mock()
    with emptied(app, folder):
        server = MastodonServer(app, People(app, brand, BEARER))
        runner = web.AppRunner(server.application(), handle_signals=False, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        server.url = f"http://{host}:{port}"
        try:
            await _woken(server)
            yield server
        finally:
            server.cut_streams()
            await runner.cleanup()


async def _woken(server: MastodonServer) -> None:
    """The first request of a run builds the routes, and would be taken for one that hangs."""
    async with aiohttp.ClientSession() as session, session.get(f"{server.url}/nowhere"):
        server.calls.clear()
