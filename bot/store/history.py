"""Customers, their experiences, cases and everything said: settled in one transaction, read back whole."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from bot.domain.case import Case, CaseId
from bot.domain.customer import Consent, Customer, CustomerId
from bot.domain.experience import Experience
from bot.domain.interaction import Interaction
from bot.domain.mention import Mention
from bot.domain.outbox import Job
from bot.domain.ports.judge import Decide
from bot.domain.ports.record import CaseFile, Correction, Explanation, Journey
from bot.domain.promise import Promise
from bot.domain.reading import Reading
from bot.domain.situation import Decided, Heard, Settled
from bot.domain.survey import Survey
from bot.store import casebook
from bot.store.aside import set_aside_by
from bot.store.documents import reading_of, reason_or_none
from bot.store.edits import forms_of
from bot.store.engine import Engine
from bot.store.merges import merge, merges_of
from bot.store.moments import micros, moment_or_none
from bot.store.people import customer_with
from bot.store.rows import (
    CASE_COLUMNS,
    EXPERIENCE_COLUMNS,
    INTERACTION_COLUMNS,
    JOB_COLUMNS,
    MENTION_COLUMNS,
    PROMISE_COLUMNS,
    PROMISES,
    SURVEY_COLUMNS,
    Row,
    case_from,
    experience_from,
    interaction_from,
    job_from,
    mention_from,
    promise_from,
    survey_from,
)
from bot.store.settle import settle
from bot.store.whois import people_called, person_with, unread_of


class SqliteHistory:
    """The `History` port over SQLite."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def settle(
        self, heard: Sequence[Heard], decide: Decide, now: Callable[[datetime], datetime]
    ) -> list[Settled]:
        """All of it or, when `decide` raises or the disk fails, nothing."""
        return await self._engine.write(
            lambda connection: settle(connection, heard, decide, now),
            before_commit="settle.before_commit",
            after_commit="settle.after_commit",
        )

    async def close_quiet(self, now: datetime, after: timedelta) -> int:
        """Close, without proof either way, what has waited for the customer for `after`."""
        return await self._engine.write(lambda connection: casebook.close_quiet(connection, now, after))

    async def customer(self, who: str) -> Customer | None:
        """By customer id, `channel:account`, `channel:name`, handle name or @name; the newest when several fit."""
        return next(iter(await self.customers(who)), None)

    async def customers(self, who: str) -> list[Customer]:
        """Everybody who fits best, newest first; people too of whom nothing was read yet."""
        return await self._engine.read(lambda connection: people_called(connection, who))

    async def merge(self, kept: CustomerId, other: CustomerId, consent: Consent) -> Customer:
        """All of it in one transaction, the consent too."""
        return await self._engine.write(lambda connection: merge(connection, kept, other, consent))

    async def journey(self, customer_id: CustomerId, limit: int = 200) -> Journey:
        """One customer's story; LookupError for an id nobody has."""
        return await self._engine.read(lambda connection: _journey(connection, customer_id, limit))

    async def case(self, key: int) -> CaseFile | None:
        """By the number people quote."""
        return await self._engine.read(lambda connection: _file(connection, casebook.case_with_key(connection, key)))

    async def case_by_id(self, case_id: CaseId) -> CaseFile | None:
        """By its id."""
        return await self._engine.read(lambda connection: _file(connection, casebook.case_with(connection, case_id)))

    async def explain(self, mention_id: str) -> Explanation | None:
        """By mention id, or by the external id alone when only one channel has it."""
        return await self._engine.read(lambda connection: _explain(connection, mention_id))

    async def corrections(self) -> list[Correction]:
        """What people corrected, oldest mention first; nothing of posts deleted since, or of an earlier form of one."""
        return await self._engine.read(_corrections)


def _journey(connection: sqlite3.Connection, customer_id: CustomerId, limit: int) -> Journey:
    customer = person_with(connection, customer_id)
    if customer is None:
        message = f"there is no customer {customer_id}"
        raise LookupError(message)
    interactions = _interactions(connection, "customer_id", customer_id, limit)
    return Journey(
        customer=customer,
        interactions=interactions,
        experiences=_experiences(connection, "customer_id", customer_id, limit),
        cases=_cases(connection, customer_id, limit),
        promises=_promises(connection, "promise.customer_id", customer_id, limit),
        surveys=_surveys(connection, customer_id, limit),
        merges=merges_of(connection, customer_id),
        unread=unread_of(connection, customer, limit),
        names=_names(connection, {each.actor for each in interactions}),
    )


