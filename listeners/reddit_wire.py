"""The wire to Reddit: logged in as whom, how many calls are left, and all that goes wrong as one of three errors."""

from __future__ import annotations

import re
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from json import loads

import aiohttp
from pydantic import BaseModel, ConfigDict
from yarl import URL

from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable, RateLimited
from bot.domain.text import clean
from listeners.by_proxy import by_proxy
from listeners.come_back import bounded, number, retry_after
from listeners.out_of_reach import in_words
from listeners.whole_answer import WholeAnswer

# Reddit counts in windows of ten minutes, but a look every minute costs nothing while they are closed
WITHOUT_RESET = 60.0
_BEFORE_ITS_END = 60.0
_PASSING = frozenset({408, 409, 425})
_BROKEN = frozenset({"SERVER_ERROR", "SOMETHING_IS_BROKEN"})
# it says: take a break for 9 minutes before trying again
_TAKE_A_BREAK = re.compile(r"(\d{1,5}) (millisecond|second|minute|hour)")
_SECONDS = {"millisecond": 0.001, "second": 1.0, "minute": 60.0, "hour": 3600.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What logs in: an app, and an account by its password or by a refresh token that it gave the app."""

    client_id: str
    client_secret: str
    account: str
    password: str | None
    refresh_token: str | None


class GivenToken(BaseModel):
    """The answer to a log-in."""

    model_config = ConfigDict(extra="ignore")

    access_token: str
    scope: str = ""
    expires_in: float = 3_600


class RedditAnswered(Exception):
    """Reddit answered with something else than what was asked for."""

    def __init__(self, status: int, detail: str, *, wait: float | None = None) -> None:
        super().__init__(f"{status} {detail}")
        self.status, self.detail, self.wait = status, detail, wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What lets us in until `ends` (on our own clock that never jumps), and what the account lets it do."""

    secret: str
    scopes: frozenset[str]
    ends: float


class Wire:
    """The API, as one account of one app."""

    def __init__(self, keys: Keys, *, base_url: str, login_url: str, user_agent: str, timeout_seconds: float) -> None:
        self._keys, self._base, self._login = keys, base_url.rstrip("/"), login_url.rstrip("/")
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=timeout_seconds),
            headers={"User-Agent": user_agent},
            response_class=WholeAnswer,
            middlewares=(by_proxy,),
        )
        self._token: Token | None = None
        self._renewed_at = 0.0
        self.left: int | None = None

    async def close(self) -> None:
        await self._session.close()

    @property
    def scopes(self) -> frozenset[str]:
        """What the account lets the app do; `*` is everything. Known once something was asked."""
        return self._token.scopes if self._token else frozenset()

    def leave_room(self, calls: int) -> None:
        """RateLimited where a look would take the last `calls` of this window, which answers may need."""
        rest = self._renewed_at - time.monotonic()
        if self.left is not None and self.left < calls and rest > 0:
            raise RateLimited(max(rest, 1.0))

    async def get(self, path: str, query: Mapping[str, str | int] | None = None) -> object:
        """The answer as JSON; or one of the three channel errors. Texts come as they were written, not as HTML."""
        return await self._asked("GET", URL(f"{self._base}{path}").with_query({**(query or {}), "raw_json": 1}))

    async def post(self, path: str, form: Mapping[str, str]) -> object:
        """Sent once, whatever comes of it."""
        return await self._asked("POST", URL(f"{self._base}{path}?raw_json=1"), {**form, "api_type": "json"})

    async def _asked(self, method: str, target: URL, form: Mapping[str, str] | None = None) -> object:
        try:
            known = self._token
            try:
                return await self._sent(method, target, form, await self._let_in())
            except RedditAnswered as error:
                if error.status != 401 or known is None:
                    raise
                # a token may end before its time; what was asked with it was not done
                self._token = self._token if self._token is not known else None
                return await self._sent(method, target, form, await self._let_in())
        except _TROUBLE as error:
            raise as_channel_error(error) from error

    async def _sent(self, method: str, target: URL, form: Mapping[str, str] | None, authorization: str) -> object:
        async with self._session.request(
            method, target, data=form, headers={"Authorization": authorization}, allow_redirects=False
        ) as response:
            content = await response.read()
            self._note(response.headers)
            if not 200 <= response.status < 300:
                raise RedditAnswered(response.status, _reason(response, content), wait=_wait(response.headers))
            if "json" not in response.content_type:
                raise RedditAnswered(response.status, f"answered with {response.content_type} instead of JSON")
            return loads(content)

    async def _let_in(self) -> str:
        """The header of a token that has not ended."""
        if self._token is None or self._token.ends < time.monotonic():
            self._token = await self._new_token()
        return f"bearer {self._token.secret}"

    async def _new_token(self) -> Token:
        keys, asked_at = self._keys, time.monotonic()
        by_password = {"grant_type": "password", "username": keys.account, "password": keys.password or ""}
        by_token = {"grant_type": "refresh_token", "refresh_token": keys.refresh_token or ""}
        answer = await self._sent(
            "POST",
            URL(f"{self._login}/api/v1/access_token"),
            by_token if keys.refresh_token else by_password,
            f"Basic {b64encode(f'{keys.client_id}:{keys.client_secret}'.encode()).decode()}",
        )
        if isinstance(answer, dict) and "error" in answer:
            # with a 200, as if all were well
            raise RedditAnswered(401, clean(str(answer["error"]), limit=100))
        given = GivenToken.model_validate(answer)
        return Token(
            secret=given.access_token,
            scopes=frozenset(given.scope.split()),
            ends=asked_at + given.expires_in - _BEFORE_ITS_END,
        )

    def _note(self, headers: Mapping[str, str]) -> None:
        try:
            self.left = int(float(headers["x-ratelimit-remaining"]))
            self._renewed_at = time.monotonic() + (bounded(float(headers["x-ratelimit-reset"])) or WITHOUT_RESET)
        except (KeyError, ValueError, OverflowError):
            self.left = None


