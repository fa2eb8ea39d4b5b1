"""What exists on the server of Discord: people, guilds, rooms and messages, and what happens to them."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum, IntFlag
from typing import Any

EPOCH_MS = 1_420_070_400_000


class Permission(IntFlag):
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    CONNECT = 1 << 20
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38
    PIN_MESSAGES = 1 << 51


NOTHING = Permission(0)
EVERYBODYS = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.CONNECT
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)


class Kind(IntEnum):
    """What kind of room a channel is."""

    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15

    @property
    def is_thread(self) -> bool:
        return self in {Kind.ANNOUNCEMENT_THREAD, Kind.PUBLIC_THREAD, Kind.PRIVATE_THREAD}

    @property
    def holds_messages(self) -> bool:
        return self not in {Kind.CATEGORY, Kind.FORUM}


class Says(IntEnum):
    """What kind of message it is."""

    DEFAULT = 0
    USER_JOIN = 7
    REPLY = 19
    THREAD_STARTER = 21


@dataclass(kw_only=True)
class User:
    """`closed_to` are those whose direct messages Discord does not deliver to them."""

    id: str
    username: str
    bot: bool = False
    closed_to: set[str] = field(default_factory=set)


@dataclass(kw_only=True)
class Role:
    """Who may not mention everyone pings it only if it is `mentionable`."""

    id: str
    name: str
    permissions: Permission = NOTHING
    bot_id: str | None = None
    mentionable: bool = False


@dataclass(kw_only=True)
class Overwrite:
    """What a room allows and denies beside the roles; `member` says whether its target is a person or a role."""

    target: str
    member: bool
    allow: Permission = NOTHING
    deny: Permission = NOTHING


@dataclass(kw_only=True)
class Guild:
    """`away` while Discord itself has lost it."""

    id: str
    name: str
    owner_id: str
    away: bool = False
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)


@dataclass(kw_only=True)
class Room:
    """A channel of any kind. `about` is what Discord remembers and shows, and what changes nothing here."""

    id: str
    kind: Kind
    name: str = ""
    guild_id: str | None = None
    parent_id: str | None = None
    owner_id: str | None = None
    overwrites: list[Overwrite] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    members: set[str] = field(default_factory=set)
    last_message_id: str | None = None
    messages_sent: int = 0
    archived: bool = False
    locked: bool = False
    archive_at: float = 0.0
    archive_after: int = 1440
    topic: str | None = None
    position: int = 0
    tags: list[dict[str, Any]] = field(default_factory=list)
    applied_tags: list[str] = field(default_factory=list)
    renamed_at: list[float] = field(default_factory=list)
    flags: int = 0
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(kw_only=True)
class Message:
    """`pings` is who was disturbed by it; `allowed_mentions` what its author asked for, None when nothing."""

    id: str
    room_id: str
    author_id: str
    content: str
    kind: Says = Says.DEFAULT
    edited_at: float | None = None
    nonce: str | None = None
    answers: str | None = None
    mentions: list[str] = field(default_factory=list)
    mention_roles: list[str] = field(default_factory=list)
    mention_everyone: bool = False
    webhook_id: str | None = None
    attachments: list[dict[str, Any]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    allowed_mentions: dict[str, Any] | None = None
    pings: set[str] = field(default_factory=set)
    pinned_at: float | None = None


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that the gateway tells: the event's name, the room, and what it is about (a message, a room, ids)."""

    event: str
    room: Room
    about: Any


@dataclass(frozen=True, kw_only=True)
class News:
    """Something about a guild as a whole: the event's name, and the role or person, if it is about one."""

    event: str
    guild: Guild
    about: Any = None


def moment(snowflake: str) -> float:
    """Seconds since 1970 at which an id was given out."""
    return ((int(snowflake) >> 22) + EPOCH_MS) / 1000


def stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat(timespec="microseconds")


