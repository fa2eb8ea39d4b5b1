"""Forget a person: no word, name or account of theirs stays anywhere, and what was counted stays counted.

Ids go too. A post's id leads to its author on the platform, and a customer's id can be computed by whoever knows the
account; both are replaced by ids that mean nothing, so that figures stand and nobody can be found by them.
"""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import replace
from datetime import datetime

from bot.domain.case import Case
from bot.domain.customer import Customer, CustomerId
from bot.domain.deskwork import Erased
from bot.domain.reason import because
from bot.store import casebook
from bot.store.deletions import forget_words
from bot.store.documents import reason_document
from bot.store.merges import THEIRS
from bot.store.moments import micros
from bot.store.rows import CASE_COLUMNS, case_from
from bot.store.tombstones import bury, house_key, meaningless

_ERASED = reason_document(because("inbox.erased"))
_UNSAID = reason_document(because("outbox.erased"))
# whose audit lines hold labels and numbers only
_WORDLESS = (
    "take",
    "release",
    "assign",
    "prioritise",
    "snooze",
    "wake",
    "correct",
    "merge",
    "reopen",
    "resolve",
    "approve",
)
# (table, column) that hold a mention's id, or begin with it and a slash
_NAMED_AFTER_MENTION = (
    ("experience", "mention_id"),
    ("interaction", "mention_id"),
    ("interaction", "key"),
    ("outbox", "mention_id"),
    ("outbox", "key"),
    ("survey", "id"),
    ("promise", "id"),
    ("promise", "source"),
)
_CONVERSATIONS = (
    ("mention", "conversation"),
    ("outbox", "conversation"),
    ("promise", "conversation"),
    ("case_file", "thread_id"),
)

# in answer to a post of theirs, or where nobody else has spoken; there what was filed as said to nobody may be an
# announcement that they answered
_BRANDS_TO_THEM = """
SELECT seq, id, 1 FROM mention AS answer
WHERE by_brand = 1 AND customer_id IS NULL AND deleted_at IS NULL
AND (
    EXISTS (SELECT 1 FROM mention AS theirs WHERE theirs.external_id = answer.in_reply_to
            AND theirs.channel = answer.channel AND theirs.customer_id = :known)
    OR (SELECT min(said.customer_id IS :known)
               AND (answer.state <> 'done' OR answer.visibility = 'private' OR answer.posted_at >= min(said.posted_at))
        FROM mention AS said WHERE said.channel = answer.channel
        AND said.conversation = answer.conversation AND said.by_brand = 0)
)
"""


def erase(connection: sqlite3.Connection, customer: Customer, now: datetime) -> Erased:
    """All of it in the transaction this is called in. What is being sent at this moment cannot be caught."""
    connection.execute("PRAGMA defer_foreign_keys = ON")
    at, known = micros(now), customer.id
    for handle in customer.handles:
        bury(connection, handle, at)
    key = house_key(connection, at)
    _claim_unread(connection, customer)
    # a correction is about a post, which may belong to no case
    connection.execute(
        "UPDATE audit SET about = '' WHERE about IN (SELECT id FROM mention WHERE customer_id = ?)", (known,)
    )
    shown = connection.execute("SELECT key FROM outbox WHERE customer_id = ? ORDER BY id", (known,)).fetchall()
    mentions = _forget_mentions(connection, customer, at, key)
    interactions = connection.execute(
        "UPDATE interaction SET text = '', actor = iif(direction = 'inbound', '', actor) WHERE customer_id = ?",
        (known,),
    ).rowcount
    _forget_jobs(connection, known)
    _forget_what_people_wrote(connection, known)
    _rename_conversations(connection, known, key)
    cases = _close_cases(connection, known, now)
    unknown = _forget_customer(connection, known, at)
    return Erased(
        mentions=mentions,
        interactions=interactions,
        cases=tuple(replace(case, customer_id=unknown) for case in cases),
        shown=tuple(each for (each,) in shown),
    )


