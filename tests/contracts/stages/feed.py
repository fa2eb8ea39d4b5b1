"""Feeds on stage: a forum's Atom feed in small pages on the server of tests/servers/feed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.domain.errors import ChannelError
from tests.contracts.stage import Fault, Posted, Trick
from tests.servers.feed.server import FeedServer, feed_server

_ROBOT = "reloj parlante"


class FeedStage:
    """A forum that is not the brand's; who names the brand addresses it."""

    accounts = ("zarapito",)
    many = 8
    lacks: Mapping[Fault | Trick, str] = {
        Fault.LOST_ANSWER: "a feed is only read",
        Fault.SILENCE: "a feed is asked and does not tell by itself",
        Trick.GONE_TARGET: "a feed is only read",
    }
    errors: Mapping[Fault, type[ChannelError]] = {}

    def __init__(self, server: FeedServer) -> None:
        self._server = server
        server.page = 3

    def table(self) -> dict[str, Any]:
        return {"feeds": [f"{self._server.url}/forum.atom"], "ignore": [_ROBOT], "timeout_seconds": 20}

    async def write(self, text: str, *, who: str = "ana") -> str:
        return self._server.write("forum", f"@zarapito {text}", who=who).id

    async def write_as_brand(self, text: str) -> str:
        return self._server.write("forum", f"@zarapito {text}", who="Zarapito").id

    async def write_as_robot(self, text: str) -> str:
        return self._server.write("forum", f"@zarapito {text}", who=_ROBOT).id

    async def edit(self, post: str, text: str) -> None:
        [one] = [one for one in self._server.posts["forum"] if one.id == post]
        one.text = f"@zarapito {text}"

    async def delete(self, post: str) -> None:
        raise NotImplementedError(post)

    async def posted(self) -> list[Posted]:
        return []

    async def fail(self, fault: Fault) -> None:
        self._server.fault = fault

    async def mend(self) -> None:
        self._server.fault = None


@asynccontextmanager
async def open_stage(folder: Path) -> AsyncIterator[FeedStage]:
    """A free port on loopback."""
    del folder
    async with feed_server() as server:
        yield FeedStage(server)
