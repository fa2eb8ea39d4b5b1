"""Customers and their handles: one account on one channel is one person until somebody says otherwise."""

from __future__ import annotations

import sqlite3
from hashlib import blake2b

from bot.domain.customer import Customer, CustomerId
from bot.domain.mention import Handle, Mention
from bot.domain.reading import Language, Reading
from bot.domain.reason import because
from bot.store.documents import reason_document
from bot.store.moments import micros
from bot.store.rows import CUSTOMER_COLUMNS, Row, customer_from
from bot.store.underway import IN_DOUBT

OPTED_OUT = reason_document(because("outbox.opted_out"))
WHILE_SENDING = reason_document(because("outbox.opted_out_while_sending"))
_SURE_OF_LANGUAGE = 0.7


def customer_id_for(handle: Handle) -> CustomerId:
    """The same for the same account for ever, so that a transaction repeated after a crash writes the same rows."""
    natural = f"{handle.channel}\0{handle.account_id}".encode("utf-8", "backslashreplace")
    return CustomerId(blake2b(natural, digest_size=10, person=b"customer").hexdigest())


def author_of(connection: sqlite3.Connection, mention: Mention) -> Customer:
    """The customer behind a mention, known from now on. A new account name is taken over."""
    handle = mention.author
    row: Row | None = connection.execute(
        f"SELECT {CUSTOMER_COLUMNS}, handle.name FROM handle JOIN customer ON customer.id = handle.customer_id "  # noqa: S608
        "WHERE handle.channel = ? AND handle.account_id = ?",
        (handle.channel, handle.account_id),
    ).fetchone()
    if row is None:
        return _met(connection, mention)
    if row[-1] != handle.name:
        _rename(connection, handle)
    return customer_from(row[:-1], _handles(connection, row[0]))


def welcome(connection: sqlite3.Connection, newcomer: Customer) -> Customer:
    """A customer from now on, with these accounts."""
    connection.execute(
        "INSERT INTO customer (id, name, first_seen) VALUES (?, ?, ?)",
        (newcomer.id, newcomer.name, micros(newcomer.first_seen)),
    )
    connection.executemany(
        "INSERT INTO handle (channel, account_id, name, customer_id) VALUES (?, ?, ?, ?)",
        [(handle.channel, handle.account_id, handle.name, newcomer.id) for handle in newcomer.handles],
    )
    return newcomer


def customer_with(connection: sqlite3.Connection, customer_id: str) -> Customer | None:
    """A customer by id."""
    row: Row | None = connection.execute(
        f"SELECT {CUSTOMER_COLUMNS} FROM customer WHERE id = ?",  # noqa: S608
        (customer_id,),
    ).fetchone()
    return None if row is None else customer_from(row, _handles(connection, customer_id))


def speaks(connection: sqlite3.Connection, customer: Customer, reading: Reading) -> None:
    """Remember the language a customer last wrote in, where the reading is sure of one of ours."""
    language = reading.language
    known = language is not Language.OTHER and reading.language_confidence >= _SURE_OF_LANGUAGE
    if known and language is not customer.language:
        connection.execute("UPDATE customer SET language = ? WHERE id = ?", (language.value, customer.id))


def language_of(connection: sqlite3.Connection, author: Handle) -> Language | None:
    """The language that the customer behind an account last clearly wrote in, if any."""
    row: tuple[str | None] | None = connection.execute(
        "SELECT language FROM handle JOIN customer ON customer.id = handle.customer_id "
        "WHERE channel = ? AND account_id = ?",
        (author.channel, author.account_id),
    ).fetchone()
    return None if row is None or row[0] is None else Language(row[0])


def opt_out(connection: sqlite3.Connection, customer_id: CustomerId, at: int) -> None:
    """Never write first again, and the last time they asked for it counts. What was waiting to be said to them stays
    unsaid, and of a machine's texts also what was decided since, as where two turn out to be one; what may have left
    already needs a person.
    """
    connection.execute(
        "UPDATE customer SET opted_out_at = max(coalesce(opted_out_at, :at), :at) WHERE id = :customer",
        {"at": at, "customer": customer_id},
    )
    connection.execute(
        f"UPDATE outbox SET state = iif({IN_DOUBT}, 'unknown', 'withheld'), error = iif({IN_DOUBT}, ?, ?) "  # noqa: S608
        "WHERE customer_id = ? AND kind IN ('reply', 'ask') AND state IN ('pending', 'held') "
        "AND (decided_at <= ? OR written_by IS NULL)",
        (WHILE_SENDING, OPTED_OUT, customer_id, at),
    )


def _met(connection: sqlite3.Connection, mention: Mention) -> Customer:
    handle = mention.author
    return welcome(
        connection,
        Customer(
            id=customer_id_for(handle),
            handles=(handle,),
            name=handle.name,
            language=None,
            first_seen=mention.posted_at,
        ),
    )


def _rename(connection: sqlite3.Connection, handle: Handle) -> None:
    connection.execute(
        "UPDATE handle SET name = ? WHERE channel = ? AND account_id = ?",
        (handle.name, handle.channel, handle.account_id),
    )


def _handles(connection: sqlite3.Connection, customer_id: str) -> tuple[Handle, ...]:
    rows = connection.execute(
        "SELECT channel, account_id, name FROM handle WHERE customer_id = ? ORDER BY rowid", (customer_id,)
    )
    return tuple(Handle(channel=channel, account_id=account, name=name) for channel, account, name in rows)
