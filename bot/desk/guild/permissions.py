"""What the bot must be allowed to in a guild, why, and the link that invites it with no more than that."""

from __future__ import annotations

from dataclasses import dataclass

import discord

SCOPES = ("bot", "applications.commands")


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One permission by discord.py's name. `for_good`: the desk needs it every day, not only while it is set up."""

    name: str
    for_good: bool


# what each is for stands under [permission] in the wording
NEEDS = (
    Need(name="view_channel", for_good=True),
    Need(name="read_message_history", for_good=True),
    Need(name="send_messages", for_good=True),
    Need(name="send_messages_in_threads", for_good=True),
    Need(name="embed_links", for_good=True),
    Need(name="attach_files", for_good=True),
    Need(name="mention_everyone", for_good=True),
    Need(name="manage_threads", for_good=True),
    Need(name="manage_channels", for_good=False),
)


def wanted() -> discord.Permissions:
    """All of them as one value; `.value` is the integer of the invitation."""
    return discord.Permissions(**{need.name: True for need in NEEDS})


def lacking(has: discord.Permissions, *, for_good: bool) -> tuple[str, ...]:
    """Which of them the bot has not; with `for_good` only those of every day."""
    return tuple(need.name for need in NEEDS if (need.for_good or not for_good) and not getattr(has, need.name))


def invitation(application: int) -> str:
    """Where an owner of the guild lets the bot in."""
    return discord.utils.oauth_url(application, permissions=wanted(), scopes=SCOPES)
