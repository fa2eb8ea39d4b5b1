"""The wire to Bluesky: the calls that are used, as one account, and all that goes wrong as one of three errors.

The only file that imports atproto, and it is imported only where a channel is opened: that takes half a second and 27
MB. Of atproto come the session, which is renewed before it ends, and what is sent. Answers are handed on as they came:
atproto's own reading throws a page away for one odd entry.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import httpx
from atproto_client import AsyncClient, Session, SessionEvent, models
from atproto_client.exceptions import InvokeTimeoutError, NetworkError, RequestErrorBase
from atproto_client.request import AsyncRequest, Response
from atproto_client.utils.facet_detection import detect_facets, detect_mentions
from atproto_core.exceptions import AtProtocolError

from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable, RateLimited
from bot.domain.text import clean
from listeners.come_back import number, retry_after, until
from listeners.out_of_reach import in_words
from listeners.whole_answer import taken_in

Json = dict[str, object]
Answer = TypeVar("Answer")

WITHOUT_RESET = 60.0
POSTS = "app.bsky.feed.post"
_PAGE = 100
_PASSING = frozenset({408, 409, 425})
_SESSION_ENDED = frozenset({"ExpiredToken", "InvalidToken"})


class _Client(AsyncClient):  # type: ignore[misc]
    """Renews the session before it ends where the token tells when that is. It need not: tokens are the server's."""

    def _should_refresh_session(self) -> bool:
        try:
            return bool(super()._should_refresh_session())
        except AtProtocolError:
            return False


class _Request(AsyncRequest):  # type: ignore[misc]
    """Goes nowhere else, since the log-in holds the password, and reads no more than we ask for."""

    def __init__(self, **how: Any) -> None:  # noqa: ANN401 - as httpx has it
        super().__init__(**{**how, "event_hooks": {"response": [_read_here]}})
        self._client.follow_redirects = False


async def _read_here(response: httpx.Response) -> None:
    # httpx has no bound of its own; what is kept here it does not read again
    response._content = await taken_in(response.aiter_bytes())  # noqa: SLF001


