"""Look whether the desk in the guild is as it was set up: its channels, tags, roles and the bot's permissions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import discord

from bot.desk.guild.permissions import lacking
from bot.desk.guild.place import Places
from bot.desk.guild.setup import Asked
from bot.domain.agent import Rank
from bot.domain.checkup import Finding, Grade
from bot.domain.reason import Reason, because
from bot.insight.wording import Wording

_SPOTS = ("forum", "alerts", "approvals", "voices", "digests")


async def look_at_desk(  # noqa: PLR0913 - where, and what should be there
    guild: discord.Guild, me: discord.Member, places: Places, *, tags: Sequence[str], words: Wording, asked: Asked[Any]
) -> list[Finding]:
    """Nothing is changed. What is wrong says what to do about it."""
    channels = {channel.id: channel for channel in await asked(guild.fetch_channels())}
    roles = {role.id for role in await asked(guild.fetch_roles())}
    held = {role.id for role, members in (await asked(guild.role_member_counts())).items() if members}
    found = [
        *_rooms(channels, places, me, words),
        *_tags(channels.get(places.forum), tags),
        *_roles(roles, held, places, words),
    ]
    return found or [_finding(Grade.GOOD, because("doctor.desk_good", guild=guild.name))]


def _rooms(channels: dict[int, Any], places: Places, me: discord.Member, words: Wording) -> Iterator[Finding]:
    spots = dict[int, str]()
    for spot in _SPOTS:
        # one channel may serve for several: it is looked at once
        spots.setdefault(getattr(places, spot), spot)
    for place, spot in spots.items():
        channel = channels.get(place)
        if channel is None:
            yield _finding(Grade.BROKEN, because("doctor.desk_lost", key=f"desk.discord.{spot}"))
            continue
        missing = lacking(channel.permissions_for(me), for_good=True)
        if missing:
            names = tuple(words.say(f"permission.{name}") for name in missing)
            yield _finding(
                Grade.BROKEN, because("doctor.desk_not_allowed", channel=f"#{channel.name}", permissions=names)
            )


def _tags(forum: Any, tags: Sequence[str]) -> Iterator[Finding]:  # noqa: ANN401 - a channel of any kind, or none
    if not isinstance(forum, discord.ForumChannel):
        return
    missing = tuple(tag for tag in tags if tag not in {each.name for each in forum.available_tags})
    if missing:
        yield _finding(Grade.WATCH, because("doctor.desk_tags", tags=missing))


def _roles(present: set[int], held: Collection[int], places: Places, words: Wording) -> Iterator[Finding]:
    for role, rank in places.ranks.items():
        if role not in present:
            yield _finding(
                Grade.BROKEN, because("doctor.desk_role_gone", rank=words.say(f"rank.{rank}"), role=str(role))
            )
    if not any(rank.level >= Rank.LEAD.level for rank in places.ranks.values()):
        yield _finding(Grade.WATCH, because("doctor.desk_no_lead"))
    elif places.on_call(held).rank is None:
        yield _finding(Grade.WATCH, because("doctor.desk_lead_unheld"))


def _finding(grade: Grade, what: Reason) -> Finding:
    return Finding(part="desk", grade=grade, what=what)
