"""What a person found not to be about the brand: it counts nowhere, until its case is taken up again."""

from __future__ import annotations

import sqlite3

from bot.domain.agent import Agent
from bot.domain.case import Case
from bot.domain.mention import MentionId
from bot.store.rows import Row

# by customer: readings cannot be asked by case without reading all of them
_READINGS = "mention_seq IN (SELECT seq FROM mention WHERE customer_id = :customer AND case_id = :case)"


def set_aside(connection: sqlite3.Connection, case: Case, by: Agent) -> None:
    """Neither readings nor experiences of the case count from now on."""
    named = {"case": case.id, "customer": case.customer_id, "by": by.id}
    connection.execute(
        f"UPDATE reading SET counted = 0, set_aside_by = :by WHERE counted = 1 AND {_READINGS}",  # noqa: S608
        named,
    )
    connection.execute("UPDATE experience SET counted = 0, set_aside = 1 WHERE counted = 1 AND case_id = :case", named)


def count_again(connection: sqlite3.Connection, case: Case) -> None:
    """What was set aside with the case counts as it did before."""
    named = {"case": case.id, "customer": case.customer_id}
    connection.execute(
        f"UPDATE reading SET counted = 1, set_aside_by = NULL WHERE set_aside_by IS NOT NULL AND {_READINGS}",  # noqa: S608
        named,
    )
    connection.execute(
        "UPDATE experience SET counted = 1, set_aside = 0 WHERE set_aside = 1 AND case_id = :case", named
    )


def set_aside_by(connection: sqlite3.Connection) -> dict[MentionId, str]:
    """Every mention that is, with who found so."""
    rows: list[Row] = connection.execute(
        "SELECT mention.id, set_aside_by FROM reading JOIN mention ON mention.seq = mention_seq "
        "WHERE set_aside_by IS NOT NULL"
    ).fetchall()
    return {MentionId(mention_id): by for mention_id, by in rows}
