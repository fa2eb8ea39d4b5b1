"""What who pressed is told, and only they: short, in their language, with what they typed when it was not used."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import datetime

import discord

from bot.desk.labels import Labels
from bot.domain.agent import Agent
from bot.domain.text import clean

LONGEST = 1900
# Discord takes ten mebibytes, and refuses the whole answer for one byte more
_LARGEST_FILE = 9 * 1024 * 1024
_BOX = re.compile(r"```\n((?:(?!```).)*)\n```", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presser:
    """Who pressed, in which language they read, when, and the press by its name."""

    agent: Agent
    words: Labels
    press: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer. `typed` is what somebody wrote that was not used; `whole` a text that may be too long."""

    text: str
    typed: str = ""
    whole: str = ""
    embed: discord.Embed | None = None
    view: discord.ui.View | None = None


def boxed(text: str) -> str:
    """As it was written, where nothing in it does anything; what has such marks itself is left bare."""
    return text if "```" in text else f"```\n{text}\n```"


def unboxed(shown: str) -> str:
    """What stands in a box; a text with such marks of its own was left bare."""
    found = _BOX.fullmatch(shown)
    return shown if found is None else found[1]


def box_in(message: str) -> str | None:
    """What stands in the box below our sentence, if there is one."""
    found = _BOX.search(message)
    return None if found is None else found[1]


def in_a_file(text: str, *, largest: int = _LARGEST_FILE) -> bytes:
    """As much of its end as a file may hold, in whole lines: what comes last in a story is the newest."""
    written = text.encode()
    if len(written) <= largest:
        return written
    begins = "…\n".encode()
    kept = written[len(begins) - largest :]
    whole_lines = kept.partition(b"\n")[2]
    return begins + (whole_lines or kept.decode(errors="ignore").encode())


async def tell(interaction: discord.Interaction, said: Said, words: Labels) -> None:
    """For one person's eyes, whether or not they were asked to wait."""
    text, files = said.text, []
    for part, name in ((said.whole, "answer.file_whole"), (said.typed, "answer.file_typed")):
        # whole it is: a long one becomes a file
        if not (part := clean(part, limit=len(part))):
            continue
        box = f"\n{boxed(part)}"
        if "```" in part or len(text) + len(box) > LONGEST:
            files.append(discord.File(io.BytesIO(in_a_file(part)), filename=words.say(name)))
        else:
            text += box
    if len(text) > LONGEST:
        files.append(discord.File(io.BytesIO(text.encode()), filename=words.say("answer.file_whole")))
        text = text[: LONGEST - 1] + "…"
    nobody = discord.AllowedMentions.none()
    embeds = [said.embed] if said.embed else []
    if interaction.response.is_done():
        await interaction.edit_original_response(
            content=text, embeds=embeds, view=said.view, attachments=files, allowed_mentions=nobody
        )
    elif said.view is not None:
        await interaction.response.send_message(
            text, embeds=embeds, view=said.view, files=files, ephemeral=True, allowed_mentions=nobody
        )
    else:
        await interaction.response.send_message(
            text, embeds=embeds, files=files, ephemeral=True, allowed_mentions=nobody
        )
