"""X over HTTP on loopback: the calls that the channel makes, with X's rules, prices aside, and faults on demand."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import formatdate
from typing import Any
from urllib.parse import unquote

from aiohttp import web
from oauthlib.oauth1.rfc5849 import signature

from tests.contracts.stage import RESET_SECONDS, Fault
from tests.servers.faults import Handler, faulty
from tests.servers.x.views import Json, page_shown, user_shown
from tests.servers.x.world import Tweet, User, World, moment

BEARER = "AAAAcanaryBearerToken0123456789"
USER_KEYS = {
    "consumer_key": "canaryConsumerKey01",
    "consumer_secret": "canaryConsumerSecret02",
    "access_token": "7000000-canaryAccessToken03",
    "access_token_secret": "canaryAccessTokenSecret04",
}
HEARTBEAT_SECONDS = 0.2
PROBLEM = "https://api.twitter.com/2/problems/"
_KEYWORD = re.compile(r'"([^"]+)"')
_EXCLUDED = re.compile(r"-@(\w+)")

_GARBLED = {Fault.SERVER_ERROR, Fault.TRUNCATED, Fault.WRONG_TYPE}
APP_ONLY = web.RequestKey("app_only", bool)


@dataclass
class Call:
    """One request and what it was answered with."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int = 0
    answer: Any = None


