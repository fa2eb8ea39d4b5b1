"""Cases as rows: kept, found for a situation, answered, taken."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b

from bot.domain.case import Case, CaseId, Outcome
from bot.domain.customer import CustomerId
from bot.domain.mention import Mention
from bot.domain.reason import because
from bot.store.aside import count_again
from bot.store.documents import reason_document
from bot.store.moments import micros, moment_or_none
from bot.store.rows import CASE_COLUMNS, Row, case_from, case_row

FIRST_KEY = 1001
_REMEMBERED_FOR = timedelta(days=14)
_GOES_ON = reason_document(because("outbox.case_goes_on"))


def case_with(connection: sqlite3.Connection, case_id: str) -> Case | None:
    """A case by id."""
    return _one(connection, "WHERE id = ?", case_id)


def case_with_key(connection: sqlite3.Connection, key: int) -> Case | None:
    """A case by the number people quote."""
    return _one(connection, "WHERE key = ?", key)


def thread_case(connection: sqlite3.Connection, mention: Mention, customer_id: CustomerId) -> CaseId | None:
    """The case in which the customer's last words of this conversation were filed."""
    row: Row | None = connection.execute(
        "SELECT case_id FROM mention WHERE channel = ? AND conversation = ? AND customer_id = ? AND by_brand = 0 "
        "AND case_id IS NOT NULL ORDER BY posted_at DESC LIMIT 1",
        (mention.channel, mention.conversation, customer_id),
    ).fetchone()
    return None if row is None else CaseId(row[0])


def cases_for(
    connection: sqlite3.Connection, customer_id: CustomerId, in_thread: CaseId | None, now: datetime
) -> tuple[Case, ...]:
    """The customer's open cases on any channel, and that of this thread if it was resolved lately; newest first."""
    rows = connection.execute(
        f"SELECT {CASE_COLUMNS} FROM case_file WHERE customer_id = ? AND (state <> 'resolved' "  # noqa: S608
        "OR (id = ? AND resolved_at >= ?)) ORDER BY opened_at DESC, key DESC",
        (customer_id, in_thread, micros(now - _REMEMBERED_FOR)),
    )
    return tuple(case_from(row) for row in rows)


def kept(connection: sqlite3.Connection, case: Case) -> Case:
    """The case into which it was merged in the end."""
    while case.merged_into is not None and (into := case_with(connection, case.merged_into)) is not None:
        case = into
    return case


def next_key(connection: sqlite3.Connection) -> int:
    """The number that the next new case gets; it stays that within a transaction that writes."""
    last = connection.execute("SELECT max(key) FROM case_file").fetchone()[0]
    return FIRST_KEY if last is None else int(last) + 1


def keep(connection: sqlite3.Connection, case: Case) -> Case:
    """Write a case; a new one (key 0) gets the next number, and an id from its opening mention if it has none."""
    if case.key:
        _update(connection, case)
        if case.is_open and case.reopened:
            _unask(connection, case.id)
            count_again(connection, case)
        return case
    case = replace(case, key=next_key(connection), id=case.id or _id_for(case))
    connection.execute(
        "INSERT INTO case_file (id, key, customer_id, channel, thread_id, opened_by, touchpoints, state, urgency, "
        "opened_at, updated_at, first_answer_due, solve_due, first_answered_at, resolved_at, outcome, assignee, "
        "reopened, taken_at, snoozed_at, snoozed_until, escalated_at, resolution, fixed_by, merged_into) "
        "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        case_row(case),
    )
    return case


def close_quiet(connection: sqlite3.Connection, now: datetime, after: timedelta) -> int:
    """Resolve what has waited for the customer for `after`, as of the moment at which that time was up.

    A case with an open promise waits for the brand, whoever wrote last, and one put aside until a day for that day;
    what was due as long ago, and nobody spoke of, holds nothing up.
    """
    since = micros(now - after)
    # `state <> 'resolved'` repeats the condition of the partial index
    rows = connection.execute(
        f"SELECT {CASE_COLUMNS} FROM case_file WHERE updated_at <= ? AND snoozed_until IS NULL AND id IN "  # noqa: S608
        "(SELECT case_id FROM case_phase WHERE state <> 'resolved' AND state = 'waiting' AND ended IS NULL "
        "AND began <= ?) "
        "AND NOT EXISTS (SELECT 1 FROM promise WHERE case_id = case_file.id AND state = 'open' AND due > ?)",
        (since, since, since),
    ).fetchall()
    for row in rows:
        case = case_from(row)
        quiet_since = max(case.updated_at, _last_promised(connection, case) or case.updated_at)
        keep(connection, case.resolved(quiet_since + after, Outcome.NO_ANSWER))
    return len(rows)


def _last_promised(connection: sqlite3.Connection, case: Case) -> datetime | None:
    row: Row = connection.execute(
        "SELECT max(due) FROM promise WHERE case_id = ? AND state = 'open'", (case.id,)
    ).fetchone()
    return moment_or_none(row[0])


def _one(connection: sqlite3.Connection, condition: str, *values: object) -> Case | None:
    row: Row | None = connection.execute(
        f"SELECT {CASE_COLUMNS} FROM case_file {condition}",  # noqa: S608
        values,
    ).fetchone()
    return None if row is None else case_from(row)


def _update(connection: sqlite3.Connection, case: Case) -> None:
    _, _, _, _, _, _, touchpoints, state, urgency, _, *moving = case_row(case)
    connection.execute(
        "UPDATE case_file SET touchpoints = ?, state = ?, urgency = ?, updated_at = ?, first_answer_due = ?, "
        "solve_due = ?, first_answered_at = ?, resolved_at = ?, outcome = ?, assignee = ?, reopened = ?, taken_at = ?, "
        "snoozed_at = ?, snoozed_until = ?, escalated_at = ?, resolution = ?, fixed_by = ?, merged_into = ? "
        "WHERE id = ?",
        (touchpoints, state, urgency, *moving, case.id),
    )


def _unask(connection: sqlite3.Connection, case_id: CaseId) -> None:
    """A question how it went that has not left, as in quiet hours, does not leave once the case goes on."""
    connection.execute(
        "UPDATE outbox SET state = 'dropped', error = ? WHERE case_id = ? AND kind = 'ask' "
        "AND state IN ('pending', 'held') AND NOT ambiguous",
        (_GOES_ON, case_id),
    )


def _id_for(case: Case) -> CaseId:
    return CaseId(blake2b(case.opened_by.encode(), digest_size=10, person=b"case").hexdigest())
