"""Matrix as a channel: who writes to the account, what is said in its rooms, and answers in threads.

A sync tells all that happened since the last one, however long ago, so this is a stream that needs no poll beside it.
An answer's transaction is derived from its key, and the answer carries it, so that it can be found again later.
Rooms are read as they are: what is encrypted stays closed, and nothing is said into such a room.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

import structlog
from nio import AsyncClient, AsyncClientConfig
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, field_validator

from bot.domain.account import Ability, Account
from bot.domain.action import Reply
from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable, RateLimited
from bot.domain.mention import Batch, Mention
from bot.domain.outbox import Receipt
from bot.domain.ports.channel import ChannelKind, Surroundings
from listeners.matrix_door import Door
from listeners.matrix_events import ENCRYPTION, MARK, MESSAGE, THREAD, Event, external_id, place_of
from listeners.matrix_news import News, Reader, as_room
from listeners.matrix_place import Place
from listeners.matrix_timeline import PAGE, event_in, own_since, sync_filter
from listeners.matrix_views import Views
from listeners.matrix_wire import Wire, asked, found
from listeners.outgoing import fit_to_say
from listeners.receipts import Receipts

log = structlog.get_logger(__name__)

LIMIT = 20_000
"""Bytes. An event may have 65,536, in which a byte may take two, beside what servers add."""

_BREATH = 0.2
_USER = re.compile(r"@[^:\s]*:\S+")
_ROOM = re.compile(r"![^\s/]+|#[^:\s]+:\S+")

Deliver = Callable[[Batch], Awaitable[None]]


class Settings(BaseModel):
    """`[channels.<name>]` with kind = "matrix"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: HttpUrl
    access_token: SecretStr
    rooms: frozenset[str] = frozenset()
    accept_invitations: bool = True
    ignore: tuple[str, ...] = ()
    wait_seconds: Annotated[int, Field(ge=1, le=120)] = 30
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 20

    @field_validator("rooms")
    @classmethod
    def _look_like_rooms(cls, rooms: frozenset[str]) -> frozenset[str]:
        for room in rooms:
            if not _ROOM.fullmatch(room):
                message = f"{room!r} is no room; give its id (!abc:example.org) or its address (#help:example.org)"
                raise ValueError(message)
        return rooms

    @field_validator("ignore")
    @classmethod
    def _look_like_users(cls, users: tuple[str, ...]) -> tuple[str, ...]:
        for user in users:
            if not _USER.fullmatch(user):
                message = f"{user!r} is no user; give the whole id (@bot:example.org)"
                raise ValueError(message)
        return users

    def ears(self) -> frozenset[tuple[str, ...]]:
        """The account by its token."""
        return frozenset({(str(self.base_url), self.access_token.get_secret_value())})


