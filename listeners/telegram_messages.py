"""What Telegram's updates say: messages, people and chats; as little of it as is needed, and none of it trusted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.domain.mention import Handle, Mention, Visibility
from bot.domain.text import clean
from listeners.answers import Kind, read_from

# what a message can be beside its words, and the field that says more about it in words; an animation is a document
# too, and a venue a location, so the order matters. Nothing is said of what is in a contact or where a location is.
_MEDIA: Mapping[str, tuple[str, str]] = {
    "animation": ("animation", ""),
    "audio": ("audio", "title"),
    "checklist": ("checklist", "title"),
    "contact": ("contact", ""),
    "dice": ("dice", "emoji"),
    "document": ("document", "file_name"),
    "game": ("game", "title"),
    "paid_media": ("paid media", ""),
    "photo": ("photo", ""),
    "poll": ("poll", "question"),
    "sticker": ("sticker", "emoji"),
    "story": ("story", ""),
    "venue": ("place", "title"),
    "location": ("location", ""),
    "video": ("video", ""),
    "video_note": ("video message", ""),
    "voice": ("voice message", ""),
}
_PASSED_ON = "[forwarded message]"
_PRIVATE_GROUP = "-100"
_START = "/start"


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Person(_Told):
    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    can_join_groups: bool = False
    can_read_all_group_messages: bool = False

    @property
    def shown(self) -> str:
        return self.username or f"{self.first_name} {self.last_name}"


class Chat(_Told):
    id: int
    type: str = ""
    title: str = ""
    username: str = ""

    @property
    def is_private(self) -> bool:
        """Groups and channels have negative ids."""
        return self.type == "private" if self.type else self.id > 0


class Entity(_Told):
    """A stretch of a text that means something; `offset` and `length` count UTF-16 units."""

    type: str = ""
    offset: int = 0
    length: int = 0
    user: Person | None = None


class Origin(_Told):
    """Who wrote first what somebody passes on; whoever hides their account there is not told."""

    sender_user: Person | None = None


class Replied(_Told):
    """The message that is answered; one that we may not see any more has no author."""

    message_id: int
    sender: Person | None = Field(default=None, alias="from")


class Message(_Told):
    """One message. Only its id and its chat are needed; Telegram leaves out what is empty."""

    message_id: int
    chat: Chat
    date: int | None = None
    edit_date: int | None = None
    sender: Person | None = Field(default=None, alias="from")
    sender_chat: Chat | None = None
    message_thread_id: int | None = None
    is_topic_message: bool = False
    is_automatic_forward: bool = False
    migrate_to_chat_id: int | None = None
    forward_origin: Origin | None = None
    reply_to_message: Replied | None = None
    text: str = ""
    caption: str = ""
    entities: list[Entity] = []
    caption_entities: list[Entity] = []
    media: str = ""

    @model_validator(mode="before")
    @classmethod
    def _media_in_words(cls, given: object) -> object:
        return {**given, "media": _in_words(given)} if isinstance(given, dict) else given

    @property
    def external_id(self) -> str:
        """A message's id is its own in its chat only."""
        return f"{self.chat.id}/{self.message_id}"

    @property
    def words(self) -> str:
        return self.text or self.caption

    @property
    def is_passed_on(self) -> bool:
        """Whether the words may be somebody else's."""
        if self.forward_origin is None:
            return False
        first = self.forward_origin.sender_user
        return first is None or self.sender is None or first.id != self.sender.id

    @property
    def told(self) -> str:
        """The words, and in words what is with them, and that they are another's."""
        return "\n".join(filter(None, (_PASSED_ON if self.is_passed_on else "", self.words, self.media)))

    @property
    def marks(self) -> list[Entity]:
        return [*self.entities, *self.caption_entities]

    @property
    def answered(self) -> Replied | None:
        """The message it answers. In a topic each message also points to the one that opened the topic."""
        to = self.reply_to_message
        opened = self.is_topic_message and to is not None and to.message_id == self.message_thread_id
        return None if opened else to

    @property
    def at(self) -> datetime:
        return _moment(self.date) or datetime.now(UTC)

    @property
    def edited_at(self) -> datetime | None:
        return _moment(self.edit_date)

    def stretches(self, kind: str) -> list[str]:
        """The parts of the text that Telegram marked as this."""
        units = self.words.encode("utf-16-le", "surrogatepass")
        found = (units[one.offset * 2 : (one.offset + one.length) * 2] for one in self.marks if one.type == kind)
        return [part.decode("utf-16-le", "replace") for part in found]


def _moment(seconds: int | None) -> datetime | None:
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


class Update(_Told):
    """Something that happened. What we did not ask for has neither of the two."""

    update_id: int
    message: Any = None
    edited_message: Any = None


class Waiting(_Told):
    """What Telegram says about the delivery of updates; `url` is where they go instead of to us."""

    url: str = ""
    pending_update_count: int


