"""X as a channel: own mentions first, keywords read-only beside them, answers to who called us.

What X allows decides the shape: an answer goes only to an author who mentioned or quoted the account; a keyword hit is
read and never answered. Every post costs money, so the cheap own mentions come first and the search leaves them out.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any, Self

import structlog
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, model_validator
from tweepy.asynchronous import AsyncClient, AsyncStreamingClient
from tweepy.streaming import StreamRule

from bot.domain.account import Ability, Account
from bot.domain.action import Reply
from bot.domain.cost import Level, WhenSpent
from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable
from bot.domain.mention import Batch, Mention
from bot.domain.outbox import Receipt
from bot.domain.ports.channel import ChannelKind, Surroundings
from bot.domain.text import holds_a_link
from listeners.outgoing import fit_to_say
from listeners.spoken import Spoken
from listeners.x_charges import Charges
from listeners.x_length import weight
from listeners.x_place import OVERLAP, Listing, Place
from listeners.x_posts import FIELDS, Found, Made, Page, Person, Post, Rules, Views, moment_of, read
from listeners.x_recheck import Recheck
from listeners.x_round import Round
from listeners.x_wire import Repeated, UserKeys, Wire, asked

log = structlog.get_logger(__name__)

PAGE = 100
LIMIT = 280
_SEARCHABLE = timedelta(days=6, hours=23)
# pages that bring nothing new: X may send one, a broken listing sends them for ever
_BARREN = 3
_QUERY = 512
_RULE_TAG = "vivencia"


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
        if len(search_query(self.keywords, "x" * 15)) > _QUERY:
            message = f"keywords are too long together: X takes a query of {_QUERY} characters"
            raise ValueError(message)
        return self

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


def search_query(keywords: tuple[str, ...], account: str) -> str:
    """Any of the keywords, without repetitions, without us, and without what the mentions timeline brings cheaper."""
    words = " OR ".join(f'"{word.replace(chr(34), " ").strip()}"' for word in keywords)
    return f"({words}) -is:retweet -from:{account} -@{account}"


async def never() -> bool:
    """Money is no matter."""
    return False


class X:
    """A Listener and a Voice over one account."""

    limit = LIMIT
    length = staticmethod(weight)
    can_look_up = True

    def __init__(self, name: str, settings: Settings, surroundings: Surroundings, wire: Wire) -> None:
        self.channel = name
        self._settings, self._meter, self._wire = settings, surroundings.meter, wire
        self._kept = surroundings.kept
        self._account = (settings.account or next(iter(surroundings.accounts), "")).lstrip("@")
        self._ours = frozenset(handle.lower().lstrip("@") for handle in surroundings.accounts)
        self._ignored = frozenset(handle.lower().lstrip("@") for handle in settings.ignore)
        # it is given no token: the wire signs
        self._client = AsyncClient(return_type=dict, wait_on_rate_limit=False)
        self._client.session = wire
        self._me: Person | None = None
        self._asking = asyncio.Lock()
        self._charges = Charges(surroundings.meter)
        self._recheck = Recheck(
            name,
            self._client,
            kept=surroundings.kept,
            every=timedelta(hours=settings.recheck_hours),
            meter=surroundings.meter,
            charges=self._charges,
        )
        self._spoken = Spoken("X", lag=OVERLAP, clock=surroundings.clock)

    async def me(self) -> Person:
        """The brand's account, asked for once, whoever wants it first: each asking is charged."""
        async with self._asking:
            if self._me is None:
                self._me = await self._who()
            return self._me

    async def _who(self) -> Person:
        if self._settings.user_keys is None and not self._account:
            message = "X does not know whose mentions to read: set account, or name it in brand.accounts"
            raise ChannelRefused(message)
        by_name = partial(self._client.get_user, username=self._account)
        ask = by_name if self._settings.user_keys is None else partial(self._client.get_me, user_auth=False)
        found = read(Found, await asked(ask()))
        await self._meter.spend("user")
        if found.data is None:
            why = found.errors[0].detail if found.errors else "it says no more"
            message = f"X knows no account {self._account or 'behind these keys'}: {why}"
            raise ChannelRefused(message)
        return found.data

    async def poll(self, cursor: str | None) -> Batch:
        """Own mentions and keyword hits since the cursor, and which of some kept posts are gone."""
        place, now = Place.read(cursor), datetime.now(UTC)
        views = Views(self.channel, await self.me(), self._ours)
        calls = await self._mentions(place, views)
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
        """Answer who mentioned or quoted us; nobody else, whatever was decided."""
        if (receipt := self._spoken.receipt(key)) is not None:
            return receipt
        if not to.summoned:
            message = "X allows an answer only to an author who mentioned or quoted the account, and this one did not"
            raise ChannelRefused(message)
        text = fit_to_say(reply.text, self.limit, measure=weight)
        with self._spoken.sending(key):
            made = await self._made(text, to, key)
        url = _address(made.data.id)
        receipt = self._spoken.heard(key, Receipt(external_id=made.data.id, at=datetime.now(UTC), url=url))
        await self._meter.spend("create_with_url" if holds_a_link(text) else "reply")
        return receipt

    async def said(self, key: str, to: Mention) -> Receipt | None:
        """Our own posts since then that answer it, but those known to be other answers. X has no key to ask by."""
        if (receipt := self._spoken.receipt(key)) is not None:
            return receipt
        me = await self.me()
        call = partial(self._client.get_users_tweets, me.id, exclude="retweets", since_id=to.external_id)
        views = Views(self.channel, me)
        own = await self._pages(call, "pagination_token", views, "owned_post")
        for post in sorted(own.posts.values(), key=lambda post: post.number):
            if views.answered(post) == to.external_id and not self._spoken.is_taken(post.id):
                receipt = self._spoken.heard(key, Receipt(external_id=post.id, at=post.at, url=_address(post.id)))
                # its answer was lost, and so it was not counted
                await self._meter.spend("create_with_url" if holds_a_link(post.text) else "reply")
                return receipt
        if not own.whole:
            message = "X cannot say whether this was heard: it does not show all of our posts"
            raise ChannelUnavailable(message)
        self._spoken.found_nothing(key)
        return None

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

    async def _mentions(self, place: Place, views: Views) -> Listing:
        call = partial(self._client.get_users_mentions, views.me.id, since_id=place.mentions)
        return await self._pages(call, "pagination_token", views, "owned_post", broke=self._must_stop)

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
        if not self._settings.keywords or await self._is_spent():
            return None
        query = search_query(self._settings.keywords, views.me.username)
        call = partial(self._client.search_recent_tweets, query, **self._since(place, now))
        return await self._pages(call, "next_token", views, "post", broke=self._is_spent)

    def _since(self, place: Place, now: datetime) -> dict[str, Any]:
        """X refuses to search behind its seven days."""
        at = moment_of(place.search) if place.search else None
        if place.search is None:
            return {"start_time": now - timedelta(hours=self._settings.search_back_hours)}
        if at is not None and at < now - _SEARCHABLE:
            return {"start_time": now - _SEARCHABLE}
        return {"since_id": place.search}

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
                log.warning("the pages of X do not end; asking again from the same place", channel=self.channel)
                return replace(listing, whole=False)
            if await broke():
                log.warning("the day's budget is spent; the older pages of X wait", channel=self.channel)
                return replace(listing, whole=False)
            tokens.add(token)

    def _told(self, post: Post, views: Views, calls: Listing, place: Place) -> Mention:
        """A call is history by the first look at the mentions, a hit by the first search."""
        is_call = post.id in calls.posts
        began = place.began if is_call else place.search_began
        return views.mention(post, summoned=is_call or views.addresses_us(post), began=int(began or 0))

    def _is_heard(self, post: Post, views: Views) -> bool:
        """Repetitions say nothing, we know what we said, and some accounts are machines."""
        return not (post.is_retweet or views.is_ours(post) or views.username(post).lower() in self._ignored)

    async def _is_spent(self) -> bool:
        return (await self._meter.purse()).level is Level.SPENT

    async def _must_stop(self) -> bool:
        """Whether even the mentions must wait for tomorrow."""
        purse = await self._meter.purse()
        return purse.level is Level.SPENT and purse.when_spent is WhenSpent.STOP


