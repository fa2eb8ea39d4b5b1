"""What several rooms of the house use together: the first who borrows it opens it, the last who leaves closes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

Thing = TypeVar("Thing")


@dataclass(slots=True, kw_only=True)
class _Lent:
    thing: Any
    closing: AsyncExitStack
    borrowers: int = 0


@dataclass(frozen=True, slots=True)
class Shared:
    """One log-in where a desk and a channel speak as the same bot, under a key that both can tell.

    One at a time opens or closes, so neither may take long.
    """

    _lent: dict[Hashable, _Lent] = field(default_factory=dict)
    _door: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def borrow(
        self, key: Hashable, opening: Callable[[], AbstractAsyncContextManager[Thing]]
    ) -> AsyncIterator[Thing]:
        """The thing of this key, opened unless somebody has it."""
        async with self._door:
            if key not in self._lent:
                closing = AsyncExitStack()
                self._lent[key] = _Lent(thing=await closing.enter_async_context(opening()), closing=closing)
            lent = self._lent[key]
            lent.borrowers += 1
        try:
            yield lent.thing
        finally:
            async with self._door:
                lent.borrowers -= 1
                if not lent.borrowers:
                    del self._lent[key]
                    await lent.closing.aclose()
