"""Reddit over HTTP on loopback: tokens, listings, comments, with Reddit's rules, and faults on demand."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from tests.contracts.stage import RESET_SECONDS, Fault
from tests.servers.faults import Handler, faulty
from tests.servers.reddit.world import Json, Piece, World

CLIENT_ID = "canaryClientId0123456"
CLIENT_SECRET = "canaryClientSecret0123456789"  # noqa: S105 - of nobody
PASSWORD = "canaryPassword0123"  # noqa: S105
REFRESH_TOKEN = "70000000-canaryRefreshToken"  # noqa: S105
APP = f"{CLIENT_ID}:{CLIENT_SECRET}"
_AGENT = re.compile(r"\S+:\S+:v\S+ \(by /u/\w+\)")
_LOGIN = "/api/v1/access_token"


@dataclass
class Call:
    """One request: the method, the path, and what came with it."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]


@dataclass
class RedditServer:
    """A world with one brand in it. `page` bounds what a page holds below what is asked for."""

    brand: str
    world: World = field(default_factory=World)
    page: int = 100
    fault: Fault | None = None
    fails_in: str = ""
    left: float = 500.0
    scopes: str = "*"
    messages: list[Json] = field(default_factory=list)
    errors: list[list[str]] = field(default_factory=list)
    ratelimit: float | None = None
    calls: list[Call] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    commented: list[str] = field(default_factory=list)
    url: str = ""

    def application(self) -> web.Application:
        refusals = {
            Fault.RATE_LIMIT: lambda: refused(429, "Too Many Requests", {"x-ratelimit-reset": str(RESET_SECONDS)}),
            Fault.RATE_LIMIT_WITHOUT_RESET: lambda: refused(429, "Too Many Requests"),
            Fault.UNAUTHORIZED: lambda: refused(401, "Unauthorized"),
            Fault.FORBIDDEN: lambda: refused(403, "Forbidden"),
        }
        app = web.Application(
            middlewares=[self._recorded, faulty(lambda: self.fault, refusals, lambda: self.fails_in), self._polite],
            client_max_size=16_000_000,
        )
        app.add_routes(
            [
                web.post(_LOGIN, self._log_in),
                web.get("/api/v1/me", self._me),
                web.get("/message/inbox", self._inbox),
                web.get("/r/{names}/new", self._new),
                web.get("/r/{names}/comments", self._comments),
                web.get("/search", self._search),
                web.get("/api/info", self._info),
                web.get("/user/{name}/comments", self._of),
                web.post("/api/comment", self._comment),
            ]
        )
        return app

    # --- logging in ---

    async def _log_in(self, request: web.Request) -> web.Response:
        given = self.calls[-1].form
        if request.headers.get("Authorization") != f"Basic {b64encode(APP.encode()).decode()}":
            return refused(401, "Unauthorized")
        by_password = {"grant_type": "password", "username": self.brand, "password": PASSWORD}
        by_token = {"grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN}
        if given not in (by_password, by_token):
            return web.json_response({"error": "invalid_grant"})
        self.tokens.append(f"token-{len(self.tokens) + 1}")
        answer = {"access_token": self.tokens[-1], "token_type": "bearer", "expires_in": 86400, "scope": self.scopes}
        return web.json_response(answer)

    async def _me(self, request: web.Request) -> web.Response:
        del request
        return self._answered({"name": self.brand, "id": "6a5b", "total_karma": 77, "is_suspended": False})

    # --- listings ---

    async def _inbox(self, request: web.Request) -> web.Response:
        comments = [
            one
            for one in self.world.listed("t1")
            if one.author != self.brand and (self.world.calls(one, self.brand) or self.world.answers(one, self.brand))
        ]
        rows = [*self.messages, *(self.world.shown_in_inbox(one, self.brand) for one in comments)]
        return self._paged(request, rows)

    async def _new(self, request: web.Request) -> web.Response:
        return self._in(request, "t3")

    async def _comments(self, request: web.Request) -> web.Response:
        return self._in(request, "t1")

    def _in(self, request: web.Request, kind: str) -> web.Response:
        names = request.match_info["names"].lower().split("+")
        known = {one.subreddit.lower() for one in self.world.pieces.values()}
        if not known & set(names):
            raise web.HTTPFound("/subreddits/search?q=" + names[0])
        return self._shown(request, [one for one in self.world.listed(kind) if one.subreddit.lower() in names])

    async def _search(self, request: web.Request) -> web.Response:
        words = [word.lower() for word in re.findall(r'"([^"]+)"', request.query["q"])]
        found = [
            one for one in self.world.listed("t3") if any(word in f"{one.title} {one.text}".lower() for word in words)
        ]
        return self._shown(request, found)

    async def _of(self, request: web.Request) -> web.Response:
        return self._shown(
            request, [one for one in self.world.listed("t1") if one.author == request.match_info["name"]]
        )

    async def _info(self, request: web.Request) -> web.Response:
        names = request.query["id"].split(",")
        if len(names) > 100:
            return refused(400, "Bad Request")
        there = [self.world.shown(self.world.pieces[one]) for one in names if one in self.world.pieces]
        return self._answered({"kind": "Listing", "data": {"children": there, "after": None}})

    def _shown(self, request: web.Request, pieces: list[Piece]) -> web.Response:
        return self._paged(request, [self.world.shown(one) for one in pieces])

    def _paged(self, request: web.Request, rows: list[Json]) -> web.Response:
        rows = rows[::-1] if self.fault is Fault.REORDERED_PAGES else rows
        names = [row["data"]["name"] for row in rows]
        after = request.query.get("after", "")
        at = names.index(after) + 1 if after in names else len(rows) if after else 0
        size = min(int(request.query.get("limit", 25)), 100, self.page)
        shown = rows[at : at + size]
        if self.fault is Fault.REPEATED_PAGES and at:
            shown = rows[max(at - size, 0) : at + size]
        following = shown[-1]["data"]["name"] if at + size < len(rows) else None
        if self.fault is Fault.ENDLESS_PAGES:
            following = f"t1_{len(self.calls)}"
        listing = {"kind": "Listing", "data": {"children": [self._odd(row) for row in shown], "after": following}}
        return self._answered(listing)

    def _odd(self, row: Json) -> Json:
        if self.fault is Fault.UNKNOWN_FIELDS:
            return {**row, "surprise": True, "data": {**row["data"], "mood": {"new": [1]}, "views": 3}}
        if self.fault is Fault.MISSING_FIELDS:
            needed = ("id", "body", "title", "selftext")
            return {**row, "data": {name: row["data"][name] for name in needed if name in row["data"]}}
        return row

    def _answered(self, answer: Json) -> web.Response:
        self.left -= 1
        limits = {
            "x-ratelimit-used": str(int(1000 - self.left)),
            "x-ratelimit-remaining": str(self.left),
            "x-ratelimit-reset": str(RESET_SECONDS),
        }
        return web.json_response(answer, headers=limits)

    # --- answering ---

    async def _comment(self, request: web.Request) -> web.Response:
        del request
        given = self.calls[-1].form
        target, text = self.world.pieces.get(given.get("thing_id", "")), given.get("text", "")
        if self.errors:
            return self._said_no(*self.errors[0])
        if target is None:
            return self._said_no("NO_THING_ID", "id not specified", "thing_id")
        if target.name in self.world.gone:
            return self._said_no("DELETED_COMMENT", "that comment has been deleted", "parent")
        if not text.strip():
            return self._said_no("NO_TEXT", "we need something here", "text")
        if len(text) > 10_000:
            return self._said_no("TOO_LONG", "this is too long (max: 10000)", "text")
        made = self.world.comment(self.brand, text, under=target.name)
        self.commented.append(made.name)
        return self._answered({"json": {"errors": [], "data": {"things": [self.world.shown(made)]}}})

    def _said_no(self, *why: str) -> web.Response:
        more = {} if self.ratelimit is None else {"ratelimit": self.ratelimit}
        return self._answered({"json": {**more, "errors": [list(why)]}})

    # --- doors ---

    @web.middleware
    async def _recorded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        form = dict(await request.post()) if request.method == "POST" else {}
        self.calls.append(Call(request.method, request.path, dict(request.query), {k: str(v) for k, v in form.items()}))
        return await handler(request)

    @web.middleware
    async def _polite(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Whoever does not say who they are is held back; whoever has no token is not let in."""
        if not _AGENT.match(request.headers.get("User-Agent", "")):
            return refused(429, "Too Many Requests")
        given = request.headers.get("Authorization", "").removeprefix("bearer ")
        if request.path != _LOGIN and given not in self.tokens[-1:]:
            return refused(401, "Unauthorized", {"www-authenticate": 'Bearer realm="reddit", error="invalid_token"'})
        return await handler(request)


def refused(status: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"message": message, "error": status}, status=status, headers=headers)


@asynccontextmanager
async def reddit_server(brand: str = "zarapito") -> AsyncIterator[RedditServer]:
    """Listens on a free port of loopback until the block is left."""
    server = RedditServer(brand)
    runner = web.AppRunner(server.application(), handle_signals=False, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.url = f"http://{host}:{port}"
    try:
        yield server
    finally:
        await runner.cleanup()
