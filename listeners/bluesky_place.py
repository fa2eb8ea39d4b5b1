"""Where listening on Bluesky resumes: how far each listing was read, and which posts are still watched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """How far one listing was read; Bluesky lists by time.

    What is not newer than `began`, the newest entry of the first look, is history. Before `settled` nothing can appear
    any more.
    """

    began: datetime | None
    settled: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where listening resumes: the cursor. `spots` are by the listing's name.

    `watched` are posts that are looked up again some hours after `checked`, since nobody tells of deletions.
    """

    spots: Mapping[str, Spot] = field(default_factory=dict)
    watched: tuple[str, ...] = ()
    checked: datetime | None = None

    @classmethod
    def read(cls, cursor: str | None) -> Place:
        """A cursor that is not ours (the name was another channel's) is a first start: history, and no answers."""
        if cursor is None:
            return cls()
        try:
            kept = json.loads(cursor)
            spots = {
                name: Spot(began=_moment(began), settled=_moment(settled))
                for name, (began, settled) in kept["spots"].items()
            }
            return cls(spots=spots, watched=tuple(kept["watched"]), checked=_moment(kept["checked"]))
        except (ValueError, TypeError, KeyError, AttributeError):
            log.warning("the cursor of Bluesky cannot be read; starting anew", cursor=cursor)
            return cls()

    def written(self) -> str:
        return json.dumps(
            {
                "spots": {name: [_told(spot.began), _told(spot.settled)] for name, spot in self.spots.items()},
                "watched": list(self.watched),
                "checked": _told(self.checked),
            }
        )


def _moment(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)


def _told(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
