"""A reason comes back as it was kept; what earlier versions and people wrote comes back as words."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.action import Action, Alert, Close, Route, Silence
from bot.domain.mention import Batch
from bot.domain.outbox import Job, Ruling, Verdict
from bot.domain.reading import Urgency
from bot.domain.reason import Why, because
from bot.domain.situation import Decided, Decision, Heard
from bot.store.sqlite import SqliteStore, open_store
from bot.testing import NOON, mention, reading

NESTED = because("policy.approve_mode_also", why=because("policy.conversation_cap", n=1))
LISTED = because("policy.personal_data", found=("card", "email"))
WORDS = '{"error": "a platform that answers in JSON"}'
NEARLY = '{"name": "a platform whose JSON looks like ours"}'


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with open_store(tmp_path / "vivencia.db") as opened:
        yield opened


async def decided(store: SqliteStore, action: Action, ruled: Why = "fine") -> Job:
    """The job of one action for one mention."""
    ruling = Ruling(verdict=Verdict.SEND, reason=ruled)
    decision = Decision(actions=(Decided(action=action, responder="r", ruling=ruling),))
    await store.inbox.accept("test", Batch(mentions=(mention("1"),), cursor=None), NOON)
    await store.history.settle([Heard(mention=mention("1"), reading=reading())], lambda _: decision, lambda at: at)
    (job,) = await store.outbox.jobs()
    return job


@pytest.mark.parametrize("why", [NESTED, LISTED, because("policy.unsure"), "written by hand", WORDS, NEARLY, "", "{"])
async def test_the_policys_reason_comes_back(store: SqliteStore, why: Why) -> None:
    job = await decided(store, Silence(reason="spam"), why)

    assert job.ruling.reason == why


@pytest.mark.parametrize("why", [LISTED, "por escrito", WORDS])
@pytest.mark.parametrize("kind", ["route", "alert", "close", "silence"])
async def test_an_actions_reason_comes_back(store: SqliteStore, kind: str, why: Why) -> None:
    actions: dict[str, Action] = {
        "route": Route(desk="casos", reason=why, urgency=Urgency.LOW),
        "alert": Alert(desk="alertas", reason=why),
        "close": Close(reason=why),
        "silence": Silence(reason=why),
    }

    assert (await decided(store, actions[kind])).action == actions[kind]


@pytest.mark.parametrize("why", [NESTED, "the vendor said 503", WORDS])
async def test_what_went_wrong_comes_back(store: SqliteStore, why: Why) -> None:
    job = await decided(store, Route(desk="d", reason="r", urgency=Urgency.LOW))

    await store.outbox.drop(job.id, why)

    (dropped,) = await store.outbox.jobs()
    assert dropped.error == why


async def test_rows_of_earlier_versions_are_shown_in_the_words_they_hold(store: SqliteStore, tmp_path: Path) -> None:
    await decided(store, Route(desk="d", reason="r", urgency=Urgency.LOW))
    with sqlite3.connect(tmp_path / "vivencia.db") as old:
        old.execute(
            "UPDATE outbox SET reason = 'unsure: the model abstained', error = 'refused: gone', "
            """action = '{"desk":"d","reason":"caso nuevo: queja","urgency":"low"}'"""
        )

    (job,) = await store.outbox.jobs()

    assert (job.ruling.reason, job.error) == ("unsure: the model abstained", "refused: gone")
    assert job.action == Route(desk="d", reason="caso nuevo: queja", urgency=Urgency.LOW)
