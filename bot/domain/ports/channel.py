"""What a channel must offer, and what it may know of its house."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from bot.domain.account import Ability, Account, OwnVoice
from bot.domain.action import Reply
from bot.domain.cost import Purse, WhenSpent
from bot.domain.mention import Batch, KeptPosts, Mention
from bot.domain.outbox import Receipt
from bot.domain.shared import Shared


@runtime_checkable
class Listener(Protocol):
    """A channel that is asked. The clock calls `poll`; it never sleeps or retries by itself."""

    channel: str

    async def poll(self, cursor: str | None) -> Batch: ...


@runtime_checkable
class Stream(Protocol):
    """A channel that tells us. `listen` returns when the source has ended, and raises when it was lost."""

    channel: str

    async def listen(self, cursor: str | None, deliver: Callable[[Batch], Awaitable[None]]) -> None: ...


@runtime_checkable
class Voice(Protocol):
    """A channel that can answer. `key` is the idempotency key of the outbox row.

    `say` sends once. `said` looks up whether something with this key was heard already (after a crash);
    a channel that cannot look up has `can_look_up = False` and its ambiguous sends go to a person.
    """

    channel: str
    limit: int
    can_look_up: bool

    async def say(self, reply: Reply, to: Mention, key: str) -> Receipt: ...
    async def said(self, key: str, to: Mention) -> Receipt | None: ...


@runtime_checkable
class Counts(Protocol):
    """A voice whose platform does not simply count characters; `length` is compared with its `limit`."""

    def length(self, text: str) -> int: ...


@runtime_checkable
class Recalls(Protocol):
    """A voice that finds what it said by looking at its own posts, for want of a key that the platform would keep.

    `recall` tells it which of these are known already under other keys, so that none is taken for what it looks for.
    """

    def recall(self, known: Mapping[str, Receipt]) -> None: ...


class Meter(Protocol):
    """Counts what one channel's calls cost.

    A channel calls `spend` right after every call that the platform charges for, and asks `purse` before a read it
    could do without. Whether it is looked at in the first place is not its business, and an answer always goes out.
    """

    async def spend(self, what: str, units: int = 1) -> None:
        """`what` is a name in the channel's price list; one without a price is counted and costs nothing."""
        ...

    async def purse(self) -> Purse: ...


class Unmetered:
    """The meter of a channel that costs nothing."""

    async def spend(self, what: str, units: int = 1) -> None:
        """Nothing to count."""
        del what, units

    async def purse(self) -> Purse:
        """Never empty."""
        return Purse(
            spent=Decimal(0),
            budget=None,
            currency="USD",
            when_spent=WhenSpent.SLOW,
            renews_at=datetime.max.replace(tzinfo=UTC),
        )


class Kept(Protocol):
    """Which posts of a channel the house keeps words of: for one that must ask which of them are gone."""

    async def kept(self, channel: str, after: str | None, limit: int) -> KeptPosts:
        """At most `limit` of them; `after` is what the last answer said, None at the beginning."""
        ...

    async def number_kept(self, channel: str) -> int: ...


class KeepsNothing:
    """A house without books."""

    async def kept(self, channel: str, after: str | None, limit: int) -> KeptPosts:
        """There are none."""
        del channel, after, limit
        return KeptPosts(posts=(), after=None)

    async def number_kept(self, channel: str) -> int:
        """None."""
        del channel
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What every channel may know of its house: where to keep files, the brand's own accounts, its meter, and which
    of its posts are kept.

    `team` are those who speak for the brand on this channel, by name, where its table says so. `shared` holds what it
    uses together with others: a log-in that a desk has too. `clock` counts seconds and never goes back; only
    differences mean something.
    """

    home: Path
    accounts: tuple[str, ...]
    team: tuple[str, ...] | None = None
    meter: Meter = field(default_factory=Unmetered)
    shared: Shared = field(default_factory=Shared)
    kept: Kept = field(default_factory=KeepsNothing)
    clock: Callable[[], float] = time.monotonic

    @property
    def voices(self) -> tuple[str, ...]:
        """Whose posts are the brand's own here: on another platform a name of ours may be anybody's."""
        return self.accounts if self.team is None else self.team


def _none_in_common(settings: object) -> frozenset[tuple[str, ...]]:
    del settings
    return frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKind:
    """What a channel's entry point resolves to: how to check its settings, how to open it, what it can do.

    `check` logs in, looks at the account, leaves again and changes nothing; it raises what a poll would raise.
    `only_summoned`: the platform allows an answer only to who called us, whatever the owner would like.
    `auto_needs`: the key of its own settings that tells of the platform's leave, without which no machine may answer.
    `own_voice`: by what it knows the brand's own posts; it looks at `Surroundings.voices`, or at `team` alone.
    `ears`: what of its settings two tables of the kind may not have in common, as an account that answers; over one
    that both heard everybody would be answered twice. Without it a kind may stand in any number of tables.
    """

    settings: Callable[..., Any]
    open: Callable[[str, Any, Surroundings], AbstractAsyncContextManager[Listener | Stream | Voice]]
    check: Callable[[str, Any, Surroundings], Awaitable[Account]] | None = None
    abilities: frozenset[Ability] = frozenset()
    only_summoned: bool = False
    auto_needs: str | None = None
    own_voice: OwnVoice = OwnVoice.ACCOUNTS
    ears: Callable[[Any], frozenset[tuple[str, ...]]] = _none_in_common
