"""Where listening on X resumes: how far its listings have settled, what is history, which posts were asked after."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.domain.errors import ChannelUnavailable
from listeners.x_posts import Page, Post
from listeners.x_round import Round

log = structlog.get_logger(__name__)

# X shows posts up to a minute and a half late
OVERLAP = timedelta(seconds=95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where listening resumes: the cursor.

    `mentions` and `search` are the newest posts behind which nothing can appear any more. `began` and `search_began`
    are the newest posts of the first look at each: what is not newer is history. `round` is the walk through all
    kept posts, since X tells of no deletion.
    """

    began: str | None = None
    search_began: str | None = None
    mentions: str | None = None
    search: str | None = None
    round: Round | None = None

    @classmethod
    def read(cls, cursor: str | None) -> Place:
        """A cursor that is not ours (the name was another channel's) is a first start: history, and no answers."""
        if cursor is None:
            return cls()
        try:
            kept = json.loads(cursor)
            going = Round.read(kept["round"]) if kept.get("round") else None
            # earlier versions kept one beginning for both
            shared = kept["began"] if kept["search"] is not None else None
            return cls(
                began=kept["began"],
                search_began=kept.get("search_began", shared),
                mentions=kept["mentions"],
                search=kept["search"],
                round=going,
            )
        except (ValueError, TypeError, KeyError, AttributeError):
            log.warning("the cursor of X cannot be read; starting anew", cursor=cursor)
            return cls()

    def past(self, calls: Listing, hits: Listing | None, now: datetime, going: Round | None) -> Place:
        """After a look at the mentions and, unless nobody searched, at the hits."""
        return Place(
            began=self.began or calls.newest(),
            search_began=self.search_began or (hits.newest() if hits else None),
            mentions=calls.settled(self.mentions, now),
            search=hits.settled(self.search, now) if hits else self.search,
            round=going,
        )

    def written(self) -> str:
        return json.dumps(
            {
                "began": self.began,
                "search_began": self.search_began,
                "mentions": self.mentions,
                "search": self.search,
                "round": self.round and self.round.written(),
            }
        )


@dataclass(kw_only=True)
class Listing:
    """What the pages of one listing brought. `whole` unless the pages contradicted themselves."""

    posts: dict[str, Post] = field(default_factory=dict)
    whole: bool = True

    def take(self, page: Page) -> bool:
        """Add a page; whether it brought anything new. ChannelUnavailable when it is an error in place of posts."""
        if page.grave and not page.data:
            message = f"X answered with an error: {page.grave[0].title or page.grave[0].detail or 'no reason given'}"
            raise ChannelUnavailable(message)
        fresh = {post.id: post for post in page.posts if post.id not in self.posts}
        self.posts |= fresh
        self.whole = self.whole and not page.unreadable and not page.grave
        return bool(fresh)

    def newest(self) -> str:
        """Of the posts, or "0": before all that will ever come."""
        return str(max((post.number for post in self.posts.values()), default=0))

    def settled(self, since: str | None, now: datetime) -> str | None:
        """The newest post behind which nothing can appear any more; `since` while there is none or pages are missing.

        By the clock of the newest post where ours is ahead of it.
        """
        if not self.whole or not self.posts:
            return since
        until = min(now, max(post.at for post in self.posts.values())) - OVERLAP
        old = [post.number for post in self.posts.values() if post.at <= until]
        return str(max([*old, int(since or 0)])) if old else since
