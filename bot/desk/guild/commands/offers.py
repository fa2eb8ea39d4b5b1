"""What Discord offers while somebody types a command: the cases they may mean, whom, until when, and which day."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.desk.guild.answers import Presser
from bot.desk.guild.defang import harmless
from bot.desk.guild.front import Front
from bot.desk.labels import Labels, account
from bot.domain.case import Case
from bot.domain.customer import Customer
from bot.domain.deskwork import QueueFilter
from bot.domain.errors import ChannelError, NotDone, StoreUnavailable

log = structlog.get_logger(__name__)

# Discord waits three seconds, and shows 25 lines of a hundred characters
_SECONDS = 2.0
_MOST, _LONGEST = 25, 100
_LOOKED_THROUGH, _DAYS = 200, 14
# fewer letters begin too many names
_TELLING = 3
TIMES = ("hour", "tomorrow", "answer")

Offer = tuple[str, str]
Offers = Callable[[Presser, str], Awaitable[Sequence[Offer]]]
Offered = Callable[[discord.Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """Reads the books and changes nothing. Who has no rank is offered nothing."""

    front: Front

    def offering(self, offers: Offers) -> Offered:
        """For discord.py: it never raises, and never takes longer than Discord waits."""

        async def offered(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
            try:
                found = await asyncio.wait_for(offers(self.front.presser(interaction), str(typed)), _SECONDS)
            except (NotDone, ChannelError, StoreUnavailable, TimeoutError) as trouble:
                log.debug("nothing is offered", why=str(trouble))
                return []
            shown = [(value, harmless(text, _LONGEST) or value) for value, text in found if len(value) <= _LONGEST]
            return [app_commands.Choice(name=text, value=value) for value, text in shown[:_MOST]]

        return offered

    async def cases(self, by: Presser, typed: str) -> list[Offer]:
        """Open ones by number and touchpoint, the most pressing first; then whatever else is found."""
        wanted, casework = typed.strip().removeprefix("#").casefold(), self.front.deeds.casework
        queue = await casework.queue(QueueFilter(snoozed=True, limit=_LOOKED_THROUGH))
        fit = [case for case in queue if str(case.key).startswith(wanted) or wanted in by.words.places(case).casefold()]
        if wanted and len(fit) < _MOST:
            known = {case.key for case in fit}
            fit += [case for case in await self._found(typed) if case.key not in known]
        return await self._shown(fit[:_MOST], by.words)

    async def closed(self, by: Presser, typed: str) -> list[Offer]:
        """Those that can be reopened; without a number or a name there is nothing to look for."""
        return await self._shown([case for case in await self._found(typed) if not case.is_open], by.words)

    async def people(self, by: Presser, typed: str) -> list[Offer]:
        """Everybody who is called so; what is sent is an id, which is one person's."""
        del by
        found = await self.front.deeds.history.customers(typed) if typed.strip() else []
        return [(str(each.id), " · ".join((called(each), each.name))) for each in found]

    async def times(self, by: Presser, typed: str) -> list[Offer]:
        """The usual ones, or what was typed."""
        usual = [(each, by.words.say(f"form.snooze_{each}")) for each in TIMES]
        fit = [(value, shown) for value, shown in usual if typed.strip().casefold() in shown.casefold()]
        return fit or [(typed, typed)]

    async def days(self, by: Presser, typed: str) -> list[Offer]:
        """The last fortnight."""
        figures, wanted = by.words.figures, typed.strip().casefold()
        today = by.at.astimezone(figures.zone).date()
        days = [today - timedelta(days=back) for back in range(_DAYS)]
        shown = [(day.isoformat(), figures.long_date(day)) for day in days]
        return [(value, text) for value, text in shown if wanted in value or wanted in text.casefold()]

    async def _found(self, typed: str) -> Sequence[Case]:
        """By number or name, once enough is typed to tell; words are for the command that searches."""
        wanted = typed.strip().lstrip("#@")
        if not wanted.isdecimal() and len(wanted) < _TELLING:
            return []
        return await self.front.deeds.casework.called(typed, _MOST)

    async def _shown(self, cases: Sequence[Case], words: Labels) -> list[Offer]:
        history = self.front.deeds.history
        people = await asyncio.gather(*(history.customer(case.customer_id) for case in cases))
        return [(str(case.key), _line(case, who, words)) for case, who in zip(cases, people, strict=True)]


def called(customer: Customer) -> str:
    """By their account, or by name where there is none."""
    return account(customer.handles[0].name) if customer.handles else customer.name


def _line(case: Case, who: Customer | None, words: Labels) -> str:
    """#1042 · Entrega · @marta_g, and that it is closed."""
    whose = [] if who is None else [called(who)]
    ended = [] if case.is_open else [words.say(f"state.{case.state}")]
    return " · ".join([f"#{case.key}", words.places(case), *whose, *ended])
