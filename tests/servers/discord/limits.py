"""Discord's rate limits: a bucket a route and room, fifty calls a second over all, and what is said about both."""

from __future__ import annotations

import hashlib
import math
import time
from dataclasses import dataclass, field

from aiohttp import web

from tests.servers.discord.refusals import answer


@dataclass
class Bucket:
    """So many calls in so many seconds, counted from the first."""

    limit: int
    window: float
    used: int = 0
    ends: float = 0.0

    def take(self, now: float) -> bool:
        """Count a call, if there is room for it."""
        if now >= self.ends:
            self.used, self.ends = 0, now + self.window
        if self.used >= self.limit:
            return False
        self.used += 1
        return True


@dataclass
class Limits:
    """`routes` bounds a route (`POST /channels/{channel_id}/messages`) below what all have; `shared` are those of them
    whose limit others use up too.
    """

    usual: tuple[int, float] = (50, 1.0)
    over_all: tuple[int, float] = (50, 1.0)
    routes: dict[str, tuple[int, float]] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    buckets: dict[str, Bucket] = field(default_factory=dict)
    everything: Bucket | None = None

    def refuse(self, route: str, major: str) -> web.Response | None:
        """The 429 that this call earns, if it does."""
        now = time.time()
        if self.everything is None:
            self.everything = Bucket(*self.over_all)
        if not self.everything.take(now):
            return too_many(self.everything.ends - now, {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"})
        return self.refuse_here(route, major)

    def refuse_here(self, route: str, major: str) -> web.Response | None:
        """The same, by the route's own limit alone."""
        now, scope = time.time(), "shared" if route in self.shared else "user"
        bucket = self._bucket(route, major)
        if not bucket.take(now):
            return too_many(bucket.ends - now, {**self.headers(route, major), "X-RateLimit-Scope": scope})
        return None

    def headers(self, route: str, major: str) -> dict[str, str]:
        bucket = self._bucket(route, major)
        return {
            "X-RateLimit-Limit": str(bucket.limit),
            "X-RateLimit-Remaining": str(bucket.limit - bucket.used),
            "X-RateLimit-Reset": f"{bucket.ends:.3f}",
            "X-RateLimit-Reset-After": f"{max(bucket.ends - time.time(), 0):.3f}",
            "X-RateLimit-Bucket": hashlib.md5(route.encode(), usedforsecurity=False).hexdigest(),
        }

    def _bucket(self, route: str, major: str) -> Bucket:
        return self.buckets.setdefault(f"{route} {major}", Bucket(*self.routes.get(route, self.usual)))


def too_many(wait: float, headers: dict[str, str]) -> web.Response:
    """Discord's own 429; one of Cloudflare's has no `Via`."""
    body = {
        "message": "You are being rate limited.",
        "retry_after": round(wait, 3),
        "global": "X-RateLimit-Global" in headers,
    }
    # the description demands a code; Discord sends 0 for most limits
    shown = answer({**body, "code": 0}, status=429, headers={"Via": "1.1 google", **headers})
    shown.headers["Retry-After"] = str(math.ceil(wait))
    return shown
