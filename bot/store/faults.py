"""What SQLite's errors mean to somebody: work to try again, or something the operator must change."""

from __future__ import annotations

import sqlite3

from bot.domain.errors import ConfigError, StoreUnavailable, VivenciaError

_PASSING = {
    sqlite3.SQLITE_BUSY: "another process has been writing to it for too long",
    sqlite3.SQLITE_LOCKED: "another process has been writing to it for too long",
    sqlite3.SQLITE_FULL: "the disk is full; free some space and the work goes on by itself",
    sqlite3.SQLITE_IOERR: "the disk gives input/output errors",
    sqlite3.SQLITE_READONLY: "the file or its disk is read-only",
    sqlite3.SQLITE_PERM: "the file may not be written by this user",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: read-only, or a folder that this user may not write",
    sqlite3.SQLITE_NOMEM: "memory has run out",
}
_BROKEN = {
    sqlite3.SQLITE_NOTADB: "is not a Vivencia database; choose another home or move the file away",
    sqlite3.SQLITE_CORRUPT: "is damaged; restore a backup",
}


def spoken(error: sqlite3.Error, where: str) -> VivenciaError | None:
    """The error for people, or None when it is a mistake of the programmer and should crash as it is."""
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if primary in _PASSING:
        return StoreUnavailable(f"the database {where} cannot be used now: {_PASSING[primary]} ({error})")
    if primary in _BROKEN:
        return ConfigError(f"{where} {_BROKEN[primary]} ({error})")
    return None
