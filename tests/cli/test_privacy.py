"""Forgetting somebody from the command line: never the wrong one, never by accident."""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.mention import Batch, Mention
from bot.domain.situation import Decision, Heard
from bot.store.sqlite import open_store
from bot.testing import NOON, mention, new_case, reading
from tests.cli.conftest import Vivencia


@pytest.fixture(autouse=True)
def written(home: Path) -> None:
    """Ana on Mastodon with a case, and another ana on Bluesky."""
    asyncio.run(
        _write(
            home,
            mention("1", "el paquete llegó roto", channel="mastodon", who="ana"),
            mention("3", "me encanta la tienda", channel="bluesky", who="ana"),
        )
    )


async def _write(home: Path, *posts: Mention) -> None:
    async with open_store(home / "vivencia.db") as store:
        await store.inbox.accept("test", Batch(mentions=posts, cursor=None), NOON)
        heard = [Heard(mention=post, reading=reading()) for post in posts]
        await store.history.settle(heard, lambda it: Decision(case=new_case(it)), lambda moment: moment)


def texts(home: Path) -> list[str]:
    with sqlite3.connect(home / "vivencia.db") as connection:
        found = [text for (text,) in connection.execute("SELECT text FROM mention ORDER BY seq")]
    connection.close()
    return found


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("es", "Olvidado: 1 publicación, 1 línea de historia."),
        ("en", "Forgotten: 1 post, 1 line of history."),
    ],
)
def test_who_is_named_exactly_is_forgotten(vivencia: Vivencia, home: Path, lang: str, told: str) -> None:
    ran = vivencia("privacy", "erase", "mastodon:@ana", "--yes", "--lang", lang)

    assert ran.code == 0, ran.err
    assert told in ran.out
    assert "#1001" in ran.out
    assert texts(home) == ["", "me encanta la tienda"]
    assert vivencia("privacy", "erase", "mastodon:@ana", "--yes").code == 1


def test_machines_are_told_in_json(vivencia: Vivencia) -> None:
    ran = vivencia("privacy", "erase", "mastodon:ana", "--yes", "--json")

    assert json.loads(ran.out) == {"mentions": 1, "interactions": 1, "cases": [1001]}


def test_nobody_is_forgotten_whose_name_two_bear(vivencia: Vivencia, home: Path) -> None:
    ran = vivencia("privacy", "erase", "@ana", "--yes", "--lang", "en")

    assert ran.code == 1
    assert "bluesky:ana, mastodon:ana" in ran.err
    assert "" not in texts(home)


@pytest.mark.parametrize(("answer", "code"), [("n\n", 1), ("", 2)])
def test_without_a_yes_nothing_happens(vivencia: Vivencia, home: Path, answer: str, code: int) -> None:
    ran = vivencia("privacy", "erase", "mastodon:ana", "--lang", "en", stdin=answer)

    assert ran.code == code
    assert "" not in texts(home)


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "\nvivencia: nothing was answered, so nothing was erased; `--yes` erases without asking\n"),
        ("es", "\nvivencia: no hubo respuesta, así que no se borró nada; `--yes` borra sin preguntar\n"),
    ],
)
def test_who_does_not_answer_hears_that_nothing_was_erased(
    vivencia: Vivencia, home: Path, lang: str, told: str
) -> None:
    question = ["privacy", "erase", "mastodon:ana", "--lang", lang]
    assert vivencia(*question).err.endswith(told)

    command = [sys.executable, "-m", "bot", *question, "--home", str(home)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=_heed_ctrl_c,  # noqa: PLW1509 - nothing but one call of the system
    ) as asking:
        assert asking.stderr is not None
        asked = b""
        while b"N]" not in asked and (byte := asking.stderr.read(1)):
            asked += byte
        asking.send_signal(signal.SIGINT)
        assert asking.stderr.read().decode().endswith(told)

    assert asking.returncode == 130
    assert "" not in texts(home)


