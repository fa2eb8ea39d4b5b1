"""What follows once something was said: its receipt, its line of history, the case's clock and what it promised."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from bot.domain.action import Ask, Reply, ReplyKind
from bot.domain.customer import CustomerId
from bot.domain.interaction import MACHINE, Direction, Interaction
from bot.domain.mention import Mention
from bot.domain.outbox import Delivery, Job, Receipt
from bot.domain.reason import because
from bot.domain.situation import Heard
from bot.store import casebook, folder, promises
from bot.store.documents import reason_document
from bot.store.drafts import BY_AGENT
from bot.store.moments import micros
from bot.store.rows import (
    INTERACTION_COLUMNS,
    JOB_COLUMNS,
    MENTION_COLUMNS,
    Row,
    interaction_row,
    job_from,
    mention_from,
)
from bot.store.underway import IN_DOUBT

OF_NOBODY = "EXISTS (SELECT 1 FROM customer WHERE customer.id = outbox.customer_id AND erased_at IS NOT NULL)"
"""Whether whoever it was for was forgotten meanwhile."""
ERASED = reason_document(because("outbox.erased"))


def keep_receipt(connection: sqlite3.Connection, delivery: Delivery) -> None:
    """A second receipt of the same job changes nothing."""
    job, receipt, action = delivery.job, delivery.receipt, delivery.job.action
    row: Row | None = connection.execute(
        "UPDATE outbox SET state = 'sent', lease_until = NULL, error = NULL, receipt_id = ?, receipt_at = ?, "  # noqa: S608
        f"receipt_url = iif({OF_NOBODY}, NULL, ?) "
        "WHERE id = ? AND receipt_id IS NULL RETURNING mention_id, approved_by, customer_id, written_by",
        (receipt.external_id, micros(receipt.at), receipt.url, job.id),
    ).fetchone()
    if not isinstance(action, Reply | Ask):
        _take_down_what_is_gone(connection, job)
    if row is None or not isinstance(action, Reply | Ask):
        return
    mention, approved_by = _mention(connection, row[0]), row[1]
    # who they are may have been found out while it was being sent, or they may have been forgotten
    job = replace(job, customer_id=CustomerId(row[2]), mention_id=mention.id, written_by=row[3])
    if _forgotten(connection, job.customer_id):
        return
    _keep_words(connection, job, receipt, action.text, mention)
    if isinstance(action, Ask):
        connection.execute(
            "INSERT INTO survey (id, customer_id, kind, asked_at) VALUES (?, ?, ?, ?)",
            (job.key, job.customer_id, action.survey.value, micros(receipt.at)),
        )
        return
    if action.kind is ReplyKind.RECEIPT and job.written_by is None:
        return  # that somebody was heard is no answer yet; what a person made of it is one
    _stop_clock(connection, job, receipt)
    if approved_by is not None:
        # a person's word keeps a promise, and is one; an automatic thank-you does neither
        _hold_to_their_word(connection, replace(delivery, job=job), mention, job.written_by or approved_by)


def heard_ourselves(connection: sqlite3.Connection, heard: Heard) -> Row | None:
    """(customer, case) of what we said and hear again on its channel.

    The channel may be quicker than its own receipt, and after a crash this may be all there ever is: what was being
    said, or is in doubt, and is heard in the same words at the same place was said.
    """
    post = heard.mention
    known = sent_by_us(connection, post)
    if known is not None:
        return known
    job = _on_its_way(connection, post)
    if job is None:
        return None
    receipt = Receipt(external_id=post.external_id, at=post.posted_at, url=post.url)
    keep_receipt(connection, Delivery(job=job, receipt=receipt, pledges=heard.pledges))
    return sent_by_us(connection, post)


def sent_by_us(connection: sqlite3.Connection, post: Mention) -> Row | None:
    """(customer, case) of our own words with that receipt."""
    row: Row | None = connection.execute(
        "SELECT customer_id, case_id FROM outbox WHERE channel = ? AND receipt_id = ? AND kind IN ('reply', 'ask')",
        (post.channel, post.external_id),
    ).fetchone()
    return row


def _on_its_way(connection: sqlite3.Connection, post: Mention) -> Job | None:
    """What has no receipt yet and says the same, to the very post that is answered or else in its conversation."""
    there = "conversation = :conversation" if post.in_reply_to is None else "mention_id = :channel || ':' || :answers"
    rows = connection.execute(
        f"SELECT {JOB_COLUMNS} FROM outbox WHERE channel = :channel AND kind IN ('reply', 'ask') "  # noqa: S608
        f"AND receipt_id IS NULL AND (state IN ('sending', 'unknown') OR (state = 'pending' AND {IN_DOUBT})) "
        f"AND {there} ORDER BY id",
        {"channel": post.channel, "answers": post.in_reply_to, "conversation": post.conversation},
    )
    jobs = (job_from(row) for row in rows)
    return next((job for job in jobs if _words(job) == post.text.split()), None)


def _words(job: Job) -> list[str]:
    return job.action.text.split() if isinstance(job.action, Reply | Ask) else []


def _hold_to_their_word(connection: sqlite3.Connection, delivery: Delivery, mention: Mention, by: str) -> None:
    """What they promised before is kept or renegotiated, and what they promise now is written down."""
    job, at = delivery.job, micros(delivery.receipt.at)
    promises.brand_spoke(
        connection,
        mention,
        customer_id=job.customer_id,
        case_id=job.case_id,
        at=at,
        anew=promises.promises_anew(delivery.pledges),
        written=micros(job.decided_at) if job.responder == BY_AGENT else None,
    )
    promises.pledge(
        connection,
        delivery.pledges,
        promises.Given(
            source=f"{mention.channel}:{delivery.receipt.external_id}",
            at=delivery.receipt.at,
            who=folder.names(connection, [by])[by],
            channel=mention.channel,
            conversation=mention.conversation,
            customer_id=job.customer_id,
            case_id=job.case_id,
        ),
    )


def _take_down_what_is_gone(connection: sqlite3.Connection, job: Job) -> None:
    """An alert that was being shown while its author was forgotten, or took the post back: the desk deletes it."""
    connection.execute(
        "UPDATE desk_message SET key = 'gone:' || :id WHERE key = 'alert:' || :key AND EXISTS ("
        "SELECT 1 FROM outbox LEFT JOIN customer ON customer.id = outbox.customer_id "
        "LEFT JOIN mention ON mention.id = outbox.mention_id "
        "WHERE outbox.id = :id AND (customer.erased_at IS NOT NULL OR mention.deleted_at IS NOT NULL))",
        {"id": job.id, "key": job.key},
    )


def _forgotten(connection: sqlite3.Connection, customer_id: str) -> bool:
    row = connection.execute("SELECT erased_at FROM customer WHERE id = ?", (customer_id,)).fetchone()
    return row is None or row[0] is not None


def _mention(connection: sqlite3.Connection, mention_id: str) -> Mention:
    return mention_from(
        connection.execute(f"SELECT {MENTION_COLUMNS} FROM mention WHERE id = ?", (mention_id,)).fetchone()  # noqa: S608
    )


def _keep_words(connection: sqlite3.Connection, job: Job, receipt: Receipt, text: str, mention: Mention) -> None:
    """One line of history, unless the channel was quicker and let us hear our own post before its receipt."""
    said = Interaction(
        key=job.key,
        customer_id=job.customer_id,
        case_id=job.case_id,
        mention_id=job.mention_id,
        at=receipt.at,
        direction=Direction.OUTBOUND,
        actor=job.written_by or MACHINE,
        channel=mention.channel,
        text=text,
    )
    connection.execute(
        f"INSERT INTO interaction ({INTERACTION_COLUMNS}) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? "  # noqa: S608
        "WHERE NOT EXISTS (SELECT 1 FROM interaction WHERE key = ?)",
        (*interaction_row(said), f"{mention.channel}:{receipt.external_id}"),
    )


def _stop_clock(connection: sqlite3.Connection, job: Job, receipt: Receipt) -> None:
    case = None if job.case_id is None else casebook.case_with(connection, job.case_id)
    if case is not None:
        casebook.keep(connection, case.answered(receipt.at, decided=job.decided_at))
