"""The owner's own touchpoint of an experience is kept with it and counted within the touchpoint it refines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from bot.domain.digest import TouchpointTally
from bot.domain.reading import Sentiment, Span, Touchpoint
from bot.domain.situation import Decision, Settled, Situation
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, lived, mention, reading

Tell = Callable[..., Awaitable[list[Settled]]]
DAY = timedelta(days=1)
SPAN = Span(
    quote="hola",
    touchpoint=Touchpoint.PRODUCT_USE,
    stage=None,
    sentiment=Sentiment.NEGATIVE,
    confidence=0.9,
    own="roaming",
)


def _abroad(situation: Situation) -> Decision:
    plain = lived(situation, Touchpoint.PRODUCT_USE)
    return Decision(experiences=(replace(plain, own="roaming"), replace(lived(situation, None, number=2), own=None)))


async def test_it_is_read_back_and_tallied(store: SqliteStore, tell: Tell) -> None:
    read = reading(sentiment=Sentiment.NEGATIVE, touchpoints=(SPAN.touchpoint,), spans=(SPAN, replace(SPAN, own=None)))
    await tell(mention("1"), decide=_abroad, read=read)

    explained = await store.history.explain("test:1")
    tally = await store.reports.tally(NOON, NOON + DAY)

    assert explained is not None
    assert explained.reading == read
    assert [each.own for each in explained.experiences] == ["roaming", None]
    one = TouchpointTally(experiences=1, negative=1)
    assert tally.by_touchpoint == {Touchpoint.PRODUCT_USE: one}
    assert tally.by_own == {(Touchpoint.PRODUCT_USE, "roaming"): one}
    assert (await store.reports.tally(NOON + DAY, NOON + 2 * DAY)).by_own == {}
