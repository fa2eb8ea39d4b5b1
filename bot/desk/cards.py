"""A case as a card: every line that an agent needs, in their language, ready to be shown anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.desk.labels import Labels, sign
from bot.desk.plain import NAME_LENGTH, plain
from bot.domain.action import Ask, Reply, kind_of
from bot.domain.case import Case
from bot.domain.customer import Customer
from bot.domain.experience import Experience
from bot.domain.interaction import Direction, Interaction
from bot.domain.outbox import Job, JobState
from bot.domain.ports import CaseFile
from bot.domain.promise import Promise
from bot.domain.reading import Sentiment, Urgency
from bot.insight.headline import channel_name

_MOST_ROWS = 8
_LINK_LENGTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperienceRow:
    """One experience: how it felt, where, how sure the model is, and the customer's words for it."""

    sentiment: Sentiment
    sign: str
    place: str
    feeling: str
    confidence: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """All texts are plain: no control characters, one line each, of bounded length."""

    key: int
    title: str
    urgency: Urgency
    standing: str
    clock: str
    late: bool
    customer: str
    quote: str
    quote_about: str
    rows: tuple[ExperienceRow, ...]
    wishes: str
    answers: tuple[str, ...]
    promises: tuple[str, ...]
    owner: str


def card_of_file(file: CaseFile, labels: Labels, at: datetime | None = None) -> Card:
    """From everything that is known about a case; clocks are read at `at`, or when it last changed."""
    return _card(
        file.case,
        customer=_customer(file, labels),
        said=_last_said(file.case, file.interactions),
        experiences=file.experiences,
        jobs=file.jobs,
        promises=file.promises,
        at=at or file.case.updated_at,
        link=plain(file.opened_by.url or "", _LINK_LENGTH),
        labels=labels,
    )


def _card(  # noqa: PLR0913  the pieces of a card
    case: Case,
    *,
    customer: str,
    said: Interaction | None,
    experiences: Sequence[Experience],
    jobs: Sequence[Job],
    promises: Sequence[Promise],
    at: datetime,
    link: str = "",
    labels: Labels,
) -> Card:
    clock, late = _clock(case, at, labels)
    return Card(
        key=case.key,
        title=_title(case, experiences, labels),
        urgency=case.urgency,
        standing=f"{labels.say(f'urgency.{case.urgency}')} · {labels.state(case)}",
        clock=clock,
        late=late,
        customer=customer,
        quote=labels.say("card.quoted", text=_words(said, labels)),
        quote_about="" if said is None else _joined(channel_name(said.channel), labels.figures.moment(said.at), link),
        rows=tuple(row(each, labels) for each in experiences[-_MOST_ROWS:]),
        wishes=_wishes(experiences, labels),
        answers=tuple(_answers(case, jobs, labels)),
        promises=tuple(
            labels.say(
                "card.promise",
                what=plain(promise.what),
                state=labels.say(f"promise.{promise.state}"),
                due=labels.figures.moment(promise.due),
            )
            for promise in promises
        ),
        owner=labels.say("card.owner", who=plain(case.assignee or labels.say("card.nobody"), NAME_LENGTH)),
    )


def row(experience: Experience, labels: Labels) -> ExperienceRow:
    """One experience as the desk shows it."""
    return ExperienceRow(
        sentiment=experience.sentiment,
        sign=sign(experience.sentiment),
        place=labels.place(experience.touchpoint, experience.own),
        feeling=labels.say(f"sentiment.{experience.sentiment}"),
        confidence=labels.percent(experience.confidence),
        evidence=labels.say("card.quoted", text=plain(experience.evidence)) if experience.evidence.strip() else "",
    )


def verdict(job: Job, labels: Labels) -> str:
    """What the policy said about one action, why, and what became of it."""
    state = "" if job.state is JobState.PENDING else f" ({labels.say(f'job.{job.state}')})"
    action, ruled = labels.say(f"action.{kind_of(job.action)}"), labels.say(f"verdict.{job.ruling.verdict}")
    return f"{action}: {ruled} — {labels.why(job.ruling.reason)}{state}"


def _title(case: Case, experiences: Sequence[Experience], labels: Labels) -> str:
    stages = [experience.stage for experience in experiences if experience.stage is not None]
    places = " + ".join(labels.place(touchpoint).upper() for touchpoint in case.touchpoints)
    stage = labels.say(f"stage.{stages[-1]}") if stages else ""
    return _joined(f"#{case.key}", places or labels.say("card.no_touchpoint"), stage)


def _clock(case: Case, at: datetime, labels: Labels) -> tuple[str, bool]:
    figures = labels.figures
    if case.resolved_at is not None:
        return labels.say("card.solved", at=figures.moment(case.resolved_at)), False
    name, due = ("solve", case.solve_due) if case.first_answered_at else ("first_answer", case.first_answer_due)
    late = due < at
    left = figures.duration(due - at).replace("\u00a0", " ")
    return labels.say(f"card.{name}_late" if late else f"card.{name}", left=left, due=figures.moment(due)), late


def _customer(file: CaseFile, labels: Labels) -> str:
    customer = file.customer
    before = file.earlier_experiences
    return _joined(
        labels.handles((file.opened_by.author,)),
        _name(customer),
        labels.desk.count("card.earlier", before) if before else labels.say("card.first_time"),
        *_reopened(file.case, labels),
        labels.say("card.opted_out") if customer.opted_out else "",
    )


def _name(customer: Customer) -> str:
    """The name people go by, where it says more than the account."""
    shown = plain(customer.name, NAME_LENGTH)
    known = {handle.name.lstrip("@").casefold() for handle in customer.handles}
    return "" if shown.lstrip("@").casefold() in known else shown


def _reopened(case: Case, labels: Labels) -> Iterable[str]:
    return [labels.desk.count("card.reopened", case.reopened)] if case.reopened else []


def _last_said(case: Case, history: Sequence[Interaction]) -> Interaction | None:
    """The customer's newest words in this case, or the newest at all."""
    inbound = sorted((each for each in history if each.direction is Direction.INBOUND), key=lambda each: each.at)
    own = [each for each in inbound if each.case_id == case.id or each.mention_id == case.opened_by]
    return next(reversed(own or inbound), None)


def _words(said: Interaction | None, labels: Labels) -> str:
    return (plain(said.text) if said else "") or labels.say("card.no_words")


def _wishes(experiences: Sequence[Experience], labels: Labels) -> str:
    expected = dict.fromkeys(plain(each.expectation) for each in experiences if each.expectation)
    intents = dict.fromkeys(labels.known("intent", each.what) for each in experiences if each.what)
    return _joined(
        labels.say("card.expected", what=" / ".join(f"“{each}”" for each in expected)) if expected else "",
        labels.say("card.intent", what=" + ".join(intents)) if intents else "",
        between="  ·  ",
    )


def _answers(case: Case, jobs: Sequence[Job], labels: Labels) -> Iterable[str]:
    """What the policy said about each answer; a desk that is given no jobs says whether there was any."""
    spoken = [verdict(job, labels) for job in jobs if isinstance(job.action, Reply | Ask)]
    if spoken:
        return spoken
    if case.first_answered_at is None:
        return [labels.say("card.no_answer")]
    return [labels.say("card.answered", at=labels.figures.moment(case.first_answered_at))]


def _joined(*parts: str, between: str = " · ") -> str:
    return between.join(part for part in parts if part)
