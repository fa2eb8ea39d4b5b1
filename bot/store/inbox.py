"""Everything heard, once: accepted with the cursor, claimed in order, set aside when it brings its worker down."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

from bot.domain.mention import Accepted, Batch, KeptPosts, Mention, MentionId
from bot.domain.reason import because
from bot.store.deletions import delete
from bot.store.documents import reason_document
from bot.store.edits import edit
from bot.store.engine import Engine
from bot.store.moments import micros, moment_or_none
from bot.store.overtaken import overtaken, sweep
from bot.store.people import language_of
from bot.store.rows import MENTION_COLUMNS, Row, mention_from, mention_row
from bot.store.tombstones import passed_over

MOST_CLAIMS = 3
_BROUGHT_DOWN = reason_document(because("inbox.brought_down", times=MOST_CLAIMS))

_FREE = "SELECT seq, claims, alone FROM mention WHERE state = 'waiting' AND (lease_until IS NULL OR lease_until <= :at)"
_TRIED_BEFORE_IT = (
    "SELECT 1 FROM mention AS tried WHERE tried.channel = mention.channel "
    "AND tried.conversation = mention.conversation AND (tried.posted_at, tried.seq) < (mention.posted_at, mention.seq) "
    "AND tried.state = 'waiting' AND tried.claims > 0 AND (tried.lease_until IS NULL OR tried.lease_until <= :at)"
)


class SqliteInbox:
    """The `Inbox` port over SQLite."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def cursor(self, listener: str) -> str | None:
        """Where this listener resumes, or None at its first start."""
        return await self._engine.read(lambda connection: _cursor(connection, listener))

    async def accept(self, listener: str, batch: Batch, now: datetime) -> Accepted:
        """Keep the new mentions, what was edited and what is gone, and move the cursor: all of it or nothing."""

        def work(connection: sqlite3.Connection) -> Accepted:
            # a channel that is asked and tells as well has two cursors: `x` and `x/stream`
            accepted = _keep(connection, batch, now, channel=listener.partition("/")[0])
            _move_cursor(connection, listener, None if batch.cursor is None else _storable(batch.cursor), now)
            return accepted

        return await self._engine.write(work, before_commit="accept.before_commit", after_commit="accept.after_commit")

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> list[Mention]:
        """The oldest waiting mentions; one that was claimed before comes alone, three times at most, and then last."""
        return await self._engine.write(lambda connection: _claim(connection, limit, now, lease))

    async def release(self) -> int:
        """End every lease."""
        return await self._engine.write(_release)

    async def waiting(self) -> int:
        """How many mentions are not settled yet, quarantined ones not counted."""
        return await self._engine.read(_waiting)

    async def waiting_since(self) -> datetime | None:
        """When the oldest of these was posted; None when nothing waits."""
        return await self._engine.read(_waiting_since)

    async def retry(self, mention_id: MentionId) -> bool:
        """Give a quarantined mention another three tries, each of them alone."""
        return await self._engine.write(lambda connection: _retry(connection, mention_id))

    async def failed(self, mention_id: MentionId, why: str) -> None:
        """Keep why a mention could not be settled: the reason people see once it is quarantined."""
        await self._engine.write(lambda connection: _note(connection, mention_id, why))

    async def sweep(self, now: datetime) -> int:
        """Forget the early deletions whose time is over."""
        return await self._engine.write(lambda connection: sweep(connection, now))

    async def kept(self, channel: str, after: str | None, limit: int) -> KeptPosts:
        """Posts whose words are kept, oldest first."""
        return await self._engine.read(lambda connection: _kept(connection, channel, after, limit))

    async def number_kept(self, channel: str) -> int:
        """How many there are."""
        return await self._engine.read(lambda connection: _number_kept(connection, channel))


def _cursor(connection: sqlite3.Connection, listener: str) -> str | None:
    row: tuple[str | None] | None = connection.execute(
        "SELECT position FROM cursor WHERE listener = ?", (listener,)
    ).fetchone()
    return None if row is None else row[0]


def _keep(connection: sqlite3.Connection, batch: Batch, now: datetime, *, channel: str) -> Accepted:
    heard_at = micros(now)
    forgotten, deleted = passed_over(connection), overtaken(connection, heard_at)
    new = duplicates = edited = late = 0
    for mention in map(_storable_mention, batch.mentions):
        if forgotten(mention):
            continue
        if deleted(mention):
            late += not mention.by_brand
            continue
        kept = _take(connection, mention, heard_at)
        if not mention.by_brand:
            new += kept
            duplicates += not kept
    for mention in map(_storable_mention, batch.edits):
        if forgotten(mention):
            continue
        if deleted(mention):
            late += not mention.by_brand
            continue
        kept = _take(connection, mention, heard_at)
        new += kept and not mention.by_brand
        edited += not kept and edit(connection, mention, heard_at)
    removed = delete(connection, channel, map(_storable, batch.deletions), heard_at)
    return Accepted(new=new, duplicates=duplicates, edited=edited, removed=removed, overtaken=late)


def _take(connection: sqlite3.Connection, mention: Mention, heard_at: int) -> bool:
    """Whether it is new. One that was heard before may address us now: its author edited it, or one listing of the
    platform tells what another did not.
    """
    kept = _insert(connection, mention, heard_at)
    if mention.summoned and not kept:
        connection.execute("UPDATE mention SET summoned = 1 WHERE id = ? AND summoned = 0", (mention.id,))
    return kept


