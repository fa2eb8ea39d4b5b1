"""Telegram as a channel: who writes to the bot, what is said in its groups, and answers under what they answer.

Telegram forgets an update as soon as a later one is asked for, and tells it to nobody again. So a page is kept before
the next one is asked for, which makes this a stream and not a poll: asking once for all pages would lose them in a
crash. It has no key for what is sent and no way to read it back, so a doubtful answer goes to a person.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated

import structlog
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, field_validator

from bot.domain.account import Ability, Account
from bot.domain.action import Reply
from bot.domain.errors import ChannelRefused, ChannelUnavailable
from bot.domain.mention import Batch, Mention
from bot.domain.outbox import Receipt
from bot.domain.ports.channel import ChannelKind, Surroundings
from listeners.outgoing import fit_to_say
from listeners.receipts import Receipts
from listeners.telegram_messages import Message, Person, Said, Update, Views, Waiting, read, readable
from listeners.telegram_place import Place
from listeners.telegram_wire import GroupMoved, Wire

log = structlog.get_logger(__name__)

PAGE = 100
LIMIT = 4096
_WANTED = ("message", "edited_message")
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_GROUP = re.compile(r"-[0-9]+|@?[A-Za-z0-9_]{4,32}")


class Settings(BaseModel):
    """`[channels.<name>]` with kind = "telegram"."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    token: SecretStr
    groups: tuple[str, ...] = ()
    wait_seconds: Annotated[int, Field(ge=1, le=50)] = 50
    base_url: HttpUrl = HttpUrl("https://api.telegram.org")
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 20

    @field_validator("token")
    @classmethod
    def _looks_like_a_token(cls, token: SecretStr) -> SecretStr:
        if not _TOKEN.fullmatch(token.get_secret_value()):
            message = "this is no token of a bot; @BotFather gives one that looks like 123456:ABC-DEF"
            raise ValueError(message)
        return token

    @field_validator("groups")
    @classmethod
    def _look_like_groups(cls, groups: tuple[str, ...]) -> tuple[str, ...]:
        for group in groups:
            if not _GROUP.fullmatch(group):
                message = f"{group!r} is no group; give its id (-1001234567890) or, if it is public, its @name"
                raise ValueError(message)
        return tuple(group.lower().lstrip("@") for group in groups)

    def ears(self) -> frozenset[tuple[str, ...]]:
        """The bot."""
        return frozenset({(str(self.base_url), self.token.get_secret_value())})