def _forget_mentions(connection: sqlite3.Connection, customer: Customer, at: int, key: bytes) -> int:
    """Their posts, and ours to them; those not read yet too."""
    posts = _posts(connection, customer)
    for seq, mention_id, by_brand in posts:
        forget_words(connection, seq, mention_id)
        connection.execute(
            "UPDATE mention SET text = '', url = NULL, in_reply_to = NULL, state = 'done', lease_until = NULL, "
            "deleted_at = coalesce(deleted_at, ?), note = ?, customer_id = ? WHERE seq = ?",
            (at, _ERASED, customer.id, seq),
        )
        if not by_brand:
            connection.execute("UPDATE mention SET author_id = '', author_name = '' WHERE seq = ?", (seq,))
            _rename_mention(connection, customer.id, seq, mention_id, key=key)
    return sum(not by_brand for _, _, by_brand in posts)


def _claim_unread(connection: sqlite3.Connection, customer: Customer) -> None:
    """Posts that wait, are set aside, or were deleted before they were read are nobody's."""
    connection.executemany(
        "UPDATE mention SET customer_id = ? WHERE customer_id IS NULL AND by_brand = 0 "
        "AND author_channel = ? AND author_id = ?",
        [(customer.id, handle.channel, handle.account_id) for handle in customer.handles],
    )


def _posts(connection: sqlite3.Connection, customer: Customer) -> list[tuple[int, str, int]]:
    theirs = connection.execute("SELECT seq, id, by_brand FROM mention WHERE customer_id = ?", (customer.id,))
    return theirs.fetchall() + _answers_on_their_way(connection, customer)


def _answers_on_their_way(connection: sqlite3.Connection, customer: Customer) -> list[tuple[int, str, int]]:
    """Posts of the brand to them that are nobody's: not settled yet, or settled when nobody had read theirs."""
    return connection.execute(_BRANDS_TO_THEM, {"known": customer.id}).fetchall()


def _rename_mention(connection: sqlite3.Connection, customer_id: str, seq: int, known: str, *, key: bytes) -> None:
    """Another id, everywhere: the platform's leads to its author."""
    unnamed = meaningless(key, known)
    connection.execute(
        "UPDATE mention SET external_id = :new, id = channel || ':' || :new WHERE seq = :seq",
        {"new": unnamed, "seq": seq},
    )
    (unknown,) = connection.execute("SELECT id FROM mention WHERE seq = ?", (seq,)).fetchone()
    named = {"known": known, "unknown": unknown, "customer": customer_id}
    connection.execute(
        "UPDATE case_file SET opened_by = :unknown WHERE customer_id = :customer AND opened_by = :known", named
    )
    # made from the post's id, so that whoever knows the one can compute the other
    for (lived,) in connection.execute("SELECT id FROM experience WHERE mention_id = :known", named).fetchall():
        connection.execute("UPDATE experience SET id = ? WHERE id = ?", (meaningless(key, lived), lived))
    for table, column in _NAMED_AFTER_MENTION:
        # '0' follows '/'
        connection.execute(
            f"UPDATE {table} SET {column} = :unknown || substr({column}, length(:known) + 1) "  # noqa: S608
            f"WHERE customer_id = :customer "
            f"AND ({column} = :known OR ({column} >= :known || '/' AND {column} < :known || '0'))",
            named,
        )


