"""Mastodon as a channel: who mentioned or quoted us, what is said under our hashtags, and answers as private as asked.

A mention is found through its notification, however late it reaches the server; a hashtag through its timeline. The
answer takes the visibility of the post it answers and names its author, as otherwise nobody would be told of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from json import loads
from typing import Annotated
from urllib.parse import quote

import structlog
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr

from bot.domain.account import Ability, Account
from bot.domain.action import Reply
from bot.domain.errors import ChannelRefused, ChannelUnavailable
from bot.domain.mention import Batch, Mention
from bot.domain.outbox import Receipt
from bot.domain.ports.channel import ChannelKind, Surroundings
from bot.domain.reading import Language
from listeners.answers import readable
from listeners.mastodon_listings import Hit, look_through, mentions, tagged
from listeners.mastodon_place import Place, Spot
from listeners.mastodon_posts import (
    Application,
    Context,
    Instance,
    Note,
    Person,
    Post,
    Views,
    address_of,
    as_named_on,
    rank,
    read,
)
from listeners.mastodon_wire import Event, Wire
from listeners.outgoing import fit_to_say
from listeners.receipts import Receipts

log = structlog.get_logger(__name__)

_STATUSES = "/api/v1/statuses"
_WATCHED = 200
_LOOKED_UP_AT_ONCE = 20
_CONFIRMED_AT_ONCE = 20
_THREADS_AT_ONCE = 40
_REMEMBERED = 1_000
_LINK = re.compile(r"https?://\S+")
_HANDLE = re.compile(r"(?<![\w/])(@\w+)@[\w.-]+\w")


class Settings(BaseModel):
    """`[channels.<name>]` with kind = "mastodon"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: HttpUrl
    access_token: SecretStr
    hashtags: Annotated[tuple[Annotated[str, Field(pattern=r"^#?\w+$")], ...], Field(max_length=10)] = ()
    limit: Annotated[int, Field(ge=20)] = 500
    stream: bool = True
    streaming_url: HttpUrl | None = None
    recheck_hours: Annotated[float, Field(gt=0)] = 1
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 20
    silence_seconds: Annotated[float, Field(gt=0)] = 45

    def ears(self) -> frozenset[tuple[str, ...]]:
        """The account by its token."""
        return frozenset({(str(self.base_url), self.access_token.get_secret_value())})

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(tag.lstrip("#").lower() for tag in self.hashtags))


def counted(text: str) -> int:
    """As Mastodon counts: a link is 23 characters long, and of a handle its server does not count."""
    return len(_HANDLE.sub(r"\1", _LINK.sub("x" * 23, text)))


