"""What time it is in a home: the wall's, or the end of the recording where nobody has listened live."""

from __future__ import annotations

from bot.domain.ports.store import Store
from bot.domain.time import EndedWatch, LiveWatch, Watch


async def watch_in(store: Store) -> Watch:
    """By which the clocks of a home's cases are read."""
    span = None if await store.channels.health() else await store.reports.span()
    return LiveWatch() if span is None else EndedWatch(span[1])
