"""What the brand promised to one person, and how it was kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.mention import Mention
from bot.domain.promise import Pledge, Promise
from bot.domain.reading import Sentiment
from bot.store.moments import micros
from bot.store.rows import PROMISE_COLUMNS, PROMISES, Row, promise_from

_HOUR, _DAY = (timedelta(hours=hours) // timedelta(microseconds=1) for hours in (1, 24))
_THANKED_WITHIN = _DAY
_THE_SAME = f"abs(due - :due) < {_DAY} AND abs(made_at - :at) < {_HOUR}"
"""What is said and noted in one hour for one day is one promise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Where, when and to whom something was promised. `source` is the id of the post in which it was."""

    source: str
    at: datetime
    who: str
    channel: str
    conversation: str
    customer_id: str
    case_id: str | None


def pledge(connection: sqlite3.Connection, pledges: Sequence[Pledge], given: Given) -> None:
    """Write down what a post promises, once for each post; not what a person has just noted by hand."""
    connection.executemany(
        "INSERT INTO promise "  # noqa: S608
        "(id, customer_id, case_id, channel, conversation, who, what, made_at, due, source, a_word) "
        "SELECT :id, :customer, :case, :channel, :conversation, :who, :what, :at, :due, :source, :a_word "
        "WHERE NOT EXISTS (SELECT 1 FROM promise WHERE source = id AND case_id = :case AND state = 'open' "
        f"AND {_THE_SAME}) ON CONFLICT DO NOTHING",
        [
            {
                "id": f"{given.source}/promise/{number}",
                "customer": given.customer_id,
                "case": given.case_id,
                "channel": given.channel,
                "conversation": given.conversation,
                "who": given.who,
                "what": promised.what,
                "at": micros(given.at),
                "due": micros(promised.due),
                "source": given.source,
                "a_word": promised.a_word,
            }
            for number, promised in enumerate(pledges, start=1)
        ],
    )


def give(connection: sqlite3.Connection, promise: Promise, *, channel: str, conversation: str) -> Promise:
    """Write down what a person promised by hand; it takes the place of what was just read of their words."""
    named = {
        "id": promise.id,
        "customer": promise.customer_id,
        "case": promise.case_id,
        "channel": channel,
        "conversation": conversation,
        "who": promise.who,
        "what": promise.what,
        "at": micros(promise.made_at),
        "due": micros(promise.due),
        "source": promise.source,
    }
    connection.execute(
        f"DELETE FROM promise WHERE source <> id AND case_id = :case AND state = 'open' AND {_THE_SAME}",  # noqa: S608
        named,
    )
    connection.execute(
        "INSERT INTO promise (id, customer_id, case_id, channel, conversation, who, what, made_at, due, source) "
        "VALUES (:id, :customer, :case, :channel, :conversation, :who, :what, :at, :due, :source) "
        "ON CONFLICT DO NOTHING",
        named,
    )
    return promise


def promise_with(connection: sqlite3.Connection, promise_id: str) -> Promise | None:
    """By its id."""
    row: Row | None = connection.execute(
        f"SELECT {PROMISE_COLUMNS} FROM {PROMISES} WHERE promise.id = ?",  # noqa: S608
        (promise_id,),
    ).fetchone()
    return None if row is None else promise_from(row)


def brand_spoke(  # noqa: PLR0913 - whom, about what, when, and whether it promised again
    connection: sqlite3.Connection,
    mention: Mention,
    *,
    customer_id: str,
    case_id: str | None,
    at: int,
    anew: bool,
    written: int | None = None,
) -> None:
    """The brand wrote again about it in time: a promised word is kept by the word, other promises are not.

    "mañana te decimos fecha" is kept by "llega el viernes", which is a promise of its own. That something was brought,
    paid back or mended the brand cannot prove by writing; who promises it `anew` has renegotiated it. Words that were
    `written` before a promise was given, and left later, say nothing of it.
    """
    connection.execute(
        "UPDATE promise SET state = iif(a_word, 'kept', 'renegotiated'), settled_at = :at WHERE (a_word OR :anew) "
        "AND customer_id = :customer AND state = 'open' AND made_at < :written AND due >= :at "
        "AND (case_id = :case OR (channel = :channel AND conversation = :conversation))",
        {
            "anew": anew,
            "at": at,
            "written": at if written is None else written,
            "customer": customer_id,
            "case": case_id,
            "channel": mention.channel,
            "conversation": mention.conversation,
        },
    )


def promises_anew(pledges: Sequence[Pledge]) -> bool:
    """Whether more than a word is promised: to say more tomorrow takes nothing back of what comes on Friday."""
    return any(not each.a_word for each in pledges)


def case_solved(connection: sqlite3.Connection, case_id: str, at: datetime) -> None:
    """An agent says what fixed it: what was promised in the case was done, unless the customer says otherwise yet."""
    connection.execute(
        "UPDATE promise SET state = 'kept', settled_at = ? WHERE case_id = ? AND state = 'open'", (micros(at), case_id)
    )


def open_in(connection: sqlite3.Connection, case_id: str) -> list[Promise]:
    """What is promised in a case and nobody has settled, the next due first."""
    rows = connection.execute(
        f"SELECT {PROMISE_COLUMNS} FROM {PROMISES} WHERE promise.case_id = ? AND promise.state = 'open' "  # noqa: S608
        "ORDER BY due",
        (case_id,),
    )
    return [promise_from(row) for row in rows]


def to_come(connection: sqlite3.Connection, case_id: str, at: datetime) -> tuple[Promise, ...]:
    """What is promised in a case and not due yet."""
    return tuple(promise for promise in open_in(connection, case_id) if promise.due > at)


def customer_spoke(  # noqa: PLR0913 - whom, about what, and how they sound
    connection: sqlite3.Connection,
    mention: Mention,
    *,
    sentiment: Sentiment | None,
    over: bool,
    customer_id: str,
    case_id: str | None,
) -> None:
    """The customer's next words in the thread say that it was kept: words that end the case at any time before it was
    due, and happy ones about then. Long before it was due, happy words are thanks for the promise, and say nothing.

    Unhappy ones within a day after it was due say that it was not, whatever the brand wrote meanwhile. Others say
    nothing of it: whoever waits on the day may yet be glad in the evening. `sentiment` is None where nobody is sure.
    """
    named = {
        "at": micros(mention.posted_at),
        "over": over,
        "grace": _THANKED_WITHIN,
        "customer": customer_id,
        "case": case_id,
        "channel": mention.channel,
        "conversation": mention.conversation,
    }
    if sentiment is Sentiment.NEGATIVE:
        connection.execute(
            "UPDATE promise SET heard_at = :at, state = 'broken', settled_at = :at "
            "WHERE customer_id = :customer AND state IN ('open', 'kept') AND heard_at IS NULL "
            "AND due < :at AND :at <= due + :grace "
            "AND (case_id = :case OR (channel = :channel AND conversation = :conversation))",
            named,
        )
    if over or sentiment is Sentiment.POSITIVE:
        connection.execute(
            "UPDATE promise SET heard_at = :at, state = 'kept', settled_at = :at "
            "WHERE customer_id = :customer AND state = 'open' AND heard_at IS NULL AND made_at < :at "
            "AND :at <= due + :grace AND (:over OR :at >= due - :grace) "
            "AND (case_id = :case OR (channel = :channel AND conversation = :conversation))",
            named,
        )
