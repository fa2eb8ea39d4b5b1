"""Bring a database to the shape this version needs, by numbered steps that apply whole or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from importlib import resources

from bot.store.shape import APPLICATION_ID, STEPS
from bot.store.unneeded import without

# sqlite-utils would load them to know their types as columns, which costs a service without a model 13 MB
with without("numpy", "pandas"):
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations


def migrate(connection: sqlite3.Connection) -> None:
    """Apply what is missing. All or nothing: a process that dies half-way leaves the database as it was."""
    steps = Migrations("vivencia")
    for number, name in enumerate(STEPS, start=1):
        steps(name=name)(_step(name, number))
    connection.execute("BEGIN IMMEDIATE")
    try:
        steps.apply(Database(connection, execute_plugins=False, recursive_triggers=False))
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _step(name: str, number: int) -> Callable[[Database], None]:
    def apply(database: Database) -> None:
        script = resources.files("bot.store").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
        for statement in _statements(script):
            database.conn.execute(statement)
        database.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.conn.execute(f"PRAGMA user_version = {number}")

    return apply


def _statements(script: str) -> Iterator[str]:
    """One statement at a time, because `executescript` would commit the transaction it runs in."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        message = f"an unfinished statement in a migration: {statement.strip()[:80]}"
        raise ValueError(message)
