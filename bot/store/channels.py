"""How each channel fares, as phases without a hole between them, and what it costs, by the day."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from bot.domain.cost import Purse, Spending, WhenSpent
from bot.domain.health import Condition, Health
from bot.store.engine import Engine
from bot.store.moments import micros, micros_or_none, moment, moment_or_none
from bot.store.rows import Row

MILLIONTHS = 1_000_000
_HEALTH = "channel, condition, reason, began, seen, again"


class SqliteChannels:
    """The `Channels` port over SQLite."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def note(
        self, channel: str, condition: Condition, now: datetime, *, reason: str = "", again: datetime | None = None
    ) -> Health:
        """From now on the channel fares so; the same condition again only brings reason and times up to date."""
        return await self._engine.write(lambda connection: _note(connection, channel, condition, now, reason, again))

    async def pulse(self, now: datetime) -> int:
        """What was known of the channels holds until now."""
        return await self._engine.write(lambda connection: _pulse(connection, now))

    async def beats(self) -> int:
        """How often that was noted."""
        return await self._engine.read(_beats)

    async def wake(self, channels: Collection[str], now: datetime) -> None:
        """Since they were last seen nobody has listened; channels that are set up no more are forgotten."""
        await self._engine.write(lambda connection: _wake(connection, channels, now))

    async def rest(self, now: datetime) -> None:
        """From now on nobody listens."""
        await self._engine.write(lambda connection: _rest(connection, now))

    async def health(self) -> list[Health]:
        """Of every channel the last that is known, by name."""
        return await self._engine.read(_health)

    async def spend(self, spending: Spending, day: datetime, purse: Purse) -> Purse:
        """Count it, and keep the day's budget with it. Returns the purse as it is now."""
        return await self._engine.write(lambda connection: _spend(connection, spending, day, purse))

    async def spent(self, channel: str, day: datetime) -> Decimal:
        """What the channel has cost since the day began."""
        return await self._engine.read(lambda connection: _spent(connection, channel, micros(day)))

    async def purses(self, now: datetime) -> Mapping[str, Purse]:
        """Today's purse of each channel that has spent something today."""
        return await self._engine.read(lambda connection: _purses(connection, now))


def _note(  # noqa: PLR0913, PLR0917 - who, how, when, why, until when
    connection: sqlite3.Connection,
    channel: str,
    condition: Condition,
    now: datetime,
    reason: str,
    again: datetime | None,
) -> Health:
    at, later = micros(now), micros_or_none(again)
    held: Row | None = connection.execute(
        f"UPDATE channel_phase SET reason = ?, seen = max(seen, ?), again = ? "  # noqa: S608
        f"WHERE channel = ? AND condition = ? AND ended IS NULL RETURNING {_HEALTH}",
        (reason, at, later, channel, condition.value),
    ).fetchone()
    if held is None:
        _end(connection, channel, at)
        _begin(connection, channel, condition, at, reason=reason, again=later)
        held = (channel, condition, reason, at, at, later)
    return _health_from(held)


def _begin(  # noqa: PLR0913 - a row
    connection: sqlite3.Connection,
    channel: str,
    condition: Condition,
    at: int,
    *,
    reason: str = "",
    again: int | None = None,
) -> None:
    connection.execute(
        "INSERT INTO channel_phase (channel, condition, reason, began, seen, again) VALUES (?, ?, ?, ?, ?, ?)",
        (channel, condition.value, reason, at, at, again),
    )


def _end(connection: sqlite3.Connection, channel: str, at: int) -> None:
    # a clock that was set back must not end a phase before it began
    connection.execute(
        "UPDATE channel_phase SET ended = max(began, ?) WHERE channel = ? AND ended IS NULL", (at, channel)
    )


def _pulse(connection: sqlite3.Connection, now: datetime) -> int:
    connection.execute(
        "UPDATE channel_phase SET seen = max(seen, ?) WHERE ended IS NULL AND condition NOT IN ('off', 'ended')",
        (micros(now),),
    )
    beats = _beats(connection) + 1
    note_beats(connection, beats, micros(now))
    return beats


