"""Matrix on stage: Synapse behind its gate, customers in rooms for two, the brand's shop and a robot in another one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.domain.errors import ChannelError
from tests.contracts.stage import Fault, Posted, Trick
from tests.servers.matrix.gate import MatrixServer, matrix_server

_SHOP, _ROBOT = "tienda", "reloj"
_LONGEST = 40_000


class MatrixStage:
    """A new account with small pages and a short wait."""

    many = 8
    lacks: Mapping[Fault | Trick, str] = {Fault.NO_CREDIT: "Matrix charges nothing, so no credit can be spent"}
    errors: Mapping[Fault, type[ChannelError]] = {}

    def __init__(self, server: MatrixServer) -> None:
        self._server, self._people = server, server.people
        self.accounts = (server.bot, _SHOP)
        self._rooms: dict[str, str] = {}
        server.page = 3

    def table(self) -> dict[str, Any]:
        return {
            "base_url": self._server.url,
            "access_token": self._server.token,
            "wait_seconds": 1,
            "timeout_seconds": 20,
        }

    async def write(self, text: str, *, who: str = "ana") -> str:
        if who not in self._rooms:
            self._rooms[who] = await self._people.direct(who, self._server.bot)
        return await self._written(who, self._rooms[who], text)

    async def write_as_brand(self, text: str) -> str:
        return await self._written(_SHOP, await self._shop(), text)

    async def write_as_robot(self, text: str) -> str:
        room = await self._shop()
        await self._people.join(_ROBOT, room)
        return await self._written(_ROBOT, room, text, msgtype="m.notice")

    async def edit(self, post: str, text: str) -> None:
        who, room, event = self._place(post)
        await self._people.edit(who, room, event, text)

    async def delete(self, post: str) -> None:
        await self._people.take_back(*self._place(post))

    async def posted(self) -> list[Posted]:
        return [
            _posted(room, one)
            for who, room in self._rooms.items()
            for one in await self._people.said(who, room, self._server.bot)
        ]

    async def fail(self, fault: Fault) -> None:
        self._server.fail(fault)

    async def mend(self) -> None:
        self._server.fault = None

    async def open_the_first_room(self) -> None:
        """Most customers have written before."""
        self._rooms["ana"] = await self._people.direct("ana", self._server.bot)
        await self._people.join(self._server.bot, self._rooms["ana"])

    async def _shop(self) -> str:
        if _SHOP not in self._rooms:
            self._rooms[_SHOP] = await self._people.room(_SHOP, self._server.bot, _ROBOT)
        return self._rooms[_SHOP]

    async def _written(self, who: str, room: str, text: str, **about: Any) -> str:
        # an event may have 65,536 bytes, and Matrix speaks UTF-8, which has no lone surrogates
        fit = text.encode(errors="replace")[:_LONGEST].decode(errors="ignore")
        return f"{room}/{await self._people.write(who, room, fit, **about)}"

    def _place(self, post: str) -> tuple[str, str, str]:
        room, _, event = post.partition("/")
        [who] = [who for who, known in self._rooms.items() if known == room]
        return who, room, event


def _posted(room: str, event: dict[str, Any]) -> Posted:
    answered = event["content"]["m.relates_to"]["m.in_reply_to"]["event_id"]
    return Posted(
        external_id=f"{room}/{event['event_id']}", text=event["content"]["body"], in_reply_to=f"{room}/{answered}"
    )


@asynccontextmanager
async def open_stage(folder: Path) -> AsyncIterator[MatrixStage]:
    """A new account and a room, on the server that stays."""
    del folder
    async with matrix_server() as server:
        stage = MatrixStage(server)
        await stage.open_the_first_room()
        yield stage
