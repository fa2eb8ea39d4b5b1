"""What commands show of a channel: how it fares and what it has cost today, as a line and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.domain.cost import Purse
from bot.domain.health import Health
from bot.domain.reading import Language

if TYPE_CHECKING:
    from bot.domain.ports.store import Channels


@dataclass(frozen=True, slots=True, kw_only=True)
class Faring:
    """One ear of a channel: `x`, or `x/stream` beside it. Only the first has a purse."""

    channel: str
    health: Health | None = None
    purse: Purse | None = None


async def all_faring(book: Channels, now: datetime) -> list[Faring]:
    """Every channel that the house knows of, by name."""
    health = {each.channel: each.as_of(now) for each in await book.health()}
    purses = await book.purses(now)
    return [
        Faring(channel=name, health=health.get(name), purse=purses.get(name))
        for name in sorted(health.keys() | purses.keys())
    ]


def faring_json(faring: Faring) -> dict[str, Any]:
    """The published form (docs/reference/cli.md)."""
    from bot.cli.plain import plain

    health, purse = faring.health, faring.purse
    return {
        "channel": faring.channel,
        "condition": None if health is None else health.condition.value,
        "reason": None if health is None else health.reason or None,
        "since": None if health is None else plain(health.since),
        "again": None if health is None else plain(health.again),
        "spent": None if purse is None else float(purse.spent),
        "budget": None if purse is None or purse.budget is None else float(purse.budget),
        "currency": None if purse is None else purse.currency,
        "level": None if purse is None else purse.level.value,
        "renews_at": None if purse is None else plain(purse.renews_at),
    }


def faring_line(faring: Faring, language: Language, zone: ZoneInfo, now: datetime) -> str:
    """`se escucha desde 14:05 · 0,42 de 5,00 USD hoy (8 %)`; empty when nothing is known."""
    from bot.insight.channels import how_it_fares, how_much_is_spent
    from bot.insight.figures import Figures
    from bot.insight.wording import wording

    words = wording(language)
    fares = [] if faring.health is None else [how_it_fares(faring.health, words, zone, now=now)]
    costs = [] if faring.purse is None else [how_much_is_spent(faring.purse, words, Figures(language, zone))]
    return " · ".join([*fares, *costs])
