"""What an author takes back on X is gone from the house that runs over it: its words stand nowhere any more."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from rich.console import Console

from bot.app import open_house, standing
from bot.desk.console import ConsoleDesk
from bot.domain.reading import Language
from bot.domain.time import LiveWatch
from bot.service import serve
from bot.store.sqlite import SqliteStore
from config.home import Home
from config.settings import read_settings
from tests.contracts.stage import open_stage

DEMO = Path("config/demo/vivencia.toml")
WORDS = "la lámpara llegó con la pantalla rajada"

pytestmark = pytest.mark.timeout(120)


async def until(enough: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        while not await enough():
            await asyncio.sleep(0.1)


def said_anywhere(database: Path) -> bool:
    connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
    try:
        return any(WORDS in line for line in connection.iterdump())
    finally:
        connection.close()


async def test_a_post_that_its_author_removes_is_forgotten_by_the_running_service(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.path.mkdir()
    own = home.path / "vivencia.toml"
    own.write_text("[service]\noutbox_seconds = 0.1\npoll_seconds = 0.3\n[costs.x]\nbudget_per_day = 1000.0\n")
    desk = ConsoleDesk(Console(), Language.ES, quiet=True)
    async with open_stage("x", tmp_path) as stage:
        channels = {"x": {"kind": "x", **stage.table(), "stream": False}}
        settings = read_settings(DEMO, own)
        async with open_house(home, settings, desk=standing(desk), watch=LiveWatch(), channels=channels) as house:
            store, done = house.store, asyncio.Event()
            assert isinstance(store, SqliteStore)
            serving = asyncio.create_task(serve(house, until=done.wait()))

            async def placed() -> bool:
                return await store.inbox.cursor("x") is not None

            async def kept() -> bool:
                return await store.inbox.number_kept("x") == 1 and await store.inbox.waiting() == 0

            async def forgotten() -> bool:
                return await store.inbox.number_kept("x") == 0

            await until(placed)
            post = await stage.write(WORDS)
            await until(kept)
            assert said_anywhere(home.database)
            await stage.delete(post)
            await until(forgotten)
            assert not said_anywhere(home.database)
            done.set()
            await serving
