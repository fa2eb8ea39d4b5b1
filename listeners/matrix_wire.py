"""The wire to a homeserver: for how long, to nowhere else, and everything that goes wrong as one of three errors."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from json import loads
from typing import Any

import aiohttp
from nio import ErrorResponse
from yarl import URL

from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable, RateLimited
from bot.domain.text import clean
from listeners.by_proxy import by_proxy
from listeners.come_back import bounded, number, retry_after
from listeners.out_of_reach import in_words
from listeners.whole_answer import WholeAnswer

# homeservers say how long with every 429; this is for a proxy that does not
WITHOUT_RETRY_AFTER = 30.0
_PASSING = frozenset({408, 409, 425})
_SYNC = "/sync"


class MatrixAnswered(Exception):
    """The homeserver answered with something else than what was asked for."""

    def __init__(self, status: int, detail: str, *, wait: float | None = None) -> None:
        super().__init__(f"{status} {detail}")
        self.status, self.detail, self.wait = status, detail, wait


class Wire:
    """Stands where nio expects an aiohttp session.

    nio follows redirections with the token, waits for ever where it is told to wait for nothing, and takes every page
    for JSON; so the request is sent, read to its end and judged here. For `wait_seconds` a sync may be silent.
    """

    def __init__(self, *, timeout_seconds: float, wait_seconds: float) -> None:
        self._timeout, self._wait = timeout_seconds, wait_seconds
        self._session = aiohttp.ClientSession(
            raise_for_status=_judge, response_class=WholeAnswer, middlewares=(by_proxy,)
        )

    async def close(self) -> None:
        await self._session.close()

    async def request(
        self,
        method: str,
        url: str,
        *,
        data: str | None = None,
        headers: Mapping[str, str] | None = None,
        **_of_nio: object,
    ) -> aiohttp.ClientResponse:
        """What nio calls. Its own ideas of time-outs, certificates and traces are left out."""
        target = URL(url, encoded=True)
        total = self._timeout + (self._wait if target.path.endswith(_SYNC) else 0)
        response = await self._session.request(
            method,
            target,
            data=data,
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=total),
            allow_redirects=False,
        )
        # nio reads what is kept by this: a cut or slow answer is a fault of this call
        await response.read()
        return response


_TROUBLE = (
    MatrixAnswered,
    aiohttp.ClientError,
    OSError,
    # what nio lets through when an answer is not as it expects
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
)


async def asked(call: Awaitable[Any]) -> Any:  # noqa: ANN401 - nio has no types
    """What nio makes of the answer; or one of the three channel errors."""
    try:
        answer = await call
    except _TROUBLE as error:
        raise as_channel_error(error) from error
    if isinstance(answer, ErrorResponse):
        # refusals were judged before: this was a page in place of an answer, or half of one
        message = "the homeserver's answer cannot be read"
        raise ChannelUnavailable(message)
    return answer


async def found(call: Awaitable[Any], *, absent: frozenset[int] = frozenset({404})) -> Any:  # noqa: ANN401 - nio has no types
    """The same, or None where nothing is: when it is refused with one of these statuses."""
    try:
        return await asked(call)
    except ChannelRefused as error:
        if isinstance(error.__cause__, MatrixAnswered) and error.__cause__.status in absent:
            return None
        raise


def as_channel_error(error: Exception) -> ChannelError:
    """The one place where what a homeserver, nio and the network do becomes one of the three errors."""
    match error:
        case MatrixAnswered():
            return _as_said(error)
        case TimeoutError():
            return ChannelUnavailable("the homeserver did not answer in time")
        case aiohttp.ClientError() | OSError():
            return ChannelUnavailable(f"the homeserver cannot be reached ({in_words(error)})")
        case _:
            return ChannelUnavailable(f"the homeserver's answer cannot be read ({in_words(error)})")


def _as_said(answer: MatrixAnswered) -> ChannelError:
    match answer.status:
        case 429:
            return RateLimited(answer.wait or WITHOUT_RETRY_AFTER)
        case status if 300 <= status < 400:
            return ChannelRefused(f"the homeserver is elsewhere ({status}): set base_url to {answer.detail}")
        case 401:
            return ChannelRefused(f"the homeserver refuses the access token (401): {answer.detail}")
        case status if 400 <= status < 500 and status not in _PASSING:
            return ChannelRefused(f"the homeserver refuses ({status}): {answer.detail}")
        case status:
            return ChannelUnavailable(f"the homeserver is in trouble ({status}): {answer.detail}")


async def _judge(response: aiohttp.ClientResponse) -> None:
    """Judge an answer before nio sees it."""
    if 300 <= response.status < 400:
        raise MatrixAnswered(response.status, _elsewhere(response))
    if not 200 <= response.status < 300:
        told = await _told(response)
        said = clean(" ".join(str(told.get("error") or response.reason or "no reason given").split()), limit=200)
        if response.status == 404 and "errcode" not in told:
            said = f"{said}; is base_url where the homeserver's API is?"
        raise MatrixAnswered(response.status, said, wait=seconds_to_wait(response.headers, told))
    if "json" not in response.content_type:
        raise MatrixAnswered(response.status, f"answered with {response.content_type} instead of JSON")


async def _told(response: aiohttp.ClientResponse) -> Mapping[str, Any]:
    """What a refusal says about itself; nothing when it cannot be read."""
    try:
        told = loads(await response.text(errors="replace"))
    except (aiohttp.ClientError, OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _elsewhere(response: aiohttp.ClientResponse) -> str:
    try:
        return str(response.url.join(URL(response.headers["Location"])).origin())
    except (KeyError, ValueError):
        return "its new address"


def seconds_to_wait(headers: Mapping[str, str], told: Mapping[str, Any]) -> float | None:
    """Seconds until we may ask again: as the header says, or, from before Matrix 1.10, the answer itself."""
    if (seconds := retry_after(headers)) is not None:
        return seconds
    milliseconds = number(str(told.get("retry_after_ms")))
    return None if milliseconds is None else bounded(milliseconds / 1000)
