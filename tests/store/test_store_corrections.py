"""What people corrected is read back with the post it is about, and nothing of what is gone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.domain.mention import Batch
from bot.domain.reading import Touchpoint
from bot.domain.situation import Decision, Settled, Situation
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, lived, mention

Tell = Callable[..., Awaitable[list[Settled]]]


def corrected(situation: Situation) -> Decision:
    """The model said delivery; maya says it was the store."""
    said = lived(situation, Touchpoint.DELIVERY)
    meant = replace(lived(situation, Touchpoint.STORE, number=2), corrected_by="maya")
    return Decision(experiences=(said, meant))


async def test_a_correction_comes_with_its_mention_and_without_what_the_model_said(
    store: SqliteStore, tell: Tell
) -> None:
    await tell(mention("1", "la cola da la vuelta"), decide=corrected)
    await tell(mention("2", "todo bien"))

    (correction,) = await store.history.corrections()

    assert correction.mention.text == "la cola da la vuelta"
    assert [(each.touchpoint, each.corrected_by) for each in correction.experiences] == [(Touchpoint.STORE, "maya")]


async def test_nothing_of_a_deleted_or_edited_post_is_given_out(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", "la cola da la vuelta"), mention("2", "no hay cajas"), decide=corrected)

    await store.inbox.accept(
        "test", Batch(mentions=(), cursor=None, deletions=("1",), edits=(mention("2", "olvidadlo"),)), NOON
    )

    assert await store.history.corrections() == []
