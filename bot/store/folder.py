"""What people do with a case as rows: notes, alerts, questions, parts that move elsewhere, what waits for whom."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from datetime import datetime

from bot.domain.action import Alert, Ask
from bot.domain.agent import Agent, Deed
from bot.domain.case import Case
from bot.domain.deskwork import AuditLine, QueueFilter, QueueOrder
from bot.domain.interaction import Direction, Interaction
from bot.domain.outbox import Ruling
from bot.domain.promise import Promise
from bot.store.aside import count_again
from bot.store.documents import action_document, reason_document, reason_or_none, values_from
from bot.store.moments import micros, moment
from bot.store.rows import (
    CASE_COLUMNS,
    INTERACTION_COLUMNS,
    PROMISE_COLUMNS,
    PROMISES,
    Row,
    case_from,
    interaction_row,
    promise_from,
)
from bot.store.searching import found_by_name, found_by_words

_FIRST = 3
_SOON = 1
_MOVES = ("experience", "interaction", "outbox", "promise", "voice")
_BY_DUE = (
    "CASE urgency WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, "
    "CASE WHEN first_answered_at IS NULL THEN first_answer_due ELSE solve_due END, key"
)


def seen(connection: sqlite3.Connection, agent: Agent, at: datetime) -> None:
    """Remember how they are called now."""
    connection.execute(
        "INSERT INTO agent (id, name, rank, seen_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "name = excluded.name, rank = excluded.rank, seen_at = excluded.seen_at",
        (agent.id, agent.name, agent.rank.value, micros(at)),
    )


def names(connection: sqlite3.Connection, ids: Collection[str]) -> dict[str, str]:
    """How they are called; an id that nobody knows stands for itself."""
    known = {one: one for one in ids}
    for one in known:
        row: Row | None = connection.execute("SELECT name FROM agent WHERE id = ?", (one,)).fetchone()
        known[one] = one if row is None else row[0]
    return known


def note(  # noqa: PLR0913 - what, in which case, by whom
    connection: sqlite3.Connection, case: Case, text: str, *, key: str, by: Agent, at: datetime
) -> None:
    """An internal line of the case's history."""
    line = Interaction(
        key=key,
        customer_id=case.customer_id,
        case_id=case.id,
        mention_id=None,
        at=at,
        direction=Direction.INTERNAL,
        actor=by.id,
        channel=case.channel,
        text=text,
    )
    connection.execute(
        f"INSERT INTO interaction ({INTERACTION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",  # noqa: S608
        interaction_row(line),
    )


def alert(  # noqa: PLR0913 - about what, and when
    connection: sqlite3.Connection, case: Case, alert: Alert, *, key: str, now: datetime, due: datetime
) -> bool:
    """On its way to the people on watch; False when it was before."""
    made = connection.execute(
        "INSERT INTO outbox (key, mention_id, channel, conversation, customer_id, case_id, kind, action, responder, "
        "verdict, reason, state, decided_at, due_at, priority) "
        "SELECT ?, id, channel, conversation, ?, ?, 'alert', ?, 'desk', 'send', ?, 'pending', ?, ?, ? "
        "FROM mention WHERE id = ? ON CONFLICT DO NOTHING",
        (
            key,
            case.customer_id,
            case.id,
            action_document(alert),
            reason_document(alert.reason),
            micros(now),
            micros(due),
            _FIRST if alert.wakes else _SOON,
            case.opened_by,
        ),
    )
    return made.rowcount == 1


def ask(  # noqa: PLR0913 - whom, what, and when
    connection: sqlite3.Connection,
    case: Case,
    question: Ask,
    ruling: Ruling,
    *,
    key: str,
    by: Agent,
    now: datetime,
    due: datetime,
) -> None:
    """A question on its way, on a person's word."""
    connection.execute(
        "INSERT INTO outbox (key, mention_id, channel, conversation, customer_id, case_id, kind, action, responder, "
        "verdict, reason, state, decided_at, due_at, approved_by, priority) "
        "SELECT ?, id, channel, conversation, ?, ?, 'ask', ?, 'agent', ?, ?, 'pending', ?, ?, ?, ? "
        "FROM mention WHERE id = ? ON CONFLICT DO NOTHING",
        (
            key,
            case.customer_id,
            case.id,
            action_document(question),
            ruling.verdict.value,
            reason_document(ruling.reason),
            micros(now),
            micros(due),
            by.id,
            _FIRST,
            question.to,
        ),
    )


def move(connection: sqlite3.Connection, case: Case, into: Case) -> None:
    """Everything that was filed in one case is filed in the other, and counts there."""
    count_again(connection, case)
    # by customer: neither table can be asked by case without reading all of it
    theirs = (into.id, case.id, case.customer_id)
    connection.execute(
        "UPDATE reading SET case_id = ? WHERE case_id = ? "
        "AND mention_seq IN (SELECT seq FROM mention WHERE customer_id = ?)",
        theirs,
    )
    connection.execute("UPDATE mention SET case_id = ? WHERE case_id = ? AND customer_id = ?", theirs)
    # its post is told what came before its own lines too
    connection.execute(
        "UPDATE desk_card SET told = min(told, "
        "coalesce((SELECT min(seq) - 1 FROM interaction WHERE case_id = ?), told)) WHERE case_id = ?",
        (case.id, into.id),
    )
    for table in _MOVES:
        connection.execute(f"UPDATE {table} SET case_id = ? WHERE case_id = ?", (into.id, case.id))  # noqa: S608


