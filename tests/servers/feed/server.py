"""Feeds over HTTP on loopback: Atom with pages, RSS, and Apple's customer reviews, with stamps and faults on demand."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, formatdate
from html import escape

from aiohttp import web

from tests.contracts.stage import RESET_SECONDS, Fault
from tests.servers.faults import faulty

ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
APPLE = 'xmlns:im="http://itunes.apple.com/rss"'


@dataclass
class Post:
    """One entry, as a person wrote it into the publisher's system."""

    id: str
    author: str
    text: str
    title: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    rating: int | None = None
    extra: str = ""


def number(post: Post) -> int:
    """What a publisher that counts its posts calls it."""
    return int(post.id.rpartition(":")[2])


@dataclass
class Call:
    """One request and what it was answered with."""

    path: str
    headers: dict[str, str]
    status: int = 0


@dataclass
class FeedServer:
    """Posts by feed, newest first.

    `raw` is served as it stands at its path, `moved` sends on, and `product` begins Apple's reviews.
    """

    page: int = 50
    fault: Fault | None = None
    posts: dict[str, list[Post]] = field(default_factory=dict)
    raw: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    broken: dict[str, Callable[[], web.Response]] = field(default_factory=dict)
    product: str = ""
    calls: list[Call] = field(default_factory=list)
    url: str = ""
    _written: int = 0

    def write(self, feed: str, text: str, *, who: str = "ana", rating: int | None = None, title: str = "") -> Post:
        self._written += 1
        post = Post(
            id=f"tag:foro.example,2026:{self._written}", author=who, text=text, rating=rating, title=title or text[:20]
        )
        self.posts.setdefault(feed, []).insert(0, post)
        return post

    def asked(self, path: str) -> list[int]:
        """How the calls to a path were answered."""
        return [call.status for call in self.calls if call.path == path]

    def application(self) -> web.Application:
        refusals = {
            Fault.RATE_LIMIT: lambda: web.Response(status=429, headers={"Retry-After": str(RESET_SECONDS)}),
            Fault.RATE_LIMIT_WITHOUT_RESET: lambda: web.Response(status=429),
            Fault.NO_CREDIT: lambda: web.Response(status=402),
            Fault.UNAUTHORIZED: lambda: web.Response(status=401),
            Fault.FORBIDDEN: lambda: web.Response(status=403),
            Fault.TRUNCATED: self._truncated,
            Fault.EMPTY: lambda: web.Response(body=b"", content_type="application/atom+xml"),
        }
        app = web.Application(middlewares=[self._recorded, faulty(lambda: self.fault, refusals)])
        app.router.add_get("/{path:.*}", self._serve)
        return app

    async def _serve(self, request: web.Request) -> web.Response:
        path = request.path
        if path in self.moved:
            return web.Response(status=301, headers={"Location": self.moved[path]})
        if path in self.broken:
            return self.broken[path]()
        if path in self.raw:
            return self._stamped(request, *self.raw[path])
        if page := self._written_page(request):
            return self._stamped(request, page.encode("utf-8", "surrogatepass"), "application/xml")
        return web.Response(status=404)

    def _written_page(self, request: web.Request) -> str | None:
        path = request.path
        if path == "/forum.atom":
            return self._atom(request)
        if path == "/news.rss":
            return self._rss()
        return self._reviews(path) if "/rss/customerreviews/" in path else None

    def _stamped(self, request: web.Request, body: bytes, kind: str) -> web.Response:
        etag = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(
            body=body,
            headers={"Content-Type": f"{kind}; charset=utf-8", "ETag": etag, "Last-Modified": formatdate(usegmt=True)},
        )

    def _atom(self, request: web.Request) -> str:
        posts = self.posts.get("forum", [])
        if self.fault is Fault.REORDERED_PAGES:
            posts = posts[::-1]
        at = int(request.query.get("from", 0))
        shown = posts[at : at + self.page]
        if self.fault is Fault.REPEATED_PAGES and at:
            shown = posts[at - self.page : at + self.page]
        onward = ""
        if at + self.page < len(posts) or self.fault is Fault.ENDLESS_PAGES:
            onward = f'<link rel="next" href="{self.url}/forum.atom?from={at + self.page}"/>'
        entries = "".join(map(self._entry, shown))
        return (
            f'<?xml version="1.0" encoding="utf-8"?><feed {ATOM} xml:lang="es"><id>{self.url}</id>'
            f"<title>Foro</title>{onward}{entries}</feed>\n"
        )

    def _entry(self, post: Post) -> str:
        text = f'<content type="html">{escape(escape(post.text))}</content>'
        if self.fault is Fault.MISSING_FIELDS:
            return f"<entry><id>{post.id}</id>{text}</entry>"
        extra = '<mood:now xmlns:mood="urn:mood" level="3">new</mood:now><likes>3</likes>'
        return (
            f"<entry><id>{post.id}</id><title>{escape(post.title)}</title>"
            f"<updated>{post.at.isoformat()}</updated><author><name>{escape(post.author)}</name></author>"
            f'<link href="{self.url}/{number(post)}"/>{text}{post.extra}'
            f"{extra if self.fault is Fault.UNKNOWN_FIELDS else ''}</entry>"
        )

    def _rss(self) -> str:
        items = "".join(
            f'<item><title>{escape(post.title)}</title><guid isPermaLink="false">{number(post)}</guid>'
            f"<pubDate>{format_datetime(post.at)}</pubDate><dc:creator><![CDATA[{post.author}]]></dc:creator>"
            f"<description><![CDATA[{post.text}]]></description>{post.extra}</item>"
            for post in self.posts.get("news", [])
        )
        return (
            f'<?xml version="1.0"?><rss version="2.0" {DC}><channel>'
            f"<title>Noticias</title><language>es-ES</language>{items}</channel></rss>"
        )

    def _reviews(self, path: str) -> str:
        """As Apple has them: numbers for ids, the text twice, and at last a link to a next page that is this one."""
        country, page = path.split("/")[1], int(path.partition("page=")[2].partition("/")[0])
        posts = self.posts.get(country, [])
        shown = posts[(page - 1) * self.page : page * self.page]
        last = max(1, -(-len(posts) // self.page))
        onward = f"{self.url}{path.replace(f'page={page}', f'page={min(page + 1, last)}')}"
        entries = "".join(
            f"<entry><updated>{post.at.isoformat()}</updated><id>{90_000_000 + number(post)}</id>"
            f'<title>{escape(post.title)}</title><content type="text">{escape(post.text)}</content>'
            f"<im:rating>{post.rating}</im:rating><im:version>3.1</im:version>"
            f"<author><name>{post.author}</name><uri>{self.url}/{country}/reviews/id{len(post.author)}7"
            f'</uri></author><content type="html">&lt;table&gt;&lt;tr&gt;{escape(escape(post.text))}&lt;/tr&gt;'
            f"&lt;/table&gt;</content></entry>"
            for post in shown
        )
        return (
            f'<?xml version="1.0" encoding="utf-8"?><feed {APPLE} {ATOM}><title>Customer Reviews</title>'
            f'<link rel="next" href="{onward}"/>{self.product}{entries}</feed>'
        )

    def _truncated(self) -> web.Response:
        body = f'<?xml version="1.0"?><feed {ATOM}><entry><id>tag:x,2026:9</id><title>me lle'
        return web.Response(text=body, content_type="application/atom+xml")

    @web.middleware
    async def _recorded(self, request: web.Request, handler: Callable[[web.Request], object]) -> web.StreamResponse:
        call = Call(request.path, dict(request.headers))
        self.calls.append(call)
        response: web.StreamResponse = await handler(request)  # type: ignore[misc]
        call.status = response.status
        return response


@asynccontextmanager
async def feed_server() -> AsyncIterator[FeedServer]:
    """Listens on a free port of loopback until the block is left."""
    server = FeedServer()
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
