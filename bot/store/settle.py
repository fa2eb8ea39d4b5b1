"""One transaction from heard to decided: the situation is read, the decision made, and all that follows written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from bot.domain.action import Action, Close, Silence, kind_of
from bot.domain.case import Case
from bot.domain.customer import Customer, CustomerId
from bot.domain.experience import Experience, ExperienceId
from bot.domain.interaction import Direction, Interaction
from bot.domain.mention import Mention
from bot.domain.outbox import JobState, Verdict
from bot.domain.ports import Decide
from bot.domain.reading import Reading
from bot.domain.situation import Decided, Decision, Heard, Settled, Situation
from bot.store import casebook, people, promises
from bot.store.documents import action_document, reading_detail
from bot.store.facts import facts_for
from bot.store.moments import micros
from bot.store.rows import INTERACTION_COLUMNS, Row, experience_row, interaction_from, interaction_row

_HISTORY = 10
_STATES = {
    Verdict.SEND: JobState.PENDING,
    Verdict.APPROVE: JobState.HELD,
    Verdict.SHADOW: JobState.WITHHELD,
    Verdict.BLOCK: JobState.WITHHELD,
}


def settle(
    connection: sqlite3.Connection, heard: Sequence[Heard], decide: Decide, now: Callable[[datetime], datetime]
) -> list[Settled]:
    """Settle what is not settled yet, in order."""
    unsettled = _unsettled(connection, heard)
    settled = []
    for item in heard:
        seq = unsettled.pop(item.mention.id, None)
        if seq is None:
            continue
        if item.mention.by_brand:
            settled.append(_settle_post(connection, seq, item))
        elif item.reading is not None:
            settled.append(_settle_mention(connection, seq, item.mention, item.reading, decide=decide, now=now))
        else:
            message = f"{item.mention.id} was not read"
            raise ValueError(message)
    return settled


def _unsettled(connection: sqlite3.Connection, heard: Sequence[Heard]) -> dict[str, int]:
    """Mention id → seq of those that still wait."""
    unsettled = {}
    for item in heard:
        row = connection.execute("SELECT seq, state FROM mention WHERE id = ?", (item.mention.id,)).fetchone()
        if row is None:
            message = f"{item.mention.id} was never accepted"
            raise LookupError(message)
        if row[1] != "done":
            unsettled[str(item.mention.id)] = int(row[0])
    return unsettled


def _settle_mention(  # noqa: PLR0913 - the row, the words, and the two functions that decide
    connection: sqlite3.Connection,
    seq: int,
    mention: Mention,
    reading: Reading,
    *,
    decide: Decide,
    now: Callable[[datetime], datetime],
) -> Settled:
    customer = people.author_of(connection, mention)
    situation = _situation(connection, mention, reading, customer, now(mention.posted_at))
    decision = decide(situation)
    case = None if decision.case is None else casebook.keep(connection, decision.case)
    experiences = _keep_experiences(connection, decision, mention, reading, case)
    _keep_reading(connection, seq, situation, case)
    keep_interaction(connection, _inbound(mention, customer.id, case))
    case_id = None if case is None else case.id
    promises.customer_spoke(connection, mention, reading.sentiment, customer_id=customer.id, case_id=case_id)
    _remember(connection, decision, situation)
    _keep_jobs(connection, decision.actions, situation, case)
    _done(connection, seq, customer.id, case_id)
    return Settled(mention=mention, case=case, experiences=experiences, jobs=len(decision.actions))


def _situation(
    connection: sqlite3.Connection, mention: Mention, reading: Reading, customer: Customer, now: datetime
) -> Situation:
    in_thread = casebook.thread_case(connection, mention, customer.id)
    return Situation(
        mention=mention,
        reading=reading,
        customer=customer,
        cases=casebook.cases_for(connection, customer.id, in_thread, now),
        thread_case=in_thread,
        history=_history(connection, customer.id),
        facts=facts_for(connection, mention, customer, now),
        now=now,
    )


def _history(connection: sqlite3.Connection, customer_id: CustomerId) -> tuple[Interaction, ...]:
    rows: list[Row] = connection.execute(
        f"SELECT {INTERACTION_COLUMNS} FROM interaction WHERE customer_id = ? "  # noqa: S608
        f"ORDER BY at DESC, seq DESC LIMIT {_HISTORY}",
        (customer_id,),
    ).fetchall()
    return tuple(interaction_from(row) for row in reversed(rows))


def _keep_experiences(
    connection: sqlite3.Connection, decision: Decision, mention: Mention, reading: Reading, case: Case | None
) -> tuple[Experience, ...]:
    experiences = tuple(_with_id(lived, mention, number) for number, lived in enumerate(decision.experiences))
    case_id = None if case is None else case.id
    if experiences:
        connection.executemany(
            "INSERT INTO experience (case_id, counted, id, customer_id, mention_id, stage, touchpoint, what, "
            "sentiment, effort, evidence, expectation, confidence, model, at, corrected_by) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(case_id, _counts(reading), *experience_row(lived)) for lived in experiences],
        )
    return experiences


def _with_id(experience: Experience, mention: Mention, number: int) -> Experience:
    return experience if experience.id else replace(experience, id=ExperienceId(f"{mention.id}#{number}"))


def _counts(reading: Reading) -> bool:
    """Whether reports count it: about the brand, and no spam."""
    return reading.about_brand and not reading.spam


def _keep_reading(connection: sqlite3.Connection, seq: int, situation: Situation, case: Case | None) -> None:
    mention, reading = situation.mention, situation.reading
    connection.execute(
        "INSERT INTO reading (mention_seq, posted_at, channel, customer_id, case_id, counted, language, sentiment, "
        "urgency, stage, spam, about_brand, abstained, degraded, model, detail) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            seq,
            micros(mention.posted_at),
            mention.channel,
            situation.customer.id,
            None if case is None else case.id,
            _counts(reading),
            reading.language.value,
            reading.sentiment.value,
            reading.urgency.value,
            None if reading.stage is None else reading.stage.value,
            reading.spam,
            reading.about_brand,
            reading.abstained,
            reading.degraded,
            reading.model,
            reading_detail(reading),
        ),
    )


def keep_interaction(connection: sqlite3.Connection, interaction: Interaction) -> None:
    """Write one line of a customer's history."""
    connection.execute(
        f"INSERT INTO interaction ({INTERACTION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        interaction_row(interaction),
    )


