"""What a channel's calls cost: by the local day, at the prices of the list, and said once when money gets tight."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.cost import Level, Purse, Tariff, WhenSpent
from bot.domain.errors import ChannelUnavailable, StoreUnavailable
from bot.domain.health import BUDGET_SPENT, Condition
from bot.domain.mention import Batch
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, CountingMeter, ScriptedChannel, memory_store, mention
from listeners.following import Follow
from listeners.metering import Allowance, DayMeter, seconds_to_rest
from listeners.polling import Poll

MADRID = ZoneInfo("Europe/Madrid")
TARIFF = Tariff(prices={"owned_post": Decimal("0.001"), "post": Decimal("0.005")}, currency="USD", of=date(2026, 11, 1))


@pytest.fixture
async def store() -> AsyncIterator[SqliteStore]:
    async with memory_store() as opened:
        yield opened


@dataclass
class Desk:
    """Remembers of which purses it was told."""

    told: list[Purse] = field(default_factory=list)

    async def __call__(self, channel: str, purse: Purse) -> None:
        assert channel == "x"
        self.told.append(purse)


@dataclass
class Wall:
    """A clock on the wall that a test can turn."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at


def meter(
    store: SqliteStore,
    *,
    budget: str | None = "0.1",
    when_spent: WhenSpent = WhenSpent.SLOW,
    desk: Desk | None = None,
    wall: Callable[[], datetime] = Wall(),  # noqa: B008 - nobody turns it
) -> DayMeter:
    allowance = Allowance(budget=None if budget is None else Decimal(budget), when_spent=when_spent, zone=MADRID)
    return DayMeter("x", store.channels, tariff=TARIFF, allowance=allowance, warn=desk or Desk(), now=wall)


async def test_units_cost_what_the_list_says(store: SqliteStore) -> None:
    counted = meter(store)

    await counted.spend("owned_post", 40)
    await counted.spend("post")

    purse = await counted.purse()
    assert (purse.spent, purse.level, purse.currency) == (Decimal("0.045"), Level.FINE, "USD")


async def test_what_has_no_price_and_what_is_no_unit_costs_nothing(store: SqliteStore) -> None:
    counted = meter(store)

    await counted.spend("pigeon", 1000)
    await counted.spend("post", 0)

    assert (await counted.purse()).spent == 0


async def test_people_hear_once_at_80_percent_and_once_when_all_is_spent(store: SqliteStore) -> None:
    desk = Desk()
    counted = meter(store, desk=desk)

    for _ in range(30):
        await counted.spend("post")

    assert [(purse.level, purse.spent) for purse in desk.told] == [
        (Level.LOW, Decimal("0.08")),
        (Level.SPENT, Decimal("0.1")),
    ]


async def test_a_new_meter_over_the_same_books_says_nothing_again(store: SqliteStore) -> None:
    await meter(store).spend("post", 20)
    desk = Desk()

    await meter(store, desk=desk).spend("post")

    assert desk.told == []


async def test_midnight_where_the_brand_is_fills_the_purse(store: SqliteStore) -> None:
    wall = Wall(datetime(2026, 3, 2, 22, 59, tzinfo=UTC))
    counted = meter(store, wall=wall)
    await counted.spend("post", 20)
    last = await counted.purse()

    wall.at += timedelta(minutes=1)

    assert (last.level, last.renews_at) == (Level.SPENT, datetime(2026, 3, 2, 23, tzinfo=UTC))
    assert (await counted.purse()).spent == 0


async def test_without_a_budget_nothing_is_ever_spent_up(store: SqliteStore) -> None:
    counted = meter(store, budget=None)
    await counted.spend("post", 100_000)

    assert (await counted.purse()).level is Level.FINE


async def test_what_cannot_be_counted_now_is_counted_with_the_next() -> None:
    faults = [StoreUnavailable("the disk is full")]

    async with memory_store() as store:
        spend = store.channels.spend

        async def full(*spending: Any) -> Purse:
            if faults:
                raise faults.pop()
            return await spend(*spending)

        store.channels.spend = full  # type: ignore[assignment,method-assign]
        counted = meter(store)
        await counted.spend("post", 2)
        assert (await counted.purse()).spent == Decimal("0.01")
        await counted.spend("owned_post")

        assert (await counted.purse()).spent == Decimal("0.011")


def purse(spent: str, when_spent: WhenSpent, renews_at: datetime) -> Purse:
    return Purse(spent=Decimal(spent), budget=Decimal(5), currency="USD", when_spent=when_spent, renews_at=renews_at)


@pytest.mark.parametrize(
    ("spent", "when_spent", "left", "rest"),
    [
        ("4.9", WhenSpent.STOP, 3600, None),
        ("5", WhenSpent.SLOW, 3600, None),
        ("5", WhenSpent.STOP, 3600, 900),
        ("5", WhenSpent.STOP, 60, 60),
        ("5", WhenSpent.STOP, -60, 1),
    ],
)
def test_a_channel_rests_only_when_its_money_is_gone_and_its_owner_said_stop(
    spent: str, when_spent: WhenSpent, left: float, rest: float | None
) -> None:
    found = seconds_to_rest(purse(spent, when_spent, NOON + timedelta(seconds=left)), NOON, longest=900)

    assert found == rest


# --- what listening does about it ---


@dataclass
class Told:
    """Remembers how a channel fared."""

    said: list[tuple[Condition, str]] = field(default_factory=list)

    async def __call__(self, condition: Condition, reason: str, again_in: float | None) -> None:
        del again_in
        self.said.append((condition, reason))


