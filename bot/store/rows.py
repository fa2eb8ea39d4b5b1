"""Rows to dataclasses and back. Each `*_COLUMNS` names the columns its function expects, in order."""

from __future__ import annotations

from typing import Any

from bot.domain.action import SurveyKind
from bot.domain.case import Case, CaseId, CaseState, Outcome, Resolution, Snooze
from bot.domain.customer import Customer, CustomerId
from bot.domain.experience import Effort, Experience, ExperienceId
from bot.domain.interaction import Direction, Interaction
from bot.domain.mention import Handle, Mention, MentionId, Visibility
from bot.domain.outbox import Job, JobId, JobState, Receipt, Ruling, Verdict
from bot.domain.promise import Promise, PromiseState
from bot.domain.reading import Language, Sentiment, Stage, Touchpoint, Urgency
from bot.domain.survey import Survey
from bot.store.documents import action_from, reason_from, reason_or_none
from bot.store.moments import micros, micros_or_none, moment, moment_or_none

Row = tuple[Any, ...]

_SENTIMENTS = {label.value: label for label in Sentiment}
_STAGES: dict[str | None, Stage | None] = {None: None} | {label.value: label for label in Stage}
_TOUCHPOINTS: dict[str | None, Touchpoint | None] = {None: None} | {label.value: label for label in Touchpoint}
_DIRECTIONS = {label.value: label for label in Direction}

MENTION_COLUMNS = (
    "mention.channel, mention.external_id, author_channel, author_id, author_name, mention.text, mention.posted_at, "
    "thread_id, in_reply_to, url, visibility, language_hint, summoned, backfilled, by_brand, "
    "mention.edited_at"
)


def mention_from(row: Row) -> Mention:
    """A mention from MENTION_COLUMNS."""
    return Mention(
        channel=row[0],
        external_id=row[1],
        author=Handle(channel=row[2], account_id=row[3], name=row[4]),
        text=row[5],
        posted_at=moment(row[6]),
        thread_id=row[7],
        in_reply_to=row[8],
        url=row[9],
        visibility=Visibility(row[10]),
        language_hint=row[11],
        summoned=bool(row[12]),
        backfilled=bool(row[13]),
        by_brand=bool(row[14]),
        edited_at=moment_or_none(row[15]),
    )


def mention_row(mention: Mention) -> Row:
    """MENTION_COLUMNS of a mention."""
    author = mention.author
    return (
        mention.channel,
        mention.external_id,
        author.channel,
        author.account_id,
        author.name,
        mention.text,
        micros(mention.posted_at),
        mention.thread_id,
        mention.in_reply_to,
        mention.url,
        mention.visibility.value,
        mention.language_hint,
        mention.summoned,
        mention.backfilled,
        mention.by_brand,
        micros_or_none(mention.edited_at),
    )


CUSTOMER_COLUMNS = "customer.id, customer.name, language, first_seen, opted_out_at, tags, erased_at"


def customer_from(row: Row, handles: tuple[Handle, ...]) -> Customer:
    """A customer from CUSTOMER_COLUMNS and their handles."""
    return Customer(
        id=CustomerId(row[0]),
        handles=handles,
        name=row[1],
        language=None if row[2] is None else Language(row[2]),
        first_seen=moment(row[3]),
        opted_out=row[4] is not None,
        tags=frozenset(row[5].split("\n")) if row[5] else frozenset(),
        erased_at=moment_or_none(row[6]),
        opted_out_at=moment_or_none(row[4]),
    )


CASE_COLUMNS = (
    "case_file.id, case_file.key, case_file.customer_id, case_file.channel, case_file.thread_id, opened_by, "
    "touchpoints, case_file.state, case_file.urgency, opened_at, updated_at, first_answer_due, solve_due, "
    "first_answered_at, resolved_at, case_file.outcome, assignee, reopened, taken_at, snoozed_at, snoozed_until, "
    "escalated_at, resolution, fixed_by, merged_into"
)


def case_from(row: Row) -> Case:
    """A case from CASE_COLUMNS."""
    return Case(
        id=CaseId(row[0]),
        key=row[1],
        customer_id=CustomerId(row[2]),
        channel=row[3],
        thread_id=row[4],
        opened_by=MentionId(row[5]),
        touchpoints=tuple(Touchpoint(name) for name in row[6].split()),
        state=CaseState(row[7]),
        urgency=Urgency(row[8]),
        opened_at=moment(row[9]),
        updated_at=moment(row[10]),
        first_answer_due=moment(row[11]),
        solve_due=moment(row[12]),
        first_answered_at=moment_or_none(row[13]),
        resolved_at=moment_or_none(row[14]),
        outcome=None if row[15] is None else Outcome(row[15]),
        assignee=row[16],
        reopened=row[17],
        taken_at=moment_or_none(row[18]),
        snooze=None if row[19] is None else Snooze(since=moment(row[19]), until=moment_or_none(row[20])),
        escalated_at=moment_or_none(row[21]),
        resolution=None if row[22] is None else Resolution(row[22]),
        fixed_by=row[23],
        merged_into=None if row[24] is None else CaseId(row[24]),
    )


