"""X on stage: the server of tests/servers/x, the filtered stream switched on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.domain.errors import ChannelError
from tests.contracts.stage import Fault, Posted, Trick
from tests.servers.x.server import BEARER, USER_KEYS, XServer, x_server

_ROBOT = "reloj_parlante"


class XStage:
    """A brand on X with small pages, looked at again for deletions at every poll."""

    accounts = ("zarapito",)
    many = 8
    lacks: Mapping[Fault | Trick, str] = {}
    errors: Mapping[Fault, type[ChannelError]] = {}

    def __init__(self, server: XServer) -> None:
        self._server, self._world = server, server.world
        server.page = 3

    def table(self) -> dict[str, Any]:
        return {
            **USER_KEYS,
            "bearer_token": BEARER,
            "base_url": self._server.url,
            "timeout_seconds": 20,
            "silence_seconds": 20,
            "recheck_hours": 1e-6,
            "stream": True,
            "ignore": [_ROBOT],
        }

    async def write(self, text: str, *, who: str = "ana") -> str:
        return self._server.post(self._world.account(who), f"@zarapito {text}").id

    async def write_as_brand(self, text: str) -> str:
        return self._server.post(self._server.brand, f"@zarapito {text}").id

    async def write_as_robot(self, text: str) -> str:
        return self._server.post(self._world.account(_ROBOT), f"@zarapito {text}").id

    async def edit(self, post: str, text: str) -> None:
        self._world.edit(post, f"@zarapito {text}")

    async def delete(self, post: str) -> None:
        self._world.delete(post)

    async def posted(self) -> list[Posted]:
        own = [one for one in self._world.listed() if one.author_id == self._server.brand.id]
        answers = [one for one in reversed(own) if one.replied_to]
        return [Posted(external_id=one.id, text=one.text, in_reply_to=one.replied_to) for one in answers]

    async def fail(self, fault: Fault) -> None:
        self._server.fault = fault
        if fault is Fault.CUT:
            self._server.cut_streams()

    async def mend(self) -> None:
        self._server.fault = None


@asynccontextmanager
async def open_stage(folder: Path) -> AsyncIterator[XStage]:
    """A free port on loopback."""
    del folder
    async with x_server() as server:
        yield XStage(server)