class Said(_Told):
    """What was sent, as it stands in its chat."""

    message_id: int
    chat: Chat
    date: int | None = None


def read(kind: type[Kind], told: object) -> Kind:
    """A result as what it should be; ChannelUnavailable when it is something else."""
    return read_from("Telegram", kind, told)


def readable(kind: type[Kind], told: object) -> Kind | None:
    """The same where nothing depends on it."""
    try:
        return kind.model_validate(told)
    except ValidationError:
        return None


class Views:
    """Makes mentions of messages for one bot: who wrote it, whether it addresses us, where it stands."""

    def __init__(self, channel: str, me: Person, voices: tuple[str, ...]) -> None:
        self._channel, self._me = channel, me
        self._ours = frozenset(account.lower().lstrip("@") for account in voices)

    def is_heard(self, message: Message) -> bool:
        """Whether a person says something: no machine, no gesture, no notice about the chat."""
        sender, chat = message.sender, message.sender_chat
        # a bot stands in for who speaks in a chat's name: a person as their channel is heard, the group itself is not
        speaks_for_itself = chat is None and sender is not None and sender.is_bot
        is_group_itself = chat is not None and chat.id == message.chat.id
        if speaks_for_itself or is_group_itself or message.is_automatic_forward:
            return False
        # in a group the button says whom it starts: /start@zarapito_bot
        pressed_start = message.words.partition(" ")[0].partition("@")[0] == _START
        return bool(message.words or message.media) and not pressed_start

    def mention(self, message: Message, *, backfilled: bool) -> Mention:
        author = self._author(message)
        answered = message.answered
        return Mention(
            channel=self._channel,
            external_id=message.external_id,
            author=author,
            text=clean(message.told),
            posted_at=message.at,
            edited_at=message.edited_at,
            thread_id=_thread(message),
            in_reply_to=f"{message.chat.id}/{answered.message_id}" if answered else None,
            url=_link(message),
            visibility=Visibility.PRIVATE if message.chat.is_private else Visibility.PUBLIC,
            language_hint=_language(message.sender),
            summoned=message.chat.is_private or self._addresses_us(message),
            backfilled=backfilled,
            by_brand=self._is_the_brand(message),
        )

    def _is_the_brand(self, message: Message) -> bool:
        """By username, which is one account's alone: anybody may take its name as their own or as their channel's."""
        who = message.sender_chat or message.sender
        return who is not None and bool(who.username) and who.username.lower() in self._ours

    def _addresses_us(self, message: Message) -> bool:
        """Whether a message in a group names us, calls one of our commands or answers us."""
        answered, mine = message.answered, f"@{self._me.username}".lower()
        if answered is not None and answered.sender is not None and answered.sender.id == self._me.id:
            return True
        if any(one.user is not None and one.user.id == self._me.id for one in message.marks):
            return True
        named = (*message.stretches("mention"), *message.stretches("bot_command"))
        return bool(self._me.username) and any(part.lower().endswith(mine) for part in named)

    def _author(self, message: Message) -> Handle:
        who = message.sender_chat or message.sender
        if who is None:
            # in a private chat there is only one it can be; elsewhere two people without a name are two
            account = str(message.chat.id) if message.chat.is_private else f"unknown-{message.external_id}"
            return Handle(channel=self._channel, account_id=account, name=account)
        shown = who.shown if isinstance(who, Person) else (who.username or who.title)
        name = clean(shown, limit=100) or str(who.id)
        return Handle(channel=self._channel, account_id=str(who.id), name=name)


def _in_words(given: Mapping[str, Any]) -> str:
    """What a message is beside its words; empty when it is nothing else."""
    for kind, (name, field) in _MEDIA.items():
        if kind in given:
            inner = given[kind]
            more = inner.get(field) if field and isinstance(inner, dict) else None
            return f"[{name}: {more}]" if isinstance(more, str) and more else f"[{name}]"
    return ""


def _thread(message: Message) -> str | None:
    """A private chat is one conversation; in a group a topic is, or what began with a message and its answers."""
    if message.chat.is_private:
        return str(message.chat.id)
    if message.message_thread_id is not None:
        return f"{message.chat.id}/{message.message_thread_id}"
    return f"{message.chat.id}/{message.answered.message_id}" if message.answered else None


def _link(message: Message) -> str | None:
    """Where members of the group can see it; there is no address for what is said in private or in a basic group."""
    chat = message.chat
    if chat.username:
        return f"https://t.me/{chat.username}/{message.message_id}" if not chat.is_private else None
    number = str(chat.id)
    if number.startswith(_PRIVATE_GROUP):
        return f"https://t.me/c/{number.removeprefix(_PRIVATE_GROUP)}/{message.message_id}"
    return None


def _language(sender: Person | None) -> str | None:
    """The language of the person's app."""
    code = sender.language_code.partition("-")[0].lower() if sender else ""
    return code if len(code) == 2 else None
