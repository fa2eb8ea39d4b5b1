"""A real store on a real file, and `tell`: posts accepted and settled in one breath."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.domain.mention import Batch, Mention
from bot.domain.ports.judge import Decide
from bot.domain.promise import Pledge
from bot.domain.reading import Reading
from bot.domain.situation import Decision, Heard, Settled, Situation
from bot.store.sqlite import SqliteStore, open_store
from bot.testing import NOON, reading


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with open_store(tmp_path / "home" / "vivencia.db") as opened:
        yield opened


@pytest.fixture
def tell(store: SqliteStore) -> Callable[..., Awaitable[list[Settled]]]:
    """Posts in, settled posts out; it is always the moment a post was posted."""

    async def told(
        *posts: Mention, decide: Decide = nothing, read: Reading | None = None, pledges: tuple[Pledge, ...] = ()
    ) -> list[Settled]:
        await store.inbox.accept("test", Batch(mentions=posts, cursor=None), NOON)
        heard = [
            Heard(mention=post, reading=None, pledges=pledges)
            if post.by_brand
            else Heard(mention=post, reading=read or reading())
            for post in posts
        ]
        return await store.history.settle(heard, decide, lambda moment: moment)

    return told


def nothing(situation: Situation) -> Decision:
    del situation
    return Decision()
