"""What Discord tells of a message: as little of it as is needed, and none of it trusted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from discord.utils import snowflake_time
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from bot.domain.text import clean
from listeners.answers import readable

Snowflake = Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]

# people's own words; the others tell of joins, pins, calls and new threads
_SAID, _REPLIED = 0, 19
_FORWARDED = 1
_IS_CROSSPOST, _IS_VOICE = 1 << 1, 1 << 13
_MARKUP = re.compile(
    r"<(?:@!?(?P<user>\d+)|@&(?P<role>\d+)|#(?P<room>\d+)|a?:(?P<emoji>\w+):\d+"
    r"|t:(?P<moment>-?\d{1,12})(?::\w)?|/(?P<command>[^:<>]+):\d+|id:(?P<page>\w+))>"
)


def _or_none(value: Any, read: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401 - pydantic's own form
    try:
        return read(value)
    except ValidationError:
        return None


# a field that is not what it should be costs no more than itself
Lenient = WrapValidator(_or_none)


class Told(BaseModel):
    """Something that Discord tells, with more fields than we know."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class Author(Told):
    """Who wrote it; webhooks and apps are `bot`."""

    id: Snowflake
    username: str = ""
    bot: bool = False
    system: bool = False


class Reference(Told):
    """Which message this one answers or passes on."""

    message_id: Snowflake | None = None
    type: int = 0


class Attachment(Told):
    filename: str = "file"
    description: str | None = None
    content_type: str | None = None

    @property
    def in_words(self) -> str:
        """What it is and what it shows, as its author says."""
        kind = (self.content_type or "file").partition("/")[0]
        named = self.description or self.filename
        return f"[{kind if kind in {'image', 'video', 'audio'} else 'file'}: {named}]"


class Named(Told):
    """A sticker, or anything else of which only the name is told."""

    name: str = ""


class Question(Told):
    """What a poll asks."""

    text: str = ""


class Poll(Told):
    """A question to all."""

    question: Question = Question()


class Post(Told):
    """One message. Only its id is needed."""

    id: Snowflake
    channel_id: Annotated[Snowflake | None, Lenient] = None
    guild_id: Annotated[Snowflake | None, Lenient] = None
    type: Annotated[int | None, Lenient] = _SAID
    author: Annotated[Author | None, Lenient] = None
    content: Annotated[str | None, Lenient] = ""
    timestamp: Annotated[datetime | None, Lenient] = None
    edited_timestamp: Annotated[datetime | None, Lenient] = None
    webhook_id: Any = None
    member: Any = None
    flags: Annotated[int | None, Lenient] = 0
    nonce: Annotated[str | None, Lenient] = None
    mentions: Annotated[list[Any] | None, Lenient] = None
    mention_roles: Annotated[list[str] | None, Lenient] = None
    attachments: Annotated[list[Any] | None, Lenient] = None
    sticker_items: Annotated[list[Any] | None, Lenient] = None
    embeds: Annotated[list[Any] | None, Lenient] = None
    components: Annotated[list[Any] | None, Lenient] = None
    message_snapshots: Annotated[list[Any] | None, Lenient] = None
    poll: Annotated[Poll | None, Lenient] = None
    message_reference: Annotated[Reference | None, Lenient] = None
    referenced_message: Annotated[Post | None, Lenient] = None

    @property
    def number(self) -> int:
        """Ids grow with time."""
        return int(self.id)

    @property
    def at(self) -> datetime:
        """When it was posted: as Discord says, or as its id says."""
        if self.timestamp is not None and self.timestamp.tzinfo is not None:
            return self.timestamp.astimezone(UTC)
        return moment_of(self.number)

    @property
    def edited_at(self) -> datetime | None:
        edited = self.edited_timestamp
        return edited.astimezone(UTC) if edited is not None and edited.tzinfo is not None else None

    @property
    def is_edited(self) -> bool:
        return self.edited_timestamp is not None

    @property
    def is_said_by_a_person(self) -> bool:
        """Not by a bot, a webhook or Discord itself, and no notice of what happened."""
        by_machine = self.author is not None and (self.author.bot or self.author.system)
        passed_on = bool((self.flags or 0) & _IS_CROSSPOST)
        return self.type in {_SAID, _REPLIED} and self.webhook_id is None and not by_machine and not passed_on

    @property
    def is_blank(self) -> bool:
        """Nothing in it at all, which nobody can send: its contents are hidden from us."""
        parts = (self.content, self.attachments, self.embeds, self.components, self.sticker_items)
        return not any((*parts, self.poll, self.message_snapshots))

    @property
    def answers(self) -> str | None:
        """The id of the message that it answers."""
        reference = self.message_reference
        if reference is None or reference.type == _FORWARDED or self.type != _REPLIED:
            return None
        return reference.message_id

    @property
    def people_named(self) -> dict[str, str]:
        """Whom it mentions, by id, with their names."""
        return {person.id: person.username for person in readable(Author, self.mentions)}

    def is_by(self, user: str) -> bool:
        return self.author is not None and self.author.id == user


def text_of(post: Post, *, role: Callable[[str], str], room: Callable[[str], str]) -> str:
    """The words, with Discord's markup and what is attached in words: nothing in it is alive any more."""
    said = in_words(post.content or "", people=post.people_named, role=role, room=room)
    return clean("\n".join([said, *_beside(post)]))


def in_words(content: str, *, people: Mapping[str, str], role: Callable[[str], str], room: Callable[[str], str]) -> str:
    """`<@1>`, `<#2>`, `<t:3>`, `</refund:4>` and their like as what people see in their place."""
    shown: dict[str | None, Callable[[str], str]] = {
        "user": lambda user: f"@{people.get(user) or 'somebody'}",
        "role": lambda named: f"@{role(named)}",
        "room": lambda named: f"#{room(named)}",
        "emoji": lambda name: f":{name}:",
        "moment": _moment_shown,
        "command": lambda name: f"/{name}",
        "page": lambda name: f"#{name}",
    }
    return _MARKUP.sub(lambda found: shown[found.lastgroup](found[found.lastgroup or 0]), content)


def _moment_shown(seconds: str) -> str:
    try:
        return f"{datetime.fromtimestamp(int(seconds), tz=UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return ""


def _beside(post: Post) -> list[str]:
    shown = [attachment.in_words for attachment in readable(Attachment, post.attachments)]
    if (post.flags or 0) & _IS_VOICE:
        shown = ["[voice message]"]
    shown += [f"[sticker: {sticker.name}]" for sticker in readable(Named, post.sticker_items)]
    if post.poll is not None:
        shown.append(f"[poll: {post.poll.question.text}]")
    if post.message_snapshots:
        shown.append("[forwarded message]")
    return shown


def moment_of(number: int) -> datetime:
    """When an id was given out; now for numbers that are none."""
    try:
        return snowflake_time(number)
    except (ValueError, OverflowError, OSError):
        return datetime.now(UTC)