class Telegram:
    """A Stream and a Voice over one bot."""

    limit = LIMIT
    can_look_up = False

    def __init__(self, name: str, settings: Settings, surroundings: Surroundings, wire: Wire) -> None:
        self.channel = name
        # an answer without updates is the heartbeat; the call itself gives up before this does
        self.longest_silence = settings.wait_seconds + 2 * settings.timeout_seconds
        self._settings, self._voices, self._wire = settings, surroundings.voices, wire
        self._me: Person | None = None
        self._receipts = Receipts()

    async def me(self) -> Person:
        """The bot, asked for once."""
        if self._me is None:
            self._me = read(Person, await self._wire.call("getMe"))
        return self._me

    async def listen(self, cursor: str | None, deliver: Callable[[Batch], Awaitable[None]]) -> None:
        """Deliver page after page, each asked for once the one before it is kept. Never returns."""
        me = await self.me()
        views = Views(self.channel, me, self._voices)
        kept = Place.read(cursor, me.id)
        if kept and kept.written() != cursor:
            # of an earlier version: it says whose it is before another bot can come
            await deliver(Batch(mentions=(), cursor=kept.written()))
        place = kept or await self._first_place(me, deliver)
        before = frozenset[int]()
        while True:
            updates = await self._updates(place)
            came = frozenset(update.update_id for update in updates)
            if came and came <= before:
                message = "Telegram repeats what was confirmed"
                raise ChannelUnavailable(message)
            after = self._followed(updates, place.after([*came]))
            await deliver(self._batch(updates, views, place, after))
            place, before = after, came

    async def say(self, reply: Reply, to: Mention, key: str) -> Receipt:
        """Answer under the message, in its chat; refused when the message is gone.

        What was said in a group that is a supergroup now stands in it under no number of its own: that is answered
        under nothing, since the old number may be another message's.
        """
        if (receipt := self._receipts.of(key)) is not None:
            return receipt
        chat, _, message = to.external_id.partition("/")
        text = fit_to_say(reply.text, self.limit, measure=units)
        under = {"reply_parameters": {"message_id": int(message)}}
        try:
            said = await self._wire.call("sendMessage", {"chat_id": int(chat), "text": text, **under})
        except GroupMoved as moved:
            said = await self._wire.call("sendMessage", {"chat_id": moved.to, "text": text})
        made = read(Said, said)
        return self._receipts.keep(key, Receipt(external_id=f"{made.chat.id}/{made.message_id}", at=datetime.now(UTC)))

    async def said(self, key: str, to: Mention) -> Receipt | None:
        """Only what this process knows: the Bot API has no key to ask by, and does not show a bot its own messages."""
        del to
        return self._receipts.of(key)

    async def account(self) -> Account:
        """The fact sheet of this log-in."""
        me = await self.me()
        waiting = await self._waiting()
        hears_all = "hears everything in its groups"
        hears_some = "privacy mode: in a group it hears only what names it, answers it or calls a command"
        return Account(
            identity=f"@{me.username} ({me.id})",
            rights=(
                "hears and answers who writes to it",
                hears_all if me.can_read_all_group_messages else hears_some,
                "can be added to groups" if me.can_join_groups else "cannot be added to groups",
            ),
            limits=(
                f"{self.limit:,} characters",
                "1 message a second to a chat, 20 a minute to a group, 30 a second in all",
                "what is not read within 24 hours is lost",
            ),
            notes=(f"waiting to be read: {waiting.pending_update_count}",),
        )

    async def _first_place(self, me: Person, deliver: Callable[[Batch], Awaitable[None]]) -> Place:
        """What waits by now is history; kept at once, so that whatever comes later is not."""
        began = datetime.now(UTC).replace(microsecond=0)  # Telegram tells no less than seconds
        place = Place(bot=me.id, history=(await self._waiting()).pending_update_count, began=began)
        await deliver(Batch(mentions=(), cursor=place.written()))
        return place

    async def _waiting(self) -> Waiting:
        waiting = read(Waiting, await self._wire.call("getWebhookInfo"))
        if waiting.url:
            message = "Telegram sends this bot's messages to a webhook; this channel cannot read them beside it"
            raise ChannelRefused(message)
        return waiting

    async def _updates(self, place: Place) -> list[Update]:
        """The next page in the order in which it happened, as soon as there is something."""
        told = await self._wire.call(
            "getUpdates",
            {
                "offset": place.offset,
                "limit": PAGE,
                "timeout": self._settings.wait_seconds,
                "allowed_updates": _WANTED,
            },
            wait=self._settings.wait_seconds,
        )
        if not isinstance(told, list):
            message = f"Telegram's answer cannot be read (a {type(told).__name__} in place of updates)"
            raise ChannelUnavailable(message)
        updates = [update for one in told if (update := readable(Update, one)) is not None]
        if told and not updates:
            message = "Telegram's answer cannot be read (no update in it has an id)"
            raise ChannelUnavailable(message)
        return sorted(updates, key=lambda update: update.update_id)

    def _followed(self, updates: Sequence[Update], place: Place) -> Place:
        """A group that grows into a supergroup gets another id, and Telegram tells so once."""
        for update in updates:
            message = readable(Message, update.message)
            moved = str((message and message.migrate_to_chat_id) or "")
            if message and moved and self._settings.groups and self._is_ours_to_hear(message, place):
                log.warning("a group has another id now; put it into groups", channel=self.channel, group=moved)
                place = place.with_group(moved)
        return place

    def _batch(self, updates: Sequence[Update], views: Views, place: Place, after: Place) -> Batch:
        """New messages, and the last form of edited ones. The first `history` updates were there before us."""
        told: dict[str, Mention] = {}
        edited = set[str]()
        for number, update in enumerate(updates):
            message = self._readable(update)
            if message is None or not self._is_ours_to_hear(message, after) or not views.is_heard(message):
                continue
            is_edit, one = update.message is None, message.external_id
            was_there = number < place.history or (is_edit and message.at < place.began)
            told[one] = views.mention(message, backfilled=told[one].backfilled if one in told else was_there)
            if is_edit:
                edited.add(one)
        return Batch(
            mentions=tuple(mention for one, mention in told.items() if one not in edited),
            edits=tuple(mention for one, mention in told.items() if one in edited),
            cursor=after.written() if after != place else None,
        )

    def _readable(self, update: Update) -> Message | None:
        """One message that is not as described may not keep all others from being heard."""
        told = update.message if update.message is not None else update.edited_message
        if told is None:
            return None
        message = readable(Message, told)
        if message is None:
            log.error("a message of Telegram cannot be read", channel=self.channel, update=update.update_id)
        return message

    def _is_ours_to_hear(self, message: Message, place: Place) -> bool:
        """Anybody can put a bot into a group of theirs."""
        groups, chat = self._settings.groups, message.chat
        named = str(chat.id) in (*groups, *place.moved) or chat.username.lower() in groups
        return not groups or chat.is_private or named


def units(text: str) -> int:
    """How Telegram counts: an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


@asynccontextmanager
async def open_telegram(name: str, settings: Settings, surroundings: Surroundings) -> AsyncIterator[Telegram]:
    """Nothing is asked yet, so that Telegram may be away when we start."""
    wire = Wire(
        str(settings.base_url), token=settings.token.get_secret_value(), timeout_seconds=settings.timeout_seconds
    )
    try:
        yield Telegram(name, settings, surroundings, wire)
    finally:
        await wire.close()


async def check_telegram(name: str, settings: Settings, surroundings: Surroundings) -> Account:
    """Log in, look, leave."""
    async with open_telegram(name, settings, surroundings) as channel:
        return await channel.account()


CHANNEL = ChannelKind(
    settings=Settings,
    open=open_telegram,
    check=check_telegram,
    abilities=frozenset({Ability.LISTENS, Ability.ANSWERS, Ability.EDITS}),
    ears=Settings.ears,
)