class Mastodon:
    """A Listener and a Voice over one account."""

    length = staticmethod(counted)
    can_look_up = True

    def __init__(self, name: str, settings: Settings, surroundings: Surroundings, wire: Wire) -> None:
        self.channel, self.limit = name, settings.limit
        self._settings, self._wire = settings, wire
        self._sources = [mentions(), *(tagged(tag) for tag in settings.tags)]
        self._ours = as_named_on(settings.base_url.host or "", surroundings.voices)
        self._me: Person | None = None
        self._threads: dict[str, str] = {}
        self._receipts = Receipts()

    async def me(self) -> Person:
        """The brand's account, asked for once."""
        if self._me is None:
            self._me = read(Person, await self._wire.get("/api/v1/accounts/verify_credentials"))
        return self._me

    async def poll(self, cursor: str | None) -> Batch:
        """Mentions and hashtag hits since the cursor, and what became of the posts we watch."""
        me, now = await self.me(), datetime.now(UTC)
        place, views = Place.read(cursor, self._whose(me)), Views(self.channel, me, self._ours)
        hits: dict[str, Hit] = {}
        spots: dict[str, Spot] = {}
        for source in self._sources:
            spot = place.spots.get(source.name)
            listing = await look_through(self._wire, source, spot)
            spots[source.name] = listing.read_up_to(spot, now)
            hits |= {one: hit for one, hit in listing.hits(spots[source.name]).items() if one not in hits}
        told = await self._told({one: hit for one, hit in hits.items() if views.is_heard(hit.post)}, views)
        changed, gone, checked = await self._rechecked(place, views, now)
        edited = {**{one: told[one] for one in told if hits[one].post.edited_at}, **changed}
        watched = [one for one in dict.fromkeys([*place.watched, *told]) if one not in gone]
        return Batch(
            mentions=tuple(mention for one, mention in told.items() if one not in edited),
            edits=tuple(edited.values()),
            deletions=gone,
            cursor=replace(place, spots=spots, watched=tuple(watched[-_WATCHED:]), checked=checked).written(),
        )

    async def say(self, reply: Reply, to: Mention, key: str) -> Receipt:
        """Answer as visibly as the post was written, and name its author."""
        if (receipt := self._receipts.of(key)) is not None:
            return receipt
        found = await self._wire.find(f"{_STATUSES}/{quote(to.external_id, safe='')}")
        if found is None:
            message = "the post is gone from Mastodon, or hidden from us"
            raise ChannelRefused(message)
        target = read(Post, found)
        body = {
            "status": self._addressed(reply.text, target),
            "in_reply_to_id": target.id,
            "visibility": target.answered_as,
        }
        if reply.language is not Language.OTHER:
            body["language"] = reply.language.value
        made = await self._wire.post(_STATUSES, body, key=hashlib.sha256(key.encode()).hexdigest())
        return self._remember(key, read(Post, made))

    def recall(self, known: Mapping[str, Receipt]) -> None:
        """Other answers of ours that are known, by a former process too."""
        self._receipts.recall(known)

    async def said(self, key: str, to: Mention) -> Receipt | None:
        """Our own answers under that post, but those known to be other answers: a key is known for an hour only."""
        if (receipt := self._receipts.of(key)) is not None:
            return receipt
        me = await self.me()
        found = await self._wire.find(f"{_STATUSES}/{quote(to.external_id, safe='')}/context")
        below = readable(Post, read(Context, found or {}).descendants)
        for post in sorted(below, key=lambda post: rank(post.id)):
            ours = post.account is not None and post.account.id == me.id
            if ours and post.in_reply_to_id == to.external_id and not self._receipts.is_taken(post.id):
                return self._remember(key, post)
        return None

    async def account(self) -> Account:
        """The fact sheet of this log-in."""
        me = await self.me()
        instance = await self._instance()
        takes = instance.configuration.statuses.max_characters
        wider = () if takes in (0, self.limit) else (f"the server takes {takes} characters: set limit to use them",)
        marked = "marked as automated" if me.bot else "not marked as automated; Mastodon asks for it in the profile"
        return Account(
            identity=f"@{me.acct}@{instance.domain}" if instance.domain else f"@{me.acct} ({me.id})",
            rights=(await self._scopes(), "reads its notifications", "answers"),
            limits=("300 calls in 5 minutes", f"{self.limit} characters"),
            notes=(f"Mastodon {instance.version or 'of an unknown version'}", f"the account is {marked}", *wider),
        )

    def _whose(self, me: Person) -> str:
        """Numbers of accounts are their server's own."""
        return f"{me.id}@{self._settings.base_url.host}"

    # --- listening ---

    async def _told(self, hits: Mapping[str, Hit], views: Views) -> dict[str, Mention]:
        """The posts as mentions, oldest first."""
        ordered = sorted(hits.values(), key=lambda hit: rank(hit.post.id))
        answers = [hit.post for hit in ordered if hit.post.in_reply_to_id and not hit.old]
        for post in [post for post in answers if post.id not in self._threads][:_THREADS_AT_ONCE]:
            await self._look_up_thread(post)
        threads = {post.id: self._threads.get(post.id, post.in_reply_to_id) for post in (hit.post for hit in ordered)}
        return {
            one: views.mention(hit.post, thread=threads[one], backfilled=hit.old, calls_us=hit.calls_us)
            for hit in ordered
            for one in [hit.post.id]
        }

    async def _look_up_thread(self, post: Post) -> None:
        """The first post of the conversation, which Mastodon tells only when it is asked."""
        found = await self._wire.find(f"{_STATUSES}/{post.id}/context")
        above = readable(Post, read(Context, found or {}).ancestors)
        self._threads[post.id] = above[0].id if above else post.in_reply_to_id or post.id
        if len(self._threads) > _REMEMBERED:
            self._threads.pop(next(iter(self._threads)))

    async def _rechecked(
        self, place: Place, views: Views, now: datetime
    ) -> tuple[dict[str, Mention], tuple[str, ...], datetime]:
        """Which watched posts were edited and which are gone, looked up once in some hours: a stream tells of some."""
        if place.checked is None or now - place.checked < timedelta(hours=self._settings.recheck_hours):
            return {}, (), place.checked or now
        there: dict[str, Post] = {}
        for start in range(0, len(place.watched), _LOOKED_UP_AT_ONCE):
            ids = place.watched[start : start + _LOOKED_UP_AT_ONCE]
            found = await self._wire.find(_STATUSES, [("id[]", one) for one in ids])
            if found is None:
                log.info("this server does not tell of edits: Mastodon does from 4.3 on", channel=self.channel)
                return {}, (), now
            there |= {post.id: post for post in readable(Post, found)}
        edited = {one: Hit(post=post) for one, post in there.items() if post.edited_at and views.is_heard(post)}
        missing = [one for one in place.watched if one not in there][:_CONFIRMED_AT_ONCE]
        # what is told to be gone is forgotten, so each is asked for once more by itself
        gone = [one for one in missing if await self._wire.find(f"{_STATUSES}/{one}") is None]
        return await self._told(edited, views), tuple(gone), now

    # --- answering ---

    def _addressed(self, text: str, target: Post) -> str:
        """Whoever is not named is not told, and sees nothing of what is private."""
        handle = f"@{target.account.acct}" if target.account and target.account.acct else ""
        named = handle and re.search(rf"{re.escape(handle)}(?![\w@-]|\.\w)", text, re.IGNORECASE)
        fit = fit_to_say(text, self.limit, measure=counted)
        return fit if named or not handle else fit_to_say(f"{handle} {fit}", self.limit, measure=counted)

    def _remember(self, key: str, post: Post) -> Receipt:
        return self._receipts.keep(key, Receipt(external_id=post.id, at=post.at, url=address_of(post)))

    # --- the server ---

    async def _instance(self) -> Instance:
        """What the server tells of itself; little, if it is old or not quite Mastodon."""
        return read(Instance, await self._wire.find("/api/v2/instance") or {})

    async def _scopes(self) -> str:
        try:
            app = read(Application, await self._wire.find("/api/v1/apps/verify_credentials") or {})
        except ChannelRefused:
            app = Application()
        return f"scopes: {' '.join(app.scopes) or 'not told by the server'}"


