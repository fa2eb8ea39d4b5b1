"""Where reading a mailbox resumes: by the numbers that the server gives to mails, as long as it keeps to them."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The cursor. `upcoming` is the lowest number not read yet, of those given out under `validity`.

    `folder` is which one, and in whose mailbox: numbers mean something there only. Mails with numbers below `began`, or
    that arrived before `started`, were there at the first start: history. `seen` is when the newest mail that was read
    arrived. When the server numbers anew, `seen` is where reading goes on, for the numbers below `dated`,
    which were given out by then.
    """

    folder: str
    validity: int
    upcoming: int
    began: int
    started: datetime
    seen: datetime
    dated: int = 0

    @classmethod
    def read(cls, cursor: str | None, folder: str) -> Place | None:
        """None at a first start, which a cursor of another folder is too, or of another channel that had the name."""
        if cursor is None:
            return None
        try:
            kept = json.loads(cursor)
            place = cls(
                # earlier versions did not tell whose it was
                folder=str(kept.get("folder", folder)),
                validity=int(kept["validity"]),
                upcoming=int(kept["upcoming"]),
                began=int(kept["began"]),
                started=datetime.fromisoformat(kept["started"]).astimezone(UTC),
                seen=datetime.fromisoformat(kept["seen"]).astimezone(UTC),
                # earlier versions told by date for good once the server had numbered anew
                dated=int(kept.get("dated", 0)) or (0 if int(kept["began"]) else sys.maxsize),
            )
        except (ValueError, TypeError, KeyError, AttributeError):
            log.warning("the cursor of the mailbox cannot be read; starting anew")
            return None
        if place.folder != folder:
            log.warning("the cursor of the mailbox is that of another folder; starting anew", folder=place.folder)
            return None
        return place

    def written(self) -> str:
        moments = {"started": self.started.isoformat(), "seen": self.seen.isoformat()}
        return json.dumps({**asdict(self), **moments})

    def is_history(self, number: int, arrived: datetime) -> bool:
        # within one numbering the order is known; dates are whole seconds
        return number < self.began if self.began else number < self.dated and arrived < self.started

    def by_date(self, number: int) -> bool:
        """Whether only its date tells if a mail was read before."""
        return number < self.dated

    def renumbered(self, validity: int, upcoming: int) -> Place:
        """The server gave its mails new numbers, up to `upcoming`: what was read can be told by its date only."""
        log.warning("the mail server has numbered its mails anew; reading on by date", since=str(self.seen.date()))
        return replace(self, validity=validity, upcoming=1, began=0, dated=upcoming)

    def after(self, number: int, arrived: datetime) -> Place:
        """Behind this mail."""
        return replace(self, upcoming=max(self.upcoming, number + 1), seen=max(self.seen, arrived))
