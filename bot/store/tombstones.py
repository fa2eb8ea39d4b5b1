"""Accounts of people who were forgotten, as keyed hashes: enough to take nothing of theirs in, and to name nobody."""

from __future__ import annotations

import hmac
import secrets
import sqlite3
from collections.abc import Callable

from bot.domain.mention import Handle
from bot.store.rows import Row

_KEY = "tombstone_key"


def bury(connection: sqlite3.Connection, handle: Handle, at: int) -> None:
    """From now on nothing of this account is taken in."""
    connection.execute(
        "INSERT INTO tombstone (account, erased_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (_mark(house_key(connection, at), handle), at),
    )


def gone(connection: sqlite3.Connection) -> Callable[[Handle], bool]:
    """Tells of an account whether its owner was forgotten. Costs nothing where nobody was."""
    if connection.execute("SELECT 1 FROM tombstone LIMIT 1").fetchone() is None:
        return lambda _: False
    key = house_key(connection, 0)

    def lies_here(handle: Handle) -> bool:
        mark = _mark(key, handle)
        return connection.execute("SELECT 1 FROM tombstone WHERE account = ?", (mark,)).fetchone() is not None

    return lies_here


def house_key(connection: sqlite3.Connection, at: int) -> bytes:
    """A secret of this database, made when first needed: without it nobody can try accounts against the hashes."""
    connection.execute(
        "INSERT INTO setting (name, value, set_by, set_at) VALUES (?, ?, 'vivencia', ?) ON CONFLICT DO NOTHING",
        (_KEY, secrets.token_hex(32), at),
    )
    row: Row = connection.execute("SELECT value FROM setting WHERE name = ?", (_KEY,)).fetchone()
    return bytes.fromhex(row[0])


def _mark(key: bytes, handle: Handle) -> str:
    natural = f"{handle.channel}\0{handle.account_id}".encode("utf-8", "backslashreplace")
    return hmac.digest(key, natural, "sha256").hex()
