"""What the brand promised to one person, and how it was kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import timedelta

from bot.domain.mention import Mention
from bot.domain.promise import Pledge, Promise
from bot.domain.reading import Sentiment
from bot.store.moments import micros
from bot.store.rows import PROMISE_COLUMNS, PROMISES, Row, promise_from

_THANKED_WITHIN = timedelta(days=1) // timedelta(microseconds=1)


def pledge(
    connection: sqlite3.Connection,
    pledges: Sequence[Pledge],
    *,
    post: Mention,
    customer_id: str,
    case_id: str | None,
) -> None:
    """Write down what a post promises, once for each post."""
    connection.executemany(
        "INSERT INTO promise "
        "(id, customer_id, case_id, channel, conversation, who, what, made_at, due, source, a_word) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (
                f"{post.id}/promise/{number}",
                customer_id,
                case_id,
                post.channel,
                post.conversation,
                post.author.name,
                promised.what,
                micros(post.posted_at),
                micros(promised.due),
                post.id,
                promised.a_word,
            )
            for number, promised in enumerate(pledges, start=1)
        ],
    )


def give(connection: sqlite3.Connection, promise: Promise, *, channel: str, conversation: str) -> Promise:
    """Write down what a person promised by hand."""
    connection.execute(
        "INSERT INTO promise (id, customer_id, case_id, channel, conversation, who, what, made_at, due, source) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            promise.id,
            promise.customer_id,
            promise.case_id,
            channel,
            conversation,
            promise.who,
            promise.what,
            micros(promise.made_at),
            micros(promise.due),
            promise.source,
        ),
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
    """The brand wrote again about it in time: its open promises are kept, or renegotiated if it promised `anew`.

    A promised word is kept by the word: "mañana te decimos fecha" by "llega el viernes", which is a promise of its own.
    Words that were `written` before a promise was given, and left later, say nothing of it.
    """
    connection.execute(
        "UPDATE promise SET state = iif(:anew AND NOT a_word, 'renegotiated', 'kept'), settled_at = :at "
        "WHERE customer_id = :customer AND state = 'open' AND made_at < :written AND due >= :at "
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
