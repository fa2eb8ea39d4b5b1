"""A deletion that overtakes its post: the post is not taken in when it comes, and that is forgotten after a while."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from bot.app import open_house, standing
from bot.cli.main import main
from bot.desk.console import ConsoleDesk
from bot.domain.agent import Agent, Rank
from bot.domain.mention import Accepted, Batch, Mention
from bot.domain.reading import Language
from bot.domain.time import LiveWatch
from bot.pipeline.forgetting import forget
from bot.service import serve
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, memory_store, mention
from config.home import Home
from config.settings import read_settings
from listeners.following import Follow

DAY = timedelta(days=1)
WORDS = "mi vecina Aurelia abrió el paquete"
ADA = Agent(id="ada", name="Ada", rank=Rank.ADMIN)


class _Died(Exception):
    pass


async def gone(store: SqliteStore, *ids: str, listener: str = "test", at: datetime = NOON) -> Accepted:
    return await store.inbox.accept(listener, Batch(mentions=(), cursor=None, deletions=ids), at)


async def heard(store: SqliteStore, *posts: Mention, at: datetime = NOON) -> Accepted:
    return await store.inbox.accept("test", Batch(mentions=posts, cursor="7"), at)


def everything_in(place: Path) -> str:
    with closing(sqlite3.connect(place)) as connection:
        return "\n".join(connection.iterdump())


async def test_a_post_that_was_deleted_before_it_came_is_not_taken_in(store: SqliteStore, tmp_path: Path) -> None:
    assert await gone(store, "77501", listener="test/stream") == Accepted(new=0, duplicates=0)

    assert await heard(store, mention("77501", WORDS), mention("2")) == Accepted(new=1, duplicates=0, overtaken=1)
    assert await heard(store, mention("77501", WORDS)) == Accepted(new=0, duplicates=0, overtaken=1)

    counts = await store.reports.counts()
    assert (counts.mentions, counts.waiting, counts.overtaken) == (1, 1, 1)
    left = everything_in(tmp_path / "home" / "vivencia.db")
    assert [word for word in ("Aurelia", "77501") if word in left] == []


async def test_nor_is_its_edit_nor_a_post_of_the_brand(store: SqliteStore) -> None:
    await gone(store, "1", "2")

    batch = Batch(mentions=(mention("2", by_brand=True),), edits=(mention("1", WORDS),), cursor=None)
    assert await store.inbox.accept("test", batch, NOON) == Accepted(new=0, duplicates=0, overtaken=1)
    counts = await store.reports.counts()
    assert (counts.mentions, counts.brand_posts) == (0, 0)


async def test_the_same_number_on_another_channel_is_another_post(store: SqliteStore) -> None:
    await gone(store, "1", listener="other")

    assert await heard(store, mention("1")) == Accepted(new=1, duplicates=0)


async def test_after_a_month_it_is_forgotten_and_not_before(store: SqliteStore) -> None:
    await gone(store, "1", "2")

    assert await store.inbox.sweep(NOON + 29 * DAY) == 0
    assert (await heard(store, mention("1"), at=NOON + 29 * DAY)).overtaken == 1
    assert await store.inbox.sweep(NOON + 31 * DAY) == 2
    assert (await store.reports.counts()).overtaken == 0
    assert (await heard(store, mention("2"), at=NOON + 31 * DAY)).new == 1


async def test_what_was_heard_and_deleted_needs_not_be_remembered(store: SqliteStore, tmp_path: Path) -> None:
    await heard(store, mention("1", who="ana"), mention("2", who="bea"))
    [ana] = await store.history.customers("ana")
    await forget(store.deeds, ana.id, ADA, press="p", now=NOON)

    await gone(store, "1", "2")
    await gone(store, "1", "2")

    assert 'INSERT INTO "early_deletion"' not in everything_in(tmp_path / "home" / "vivencia.db")


@pytest.mark.parametrize(("point", "new"), [("accept.before_commit", 1), ("accept.after_commit", 0)])
async def test_a_deletion_is_remembered_with_its_cursor_or_not_at_all(point: str, new: int) -> None:
    def trip(name: str) -> None:
        if name == point and dying:
            raise _Died

    async with memory_store(trip=trip) as store:
        dying = True
        with pytest.raises(_Died):
            await store.inbox.accept("test", Batch(mentions=(), cursor="7", deletions=("1",)), NOON)
        dying = False
        assert await store.inbox.cursor("test") == (None if new else "7")
        assert (await heard(store, mention("1"))).new == new


class _Hasty:
    """A stream that tells of a deletion and then of the post, as one that fetches what it was told of may do."""

    channel = "test"

    async def listen(self, cursor: str | None, deliver: object) -> None:
        del cursor
        assert callable(deliver)
        await deliver(Batch(mentions=(), deletions=("1",), cursor=None))
        await deliver(Batch(mentions=(mention("1", WORDS),), cursor="2"))


async def test_a_stream_that_brings_a_post_after_its_deletion_wakes_nobody(store: SqliteStore) -> None:
    rung: list[str] = []

    await Follow(_Hasty(), store.inbox, ring=lambda: rung.append("line"))()

    assert (rung, await store.inbox.waiting(), await store.inbox.cursor("test")) == ([], 0, "2")


@pytest.mark.parametrize(("lang", "told"), [("es", "borradas antes de llegar"), ("en", "deleted before they came")])
async def test_status_tells_how_many(
    store: SqliteStore, tmp_path: Path, lang: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await gone(store, "1")
    await heard(store, mention("1"))

    def status(*more: str) -> str:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("sys.argv", ["vivencia", "status", "--home", str(tmp_path / "home"), *more])
            main()
        return capsys.readouterr().out

    assert json.loads(await asyncio.to_thread(status, "--json"))["overtaken"] == 1
    page = await asyncio.to_thread(status, "--lang", lang)
    assert [line.split()[-1] for line in page.splitlines() if line.startswith(told)] == ["1"]


async def test_a_running_service_forgets_them_by_itself(tmp_path: Path) -> None:
    settings = read_settings(Path("config/demo/vivencia.toml"))
    desk = standing(ConsoleDesk(Console(), Language.ES, quiet=True))
    async with open_house(Home(tmp_path), settings, desk=desk, watch=LiveWatch(), channels={}) as house:
        now = datetime.now(UTC)
        for post, at in (("old", now - 31 * DAY), ("young", now - 29 * DAY)):
            await house.store.inbox.accept("test", Batch(mentions=(), cursor=None, deletions=(post,)), at)

        await asyncio.wait_for(serve(house, until=asyncio.sleep(0.5)), 60)

        batch = Batch(mentions=(mention("old"), mention("young")), cursor=None)
        assert await house.store.inbox.accept("test", batch, now) == Accepted(new=1, duplicates=0, overtaken=1)
