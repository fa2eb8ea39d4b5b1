"""What exists on Telegram: people, chats, messages, and the queue of updates that waits for one bot."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Any

Json = dict[str, Any]

GROUP_ANONYMOUS_BOT = 1087968824
CHANNEL_BOT = 136817688
SERVICE = 777000


@dataclass(frozen=True, kw_only=True)
class User:
    id: int
    username: str
    is_bot: bool = False
    language_code: str = "es"
    first_name: str = ""

    def shown(self) -> Json:
        named = {"username": self.username} if self.username else {}
        shown: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name or self.username.title()}
        return shown | named | {"language_code": self.language_code}


@dataclass(frozen=True, kw_only=True)
class Room:
    """A chat. A private one has the id of its person."""

    id: int
    type: str
    title: str = ""
    username: str = ""
    first_name: str = ""

    def shown(self) -> Json:
        return {name: value for name, value in vars(self).items() if value}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A message. `about` are the fields of the Bot API beside the usual ones."""

    id: int
    room: Room
    author: User
    text: str
    date: int
    edited: int | None = None
    answers: int | None = None
    about: Json = field(default_factory=dict)


@dataclass
class World:
    """`updates` are those that nobody has confirmed yet."""

    bot: User
    users: dict[str, User] = field(default_factory=dict)
    rooms: dict[int, Room] = field(default_factory=dict)
    lines: dict[tuple[int, int], Line] = field(default_factory=dict)
    gone: set[tuple[int, int]] = field(default_factory=set)
    moved: dict[int, int] = field(default_factory=dict)
    updates: list[Json] = field(default_factory=list)
    next_update: int = 880_000_001
    _last_line: int = 40

    def person(self, username: str, **about: Any) -> User:
        """The account of this name, made when it is not there."""
        if username not in self.users:
            self.users[username] = User(id=50_000_001 + len(self.users), username=username, **about)
        return self.users[username]

    def private(self, user: User) -> Room:
        """The chat of a person with the bot."""
        return self._kept(Room(id=user.id, type="private", username=user.username, first_name=user.username.title()))

    def group(self, number: int = 1, *, username: str = "", kind: str = "supergroup") -> Room:
        """A group with the bot in it."""
        chat_id = int(f"-100{1_500_000_000 + number}") if kind == "supergroup" else -4_000_000 - number
        return self._kept(Room(id=chat_id, type=kind, title=f"Grupo {number}", username=username))

    def write(
        self, author: User, room: Room, text: str, *, ago: int = 0, answers: int | None = None, **about: Any
    ) -> Line:
        """Somebody writes; what the bot writes itself it is not told of."""
        self._last_line += 1
        line = Line(
            id=self._last_line,
            room=room,
            author=author,
            text=text,
            date=int(time.time()) - ago,
            answers=answers,
            about=about,
        )
        self.lines[room.id, line.id] = line
        if author != self.bot:
            self._tell("message", line)
        return line

    def edit(self, room: int, line: int, text: str) -> Line:
        changed = replace(self.lines[room, line], text=text, edited=int(time.time()))
        self.lines[room, line] = changed
        self._tell("edited_message", changed)
        return changed

    def migrate(self, group: Room, number: int = 1) -> Room:
        """A group grows into a supergroup: another chat, in which what was said has other numbers."""
        grown = self.group(number)
        self.moved[group.id] = grown.id
        return grown

    def delete(self, room: int, line: int) -> None:
        """Nobody is told."""
        self.gone.add((room, line))

    def shown(self, line: Line, *, deep: bool = True) -> Json:
        """A message as an update holds it; the one it answers stands in it, but not what that one answered."""
        shown: Json = {
            "message_id": line.id,
            "from": line.author.shown(),
            "chat": line.room.shown(),
            "date": line.date,
        }
        if line.edited is not None:
            shown["edit_date"] = line.edited
        answered = self.lines.get((line.room.id, line.answers or 0))
        if deep and answered is not None:
            shown["reply_to_message"] = self.shown(answered, deep=False)
        if line.text:
            shown["text"] = line.text
        return shown | line.about

    def tell(self, kind: str, about: object) -> None:
        """Put an update into the queue."""
        self.updates.append({"update_id": self.next_update, kind: about})
        self.next_update += 1

    def _tell(self, kind: str, line: Line) -> None:
        self.tell(kind, self.shown(line))

    def _kept(self, room: Room) -> Room:
        return self.rooms.setdefault(room.id, room)
