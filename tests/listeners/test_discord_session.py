"""One log-in and one gateway on Discord: shared by who needs it, resumed when it is cut, lost out loud."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import discord
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from discord.http import Route

from bot.channels import tune_in
from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable, RateLimited
from bot.domain.shared import Shared
from bot.testing import memory_store
from config.home import Home
from config.settings import read_settings
from listeners.discord_guild import DiscordGuild
from listeners.discord_session import DiscordSession, Ear, Event, Login, borrow_session, open_session
from listeners.discord_wire import Detour, Strikes, Wire, api_of, asked, moved
from listeners.metering import warn_nobody
from tests.contracts.stage import Fault
from tests.servers.discord.gateway import Close
from tests.servers.discord.interactions import Kind, Outcome
from tests.servers.discord.server import DiscordServer, discord_server
from tests.servers.discord.state import Storm
from tests.servers.discord.world import Room

PATIENCE = 5.0
EVERYTHING = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=True)
Answer = Callable[[str, str], Awaitable[object]]
NOTHING_PRIVILEGED = discord.Intents(guilds=True, guild_messages=True)


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with discord_server() as running:
        running.gateway.heartbeat_seconds = 0.2
        yield running


@pytest.fixture
def room(server: DiscordServer) -> Room:
    return server.world.room(server.guild, "soporte")


def login(server: DiscordServer, **changes: Any) -> Login:
    table = {"token": server.state.token, "base_url": server.url, "timeout_seconds": 1, "silence_seconds": 2}
    return Login(**{**table, **changes})


class Listener:
    """What one listener was told, by name, and how its gateway ended."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.ended: ChannelError | None = None

    def told(self, name: str) -> list[dict[str, Any]]:
        return [event.data for event in self.events if event.name == name]

    async def listen(self, ear: Ear) -> None:
        try:
            async for events in ear:
                self.events += events
        except ChannelError as error:
            self.ended = error

    async def until(self, name: str, number: int = 1) -> None:
        async with asyncio.timeout(PATIENCE):
            while len(self.told(name)) < number and self.ended is None:
                await asyncio.sleep(0.01)

    async def until_the_end(self) -> ChannelError:
        async with asyncio.timeout(PATIENCE):
            while self.ended is None:
                await asyncio.sleep(0.01)
        return self.ended


@asynccontextmanager
async def listening(session: DiscordSession) -> AsyncIterator[Listener]:
    listener = Listener()
    async with session.listening() as ear:
        task = asyncio.create_task(listener.listen(ear))
        await listener.until("READY")
        yield listener
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def asked_for(server: DiscordServer, path: str) -> int:
    return len([call for call in server.calls if call.path == path])


# --- one log-in, one gateway ---


async def test_whoever_borrows_the_same_bot_has_the_same_session(server: DiscordServer) -> None:
    shared = Shared()
    async with borrow_session(login(server), shared) as desk, borrow_session(login(server), shared) as community:
        await asyncio.gather(desk.logged_in(), community.logged_in())
        async with borrow_session(login(server, token="x" * 9), shared) as other:
            assert other is not desk

        assert desk is community
    assert asked_for(server, "/users/@me") == 1
    async with borrow_session(login(server), shared) as later:
        assert later is not desk


async def test_a_host_may_be_named_with_or_without_the_path_of_its_api(server: DiscordServer) -> None:
    shared, whole = Shared(), f"{server.url}/api/v10"
    async with (
        borrow_session(login(server), shared) as one,
        borrow_session(login(server, base_url=whole), shared) as two,
    ):
        assert one is two


async def test_all_listen_at_one_gateway(server: DiscordServer, room: Room) -> None:
    async with open_session(login(server)) as session:
        session.ask_for(EVERYTHING)
        async with listening(session) as desk, listening(session) as community:
            server.say(room, server.person("ana"), "hola")
            await asyncio.gather(desk.until("MESSAGE_CREATE"), community.until("MESSAGE_CREATE"))
            assert desk.told("MESSAGE_CREATE") == community.told("MESSAGE_CREATE")
            assert len(server.gateway.connections) == 1
        await gone(server)

    assert len(server.gateway.identified) == 1


async def gone(server: DiscordServer) -> None:
    async with asyncio.timeout(PATIENCE):
        while server.gateway.connections:
            await asyncio.sleep(0.01)


