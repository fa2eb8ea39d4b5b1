"""What a channel brings onto the contracts' stage: its server, people at the keyboard, and every way it can fail."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable, RateLimited

RESET_SECONDS = 37
"""What a server says with `Fault.RATE_LIMIT`: come back in so many seconds."""


class Fault(StrEnum):
    """What goes wrong on the server, for every call, until it is mended."""

    RATE_LIMIT = "rate limit with reset"
    RATE_LIMIT_WITHOUT_RESET = "rate limit without reset"
    NO_CREDIT = "no credit"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    SERVER_ERROR = "server error with html"
    TRUNCATED = "truncated answer"
    EMPTY = "empty answer"
    WRONG_TYPE = "wrong content type"
    HANG = "hang"
    CUT = "cut connection"
    # odd, but alive
    REPEATED_PAGES = "repeated pages"
    REORDERED_PAGES = "reordered pages"
    ENDLESS_PAGES = "endless pages"
    UNKNOWN_FIELDS = "unknown fields"
    MISSING_FIELDS = "missing fields"
    # answering only: it is posted, and then the answer is lost
    LOST_ANSWER = "lost answer"
    # streams only: the connection stands and nothing comes, no heartbeat either
    SILENCE = "silence"


ERRORS: Mapping[Fault, type[ChannelError]] = {
    Fault.RATE_LIMIT: RateLimited,
    Fault.RATE_LIMIT_WITHOUT_RESET: RateLimited,
    Fault.NO_CREDIT: ChannelUnavailable,
    Fault.UNAUTHORIZED: ChannelRefused,
    Fault.FORBIDDEN: ChannelRefused,
    Fault.SERVER_ERROR: ChannelUnavailable,
    Fault.TRUNCATED: ChannelUnavailable,
    Fault.EMPTY: ChannelUnavailable,
    Fault.WRONG_TYPE: ChannelUnavailable,
    Fault.HANG: ChannelUnavailable,
    Fault.CUT: ChannelUnavailable,
}
"""Which of the three errors a fault is. A stage may know better (`errors`)."""

ODDITIES = (
    Fault.REPEATED_PAGES,
    Fault.REORDERED_PAGES,
    Fault.ENDLESS_PAGES,
    Fault.UNKNOWN_FIELDS,
    Fault.MISSING_FIELDS,
)


IMPATIENT: Mapping[Fault, Mapping[str, float]] = {
    Fault.HANG: {"timeout_seconds": 2},
    Fault.SILENCE: {"timeout_seconds": 2, "silence_seconds": 0.8},
}
"""Settings with which a test of this fault is short; every other test has all the time that a busy machine needs."""


class Trick(StrEnum):
    """What else a contract may ask of a platform, beside the faults and the abilities of the channel."""

    HISTORY = "posts older than the first start can be read"
    PAGES = "more posts than one page holds"
    OWN_POSTS = "the brand's own posts come back"
    ROBOTS = "automated authors can be told from people"
    GONE_TARGET = "an answer to a deleted post is refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Something that stands on the server for all to see, put there by the channel."""

    external_id: str
    text: str
    in_reply_to: str | None


class Stage(Protocol):
    """A server with a brand's account on it. Every post's id is the one that its mention will have."""

    accounts: tuple[str, ...]
    """The brand's own accounts, as `brand.accounts` names them, or `team` where a kind looks at nothing else."""

    many: int
    """More posts than one page of the server holds; 1 where there are no pages."""

    lacks: Mapping[Fault | Trick, str]
    """What this platform cannot do or suffer, with the reason that the skipped test prints."""

    errors: Mapping[Fault, type[ChannelError]]
    """Where a fault is another of the three errors than `ERRORS` says. Mostly empty."""

    def table(self) -> dict[str, Any]:
        """The settings table without `kind`: valid, patient on a busy machine, with secrets of its own."""
        ...

    async def write(self, text: str, *, who: str = "ana") -> str:
        """A customer addresses the brand."""
        ...

    async def write_as_brand(self, text: str) -> str:
        """The brand's account posts something itself, where the channel can see it."""
        ...

    async def write_as_robot(self, text: str) -> str:
        """An automated account addresses the brand, marked as the platform marks such accounts."""
        ...

    async def edit(self, post: str, text: str) -> None: ...
    async def delete(self, post: str) -> None: ...
    async def posted(self) -> list[Posted]:
        """What the channel has posted and nobody has deleted, oldest first."""
        ...

    async def fail(self, fault: Fault) -> None: ...
    async def mend(self) -> None: ...


def open_stage(kind: str, folder: Path) -> AbstractAsyncContextManager[Stage]:
    """The stage of a kind: `tests/contracts/stages/<kind>.py` has a context manager `open_stage(folder)`."""
    opened: AbstractAsyncContextManager[Stage] = import_module(f"tests.contracts.stages.{kind}").open_stage(folder)
    return opened
