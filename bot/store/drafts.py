"""Answers that people write or change: the texts a draft had, and what was heard since."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime

from bot.domain.action import Ask, Reply
from bot.domain.agent import Agent
from bot.domain.deskwork import DraftForm, HeldDraft
from bot.domain.interaction import MACHINE, Interaction
from bot.domain.outbox import Job, JobState, Ruling, Verdict
from bot.domain.reason import Why
from bot.domain.situation import Situation
from bot.store import casebook
from bot.store.documents import action_document, reason_document
from bot.store.moments import micros, moment
from bot.store.rows import INTERACTION_COLUMNS, JOB_COLUMNS, Row, interaction_from, job_from

BY_AGENT = "agent"
# leaves before everything else: somebody waits for it
FIRST = 3


def forms_of_draft(connection: sqlite3.Connection, job: Job) -> tuple[DraftForm, ...]:
    """Oldest first; a draft that nobody changed has the one it was decided with."""
    rows: list[Row] = connection.execute(
        "SELECT text, written_by, at FROM draft_form WHERE job_id = ? ORDER BY number", (job.id,)
    ).fetchall()
    if not rows and isinstance(job.action, Reply | Ask):
        return (DraftForm(text=job.action.text, by=job.written_by or MACHINE, at=job.decided_at),)
    return tuple(DraftForm(text=text, by=by, at=moment(at)) for text, by, at in rows)


def keep_form(connection: sqlite3.Connection, job: Job, text: str, by: str, now: datetime) -> None:
    """The newest text of a draft; the one it had before is kept with it."""
    earlier = forms_of_draft(connection, job)
    forms = [*earlier, DraftForm(text=text, by=by, at=now)]
    connection.executemany(
        "INSERT INTO draft_form (job_id, number, text, written_by, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(job.id, number, form.text, form.by, micros(form.at)) for number, form in enumerate(forms)],
    )


def last_line(connection: sqlite3.Connection, case_id: str) -> str:
    """The key of what the customer said last in a case."""
    row: Row | None = connection.execute(
        "SELECT key FROM interaction WHERE case_id = ? AND direction = 'inbound' ORDER BY seq DESC LIMIT 1", (case_id,)
    ).fetchone()
    return "" if row is None else str(row[0])


def heard_since(connection: sqlite3.Connection, case_id: str, seen: str) -> tuple[Interaction, ...]:
    """What the customer said in a case after the line of that key; everything when there is no such line."""
    rows = connection.execute(
        f"SELECT {INTERACTION_COLUMNS} FROM interaction WHERE case_id = ? AND direction = 'inbound' "  # noqa: S608
        "AND seq > coalesce((SELECT seq FROM interaction WHERE key = ?), 0) ORDER BY seq",
        (case_id, seen),
    )
    return tuple(interaction_from(row) for row in rows)


def heard_since_written(connection: sqlite3.Connection, job: Job) -> tuple[Interaction, ...]:
    """What its customer said since a draft was written, in its case or in answer to it."""
    row: Row = connection.execute(
        "SELECT coalesce(written_after, (SELECT seq FROM interaction WHERE key = :line), "
        "(SELECT max(seq) FROM interaction WHERE mention_id = :mention), 0) FROM outbox WHERE id = :job",
        {
            "line": job.key.rsplit(f"/{'reply' if isinstance(job.action, Reply) else 'ask'}", 1)[0],
            "mention": job.mention_id,
            "job": job.id,
        },
    ).fetchone()
    rows = connection.execute(
        f"SELECT {INTERACTION_COLUMNS} FROM interaction WHERE seq > :after AND direction = 'inbound' "  # noqa: S608
        "AND customer_id = :customer AND (case_id = :case OR mention_id = :mention) ORDER BY seq",
        {"after": row[0], "customer": job.customer_id, "case": job.case_id, "mention": job.mention_id},
    )
    return tuple(interaction_from(row) for row in rows)


def job_where(connection: sqlite3.Connection, column: str, value: str | int) -> Job | None:
    """The one decision of that `id` or `key`."""
    row: Row | None = connection.execute(
        f"SELECT {JOB_COLUMNS} FROM outbox WHERE {column} = ?",  # noqa: S608
        (value,),
    ).fetchone()
    return None if row is None else job_from(row)


def draft_with(connection: sqlite3.Connection, job_id: int) -> HeldDraft | None:
    """An answer or a question, whatever became of it."""
    job = job_where(connection, "id", job_id)
    return None if job is None or not isinstance(job.action, Reply | Ask) else _draft(connection, job)


def held_in(connection: sqlite3.Connection, case_id: str) -> list[HeldDraft]:
    """What waits for a person in a case, newest first."""
    return _held(connection, "AND outbox.case_id = :case ORDER BY outbox.id DESC", case=case_id)


def held(connection: sqlite3.Connection, limit: int) -> list[HeldDraft]:
    """What waits for a person: the most urgent cases first, then what waits longest."""
    order = "ORDER BY CASE case_file.urgency WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, decided_at, outbox.id"
    return _held(connection, f"{order} LIMIT :limit", limit=limit)


def write(  # noqa: PLR0913 - what, where, whose, and whether it may go
    connection: sqlite3.Connection, key: str, reply: Reply, situation: Situation, *, ruling: Ruling, by: Agent
) -> Job:
    """An answer in a person's words: on its way at once, or held for another person."""
    mention, case = situation.mention, situation.case
    goes = ruling.verdict is Verdict.SEND
    connection.execute(
        "INSERT INTO outbox (mention_id, channel, conversation, customer_id, case_id, decided_at, due_at, key, kind, "
        "action, responder, verdict, reason, state, written_by, approved_by, priority, written_after) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'reply', ?, ?, ?, ?, ?, ?, ?, ?, (SELECT max(seq) FROM interaction))",
        (
            mention.id,
            mention.channel,
            mention.conversation,
            situation.customer.id,
            None if case is None else case.id,
            micros(situation.now),
            micros(situation.now),
            key,
            action_document(reply),
            BY_AGENT,
            ruling.verdict.value,
            reason_document(ruling.reason),
            (JobState.PENDING if goes else JobState.HELD).value,
            by.id,
            by.id if goes else None,
            FIRST,
        ),
    )
    job = _job(connection, "key", key)
    connection.execute(
        "INSERT INTO draft_form (job_id, number, text, written_by, at) VALUES (?, 0, ?, ?, ?)",
        (job.id, reply.text, by.id, micros(situation.now)),
    )
    return job