def note_beats(connection: sqlite3.Connection, beats: int, at: int) -> None:
    """So many from now on."""
    connection.execute(
        "INSERT INTO setting (name, value, set_by, set_at) VALUES ('beats', ?, 'vivencia', ?) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value, set_at = excluded.set_at",
        (str(beats), at),
    )


def _beats(connection: sqlite3.Connection) -> int:
    row: Row | None = connection.execute("SELECT value FROM setting WHERE name = 'beats'").fetchone()
    return 0 if row is None else int(row[0])


def _wake(connection: sqlite3.Connection, channels: Collection[str], now: datetime) -> None:
    for channel, condition, seen in _current(connection):
        if channel.partition("/")[0] not in channels:
            _end(connection, channel, seen)
        elif condition not in {Condition.OFF, Condition.ENDED}:
            # killed, not stopped: what was true when it was last seen is not known to have held any longer
            _end(connection, channel, seen)
            _begin(connection, channel, Condition.OFF, min(seen, micros(now)))


def _rest(connection: sqlite3.Connection, now: datetime) -> None:
    for channel, condition, _ in _current(connection):
        if condition not in {Condition.OFF, Condition.ENDED}:
            _end(connection, channel, micros(now))
            _begin(connection, channel, Condition.OFF, micros(now))


def _current(connection: sqlite3.Connection) -> list[Row]:
    return connection.execute("SELECT channel, condition, seen FROM channel_phase WHERE ended IS NULL").fetchall()


def _health(connection: sqlite3.Connection) -> list[Health]:
    rows = connection.execute(
        f"SELECT {_HEALTH} FROM channel_phase WHERE ended IS NULL ORDER BY channel"  # noqa: S608
    )
    return [_health_from(row) for row in rows]


def _health_from(row: Row) -> Health:
    channel, condition, reason, began, seen, again = row
    return Health(
        channel=channel,
        condition=Condition(condition),
        reason=reason,
        since=moment(began),
        seen=moment(seen),
        again=moment_or_none(again),
    )


def _spend(connection: sqlite3.Connection, spending: Spending, day: datetime, purse: Purse) -> Purse:
    channel, began = spending.channel, micros(day)
    connection.execute(
        "INSERT INTO purse (channel, day, renews_at, currency, budget, when_spent) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (channel, day) DO UPDATE SET currency = excluded.currency, budget = excluded.budget, "
        "when_spent = excluded.when_spent",
        (
            channel,
            began,
            micros(purse.renews_at),
            purse.currency,
            None if purse.budget is None else _millionths(purse.budget),
            purse.when_spent.value,
        ),
    )
    connection.execute(
        "INSERT INTO spending (channel, day, what, units, cost) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (channel, day, what) DO UPDATE SET units = units + excluded.units, cost = cost + excluded.cost",
        (channel, began, spending.what, spending.units, _millionths(spending.cost)),
    )
    return replace(purse, spent=_spent(connection, channel, began))


def _spent(connection: sqlite3.Connection, channel: str, day: int) -> Decimal:
    (cost,) = connection.execute(
        "SELECT coalesce(sum(cost), 0) FROM spending WHERE channel = ? AND day = ?", (channel, day)
    ).fetchone()
    return money(cost)


def _purses(connection: sqlite3.Connection, now: datetime) -> dict[str, Purse]:
    rows = connection.execute(
        "SELECT channel, renews_at, currency, budget, when_spent, "
        "(SELECT sum(cost) FROM spending WHERE spending.channel = purse.channel AND spending.day = purse.day) "
        "FROM purse WHERE day <= :now AND renews_at > :now ORDER BY channel",
        {"now": micros(now)},
    )
    return {
        channel: Purse(
            spent=money(cost or 0),
            budget=None if budget is None else money(budget),
            currency=currency,
            when_spent=WhenSpent(when_spent),
            renews_at=moment(renews_at),
        )
        for channel, renews_at, currency, budget, when_spent, cost in rows
    }


def _millionths(amount: Decimal) -> int:
    return int((amount * MILLIONTHS).to_integral_value())


def money(millionths: int) -> Decimal:
    """An amount as the database keeps it, in whole units of its currency."""
    return Decimal(millionths) / MILLIONTHS
