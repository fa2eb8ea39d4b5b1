"""Make two customers one, on the consent that is kept with it: everything of the one becomes the other's."""

from __future__ import annotations

import json
import sqlite3

from bot.domain.customer import Consent, Customer, CustomerId, Merge
from bot.domain.mention import Handle
from bot.store.moments import micros, moment
from bot.store.people import opt_out
from bot.store.rows import Row
from bot.store.whois import customer_from_now_on

THEIRS = (
    "handle",
    "mention",
    "case_file",
    "reading",
    "experience",
    "interaction",
    "outbox",
    "survey",
    "promise",
    "customer_merge",
)
"""Every table whose rows belong to a customer."""

_JOIN = """
UPDATE customer SET
    first_seen = min(first_seen, (SELECT first_seen FROM customer WHERE id = :other)),
    language = coalesce((
        SELECT customer.language FROM interaction JOIN customer ON customer.id = interaction.customer_id
        WHERE customer_id IN (:kept, :other) AND direction = 'inbound' AND language IS NOT NULL
        ORDER BY at DESC LIMIT 1
    ), language),
    tags = :tags
WHERE id = :kept
"""


def merge(connection: sqlite3.Connection, kept_id: CustomerId, other_id: CustomerId, consent: Consent) -> Customer:
    """`other_id` leads to `kept_id` from now on. LookupError for an id nobody has, or whose owner was erased."""
    if kept_id == other_id:
        message = f"{kept_id} is already one customer"
        raise ValueError(message)
    kept, other = _living(connection, kept_id), _living(connection, other_id)
    named = {"kept": kept.id, "other": other.id, "tags": "\n".join(sorted(kept.tags | other.tags))}
    connection.execute(_JOIN, named)
    for table in THEIRS:
        connection.execute(f"UPDATE {table} SET customer_id = :kept WHERE customer_id = :other", named)  # noqa: S608
    _note(connection, kept, other, consent)
    (wishes_peace_since,) = connection.execute(
        "SELECT max(opted_out_at) FROM customer WHERE id IN (:kept, :other)", named
    ).fetchone()
    connection.execute("DELETE FROM customer WHERE id = :other", named)
    if wishes_peace_since is not None:
        opt_out(connection, kept.id, wishes_peace_since)
    return _living(connection, kept.id)


def merges_of(connection: sqlite3.Connection, customer_id: str) -> tuple[Merge, ...]:
    """Who became part of a customer, oldest first."""
    rows = connection.execute(
        "SELECT accounts, consent, noted_by, noted_at FROM customer_merge WHERE customer_id = ? "
        "ORDER BY noted_at, rowid",
        (customer_id,),
    )
    return tuple(_merge_from(row) for row in rows)


def _living(connection: sqlite3.Connection, customer_id: CustomerId) -> Customer:
    customer = customer_from_now_on(connection, customer_id)
    if customer is None or customer.erased_at is not None:
        message = f"there is no customer {customer_id}"
        raise LookupError(message)
    return customer


def _note(connection: sqlite3.Connection, kept: Customer, other: Customer, consent: Consent) -> None:
    accounts = [(handle.channel, handle.account_id, handle.name) for handle in other.handles]
    connection.execute(
        "INSERT INTO customer_merge (merged_id, customer_id, accounts, consent, noted_by, noted_at) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (other.id, kept.id, json.dumps(accounts), consent.words, consent.noted_by, micros(consent.noted_at)),
    )


def _merge_from(row: Row) -> Merge:
    accounts, words, noted_by, noted_at = row
    return Merge(
        handles=tuple(
            Handle(channel=channel, account_id=account, name=name) for channel, account, name in json.loads(accounts)
        ),
        consent=Consent(words=words, noted_by=noted_by, noted_at=moment(noted_at)),
    )
