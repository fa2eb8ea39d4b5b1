"""Accounts of people who were forgotten, as keyed hashes: enough to take nothing of theirs in, and to name nobody.

What the brand says to them is heard after they were forgotten too, and holds their name and leads to their posts: it is
told by the ids that took the place of those it answers.
"""

from __future__ import annotations

import hmac
import secrets
import sqlite3
from collections.abc import Callable

from bot.domain.mention import Handle, Mention
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
    if not _anybody(connection):
        return lambda _: False
    key = house_key(connection, 0)

    def lies_here(handle: Handle) -> bool:
        mark = _mark(key, handle)
        return connection.execute("SELECT 1 FROM tombstone WHERE account = ?", (mark,)).fetchone() is not None

    return lies_here


def passed_over(connection: sqlite3.Connection) -> Callable[[Mention], bool]:
    """Tells of a post that it is not to be taken in: its author was forgotten, or whoever the brand answers in it."""
    if not _anybody(connection):
        return lambda _: False
    forgotten, key = gone(connection), house_key(connection, 0)
    return lambda post: _said_to_one_of_them(connection, key, post) if post.by_brand else forgotten(post.author)


def _anybody(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM tombstone LIMIT 1").fetchone() is not None


def _said_to_one_of_them(connection: sqlite3.Connection, key: bytes, post: Mention) -> bool:
    """Sent by us, in answer to a post of theirs, or in a conversation in which nobody else has spoken."""
    answered = None if post.in_reply_to is None else meaningless(key, f"{post.channel}:{post.in_reply_to}")
    found: Row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM outbox JOIN customer ON customer.id = outbox.customer_id "
        "WHERE channel = :channel AND receipt_id = :said AND erased_at IS NOT NULL) "
        "OR EXISTS (SELECT 1 FROM mention WHERE external_id = :answered AND channel = :channel) "
        "OR (EXISTS (SELECT 1 FROM mention WHERE channel = :channel AND conversation = :theirs) "
        "AND NOT EXISTS (SELECT 1 FROM mention WHERE channel = :channel AND conversation = :named AND by_brand = 0))",
        {
            "channel": post.channel,
            "said": post.external_id,
            "answered": answered,
            "theirs": meaningless(key, post.conversation),
            "named": post.conversation,
        },
    ).fetchone()
    return bool(found[0])


def meaningless(key: bytes, known: str) -> str:
    """The id that takes the place of one that leads to a person, always the same: what belonged together still does."""
    return f"erased-{hmac.digest(key, known.encode('utf-8', 'backslashreplace'), 'sha256').hex()[:20]}"


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