@dataclass
class XServer:
    """A world with one brand in it.

    `page` bounds what a page holds below what is asked for; `beside` are errors that stand beside its posts and
    `broken_rows` what stands among them. `refuses_duplicates` as X does, though not always.
    """

    brand: User
    world: World
    page: int = 100
    refuses_duplicates: bool = False
    fault: Fault | None = None
    fails_in: str = ""
    beside: list[Json] = field(default_factory=list)
    broken_rows: list[Any] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    streams: set[asyncio.Queue[Tweet | None]] = field(default_factory=set)
    url: str = ""

    # --- what people do ---

    def post(self, author: User, text: str, **about: Any) -> Tweet:
        tweet = self.world.post(author, text, **about)
        for queue in self.streams:
            queue.put_nowait(tweet)
        return tweet

    def cut_streams(self) -> None:
        for queue in self.streams:
            queue.put_nowait(None)

    # --- the calls ---

    def application(self) -> web.Application:
        refusals = {
            Fault.RATE_LIMIT: self._too_many,
            Fault.RATE_LIMIT_WITHOUT_RESET: self._too_many,
            Fault.NO_CREDIT: no_credit,
            Fault.UNAUTHORIZED: unauthorized,
            Fault.FORBIDDEN: forbidden,
        }
        faults = faulty(lambda: self.fault, refusals, lambda: self.fails_in)
        app = web.Application(middlewares=[self._recorded, faults, self._authorised])
        app.add_routes(
            [
                web.get("/2/users/me", self._me),
                web.get("/2/users/by/username/{username}", self._by_username),
                web.get("/2/users/{id}/mentions", self._mentions),
                web.get("/2/users/{id}/tweets", self._own),
                web.get("/2/tweets/search/recent", self._search),
                web.get("/2/tweets/search/stream/rules", self._rules),
                web.post("/2/tweets/search/stream/rules", self._set_rules),
                web.get("/2/tweets/search/stream", self._stream),
                web.get("/2/tweets", self._lookup),
                web.post("/2/tweets", self._create),
            ]
        )
        return app

    async def _me(self, request: web.Request) -> web.Response:
        if request[APP_ONLY]:
            return problem(403, "unsupported-authentication", "Unsupported Authentication", "user context is needed")
        return web.json_response({"data": user_shown(self.brand)})

    async def _by_username(self, request: web.Request) -> web.Response:
        name = request.match_info["username"].lower()
        for user in self.world.users.values():
            if user.username.lower() == name:
                return web.json_response({"data": user_shown(user)})
        return web.json_response({"errors": [not_found("user", "username", name)]})

    async def _mentions(self, request: web.Request) -> web.Response:
        me = self.world.users[request.match_info["id"]].username.lower()
        newest = [one for one in self.world.listed() if me in map(str.lower, one.mentions)][:800]
        return self._paged(request, newest, turn="pagination_token", least=5)

    async def _own(self, request: web.Request) -> web.Response:
        own = [one for one in self.world.listed() if one.author_id == request.match_info["id"]]
        if "retweets" in request.query.get("exclude", ""):
            own = [one for one in own if not one.retweeted]
        return self._paged(request, own, turn="pagination_token", least=5)

    async def _search(self, request: web.Request) -> web.Response:
        since, week = request.query.get("since_id"), time.time() - 7 * 86_400
        if since and moment(since) < week:
            return problem(400, "invalid-request", "Invalid Request", "'since_id' must be a post of the last 7 days")
        found = [one for one in self.world.listed() if self._matches(request.query["query"], one)]
        return self._paged(request, found, turn="next_token", least=10)

    def _matches(self, query: str, tweet: Tweet) -> bool:
        words = [word.lower() for word in _KEYWORD.findall(query)]
        named = {name.lower() for name in tweet.mentions}
        if words:
            wanted = any(word in tweet.text.lower() for word in words)
        else:
            wanted = query.split(maxsplit=1)[0].lstrip("@").lower() in named
        excluded = {name.lower() for name in _EXCLUDED.findall(query)} & named
        from_us = f"-from:{self.brand.username}" in query and tweet.author_id == self.brand.id
        return wanted and not excluded and not from_us and not tweet.retweeted

    def _paged(self, request: web.Request, tweets: list[Tweet], *, turn: str, least: int) -> web.Response:
        query = request.query
        size = int(query.get("max_results", 10))
        if not least <= size <= 100:
            return problem(400, "invalid-request", "Invalid Request", f"max_results must be between {least} and 100")
        if since := query.get("since_id"):
            tweets = [one for one in tweets if int(one.id) > int(since)]
        elif start := query.get("start_time"):
            tweets = [one for one in tweets if moment(one.id) >= seconds(start)]
        if self.fault is Fault.REORDERED_PAGES:
            tweets = tweets[::-1]
        at = int(query[turn].removeprefix("page"), 36) if turn in query else 0
        size = min(size, self.page)
        shown = tweets[at : at + size]
        if self.fault is Fault.REPEATED_PAGES and at:
            shown = tweets[at - size : at + size]
        answer = page_shown(self.world, shown, query)
        answer["meta"] = {"result_count": len(shown)}
        if shown:
            ids = [one.id for one in shown]
            answer["meta"] |= {"newest_id": max(ids, key=int), "oldest_id": min(ids, key=int)}
        if at + size < len(tweets) or self.fault is Fault.ENDLESS_PAGES:
            answer["meta"]["next_token"] = f"page{base36(at + size)}"
        if self.broken_rows:
            answer["data"] = [*answer.get("data", []), *self.broken_rows]
        return web.json_response(self._odd(answer | {"errors": self.beside}))

    def _odd(self, answer: Json) -> Json:
        if self.fault is Fault.UNKNOWN_FIELDS:
            answer["data"] = [{**row, "mood": {"new": [1]}, "views": 3} for row in answer.get("data", [])]
            answer = {**answer, "surprise": True}
        if self.fault is Fault.MISSING_FIELDS:
            answer = {"data": [{"id": row["id"], "text": row["text"]} for row in answer.get("data", [])]}
        return {name: value for name, value in answer.items() if value}

    async def _lookup(self, request: web.Request) -> web.Response:
        ids = request.query["ids"].split(",")
        if len(ids) > 100:
            return problem(400, "invalid-request", "Invalid Request", "at most 100 ids")
        there = [self.world.tweets[one] for one in ids if one in self.world.tweets and one not in self.world.gone]
        missing = [not_found("tweet", "ids", one) for one in ids if one not in {tweet.id for tweet in there}]
        answer = page_shown(self.world, there, request.query)
        return web.json_response(answer | ({"errors": missing} if missing else {}))

    async def _create(self, request: web.Request) -> web.Response:
        body = await request.json()
        text, reply = body.get("text", ""), body.get("reply", {}).get("in_reply_to_tweet_id")
        if request[APP_ONLY]:
            return problem(403, "unsupported-authentication", "Unsupported Authentication", "user context is needed")
        if weight(text) > 280:
            return web.json_response(
                {"detail": "Your post is too long.", "title": "Forbidden", "status": 403}, status=403
            )
        if self.refuses_duplicates and any(
            tweet.author_id == self.brand.id and tweet.text == text for tweet in self.world.tweets.values()
        ):
            return problem(
                403, "about:blank", "Forbidden", "You are not allowed to create a Tweet with duplicate content."
            )
        if reply is not None:
            if reply not in self.world.tweets or reply in self.world.gone:
                detail = "You attempted to reply to a Tweet that is deleted or not visible to you."
                return problem(403, "not-authorized-for-resource", "Forbidden", detail)
            if not self._summoned_by(self.world.tweets[reply]):
                return problem(403, "client-forbidden", "Forbidden", "The author has not mentioned or quoted you.")
        tweet = self.post(self.brand, text, replied_to=reply)
        return web.json_response(
            {"data": {"id": tweet.id, "text": text, "edit_history_tweet_ids": [tweet.id]}}, status=201
        )

    def _summoned_by(self, tweet: Tweet) -> bool:
        quoted = self.world.tweets.get(tweet.quoted or "")
        named = self.brand.username.lower() in map(str.lower, tweet.mentions)
        return named or (quoted is not None and quoted.author_id == self.brand.id)

    # --- the filtered stream ---

    async def _rules(self, request: web.Request) -> web.Response:
        del request
        rows = [{"id": rule, **about} for rule, about in self.world.rules.items()]
        meta = {"sent": "2026-11-01T00:00:00.000Z", "result_count": len(rows)}
        return web.json_response({"meta": meta} | ({"data": rows} if rows else {}))

    async def _set_rules(self, request: web.Request) -> web.Response:
        body = await request.json()
        for rule in body.get("delete", {}).get("ids", []):
            self.world.rules.pop(rule, None)
        added = {str(9_000_000 + len(self.world.rules) + n): about for n, about in enumerate(body.get("add", []))}
        self.world.rules |= added
        rows = [{"id": rule, **about} for rule, about in added.items()]
        answer: Json = {"meta": {"sent": "2026-11-01T00:00:00.000Z"}} | ({"data": rows} if rows else {})
        return web.json_response(answer)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json; charset=utf-8"})
        await response.prepare(request)
        queue: asyncio.Queue[Tweet | None] = asyncio.Queue()
        self.streams.add(queue)
        try:
            while True:
                try:
                    tweet = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    if self.fault is not Fault.SILENCE:
                        await response.write(b"\r\n")
                    continue
                if tweet is None:
                    return response
                if row := self._matched(tweet, request):
                    await response.write(json.dumps(row).encode() + b"\r\n")
        except ConnectionError:
            return response
        finally:
            self.streams.discard(queue)

    def _matched(self, tweet: Tweet, request: web.Request) -> Json | None:
        rules = [
            {"id": rule, "tag": about.get("tag", "")}
            for rule, about in self.world.rules.items()
            if self._matches(about["value"], tweet)
        ]
        if not rules:
            return None
        answer = page_shown(self.world, [tweet], request.query)
        return {**answer, "data": answer["data"][0], "matching_rules": rules}

    # --- doors and faults ---

    @web.middleware
    async def _recorded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else None
        call = Call(request.method, request.path, dict(request.query), body)
        self.calls.append(call)
        response = await handler(request)
        if isinstance(response, web.Response):
            call.status, text = response.status, response.text or ""
            call.answer = text if self.fault in _GARBLED else json.loads(text or "{}")
        return response

    @web.middleware
    async def _authorised(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get("Authorization", "")
        request[APP_ONLY] = given == f"Bearer {BEARER}"
        for_apps = request.path.startswith("/2/tweets/search/stream")
        if not request[APP_ONLY] and (for_apps or not signed(request, given)):
            return unauthorized()
        response = await handler(request)
        if not response.prepared:
            response.headers["x-access-level"] = "read" if request[APP_ONLY] else "read-write"
        return response

    def _too_many(self) -> web.Response:
        # an empty body, which tweepy cannot read
        headers = {"Date": formatdate(usegmt=True)}
        if self.fault is Fault.RATE_LIMIT:
            headers |= {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(time.time()) + RESET_SECONDS)}
        return web.Response(status=429, headers=headers)


