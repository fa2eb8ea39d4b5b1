"""Situations told in one call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.case import Case, CaseId, CaseState
from bot.domain.customer import Customer, CustomerId
from bot.domain.mention import MentionId
from bot.domain.reading import Reading, Sentiment, Span, Stage, Touchpoint, Urgency
from bot.domain.situation import Facts, Situation
from bot.domain.time import BusinessHours
from bot.pipeline.casework import Clocks
from bot.testing import NOON, memory_store, mention, reading
from tests.pipeline.writing import House

ANA = CustomerId("ana")
Tell = Callable[..., Situation]


def span(touchpoint: Touchpoint, quote: str = "no llega", **changes: Any) -> Span:
    known: dict[str, Any] = {"stage": Stage.AFTER, "sentiment": Sentiment.NEGATIVE, "confidence": 0.8}
    return Span(quote=quote, touchpoint=touchpoint, **(known | changes))


def about(*touchpoints: Touchpoint, **fields: Any) -> Reading:
    """A reading with one span at each touchpoint."""
    return reading(touchpoints=touchpoints, spans=tuple(span(one) for one in touchpoints), **fields)


def a_case(name: str = "case", **changes: Any) -> Case:
    """Ana's open case about delivery in thread t, last heard of at NOON."""
    known: dict[str, Any] = {
        "id": CaseId(name),
        "key": 7,
        "customer_id": ANA,
        "channel": "test",
        "thread_id": "t",
        "opened_by": MentionId("test:0"),
        "touchpoints": (Touchpoint.DELIVERY,),
        "state": CaseState.NEW,
        "urgency": Urgency.MEDIUM,
        "opened_at": NOON,
        "updated_at": NOON,
        "first_answer_due": NOON,
        "solve_due": NOON,
    }
    return Case(**(known | changes))


def tell(  # noqa: PLR0913 - each is a part of the story
    read: Reading | None = None,
    *,
    text: str = "mi pedido no llega",
    cases: tuple[Case, ...] = (),
    at: datetime = NOON,
    thread: str | None = None,
    facts: Facts | None = None,
    backfilled: bool = False,
) -> Situation:
    """Ana says `text` at `at`, and it is read so."""
    return Situation(
        mention=mention("m1", text, posted_at=at, thread_id=thread, backfilled=backfilled),
        reading=read or reading(),
        customer=Customer(id=ANA, handles=(), name="Ana", language=None, first_seen=NOON),
        cases=cases,
        history=(),
        facts=facts or Facts(),
        now=at,
    )


@pytest.fixture
def clocks() -> Clocks:
    """Madrid, Monday to Friday from 9:30 to 18:00."""
    hours = BusinessHours(
        zone=ZoneInfo("Europe/Madrid"), opens=time(9, 30), closes=time(18), weekdays=frozenset(range(5))
    )
    first = {Urgency.HIGH: 1, Urgency.MEDIUM: 4, Urgency.LOW: 8}
    return Clocks(
        hours=hours,
        first_answer={urgency: timedelta(hours=count) for urgency, count in first.items()},
        solve_working_days=15,
    )


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """Agents write from here."""
    async with memory_store() as store:
        yield House(store=store)
