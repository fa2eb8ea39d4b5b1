"""What the channels' house does for them: calls people about their health and money, whatever state the desk is in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from bot.channels import Switchboard
from bot.domain.cost import Tariff, WhenSpent
from bot.domain.errors import ChannelRefused, ChannelUnavailable, StoreUnavailable
from bot.domain.ports.desk import Desk
from bot.domain.reading import Language
from bot.testing import memory_store
from listeners.metering import Allowance, DayMeter

MADRID = ZoneInfo("Europe/Madrid")


class LostDesk:
    """A desk that takes no alert."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def alert(self, *what: Any, **how: Any) -> None:
        raise self._error


@pytest.mark.parametrize(
    "error", [ChannelUnavailable("away"), ChannelRefused("no rights"), StoreUnavailable("the disk is full")]
)
async def test_money_is_counted_once_although_the_desk_cannot_be_told_of_it(error: Exception) -> None:
    desk = cast("Desk", LostDesk(error))
    switchboard = Switchboard(language=Language.ES, zone=MADRID, desk=desk)
    async with memory_store() as store:
        meter = DayMeter(
            "x",
            store.channels,
            tariff=Tariff(prices={"post": Decimal("0.005")}, currency="USD", of=date(2026, 11, 1)),
            allowance=Allowance(budget=Decimal("0.01"), when_spent=WhenSpent.STOP, zone=MADRID),
            warn=switchboard.money,
        )

        await meter.spend("post", 2)
        await meter.spend("post")

        assert (await meter.purse()).spent == Decimal("0.015")