async def test_who_leaves_first_does_not_take_the_gateway_along(server: DiscordServer, room: Room) -> None:
    async with open_session(login(server)) as session:
        session.ask_for(EVERYTHING)
        async with listening(session) as desk:
            async with listening(session):
                pass
            server.say(room, server.person("ana"), "hola")
            await desk.until("MESSAGE_CREATE")
            assert desk.ended is None
        await gone(server)

    # the last one says goodbye, which ends the session
    assert server.gateway.sessions == {}


async def test_a_desk_and_two_channels_of_a_house_are_one_bot(
    server: DiscordServer, room: Room, tmp_path: Path
) -> None:
    del room
    other = server.world.guild("Otra", server.state.bot)
    table = {"kind": "discord_guild", "token": server.state.token, "guild": server.guild.id, "base_url": server.url}
    tables: dict[str, dict[str, Any]] = {
        "comunidad": {**table, "channels": ["soporte"]},
        "avisos": {**table, "guild": other.id, "message_content": False},
    }
    settings = read_settings(Path("config/demo/vivencia.toml"))
    shared, desk = Shared(), login(server)
    async with memory_store() as store, AsyncExitStack() as stack:
        session = await stack.enter_async_context(borrow_session(desk, shared))
        tuned = await tune_in(
            stack,
            tables,
            home=Home(tmp_path),
            settings=settings,
            book=store.channels,
            kept=store.inbox,
            warn=warn_nobody,
            shared=shared,
        )
        async with listening(session):
            for each in tuned.values():
                assert isinstance(each.channel, DiscordGuild)
                await each.channel.poll(None)

    assert asked_for(server, "/users/@me") == 1
    # what all of them want together
    assert [one["intents"] for one in server.gateway.identified] == [EVERYTHING.value]


async def test_where_contents_are_kept_from_the_bot_the_desk_goes_on_without(server: DiscordServer, room: Room) -> None:
    server.state.flags = 0
    async with open_session(login(server)) as session:
        session.ask_for(EVERYTHING)
        async with session.listening() as first, session.listening() as second:
            desk, community = Listener(), Listener()
            tasks = [asyncio.create_task(desk.listen(first)), asyncio.create_task(community.listen(second))]
            await desk.until("READY")
            server.say(room, server.person("ana"), "hola")
            await desk.until("MESSAGE_CREATE")
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    assert desk.ended is None
    assert session.hides_contents
    assert desk.told("MESSAGE_CREATE")[0]["content"] == ""


async def test_whoever_is_alone_is_told_that_contents_are_kept_from_the_bot(server: DiscordServer) -> None:
    server.state.flags = 0
    async with open_session(login(server)) as session:
        session.ask_for(EVERYTHING)
        async with listening(session) as community:
            error = await community.until_the_end()

    assert isinstance(error, ChannelRefused)
    assert "Message Content Intent" in str(error)
    assert not session.hides_contents


# --- a gateway that is lost ---


async def test_a_cut_is_resumed_and_nothing_is_missed(server: DiscordServer, room: Room) -> None:
    ana = server.person("ana")
    async with open_session(login(server)) as session:
        session.ask_for(EVERYTHING)
        async with listening(session) as listener:
            for number, break_it in enumerate((server.gateway.cut, server.gateway.ask_to_reconnect), start=1):
                server.say(room, ana, "antes")
                break_it()
                server.say(room, ana, "mientras tanto")
                await listener.until("RESUMED", number)
                server.say(room, ana, "después")
                await listener.until("MESSAGE_CREATE", 3 * number)
            assert listener.ended is None

    said = [row["content"] for row in listener.told("MESSAGE_CREATE")]
    assert said == ["antes", "mientras tanto", "después"] * 2
    assert len(server.gateway.identified) == 1


async def test_a_session_that_cannot_be_resumed_is_lost(server: DiscordServer) -> None:
    async with open_session(login(server)) as session, listening(session) as listener:
        server.gateway.forget()
        server.gateway.cut()
        error = await listener.until_the_end()

    assert isinstance(error, ChannelUnavailable)
    assert len(server.gateway.identified) == 1


