"""What the gateway told of each room, so that polling watches it too; no more than was said lately."""

from __future__ import annotations

from collections.abc import Iterable

from listeners.discord_place import Place

_POSTS = 60
_ROOMS = 500


class Memory:
    """Messages by room, private rooms, and rooms that were taken away, of which more may have been told than this."""

    def __init__(self) -> None:
        self._doubtful: set[str] = set()
        self._told: dict[str, dict[str, None]] = {}
        self._private: dict[str, None] = {}

    def told(self, post: str, room: str, *, private: bool) -> None:
        """A message was told live."""
        posts = self._told.setdefault(room, {})
        posts[post] = None
        if len(posts) > _POSTS:
            posts.pop(next(iter(posts)))
        if len(self._told) > _ROOMS:
            self._told.pop(next(iter(self._told)))
        if private:
            self._private.pop(room, None)
            self._private[room] = None

    def doubtful(self) -> tuple[str, ...]:
        """Rooms to look for once more."""
        return tuple(self._doubtful)

    def looked_for(self, rooms: Iterable[str]) -> None:
        """These were looked for."""
        self._doubtful -= set(rooms)

    def knows(self, post: str, room: str) -> bool:
        return post in self._told.get(room, {})

    def took_away(self, room: str) -> list[str]:
        """A room is gone; the messages that were told of it."""
        self._doubtful.add(room)
        self._private.pop(room, None)
        return list(self._told.pop(room, {}))

    def forget(self, posts: Iterable[str]) -> None:
        """These are gone."""
        for post in posts:
            for told in self._told.values():
                told.pop(post, None)

    def into(self, place: Place) -> Place:
        """The place with what was told live."""
        for room, posts in self._told.items():
            place = place.looked(room, seen=None, told=posts, gone=())
        for room in self._private:
            place = place.met(room)
        return place
