"""What stands where on the desk: posts, cards and messages, and what of them is not drawn yet."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from bot.domain.case import Case, CaseId
from bot.domain.interaction import Interaction
from bot.domain.ports.record import DeskCard, DeskMessage
from bot.store.engine import Engine
from bot.store.moments import micros, moment_or_none
from bot.store.rows import CASE_COLUMNS, INTERACTION_COLUMNS, Row, case_from, interaction_from

_CARD_COLUMNS = (
    "desk_card.case_id, desk_card.place, desk_card.message, desk_card.stale, desk_card.told, desk_card.drawn, "
    "desk_card.trouble, desk_card.tried_at"
)
_MOST_URGENT_FIRST = (
    "CASE case_file.urgency WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, "
    "case_file.first_answer_due, case_file.key"
)
_REST = timedelta(minutes=5)


class SqliteCards:
    """The `Cards` port over SQLite."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def card(self, case_id: CaseId) -> DeskCard:
        """LookupError when there is no such case."""
        return await self._engine.read(lambda connection: _card(connection, case_id))

    async def at(self, place: str) -> CaseId | None:
        """The case whose post this is."""
        return await self._engine.read(lambda connection: _at(connection, place))

    async def stale(self, limit: int, now: datetime) -> list[DeskCard]:
        """Cards that stand on the desk and changed since they were drawn, the longest untried first."""
        return await self._engine.read(lambda connection: _stale(connection, limit, now))

    async def run_out(self, now: datetime) -> int:
        """Cards whose clock ran out since they were drawn are stale from now on."""
        if not await self._engine.read(lambda connection: _run_out(connection, now)):
            return 0
        return await self._engine.write(lambda connection: _mark_run_out(connection, now))

    async def missing(self, limit: int) -> list[Case]:
        """Cases with a route on its way and no post yet, the most urgent first; without those in trouble."""
        return await self._engine.read(lambda connection: _missing(connection, limit))

    async def homeless(self, limit: int) -> list[DeskCard]:
        """Cards whose post was lost, the most urgent first."""
        return await self._engine.read(lambda connection: _homeless(connection, limit))

    async def standing(self) -> list[DeskCard]:
        """Cards whose post stands on the desk and was not put into the archive."""
        open_ones = "WHERE place IS NOT NULL AND coalesce(json_extract(drawn, '$.archived'), 0) = 0 ORDER BY place"
        return await self._engine.read(lambda connection: _cards(connection, open_ones))

    async def made_since(self, moment: datetime) -> int:
        """How many posts were made since then."""
        return await self._engine.read(
            lambda connection: _number(connection, "SELECT count(*) FROM desk_card WHERE made_at >= ?", micros(moment))
        )

    async def trying(self, case_id: CaseId, now: datetime) -> None:
        """A post is about to be made; the first such moment is kept until it stands."""
        await self._do(
            "INSERT INTO desk_card (case_id, tried_at) VALUES (?, ?) ON CONFLICT (case_id) DO UPDATE "
            "SET tried_at = coalesce(tried_at, excluded.tried_at) WHERE place IS NULL",
            case_id,
            micros(now),
        )

    async def placed(self, case_id: CaseId, place: str, message: str, now: datetime) -> None:
        """Its post stands there, and nothing has been told in it yet."""
        at = micros(now)
        await self._do(
            "UPDATE desk_card SET place = ?, message = ?, made_at = ?, tried_at = ?, trouble = NULL, told = 0, "
            "drawn = NULL, stale = max(stale, 1) WHERE case_id = ?",
            place,
            message,
            at,
            at,
            case_id,
        )

    async def lost(self, case_id: CaseId) -> None:
        """It has no post any more, and what was told there is to be told again."""
        await self._engine.write(lambda connection: _lose(connection, case_id))

    async def taken_down(self, case_id: CaseId) -> None:
        """It has no post any more, and gets no other."""

        def work(connection: sqlite3.Connection) -> None:
            _lose(connection, case_id)
            connection.execute("UPDATE desk_card SET made_at = NULL, stale = 0 WHERE case_id = ?", (case_id,))

        await self._engine.write(work)

    async def drawn(self, card: DeskCard, drawn: str, told: int, now: datetime) -> None:
        """It looks like `drawn` now, and changes made while it was being drawn keep it stale."""
        await self._do(
            "UPDATE desk_card SET drawn = ?, told = ?, stale = max(stale - ?, 0), tried_at = ?, trouble = NULL "
            "WHERE case_id = ? AND place = ?",
            drawn,
            told,
            card.stale,
            micros(now),
            card.case_id,
            card.place,
        )

    async def failed(self, case_id: CaseId, trouble: str, now: datetime) -> None:
        """It stays stale. Where there is no post, the moment of its first try is kept."""
        at = micros(now)
        await self._do(
            "UPDATE desk_card SET trouble = ?, stale = max(stale, 1), "
            "tried_at = CASE WHEN place IS NULL THEN coalesce(tried_at, ?) ELSE ? END WHERE case_id = ?",
            trouble,
            at,
            at,
            case_id,
        )

    async def lines(self, case_id: CaseId, after: int) -> list[tuple[int, Interaction]]:
        """What was said in the case after the line of that number, oldest first, with their numbers."""
        return await self._engine.read(lambda connection: _lines(connection, case_id, after))

    async def message(self, key: str) -> DeskMessage | None:
        """What stands on the desk under that key."""
        return await self._engine.read(lambda connection: next(iter(_messages(connection, "key = ?", key)), None))

    async def messages(self, prefix: str) -> list[DeskMessage]:
        """What stands on the desk under keys that begin so, the oldest first."""
        return await self._engine.read(
            lambda connection: _messages(connection, "key >= ? AND key < ?", prefix, _after(prefix))
        )

    async def reworded(self) -> list[tuple[DeskMessage, str]]:
        """Editions of the digest out of which a quote was taken since they were shown, and how they read now."""
        return await self._engine.read(_reworded)

    async def redrawn(self, message: DeskMessage, text: str) -> None:
        """It looks so; where the edition reads otherwise than `text` by now, it stays among the reworded."""
        await self._do(
            "UPDATE desk_message SET drawn = ? WHERE key = ? "
            "AND EXISTS (SELECT 1 FROM digest WHERE 'digest:' || digest.key = desk_message.key AND text = ?)",
            message.drawn,
            message.key,
            text,
        )

    async def keep(self, message: DeskMessage, now: datetime) -> None:
        """It stands there and looks so; since when is kept from the first time."""
        await self._do(
            "INSERT INTO desk_message (key, place, message, drawn, at) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET place = excluded.place, message = excluded.message, "
            "drawn = excluded.drawn",
            message.key,
            message.place,
            message.message,
            message.drawn,
            micros(now),
        )

    async def forget(self, key: str) -> None:
        """It stands there no more, or is left as it is."""
        await self._do("DELETE FROM desk_message WHERE key = ?", key)

    async def troubles(self) -> list[tuple[Case, str]]:
        """Cases whose post cannot be drawn, and why; the most urgent first."""
        return await self._engine.read(_troubles)

    async def _do(self, sql: str, *values: str | int | None) -> None:
        def work(connection: sqlite3.Connection) -> None:
            connection.execute(sql, values)

        await self._engine.write(work)


