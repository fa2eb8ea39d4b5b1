"""The wire to Discord: which host, how long, and everything that goes wrong as one of three errors."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from asyncio import AbstractEventLoop
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar, cast

import aiohttp
import discord
from aiolimiter import AsyncLimiter
from discord.gateway import ReconnectWebSocket
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter
from yarl import URL

from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable, RateLimited
from bot.domain.text import clean
from listeners.by_proxy import by_proxy, proxy_for
from listeners.come_back import bounded, retry_after
from listeners.out_of_reach import in_words
from listeners.whole_answer import TooLarge, as_whole

Answer = TypeVar("Answer")

OFFICIAL = "https://discord.com/api/v10"
# discord.py waits by itself for as long as this, and no longer; less than 30 it does not take
LONGEST_WAIT = 30.0
WITHOUT_RESET = 60.0
_VERSION = "v10"
# those that are under way when we stop may be refused too: together they stay under a hundred
_STRIKES, _STRIKES_LAST = 80, 600.0
# Discord takes 50 calls a second over all: fifteen at once and thirty a second stay below that in any second
_AT_ONCE, _IN_SECONDS = 15, 0.5
_ANSWERED_ALREADY = 40060
_THROUGH = (by_proxy, as_whole)
WITHOUT_CONTENTS = (
    "Discord hides what people write from this bot: switch on Message Content Intent on the Bot page of the "
    "developer portal, or set message_content = false to hear only who mentions the bot"
)


class DiscordAnswered(Exception):
    """Discord answered with something else than what was asked for."""

    def __init__(self, status: int, detail: str, *, wait: float | None = None) -> None:
        super().__init__(f"{status} {detail}")
        self.status, self.detail, self.wait = status, detail, wait


class ContentsHidden(ChannelRefused):
    """The bot may not read what people write to each other."""

    def __init__(self) -> None:
        super().__init__(WITHOUT_CONTENTS)


class Strikes:
    """Counts refused calls: with 10,000 in ten minutes Discord bans the address, so we stay under a hundredth."""

    def __init__(self) -> None:
        self._at: deque[float] = deque()

    def add(self) -> None:
        """One more call was refused."""
        self._at.append(time.monotonic())

    def wait(self) -> float | None:
        """Seconds until we may ask again, None when we may."""
        return self._at[0] + _STRIKES_LAST - time.monotonic() if self.count() >= _STRIKES else None

    def count(self) -> int:
        """How many there were in the last ten minutes."""
        now = time.monotonic()
        while self._at and now - self._at[0] > _STRIKES_LAST:
            self._at.popleft()
        return len(self._at)


class Wire(HTTPClient):
    """discord.py's HTTP client for one bot: over any host, with a time-out, and without retries of what failed.

    `Route.BASE` belongs to the class, so that two bots of one process could not have two hosts; the addresses are
    changed here instead, on their way out.
    """

    def __init__(self, loop: AbstractEventLoop, *, base_url: str, timeout_seconds: float) -> None:
        super().__init__(loop, max_ratelimit_timeout=LONGEST_WAIT)
        self.base, self.timeout_seconds = api_of(base_url), timeout_seconds
        self._how: dict[str, Any] = {
            "timeout": aiohttp.ClientTimeout(total=timeout_seconds),
            "allow_redirects": False,
            "middlewares": _THROUGH,
        }
        self._strikes = Strikes()
        self._pace = AsyncLimiter(_AT_ONCE, _IN_SECONDS)

    @property
    def strikes(self) -> int:
        """How many calls Discord refused in the last ten minutes; at eighty we stop asking by ourselves."""
        return self._strikes.count()

    async def request(self, route: Route, **call: Any) -> Any:  # noqa: ANN401 - as discord.py has it
        """One call; `DiscordAnswered` for what is no answer, and RateLimited when we have been refused too often."""
        self.pause_if_refused_too_often()
        await self._pace.acquire()
        route.url = moved(route.url, self.base)
        answers: list[aiohttp.ClientResponse] = []

        async def judge(response: aiohttp.ClientResponse) -> None:
            answers.append(response)
            await self.judge(response)

        try:
            said = await super().request(route, **call, **self._how, raise_for_status=judge)
        except TooLarge:
            raise
        except ValueError:
            # discord.py may read JSON with a library that half a character makes give up
            if not answers or not 200 <= answers[-1].status < 300:
                raise
            said = await answers[-1].text(errors="replace")
        return _read(said, answers[-1].status)

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """The gateway stands on another host, which may have another proxy. A call over HTTP finds its own."""
        proxy = proxy_for(URL(url))
        self.proxy = str(proxy) if proxy else None
        return await super().ws_connect(url, compress=compress)

    def pause_if_refused_too_often(self) -> None:
        """RateLimited until Discord has forgotten enough of what it refused."""
        if (wait := self._strikes.wait()) is not None:
            raise RateLimited(wait)

    async def start_over(self) -> None:
        """Leave nothing open, so that one can log in anew."""
        await self.close()
        self.connector = discord.utils.MISSING

    async def judge(self, response: aiohttp.ClientResponse, *, again: bool = False) -> None:
        """Judge an answer before discord.py sees it, which would ask again for what failed; `again`: let it."""
        status = response.status
        if status in {401, 403} or (status == 429 and response.headers.get("X-RateLimit-Scope") != "shared"):
            self._strikes.add()
        if status == 429:
            wait = await _wait(response)
            if wait is None or wait > LONGEST_WAIT or "Via" not in response.headers:
                raise DiscordAnswered(status, await _reason(response), wait=wait)
        elif status >= 500 and not again:
            raise DiscordAnswered(status, await _reason(response))
        elif status < 300 and status != 204 and "json" not in response.content_type:
            raise DiscordAnswered(status, f"answered with {response.content_type} instead of JSON")


class Detour(AsyncWebhookAdapter):
    """Answers to interactions go past the HTTP client; they too go to the bot's host, in its time and on its count.

    Somebody waits for them, and Discord's limit over all does not hold for them: they are not paced. discord.py asks
    again after a 5xx, which is right but for a further message: that would stand there twice.
    """

    def __init__(self, wire: Wire) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._wire = wire

    async def request(self, route: Route, session: aiohttp.ClientSession, **call: Any) -> Any:  # noqa: ANN401 - as discord.py has it
        """One call."""
        self._wire.pause_if_refused_too_often()
        route.url = moved(route.url, self._wire.base)
        first = "/interactions/" in route.url
        answers: list[int] = []

        async def judge(response: aiohttp.ClientResponse) -> None:
            answers.append(response.status)
            await self._wire.judge(response, again=first or route.method != "POST")

        watched = cast("aiohttp.ClientSession", _Watched(session, judge))
        try:
            async with asyncio.timeout(self._wire.timeout_seconds):
                return await super().request(route, watched, **call)
        except discord.HTTPException as error:
            if first and error.code == _ANSWERED_ALREADY and any(status >= 500 for status in answers):
                # it had been heard, and only the way back was broken
                return {"interaction": {"id": str(route.webhook_id), "type": 0}}
            raise


class _Watched:
    """A session of aiohttp of which every answer is judged first."""

    def __init__(
        self, session: aiohttp.ClientSession, judge: Callable[[aiohttp.ClientResponse], Awaitable[None]]
    ) -> None:
        self._session, self._judge = session, judge

    def request(self, method: str, url: str, **call: Any) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:  # noqa: ANN401 - as aiohttp has it
        """As aiohttp has it."""
        how: dict[str, Any] = {"allow_redirects": False, "middlewares": _THROUGH, "raise_for_status": self._judge}
        return self._session.request(method, url, **call, **how)


def api_of(base_url: str) -> str:
    """Where the API is on a host; an address that names a version, or another path, is taken as it stands."""
    base = base_url.rstrip("/")
    if base.endswith("/api"):
        return f"{base}/{_VERSION}"
    return base if "/" in base.partition("://")[2] else f"{base}/api/{_VERSION}"


def moved(url: str, base: str) -> str:
    """An address of Discord's on another host. The official one stays as discord.py has it."""
    return url if base == OFFICIAL else f"{base}{url.removeprefix(Route.BASE)}"


