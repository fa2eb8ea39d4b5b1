"""Editions of the digest as they were printed, and whose words stand in them, so that they can be taken out again."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bot.domain.digest import Quote
from bot.domain.promise import Promise
from bot.store.deletions import draw_again, stands_in, without
from bot.store.moments import micros
from bot.store.rows import Row


def keep(  # noqa: PLR0913 - an edition, when, and whose words are in it
    connection: sqlite3.Connection,
    key: str,
    text: str,
    now: datetime,
    *,
    quotes: Sequence[Quote],
    promises: Sequence[Promise],
) -> bool:
    """Whether this is the first edition under its key. What was taken back while it was being printed is left out."""
    printed = [_quoted(connection, quote) for quote in quotes]
    printed += [_promised(connection, promise) for promise in promises if stands_in(text, promise.what)]
    taken_back = [each.words for each in printed if each.mention_id is None]
    for words in taken_back:
        text = without(text, words)
    written = connection.execute(
        "INSERT INTO digest (key, text, kept_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (key, text, micros(now))
    )
    if written.rowcount == 1:
        connection.executemany(
            "INSERT INTO digest_quote (mention_id, digest_key, text) VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET text = text || char(10) || excluded.text",
            [(each.mention_id, key, each.words) for each in printed if each.mention_id is not None],
        )
        if taken_back:
            draw_again(connection, key)
    return written.rowcount == 1


def kept(connection: sqlite3.Connection) -> list[str]:
    """The keys, oldest first."""
    return [key for (key,) in connection.execute("SELECT key FROM digest ORDER BY seq")]


class _Printed(NamedTuple):
    """Words in an edition, and the post with which they go; None where they are gone already."""

    words: str
    mention_id: str | None


def _quoted(connection: sqlite3.Connection, quote: Quote) -> _Printed:
    found: Row | None = connection.execute(
        "SELECT id FROM mention WHERE id = ? AND deleted_at IS NULL", (quote.mention_id,)
    ).fetchone()
    return _Printed(quote.text, None if found is None else found[0])


def _promised(connection: sqlite3.Connection, promise: Promise) -> _Printed:
    """It goes with the post it was made in; made by hand, with the one that opened its case."""
    found: Row | None = connection.execute(
        "SELECT coalesce((SELECT id FROM mention WHERE id = :source), "
        "(SELECT opened_by FROM case_file WHERE id = :case_id)) FROM customer WHERE id = :customer",
        {"source": promise.source, "case_id": promise.case_id, "customer": promise.customer_id},
    ).fetchone()
    return _Printed(promise.what, None if found is None else found[0])
