"""What is known of people: who somebody is, what they lived through, where they are spoken of; and forgetting them."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.desk.guild.answers import Presser, Said
from bot.desk.guild.commands.reach import Chapter, Reach
from bot.desk.guild.commands.translation import Command
from bot.desk.guild.forms import Form, text_form, written
from bot.desk.guild.presses import Pressed
from bot.domain.customer import CustomerId
from bot.domain.errors import NotDone
from bot.domain.reason import because


def people(reach: Reach) -> Chapter:
    """The commands, and the form in which the number of the case is typed once more."""
    return Chapter(
        commands=(_customer(reach), _history(reach), _search(reach), _forget(reach)),
        forms={"forget": lambda _, pressed: _forgotten(reach, pressed)},
    )


def _customer(reach: Reach) -> Command:
    async def customer(
        interaction: discord.Interaction,
        whom: app_commands.Range[str, 1, 200] | None = None,
        case: str | None = None,
    ) -> None:
        async def act(by: Presser) -> Said:
            if whom is not None:
                return await reach.lookups.customer(by, await reach.lookups.whom(whom))
            return await reach.lookups.customer(by, (await reach.file(interaction, case)).customer)

        await reach.front.answer(interaction, act, typed=whom or "")

    app_commands.autocomplete(whom=reach.offering.offering(reach.offering.people))(customer)
    return reach.command("customer", customer, whom="whom", case="case")


def _history(reach: Reach) -> Command:
    async def history(interaction: discord.Interaction, case: str | None = None) -> None:
        async def act(by: Presser) -> Said:
            return await reach.lookups.story(by, await reach.file(interaction, case))

        await reach.front.answer(interaction, act)

    return reach.command("history", history, case="case")


def _search(reach: Reach) -> Command:
    async def search(interaction: discord.Interaction, words: app_commands.Range[str, 1, 200]) -> None:
        await reach.front.answer(interaction, lambda by: reach.lookups.search(by, words), typed=words)

    return reach.command("search", search, words="words")


def _forget(reach: Reach) -> Command:
    async def forget(interaction: discord.Interaction, case: str | None = None) -> None:
        async def act(by: Presser) -> Form:
            await reach.admit("forget", by)
            file = await reach.file(interaction, case)
            number, words = str(file.case.key), by.words
            return text_form(
                "forget",
                number,
                words.say("form.forget"),
                words.say("form.forget_text", case=number),
                about=words.say("form.forget_about"),
                longest=20,
            )

        await reach.front.answer(interaction, act, wait=False)

    return reach.command("forget", forget, case="case")


async def _forgotten(reach: Reach, pressed: Pressed) -> Said:
    await reach.admit("forget", pressed.by)
    if written(pressed.fields, "text").strip().lstrip("#") != pressed.subject:
        raise NotDone(because("desk.other_number"))
    file = await reach.deeds.file(pressed.number)
    whom = CustomerId(file.customer.id)
    erased = await reach.deeds.letters.erase(whom, pressed.by.agent, press=pressed.by.press)
    words = pressed.by.words
    told = words.say("answer.forgotten", mentions=str(erased.mentions), cases=str(len(erased.cases)))
    return Said(text=told)
