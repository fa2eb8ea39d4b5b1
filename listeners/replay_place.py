"""Where a recording was left: how many of its lines were gone through, and which of these could not be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)

MOST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The cursor: `120`, or `120 7 9` where lines 7 and 9 of the 120 have still to be heard, once somebody mends them.

    So many are remembered, the first: a file of something else would have no end of them.
    """

    lines: int = 0
    unread: frozenset[int] = frozenset()

    @classmethod
    def read(cls, cursor: str | None) -> Place:
        """A cursor that is not ours (the name was another channel's) is none."""
        try:
            lines, *unread = map(int, (cursor or "0").split())
        except ValueError:
            log.warning("the cursor of a recording cannot be read; starting anew", cursor=cursor)
            return cls()
        return cls(lines=lines, unread=frozenset(unread))

    def written(self) -> str:
        return " ".join(map(str, (self.lines, *sorted(self.unread)[:MOST])))

    def has_heard(self, line: int) -> bool:
        return line <= self.lines and line not in self.unread

    def after(self, line: int, unread: Iterable[int]) -> Place:
        """The place once every line up to this one is kept, but for those that could not be read."""
        to_come = frozenset(other for other in self.unread if other > line)
        return Place(lines=max(self.lines, line), unread=to_come.union(unread))
