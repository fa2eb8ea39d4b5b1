"""The wire to the mail server that keeps mails: one connection, one thread, and every fault as one of three errors.

IMAPClient is synchronous, so each connection has a thread of its own. Only waiting for news is done by the event loop:
a connection that idles costs nothing, and can be given up at once.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from imaplib import IMAP4
from typing import Any, Concatenate, ParamSpec, TypeVar

from imapclient import IMAPClient
from imapclient.exceptions import CapabilityError, LoginError
from pydantic import SecretStr

from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable, RateLimited
from bot.domain.text import clean
from listeners.out_of_reach import in_words

P = ParamSpec("P")
T = TypeVar("T")

WITHOUT_RESET = 300.0
_LONGEST_WAIT = 86_400.0
# how Exchange says when to come back
_COME_BACK = re.compile(r"Suggested Backoff Time: (\d{1,9}) milliseconds", re.IGNORECASE)
_TOO_MUCH = re.compile(
    r"\[(?:LIMIT|OVERQUOTA|THROTTLED|IN-?USE)\]|too many|throttl|simultaneous|bandwidth|rate limit|connection limit",
    re.IGNORECASE,
)
# response codes of RFC 5530 that are said of us, and those that are said of the server
_OURS = re.compile(
    r"\[(?:AUTHENTICATIONFAILED|AUTHORIZATIONFAILED|EXPIRED|PRIVACYREQUIRED|NOPERM|NONEXISTENT|CANNOT|TRYCREATE)\]",
    re.IGNORECASE,
)
_THEIRS = re.compile(r"\[(?:UNAVAILABLE|SERVERBUG|CONTACTADMIN|CORRUPTION)\]", re.IGNORECASE)
_BYTES = re.compile(r"^b(['\"])(.*)\1$", re.DOTALL)


class Security(StrEnum):
    """How a connection is kept from others: encrypted from the start, after a greeting, or not at all."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where a server is, and who knocks."""

    host: str
    port: int
    security: Security
    username: str
    password: SecretStr
    timeout_seconds: float
    tls: ssl.SSLContext


class _Client(IMAPClient):  # type: ignore[misc]  # the library has no types
    def _poll_socket(self, sock: Any, timeout: float | None = None) -> Any:  # noqa: ANN401 - as the library has it
        """News that came together with the yes to IDLE are in a buffer that no poll of the socket sees."""
        return timeout == 0 or super()._poll_socket(sock, timeout)


