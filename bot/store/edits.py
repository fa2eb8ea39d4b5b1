"""What authors change after we heard it: the new form counts, the earlier ones are kept.

Edited before it was read, a mention is simply read in its new form. Edited after, it is read again (an angry
afterthought must reach a person); what follows from that is decided in `bot.pipeline.edited`.
"""

from __future__ import annotations

import sqlite3

from bot.domain.mention import Form, Mention
from bot.domain.outbox import JobState
from bot.store.moments import micros_or_none, moment
from bot.store.rows import Row
from bot.store.underway import POST_CHANGED, overtake


def edit(connection: sqlite3.Connection, mention: Mention, heard_at: int) -> bool:
    """Give a mention its new form and have it read (again). False when nothing changed, it is gone, or the form that is
    kept was written later.
    """
    row: Row | None = connection.execute(
        "SELECT text, edits, edited_at FROM mention WHERE id = ? AND deleted_at IS NULL", (mention.id,)
    ).fetchone()
    if row is None:
        return False
    said, number, before = row
    at = micros_or_none(mention.edited_at)
    if at is not None and before is not None and at < before:
        return False
    connection.execute("UPDATE mention SET edited_at = coalesce(?, edited_at) WHERE id = ?", (at, mention.id))
    if said == mention.text:
        return False
    connection.execute(
        "INSERT INTO mention_form (mention_id, number, text, replaced_at) VALUES (?, ?, ?, ?)",
        (mention.id, number, said, heard_at),
    )
    # claims are forgiven: what brought its worker down was the old form; whoever holds that form settles nothing
    connection.execute(
        "UPDATE mention SET text = ?, edits = ?, language_hint = ?, state = 'waiting', claims = 0, alone = 0, "
        "lease_until = NULL, note = NULL WHERE id = ?",
        (mention.text, number + 1, mention.language_hint, mention.id),
    )
    _hold_answers(connection, mention)
    return True


def _hold_answers(connection: sqlite3.Connection, mention: Mention) -> None:
    """An answer to the old form that has not left waits for a person."""
    overtake(connection, mention.id, JobState.HELD, POST_CHANGED)


def forms_of(connection: sqlite3.Connection, mention_id: str) -> tuple[Form, ...]:
    """What a mention said before, oldest first."""
    rows = connection.execute(
        "SELECT text, replaced_at FROM mention_form WHERE mention_id = ? ORDER BY number", (mention_id,)
    )
    return tuple(Form(text=text, until=moment(replaced_at)) for text, replaced_at in rows)
