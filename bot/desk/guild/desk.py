"""The desk in a Discord guild: whatever is asked of it is drawn from the database, once, and again when it changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from bot.desk.guild.board import MOST_TEXT, Board, Look
from bot.desk.guild.defang import defanged
from bot.desk.guild.drafts import Called, Drafts, Written
from bot.desk.guild.editions import Editions
from bot.desk.guild.notices import Notices
from bot.desk.guild.oncall import Leads
from bot.desk.guild.place import OnCall, Places, Session
from bot.desk.guild.posts import Posts
from bot.desk.guild.setup import Asked
from bot.desk.guild.voices import Voices
from bot.desk.guild.waiting import NoRoom, Waiting
from bot.desk.labels import Labels
from bot.domain.case import CaseId
from bot.domain.digest import DigestText
from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable, RateLimited
from bot.domain.outbox import Receipt
from bot.domain.ports.record import CaseFile, DeskMessage
from bot.domain.ports.store import Cards, History

log = structlog.get_logger(__name__)

_A_ROUND = 50
_AT_ONCE = 5
_FAULTS_A_ROUND = 3
# more roles leave no room for what it is about
_MOST_CALLED = 20


class DiscordDesk:
    """Implements `LivingDesk`. It needs no gateway: what people press is the front's.

    What Discord refuses is said as ChannelUnavailable: a desk is never given up, and a case waits until it is mended.
    """

    name = "discord"

    def __init__(  # noqa: PLR0913 - where, as whom, and what it draws from
        self,
        session: Session,
        places: Places,
        *,
        asked: Asked[Any],
        cards: Cards,
        history: History,
        correspondence: Written,
        called: Called,
        words: Labels,
        now: Callable[[], datetime],
    ) -> None:
        board = Board(session=session, asked=asked, now=now)
        self._places, self._cards, self._words, self._now = places, cards, words, now
        self._leads = Leads(session=session, places=places, asked=asked)
        self._notices = Notices(board=board, cards=cards, now=now)
        self._editions = Editions(notices=self._notices, words=words, place=places.digests)
        self._posts = Posts(board=board, places=places, cards=cards, history=history, words=words, now=now)
        self._waiting = Waiting(notices=self._notices, places=places, words=words, now=now)
        self._drafts = Drafts(
            notices=self._notices,
            written=correspondence,
            called=called,
            words=words,
            place=places.approvals,
        )
        self._voices = Voices(
            notices=self._notices,
            written=correspondence,
            called=called,
            words=words,
            place=places.voices,
            now=now,
        )

    # --- what the outbox asks for ---

    async def post(self, file: CaseFile, key: str) -> Receipt:
        """The case stands on the desk, as it is now. NoRoom when its minute is full: then it is on the list.

        More urgent ones that wait for their own turn come before it.
        """
        del key
        try:
            if (await self._cards.card(file.case.id)).place is None:
                await self._waiting.let_in(file.case.id)
                for case_id in await self._waiting.ahead_of(file.case.id):
                    await self._bring(case_id)
            place = await self._bring(file.case.id)
        except NoRoom:
            await self._say_who_waits()
            raise
        return Receipt(external_id=place or "", at=self._now())

    async def _bring(self, case_id: CaseId) -> str | None:
        """Its post; one that is refused waits and keeps nobody else waiting."""
        try:
            return await self._posts.draw(case_id, may_make=partial(self._waiting.let_in, case_id))
        except ChannelRefused as error:
            await self._cards.failed(case_id, str(error), self._now())
            raise ChannelUnavailable(str(error)) from error

    async def alert(self, text: str, key: str, *, wakes: bool = False) -> Receipt:
        """A message to the people on watch; `wakes` calls the leads' roles, or those of the lowest rank above that
        somebody holds.
        """
        leads = (await self.on_call()).roles[:_MOST_CALLED] if wakes else ()
        calls = "".join(f"<@&{role}> " for role in leads) + ("🚨 " if wakes else "🔔 ")
        look = Look(text=calls + defanged(text, MOST_TEXT - len(calls)), pings=leads)
        try:
            return self._receipt(await self._notices.once(f"alert:{key}", self._places.alerts, look))
        except ChannelRefused as error:
            # the first line is ours; below it may be a customer's words
            log.error("an alert cannot be shown on Discord", alert=text.partition("\n")[0], why=str(error))  # noqa: TRY400
            raise ChannelUnavailable(str(error)) from error

    async def on_call(self) -> OnCall:
        """Whom an alert that wakes calls now."""
        return await self._leads.on_call()

    async def digest(self, text: DigestText, key: str, *, picture: Path | None = None, described: str = "") -> Receipt:
        """One message with its picture; a text too long for a message goes along as a file."""
        try:
            return self._receipt(await self._editions.show(text, key, picture, described))
        except ChannelRefused as error:
            raise ChannelUnavailable(str(error)) from error

    # --- what keeps it in step ---

    async def refresh(self) -> int:
        """Draw what changed; returns how much was drawn. One of the channel errors when Discord is out of reach."""
        await self._cards.run_out(self._now())
        drawn, errors = 0, list[ChannelError]()
        for part in (
            self._notices.clear,
            self._editions.refresh,
            self._draw_stale,
            self._posts.patrol,
            self._make_anew,
            self._drafts.refresh,
            self._voices.refresh,
            self._waiting.refresh,
        ):
            try:
                drawn += await part()
            except RateLimited:
                raise
            except ChannelError as error:
                errors.append(error)
                if len(errors) >= _FAULTS_A_ROUND:
                    break
        if errors:
            raise errors[0]
        return drawn

    async def show(self, case_id: CaseId) -> None:
        """Draw this case now, however many came this minute."""
        try:
            await self._posts.draw(case_id)
        except ChannelRefused as error:
            await self._cards.failed(case_id, str(error), self._now())
            raise

    async def link(self, case_id: CaseId) -> str | None:
        """Where its post is, for people to press; None where there is none."""
        place = (await self._cards.card(case_id)).place
        return None if place is None else f"https://discord.com/channels/{self._places.guild}/{place}"

    async def deleted(self, place: int) -> None:
        """Somebody deleted this post: the next round makes it anew."""
        case_id = await self._cards.at(str(place))
        if case_id is not None:
            await self._cards.lost(case_id)

    async def _draw_stale(self) -> int:
        """Some at a time. A fault of one keeps nobody else waiting; after several we are out of reach."""
        stale = [card.case_id for card in await self._cards.stale(_A_ROUND, self._now())]
        cases = [*stale, *self._posts.titles_due()]
        faults: list[ChannelUnavailable] = []
        for begin in range(0, len(cases), _AT_ONCE):
            batch = cases[begin : begin + _AT_ONCE]
            found = await asyncio.gather(*(self._draw(case_id) for case_id in batch))
            faults += [fault for fault in found if fault is not None]
            if len(faults) >= _FAULTS_A_ROUND or any(isinstance(fault, RateLimited) for fault in faults):
                break
        if faults:
            raise faults[0]
        return len(cases)

    async def _draw(self, case_id: CaseId) -> ChannelUnavailable | None:
        try:
            await self._posts.draw(case_id, may_make=partial(self._waiting.let_in, case_id))
        except NoRoom:
            return None
        except ChannelUnavailable as fault:
            return fault
        except ChannelRefused as error:
            log.warning("the post of a case cannot be drawn", case=case_id, why=str(error))
            await self._cards.failed(case_id, str(error), self._now())
        return None

    async def _make_anew(self) -> int:
        """Posts that were deleted by hand. One that is refused is tried again when something else has gone well."""
        made = 0
        for card in await self._cards.homeless(_A_ROUND):
            try:
                await self._posts.draw(card.case_id, may_make=partial(self._waiting.let_in, card.case_id))
            except NoRoom:
                return made
            except ChannelRefused as error:
                if card.trouble != str(error):
                    await self._cards.failed(card.case_id, str(error), self._now())
                return made
            made += 1
        return made

    async def _say_who_waits(self) -> None:
        try:
            await self._waiting.begin()
        except ChannelError as error:
            log.warning("the list of who waits cannot be shown on Discord", why=str(error))

    def _receipt(self, message: DeskMessage) -> Receipt:
        return Receipt(external_id=message.message, at=self._now())
