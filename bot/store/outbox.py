"""Every decision on its way out: claimed once, sent once, kept with its receipt."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.outbox import LONGEST_WAIT, Delivery, Errand, Job, JobId, JobState, Lane, Receipt
from bot.domain.reason import Reason, Why, because
from bot.store.channels import note_beats
from bot.store.documents import reason_document
from bot.store.engine import Engine
from bot.store.moments import micros, moment
from bot.store.people import OPTED_OUT, WHILE_SENDING
from bot.store.receipts import ERASED, OF_NOBODY, keep_receipt
from bot.store.rows import (
    JOB_COLUMNS,
    MENTION_COLUMNS,
    Row,
    job_from,
    mention_from,
)
from bot.store.underway import IN_DOUBT, POST_CHANGED, POST_DELETED

_REFUSED = "outbox.refused"
# until the backup was put back; whoever looks at what is in doubt and sends it again has tried it once
_DOUBTED = (
    "(attempts = 0 AND kind IN ('reply', 'ask') AND EXISTS (SELECT 1 FROM setting WHERE name = 'doubted' "
    "AND (decided_at < set_at OR (written_by IS NULL AND "
    "(SELECT posted_at FROM mention WHERE mention.id = mention_id) < set_at))))"
)
# `until` is when a lease taken now would end: one that ends later was taken before the clock was set back
_NOBODYS = "(lease_until IS NULL OR lease_until <= :at OR lease_until > :until)"
_JOB_WIDTH = JOB_COLUMNS.count(",") + 1
# two answers are heard in the order in which they were decided, though the first meets a fault; what waits for a person
# keeps nobody waiting, nor does a question that is to be asked later
_OUT_OF_TURN = """
(kind IN ('reply', 'ask') AND EXISTS (
    SELECT 1 FROM outbox AS older WHERE older.channel = outbox.channel AND older.conversation = outbox.conversation
    AND older.customer_id = outbox.customer_id AND older.id < outbox.id
    AND older.state IN ('pending', 'sending') AND older.kind IN ('reply', 'ask') AND older.receipt_id IS NULL
    AND (older.state = 'sending' OR older.error IS NOT NULL OR older.due_at <= :at)
))"""
# what is being sent was due, also where the clock was set back since
_DUE = "(due_at <= :at OR state = 'sending')"


class SqliteOutbox:
    """The `Outbox` port over SQLite."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def claim(  # noqa: PLR0913 - how many, when, and whose
        self,
        limit: int,
        now: datetime,
        lease: timedelta,
        lane: Lane | None = None,
        *,
        channel: str | None = None,
        but: Collection[str] = (),
    ) -> list[Errand]:
        """Take due jobs; those found in `sending` after their lease are ambiguous until a person retries them."""
        whose = {"lane": lane, "channel": channel, "but": json.dumps(sorted(but))}
        return await self._engine.write(
            lambda connection: _claim(connection, limit, now, lease, whose), after_commit="dispatch.claimed"
        )

    async def release(self) -> int:
        """End every lease: what was being sent becomes ambiguous work at once."""
        return await self._engine.write(_release)

    async def doubt(self, until: datetime, beats: int) -> None:
        """The database was put back from a backup: what it decided by `until` may have been heard."""
        await self._engine.write(lambda connection: _doubt(connection, micros(until), beats))

    async def sent(self, deliveries: Sequence[Delivery]) -> None:
        """Store receipts and what follows from them, in one transaction; a receipt stored twice counts once."""

        def work(connection: sqlite3.Connection) -> None:
            for delivery in deliveries:
                keep_receipt(connection, delivery)

        await self._engine.write(work, before_commit="receipt.before_commit", after_commit="receipt.after_commit")

    async def postpone(self, job: Job, until: datetime, why: Why, *, tried: bool = True) -> None:
        """Try again later. An ambiguous job stays ambiguous."""
        await self._engine.write(lambda connection: _postpone(connection, job, until, why, tried=tried))

    async def unknown(self, job: Job, why: Why) -> None:
        """Nobody can say whether it was heard: a person must look."""
        await self._engine.write(lambda connection: _leave(connection, job, JobState.UNKNOWN, why))

    async def dead(self, job: Job, why: Why) -> None:
        """It will never be sent as it is."""
        await self._engine.write(lambda connection: _leave(connection, job, JobState.DEAD, why))

    async def hold(self, job: Job, why: Why) -> None:
        """It was not heard, and waits for a person."""
        await self._engine.write(lambda connection: _leave(connection, job, JobState.HELD, why))

    async def withhold(self, job: Job, why: Why) -> None:
        """It is not said any more, and nobody need look."""
        await self._engine.write(lambda connection: _leave(connection, job, JobState.WITHHELD, why))

    async def jobs(self, state: JobState | None = None, limit: int = 100) -> list[Job]:
        """The newest jobs, newest first."""
        return await self._engine.read(lambda connection: _jobs(connection, state, limit))

    async def retry(self, job_id: JobId, now: datetime) -> JobState | None:
        """A person sends a dead, unknown or dropped job again, and answers for it: it is not ambiguous any more."""
        return await self._engine.write(lambda connection: _retry(connection, job_id, now))

    async def drop(self, job_id: JobId, why: Why) -> bool:
        """A job that has not left never will. One that is just being sent cannot be caught."""
        return await self._engine.write(lambda connection: _drop(connection, job_id, why))

    async def pending(self) -> int:
        """How many jobs are pending or sending."""
        return await self._engine.read(_pending)

    async def pause(self, by: str, now: datetime) -> None:
        """Stop everything addressed to a channel, from the next word on."""
        await self._engine.write(lambda connection: pause(connection, by, now))

    async def resume(self) -> None:
        """Send again."""
        await self._engine.write(resume)

    async def paused(self) -> Reason | None:
        """Who paused and when, or None."""
        return await self._engine.read(_paused)


