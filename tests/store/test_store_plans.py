"""How SQLite finds rows: nothing that happens all day may read a table that only grows from end to end."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.domain.customer import Consent, CustomerId
from bot.domain.mention import Batch
from bot.domain.situation import Decision, Heard
from bot.store.sqlite import SqliteStore, open_store
from bot.testing import NOON, mention, reading

MINUTE = timedelta(minutes=1)
CONSENT = Consent(words="he said so", noted_by="maya", noted_at=NOON)


class Noting(sqlite3.Connection):
    """A connection that notes how SQLite goes about each statement, before it does it."""

    plans: dict[str, str]

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        self._note(sql, values)
        return super().execute(sql, values)

    def executemany(self, sql: str, values: Iterable[Any], /) -> sqlite3.Cursor:
        rows = list(values)
        for row in rows[:1]:
            self._note(sql, row)
        return super().executemany(sql, rows)

    def _note(self, sql: str, values: Any) -> None:
        if sql.startswith(("SELECT", "UPDATE", "DELETE", "INSERT", "WITH", "\n")) and sql not in self.plans:
            steps = super().execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
            self.plans[sql] = "\n".join(str(step[3]) for step in steps)


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Every statement of the store's connections, and its plan."""
    noted: dict[str, str] = {}

    class Into(Noting):
        plans = noted

    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Into))
    return noted


@pytest.fixture
async def store(plans: dict[str, str], tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with open_store(tmp_path / "home" / "vivencia.db") as opened:
        plans.clear()
        yield opened


async def test_a_claim_reads_what_is_due_and_not_what_was_ever_said(store: SqliteStore, plans: dict[str, str]) -> None:
    await store.outbox.claim(10, NOON, MINUTE)
    of_the_outbox = [plan for sql, plan in plans.items() if "outbox" in sql]
    assert of_the_outbox
    assert all("outbox_due" in plan and "outbox_house" not in plan for plan in of_the_outbox)
    assert any("SEARCH older USING INDEX outbox_turn (channel=? AND" in plan for plan in of_the_outbox)


async def test_quiet_cases_are_sought_among_those_that_are_open(store: SqliteStore, plans: dict[str, str]) -> None:
    await store.history.close_quiet(NOON, timedelta(days=5))
    (plan,) = [plan for sql, plan in plans.items() if "case_phase" in sql]
    assert "case_phase_open (ended=? AND began<?)" in plan


async def test_to_merge_and_to_forget_is_to_look_for_one_person(store: SqliteStore, plans: dict[str, str]) -> None:
    ana, bea = await _met(store, "ana"), await _met(store, "bea")
    plans.clear()
    await store.history.merge(ana, bea, CONSENT)
    await store.deeds.change(lambda papers: papers.forget(ana, NOON))
    walked = {step for plan in plans.values() for step in plan.split("\n") if step.startswith("SCAN")}
    # posts of the brand that are nobody's may be to them, and people in the house have said little
    assert walked <= {"SCAN answer USING INDEX mention_by_brand", "SCAN voice"}


async def _met(store: SqliteStore, who: str) -> CustomerId:
    post = mention(f"of {who}", who=who)
    await store.inbox.accept("test", Batch(mentions=(post,), cursor=None), NOON)
    await store.history.settle([Heard(mention=post, reading=reading())], lambda _: Decision(), lambda moment: moment)
    customer = await store.history.customer(who)
    assert customer is not None
    return customer.id