def _inbound(mention: Mention, customer_id: CustomerId, case: Case | None) -> Interaction:
    return Interaction(
        key=mention.id,
        customer_id=customer_id,
        case_id=None if case is None else case.id,
        mention_id=mention.id,
        at=mention.posted_at,
        direction=Direction.INBOUND,
        actor=mention.author.name,
        channel=mention.channel,
        text=mention.text,
    )


def _remember(connection: sqlite3.Connection, decision: Decision, situation: Situation) -> None:
    """What a mention changes about its customer: their language, the answer to our question, their wish for peace."""
    customer = situation.customer
    if decision.spoken_language_known:
        people.speaks(connection, customer, situation.reading)
    if decision.survey_answer is not None:
        connection.execute(
            "UPDATE survey SET answer = ?, answered_at = ? WHERE id = (SELECT id FROM survey "
            "WHERE customer_id = ? AND answer IS NULL ORDER BY asked_at DESC LIMIT 1)",
            (decision.survey_answer, micros(situation.mention.posted_at), customer.id),
        )
    if decision.opts_out:
        people.opt_out(connection, customer.id, micros(situation.now))


def _keep_jobs(
    connection: sqlite3.Connection, actions: Sequence[Decided], situation: Situation, case: Case | None
) -> None:
    if not actions:
        return
    mention = situation.mention
    decided_at = micros(situation.now)
    numbers = {kind_of(decided.action): count(1) for decided in actions}
    shared = (
        mention.id,
        mention.channel,
        mention.conversation,
        situation.customer.id,
        None if case is None else case.id,
        decided_at,
        decided_at,
    )
    connection.executemany(
        "INSERT INTO outbox (mention_id, channel, conversation, customer_id, case_id, decided_at, due_at, key, kind, "
        "action, responder, verdict, reason, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(*shared, *_job_row(decided, mention, next(numbers[kind_of(decided.action)]))) for decided in actions],
    )


def _job_row(decided: Decided, mention: Mention, number: int) -> Row:
    kind = kind_of(decided.action)
    return (
        f"{mention.id}/{kind}" if number == 1 else f"{mention.id}/{kind}/{number}",
        kind,
        action_document(decided.action),
        decided.responder,
        decided.ruling.verdict.value,
        decided.ruling.reason,
        _first_state(decided.action, decided.ruling.verdict).value,
    )


def _first_state(action: Action, verdict: Verdict) -> JobState:
    """Closing a case and saying nothing are done by being decided."""
    return JobState.SENT if isinstance(action, Close | Silence) else _STATES[verdict]


def _done(
    connection: sqlite3.Connection, seq: int, customer_id: str | None, case_id: str | None, note: str | None = None
) -> None:
    connection.execute(
        "UPDATE mention SET state = 'done', lease_until = NULL, customer_id = ?, case_id = ?, note = ? WHERE seq = ?",
        (customer_id, case_id, note, seq),
    )


def _settle_post(connection: sqlite3.Connection, seq: int, heard: Heard) -> Settled:
    """The brand's own post: it answers a customer's case and may promise something."""
    post = heard.mention
    ours = _sent_by_us(connection, post)
    customer_id, replied_case = ours or _addressee(connection, post)
    if customer_id is None:
        _done(connection, seq, None, None, "the brand's own post, to nobody known")
        return Settled(mention=post, case=None, experiences=(), jobs=0)
    case = _case_of_post(connection, post, customer_id, replied_case)
    if ours is None:
        case = _answer(connection, heard, customer_id, case)
    case_id = None if case is None else case.id
    promises.pledge(connection, heard.pledges, post=post, customer_id=customer_id, case_id=case_id)
    _done(connection, seq, customer_id, case_id, None if ours is None else "sent by us, kept with its receipt")
    return Settled(mention=post, case=case, experiences=(), jobs=0)


def _answer(connection: sqlite3.Connection, heard: Heard, customer_id: str, case: Case | None) -> Case | None:
    """Stop the case's clock, write the line of history, and see which promises this keeps."""
    post = heard.mention
    case = None if case is None else casebook.keep(connection, case.answered(post.posted_at))
    keep_interaction(connection, _outbound(post, customer_id, case))
    promises.brand_spoke(
        connection,
        post,
        customer_id=customer_id,
        case_id=None if case is None else case.id,
        at=micros(post.posted_at),
        anew=bool(heard.pledges),
    )
    return case


def _sent_by_us(connection: sqlite3.Connection, post: Mention) -> Row | None:
    """(customer, case) of our own reply, heard again on its channel."""
    row: Row | None = connection.execute(
        "SELECT customer_id, case_id FROM outbox WHERE channel = ? AND receipt_id = ? AND kind IN ('reply', 'ask')",
        (post.channel, post.external_id),
    ).fetchone()
    return row


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
        actor="brand",
        channel=post.channel,
        text=post.text,
    )
