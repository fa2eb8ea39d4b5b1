"""Answers that people write or change: the texts a draft had, and what was heard since."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from bot.domain.action import Ask, Reply
from bot.domain.deskwork import DraftForm
from bot.domain.interaction import Interaction
from bot.domain.outbox import Job
from bot.store.moments import micros, moment
from bot.store.rows import INTERACTION_COLUMNS, Row, interaction_from

MACHINE = "bot"


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


def newest_line(connection: sqlite3.Connection) -> int:
    """The number of the last line of history there is."""
    return int(connection.execute("SELECT coalesce(max(seq), 0) FROM interaction").fetchone()[0])
