"""Where in a guild the desk is, who may do what there, and the log-in it speaks through."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import discord

from bot.domain.agent import Rank


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCall:
    """A rank that somebody holds, and its roles; no rank and no role where nobody can be called."""

    rank: Rank | None = None
    roles: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Discord's ids. `forum` holds the cases; `ranks` says which role makes somebody what.

    `per_minute` is how many new cases get a post of their own within a minute; the others wait on one list.
    """

    guild: int
    forum: int
    alerts: int
    approvals: int
    voices: int
    digests: int
    ranks: Mapping[int, Rank]
    per_minute: int = 20

    @property
    def rooms(self) -> frozenset[int]:
        """All channels of the desk."""
        return frozenset({self.forum, self.alerts, self.approvals, self.voices, self.digests})

    def rank_of(self, roles: Collection[int]) -> Rank | None:
        """The highest rank that these roles give; None for who has no business at the desk."""
        held = [self.ranks[role] for role in roles if role in self.ranks]
        return max(held, key=lambda rank: rank.level, default=None)

    def on_call(self, held: Collection[int]) -> OnCall:
        """Whom to call when a lead is wanted: where nobody is just that, the lowest rank above. `held` are the roles
        that somebody has.
        """
        above = {role: rank for role, rank in self.ranks.items() if role in held and rank.level >= Rank.LEAD.level}
        nearest = min(above.values(), key=lambda rank: rank.level, default=None)
        return OnCall(rank=nearest, roles=tuple(role for role, rank in above.items() if rank is nearest))


class Told(Protocol):
    """What the gateway told: the name of an event and what it is about."""

    @property
    def name(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


class Session(Protocol):
    """The bot's log-in, which a listening channel may share: `listeners.discord_session`."""

    @property
    def bot(self) -> discord.Client: ...

    async def logged_in(self) -> discord.Client:
        """The client with its log-in; one of the three channel errors when there is none."""
        ...

    def listening(self) -> AbstractAsyncContextManager[AsyncIterator[Sequence[Told]]]:
        """At the gateway for as long as the block lasts; iterating raises when it is lost."""
        ...
