"""What is known of people: who somebody is, what they lived through, where they are spoken of; and forgetting them."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.desk.guild.answers import Presser, Said
from bot.desk.guild.commands.offers import called
from bot.desk.guild.commands.reach import Chapter, Reach
from bot.desk.guild.commands.translation import Command
from bot.desk.guild.defang import harmless
from bot.desk.guild.forms import Form, text_form, written
from bot.desk.guild.presses import Pressed
from bot.domain.customer import Customer
from bot.domain.errors import NotDone
from bot.domain.reason import because

# of a form that is about somebody whose case nobody named
_PERSON = "person."


def people(reach: Reach) -> Chapter:
    """The commands, and the form in which the number of the case, or the account, is typed once more."""
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
    async def forget(
        interaction: discord.Interaction,
        whom: app_commands.Range[str, 1, 200] | None = None,
        case: str | None = None,
    ) -> None:
        async def act(by: Presser) -> Form:
            await reach.admit("forget", by)
            if whom is not None:
                person = await reach.lookups.whom(whom)
                return _sure(f"{_PERSON}{person.id}", called(person), by)
            number = str((await reach.file(interaction, case)).case.key)
            return _sure(number, number, by)

        await reach.front.answer(interaction, act, wait=False)

    app_commands.autocomplete(whom=reach.offering.offering(reach.offering.people))(forget)
    return reach.command("forget", forget, whom="whom", case="case")


def _sure(subject: str, typed: str, by: Presser) -> Form:
    """The number or the account has to be typed once more."""
    words = by.words
    return text_form(
        "forget",
        subject,
        words.say("form.forget"),
        words.say("form.forget_text", case=_shown(typed)),
        about=words.say("form.forget_about"),
        longest=200,
    )


async def _forgotten(reach: Reach, pressed: Pressed) -> Said:
    await reach.admit("forget", pressed.by)
    person, asked_for = await _meant(reach, pressed)
    if _bare(written(pressed.fields, "text")) not in {_bare(asked_for), _bare(_shown(asked_for))}:
        raise NotDone(because("desk.other_number"))
    erased = await reach.deeds.letters.erase(person.id, pressed.by.agent, press=pressed.by.press)
    words = pressed.by.words
    told = words.say("answer.forgotten", mentions=str(erased.mentions), cases=str(len(erased.cases)))
    return Said(text=told)


async def _meant(reach: Reach, pressed: Pressed) -> tuple[Customer, str]:
    """Who is to be forgotten, and what has to be typed for it."""
    if pressed.subject.startswith(_PERSON):
        person = await reach.lookups.whom(pressed.subject.removeprefix(_PERSON))
        return person, called(person)
    return (await reach.deeds.file(pressed.number)).customer, pressed.subject


def _shown(typed: str) -> str:
    """In the label of a field, which is short."""
    return harmless(typed, 25)


def _bare(typed: str) -> str:
    return typed.strip().lstrip("#@").casefold()
