"""Open the configured channels: each with its own table, its meter, and somebody to call when it is in trouble."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.domain.account import OwnVoice
from bot.domain.cost import Purse, Tariff
from bot.domain.errors import ChannelError, ConfigError, StoreUnavailable
from bot.domain.health import Health
from bot.domain.ports.channel import Kept, Listener, Meter, Stream, Surroundings, Unmetered, Voice
from bot.domain.ports.desk import Desk
from bot.domain.ports.store import Channels
from bot.domain.reading import Language
from bot.domain.shared import Shared
from bot.insight.channels import says_fares, says_purse
from config.channels import CommonKeys, common_keys, own_keys
from config.home import Home
from config.settings import Settings
from config.values import Mode
from listeners.metering import Allowance, DayMeter, Warn, warn_nobody
from listeners.registry import channel_kind, channel_settings, open_channel

log = structlog.get_logger(__name__)

Channel = Listener | Stream | Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """One channel, opened: what its table says beside its own keys, what it costs, and whom it may answer."""

    channel: Channel
    keys: CommonKeys
    mode: Mode
    meter: Meter
    only_summoned: bool


async def tune_in(  # noqa: PLR0913 - where, what, and who hears of money
    stack: AsyncExitStack,
    channels: Mapping[str, Mapping[str, Any]],
    *,
    home: Home,
    settings: Settings,
    book: Channels,
    kept: Kept,
    warn: Warn,
    shared: Shared,
) -> dict[str, Tuned]:
    """Every channel by its name; all of them are closed with the stack."""
    tuned = {}
    for name, table in channels.items():
        keys, mode = common_keys(name, table), mode_of(name, table, settings)
        refuse_a_double(name, channels)
        voices_of(name, table, settings)
        meter = meter_for(name, table, settings=settings, book=book, warn=warn)
        channel = await stack.enter_async_context(
            open_channel(
                name, own_keys(table), surroundings(home, settings, meter, team=keys.team, kept=kept, shared=shared)
            )
        )
        only_summoned = keys.must_be_summoned or channel_kind(name, table).only_summoned
        tuned[name] = Tuned(channel=channel, keys=keys, mode=mode, meter=meter, only_summoned=only_summoned)
    return tuned


def refuse_a_double(name: str, channels: Mapping[str, Mapping[str, Any]]) -> None:
    """ConfigError where a table before it hears what it hears. Of other mistakes in that one nothing is said."""
    ears = _ears(name, channels[name])
    for other in takewhile(lambda one: one != name, channels):
        heard: frozenset[tuple[str, ...]] = frozenset()
        with suppress(ConfigError):
            heard = _ears(other, channels[other])
        if ears & heard:
            message = (
                f"[channels.{other}] and [channels.{name}] are one account, and everybody would be answered twice; "
                "take one of the two out"
            )
            raise ConfigError(message)


def _ears(name: str, table: Mapping[str, Any]) -> frozenset[tuple[str, ...]]:
    kind = str(table.get("kind", name))
    heard = channel_kind(name, table).ears(channel_settings(name, own_keys(table)))
    return frozenset((kind, *ear) for ear in heard)


def mode_of(name: str, table: Mapping[str, Any], settings: Settings) -> Mode:
    """How free the machine is there; ConfigError for `auto` where the platform's leave is not written down."""
    mode, needed = common_keys(name, table).mode or settings.policy.mode, channel_kind(name, table).auto_needs
    if mode == "auto" and needed is not None and not table.get(needed):
        message = (
            f'[channels.{name}] mode = "auto" needs {needed}: the platform lets a machine answer only with its '
            'approval; write its reference there, or set mode = "approve"'
        )
        raise ConfigError(message)
    return mode


def voices_of(name: str, table: Mapping[str, Any], settings: Settings) -> tuple[str, ...]:
    """Whose posts there are the brand's own, by name; ConfigError for a `team` where names say nothing."""
    team = common_keys(name, table).team
    match channel_kind(name, table).own_voice:
        case OwnVoice.ACCOUNTS:
            return settings.brand.accounts if team is None else team
        case OwnVoice.TEAM:
            return team or ()
        case OwnVoice.ITSELF if team is None:
            return ()
        case OwnVoice.ITSELF:
            message = f"[channels.{name}] team: this kind of channel knows the brand without names; take the key out"
            raise ConfigError(message)


def surroundings(  # noqa: PLR0913 - a house is made of these
    home: Home,
    settings: Settings,
    meter: Meter,
    *,
    team: tuple[str, ...] | None,
    kept: Kept,
    shared: Shared | None = None,
) -> Surroundings:
    """What a channel may know of its house; without `shared` it shares nothing."""
    return Surroundings(
        home=home.path, accounts=settings.brand.accounts, team=team, meter=meter, shared=shared or Shared(), kept=kept
    )


def meter_for(
    name: str, table: Mapping[str, Any], *, settings: Settings, book: Channels, warn: Warn = warn_nobody
) -> Meter:
    """A meter that goes by `[costs.<kind>]` and the table's own budget; none is needed where nothing costs."""
    keys, kind = common_keys(name, table), str(table.get("kind", name))
    costs = settings.costs.get(kind)
    if costs is None:
        for key in ("budget_per_day", "when_spent"):
            if getattr(keys, key) is not None:
                message = f"[channels.{name}] {key} has no prices to go by; add a table [costs.{kind}]"
                raise ConfigError(message)
        return Unmetered()
    return DayMeter(
        name,
        book,
        tariff=Tariff(prices=costs.prices, currency=costs.currency, of=costs.of),
        allowance=Allowance(
            budget=keys.budget_per_day or costs.budget_per_day,
            when_spent=keys.when_spent or costs.when_spent,
            zone=ZoneInfo(settings.brand.timezone),
        ),
        warn=warn,
    )


@dataclass(slots=True, kw_only=True)
class Switchboard:
    """Calls the people at the desk, in their language, about a channel's health and money.

    A desk that cannot be reached, or is not there yet, is no trouble of the channel's: the log has it, and so have
    status and digest.
    """

    language: Language
    zone: ZoneInfo
    desk: Desk | None = None

    async def fares(self, health: Health) -> None:
        """It is lost, or heard again."""
        key = f"channel:{health.channel}:{health.condition}:{health.since.isoformat()}"
        await self._call(says_fares(health, self.language, self.zone, now=datetime.now(UTC)), key)

    async def money(self, channel: str, purse: Purse) -> None:
        """Its purse is low, or spent."""
        key = f"purse:{channel}:{purse.level}:{purse.renews_at.isoformat()}"
        await self._call(says_purse(channel, purse, self.language, self.zone), key)

    async def _call(self, text: str, key: str) -> None:
        if self.desk is None:
            log.warning("there is no desk yet to tell of a channel", key=key)
            return
        try:
            await self.desk.alert(text, key)
        except (ChannelError, StoreUnavailable) as error:
            log.warning("the desk cannot be told of a channel", key=key, error=str(error))
