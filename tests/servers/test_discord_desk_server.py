"""The Discord of the tests, seen through discord.py: commands, buttons, modals, forums, and what they may not."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
import pytest
from discord import app_commands

from listeners.discord_session import DiscordSession, Login, open_session
from tests.servers.discord.people import Impossible
from tests.servers.discord.server import DiscordServer, discord_server
from tests.servers.discord.state import Storm
from tests.servers.discord.world import EVERYBODYS, Kind, Permission

DESK = EVERYBODYS | Permission.MANAGE_CHANNELS | Permission.MANAGE_THREADS | Permission.MENTION_EVERYONE


class Word(discord.ui.Modal, title="Una palabra"):
    word: discord.ui.TextInput[Word] = discord.ui.TextInput(label="Palabra", custom_id="word", max_length=20)

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        await interaction.response.send_message(f"dijo {self.word.value}", ephemeral=True)


class Press(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"v1:(?P<deed>[a-z]+):(?P<subject>[0-9]+)"
):
    def __init__(self, deed: str, subject: str) -> None:
        super().__init__(discord.ui.Button(label=deed, custom_id=f"v1:{deed}:{subject}"))
        self.deed, self.subject = deed, subject

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: object, match: object, /) -> Press:
        del interaction, item
        assert hasattr(match, "__getitem__")
        return cls(match["deed"], match["subject"])

    async def callback(self, interaction: discord.Interaction) -> None:
        if self.deed == "ask":
            await interaction.response.send_modal(Word())
        elif self.deed == "slow":
            await interaction.response.defer(ephemeral=True, thinking=True)
            await interaction.edit_original_response(content=f"hecho {self.subject}")
        elif self.deed == "edit":
            await interaction.response.edit_message(content="cambiado")
        elif self.deed == "never":
            await asyncio.sleep(1)


@asynccontextmanager
async def at_work(server: DiscordServer) -> AsyncIterator[tuple[DiscordSession, discord.Client]]:
    """Our own session, at the gateway."""
    server.bots_role.permissions = DESK
    login = Login(token=server.state.token, base_url=server.url, timeout_seconds=2, silence_seconds=60)
    async with open_session(login) as session:
        client = await session.logged_in()
        client.add_dynamic_items(Press)
        async with session.listening() as ear:
            async for events in ear:
                if any(event.name == "GUILD_CREATE" for event in events):
                    break
            yield session, client


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with discord_server() as opened:
        yield opened


async def test_a_command_is_offered_in_both_languages_and_answered_for_one_persons_eyes(server: DiscordServer) -> None:
    ana, room = server.person("ana"), server.world.room(server.guild, "general")
    async with at_work(server) as (_, client):
        tree = app_commands.CommandTree(client)

        @tree.command(name="tomar", description="Tomar un caso")
        async def take(interaction: discord.Interaction, caso: int) -> None:
            await interaction.response.send_message(f"{caso} {interaction.locale}", ephemeral=True)

        @take.autocomplete("caso")
        async def cases(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[int]]:
            del interaction
            return [app_commands.Choice(name=f"#{current}1", value=int(f"{current}1"))]

        await tree.sync(guild=None)
        outcome = await server.people.command(ana, room, "tomar", {"caso": 7}, locale="en-US").answer()
        offered = await server.people.complete(ana, room, "tomar", "caso", "10").answer()

    assert (outcome.text, outcome.messages[0].ephemeral) == ("7 en-US", True)
    assert offered.choices == [{"name": "#101", "value": 101}]
    assert server.world.history(room) == []


async def test_buttons_modals_and_deferred_answers(server: DiscordServer) -> None:
    ana, room = server.person("ana"), server.world.room(server.guild, "general")
    async with at_work(server) as (_, client):
        view = discord.ui.View(timeout=None)
        for deed in ("ask", "slow", "edit"):
            view.add_item(Press(deed, "12"))
        place = await client.fetch_channel(int(room.id))
        assert isinstance(place, discord.TextChannel)
        await place.send("una ficha", view=view)
        [card] = server.world.history(room)

        asked = await server.people.press(ana, card, "v1:ask").answer()
        said = await server.people.submit(ana, asked, {"word": "lámpara"}).answer()
        slow = await server.people.press(ana, card, "v1:slow:12").answer()
        changed = await server.people.press(ana, card, "edit").answer()
        with pytest.raises(Impossible):
            server.people.submit(ana, asked, {"word": "x" * 21})
        with pytest.raises(Impossible):
            server.people.press(ana, card, "v1:other")

    assert asked.modal is not None
    assert asked.modal["title"] == "Una palabra"
    assert said.text == "dijo lámpara"
    assert slow.text == "hecho 12"
    assert (changed.reply, card.content) == (7, "cambiado")


async def test_who_does_not_answer_in_time_has_failed_and_is_not_heard_later(server: DiscordServer) -> None:
    ana, room = server.person("ana"), server.world.room(server.guild, "general")
    server.state.answer_seconds = 0.2
    async with at_work(server) as (_, client):
        view = discord.ui.View(timeout=None)
        view.add_item(Press("never", "1"))
        place = await client.fetch_channel(int(room.id))
        assert isinstance(place, discord.TextChannel)
        await place.send("una ficha", view=view)

        outcome = await server.people.press(ana, server.world.history(room)[0], "never").answer()

    assert (outcome.failed, outcome.messages) == (True, [])


async def test_a_forum_post_has_tags_and_its_first_message_and_an_archived_one_cannot_be_edited(
    server: DiscordServer,
) -> None:
    async with at_work(server) as (_, client):
        guild = await client.fetch_guild(int(server.guild.id))
        forum = await guild.create_forum("casos", available_tags=[discord.ForumTag(name="nuevo")])
        [tag] = forum.available_tags
        picture = discord.File(io.BytesIO(b"png"), filename="a.png", description="un gráfico")
        made = await forum.create_thread(
            name="#1001 · Entrega", embed=discord.Embed(title="Entrega"), applied_tags=[tag], file=picture
        )
        await made.thread.edit(archived=True)
        with pytest.raises(discord.HTTPException) as refused:
            await made.message.edit(content="otra cosa")
        await made.thread.edit(archived=False, name="#1001 · Entrega · ana")
        await made.message.edit(embed=discord.Embed(title="Entrega, otra vez"))

    thread = next(room for room in server.world.rooms.values() if room.kind is Kind.PUBLIC_THREAD)
    [first] = server.world.history(thread)
    assert refused.value.code == 50083
    assert (first.id, thread.name, len(thread.applied_tags)) == (thread.id, "#1001 · Entrega · ana", 1)
    assert first.extra["embeds"][0]["title"] == "Entrega, otra vez"
    assert first.attachments[0]["description"] == "un gráfico"


async def test_what_is_too_long_or_not_allowed_is_refused_in_discords_words(server: DiscordServer) -> None:
    room = server.world.room(server.guild, "general")
    async with at_work(server) as (_, client):
        place = await client.fetch_channel(int(room.id))
        assert isinstance(place, discord.TextChannel)
        with pytest.raises(discord.HTTPException) as long:
            await place.send(embed=discord.Embed(title="x" * 257))
        server.bots_role.permissions &= ~(Permission.MANAGE_CHANNELS | Permission.EMBED_LINKS)
        server.guild.roles[server.guild.id].permissions &= ~Permission.EMBED_LINKS
        with pytest.raises(discord.Forbidden) as no_embeds:
            await place.send(embed=discord.Embed(title="x"))
        guild = await client.fetch_guild(int(server.guild.id))
        with pytest.raises(discord.Forbidden):
            await guild.create_text_channel("otro")

    assert (long.value.code, no_embeds.value.code) == (50035, 50013)
    assert server.state.count_invalid() == 2


async def test_a_storm_can_hide_what_has_happened(server: DiscordServer) -> None:
    room = server.world.room(server.guild, "general")
    server.state.storms.append(Storm(method="POST", path=r"/channels/\d+/messages", times=1, stored=True))
    async with at_work(server) as (session, client):
        place = await client.fetch_channel(int(room.id))
        assert isinstance(place, discord.TextChannel)
        with pytest.raises(Exception, match="502"):
            await place.send("hola", nonce="una-vez")
        await place.send("hola", nonce="una-vez")
        del session

    assert [message.content for message in server.world.history(room)] == ["hola"]
