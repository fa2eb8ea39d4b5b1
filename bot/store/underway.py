"""Answers on their way while their post changes: what may have been heard already, and what becomes of the others."""

from __future__ import annotations

import sqlite3

from bot.domain.outbox import JobState
from bot.domain.reason import because
from bot.store.documents import reason_document

IN_DOUBT = "(ambiguous OR (attempts > 0 AND error IS NOT NULL))"
"""Of what waits in the outbox: whether an earlier try may have been heard. A plain no, as of a limit, is no try."""
POST_CHANGED = reason_document(because("outbox.post_changed"))
POST_DELETED = reason_document(because("outbox.post_deleted"))


def overtake(connection: sqlite3.Connection, mention_id: str, state: JobState, why: str) -> None:
    """What was to be said to this post is held or withheld, and why.

    What may have been heard, or is just being said, is only marked: once it is known that it was not, it follows.
    """
    connection.execute(
        f"UPDATE outbox SET state = iif(state = 'sending' OR {IN_DOUBT}, state, ?), error = ?, "  # noqa: S608
        "lease_until = iif(state = 'sending', lease_until, NULL) "
        "WHERE mention_id = ? AND kind IN ('reply', 'ask') AND state IN ('pending', 'held', 'sending')",
        (state.value, why, mention_id),
    )
