"""Bluesky on stage: the server of tests/servers/bluesky, with a keyword searched for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.domain.errors import ChannelError
from tests.contracts.stage import Fault, Posted, Trick
from tests.servers.bluesky.server import PASSWORD, BlueskyServer, bluesky_server


class BlueskyStage:
    """A brand on Bluesky with small pages, looked at again for deletions at every poll."""

    accounts = ("zarapito",)
    many = 8
    lacks: Mapping[Fault | Trick, str] = {
        Fault.NO_CREDIT: "Bluesky costs nothing",
        Fault.SILENCE: "Bluesky has no stream for one account",
    }
    errors: Mapping[Fault, type[ChannelError]] = {}

    def __init__(self, server: BlueskyServer) -> None:
        self._server, self._world = server, server.world
        server.page = 3

    def table(self) -> dict[str, Any]:
        return {
            "handle": "@zarapito.test",
            "app_password": PASSWORD,
            "keywords": ["zarapito"],
            "base_url": self._server.url,
            "timeout_seconds": 20,
            "recheck_hours": 1e-9,
        }

    async def write(self, text: str, *, who: str = "ana") -> str:
        # records hold UTF-8, which has no lone surrogates
        words = f"@zarapito.test {text}".encode(errors="replace").decode()
        return self._world.write(self._world.account(who), words).uri

    async def write_as_brand(self, text: str) -> str:
        return self._world.write(self._server.brand, f"{text} zarapito").uri

    async def write_as_robot(self, text: str) -> str:
        return self._world.write(self._world.account("reloj_parlante", labels=("bot",)), f"@zarapito.test {text}").uri

    async def edit(self, post: str, text: str) -> None:
        raise NotImplementedError(post, text)

    async def delete(self, post: str) -> None:
        del self._world.posts[post]

    async def posted(self) -> list[Posted]:
        own = [post for post in reversed(self._world.newest_first()) if post.author == self._server.brand.did]
        return [
            Posted(external_id=post.uri, text=post.record["text"], in_reply_to=post.record["reply"]["parent"]["uri"])
            for post in own
            if "reply" in post.record
        ]

    async def fail(self, fault: Fault) -> None:
        self._server.fault = fault

    async def mend(self) -> None:
        self._server.fault = None


@asynccontextmanager
async def open_stage(folder: Path) -> AsyncIterator[BlueskyStage]:
    """A free port on loopback."""
    del folder
    async with bluesky_server() as server:
        yield BlueskyStage(server)
