"""A full disk, a read-only file, another writer: the store says so, changes nothing, and works again after it (R7)."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.errors import ConfigError, StoreUnavailable
from bot.domain.mention import Batch
from bot.domain.situation import Decision, Heard
from bot.store.sqlite import SqliteStore, open_store
from bot.testing import NOON, mention, reading


def _page(number: int, size: int = 200) -> Batch:
    posts = tuple(mention(f"{number}-{n}", "x" * 2000) for n in range(size))
    return Batch(mentions=posts, cursor=str(number))


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_only_the_owner_may_read_the_files(tmp_path: Path) -> None:
    place = tmp_path / "home" / "deeper" / "v.db"
    async with open_store(place) as store:
        await store.inbox.accept("x", _page(1, 1), NOON)
        assert {path.name: _mode(path) for path in place.parent.iterdir()} == {
            "v.db": 0o600,
            "v.db-wal": 0o600,
            "v.db-shm": 0o600,
        }
        assert _mode(place.parent) == 0o700


async def test_a_file_that_everybody_could_read_is_closed_to_them(tmp_path: Path) -> None:
    place = tmp_path / "v.db"
    async with open_store(place):
        pass
    place.chmod(0o644)
    async with open_store(place):
        assert _mode(place) == 0o600


async def _fills_up(store: SqliteStore) -> int:
    """Accept pages until the disk is full; the number of pages kept."""
    for number in range(10_000):
        try:
            await store.inbox.accept("x", _page(number), NOON)
        except StoreUnavailable as error:
            assert "disk is full" in str(error)  # noqa: PT017
            return number
    message = "this disk is never full"
    raise AssertionError(message)


async def test_a_database_at_its_limit_keeps_the_cursor_where_it_was_and_resumes(store: SqliteStore) -> None:
    await store.inbox._engine.write(lambda connection: connection.execute("PRAGMA max_page_count = 500"))
    kept = await _fills_up(store)
    assert kept > 0
    assert await store.inbox.cursor("x") == str(kept - 1)
    assert await store.inbox.waiting() == kept * 200
    await store.inbox._engine.write(lambda connection: connection.execute("PRAGMA max_page_count = 1000000"))
    assert (await store.inbox.accept("x", _page(kept), NOON)).new == 200


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(disk)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip(f"cannot mount a small disk here: {mounted.stderr.decode().strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


async def test_a_full_disk_loses_nothing_and_the_work_resumes_by_itself(small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(b"\0" * 1_000_000)
    async with open_store(small_disk / "v.db") as store:
        kept = await _fills_up(store)
        assert kept > 0
        heard = [Heard(mention=post, reading=reading()) for post in _page(0).mentions]
        with pytest.raises(StoreUnavailable):
            await store.history.settle(heard, lambda _: Decision(), lambda moment: moment)
        assert await store.inbox.cursor("x") == str(kept - 1)
        (small_disk / "ballast").unlink()
        assert (await store.inbox.accept("x", _page(kept), NOON)).new == 200
        assert len(await store.history.settle(heard[:1], lambda _: Decision(), lambda moment: moment)) == 1
    with sqlite3.connect(small_disk / "v.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


async def test_a_disk_that_turns_read_only_is_named_and_waited_for(small_disk: Path) -> None:
    place = small_disk / "v.db"
    async with open_store(place) as store:
        await store.inbox.accept("x", _page(1, 1), NOON)
    _remount(small_disk, "ro")
    with pytest.raises(StoreUnavailable, match="read-only"):
        async with open_store(place):
            pass
    _remount(small_disk, "rw")
    async with open_store(place) as store:
        assert await store.inbox.waiting() == 1


def _remount(disk: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=True)


async def test_a_connection_that_may_not_write_says_so_and_recovers(store: SqliteStore) -> None:
    def only_read(connection: sqlite3.Connection) -> None:
        connection.set_authorizer(None)
        connection.execute("PRAGMA query_only = ON")

    await store.inbox._engine.write(only_read)
    with pytest.raises(StoreUnavailable, match="read-only"):
        await store.inbox.accept("x", _page(1, 1), NOON)
    assert await store.inbox.cursor("x") is None
    await store.inbox._engine.read(lambda connection: connection.execute("SELECT 1").fetchone())
    writer = store.inbox._engine._writer
    assert writer is not None
    await asyncio.get_running_loop().run_in_executor(
        store.inbox._engine._writing, writer.execute, "PRAGMA query_only = OFF"
    )
    assert (await store.inbox.accept("x", _page(1, 1), NOON)).new == 1


async def test_two_processes_may_write_to_one_file(tmp_path: Path) -> None:
    async with open_store(tmp_path / "v.db") as one, open_store(tmp_path / "v.db") as two:
        pages = [(one, "a", n) for n in range(20)] + [(two, "b", n) for n in range(20)]
        await asyncio.gather(*(door.inbox.accept(name, _page(n, 3), NOON) for door, name, n in pages))
        assert await one.inbox.waiting() == await two.inbox.waiting() == 60


async def test_a_writer_that_never_lets_go_is_named(store: SqliteStore, tmp_path: Path) -> None:
    await store.inbox._engine.write(lambda connection: connection.execute("PRAGMA busy_timeout = 50"))
    hog = sqlite3.connect(tmp_path / "home" / "vivencia.db", isolation_level=None)
    hog.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="another process"):
        await store.inbox.accept("x", _page(1, 1), NOON)
    assert await store.inbox.waiting() == 0
    hog.execute("ROLLBACK")
    hog.close()
    assert (await store.inbox.accept("x", _page(1, 1), NOON)).new == 1


async def test_a_file_that_is_no_database_is_the_operators_business(tmp_path: Path) -> None:
    place = tmp_path / "v.db"
    place.write_text("these are my holiday notes, and not a database\n" * 100)
    with pytest.raises(ConfigError, match=r"v\.db is not a Vivencia database") as caught:
        async with open_store(place):
            pass
    assert "\n" not in str(caught.value)
    assert place.read_text().startswith("these are my holiday notes")


async def test_a_directory_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "v.db").mkdir()
    with pytest.raises(StoreUnavailable, match="cannot be"):
        async with open_store(tmp_path / "v.db"):
            pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_home_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        async with open_store(tmp_path / "home" / "v.db"):
            pass


async def test_a_mistake_of_the_programmer_is_not_dressed_up(store: SqliteStore) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await store.inbox._engine.write(lambda connection: connection.execute("SELECT * FROM recipes"))
    assert (await store.inbox.accept("x", _page(1, 1), NOON)).new == 1


async def test_every_commit_is_on_the_disk_before_it_is_believed(store: SqliteStore) -> None:
    def pragmas(connection: sqlite3.Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert await store.inbox._engine.write(pragmas) == ["wal", 2, 1]


async def test_the_reader_cannot_write(store: SqliteStore) -> None:
    with pytest.raises(StoreUnavailable, match="read-only"):
        await store.inbox._engine.read(lambda connection: connection.execute("DELETE FROM mention"))


async def test_a_long_read_does_not_keep_the_writer_waiting(store: SqliteStore) -> None:
    started, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def slow(connection: sqlite3.Connection) -> tuple[int, int]:
        before = connection.execute("SELECT count(*) FROM mention").fetchone()[0]
        loop.call_soon_threadsafe(started.set)
        go_on.wait(10)
        return before, connection.execute("SELECT count(*) FROM mention").fetchone()[0]

    reading_slowly = asyncio.ensure_future(store.inbox._engine.read(slow))
    await started.wait()
    await store.inbox.accept("x", _page(1, 1), NOON)
    go_on.set()
    assert await reading_slowly == (0, 0)