_REFUSALS = {
    4004: "Discord refuses the bot's token; make a new one on the Bot page of the developer portal",
    4010: "Discord refuses the shard",
    4011: "the bot is in more guilds than one connection may have",
    4012: "Discord no longer speaks this version of its gateway",
    4013: "Discord does not know the intents that were asked for",
    4014: WITHOUT_CONTENTS,
}

# what discord.py's parsing lets through is in it: it takes every answer for one with the fields it knows
TROUBLE = (
    discord.DiscordException,
    DiscordAnswered,
    ReconnectWebSocket,
    aiohttp.ClientError,
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    zlib.error,
)


async def asked(call: Awaitable[Answer]) -> Answer:
    """The answer of one call; or one of the three channel errors."""
    try:
        return await call
    except TROUBLE as error:
        raise as_channel_error(error) from error


async def asked_if_there(call: Awaitable[Answer]) -> Answer | None:
    """The same; None where there is nothing, or nothing for us."""
    try:
        return await call
    except (discord.NotFound, discord.Forbidden):
        return None
    except TROUBLE as error:
        raise as_channel_error(error) from error


def as_channel_error(error: Exception) -> ChannelError:  # noqa: PLR0911 - one line a cause
    """The one place where what Discord, discord.py and the network do becomes one of the three errors."""
    match error:
        case ChannelError():
            return error
        case discord.RateLimited():
            return RateLimited(error.retry_after)
        case DiscordAnswered():
            return _as_said(error.status, error.detail, error.wait)
        case discord.HTTPException():
            return _as_said(error.status, error.text, retry_after(error.response.headers))
        case discord.LoginFailure():
            return _as_closed(4004)
        case discord.ConnectionClosed():
            return _as_closed(error.code)
        case _:
            return ChannelUnavailable(_what_happened(error))