def _card(connection: sqlite3.Connection, case_id: CaseId) -> DeskCard:
    found = _cards(connection, "WHERE case_id = ?", case_id)
    if found:
        return found[0]
    if not _number(connection, "SELECT count(*) FROM case_file WHERE id = ?", case_id):
        message = f"there is no case {case_id}"
        raise LookupError(message)
    # closed before there was a desk, so that it has no row yet
    return DeskCard(case_id=case_id, place=None, message=None, stale=1, told=0, drawn=None)


def _cards(connection: sqlite3.Connection, which: str, *values: str | int) -> list[DeskCard]:
    rows: list[Row] = connection.execute(f"SELECT {_CARD_COLUMNS} FROM desk_card {which}", values).fetchall()  # noqa: S608
    return [
        DeskCard(
            case_id=CaseId(row[0]),
            place=row[1],
            message=row[2],
            stale=row[3],
            told=row[4],
            drawn=row[5],
            trouble=row[6],
            tried_at=moment_or_none(row[7]),
        )
        for row in rows
    ]


def _at(connection: sqlite3.Connection, place: str) -> CaseId | None:
    row: Row | None = connection.execute("SELECT case_id FROM desk_card WHERE place = ?", (place,)).fetchone()
    return None if row is None else CaseId(row[0])


def _stale(connection: sqlite3.Connection, limit: int, now: datetime) -> list[DeskCard]:
    return _cards(
        connection,
        "WHERE stale > 0 AND place IS NOT NULL AND (trouble IS NULL OR tried_at <= ?) "
        "ORDER BY tried_at, case_id LIMIT ?",
        micros(now - _REST),
        limit,
    )


