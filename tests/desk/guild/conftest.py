"""A desk in a guild on loopback, as much of it as a test wants: the drawing, the people at work, the whole house."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.sqlite import SqliteStore, open_store
from tests.desk.guild.house import House, a_house
from tests.desk.guild.office import Office, an_office
from tests.desk.guild.stage import Stage, a_guild, assert_harmless


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with open_store(tmp_path / "v.db") as opened:
        yield opened


@pytest.fixture
async def stage(store: SqliteStore) -> AsyncIterator[Stage]:
    async with a_guild(store) as opened:
        yield opened


@pytest.fixture
async def office(store: SqliteStore) -> AsyncIterator[Office]:
    """Whatever is pressed and typed, nothing that goes to Discord does anything there."""
    async with an_office(store) as opened:
        yield opened
        assert_harmless(opened.stage.server.calls)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as opened:
        yield opened
