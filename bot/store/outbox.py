"""Every decision on its way out: claimed once, sent once, kept with its receipt."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.action import Ask, Reply, ReplyKind
from bot.domain.customer import CustomerId
from bot.domain.interaction import MACHINE, Direction, Interaction
from bot.domain.mention import Mention
from bot.domain.outbox import Errand, Job, JobId, JobState, Lane, Receipt
from bot.domain.reason import Reason, Why, because
from bot.store import casebook, promises
from bot.store.documents import reason_document
from bot.store.drafts import BY_AGENT
from bot.store.engine import Engine
from bot.store.moments import micros, moment
from bot.store.people import OPTED_OUT, WHILE_SENDING
from bot.store.rows import (
    INTERACTION_COLUMNS,
    JOB_COLUMNS,
    MENTION_COLUMNS,
    Row,
    interaction_row,
    job_from,
    mention_from,
)
from bot.store.underway import IN_DOUBT, POST_CHANGED, POST_DELETED

_REFUSED = "outbox.refused"
# whoever it was for was forgotten meanwhile
_OF_NOBODY = "EXISTS (SELECT 1 FROM customer WHERE customer.id = outbox.customer_id AND erased_at IS NOT NULL)"
_ERASED = reason_document(because("outbox.erased"))
_JOB_WIDTH = JOB_COLUMNS.count(",") + 1


class SqliteOutbox:
    """The `Outbox` port over SQLite."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def claim(self, limit: int, now: datetime, lease: timedelta, lane: Lane | None = None) -> list[Errand]:
        """Take due jobs; those found in `sending` after their lease are ambiguous until a person retries them."""
        return await self._engine.write(
            lambda connection: _claim(connection, limit, now, lease, lane), after_commit="dispatch.claimed"
        )

    async def release(self) -> int:
        """End every lease: what was being sent becomes ambiguous work at once."""
        return await self._engine.write(_release)

    async def sent(self, outcomes: Sequence[tuple[Job, Receipt]]) -> None:
        """Store receipts and what follows from them, in one transaction; a receipt stored twice counts once."""

        def work(connection: sqlite3.Connection) -> None:
            for job, receipt in outcomes:
                _keep_receipt(connection, job, receipt)

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
    connection: sqlite3.Connection, limit: int, now: datetime, lease: timedelta, lane: Lane | None
) -> list[Errand]:
    at = micros(now)
    _respect_wishes(connection, at)
    rows: list[Row] = connection.execute(
        "SELECT id, state = 'sending' FROM outbox WHERE state IN ('pending', 'sending') AND due_at <= :at "
        "AND (lease_until IS NULL OR lease_until <= :at) AND (:open OR kind NOT IN ('reply', 'ask')) "
        "AND (:lane IS NULL OR :lane = iif(kind IN ('reply', 'ask'), 'customers', 'house')) "
        "ORDER BY priority DESC, due_at, id LIMIT :limit",
        {"at": at, "open": _paused(connection) is None, "lane": lane, "limit": limit},
    ).fetchall()
    until = micros(now + lease)
    connection.executemany(
        "UPDATE outbox SET state = 'sending', attempts = attempts + 1, ambiguous = ambiguous OR ?, lease_until = ? "
        "WHERE id = ?",
        [(was_sending, until, job_id) for job_id, was_sending in rows],
    )
    return [_errand(connection, job_id) for job_id, _ in rows]


