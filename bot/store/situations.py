"""What a decision may look at, read in the transaction that stores the decision."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime

from bot.domain.customer import Customer, CustomerId
from bot.domain.interaction import Interaction
from bot.domain.mention import Mention
from bot.domain.reading import Reading
from bot.domain.situation import Situation
from bot.store import casebook, corrections, promises
from bot.store.documents import reading_of
from bot.store.facts import facts_for
from bot.store.people import customer_with
from bot.store.rows import INTERACTION_COLUMNS, MENTION_COLUMNS, Row, interaction_from, mention_from

_HISTORY = 10


def situation_at(connection: sqlite3.Connection, mention_id: str, now: datetime) -> Situation | None:
    """As it stands now at a post that was read; None for one that was not, or is gone."""
    row: Row | None = connection.execute(
        f"SELECT seq, customer_id, case_id, {MENTION_COLUMNS} FROM mention "  # noqa: S608
        "WHERE id = ? AND deleted_at IS NULL AND customer_id IS NOT NULL",
        (mention_id,),
    ).fetchone()
    if row is None:
        return None
    seq, customer_id, case_id, *columns = row
    reading, customer = reading_of(connection, seq), customer_with(connection, customer_id)
    if reading is None or customer is None:
        return None
    situation = situation_of(connection, mention_from(tuple(columns)), reading, customer, now)
    return replace(
        situation,
        experiences=tuple(corrections.counted_of(connection, mention_id)),
        case=None if case_id is None else casebook.case_with(connection, case_id),
    )


def situation_of(
    connection: sqlite3.Connection, mention: Mention, reading: Reading, customer: Customer, now: datetime
) -> Situation:
    in_thread = casebook.thread_case(connection, mention, customer.id)
    return Situation(
        mention=mention,
        reading=reading,
        customer=customer,
        cases=casebook.cases_for(connection, customer.id, in_thread, now),
        thread_case=in_thread,
        history=_history(connection, customer.id),
        facts=facts_for(connection, mention, customer, now),
        now=now,
        next_case_key=casebook.next_key(connection),
        promised=() if in_thread is None else promises.to_come(connection, in_thread, mention.posted_at),
    )


def _history(connection: sqlite3.Connection, customer_id: CustomerId) -> tuple[Interaction, ...]:
    rows: list[Row] = connection.execute(
        f"SELECT {INTERACTION_COLUMNS} FROM interaction WHERE customer_id = ? "  # noqa: S608
        f"ORDER BY at DESC, seq DESC LIMIT {_HISTORY}",
        (customer_id,),
    ).fetchall()
    return tuple(interaction_from(row) for row in reversed(rows))
