"""The fact sheet of a bot: who it is, what it may read and say in the chosen channels, and what bounds it."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord.abc import GuildChannel

from bot.domain.account import Account
from listeners.discord_session import StartLimit
from listeners.discord_wire import WITHOUT_CONTENTS, asked, asked_if_there

_MAY_READ = ("view_channel", "read_message_history")
_MAY_ANSWER = ("send_messages", "send_messages_in_threads")
_NAMES = {
    "view_channel": "View Channel",
    "read_message_history": "Read Message History",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
}


def may_read_contents(bot: discord.Client) -> bool:
    """Whether Discord shows the bot what people write to each other, as far as it tells."""
    flags = bot.application.flags if bot.application else discord.ApplicationFlags()
    return flags.gateway_message_content or flags.gateway_message_content_limited


async def fact_sheet(  # noqa: PLR0913 - who, where, what for, and what bounds it
    bot: discord.Client, *, guild: int, chosen: Sequence[str], wants_contents: bool, starts: StartLimit, longest: int
) -> Account:
    """Look at the guild as it is now; nothing is changed."""
    place = await asked(bot.fetch_guild(guild, with_counts=False))
    channels = await asked(place.fetch_channels())
    user = bot.user.id if bot.user else 0
    me = await asked(place.fetch_member(user))
    return Account(
        identity=f"{me.name} ({me.id}) · {place.name}",
        rights=(_contents(bot, wants_contents=wants_contents), *await _rooms(bot, channels, me, chosen)),
        limits=(f"{longest:,} characters", f"{starts.remaining} of {starts.total} starts of the gateway left today"),
        notes=(
            "mentions of the bot and direct messages are heard everywhere",
            "of direct messages that came while nobody listened only those of known people are found",
        ),
    )


def _contents(bot: discord.Client, *, wants_contents: bool) -> str:
    if not wants_contents:
        return "hears only who mentions the bot, answers it or writes to it (message_content = false)"
    if may_read_contents(bot):
        return "reads what people write (Message Content Intent)"
    return f"does not read the channels: {WITHOUT_CONTENTS}"


async def _rooms(
    bot: discord.Client, channels: Sequence[GuildChannel], me: discord.Member, chosen: Sequence[str]
) -> list[str]:
    told = []
    for wanted in (one.strip().lstrip("#") for one in chosen):
        found = next((one for one in channels if wanted.lower() in {str(one.id), one.name.lower()}), None)
        thread = await _thread(bot, wanted) if found is None else None
        above = found or next((one for one in channels if thread is not None and one.id == thread.parent_id), None)
        name = thread.name if thread is not None else (above.name if above is not None else "")
        told.append(f"#{wanted}: no such channel" if above is None else _room(name, above.permissions_for(me)))
    return told


async def _thread(bot: discord.Client, wanted: str) -> discord.Thread | None:
    """A thread is in no list of channels, and may be asleep."""
    found = await asked_if_there(bot.fetch_channel(int(wanted))) if wanted.isdecimal() else None
    return found if isinstance(found, discord.Thread) else None


def _room(name: str, may: discord.Permissions) -> str:
    lacking = [_NAMES[each] for each in (*_MAY_READ, *_MAY_ANSWER) if not getattr(may, each)]
    can_read = all(getattr(may, each) for each in _MAY_READ)
    needs = f" (grant {', '.join(lacking)})" if lacking else ""
    match can_read, bool(lacking):
        case True, False:
            return f"#{name}: reads and answers"
        case True, True:
            return f"#{name}: reads, and cannot always answer{needs}"
        case _:
            return f"#{name}: cannot be read{needs}"