def spent(when_spent: WhenSpent) -> CountingMeter:
    return CountingMeter(purse("5", when_spent, datetime.now(UTC) + timedelta(hours=1)))


def poll(channel: ScriptedChannel, store: SqliteStore, when_spent: WhenSpent, told: Told) -> Poll:
    return Poll(channel, store.inbox, every=60, ring=lambda: None, meter=spent(when_spent), tell=told)


async def test_a_spent_poll_goes_on_ten_times_more_rarely(store: SqliteStore) -> None:
    channel, told = ScriptedChannel([Batch(mentions=(mention("1"),), cursor="1")]), Told()

    assert await poll(channel, store, WhenSpent.SLOW, told)() == 600
    assert await store.inbox.waiting() == 1
    assert told.said == [(Condition.UP, "")]


async def test_a_spent_poll_stops_without_asking_and_says_why(store: SqliteStore) -> None:
    channel, told = ScriptedChannel([Batch(mentions=(mention("1"),), cursor="1")]), Told()

    assert await poll(channel, store, WhenSpent.STOP, told)() == 900
    assert channel.cursors == []
    assert told.said == [(Condition.WAITING, BUDGET_SPENT)]


class Endless:
    """A stream that tells of a post every moment until it is cut."""

    channel = "test"

    def __init__(self) -> None:
        self.told = 0

    async def listen(self, cursor: str | None, deliver: Callable[..., object]) -> None:
        while True:
            self.told += 1
            await deliver(Batch(mentions=(mention(str(self.told)),), cursor=str(self.told)))  # type: ignore[misc]
            await asyncio.sleep(0)


class Dear:
    """A meter that is spent up after the third look into the purse."""

    def __init__(self, when_spent: WhenSpent) -> None:
        self._when_spent, self._looks = when_spent, 0

    async def spend(self, what: str, units: int = 1) -> None: ...

    async def purse(self) -> Purse:
        self._looks += 1
        renews_at = datetime.now(UTC) + timedelta(hours=1)
        return purse("5" if self._looks > 3 else "1", self._when_spent, renews_at)


async def test_a_stream_that_has_spent_its_budget_is_cut_and_rests(store: SqliteStore) -> None:
    stream, told = Endless(), Told()
    follow = Follow(stream, store.inbox, ring=lambda: None, meter=Dear(WhenSpent.STOP), tell=told)

    pauses = [await follow(), await follow()]

    assert pauses == [2, 300]
    assert stream.told == 3
    assert told.said[-1] == (Condition.WAITING, BUDGET_SPENT)
    assert await store.inbox.cursor("test") == "3", "what was told is kept"


async def test_a_stream_cannot_be_slowed_so_it_goes_on_unless_it_is_polled_as_well(store: SqliteStore) -> None:
    class Polled(Endless):
        async def poll(self, cursor: str | None) -> Batch:
            return Batch(mentions=(), cursor=cursor)

    meters = spent(WhenSpent.SLOW)
    alone, beside = Endless(), Polled()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await Follow(alone, store.inbox, ring=lambda: None, meter=meters)()

    assert await Follow(beside, store.inbox, ring=lambda: None, meter=meters)() == 300
    assert alone.told > 3
    assert beside.told == 0


async def test_a_mistake_in_a_channels_code_takes_it_down_for_people_to_see(store: SqliteStore) -> None:
    class Broken(ScriptedChannel):
        async def poll(self, cursor: str | None) -> Batch:
            raise KeyError(cursor)

    told = Told()
    with pytest.raises(KeyError):
        await Poll(Broken(), store.inbox, every=60, ring=lambda: None, tell=told)()

    assert told.said == [(Condition.DOWN, "unexpected KeyError in its code; the log has it")]


class Dying(ScriptedChannel):
    """Its library cancels the task that asks, as often as it is told to."""

    times = 1

    async def poll(self, cursor: str | None) -> Batch:
        if self.times:
            self.times -= 1
            raise asyncio.CancelledError
        return await super().poll(cursor)


async def test_a_library_that_cancels_its_own_task_once_is_a_passing_fault(store: SqliteStore) -> None:
    told, channel = Told(), Dying()
    look = Poll(channel, store.inbox, every=60, ring=lambda: None, tell=told)

    assert [await look(), await look()] == [120, 60]
    channel.times = 1
    assert await look() == 120
    assert [condition for condition, _ in told.said] == [Condition.WAITING, Condition.UP, Condition.WAITING]
    assert told.said[0] == (Condition.WAITING, "a task of its library was cancelled")


async def test_a_library_that_cancels_it_again_takes_the_channel_down_and_is_tried_again(store: SqliteStore) -> None:
    told, channel = Told(), Dying()
    channel.times = 3
    look = Poll(channel, store.inbox, every=60, ring=lambda: None, tell=told)

    assert [await look() for _ in range(4)] == [120, 240, 480, 60]
    assert [condition for condition, _ in told.said] == [
        Condition.WAITING,
        Condition.DOWN,
        Condition.DOWN,
        Condition.UP,
    ]


async def test_a_poll_says_how_its_channel_fares(store: SqliteStore) -> None:
    told = Told()
    channel = ScriptedChannel([ChannelUnavailable("503"), Batch(mentions=(), cursor="1")])
    look = Poll(channel, store.inbox, every=60, ring=lambda: None, tell=told)

    await look()
    await look()

    assert told.said == [(Condition.WAITING, "503"), (Condition.UP, "")]
