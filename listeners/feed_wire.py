"""The wire to feeds: ask for what has changed, follow a move with care, and name every fault as one of three errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from yarl import URL

from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable, RateLimited
from listeners.by_proxy import by_proxy
from listeners.come_back import retry_after
from listeners.out_of_reach import in_words

WITHOUT_RESET = 300.0
LARGEST = 8_000_000
_LONGEST_HEADER = 1_000
_HOPS = 5
_CHUNK = 65_536
_AT_ONCE_PER_HOST = 4
_MOVED = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({402, 408, 409, 425})
_HEADERS = {
    "Accept": "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, */*;q=0.1",
    "User-Agent": "Vivencia (feed reader)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a server gave with a page, to be asked later whether it has changed since."""

    etag: str | None = None
    modified: str | None = None

    def headers(self) -> dict[str, str]:
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The body of a page as it came, and what to ask with next time."""

    body: bytes
    charset: str | None
    stamp: Stamp


class FeedAnswered(Exception):
    """A server answered with something else than a page."""

    def __init__(self, status: int, reason: str, *, wait: float | None = None) -> None:
        super().__init__(f"{status} {reason}")
        self.status, self.reason, self.wait = status, reason, wait


class Wire:
    """One session for all feeds of a channel."""

    def __init__(self, *, timeout_seconds: float) -> None:
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=timeout_seconds),
            connector=aiohttp.TCPConnector(limit_per_host=_AT_ONCE_PER_HOST),
            headers=_HEADERS,
            cookie_jar=aiohttp.DummyCookieJar(),
            middlewares=(by_proxy,),
        )

    async def close(self) -> None:
        await self._session.close()

    async def get(self, address: str, stamp: Stamp) -> Answer | None:
        """The page, or None when it has not changed since `stamp`; one of the three channel errors."""
        try:
            return await self._followed(URL(address), stamp)
        except _TROUBLE as error:
            raise as_channel_error(error, address) from error

    async def _followed(self, target: URL, stamp: Stamp) -> Answer | None:
        for _ in range(_HOPS):
            async with self._session.get(target, headers=stamp.headers(), allow_redirects=False) as response:
                if response.status not in _MOVED:
                    return await _taken(response)
                target = _next(target, response.headers.get("Location", ""))
        raise FeedAnswered(310, "it moves round in circles")


_TROUBLE = (FeedAnswered, aiohttp.ClientError, OSError, ValueError)


def as_channel_error(error: Exception, address: str) -> ChannelError:
    """The one place where what a server and the network do becomes one of the three errors."""
    host = URL(address).host or address
    match error:
        case FeedAnswered():
            return _as_said(error, host)
        case TimeoutError():
            return ChannelUnavailable(f"{host} did not answer in time")
        case _:
            return ChannelUnavailable(f"{host} cannot be reached ({in_words(error)})")


def _as_said(answer: FeedAnswered, host: str) -> ChannelError:
    match answer.status:
        case 429:
            return RateLimited(answer.wait or WITHOUT_RESET)
        case 503 if answer.wait:
            return RateLimited(answer.wait)
        case 410:
            return ChannelRefused(f"{host} has given up this feed for good (410); take it out of the settings")
        case status if 300 <= status < 500 and status not in _PASSING:
            return ChannelRefused(f"{host} refuses ({status}): {answer.reason}")
        case status:
            return ChannelUnavailable(f"{host} is in trouble ({status}): {answer.reason}")


async def _taken(response: aiohttp.ClientResponse) -> Answer | None:
    if response.status == 304:
        return None
    if response.status != 200:
        reason = " ".join((response.reason or "no reason given").split())[:100]
        raise FeedAnswered(response.status, reason, wait=retry_after(response.headers))
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > LARGEST:
            raise FeedAnswered(413, f"the page is larger than {LARGEST // 1_000_000} MB")
    stamp = Stamp(etag=_short(response.headers, "ETag"), modified=_short(response.headers, "Last-Modified"))
    return Answer(body=bytes(body), charset=response.charset, stamp=stamp)


def _next(current: URL, location: str) -> URL:
    """Where a page has moved to. Another host must speak https: nobody sends us round inside our own house."""
    target = current.join(URL(location))
    if not location or not (target.origin() == current.origin() or target.scheme == "https"):
        raise FeedAnswered(310, "it has moved to another host without https; give the new address in the settings")
    return target


def _short(headers: Mapping[str, str], name: str) -> str | None:
    value = headers.get(name)
    return value if value and len(value) <= _LONGEST_HEADER else None