def _respect_wishes(connection: sqlite3.Connection, at: int) -> None:
    """What opt-out or erasure forbids since it was decided is not sent; what may have left already needs a person."""
    connection.execute(
        f"UPDATE outbox SET state = iif(state = 'sending' OR {IN_DOUBT}, 'unknown', 'withheld'), lease_until = NULL, "  # noqa: S608
        f"error = iif(state = 'sending' OR {IN_DOUBT}, :while_sending, :opted_out) "
        "WHERE id IN (SELECT outbox.id FROM outbox JOIN customer ON customer.id = outbox.customer_id "
        "WHERE outbox.state IN ('pending', 'sending') AND kind IN ('reply', 'ask') "
        "AND (lease_until IS NULL OR lease_until <= :at) "
        "AND (customer.erased_at IS NOT NULL OR customer.opted_out_at > outbox.decided_at))",
        {"at": at, "while_sending": WHILE_SENDING, "opted_out": OPTED_OUT},
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


def _keep_receipt(connection: sqlite3.Connection, job: Job, receipt: Receipt) -> None:
    row: Row | None = connection.execute(
        "UPDATE outbox SET state = 'sent', lease_until = NULL, error = NULL, receipt_id = ?, receipt_at = ?, "  # noqa: S608
        f"receipt_url = iif({_OF_NOBODY}, NULL, ?) "
        "WHERE id = ? AND receipt_id IS NULL RETURNING mention_id, approved_by, customer_id, written_by",
        (receipt.external_id, micros(receipt.at), receipt.url, job.id),
    ).fetchone()
    if not isinstance(job.action, Reply | Ask):
        _take_down_what_is_gone(connection, job)
    if row is None or not isinstance(job.action, Reply | Ask):
        return
    mention, approved_by = _mention(connection, row[0]), row[1]
    text, action = job.action.text, job.action
    # who they are may have been found out while it was being sent, or they may have been forgotten
    job = replace(job, customer_id=CustomerId(row[2]), mention_id=mention.id, written_by=row[3])
    if _forgotten(connection, job.customer_id):
        return
    _keep_words(connection, job, receipt, text, mention)
    if isinstance(action, Ask):
        connection.execute(
            "INSERT INTO survey (id, customer_id, kind, asked_at) VALUES (?, ?, ?, ?)",
            (job.key, job.customer_id, action.survey.value, micros(receipt.at)),
        )
        return
    if action.kind is ReplyKind.RECEIPT and job.written_by is None:
        return  # that somebody was heard is no answer yet; what a person made of it is one
    _stop_clock(connection, job, receipt)
    if approved_by is not None:
        # a person's word keeps a promise; an automatic thank-you does not
        promises.brand_spoke(
            connection,
            mention,
            customer_id=job.customer_id,
            case_id=job.case_id,
            at=micros(receipt.at),
            anew=False,
            written=micros(job.decided_at) if job.responder == BY_AGENT else None,
        )


def _take_down_what_is_gone(connection: sqlite3.Connection, job: Job) -> None:
    """An alert that was being shown while its author was forgotten, or took the post back: the desk deletes it."""
    connection.execute(
        "UPDATE desk_message SET key = 'gone:' || :id WHERE key = 'alert:' || :key AND EXISTS ("
        "SELECT 1 FROM outbox LEFT JOIN customer ON customer.id = outbox.customer_id "
        "LEFT JOIN mention ON mention.id = outbox.mention_id "
        "WHERE outbox.id = :id AND (customer.erased_at IS NOT NULL OR mention.deleted_at IS NOT NULL))",
        {"id": job.id, "key": job.key},
    )


def _forgotten(connection: sqlite3.Connection, customer_id: str) -> bool:
    row = connection.execute("SELECT erased_at FROM customer WHERE id = ?", (customer_id,)).fetchone()
    return row is None or row[0] is not None


def _mention(connection: sqlite3.Connection, mention_id: str) -> Mention:
    return mention_from(
        connection.execute(f"SELECT {MENTION_COLUMNS} FROM mention WHERE id = ?", (mention_id,)).fetchone()  # noqa: S608
    )


def _keep_words(connection: sqlite3.Connection, job: Job, receipt: Receipt, text: str, mention: Mention) -> None:
    """One line of history, unless the channel was quicker and let us hear our own post before its receipt."""
    said = Interaction(
        key=job.key,
        customer_id=job.customer_id,
        case_id=job.case_id,
        mention_id=job.mention_id,
        at=receipt.at,
        direction=Direction.OUTBOUND,
        actor=job.written_by or MACHINE,
        channel=mention.channel,
        text=text,
    )
    connection.execute(
        f"INSERT INTO interaction ({INTERACTION_COLUMNS}) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? "  # noqa: S608
        "WHERE NOT EXISTS (SELECT 1 FROM interaction WHERE key = ?)",
        (*interaction_row(said), f"{mention.channel}:{receipt.external_id}"),
    )


def _stop_clock(connection: sqlite3.Connection, job: Job, receipt: Receipt) -> None:
    case = None if job.case_id is None else casebook.case_with(connection, job.case_id)
    if case is not None:
        casebook.keep(connection, case.answered(receipt.at, decided=job.decided_at))


def _postpone(connection: sqlite3.Connection, job: Job, until: datetime, why: Why, *, tried: bool) -> None:
    if not tried:
        connection.execute("UPDATE outbox SET attempts = attempts - 1 WHERE id = ? AND state = 'sending'", (job.id,))
    _leave(connection, job, JobState.PENDING, why, until)


def _leave(connection: sqlite3.Connection, job: Job, state: JobState, why: Why, due: datetime | None = None) -> None:
    """What goes on waiting keeps the mark of a post that changed meanwhile; of who was forgotten no word is kept."""
    connection.execute(
        "UPDATE outbox SET "  # noqa: S608
        f"state = CASE WHEN {_OF_NOBODY} AND :state <> 'unknown' THEN 'withheld' ELSE :state END, "
        f"error = CASE WHEN {_OF_NOBODY} THEN :erased "
        "WHEN :state = 'pending' AND error IN (:changed, :deleted) THEN error ELSE :why END, "
        "due_at = coalesce(:due, due_at), lease_until = NULL WHERE id = :id AND state = 'sending'",
        {
            "state": state.value,
            "why": reason_document(why),
            "due": None if due is None else micros(due),
            "id": job.id,
            "changed": POST_CHANGED,
            "deleted": POST_DELETED,
            "erased": _ERASED,
        },
    )


def _jobs(connection: sqlite3.Connection, state: JobState | None, limit: int) -> list[Job]:
    rows = connection.execute(
        f"SELECT {JOB_COLUMNS} FROM outbox WHERE {_in_state(state)} ORDER BY id DESC LIMIT :limit",  # noqa: S608
        {"state": state, "limit": limit},
    )
    return [job_from(row) for row in rows]


def _in_state(state: JobState | None) -> str:
    """The condition on a state, with that of the partial index it is in, or SQLite would read the whole table."""
    match state:
        case None:
            return "TRUE"
        case JobState.PENDING | JobState.SENDING:
            return "state IN ('pending', 'sending') AND state = :state"
        case JobState.HELD | JobState.UNKNOWN | JobState.DEAD:
            return "state IN ('held', 'unknown', 'dead') AND state = :state"
        case JobState.SENT | JobState.WITHHELD | JobState.DROPPED:
            return "state = :state"


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
    return int(connection.execute("SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')").fetchone()[0])


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
