"""The Discord of the tests, seen through discord.py: forums, rights, files, limits, and what befalls a bot."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
from discord.http import Route

from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable, RateLimited
from listeners.discord_wire import asked
from tests.servers.discord.server import DiscordServer, discord_server
from tests.servers.discord.state import Storm
from tests.servers.discord.world import NOTHING, Kind, Permission, Room
from tests.servers.little_bot import DESK, at_work, card, row, until


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with discord_server() as opened:
        yield opened


@pytest.fixture
def room(server: DiscordServer) -> Room:
    return server.world.room(server.guild, "general")


@pytest.fixture
def forum(server: DiscordServer) -> Room:
    tags = [{"id": str(number), "name": f"t{number}", "moderated": False} for number in range(1, 8)]
    return server.world.room(server.guild, "casos", Kind.FORUM, tags=tags)


async def opened(client: discord.Client, forum: Room) -> discord.ForumChannel:
    found = await client.fetch_channel(int(forum.id))
    assert isinstance(found, discord.ForumChannel)
    return found


def place(client: discord.Client, room: Room) -> discord.PartialMessageable:
    return client.get_partial_messageable(int(room.id))


async def code(call: Any) -> tuple[int, int]:
    """Status and code of a refusal."""
    with pytest.raises(discord.HTTPException) as refused:
        await call
    return refused.value.status, refused.value.code


# --- forums ---


async def test_a_forum_is_made_with_tags_and_whom_it_is_open_to(server: DiscordServer) -> None:
    agents = server.world.role(server.guild, "agentes")
    async with at_work(server) as (_, client):
        guild = await client.fetch_guild(int(server.guild.id))
        category = await guild.create_category("Atención")
        role = await guild.fetch_role(int(agents.id))
        made = await guild.create_forum(
            "Casos abiertos",
            topic="Uno por cliente",
            category=category,
            overwrites={
                guild.default_role: discord.PermissionOverwrite(view_channel=False),
                role: discord.PermissionOverwrite(view_channel=True),
            },
            available_tags=[discord.ForumTag(name="nuevo", emoji="🆕")],
            default_sort_order=discord.ForumOrderType.creation_date,
            default_reaction_emoji="👀",
        )
    room, luz, ana = server.world.rooms[str(made.id)], server.person("luz"), server.person("ana")
    server.world.join(server.guild, luz, agents)

    assert (made.name, made.topic, made.category_id) == ("casos-abiertos", "Uno por cliente", category.id)
    assert (made.default_sort_order, str(made.default_reaction_emoji)) == (discord.ForumOrderType.creation_date, "👀")
    assert [(tag.name, str(tag.emoji)) for tag in made.available_tags] == [("nuevo", "🆕")]
    assert (server.world.sees(luz, room), server.world.sees(ana, room)) == (True, False)


async def test_a_forum_post_has_tags_and_its_first_message(server: DiscordServer, forum: Room) -> None:
    async with at_work(server) as (_, client):
        place_ = await opened(client, forum)
        embed = discord.Embed(title="Entrega").set_image(url="attachment://a.png")
        picture = discord.File(io.BytesIO(b"png"), filename="a.png", description="un gráfico")
        made = await place_.create_thread(
            name="#1001 · Entrega", embed=embed, applied_tags=place_.available_tags[:2], file=picture, view=row("edit")
        )
        await made.thread.send("una nota")
        seen = await client.fetch_channel(made.thread.id)

    thread = server.world.rooms[str(made.thread.id)]
    [note, first] = server.world.history(thread)
    assert isinstance(seen, discord.Thread)
    assert (first.id, note.content, thread.applied_tags) == (thread.id, "una nota", ["1", "2"])
    assert (seen.message_count, seen.total_message_sent) == (1, 1)
    assert first.attachments[0]["description"] == "un gráfico"
    assert first.extra["embeds"][0]["image"]["url"] == first.attachments[0]["url"]


async def test_no_more_than_five_tags_and_only_those_of_the_forum(server: DiscordServer, forum: Room) -> None:
    async with at_work(server) as (_, client):
        place_ = await opened(client, forum)
        tags = place_.available_tags
        post = await place_.create_thread(name="#1", content="hola", applied_tags=tags[:5])
        assert await code(post.thread.edit(applied_tags=tags[:6])) == (400, 50035)
        strange = discord.ForumTag(name="otra")
        strange.id = 99
        assert await code(place_.create_thread(name="#2", content="hola", applied_tags=[strange])) == (400, 50035)
        assert await code(place_.create_thread(name="x" * 101, content="hola")) == (400, 50035)
        await place_.edit(require_tag=True)
        assert await code(place_.create_thread(name="#3", content="hola")) == (400, 40067)
        many = [discord.ForumTag(name=f"n{number}") for number in range(21)]
        assert await code(place_.edit(available_tags=many)) == (400, 30046)


async def test_an_archived_post_is_read_only_until_somebody_writes(server: DiscordServer, forum: Room) -> None:
    async with at_work(server) as (_, client):
        place_ = await opened(client, forum)
        made = await place_.create_thread(name="#1001", content="ficha")
        await made.thread.edit(archived=True)
        assert await code(made.message.edit(content="otra")) == (400, 50083)
        assert await code(made.thread.edit(name="otro nombre")) == (400, 50083)
        put_away = [thread.id async for thread in place_.archived_threads()]
        guild = await client.fetch_guild(int(server.guild.id))
        active = await guild.active_threads()

        await made.thread.send("sigue")
        await made.message.edit(content="ficha al día")
        await made.thread.edit(name="#1001 · ana")

    thread = server.world.rooms[str(made.thread.id)]
    assert (put_away, active) == ([made.thread.id], [])
    assert (thread.archived, thread.name) == (False, "#1001 · ana")
    assert server.world.history(thread)[-1].content == "ficha al día"


async def test_what_is_put_away_is_listed_page_by_page(server: DiscordServer, forum: Room) -> None:
    server.state.page = 2
    async with at_work(server) as (_, client):
        place_ = await opened(client, forum)
        made = [(await place_.create_thread(name=f"#{n}", content="ficha")).thread for n in range(5)]
        for thread in made:
            await thread.edit(archived=True)
        listed = [thread.id async for thread in place_.archived_threads(limit=None)]

    assert listed == [thread.id for thread in reversed(made)]


async def test_a_locked_post_is_for_who_manages_threads(server: DiscordServer, forum: Room) -> None:
    async with at_work(server) as (_, client):
        place_ = await opened(client, forum)
        made = await place_.create_thread(name="#1001", content="ficha")
        await made.thread.edit(locked=True)
        await made.thread.send("quien modera puede")
        server.bots_role.permissions &= ~Permission.MANAGE_THREADS
        assert await code(made.thread.send("ya no")) == (403, 160005)
        assert await code(made.thread.edit(locked=False)) == (403, 50013)
        assert await code(made.thread.delete()) == (403, 50013)


async def test_names_change_twice_in_ten_minutes_and_the_rest_at_will(server: DiscordServer, forum: Room) -> None:
    server.state.renames = 2
    async with at_work(server) as (_, client):
        made = await (await opened(client, forum)).create_thread(name="#1001", content="ficha")
        for name in ("a", "b"):
            await made.thread.edit(name=name)
        for archived in (True, False):
            await made.thread.edit(archived=archived)
        with pytest.raises(RateLimited) as limited:
            await asked(made.thread.edit(name="c"))
        await made.thread.edit(name="b", applied_tags=[])

    assert limited.value.retry_after > 500
    assert server.state.count_invalid() == 0


async def test_a_guild_has_only_so_many_living_threads(server: DiscordServer, forum: Room) -> None:
    server.state.threads_at_once = 1
    async with at_work(server) as (_, client):
        place_ = await opened(client, forum)
        first = await place_.create_thread(name="#1", content="ficha")
        assert await code(place_.create_thread(name="#2", content="ficha")) == (400, 160006)
        await first.thread.edit(archived=True)
        await place_.create_thread(name="#2", content="ficha")
        assert await code(first.thread.edit(archived=False)) == (400, 160006)


async def test_what_is_deleted_by_hand_is_gone_with_all_in_it(server: DiscordServer, forum: Room) -> None:
    async with at_work(server) as (_, client):
        made = await (await opened(client, forum)).create_thread(name="#1001", content="ficha")
        note = await made.thread.send("nota")
        server.world.delete(server.world.find(str(note.id)))
        assert await code(note.edit(content="otra")) == (404, 10008)
        server.world.remove(forum)
        assert await code(made.thread.send("¿hay alguien?")) == (404, 10003)


async def test_who_is_in_a_thread_and_what_is_pinned(server: DiscordServer, forum: Room) -> None:
    luz = server.person("luz")
    async with at_work(server) as (_, client):
        made = await (await opened(client, forum)).create_thread(name="#1001", content="ficha")
        await made.thread.add_user(discord.Object(int(luz.id)))
        inside = {member.id for member in await made.thread.fetch_members()}
        await made.thread.leave()
        assert await code(made.message.pin()) == (403, 50013)
        server.bots_role.permissions |= Permission.PIN_MESSAGES
        await made.message.pin()
        pinned = [one.id async for one in made.thread.pins()]

    assert inside == {int(luz.id), int(server.bot.id)}
    assert server.world.rooms[str(made.thread.id)].members == {luz.id}
    assert pinned == [made.message.id]


# --- rights ---


@pytest.mark.parametrize(
    ("without", "refused"),
    [
        (Permission.SEND_MESSAGES, (403, 50013)),
        (Permission.EMBED_LINKS, (403, 50013)),
        (Permission.ATTACH_FILES, (403, 50013)),
        (Permission.VIEW_CHANNEL, (403, 50001)),
    ],
)
async def test_each_right_is_asked_for(
    server: DiscordServer, room: Room, without: Permission, refused: tuple[int, int]
) -> None:
    everybody = server.guild.roles[server.guild.id]
    async with at_work(server) as (_, client):
        await place(client, room).send("hola", embed=discord.Embed(title="x"), file=discord.File(io.BytesIO(b"x"), "x"))
        server.bots_role.permissions &= ~without
        everybody.permissions &= ~without
        call = place(client, room).send(
            "hola", embed=discord.Embed(title="x"), file=discord.File(io.BytesIO(b"x"), "x")
        )
        assert await code(call) == refused

    assert server.state.count_invalid() == 1


async def test_a_bot_gives_only_rights_that_it_has(server: DiscordServer, room: Room) -> None:
    async with at_work(server) as (_, client):
        guild = await client.fetch_guild(int(server.guild.id))
        assert await code(guild.create_role(name="agentes")) == (403, 50013)
        server.bots_role.permissions |= Permission.MANAGE_ROLES
        role = await guild.create_role(name="agentes", mentionable=True)
        assert await code(role.edit(permissions=discord.Permissions(administrator=True))) == (403, 50013)
        channel = await client.fetch_channel(int(room.id))
        assert isinstance(channel, discord.TextChannel)
        await channel.set_permissions(role, view_channel=True, send_messages=False)
        assert await code(channel.set_permissions(role, manage_guild=True)) == (403, 50013)
        await channel.set_permissions(role, overwrite=None)
        ana = await guild.fetch_member(int(server.person("ana").id))
        await ana.add_roles(role)

    assert server.guild.members[str(ana.id)] == [str(role.id)]
    assert room.overwrites == []


# --- messages ---


async def test_a_text_disturbs_whom_it_may(server: DiscordServer, room: Room) -> None:
    luz = server.person("luz")
    lead = server.world.role(server.guild, "lead")
    server.world.join(server.guild, luz, lead)
    text = f"<@&{lead.id}> <@{luz.id}> @everyone"
    async with at_work(server) as (_, client):
        quiet = await place(client, room).send(text)
        roles = discord.AllowedMentions(roles=[discord.Object(int(lead.id))])
        loud = await place(client, room).send(text, allowed_mentions=roles)
        await client.http.request(
            Route("POST", "/channels/{channel_id}/messages", channel_id=room.id), json={"content": text}
        )
        server.bots_role.permissions &= ~Permission.MENTION_EVERYONE
        weak = await place(client, room).send(text, allowed_mentions=roles)

    careless = server.world.history(room)[1]
    told = server.world.messages[room.id]
    assert told[str(quiet.id)].pings == set()
    assert told[str(loud.id)].pings == {luz.id}
    assert careless.pings == {*server.guild.members} - {server.bot.id}
    assert told[str(weak.id)].pings == set()


@pytest.mark.parametrize(
    "embed",
    [
        discord.Embed(title="x" * 257),
        discord.Embed(description="x" * 4097),
        discord.Embed().add_field(name="x" * 257, value="x"),
        discord.Embed().add_field(name="x", value="x" * 1025),
        discord.Embed().add_field(name="x", value=" "),
        discord.Embed(description="x").set_footer(text="x" * 2049),
        discord.Embed(description="x").set_author(name="x" * 257),
        discord.Embed(description="x" * 4000).set_footer(text="x" * 2001),
        discord.Embed(title="x", url="javascript:alert(1)"),
        discord.Embed.from_dict({"fields": [{"name": "x", "value": "x"}] * 26}),
    ],
)
async def test_embeds_have_discords_limits(server: DiscordServer, room: Room, embed: discord.Embed) -> None:
    async with at_work(server) as (_, client):
        assert await code(place(client, room).send(embed=embed)) == (400, 50035)


@pytest.mark.parametrize(
    "components",
    [
        [{"type": 1, "components": [{"type": 2, "style": 1, "label": "a", "custom_id": "a"}]}] * 6,
        [{"type": 1, "components": [{"type": 2, "style": 1, "label": str(n), "custom_id": str(n)} for n in range(6)]}],
        [{"type": 1, "components": [{"type": 2, "style": 1, "label": "a", "custom_id": "a"}] * 2}],
        [{"type": 1, "components": [{"type": 2, "style": 1, "label": "x" * 81, "custom_id": "a"}]}],
        [{"type": 1, "components": [{"type": 2, "style": 1, "label": "a", "custom_id": "x" * 101}]}],
        [{"type": 1, "components": [{"type": 2, "style": 1, "custom_id": "a"}]}],
        [{"type": 1, "components": [{"type": 3, "custom_id": "a", "options": []}]}],
        [{"type": 1, "components": [{"type": 3, "custom_id": "a", "options": [{"label": "a", "value": "a"}] * 2}]}],
        [{"type": 1, "components": []}],
        [{"type": 4, "custom_id": "a"}],
    ],
)
async def test_buttons_and_lists_have_discords_limits(server: DiscordServer, room: Room, components: Any) -> None:
    route = Route("POST", "/channels/{channel_id}/messages", channel_id=room.id)
    async with at_work(server) as (_, client):
        assert await code(client.http.request(route, json={"components": components})) == (400, 50035)


async def test_a_nonce_keeps_a_message_from_standing_there_twice(server: DiscordServer, room: Room) -> None:
    async with at_work(server) as (_, client):
        first = await place(client, room).send("hola", nonce="v1:key:1")
        again = await place(client, room).send("hola", nonce="v1:key:1")
        other = await place(client, room).send("hola", nonce="v1:key:2")
        assert await code(place(client, room).send("hola", nonce="x" * 26)) == (400, 50035)

    assert first.id == again.id != other.id
    assert len(server.world.history(room)) == 2


async def test_files_come_and_go_with_an_edit_and_are_not_too_large(server: DiscordServer, room: Room) -> None:
    server.state.largest_file = 10
    async with at_work(server) as (_, client):
        sent = await place(client, room).send("uno", file=discord.File(io.BytesIO(b"uno"), "uno.txt"))
        assert await sent.attachments[0].read() == b"uno"
        sent = await sent.edit(attachments=[discord.File(io.BytesIO(b"dos"), "dos.txt")])
        names = [one.filename for one in sent.attachments]
        assert await code(place(client, room).send(file=discord.File(io.BytesIO(b"x" * 11), "x"))) == (413, 40005)
        await sent.edit(attachments=[])
        assert await code(sent.edit(content=None)) == (400, 50006)

    assert names == ["dos.txt"]
    assert server.world.history(room)[0].attachments == []


# --- limits and weather ---


async def test_a_short_limit_is_waited_for_and_all_is_said_once(server: DiscordServer, room: Room) -> None:
    server.state.limits.routes["POST /channels/{channel_id}/messages"] = (2, 0.3)
    async with at_work(server) as (_, client):
        for number in range(5):
            await place(client, room).send(str(number))

    assert [one.content for one in server.world.history(room)] == ["4", "3", "2", "1", "0"]


async def test_the_limit_over_all_is_said_to_be_that(server: DiscordServer, room: Room) -> None:
    async with at_work(server) as (_, client):
        server.state.limits.over_all = (1, 60.0)
        server.state.limits.everything = None
        await place(client, room).send("una")
        with pytest.raises(RateLimited):
            await asked(place(client, room).send("dos"))
        ana = server.person("ana")
        shown = server.world.history(room)[0]
        shown.extra["components"] = row("edit").to_components()
        # answers to what people press are exempt
        await server.people.press(ana, shown, "edit").answer()

    refused = next(call for call in server.calls if call.status == 429)
    assert refused.answer["global"] is True
    assert shown.content == "cambiado"


async def test_too_many_refused_calls_are_a_ban(server: DiscordServer, room: Room) -> None:
    server.state.banned_after = 3
    async with at_work(server) as (session, client):
        server.world.change(room, overwrites=[])
        server.bots_role.permissions = NOTHING
        server.guild.roles[server.guild.id].permissions = NOTHING
        for _ in range(3):
            with pytest.raises(ChannelRefused):
                await asked(place(client, room).send("hola"))
        server.bots_role.permissions = DESK
        with pytest.raises(RateLimited):
            await asked(place(client, room).send("hola"))
        strikes = session.strikes

    assert (strikes, server.state.count_invalid()) == (4, 3)


async def test_a_storm_can_hide_what_has_happened(server: DiscordServer, room: Room) -> None:
    async with at_work(server) as (_, client):
        for stored in (True, False):
            server.state.storms.append(Storm(method="POST", path=r"/channels/\d+/messages", times=1, stored=stored))
            with pytest.raises(ChannelUnavailable, match="502"):
                await asked(place(client, room).send("hola", nonce=f"una-vez-{stored}"))
        lost = len(server.world.history(room))
        for stored in (True, False):
            await place(client, room).send("hola", nonce=f"una-vez-{stored}")

    assert lost == 1
    assert [message.content for message in server.world.history(room)] == ["hola", "hola"]


async def test_a_bot_that_is_shown_the_door_hears_so_and_may_come_back(server: DiscordServer, room: Room) -> None:
    guild_id = int(server.guild.id)
    async with at_work(server) as (_, client):
        server.expel_the_bot()
        await until(lambda: client.get_guild(guild_id) is None)
        assert await code(place(client, room).send("¿hola?")) == (403, 50001)
        server.invite_the_bot()
        await until(lambda: client.get_guild(guild_id) is not None)
        await place(client, room).send("hola otra vez")


async def test_a_guild_may_be_away_for_a_while(server: DiscordServer) -> None:
    async with at_work(server) as (_, client):
        guild = client.get_guild(int(server.guild.id))
        assert guild is not None
        server.world.lose(server.guild)
        await until(lambda: guild.unavailable)
        server.world.find_again(server.guild)
        await until(lambda: (found := client.get_guild(guild.id)) is not None and not found.unavailable)


async def test_a_bot_hears_of_its_own_rights(server: DiscordServer) -> None:
    async with at_work(server) as (_, client):
        guild = client.get_guild(int(server.guild.id))
        assert guild is not None
        assert guild.me.guild_permissions.manage_channels
        server.world.change_role(server.guild, server.bots_role, permissions=NOTHING)
        await until(lambda: not guild.me.guild_permissions.manage_channels)
        lead = server.world.role(server.guild, "lead", Permission.MANAGE_CHANNELS)
        server.world.join(server.guild, server.bot, server.bots_role, lead)
        await until(lambda: guild.me.guild_permissions.manage_channels)
        server.world.remove_role(server.guild, lead)
        await until(lambda: guild.get_role(int(lead.id)) is None)


async def test_a_token_that_was_revoked_ends_everything(server: DiscordServer, room: Room) -> None:
    async with at_work(server) as (session, client):
        async with session.listening() as ear:
            server.revoke_the_token()
            with pytest.raises(ChannelError) as ended:
                async for _ in ear:
                    pass
        with pytest.raises(ChannelRefused, match="401"):
            await asked(place(client, room).send("hola"))

    assert isinstance(ended.value, ChannelRefused)


async def test_a_card_may_be_pressed_in_a_post(server: DiscordServer, forum: Room) -> None:
    async with at_work(server) as (_, client):
        made = await (await opened(client, forum)).create_thread(name="#1001", content="ficha", view=row("edit"))
        first = server.world.find(str(made.message.id))
        await server.people.press(server.person("ana"), first, "edit").answer()
        thread = server.world.rooms[str(made.thread.id)]
        again = await card(client, server, thread, row("edit"))

    assert (first.content, again.room_id) == ("cambiado", thread.id)
