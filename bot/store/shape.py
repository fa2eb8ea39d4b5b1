"""Which shape a database has: ours and current, ours and old, newer than this program, or somebody else's."""

from __future__ import annotations

import sqlite3

from bot.domain.errors import ConfigError

APPLICATION_ID = 0x56495645  # "VIVE", in the header of every database of ours
STEPS = (
    "0001_first_books",
    "0002_channels",
    "0003_merged_customers",
    "0004_own_touchpoints",
    "0005_desk",
    "0006_promised_words",
    "0007_unread_people",
    "0008_early_deletions",
    "0009_own_touchpoints_by_mention",
    "0010_set_aside",
    "0011_edits_in_order",
    "0012_indexes",
    "0013_search",
)


def needs_migration(connection: sqlite3.Connection, where: str) -> bool:
    """Whether steps are missing. A database of another program or of a newer version is a ConfigError."""
    version = _number(connection, "PRAGMA user_version")
    owner = _number(connection, "PRAGMA application_id")
    if owner != APPLICATION_ID and (owner or version or _number(connection, "SELECT count(*) FROM sqlite_schema")):
        message = f"{where} is a database of another program; choose another home or move the file away"
        raise ConfigError(message)
    if version > len(STEPS):
        message = (
            f"{where} was written by a newer version of Vivencia (its shape is {version}, this program knows "
            f"{len(STEPS)}); install the newer version or restore an older backup"
        )
        raise ConfigError(message)
    return version < len(STEPS)


def _number(connection: sqlite3.Connection, sql: str) -> int:
    return int(connection.execute(sql).fetchone()[0])
