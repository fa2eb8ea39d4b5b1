"""Where listening on Mastodon resumes: how far each listing was read, and which posts are still watched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """How far one listing was read.

    `began` is the newest id of its first look: that, and all before it, is history. Behind `settled` nothing can
    appear any more.
    """

    began: str
    settled: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where listening resumes: the cursor. `spots` are by the listing's name.

    `account` is whose it is, and on which server: numbers mean something there only. `watched` are posts that are
    looked up again some hours after `checked`, since nobody tells of every edit.
    """

    account: str
    spots: Mapping[str, Spot] = field(default_factory=dict)
    watched: tuple[str, ...] = ()
    checked: datetime | None = None

    @classmethod
    def read(cls, cursor: str | None, account: str) -> Place:
        """A cursor of another account, or of another channel that had the name, is a first start: no answers."""
        first = cls(account=account)
        if cursor is None:
            return first
        try:
            kept = json.loads(cursor)
            spots = {name: Spot(began=began, settled=settled) for name, (began, settled) in kept["spots"].items()}
            checked = datetime.fromisoformat(kept["checked"]) if kept["checked"] else None
            # earlier versions did not tell whose it was
            whose = str(kept.get("account", account))
            place = cls(account=whose, spots=spots, watched=tuple(kept["watched"]), checked=checked)
        except (ValueError, TypeError, KeyError, AttributeError):
            log.warning("the cursor of Mastodon cannot be read; starting anew", cursor=cursor)
            return first
        if place.account != account:
            log.warning("the cursor of Mastodon is that of another account; starting anew", account=place.account)
            return first
        return place

    def written(self) -> str:
        return json.dumps(
            {
                "account": self.account,
                "spots": {name: [spot.began, spot.settled] for name, spot in self.spots.items()},
                "watched": list(self.watched),
                "checked": self.checked and self.checked.isoformat(),
            }
        )
