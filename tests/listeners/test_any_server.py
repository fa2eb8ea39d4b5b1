"""Every channel over HTTP against one server that does whatever a server, or a proxy before it, can do wrong."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import ssl
import subprocess
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.errors import ChannelError, ChannelUnavailable, RateLimited
from bot.domain.mention import Batch
from bot.domain.ports.channel import Listener, Stream, Surroundings
from listeners.discord_session import Login, open_session
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
async def serving(answer: Answer, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Any call gets this answer."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    server = TestServer(app, host=host, scheme="https" if tls else "http")
    await server.start_server(ssl=tls)
    try:
        yield str(server.make_url("/")).rstrip("/")
    finally:
        await server.close()


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


@pytest.mark.parametrize("link", ["http://[", "http://h:99999999/?max_id=3"])
async def test_a_next_page_that_is_nowhere_is_no_last_page(tmp_path: Path, link: str) -> None:
    async def listed(request: web.Request) -> web.Response:
        if request.path.endswith("verify_credentials"):
            return web.json_response({"id": "1", "acct": "zarapito"})
        return web.json_response([], headers={"Link": f'<{link}>; rel="next"'})

    async with serving(listed) as address:
        error = await looked("mastodon", address, tmp_path)

    assert isinstance(error, ChannelUnavailable)
    assert "cannot be read" in str(error)


# --- out of reach ---


async def ok(request: web.Request) -> web.Response:
    del request
    return web.json_response({"ok": True})


async def test_a_name_that_nobody_knows_is_said_to_be_that(kind: str, tmp_path: Path) -> None:
    error = await looked(kind, "http://nobody.invalid", tmp_path)

    assert isinstance(error, ChannelUnavailable)
    assert "no address is found for its name" in str(error)


async def test_a_port_where_nobody_listens_is_said_to_be_that(kind: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    error = await looked(kind, f"http://127.0.0.1:{port}", tmp_path)

    assert isinstance(error, ChannelUnavailable)
    assert "nobody listens at its port" in str(error)


async def test_a_certificate_that_nobody_trusts_is_said_to_be_that(kind: str, tmp_path: Path) -> None:
    async with serving(ok, tls=_self_signed(tmp_path)) as address:
        error = await looked(kind, address, tmp_path)

    assert isinstance(error, ChannelUnavailable)
    assert "its certificate is not trusted: self-signed certificate" in str(error)


async def test_a_server_without_encryption_is_said_to_be_that(kind: str, tmp_path: Path) -> None:
    async with serving(ok) as address:
        error = await looked(kind, address.replace("http:", "https:"), tmp_path)

    assert isinstance(error, ChannelUnavailable)
    assert "no encrypted connection comes about: " in str(error)


async def test_a_connection_that_is_cut_is_said_to_be_that(kind: str, tmp_path: Path) -> None:
    async def cut(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with serving(cut) as address:
        error = await looked(kind, address, tmp_path)

    assert isinstance(error, ChannelUnavailable)
    assert "the connection was cut" in str(error)


async def test_a_body_that_breaks_off_is_a_passing_fault(kind: str, tmp_path: Path) -> None:
    async def half(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b'{"data": [')
        assert request.transport is not None
        request.transport.abort()
        return response

    async with serving(half) as address:
        error = await looked(kind, address, tmp_path)

    assert isinstance(error, ChannelUnavailable)


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine speaks no IPv6")
async def test_a_server_that_speaks_ipv6_only_is_reached(kind: str, tmp_path: Path) -> None:
    async def limited(request: web.Request) -> web.Response:
        del request
        return web.json_response({}, status=429, headers={"Retry-After": "7"})

    try:
        async with serving(limited, host="::1") as address:
            error = await looked(kind, address, tmp_path)
    except OSError as missing:
        pytest.skip(f"there is no ::1 here: {missing}")

    assert isinstance(error, RateLimited)


@pytest.mark.parametrize("status", [302, 307])
async def test_a_redirection_takes_nothing_to_another_host(kind: str, tmp_path: Path, status: int) -> None:
    elsewhere: list[str] = []

    async def other(request: web.Request) -> web.Response:
        elsewhere.append(f"{request.path} {await request.text()}")
        return web.json_response({})

    async with serving(other) as away:

        async def moved(request: web.Request) -> web.Response:
            return web.Response(status=status, headers={"Location": f"{away}{request.path}"})

        async with serving(moved) as address:
            await looked(kind, address, tmp_path)

    assert elsewhere == []


# --- by a proxy ---

ELSEWHERE = "http://plataforma.example"


@dataclass
class Proxy:
    """Takes calls for other hosts, and answers them itself: with a limit, or a refusal to tunnel."""

    port: int = 0
    heads: list[str] = field(default_factory=list)

    @property
    def hosts(self) -> set[str]:
        return {(head.split()[1].partition("//")[2] or head.split()[1]).partition("/")[0] for head in self.heads}

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.heads.append(head)
        length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
        await reader.readexactly(int(length[1]) if length else 0)
        status = "407 Log In First" if head.startswith("CONNECT ") else "429 Later"
        told = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nRetry-After: 7\r\nContent-Length: 2\r\n"
        writer.write(f"{told}Connection: close\r\n\r\n{{}}".encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@pytest.fixture
async def proxy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Proxy]:
    """The environment names it, and a ~/.netrc has a log-in for any host."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    (tmp_path / ".netrc").write_text("default login ana password canario\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    one = Proxy()
    async with await asyncio.start_server(one.take, "127.0.0.1", 0) as server:
        one.port = server.sockets[0].getsockname()[1]
        for scheme in ("HTTP", "HTTPS"):
            monkeypatch.setenv(f"{scheme}_PROXY", f"http://maya:llave@127.0.0.1:{one.port}")
        yield one


