"""X as a channel: own mentions first, keywords read-only beside them, answers to who called us.

What X allows decides the shape: an answer goes only to an author who mentioned or quoted the account; a keyword hit is
read and never answered. Every post costs money, so the cheap own mentions come first and the search leaves them out.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, model_validator
from tweepy.asynchronous import AsyncClient

from bot.domain.account import Ability, Account
from bot.domain.action import Reply
from bot.domain.errors import ChannelError
from bot.domain.mention import Batch, Mention
from bot.domain.outbox import Receipt
from bot.domain.ports.channel import ChannelKind, Surroundings
from listeners.x_answers import LIMIT, Answers
from listeners.x_charges import Charges
from listeners.x_identity import Identity
from listeners.x_length import weight
from listeners.x_listings import PAGE, Listings
from listeners.x_place import Listing, Place
from listeners.x_posts import Page, Person, Post, Views
from listeners.x_recheck import Recheck
from listeners.x_round import Round
from listeners.x_search import LONGEST_QUERY, search_from, search_query
from listeners.x_stream import FilteredStream, stream_rules
from listeners.x_wire import UserKeys, Wire


class Settings(BaseModel):
    """`[channels.<name>]` with kind = "x"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    account: Annotated[str, Field(pattern=r"^@?[A-Za-z0-9_]{1,15}$")] | None = None
    bearer_token: SecretStr | None = None
    consumer_key: SecretStr | None = None
    consumer_secret: SecretStr | None = None
    access_token: SecretStr | None = None
    access_token_secret: SecretStr | None = None
    keywords: tuple[Annotated[str, Field(min_length=2, max_length=100)], ...] = ()
    search_back_hours: Annotated[float, Field(gt=0, le=167)] = 24
    ignore: tuple[str, ...] = ()
    ai_approval: Annotated[str, Field(min_length=3, max_length=200)] | None = None
    stream: bool = False
    recheck_hours: Annotated[float, Field(gt=0)] = 20
    base_url: HttpUrl = HttpUrl("https://api.x.com")
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 20
    silence_seconds: Annotated[float, Field(gt=0)] = 45

    @model_validator(mode="after")
    def _keys_that_fit_together(self) -> Self:
        user = (self.consumer_key, self.consumer_secret, self.access_token, self.access_token_secret)
        if any(user) and not all(user):
            message = "consumer_key, consumer_secret, access_token and access_token_secret go together; give all four"
            raise ValueError(message)
        if not any(user) and self.bearer_token is None:
            message = "no key is given: set bearer_token to listen, and the four OAuth 1.0a keys to answer"
            raise ValueError(message)
        if self.stream and self.bearer_token is None:
            message = "stream = true needs bearer_token: X opens the filtered stream for the app only"
            raise ValueError(message)
        if len(search_query(self.keywords, "x" * 15)) > LONGEST_QUERY:
            message = f"keywords are too long together: X takes a query of {LONGEST_QUERY} characters"
            raise ValueError(message)
        return self

    def ears(self) -> frozenset[tuple[str, ...]]:
        """The account by its name and by its token; without either it is the brand's, heard with the app's."""
        base, named = str(self.base_url), (self.account or "").lower().lstrip("@")
        token = self.access_token or (None if named else self.bearer_token)
        names = {(base, "account", named)} if named else set()
        return frozenset(names | ({(base, "token", token.get_secret_value())} if token else set()))

    @property
    def user_keys(self) -> UserKeys | None:
        if not (self.consumer_key and self.consumer_secret and self.access_token and self.access_token_secret):
            return None
        return UserKeys(
            consumer_key=self.consumer_key.get_secret_value(),
            consumer_secret=self.consumer_secret.get_secret_value(),
            access_token=self.access_token.get_secret_value(),
            access_token_secret=self.access_token_secret.get_secret_value(),
        )


