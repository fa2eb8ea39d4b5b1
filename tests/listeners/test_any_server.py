"""Every channel over HTTP against one server that does whatever a server, or a proxy before it, can do wrong."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.errors import ChannelError, RateLimited
from bot.domain.mention import Batch
from bot.domain.ports.channel import Listener, Stream, Surroundings
from listeners.registry import open_channel

_USER_KEYS = dict.fromkeys(("consumer_key", "consumer_secret", "access_token", "access_token_secret"), "k")
TABLES: Mapping[str, Mapping[str, Any]] = {
    "x": _USER_KEYS,
    "mastodon": {"access_token": "t", "stream": False},
    "bluesky": {"handle": "zarapito.test", "app_password": "p"},
    "reddit": {"client_id": "c", "client_secret": "s", "account": "zarapito", "password": "p"},
    "telegram": {"token": "123:abc"},
    "matrix": {"access_token": "t"},
    "discord_guild": {"token": "t", "guild": "100000000000000000", "channels": ["soporte"]},
    "feed": {},
}
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture(params=sorted(TABLES))
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def table_of(kind: str, address: str) -> dict[str, Any]:
    where: dict[str, dict[str, Any]] = {
        "feed": {"feeds": [f"{address}/feed"]},
        "reddit": {"base_url": address, "login_url": address},
    }
    return {"kind": kind, **TABLES[kind], **where.get(kind, {"base_url": address}), "timeout_seconds": 5}


@asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[str]:
    """Any call gets this answer."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server:
        yield str(server.make_url("/")).rstrip("/")


async def looked(kind: str, address: str, home: Path) -> ChannelError:
    """What one look raises."""
    surroundings = Surroundings(home=home, accounts=("zarapito",))
    async with open_channel("post", table_of(kind, address), surroundings) as channel, asyncio.timeout(20):
        with pytest.raises(ChannelError) as caught:
            await _look_at(channel)
    return caught.value


async def _look_at(channel: object) -> None:
    if isinstance(channel, Listener):
        await channel.poll(None)
    elif isinstance(channel, Stream):
        await channel.listen(None, _keep)


async def _keep(batch: Batch) -> None:
    del batch


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"Retry-After": "14400"}, 14_400, 14_400),
        ({"Date": "Fri, 20 Nov 2026 12:00:00 GMT", "Retry-After": "Fri, 20 Nov 2026 13:00:00 GMT"}, 3_600, 3_600),
        ({"Retry-After": "-5"}, 1, 1),
        ({"Retry-After": "nan"}, 30, 300),
        ({"Retry-After": "inf"}, 30, 300),
        ({"Retry-After": "mañana"}, 30, 300),
    ],
)
async def test_a_limit_ends_when_the_server_says_and_never_at_no_time_at_all(
    kind: str, tmp_path: Path, headers: dict[str, str], least: float, most: float
) -> None:
    if kind == "telegram":
        pytest.skip("Telegram tells in its answer how long")

    async def limited(request: web.Request) -> web.Response:
        del request
        return web.json_response({}, status=429, headers=headers)

    async with serving(limited) as address:
        error = await looked(kind, address, tmp_path)

    assert isinstance(error, RateLimited)
    assert least <= error.retry_after <= most


@pytest.mark.parametrize("told", ["-3", "NaN", "Infinity", "1e300", '"luego"', "null"])
async def test_what_telegram_tells_in_its_answer_is_a_length_of_time_too(tmp_path: Path, told: str) -> None:
    async def limited(request: web.Request) -> web.Response:
        del request
        body = f'{{"ok": false, "error_code": 429, "description": "", "parameters": {{"retry_after": {told}}}}}'
        return web.Response(text=body, status=429, content_type="application/json")

    async with serving(limited) as address:
        error = await looked("telegram", address, tmp_path)

    assert isinstance(error, RateLimited)
    assert 1 <= error.retry_after <= 86_400


@pytest.mark.parametrize("reset", ["nan", "inf", "-1", "0", "9" * 400, "soon"])
async def test_a_reset_that_is_no_moment_still_is_a_limit(kind: str, tmp_path: Path, reset: str) -> None:
    headers = {f"{name}-reset": reset for name in ("x-rate-limit", "ratelimit", "x-ratelimit")}

    async def limited(request: web.Request) -> web.Response:
        del request
        return web.json_response({}, status=429, headers={**headers, "Date": "when it suits us"})

    async with serving(limited) as address:
        error = await looked(kind, address, tmp_path)

    assert isinstance(error, RateLimited)
    assert 1 <= error.retry_after <= 300


async def test_the_reset_holds_although_the_date_beside_it_is_nonsense(tmp_path: Path) -> None:
    async def limited(request: web.Request) -> web.Response:
        del request
        headers = {"x-rate-limit-reset": str(int(time.time()) + 800), "Date": "when it suits us"}
        return web.json_response({}, status=429, headers=headers)

    async with serving(limited) as address:
        error = await looked("x", address, tmp_path)

    assert isinstance(error, RateLimited)
    assert error.retry_after == pytest.approx(801, abs=3)
