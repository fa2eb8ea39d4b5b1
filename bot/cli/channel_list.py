"""What `vivencia channels list` shows: the installed kinds, and the configured channels as they fare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.cli.faring import Faring, all_faring, faring_json, faring_line
from bot.domain.account import Ability
from bot.domain.errors import ConfigError
from bot.domain.ports.channel import ChannelKind
from bot.domain.reading import Language

if TYPE_CHECKING:
    from bot.domain.ports.store import Channels
    from bot.insight.wording import Wording
    from config.home import Home
    from config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """One kind that is installed, or why it cannot be loaded."""

    kind: str
    found: ChannelKind | None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """One table of the configuration, with what is known of its ears; or what is wrong with it."""

    name: str
    kind: str
    mode: str
    every: float
    ears: tuple[Faring, ...]
    error: str | None = None


def installed() -> list[Installed]:
    """Every kind on this machine, loaded."""
    from listeners.registry import channel_kinds

    return [_loaded(kind) for kind in channel_kinds()]


def _loaded(kind: str) -> Installed:
    from listeners.registry import channel_kind

    try:
        return Installed(kind=kind, found=channel_kind(kind, {}))
    except ConfigError as error:
        return Installed(kind=kind, found=None, error=str(error.__cause__ or error))


async def configured(home: Home, settings: Settings, now: datetime) -> list[Configured]:
    """Every table, in the order of the file."""
    from bot.store.sqlite import open_store

    async with open_store(home.database) as store:
        ears = await all_faring(store.channels, now)
        return [_one(name, table, settings, ears, book=store.channels) for name, table in settings.channels.items()]


def _one(name: str, table: dict[str, Any], settings: Settings, ears: list[Faring], *, book: Channels) -> Configured:
    from bot.channels import meter_for, mode_of, refuse_a_double, voices_of
    from config.channels import common_keys, own_keys
    from listeners.registry import channel_settings

    mode: str = settings.policy.mode
    every, error = settings.service.poll_seconds, None
    try:
        keys = common_keys(name, table)
        mode, every = keys.mode or mode, keys.poll_seconds or every
        channel_settings(name, own_keys(table))
        mode_of(name, table, settings)
        refuse_a_double(name, settings.channels)
        voices_of(name, table, settings)
        meter_for(name, table, settings=settings, book=book)
    except ConfigError as wrong:
        error = str(wrong)
    return Configured(
        name=name,
        kind=str(table.get("kind", name)),
        mode=mode,
        every=every,
        ears=tuple(ear for ear in ears if ear.channel.partition("/")[0] == name),
        error=error,
    )


def list_json(kinds: list[Installed], channels: list[Configured]) -> dict[str, Any]:
    """The published form (docs/reference/cli.md)."""
    return {"kinds": [_kind_json(each) for each in kinds], "channels": [_channel_json(each) for each in channels]}


def _kind_json(each: Installed) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "abilities": [] if each.found is None else [ability for ability in Ability if ability in each.found.abilities],
        "only_summoned": each.found is not None and each.found.only_summoned,
        "has_check": each.found is not None and each.found.check is not None,
        "error": each.error,
    }


def _channel_json(channel: Configured) -> dict[str, Any]:
    return {
        "name": channel.name,
        "kind": channel.kind,
        "mode": channel.mode,
        "poll_seconds": channel.every,
        "ears": [faring_json(ear) for ear in channel.ears],
        "error": channel.error,
    }


def list_page(
    kinds: list[Installed],
    channels: list[Configured],
    *,
    home: Home,
    settings: Settings,
    language: Language,
    now: datetime,
) -> list[str]:
    """The same for people, in lines."""
    from bot.insight.columns import table
    from bot.insight.wording import wording

    words, zone = wording(language, "bot.cli"), ZoneInfo(settings.brand.timezone)
    kind_rows = [(f"  {each.kind}", _can(each, words)) for each in kinds]
    lines = [words.say("channels.kinds"), *table(kind_rows, right=()), "", words.say("channels.configured")]
    if not channels:
        return [*lines, f"  {words.say('channels.none', file=str(home.settings))}"]
    rows = [row for channel in channels for row in _rows(channel, words, zone=zone, now=now)]
    return [line.replace("\u00a0", " ") for line in (*lines, *table(rows, right=()))]


def _can(each: Installed, words: Wording) -> str:
    if each.found is None:
        return words.say("channels.unknown_kind", why=each.error or "")
    can = [words.say(f"ability.{ability}") for ability in Ability if ability in each.found.abilities]
    return ", ".join([*can, *([words.say("channels.only_summoned")] if each.found.only_summoned else [])])


def _rows(channel: Configured, words: Wording, *, zone: ZoneInfo, now: datetime) -> list[tuple[str, str]]:
    """What it is set to, then a line for each of its ears."""
    from bot.insight.channels import ear_name
    from bot.insight.told import told_in
    from bot.insight.wording import wording

    insight, every = wording(words.language), f"{channel.every:g} s"
    rows = [(f"  {channel.name}", words.say("channels.settings", kind=channel.kind, mode=channel.mode, every=every))]
    if channel.error is not None:
        why = told_in(insight, channel.error)
        return [*rows, ("", words.say("channels.mistake", why=why))]
    for ear in channel.ears:
        name = f"{ear_name(ear.channel, insight)}: " if "/" in ear.channel else ""
        rows.append(("", name + faring_line(ear, words.language, zone, now)))
    return rows if channel.ears else [*rows, ("", words.say("channels.never"))]