class StreamedX(X):
    """The same over the filtered stream too. It cannot go back to where it was, so polling fills its gaps."""

    def __init__(self, name: str, settings: Settings, surroundings: Surroundings, wire: Wire) -> None:
        super().__init__(name, settings, surroundings, wire)
        self.longest_silence = settings.silence_seconds
        self._rules = AsyncStreamingClient(None, return_type=dict, max_retries=0)
        self._rules.session = wire

    async def listen(self, cursor: str | None, deliver: Callable[[Batch], Awaitable[None]]) -> None:
        """Deliver what the rules match, and an empty batch at each heartbeat, until the connection is lost."""
        del cursor
        me = await self.me()
        await self._set_rules(me)
        parameters = {name.replace("_fields", ".fields"): ",".join(names) for name, names in FIELDS.items()}
        lines = self._wire.lines("/2/tweets/search/stream", parameters, silence=self.longest_silence)
        async with aclosing(lines):
            async for line in lines:
                await deliver(await self._heard(line, Views(self.channel, me, self._ours)) if line else _HEARTBEAT)
        message = "X closed the stream"
        raise ChannelUnavailable(message)

    async def _heard(self, line: bytes, views: Views) -> Batch:
        page = read(Page, await asked(_one_post(line)))
        if not page.posts:
            message = f"X ends the stream: {', '.join(problem.title for problem in page.errors) or 'no reason given'}"
            raise ChannelUnavailable(message)
        await self._charges.read("post", page.posts)
        views.learn(page.includes)
        heard = [post for post in page.posts if self._is_heard(post, views)]
        told = [views.mention(post, summoned=views.addresses_us(post), began=0) for post in heard]
        edited = any(post.is_edited for post in heard)
        return Batch(mentions=() if edited else tuple(told), edits=tuple(told) if edited else (), cursor=None)

    async def _set_rules(self, me: Person) -> None:
        """Ours are as they should be; those that others set on the same app stay."""
        wanted = {f"@{me.username} -is:retweet"}
        if self._settings.keywords:
            wanted.add(search_query(self._settings.keywords, me.username))
        answer = read(Rules, await asked(self._rules.get_rules()))
        ours = {rule.value: rule.id for rule in answer.data if rule.tag == _RULE_TAG}
        if old := [rule for value, rule in ours.items() if value not in wanted]:
            await asked(self._rules.delete_rules(old))
        if new := [StreamRule(value, _RULE_TAG) for value in sorted(wanted - set(ours))]:
            await asked(self._rules.add_rules(new))


_HEARTBEAT = Batch(mentions=(), cursor=None)


async def _one_post(line: bytes) -> dict[str, Any]:
    """A line of the stream in the shape of a page."""
    row = json.loads(line)
    return {**row, "data": [row["data"]] if "data" in row else []}


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
)


def _address(post_id: str) -> str:
    """Where people can look at a post, whoever wrote it."""
    return f"https://x.com/i/status/{post_id}"
