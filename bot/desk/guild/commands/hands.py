"""In whose hands a case is, and how soon it is due: queue, take, release, assign, priority."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.desk.guild import forms
from bot.desk.guild.answers import Presser, Said
from bot.desk.guild.commands.reach import Chapter, Reach
from bot.desk.guild.commands.translation import Command, choices
from bot.desk.guild.forms import Form, chosen, label_of
from bot.desk.guild.front import agent_of
from bot.desk.guild.lookups import QUEUES
from bot.desk.guild.presses import Pressed
from bot.domain.reading import Urgency


def hands(reach: Reach) -> Chapter:
    """The commands, the queue's button and list, and the form that asks how urgent it is."""
    return Chapter(
        commands=(_queue(reach), reach.pressing("take"), reach.pressing("release"), _assign(reach), _priority(reach)),
        presses={
            "queue": lambda _, pressed: _page(reach, pressed),
            "picked_open": lambda _, pressed: _opened(reach, pressed),
        },
        forms={"priority": lambda _, pressed: _prioritised(reach, pressed)},
    )


def _queue(reach: Reach) -> Command:
    async def queue(interaction: discord.Interaction, whose: str = "open") -> None:
        await reach.front.answer(interaction, lambda by: reach.lookups.queue(by, whose))

    app_commands.choices(whose=choices("choice", *QUEUES))(queue)
    return reach.command("queue", queue, whose="whose")


async def _page(reach: Reach, pressed: Pressed) -> Said:
    whose, _, page = pressed.subject.partition(".")
    return await reach.lookups.queue(pressed.by, whose, int(page) if page.isdigit() and len(page) < 4 else 0)


async def _opened(reach: Reach, pressed: Pressed) -> Said:
    (key,) = chosen(pressed.fields, "picked") or ["0"]
    file = await reach.deeds.file(int(key) if key.isdigit() and len(key) < 16 else 0)
    await reach.deeds.show(file.case.id)
    return await reach.lookups.where(pressed.by, file)


def _assign(reach: Reach) -> Command:
    async def assign(interaction: discord.Interaction, who: discord.Member, case: str | None = None) -> None:
        async def act(by: Presser) -> Said:
            key = await reach.key(interaction, case)
            return await reach.deeds.assign(by, key, agent_of(who, reach.front.places))

        await reach.front.answer(interaction, act)

    return reach.command("assign", assign, who="who", case="case")


def _priority(reach: Reach) -> Command:
    async def priority(interaction: discord.Interaction, urgency: str | None = None, case: str | None = None) -> None:
        async def act(by: Presser) -> Said | Form:
            file = await reach.file(interaction, case)
            if urgency is not None:
                return await reach.deeds.prioritise(by, file.case.key, Urgency(urgency))
            await reach.admit("priority", by, key=file.case.key)
            return forms.priority_form(file.case, by.words)

        await reach.front.answer(interaction, act, wait=urgency is not None)

    app_commands.choices(urgency=choices("urgency", *(each.value for each in reversed(Urgency))))(priority)
    return reach.command("priority", priority, urgency="urgency", case="case")


async def _prioritised(reach: Reach, pressed: Pressed) -> Said:
    urgency = label_of(Urgency, next(iter(chosen(pressed.fields, "urgency")), ""))
    return await reach.deeds.prioritise(pressed.by, pressed.number, urgency)