def _claim(
    connection: sqlite3.Connection, limit: int, now: datetime, lease: timedelta, whose: Mapping[str, str | None]
) -> list[Errand]:
    at, until = micros(now), micros(now + lease)
    _wait_no_longer(connection, now)
    _respect_wishes(connection, at, until)
    rows: list[Row] = connection.execute(
        "SELECT id, state = 'sending' FROM outbox WHERE state IN ('pending', 'sending') "  # noqa: S608
        f"AND {_DUE} AND {_NOBODYS} AND (:open OR kind NOT IN ('reply', 'ask')) "
        "AND (:lane IS NULL OR :lane = iif(kind IN ('reply', 'ask'), 'customers', 'house')) "
        "AND (:channel IS NULL OR channel = :channel) AND channel NOT IN (SELECT value FROM json_each(:but)) "
        f"AND NOT {_OUT_OF_TURN} "
        "ORDER BY priority DESC, due_at, id LIMIT :limit",
        {"at": at, "until": until, "open": _paused(connection) is None, "limit": limit, **whose},
    ).fetchall()
    connection.executemany(
        "UPDATE outbox SET state = 'sending', attempts = attempts + 1, "  # noqa: S608
        f"ambiguous = ambiguous OR ? OR {_DOUBTED}, lease_until = ? WHERE id = ?",
        [(was_sending, until, job_id) for job_id, was_sending in rows],
    )
    return [_errand(connection, job_id) for job_id, _ in rows]


def _doubt(connection: sqlite3.Connection, until: int, beats: int) -> None:
    connection.execute(
        "INSERT INTO setting (name, value, set_by, set_at) VALUES ('doubted', 'yes', 'vivencia', ?) "
        "ON CONFLICT (name) DO UPDATE SET set_at = max(set_at, excluded.set_at)",
        (until,),
    )
    note_beats(connection, beats, until)


def _wait_no_longer(connection: sqlite3.Connection, now: datetime) -> None:
    """What met a fault, or was due at once, before the clock was set back would wait as long as it was set back; what
    is to be said later goes on waiting.
    """
    connection.execute(
        "UPDATE outbox SET due_at = :latest WHERE state IN ('pending', 'sending') AND state = 'pending' "
        "AND due_at > :latest AND (error IS NOT NULL OR due_at = decided_at)",
        {"latest": micros(now + LONGEST_WAIT)},
    )


