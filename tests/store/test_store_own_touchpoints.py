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
    one = TouchpointTally(mentions=1, negative=1, of_negative=1)
    assert tally.by_touchpoint == {Touchpoint.PRODUCT_USE: one}
    assert tally.by_own == {(Touchpoint.PRODUCT_USE, "roaming"): one}
    assert (await store.reports.tally(NOON + DAY, NOON + 2 * DAY)).by_own == {}


def _twice_abroad_and_a_call(situation: Situation) -> Decision:
    places = [("roaming", Sentiment.NEGATIVE), ("roaming", Sentiment.POSITIVE), ("calls", Sentiment.POSITIVE)]
    lines = [
        replace(lived(situation, Touchpoint.PRODUCT_USE, number=number), own=own, sentiment=tone)
        for number, (own, tone) in enumerate(places)
    ]
    return Decision(experiences=tuple(lines))


async def test_a_mention_counts_once_at_each_of_them_and_once_at_the_touchpoint_they_refine(
    store: SqliteStore, tell: Tell
) -> None:
    await tell(mention("1"), decide=_twice_abroad_and_a_call, read=reading(sentiment=Sentiment.NEGATIVE))

    tally = await store.reports.tally(NOON, NOON + DAY)

    bad, good = TouchpointTally(mentions=1, negative=1, of_negative=1), TouchpointTally(mentions=1, positive=1)
    assert tally.by_touchpoint == {Touchpoint.PRODUCT_USE: bad}
    assert tally.by_own == {(Touchpoint.PRODUCT_USE, "roaming"): bad, (Touchpoint.PRODUCT_USE, "calls"): good}