@dataclass
class World:
    """`hear` is called with everything that happens."""

    hear: Callable[[Happening | News], None] = lambda _: None
    users: dict[str, User] = field(default_factory=dict)
    guilds: dict[str, Guild] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    messages: dict[str, dict[str, Message]] = field(default_factory=dict)
    _serial: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _last_ms: int = 0

    # --- people and places ---

    def user(self, username: str, *, bot: bool = False) -> User:
        """The account of this name, made when it is not there."""
        for one in self.users.values():
            if one.username == username:
                return one
        made = User(id=self.snowflake(), username=username, bot=bot)
        self.users[made.id] = made
        return made

    def guild(self, name: str, owner: User) -> Guild:
        guild = Guild(id=self.snowflake(), name=name, owner_id=owner.id)
        # the role of everybody has the guild's own id
        guild.roles[guild.id] = Role(id=guild.id, name="@everyone", permissions=EVERYBODYS)
        self.guilds[guild.id] = guild
        self.join(guild, owner)
        return guild

    def join(self, guild: Guild, user: User, *roles: Role) -> None:
        """Somebody comes, or has other roles from now on."""
        event = "GUILD_MEMBER_UPDATE" if user.id in guild.members else "GUILD_MEMBER_ADD"
        guild.members[user.id] = [role.id for role in roles]
        self.hear(News(event=event, guild=guild, about=user))

    def leave(self, guild: Guild, user: User) -> None:
        """Somebody goes, or is shown the door."""
        del guild.members[user.id]
        self.hear(News(event="GUILD_MEMBER_REMOVE", guild=guild, about=user))

    def lose(self, guild: Guild) -> None:
        """Discord has trouble with it, until `find_again`."""
        guild.away = True
        self.hear(News(event="GUILD_DELETE", guild=guild))

    def find_again(self, guild: Guild) -> None:
        guild.away = False
        self.hear(News(event="GUILD_CREATE", guild=guild))

    def role(
        self,
        guild: Guild,
        name: str,
        permissions: Permission = NOTHING,
        *,
        bot: User | None = None,
        mentionable: bool = False,
    ) -> Role:
        bot_id = bot.id if bot else None
        made = Role(id=self.snowflake(), name=name, permissions=permissions, bot_id=bot_id, mentionable=mentionable)
        guild.roles[made.id] = made
        self.hear(News(event="GUILD_ROLE_CREATE", guild=guild, about=made))
        return made

    def change_role(self, guild: Guild, role: Role, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(role, name, value)
        self.hear(News(event="GUILD_ROLE_UPDATE", guild=guild, about=role))

    def remove_role(self, guild: Guild, role: Role) -> None:
        del guild.roles[role.id]
        for held in guild.members.values():
            held[:] = [one for one in held if one != role.id]
        self.hear(News(event="GUILD_ROLE_DELETE", guild=guild, about=role))

    def room(
        self, guild: Guild, name: str, kind: Kind = Kind.TEXT, *, parent: Room | None = None, **about: Any
    ) -> Room:
        parent_id = parent.id if parent else None
        made = self._keep(
            Room(id=self.snowflake(), kind=kind, name=name, guild_id=guild.id, parent_id=parent_id, **about)
        )
        self._tell("CHANNEL_CREATE", made, made)
        return made

    def forum_post(self, forum: Room, name: str, owner: User, *, tags: list[str], archive_after: int) -> Room:
        """A thread of a forum; the message that it begins with is posted next, and has its id."""
        return self._keep(
            Room(
                id=self.snowflake(),
                kind=Kind.PUBLIC_THREAD,
                name=name,
                guild_id=forum.guild_id,
                parent_id=forum.id,
                owner_id=owner.id,
                members={owner.id},
                archive_at=time.time(),
                archive_after=archive_after,
                applied_tags=tags,
            )
        )

    def announce(self, thread: Room) -> None:
        """A forum post is there, with its first message."""
        self._tell("THREAD_CREATE", thread, thread)

    def thread(
        self, parent: Room, name: str, owner: User, *, of: Message | None = None, at: float | None = None
    ) -> Room:
        """One started from a message has that message's id."""
        kind = Kind.ANNOUNCEMENT_THREAD if parent.kind is Kind.ANNOUNCEMENT else Kind.PUBLIC_THREAD
        made = self._keep(
            Room(
                id=of.id if of else self.snowflake(at),
                kind=kind,
                name=name,
                guild_id=parent.guild_id,
                parent_id=parent.id,
                owner_id=owner.id,
                members={owner.id},
                archive_at=time.time(),
            )
        )
        self._tell("THREAD_CREATE", made, made)
        if of is not None:
            self.post(made, owner, "", kind=Says.THREAD_STARTER, answers=of.id)
        return made

    def dm(self, one: User, other: User) -> Room:
        """The room of two people, made when it is not there."""
        for room in self.rooms.values():
            if room.kind is Kind.DM and set(room.recipients) == {one.id, other.id}:
                return room
        return self._keep(Room(id=self.snowflake(), kind=Kind.DM, recipients=[one.id, other.id]))

    def change(self, room: Room, **changes: Any) -> None:
        """Rename, archive or lock it."""
        if "archived" in changes and changes["archived"] != room.archived:
            room.archive_at = time.time()
        for name, value in changes.items():
            setattr(room, name, value)
        self._tell("THREAD_UPDATE" if room.kind.is_thread else "CHANNEL_UPDATE", room, room)

    def remove(self, room: Room) -> None:
        """With its threads; what stood in a category stays."""
        for child in [one for one in self.rooms.values() if one.parent_id == room.id]:
            if child.kind.is_thread:
                del self.rooms[child.id]
                self.messages.pop(child.id, None)
            else:
                self.change(child, parent_id=None)
        del self.rooms[room.id]
        self.messages.pop(room.id, None)
        self._tell("THREAD_DELETE" if room.kind.is_thread else "CHANNEL_DELETE", room, room)

    # --- what is said ---

    def post(self, room: Room, author: User, content: str, *, at: float | None = None, **about: Any) -> Message:
        """Something is said, by anybody, at any time; whether they may is not asked here."""
        answers = about.get("answers")
        kind = about.pop("kind", Says.REPLY if answers else Says.DEFAULT)
        # the first message of a forum post has the post's own id
        number = about.pop("id", None) or self.snowflake(at)
        made = Message(id=number, room_id=room.id, author_id=author.id, content=content, kind=kind, **about)
        self.messages[room.id][made.id] = made
        if room.last_message_id is None or int(made.id) > int(room.last_message_id):
            room.last_message_id = made.id
        room.messages_sent += 1
        if room.archived:
            self.change(room, archived=False)
        self._tell("MESSAGE_CREATE", room, made)
        return made

    def edit(self, message: Message, content: str, **changes: Any) -> None:
        message.content, message.edited_at = content, time.time()
        for name, value in changes.items():
            setattr(message, name, value)
        self._tell("MESSAGE_UPDATE", self.rooms[message.room_id], message)

    def touch(self, message: Message, **changes: Any) -> None:
        """Something about it changes, and not what it says."""
        for name, value in changes.items():
            setattr(message, name, value)
        self._tell("MESSAGE_UPDATE", self.rooms[message.room_id], message)

    def delete(self, *messages: Message) -> None:
        """One, or several of a room at once."""
        room = self.rooms[messages[0].room_id]
        for message in messages:
            del self.messages[room.id][message.id]
        if len(messages) == 1:
            self._tell("MESSAGE_DELETE", room, messages[0].id)
        else:
            self._tell("MESSAGE_DELETE_BULK", room, [message.id for message in messages])

    def find(self, message_id: str) -> Message:
        return next(kept[message_id] for kept in self.messages.values() if message_id in kept)

    def history(self, room: Room) -> list[Message]:
        """Newest first."""
        return sorted(self.messages.get(room.id, {}).values(), key=lambda one: int(one.id), reverse=True)

    def rooms_of(self, guild: Guild) -> list[Room]:
        return [room for room in self.rooms.values() if room.guild_id == guild.id]

    # --- who may do what ---

    def permissions_in(self, guild: Guild, user: User) -> Permission:
        """What somebody may do in the guild as a whole."""
        if user.id not in guild.members:
            return NOTHING
        base = NOTHING
        for role in (guild.id, *guild.members[user.id]):
            base |= guild.roles[role].permissions
        return ~NOTHING if user.id == guild.owner_id or Permission.ADMINISTRATOR in base else base

    def permissions(self, user: User, room: Room) -> Permission:
        """As Discord's documents compute it: roles, then the room's overwrites for all, for roles, for the member."""
        if room.kind is Kind.DM:
            return EVERYBODYS if user.id in room.recipients else NOTHING
        guild = self.guilds[room.guild_id or ""]
        base = self.permissions_in(guild, user)
        if base in {NOTHING, ~NOTHING}:
            return base
        held = [guild.id, *guild.members[user.id]]
        place = self.rooms.get(room.parent_id or "", room) if room.kind.is_thread else room
        for layer in _layers(place.overwrites, guild.id, held, user.id):
            deny, allow = NOTHING, NOTHING
            for each in layer:
                deny, allow = deny | each.deny, allow | each.allow
            base = (base & ~deny) | allow
        if room.kind is Kind.PRIVATE_THREAD and user.id not in room.members and Permission.MANAGE_THREADS not in base:
            return NOTHING
        return base if Permission.VIEW_CHANNEL in base else NOTHING

    def sees(self, user: User, room: Room) -> bool:
        return Permission.VIEW_CHANNEL in self.permissions(user, room)

    def snowflake(self, at: float | None = None) -> str:
        milliseconds = int((at if at is not None else time.time()) * 1000) - EPOCH_MS
        if at is None:
            milliseconds = self._last_ms = max(milliseconds, self._last_ms)
        return str((milliseconds << 22) | next(self._serial) & 0x3FFFFF)

    def _keep(self, room: Room) -> Room:
        self.rooms[room.id] = room
        self.messages.setdefault(room.id, {})
        return room

    def _tell(self, event: str, room: Room, about: Any) -> None:
        self.hear(Happening(event=event, room=room, about=about))


def _layers(overwrites: list[Overwrite], guild: str, roles: list[str], user: str) -> Iterator[list[Overwrite]]:
    yield [one for one in overwrites if one.target == guild]
    yield [one for one in overwrites if not one.member and one.target in roles and one.target != guild]
    yield [one for one in overwrites if one.member and one.target == user]
