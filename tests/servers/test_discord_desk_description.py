"""What a desk asks of Discord, and what the Discord of the tests answers, is as Discord describes it."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Any

import discord
import pytest
from discord import app_commands
from discord.http import Route

from tests.servers.discord.described import FILE, MISSING, complaints
from tests.servers.discord.server import DiscordServer, discord_server
from tests.servers.discord.world import Kind, Permission, Room
from tests.servers.little_bot import at_work, card, row

# what discord.py asks otherwise than described, and Discord takes: ids and permissions as numbers or as texts
DISCORD_PY = (
    "the parameter use_nested_fields is not described",
    "POST /guilds/{guild_id}/roles: $.permissions",
    "POST /guilds/{guild_id}/channels: $.parent_id",
    "PUT /channels/{channel_id}/permissions/{overwrite_id}: $.allow",
    "PUT /channels/{channel_id}/permissions/{overwrite_id}: $.deny",
    "PATCH /guilds/{guild_id}/members/{user_id}: $.roles",
    "PATCH /channels/{channel_id}/messages/{message_id}: $.attachments[0].id",
)

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=MISSING)


async def set_up(client: discord.Client, server: DiscordServer) -> None:
    """What `init` does, and what an owner may have done before."""
    server.bots_role.permissions |= Permission.MANAGE_ROLES | Permission.PIN_MESSAGES | Permission.MANAGE_MESSAGES
    guild = await client.fetch_guild(int(server.guild.id))
    role = await guild.create_role(name="agentes", mentionable=True)
    await role.edit(name="agentes de guardia")
    category = await guild.create_category("Atención")
    tags = [discord.ForumTag(name=f"t{n}", emoji="🆕" if n else None) for n in range(6)]
    forum = await guild.create_forum("casos", category=category, topic="uno", available_tags=tags)
    text = await guild.create_text_channel("alertas", topic="aquí", category=category)
    await forum.edit(available_tags=forum.available_tags[:5], default_sort_order=discord.ForumOrderType.latest_activity)
    await text.set_permissions(role, view_channel=True)
    await text.set_permissions(role, overwrite=None)
    ana = await guild.fetch_member(int(server.person("ana").id))
    await ana.add_roles(role)
    await ana.edit(roles=[role])
    await ana.remove_roles(role)
    await role.delete()
    await guild.fetch_channels()
    await guild.fetch_roles()
    await text.delete()


async def draw(client: discord.Client, server: DiscordServer) -> None:
    """Posts, cards and files; archived, opened and deleted."""
    forum = next(room for room in server.world.rooms.values() if room.kind is Kind.FORUM)
    there = await client.fetch_channel(int(forum.id))
    assert isinstance(there, discord.ForumChannel)
    embed = discord.Embed(title="Entrega", description="llegó roto").add_field(name="x", value="y").set_footer(text="z")
    file = discord.File(io.BytesIO(b"png"), "a.png", description="un gráfico")
    embed.set_image(url="attachment://a.png")
    made = await there.create_thread(
        name="#1", embed=embed, applied_tags=there.available_tags, file=file, view=row("edit")
    )
    await made.thread.send("nota", nonce="n1", allowed_mentions=discord.AllowedMentions(everyone=False))
    await made.message.edit(embed=embed, attachments=[discord.File(io.BytesIO(b"png"), "b.png")])
    await made.message.pin()
    _ = [one async for one in made.thread.pins()]
    await made.message.unpin()
    await made.thread.add_user(discord.Object(int(server.person("ana").id)))
    await made.thread.fetch_members()
    await made.thread.typing()
    await made.thread.edit(archived=True)
    with suppress(discord.HTTPException):
        await made.message.edit(content="x")
    _ = [one async for one in there.archived_threads()]
    await made.thread.edit(archived=False, locked=True, name="#1 · ana", applied_tags=[])
    await (await client.fetch_guild(int(server.guild.id))).active_threads()
    await made.thread.delete()


async def command(client: discord.Client, server: DiscordServer, room: Room) -> None:
    """Commands in two languages, and everything that people do with them."""
    tree = app_commands.CommandTree(client)
    here = discord.Object(int(server.guild.id))

    @tree.command(name="tomar", description="Tomar un caso")
    @app_commands.choices(prisa=[app_commands.Choice(name="alta", value="alta")])
    async def take(interaction: discord.Interaction, caso: int, prisa: str = "alta") -> None:
        await interaction.response.send_message(f"{caso} {prisa}", ephemeral=True)

    @take.autocomplete("caso")
    async def cases(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[int]]:
        del interaction
        return [app_commands.Choice(name=current, value=int(current))]

    await tree.sync()
    await tree.fetch_commands()
    tree.copy_global_to(guild=here)
    await tree.sync(guild=here)
    ana, people = server.person("ana"), server.people
    await people.command(ana, room, "tomar", {"caso": 1}).answer()
    await people.complete(ana, room, "tomar", "caso", "10").answer()
    shown = await card(client, server, room, row("ask", "slow", "edit", "quiet", "menu"))
    asked = await people.press(ana, shown, "ask").answer()
    await people.submit(ana, asked, {"word": "sí", "haste": "alta"}).answer()
    slow = await people.press(ana, shown, "slow").answer()
    await slow.until(lambda outcome: len(outcome.messages) == 2)
    menu = await people.press(ana, shown, "menu").answer()
    await people.press(ana, menu.messages[0], "edit").answer()
    hook = Route("GET", "/webhooks/{application_id}/{token}/messages/@original", application_id=server.bot.id, token="")
    hook.url = hook.url.replace("//messages", f"/{menu.token}/messages")
    await client.http.request(hook)
    await people.press(ana, shown, "edit").answer()
    await people.press(ana, shown, "quiet").answer()


async def one_command(client: discord.Client, server: DiscordServer) -> None:
    """One by one, and wrongly."""
    start = f"/applications/{server.bot.id}/commands"
    good: dict[str, Any] = {"name": "cola", "description": "La cola", "name_localizations": {"en-US": "queue"}}
    made = await client.http.request(Route("POST", start), json=good)
    await client.http.request(Route("GET", f"{start}/{made['id']}"))
    await client.http.request(Route("PATCH", f"{start}/{made['id']}"), json={"description": "Lo que espera"})
    await client.http.request(Route("GET", start), params={"with_localizations": "true"})
    for wrong in (
        {**good, "name": "La Cola"},
        {**good, "name": "x" * 33},
        {**good, "description": "x" * 101},
        {**good, "name_localizations": {"xx": "cola"}},
        {**good, "name_localizations": {"en-US": "Queue"}},
        {**good, "options": [{"type": 3, "name": "a", "description": "a"}] * 2},
        {**good, "options": [{"type": 3, "name": f"a{n}", "description": "a"} for n in range(26)]},
        {**good, "options": [{"type": 3, "name": "a", "description": "a", "choices": [{"name": "a", "value": 1}]}]},
        {**good, "contexts": [7]},
        {**good, "default_member_permissions": "all"},
    ):
        with pytest.raises(discord.HTTPException) as refused:
            await client.http.request(Route("POST", start), json=wrong)
        assert refused.value.code == 50035
    await client.http.request(Route("DELETE", f"{start}/{made['id']}"))
    with pytest.raises(discord.NotFound):
        await client.http.request(Route("DELETE", f"{start}/{made['id']}"))
    with pytest.raises(discord.HTTPException):
        await client.http.request(Route("PUT", start), json=[good, good])


async def test_every_call_of_a_desk_and_every_answer_is_as_described() -> None:
    async with discord_server() as server:
        room = server.world.room(server.guild, "general")
        async with at_work(server) as (_, client):
            await set_up(client, server)
            await draw(client, server)
            await command(client, server, room)
            await one_command(client, server)

    assert [said for said in complaints(server.calls) if not any(habit in said for habit in DISCORD_PY)] == []
    assert {call.status for call in server.calls} >= {200, 201, 204, 400, 404}
    assert len({(call.method, call.path.count("/")) for call in server.calls}) > 15
