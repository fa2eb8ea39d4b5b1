"""Deletions that overtook their post: remembered for a while, so that the post is not taken in when it comes.

A stream tells of a deletion within the second, and a poll or a slow server may bring the post after it. What is
remembered is the channel, when we heard of it, and a keyed hash of the post's id, since on some platforms an id leads
to its author.
"""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.mention import Mention
from bot.store.moments import micros
from bot.store.tombstones import house_key, meaningless

REMEMBERED = timedelta(days=30)
"""A post that comes later than this after its deletion is taken in."""


def remember(connection: sqlite3.Connection, channel: str, external_id: str, at: int) -> None:
    """Unless the post is here, or was until its author was forgotten."""
    key = house_key(connection, at)
    here = connection.execute(
        "SELECT 1 FROM mention WHERE channel = ? AND external_id IN (?, ?)",
        (channel, external_id, meaningless(key, f"{channel}:{external_id}")),
    ).fetchone()
    if here is None:
        connection.execute(
            "INSERT INTO early_deletion (channel, post, heard_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (channel, _mark(key, channel, external_id), at),
        )


def overtaken(connection: sqlite3.Connection, at: int) -> Callable[[Mention], bool]:
    """Tells of a post that was deleted before it came, and notes that it came. Costs nothing where there is none."""
    if connection.execute("SELECT 1 FROM early_deletion LIMIT 1").fetchone() is None:
        return lambda _: False
    key = house_key(connection, at)

    def came_too_late(post: Mention) -> bool:
        named = (at, post.channel, _mark(key, post.channel, post.external_id))
        found = connection.execute(
            "UPDATE early_deletion SET came_at = coalesce(came_at, ?) WHERE channel = ? AND post = ?", named
        )
        return found.rowcount == 1

    return came_too_late


def sweep(connection: sqlite3.Connection, now: datetime) -> int:
    """Forget those whose time is over. Returns how many."""
    return connection.execute("DELETE FROM early_deletion WHERE heard_at < ?", (micros(now - REMEMBERED),)).rowcount


def _mark(key: bytes, channel: str, external_id: str) -> str:
    natural = f"deleted\0{channel}\0{external_id}".encode("utf-8", "backslashreplace")
    return hmac.digest(key, natural, "sha256").hex()
