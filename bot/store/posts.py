"""The brand's own posts, heard on a channel: they answer a customer's case and may promise something."""

from __future__ import annotations

import sqlite3

from bot.domain.case import Case
from bot.domain.customer import CustomerId
from bot.domain.interaction import BRAND, Direction, Interaction
from bot.domain.mention import Mention
from bot.domain.reason import Reason, because
from bot.domain.situation import Heard
from bot.store import casebook, promises
from bot.store.edits import forms_of
from bot.store.lines import keep_forms
from bot.store.moments import micros
from bot.store.receipts import heard_ourselves, sent_by_us
from bot.store.rows import Row


def settle_post(connection: sqlite3.Connection, heard: Heard) -> tuple[str | None, Case | None, Reason | None]:
    """The customer it speaks to, their case, and a note; nobody known is no error."""
    post = heard.mention
    ours = heard_ourselves(connection, heard)
    customer_id, replied_case = ours or _addressee(connection, post)
    if customer_id is None:
        return None, None, because("inbox.to_nobody")
    case = _case_of_post(connection, post, customer_id, replied_case)
    if ours is None:
        return customer_id, _answer(connection, heard, customer_id, case), None
    return customer_id, case, because("inbox.sent_by_us")


def settle_post_again(connection: sqlite3.Connection, post: Mention, customer_id: str) -> None:
    """A new form of a post that was settled: history tells it, what it promised stays as it was promised."""
    ours = sent_by_us(connection, post)
    case = _case_of_post(connection, post, customer_id, None if ours is None else ours[1])
    forms = forms_of(connection, post.id)
    # the first form of what we sent has its line already, under the key of its job
    keep_forms(connection, _outbound(post, customer_id, case), forms, since=0 if ours is None else 1)


def _answer(connection: sqlite3.Connection, heard: Heard, customer_id: str, case: Case | None) -> Case | None:
    """Stop the case's clock, write the line of history, and see which promises this keeps and which it gives."""
    post = heard.mention
    case = None if case is None else casebook.keep(connection, _answered(connection, case, post))
    case_id, at = None if case is None else case.id, micros(post.posted_at)
    anew = promises.promises_anew(heard.pledges)
    keep_forms(connection, _outbound(post, customer_id, case), forms_of(connection, post.id))
    promises.brand_spoke(connection, post, customer_id=customer_id, case_id=case_id, at=at, anew=anew)
    given = promises.Given(
        source=post.id,
        at=post.posted_at,
        who=post.author.name,
        channel=post.channel,
        conversation=post.conversation,
        customer_id=customer_id,
        case_id=case_id,
    )
    promises.pledge(connection, heard.pledges, given)
    return case


def _answered(connection: sqlite3.Connection, case: Case, post: Mention) -> Case:
    """A post may be heard of later than what the customer wrote after it, which it does not answer."""
    written_since = connection.execute(
        "SELECT 1 FROM interaction WHERE case_id = ? AND direction = 'inbound' AND at > ? LIMIT 1",
        (case.id, micros(post.posted_at)),
    ).fetchone()
    at = post.posted_at
    return case.answered(at) if written_since is None else case.answered_before_their_last_words(at)


def _addressee(connection: sqlite3.Connection, post: Mention) -> Row:
    """(customer, case) of the post this one answers, or else of the latest in its thread."""
    row: Row | None = None
    if post.in_reply_to is not None:
        row = connection.execute(
            "SELECT customer_id, case_id FROM mention "
            "WHERE external_id = ? AND channel = ? AND customer_id IS NOT NULL",
            (post.in_reply_to, post.channel),
        ).fetchone()
    if row is None:
        row = connection.execute(
            "SELECT customer_id, case_id FROM mention WHERE channel = ? AND conversation = ? "
            "AND customer_id IS NOT NULL AND by_brand = 0 ORDER BY posted_at DESC LIMIT 1",
            (post.channel, post.conversation),
        ).fetchone()
    return (None, None) if row is None else row


def _case_of_post(
    connection: sqlite3.Connection, post: Mention, customer_id: str, replied_case: str | None
) -> Case | None:
    """The case of the very post that is answered, or else of the customer's last words in this conversation."""
    case_id = replied_case or casebook.thread_case(connection, post, CustomerId(customer_id))
    return None if case_id is None else casebook.case_with(connection, case_id)


def _outbound(post: Mention, customer_id: str, case: Case | None) -> Interaction:
    return Interaction(
        key=post.id,
        customer_id=CustomerId(customer_id),
        case_id=None if case is None else case.id,
        mention_id=post.id,
        at=post.posted_at,
        direction=Direction.OUTBOUND,
        actor=BRAND,
        channel=post.channel,
        text=post.text,
    )
