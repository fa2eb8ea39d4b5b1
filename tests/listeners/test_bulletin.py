"""How a channel fares is written down when it changes, and people are called once for each trouble."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import StoreUnavailable
from bot.domain.health import BUDGET_SPENT, Condition, Health
from bot.domain.mention import Batch
from bot.domain.reading import Language
from bot.insight.channels import says_fares
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, ScriptedChannel, memory_store
from listeners.bulletin import Bulletin
from listeners.polling import Poll

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


@pytest.mark.parametrize(
    ("later", "said"),
    [(MINUTE, "Replay: llegó a su fin a las 13:00"), (timedelta(days=3), "Replay: llegó a su fin el 2 mar 13:00")],
)
def test_an_end_of_days_ago_has_a_date_and_no_hour_alone(later: timedelta, said: str) -> None:
    ended = Health(channel="replay", condition=Condition.ENDED, reason="", since=NOON, seen=NOON, again=None)

    assert says_fares(ended, Language.ES, ZoneInfo("Europe/Madrid"), now=NOON + later) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.ES, "X: se escucha desde 13:00 (el presupuesto del día no llega para volver a mirar en 24 h"),
        (Language.EN, "X: heard since 13:00 (the day's budget is too small to look up all 7 kept posts again"),
    ],
)
async def test_what_people_should_know_of_a_channel_that_is_heard_is_written_down(
    store: SqliteStore, language: Language, said: str
) -> None:
    note = "the day's budget is too small to look up all 7 kept posts again within 24 h, as X demands"
    script = [Batch(mentions=(), cursor="1"), Batch(mentions=(), cursor="2", note=note), Batch(mentions=(), cursor="3")]
    channel, phone = ScriptedChannel(script, channel="x"), Phone()
    tell = Bulletin("x", store.channels, call=phone, now=Wall())
    poll = Poll(channel, store.inbox, every=60, ring=lambda: None, tell=tell)

    told = []
    for _ in range(3):
        await poll()
        (health,) = await store.channels.health()
        told.append(says_fares(health, language, ZoneInfo("Europe/Madrid"), now=NOON))

    assert told[1].startswith(said)
    assert told[0] == told[2] == said.partition(" (")[0]
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
