"""How the house stands: its state, its digest, its model, the brake, and what there is to do here."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.desk.guild.answers import Presser, Said
from bot.desk.guild.checkup import look_at_desk
from bot.desk.guild.commands.ranks import help_text
from bot.desk.guild.commands.reach import Chapter, Reach
from bot.desk.guild.commands.translation import Command
from bot.desk.guild.controls import button
from bot.desk.guild.defang import defanged
from bot.desk.guild.presses import Pressed
from bot.desk.guild.tags import tag_names
from bot.desk.labels import Labels
from bot.domain.checkup import Finding, Grade
from bot.domain.reason import Reason

_WHY = 600


def house(reach: Reach) -> Chapter:
    """The commands, and both buttons of the brake."""
    return Chapter(
        commands=(_status(reach), _digest(reach), _model(reach), _pause(reach), _help(reach)),
        presses={
            "pause": lambda _, pressed: _paused(reach, pressed),
            "resume": lambda _, pressed: _resumed(reach, pressed),
        },
    )


def _status(reach: Reach) -> Command:
    async def status(interaction: discord.Interaction) -> None:
        async def act(by: Presser) -> Said:
            return await reach.lookups.standing(by, await _found(reach, interaction.client, by.words))

        await reach.front.answer(interaction, act)

    return reach.command("status", status)


async def _found(reach: Reach, client: discord.Client, words: Labels) -> list[Finding]:
    """What is not as it was set up in the guild."""
    places = reach.front.places
    guild = await reach.asked(client.fetch_guild(places.guild))
    me = await reach.asked(guild.fetch_member(client.user.id if client.user is not None else 0))
    tags = tag_names(reach.front.own_words.desk)
    found = await look_at_desk(guild, me, places, tags=tags, words=words.desk, asked=reach.asked)
    return [each for each in found if each.grade is not Grade.GOOD]


def _digest(reach: Reach) -> Command:
    async def digest(interaction: discord.Interaction, day: app_commands.Range[str, 1, 20] | None = None) -> None:
        await reach.front.answer(interaction, lambda by: reach.lookups.digest(by, day or ""), typed=day or "")

    app_commands.autocomplete(day=reach.offering.offering(reach.offering.days))(digest)
    return reach.command("digest", digest, day="day")


def _model(reach: Reach) -> Command:
    async def model(interaction: discord.Interaction) -> None:
        async def act(by: Presser) -> Said:
            return reach.lookups.model(by)

        await reach.front.answer(interaction, act)

    return reach.command("model", model)


def _pause(reach: Reach) -> Command:
    async def pause(interaction: discord.Interaction) -> None:
        await reach.front.answer(interaction, lambda by: _brake(reach, by))

    return reach.command("pause", pause)


async def _brake(reach: Reach, by: Presser) -> Said:
    """How it is, and the other as a button: whoever presses it means it."""
    await reach.admit("pause", by)
    why, view = await reach.lookups.paused(), discord.ui.View(timeout=None)
    view.add_item(button("pause" if why is None else "resume", "all", by.words))
    if why is None:
        return Said(text=by.words.say("lookup.pause_it"), view=view)
    return Said(text=_stopped(why, by.words), view=view)


async def _paused(reach: Reach, pressed: Pressed) -> Said:
    await reach.deeds.casework.pause(pressed.by.agent, press=pressed.by.press)
    return Said(text=pressed.by.words.say("answer.paused"))


async def _resumed(reach: Reach, pressed: Pressed) -> Said:
    await reach.deeds.casework.resume(pressed.by.agent, press=pressed.by.press)
    why, words = reach.lookups.paused_elsewhere(), pressed.by.words
    return Said(text=words.say("answer.resumed") if why is None else _stopped(why, words))


def _stopped(why: Reason, words: Labels) -> str:
    """It may name a person or a path."""
    return words.say("lookup.paused", why=defanged(words.why(why), _WHY))


def _help(reach: Reach) -> Command:
    async def explain(interaction: discord.Interaction) -> None:
        async def act(by: Presser) -> Said:
            return Said(text=by.words.say("help.title"), whole=help_text(by))

        await reach.front.answer(interaction, act)

    return reach.command("help", explain)