def _what_happened(error: Exception) -> str:
    match error:
        case ReconnectWebSocket():
            return "Discord closed the gateway"
        case TimeoutError():
            return "Discord did not answer in time"
        case aiohttp.ClientError() | OSError():
            return f"Discord cannot be reached ({in_words(error)})"
        case TooLarge():
            return f"Discord's answer cannot be read ({error})"
        case _:
            return f"what Discord sent cannot be read ({type(error).__name__})"


def _as_closed(code: int) -> ChannelError:
    if code == 4014:
        return ContentsHidden()
    if code in _REFUSALS:
        return ChannelRefused(_REFUSALS[code])
    return ChannelUnavailable(f"Discord closed the gateway ({code})")


def _as_said(status: int, detail: str, wait: float | None) -> ChannelError:
    said = one_line(detail) or "no reason given"
    match status:
        case 429:
            return RateLimited(wait or WITHOUT_RESET)
        case 408:
            return ChannelUnavailable(f"Discord did not wait for the whole call (408): {said}")
        case status if 400 <= status < 500:
            return ChannelRefused(f"Discord refuses ({status}): {said}")
        case status:
            return ChannelUnavailable(f"Discord is in trouble ({status}): {said}")


def one_line(text: str) -> str:
    """What somebody else says, fit for a message of ours."""
    return clean(" ".join(text.split()), limit=200)


def _read(said: object, status: int) -> object:
    """An answer as JSON. discord.py takes JSON for text when its type names a character set."""
    if said == "" and status != 204:
        raise DiscordAnswered(status, "answered with nothing")
    return json.loads(said) if isinstance(said, str) and said else said


async def _reason(response: aiohttp.ClientResponse) -> str:
    """What Discord says about it; the plain phrase when it says nothing that can be read."""
    try:
        return str(json.loads(await response.text(errors="replace"))["message"])
    except (aiohttp.ClientError, OSError, ValueError, LookupError, TypeError, RecursionError):
        return response.reason or ""


async def _wait(response: aiohttp.ClientResponse) -> float | None:
    """Seconds until a limit is lifted."""
    try:
        told = bounded(float(json.loads(await response.text(errors="replace"))["retry_after"]))
    except (aiohttp.ClientError, OSError, ValueError, LookupError, TypeError, ArithmeticError, RecursionError):
        told = None
    return told or retry_after(response.headers)