def _heed_ctrl_c() -> None:
    """Who runs the tests in the background may have them ignore it, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("yes", ["y", "sí"])
def test_a_yes_is_enough(vivencia: Vivencia, home: Path, yes: str) -> None:
    ran = vivencia("privacy", "erase", "mastodon:ana", "--lang", "es", stdin=f"{yes}\n")

    assert ran.code == 0, ran.err
    assert "mastodon:@ana" in ran.err
    assert texts(home)[0] == ""


async def _hear(home: Path, post: Mention, becomes: str) -> None:
    """A post that waits to be read, was set aside, or was deleted before its turn."""
    async with open_store(home / "vivencia.db") as store:
        await store.inbox.accept("test", Batch(mentions=(post,), cursor=None), NOON)
        if becomes == "done":
            gone = Batch(mentions=(), deletions=(post.external_id,), cursor=None)
            await store.inbox.accept(post.channel, gone, NOON)
        for tried in range(5 if becomes == "quarantined" else 0):
            await store.inbox.claim(1, NOON + tried * timedelta(minutes=2), timedelta(minutes=1))


def everything(home: Path) -> str:
    with closing(sqlite3.connect(home / "vivencia.db")) as connection:
        return "\n".join(connection.iterdump())


@pytest.mark.parametrize("state", ["waiting", "quarantined", "done"])
@pytest.mark.parametrize("who", ["mastodon:zarapito", "@Zarapito", "id"])
def test_who_was_never_read_is_forgotten_too(vivencia: Vivencia, home: Path, state: str, who: str) -> None:
    post = mention("77501", "soy Zarapito y vivo lejos", channel="mastodon", who="zarapito", url="https://z.test/1")
    asyncio.run(_hear(home, post, state))
    told = json.loads(vivencia("customer", "zarapito", "--json").out)
    assert [(each["state"], each["mention"]["author"]["name"]) for each in told["unread"]] == [(state, "zarapito")]
    if who == "id":
        who = told["customer"]["id"]

    ran = vivencia("privacy", "erase", who, "--yes", "--json")

    assert json.loads(ran.out) == {"mentions": 1, "interactions": 0, "cases": []}
    left = everything(home).casefold()
    assert [word for word in ("zarapito", "77501", "lejos", "z.test", told["customer"]["id"]) if word in left] == []
    assert vivencia("customer", "zarapito").code == 1
    assert vivencia("privacy", "erase", who, "--yes").code == 1
    asyncio.run(_hear(home, post, "waiting"))
    assert "zarapito" not in everything(home).casefold()


def test_who_was_never_read_is_asked_about_by_account(vivencia: Vivencia, home: Path) -> None:
    asyncio.run(_hear(home, mention("7", "hola", channel="mastodon", who="zarapito"), "waiting"))

    ran = vivencia("privacy", "erase", "zarapito", "--lang", "en", stdin="n\n")

    assert "mastodon:@zarapito" in ran.err
    assert "hola" in texts(home)


def test_a_customer_and_somebody_never_read_are_several(vivencia: Vivencia, home: Path) -> None:
    asyncio.run(_hear(home, mention("7", "hola", channel="x", who="ana"), "waiting"))

    ran = vivencia("privacy", "erase", "@ana", "--yes", "--lang", "en")

    assert ran.code == 1
    assert "bluesky:ana, mastodon:ana, x:ana" in ran.err


@pytest.mark.parametrize(
    ("lang", "state", "told"),
    [
        ("es", "waiting", "(aún sin leer)"),
        ("es", "quarantined", "(apartado, sin leer)"),
        ("en", "waiting", "(not read yet)"),
        ("en", "done", "(deleted before it was read)"),
    ],
)
def test_a_customers_story_tells_of_what_nobody_has_read(
    vivencia: Vivencia, home: Path, lang: str, state: str, told: str
) -> None:
    asyncio.run(_hear(home, mention("7", "y ahora esto", channel="mastodon", who="ana"), state))

    ran = vivencia("customer", "mastodon:ana", "--lang", lang)

    assert told in ran.out
    assert ("y ahora esto" in ran.out) is (state != "done")
    assert "el paquete llegó roto" in ran.out


def test_who_was_never_read_can_be_known_as_somebody_else(vivencia: Vivencia, home: Path) -> None:
    asyncio.run(_hear(home, mention("7", "hola otra vez", channel="x", who="ana_x"), "waiting"))

    ran = vivencia("customer", "mastodon:ana", "--merge", "x:ana_x", "--consent", "por correo")
    assert ran.code == 0, ran.err
    assert "hola otra vez" in ran.out

    vivencia("privacy", "erase", "mastodon:ana", "--yes")
    assert texts(home) == ["", "me encanta la tienda", ""]
