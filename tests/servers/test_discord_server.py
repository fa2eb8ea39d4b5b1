"""The server of Discord keeps to Discord's documents: what it closes a gateway for, what it shows, whom it lets."""

from __future__ import annotations

import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.servers.discord.gateway import Close
from tests.servers.discord.server import API, DiscordServer, discord_server
from tests.servers.discord.world import Kind, Overwrite, Permission, Role, Room, User

INTENTS = 1 << 0 | 1 << 9 | 1 << 12 | 1 << 15
Json = dict[str, Any]


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with discord_server() as running:
        yield running


@pytest.fixture
def room(server: DiscordServer) -> Room:
    return server.world.room(server.guild, "soporte")


@pytest.fixture
def ana(server: DiscordServer) -> User:
    return server.person("ana")


@asynccontextmanager
async def connected(server: DiscordServer) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{server.url}/?v=10&encoding=json") as socket:
        assert (await socket.receive_json())["op"] == 10
        yield socket


def identify(server: DiscordServer, **changes: Any) -> Json:
    return {"op": 2, "d": {"token": server.state.token, "intents": INTENTS, "properties": {}, **changes}}


async def closed_with(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    while not socket.closed:
        await socket.receive(timeout=3)
    return socket.close_code


# --- the gateway ---


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("{", Close.DECODE_ERROR),
        (json.dumps({"op": 1, "d": "x" * 5_000}), Close.DECODE_ERROR),
        (json.dumps({"op": 77}), Close.UNKNOWN_OPCODE),
        (json.dumps({"op": 3, "d": {}}), Close.NOT_AUTHENTICATED),
        (json.dumps({"op": 2, "d": {"token": "no", "intents": 1}}), Close.AUTHENTICATION_FAILED),
    ],
)
async def test_what_is_sent_wrongly_closes_the_gateway(server: DiscordServer, sent: str, code: Close) -> None:
    async with connected(server) as socket:
        await socket.send_str(sent)

        assert await closed_with(socket) == code


async def test_intents_are_known_allowed_and_named_once(server: DiscordServer) -> None:
    server.state.flags = 0
    for intents, code in ((1 << 30, Close.INVALID_INTENTS), (INTENTS, Close.DISALLOWED_INTENTS)):
        async with connected(server) as socket:
            await socket.send_json(identify(server, intents=intents))
            assert await closed_with(socket) == code
    async with connected(server) as socket:
        for _ in range(2):
            await socket.send_json(identify(server, intents=1))
        assert await closed_with(socket) == Close.ALREADY_AUTHENTICATED


async def test_what_was_missed_is_told_again_in_order_and_then_resumed(
    server: DiscordServer, room: Room, ana: User
) -> None:
    async with connected(server) as socket:
        await socket.send_json(identify(server))
        ready, guild = await socket.receive_json(), await socket.receive_json()
        assert (ready["t"], guild["t"]) == ("READY", "GUILD_CREATE")
        server.gateway.cut()
    for number in range(3):
        server.say(room, ana, str(number))
    async with connected(server) as socket:
        known = {"token": server.state.token, "session_id": ready["d"]["session_id"]}
        await socket.send_json({"op": 6, "d": {**known, "seq": guild["s"]}})
        told = [await socket.receive_json() for _ in range(4)]

    assert [one["d"].get("content", one["t"]) for one in told] == ["0", "1", "2", "RESUMED"]
    assert [one["s"] for one in told] == [3, 4, 5, 6]


async def test_a_session_is_over_after_a_goodbye_and_its_numbers_are_checked(server: DiscordServer) -> None:
    async with connected(server) as socket:
        await socket.send_json(identify(server))
        session = (await socket.receive_json())["d"]["session_id"]
        known = {"token": server.state.token, "session_id": session}
        async with connected(server) as second:
            await second.send_json({"op": 6, "d": {**known, "seq": 999}})
            assert await closed_with(second) == Close.INVALID_SEQ
        await socket.close(code=1000)
    async with connected(server) as socket:
        await socket.send_json({"op": 6, "d": {**known, "seq": 1}})

        assert await socket.receive_json() == {"op": 9, "d": False}


async def test_a_stream_is_compressed_as_a_whole_if_that_is_asked_for(server: DiscordServer) -> None:
    inflate = zlib.decompressobj()
    address = f"{server.url}/?v=10&encoding=json&compress=zlib-stream"
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        await socket.send_json(identify(server))
        told = [await socket.receive_bytes() for _ in range(3)]

    assert all(each.endswith(b"\x00\x00\xff\xff") for each in told)
    assert [json.loads(inflate.decompress(each))["op"] for each in told] == [10, 0, 0]


# --- who sees what, and who may ---


async def test_a_message_names_whom_its_author_may_disturb(server: DiscordServer, room: Room, ana: User) -> None:
    luz = server.person("luz")
    said = server.say(room, ana, f"@everyone <@{luz.id}> <@&{server.bots_role.id}>")

    assert said.pings == {luz.id, server.bot.id}
    assert not said.mention_everyone


@pytest.mark.parametrize(
    ("overwrites", "sees"),
    [
        ([], True),
        ([("everyone", "deny")], False),
        ([("everyone", "deny"), ("role", "allow")], True),
        ([("role", "deny"), ("member", "allow")], True),
        ([("everyone", "allow"), ("member", "deny")], False),
    ],
)
async def test_overwrites_are_applied_for_all_then_for_roles_then_for_the_member(
    server: DiscordServer, room: Room, overwrites: list[tuple[str, str]], sees: bool
) -> None:
    targets = {"everyone": server.guild.id, "role": server.bots_role.id, "member": server.bot.id}
    for who, how in overwrites:
        change = {how: Permission.VIEW_CHANNEL}
        room.overwrites.append(Overwrite(target=targets[who], member=who == "member", **change))

    assert server.world.sees(server.bot, room) is sees


