"""Where listening on Reddit resumes: how far each listing was read, what was before us, and which posts are watched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from listeners.reddit_things import Thing

log = structlog.get_logger(__name__)

# listings are caches, and what a moderator lets through stands where it was written
OVERLAP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """How far one listing was read: behind `settled` nothing can appear any more.

    `began` is the newest number of each kind at its first look: that, and all before it, is history.
    """

    settled: datetime
    began: Mapping[str, int] | None = None

    def was_there(self, thing: Thing) -> bool:
        """Whether it is older than our first look."""
        return thing.number <= (self.began or {}).get(thing.kind, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The cursor. `spots` are by the listing's name.

    `watched` are looked up again some hours after `checked`, since Reddit tells of no deletion and of few edits.
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
            return cls(
                spots={
                    name: Spot(settled=_moment(spot["settled"]), began={k: int(n) for k, n in spot["began"].items()})
                    for name, spot in kept["spots"].items()
                },
                watched=tuple(map(str, kept["watched"])),
                checked=_moment(kept["checked"]),
            )
        except (ValueError, TypeError, KeyError, AttributeError):
            log.warning("the cursor of Reddit cannot be read; starting anew", cursor=cursor)
            return cls()

    def written(self) -> str:
        return json.dumps(
            {
                "spots": {
                    name: {"settled": spot.settled.isoformat(), "began": dict(spot.began or {})}
                    for name, spot in self.spots.items()
                },
                "watched": list(self.watched),
                "checked": self.checked and self.checked.isoformat(),
            }
        )


@dataclass(kw_only=True)
class Look:
    """What the pages of one listing brought since `spot`. `whole` unless they contradicted themselves.

    Posts turn up in it as late as `overlap` after they were written.
    """

    spot: Spot
    overlap: timedelta = OVERLAP
    things: dict[str, Thing] = field(default_factory=dict)
    whole: bool = True

    def take(self, things: list[Thing]) -> bool:
        """Add a page; whether it brought anything new."""
        fresh = {thing.name: thing for thing in things if thing.name not in self.things}
        self.things |= fresh
        return bool(fresh)

    def is_behind(self, things: list[Thing]) -> bool:
        """Whether a page reaches to what has settled. Newest come first."""
        return any(thing.at < self.spot.settled for thing in things)

    @property
    def told(self) -> list[Thing]:
        """What is not settled yet. What was told before comes again: that is one mention."""
        return [thing for thing in self.things.values() if thing.at >= self.spot.settled]

    def after(self, now: datetime) -> Spot:
        """How far the listing was read now; by the clock of the newest where ours is ahead of it."""
        began = self.spot.began
        if began is None:
            began = {}
            for thing in self.things.values():
                began[thing.kind] = max(thing.number, began.get(thing.kind, 0))
        if not self.whole or not self.things:
            return Spot(settled=self.spot.settled, began=began)
        until = min(now, max(thing.at for thing in self.things.values())) - self.overlap
        old = [thing.at for thing in self.things.values() if thing.at <= until]
        return Spot(settled=max([*old, self.spot.settled]), began=began)


def _moment(told: str | None) -> datetime:
    return datetime.fromisoformat(told) if told else datetime.min.replace(tzinfo=UTC)