def _file(connection: sqlite3.Connection, case: Case | None) -> CaseFile | None:
    if case is None:
        return None
    customer = customer_with(connection, case.customer_id)
    if customer is None:
        message = f"case #{case.key} belongs to nobody"
        raise LookupError(message)
    interactions = _interactions(connection, "case_id", case.id)
    promises = _promises(connection, "case_id", case.id)
    last_heard, reading = _last_heard(connection, case)
    jobs = _jobs(connection, "case_id", case.id)
    people = {case.assignee, *(each.actor for each in interactions), *(each.who for each in promises)}
    people |= {who for job in jobs for who in (job.written_by, job.approved_by)}
    return CaseFile(
        case=case,
        customer=customer,
        interactions=interactions,
        experiences=_experiences(connection, "case_id", case.id),
        jobs=jobs,
        promises=promises,
        opened_by=mention_from(
            connection.execute(
                f"SELECT {MENTION_COLUMNS} FROM mention WHERE id = ?",  # noqa: S608
                (case.opened_by,),
            ).fetchone()
        ),
        earlier_experiences=_experiences_before(connection, case),
        last_heard=last_heard,
        reading=reading,
        score=_last_score(connection, case.customer_id),
        before=_case_before(connection, case),
        names=_names(connection, people),
        links=_links(connection, case.id),
    )


def _last_heard(connection: sqlite3.Connection, case: Case) -> tuple[Mention | None, Reading | None]:
    """The customer's newest post in the case, and how it was read."""
    row: Row | None = connection.execute(
        f"SELECT seq, {MENTION_COLUMNS} FROM mention WHERE id = (SELECT mention_id FROM interaction "  # noqa: S608
        "WHERE case_id = ? AND direction = 'inbound' AND mention_id IS NOT NULL ORDER BY at DESC, seq DESC LIMIT 1)",
        (case.id,),
    ).fetchone()
    return (None, None) if row is None else (mention_from(tuple(row[1:])), reading_of(connection, row[0]))


def _last_score(connection: sqlite3.Connection, customer_id: CustomerId) -> Survey | None:
    row: Row | None = connection.execute(
        f"SELECT {SURVEY_COLUMNS} FROM survey WHERE customer_id = ? AND answer IS NOT NULL "  # noqa: S608
        "ORDER BY answered_at DESC LIMIT 1",
        (customer_id,),
    ).fetchone()
    return None if row is None else survey_from(row)


def _case_before(connection: sqlite3.Connection, case: Case) -> Case | None:
    row: Row | None = connection.execute(
        f"SELECT {CASE_COLUMNS} FROM case_file WHERE customer_id = ? AND resolved_at IS NOT NULL AND key < ? "  # noqa: S608
        "AND merged_into IS NULL ORDER BY resolved_at DESC LIMIT 1",
        (case.customer_id, case.key),
    ).fetchone()
    return None if row is None else case_from(row)


def _links(connection: sqlite3.Connection, case_id: CaseId) -> dict[str, str]:
    """Of those answers of which the channel told it, or that it let us hear as our own posts."""
    rows = connection.execute(
        "SELECT outbox.key, coalesce(receipt_url, mention.url) AS link FROM outbox "
        "LEFT JOIN mention ON mention.id = outbox.channel || ':' || outbox.receipt_id "
        "WHERE outbox.case_id = ? AND outbox.receipt_id IS NOT NULL AND link IS NOT NULL",
        (case_id,),
    )
    return dict(rows.fetchall())


def _names(connection: sqlite3.Connection, people: Collection[str | None]) -> dict[str, str]:
    known = json.dumps([who for who in people if who])
    rows = connection.execute("SELECT id, name FROM agent WHERE id IN (SELECT value FROM json_each(?))", (known,))
    return dict(rows.fetchall())


def _explain(connection: sqlite3.Connection, mention_id: str) -> Explanation | None:
    row = _mention_row(connection, mention_id)
    if row is None:
        return None
    seq, state, note, customer_id, case_id, deleted_at, *columns = row
    mention = mention_from(tuple(columns))
    jobs = _jobs(connection, "mention_id", mention.id)
    return Explanation(
        mention=mention,
        state=state,
        error=reason_or_none(note),
        forms=forms_of(connection, mention.id),
        deleted_at=moment_or_none(deleted_at),
        reading=reading_of(connection, seq),
        customer=None if customer_id is None else customer_with(connection, customer_id),
        case=None if case_id is None else casebook.case_with(connection, case_id),
        experiences=_experiences(connection, "mention_id", mention.id),
        decided=tuple(Decided(action=job.action, responder=job.responder, ruling=job.ruling) for job in jobs),
        jobs=jobs,
    )


