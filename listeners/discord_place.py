"""Where listening on Discord resumes: how far each room is known, and which messages are watched for changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import structlog

log = structlog.get_logger(__name__)

# messages may turn up a little late, and clocks differ
OVERLAP = timedelta(seconds=95)
_OVERLAP_IN_IDS = int(OVERLAP.total_seconds() * 1000) << 22
_ROOMS = 1_600
_PRIVATE = 50
_WATCHED_IN_A_ROOM = 60
_WATCHED = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The cursor of polling.

    `began` is the newest message anywhere at the first look; `known` the newest at the last one that missed nothing.
    `seen` is the message of a room behind which nothing new can appear; `private` are rooms with one person, newest
    last; `watched` what was told of each room and may still be edited or deleted.
    """

    began: int = 0
    known: int = 0
    seen: Mapping[str, int] = field(default_factory=dict)
    private: tuple[str, ...] = ()
    watched: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, cursor: str | None) -> Place | None:
        """None at a first start; a cursor that is not ours (the name was another channel's) is a first start."""
        if cursor is None:
            return None
        try:
            kept = json.loads(cursor)
            return cls(
                began=int(kept["began"]),
                known=int(kept["known"]),
                seen={str(room): int(message) for room, message in kept["seen"].items()},
                private=tuple(map(str, kept["private"])),
                watched={str(room): tuple(map(str, posts)) for room, posts in kept["watched"].items()},
            )
        except (ValueError, TypeError, LookupError, AttributeError):
            log.warning("the cursor of Discord cannot be read; starting anew", cursor=cursor)
            return None

    def written(self) -> str:
        """No longer than it need be: of very many rooms those that were silent longest are left out."""
        newest = sorted(self.seen.items(), key=lambda item: item[1])[-_ROOMS:]
        return json.dumps(
            {
                "began": self.began,
                "known": self.known,
                "seen": {room: str(message) for room, message in newest},
                "private": list(self.private[-_PRIVATE:]),
                "watched": self._watched_newest(),
            }
        )

    def since(self, room: str, *, is_thread: bool) -> int | None:
        """What is newer is new. None for a channel that was there and was not listened to: there it begins now.

        Threads come and go with their archive, so one that turns up may hold what was said since the last look.
        """
        if room in self.seen:
            return self.seen[room]
        if int(room) > self.began:
            return int(room)
        return self.surely_known if is_thread else None

    @property
    def surely_known(self) -> int:
        """What is newer may be unknown, in rooms of which no more is kept: a mention that nobody heard."""
        return max(self.known - _OVERLAP_IN_IDS, 0)

    def looked(self, room: str, *, seen: int | None, told: Iterable[str], gone: Iterable[str]) -> Place:
        """After a look into a room; without `seen` it is not one that is listened to."""
        lost = set(gone)
        watched = dict.fromkeys([*self.watched.get(room, ()), *told])
        kept = tuple(post for post in watched if post not in lost)[-_WATCHED_IN_A_ROOM:]
        known = self.seen if seen is None else {**self.seen, room: seen}
        return replace(self, seen=known, watched={**self.watched, room: kept})

    def caught_up(self, newest: int) -> Place:
        """Nothing was missed up to here, anywhere."""
        return replace(self, known=max(self.known, newest))

    def met(self, room: str) -> Place:
        """Somebody writes in private."""
        return replace(self, private=(*(one for one in self.private if one != room), room))

    def without(self, room: str) -> Place:
        """The room is gone."""
        return replace(
            self,
            seen={one: message for one, message in self.seen.items() if one != room},
            private=tuple(one for one in self.private if one != room),
            watched={one: posts for one, posts in self.watched.items() if one != room},
        )

    def _watched_newest(self) -> dict[str, list[str]]:
        newest = sorted((int(post), room) for room, posts in self.watched.items() for post in posts)[-_WATCHED:]
        kept: dict[str, list[str]] = {}
        for post, room in newest:
            kept.setdefault(room, []).append(str(post))
        return kept
