"""Find or make what a desk needs in a guild: forum, tags, channels, the roles of its people. As often as wanted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import discord

from bot.desk.guild.permissions import lacking
from bot.domain.agent import Rank
from bot.domain.errors import ConfigError
from bot.insight.wording import Wording

Answer = TypeVar("Answer")
Asked = Callable[[Awaitable[Answer]], Awaitable[Answer]]
"""Turns what goes wrong between us and Discord into one of the three channel errors."""

Overwrites = dict[discord.Role | discord.Member | discord.Object, discord.PermissionOverwrite]


class Spot(StrEnum):
    """The channels of a desk, by their key in [desk.discord]."""

    FORUM = "forum"
    ALERTS = "alerts"
    APPROVALS = "approvals"
    VOICES = "voices"


class Done(StrEnum):
    """What became of one thing."""

    FOUND = "found"
    MADE = "made"
    MENDED = "mended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was looked at: `what` is a spot, `tags` or a rank."""

    what: str
    name: str
    done: Done


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The desk's places as ids, the roles of its people, and what was done for it."""

    guild: int
    places: Mapping[Spot, int]
    roles: Mapping[Rank, tuple[int, ...]]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What an owner wants: places known from before, and who is what. Names are looked for when an id is not known."""

    places: Mapping[Spot, int]
    roles: Mapping[Rank, Sequence[str]]
    tags: Sequence[str]
    words: Wording
    other: Wording


async def prepare(guild: discord.Guild, me: discord.Member, wishes: Wishes, asked: Asked[Any]) -> Prepared:
    """Everything found or made. ConfigError names what an owner has to do first; then nothing was changed."""
    channels: Sequence[discord.abc.GuildChannel] = await asked(guild.fetch_channels())
    roles = _roles(await asked(guild.fetch_roles()), wishes)
    found = {spot: _existing(channels, spot, wishes) for spot in Spot}
    _refuse_what_may_not_be(me, found, wishes)
    steps: list[Step] = []
    places: dict[Spot, int] = {}
    closed = _only_for(guild, me, roles)
    for spot, channel in found.items():
        made = channel if channel is not None else await asked(_make(guild, spot, wishes, closed))
        steps.append(Step(what=spot, name=f"#{made.name}", done=Done.FOUND if channel is not None else Done.MADE))
        if isinstance(made, discord.ForumChannel):
            steps.append(await _tagged(made, wishes.tags, asked))
        places[spot] = made.id
    for rank, held in roles.items():
        steps += [Step(what=rank, name=f"@{role.name}", done=Done.FOUND) for role in held]
    return Prepared(
        guild=guild.id,
        places=places,
        roles={rank: tuple(role.id for role in held) for rank, held in roles.items()},
        steps=tuple(steps),
    )


def _existing(
    channels: Sequence[discord.abc.GuildChannel], spot: Spot, wishes: Wishes
) -> discord.ForumChannel | discord.TextChannel | None:
    """By the id from before, else by its name in either language, if it is of the right kind."""
    kind = discord.ForumChannel if spot is Spot.FORUM else discord.TextChannel
    fit = [channel for channel in channels if isinstance(channel, kind)]
    known = wishes.places.get(spot)
    names = {wishes.words.say(f"place.{spot}"), wishes.other.say(f"place.{spot}")}
    by_id = next((channel for channel in fit if channel.id == known), None)
    return by_id or next((channel for channel in fit if channel.name in names), None)


def _roles(present: Sequence[discord.Role], wishes: Wishes) -> dict[Rank, tuple[discord.Role, ...]]:
    """The role of each rank: as wished, by id or name, else by its usual name in either language."""
    found = {rank: _roles_of(rank, present, wishes) for rank in Rank}
    if not found[Rank.AGENT]:
        names = ", ".join(sorted(f"@{role.name}" for role in present if not role.is_default() and not role.managed))
        message = wishes.words.say("setup.no_agents", name=wishes.words.say("rank.agent"), roles=names or "—")
        raise ConfigError(message)
    return {rank: roles for rank, roles in found.items() if roles}


def _roles_of(rank: Rank, present: Sequence[discord.Role], wishes: Wishes) -> tuple[discord.Role, ...]:
    usable = [role for role in present if not role.is_default()]
    wished = wishes.roles.get(rank)
    if wished:
        return tuple(_role_called(name, usable, wishes) for name in wished)
    usual = {wishes.words.say(f"rank.{rank}").casefold(), wishes.other.say(f"rank.{rank}").casefold()}
    return tuple(role for role in usable if role.name.casefold() in usual and not role.managed)


def _role_called(name: str, usable: Sequence[discord.Role], wishes: Wishes) -> discord.Role:
    wanted = name.strip().removeprefix("@").casefold()
    found = [role for role in usable if wanted in {str(role.id), role.name.casefold()}]
    if len(found) != 1:
        key = "setup.no_such_role" if not found else "setup.several_roles"
        raise ConfigError(wishes.words.say(key, role=name, roles=", ".join(f"@{role.name}" for role in usable)))
    return found[0]


def _refuse_what_may_not_be(
    me: discord.Member, found: Mapping[Spot, discord.abc.GuildChannel | None], wishes: Wishes
) -> None:
    """Say what the bot is not allowed to before anything is made."""
    complete = all(found.values())
    missing = lacking(me.guild_permissions, for_good=complete)
    if missing:
        names = ", ".join(wishes.words.say(f"permission.{name}") for name in missing)
        raise ConfigError(wishes.words.say("setup.not_allowed", permissions=names))
    for channel in filter(None, found.values()):
        here = lacking(channel.permissions_for(me), for_good=True)
        if here:
            names = ", ".join(wishes.words.say(f"permission.{name}") for name in here)
            raise ConfigError(wishes.words.say("setup.not_allowed_in", channel=f"#{channel.name}", permissions=names))


def _only_for(guild: discord.Guild, me: discord.Member, roles: Mapping[Rank, Sequence[discord.Role]]) -> Overwrites:
    """Nobody sees the desk but its people and the bot: what customers write is not for the whole guild."""
    allowed = discord.PermissionOverwrite(view_channel=True)
    closed: Overwrites = {guild.default_role: discord.PermissionOverwrite(view_channel=False), me: allowed}
    closed.update({role: allowed for held in roles.values() for role in held})
    return closed


async def _make(
    guild: discord.Guild,
    spot: Spot,
    wishes: Wishes,
    closed: Overwrites,
) -> discord.ForumChannel | discord.TextChannel:
    name, topic = wishes.words.say(f"place.{spot}"), wishes.words.say(f"place_topic.{spot}")
    if spot is Spot.FORUM:
        tags = [discord.ForumTag(name=tag) for tag in wishes.tags]
        return await guild.create_forum(name, topic=topic, overwrites=closed, available_tags=tags)
    return await guild.create_text_channel(name, topic=topic, overwrites=closed)


async def _tagged(forum: discord.ForumChannel, tags: Sequence[str], asked: Asked[Any]) -> Step:
    """Every tag is there; those that people made themselves stay."""
    present = {tag.name for tag in forum.available_tags}
    missing = [discord.ForumTag(name=tag) for tag in tags if tag not in present]
    if missing:
        await asked(forum.edit(available_tags=[*forum.available_tags, *missing]))
    return Step(what="tags", name=", ".join(tags), done=Done.MENDED if missing else Done.FOUND)
