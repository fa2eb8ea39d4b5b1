"""How each channel fares and what it costs, for a process that asks later: phases without a hole, money by the day."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.cost import Level, Purse, Spending, WhenSpent
from bot.domain.digest import ChannelTally
from bot.domain.health import Condition, Health
from bot.domain.mention import Batch
from bot.domain.time import local_day
from bot.store.sqlite import SqliteStore, open_store
from bot.testing import NOON, mention

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
MADRID = ZoneInfo("Europe/Madrid")
DAY, NEXT = local_day(NOON.date(), MADRID)


def purse(budget: str | None = "5", when_spent: WhenSpent = WhenSpent.SLOW, renews_at: datetime = NEXT) -> Purse:
    return Purse(
        spent=Decimal(0),
        budget=None if budget is None else Decimal(budget),
        currency="USD",
        when_spent=when_spent,
        renews_at=renews_at,
    )


def pays(cost: str, units: int = 1, what: str = "own_mention", channel: str = "x") -> Spending:
    return Spending(channel=channel, what=what, units=units, cost=Decimal(cost))


# --- how it fares ---


async def test_another_process_can_tell_how_a_channel_fares(store: SqliteStore, tmp_path: Path) -> None:
    await store.channels.note("x", Condition.UP, NOON)
    await store.channels.note("x", Condition.WAITING, NOON + MINUTE, reason="503", again=NOON + 3 * MINUTE)

    async with open_store(tmp_path / "home" / "vivencia.db") as other:
        assert await other.channels.health() == [
            Health(
                channel="x",
                condition=Condition.WAITING,
                reason="503",
                since=NOON + MINUTE,
                seen=NOON + MINUTE,
                again=NOON + 3 * MINUTE,
            )
        ]


async def test_the_same_condition_again_began_when_it_began(store: SqliteStore) -> None:
    await store.channels.note("x", Condition.WAITING, NOON, reason="503")

    again = await store.channels.note("x", Condition.WAITING, NOON + MINUTE, reason="502", again=NOON + HOUR)

    assert (again.since, again.reason, again.again) == (NOON, "502", NOON + HOUR)
    assert len(await store.channels.health()) == 1


async def test_a_service_that_was_killed_left_its_channels_unread_since_it_was_last_seen(store: SqliteStore) -> None:
    await store.channels.note("x", Condition.UP, NOON)
    await store.channels.pulse(NOON + 10 * MINUTE)

    await store.channels.wake(["x"], NOON + HOUR)
    await store.channels.note("x", Condition.UP, NOON + HOUR)

    (tally,) = await store.reports.channels(NOON - HOUR, NOON + 2 * HOUR)
    assert (tally.unread, tally.gaps, tally.longest_since) == (50 * MINUTE, 1, NOON + 10 * MINUTE)


async def test_a_service_that_was_stopped_listens_to_nobody_until_it_starts(store: SqliteStore) -> None:
    await store.channels.note("x", Condition.DOWN, NOON, reason="401")
    await store.channels.rest(NOON + MINUTE)
    (resting,) = await store.channels.health()

    await store.channels.wake(["x"], NOON + HOUR)
    await store.channels.note("x", Condition.UP, NOON + HOUR)

    assert (resting.condition, resting.since) == (Condition.OFF, NOON + MINUTE)
    (tally,) = await store.reports.channels(NOON - HOUR, NOON + 2 * HOUR)
    assert (tally.unread, tally.gaps) == (HOUR, 1), "refused and then off is one gap"


async def test_a_channel_that_is_set_up_no_more_is_not_missed(store: SqliteStore) -> None:
    await store.channels.note("x", Condition.UP, NOON)
    await store.channels.note("x/stream", Condition.UP, NOON)

    await store.channels.wake(["y"], NOON + HOUR)

    assert await store.channels.health() == []
    assert await store.reports.channels(NOON - HOUR, NOON + 2 * HOUR) == ()


async def test_a_recording_that_has_ended_is_not_missed(store: SqliteStore) -> None:
    await store.channels.note("replay", Condition.ENDED, NOON)
    await store.channels.rest(NOON + MINUTE)
    await store.channels.wake(["replay"], NOON + HOUR)

    assert await store.reports.channels(NOON - HOUR, NOON + 2 * HOUR) == ()


async def test_who_is_listened_to_no_more_is_not_called_silent(store: SqliteStore) -> None:
    for channel in ("gone", "replay", "x"):
        await store.inbox.accept(channel, Batch(mentions=(mention("1", channel=channel),), cursor=None), NOON)
        await store.channels.note(channel, Condition.UP, NOON)
    await store.channels.note("replay", Condition.ENDED, NOON + MINUTE)
    await store.channels.pulse(NOON + MINUTE)
    await store.channels.wake(["replay", "x"], NOON + HOUR)
    await store.channels.note("x", Condition.UP, NOON + HOUR)

    async def heard(until: datetime) -> set[str]:
        return set((await store.reports.quality(NOON, until)).channels_last_heard)

    assert await heard(NOON + timedelta(days=3)) == {"x"}
    assert await heard(NOON + timedelta(seconds=1)) == {"gone", "replay", "x"}


async def test_gaps_are_counted_within_the_period_and_the_longest_is_named(store: SqliteStore) -> None:
    for begins, minutes in ((-5, 10), (60, 12), (120, 3)):
        await store.channels.note("x", Condition.WAITING, NOON + begins * MINUTE, reason="503")
        await store.channels.note("x", Condition.UP, NOON + (begins + minutes) * MINUTE)
    await store.channels.note("x", Condition.DOWN, NOON + 178 * MINUTE, reason="401")

    (tally,) = await store.reports.channels(NOON, NOON + 3 * HOUR)

    assert (tally.unread, tally.gaps) == ((5 + 12 + 3 + 2) * MINUTE, 4)
    assert (tally.longest, tally.longest_since) == (12 * MINUTE, NOON + HOUR)


async def test_a_lost_stream_beside_a_poll_is_no_gap(store: SqliteStore) -> None:
    await store.channels.note("x", Condition.UP, NOON)
    await store.channels.note("x/stream", Condition.WAITING, NOON, reason="the connection was cut")

    assert await store.reports.channels(NOON - HOUR, NOON + HOUR) == ()
    assert [each.channel for each in await store.channels.health()] == ["x", "x/stream"]


async def test_a_clock_that_is_set_back_breaks_nothing(store: SqliteStore) -> None:
    await store.channels.note("x", Condition.UP, NOON)
    await store.channels.pulse(NOON - HOUR)
    await store.channels.note("x", Condition.WAITING, NOON - HOUR, reason="503")
    await store.channels.wake(["x"], NOON - HOUR)

    (health,) = await store.channels.health()
    assert health.condition is Condition.OFF


@pytest.mark.parametrize(
    ("condition", "silent", "shown"),
    [
        (Condition.UP, MINUTE, Condition.UP),
        (Condition.UP, HOUR, Condition.OFF),
        (Condition.DOWN, HOUR, Condition.OFF),
        (Condition.ENDED, HOUR, Condition.ENDED),
    ],
)
def test_what_nobody_has_confirmed_for_minutes_is_off(
    condition: Condition, silent: timedelta, shown: Condition
) -> None:
    health = Health(channel="x", condition=condition, reason="", since=NOON - HOUR, seen=NOON)

    assert health.as_of(NOON + silent).condition is shown


# --- what it costs ---


async def test_spending_is_counted_by_channel_and_local_day(store: SqliteStore) -> None:
    await store.channels.spend(pays("0.003", 3), DAY, purse())
    await store.channels.spend(pays("0.2", what="post_with_url"), DAY, purse())
    await store.channels.spend(pays("1", channel="y"), DAY, purse())
    left = await store.channels.spend(pays("0.001"), NEXT, purse(renews_at=NEXT + timedelta(days=1)))

    assert left.spent == Decimal("0.001")
    assert await store.channels.spent("x", DAY) == Decimal("0.203")
    assert (await store.channels.purses(NOON))["x"].spent == Decimal("0.203")
    assert (await store.channels.purses(NEXT))["x"].spent == Decimal("0.001")
    assert await store.channels.purses(NEXT + timedelta(days=2)) == {}


async def test_a_thousandth_of_a_cent_is_not_lost(store: SqliteStore) -> None:
    for _ in range(1000):
        await store.channels.spend(pays("0.00001"), DAY, purse())

    assert await store.channels.spent("x", DAY) == Decimal("0.01")


@pytest.mark.parametrize(
    ("spent", "budget", "level"),
    [
        ("3.99", "5", Level.FINE),
        ("4", "5", Level.LOW),
        ("5", "5", Level.SPENT),
        ("7", "5", Level.SPENT),
        ("999", None, Level.FINE),
    ],
)
async def test_the_purse_is_low_from_80_percent_and_spent_from_100(
    store: SqliteStore, spent: str, budget: str | None, level: Level
) -> None:
    assert (await store.channels.spend(pays(spent), DAY, purse(budget))).level is level


async def test_the_digest_hears_what_a_channel_cost_and_whether_it_ran_out(store: SqliteStore) -> None:
    await store.channels.spend(pays("5.5"), DAY, purse("5", WhenSpent.STOP))
    await store.channels.spend(pays("1"), NEXT, purse("5", WhenSpent.STOP, NEXT + timedelta(days=1)))

    assert await store.reports.channels(DAY, NEXT) == (
        ChannelTally(
            channel="x",
            spent=Decimal("5.5"),
            budget=Decimal(5),
            currency="USD",
            days_spent=1,
            when_spent=WhenSpent.STOP,
        ),
    )
    (week,) = await store.reports.channels(DAY, DAY + timedelta(days=7))
    assert (week.spent, week.budget, week.days_spent) == (Decimal("6.5"), Decimal(10), 1)