async def test_the_proxy_of_the_environment_is_used_and_only_it_is_logged_in_to(
    kind: str, tmp_path: Path, proxy: Proxy
) -> None:
    error = await looked(kind, ELSEWHERE, tmp_path)

    assert isinstance(error, RateLimited)
    assert proxy.hosts == {"plataforma.example"}
    assert all(f"Proxy-Authorization: {_basic('maya', 'llave')}".lower() in head.lower() for head in proxy.heads)
    assert not any(_basic("ana", "canario") in head for head in proxy.heads)


async def test_what_is_encrypted_goes_by_the_proxy_in_a_tunnel(kind: str, tmp_path: Path, proxy: Proxy) -> None:
    error = await looked(kind, ELSEWHERE.replace("http:", "https:"), tmp_path)

    assert isinstance(error, ChannelUnavailable)
    assert proxy.hosts == {"plataforma.example:443"}
    assert kind == "bluesky" or "the proxy of the environment refuses (407)" in str(error)


async def test_a_host_that_the_environment_excepts_is_reached_without_the_proxy(
    kind: str, tmp_path: Path, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "otra.example,127.0.0.1")
    async with serving(ok) as address:
        await looked(kind, address, tmp_path)

    assert proxy.heads == []


async def test_a_proxy_that_is_away_is_said_to_be_that(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind == "bluesky":
        pytest.skip("httpx does not tell a proxy that is away from a server that is")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("ALL_PROXY", f"127.0.0.1:{taken.getsockname()[1]}")
    monkeypatch.setenv("NO_PROXY", "")

    error = await looked(kind, ELSEWHERE, tmp_path)

    assert "the proxy of the environment cannot be reached" in str(error)


async def test_the_gateway_of_discord_is_reached_by_the_proxy_of_its_own_host(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def api(request: web.Request) -> web.Response:
        bot = {"id": "7", "username": "zarapito", "discriminator": "0", "avatar": None, "bot": True}
        app = {"name": "z", "description": "", "icon": None, "verify_key": "", "owner": bot}
        rules = {"bot_public": False, "bot_require_code_grant": False}
        return web.json_response({**bot, **app, **rules, "url": "wss://pasarela.example"})

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with serving(api) as address:
        table: dict[str, Any] = {"token": "t", "base_url": address, "timeout_seconds": 2, "silence_seconds": 2}
        async with open_session(Login(**table)) as session, session.listening() as ear:
            with pytest.raises(ChannelUnavailable, match=r"the proxy of the environment refuses \(407\)"):
                await anext(aiter(ear))

    assert proxy.hosts == {"pasarela.example:443"}


def _basic(name: str, password: str) -> str:
    return "Basic " + b64encode(f"{name}:{password}".encode()).decode()


# --- too much ---


@pytest.mark.parametrize("packed", [False, True])
async def test_an_answer_without_an_end_does_not_fill_our_memory(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, packed: bool
) -> None:
    monkeypatch.setattr("listeners.whole_answer.LARGEST", 1_000_000)
    monkeypatch.setattr("listeners.feed_wire.LARGEST", 1_000_000)
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        if packed:
            response.enable_compression(web.ContentCoding.gzip)
        await response.prepare(request)
        with suppress(ConnectionError):
            for _ in range(200):
                await response.write(b" " * 1_000_000)
                sent += 1_000_000
        return response

    async with serving(endless) as address:
        error = await looked(kind, address, tmp_path)

    assert "larger than 1 MB" in str(error)
    assert packed or sent < 20_000_000


def _self_signed(folder: Path) -> ssl.SSLContext:
    """For loopback, and trusted by nobody."""
    if (openssl := shutil.which("openssl")) is None:
        pytest.skip("openssl makes the certificate, and is not installed")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    what = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"]
    who = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = [openssl, *what, *who, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context


@pytest.mark.parametrize("status", [400, 404, 500])
@pytest.mark.parametrize("padding", [0, 185])
async def test_what_repeats_the_address_of_a_call_gives_no_secret_of_it_away(
    kind: str, tmp_path: Path, status: int, padding: int
) -> None:
    async def echoing(request: web.Request) -> web.Response:
        said = f"{'x' * padding}{request.rel_url.raw_path} {request.path} {str(request.url).replace(':', '%3A')}"
        told = dict.fromkeys(
            ("description", "error", "error_description", "message", "detail", "title", "errcode"), said
        )
        return web.json_response({"ok": False, **told}, status=status)

    async with serving(echoing) as address:
        said = str(await looked(kind, address, tmp_path))

    assert kind != "telegram" or "/bot…" in said or padding
    assert [secret for secret in ("123:abc", "123%3Aabc", "123:a") if secret in said] == []
