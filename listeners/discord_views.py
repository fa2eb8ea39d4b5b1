"""Makes mentions of Discord's messages: whether they concern us, who wrote them, to which conversation they belong."""

from __future__ import annotations

from typing import Annotated, Any

from bot.domain.mention import Handle, Mention, Visibility
from bot.domain.text import clean
from listeners.answers import readable
from listeners.discord_posts import Lenient, Post, Snowflake, Told, text_of
from listeners.discord_rooms import Rooms

_PERMALINK = "https://discord.com/channels"
_REMEMBERED = 5_000


class RoleTags(Told):
    bot_id: Snowflake | None = None


class Role(Told):
    """A role; the one that Discord made for a bot names that bot."""

    id: Snowflake
    name: str = "role"
    tags: Annotated[RoleTags | None, Lenient] = None


class Views:
    """How one channel sees its guild. `team` are people who speak for the brand, by name or id."""

    def __init__(self, channel: str, *, guild: str, me: str, rooms: Rooms, team: frozenset[str]) -> None:
        self.me = me
        self._channel, self._guild, self._rooms, self._team = channel, guild, rooms, team
        self._roles: dict[str, Role] = {}
        self._conversations: dict[str, str] = {}

    def learn_roles(self, rows: Any) -> None:  # noqa: ANN401 - as it came
        """What roles are called, and which of them is ours: people mention it when they mean the bot."""
        self._roles |= {role.id: role for role in readable(Role, rows)}

    def is_private(self, post: Post, room: str) -> bool:
        """Said to the bot alone. A message of a guild says so, or stands in a room that we know to be one's."""
        return post.guild_id is None and post.member is None and room not in self._rooms

    def is_elsewhere(self, post: Post) -> bool:
        """Said in another guild."""
        return post.guild_id not in {None, self._guild}

    def hears(self, post: Post, room: str, *, private: bool, told: bool) -> bool:
        """Whether a person said it where we listen, or to us; or changed what was `told`, if only to leave us out."""
        if post.is_by(self.me) or not post.is_said_by_a_person or self._rooms.is_closed(room):
            return False
        changed = told and post.is_edited and not post.is_blank
        return private or self._rooms.is_chosen(room) or self.addresses_us(post) or changed

    def addresses_us(self, post: Post) -> bool:
        """Whether its author mentioned the bot or its role, or answered something that the bot said."""
        answered = post.referenced_message
        return (
            self.me in post.people_named
            or any(self._is_ours(role) for role in post.mention_roles or ())
            or (post.answers is not None and answered is not None and answered.is_by(self.me))
        )

    def mention(self, post: Post, room: str, *, private: bool, backfilled: bool = False) -> Mention:
        """The message as a mention."""
        # two people without a name are two
        account = post.author.id if post.author else f"unknown-{post.id}"
        name = clean(post.author.username if post.author else "", limit=100) or account
        place = "@me" if private else self._guild
        return Mention(
            channel=self._channel,
            external_id=post.id,
            author=Handle(channel=self._channel, account_id=account, name=name),
            text=text_of(post, role=self._role_name, room=self._rooms.name),
            posted_at=post.at,
            edited_at=post.edited_at,
            thread_id=self._conversation(post, room, private=private),
            in_reply_to=post.answers,
            url=f"{_PERMALINK}/{place}/{room}/{post.id}",
            visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
            summoned=private or self.addresses_us(post),
            backfilled=backfilled,
            by_brand=bool({name.lower(), account} & self._team),
        )

    def said(self, post: str, to: Mention) -> None:
        """We answered: who answers our answer goes on with the same conversation."""
        self._remember(post, to.conversation)

    def _conversation(self, post: Post, room: str, *, private: bool) -> str | None:
        """The thread or private room; in a channel the first message of a chain of answers, as far as it is known.

        A thread that was started from a message has that message's id, so they are one conversation.
        """
        if private or (room in self._rooms and self._rooms[room].is_thread):
            return room
        if post.answers is None:
            return None
        answered = post.referenced_message
        above = (answered.answers if answered else None) or post.answers
        first = self._conversations.get(post.answers) or self._conversations.get(above) or above
        self._remember(post.id, first)
        return first

    def _remember(self, post: str, conversation: str) -> None:
        self._conversations[post] = conversation
        if len(self._conversations) > _REMEMBERED:
            self._conversations.pop(next(iter(self._conversations)))

    def _is_ours(self, role: str) -> bool:
        found = self._roles.get(role)
        return found is not None and found.tags is not None and found.tags.bot_id == self.me

    def _role_name(self, role: str) -> str:
        found = self._roles.get(role)
        return found.name.lstrip("@") if found else "role"
