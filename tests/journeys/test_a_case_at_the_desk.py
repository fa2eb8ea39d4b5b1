"""The whole service with a desk in Discord: set up, heard, taken, answered, resolved; a deleted post comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import open_house
from bot.cli.desk_setup import Asking, set_up, write_down
from bot.desks import opened_desk
from bot.domain.case import CaseState
from bot.domain.reading import Language
from bot.domain.shared import Shared
from bot.domain.time import LiveWatch
from bot.service import serve
from config.home import Home
from config.settings import read_settings
from tests.servers.discord.server import DiscordServer, discord_server
from tests.servers.discord.world import EVERYBODYS, Message, Permission, Room

OWNERS = """
[brand]
name = "Zarapito"
[policy]
quiet_from = "00:00"
quiet_until = "00:00"
[model]
source = "{home}/no-model"
[service]
outbox_seconds = 0.05
[desk.discord]
base_url = "{url}"
[channels.social]
kind = "replay"
path = "{home}/heard.jsonl"
must_be_summoned = false
"""
ANGRY = "@zarapito me habéis cobrado dos veces, devolvedme el dinero ya"


async def until(there: Callable[[], object], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not there():
            await asyncio.sleep(0.05)


def posts(server: DiscordServer) -> list[Room]:
    return [room for room in server.world.rooms.values() if room.kind.is_thread]


def card(server: DiscordServer, post: Room) -> Message:
    return server.world.messages[post.id][post.id]


def told(server: DiscordServer, post: Room) -> str:
    return "\n".join(message.content for message in server.world.history(post))


async def furnish(server: DiscordServer, home: Home) -> None:
    """As an owner does it: a role, `vivencia init discord`, something to hear."""
    server.bots_role.permissions = (
        EVERYBODYS | Permission.MANAGE_CHANNELS | Permission.MANAGE_THREADS | Permission.MENTION_EVERYONE
    )
    agents = server.world.role(server.guild, "agente", Permission(0))
    server.world.join(server.guild, server.person("ana"), agents)
    home.settings.write_text(OWNERS.format(home=home.path, url=server.url), encoding="utf-8")
    asking = Asking(guild=None, roles={}, language=Language.ES, wait=None)
    settings = read_settings(home.settings)
    report = await set_up(settings, server.state.token, asking, say=lambda _: None)
    write_down(home.settings, home.secrets, report, token=server.state.token)
    row = {"id": "m1", "text": ANGRY, "author": "luz", "created_at": str(datetime.now(UTC) - timedelta(minutes=1))}
    (home.path / "heard.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")


async def test_what_a_customer_writes_is_taken_answered_and_resolved_in_discord(tmp_path: Path) -> None:
    home, stop, shared = Home(tmp_path), asyncio.Event(), Shared()
    async with discord_server() as server:
        await furnish(server, home)
        settings, ana, people = read_settings(home.settings, secrets=home.secrets), server.person("ana"), server.people
        async with (
            opened_desk(settings, shared) as opened,
            open_house(
                home, settings, desk=opened.desk, watch=LiveWatch(), channels=settings.channels, shared=shared
            ) as house,
        ):
            serving = asyncio.create_task(serve(house, until=stop.wait(), front=opened.front(house)))
            await until(lambda: posts(server) and server.gateway.identified and server.state.commands)
            (post,) = posts(server)
            described = card(server, post).extra["embeds"][0]["description"]

            taken = await people.press(ana, card(server, post), "Tomar").answer()
            form = await people.press(ana, card(server, post), "Responder").answer()
            sent = await people.submit(ana, form, {"text": "Ya está devuelto. Lo sentimos."}).answer()
            await until(lambda: "Ya está devuelto" in told(server, post))
            server.say(post, ana, "esto lo dejo aquí para el equipo")

            server.world.remove(post)
            await until(lambda: posts(server))
            (again,) = posts(server)
            await until(lambda: "Ya está devuelto" in told(server, again))
            form = await people.press(ana, card(server, again), "Resolver").answer()
            resolved = await people.submit(ana, form, {"resolution": ["solved"], "fixed_by": "cargo devuelto"}).answer()
            file = await house.store.history.case(1001)
            stop.set()
            await serving

    said = [json.loads(line)["text"] for line in (tmp_path / "said-social.jsonl").read_text("utf-8").splitlines()]
    assert "cobrado dos veces" in described
    assert file is not None
    assert (taken.text, "va de camino" in sent.text) == ("#1001 es tuyo.", True)
    assert "#1001 resuelto" in resolved.text
    assert (file.case.state, file.case.fixed_by) == (CaseState.RESOLVED, "cargo devuelto")
    assert said[0] == "Ya está devuelto. Lo sentimos."
    assert not [text for text in said if "equipo" in text]
    assert server.gateway.identified[-1]["intents"] == 1, "the desk asks for nothing that Discord must allow"


COMMUNITY = """
[channels.community]
kind = "discord_guild"
token = "{token}"
guild = "{guild}"
channels = ["casos", "soporte"]
base_url = "{url}"
"""


async def test_who_calls_the_bot_at_the_desk_is_no_customer_though_the_same_bot_hears_the_community(
    tmp_path: Path,
) -> None:
    home, stop, shared = Home(tmp_path), asyncio.Event(), Shared()
    async with discord_server() as server:
        await furnish(server, home)
        support = server.world.room(server.guild, "soporte")
        with home.settings.open("a", encoding="utf-8") as more:
            more.write(COMMUNITY.format(token=server.state.token, guild=server.guild.id, url=server.url))
        settings, ana, leo = read_settings(home.settings, secrets=home.secrets), server.person("ana"), "leo"
        async with (
            opened_desk(settings, shared) as opened,
            open_house(
                home, settings, desk=opened.desk, watch=LiveWatch(), channels=settings.channels, shared=shared
            ) as house,
        ):
            serving = asyncio.create_task(serve(house, until=stop.wait(), front=opened.front(house)))
            await until(lambda: posts(server) and server.gateway.identified and server.state.commands)
            (post,) = posts(server)
            alerts = next(room for room in server.world.rooms.values() if room.name == "alertas")
            server.say(post, ana, f"{server.summons} me han cobrado dos veces, dice")
            server.say(post, ana, "el paquete llegó roto", answers=card(server, post))
            server.say(alerts, ana, f"{server.summons} el paquete llegó roto")
            server.say(support, server.person(leo), "mi pedido llegó roto")
            await until(lambda: len(posts(server)) > 1)
            await asyncio.sleep(1)
            journeys = [await house.store.history.case(number) for number in range(1001, 1005)]
            stop.set()
            await serving

    assert sorted(file.opened_by.author.name for file in journeys if file is not None) == ["leo", "luz"]
