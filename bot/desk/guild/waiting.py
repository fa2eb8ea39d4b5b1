"""More cases than the desk takes in a minute: one list of those that wait, the most urgent first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk.guild.board import MOST_TEXT, Look
from bot.desk.guild.embeds import DOTS
from bot.desk.guild.notices import Notices
from bot.desk.guild.place import Places
from bot.desk.labels import Labels
from bot.domain.case import Case, CaseId
from bot.domain.errors import RateLimited

_KEY = "waiting"
_MOST = 2000
_SHOWN = 20
_ROOM_FOR_MORE = 40
_MINUTE = timedelta(minutes=1)
_SOONEST = 3.0


class NoRoom(RateLimited):
    """As many posts as a minute takes were made: this one comes later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Who may come to the desk now, and the list of who waits."""

    notices: Notices
    places: Places
    words: Labels
    now: Callable[[], datetime]

    async def let_in(self, case_id: CaseId) -> None:
        """NoRoom, with the time after which it will be this case's turn, unless it is now."""
        waiting = [case.id for case in await self.notices.cards.missing(_MOST)]
        turn = waiting.index(case_id) if case_id in waiting else 0
        ahead = turn + 1 - await self._free()
        if ahead > 0:
            raise NoRoom(max(_SOONEST, ahead * _MINUTE.total_seconds() / self.places.per_minute))

    async def ahead_of(self, case_id: CaseId) -> list[CaseId]:
        """The more urgent ones that are still missing, of a case that may come now."""
        waiting = [case.id for case in await self.notices.cards.missing(self.places.per_minute)]
        return waiting[: waiting.index(case_id)] if case_id in waiting else []

    async def begin(self) -> None:
        """Somebody has to wait: from now on there is a list."""
        if await self.notices.cards.message(_KEY) is None:
            await self.refresh()

    async def refresh(self) -> int:
        """The list as it is now; the last time it says that all are there. Returns how much was drawn."""
        kept, waiting = await self.notices.cards.message(_KEY), await self.notices.cards.missing(_MOST)
        if not waiting:
            return 0 if kept is None else await self.notices.close(kept, Look(text=self.words.say("waiting.done")))
        if kept is None and await self._free() > 0:
            return 0
        nonce = f"{_KEY}:{min(case.key for case in waiting)}"
        return await self.notices.show(_KEY, self.places.alerts, self._look(waiting), kept, nonce=nonce)

    async def _free(self) -> int:
        return self.places.per_minute - await self.notices.cards.made_since(self.now() - _MINUTE)

    def _look(self, waiting: Sequence[Case]) -> Look:
        rate = str(self.places.per_minute)
        text = self.words.say("waiting.title", n=str(len(waiting)), rate=rate)
        shown = 0
        for line in map(self._line, waiting[:_SHOWN]):
            if len(text) + 1 + len(line) > MOST_TEXT - _ROOM_FOR_MORE:
                break
            text, shown = f"{text}\n{line}", shown + 1
        if shown < len(waiting):
            text += f"\n{self.words.say('card.more', n=str(len(waiting) - shown))}"
        return Look(text=text)

    def _line(self, case: Case) -> str:
        said = self.words.say(
            "waiting.line",
            key=str(case.key),
            urgency=self.words.say(f"urgency.{case.urgency}"),
            places=self.words.places(case)[:40],
            channel=self.words.channel(case.channel),
            at=self.words.figures.clock(case.opened_at),
        )
        return f"{DOTS[case.urgency]} {said}"