class Wire:
    """XRPC to one server. Logs in when it is first asked for something, and anew when the session was ended."""

    def __init__(self, base_url: str, *, handle: str, password: str, timeout_seconds: float) -> None:
        self._base, self._handle, self._password, self._timeout = base_url, handle, password, timeout_seconds
        self._client = _Client(base_url, request=_Request(timeout=timeout_seconds))
        self._client.on_session_change(self._begun)
        self._did: str | None = None
        self._entering = asyncio.Lock()

    async def close(self) -> None:
        await self._client.request.close()

    async def did(self) -> str:
        """Who we are, whatever our handle is."""
        return await self._asked(self._entered)

    async def profile(self) -> Json:
        did = await self.did()
        return await self._query("app.bsky.actor.getProfile", models.AppBskyActorGetProfile.Params(actor=did))

    async def notifications(self, reasons: Sequence[str], turn: str | None) -> Json:
        """A page of who did what with us, newest first."""
        params = models.AppBskyNotificationListNotifications.Params(limit=_PAGE, cursor=turn, reasons=list(reasons))
        return await self._query("app.bsky.notification.listNotifications", params)

    async def search(self, words: str, since: str | None, turn: str | None) -> Json:
        """A page of posts with these words, newest first."""
        params = models.AppBskyFeedSearchPosts.Params(q=words, sort="latest", since=since, limit=_PAGE, cursor=turn)
        return await self._query("app.bsky.feed.searchPosts", params)

    async def posts(self, uris: Sequence[str]) -> Json:
        """Those of the posts that we may see, at most 25."""
        return await self._query("app.bsky.feed.getPosts", models.AppBskyFeedGetPosts.Params(uris=list(uris)))

    async def own(self, key: str) -> Json | None:
        """Our post under this key, if there is one."""
        params = models.ComAtprotoRepoGetRecord.Params(repo=await self.did(), collection=POSTS, rkey=key)
        try:
            return await self._query("com.atproto.repo.getRecord", params)
        except ChannelRefused as error:
            if _is_missing(error.__cause__):
                return None
            raise

    async def put(self, key: str, record: Mapping[str, object], people: Mapping[str, str]) -> Json:
        """Write our post under this key; the same once more changes nothing. Handles of `people` become links."""
        post = models.AppBskyFeedPost.Record(**record, facets=facets(str(record["text"]), people) or None)
        data = models.ComAtprotoRepoPutRecord.Data(repo=await self.did(), collection=POSTS, rkey=key, record=post)

        async def call() -> Response:
            await self._entered()
            return await self._client.invoke_procedure(
                "com.atproto.repo.putRecord", data=data, input_encoding="application/json"
            )

        return await self._asked_for_json(call)

    async def _query(self, nsid: str, params: models.base.ParamsModelBase) -> Json:
        async def call() -> Response:
            await self._entered()
            return await self._client.invoke_query(nsid, params=params, output_encoding="application/json")

        return await self._asked_for_json(call)

    async def _asked_for_json(self, call: Callable[[], Awaitable[Response]]) -> Json:
        response = await self._asked(call)
        if not isinstance(response.content, dict):
            kind = response.headers.get("content-type", "nothing")
            message = f"Bluesky is in trouble ({response.status_code}): answered with {kind} instead of a JSON object"
            raise ChannelUnavailable(message)
        return response.content

    async def _asked(self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer of one call; or one of the three channel errors."""
        try:
            async with asyncio.timeout(self._timeout):
                return await call()
        except _TROUBLE as error:
            if _said(error)[0] in _SESSION_ENDED:
                self._did = None
            raise as_channel_error(error) from error

    async def _entered(self) -> str:
        """Log in, unless we are; and say who we are."""
        async with self._entering:
            if self._did is None:
                await self._client.login(self._handle, self._password, fetch_bsky_profile=False)
            return self._did or ""

    def _begun(self, event: SessionEvent, session: Session) -> None:
        """The server names the host on which the account lives; base_url is where the owner wants us to ask."""
        del event
        self._client.update_base_url(self._base)
        self._did = session.did


_TROUBLE = (AtProtocolError, httpx.HTTPError, OSError, ValueError, TypeError, RecursionError)


def facets(text: str, people: Mapping[str, str]) -> list[Json]:
    """Links and hashtags of a text, and of its handles those of the people, by handle; where each stands in UTF-8."""
    found = [facet.model_dump(by_alias=True, exclude_none=True) for facet in detect_facets(text)]
    for one in detect_mentions(text):
        if (did := people.get(one.handle.lower())) is not None:
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": did}
            found.append({"index": {"byteStart": one.byte_start, "byteEnd": one.byte_end}, "features": [feature]})
    return found


def as_channel_error(error: Exception) -> ChannelError:
    """The one place where what Bluesky, atproto and the network do becomes one of the three errors."""
    match error:
        case RequestErrorBase() if error.response is not None:
            return _as_said(error)
        case TimeoutError() | InvokeTimeoutError() | httpx.TimeoutException():
            return ChannelUnavailable("Bluesky did not answer in time")
        case httpx.RemoteProtocolError():
            return ChannelUnavailable("Bluesky cannot be reached (the connection was cut)")
        case NetworkError() | httpx.HTTPError() | OSError():
            return ChannelUnavailable(f"Bluesky cannot be reached ({in_words(error)})")
        case _:
            return ChannelUnavailable(f"Bluesky's answer cannot be read ({in_words(error)})")


def _as_said(error: RequestErrorBase) -> ChannelError:
    name, words = _said(error)
    detail = ": ".join(part for part in (name, words) if part) or "no reason given"
    match error.response.status_code:
        case 429:
            return RateLimited(seconds_to_wait(error.response.headers) or WITHOUT_RESET)
        case status if 300 <= status < 400:
            return ChannelRefused(f"Bluesky is elsewhere ({status}): set base_url to {_moved_to(error.response)}")
        case _ if name in _SESSION_ENDED:
            return ChannelUnavailable(f"Bluesky ended the session ({detail}); logging in anew")
        case status if 400 <= status < 500 and status not in _PASSING:
            return ChannelRefused(f"Bluesky refuses ({status}): {detail}")
        case status:
            return ChannelUnavailable(f"Bluesky is in trouble ({status}): {detail}")


def _said(error: BaseException | None) -> tuple[str, str]:
    """The name of the error and what Bluesky says about it, on one line; empty when it says nothing."""
    content = error.response.content if isinstance(error, RequestErrorBase) and error.response else None
    told = (getattr(content, name, None) for name in ("error", "message"))
    name, words = (clean(" ".join(one.split()), limit=200) if isinstance(one, str) else "" for one in told)
    return name, words


def _moved_to(response: Response) -> str:
    location = httpx.URL(response.headers.get("location", ""))
    return f"{location.scheme}://{location.host}" if location.is_absolute_url else "its new address"


def _is_missing(error: BaseException | None) -> bool:
    name, words = _said(error)
    return name == "RecordNotFound" or words.startswith("Could not locate record")


def seconds_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds until the limit that was hit is lifted, by the server's own clock where it tells the time."""
    # atproto keeps them in small letters
    told = {name.title(): value for name, value in headers.items()}
    reset = number(told.get("Ratelimit-Reset"))
    return retry_after(told) if reset is None else until(reset + 1, told)
