"""Read a listing of X page by page, newest first, as far as there is money for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import structlog
from tweepy.asynchronous import AsyncClient

from bot.domain.cost import Level, WhenSpent
from bot.domain.ports.channel import Meter
from listeners.x_charges import Charges
from listeners.x_place import Listing
from listeners.x_posts import FIELDS, Page, Views, read
from listeners.x_wire import asked

log = structlog.get_logger(__name__)

PAGE = 100
# pages that bring nothing new: X may send one, a broken listing sends them for ever
_BARREN = 3


async def never() -> bool:
    """Money is no matter."""
    return False


class Listings:
    """Of one channel. What a look could not read to the end is not `whole`, and is asked for again."""

    def __init__(self, channel: str, client: AsyncClient, *, meter: Meter, charges: Charges) -> None:
        self._channel, self._client, self._meter, self._charges = channel, client, meter, charges

    async def mentions(self, since: str | None, views: Views) -> Listing:
        """Who mentions us since then; cut short for money only where listening stops with it."""
        call = partial(self._client.get_users_mentions, views.me.id, since_id=since)
        return await self._pages(call, "pagination_token", views, "owned_post", broke=self._must_stop)

    async def hits(self, query: str, begin: Mapping[str, Any], views: Views) -> Listing:
        """What the search finds, until the money is spent. `begin` says from where on, as X takes it."""
        call = partial(self._client.search_recent_tweets, query, **begin)
        return await self._pages(call, "next_token", views, "post", broke=self.is_spent)

    async def own(self, since: str, views: Views) -> Listing:
        """Our own posts since then, whatever they cost."""
        call = partial(self._client.get_users_tweets, views.me.id, exclude="retweets", since_id=since)
        return await self._pages(call, "pagination_token", views, "owned_post")

    async def is_spent(self) -> bool:
        """Whether there is no money today for what we could do without."""
        return (await self._meter.purse()).level is Level.SPENT

    async def _must_stop(self) -> bool:
        """Whether even the mentions must wait for tomorrow."""
        purse = await self._meter.purse()
        return purse.level is Level.SPENT and purse.when_spent is WhenSpent.STOP

    async def _pages(
        self,
        call: Callable[..., Awaitable[Any]],
        turn: str,
        views: Views,
        price: str,
        *,
        broke: Callable[[], Awaitable[bool]] = never,
    ) -> Listing:
        """Every page of a listing, newest first, or as many as there is money for.

        `turn` is what X calls the token of the next page here; `broke` is asked before each further one.
        """
        listing, tokens, barren = Listing(), set[str | None]({None}), 0
        token: str | None = None
        while True:
            page = read(Page, await asked(call(max_results=PAGE, **FIELDS, **{turn: token})))
            await self._charges.read(price, page.posts)
            fresh = listing.take(page)
            views.learn(page.includes)
            token, barren = page.meta.next_token, 0 if fresh else barren + 1
            if token is None:
                return listing
            if token in tokens or barren == _BARREN:
                log.warning("the pages of X do not end; asking again from the same place", channel=self._channel)
                return replace(listing, whole=False)
            if await broke():
                log.warning("the day's budget is spent; the older pages of X wait", channel=self._channel)
                return replace(listing, whole=False)
            tokens.add(token)