class Session:
    """One connection, logged in. Every command runs on its thread, one after the other."""

    def __init__(self, door: Door, thread: ThreadPoolExecutor) -> None:
        self._door, self._thread = door, thread
        self._client: IMAPClient | None = None
        self._left = False

    async def log_in(self) -> None:
        """Connect and log in, or one of the three errors."""
        await self._run(self._opened)

    async def call(self, do: Callable[Concatenate[IMAPClient, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `do` answers, given the connection and then these; or one of the three errors."""
        if self._client is None:
            message = f"there is no connection to {self._door.host}"
            raise ChannelUnavailable(message)
        return await self._run(partial(do, self._client, *args, **kwargs))

    async def idle(self, seconds: float) -> None:
        """Return when the server has news, or after so many seconds, which also shows that it is still there."""
        if not await self.call(_begin_to_idle):
            await self._readable(seconds)
        await self.call(_end_idling)

    async def log_out(self) -> None:
        """Say goodbye; whoever does not answer is left all the same."""
        with suppress(ChannelError):
            await self.call(IMAPClient.logout)
            self._client = None

    def sever(self) -> None:
        """End the connection under whatever the thread is waiting for."""
        self._left = True
        if self._client is not None:
            with suppress(OSError, AttributeError):
                # the plain socket's, since an encrypted one would first take leave
                socket.socket.shutdown(self._client.socket(), socket.SHUT_RDWR)
            self._thread.submit(_closed, self._client)
            self._client = None

    async def _run(self, do: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, do)
        except _TROUBLE as error:
            raise as_channel_error(error, self._door.host) from error

    async def _readable(self, seconds: float) -> None:
        assert self._client is not None  # noqa: S101 - it has just been called
        loop, news = asyncio.get_running_loop(), asyncio.Event()
        descriptor = self._client.socket().fileno()
        loop.add_reader(descriptor, news.set)
        try:
            async with asyncio.timeout(seconds):
                await news.wait()
        except TimeoutError:
            return
        finally:
            loop.remove_reader(descriptor)

    def _opened(self) -> None:
        door = self._door
        client = _Client(
            door.host,
            port=door.port,
            ssl=door.security is Security.TLS,
            ssl_context=door.tls,
            timeout=door.timeout_seconds,
        )
        client.normalise_times = False
        # it says a command in pieces, and each would wait for the last to be acknowledged
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            if door.security is Security.STARTTLS:
                client.starttls(door.tls)
            _log_in(client, door.username, door.password)
        except BaseException:
            _closed(client)
            raise
        self._client = client
        if self._left:
            _closed(client)


@asynccontextmanager
async def session(door: Door) -> AsyncIterator[Session]:
    """A connection for as long as the block lasts; given up at once when the block fails or is cancelled."""
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"imap-{door.host}")
    connection = Session(door, thread)
    try:
        await connection.log_in()
        yield connection
        await connection.log_out()
    finally:
        connection.sever()
        thread.shutdown(wait=False)


def _log_in(client: IMAPClient, username: str, password: SecretStr) -> None:
    secret = password.get_secret_value()
    if client.has_capability("AUTH=PLAIN"):
        client.plain_login(username, secret)
        return
    if not (username + secret).isascii():
        # an error about the letters would show them
        message = "the server's log-in takes no letters like ñ: choose another password"
        raise ChannelRefused(message)
    client.login(username, secret)


def _begin_to_idle(client: IMAPClient) -> bool:
    """Whether there are news already."""
    client.idle()
    return bool(client.idle_check(timeout=0))


def _end_idling(client: IMAPClient) -> None:
    client.idle_done()


def _closed(client: IMAPClient) -> None:
    with suppress(OSError, ValueError, AttributeError, IMAP4.error):
        client.shutdown()


# what the library lets through of answers that are no IMAP is in it
_TROUBLE = (IMAP4.error, OSError, ValueError, LookupError, TypeError, AttributeError)


def as_channel_error(error: Exception, host: str) -> ChannelError:
    """The one place where what the server, the library and the network do becomes one of the three errors."""
    match error:
        case ssl.SSLCertVerificationError():
            return ChannelRefused(f"the certificate of {host} is not trusted: {error.verify_message}; see ca_file")
        case TimeoutError():
            return ChannelUnavailable(f"{host} did not answer in time")
        case CapabilityError():
            return ChannelRefused(f"{host} cannot do what is needed: {_said(error)}")
        case IMAP4.error():
            return _as_said(error, host)
        case OSError():
            return ChannelUnavailable(f"{host} cannot be reached ({in_words(error)})")
        case _:
            return ChannelUnavailable(f"what {host} answers cannot be read ({type(error).__name__})")


def _as_said(error: IMAP4.error, host: str) -> ChannelError:
    said = _said(error)
    if found := _COME_BACK.search(said):
        return RateLimited(min(max(int(found[1]) / 1_000, 1.0), _LONGEST_WAIT))
    if _TOO_MUCH.search(said):
        return RateLimited(WITHOUT_RESET)
    about_us = _OURS.search(said) or (isinstance(error, LoginError) and not _THEIRS.search(said))
    if about_us and not isinstance(error, IMAP4.abort):
        return ChannelRefused(f"{host} refuses: {said}")
    return ChannelUnavailable(f"{host} is in trouble: {said}")


def _said(error: Exception) -> str:
    """The server's words on one line."""
    words = " ".join(str(error).split())
    found = _BYTES.match(words)
    return clean(found[2] if found else words, limit=200) or type(error).__name__
