"""Which rooms of a guild there are, and which of them are listened to: the chosen ones, and the threads in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Annotated, Any

from discord.http import HTTPClient
from discord.utils import time_snowflake

from bot.domain.errors import ChannelUnavailable
from listeners.answers import readable
from listeners.discord_posts import Lenient, Snowflake, Told
from listeners.discord_wire import asked, asked_if_there

_PAGE, _PAGES = 100, 10
_CATEGORY, _FORUM, _MEDIA = 4, 15, 16
_THREADS = frozenset({10, 11, 12})
_WITHOUT_MESSAGES = frozenset({_CATEGORY, _FORUM, _MEDIA})


class Room(Told):
    """A channel of any kind. `type` None is one of which that is not told."""

    id: Snowflake
    type: Annotated[int | None, Lenient] = None
    name: Annotated[str | None, Lenient] = None
    parent_id: Annotated[Snowflake | None, Lenient] = None
    last_message_id: Annotated[Snowflake | None, Lenient] = None

    @property
    def is_thread(self) -> bool:
        return self.type in _THREADS

    @property
    def holds_messages(self) -> bool:
        return self.type not in _WITHOUT_MESSAGES

    @property
    def tells_its_newest(self) -> bool:
        """Whether it is known what the newest message is."""
        return self.last_message_id is not None

    @property
    def newest(self) -> int:
        """The newest message; as old as the room while there is none."""
        return int(self.last_message_id or self.id)


class Rooms:
    """All that is known of a guild's rooms, from whoever tells it. `chosen` are ids, and names with or without `#`.

    `closed` are ids of rooms that are not listened to, whoever is called there: more may be added to them later.
    """

    def __init__(self, chosen: Iterable[str], *, closed: Collection[str] = ()) -> None:
        self._chosen = [one.strip().lstrip("#").lower() for one in chosen]
        self._closed = closed
        self._rooms: dict[str, Room] = {}

    def learn(self, rows: Any) -> None:  # noqa: ANN401 - as it came
        """These exist, and look like this now."""
        for room in readable(Room, rows):
            self._rooms[room.id] = room

    def forget(self, room: str) -> None:
        self._rooms.pop(room, None)

    def __getitem__(self, room: str) -> Room:
        return self._rooms[room]

    def __contains__(self, room: str) -> bool:
        return room in self._rooms

    def __iter__(self) -> Iterator[Room]:
        return iter(tuple(self._rooms.values()))

    def is_chosen(self, room: str) -> bool:
        """It, the channel it is a thread of, or the category that holds it."""
        if self.is_closed(room):
            return False
        return any(one.id in self._chosen or (one.name or "").lower() in self._chosen for one in self._above(room))

    def is_closed(self, room: str) -> bool:
        """Nothing that is said in it, or in a thread of it, is for us."""
        return room in self._closed or any(one.id in self._closed for one in self._above(room))

    def chosen(self) -> list[Room]:
        """Where all that is said is heard."""
        return [room for room in self if room.holds_messages and self.is_chosen(room.id)]

    def parents(self) -> list[Room]:
        """Chosen channels that can have threads."""
        return [room for room in self if not room.is_thread and room.type != _CATEGORY and self.is_chosen(room.id)]

    def name(self, room: str) -> str:
        found = self._rooms.get(room)
        return (found.name if found else None) or "channel"

    def newest(self) -> int:
        """The newest message anywhere; the present while there is no room."""
        numbers = [room.newest for room in self if room.holds_messages]
        return max(numbers) if numbers else time_snowflake(datetime.now(UTC))

    def missing(self) -> list[str]:
        """What was chosen and does not exist, with what may have been meant."""
        known = {one.id for one in self} | {(one.name or "").lower() for one in self}
        names = sorted({one.name for one in self if one.name})
        lost = [one for one in self._chosen if one not in known]
        return [
            one + "".join(f" (did you mean {near}?)" for near in get_close_matches(one, names, n=1)) for one in lost
        ]

    def _above(self, room: str) -> Iterator[Room]:
        """The room, what it is in, and what that is in."""
        seen: set[str] = set()
        at: str | None = room
        while at is not None and at in self._rooms and at not in seen:
            seen.add(at)
            yield self._rooms[at]
            at = self._rooms[at].parent_id


async def ask_for_rooms(http: HTTPClient, guild: str, rooms: Rooms) -> None:
    """All rooms and active threads, and the archived thread that was chosen by its id."""
    channels = await asked(http.get_all_guild_channels(guild))
    if not isinstance(channels, list):
        message = "what Discord sent cannot be read (no list of channels)"
        raise ChannelUnavailable(message)
    rooms.learn(channels)
    answer = await asked_if_there(http.get_active_threads(guild))
    rooms.learn(_threads(answer))
    for lost in rooms.missing():
        if lost.isdigit():
            rooms.learn([await asked_if_there(http.get_channel(lost))])


async def ask_for_archived_threads(http: HTTPClient, rooms: Rooms, *, since: datetime) -> None:
    """Threads in chosen channels that were put away since then: something may have been said in them before."""
    for parent in rooms.parents():
        before: str | None = None
        for _ in range(_PAGES):
            answer = await asked_if_there(http.get_public_archived_threads(parent.id, before, _PAGE))
            threads = _threads(answer)
            rooms.learn(threads)
            before = min((put_away for thread in threads if (put_away := _put_away(thread))), default=None)
            if before is None or datetime.fromisoformat(before) < since or not _has_more(answer):
                break


def _threads(answer: object) -> list[Any]:
    found = answer.get("threads") if isinstance(answer, dict) else None
    return found if isinstance(found, list) else []


def _has_more(answer: object) -> bool:
    return isinstance(answer, dict) and answer.get("has_more") is True


def _put_away(thread: Any) -> str | None:  # noqa: ANN401 - as it came
    try:
        moment: str = thread["thread_metadata"]["archive_timestamp"]
        return moment if datetime.fromisoformat(moment).tzinfo else None
    except (LookupError, TypeError, ValueError):
        return None
