"""How a person reads a mention: new rows count in the place of the old, which are kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.case import Case
from bot.domain.experience import Experience
from bot.domain.reading import Sentiment
from bot.store import casebook
from bot.store.rows import EXPERIENCE_COLUMNS, experience_from, experience_row


def counted_of(connection: sqlite3.Connection, mention_id: str) -> list[Experience]:
    """What counts of a mention now, in the order in which it was read."""
    return _counted(connection, "mention_id", mention_id)


def replace_experiences(
    connection: sqlite3.Connection, mention_id: str, reread: Sequence[Experience], now: datetime
) -> Case | None:
    """These count from now on, and no others of the mention; the feeling of the whole text and the case follow them."""
    case_id = connection.execute(
        "SELECT case_id FROM experience WHERE mention_id = ? AND counted = 1 LIMIT 1", (mention_id,)
    ).fetchone()[0]
    felt = [lived.sentiment for lived in counted_of(connection, mention_id)]
    connection.execute("UPDATE experience SET counted = 0 WHERE mention_id = ?", (mention_id,))
    connection.executemany(
        f"INSERT INTO experience (case_id, counted, {EXPERIENCE_COLUMNS}) "  # noqa: S608
        "VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(case_id, *experience_row(lived)) for lived in reread],
    )
    changed = felt != [lived.sentiment for lived in reread]
    connection.execute(
        # a person has read it, and is not in doubt
        "UPDATE reading SET sentiment = coalesce(?, sentiment), abstained = 0 "
        "WHERE mention_seq = (SELECT seq FROM mention WHERE id = ?)",
        (_feeling(reread).value if changed else None, mention_id),
    )
    case = None if case_id is None else casebook.case_with(connection, case_id)
    return None if case is None else _retouched(connection, case, now)


def _retouched(connection: sqlite3.Connection, case: Case, now: datetime) -> Case:
    """The case is about where its customer had trouble, as it is read now."""
    lived = _counted(connection, "case_id", case.id)
    negative = [each for each in lived if each.sentiment is Sentiment.NEGATIVE]
    places = dict.fromkeys(each.touchpoint for each in negative or lived if each.touchpoint is not None)
    return casebook.keep(connection, replace(case, touchpoints=tuple(places), updated_at=max(case.updated_at, now)))


def _counted(connection: sqlite3.Connection, column: str, value: str) -> list[Experience]:
    rows = connection.execute(
        f"SELECT {EXPERIENCE_COLUMNS} FROM experience WHERE counted = 1 AND {column} = ? ORDER BY at, rowid",  # noqa: S608
        (value,),
    )
    return [experience_from(row) for row in rows]


def _feeling(lived: Sequence[Experience]) -> Sentiment:
    """One bad moment weighs more than a good one, as in the figures of cases."""
    felt = {each.sentiment for each in lived}
    return next((label for label in (Sentiment.NEGATIVE, Sentiment.POSITIVE) if label in felt), Sentiment.NEUTRAL)