class Matrix:
    """A Stream and a Voice over one account."""

    limit = LIMIT
    can_look_up = True

    def __init__(self, name: str, settings: Settings, surroundings: Surroundings, client: AsyncClient) -> None:
        self.channel = name
        # an answer without events is the heartbeat; the call itself gives up before this does
        self.longest_silence = settings.wait_seconds + 2 * settings.timeout_seconds
        self._settings, self._voices, self._client = settings, surroundings.voices, client
        self._door: Door | None = None
        self._me: str | None = None
        self._knows_its_rooms = False
        self._receipts = Receipts()

    async def me(self) -> str:
        """The brand's account, asked for once."""
        if self._me is None:
            self._me = str((await asked(self._client.whoami())).user_id)
        return self._me

    async def listen(self, cursor: str | None, deliver: Deliver) -> None:
        """Deliver sync after sync, each asked for once the one before it is kept. Never returns."""
        me = await self.me()
        views = Views(self.channel, me, voices=self._voices, ignored=self._settings.ignore)
        rooms = await self._chosen()
        self._door = Door(self._client, rooms) if self._settings.accept_invitations else None
        reader, place = Reader(self._client, views, rooms), Place.read(cursor, me)
        around = None if place.since and self._knows_its_rooms else await self._look_around(place)
        if around is not None and not place.since:
            history = await reader.news(around, place)
            place = replace(place, since=around.next_batch)
            # kept at once, so that whatever comes later is no history
            await deliver(history.batch(place.written()))
        before = frozenset[str]()
        while True:
            began = asyncio.get_running_loop().time()
            told = await self._sync(
                place.since, milliseconds=self._settings.wait_seconds * 1000 if around is None else 0
            )
            news = await reader.news(told, place)
            if news.seen and news.seen <= before:
                message = "the homeserver repeats what it has told"
                raise ChannelUnavailable(message)
            place, before = await self._kept(told, news, place, deliver), frozenset(news.seen)
            await self._follow_invitations(around, told)
            if not news.seen and around is None:
                # what we did not ask for may end a sync at once
                await asyncio.sleep(max(0.0, began + _BREATH - asyncio.get_running_loop().time()))
            around = None

    async def say(self, reply: Reply, to: Mention, key: str) -> Receipt:
        """Answer under the message: in its thread or in one that begins with it, in a room for two just below it."""
        if (receipt := self._receipts.of(key)) is not None:
            return receipt
        room, event = place_of(to.external_id)
        text = fit_to_say(reply.text, self.limit, measure=_size)
        root = await self._thread(to, await self._target(room, event))
        thread = {"rel_type": THREAD, "event_id": root, "is_falling_back": False} if root else {}
        content = {
            "msgtype": "m.text",
            "body": text,
            # named, so that the author's clients ring
            "m.mentions": {"user_ids": [to.author.account_id]},
            "m.relates_to": {**thread, "m.in_reply_to": {"event_id": event}},
            MARK: _transaction(key),
        }
        sent = await asked(self._client.room_send(room, MESSAGE, content, tx_id=_transaction(key)))
        return self._receipts.keep(key, _receipt(room, sent.event_id, datetime.now(UTC), to))

    async def said(self, key: str, to: Mention) -> Receipt | None:
        """Our own message behind that one which carries the key."""
        if (receipt := self._receipts.of(key)) is not None:
            return receipt
        me, (room, event) = await self.me(), place_of(to.external_id)
        own, whole = await own_since(self._client, room, event, me=me)
        for one in own:
            if one.sender == me and one.content.mark == _transaction(key):
                return self._receipts.keep(key, _receipt(room, one.event_id, one.at, to))
        if not whole:
            message = "the homeserver cannot say whether this was heard: its pages do not end"
            raise ChannelUnavailable(message)
        return None

    async def account(self) -> Account:
        """The fact sheet of this log-in."""
        me = await self.me()
        told = await self._look_around(Place(account=me, began=datetime.now(UTC), since="now"))
        rooms = [self._client.rooms[room] for room in told.rooms.join]
        closed = [room.canonical_alias or room.room_id for room in rooms if room.encrypted]
        direct = sum(as_room(room).is_direct for room in rooms)
        waiting = len(told.rooms.invite)
        return Account(
            identity=me,
            rights=(f"rooms it is in: {len(rooms)}; for two: {direct}", "reads and answers in rooms that are open"),
            limits=(f"{LIMIT:,} bytes of text", "how often it may ask and write is its homeserver's decision"),
            notes=(
                *([f"encrypted, and so not read: {', '.join(closed)}"] if closed else []),
                *([f"invitations that wait: {waiting}"] if waiting else []),
            ),
        )

    # --- listening ---

    async def _chosen(self) -> frozenset[str]:
        """The rooms to hear, by id too: one need not tell of itself what all of its addresses are."""
        addresses = sorted(room for room in self._settings.rooms if room.startswith("#"))
        there = [await self._room_at(address) for address in addresses]
        return self._settings.rooms | {room for room in there if room is not None}

    async def _room_at(self, address: str) -> str | None:
        """Its id; one that cannot be found out now (its server may be away) keeps the others from nothing."""
        try:
            told = await found(self._client.room_resolve_alias(address))
        except RateLimited:
            raise
        except ChannelError as error:
            log.warning("an address of Matrix cannot be looked up", address=address, why=str(error))
            return None
        if told is None:
            log.warning("no room of Matrix has this address", address=address)
        return None if told is None else str(told.room_id)

    async def _look_around(self, place: Place) -> Any:  # noqa: ANN401 - nio's
        """Our rooms, and who has invited us: a sync tells of what is old only when it is the first."""
        # Synapse gives the same answer to the same question for two minutes; a first sync waits for nothing anyway
        return await self._sync("", milliseconds=1 + secrets.randbelow(1_000), timeline=1 if place.since else PAGE)

    async def _sync(self, since: str, *, milliseconds: int, timeline: int = PAGE) -> Any:  # noqa: ANN401 - nio's
        # given no place, nio goes on from its own last one
        self._client.next_batch = ""
        call = self._client.sync(
            timeout=milliseconds, sync_filter=sync_filter(timeline), since=since, set_presence="offline"
        )
        return await asked(call)

    async def _kept(self, told: Any, news: News, place: Place, deliver: Deliver) -> Place:  # noqa: ANN401 - nio's
        """Deliver, and move on if that was all of it."""
        if not news.whole:
            await deliver(news.batch(None))
            message = "the homeserver's pages do not end; asking again from the same place"
            raise ChannelUnavailable(message)
        after = replace(place, since=told.next_batch)
        await deliver(news.batch(after.written() if after != place else None))
        return after

    async def _follow_invitations(self, *syncs: Any) -> None:  # noqa: ANN401 - nio's
        """Join where we are invited. A sync tells once of an invitation, so what fails is for a new look around."""
        self._knows_its_rooms = False
        for told in syncs:
            if told is not None and self._door is not None:
                await self._door.open_to(told, await self.me())
        self._knows_its_rooms = True

    # --- answering ---

    async def _target(self, room: str, event: str) -> Event:
        """The message, if it may be answered."""
        target = await event_in(self._client, room, event)
        if target is None or target.is_gone:
            message = "the message is gone from its room, or hidden from us"
            raise ChannelRefused(message)
        if await found(self._client.room_get_state_event(room, ENCRYPTION)) is not None:
            message = "the room is encrypted now, and this channel writes in open rooms only"
            raise ChannelRefused(message)
        return target

    async def _thread(self, to: Mention, target: Event) -> str:
        """With which event the answer's thread begins; "" where there is none.

        A room for two needs none, and none may begin with what refers to something else itself.
        """
        if target.content.thread:
            return target.content.thread
        room, _ = place_of(to.external_id)
        if to.conversation == room:
            return ""
        _, root = place_of(to.conversation)
        first = target if root == target.event_id else await event_in(self._client, room, root)
        return root if first is not None and not first.content.refers else ""


