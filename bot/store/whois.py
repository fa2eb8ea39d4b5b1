"""Who is meant by an id, an account or a name: customers, and people of whom only posts are held that nobody has read.

An account becomes a customer when the first of its posts is settled. Until then the posts that wait, are set aside, or
were deleted before their turn are all that is known of it; its id is the one that it is going to have.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from bot.domain.customer import Customer, CustomerId
from bot.domain.mention import Handle
from bot.domain.ports.record import Unread
from bot.store.moments import moment
from bot.store.people import customer_id_for, customer_with, welcome
from bot.store.rows import MENTION_COLUMNS, Row, mention_from

_MOST = 20
# the literals repeat those of the partial index, or SQLite would not use it
_NOBODYS = "customer_id IS NULL AND by_brand = 0"
_STRANGERS = f"""
SELECT author_channel, author_id, author_name, min(posted_at) FROM mention WHERE {_NOBODYS}
    AND NOT EXISTS (SELECT 1 FROM handle WHERE channel = author_channel AND account_id = author_id)
    AND %s GROUP BY author_channel, author_id
"""  # noqa: S608
_CUSTOMERS = """
SELECT DISTINCT rank, id, first_seen FROM (
    SELECT 1 AS rank, id, first_seen FROM customer WHERE id = :who
    UNION ALL SELECT 1, customer.id, first_seen FROM customer_merge
    JOIN customer ON customer.id = customer_merge.customer_id WHERE merged_id = :who
    UNION ALL SELECT 2, id, first_seen FROM customer JOIN handle ON handle.customer_id = customer.id
    WHERE channel = :channel AND account_id = :account
    UNION ALL SELECT 3, id, first_seen FROM customer JOIN handle ON handle.customer_id = customer.id
    WHERE channel = :channel AND handle.name COLLATE NOCASE IN (:account_name, '@' || :account_name)
    UNION ALL SELECT 4, id, first_seen FROM customer JOIN handle ON handle.customer_id = customer.id
    WHERE handle.name COLLATE NOCASE IN (:name, '@' || :name)
) ORDER BY rank, first_seen DESC LIMIT :most
"""


def people_called(connection: sqlite3.Connection, who: str) -> list[Customer]:
    """Everybody who fits best, newest first: ids before accounts, accounts before names."""
    found = [*_customers_called(connection, who), *_strangers_called(connection, who)]
    best = min((rank for rank, _ in found), default=0)
    fitting = [person for rank, person in found if rank == best]
    return sorted(fitting, key=lambda person: person.first_seen, reverse=True)[:_MOST]


def person_with(connection: sqlite3.Connection, customer_id: str) -> Customer | None:
    """A customer by id, or whoever is going to be the customer of that id."""
    known = customer_with(connection, customer_id)
    return known or next((each for each in _strangers(connection) if each.id == customer_id), None)


def customer_from_now_on(connection: sqlite3.Connection, customer_id: CustomerId) -> Customer | None:
    """The same, and a customer from now on."""
    person = person_with(connection, customer_id)
    if person is not None and customer_with(connection, customer_id) is None:
        welcome(connection, person)
    return person


def unread_of(connection: sqlite3.Connection, person: Customer, limit: int) -> tuple[Unread, ...]:
    """Their newest `limit` posts that nobody has read in the form they have now, oldest first."""
    question = f"SELECT state, {MENTION_COLUMNS} FROM mention WHERE "  # noqa: S608
    rows: list[Row] = connection.execute(
        f"{question} customer_id = ? AND by_brand = 0 AND state <> 'done'", (person.id,)
    ).fetchall()
    for handle in person.handles:
        rows += connection.execute(
            f"{question} {_NOBODYS} AND author_channel = ? AND author_id = ?", (handle.channel, handle.account_id)
        ).fetchall()
    posts = [Unread(state=state, mention=mention_from(tuple(columns))) for state, *columns in rows]
    return tuple(sorted(posts, key=lambda post: post.mention.posted_at)[-limit:])


def _customers_called(connection: sqlite3.Connection, who: str) -> Iterator[tuple[int, Customer]]:
    rows: list[Row] = connection.execute(_CUSTOMERS, {**_meanings(who), "most": _MOST}).fetchall()
    for rank, customer_id, _ in rows:
        customer = customer_with(connection, customer_id)
        if customer is not None:
            yield rank, customer


def _strangers_called(connection: sqlite3.Connection, who: str) -> Iterator[tuple[int, Customer]]:
    """With the ranks of customers. All of them are looked at only for what may be an id."""
    if _may_be_an_id(who):
        yield from ((1, each) for each in _strangers(connection) if each.id == who)
    here = "author_channel = :channel AND"
    for rank, fits in (
        (2, f"{here} author_id = :account"),
        (3, f"{here} author_name COLLATE NOCASE IN (:account_name, '@' || :account_name)"),
        (4, "author_name COLLATE NOCASE IN (:name, '@' || :name)"),
    ):
        yield from ((rank, each) for each in _strangers(connection, fits, who))


def _strangers(connection: sqlite3.Connection, fits: str = "TRUE", who: str = "") -> Iterator[Customer]:
    for channel, account, name, first_seen in connection.execute(_STRANGERS % fits, _meanings(who)):
        handle = Handle(channel=channel, account_id=account, name=name)
        yield Customer(
            id=customer_id_for(handle), handles=(handle,), name=name, language=None, first_seen=moment(first_seen)
        )


def _meanings(who: str) -> dict[str, str]:
    channel, _, account = who.partition(":")
    return {
        "who": who,
        "channel": channel,
        "account": account,
        "account_name": account.removeprefix("@"),
        "name": who.removeprefix("@"),
    }


def _may_be_an_id(who: str) -> bool:
    return len(who) == len(customer_id_for(Handle(channel="", account_id="", name=""))) and who.isalnum()
