"""A message under its key: written once, edited only when it would look otherwise, written anew when it was deleted."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.desk.guild.board import Board, Look, MessageGone, PostGone
from bot.domain.ports.record import DeskMessage
from bot.domain.ports.store import Cards


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Discord remembers a nonce for minutes; the database remembers a key for ever."""

    board: Board
    cards: Cards
    now: Callable[[], datetime]

    async def once(self, key: str, place: int, look: Look) -> DeskMessage:
        """Written once, whatever becomes of it then."""
        return await self.cards.message(key) or await self._write(key, place, look, nonce=key)

    async def show(self, key: str, place: int, look: Look, kept: DeskMessage | None, *, nonce: str = "") -> int:
        """Written, or edited if it looks otherwise than kept. Returns how much was drawn: 1 or 0."""
        if kept is None:
            await self._write(key, place, look, nonce=nonce or key)
            return 1
        if kept.drawn == look.sign:
            return 0
        try:
            await self.board.edit(int(kept.place), int(kept.message), look)
        except (MessageGone, PostGone):
            # it went alone, or with a channel in whose stead there is another one now
            await self._write(key, place, look, nonce=f"{key}:{kept.message}")
            return 1
        await self._keep(key, kept.place, kept.message, look)
        return 1

    async def close(self, kept: DeskMessage, look: Look, *, under: str | None = None) -> int:
        """Its last look: from now on nobody changes it. With `under` it can still be found by that key."""
        with suppress(MessageGone, PostGone):
            await self.board.edit(int(kept.place), int(kept.message), look)
        if under is not None:
            await self._keep(under, kept.place, kept.message, look)
        await self.cards.forget(kept.key)
        return 1

    async def clear(self) -> int:
        """Delete what was shown about people who were erased. Returns how much that was."""
        return sum([await self.delete(kept) for kept in await self.cards.messages("gone:")])

    async def delete(self, kept: DeskMessage) -> int:
        """Gone."""
        await self.board.delete(int(kept.place), int(kept.message))
        await self.cards.forget(kept.key)
        return 1

    async def _write(self, key: str, place: int, look: Look, *, nonce: str) -> DeskMessage:
        message = await self.board.send(place, look, key=nonce)
        return await self._keep(key, str(place), message, look)

    async def _keep(self, key: str, place: str, message: str, look: Look) -> DeskMessage:
        kept = DeskMessage(key=key, place=place, message=message, drawn=look.sign)
        await self.cards.keep(kept, self.now())
        return kept
