"""What one look at Reddit brought, from all its listings together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.domain.mention import Batch, Mention
from listeners.reddit_things import Thing


@dataclass(kw_only=True)
class Haul:
    """Mentions by name, edited ones in their last form, and the names of what is gone."""

    told: dict[str, Mention] = field(default_factory=dict)
    edited: dict[str, Mention] = field(default_factory=dict)
    gone: dict[str, None] = field(default_factory=dict)

    def take(self, thing: Thing, mention: Mention) -> None:
        """The first listing that shows it knows best how it was meant; only some tell of edits."""
        earlier = self.edited.get(thing.name) or self.told.get(thing.name)
        if earlier is not None:
            mention = replace(mention, summoned=earlier.summoned, backfilled=earlier.backfilled)
        (self.edited if thing.edited_at else self.told).setdefault(thing.name, mention)

    def watched(self, before: tuple[str, ...]) -> tuple[str, ...]:
        """What is to be looked up again, oldest first."""
        heard = [mention.external_id for mention in _as_written({**self.told, **self.edited})]
        return tuple(one for one in dict.fromkeys([*before, *heard]) if one not in self.gone)

    def batch(self, cursor: str) -> Batch:
        fresh = {one: mention for one, mention in self.told.items() if one not in self.edited}
        return Batch(
            mentions=_as_written(fresh), edits=_as_written(self.edited), deletions=tuple(self.gone), cursor=cursor
        )


def _as_written(heard: Mapping[str, Mention]) -> tuple[Mention, ...]:
    """Oldest first. Reddit tells no less than seconds, and lists the newest first."""
    newest_first = sorted(heard.values(), key=lambda mention: mention.posted_at, reverse=True)
    return tuple(reversed(newest_first))