def _respect_wishes(connection: sqlite3.Connection, at: int, until: int) -> None:
    """What opt-out or erasure forbids since it was decided is not sent; what may have left already needs a person.

    A machine says nothing to whoever asked for peace, whenever that was: a merge may bring a wish of long ago.
    """
    # with the plus no index on kinds is used: that of what is due is short, and theirs hold every text there ever was
    connection.execute(
        f"UPDATE outbox SET state = iif(state = 'sending' OR {IN_DOUBT}, 'unknown', 'withheld'), lease_until = NULL, "  # noqa: S608
        f"error = iif(state = 'sending' OR {IN_DOUBT}, :while_sending, :opted_out) "
        "WHERE id IN (SELECT outbox.id FROM outbox JOIN customer ON customer.id = outbox.customer_id "
        "WHERE outbox.state IN ('pending', 'sending') AND +kind IN ('reply', 'ask') "
        f"AND {_NOBODYS} "
        "AND (customer.erased_at IS NOT NULL OR customer.opted_out_at > outbox.decided_at "
        "OR (customer.opted_out_at IS NOT NULL AND written_by IS NULL)))",
        {"at": at, "until": until, "while_sending": WHILE_SENDING, "opted_out": OPTED_OUT},
    )


def _errand(connection: sqlite3.Connection, job_id: int) -> Errand:
    row: Row = connection.execute(
        f"SELECT {JOB_COLUMNS}, ambiguous, {MENTION_COLUMNS} FROM outbox "  # noqa: S608
        "JOIN mention ON mention.id = outbox.mention_id WHERE outbox.id = ?",
        (job_id,),
    ).fetchone()
    job, mention = job_from(row[:_JOB_WIDTH]), mention_from(row[_JOB_WIDTH + 1 :])
    return Errand(
        job=job,
        ambiguous=bool(row[_JOB_WIDTH]),
        mention=mention,
        beside=_beside(connection, job),
        doubt_beside=_doubt_beside(connection, job),
    )


def _beside(connection: sqlite3.Connection, job: Job) -> dict[str, Receipt]:
    rows = connection.execute(
        "SELECT key, receipt_id, receipt_at, receipt_url FROM outbox "
        "WHERE mention_id = ? AND id <> ? AND kind IN ('reply', 'ask') AND receipt_id IS NOT NULL",
        (job.mention_id, job.id),
    )
    return {key: Receipt(external_id=post, at=moment(at), url=url) for key, post, at, url in rows}


def _doubt_beside(connection: sqlite3.Connection, job: Job) -> bool:
    """Whether another text to the same mention may stand there without a receipt."""
    row = connection.execute(
        "SELECT 1 FROM outbox WHERE mention_id = ? AND id <> ? AND kind IN ('reply', 'ask') AND receipt_id IS NULL "  # noqa: S608
        f"AND {IN_DOUBT} AND coalesce(error, '') NOT LIKE ? LIMIT 1",
        (job.mention_id, job.id, f"%{_REFUSED}%"),
    ).fetchone()
    return row is not None


def _release(connection: sqlite3.Connection) -> int:
    return connection.execute(
        "UPDATE outbox SET lease_until = NULL "
        "WHERE state IN ('pending', 'sending') AND state = 'sending' AND lease_until IS NOT NULL"
    ).rowcount


def _postpone(connection: sqlite3.Connection, job: Job, until: datetime, why: Why, *, tried: bool) -> None:
    if not tried:
        connection.execute("UPDATE outbox SET attempts = attempts - 1 WHERE id = ? AND state = 'sending'", (job.id,))
    _leave(connection, job, JobState.PENDING, why, until)


