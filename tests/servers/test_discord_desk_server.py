"""The Discord of the tests, seen through discord.py: what people type, press, choose and fill in, and who answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import discord
import pytest
from discord import app_commands
from discord.http import Route

from tests.servers.discord.interactions import Reply
from tests.servers.discord.people import Impossible
from tests.servers.discord.server import DiscordServer, discord_server
from tests.servers.discord.world import Overwrite, Permission, Room
from tests.servers.little_bot import at_work, card, row, until


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with discord_server() as opened:
        yield opened


@pytest.fixture
def room(server: DiscordServer) -> Room:
    return server.world.room(server.guild, "general")


# --- commands ---


class InEnglish(app_commands.Translator):
    """English for `tomar`."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """One word."""
        del context
        return "take" if locale is discord.Locale.american_english and str(string) == "tomar" else None


async def test_a_command_is_offered_in_both_languages_and_answered_for_one_persons_eyes(
    server: DiscordServer, room: Room
) -> None:
    ana = server.person("ana")
    async with at_work(server) as (_, client):
        tree = app_commands.CommandTree(client)
        await tree.set_translator(InEnglish())

        @tree.command(name=app_commands.locale_str("tomar"), description="Tomar un caso")
        async def take(interaction: discord.Interaction, caso: int) -> None:
            await interaction.response.send_message(f"{caso} {interaction.locale}", ephemeral=True)

        @take.autocomplete("caso")
        async def cases(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[int]]:
            del interaction
            return [app_commands.Choice(name=f"#{current}1", value=int(f"{current}1"))]

        await tree.sync(guild=None)
        outcome = await server.people.command(ana, room, "tomar", {"caso": 7}, locale="en-US").answer()
        offered = await server.people.complete(ana, room, "tomar", "caso", "10").answer()
        [known] = await tree.fetch_commands()
        await tree.sync(guild=None)
        route = Route("GET", "/applications/{id}/commands", id=server.bot.id)
        [again] = await client.http.request(route, params={"with_localizations": "true"})

    assert (outcome.text, outcome.messages[0].ephemeral) == ("7 en-US", True)
    assert offered.choices == [{"name": "#101", "value": 101}]
    assert server.world.history(room) == []
    assert again["name_localizations"] == {"en-US": "take"}
    assert (str(known.id), known.name_localizations) == (again["id"], {})


async def test_a_command_of_one_guild_has_parts_and_is_for_some(server: DiscordServer, room: Room) -> None:
    ana, luz = server.person("ana"), server.person("luz")
    lead = server.world.role(server.guild, "lead", Permission.MANAGE_GUILD)
    server.world.join(server.guild, luz, lead)
    here = discord.Object(int(server.guild.id))
    async with at_work(server) as (_, client):
        tree = app_commands.CommandTree(client)
        group = app_commands.Group(
            name="caso", description="Casos", default_permissions=discord.Permissions(manage_guild=True)
        )

        @group.command(name="asignar", description="Asignar")
        async def assign(interaction: discord.Interaction, a: discord.Member, sitio: discord.TextChannel) -> None:
            ranks = [role.name for role in a.roles]
            await interaction.response.send_message(f"{a.name} {ranks} {sitio.name}")

        tree.add_command(group, guild=here)
        await tree.sync(guild=here)
        said = await server.people.command(luz, room, "caso asignar", {"a": luz, "sitio": room}).answer()
        with pytest.raises(Impossible, match="not offered"):
            server.people.command(ana, room, "caso asignar", {"a": luz, "sitio": room})
        with pytest.raises(Impossible, match="wants"):
            server.people.command(luz, room, "caso asignar", {"a": luz})

    assert said.text == "luz ['@everyone', 'lead'] general"
    assert [one.content for one in server.world.history(room)] == [said.text]


# --- buttons, lists, modals ---


async def test_a_button_opens_a_modal_which_is_filled_in_and_answered(server: DiscordServer, room: Room) -> None:
    ana = server.person("ana")
    async with at_work(server) as (_, client):
        shown = await card(client, server, room, row("ask"))
        asked = await server.people.press(ana, shown, "v1:ask").answer()
        for fields in ({}, {"word": "x" * 21, "haste": "alta"}, {"word": "lámpara", "haste": "enorme"}):
            with pytest.raises(Impossible):
                server.people.submit(ana, asked, fields)
        said = await server.people.submit(ana, asked, {"word": "lámpara", "haste": ["alta"]}).answer()

    assert asked.modal is not None
    assert asked.modal["title"] == "Una palabra"
    assert said.text == "dijo lámpara, alta"


async def test_a_deferred_answer_is_filled_later_and_more_can_follow(server: DiscordServer, room: Room) -> None:
    async with at_work(server) as (_, client):
        shown = await card(client, server, room, row("slow", subject="7"))
        slow = await server.people.press(server.person("ana"), shown, "v1:slow:7").answer()
        await slow.until(lambda outcome: len(outcome.messages) == 2)

    assert slow.reply is Reply.DEFERRED_MESSAGE
    assert [one.content for one in slow.messages] == ["hecho 7", "y algo más"]
    assert all(one.ephemeral for one in slow.messages)


async def test_the_card_itself_can_change_at_once_or_after_a_while(server: DiscordServer, room: Room) -> None:
    ana = server.person("ana")
    async with at_work(server) as (_, client):
        shown = await card(client, server, room, row("edit", "quiet"))
        await server.people.press(ana, shown, "edit").answer()
        first = shown.content
        await server.people.press(ana, shown, "quiet").answer()

    assert (first, shown.content) == ("cambiado", "cambiado en silencio")


async def test_what_one_person_was_answered_nobody_else_can_press(server: DiscordServer, room: Room) -> None:
    ana, luz = server.person("ana"), server.person("luz")
    async with at_work(server) as (_, client):
        shown = await card(client, server, room, row("menu"))
        menu = await server.people.press(ana, shown, "menu").answer()
        with pytest.raises(Impossible, match="somebody else"):
            server.people.press(luz, menu.messages[0], "edit")
        await server.people.press(ana, menu.messages[0], "edit").answer()
        asked = await server.people.press(ana, menu.messages[0], "ask").answer()

    assert menu.messages[0].content == "cambiado"
    assert asked.modal is not None
    assert [one.content for one in server.world.history(room)] == ["una ficha"]


async def test_a_button_outlives_the_bot_that_made_it(server: DiscordServer, room: Room) -> None:
    async with at_work(server) as (_, client):
        shown = await card(client, server, room, row("edit"))
    async with at_work(server):
        await server.people.press(server.person("ana"), shown, "edit").answer()

    assert shown.content == "cambiado"


async def test_from_a_list_people_choose_what_it_offers(server: DiscordServer, room: Room) -> None:
    ana = server.person("ana")

    class Stages(discord.ui.Select[discord.ui.View]):
        async def callback(self, interaction: discord.Interaction) -> None:
            await interaction.response.send_message(" ".join(sorted(self.values)), ephemeral=True)

    async with at_work(server) as (_, client):
        options = [discord.SelectOption(label=one, value=one) for one in ("antes", "durante", "después")]
        view = discord.ui.View(timeout=None)
        view.add_item(Stages(custom_id="stages", options=options, min_values=2, max_values=2))
        view.add_item(discord.ui.Button(label="No", custom_id="no", disabled=True))
        shown = await card(client, server, room, view)
        for values in (["antes"], ["antes", "nunca"]):
            with pytest.raises(Impossible):
                server.people.choose(ana, shown, "stages", values)
        with pytest.raises(Impossible, match="cannot be pressed"):
            server.people.press(ana, shown, "No")
        chosen = await server.people.choose(ana, shown, "stages", ["durante", "antes"]).answer()

    assert chosen.text == "antes durante"


async def test_who_does_not_see_a_room_presses_nothing_there(server: DiscordServer) -> None:
    hidden = Overwrite(target=server.guild.id, member=False, deny=Permission.VIEW_CHANNEL)
    bots = Overwrite(target=server.bots_role.id, member=False, allow=Permission.VIEW_CHANNEL)
    room = server.world.room(server.guild, "puesto", overwrites=[hidden, bots])
    async with at_work(server) as (_, client):
        shown = await card(client, server, room, row("edit"))
        with pytest.raises(Impossible, match="does not see"):
            server.people.press(server.person("ana"), shown, "edit")
        forged = await server.people.press(server.person("ana"), shown, "v1:edit:12", forged=True).answer()

    assert forged.reply is Reply.UPDATE


# --- time ---


def codes_of(server: DiscordServer, end: str) -> list[int]:
    """What Discord said no to, at addresses that end so."""
    return [call.answer["code"] for call in server.calls if call.path.endswith(end) and call.status >= 400]


async def test_who_does_not_answer_in_time_has_failed_and_is_not_heard_later(server: DiscordServer, room: Room) -> None:
    server.state.answer_seconds = 0.1
    async with at_work(server) as (_, client):
        shown = await card(client, server, room, row("late"))
        outcome = await server.people.press(server.person("ana"), shown, "late").answer()
        await until(lambda: codes_of(server, "/callback"))

    assert (outcome.failed, outcome.messages) == (True, [])
    assert codes_of(server, "/callback") == [10062]


async def test_an_interaction_is_answered_once_and_its_token_ends(server: DiscordServer, room: Room) -> None:
    codes: list[int] = []

    class Keep(discord.ui.Button[discord.ui.View]):
        async def callback(self, interaction: discord.Interaction) -> None:
            answer = interaction.response
            await answer.send_message("una")
            answer._response_type = None  # as if it had forgotten
            with pytest.raises(discord.HTTPException) as twice:
                await answer.send_message("otra")
            server.state.token_seconds = 0
            with pytest.raises(discord.HTTPException) as late:
                await interaction.edit_original_response(content="demasiado tarde")
            codes.extend([twice.value.code, late.value.code])

    async with at_work(server) as (_, client):
        view = discord.ui.View(timeout=None)
        view.add_item(Keep(label="Guardar", custom_id="keep"))
        shown = await card(client, server, room, view)
        outcome = await server.people.press(server.person("ana"), shown, "keep").answer()
        await until(lambda: codes)

    assert codes == [40060, 50027]
    assert outcome.text == "una"


async def test_who_is_at_the_gateway_may_answer_later_and_elsewhere(server: DiscordServer, room: Room) -> None:
    heard: list[discord.Interaction] = []

    class Wait(discord.ui.Button[discord.ui.View]):
        async def callback(self, interaction: discord.Interaction) -> None:
            await interaction.response.defer(ephemeral=True, thinking=True)
            heard.append(interaction)

    async with at_work(server) as (_, client):
        view = discord.ui.View(timeout=None)
        view.add_item(Wait(label="Esperar", custom_id="wait"))
        shown = await card(client, server, room, view)
        outcome = await server.people.press(server.person("ana"), shown, "wait").acknowledged()
        await until(lambda: heard)
        await heard[0].followup.send("ya está", ephemeral=True)
        task = asyncio.create_task(heard[0].edit_original_response(content="ya está del todo"))
        await task

    assert outcome.text == "ya está del todo"


async def test_discord_may_tell_of_the_same_interaction_twice(server: DiscordServer, room: Room) -> None:
    seen: list[int] = []
    async with at_work(server) as (_, client):
        tree = app_commands.CommandTree(client)

        @tree.command(name="cola", description="La cola")
        async def queue(interaction: discord.Interaction) -> None:
            seen.append(interaction.id)
            if len(seen) == 1:
                await interaction.response.send_message("nada", ephemeral=True)

        await tree.sync()
        outcome = await server.people.command(server.person("ana"), room, "cola").answer()
        server.people.again(outcome)
        await until(lambda: len(seen) == 2)

    assert seen == [int(outcome.id)] * 2