async def test_a_server_that_hangs_up_again_and_again_is_not_called_without_end(server: DiscordServer) -> None:
    async with open_session(login(server)) as session, listening(session) as listener:
        server.state.fault = Fault.SILENCE
        server.gateway.cut()
        error = await listener.until_the_end()

    assert isinstance(error, ChannelUnavailable)
    assert len(server.gateway.resumed) <= 1


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (Close.AUTHENTICATION_FAILED, ChannelRefused),
        (Close.INVALID_INTENTS, ChannelRefused),
    ],
)
async def test_some_goodbyes_are_for_good(server: DiscordServer, code: Close, kind: type[ChannelError]) -> None:
    async with open_session(login(server)) as session, listening(session) as listener:
        server.gateway.close(code)
        error = await listener.until_the_end()

    assert type(error) is kind
    assert server.gateway.resumed == []


async def test_everybody_hears_of_the_end_and_comes_again_to_one_gateway(server: DiscordServer) -> None:
    async with open_session(login(server)) as session:
        async with listening(session) as desk, listening(session) as community:
            server.gateway.forget()
            server.gateway.cut()
            await asyncio.gather(desk.until_the_end(), community.until_the_end())
        async with listening(session) as again, listening(session):
            assert again.ended is None
            assert len(server.gateway.connections) == 1

    assert len(server.gateway.identified) == 2
    assert asked_for(server, "/users/@me") == 1


async def test_who_leaves_a_lost_gateway_late_takes_the_new_one_along_when_nobody_is_left(
    server: DiscordServer,
) -> None:
    async with open_session(login(server)) as session:
        async with listening(session) as late:
            server.gateway.forget()
            server.gateway.cut()
            await late.until_the_end()
            async with listening(session) as again:
                assert again.ended is None
        await gone(server)

    assert len(server.gateway.identified) == 2


async def test_one_event_that_cannot_be_read_does_not_end_the_gateway(server: DiscordServer, room: Room) -> None:
    async with open_session(login(server)) as session:
        session.ask_for(EVERYTHING)
        async with listening(session) as listener:
            server.gateway.tell_everybody("MESSAGE_CREATE", {"id": "1"})
            server.gateway.tell_everybody("GUILD_UPDATE", {"id": {}})
            server.gateway.tell_everybody("SOMETHING_NEW", {"mood": 1})
            server.gateway.tell_everybody("GUILD_UPDATE", [])
            server.say(room, server.person("ana"), "media \ud83d letra")
            await listener.until("MESSAGE_CREATE", 2)
            assert listener.ended is None

    assert listener.told("MESSAGE_CREATE")[1]["content"].startswith("media ")


async def end_of(ear: Ear) -> None:
    async for events in ear:
        del events


async def test_a_beginning_that_cannot_be_read_takes_down_the_channel_and_no_more(server: DiscordServer) -> None:
    server.gateway.ready_extra = {"user": None}
    async with open_session(login(server)) as session, session.listening() as ear:
        with pytest.raises(ChannelUnavailable, match="cannot be read"):
            await end_of(ear)
    server.gateway.ready_extra = {}
    async with open_session(login(server)) as session, listening(session) as listener:
        assert listener.ended is None


async def test_a_heart_beats_and_its_beats_are_signs_of_life(server: DiscordServer) -> None:
    async with open_session(login(server)) as session, listening(session) as listener:
        await listener.until("", 3)
        assert listener.ended is None


async def test_no_start_of_the_gateway_is_left(server: DiscordServer) -> None:
    server.state.identifies_left = 0
    async with open_session(login(server)) as session, listening(session) as listener:
        error = await listener.until_the_end()

    assert isinstance(error, RateLimited)
    assert error.retry_after == 86_400
    assert server.gateway.identified == []


async def test_who_comes_too_soon_is_sent_away_and_comes_later(server: DiscordServer) -> None:
    server.gateway.identify_seconds = 60
    async with open_session(login(server)) as session:
        async with listening(session):
            pass
        async with listening(session) as listener:
            error = await listener.until_the_end()

    assert isinstance(error, ChannelUnavailable)


async def test_a_refused_log_in_leaves_nothing_open_and_can_be_tried_again(server: DiscordServer) -> None:
    async with open_session(login(server)) as session:
        for fault in (Fault.UNAUTHORIZED, Fault.CUT, Fault.TRUNCATED, Fault.EMPTY, Fault.WRONG_TYPE):
            server.state.fault = fault
            with pytest.raises(ChannelError):
                await session.logged_in()
        server.state.fault = None

        assert (await session.logged_in()).user is not None


# --- the wire ---


@contextmanager
def counted(server: DiscordServer) -> Iterator[list[int]]:
    before, seen = len(server.calls), [0]
    yield seen
    seen[0] = len(server.calls) - before


