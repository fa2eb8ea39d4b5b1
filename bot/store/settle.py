"""One transaction from heard to decided: the situation is read, the decision made, and all that follows written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import NamedTuple, assert_never

from bot.domain.action import Action, Alert, Ask, Close, Reply, Route, Silence, SurveyKind, kind_of
from bot.domain.case import CaseId, Outcome
from bot.domain.customer import CustomerId
from bot.domain.experience import Experience, ExperienceId
from bot.domain.interaction import Direction, Interaction
from bot.domain.mention import Mention
from bot.domain.outbox import JobState, Verdict
from bot.domain.ports.judge import Decide
from bot.domain.reading import Reading
from bot.domain.reason import because
from bot.domain.situation import Decided, Decision, Heard, Settled, Situation
from bot.domain.survey import outcome_of
from bot.store import casebook, people, promises
from bot.store.documents import action_document, reading_detail, reading_of, reason_document
from bot.store.edits import forms_of
from bot.store.lines import keep_forms
from bot.store.moments import micros
from bot.store.posts import settle_post, settle_post_again
from bot.store.rows import Row, experience_row
from bot.store.situations import situation_of
from bot.store.tombstones import gone
from bot.store.underway import IN_DOUBT

_NEWER_DRAFT = reason_document(because("outbox.newer_draft"))
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
    waiting = _waiting(connection, heard)
    settled = []
    for item in heard:
        row = waiting.pop(item.mention.id, None)
        if row is None:
            continue
        if item.mention.by_brand:
            settled.append(_settle_post(connection, row, item))
        elif item.reading is None:
            message = f"{item.mention.id} was not read"
            raise ValueError(message)
        elif row.customer_id is None:
            settled.append(_settle_mention(connection, row, item.mention, item.reading, decide=decide, now=now))
        else:
            settled.append(_settle_again(connection, row, item.mention, item.reading, decide=decide, now=now))
    return settled


class _Waiting(NamedTuple):
    """A mention that waits to be settled; one with a customer was settled before, in an earlier form."""

    seq: int
    customer_id: str | None
    case_id: str | None


def _waiting(connection: sqlite3.Connection, heard: Sequence[Heard]) -> dict[str, _Waiting]:
    """Those that still wait, by mention id."""
    waiting, forgotten = {}, gone(connection)
    for item in heard:
        row = connection.execute(
            "SELECT state, text, seq, customer_id, case_id FROM mention WHERE id = ?", (item.mention.id,)
        ).fetchone()
        if row is None and forgotten(item.mention.author):
            continue
        if row is None:
            message = f"{item.mention.id} was never accepted"
            raise LookupError(message)
        state, text, *rest = row
        # edited while it was being read: it goes on waiting, and is read in its new form
        if state != "done" and text == item.mention.text:
            waiting[str(item.mention.id)] = _Waiting(*rest)
    return waiting


def _settle_mention(  # noqa: PLR0913 - the row, the words, and the two functions that decide
    connection: sqlite3.Connection,
    row: _Waiting,
    mention: Mention,
    reading: Reading,
    *,
    decide: Decide,
    now: Callable[[datetime], datetime],
) -> Settled:
    customer = people.author_of(connection, mention)
    situation = situation_of(connection, mention, reading, customer, now(mention.posted_at))
    decision = decide(situation)
    case = None if decision.case is None else casebook.keep(connection, decision.case)
    case_id = None if case is None else case.id
    experiences = tuple(_with_id(lived, f"{mention.id}#{n}") for n, lived in enumerate(decision.experiences))
    _keep_experiences(connection, experiences, reading, case_id)
    _keep_reading(connection, row.seq, situation, case_id)
    keep_forms(connection, _inbound(mention, customer.id, case_id), forms_of(connection, mention.id))
    promises.customer_spoke(
        connection,
        mention,
        sentiment=None if reading.abstained else reading.sentiment,
        over=case is not None and case.outcome is Outcome.RECOVERED,
        customer_id=customer.id,
        case_id=case_id,
    )
    _remember(connection, decision, situation)
    _keep_jobs(connection, decision.actions, situation, case_id, under=mention.id)
    _done(connection, row.seq, customer.id, case_id)
    return Settled(mention=mention, case=case, experiences=experiences, jobs=len(decision.actions))


def _settle_again(  # noqa: PLR0913 - the row, the words, and the two functions that decide
    connection: sqlite3.Connection,
    row: _Waiting,
    mention: Mention,
    reading: Reading,
    *,
    decide: Decide,
    now: Callable[[datetime], datetime],
) -> Settled:
    """A new form counts in the place of the old one."""
    customer, forms = people.author_of(connection, mention), forms_of(connection, mention.id)
    # its clocks run from the change, not from when the harmless form was posted
    changed = replace(mention, posted_at=forms[-1].until)
    situation = replace(
        situation_of(connection, changed, reading, customer, now(changed.posted_at)),
        edited=True,
        before=reading_of(connection, row.seq),
    )
    decision, under = decide(situation), f"{mention.id}/edit/{len(forms)}"
    case = None if decision.case is None else casebook.keep(connection, decision.case)
    case_id = row.case_id if case is None else case.id
    experiences = tuple(
        replace(lived, id=ExperienceId(f"{under}#{n}"), at=mention.posted_at)
        for n, lived in enumerate(decision.experiences)
    )
    connection.execute("UPDATE experience SET counted = 0, set_aside = 0 WHERE mention_id = ?", (mention.id,))
    _keep_experiences(connection, experiences, reading, case_id)
    _keep_reading(connection, row.seq, replace(situation, mention=mention), case_id)
    keep_forms(connection, _inbound(mention, customer.id, case_id), forms)
    _remember(connection, decision, situation)
    _replace_drafts(connection, mention, decision.actions)
    _keep_jobs(connection, decision.actions, situation, case_id, under=under)
    _done(connection, row.seq, customer.id, case_id)
    return Settled(mention=mention, case=case, experiences=experiences, jobs=len(decision.actions))


def _replace_drafts(connection: sqlite3.Connection, mention: Mention, actions: Sequence[Decided]) -> None:
    """A new draft takes the place of those that wait for a person; what a person wrote stays, for people to look at."""
    if any(isinstance(decided.action, Reply | Ask) for decided in actions):
        connection.execute(
            "UPDATE outbox SET state = 'dropped', error = ? WHERE mention_id = ? AND kind IN ('reply', 'ask') "  # noqa: S608
            f"AND state = 'held' AND NOT {IN_DOUBT} AND written_by IS NULL",
            (_NEWER_DRAFT, mention.id),
        )


def _settle_post(connection: sqlite3.Connection, row: _Waiting, heard: Heard) -> Settled:
    post, case = heard.mention, None
    if row.customer_id is None:
        customer_id, case, note = settle_post(connection, heard)
        case_id = None if case is None else case.id
        _done(connection, row.seq, customer_id, case_id, None if note is None else reason_document(note))
    else:
        settle_post_again(connection, post, row.customer_id)
        _done(connection, row.seq, row.customer_id, row.case_id)
    return Settled(mention=post, case=case, experiences=(), jobs=0)


def _with_id(experience: Experience, otherwise: str) -> Experience:
    return experience if experience.id else replace(experience, id=ExperienceId(otherwise))


def _keep_experiences(
    connection: sqlite3.Connection, experiences: Sequence[Experience], reading: Reading, case_id: str | None
) -> None:
    if experiences:
        connection.executemany(
            "INSERT INTO experience (case_id, counted, id, customer_id, mention_id, stage, touchpoint, what, "
            "sentiment, effort, evidence, expectation, confidence, model, at, corrected_by, own) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(case_id, _counts(reading), *experience_row(lived)) for lived in experiences],
        )


def _counts(reading: Reading) -> bool:
    """Whether reports count it: about the brand, and no spam."""
    return reading.about_brand and not reading.spam


def _keep_reading(connection: sqlite3.Connection, seq: int, situation: Situation, case_id: str | None) -> None:
    mention, reading = situation.mention, situation.reading
    connection.execute(
        "INSERT OR REPLACE INTO reading (mention_seq, posted_at, channel, customer_id, case_id, counted, language, "
        "sentiment, urgency, stage, spam, about_brand, abstained, degraded, model, detail) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            seq,
            micros(mention.posted_at),
            mention.channel,
            situation.customer.id,
            case_id,
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


def _inbound(mention: Mention, customer_id: CustomerId, case_id: str | None) -> Interaction:
    return Interaction(
        key=mention.id,
        customer_id=customer_id,
        case_id=None if case_id is None else CaseId(case_id),
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
    people.speaks(connection, customer, situation.reading)
    if decision.survey_answer is not None:
        answered: list[Row] = connection.execute(
            "UPDATE survey SET answer = ?, answered_at = ? WHERE id = (SELECT id FROM survey "
            "WHERE customer_id = ? AND answer IS NULL ORDER BY asked_at DESC LIMIT 1) RETURNING id, kind",
            (decision.survey_answer, micros(situation.mention.posted_at), customer.id),
        ).fetchall()
        for survey_id, kind in answered:
            outcome = outcome_of(SurveyKind(kind), decision.survey_answer)
            _judge(connection, survey_id, outcome, situation.mention.posted_at)
    if decision.opts_out:
        people.opt_out(connection, customer.id, micros(situation.now))


def _judge(connection: sqlite3.Connection, survey_id: str, outcome: Outcome | None, at: datetime) -> None:
    """Of a case that an agent resolved only the customer can say whether they were won back."""
    row: Row | None = connection.execute("SELECT case_id FROM outbox WHERE key = ?", (survey_id,)).fetchone()
    case = None if row is None or row[0] is None else casebook.case_with(connection, row[0])
    if case is not None and not case.is_open and case.outcome is None and outcome is not None:
        casebook.keep(connection, case.judged(outcome, at))


def _keep_jobs(
    connection: sqlite3.Connection, actions: Sequence[Decided], situation: Situation, case_id: str | None, *, under: str
) -> None:
    """`under` begins the keys: one decision has one key for ever."""
    if not actions:
        return
    mention = situation.mention
    decided_at = micros(situation.now)
    # a recording may be dated after today, and what it led to is due all the same
    due_at = min(decided_at, micros(datetime.now(UTC)))
    numbers = {kind_of(decided.action): count(1) for decided in actions}
    shared = (
        mention.id,
        mention.channel,
        mention.conversation,
        situation.customer.id,
        case_id,
        decided_at,
        due_at,
    )
    connection.executemany(
        "INSERT INTO outbox (mention_id, channel, conversation, customer_id, case_id, decided_at, due_at, key, kind, "
        "action, responder, verdict, reason, state, priority) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(*shared, *_job_row(decided, under, next(numbers[kind_of(decided.action)]))) for decided in actions],
    )


def _job_row(decided: Decided, under: str, number: int) -> Row:
    kind = kind_of(decided.action)
    return (
        f"{under}/{kind}" if number == 1 else f"{under}/{kind}/{number}",
        kind,
        action_document(decided.action),
        decided.responder,
        decided.ruling.verdict.value,
        reason_document(decided.ruling.reason),
        _first_state(decided.action, decided.ruling.verdict).value,
        _priority(decided.action),
    )


def _priority(action: Action) -> int:
    """What leaves first: who waits for an answer, then what is urgent at the desk, then the rest."""
    match action:
        case Reply() | Ask():
            return 3
        case Alert():
            return 3 if action.wakes else 1
        case Route():
            return action.urgency.rank
        case Close() | Silence():
            return 0
        case _:
            assert_never(action)


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
