"""Where listening on Matrix resumes: the homeserver's own token, whose account it is for, and when we began."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The cursor. A token is good for one account only; without one all is to come, and what is there is history."""

    account: str
    began: datetime
    since: str = ""

    @classmethod
    def read(cls, cursor: str | None, account: str) -> Place:
        """A cursor of another account, or of another channel that had the name, is a first start."""
        first = cls(account=account, began=datetime.now(UTC))
        if cursor is None:
            return first
        try:
            kept = json.loads(cursor)
            place = cls(account=kept["account"], since=kept["since"], began=datetime.fromisoformat(kept["began"]))
        except (ValueError, TypeError, KeyError):
            log.warning("the cursor of Matrix cannot be read; starting anew", cursor=cursor)
            return first
        if place.account != account:
            log.warning("the cursor of Matrix is that of another account; starting anew", account=place.account)
            return first
        return place

    def written(self) -> str:
        return json.dumps({"account": self.account, "since": self.since, "began": self.began.isoformat()})
