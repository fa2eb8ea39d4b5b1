"""How a case stands: put it aside, unite it with another, correct how it was read, resolve it, reopen it."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.desk.guild import forms
from bot.desk.guild.answers import Presser, Said
from bot.desk.guild.commands.offers import TIMES
from bot.desk.guild.commands.reach import Chapter, Reach, number_in
from bot.desk.guild.commands.translation import Command, choices
from bot.desk.guild.forms import Form, written
from bot.desk.labels import Labels
from bot.domain.case import Resolution


def cases(reach: Reach) -> Chapter:
    """The commands, and the form that asks with which other case."""
    return Chapter(
        commands=(
            _snooze(reach),
            _merge(reach),
            reach.pressing("correct"),
            _resolve(reach),
            reach.pressing("reopen"),
        ),
        forms={"merge": lambda _, it: _merged(reach, it.by, it.number, written(it.fields, "text"))},
    )


def _snooze(reach: Reach) -> Command:
    async def snooze(
        interaction: discord.Interaction,
        until: app_commands.Range[str, 1, 60] | None = None,
        case: str | None = None,
    ) -> None:
        if until is None:
            await reach.press(interaction, "snooze", case)
            return

        async def act(by: Presser) -> Said:
            key = await reach.key(interaction, case)
            return await reach.deeds.snooze(by, key, _usual(until, by.words))

        await reach.front.answer(interaction, act, typed=until)

    app_commands.autocomplete(until=reach.offering.offering(reach.offering.times))(snooze)
    return reach.command("snooze", snooze, until="until", case="case")


def _usual(until: str, words: Labels) -> str:
    """One of the usual times in the reader's words; anything else is read as a date."""
    said = until.strip().casefold()
    named_so = {words.say(f"{group}{each}").casefold(): each for group in ("until.", "form.snooze_") for each in TIMES}
    return named_so.get(said, until)


def _merge(reach: Reach) -> Command:
    async def merge(interaction: discord.Interaction, into: str | None = None, case: str | None = None) -> None:
        async def act(by: Presser) -> Said | Form:
            key = (await reach.file(interaction, case)).case.key
            return forms.merge_form(key, by.words) if into is None else await _merged(reach, by, key, into)

        await reach.front.answer(interaction, act, typed=into or "", wait=into is not None)

    app_commands.autocomplete(into=reach.offering.offering(reach.offering.cases))(merge)
    return reach.command("merge", merge, into="into", case="case")


async def _merged(reach: Reach, by: Presser, key: int, into: str) -> Said:
    return await reach.deeds.merge(by, key, number_in(into))


def _resolve(reach: Reach) -> Command:
    async def resolve(
        interaction: discord.Interaction,
        ending: str | None = None,
        fixed_by: app_commands.Range[str, 1, 1000] | None = None,
        case: str | None = None,
    ) -> None:
        whole = ending is not None and (fixed_by is not None or ending != Resolution.SOLVED)

        async def act(by: Presser) -> Said | Form:
            key = (await reach.file(interaction, case)).case.key
            if whole and ending is not None:
                return await reach.deeds.resolve(by, key, Resolution(ending), fixed_by or "")
            return forms.resolve_form(key, by.words, fixed_by=fixed_by or "")

        await reach.front.answer(interaction, act, typed=fixed_by or "", wait=whole)

    app_commands.choices(ending=choices("resolution", *(each.value for each in Resolution)))(resolve)
    return reach.command("resolve", resolve, ending="ending", fixed_by="fixed_by", case="case")
