"""Where reading feeds resumes: each one's stamp, and which entries it has shown in which words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import structlog

from listeners.feed_entries import Entry
from listeners.feed_wire import Stamp

log = structlog.get_logger(__name__)

_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far one feed has been read: entry by entry, since feeds change their order and their entries at will."""

    stamp: Stamp = field(default_factory=Stamp)
    known: Mapping[str, str] = field(default_factory=dict)

    def is_new(self, entry: Entry) -> bool:
        return entry.mark not in self.known

    def is_changed(self, entry: Entry) -> bool:
        return self.known.get(entry.mark, entry.imprint) != entry.imprint

    def after(self, stamp: Stamp, entries: Iterable[Entry]) -> Standing:
        """Remembers these too, and forgets those that were seen longest ago."""
        seen = {entry.mark: entry.imprint for entry in entries}
        earlier = {mark: words for mark, words in self.known.items() if mark not in seen}
        kept = list(earlier.items())[-max(_REMEMBERED - len(seen), 0) :] if len(seen) < _REMEMBERED else []
        return replace(self, stamp=stamp, known={**dict(kept), **seen})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The cursor: the standing of each feed by its address. A feed without one is looked at for the first time."""

    feeds: Mapping[str, Standing] = field(default_factory=dict)

    @classmethod
    def read(cls, cursor: str | None) -> Place:
        """A cursor that is not ours (the name was another channel's) is a first start: history."""
        if cursor is None:
            return cls()
        try:
            rows = json.loads(cursor)["feeds"]
            return cls(feeds={address: _standing(row) for address, row in rows.items()})
        except (ValueError, TypeError, KeyError, AttributeError):
            log.warning("the cursor of the feeds cannot be read; starting anew")
            return cls()

    def written(self) -> str:
        rows = {
            address: {"etag": one.stamp.etag, "modified": one.stamp.modified, "known": dict(one.known)}
            for address, one in self.feeds.items()
        }
        return json.dumps({"feeds": rows}, separators=(",", ":"))


def _standing(row: Mapping[str, object]) -> Standing:
    etag, modified, known = row["etag"], row["modified"], row["known"]
    if not isinstance(known, dict):
        raise TypeError(known)
    stamp = Stamp(etag=str(etag) if etag else None, modified=str(modified) if modified else None)
    return Standing(stamp=stamp, known={str(mark): str(words) for mark, words in known.items()})
