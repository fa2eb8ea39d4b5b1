"""Answers in a guild: given once under the outbox's key, and looked for among our own messages when in doubt."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

import discord
from discord.http import handle_message_parameters

from bot.domain.action import Reply
from bot.domain.errors import ChannelRefused, ChannelUnavailable
from bot.domain.mention import Mention
from bot.domain.outbox import Receipt
from listeners.answers import readable
from listeners.discord_history import PAGE
from listeners.discord_posts import Post
from listeners.discord_session import DiscordSession
from listeners.discord_views import Views
from listeners.discord_wire import asked
from listeners.outgoing import fit_to_say
from listeners.receipts import Receipts

LIMIT = 2_000
_SEARCHED = 2_000
_PLACE = re.compile(r"/channels/(?:\d+|@me)/(\d+)/\d+$")


class Answers:
    """`views` are those of the channel, which hears who answers our answers."""

    def __init__(self, session: DiscordSession, views: Callable[[discord.Client], Views]) -> None:
        self._session, self._views = session, views
        self._receipts = Receipts()

    async def give(self, reply: Reply, to: Mention, key: str) -> Receipt:
        """Under the message. Within minutes Discord itself knows the key again."""
        if (receipt := self._receipts.of(key)) is not None:
            return receipt
        room, text = room_of(to), fit_to_say(reply.text, LIMIT)
        bot = await self._session.logged_in()
        answered: Any = {"message_id": to.external_id, "channel_id": room, "fail_if_not_exists": True}
        with handle_message_parameters(
            text, nonce=nonce_of(key), message_reference=answered, previous_allowed_mentions=bot.allowed_mentions
        ) as parameters:
            answer = await asked(bot.http.send_message(room, params=parameters))
        for post in readable(Post, [answer]):
            self._views(bot).said(post.id, to)
            return self._receipts.keep(key, _receipt(post, to))
        message = "what Discord sent cannot be read (the message that was posted)"
        raise ChannelUnavailable(message)

    def recall(self, known: Mapping[str, Receipt]) -> None:
        """Other answers of ours that are known, by a former process too."""
        self._receipts.recall(known)

    async def find(self, key: str, to: Mention) -> Receipt | None:
        """Our own messages since then that answer it, but those known to be other answers. History tells no nonce."""
        if (receipt := self._receipts.of(key)) is not None:
            return receipt
        room, after, read = room_of(to), int(to.external_id), 0
        bot = await self._session.logged_in()
        views = self._views(bot)
        while read < _SEARCHED:
            rows = await asked(bot.http.logs_from(room, PAGE, after=str(after)))
            posts = sorted(readable(Post, rows), key=lambda post: post.number)
            for post in posts:
                ours = post.is_by(views.me) and post.answers == to.external_id
                if ours and not self._receipts.is_taken(post.id) and post.nonce in {None, nonce_of(key)}:
                    return self._receipts.keep(key, _receipt(post, to))
            if not posts or posts[-1].number <= after:
                return None
            after, read = posts[-1].number, read + len(posts)
        message = "too much was said since then to find out whether this was answered; look for yourself"
        raise ChannelRefused(message)


def _receipt(post: Post, to: Mention) -> Receipt:
    # an answer stands in the room of what it answers
    url = None if to.url is None else f"{to.url.rpartition('/')[0]}/{post.id}"
    return Receipt(external_id=post.id, at=post.at, url=url)


def room_of(to: Mention) -> str:
    """The room in which something was said, which its address tells."""
    found = _PLACE.search(to.url or "")
    if found is None:
        message = "it is not known where on Discord this was said"
        raise ChannelRefused(message)
    return found[1]


def nonce_of(key: str) -> str:
    """The key as Discord takes it: 25 characters at most."""
    return hashlib.blake2s(key.encode(), digest_size=12).hexdigest()
