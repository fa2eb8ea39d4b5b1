"""XRPC over HTTP on loopback: the calls that the channel makes, with Bluesky's rules, and faults on demand.

What is written is checked against the lexicons, in the form in which atproto carries them.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import formatdate
from typing import Any

from aiohttp import web
from atproto import models
from pydantic import ValidationError

from tests.contracts.stage import RESET_SECONDS, Fault
from tests.servers.bluesky.world import POSTS, Account, Json, Post, World, stamp
from tests.servers.faults import Handler, faulty

PASSWORD = "cana-ryAp-pPas-sword"  # noqa: S105 - the shape of an app password
_TID = re.compile(r"^[234567a-j][234567a-z]{12}$")
_PHRASE = re.compile(r'"([^"]+)"')
_WITHOUT_A_SESSION = {"com.atproto.server.createSession", "com.atproto.server.refreshSession"}


@dataclass
class Call:
    """One request, and what was answered."""

    nsid: str
    query: list[tuple[str, str]]
    body: Any
    status: int = 0


@dataclass
class BlueskyServer:
    """A world with one brand in it, whose account lives here.

    `page` bounds what a page holds below what is asked for. Access tokens last for `token_seconds`, which they tell
    unless they are `opaque`; those in `ended` are refused before their time. To the posts in `closed` nobody may reply,
    and those in `left_out` are shown only when they are asked for by themselves.
    """

    brand: Account
    world: World
    page: int = 100
    fault: Fault | None = None
    fails_in: str = ""
    token_seconds: int = 7_200
    opaque: bool = False
    ended: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)
    broken_rows: list[Any] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    url: str = ""
    _sessions: int = 0

    def application(self) -> web.Application:
        refusals = {
            Fault.RATE_LIMIT: self._too_many,
            Fault.RATE_LIMIT_WITHOUT_RESET: self._too_many,
            Fault.UNAUTHORIZED: lambda: refusal(401, "AuthenticationRequired", "Invalid identifier or password"),
            Fault.FORBIDDEN: lambda: refusal(403, "AccountTakedown", "Account has been taken down"),
        }
        faults = faulty(lambda: self.fault, refusals, lambda: self.fails_in)
        app = web.Application(middlewares=[self._recorded, faults, self._authorised])
        app.add_routes(
            [
                web.post("/xrpc/com.atproto.server.createSession", self._create_session),
                web.post("/xrpc/com.atproto.server.refreshSession", self._refresh_session),
                web.get("/xrpc/app.bsky.actor.getProfile", self._profile),
                web.get("/xrpc/app.bsky.notification.listNotifications", self._notifications),
                web.get("/xrpc/app.bsky.feed.searchPosts", self._search),
                web.get("/xrpc/app.bsky.feed.getPosts", self._posts),
                web.get("/xrpc/com.atproto.repo.getRecord", self._get_record),
                web.post("/xrpc/com.atproto.repo.putRecord", self._put_record),
            ]
        )
        return app

    # --- sessions ---

    async def _create_session(self, request: web.Request) -> web.Response:
        body = await request.json()
        if body.get("identifier") not in (self.brand.handle, self.brand.did) or body.get("password") != PASSWORD:
            return refusal(401, "AuthenticationRequired", "Invalid identifier or password")
        return web.json_response(self._session())

    async def _refresh_session(self, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token.endswith(".refresh") or token in self.ended:
            return refusal(400, "ExpiredToken", "Token has been revoked")
        return web.json_response(self._session())

    def _session(self) -> Json:
        self._sessions += 1
        seconds = None if self.opaque else self.token_seconds
        # the host that the account's document names is not this one
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": "http://127.0.0.1:9"}
        return {
            "did": self.brand.did,
            "handle": self.brand.handle,
            "active": True,
            "accessJwt": token(self.brand.did, seconds, f"{self._sessions}", "access"),
            "refreshJwt": token(self.brand.did, 90 * 86_400, f"{self._sessions}", "refresh"),
            "didDoc": {"@context": ["https://www.w3.org/ns/did/v1"], "id": self.brand.did, "service": [service]},
        }

    # --- reading ---

    async def _profile(self, request: web.Request) -> web.Response:
        account = self.world.accounts.get(request.query["actor"])
        if account is None:
            return refusal(400, "InvalidRequest", "Profile not found")
        return web.json_response(self._person(account) | {"followersCount": 0, "postsCount": 0})

    async def _notifications(self, request: web.Request) -> web.Response:
        reasons = request.query.getall("reasons", [])
        rows = []
        for post in self.world.newest_first():
            reason = self._reason(post)
            if post.author != self.brand.did and reason and (not reasons or reason in reasons):
                shown = {"reason": reason, "isRead": False, "indexedAt": stamp(post.listed), "record": post.record}
                rows.append(self._view(post) | shown)
        return self._paged(request, "notifications", rows)

    def _reason(self, post: Post) -> str | None:
        did = self.brand.did
        checks = {"mention": post.names, "reply": post.answers, "quote": post.quotes}
        return next((reason for reason, holds in checks.items() if holds(did)), None)

    async def _search(self, request: web.Request) -> web.Response:
        words = [word.lower() for word in _PHRASE.findall(request.query["q"])]
        since = request.query.get("since")
        found = [post for post in self.world.newest_first() if all(one in post.record["text"].lower() for one in words)]
        if since:
            found = [post for post in found if post.listed >= datetime.fromisoformat(since)]
        return self._paged(request, "posts", [self._view(post) for post in found])

    async def _posts(self, request: web.Request) -> web.Response:
        uris = request.query.getall("uris")
        if len(uris) > 25:
            return refusal(400, "InvalidRequest", "Error: uris must not have more than 25 elements")
        skipped = self.left_out if len(uris) > 1 else set()
        there = [self.world.posts[uri] for uri in uris if uri in self.world.posts and uri not in skipped]
        return web.json_response({"posts": [self._view(post) for post in there]})

    def _paged(self, request: web.Request, name: str, rows: list[Json]) -> web.Response:
        limit = int(request.query.get("limit", 50))
        if not 1 <= limit <= 100:
            return refusal(400, "InvalidRequest", "Error: limit can not be greater than 100")
        if self.fault is Fault.REORDERED_PAGES:
            rows.reverse()
        at, size = int(request.query.get("cursor", "0::").partition("::")[0]), min(limit, self.page)
        shown = rows[at - size : at] if self.fault is Fault.REPEATED_PAGES and at else rows[at : at + size]
        answer: Json = {name: [self._odd(row) for row in shown] + self.broken_rows}
        if at + size < len(rows) or self.fault is Fault.ENDLESS_PAGES:
            answer["cursor"] = f"{at + size}::bafy"
        return web.json_response(answer)

    def _odd(self, row: Json) -> Json:
        match self.fault:
            case Fault.UNKNOWN_FIELDS:
                return {**row, "mood": {"new": [1]}, "record": {**row["record"], "via": "an app"}}
            case Fault.MISSING_FIELDS:
                return {"uri": row["uri"], "record": {"text": row["record"]["text"]}}
            case _:
                return row

    def _view(self, post: Post) -> Json:
        return {
            "uri": post.uri,
            "cid": post.cid,
            "author": self._person(self.world.accounts[post.author]),
            "record": post.record,
            "indexedAt": stamp(post.shown),
            "likeCount": 0,
            "viewer": {"replyDisabled": True} if post.uri in self.closed else {},
        }

    def _person(self, account: Account) -> Json:
        labels = [
            {"src": account.did, "uri": f"at://{account.did}/app.bsky.actor.profile/self", "val": value}
            for value in account.labels
        ]
        return {"did": account.did, "handle": account.handle, "displayName": account.handle, "labels": labels}

    # --- records ---

    async def _get_record(self, request: web.Request) -> web.Response:
        uri = f"at://{request.query['repo']}/{request.query['collection']}/{request.query['rkey']}"
        post = self.world.posts.get(uri)
        if post is None:
            return refusal(400, "RecordNotFound", f"Could not locate record: {uri}")
        return web.json_response({"uri": uri, "cid": post.cid, "value": post.record})

    async def _put_record(self, request: web.Request) -> web.Response:
        body = await request.json()
        if body["repo"] != self.brand.did:
            return refusal(401, "AuthMissing", "Authentication Required")
        record = {"$type": POSTS} | body["record"]
        if (wrong := self._complaint(body, record)) is not None:
            return refusal(400, "InvalidRequest", wrong)
        post = self.world.put(self.brand.did, body["rkey"], record)
        return web.json_response({"uri": post.uri, "cid": post.cid, "validationStatus": "valid"})

    def _complaint(self, body: Json, record: Json) -> str | None:
        """What Bluesky would not take."""
        if body["collection"] != POSTS or not _TID.match(body["rkey"]):
            return f"Invalid record key for {body['collection']}: {body['rkey']}"
        try:
            models.AppBskyFeedPost.Record.model_validate(record, context={"strict_string_format": True})
        except ValidationError as error:
            return f"Invalid {POSTS} record: {error.errors()[0]['msg']}"
        size = len(record["text"].encode())
        if len(record["text"]) > 300 or size > 3_000:
            return f"Invalid {POSTS} record: text must not be longer than 300 graphemes"
        ends = [facet["index"]["byteEnd"] for facet in record.get("facets", [])]
        if any(end > size for end in ends):
            return f"Invalid {POSTS} record: a facet ends behind the text"
        for end in ("root", "parent"):
            named = record["reply"][end]
            if named["uri"] in self.world.posts and self.world.posts[named["uri"]].cid != named["cid"]:
                return f"Invalid {POSTS} record: {end} has another cid"
        return None

    # --- doors and faults ---

    @web.middleware
    async def _recorded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else None
        call = Call(request.path.removeprefix("/xrpc/"), list(request.query.items()), body)
        self.calls.append(call)
        response = await handler(request)
        call.status = response.status
        return response

    @web.middleware
    async def _authorised(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if request.path.removeprefix("/xrpc/") not in _WITHOUT_A_SESSION:
            if not given.endswith(".access"):
                return refusal(401, "AuthMissing", "Authentication Required")
            if given in self.ended or (not self.opaque and expiry(given) < time.time()):
                return refusal(400, "ExpiredToken", "Token has expired")
        return await handler(request)

    def _too_many(self) -> web.Response:
        headers = {"Date": formatdate(usegmt=True)}
        if self.fault is Fault.RATE_LIMIT:
            reset = str(int(time.time()) + RESET_SECONDS)
            headers |= {"RateLimit-Limit": "3000", "RateLimit-Remaining": "0", "RateLimit-Reset": reset}
            headers["RateLimit-Policy"] = "3000;w=300"
        return refusal(429, "RateLimitExceeded", "Rate Limit Exceeded", headers)

    def asked_for(self, nsid: str) -> list[Call]:
        return [call for call in self.calls if call.nsid.endswith(nsid)]


def refusal(status: int, error: str, message: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": error, "message": message}, status=status, headers=headers)


def token(did: str, seconds: int | None, number: str, kind: str) -> str:
    """The shape of a JWT, unless it shall not tell how long it lasts; its end says what it is for."""
    if seconds is None:
        return f"session-{number}.{kind}"
    about = {"sub": did, "jti": number, "iat": int(time.time()), "exp": int(time.time()) + seconds}
    return f"{_part({'typ': 'JWT', 'alg': 'ES256K'})}.{_part(about)}.{kind}"


def expiry(access: str) -> int:
    payload = access.split(".")[1]
    told: int = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"]
    return told


def _part(about: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(about).encode()).decode().rstrip("=")


@asynccontextmanager
async def bluesky_server(brand: str = "zarapito") -> AsyncIterator[BlueskyServer]:
    """Listens on a free port of loopback until the block is left."""
    world = World()
    server = BlueskyServer(world.account(brand), world)
    runner = web.AppRunner(server.application(), handle_signals=False, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    server.url = f"http://{host}:{port}"
    try:
        yield server
    finally:
        await runner.cleanup()
