"""What every command reaches: the front, the deeds and look-ups behind it, and the case that is meant."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import discord
from discord import app_commands

from bot.desk.guild.answers import Presser, Said
from bot.desk.guild.commands.offers import Offering
from bot.desk.guild.commands.ranks import DEEDS
from bot.desk.guild.commands.translation import Callback, Command, phrased
from bot.desk.guild.deeds import Deeds
from bot.desk.guild.defang import harmless
from bot.desk.guild.forms import Form
from bot.desk.guild.front import Front
from bot.desk.guild.lookups import Lookups
from bot.desk.guild.presses import OPENING, PRESSES, Pressed
from bot.desk.guild.setup import Asked
from bot.domain.errors import NotDone
from bot.domain.ports.record import CaseFile
from bot.domain.reason import because

_LONGEST_NUMBER = 9

Press = Callable[[Front, Pressed], Awaitable[Said | Form]]


def number_in(typed: str) -> int:
    """#1042 and 1042."""
    number = typed.strip().removeprefix("#")
    if not (number.isascii() and number.isdigit()) or len(number) > _LONGEST_NUMBER:
        raise NotDone(because("desk.no_number", typed=harmless(typed, 60)))
    return int(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """Commands that belong together, and what their own buttons, lists and forms do."""

    commands: tuple[Command, ...]
    presses: Mapping[str, Press] = field(default_factory=dict)
    forms: Mapping[str, Press] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Made once for a front; `asked` turns Discord's faults into channel errors."""

    front: Front
    lookups: Lookups
    asked: Asked[Any]

    @property
    def deeds(self) -> Deeds:
        """Those of the buttons."""
        return self.front.deeds

    @property
    def offering(self) -> Offering:
        """What is offered while somebody types."""
        return Offering(front=self.front)

    # --- a command ---

    def command(self, key: str, callback: Callback, **options: str) -> Command:
        """For the guild alone. `options` says the phrase of each of the callback's parameters."""
        if "case" in options:
            offers = self.offering.closed if key == "reopen" else self.offering.cases
            app_commands.autocomplete(case=self.offering.offering(offers))(callback)
        command = phrased(key, callback, **options)
        command.guild_only = True
        # nobody forgets a customer by looking around; everything else must be at hand when it is needed
        command.default_permissions = discord.Permissions(manage_guild=True) if key == "forget" else None
        return command

    def pressing(self, deed: str) -> Command:
        """The command that does what the button of that name does, and no more."""

        async def press(interaction: discord.Interaction, case: str | None = None) -> None:
            await self.press(interaction, deed, case)

        return self.command(deed, press, case="case")

    async def press(self, interaction: discord.Interaction, deed: str, case: str | None) -> None:
        """What the button of that name does."""

        async def act(by: Presser) -> Said | Form:
            subject = str(await self.key(interaction, case))
            return await PRESSES[deed](self.front, Pressed(by=by, subject=subject, interaction=interaction, fields={}))

        await self.front.answer(interaction, act, wait=deed not in OPENING)

    # --- which case, and who may ---

    async def key(self, interaction: discord.Interaction, case: str | None) -> int:
        """The one that was named, else that in whose post the command was given."""
        key = number_in(case) if case is not None else await self.lookups.case_at(interaction.channel_id or 0)
        if key is None:
            raise NotDone(because("desk.which_case"))
        return key

    async def file(self, interaction: discord.Interaction, case: str | None) -> CaseFile:
        """All that is known of that case."""
        return await self.deeds.file(await self.key(interaction, case))

    async def admit(self, command: str, by: Presser, *, key: int | None = None) -> None:
        """Only who may do it in the end is shown its form or its button."""
        await self.deeds.casework.admit(DEEDS[command], by.agent, press=by.press, key=key)
