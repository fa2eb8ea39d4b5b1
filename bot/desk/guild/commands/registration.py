"""Show the commands to the guild, and tell Discord only of what it does not show already: it counts how often."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.http import Route

from bot.desk.guild.answers import Presser, Said
from bot.desk.guild.commands.cases import cases
from bot.desk.guild.commands.hands import hands
from bot.desk.guild.commands.house import house
from bot.desk.guild.commands.people import people
from bot.desk.guild.commands.reach import Chapter, Reach
from bot.desk.guild.commands.translation import Wordings
from bot.desk.guild.commands.words import words
from bot.desk.guild.front import Front
from bot.desk.guild.lookups import Lookups
from bot.desk.guild.setup import Asked
from bot.domain.errors import ChannelRefused, RateLimited

log = structlog.get_logger(__name__)

# what Discord fills in by itself for the commands of a guild
_DISCORDS_OWN = frozenset({"contexts", "integration_types", "dm_permission", "nsfw"})


@dataclass(slots=True, kw_only=True)
class Commands:
    """Shows the commands to the guild and does what they say; `asked` turns Discord's faults into channel errors."""

    lookups: Lookups
    asked: Asked[Any]
    _tree: Tree | None = field(default=None, init=False)

    async def install(self, front: Front, client: discord.Client) -> None:
        """Without the right to show commands in the guild the desk goes on with its buttons."""
        if self._tree is None:
            self._tree = Tree(client, front)
            await self._tree.set_translator(Wordings())
            for chapter in _chapters(Reach(front=front, lookups=self.lookups, asked=self.asked)):
                _open(chapter, front, self._tree)
        try:
            await tell_if_changed(self._tree, front.places.guild, self.asked)
        except (ChannelRefused, RateLimited) as error:
            log.warning("Discord does not take the desk's commands; its buttons work without", error=str(error))


def _chapters(reach: Reach) -> Iterator[Chapter]:
    for chapter in (hands, words, cases, people, house):
        yield chapter(reach)


def _open(chapter: Chapter, front: Front, tree: Tree) -> None:
    front.presses |= chapter.presses
    front.forms |= chapter.forms
    for command in chapter.commands:
        tree.add_command(command, guild=discord.Object(front.places.guild))


class Tree(app_commands.CommandTree[discord.Client]):
    """The guild's own commands. One that cannot be read is answered: it may be of another version."""

    def __init__(self, client: discord.Client, front: Front) -> None:
        super().__init__(client, fallback_to_global=False)
        self._front = front

    async def on_error(
        self, interaction: discord.Interaction[discord.Client], error: app_commands.AppCommandError, /
    ) -> None:
        """Whoever typed it hears of it."""
        log.warning("a command cannot be read", error=str(error))
        await self._front.answer(interaction, _unknown_command, wait=False)


async def _unknown_command(by: Presser) -> Said:
    return Said(text=by.words.say("answer.unknown_command"))


async def tell_if_changed(tree: Tree, guild: int, asked: Asked[Any]) -> bool:
    """Whether Discord had to be told."""
    client, translator = tree.client, tree.translator
    commands = tree.get_commands(guild=discord.Object(guild), type=discord.AppCommandType.chat_input)
    wanted = [
        command.to_dict(tree) if translator is None else await command.get_translated_payload(tree, translator)
        for command in commands
    ]
    route = Route(
        "GET",
        "/applications/{application_id}/guilds/{guild_id}/commands",
        application_id=client.application_id,
        guild_id=guild,
    )
    known = await asked(client.http.request(route, params={"with_localizations": "true"}))
    if same_commands(wanted, known):
        return False
    await asked(client.http.bulk_upsert_guild_commands(client.application_id or 0, guild, payload=wanted))
    return True


def same_commands(wanted: Sequence[Mapping[str, Any]], known: object) -> bool:
    """Whether Discord shows all of ours as we want them, and no others."""
    if not isinstance(known, list) or len(known) != len(wanted):
        return False
    by_name = {each.get("name"): each for each in known if isinstance(each, Mapping)}
    return all(_same(each, by_name.get(each["name"])) for each in wanted)


def _same(wanted: object, known: object) -> bool:
    """What is nothing may be left out, and what Discord adds does not count."""
    if isinstance(wanted, Mapping):
        if not isinstance(known, Mapping):
            return not wanted
        return all(_same(value, known.get(key)) for key, value in wanted.items() if key not in _DISCORDS_OWN)
    if isinstance(wanted, list):
        there = known if isinstance(known, list) else []
        return len(wanted) == len(there) and all(map(_same, wanted, there))
    return wanted == known or (not wanted and not known)