def to_wake(connection: sqlite3.Connection, now: datetime) -> list[Case]:
    """Cases whose time aside is over."""
    return _cases(connection, "snoozed_at IS NOT NULL AND snoozed_until <= :now AND state <> 'resolved'", now=now)


def to_answer(connection: sqlite3.Connection, since: datetime, now: datetime) -> list[Case]:
    """Cases whose first answer is overdue, since `since` at the longest, that nobody put aside and somebody may answer:
    not after words that asked us to write no more.
    """
    return _cases(
        connection,
        "first_answered_at IS NULL AND resolved_at IS NULL AND first_answer_due <= :now AND first_answer_due > :since "
        "AND snoozed_at IS NULL AND NOT EXISTS (SELECT 1 FROM customer WHERE id = case_file.customer_id "
        "AND opted_out_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM interaction "
        "WHERE case_id = case_file.id AND direction = 'inbound' AND at > customer.opted_out_at))",
        since=since,
        now=now,
    )


def to_solve(connection: sqlite3.Connection, since: datetime, now: datetime) -> list[Case]:
    """Cases whose solution is overdue, since `since` at the longest, and that nobody put aside."""
    return _cases(
        connection,
        # `state <> …` repeats the condition of the partial index
        "state <> 'resolved' AND state <> 'waiting' AND solve_due <= :now AND solve_due > :since "
        "AND snoozed_at IS NULL",
        since=since,
        now=now,
    )


def to_keep(connection: sqlite3.Connection, since: datetime, now: datetime) -> list[tuple[Case, Promise]]:
    """Promises that are overdue, since `since` at the longest, with their cases.

    Nothing is owed to who was forgotten.
    """
    rows = connection.execute(
        f"SELECT {PROMISE_COLUMNS} FROM {PROMISES} WHERE promise.state = 'open' AND due <= ? AND due > ? "  # noqa: S608
        "AND promise.case_id IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM customer WHERE id = promise.customer_id AND erased_at IS NOT NULL)",
        (micros(now), micros(since)),
    ).fetchall()
    found = []
    for promise in map(promise_from, rows):
        [case] = _cases(connection, "id = :id", id=promise.case_id)
        found.append((case, promise))
    return found


def queue(connection: sqlite3.Connection, wanted: QueueFilter) -> list[Case]:
    """Open cases, the first to be looked at first."""
    conditions, named = ["state <> 'resolved'"], {"limit": wanted.limit}
    if not wanted.snoozed:
        conditions.append("snoozed_at IS NULL")
    if wanted.unassigned:
        conditions.append("assignee IS NULL")
    if wanted.touchpoint is not None:
        conditions.append("' ' || touchpoints || ' ' LIKE '% ' || :touchpoint || ' %'")
    conditions += [
        f"{name} = :{name}" for name in ("state", "assignee", "urgency") if getattr(wanted, name) is not None
    ]
    given = {name: getattr(wanted, name) for name in ("state", "assignee", "urgency", "touchpoint")}
    order = _BY_DUE if wanted.order is QueueOrder.DUE else "opened_at DESC, key DESC"
    rows = connection.execute(
        f"SELECT {CASE_COLUMNS} FROM case_file WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT :limit",  # noqa: S608
        named | {name: str(value) for name, value in given.items() if value is not None},
    )
    return [case_from(row) for row in rows]


def find(connection: sqlite3.Connection, typed: str, limit: int) -> list[Case]:
    """By number, or by words of which each begins one that was said in the case or a name of its customer."""
    return _found(connection, typed, limit, found_by_words)


def called(connection: sqlite3.Connection, typed: str, limit: int) -> list[Case]:
    """By number, or by how its customer is called."""
    return _found(connection, typed, limit, found_by_name)


def _found(
    connection: sqlite3.Connection, typed: str, limit: int, condition: Callable[[str], tuple[str, list[str]]]
) -> list[Case]:
    """Newest first; a number that a case has is that case."""
    number = typed.strip().removeprefix("#")
    if number.isdecimal() and len(number) < 10:
        exact = _cases_where(connection, "key = ?", int(number))
        if exact:
            return exact
    where, values = condition(typed)
    return _cases_where(connection, f"{where} ORDER BY opened_at DESC, key DESC LIMIT ?", *values, limit)


def log(connection: sqlite3.Connection, case: Case, limit: int) -> list[AuditLine]:
    """What was done to a case, newest first."""
    rows = connection.execute(
        "SELECT at, agent_id, agent_name, deed, about, detail, refused FROM audit WHERE case_id = ? "
        "ORDER BY seq DESC LIMIT ?",
        (case.id, limit),
    )
    return [
        AuditLine(
            at=moment(row[0]),
            agent_id=row[1],
            agent_name=row[2],
            deed=Deed(row[3]),
            case_key=case.key,
            about=row[4],
            detail=values_from(row[5]),
            refused=reason_or_none(row[6]),
        )
        for row in rows
    ]


def _cases(connection: sqlite3.Connection, condition: str, **named: datetime | str | None) -> list[Case]:
    rows = connection.execute(
        f"SELECT {CASE_COLUMNS} FROM case_file WHERE {condition}",  # noqa: S608
        {name: micros(value) if isinstance(value, datetime) else value for name, value in named.items()},
    ).fetchall()
    return [case_from(row) for row in rows]


def _cases_where(connection: sqlite3.Connection, condition: str, *values: object) -> list[Case]:
    rows = connection.execute(f"SELECT {CASE_COLUMNS} FROM case_file WHERE {condition}", values)  # noqa: S608
    return [case_from(row) for row in rows]
