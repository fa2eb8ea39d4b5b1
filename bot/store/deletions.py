"""What authors take back: no word of it stays, here or in what we quoted; what was counted stays counted.

X wants removed posts gone within 24 hours, and a person's wish is reason enough everywhere else. It happens in the
transaction that hears of it. Labels without words (sentiment, touchpoint, urgency) remain: figures of past days stand.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable

from bot.domain.outbox import JobState
from bot.domain.reason import because
from bot.store.documents import reason_document, without_quotes
from bot.store.overtaken import remember
from bot.store.rows import Row
from bot.store.underway import POST_DELETED, overtake

_NOTE = reason_document(because("inbox.deleted"))
_GAP = "[…]"


def delete(connection: sqlite3.Connection, channel: str, external_ids: Iterable[str], at: int) -> int:
    """Forget the words of these posts; those that are still to come are remembered. Returns how many were there."""
    return sum(_forget(connection, channel, external_id, at) for external_id in external_ids)


def _forget(connection: sqlite3.Connection, channel: str, external_id: str, at: int) -> bool:
    row: Row | None = connection.execute(
        "UPDATE mention SET text = '', url = NULL, deleted_at = ?, state = 'done', lease_until = NULL, note = ? "
        "WHERE external_id = ? AND channel = ? AND deleted_at IS NULL RETURNING seq, id",
        (at, _NOTE, external_id, channel),
    ).fetchone()
    if row is None:
        remember(connection, channel, external_id, at)
        return False
    seq, mention_id = row
    forget_words(connection, seq, mention_id)
    overtake(connection, mention_id, JobState.WITHHELD, POST_DELETED)
    _take_down_alerts(connection, mention_id)
    return True


def _take_down_alerts(connection: sqlite3.Connection, mention_id: str) -> None:
    """An alert quotes how the post begins: the desk deletes it, while the case stays (`gone:` is what it has to)."""
    connection.execute(
        "UPDATE desk_message SET key = 'gone:' || key "
        "WHERE key IN (SELECT 'alert:' || key FROM outbox WHERE mention_id = ?)",
        (mention_id,),
    )


def forget_words(connection: sqlite3.Connection, seq: int, mention_id: str) -> None:
    """Every word of a post beside the post itself: earlier forms, lines, evidence, spans, and quotes in editions."""
    connection.execute("DELETE FROM mention_form WHERE mention_id = ?", (mention_id,))
    # every line of its own: `id` and `id/edit/…`, found by the index on keys ('0' follows '/')
    connection.execute(
        "UPDATE interaction SET text = '' WHERE key = :id OR (key >= :id || '/edit/' AND key < :id || '/edit0')",
        {"id": mention_id},
    )
    connection.execute(
        "UPDATE experience SET evidence = '', expectation = NULL WHERE mention_id = ?",
        (mention_id,),
    )
    _empty_reading(connection, seq)
    _empty_editions(connection, mention_id)


def _empty_reading(connection: sqlite3.Connection, seq: int) -> None:
    row: Row | None = connection.execute("SELECT detail FROM reading WHERE mention_seq = ?", (seq,)).fetchone()
    if row is not None:
        connection.execute("UPDATE reading SET detail = ? WHERE mention_seq = ?", (without_quotes(row[0]), seq))


def _empty_editions(connection: sqlite3.Connection, mention_id: str) -> None:
    """Take the quote out of the editions it was printed in, however its lines were broken there.

    Where one stands on the desk, it is to be drawn again: it looks like nothing that is kept (`drawn` is empty).
    """
    quoted: list[Row] = connection.execute(
        "SELECT digest_key, digest.text, digest_quote.text FROM digest_quote "
        "JOIN digest ON digest.key = digest_key WHERE mention_id = ?",
        (mention_id,),
    ).fetchall()
    for key, printed, lines in quoted:
        for quote in lines.split("\n"):
            printed = without(printed, quote)  # noqa: PLW2901 - one line after the other is taken out of it
        connection.execute("UPDATE digest SET text = ? WHERE key = ?", (printed, key))
        draw_again(connection, key)
    connection.execute("DELETE FROM digest_quote WHERE mention_id = ?", (mention_id,))


def draw_again(connection: sqlite3.Connection, edition: str) -> None:
    """It stands on the desk otherwise than it is kept."""
    connection.execute("UPDATE desk_message SET drawn = '' WHERE key = 'digest:' || ?", (edition,))


def without(printed: str, quote: str) -> str:
    """What was printed, with a gap in the place of the quote, however its lines were broken there."""
    if not quote.strip():
        return printed
    left, found = re.subn(_as_printed(quote), _GAP, printed)
    # a word longer than the page was cut somewhere: then the whole edition goes, rather than leave the quote in it
    return left if found else _GAP


def stands_in(printed: str, words: str) -> bool:
    """Whether an edition holds these words."""
    return bool(words.strip()) and re.search(_as_printed(words), printed) is not None


def _as_printed(words: str) -> str:
    """As whole words: what was promised may be one that stands within others."""
    words = r"\s+".join(map(re.escape, words.split()))
    return rf"(?<!\w){words}(?!\w)"
