"""Bluesky as a channel: who named, answered or quoted us, what is said with our words, and answers to who called us.

Bluesky asks that bots speak only to who addressed them, so nobody else is answered. An answer is a record under a key
that comes from the outbox's key: however often it is written, it is there once, and it is looked up by that key.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr

from bot.domain.account import Ability, Account
from bot.domain.action import Reply
from bot.domain.errors import ChannelError, ChannelRefused
from bot.domain.mention import Batch, Mention
from bot.domain.outbox import Receipt
from bot.domain.ports.channel import ChannelKind, Surroundings
from bot.domain.reading import Language
from listeners.answers import readable
from listeners.bluesky_key import record_key
from listeners.bluesky_listings import Hit, look_through, mentions, rows_of, searched
from listeners.bluesky_place import Place, Spot
from listeners.bluesky_posts import Person, Post, Reference, Views, Written, in_utc, read
from listeners.outgoing import fit_to_say

if TYPE_CHECKING:
    # it brings atproto, which takes its time
    from listeners.bluesky_wire import Wire

LIMIT = 300
_WATCHED = 200
_LOOKED_UP_AT_ONCE = 25
_CONFIRMED_AT_ONCE = 20


class Settings(BaseModel):
    """`[channels.<name>]` with kind = "bluesky"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    handle: Annotated[str, Field(pattern=r"^@?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")]
    app_password: SecretStr
    keywords: Annotated[tuple[Annotated[str, Field(min_length=2, max_length=100)], ...], Field(max_length=20)] = ()
    ignore: tuple[str, ...] = ()
    recheck_hours: Annotated[float, Field(gt=0)] = 1
    base_url: HttpUrl = HttpUrl("https://bsky.social")
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 20

    def ears(self) -> frozenset[tuple[str, ...]]:
        """The account, whatever password of its apps is used."""
        return frozenset({(str(self.base_url), self.handle.lower().lstrip("@"))})

    @property
    def searches(self) -> tuple[str, ...]:
        """The keywords as phrases, which hold no quotation marks."""
        return tuple(dict.fromkeys(word.replace('"', " ").strip() for word in self.keywords))