class X:
    """A Listener and a Voice over one account."""

    limit = LIMIT
    length = staticmethod(weight)
    can_look_up = True

    def __init__(self, name: str, settings: Settings, surroundings: Surroundings, wire: Wire) -> None:
        self.channel = name
        self._settings, self._wire, self._kept = settings, wire, surroundings.kept
        self._ours = frozenset(handle.lower().lstrip("@") for handle in surroundings.voices)
        self._ignored = frozenset(handle.lower().lstrip("@") for handle in settings.ignore)
        # it is given no token: the wire signs
        client = AsyncClient(return_type=dict, wait_on_rate_limit=False)
        client.session = wire
        meter = surroundings.meter
        self._charges = Charges(meter)
        self._identity = Identity(
            client,
            named=(settings.account or next(iter(surroundings.accounts), "")).lstrip("@"),
            has_keys=settings.user_keys is not None,
            meter=meter,
        )
        self._listings = Listings(name, client, meter=meter, charges=self._charges)
        self._recheck = Recheck(
            name,
            client,
            kept=surroundings.kept,
            every=timedelta(hours=settings.recheck_hours),
            meter=meter,
            charges=self._charges,
        )
        self._answers = Answers(
            client, views=self._views, listings=self._listings, meter=meter, clock=surroundings.clock
        )

    async def me(self) -> Person:
        """The brand's account."""
        return await self._identity.known()

    async def _views(self) -> Views:
        """New eyes, which know nobody yet but us."""
        return Views(self.channel, await self.me(), self._ours)

    async def poll(self, cursor: str | None) -> Batch:
        """Own mentions and keyword hits since the cursor, and which of some kept posts are gone."""
        place, now = Place.read(cursor), datetime.now(UTC)
        views = await self._views()
        calls = await self._listings.mentions(place.mentions, views)
        hits, gone, going, fault = await self._beside(place, views, now)
        found = {**(hits.posts if hits else {}), **calls.posts}
        after = place.past(calls, hits, now, going)
        told = [
            self._told(post, views, calls, after)
            for post in sorted(found.values(), key=lambda post: post.number)
            if self._is_heard(post, views)
        ]
        changed = {post.first_id for post in found.values() if post.is_edited}
        return Batch(
            mentions=tuple(mention for mention in told if mention.external_id not in changed),
            edits=tuple(mention for mention in told if mention.external_id in changed),
            deletions=gone,
            cursor=after.written(),
            note=going.said() if going else "",
            fault=fault,
        )

    async def say(self, reply: Reply, to: Mention, key: str) -> Receipt:
        """Answer who mentioned or quoted us."""
        return await self._answers.give(reply, to, key)

    def recall(self, known: Mapping[str, Receipt]) -> None:
        """Other answers of ours that are known, by a former process too."""
        self._answers.recall(known)

    async def said(self, key: str, to: Mention) -> Receipt | None:
        """Look for our own post that answers it."""
        return await self._answers.find(key, to)

    async def account(self) -> Account:
        """The fact sheet of this log-in."""
        me = await self.me()
        level = self._wire.access_level or ("not told by X" if self._settings.user_keys else "read (app only)")
        answers = "answers" if self._settings.user_keys else "cannot answer: that needs the four OAuth 1.0a keys"
        searches = bool(self._settings.keywords) or self._settings.stream
        kept = await self._kept.number_kept(self.channel)
        within = f"{self._settings.recheck_hours:g}"
        return Account(
            identity=f"@{me.username} ({me.id})",
            rights=(f"access level: {level}", "reads its mentions", answers),
            limits=("mentions: the newest 800", "search: the last 7 days", f"{self.limit} characters"),
            notes=(
                "X charges a post once a day (UTC), however often it is read",
                f"kept posts: {kept}; each is looked up again within {within} h, to learn which are deleted",
            ),
            per_look={"owned_post": PAGE, **({"post": PAGE} if searches else {})},
            per_day={"post": kept},
        )

    async def _beside(
        self, place: Place, views: Views, now: datetime
    ) -> tuple[Listing | None, tuple[str, ...], Round | None, ChannelError | None]:
        """What is read beside the mentions; a fault in it does not keep them from being heard, and is told last."""
        hits = None
        try:
            hits = await self._search(place, views, now)
            gone, going = await self._recheck.gone(place.round, now)
        except ChannelError as fault:
            return hits, (), place.round, fault
        return hits, gone, going, None

    async def _search(self, place: Place, views: Views, now: datetime) -> Listing | None:
        """Keyword hits, while there is money for them."""
        if not self._settings.keywords or await self._listings.is_spent():
            return None
        query = search_query(self._settings.keywords, views.me.username)
        begin = search_from(place.search, now, timedelta(hours=self._settings.search_back_hours))
        return await self._listings.hits(query, begin, views)

    def _told(self, post: Post, views: Views, calls: Listing, place: Place) -> Mention:
        """A call is history by the first look at the mentions, a hit by the first search."""
        is_call = post.id in calls.posts
        began = place.began if is_call else place.search_began
        return views.mention(post, summoned=is_call or views.addresses_us(post), began=int(began or 0))

    def _is_heard(self, post: Post, views: Views) -> bool:
        """Repetitions say nothing, we know what we said, and some accounts are machines."""
        return not (post.is_retweet or views.is_ours(post) or views.username(post).lower() in self._ignored)