def _forget_jobs(connection: sqlite3.Connection, known: str) -> None:
    """No text, and no words that a person, a plug-in or a platform gave for a reason; what has not left never will."""
    connection.execute(
        "UPDATE outbox SET state = iif(state IN ('pending', 'held', 'dead', 'unknown'), 'withheld', state), "
        "error = iif(state = 'sent', NULL, :why), receipt_url = NULL, "
        "lease_until = iif(state IN ('pending', 'held'), NULL, lease_until), "
        'reason = iif(reason LIKE \'{"name":"policy.%\', reason, :why), '
        "action = CASE WHEN kind IN ('reply', 'ask') THEN json_set(action, '$.text', '', '$.to', mention_id) "
        "ELSE json_set(action, '$.reason', json(:why)) END "
        "WHERE customer_id = :known",
        {"why": _UNSAID, "known": known},
    )
    connection.execute(
        "UPDATE draft_form SET text = '' WHERE job_id IN (SELECT id FROM outbox WHERE customer_id = ?)", (known,)
    )


def _forget_what_people_wrote(connection: sqlite3.Connection, known: str) -> None:
    """What agents noted about them: promises, what fixed it, reasons in the audit log."""
    connection.execute("UPDATE promise SET what = '' WHERE customer_id = ?", (known,))
    connection.execute("UPDATE case_file SET fixed_by = NULL WHERE customer_id = ?", (known,))
    marks = ",".join("?" * len(_WORDLESS))
    connection.execute(
        f"UPDATE audit SET about = '', detail = iif(deed IN ({marks}), detail, '{{}}') "  # noqa: S608
        "WHERE case_id IN (SELECT id FROM case_file WHERE customer_id = ?)",
        (*_WORDLESS, known),
    )
    connection.execute(
        "UPDATE voice SET case_id = NULL WHERE case_id IN (SELECT id FROM case_file WHERE customer_id = ?)", (known,)
    )
    connection.execute(
        "UPDATE desk_card SET drawn = NULL, trouble = NULL, stale = stale + 1 "
        "WHERE case_id IN (SELECT id FROM case_file WHERE customer_id = ?)",
        (known,),
    )


def _rename_conversations(connection: sqlite3.Connection, known: str, key: bytes) -> None:
    """A private conversation is often named after the person in it."""
    named = connection.execute(
        "SELECT DISTINCT conversation FROM mention WHERE customer_id = :known "
        "UNION SELECT conversation FROM outbox WHERE customer_id = :known "
        "UNION SELECT conversation FROM promise WHERE customer_id = :known "
        "UNION SELECT thread_id FROM case_file WHERE customer_id = :known",
        {"known": known},
    ).fetchall()
    for (conversation,) in named:
        values = {"new": meaningless(key, conversation), "old": conversation, "known": known}
        for table, column in _CONVERSATIONS:
            connection.execute(
                f"UPDATE {table} SET {column} = :new WHERE customer_id = :known AND {column} = :old",  # noqa: S608
                values,
            )
    connection.execute(
        "UPDATE mention SET thread_id = iif(thread_id IS NULL, NULL, conversation) WHERE customer_id = ?", (known,)
    )


def _close_cases(connection: sqlite3.Connection, known: str, now: datetime) -> list[Case]:
    rows = connection.execute(
        f"SELECT {CASE_COLUMNS} FROM case_file WHERE customer_id = ? ORDER BY key",  # noqa: S608
        (known,),
    ).fetchall()
    cases = [case_from(row) for row in rows]
    return [casebook.keep(connection, case.resolved(now, None)) if case.is_open else case for case in cases]


def _forget_customer(connection: sqlite3.Connection, known: str, at: int) -> CustomerId:
    """The row stays, under an id that cannot be computed from an account."""
    unknown = CustomerId(secrets.token_hex(10))
    named = {"known": known, "unknown": unknown, "at": at}
    connection.execute("DELETE FROM handle WHERE customer_id = :known", named)
    connection.execute("DELETE FROM customer_merge WHERE customer_id = :known", named)
    connection.execute(
        "UPDATE customer SET id = :unknown, name = '', tags = '', erased_at = :at WHERE id = :known", named
    )
    for table in THEIRS:
        connection.execute(f"UPDATE {table} SET customer_id = :unknown WHERE customer_id = :known", named)  # noqa: S608
    return unknown
