"""What employees say, each a message with a vote under it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk.guild.board import Look
from bot.desk.guild.controls import voice_controls
from bot.desk.guild.drafts import Called, Written
from bot.desk.guild.embeds import voice_embed
from bot.desk.guild.notices import Notices
from bot.desk.labels import Labels

_KEPT_IN_STEP = timedelta(days=14)
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """Those of the last two weeks are kept in step with their votes; older ones stay as they are."""

    notices: Notices
    written: Written
    called: Called
    words: Labels
    place: int
    now: Callable[[], datetime]

    async def refresh(self) -> int:
        """Write the new ones, edit what got votes. Returns how much was drawn."""
        kept = {message.key: message for message in await self.notices.cards.messages("voice:")}
        drawn = 0
        for voice in await self.written.voices(self.now() - _KEPT_IN_STEP, self.now() + _AHEAD):
            names = await self.called([voice.said_by]) if voice.said_by is not None else {}
            look = Look(embed=voice_embed(voice, self.words, names), view=voice_controls(voice, self.words))
            key = f"voice:{voice.id}"
            drawn += await self.notices.show(key, self.place, look, kept.get(key))
        return drawn