def _storable_mention(mention: Mention) -> Mention:
    """A lone surrogate, in an id or a name too, must not stop the listener for ever."""
    row = mention_row(mention)
    try:
        "".join(value for value in row if isinstance(value, str)).encode()
    except UnicodeEncodeError:
        return mention_from(tuple(_storable(value) if isinstance(value, str) else value for value in row))
    return mention


def _storable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _insert(connection: sqlite3.Connection, mention: Mention, heard_at: int) -> bool:
    row = (mention.id, mention.conversation, heard_at, *mention_row(mention))
    written = connection.execute(
        "INSERT INTO mention (id, conversation, accepted_at, channel, external_id, author_channel, author_id, "
        "author_name, text, posted_at, thread_id, in_reply_to, url, visibility, language_hint, summoned, backfilled, "
        "by_brand, edited_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
        row,
    )
    return written.rowcount == 1


def _move_cursor(connection: sqlite3.Connection, listener: str, position: str | None, now: datetime) -> None:
    connection.execute(
        "INSERT INTO cursor (listener, position, moved_at) VALUES (?, ?, ?) "
        "ON CONFLICT (listener) DO UPDATE SET position = coalesce(excluded.position, position), "
        "moved_at = excluded.moved_at",
        (listener, position, micros(now)),
    )


def _claim(connection: sqlite3.Connection, limit: int, now: datetime, lease: timedelta) -> list[Mention]:
    at, until = micros(now), micros(now + lease)
    while rows := _oldest(connection, limit, at):
        if rows[0][1] < MOST_CLAIMS:
            chosen = [row[0] for row in _together(rows)]
            return _lease(connection, chosen, until)
        connection.execute(
            "UPDATE mention SET state = 'quarantined', lease_until = NULL, note = coalesce(note, ?) WHERE seq = ?",
            (_BROUGHT_DOWN, rows[0][0]),
        )
    return []


def _oldest(connection: sqlite3.Connection, limit: int, at: int) -> list[Row]:
    """(seq, claims, alone) of free waiting mentions. What failed alone lets those pass that are of no conversation of
    its own: three tries of it, and a worker that each of them may bring down, must not keep them waiting.
    """
    rows = connection.execute(f"{_FREE} ORDER BY posted_at, seq LIMIT :limit", {"at": at, "limit": limit}).fetchall()
    if not rows or not rows[0][1] or rows[0][1] >= MOST_CLAIMS:
        return rows
    untried = f"{_FREE} AND claims = 0 AND NOT EXISTS ({_TRIED_BEFORE_IT}) ORDER BY posted_at, seq LIMIT :limit"
    return connection.execute(untried, {"at": at, "limit": limit}).fetchall() or rows


def _together(rows: list[Row]) -> list[Row]:
    """Either one that was claimed before, or the fresh ones in front of the next such one: never out of order."""
    if rows[0][2]:
        return rows[:1]
    return list(takewhile(lambda row: not row[2], rows))


def _lease(connection: sqlite3.Connection, chosen: list[int], until: int) -> list[Mention]:
    # a claim in company proves nothing: only those made alone are counted against a row
    connection.executemany(
        "UPDATE mention SET claims = claims + alone, alone = 1, lease_until = ? WHERE seq = ?",
        [(until, seq) for seq in chosen],
    )
    marks = ",".join("?" * len(chosen))
    rows = connection.execute(
        f"SELECT {MENTION_COLUMNS} FROM mention WHERE seq IN ({marks}) ORDER BY posted_at, seq",  # noqa: S608
        chosen,
    )
    return [_in_their_language(connection, mention_from(row)) for row in rows]


def _in_their_language(connection: sqlite3.Connection, mention: Mention) -> Mention:
    spoken = language_of(connection, mention.author)
    return mention if spoken is None else replace(mention, language_hint=spoken.value)


def _release(connection: sqlite3.Connection) -> int:
    return connection.execute(
        "UPDATE mention SET lease_until = NULL WHERE state = 'waiting' AND lease_until IS NOT NULL"
    ).rowcount


def _waiting(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM mention WHERE state = 'waiting'").fetchone()[0])


def _waiting_since(connection: sqlite3.Connection) -> datetime | None:
    row: Row = connection.execute("SELECT min(posted_at) FROM mention WHERE state = 'waiting'").fetchone()
    return moment_or_none(row[0])


def _retry(connection: sqlite3.Connection, mention_id: MentionId) -> bool:
    changed = connection.execute(
        "UPDATE mention SET state = 'waiting', claims = 0, note = NULL WHERE id = ? AND state = 'quarantined'",
        (mention_id,),
    )
    return changed.rowcount == 1


def _note(connection: sqlite3.Connection, mention_id: MentionId, why: str) -> None:
    connection.execute("UPDATE mention SET note = ? WHERE id = ? AND state <> 'done'", (why, mention_id))


def _kept(connection: sqlite3.Connection, channel: str, after: str | None, limit: int) -> KeptPosts:
    posted_at, _, seq = (after or "0:0").partition(":")
    rows: list[Row] = connection.execute(
        "SELECT external_id, posted_at, seq FROM mention WHERE channel = ? AND (posted_at, seq) > (?, ?) "
        "AND deleted_at IS NULL ORDER BY posted_at, seq LIMIT ?",
        (channel, int(posted_at), int(seq), limit),
    ).fetchall()
    last = f"{rows[-1][1]}:{rows[-1][2]}" if len(rows) == limit else None
    return KeptPosts(posts=tuple(row[0] for row in rows), after=last)


def _number_kept(connection: sqlite3.Connection, channel: str) -> int:
    row = connection.execute("SELECT count(*) FROM mention WHERE channel = ? AND deleted_at IS NULL", (channel,))
    return int(row.fetchone()[0])