_TROUBLE = (RedditAnswered, aiohttp.ClientError, OSError, ValueError, RecursionError)


def as_channel_error(error: Exception) -> ChannelError:
    """The one place where what Reddit and the network do becomes one of the three errors."""
    match error:
        case RedditAnswered():
            return _as_said(error)
        case TimeoutError():
            return ChannelUnavailable("Reddit did not answer in time")
        case aiohttp.ClientError() | OSError():
            return ChannelUnavailable(f"Reddit cannot be reached ({in_words(error)})")
        case _:
            return ChannelUnavailable(f"Reddit's answer cannot be read ({in_words(error)})")


def _as_said(answer: RedditAnswered) -> ChannelError:
    match answer.status:
        case 429:
            return RateLimited(answer.wait or WITHOUT_RESET)
        case 401:
            return ChannelRefused(f"Reddit refuses the keys (401): {answer.detail}")
        case status if 300 <= status < 400:
            return ChannelRefused(f"Reddit knows nothing there ({status}): look at subreddits and base_url")
        case status if 400 <= status < 500 and status not in _PASSING:
            return ChannelRefused(f"Reddit refuses ({status}): {answer.detail}")
        case status:
            return ChannelUnavailable(f"Reddit is in trouble ({status}): {answer.detail}")


def refusal(code: str, said: str, *, seconds: float | None) -> ChannelError:
    """What Reddit says in an answer that is well otherwise: it does not want this comment, or not yet."""
    plain = clean(" ".join(said.split()), limit=200)
    if code == "RATELIMIT":
        found = _TAKE_A_BREAK.search(said)
        told = int(found[1]) * _SECONDS[found[2]] if found else WITHOUT_RESET
        return RateLimited(bounded(seconds) or bounded(told) or WITHOUT_RESET)
    if code in _BROKEN:
        return ChannelUnavailable(f"Reddit is in trouble ({code}): {plain}")
    return ChannelRefused(f"Reddit refuses ({code}): {plain}")


def _reason(response: aiohttp.ClientResponse, content: bytes) -> str:
    """What Reddit says about it, on one line, and where; the plain phrase when it says nothing that can be read."""
    where = URL(response.url).path
    try:
        found = loads(content)
        said = clean(" ".join(str(found.get("reason") or found["message"]).split()), limit=200)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        said = response.reason or "no reason given"
    return f"{said} ({where})"


def _wait(headers: Mapping[str, str]) -> float | None:
    """Seconds until there are calls again."""
    return bounded(number(headers.get("x-ratelimit-reset"))) or retry_after(headers)