def _leave(connection: sqlite3.Connection, job: Job, state: JobState, why: Why, due: datetime | None = None) -> None:
    """What goes on waiting keeps the mark of a post that changed meanwhile; of who was forgotten no word is kept."""
    connection.execute(
        "UPDATE outbox SET "  # noqa: S608
        f"state = CASE WHEN {OF_NOBODY} AND :state <> 'unknown' THEN 'withheld' ELSE :state END, "
        f"error = CASE WHEN {OF_NOBODY} THEN :erased "
        "WHEN :state = 'pending' AND error IN (:changed, :deleted) THEN error ELSE :why END, "
        "due_at = coalesce(:due, due_at), lease_until = NULL WHERE id = :id AND state = 'sending'",
        {
            "state": state.value,
            "why": reason_document(why),
            "due": None if due is None else micros(due),
            "id": job.id,
            "changed": POST_CHANGED,
            "deleted": POST_DELETED,
            "erased": ERASED,
        },
    )


def _jobs(connection: sqlite3.Connection, state: JobState | None, limit: int) -> list[Job]:
    rows = connection.execute(
        f"SELECT {JOB_COLUMNS} FROM outbox WHERE {_newest_in(state)} LIMIT :limit",  # noqa: S608
        {"state": state, "limit": limit},
    )
    return [job_from(row) for row in rows]


def _newest_in(state: JobState | None) -> str:
    """The condition on a state, with that of the partial index it is in, or SQLite would read the whole table.

    With the plus the few are found by it and then sorted, and not sought among all from the newest on.
    """
    match state:
        case None:
            return "TRUE ORDER BY id DESC"
        case JobState.PENDING | JobState.SENDING:
            return "state IN ('pending', 'sending') AND state = :state ORDER BY +id DESC"
        case JobState.HELD | JobState.UNKNOWN | JobState.DEAD:
            return "state IN ('held', 'unknown', 'dead') AND state = :state ORDER BY +id DESC"
        case JobState.SENT | JobState.WITHHELD | JobState.DROPPED:
            return "state = :state ORDER BY id DESC"


def _retry(connection: sqlite3.Connection, job_id: JobId, now: datetime) -> JobState | None:
    # dropping a draft and taking it back must not be a way around whoever has to approve it; what was tried before
    # is tried as often again, and one try stays counted, so that the channel is asked before anything is said
    rows: list[Row] = connection.execute(
        "UPDATE outbox SET state = iif(state = 'dropped' AND verdict = 'approve' AND approved_by IS NULL, 'held', "
        "'pending'), due_at = ?, attempts = min(attempts, 1), ambiguous = 0, error = NULL, lease_until = NULL "
        "WHERE id = ? AND state IN ('dead', 'unknown', 'dropped') RETURNING state",
        (micros(now), job_id),
    ).fetchall()
    return JobState(rows[0][0]) if rows else None


def _drop(connection: sqlite3.Connection, job_id: JobId, why: Why) -> bool:
    changed = connection.execute(
        # what policy or wishes withhold never leaves anyway; dropped, it could be taken back, and would
        "UPDATE outbox SET state = iif(state = 'withheld', state, 'dropped'), "
        "error = iif(state = 'withheld', error, ?), lease_until = NULL "
        "WHERE id = ? AND state NOT IN ('sent', 'sending')",
        (reason_document(why), job_id),
    )
    return changed.rowcount == 1


def _pending(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT count(*) FROM outbox INDEXED BY outbox_due WHERE state IN ('pending', 'sending')")
    return int(row.fetchone()[0])


def pause(connection: sqlite3.Connection, by: str, now: datetime) -> None:
    """Nothing addressed to a channel is claimed from now on."""
    connection.execute(
        "INSERT INTO setting (name, value, set_by, set_at) VALUES ('paused', 'yes', ?, ?) ON CONFLICT DO NOTHING",
        (by, micros(now)),
    )


def resume(connection: sqlite3.Connection) -> None:
    """Everything is claimed again."""
    connection.execute("DELETE FROM setting WHERE name = 'paused'")


def _paused(connection: sqlite3.Connection) -> Reason | None:
    row: Row | None = connection.execute("SELECT set_by, set_at FROM setting WHERE name = 'paused'").fetchone()
    return None if row is None else because("paused.by", who=row[0], at=f"{moment(row[1]):%Y-%m-%d %H:%M}")