async def test_administrators_see_everything_and_strangers_nothing(
    server: DiscordServer, room: Room, ana: User
) -> None:
    room.overwrites.append(Overwrite(target=server.guild.id, member=False, deny=Permission.VIEW_CHANNEL))
    boss: Role = server.world.role(server.guild, "jefes", Permission.ADMINISTRATOR)
    server.world.join(server.guild, ana, boss)

    assert server.world.sees(ana, room)
    assert not server.world.sees(server.world.user("nadie"), room)


async def call(server: DiscordServer, method: str, path: str, body: Json | None = None) -> tuple[int, Any]:
    headers = {"Authorization": f"Bot {server.state.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, f"{server.url}{API}{path}", json=body) as response,
    ):
        assert response.status == 204 or response.headers["Content-Type"] == "application/json"
        return response.status, await response.json() if response.status != 204 else None


async def test_history_is_newest_first_and_cut_where_it_is_asked_for(
    server: DiscordServer, room: Room, ana: User
) -> None:
    said = [server.say(room, ana, str(n)).id for n in range(9)]
    asked = {
        "": said[::-1],
        "?limit=2": said[:-3:-1],
        f"?limit=2&before={said[4]}": [said[3], said[2]],
        f"?limit=2&after={said[4]}": [said[6], said[5]],
        f"?limit=3&around={said[4]}": [said[5], said[4], said[3]],
    }
    for query, expected in asked.items():
        status, rows = await call(server, "GET", f"/channels/{room.id}/messages{query}")
        assert (status, [row["id"] for row in rows]) == (200, expected), query
    for query in ("?limit=0", "?limit=101"):
        assert (await call(server, "GET", f"/channels/{room.id}/messages{query}"))[1]["code"] == 50035


async def test_without_the_intent_contents_are_kept_but_for_what_was_meant_for_the_bot(
    server: DiscordServer, room: Room, ana: User
) -> None:
    server.state.flags = 0
    direct = server.world.dm(ana, server.bot)
    server.say(room, ana, "entre nosotros")
    server.say(room, ana, f"{server.summons} hola")
    server.say(direct, ana, "en privado")
    _, public = await call(server, "GET", f"/channels/{room.id}/messages")
    _, private = await call(server, "GET", f"/channels/{direct.id}/messages")

    assert [row["content"] for row in public] == [f"{server.summons} hola", ""]
    assert [row["content"] for row in private] == ["en privado"]


async def test_each_refusal_has_its_code(server: DiscordServer, room: Room, ana: User) -> None:
    forum = server.world.room(server.guild, "preguntas", Kind.FORUM)
    closed = server.world.room(server.guild, "cerrado")
    closed.overwrites.append(Overwrite(target=server.guild.id, member=False, deny=Permission.VIEW_CHANNEL))
    mute = server.world.room(server.guild, "avisos")
    mute.overwrites.append(Overwrite(target=server.bot.id, member=True, deny=Permission.SEND_MESSAGES))
    said, post = server.say(room, ana, "hola"), {"content": "hola"}
    cases: list[tuple[str, str, Json | None, int, int]] = [
        ("GET", "/nowhere", None, 404, 0),
        ("GET", f"/channels/{ana.id}", None, 404, 10003),
        ("GET", f"/guilds/{ana.id}", None, 404, 10004),
        ("GET", f"/guilds/{server.guild.id}/members/1", None, 404, 10007),
        ("GET", f"/channels/{room.id}/messages/1", None, 404, 10008),
        ("GET", "/users/1", None, 404, 10013),
        ("GET", f"/channels/{closed.id}", None, 403, 50001),
        ("PATCH", f"/channels/{room.id}/messages/{said.id}", post, 403, 50005),
        ("POST", f"/channels/{room.id}/messages", {}, 400, 50006),
        ("POST", f"/channels/{forum.id}/messages", post, 400, 50008),
        ("POST", f"/channels/{mute.id}/messages", post, 403, 50013),
        ("DELETE", f"/channels/{room.id}/messages/{said.id}", None, 403, 50013),
        ("POST", f"/channels/{room.id}/messages", {**post, "nonce": "n" * 26}, 400, 50035),
        ("POST", f"/channels/{room.id}/messages", {**post, "message_reference": {"message_id": "1"}}, 400, 50035),
    ]
    for method, path, body, status, code in cases:
        answered, shown = await call(server, method, path, body)
        assert (answered, shown["code"]) == (status, code), (method, path)


async def test_limits_are_told_before_they_are_reached_and_when_they_are(server: DiscordServer) -> None:
    server.state.limits.routes["GET /gateway"] = (2, 60.0)
    seen = []
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {server.state.token}"}) as session:
        for _ in range(3):
            async with session.get(f"{server.url}{API}/gateway") as response:
                seen.append((response.status, response.headers["X-RateLimit-Remaining"]))
                body = await response.json()

    assert seen == [(200, "1"), (200, "0"), (429, "0")]
    assert body["retry_after"] > 50
    assert body["global"] is False
    assert response.headers["X-RateLimit-Scope"] == "user"
    assert int(response.headers["Retry-After"]) >= body["retry_after"]
