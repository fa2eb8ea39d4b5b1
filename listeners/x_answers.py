"""Answers on X: given once to who called us, and looked for among our own posts when in doubt."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

from tweepy.asynchronous import AsyncClient

from bot.domain.action import Reply
from bot.domain.errors import ChannelRefused, ChannelUnavailable
from bot.domain.mention import Mention
from bot.domain.outbox import Receipt
from bot.domain.ports.channel import Meter
from bot.domain.text import holds_a_link
from listeners.outgoing import fit_to_say
from listeners.spoken import Spoken
from listeners.x_length import weight
from listeners.x_listings import Listings
from listeners.x_place import OVERLAP
from listeners.x_posts import Made, Views, read
from listeners.x_wire import Repeated, asked

LIMIT = 280


class Answers:
    """`views` are new eyes of the channel: they say whose posts are ours. `clock` counts how long a doubt lasts."""

    def __init__(
        self,
        client: AsyncClient,
        *,
        views: Callable[[], Awaitable[Views]],
        listings: Listings,
        meter: Meter,
        clock: Callable[[], float],
    ) -> None:
        self._client, self._views, self._listings, self._meter = client, views, listings, meter
        self._spoken = Spoken("X", lag=OVERLAP, clock=clock)

    async def give(self, reply: Reply, to: Mention, key: str) -> Receipt:
        """Answer who mentioned or quoted us; nobody else, whatever was decided."""
        if (receipt := self._spoken.receipt(key)) is not None:
            return receipt
        if not to.summoned:
            message = "X allows an answer only to an author who mentioned or quoted the account, and this one did not"
            raise ChannelRefused(message)
        text = fit_to_say(reply.text, LIMIT, measure=weight)
        with self._spoken.sending(key):
            made = await self._made(text, to, key)
        return await self._heard(key, made.data.id, datetime.now(UTC), text)

    def recall(self, known: Mapping[str, Receipt]) -> None:
        """Other answers of ours that are known, by a former process too."""
        self._spoken.recall(known)

    async def find(self, key: str, to: Mention) -> Receipt | None:
        """Our own posts since then that answer it, but those known to be other answers. X has no key to ask by."""
        if (receipt := self._spoken.receipt(key)) is not None:
            return receipt
        views = await self._views()
        own = await self._listings.own(to.external_id, views)
        for post in sorted(own.posts.values(), key=lambda post: post.number):
            if views.answered(post) == to.external_id and not self._spoken.is_taken(post.id):
                # its answer was lost, and so it was not counted
                return await self._heard(key, post.id, post.at, post.text)
        if not own.whole:
            message = "X cannot say whether this was heard: it does not show all of our posts"
            raise ChannelUnavailable(message)
        self._spoken.found_nothing(key)
        return None

    async def _made(self, text: str, to: Mention, key: str) -> Made:
        """The new post. A no to what may stand there already is a reason to look again, not to give up."""
        try:
            call = self._client.create_tweet(text=text, in_reply_to_tweet_id=to.external_id, user_auth=False)
            return read(Made, await asked(call))
        except Repeated as error:
            if not self._spoken.in_doubt(key):
                raise
            message = "X takes the text for one that it has already, which may be this answer"
            raise ChannelUnavailable(message) from error

    async def _heard(self, key: str, post: str, at: datetime, text: str) -> Receipt:
        """Its receipt, kept before it is paid for."""
        url = f"https://x.com/i/status/{post}"
        receipt = self._spoken.heard(key, Receipt(external_id=post, at=at, url=url))
        await self._meter.spend("create_with_url" if holds_a_link(text) else "reply")
        return receipt