# from the open cases, which are few, to their cards
_CARDS_RUN_OUT = (
    "SELECT desk_card.case_id FROM case_file CROSS JOIN desk_card ON desk_card.case_id = case_file.id "
    "WHERE case_file.state <> 'resolved' AND ((case_file.first_answered_at IS NULL "
    "AND case_file.first_answer_due <= :now AND case_file.first_answer_due > desk_card.tried_at) "
    "OR (case_file.solve_due <= :now AND case_file.solve_due > desk_card.tried_at)) "
    "AND desk_card.place IS NOT NULL AND desk_card.stale = 0"
)


def _run_out(connection: sqlite3.Connection, now: datetime) -> bool:
    return connection.execute(f"{_CARDS_RUN_OUT} LIMIT 1", {"now": micros(now)}).fetchone() is not None


def _mark_run_out(connection: sqlite3.Connection, now: datetime) -> int:
    return connection.execute(
        f"UPDATE desk_card SET stale = 1 WHERE case_id IN ({_CARDS_RUN_OUT})",  # noqa: S608
        {"now": micros(now)},
    ).rowcount


def _missing(connection: sqlite3.Connection, limit: int) -> list[Case]:
    # with the plus the short index of what is due is used, and not that of every route there ever was
    rows: list[Row] = connection.execute(
        f"SELECT {CASE_COLUMNS} FROM case_file JOIN desk_card ON desk_card.case_id = case_file.id "  # noqa: S608
        "WHERE desk_card.place IS NULL AND desk_card.trouble IS NULL AND case_file.id IN "
        "(SELECT case_id FROM outbox WHERE +kind = 'route' AND state IN ('pending', 'sending')) "
        f"ORDER BY {_MOST_URGENT_FIRST} LIMIT ?",
        (limit,),
    ).fetchall()
    return [case_from(row) for row in rows]


def _homeless(connection: sqlite3.Connection, limit: int) -> list[DeskCard]:
    return _cards(
        connection,
        "INDEXED BY desk_card_homeless JOIN case_file ON case_file.id = desk_card.case_id "
        f"WHERE place IS NULL AND made_at IS NOT NULL ORDER BY {_MOST_URGENT_FIRST} LIMIT ?",
        limit,
    )


def _lose(connection: sqlite3.Connection, case_id: CaseId) -> None:
    connection.execute(
        "UPDATE desk_card SET place = NULL, message = NULL, told = 0, drawn = NULL, tried_at = NULL, trouble = NULL, "
        "stale = stale + 1 WHERE case_id = ?",
        (case_id,),
    )
    line = f"line:{case_id}:"
    connection.execute("DELETE FROM desk_message WHERE key >= ? AND key < ?", (line, _after(line)))


def _after(prefix: str) -> str:
    """The first text that comes behind all that begin so."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _lines(connection: sqlite3.Connection, case_id: CaseId, after: int) -> list[tuple[int, Interaction]]:
    rows: list[Row] = connection.execute(
        f"SELECT seq, {INTERACTION_COLUMNS} FROM interaction WHERE case_id = ? AND seq > ? ORDER BY seq",  # noqa: S608
        (case_id, after),
    ).fetchall()
    return [(row[0], interaction_from(tuple(row[1:]))) for row in rows]


def _messages(connection: sqlite3.Connection, which: str, *values: str) -> list[DeskMessage]:
    rows: list[Row] = connection.execute(
        f"SELECT key, place, message, drawn FROM desk_message WHERE {which} ORDER BY at, key",  # noqa: S608
        values,
    ).fetchall()
    return [DeskMessage(key=row[0], place=row[1], message=row[2], drawn=row[3]) for row in rows]


def _reworded(connection: sqlite3.Connection) -> list[tuple[DeskMessage, str]]:
    rows: list[Row] = connection.execute(
        "SELECT desk_message.key, place, message, drawn, digest.text FROM desk_message "
        "JOIN digest ON digest.key = substr(desk_message.key, length('digest:') + 1) "
        "WHERE desk_message.key >= 'digest:' AND desk_message.key < 'digest;' AND drawn = '' ORDER BY at"
    ).fetchall()
    return [(DeskMessage(key=row[0], place=row[1], message=row[2], drawn=row[3]), row[4]) for row in rows]


def _troubles(connection: sqlite3.Connection) -> list[tuple[Case, str]]:
    rows: list[Row] = connection.execute(
        f"SELECT desk_card.trouble, {CASE_COLUMNS} FROM case_file "  # noqa: S608
        "JOIN desk_card ON desk_card.case_id = case_file.id WHERE desk_card.trouble IS NOT NULL "
        f"ORDER BY {_MOST_URGENT_FIRST}"
    ).fetchall()
    return [(case_from(tuple(row[1:])), row[0]) for row in rows]


def _number(connection: sqlite3.Connection, sql: str, value: str | int) -> int:
    return int(connection.execute(sql, (value,)).fetchone()[0])
