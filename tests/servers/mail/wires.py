"""Wires between a mail client and its servers, which break in every way that wires and servers have."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from tests.contracts.stage import RESET_SECONDS, Fault

_HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>welcome</html>\r\n"

# what an IMAP server says to a log-in, and an SMTP server to the first command that wants something
IMAP_REFUSALS = {
    Fault.RATE_LIMIT: f"BAD Request is throttled. Suggested Backoff Time: {RESET_SECONDS}000 milliseconds",
    Fault.RATE_LIMIT_WITHOUT_RESET: "NO [LIMIT] Too many simultaneous connections.",
    Fault.UNAUTHORIZED: "NO [AUTHENTICATIONFAILED] Authentication failed.",
    Fault.FORBIDDEN: "NO [AUTHORIZATIONFAILED] IMAP is not enabled for your account.",
    Fault.SERVER_ERROR: "NO [UNAVAILABLE] <html>backend is down</html>",
}
SMTP_REFUSALS = {
    Fault.RATE_LIMIT_WITHOUT_RESET: ("MAIL", "421 4.7.28 Our system has detected an unusual rate of mail"),
    Fault.UNAUTHORIZED: ("AUTH", "535 5.7.8 Authentication credentials invalid"),
    Fault.FORBIDDEN: ("MAIL", "550 5.7.60 Client does not have permissions to send as this sender"),
    Fault.SERVER_ERROR: ("EHLO", "451 4.3.0 <html>backend is down</html>"),
}

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter, Fault], Awaitable[None]]


@dataclass
class Wire:
    """Listens in front of a server. `talk` answers in its place while there is a fault that has words.

    Silence begins at once, or once the client has said `silent_after`.
    """

    upstream: int
    talk: Talk
    worded: frozenset[Fault]
    fault: Fault | None = None
    port: int = 0
    connections: int = 0
    silent_after: bytes = b""
    _open: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = field(default_factory=dict)
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    def fail(self, fault: Fault | None) -> None:
        self.fault = fault
        if fault is Fault.CUT:
            for writer in self._open:
                writer.transport.abort()

    async def close(self) -> None:
        """Cut every connection, and wait until it is gone."""
        self._over.set()
        self.fail(Fault.CUT)
        await asyncio.gather(*(task for task in self._open.values() if task is not None))
        await settled()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open[writer] = asyncio.current_task()
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._served(reader, writer)
        finally:
            del self._open[writer]
            writer.transport.abort()

    async def _served(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        match self.fault:
            case Fault.CUT:
                writer.transport.abort()
            case Fault.EMPTY:
                return
            case Fault.HANG:
                await self._over.wait()
            case Fault.WRONG_TYPE:
                writer.write(_HTML)
            case Fault.TRUNCATED:
                await self._piped(reader, writer, at_most=30)
            case fault if fault in self.worded and fault is not None:
                await self.talk(reader, writer, fault)
            case _:
                await self._piped(reader, writer)

    async def _piped(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, at_most: int | None = None
    ) -> None:
        there, here = await asyncio.open_connection("127.0.0.1", self.upstream)
        up = asyncio.create_task(self._up(reader, here))
        down = asyncio.create_task(self._down(there, writer, at_most))
        try:
            await asyncio.wait([up, down], return_when=asyncio.FIRST_COMPLETED)
        finally:
            here.transport.abort()
            for one in (up, down):
                one.cancel()
            await asyncio.gather(up, down, return_exceptions=True)

    async def _up(self, reader: asyncio.StreamReader, server: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            if self.silent_after and data.startswith(self.silent_after):
                self.silent_after = b""
            server.write(data)
            await server.drain()

    async def _down(self, server: asyncio.StreamReader, writer: asyncio.StreamWriter, at_most: int | None) -> None:
        while data := await server.read(65_536):
            if self.fault is Fault.SILENCE and not self.silent_after:
                continue
            if self.fault is Fault.LOST_ANSWER and data.startswith(b"250 OK: taken"):
                return
            writer.write(data[:at_most])
            await writer.drain()
            if at_most is not None:
                return


async def talk_imap(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fault: Fault) -> None:
    """A server that greets, tells what it can do, and refuses the log-in."""
    writer.write(b"* OK ready\r\n")
    while line := await reader.readline():
        tag, _, command = line.decode("ascii", "replace").strip().partition(" ")
        if command.upper().startswith("CAPABILITY"):
            writer.write(b"* CAPABILITY IMAP4rev1 IDLE AUTH=PLAIN\r\n" + f"{tag} OK done\r\n".encode())
        else:
            writer.write(f"{tag} {IMAP_REFUSALS[fault]}\r\n".encode())


async def talk_smtp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fault: Fault) -> None:
    """A server that takes every command but one."""
    refused, words = SMTP_REFUSALS[fault]
    writer.write(b"220 ready\r\n")
    while line := await reader.readline():
        command = line.decode("ascii", "replace").strip().upper().partition(" ")[0]
        if command == refused:
            writer.write(f"{words}\r\n".encode())
        elif command == "EHLO":
            writer.write(b"250-ready\r\n250 AUTH PLAIN\r\n")
        else:
            writer.write(b"235 welcome\r\n" if command == "AUTH" else b"250 fine\r\n")


@asynccontextmanager
async def wire(upstream: int, talk: Talk, worded: frozenset[Fault]) -> AsyncIterator[Wire]:
    """On a free port of loopback until the block is left."""
    made = Wire(upstream=upstream, talk=talk, worded=worded)
    server = await asyncio.start_server(made.connected, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        await made.close()


async def settled() -> None:
    """Let the loop close the sockets of what was aborted."""
    for _ in range(3):
        await asyncio.sleep(0)