def _size(text: str) -> int:
    return len(text.encode())


def _transaction(key: str) -> str:
    """A homeserver makes one event of a transaction, however often a device asks for it."""
    return hashlib.sha256(key.encode()).hexdigest()


@asynccontextmanager
async def open_matrix(name: str, settings: Settings, surroundings: Surroundings) -> AsyncIterator[Matrix]:
    """Nothing is asked yet: who we are is looked up by the first sync, so that the server may be away when we start."""
    # what people wrote stands in its warnings
    logging.getLogger("nio").setLevel(logging.CRITICAL)
    wire = Wire(timeout_seconds=settings.timeout_seconds, wait_seconds=settings.wait_seconds)
    # left alone it waits and tries again by itself
    client = AsyncClient(
        str(settings.base_url).rstrip("/"), config=AsyncClientConfig(max_limit_exceeded=0, max_timeouts=0)
    )
    client.access_token, client.client_session = settings.access_token.get_secret_value(), wire
    try:
        yield Matrix(name, settings, surroundings, client)
    finally:
        await wire.close()


async def check_matrix(name: str, settings: Settings, surroundings: Surroundings) -> Account:
    """Log in, look, leave."""
    async with open_matrix(name, settings, surroundings) as channel:
        return await channel.account()


CHANNEL = ChannelKind(
    settings=Settings,
    open=open_matrix,
    check=check_matrix,
    abilities=frozenset(Ability),
    ears=Settings.ears,
)


def _receipt(room: str, event: str, at: datetime, to: Mention) -> Receipt:
    """An answer stands in the room of what it answers, and is looked at by way of the same server."""
    way, _, server = (to.url or "").partition("?")
    place = way.rpartition("/")[0]
    url = f"{place}/{quote(event, safe='')}?{server}" if place else None
    return Receipt(external_id=external_id(room, event), at=at, url=url)