def _mention_row(connection: sqlite3.Connection, mention_id: str) -> Row | None:
    question = f"SELECT seq, state, note, customer_id, case_id, deleted_at, {MENTION_COLUMNS} FROM mention "  # noqa: S608
    row: Row | None = connection.execute(question + "WHERE id = ?", (mention_id,)).fetchone()
    if row is not None:
        return row
    rows: list[Row] = connection.execute(question + "WHERE external_id = ? LIMIT 2", (mention_id,)).fetchall()
    return rows[0] if len(rows) == 1 else None


def _corrections(connection: sqlite3.Connection) -> list[Correction]:
    aside = set_aside_by(connection)
    rows: list[Row] = connection.execute(
        f"SELECT {MENTION_COLUMNS} FROM mention WHERE deleted_at IS NULL AND (id IN "  # noqa: S608
        "(SELECT mention_id FROM experience WHERE corrected_by IS NOT NULL) OR seq IN "
        "(SELECT mention_seq FROM reading WHERE set_aside_by IS NOT NULL)) ORDER BY posted_at, seq"
    ).fetchall()
    found = (_correction(connection, mention, aside.get(mention.id)) for mention in map(mention_from, rows))
    return [each for each in found if each.experiences or each.not_about_brand_by is not None]


def _correction(connection: sqlite3.Connection, mention: Mention, aside_by: str | None) -> Correction:
    """Of an earlier form nothing is shown."""
    shown = tuple(each for each in _corrected(connection, mention.id) if each.evidence in mention.text)
    return Correction(mention=mention, experiences=shown, not_about_brand_by=aside_by)


def _corrected(connection: sqlite3.Connection, mention_id: str) -> tuple[Experience, ...]:
    where, order = "corrected_by IS NOT NULL AND counted = 1 AND mention_id", "at DESC, rowid DESC"
    rows = _newest(connection, EXPERIENCE_COLUMNS, "experience", where, mention_id, order=order)
    return tuple(experience_from(row) for row in rows)


def _newest(  # noqa: PLR0913 - the parts of one SELECT
    connection: sqlite3.Connection, columns: str, table: str, column: str, value: str, *, order: str, limit: int = -1
) -> list[Row]:
    """The newest `limit` rows, oldest first."""
    newest: list[Row] = connection.execute(
        f"SELECT {columns} FROM {table} WHERE {column} = ? ORDER BY {order} LIMIT ?",  # noqa: S608
        (value, limit),
    ).fetchall()
    return newest[::-1]


def _interactions(connection: sqlite3.Connection, column: str, value: str, limit: int = -1) -> tuple[Interaction, ...]:
    order = "at DESC, seq DESC"
    rows = _newest(connection, INTERACTION_COLUMNS, "interaction", column, value, order=order, limit=limit)
    return tuple(interaction_from(row) for row in rows)


def _experiences(connection: sqlite3.Connection, column: str, value: str, limit: int = -1) -> tuple[Experience, ...]:
    """Those of each mention's last form: the ledger keeps what was read in earlier ones, uncounted."""
    order, where = "at DESC, rowid DESC", f"counted = 1 AND {column}"
    rows = _newest(connection, EXPERIENCE_COLUMNS, "experience", where, value, order=order, limit=limit)
    return tuple(experience_from(row) for row in rows)


def _cases(connection: sqlite3.Connection, customer_id: CustomerId, limit: int) -> tuple[Case, ...]:
    order = "opened_at DESC, key DESC"
    rows = _newest(connection, CASE_COLUMNS, "case_file", "customer_id", customer_id, order=order, limit=limit)
    return tuple(case_from(row) for row in rows)


def _promises(connection: sqlite3.Connection, column: str, value: str, limit: int = -1) -> tuple[Promise, ...]:
    order = "made_at DESC, promise.rowid DESC"
    rows = _newest(connection, PROMISE_COLUMNS, PROMISES, column, value, order=order, limit=limit)
    return tuple(promise_from(row) for row in rows)


def _surveys(connection: sqlite3.Connection, customer_id: CustomerId, limit: int) -> tuple[Survey, ...]:
    rows = _newest(connection, SURVEY_COLUMNS, "survey", "customer_id", customer_id, order="asked_at DESC", limit=limit)
    return tuple(survey_from(row) for row in rows)


def _jobs(connection: sqlite3.Connection, column: str, value: str) -> tuple[Job, ...]:
    rows = _newest(connection, JOB_COLUMNS, "outbox", column, value, order="id DESC")
    return tuple(job_from(row) for row in rows)


def _experiences_before(connection: sqlite3.Connection, case: Case) -> int:
    found: tuple[int] = connection.execute(
        "SELECT count(*) FROM experience WHERE customer_id = ? AND at < ? AND counted = 1",
        (case.customer_id, micros(case.opened_at)),
    ).fetchone()
    return found[0]
