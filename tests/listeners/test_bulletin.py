"""How a channel fares is written down when it changes, and people are called once for each trouble."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.domain.errors import StoreUnavailable
from bot.domain.health import BUDGET_SPENT, Condition, Health
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, memory_store
from listeners.bulletin import Bulletin

MINUTE = timedelta(minutes=1)


@dataclass
class Wall:
    """A clock on the wall that a test can turn."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Phone:
    """Remembers of what it was called about."""

    calls: list[Condition] = field(default_factory=list)

    async def __call__(self, health: Health) -> None:
        self.calls.append(health.condition)


@pytest.fixture
async def store() -> AsyncIterator[SqliteStore]:
    async with memory_store() as opened:
        yield opened


async def test_a_channel_that_goes_on_as_before_is_written_down_once(store: SqliteStore) -> None:
    wall, phone = Wall(), Phone()
    tell = Bulletin("x", store.channels, call=phone, now=wall)

    for _ in range(3):
        await tell(Condition.UP, "", None)
        wall.at += MINUTE

    (health,) = await store.channels.health()
    assert (health.since, health.seen) == (NOON, NOON)
    assert phone.calls == []


async def test_people_are_called_when_a_channel_is_down_and_when_it_is_back(store: SqliteStore) -> None:
    phone = Phone()
    tell = Bulletin("x", store.channels, call=phone, now=Wall())

    for _ in range(3):
        await tell(Condition.DOWN, "401", 900)
    await tell(Condition.UP, "", None)
    await tell(Condition.UP, "", None)

    assert phone.calls == [Condition.DOWN, Condition.UP]


async def test_people_are_called_when_a_channel_waits_for_a_quarter_of_an_hour(store: SqliteStore) -> None:
    wall, phone = Wall(), Phone()
    tell = Bulletin("x", store.channels, call=phone, now=wall)

    for _ in range(4):
        await tell(Condition.WAITING, "503", 300)
        wall.at += 6 * MINUTE
    await tell(Condition.UP, "", None)

    assert phone.calls == [Condition.WAITING, Condition.UP]


async def test_a_blip_and_a_spent_budget_call_nobody(store: SqliteStore) -> None:
    wall, phone = Wall(), Phone()
    tell = Bulletin("x", store.channels, call=phone, now=wall)

    await tell(Condition.WAITING, "503", 2)
    await tell(Condition.UP, "", None)
    for _ in range(4):
        await tell(Condition.WAITING, BUDGET_SPENT, 900)
        wall.at += 15 * MINUTE
    await tell(Condition.UP, "", None)

    assert phone.calls == []


async def test_a_database_that_is_away_disturbs_no_channel() -> None:
    class Away:
        async def note(self, *_: object, **__: object) -> Health:
            raise StoreUnavailable("the disk is full")

    tell = Bulletin("x", Away(), call=Phone(), now=Wall())  # type: ignore[arg-type]  # only `note` is asked

    await tell(Condition.DOWN, "401", None)
