"""Look through rooms for what was missed: what is new in them, what was edited, what is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import discord
import structlog
from discord.http import HTTPClient

from bot.domain.errors import ChannelUnavailable
from bot.domain.mention import Batch, Mention
from listeners.answers import readable
from listeners.discord_place import OVERLAP, Place
from listeners.discord_posts import Post, moment_of
from listeners.discord_rooms import Room
from listeners.discord_views import Views
from listeners.discord_wire import TROUBLE, as_channel_error, asked_if_there

log = structlog.get_logger(__name__)

PAGE = 100
# pages that bring nothing new: one may be shown twice, a broken listing shows them for ever
_BARREN = 3


@dataclass(kw_only=True)
class Listing:
    """What the pages of a room brought. `whole` unless they did not end; `from_the_start` if nothing is older."""

    posts: dict[str, Post] = field(default_factory=dict)
    whole: bool = True
    from_the_start: bool = False

    @property
    def oldest(self) -> int:
        return min((post.number for post in self.posts.values()), default=0)

    def take(self, rows: object) -> bool:
        """Add a page; whether it brought anything that was not there."""
        if not isinstance(rows, list):
            message = "what Discord sent cannot be read (no list of messages)"
            raise ChannelUnavailable(message)
        fresh = {post.id: post for post in readable(Post, rows) if post.id not in self.posts}
        self.posts |= fresh
        return bool(fresh)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """Where to look, and from which message on. `newest` is what the room itself names as its newest message.

    At most `most` messages are read back. `passing`: we do not listen there, so only what addresses us is told.
    """

    room: str
    since: int
    most: int
    newest: int = 0
    private: bool = False
    backfilled: bool = False
    passing: bool = False


class Round:
    """One round through the rooms, from the place where the last one ended.

    `hides` raises if a message shows that its contents are kept from us. `barred` are the rooms that we may not read.
    """

    def __init__(self, http: HTTPClient, views: Views, place: Place, *, hides: Callable[[Post], None]) -> None:
        self.place = place
        self.barred: list[str] = []
        self._http, self._views, self._hides = http, views, hides
        self._told: dict[str, Mention] = {}
        self._edits: dict[str, Mention] = {}
        self._gone: list[str] = []

    async def look(self, glance: Glance) -> None:
        """What a room holds since a message; what it was known to hold is compared too.

        Of a room that is gone all is gone. A room that is closed to us is passed over.
        """
        listing = await self._read_back(glance)
        if listing is None:
            return
        room, watched = glance.room, self.place.watched.get(glance.room, ())
        in_order = sorted(listing.posts.values(), key=lambda post: post.number)
        matter = [post for post in in_order if post.number > glance.since or (post.is_edited and post.id in watched)]
        told = [post.id for post in matter if self._tell(post, glance)]
        gone = await self._missing(room, [post for post in watched if _should_be_in(listing, post)])
        self._gone += gone
        seen = None if glance.passing else _settled(listing, glance)
        self.place = self.place.looked(room, seen=seen, told=told, gone=gone)

    async def begin(self, rooms: Iterable[Room], *, history: int) -> None:
        """For the first time: what comes next is new, and of what is there `history` messages are history."""
        for room in rooms:
            newest = await self._newest(room)
            if history and newest != int(room.id):
                await self.look(Glance(room=room.id, since=0, most=history, backfilled=True))
            self.place = self.place.looked(room.id, seen=newest, told=(), gone=())

    async def go_on(self, rooms: Iterable[Room], *, most: int, missed: bool) -> None:
        """Where something new is; where something was told before too, if we may have missed what became of it."""
        for room in rooms:
            since = self.place.since(room.id, is_thread=room.is_thread)
            if since is None:
                self.place = self.place.looked(room.id, seen=await self._newest(room), told=(), gone=())
            elif room.newest > since or not room.tells_its_newest or (missed and self.place.watched.get(room.id)):
                await self.look(Glance(room=room.id, since=since, most=most, newest=room.newest))

    async def see_private_rooms(self, *, most: int) -> None:
        """After a gap; of those who never wrote before nobody knows the room."""
        for room in self.place.private:
            since = self.place.seen.get(room, self.place.surely_known)
            await self.look(Glance(room=room, since=since, most=most, private=True))

    async def pass_by(self, rooms: Iterable[str], *, most: int) -> None:
        """Rooms where we do not listen, or that are no longer there."""
        for room in rooms:
            await self.look(Glance(room=room, since=self.place.surely_known, most=most, passing=True))

    def batch(self) -> Batch:
        """All that was found, and where the next round begins."""
        return Batch(
            mentions=tuple(self._told.values()),
            edits=tuple(self._edits.values()),
            deletions=tuple(self._gone),
            cursor=self.place.written(),
        )

    def _tell(self, post: Post, glance: Glance) -> bool:
        told = post.id in self.place.watched.get(glance.room, ())
        if not self._views.hears(post, glance.room, private=glance.private, told=told):
            return False
        self._hides(post)
        kept = self._edits if post.is_edited else self._told
        kept[post.id] = self._views.mention(post, glance.room, private=glance.private, backfilled=glance.backfilled)
        return True

    async def _read_back(self, glance: Glance) -> Listing | None:
        """From the newest page back to a message, or to as many as are read at most; None if there is no such room."""
        try:
            return await self._pages(glance)
        except discord.NotFound:
            self._gone += self.place.watched.get(glance.room, ())
            self.place = self.place.without(glance.room)
        except discord.Forbidden:
            if not (glance.passing or glance.private):
                self.barred.append(glance.room)
        except TROUBLE as error:
            raise as_channel_error(error) from error
        return None

    async def _newest(self, room: Room) -> int:
        """The newest message of a room; asked for where the room does not tell."""
        if room.tells_its_newest:
            return room.newest
        rows = await asked_if_there(self._http.logs_from(room.id, 1))
        return max((post.number for post in readable(Post, rows)), default=room.newest)

    async def _pages(self, glance: Glance) -> Listing:
        listing, barren, before = Listing(), 0, None
        while len(listing.posts) < glance.most:
            rows = await self._http.logs_from(glance.room, min(PAGE, glance.most), before=before)
            barren = 0 if listing.take(rows) else barren + 1
            if not rows:
                listing.from_the_start = True
                return listing
            if listing.oldest <= glance.since:
                return listing
            if barren == _BARREN:
                log.warning("the pages of Discord do not end; looking again from the same place", room=glance.room)
                listing.whole = False
                return listing
            before = str(listing.oldest)
        if not glance.backfilled:
            log.warning("more was said than is read back; the oldest of it is left out", room=glance.room)
        return listing

    async def _missing(self, room: str, suspects: list[str]) -> list[str]:
        """Which of them are gone indeed: a listing without them proves nothing, since a right may have been lost."""
        gone = []
        for post in suspects:
            try:
                await self._http.get_message(room, post)
            except discord.NotFound:
                gone.append(post)
            except discord.Forbidden:
                break
            except TROUBLE as error:
                raise as_channel_error(error) from error
        return gone


def _should_be_in(listing: Listing, post: str) -> bool:
    reaches = listing.from_the_start or int(post) > listing.oldest > 0
    return reaches and listing.whole and post not in listing.posts


def _settled(listing: Listing, glance: Glance) -> int:
    """The newest message behind which nothing can appear any more."""
    if not listing.whole or not listing.posts:
        # a room whose messages we may not read shows none; its own word for the newest is not taken then
        return glance.since
    until = datetime.now(UTC) - OVERLAP
    numbers = [glance.newest, *(post.number for post in listing.posts.values())]
    return max([glance.since, *(number for number in numbers if moment_of(number) <= until)])
