"""Hand one request to an ASGI application in the same process, and its answer back, streams included."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from multidict import CIMultiDict
from starlette.types import ASGIApp

Query = list[tuple[str, str]]


@dataclass
class Answer:
    """What the application says. `chunks` ends with the answer."""

    status: int
    headers: CIMultiDict[str]
    chunks: AsyncIterator[bytes]

    async def body(self) -> bytes:
        return b"".join([chunk async for chunk in self.chunks])


@asynccontextmanager
async def asked(app: ASGIApp, request: web.Request, query: Query) -> AsyncIterator[Answer]:
    """The application's answer to the request, with another query; it is told when nobody listens any more."""
    body = await request.read()
    told: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
    asks: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    asks.put_nowait({"type": "http.request", "body": body, "more_body": False})

    async def run() -> None:
        try:
            await app(_scope(request, query), asks.get, told.put)  # type: ignore[arg-type]
        finally:
            told.put_nowait(None)

    running = asyncio.create_task(run(), name="mastodon_mock answers")
    try:
        start = await told.get()
        assert start is not None, "the application said nothing"
        headers = CIMultiDict((name.decode(), value.decode("latin-1")) for name, value in start["headers"])
        yield Answer(start["status"], headers, _chunks(told))
    finally:
        asks.put_nowait({"type": "http.disconnect"})
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _chunks(told: asyncio.Queue[dict[str, Any] | None]) -> AsyncIterator[bytes]:
    while (message := await told.get()) is not None:
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return


def _scope(request: web.Request, query: Query) -> dict[str, Any]:
    headers = [(name.lower().encode(), value.encode()) for name, value in request.headers.items()]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.path,
        "raw_path": request.rel_url.raw_path.encode(),
        "query_string": urlencode(query).encode(),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": (request.url.host, request.url.port),
    }
