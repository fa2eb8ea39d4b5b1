"""The wire to Mastodon: which host, whose token, how long, and everything that goes wrong as one of three errors."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from json import loads

import aiohttp
from yarl import URL

from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable, RateLimited
from bot.domain.text import clean
from listeners.by_proxy import by_proxy
from listeners.come_back import number, retry_after, until
from listeners.out_of_reach import in_words
from listeners.whole_answer import WholeAnswer

# the windows last five minutes, but a look every minute costs nothing while they are closed
WITHOUT_RESET = 60.0
_LONGEST_LINE = 4_000_000
_PASSING = frozenset({408, 409, 425})
_GONE = frozenset({404, 410})

Query = Sequence[tuple[str, str]]


class MastodonAnswered(Exception):
    """Mastodon answered with something else than what was asked for."""

    def __init__(self, status: int, detail: str, *, wait: float | None = None) -> None:
        super().__init__(f"{status} {detail}")
        self.status, self.detail, self.wait = status, detail, wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The rows of an answer, and the `max_id` of the next page where the server names one. `linked`: it names them."""

    rows: list[object]
    older: str | None
    linked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a stream tells; `name` is empty for a heartbeat."""

    name: str = ""
    data: str = ""


class Wire:
    """HTTP to one server, as one account."""

    def __init__(self, base_url: str, *, token: str, timeout_seconds: float) -> None:
        self._base = base_url.rstrip("/")
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=timeout_seconds),
            headers={"Authorization": f"Bearer {token}"},
            raise_for_status=_judge,
            response_class=WholeAnswer,
            middlewares=(by_proxy,),
        )

    async def close(self) -> None:
        await self._session.close()

    async def get(self, path: str, query: Query = ()) -> object:
        """The answer as JSON; or one of the three channel errors."""
        answer, _ = await self._asked("GET", path, query)
        return answer

    async def find(self, path: str, query: Query = ()) -> object | None:
        """What is there, or None where nothing is: a post that is gone, a call that this server does not know."""
        try:
            return await self.get(path, query)
        except ChannelRefused as error:
            if isinstance(error.__cause__, MastodonAnswered) and error.__cause__.status in _GONE:
                return None
            raise

    async def page(self, path: str, query: Query) -> Page:
        """One page of a listing, newest first."""
        answer, response = await self._asked("GET", path, query)
        if not isinstance(answer, list):
            message = f"Mastodon's answer cannot be read (a {type(answer).__name__} in place of a list)"
            raise ChannelUnavailable(message)
        return Page(rows=answer, older=_older(response), linked="Link" in response.headers)

    async def post(self, path: str, body: Mapping[str, object], *, key: str) -> object:
        """Done once, however often it is asked with the same key: the server knows keys again for an hour."""
        answer, _ = await self._asked("POST", path, json=body, headers={"Idempotency-Key": key})
        return answer

    async def events(self, base: str, path: str, *, silence: float) -> AsyncGenerator[Event, None]:
        """A stream without an end, heartbeats included; lost after `silence` seconds."""
        waiting = aiohttp.ClientTimeout(total=None, sock_connect=silence, sock_read=silence)
        try:
            async with self._session.get(
                f"{base.rstrip('/')}{path}", timeout=waiting, allow_redirects=False, read_bufsize=_LONGEST_LINE
            ) as response:
                name, data = "", list[str]()
                async for raw in response.content:
                    line = raw.decode(errors="replace").rstrip("\r\n")
                    field, _, value = line.partition(":")
                    if not line and data:
                        yield Event(name=name or "message", data="\n".join(data))
                        name, data = "", []
                    elif not field:
                        yield Event()
                    elif field == "event":
                        name = value.strip()
                    elif field == "data":
                        data.append(value.removeprefix(" "))
        except _TROUBLE as error:
            raise as_channel_error(error) from error

    async def _asked(
        self,
        method: str,
        path: str,
        query: Query = (),
        *,
        json: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[object, aiohttp.ClientResponse]:
        target = URL(f"{self._base}{path}", encoded=True).extend_query(query)
        try:
            async with self._session.request(
                method, target, json=json, headers=headers, allow_redirects=False
            ) as response:
                return loads(await response.read()), response
        except _TROUBLE as error:
            raise as_channel_error(error) from error


_TROUBLE = (MastodonAnswered, aiohttp.ClientError, OSError, ValueError, RecursionError)


def as_channel_error(error: Exception) -> ChannelError:
    """The one place where what Mastodon and the network do becomes one of the three errors."""
    match error:
        case MastodonAnswered():
            return _as_said(error)
        case TimeoutError():
            return ChannelUnavailable("Mastodon did not answer in time")
        case aiohttp.ClientError() | OSError():
            return ChannelUnavailable(f"Mastodon cannot be reached ({in_words(error)})")
        case _:
            return ChannelUnavailable(f"Mastodon's answer cannot be read ({in_words(error)})")


def _as_said(answer: MastodonAnswered) -> ChannelError:
    match answer.status:
        case 429:
            return RateLimited(answer.wait or WITHOUT_RESET)
        case status if 300 <= status < 400:
            return ChannelRefused(f"Mastodon is elsewhere ({status}): set base_url to {answer.detail}")
        case 401:
            return ChannelRefused(f"Mastodon refuses the access token (401): {answer.detail}")
        case status if 400 <= status < 500 and status not in _PASSING:
            return ChannelRefused(f"Mastodon refuses ({status}): {answer.detail}")
        case status:
            return ChannelUnavailable(f"Mastodon is in trouble ({status}): {answer.detail}")


def _older(response: aiohttp.ClientResponse) -> str | None:
    """Only the place is taken from the link: it leads to no other host."""
    try:
        links = response.links
    except ValueError as error:
        raise as_channel_error(error) from error
    following = links["next"].get("url") if "next" in links else None
    return following.query.get("max_id") if isinstance(following, URL) else None


async def _judge(response: aiohttp.ClientResponse) -> None:
    """Judge an answer before it is read."""
    if 300 <= response.status < 400:
        raise MastodonAnswered(response.status, _elsewhere(response))
    if not 200 <= response.status < 300:
        raise MastodonAnswered(response.status, await _reason(response), wait=seconds_to_wait(response.headers))
    if "json" not in response.content_type and response.content_type != "text/event-stream":
        raise MastodonAnswered(response.status, f"answered with {response.content_type} instead of JSON")


async def _reason(response: aiohttp.ClientResponse) -> str:
    """What Mastodon says about it, on one line; the plain phrase when it says nothing that can be read."""
    try:
        said = loads(await response.text(errors="replace"))["error"]
        return clean(" ".join(str(said).split()), limit=200)
    except (aiohttp.ClientError, OSError, ValueError, KeyError, TypeError, RecursionError):
        return response.reason or "no reason given"


def _elsewhere(response: aiohttp.ClientResponse) -> str:
    try:
        return str(response.url.join(URL(response.headers["Location"])).origin())
    except (KeyError, ValueError):
        return "its new address"


def seconds_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds until the limit that was hit is lifted, by the server's own clock where it tells the time."""
    reset = _moment(headers.get("X-RateLimit-Reset", ""))
    return retry_after(headers) if reset is None else until(reset + 1, headers)


def _moment(told: str) -> float | None:
    """Mastodon tells a date; some of its relatives tell seconds since 1970."""
    if (seconds := number(told)) is not None:
        return seconds
    try:
        at = datetime.fromisoformat(told)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
