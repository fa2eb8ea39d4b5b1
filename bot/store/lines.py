"""The lines of a customer's history: one for every form of everything said."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.interaction import Interaction
from bot.domain.mention import Form
from bot.store.rows import INTERACTION_COLUMNS, interaction_row


def keep_forms(connection: sqlite3.Connection, said: Interaction, forms: Sequence[Form], *, since: int = 0) -> None:
    """A line for each earlier form and for the last: the first when it was posted, the others when they came.

    Those kept before are left as they are. Form number `since` is the first to be written.
    """
    texts = [*(form.text for form in forms), said.text]
    moments = [said.at, *(form.until for form in forms)]
    lines = [
        replace(said, key=f"{said.key}/edit/{number}" if number else said.key, text=text, at=at)
        for number, (text, at) in enumerate(zip(texts, moments, strict=True))
    ]
    connection.executemany(
        f"INSERT INTO interaction ({INTERACTION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "  # noqa: S608
        "ON CONFLICT (key) DO NOTHING",
        [interaction_row(line) for line in lines[since:]],
    )
