"""What employees say, and how many of them say so too."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from bot.domain.reading import Touchpoint
from bot.domain.voice import EmployeeVoice
from bot.store.moments import micros, moment
from bot.store.rows import Row

_VOICES = """
SELECT voice.id, voice.text, voice.touchpoint, case_file.key, said_by, voice.at,
    (SELECT count(*) FROM voice_vote WHERE voice_id = voice.id) AS votes
FROM voice LEFT JOIN case_file ON case_file.id = voice.case_id
"""


def say(connection: sqlite3.Connection, voice: EmployeeVoice) -> EmployeeVoice:
    """Keep it under its id."""
    connection.execute(
        "INSERT INTO voice (id, text, touchpoint, case_id, said_by, at) "
        "VALUES (?, ?, ?, (SELECT id FROM case_file WHERE key = ?), ?, ?) ON CONFLICT DO NOTHING",
        (
            voice.id,
            voice.text,
            None if voice.touchpoint is None else voice.touchpoint.value,
            voice.case_key,
            voice.said_by,
            micros(voice.at),
        ),
    )
    return voice


def vote(connection: sqlite3.Connection, voice_id: str, agent_id: str) -> None:
    """One vote a person; the second takes the first back."""
    taken_back = connection.execute(
        "DELETE FROM voice_vote WHERE voice_id = ? AND agent_id = ?", (voice_id, agent_id)
    ).rowcount
    if not taken_back:
        connection.execute("INSERT INTO voice_vote (voice_id, agent_id) VALUES (?, ?)", (voice_id, agent_id))


def voice_with(connection: sqlite3.Connection, voice_id: str) -> EmployeeVoice | None:
    """By its id, with its votes."""
    row: Row | None = connection.execute(f"{_VOICES} WHERE voice.id = ?", (voice_id,)).fetchone()
    return None if row is None else _voice(row)


def voices(connection: sqlite3.Connection, since: datetime, until: datetime) -> list[EmployeeVoice]:
    """Said in the period: those with most votes first, then the oldest."""
    rows = connection.execute(
        f"{_VOICES} WHERE voice.at >= ? AND voice.at < ? ORDER BY votes DESC, voice.at, voice.id",
        (micros(since), micros(until)),
    )
    return [_voice(row) for row in rows]


def _voice(row: Row) -> EmployeeVoice:
    return EmployeeVoice(
        id=row[0],
        text=row[1],
        touchpoint=None if row[2] is None else Touchpoint(row[2]),
        case_key=row[3],
        said_by=row[4],
        at=moment(row[5]),
        votes=row[6],
    )
