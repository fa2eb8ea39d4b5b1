"""No test reaches the network: loopback is all there is, whatever library asks."""

from __future__ import annotations

import asyncio
import socket
import time

import aiohttp
import pytest

# RFC 5737: an address for examples, which nobody has and whose packets are dropped rather than refused
FAR = "192.0.2.1"
# the guard warns before it raises, and warnings are errors here
REFUSED = r'tried to use socket\.socket\.connect\(\) with host "192\.0\.2\.1"'


def test_a_blocking_connection_to_elsewhere_is_refused_at_once() -> None:
    began = time.monotonic()

    with pytest.raises(UserWarning, match=REFUSED):
        socket.create_connection((FAR, 443), timeout=5)

    assert time.monotonic() - began < 1


async def test_an_awaited_connection_to_elsewhere_is_refused_at_once() -> None:
    async with asyncio.timeout(5):
        with pytest.raises(UserWarning, match=REFUSED):
            await asyncio.open_connection(FAR, 443)


async def test_a_request_to_elsewhere_is_refused_at_once() -> None:
    async with asyncio.timeout(5), aiohttp.ClientSession() as session:
        with pytest.raises(UserWarning, match=REFUSED):
            await session.get(f"http://{FAR}/")


async def test_loopback_is_open() -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"here")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("localhost", port)
        assert await reader.read() == b"here"
        writer.close()
        await writer.wait_closed()
