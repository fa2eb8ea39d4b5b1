"""The wire to X: which host, signed by whom, how long, and everything that goes wrong as one of three errors."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
from oauthlib.oauth1 import Client as Signer
from tweepy.errors import TweepyException
from yarl import URL

from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable, RateLimited
from bot.domain.text import clean
from listeners.by_proxy import by_proxy
from listeners.come_back import number, retry_after, until
from listeners.out_of_reach import in_words
from listeners.whole_answer import WholeAnswer

# X's windows last a quarter of an hour, but a look every minute costs nothing while they are closed
WITHOUT_RESET = 60.0
_LONGEST_LINE = 4_000_000
_PASSING = frozenset({408, 409, 425})
_FOR_APPS = "/2/tweets/search/stream"
_DAILY = ("x-app-limit-24hour", "x-user-limit-24hour")


@dataclass(frozen=True, slots=True, kw_only=True)
class UserKeys:
    """The four keys of OAuth 1.0a: they speak for the brand's account."""

    consumer_key: str
    consumer_secret: str
    access_token: str
    access_token_secret: str


class XAnswered(Exception):
    """X answered with something else than what was asked for."""

    def __init__(self, status: int, detail: str, *, wait: float | None = None) -> None:
        super().__init__(f"{status} {detail}")
        self.status, self.detail, self.wait = status, detail, wait


class Repeated(ChannelRefused):
    """X has the same text from us, from a moment ago."""


class Wire:
    """Stands where tweepy expects an aiohttp session.

    tweepy's host is a literal and its client writes the bearer token to its log; so it is given no token at all, and
    the request is addressed and signed here, for the address that is really called.
    """

    def __init__(self, base_url: str, *, bearer: str | None, user: UserKeys | None, timeout_seconds: float) -> None:
        self.access_level: str | None = None
        self._base, self._bearer, self._user = base_url.rstrip("/"), bearer, user
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=timeout_seconds),
            raise_for_status=self._judge,
            response_class=WholeAnswer,
            middlewares=(by_proxy,),
        )

    async def close(self) -> None:
        await self._session.close()

    def request(
        self,
        method: str,
        url: str | URL,
        *,
        params: Mapping[str, Any] | None = None,
        json: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """What tweepy calls: by the brand's account where its keys are here, else by the app."""
        target = self._address(url, params)
        given = {**(headers or {}), "Authorization": self._signature(method, target)}
        return self._session.request(method, target, json=json, headers=given, allow_redirects=False)

    async def lines(self, path: str, params: Mapping[str, Any], *, silence: float) -> AsyncGenerator[bytes, None]:
        """A connection without an end, line by line, heartbeats as empty lines; lost after `silence` seconds."""
        target = self._address(path, params)
        try:
            async with self._session.get(
                target,
                headers={"Authorization": self._signature("GET", target)},
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=silence, sock_read=silence),
                allow_redirects=False,
                read_bufsize=_LONGEST_LINE,
            ) as response:
                async for line in response.content:
                    yield line.strip()
        except _TROUBLE as error:
            raise as_channel_error(error) from error

    def _address(self, url: str | URL, params: Mapping[str, Any] | None) -> URL:
        query = f"?{urlencode(params, quote_via=quote)}" if params else ""
        return URL(f"{self._base}{URL(str(url)).raw_path}{query}", encoded=True)

    def _signature(self, method: str, target: URL) -> str:
        if self._user is None or _FOR_APPS in target.path:
            return f"Bearer {self._bearer}"
        user = self._user
        signer = Signer(user.consumer_key, user.consumer_secret, user.access_token, user.access_token_secret)
        _, headers, _ = signer.sign(str(target), http_method=method)
        return str(headers["Authorization"])

    async def _judge(self, response: aiohttp.ClientResponse) -> None:
        """Judge an answer before tweepy sees it, which takes every refusal for JSON."""
        self.access_level = response.headers.get("x-access-level", self.access_level)
        if not 200 <= response.status < 300:
            raise XAnswered(response.status, await _reason(response), wait=_wait(response.headers))
        if "json" not in response.content_type and not response.url.path.endswith("/stream"):
            raise XAnswered(response.status, f"answered with {response.content_type} instead of JSON", wait=None)


# what tweepy's parsing lets through is in it: it takes every refusal for JSON with the fields it knows
_TROUBLE = (
    TweepyException,
    XAnswered,
    aiohttp.ClientError,
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
)


async def asked(call: Awaitable[object]) -> object:
    """The answer of one call, as JSON; or one of the three channel errors."""
    try:
        return await call
    except _TROUBLE as error:
        raise as_channel_error(error) from error


def as_channel_error(error: Exception) -> ChannelError:
    """The one place where what X, tweepy and the network do becomes one of the three errors."""
    match error:
        case ChannelError():
            return error
        case XAnswered():
            return _as_said(error)
        case TimeoutError():
            return ChannelUnavailable("X did not answer in time")
        case aiohttp.ClientError() | OSError():
            return ChannelUnavailable(f"X cannot be reached ({in_words(error)})")
        case _:
            return ChannelUnavailable(f"X's answer cannot be read ({in_words(error)})")


def _as_said(answer: XAnswered) -> ChannelError:
    match answer.status:
        case 429:
            return RateLimited(answer.wait or WITHOUT_RESET)
        case 402:
            return ChannelUnavailable(
                f"the credits of the X app are spent (402: {answer.detail}); buy more in X's console"
            )
        case 403 if "duplicate" in answer.detail.lower():
            return Repeated(f"X refuses (403): {answer.detail}")
        case status if 400 <= status < 500 and status not in _PASSING:
            return ChannelRefused(f"X refuses ({status}): {answer.detail}")
        case status:
            return ChannelUnavailable(f"X is in trouble ({status}): {answer.detail}")


async def _reason(response: aiohttp.ClientResponse) -> str:
    """What X says about it, on one line; the plain phrase when it says nothing that can be read."""
    try:
        found = json.loads(await response.text(errors="replace"))
        said = found.get("detail") or found["errors"][0].get("message") or found["title"]
        return clean(" ".join(str(said).split()), limit=200)
    except (aiohttp.ClientError, OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return response.reason or "no reason given"


def _wait(headers: Mapping[str, str]) -> float | None:
    """Seconds until the limit that was hit is lifted, by X's own clock where it tells the time."""
    spent = ["x-rate-limit", *(name for name in _DAILY if headers.get(f"{name}-remaining") == "0")]
    resets = [at for name in spent if (at := number(headers.get(f"{name}-reset"))) is not None]
    return until(max(resets) + 1, headers) if resets else retry_after(headers)
