"""Reddit on stage: the server of tests/servers/reddit, everybody under one old post of the brand's subreddit."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.domain.errors import ChannelError
from tests.contracts.stage import Fault, Posted, Trick
from tests.servers.reddit.server import CLIENT_ID, CLIENT_SECRET, PASSWORD, RedditServer, reddit_server

_LONG_AGO = 30 * 86_400.0


class RedditStage:
    """A brand with its subreddit and small pages, looked at again for deletions at every poll."""

    accounts = ("zarapito",)
    many = 8
    lacks: Mapping[Fault | Trick, str] = {
        Fault.NO_CREDIT: "Reddit sells no credit: whoever pays has a contract, all others are rate-limited",
    }
    errors: Mapping[Fault, type[ChannelError]] = {}

    def __init__(self, server: RedditServer) -> None:
        self._server, self._world = server, server.world
        server.page, server.left = 3, 1e6
        self._post = self._world.post("luz", "Lámparas", subreddit="zarapitos", ago=_LONG_AGO).name
        # behind the newest 1,000
        self._world.visible_at[self._post] = math.inf

    def table(self) -> dict[str, Any]:
        return {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "account": "zarapito",
            "password": PASSWORD,
            "subreddits": ["zarapitos"],
            "base_url": self._server.url,
            "login_url": self._server.url,
            "timeout_seconds": 20,
            "recheck_hours": 1e-6,
        }

    async def write(self, text: str, *, who: str = "ana") -> str:
        return self._world.comment(who, f"u/zarapito {text}", under=self._post).name

    async def write_as_brand(self, text: str) -> str:
        return self._world.comment("zarapito", f"u/zarapito {text}", under=self._post).name

    async def write_as_robot(self, text: str) -> str:
        return self._world.comment("AutoModerator", f"u/zarapito {text}", under=self._post).name

    async def edit(self, post: str, text: str) -> None:
        self._world.edit(post, f"u/zarapito {text}")

    async def delete(self, post: str) -> None:
        self._world.delete(post)

    async def posted(self) -> list[Posted]:
        made = [self._world.pieces[one] for one in self._server.commented if one not in self._world.gone]
        return [Posted(external_id=one.name, text=one.text, in_reply_to=one.parent) for one in made]

    async def fail(self, fault: Fault) -> None:
        self._server.fault = fault

    async def mend(self) -> None:
        self._server.fault = None


@asynccontextmanager
async def open_stage(folder: Path) -> AsyncIterator[RedditStage]:
    """A free port on loopback."""
    del folder
    async with reddit_server() as server:
        yield RedditStage(server)