async def test_a_short_limit_is_waited_for_and_a_long_one_is_not(server: DiscordServer) -> None:
    server.state.limits.routes["GET /gateway/bot"] = (1, 0.3)
    server.state.limits.routes["GET /gateway"] = (1, 60.0)
    async with open_session(login(server)) as session:
        bot = await session.logged_in()
        for _ in range(3):
            await asked(bot.http.request(Route("GET", "/gateway/bot")))
        await asked(bot.http.request(Route("GET", "/gateway")))
        with pytest.raises(RateLimited) as caught:
            await asked(bot.http.request(Route("GET", "/gateway")))

    assert caught.value.retry_after > 50


async def test_after_too_many_refusals_nothing_is_asked(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("listeners.discord_wire._STRIKES", 5)
    async with open_session(login(server)) as session:
        bot = await session.logged_in()
        server.state.fault = Fault.FORBIDDEN
        with counted(server) as calls:
            for _ in range(9):
                with pytest.raises(ChannelError) as caught:
                    await asked(bot.http.request(Route("GET", "/gateway")))

    assert isinstance(caught.value, RateLimited)
    assert caught.value.retry_after > 500
    assert calls == [5]


def test_strikes_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    strikes, now = Strikes(), [1000.0]
    monkeypatch.setattr("listeners.discord_wire.time.monotonic", lambda: now[0])
    for _ in range(100):
        strikes.add()
    assert strikes.wait() == 600
    now[0] += 601
    assert strikes.wait() is None


async def express(request: web.Request) -> web.Response:
    """A server that names the character set of its JSON, which discord.py takes for text."""
    del request
    return web.json_response({"url": "ws://x"})


async def test_json_that_calls_itself_something_else_is_read() -> None:
    app = web.Application()
    app.router.add_get("/api/v10/gateway", express)
    async with TestServer(app) as elsewhere:
        wire = Wire(asyncio.get_running_loop(), base_url=str(elsewhere.make_url("/")), timeout_seconds=1)
        with pytest.raises(ChannelRefused):
            await asked(wire.static_login("x" * 9))
        said = await wire.request(Route("GET", "/gateway"))
        await wire.close()

    assert said == {"url": "ws://x"}


def test_only_another_host_is_a_detour() -> None:
    assert moved(f"{Route.BASE}/gateway", api_of("https://discord.com/api/v10")) == f"{Route.BASE}/gateway"
    assert moved(f"{Route.BASE}/gateway", api_of("http://127.0.0.1:1/")) == "http://127.0.0.1:1/api/v10/gateway"
    assert moved(f"{Route.BASE}/gateway", api_of("http://127.0.0.1:1/api")) == "http://127.0.0.1:1/api/v10/gateway"
    assert moved(f"{Route.BASE}/gateway", api_of("http://127.0.0.1:1/x")) == "http://127.0.0.1:1/x/gateway"


async def test_two_bots_of_one_process_have_two_hosts(server: DiscordServer) -> None:
    async with discord_server("otro") as other, open_session(login(server)) as one, open_session(login(other)) as two:
        first, second = await one.logged_in(), await two.logged_in()

    assert first.user is not None
    assert second.user is not None
    assert (first.user.name, second.user.name) == ("zarapito", "otro")


async def test_calls_are_paced_below_the_limit_over_all(server: DiscordServer) -> None:
    async with open_session(login(server)) as session:
        bot = await session.logged_in()
        began = time.monotonic()
        await asyncio.gather(*(asked(bot.http.request(Route("GET", "/gateway"))) for _ in range(60)))
        took = time.monotonic() - began

    # fifteen at once, then thirty a second: with fifty a second the server would have refused some
    assert took > 1.2
    assert {call.status for call in server.calls} == {200}


async def test_the_refused_calls_of_ten_minutes_can_be_counted(server: DiscordServer) -> None:
    async with open_session(login(server)) as session:
        bot = await session.logged_in()
        server.state.fault = Fault.FORBIDDEN
        for _ in range(3):
            with pytest.raises(ChannelRefused):
                await asked(bot.http.request(Route("GET", "/gateway")))

        assert session.strikes == server.state.count_invalid() == 3


# --- answers to interactions ---


@asynccontextmanager
async def answering(server: DiscordServer) -> AsyncIterator[tuple[DiscordSession, Answer]]:
    """What discord.py does when somebody has pressed a button, by method and path."""
    async with open_session(login(server, timeout_seconds=3)) as session:
        bot = await session.logged_in()
        assert isinstance(bot.http, Wire)
        detour, aiohttp_session = Detour(bot.http), bot.http._HTTPClient__session  # type: ignore[attr-defined]

        async def answer(method: str, path: str) -> object:
            body = {"type": 4, "content": "hola", "data": {"content": "hola", "flags": 64}}
            route = Route(method, path, webhook_id=1, webhook_token="x")  # noqa: S106 - nobody's
            return await asked(detour.request(route, aiohttp_session, payload=body, params={"with_response": "true"}))

        yield session, answer


async def test_answers_to_interactions_go_to_the_bots_host_too(server: DiscordServer) -> None:
    async with answering(server) as (_, answer):
        with pytest.raises(ChannelRefused, match="404"):
            await answer("POST", "/interactions/1/x/callback")

    assert server.calls[-1].path == "/interactions/1/x/callback"
    assert json.dumps(server.calls[-1].answer)


def pressed(server: DiscordServer) -> Outcome:
    """Somebody has done something, and nobody has answered yet."""
    room = server.world.room(server.guild, "general")
    outcome = Outcome(server.state, server.person("ana"), room, Kind.COMMAND, {}, "es-ES")
    server.state.outcomes[outcome.token] = outcome
    return outcome


async def test_an_answer_whose_way_back_was_broken_has_been_heard_once(server: DiscordServer) -> None:
    outcome = pressed(server)
    path = f"/interactions/{outcome.id}/{outcome.token}/callback"
    server.state.storms.append(Storm(method="POST", path=path, times=1, stored=True))
    async with answering(server) as (_, answer):
        await answer("POST", path)

    assert outcome.text == "hola"
    assert [call.status for call in server.calls if call.path == path] == [502, 400]


async def test_a_further_answer_is_never_sent_twice(server: DiscordServer) -> None:
    outcome = pressed(server)
    hook = f"/webhooks/{server.bot.id}/{outcome.token}"
    server.state.storms.append(Storm(method="POST", path=hook, times=1, stored=True))
    async with answering(server) as (_, answer):
        await answer("POST", f"/interactions/{outcome.id}/{outcome.token}/callback")
        with pytest.raises(ChannelUnavailable):
            await answer("POST", hook)

    assert outcome.text == "hola\nhola"


async def test_a_long_limit_of_answers_is_said_and_a_short_one_waited_for(server: DiscordServer) -> None:
    outcome = pressed(server)
    hook = f"/webhooks/{server.bot.id}/{outcome.token}"
    async with answering(server) as (session, answer):
        await answer("POST", f"/interactions/{outcome.id}/{outcome.token}/callback")
        server.state.limits.routes["POST /webhooks/{application_id}/{token}"] = (1, 0.3)
        await answer("POST", hook)
        await answer("POST", hook)
        server.state.limits.routes["PATCH /webhooks/{application_id}/{token}/messages/{message_id}"] = (1, 60.0)
        await answer("PATCH", f"{hook}/messages/@original")
        with pytest.raises(RateLimited) as caught:
            await answer("PATCH", f"{hook}/messages/@original")

        assert caught.value.retry_after > 50
        assert session.strikes == server.state.count_invalid()


async def test_an_answer_is_not_waited_for_without_end(server: DiscordServer) -> None:
    async with answering(server) as (_, answer):
        server.state.fault = Fault.HANG
        with pytest.raises(ChannelUnavailable, match="in time"):
            await answer("POST", "/interactions/1/x/callback")


async def test_refused_answers_count_too(server: DiscordServer) -> None:
    outcome = pressed(server)
    server.state.token_seconds = -1
    async with answering(server) as (session, answer):
        await answer("POST", f"/interactions/{outcome.id}/{outcome.token}/callback")
        with pytest.raises(ChannelRefused, match="401"):
            await answer("PATCH", f"/webhooks/{server.bot.id}/{outcome.token}/messages/@original")
        assert session.strikes == server.state.count_invalid() == 1


async def test_after_too_many_refusals_no_answer_is_tried_either(
    server: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("listeners.discord_wire._STRIKES", 5)
    async with answering(server) as (session, answer):
        server.state.fault = Fault.FORBIDDEN
        for _ in range(9):
            with pytest.raises(ChannelError) as caught:
                await answer("POST", "/interactions/1/x/callback")

        assert isinstance(caught.value, RateLimited)
        assert session.strikes == server.state.count_invalid() == 5
