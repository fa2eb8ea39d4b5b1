"""Read a listing of Bluesky page by page, and say how far it has settled."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.domain.errors import ChannelUnavailable
from listeners.answers import readable
from listeners.bluesky_place import Spot
from listeners.bluesky_posts import Post, in_utc

if TYPE_CHECKING:
    # it brings atproto, which takes its time
    from listeners.bluesky_wire import Json, Wire

log = structlog.get_logger(__name__)

HISTORY = 400
LATE = timedelta(minutes=15)
"""Bluesky lists a post by the time that its author's clock told, whenever it came."""

# pages that bring nothing new: Bluesky may send one, a broken listing sends them for ever
_BARREN = 3
_REASONS = ("mention", "reply", "quote")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A post that was found. `old`: it was there before the first look."""

    post: Post
    old: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A listing that is looked through. `page` takes since when, and the mark of the page."""

    name: str
    rows: str
    page: Callable[[Wire, datetime | None, str | None], Awaitable[Json]]


def mentions() -> Source:
    """Who named, answered or quoted us."""
    return Source(name="mentions", rows="notifications", page=lambda wire, _, turn: wire.notifications(_REASONS, turn))


def searched(words: str) -> Source:
    """Who used these words."""

    def page(wire: Wire, since: datetime | None, turn: str | None) -> Awaitable[Json]:
        return wire.search(f'"{words}"', _as_bluesky_writes(since) if since else None, turn)

    return Source(name=f'"{words}"', rows="posts", page=page)


def _as_bluesky_writes(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(kw_only=True)
class Listing:
    """What the pages of a source brought. `whole` unless they contradicted themselves."""

    posts: dict[str, Post] = field(default_factory=dict)
    whole: bool = True

    def take(self, page: list[Post]) -> bool:
        """Add a page; whether it brought anything new."""
        fresh = {post.uri: post for post in page if post.uri not in self.posts}
        self.posts |= fresh
        return bool(fresh)

    def hits(self, spot: Spot) -> dict[str, Hit]:
        """The posts that concern us: an old server gives all notifications, whatever it is asked for."""
        return {
            uri: Hit(post=post, old=spot.began is not None and listed(post) <= spot.began)
            for uri, post in self.posts.items()
            if post.reason in ("", *_REASONS)
        }

    def read_up_to(self, before: Spot | None, now: datetime) -> Spot:
        """The spot after this look, by the clock of the newest entry where ours is ahead of it."""
        times = [listed(post) for post in self.posts.values()]
        if before is None:
            before = Spot(began=max(times, default=None), settled=None)
        if not self.whole or not times:
            return before
        until = min(now, max(times)) - LATE
        old = [at for at in times if at <= until]
        return Spot(
            began=before.began, settled=max([*old, *([before.settled] if before.settled else [])], default=None)
        )


def listed(post: Post) -> datetime:
    """Where in its listing a post stands. A notification is listed by the time that it shows as `indexedAt`."""
    return in_utc(post.indexed_at) if post.reason and post.indexed_at else post.at


def rows_of(answer: Json, name: str) -> list[object]:
    """The list in an answer; an empty one and none are not the same."""
    rows = answer.get(name)
    if isinstance(rows, list):
        return rows
    message = f"Bluesky's answer cannot be read (no list of {name} in it)"
    raise ChannelUnavailable(message)


async def look_through(wire: Wire, source: Source, spot: Spot | None) -> Listing:
    """Every page since the spot, newest first; of what was there before the first look only the newest."""
    since = spot.settled if spot else None
    listing, turned, barren, turn = Listing(), set[str](), 0, None
    while True:
        answer = await source.page(wire, since, turn)
        rows = rows_of(answer, source.rows)
        posts = readable(Post, rows)
        if len(posts) < len(rows):
            log.warning("some rows of Bluesky have no address", listing=source.name)
        barren = 0 if listing.take(posts) else barren + 1
        mark = answer.get("cursor")
        turn = mark if isinstance(mark, str) and mark else None
        behind = since is not None and bool(posts) and all(listed(post) < since for post in posts)
        if turn is None or behind or (spot is None and len(listing.posts) >= HISTORY):
            return listing
        if turn in turned or barren == _BARREN:
            log.warning("the pages of Bluesky do not end; asking again from the same place", listing=source.name)
            return replace(listing, whole=False)
        turned.add(turn)
