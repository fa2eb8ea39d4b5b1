"""What is done at a desk, once for each press: the work and its line in the audit log in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from bot.domain.agent import Deed
from bot.domain.deskwork import AuditLine
from bot.domain.errors import NotDone
from bot.domain.papers import Again, Done, Papers, Press, Work
from bot.domain.reason import Reason, Why, because
from bot.store.documents import reason_document, reason_or_none, values_document, values_from
from bot.store.engine import Engine
from bot.store.moments import micros, moment
from bot.store.papers import SqlitePapers
from bot.store.rows import Row

T = TypeVar("T")


class SqliteDeeds:
    """The `Deeds` port over SQLite."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def do(self, press: Press, work: Work[T], again: Again[T]) -> T:
        """The work and its line, or the refusal and its line."""
        answer = await self._engine.write(lambda connection: _do(connection, press, work, again))
        if isinstance(answer, NotDone):
            raise answer
        return answer

    async def change(self, work: Callable[[Papers], T]) -> T:
        """All of it, or nothing."""
        return await self._engine.write(lambda connection: work(SqlitePapers(connection)))

    async def look(self, work: Callable[[Papers], T]) -> T:
        """Beside the writer."""
        return await self._engine.read(lambda connection: work(SqlitePapers(connection)))


def _do(connection: sqlite3.Connection, press: Press, work: Work[T], again: Again[T]) -> T | NotDone:
    papers, line = SqlitePapers(connection), _line(connection, press.key)
    if line is not None and line.deed is not press.deed:
        message = f"the press {press.key} was a {line.deed} and cannot be a {press.deed} too"
        raise ValueError(message)
    if line is not None:
        return again(papers, line) if line.refused is None else NotDone(line.refused)
    connection.execute("SAVEPOINT deed")
    try:
        done = work(papers)
    except NotDone as refusal:
        connection.execute("ROLLBACK TO deed")
        connection.execute("RELEASE deed")
        _write(connection, press, Done(answer=None, case_key=press.case_key), refusal.why)
        return refusal
    connection.execute("RELEASE deed")
    if done.kept:
        _write(connection, press, done, None)
    return done.answer


def _line(connection: sqlite3.Connection, key: str) -> AuditLine | None:
    row: Row | None = connection.execute(
        "SELECT audit.at, agent_id, agent_name, deed, case_file.key, about, detail, refused FROM audit "
        "LEFT JOIN case_file ON case_file.id = audit.case_id WHERE audit.key = ?",
        (key,),
    ).fetchone()
    if row is None:
        return None
    return AuditLine(
        at=moment(row[0]),
        agent_id=row[1],
        agent_name=row[2],
        deed=Deed(row[3]),
        case_key=row[4],
        about=row[5],
        detail=values_from(row[6]),
        refused=reason_or_none(row[7]),
    )


def _short(refused: Why) -> Why:
    """Without what somebody else wrote as a reason: it may name a customer, and no erasure would find it here."""
    why = refused.values.get("why") if isinstance(refused, Reason) else None
    told = isinstance(why, Reason) and why.name == "desk.rejected"
    return because("desk.not_waiting") if told else refused


def _write(connection: sqlite3.Connection, press: Press, done: Done[T], refused: Why | None) -> None:
    connection.execute(
        "INSERT INTO audit (key, at, agent_id, agent_name, deed, case_id, about, detail, refused) "
        "VALUES (?, ?, ?, ?, ?, (SELECT id FROM case_file WHERE key = ?), ?, ?, ?)",
        (
            press.key,
            micros(press.at),
            press.by.id,
            press.by.name,
            press.deed.value,
            press.case_key if done.case_key is None else done.case_key,
            done.about,
            values_document(done.detail),
            None if refused is None else reason_document(_short(refused)),
        ),
    )
