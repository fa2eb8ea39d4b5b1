"""Discord on stage: the server of tests/servers/discord, one chosen channel, a heart that beats fast."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.domain.errors import ChannelError
from tests.contracts.stage import Fault, Posted, Trick
from tests.servers.discord.server import DiscordServer, discord_server


class DiscordStage:
    """A community with a channel in which people ask for help, small pages, and history at the first start."""

    accounts = ("duena",)
    many = 8
    lacks: Mapping[Fault | Trick, str] = {Fault.NO_CREDIT: "Discord charges nothing for its API"}
    errors: Mapping[Fault, type[ChannelError]] = {}

    def __init__(self, server: DiscordServer) -> None:
        self._server, self._world, self._state = server, server.world, server.state
        self._room = server.world.room(server.guild, "soporte")
        server.state.page = 3
        server.gateway.heartbeat_seconds = 0.2

    def table(self) -> dict[str, Any]:
        return {
            "token": self._state.token,
            "guild": self._server.guild.id,
            "channels": ["soporte"],
            "history": 20,
            "base_url": self._server.url,
            "timeout_seconds": 20,
            "silence_seconds": 20,
        }

    async def write(self, text: str, *, who: str = "ana") -> str:
        return self._say(who, text)

    async def write_as_brand(self, text: str) -> str:
        return self._say("duena", text)

    async def write_as_robot(self, text: str) -> str:
        return self._say("reloj", text, bot=True)

    async def edit(self, post: str, text: str) -> None:
        self._world.edit(self._world.find(post), f"{self._server.summons} {text}")

    async def delete(self, post: str) -> None:
        self._world.delete(self._world.find(post))

    async def posted(self) -> list[Posted]:
        said = self._server.said_by_bot()
        return [Posted(external_id=one.id, text=one.content, in_reply_to=one.answers) for one in said]

    async def fail(self, fault: Fault) -> None:
        self._state.fault = fault
        if fault is Fault.CUT:
            self._server.gateway.cut()

    async def mend(self) -> None:
        self._state.fault = None

    def _say(self, who: str, text: str, *, bot: bool = False) -> str:
        author = self._server.person(who, bot=bot)
        return self._server.say(self._room, author, f"{self._server.summons} {text}").id


@asynccontextmanager
async def open_stage(folder: Path) -> AsyncIterator[DiscordStage]:
    """A free port on loopback."""
    del folder
    async with discord_server() as server:
        yield DiscordStage(server)