class Bluesky:
    """A Listener and a Voice over one account."""

    limit = LIMIT
    can_look_up = True

    def __init__(self, name: str, settings: Settings, surroundings: Surroundings, wire: Wire) -> None:
        self.channel = name
        self._settings, self._wire = settings, wire
        self._sources = [mentions(), *(searched(words) for words in settings.searches)]
        self._ours = frozenset(handle.lower().lstrip("@") for handle in surroundings.voices)
        self._ignored = frozenset(handle.lower().lstrip("@") for handle in settings.ignore)

    async def poll(self, cursor: str | None) -> Batch:
        """Mentions and keyword hits since the cursor, and which of the posts we watch are gone."""
        place, now = Place.read(cursor), datetime.now(UTC)
        views = Views(self.channel, await self._wire.did(), ours=self._ours, ignored=self._ignored)
        hits: dict[str, Hit] = {}
        spots: dict[str, Spot] = {}
        fault: ChannelError | None = None
        for source in self._sources:
            spot = place.spots.get(source.name)
            try:
                listing = await look_through(self._wire, source, spot)
            except ChannelError as error:
                if not spots:
                    raise
                # what was heard is kept; the rest is asked for again from where it stands
                fault, spots = error, {**place.spots, **spots}
                break
            spots[source.name] = listing.read_up_to(spot, now)
            hits |= {uri: hit for uri, hit in listing.hits(spots[source.name]).items() if uri not in hits}
        heard = [hit for hit in hits.values() if views.is_heard(hit.post)]
        heard.sort(key=lambda hit: (hit.post.at, hit.post.uri))
        gone, checked = ((), place.checked) if fault else await self._gone(place, now)
        watched = [uri for uri in dict.fromkeys([*place.watched, *(hit.post.uri for hit in heard)]) if uri not in gone]
        return Batch(
            mentions=tuple(views.mention(hit.post, backfilled=hit.old) for hit in heard),
            deletions=gone,
            cursor=Place(spots=spots, watched=tuple(watched[-_WATCHED:]), checked=checked).written(),
            fault=fault,
        )

    async def say(self, reply: Reply, to: Mention, key: str) -> Receipt:
        """Answer who called us; a key under which something stands is not written again."""
        if not to.summoned:
            message = "Bluesky wants bots to answer only who addressed them, and this author did not"
            raise ChannelRefused(message)
        text = fit_to_say(reply.text, self.limit)
        if (receipt := await self.said(key, to)) is not None:
            return receipt
        target, now = await self._answerable(to), datetime.now(UTC)
        parent = Reference(uri=target.uri, cid=target.cid)
        record = {
            "text": text,
            "createdAt": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "reply": {"root": (target.root or parent).model_dump(), "parent": parent.model_dump()},
        }
        if reply.language is not Language.OTHER:
            record["langs"] = [reply.language.value]
        people = {target.author.handle.lower(): target.did} if target.author else {}
        written = read(Written, await self._wire.put(record_key(key, to.posted_at), record, people))
        return Receipt(external_id=written.uri, at=now, url=_address(written.uri))

    async def said(self, key: str, to: Mention) -> Receipt | None:
        """What stands under the key."""
        found = await self._wire.own(record_key(key, to.posted_at))
        if found is None:
            return None
        written = read(Written, found)
        at = written.value.created_at if written.value else None
        return Receipt(external_id=written.uri, at=in_utc(at) if at else datetime.now(UTC), url=_address(written.uri))

    async def account(self) -> Account:
        """The fact sheet of this log-in."""
        me = read(Person, await self._wire.profile())
        marked = "marked as automated" if me.is_automated else "not marked as automated; Bluesky asks for it"
        return Account(
            identity=f"@{me.handle} ({me.did})",
            rights=("reads its notifications", "searches posts", "answers who addressed it"),
            limits=("3,000 calls in 5 minutes", "300 log-ins a day", f"{self.limit} characters"),
            notes=(f"the account is {marked}",),
        )

    async def _answerable(self, to: Mention) -> Post:
        """The post as it stands now."""
        found = await self._seen([to.external_id])
        if not found:
            message = "the post is gone from Bluesky, or hidden from us"
            raise ChannelRefused(message)
        if found[0].viewer and found[0].viewer.reply_disabled:
            message = "the author lets nobody like us answer this post"
            raise ChannelRefused(message)
        return found[0]

    async def _gone(self, place: Place, now: datetime) -> tuple[tuple[str, ...], datetime]:
        """Which watched posts are deleted or hidden, looked up once in some hours, since Bluesky tells of none."""
        if place.checked is None or now - place.checked < timedelta(hours=self._settings.recheck_hours):
            return (), place.checked or now
        there: set[str] = set()
        for start in range(0, len(place.watched), _LOOKED_UP_AT_ONCE):
            uris = place.watched[start : start + _LOOKED_UP_AT_ONCE]
            there |= {post.uri for post in await self._seen(uris)}
        missing = [uri for uri in place.watched if uri not in there][:_CONFIRMED_AT_ONCE]
        # what is told to be gone is forgotten, so each is asked for once more by itself
        return tuple([uri for uri in missing if not await self._seen([uri])]), now

    async def _seen(self, uris: Sequence[str]) -> list[Post]:
        return readable(Post, rows_of(await self._wire.posts(uris), "posts"))


@asynccontextmanager
async def open_bluesky(name: str, settings: Settings, surroundings: Surroundings) -> AsyncIterator[Bluesky]:
    """Nothing is asked yet: the first poll logs in, so that Bluesky may be away when we start."""
    # a line for each call
    logging.getLogger("httpx").setLevel(logging.WARNING)
    wire_room = await asyncio.to_thread(import_module, "listeners.bluesky_wire")
    wire: Wire = wire_room.Wire(
        str(settings.base_url),
        handle=settings.handle.lstrip("@"),
        password=settings.app_password.get_secret_value(),
        timeout_seconds=settings.timeout_seconds,
    )
    try:
        yield Bluesky(name, settings, surroundings, wire)
    finally:
        await wire.close()


async def check_bluesky(name: str, settings: Settings, surroundings: Surroundings) -> Account:
    """Log in, look, leave."""
    async with open_bluesky(name, settings, surroundings) as channel:
        return await channel.account()


CHANNEL = ChannelKind(
    settings=Settings,
    open=open_bluesky,
    check=check_bluesky,
    abilities=frozenset({Ability.LISTENS, Ability.ANSWERS, Ability.LOOKS_UP, Ability.DELETIONS}),
    only_summoned=True,
    ears=Settings.ears,
)


def _address(uri: str) -> str | None:
    """Where people can look at a record of ours: `at://did/collection/key`."""
    did, _, key = uri.removeprefix("at://").replace("/app.bsky.feed.post/", "/", 1).partition("/")
    return f"https://bsky.app/profile/{did}/post/{key}" if did.startswith("did:") and key.isalnum() else None