def case_row(case: Case) -> Row:
    """CASE_COLUMNS of a case."""
    return (
        case.id,
        case.key,
        case.customer_id,
        case.channel,
        case.thread_id,
        case.opened_by,
        " ".join(case.touchpoints),
        case.state.value,
        case.urgency.value,
        micros(case.opened_at),
        micros(case.updated_at),
        micros(case.first_answer_due),
        micros(case.solve_due),
        micros_or_none(case.first_answered_at),
        micros_or_none(case.resolved_at),
        None if case.outcome is None else case.outcome.value,
        case.assignee,
        case.reopened,
        micros_or_none(case.taken_at),
        None if case.snooze is None else micros(case.snooze.since),
        None if case.snooze is None else micros_or_none(case.snooze.until),
        micros_or_none(case.escalated_at),
        None if case.resolution is None else case.resolution.value,
        case.fixed_by,
        case.merged_into,
    )


EXPERIENCE_COLUMNS = (
    "id, customer_id, mention_id, stage, touchpoint, what, sentiment, effort, evidence, expectation, confidence, "
    "model, at, corrected_by, own"
)


def experience_from(row: Row) -> Experience:
    """An experience from EXPERIENCE_COLUMNS."""
    return Experience(
        id=ExperienceId(row[0]),
        customer_id=CustomerId(row[1]),
        mention_id=MentionId(row[2]),
        stage=_STAGES[row[3]],
        touchpoint=_TOUCHPOINTS[row[4]],
        what=row[5],
        sentiment=_SENTIMENTS[row[6]],
        effort=Effort(row[7]),
        evidence=row[8],
        expectation=row[9],
        confidence=row[10],
        model=row[11],
        at=moment(row[12]),
        corrected_by=row[13],
        own=row[14],
    )


def experience_row(experience: Experience) -> Row:
    """EXPERIENCE_COLUMNS of an experience."""
    return (
        experience.id,
        experience.customer_id,
        experience.mention_id,
        None if experience.stage is None else experience.stage.value,
        None if experience.touchpoint is None else experience.touchpoint.value,
        experience.what,
        experience.sentiment.value,
        experience.effort.value,
        experience.evidence,
        experience.expectation,
        experience.confidence,
        experience.model,
        micros(experience.at),
        experience.corrected_by,
        experience.own,
    )


INTERACTION_COLUMNS = "key, customer_id, case_id, mention_id, at, direction, actor, channel, text"


def interaction_from(row: Row) -> Interaction:
    """An interaction from INTERACTION_COLUMNS."""
    return Interaction(
        key=row[0],
        customer_id=CustomerId(row[1]),
        case_id=None if row[2] is None else CaseId(row[2]),
        mention_id=None if row[3] is None else MentionId(row[3]),
        at=moment(row[4]),
        direction=_DIRECTIONS[row[5]],
        actor=row[6],
        channel=row[7],
        text=row[8],
    )


def interaction_row(interaction: Interaction) -> Row:
    """INTERACTION_COLUMNS of an interaction."""
    return (
        interaction.key,
        interaction.customer_id,
        interaction.case_id,
        interaction.mention_id,
        micros(interaction.at),
        interaction.direction.value,
        interaction.actor,
        interaction.channel,
        interaction.text,
    )


JOB_COLUMNS = (
    "outbox.id, outbox.key, outbox.mention_id, outbox.customer_id, outbox.case_id, kind, action, responder, verdict, "
    "reason, outbox.state, attempts, decided_at, due_at, error, receipt_id, receipt_at, written_by, approved_by, "
    "receipt_url"
)


def job_from(row: Row) -> Job:
    """A job from JOB_COLUMNS."""
    return Job(
        id=JobId(row[0]),
        key=row[1],
        mention_id=MentionId(row[2]),
        customer_id=CustomerId(row[3]),
        case_id=None if row[4] is None else CaseId(row[4]),
        action=action_from(row[5], row[6]),
        responder=row[7],
        ruling=Ruling(verdict=Verdict(row[8]), reason=reason_from(row[9])),
        state=JobState(row[10]),
        attempts=row[11],
        decided_at=moment(row[12]),
        due_at=moment(row[13]),
        error=reason_or_none(row[14]),
        receipt=None if row[15] is None else Receipt(external_id=row[15], at=moment(row[16]), url=row[19]),
        written_by=row[17],
        approved_by=row[18],
    )


PROMISE_COLUMNS = (
    "promise.id, promise.customer_id, promise.case_id, case_file.key, who, what, made_at, due, source, promise.state"
)
PROMISES = "promise LEFT JOIN case_file ON case_file.id = promise.case_id"


def promise_from(row: Row) -> Promise:
    """A promise from PROMISE_COLUMNS of PROMISES."""
    return Promise(
        id=row[0],
        customer_id=CustomerId(row[1]),
        case_id=None if row[2] is None else CaseId(row[2]),
        case_key=row[3],
        who=row[4],
        what=row[5],
        made_at=moment(row[6]),
        due=moment(row[7]),
        source=row[8],
        state=PromiseState(row[9]),
    )


SURVEY_COLUMNS = "id, customer_id, kind, asked_at, answer, answered_at"


def survey_from(row: Row) -> Survey:
    """A survey from SURVEY_COLUMNS."""
    return Survey(
        id=row[0],
        customer_id=CustomerId(row[1]),
        kind=SurveyKind(row[2]),
        asked_at=moment(row[3]),
        answer=row[4],
        answered_at=moment_or_none(row[5]),
    )
