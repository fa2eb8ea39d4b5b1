"""A little desk of discord.py over our own session: one kind of button, a modal, and a way to wait at the gateway."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord

from listeners.discord_session import DiscordSession, Login, open_session
from tests.servers.discord.server import DiscordServer
from tests.servers.discord.world import EVERYBODYS, Message, Permission, Room

DESK = EVERYBODYS | Permission.MANAGE_CHANNELS | Permission.MANAGE_THREADS | Permission.MENTION_EVERYONE


class Word(discord.ui.Modal, title="Una palabra"):
    """Asks for a word, and for how urgent it is."""

    word: discord.ui.TextInput[Word] = discord.ui.TextInput(label="Palabra", custom_id="word", max_length=20)
    haste: discord.ui.Label[Word] = discord.ui.Label(
        text="Prisa",
        component=discord.ui.Select(
            custom_id="haste", options=[discord.SelectOption(label=one, value=one) for one in ("baja", "alta")]
        ),
    )

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Say it back, to one person."""
        haste = self.haste.component
        assert isinstance(haste, discord.ui.Select)
        await interaction.response.send_message(f"dijo {self.word.value}, {haste.values[0]}", ephemeral=True)


class Press(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"v1:(?P<deed>[a-z]+):(?P<subject>[0-9]+)"
):
    """A button that outlives restarts."""

    def __init__(self, deed: str, subject: str) -> None:
        super().__init__(discord.ui.Button(label=deed, custom_id=f"v1:{deed}:{subject}"))
        self.deed, self.subject = deed, subject

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: object, match: Any, /) -> Press:
        """From the screen of who presses it."""
        del interaction, item
        return cls(match["deed"], match["subject"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """One way of answering for each deed."""
        match self.deed:
            case "ask":
                await interaction.response.send_modal(Word())
            case "slow":
                await interaction.response.defer(ephemeral=True, thinking=True)
                await interaction.edit_original_response(content=f"hecho {self.subject}")
                await interaction.followup.send("y algo más", ephemeral=True)
            case "edit":
                await interaction.response.edit_message(content="cambiado")
            case "quiet":
                await interaction.response.defer()
                await interaction.edit_original_response(content="cambiado en silencio")
            case "menu":
                await interaction.response.send_message("elige", view=row("edit", "ask"), ephemeral=True)
            case "late":
                await asyncio.sleep(0.4)
                await interaction.response.send_message("tarde")
            case _:
                pass


def row(*deeds: str, subject: str = "12") -> discord.ui.View:
    """Buttons in a row."""
    view = discord.ui.View(timeout=None)
    for deed in deeds:
        view.add_item(Press(deed, subject))
    return view


@asynccontextmanager
async def at_work(
    server: DiscordServer, *, timeout_seconds: float = 2
) -> AsyncIterator[tuple[DiscordSession, discord.Client]]:
    """Logged in, and at the gateway."""
    server.bots_role.permissions = DESK
    login = Login(token=server.state.token, base_url=server.url, timeout_seconds=timeout_seconds, silence_seconds=60)
    async with open_session(login) as session:
        client = await session.logged_in()
        client.add_dynamic_items(Press)
        async with session.listening() as ear:
            async for events in ear:
                if any(event.name == "GUILD_CREATE" for event in events):
                    break
            yield session, client


async def card(client: discord.Client, server: DiscordServer, room: Room, view: discord.ui.View) -> Message:
    """A message of the bot with something to press, as it stands in the room."""
    place = client.get_partial_messageable(int(room.id))
    sent = await place.send("una ficha", view=view)
    return server.world.messages[room.id][str(sent.id)]


async def until(fits: Any) -> None:
    """Something comes by the gateway."""
    async with asyncio.timeout(3):
        while not fits():
            await asyncio.sleep(0.01)