def no_credit() -> web.Response:
    return problem(402, "credits", "CreditsDepleted", "Your account has no credits to fulfill this request.")


def unauthorized() -> web.Response:
    return problem(401, "about:blank", "Unauthorized", "Unauthorized")


def forbidden() -> web.Response:
    return problem(403, "client-forbidden", "Forbidden", "This app is suspended.")


def problem(status: int, kind: str, title: str, detail: str) -> web.Response:
    about = kind if ":" in kind else f"{PROBLEM}{kind}"
    body = {"type": about, "title": title, "detail": detail, "status": status}
    return web.Response(status=status, text=json.dumps(body), content_type="application/problem+json")


def not_found(what: str, parameter: str, value: str) -> Json:
    return {
        "type": f"{PROBLEM}resource-not-found",
        "title": "Not Found Error",
        "detail": f"Could not find {what} with {parameter}: [{value}].",
        "parameter": parameter,
        "resource_id": value,
        "resource_type": what,
        "value": value,
    }


def signed(request: web.Request, header: str) -> bool:
    """Whether an OAuth 1.0a header was made with the brand's keys for exactly this address."""
    if not header.startswith("OAuth "):
        return False
    parameters = signature.collect_parameters(
        uri_query=request.rel_url.raw_query_string, headers={"Authorization": header}, with_realm=False
    )
    given = dict(parameters)
    base = signature.signature_base_string(
        request.method, signature.base_string_uri(str(request.url)), signature.normalize_parameters(parameters)
    )
    expected = signature.sign_hmac_sha1_with_client(
        base, _Keys(USER_KEYS["consumer_secret"], USER_KEYS["access_token_secret"])
    )
    mine = given.get("oauth_consumer_key") == USER_KEYS["consumer_key"]
    raw = re.search(r'oauth_signature="([^"]+)"', header)
    return mine and raw is not None and unquote(raw[1]) == expected


@dataclass
class _Keys:
    client_secret: str
    resource_owner_secret: str


def base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits or "0"


def seconds(start: str) -> float:
    return datetime.fromisoformat(start).timestamp()


@asynccontextmanager
async def x_server(brand: str = "zarapito") -> AsyncIterator[XServer]:
    """Listens on a free port of loopback until the block is left."""
    world = World()
    server = XServer(world.account(brand), world)
    runner = web.AppRunner(server.application(), handle_signals=False, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.url = f"http://{host}:{port}"
    try:
        yield server
    finally:
        server.cut_streams()
        await runner.cleanup()


def weight(text: str) -> int:
    """Links are 23, what is not Latin or the commonest punctuation two. It knows no emoji of several parts."""
    heavy = re.compile(r"[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
    return len(heavy.sub("xx", re.sub(r"https?://\S+", "x" * 23, text)))
