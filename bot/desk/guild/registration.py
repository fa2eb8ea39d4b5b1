"""Tell Discord of the commands when they are not what it shows already: it counts how often one tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.http import Route

from bot.desk.guild.answers import Presser, Said
from bot.desk.guild.front import Front
from bot.desk.guild.setup import Asked

log = structlog.get_logger(__name__)

# what Discord fills in by itself for the commands of a guild
_DISCORDS_OWN = frozenset({"contexts", "integration_types", "dm_permission", "nsfw"})


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
