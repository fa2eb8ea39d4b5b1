"""Read a listing of Mastodon page by page, and say how far it has settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import quote

import structlog

from listeners.answers import readable
from listeners.mastodon_place import Spot
from listeners.mastodon_posts import Note, Post, rank
from listeners.mastodon_wire import Query, Wire

log = structlog.get_logger(__name__)

HISTORY = 400
# pages that bring nothing new: a server may send one, a broken listing sends them for ever
_BARREN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row: the id by which it is paged, when it appeared, and the post, if that still stands."""

    id: str
    at: datetime
    post: Post | None
    calls_us: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A post that was found. `old`: it was there before the first look. `calls_us`: we were notified of it."""

    post: Post
    old: bool = False
    calls_us: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A listing that is looked through. `late` is how much older than its neighbours an entry may be that appears."""

    name: str
    path: str
    query: Query
    late: timedelta
    entries: Callable[[list[object]], list[Entry]]


def mentions() -> Source:
    """Who mentioned or quoted us. Without `include_filtered` private mentions by strangers stay hidden."""
    types = [("types[]", "mention"), ("types[]", "quote")]
    return Source(
        name="mentions",
        path="/api/v1/notifications",
        query=[*types, ("include_filtered", "true"), ("limit", "80")],
        late=timedelta(seconds=95),
        entries=_noted,
    )


def tagged(tag: str) -> Source:
    """What is said under a hashtag. Posts of other servers come late, with the ids of when they were written."""
    return Source(
        name=f"#{tag}",
        path=f"/api/v1/timelines/tag/{quote(tag, safe='')}",
        query=[("limit", "40")],
        late=timedelta(minutes=15),
        entries=_posted,
    )


def _noted(rows: list[object]) -> list[Entry]:
    return [
        Entry(id=note.id, at=note.at, post=note.status if note.is_about_us else None, calls_us=note.calls_us)
        for note in readable(Note, rows)
    ]


def _posted(rows: list[object]) -> list[Entry]:
    return [Entry(id=post.id, at=post.at, post=post) for post in readable(Post, rows)]


@dataclass(kw_only=True)
class Listing:
    """What the pages of a source brought. `whole` unless they contradicted themselves."""

    source: Source
    entries: dict[str, Entry] = field(default_factory=dict)
    whole: bool = True

    def take(self, page: list[Entry]) -> bool:
        """Add a page; whether it brought anything new."""
        fresh = {entry.id: entry for entry in page if entry.id not in self.entries}
        self.entries |= fresh
        return bool(fresh)

    def hits(self, spot: Spot) -> dict[str, Hit]:
        """The posts that still stand."""
        began = rank(spot.began)
        return {
            entry.post.id: Hit(post=entry.post, old=rank(entry.id) <= began, calls_us=entry.calls_us)
            for entry in self.entries.values()
            if entry.post is not None
        }

    def read_up_to(self, before: Spot | None, now: datetime) -> Spot:
        """The spot after this look, by the clock of the newest entry where ours is ahead of it."""
        if before is None:
            before = Spot(began=max(self.entries, key=rank, default=""), settled=None)
        if not self.whole or not self.entries:
            return before
        until = min(now, max(entry.at for entry in self.entries.values())) - self.source.late
        old = [entry.id for entry in self.entries.values() if entry.at <= until]
        return Spot(began=before.began, settled=max([*old, before.settled or ""], key=rank) or None)


async def look_through(wire: Wire, source: Source, spot: Spot | None) -> Listing:
    """Every page since the spot, newest first; of what was there before the first look only the newest."""
    since = [("since_id", spot.settled)] if spot and spot.settled else []
    listing, turned, barren = Listing(source=source), set[str](), 0
    older: Query = ()
    while True:
        page = await wire.page(source.path, [*source.query, *since, *older])
        entries = source.entries(page.rows)
        if len(entries) < len(page.rows):
            log.warning("some rows of Mastodon have no id", listing=source.name)
        barren = 0 if listing.take(entries) else barren + 1
        turn = page.older if page.linked else min((entry.id for entry in entries), key=rank, default=None)
        if turn is None or (spot is None and len(listing.entries) >= HISTORY):
            return listing
        if turn in turned or barren == _BARREN:
            log.warning("the pages of Mastodon do not end; asking again from the same place", listing=source.name)
            return replace(listing, whole=False)
        turned.add(turn)
        older = [("max_id", turn)]