class StreamedX(X):
    """The same over the filtered stream too. It cannot go back to where it was, so polling fills its gaps."""

    def __init__(self, name: str, settings: Settings, surroundings: Surroundings, wire: Wire) -> None:
        super().__init__(name, settings, surroundings, wire)
        self.longest_silence = settings.silence_seconds
        self._stream = FilteredStream(wire, silence=settings.silence_seconds)

    async def listen(self, cursor: str | None, deliver: Callable[[Batch], Awaitable[None]]) -> None:
        """Deliver what the rules match, and an empty batch at each heartbeat, until the connection is lost."""
        del cursor
        me = await self.me()
        async with aclosing(self._stream.pages(stream_rules(self._settings.keywords, me.username))) as pages:
            async for page in pages:
                await deliver(await self._heard(page) if page else _HEARTBEAT)

    async def _heard(self, page: Page) -> Batch:
        views = await self._views()
        await self._charges.read("post", page.posts)
        views.learn(page.includes)
        heard = [post for post in page.posts if self._is_heard(post, views)]
        told = [views.mention(post, summoned=views.addresses_us(post), began=0) for post in heard]
        edited = any(post.is_edited for post in heard)
        return Batch(mentions=() if edited else tuple(told), edits=tuple(told) if edited else (), cursor=None)


_HEARTBEAT = Batch(mentions=(), cursor=None)


@asynccontextmanager
async def open_x(name: str, settings: Settings, surroundings: Surroundings) -> AsyncIterator[X]:
    """Nothing is asked yet: who we are is looked up by the first poll, so that X may be away when we start."""
    # at DEBUG they write tokens
    for chatty in ("tweepy", "oauthlib"):
        logging.getLogger(chatty).setLevel(logging.INFO)
    bearer = settings.bearer_token.get_secret_value() if settings.bearer_token else None
    wire = Wire(
        str(settings.base_url), bearer=bearer, user=settings.user_keys, timeout_seconds=settings.timeout_seconds
    )
    try:
        yield (StreamedX if settings.stream else X)(name, settings, surroundings, wire)
    finally:
        await wire.close()


async def check_x(name: str, settings: Settings, surroundings: Surroundings) -> Account:
    """Log in, look, leave."""
    async with open_x(name, settings, surroundings) as channel:
        return await channel.account()


CHANNEL = ChannelKind(
    settings=Settings,
    open=open_x,
    check=check_x,
    abilities=frozenset(Ability),
    only_summoned=True,
    auto_needs="ai_approval",
    ears=Settings.ears,
)