class StreamedMastodon(Mastodon):
    """The same over the stream of the account too. It cannot go back to where it was, so polling fills its gaps."""

    def __init__(self, name: str, settings: Settings, surroundings: Surroundings, wire: Wire) -> None:
        super().__init__(name, settings, surroundings, wire)
        self.longest_silence = settings.silence_seconds

    async def listen(self, cursor: str | None, deliver: Callable[[Batch], Awaitable[None]]) -> None:
        """Deliver mentions, edits and deletions, and an empty batch at each heartbeat, until the connection is lost."""
        del cursor
        views = Views(self.channel, await self.me(), self._ours)
        base = await self._streaming_base()
        async with aclosing(self._wire.events(base, "/api/v1/streaming/user", silence=self.longest_silence)) as events:
            async for event in events:
                await deliver(await self._heard(event, views))
        message = "Mastodon closed the stream"
        raise ChannelUnavailable(message)

    async def _streaming_base(self) -> str:
        """Streams may be on a host of their own, which the server names."""
        if self._settings.streaming_url is not None:
            return str(self._settings.streaming_url)
        named = (await self._instance()).configuration.urls.streaming
        return named.replace("ws", "http", 1) if named.startswith(("ws://", "wss://")) else str(self._settings.base_url)

    async def _heard(self, event: Event, views: Views) -> Batch:
        match event.name:
            case "notification":
                notes = [note for note in readable(Note, [_json(event.data)]) if note.is_about_us]
                return await self._batch(
                    [Hit(post=note.status, calls_us=note.calls_us) for note in notes if note.status], views
                )
            case "status.update":
                posts = readable(Post, [_json(event.data)])
                return await self._batch([Hit(post=post) for post in posts if views.addresses_us(post)], views)
            case "delete" if event.data.strip():
                return Batch(mentions=(), deletions=(event.data.strip(),), cursor=None)
            case _:
                return _HEARTBEAT

    async def _batch(self, hits: list[Hit], views: Views) -> Batch:
        heard = {hit.post.id: hit for hit in hits if views.is_heard(hit.post)}
        told = await self._told(heard, views)
        return Batch(
            mentions=tuple(told[one] for one, hit in heard.items() if not hit.post.edited_at),
            edits=tuple(told[one] for one, hit in heard.items() if hit.post.edited_at),
            cursor=None,
        )


_HEARTBEAT = Batch(mentions=(), cursor=None)


def _json(data: str) -> object:
    try:
        return loads(data)
    except (ValueError, RecursionError):
        return None


@asynccontextmanager
async def open_mastodon(name: str, settings: Settings, surroundings: Surroundings) -> AsyncIterator[Mastodon]:
    """Nothing is asked yet: who we are is looked up by the first poll, so that the server may be away when we start."""
    wire = Wire(
        str(settings.base_url),
        token=settings.access_token.get_secret_value(),
        timeout_seconds=settings.timeout_seconds,
    )
    try:
        yield (StreamedMastodon if settings.stream else Mastodon)(name, settings, surroundings, wire)
    finally:
        await wire.close()


async def check_mastodon(name: str, settings: Settings, surroundings: Surroundings) -> Account:
    """Log in, look, leave."""
    async with open_mastodon(name, settings, surroundings) as channel:
        return await channel.account()


CHANNEL = ChannelKind(
    settings=Settings,
    open=open_mastodon,
    check=check_mastodon,
    abilities=frozenset(Ability),
    ears=Settings.ears,
)
