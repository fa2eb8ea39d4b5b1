"""Cases are found by the words said in them and by names, however they are written, until the words are taken back."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.agent import Agent, Rank
from bot.domain.customer import Consent, Customer
from bot.domain.mention import Batch, Handle, Mention
from bot.domain.situation import Decision, Heard, Settled, Situation
from bot.pipeline.forgetting import forget
from bot.store import migrations, shape
from bot.store.searching import words_of
from bot.store.shape import STEPS
from bot.store.sqlite import SqliteStore, open_store
from bot.testing import NOON, mention, new_case, reading
from tests.store.conftest import nothing

Tell = Callable[..., Awaitable[list[Settled]]]
ADA = Agent(id="ada", name="Ada", rank=Rank.ADMIN)
LATER = NOON + timedelta(hours=1)
BEFORE = next(number for number, step in enumerate(STEPS) if step.endswith("_search"))


def opens(situation: Situation) -> Decision:
    return Decision(case=new_case(situation))


async def found(store: SqliteStore, typed: str) -> list[int]:
    return [case.key for case in await store.deeds.look(lambda papers: papers.find(typed, 10))]


async def called(store: SqliteStore, typed: str) -> list[int]:
    return [case.key for case in await store.deeds.look(lambda papers: papers.called(typed, 10))]


def kept(place: Path) -> list[str]:
    """Every word that is kept for the search."""
    with closing(sqlite3.connect(place)) as connection:
        return [row[0] for row in connection.execute("SELECT word FROM case_word UNION ALL SELECT word FROM name_word")]


def left_over(place: Path) -> int:
    with closing(sqlite3.connect(place)) as connection:
        return int(connection.execute("SELECT count(*) FROM unsearched").fetchone()[0])


async def jose(store: SqliteStore) -> Customer:
    customer = await store.history.customer("x:José García")
    assert customer is not None
    return customer


ASKED = mention("1", "¿Y mi DEVOLUCIÓN? Pedido ZX-4471, llevo un año", channel="x", who="José García")
WISHED = mention("2", "My café table isn't here; the Refund either", channel="x", who="Zoë_K")


@pytest.fixture
async def cases(tell: Tell) -> None:
    await tell(ASKED, WISHED, decide=opens)


@pytest.mark.usefixtures("cases")
@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("devolución", [1001]),
        ("devolucion", [1001]),
        ("DEVOLUCIÓN", [1001]),
        ("devolu", [1001]),
        ("pedido devolucion", [1001]),
        ("pedido refund", []),
        ("zx-4471", [1001]),
        ("4471", [1001]),
        ("ano", [1001]),
        ("jose", [1001]),
        ("JOSÉ", [1001]),
        ("garcía", [1001]),
        ("jose devolucion", [1001]),
        ("cafe", [1002]),
        ("CAFÉ refund", [1002]),
        ("isn't", [1002]),
        ("zoe", [1002]),
        ("@zoë_k", [1002]),
        ("m", [1002, 1001]),
        ("#1002", [1002]),
        ("volucion", []),
        ("100%_", []),
        ('" OR 1=1 --', []),
        ("!!!", []),
    ],
)
async def test_accents_and_capitals_do_not_matter_and_the_beginning_of_a_word_is_enough(
    store: SqliteStore, typed: str, keys: list[int]
) -> None:
    assert await found(store, typed) == keys


@pytest.mark.usefixtures("cases")
@pytest.mark.parametrize(
    ("typed", "keys"),
    [("jose", [1001]), ("jose gar", [1001]), ("ZOE", [1002]), ("1001", [1001]), ("devolucion", []), ("refund", [])],
)
async def test_who_is_meant_by_name_is_not_looked_for_in_what_was_said(
    store: SqliteStore, typed: str, keys: list[int]
) -> None:
    assert await called(store, typed) == keys


async def test_a_later_line_is_found_too_and_a_note_as_well(store: SqliteStore, tell: Tell) -> None:
    (one,) = await tell(ASKED, decide=opens)
    assert one.case is not None
    again = mention("3", "sigo esperando el reembolso", channel="x", who="José García", posted_at=LATER)
    await tell(again, decide=lambda _: Decision(case=one.case))

    assert await found(store, "reembolso") == [1001]
    assert await found(store, "reembolso pedido") == [1001]


async def test_the_words_of_a_deleted_post_go_and_those_that_others_say_stay(
    store: SqliteStore, tell: Tell, tmp_path: Path
) -> None:
    (one,) = await tell(ASKED, decide=opens)
    again = mention("3", "sigo sin mi pedido, Aurelia", channel="x", who="José García", posted_at=LATER)
    await tell(again, decide=lambda _: Decision(case=one.case))

    await store.inbox.accept("x", Batch(mentions=(), cursor=None, deletions=("1",)), LATER)

    assert await found(store, "devolucion") == await found(store, "4471") == []
    assert await found(store, "pedido") == await found(store, "aurelia") == [1001]
    assert {"devolucion", "zx", "4471", "ano"}.isdisjoint(kept(tmp_path / "home" / "vivencia.db"))


@pytest.mark.usefixtures("cases")
async def test_of_who_is_erased_neither_words_nor_names_are_left(store: SqliteStore, tmp_path: Path) -> None:
    place = tmp_path / "home" / "vivencia.db"
    customer = await jose(store)

    await forget(store.deeds, customer.id, ADA, press="p", now=LATER)

    assert await found(store, "devolucion") == await found(store, "jose") == await called(store, "garcia") == []
    assert set(words_of(f"{ASKED.text} {ASKED.author.name}")) & set(kept(place)) == set()
    assert await found(store, "refund") == [1002]
    assert left_over(place) == 0


async def test_not_even_in_the_file(tmp_path: Path) -> None:
    place = tmp_path / "v.db"
    async with open_store(place) as store:
        posts = tuple(mention(str(n), f"Aurelia {n} " + "muchas palabras " * 50, channel="x") for n in range(20))
        await _settled(store, *posts)
        assert "aurelia" in kept(place)
        gone = tuple(post.external_id for post in posts)
        await store.inbox.accept("x", Batch(mentions=(), cursor=None, deletions=gone), LATER)

    assert b"aurelia" not in place.read_bytes()


async def test_who_is_two_people_is_found_by_both_names_and_by_a_new_one(store: SqliteStore, tell: Tell) -> None:
    await tell(ASKED, mention("7", "hola", channel="fedi", who="pepe"), decide=opens)
    pepe = await store.history.customer("fedi:pepe")
    assert pepe is not None
    agreed = Consent(words="sí", noted_by="ada", noted_at=LATER)
    await store.history.merge((await jose(store)).id, pepe.id, agreed)
    renamed = Handle(channel="fedi", account_id="pepe", name="Íñigo")
    await tell(mention("8", "otra vez", channel="fedi", author=renamed, posted_at=LATER), decide=nothing)

    assert await called(store, "jose") == await called(store, "inigo") == [1002, 1001]
    assert await called(store, "pepe") == []


async def test_a_database_of_before_is_filled_from_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "v.db"
    with monkeypatch.context() as earlier:
        for module in (shape, migrations):
            earlier.setattr(module, "STEPS", STEPS[:BEFORE])
        earlier.setattr("bot.store.engine.keep_up", lambda _: None)
        async with open_store(place) as store:
            await _settled(store, ASKED, WISHED)

    async with open_store(place) as store:
        assert await found(store, "devolucion") == await called(store, "jose") == [1001]
        assert await found(store, "refund") == await called(store, "zoe") == [1002]
    assert left_over(place) == 0


async def _settled(store: SqliteStore, *posts: Mention) -> None:
    await store.inbox.accept("x", Batch(mentions=posts, cursor=None), NOON)
    await store.history.settle([Heard(mention=post, reading=reading()) for post in posts], opens, lambda at: at)
