"""Where listening on Telegram resumes: for which bot, which update is next, and how many that follow are history."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The cursor. Asking from `offset` confirms what is before it, so it is asked for only once that is kept.

    `bot` is the id of whose it is: numbers mean something to one bot only. `history` counts the updates that had been
    waiting at the first start, `began`, and have not come yet. `moved` are the new ids of groups that were told to be
    heard under older ones.
    """

    bot: int
    began: datetime
    offset: int = 0
    history: int = 0
    moved: tuple[str, ...] = ()

    @classmethod
    def read(cls, cursor: str | None, bot: int) -> Place | None:
        """None at a first start; a cursor of another bot, or of another channel that had the name, is one."""
        if cursor is None:
            return None
        try:
            kept = json.loads(cursor)
            began = datetime.fromisoformat(kept["began"])
            moved = tuple(map(str, kept.get("moved", ())))
            # earlier versions did not tell whose it was
            whose = int(kept.get("bot", bot))
            offset, history = int(kept["offset"]), int(kept["history"])
            place = cls(bot=whose, began=began, offset=offset, history=history, moved=moved)
        except (ValueError, TypeError, KeyError, AttributeError):
            log.warning("the cursor of Telegram cannot be read; starting anew", cursor=cursor)
            return None
        if place.bot != bot:
            log.warning("the cursor of Telegram is that of another bot; starting anew", bot=place.bot)
            return None
        return place

    def written(self) -> str:
        kept = {"bot": self.bot, "began": self.began.isoformat(), "offset": self.offset, "history": self.history}
        return json.dumps({**kept, "moved": self.moved})

    def with_group(self, moved: str) -> Place:
        """Hear this group too."""
        return replace(self, moved=tuple(dict.fromkeys([*self.moved, moved])))

    def after(self, updates: Sequence[int]) -> Place:
        """The place once these have been kept.

        Ids may start anew, and lower, after a week of silence: the last that came counts, not the highest ever.
        """
        if not updates:
            # some of what was waiting is gone: Telegram keeps it for a day
            return replace(self, history=0)
        return replace(self, offset=max(updates) + 1, history=max(self.history - len(updates), 0))
