"""What `vivencia channels check` does: log in, look, leave, and reckon what the channel costs at its pace."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.cli.spoken import speaking
from bot.domain.account import Account, OwnVoice
from bot.domain.cost import WhenSpent
from bot.domain.errors import ConfigError, VivenciaError
from bot.domain.reading import Language

if TYPE_CHECKING:
    from bot.domain.ports.channel import Kept, Meter
    from bot.domain.ports.store import Store
    from bot.insight.figures import Figures
    from bot.insight.wording import Wording
    from config.home import Home
    from config.settings import CostSettings, Settings

PATIENCE_SECONDS = 60.0
_DAY_SECONDS = 86_400.0
_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a channel costs: its prices, what it may spend, what it has spent today and on an average day of a week."""

    costs: CostSettings
    budget: Decimal | None
    when_spent: WhenSpent
    today: Decimal
    mean: Decimal

    def of(self, units: Mapping[str, int]) -> Decimal:
        """What so many units of each price cost."""
        return sum((self.costs.prices.get(what, Decimal(0)) * n for what, n in units.items()), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """Whose posts are the brand's own there, by name: those of the table's team, or those of `brand.accounts`."""

    names: tuple[str, ...]
    are_a_team: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a log-in showed, without an account where a kind has none, the bill where anything costs, and who speaks for
    the brand where names tell.
    """

    name: str
    kind: str
    every: float
    account: Account | None
    bill: Bill | None
    voices: Voices | None

    @property
    def looks(self) -> int:
        """How many looks a day the pace makes."""
        return round(_DAY_SECONDS / self.every)


async def checked(home: Home, settings: Settings, name: str, language: Language) -> Checked:
    """Log in as `[channels.<name>]` says. The look costs what any look costs, and is counted.

    Wrong settings, and what the channel says in place of an account, are raised in the reader's language.
    """
    from bot.channels import meter_for, mode_of, refuse_a_double, voices_of
    from bot.store.sqlite import open_store
    from config.channels import common_keys

    with speaking(language, of=name):
        table = _table(home, settings, name)
        keys = common_keys(name, table)
        mode_of(name, table, settings)
        refuse_a_double(name, settings.channels)
        voices_of(name, table, settings)
        async with open_store(home.database) as store:
            meter = meter_for(name, table, settings=settings, book=store.channels)
            return Checked(
                name=name,
                kind=str(table.get("kind", name)),
                every=keys.poll_seconds or settings.service.poll_seconds,
                account=await _log_in(name, table, home, settings, meter=meter, kept=store.inbox),
                bill=await _bill(name, table, settings, store=store, meter=meter),
                voices=_voices(name, table, settings),
            )


def _voices(name: str, table: Mapping[str, Any], settings: Settings) -> Voices | None:
    from bot.channels import voices_of
    from config.channels import common_keys
    from listeners.registry import channel_kind

    if channel_kind(name, table).own_voice is OwnVoice.ITSELF:
        return None
    return Voices(names=voices_of(name, table, settings), are_a_team=common_keys(name, table).team is not None)


def _table(home: Home, settings: Settings, name: str) -> dict[str, Any]:
    if name in settings.channels:
        return settings.channels[name]
    known = ", ".join(settings.channels) or "none"
    message = f"there is no table [channels.{name}]; configured: {known}; add one to {home.settings}"
    raise ConfigError(message)


async def _log_in(
    name: str, table: Mapping[str, Any], home: Home, settings: Settings, *, meter: Meter, kept: Kept
) -> Account | None:
    """The fact sheet; for a kind without a check it is enough that the channel opens."""
    from bot.channels import surroundings
    from config.channels import common_keys, own_keys
    from listeners.registry import channel_kind, channel_settings

    kind, own = channel_kind(name, table), channel_settings(name, own_keys(table))
    around = surroundings(home, settings, meter, team=common_keys(name, table).team, kept=kept)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            if kind.check is not None:
                return await kind.check(name, own, around)
            async with kind.open(name, own, around):
                return None
    except TimeoutError as error:
        message = f"{name} has not answered for {PATIENCE_SECONDS:.0f} s; try again later"
        raise VivenciaError(message) from error


async def _bill(name: str, table: Mapping[str, Any], settings: Settings, *, store: Store, meter: Meter) -> Bill | None:
    from bot.domain.time import local_day

    costs = settings.costs.get(str(table.get("kind", name)))
    if costs is None:
        return None
    zone = ZoneInfo(settings.brand.timezone)
    today = datetime.now(zone).date()
    since, until = (local_day(day, zone)[0] for day in (today - timedelta(days=_DAYS), today))
    spent = {each.channel: each.spent for each in await store.reports.channels(since, until)}
    purse = await meter.purse()
    return Bill(
        costs=costs,
        budget=purse.budget,
        when_spent=purse.when_spent,
        today=purse.spent,
        mean=spent.get(name, Decimal(0)) / _DAYS,
    )


def check_json(seen: Checked) -> dict[str, Any]:
    """The published form (docs/reference/cli.md)."""
    account = seen.account
    return {
        "channel": seen.name,
        "kind": seen.kind,
        "identity": None if account is None else account.identity,
        "rights": [] if account is None else list(account.rights),
        "limits": [] if account is None else list(account.limits),
        "notes": [] if account is None else list(account.notes),
        "voices": None if seen.voices is None else list(seen.voices.names),
        "poll_seconds": seen.every,
        "cost": None if seen.bill is None else _bill_json(seen, seen.bill),
    }


def _bill_json(seen: Checked, bill: Bill) -> dict[str, Any]:
    units = seen.account.per_look if seen.account is not None else {}
    daily = seen.account.per_day if seen.account is not None else {}
    return {
        "currency": bill.costs.currency,
        "prices_of": bill.costs.of.isoformat(),
        "units_per_look": dict(units),
        "most_per_look": float(bill.of(units)),
        "looks_per_day": seen.looks,
        "units_per_day": dict(daily),
        "most_per_day": float(bill.of(units) * seen.looks + bill.of(daily)),
        "budget_per_day": None if bill.budget is None else float(bill.budget),
        "when_spent": bill.when_spent.value,
        "spent_today": float(bill.today),
        "mean_per_day": float(bill.mean),
    }


def check_page(seen: Checked, language: Language) -> list[str]:
    """The same for people, in lines."""
    from bot.insight.channels import ear_name
    from bot.insight.columns import table
    from bot.insight.told import told_in
    from bot.insight.wording import wording

    words, insight = wording(language, "bot.cli"), wording(language)
    channel = ear_name(seen.name, insight)
    if seen.account is None:
        title = words.say("check.no_account", channel=channel)
    else:
        title = words.say("check.title", channel=channel, identity=told_in(insight, seen.account.identity))
    rows = list(_rows(seen, words))
    return [line.replace("\u00a0", " ") for line in (title, *table(rows, right=()))]


def _rows(seen: Checked, words: Wording) -> Iterator[tuple[str, str]]:
    """A name before the first line of each part."""
    from bot.insight.figures import Figures
    from bot.insight.told import told_in
    from bot.insight.wording import wording

    figures, insight = Figures(words.language, ZoneInfo("UTC")), wording(words.language)
    parts: dict[str, tuple[str, ...]] = {"cost": tuple(_costs(seen, words, figures))}
    if seen.voices is not None:
        parts = {"voices": (_said_of(seen.voices, words),), **parts}
    if seen.account is not None:
        facts = {"rights": seen.account.rights, "limits": seen.account.limits, "notes": seen.account.notes}
        told = {part: tuple(told_in(insight, line) for line in lines) for part, lines in facts.items()}
        parts = {**told, **parts}
    for part, lines in parts.items():
        for number, line in enumerate(lines):
            yield ("" if number else f"  {words.say(f'check.{part}')}", line)


def _said_of(voices: Voices, words: Wording) -> str:
    if not voices.names:
        return words.say("check.voices_nobody")
    whose = "team" if voices.are_a_team else "accounts"
    return words.say(f"check.voices_{whose}", names=", ".join(voices.names))


def _costs(seen: Checked, words: Wording, figures: Figures) -> Iterator[str]:
    bill = seen.bill
    if bill is None:
        yield words.say("check.free")
        return
    currency = bill.costs.currency
    units = seen.account.per_look if seen.account is not None else {}
    if units:
        named = " + ".join(words.say("check.unit", n=figures.whole(n), what=what) for what, n in units.items())
        yield words.say("check.look", units=named, cost=figures.money(bill.of(units)), currency=currency)
        yield words.say(
            "check.day",
            every=f"{seen.every:g} s",
            looks=words.count("check.looks", seen.looks, n=figures.whole(seen.looks)),
            cost=figures.money(bill.of(units) * seen.looks),
            currency=currency,
        )
    daily = seen.account.per_day if seen.account is not None else {}
    if any(daily.values()):
        named = " + ".join(words.say("check.unit", n=figures.whole(n), what=what) for what, n in daily.items())
        yield words.say("check.daily", units=named, cost=figures.money(bill.of(daily)), currency=currency)
    if bill.budget is None:
        yield words.say("check.no_budget")
    else:
        then = words.say(f"check.then_{bill.when_spent}")
        yield words.say("check.budget", budget=figures.money(bill.budget), currency=currency, then=then)
    yield words.say("check.spent", spent=figures.money(bill.today), mean=figures.money(bill.mean), currency=currency)
    yield words.say("check.prices", of=f"{figures.short_date(bill.costs.of)} {bill.costs.of.year}")
