"""What the discord_guild channel asks, and what the server of these tests answers, is as Discord describes it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import discord
import pytest
from discord.http import Route

from bot.domain.action import Reply, ReplyKind
from bot.domain.errors import ChannelError, ChannelRefused
from bot.domain.mention import Batch
from bot.domain.ports.channel import Surroundings
from bot.domain.reading import Language
from listeners.discord_guild import CHANNEL, DiscordGuild
from listeners.registry import open_channel
from tests.contracts.stage import Fault
from tests.servers.discord.described import FILE, MISSING, complaints
from tests.servers.discord.server import DiscordServer, discord_server
from tests.servers.discord.world import Kind

NO_BODY: dict[str, Any] = {}

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=MISSING)


async def lived(server: DiscordServer, home: Path) -> None:
    """A day on Discord: history, a thread, an edit, a deletion, an answer, a refusal, the gateway, a direct message."""
    ana, room = server.person("ana"), server.world.room(server.guild, "soporte")
    server.world.room(server.guild, "preguntas", Kind.FORUM)
    server.world.room(server.guild, "charla", Kind.VOICE)
    server.state.page = 5
    for n in range(12):
        server.say(room, ana, f"historia {n}")
    table = {"token": server.state.token, "guild": server.guild.id, "channels": ["soporte"], "base_url": server.url}
    surroundings = Surroundings(home=home, accounts=("zarapito",))
    async with open_channel("discord", {"kind": "discord_guild", **table, "history": 10}, surroundings) as channel:
        assert isinstance(channel, DiscordGuild)
        cursor = (await channel.poll(None)).cursor
        asking = server.say(room, ana, f"{server.summons} ¿dónde está mi lámpara?")
        gone = server.say(room, ana, "me arrepiento")
        thread = server.world.thread(room, "lámparas", ana, of=asking)
        server.world.edit(server.say(thread, ana, "una"), "dos")
        server.world.change(thread, archived=True)
        batch = await channel.poll(cursor)
        server.world.delete(gone)
        assert (await channel.poll(batch.cursor)).deletions == (gone.id,)
        to = next(mention for mention in batch.mentions if mention.external_id == asking.id)
        answer = Reply(to=to.id, kind=ReplyKind.ANSWER, text="Va en camino", language=Language.ES)
        await channel.said("key-1", to)
        await channel.say(answer, to, "key-1")
        await channel.said("key-2", to)
        server.world.delete(asking)
        with pytest.raises(ChannelRefused):
            await channel.say(answer, to, "key-3")
        await _told(channel, server)
        await _visited(channel._session.bot, server)
    assert CHANNEL.check is not None
    await CHANNEL.check("discord", CHANNEL.settings(**table), surroundings)


async def _told(channel: DiscordGuild, server: DiscordServer) -> None:
    told: asyncio.Queue[Batch] = asyncio.Queue()
    listening = asyncio.create_task(channel.listen(None, told.put))
    await told.get()
    server.say(server.world.dm(server.bot, server.person("luz")), server.person("luz"), "hola")
    while not (await told.get()).mentions:
        pass
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def _visited(bot: discord.Client, server: DiscordServer) -> None:
    """The rest of the server, which a desk needs: every address that it answers, well and badly."""
    room = next(room for room in server.world.rooms.values() if room.name == "soporte").id
    message = server.said_by_bot()[0].id
    luz, guild = server.person("luz").id, server.guild.id
    calls: list[tuple[str, str, Any]] = [
        ("GET", "/users/@me/guilds", None),
        ("GET", f"/users/{luz}", None),
        ("GET", "/applications/@me", None),
        ("GET", "/gateway", None),
        ("GET", f"/guilds/{guild}/roles", None),
        ("POST", "/users/@me/channels", {"recipient_id": luz}),
        ("GET", f"/channels/{room}", None),
        ("GET", f"/channels/{room}/messages/{message}", None),
        ("PATCH", f"/channels/{room}/messages/{message}", {"content": "cambiado"}),
        ("POST", f"/channels/{room}/messages/{message}/threads", {"name": "caso"}),
        ("POST", f"/channels/{room}/messages/{message}/threads", {"name": "otra vez"}),
        ("POST", f"/channels/{room}/threads", {"name": "otro", "type": 11}),
        ("PATCH", f"/channels/{message}", {"archived": True}),
        ("DELETE", f"/channels/{room}/messages/{message}", None),
        ("DELETE", f"/channels/{room}/messages/{message}", None),
        ("POST", f"/channels/{room}/messages", {"content": ""}),
        ("POST", f"/channels/{room}/messages", {"content": "x" * 2_001}),
        ("GET", f"/channels/{luz}", None),
        ("GET", f"/guilds/{luz}", None),
    ]
    for method, path, body in calls:
        with suppress(discord.HTTPException):
            await bot.http.request(Route(method, path), **(NO_BODY if body is None else {"json": body}))


async def test_every_call_and_every_answer_is_as_described(tmp_path: Path) -> None:
    async with discord_server() as server:
        server.state.limits.over_all = (10_000, 1.0)
        await lived(server, tmp_path)

    assert complaints(server.calls) == []
    assert {call.status for call in server.calls} >= {200, 201, 204, 400, 404}


@pytest.mark.parametrize("fault", [Fault.UNAUTHORIZED, Fault.FORBIDDEN, Fault.RATE_LIMIT])
async def test_refusals_are_worded_as_described(tmp_path: Path, fault: Fault) -> None:
    async with discord_server() as server:
        server.state.fault = fault
        table = {"kind": "discord_guild", "token": server.state.token, "guild": server.guild.id, "base_url": server.url}
        async with open_channel("discord", table, Surroundings(home=tmp_path, accounts=())) as channel:
            assert isinstance(channel, DiscordGuild)
            with pytest.raises(ChannelError):
                await channel.poll(None)

    assert server.calls
    assert complaints(server.calls) == []
