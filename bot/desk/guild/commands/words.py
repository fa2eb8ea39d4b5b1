"""What is written in a case: an answer, a note, an approved text, a promise, an employee's voice."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.desk.guild import forms
from bot.desk.guild.answers import Presser, Said
from bot.desk.guild.commands.reach import Chapter, Reach
from bot.desk.guild.commands.translation import Command
from bot.desk.guild.controls import picking
from bot.desk.guild.forms import Form, chosen
from bot.desk.guild.presses import Pressed
from bot.domain.errors import NotDone
from bot.domain.ports.record import CaseFile
from bot.domain.reason import because


def words(reach: Reach) -> Chapter:
    """The commands, and the list of approved texts."""
    return Chapter(
        commands=(_reply(reach), _note(reach), _template(reach), _promise(reach), _voice(reach)),
        presses={"picked_template": lambda _, pressed: _picked_template(reach, pressed)},
    )


def _reply(reach: Reach) -> Command:
    async def reply(
        interaction: discord.Interaction,
        text: app_commands.Range[str, 1, 4000] | None = None,
        case: str | None = None,
    ) -> None:
        if text is None:
            await reach.press(interaction, "reply", case)
            return

        async def act(by: Presser) -> Form:
            key = await reach.key(interaction, case)
            limit = (await reach.deeds.letters.letter(key, by.agent)).limit
            if len(text) > limit:
                raise NotDone(because("desk.too_long", length=len(text), limit=limit))
            return await reach.deeds.reply_form(by, key, text)

        await reach.front.answer(interaction, act, typed=text, wait=False)

    return reach.command("reply", reply, text="reply_text", case="case")


def _note(reach: Reach) -> Command:
    async def note(
        interaction: discord.Interaction,
        text: app_commands.Range[str, 1, 1000] | None = None,
        case: str | None = None,
    ) -> None:
        if text is None:
            await reach.press(interaction, "note", case)
            return

        async def act(by: Presser) -> Said:
            return await reach.deeds.note(by, await reach.key(interaction, case), text)

        await reach.front.answer(interaction, act, typed=text)

    return reach.command("note", note, text="text", case="case")


def _template(reach: Reach) -> Command:
    async def template(interaction: discord.Interaction, case: str | None = None) -> None:
        async def act(by: Presser) -> Said:
            return _templates(reach, by, await reach.file(interaction, case))

        await reach.front.answer(interaction, act)

    return reach.command("template", template, case="case")


def _templates(reach: Reach, by: Presser, file: CaseFile) -> Said:
    texts = reach.lookups.templates(file)
    options = [(name, f"{by.words.known('template', name)}: {text}") for name, text in texts]
    if not options:
        return Said(text=by.words.say("answer.no_suggestion"))
    view = picking("template", str(file.case.key), by.words.say("lookup.template"), options)
    return Said(text=by.words.say("lookup.templates", case=str(file.case.key)), view=view)


async def _picked_template(reach: Reach, pressed: Pressed) -> Form:
    (name,) = chosen(pressed.fields, "picked") or [""]
    texts = dict(reach.lookups.templates(await reach.deeds.file(pressed.number)))
    return await reach.deeds.reply_form(pressed.by, pressed.number, texts.get(name))


def _promise(reach: Reach) -> Command:
    async def promise(
        interaction: discord.Interaction,
        what: app_commands.Range[str, 1, 1000] | None = None,
        when: app_commands.Range[str, 1, 60] | None = None,
        case: str | None = None,
    ) -> None:
        async def act(by: Presser) -> Said | Form:
            key = (await reach.file(interaction, case)).case.key
            if what and when:
                return await reach.deeds.promise(by, key, what, when)
            return forms.promise_form(key, by.words, what=what or "", when=when or "")

        typed = "\n\n".join(each for each in (what, when) if each)
        await reach.front.answer(interaction, act, typed=typed, wait=bool(what and when))

    return reach.command("promise", promise, what="what", when="when", case="case")


def _voice(reach: Reach) -> Command:
    async def voice(
        interaction: discord.Interaction,
        text: app_commands.Range[str, 1, 1000] | None = None,
        unnamed: bool = False,
        case: str | None = None,
    ) -> None:
        async def act(by: Presser) -> Said | Form:
            here = await reach.lookups.case_at(interaction.channel_id or 0)
            key = here if case is None else await reach.key(interaction, case)
            if text is None:
                return forms.voice_form(str(key or 0), by.words)
            return await reach.deeds.voice(by, {"text": text, "named": ["unnamed" if unnamed else "named"]}, key)

        await reach.front.answer(interaction, act, typed=text or "", wait=text is not None)

    return reach.command("voice", voice, text="voice_text", unnamed="unnamed", case="case")