def let_go(connection: sqlite3.Connection, job: Job, by: str, now: datetime) -> Job:
    """A held one is on its way."""
    connection.execute(
        "UPDATE outbox SET state = 'pending', approved_by = ?, due_at = ?, priority = ?, error = NULL "
        "WHERE id = ? AND state = 'held'",
        (by, micros(now), FIRST, job.id),
    )
    return _job(connection, "id", job.id)


def reword(  # noqa: PLR0913 - which, to what, by whom, and whether it may go
    connection: sqlite3.Connection, job: Job, text: str, *, ruling: Ruling, by: str, now: datetime
) -> Job:
    """Other words by another writer, who has read what was said so far. It stays held."""
    if not isinstance(job.action, Reply | Ask):
        return job
    keep_form(connection, job, text, by, now)
    connection.execute(
        "UPDATE outbox SET action = ?, written_by = ?, approved_by = NULL, verdict = ?, reason = ?, "
        "written_after = (SELECT max(seq) FROM interaction) WHERE id = ?",
        (
            action_document(replace(job.action, text=text)),
            by,
            ruling.verdict.value,
            reason_document(ruling.reason),
            job.id,
        ),
    )
    return _job(connection, "id", job.id)


def drop(connection: sqlite3.Connection, job: Job, why: Why) -> Job:
    """Never to leave."""
    connection.execute(
        "UPDATE outbox SET state = 'dropped', error = ?, lease_until = NULL WHERE id = ? AND state = 'held'",
        (reason_document(why), job.id),
    )
    return _job(connection, "id", job.id)


def who_decided(connection: sqlite3.Connection, job: Job) -> str | None:
    """The name of whoever let it go or rejected it, or None where nobody knows."""
    row: Row | None = connection.execute(
        "SELECT agent_name FROM audit WHERE about = ? AND refused IS NULL AND deed IN ('approve', 'reject', 'reply') "
        "ORDER BY seq DESC LIMIT 1",
        (f"job:{job.id}",),
    ).fetchone()
    return job.approved_by if row is None else str(row[0])


def _held(connection: sqlite3.Connection, more: str, **values: object) -> list[HeldDraft]:
    # `state IN (…)` repeats the condition of the partial index
    rows = connection.execute(
        f"SELECT {JOB_COLUMNS} FROM outbox LEFT JOIN case_file ON case_file.id = outbox.case_id "  # noqa: S608
        "WHERE outbox.state IN ('held', 'unknown', 'dead') AND outbox.state = 'held' AND kind IN ('reply', 'ask') "
        f"{more}",
        values,
    ).fetchall()
    return [_draft(connection, job_from(row)) for row in rows]


def _draft(connection: sqlite3.Connection, job: Job) -> HeldDraft:
    return HeldDraft(
        job=job,
        case=None if job.case_id is None else casebook.case_with(connection, job.case_id),
        forms=forms_of_draft(connection, job),
        newer=heard_since_written(connection, job),
        approved_by=job.approved_by,
    )


def _job(connection: sqlite3.Connection, column: str, value: str | int) -> Job:
    job = job_where(connection, column, value)
    if job is None:
        message = f"there is no job with {column} {value}"
        raise LookupError(message)
    return job
