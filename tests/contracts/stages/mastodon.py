"""Mastodon on stage: mastodon_mock behind its gate, a hashtag followed, the stream switched on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.domain.errors import ChannelError
from tests.contracts.stage import Fault, Posted, Trick
from tests.servers.mastodon.server import BEARER, MastodonServer, mastodon_server


class MastodonStage:
    """A brand at home on a server with small pages, where people of another server write to it."""

    accounts = ("zarapito",)
    many = 8
    lacks: Mapping[Fault | Trick, str] = {Fault.NO_CREDIT: "Mastodon costs nothing"}
    errors: Mapping[Fault, type[ChannelError]] = {}

    def __init__(self, server: MastodonServer) -> None:
        self._server, self._people = server, server.people
        server.page = 3

    def table(self) -> dict[str, Any]:
        return {
            "base_url": self._server.url,
            "access_token": BEARER,
            "hashtags": ["#zarapito"],
            "timeout_seconds": 20,
            "silence_seconds": 20,
            "recheck_hours": 1e-9,
        }

    async def write(self, text: str, *, who: str = "ana") -> str:
        # the fediverse speaks UTF-8, which has no lone surrogates
        return self._people.write(who, f"@zarapito {text}".encode(errors="replace").decode())

    async def write_as_brand(self, text: str) -> str:
        return self._people.write("zarapito", f"{text} #zarapito")

    async def write_as_robot(self, text: str) -> str:
        return self._people.write("reloj_parlante", f"@zarapito {text}", bot=True)

    async def edit(self, post: str, text: str) -> None:
        self._people.edit(post, f"@zarapito {text}")

    async def delete(self, post: str) -> None:
        self._people.delete(post)

    async def posted(self) -> list[Posted]:
        return [
            Posted(external_id=str(one.id), text=one.text, in_reply_to=str(one.in_reply_to_id))
            for one in self._people.answers_of_the_brand()
        ]

    async def fail(self, fault: Fault) -> None:
        self._server.fault = fault
        if fault is Fault.CUT:
            self._server.cut_streams()

    async def mend(self) -> None:
        self._server.fault = None


@asynccontextmanager
async def open_stage(folder: Path) -> AsyncIterator[MastodonStage]:
    """A free port on loopback, a database of its own."""
    async with mastodon_server(folder) as server:
        yield MastodonStage(server)
