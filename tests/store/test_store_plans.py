"""How SQLite finds rows: nothing that happens all day may read a table that only grows from end to end."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.domain.agent import Agent
from bot.domain.case import CaseState
from bot.domain.customer import Consent, CustomerId
from bot.domain.deskwork import QueueFilter, QueueOrder
from bot.domain.mention import Batch
from bot.domain.outbox import Delivery, JobState, Receipt
from bot.domain.papers import Papers
from bot.domain.reading import Sentiment
from bot.domain.situation import Decision, Heard
from bot.store.sqlite import SqliteStore, open_store
from bot.testing import NOON, mention, reading
from tests.store.test_store_merges import drafted

MINUTE = timedelta(minutes=1)
MAYA = Agent(id="maya", name="Maya")
CONSENT = Consent(words="he said so", noted_by="maya", noted_at=NOON)
GROWS = "mention|interaction|reading|outbox|experience|customer|audit"
WALKED = {
    "SCAN mention USING INDEX mention_waiting": "what waits to be read is short",
    "SCAN mention USING COVERING INDEX mention_waiting": "what waits to be read is short",
    "SCAN outbox USING INDEX outbox_due": "what waits to be sent is short",
    "SCAN outbox USING COVERING INDEX outbox_due": "what waits to be sent is short",
    "SCAN answer USING INDEX mention_by_brand": "to forget somebody: the brand's posts to nobody may be to them",
}
"""What may be walked from end to end, and why."""
NEVER_DONE = {
    "INSERT INTO case_file": "rows are sought that waited for this case, which none does: they may not",
    "FROM outbox WHERE state = :state ORDER BY id DESC LIMIT": "asked for by hand only, a page of the newest",
    "FROM outbox WHERE TRUE ORDER BY id DESC LIMIT": "the newest come first, and a page is enough",
}
"""Statements whose plan names a walk that is not made to its end, and why."""


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
    assert _walks(plans) == {}


async def test_a_working_day_walks_no_table_that_only_grows(store: SqliteStore, plans: dict[str, str]) -> None:
    await _a_working_day(store)

    assert _walks(plans) == {}
    # they hold every decision, what was never heard on a channel, and the newest phase of every case
    for too_wide in (r"outbox_house", r"outbox_turn \(channel=\?\)", r"case_phase_current(?! \(case_id=\?\))"):
        assert {sql: plan for sql, plan in plans.items() if re.search(too_wide, plan)} == {}


def _walks(plans: dict[str, str]) -> dict[str, str]:
    """The steps that read a table which only grows from its first row to its last, and their statements."""
    walks: dict[str, str] = {}
    for sql, plan in plans.items():
        named = "|".join([GROWS, *re.findall(rf"\b(?:{GROWS}) AS (\w+)", sql)])
        if not any(words in sql for words in NEVER_DONE):
            steps = [step for step in plan.split("\n") if re.match(rf"SCAN (?:{named})\b", step)]
            walks |= {step: sql for step in steps if step not in WALKED}
    return walks


async def _a_working_day(store: SqliteStore) -> None:
    """Whatever a running service does by the minute, and a desk by the press."""
    await _heard_and_answered(store)
    await _looked_at(store)
    await _printed(store)
    await _tidied(store)


async def _heard_and_answered(store: SqliteStore) -> None:
    heard = mention("1", "el paquete llegó roto", thread_id="t"), mention("2", "hola", who="bea", thread_id="u")
    ours = mention("3", "os llamamos", who="brand", thread_id="t", by_brand=True, in_reply_to="1")
    changed = Batch(
        mentions=(), cursor="2", edits=(replace(heard[1], text="hola, sois unos ladrones"),), deletions=("9",)
    )
    await store.inbox.accept("test", Batch(mentions=(*heard, ours), cursor="1"), NOON)
    await store.inbox.claim(10, NOON, MINUTE)
    await store.history.settle([Heard(mention=post, reading=reading()) for post in heard], drafted, lambda at: at)
    await store.inbox.accept("test", changed, NOON)
    await store.inbox.waiting()
    (again,) = await store.inbox.claim(10, NOON + 2 * MINUTE, MINUTE)
    await store.history.settle([Heard(mention=ours, reading=None)], drafted, lambda at: at)
    unhappy = Heard(mention=again, reading=reading(sentiment=Sentiment.NEGATIVE))
    await store.history.settle([unhappy], lambda now: replace(drafted(now), case=now.cases[0]), lambda at: at)
    await store.deeds.change(lambda papers: [papers.let_go(each.job, MAYA, NOON) for each in papers.held(10)])
    errands = await store.outbox.claim(10, NOON + MINUTE, MINUTE)
    assert errands
    for errand in errands[1:]:
        await store.outbox.postpone(errand.job, NOON + 3 * MINUTE, "503")
    await store.outbox.sent([Delivery(job=errands[0].job, receipt=Receipt(external_id="r", at=NOON + MINUTE))])
    echo = mention("4", "Lo miramos ya", who="brand", thread_id="u", by_brand=True)
    await store.inbox.accept("test", Batch(mentions=(echo,), cursor="3"), NOON + MINUTE)
    await store.history.settle([Heard(mention=echo, reading=None)], drafted, lambda at: at)
    await store.outbox.paused()
    await store.outbox.pending()
    for state in JobState:
        await store.outbox.jobs(state)


async def _looked_at(store: SqliteStore) -> None:
    later = NOON + timedelta(days=1)
    file = await store.history.case(1001)
    assert file is not None
    await store.history.journey(file.case.customer_id)
    await store.history.explain("test:1")

    def at_the_desk(papers: Papers) -> None:
        papers.situation(file.case, later)
        papers.held(10)
        papers.drafts_of(file.case)
        papers.last_line(file.case)
        papers.promised_in(file.case)
        papers.log(file.case, 10)
        papers.to_wake(later)
        papers.to_answer(NOON, later)
        papers.to_solve(NOON, later)
        papers.to_keep(NOON, later)
        for order in QueueOrder:
            papers.queue(QueueFilter(order=order))
        for state in CaseState:
            papers.queue(QueueFilter(state=state, assignee="maya"))

    await store.deeds.look(at_the_desk)
    await store.cards.stale(10, later)
    await store.cards.run_out(later)
    await store.cards.missing(10)
    await store.cards.homeless(10)
    await store.cards.made_since(NOON)
    await store.cards.lines(file.case.id, 0)
    await store.channels.health()
    await store.channels.pulse(later)


async def _printed(store: SqliteStore) -> None:
    day = NOON - timedelta(hours=1), NOON + timedelta(hours=23)
    count = store.reports
    for report in (count.tally, count.cases, count.loops, count.promises, count.voices, count.scores, count.quality):
        await report(*day)
    await count.quotes(*day, 10)
    await count.texts(*day, 10)
    await count.channels(*day)
    await count.span()
    await count.at_work()


async def _tidied(store: SqliteStore) -> None:
    await store.history.close_quiet(NOON + timedelta(days=9), timedelta(days=5))
    await store.inbox.sweep(NOON)


async def _met(store: SqliteStore, who: str) -> CustomerId:
    post = mention(f"of {who}", who=who)
    await store.inbox.accept("test", Batch(mentions=(post,), cursor=None), NOON)
    await store.history.settle([Heard(mention=post, reading=reading())], lambda _: Decision(), lambda moment: moment)
    customer = await store.history.customer(who)
    assert customer is not None
    return customer.id
