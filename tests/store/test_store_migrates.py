"""A database is brought to this version's shape, whole or not at all, and never by a program that is too old."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.errors import ConfigError
from bot.domain.mention import Batch
from bot.store import migrations, shape
from bot.store.shape import APPLICATION_ID, STEPS
from bot.store.sqlite import open_store
from bot.testing import NOON, mention


def _ask(place: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(place)) as connection:
        return connection.execute(sql).fetchall()


def _tell(place: Path, sql: str) -> None:
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.execute(sql)


async def test_an_empty_place_becomes_a_database_that_keeps_what_it_is_told(tmp_path: Path) -> None:
    place = tmp_path / "v.db"
    async with open_store(place) as store:
        await store.inbox.accept("x", Batch(mentions=(mention("1"),), cursor="7"), NOON)
    async with open_store(place) as store:
        assert await store.inbox.cursor("x") == "7"
        assert await store.inbox.waiting() == 1
    assert _ask(place, "PRAGMA user_version") == [(len(STEPS),)]
    assert _ask(place, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert _ask(place, "SELECT name FROM _sqlite_migrations ORDER BY id") == [(step,) for step in STEPS]
    assert not list(tmp_path.glob("v.db-*"))


async def test_every_table_is_strict(tmp_path: Path) -> None:
    async with open_store(tmp_path / "v.db"):
        pass
    loose = _ask(
        tmp_path / "v.db",
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT GLOB '*sqlite*'",
    )
    assert loose == []


def test_steps_are_numbered_in_order() -> None:
    assert [int(step[:4]) for step in STEPS] == list(range(1, len(STEPS) + 1))


async def test_a_newer_database_is_refused_in_one_line(tmp_path: Path) -> None:
    place = tmp_path / "v.db"
    async with open_store(place):
        pass
    _tell(place, f"PRAGMA user_version = {len(STEPS) + 1}")
    with pytest.raises(ConfigError, match="newer version of Vivencia") as caught:
        async with open_store(place):
            pass
    assert "\n" not in str(caught.value)
    assert str(place) in str(caught.value)


async def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "v.db"
    _tell(place, "CREATE TABLE recipes (name TEXT)")
    with pytest.raises(ConfigError, match="another program"):
        async with open_store(place):
            pass
    assert _ask(place, "SELECT name FROM sqlite_schema") == [("recipes",)]


@pytest.mark.parametrize("number", range(1, len(STEPS)))
async def test_a_database_of_every_earlier_shape_keeps_what_it_holds(
    tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "v.db"
    with monkeypatch.context() as earlier:
        for module in (shape, migrations):
            earlier.setattr(module, "STEPS", STEPS[:number])
        with closing(sqlite3.connect(place, isolation_level=None)) as connection:
            migrations.migrate(connection)
    _tell(
        place,
        "INSERT INTO mention (id, channel, external_id, conversation, author_channel, author_id, author_name, text, "
        "posted_at, visibility, summoned, backfilled, by_brand, accepted_at) "
        "VALUES ('x:1', 'x', '1', '1', 'x', 'ana', 'ana', 'hola', 1, 'public', 0, 0, 0, 1)",
    )

    async with open_store(place) as store:
        explained = await store.history.explain("x:1")
    assert explained is not None
    assert explained.mention.text == "hola"
    assert _ask(place, "PRAGMA user_version") == [(len(STEPS),)]


_KILLED_HALF_WAY = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.store import migrations
from bot.store.sqlite import open_store

statements = migrations._statements

def dying(script):
    for number, statement in enumerate(statements(script)):
        if number == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        yield statement

migrations._statements = dying

async def main():
    async with open_store(Path(sys.argv[1])):
        pass

asyncio.run(main())
"""


@pytest.mark.parametrize("statement", [0, 1, 17])
async def test_a_kill_in_the_middle_of_a_migration_is_safe(tmp_path: Path, statement: int) -> None:
    place = tmp_path / "v.db"
    command = [sys.executable, "-c", _KILLED_HALF_WAY, str(place), str(statement)]
    root = Path(__file__).parents[2]
    died = subprocess.run(command, check=False, env=os.environ | {"PYTHONPATH": str(root)})
    assert died.returncode == -signal.SIGKILL
    assert _ask(place, "SELECT name FROM sqlite_schema") == []
    async with open_store(place) as store:
        assert (await store.reports.counts()).mentions == 0
