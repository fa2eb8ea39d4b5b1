"""Editions of the digest on the desk: shown once each, and shown without what was taken out of them since."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bot.desk.guild.answers import unboxed
from bot.desk.guild.board import MOST_TEXT, Attached, Look, MessageGone, PostGone
from bot.desk.guild.defang import harmless
from bot.desk.guild.notices import Notices
from bot.desk.labels import Labels
from bot.domain.digest import DigestText
from bot.domain.ports.record import DeskMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Editions:
    """One message each, with its picture; a text too long for a message goes along as a file."""

    notices: Notices
    words: Labels
    place: int

    async def show(self, text: DigestText, key: str, picture: Path | None, described: str) -> DeskMessage:
        """The same key is one message: what was shown and not kept may read otherwise the next time."""
        key = f"digest:{key}"
        drawing = () if picture is None else (await asyncio.to_thread(_attached, picture, described),)
        look = self._look(text.whole, text.beginning, files=drawing)
        await self.notices.show(key, self.place, look, await self.notices.cards.message(key))
        return await self.notices.once(key, self.place, look)

    async def refresh(self) -> int:
        """Take out of the messages what is out of the editions. Returns how many that were."""
        return sum([await self._again(kept, text) for kept, text in await self.notices.cards.reworded()])

    async def _again(self, kept: DeskMessage, text: str) -> int:
        """Its beginning and its picture quote nobody: they stay as they stand there."""
        board, place, message = self.notices.board, int(kept.place), int(kept.message)
        look = Look()
        with suppress(MessageGone, PostGone):
            there = await board.standing(place, message)
            pictures = tuple(number for number, name in there.files.items() if name != self._file)
            begins = unboxed(there.text) if len(pictures) < len(there.files) else text.partition("\n")[0]
            look = self._look(text, begins, stays=pictures)
            await board.edit(place, message, look)
        await self.notices.cards.redrawn(replace(kept, drawn=look.sign), text)
        return 1

    def _look(
        self, whole: str, beginning: str, *, files: tuple[Attached, ...] = (), stays: tuple[int, ...] = ()
    ) -> Look:
        shown = _as_it_is(whole)
        if len(shown) <= MOST_TEXT:
            return Look(text=shown, files=files, stays=stays)
        written = Attached(name=self._file, content=whole.encode())
        return Look(text=_as_it_is(beginning[: MOST_TEXT // 2]), files=(written, *files), stays=stays)

    @property
    def _file(self) -> str:
        return self.words.say("digest_message.file")


def _as_it_is(text: str) -> str:
    """In columns, with nothing in it that does anything."""
    return f"```\n{harmless(text, 100 * MOST_TEXT).replace('`', 'ˋ')}\n```"


def _attached(picture: Path, described: str) -> Attached:
    return Attached(name=picture.name, content=picture.read_bytes(), described=described)
