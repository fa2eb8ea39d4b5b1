"""X charges a post once a day (UTC), however often it is read, and so do we."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from bot.domain.ports.channel import Meter
from listeners.x_posts import Post


class Charges:
    """Of one channel, for the posts that it reads."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._day = date.min
        self._posts: set[str] = set()

    async def read(self, price: str, posts: Sequence[Post]) -> None:
        """These were in an answer."""
        if (today := datetime.now(UTC).date()) != self._day:
            self._day, self._posts = today, set()
        fresh = {post.id for post in posts} - self._posts
        self._posts |= fresh
        if fresh:
            await self._meter.spend(price, len(fresh))
