"""Telegram on stage: the server of tests/servers/telegram, customers in private, the brand and robots in a group."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.domain.errors import ChannelError
from tests.contracts.stage import Fault, Posted, Trick
from tests.servers.telegram.server import TOKEN, TelegramServer, telegram_server
from tests.servers.telegram.world import Line, Room, User


class TelegramStage:
    """A bot with small pages and a short wait."""

    accounts = ("zarapito",)
    many = 8
    lacks: Mapping[Fault | Trick, str] = {
        Fault.NO_CREDIT: "Telegram charges nothing, so no credit can be spent",
    }
    errors: Mapping[Fault, type[ChannelError]] = {}

    def __init__(self, server: TelegramServer) -> None:
        self._server, self._world = server, server.world
        server.page = 3

    def table(self) -> dict[str, Any]:
        return {"token": TOKEN, "base_url": self._server.url, "timeout_seconds": 20, "wait_seconds": 1, "groups": []}

    async def write(self, text: str, *, who: str = "ana") -> str:
        person = self._world.person(who)
        return self._written(person, self._world.private(person), text)

    async def write_as_brand(self, text: str) -> str:
        return self._written(self._world.person("zarapito"), self._world.group(), text)

    async def write_as_robot(self, text: str) -> str:
        return self._written(self._world.person("reloj_bot", is_bot=True), self._world.group(), text)

    async def edit(self, post: str, text: str) -> None:
        self._world.edit(*_place(post), text)
        self._server.ring()

    async def delete(self, post: str) -> None:
        self._world.delete(*_place(post))

    async def posted(self) -> list[Posted]:
        return [
            Posted(external_id=_name(line), text=line.text, in_reply_to=f"{line.room.id}/{line.answers}")
            for line in self._server.said()
        ]

    async def fail(self, fault: Fault) -> None:
        self._server.fault = fault
        self._server.ring()

    async def mend(self) -> None:
        self._server.fault = None

    def _written(self, author: User, room: Room, text: str) -> str:
        line = self._world.write(author, room, text)
        self._server.ring()
        return _name(line)


def _name(line: Line) -> str:
    return f"{line.room.id}/{line.id}"


def _place(post: str) -> tuple[int, int]:
    room, _, line = post.partition("/")
    return int(room), int(line)


@asynccontextmanager
async def open_stage(folder: Path) -> AsyncIterator[TelegramStage]:
    """A free port on loopback."""
    del folder
    async with telegram_server() as server:
        yield TelegramStage(server)
