"""What any HTTP server can do wrong, as a middleware; how a platform words its refusals comes from the platform."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from aiohttp.typedefs import Middleware

from tests.contracts.stage import Fault

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Refusal = Callable[[], web.Response]

_LONG = 30.0
_WRITES = {"POST", "PUT", "PATCH", "DELETE"}


def broken_down() -> web.Response:
    return web.Response(status=503, text="<html><h1>Over capacity</h1></html>", content_type="text/html")


def truncated() -> web.Response:
    return web.Response(text='{"data":[{"id":"17', content_type="application/json")


def empty() -> web.Response:
    return web.Response(text="", content_type="application/json")


def wrong_type() -> web.Response:
    return web.Response(text="<html>welcome</html>", content_type="text/html")


def cut(request: web.Request) -> web.Response:
    """The connection ends before the answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


_ANYWHERE: Mapping[Fault, Refusal] = {
    Fault.SERVER_ERROR: broken_down,
    Fault.TRUNCATED: truncated,
    Fault.EMPTY: empty,
    Fault.WRONG_TYPE: wrong_type,
}


def everywhere() -> str:
    """Every path has nothing in it."""
    return ""


def faulty(
    current: Callable[[], Fault | None], refusals: Mapping[Fault, Refusal], where: Callable[[], str] = everywhere
) -> Middleware:
    """Answers in the handler's place while `current` is a fault; `refusals` are this platform's own words.

    Only where the path has `where` in it.
    """
    answers = {**_ANYWHERE, **refusals}

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        fault = current() if where() in request.path else None
        if fault in answers:
            return answers[fault]()
        if fault is Fault.HANG:
            await asyncio.sleep(_LONG)
        if fault is Fault.CUT:
            return cut(request)
        answer = await handler(request)
        if fault is Fault.LOST_ANSWER and request.method in _WRITES:
            return cut(request)
        return answer

    return middleware
