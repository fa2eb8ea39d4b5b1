"""A case as a card: every line that an agent needs, in their language, ready to be shown anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.desk.labels import Labels, sign
from bot.desk.plain import NAME_LENGTH, plain
from bot.domain.action import Ask, Reply, kind_of
from bot.domain.case import Case, CaseState, Outcome, Snooze
from bot.domain.customer import Customer
from bot.domain.experience import Experience
from bot.domain.interaction import Direction, Interaction
from bot.domain.outbox import Job, JobState
from bot.domain.ports.record import CaseFile
from bot.domain.promise import Promise
from bot.domain.reading import Reading, Sentiment, Urgency
from bot.domain.survey import Survey

_MOST_ROWS = 8
_MOST_PROMISES = 5
_MOST_ANSWERS = 5
_LINK_LENGTH = 500
# words that the model doubts are quoted if they are more than a syllable or two
_SURE, _FEWEST_LETTERS = 0.5, 6
_OUTCOMES = {Outcome.RECOVERED: "✔ ", Outcome.NOT_RECOVERED: "✘ "}
"""What stands before how a case ended; nothing where nobody said."""


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
class Clock:
    """`text` says what is left at one moment, `due` the same in words that stay true until it runs out."""

    text: str
    due: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """All texts are plain: no control characters, one line each, of bounded length.

    `answered_at` is where our last answer stands. `customer`, `quote`, the rows' evidence and `expected` are the
    customer's words. `older` counts the experiences before those in `rows`.
    """

    key: int
    title: str
    state: CaseState
    urgency: Urgency
    snoozed: bool
    standing: str
    clocks: tuple[Clock, ...]
    customer: str
    quote: str
    quote_about: str
    channel: str
    link: str
    rows: tuple[ExperienceRow, ...]
    older: int
    expected: str
    intents: str
    answers: tuple[str, ...]
    older_answers: int
    answered_at: str
    promises: tuple[str, ...]
    older_promises: int
    resolution: str
    owner: str

    @property
    def late(self) -> bool:
        """Whether one of its clocks has run out."""
        return any(clock.late for clock in self.clocks)


def card_of_file(file: CaseFile, labels: Labels, at: datetime | None = None) -> Card:
    """From everything that is known about a case; clocks are read at `at`, or when it last changed."""
    case, said = file.case, _last_said(file.case, file.interactions)
    channel = file.opened_by.channel if said is None else said.channel
    answers = tuple(_answers(file, labels))
    return Card(
        key=case.key,
        title=_title(case, file.experiences, labels),
        state=case.state,
        urgency=case.urgency,
        snoozed=case.snooze is not None,
        standing=_standing(case, labels),
        clocks=tuple(_clocks(case, at or case.updated_at, labels)),
        customer=_customer(file, labels),
        quote=labels.say("card.quoted", text=_words(said, labels)),
        quote_about=_about(said, file.reading, labels),
        channel=labels.channel(channel),
        link=plain((file.last_heard or file.opened_by).url or "", _LINK_LENGTH),
        rows=tuple(row(each, labels) for each in file.experiences[-_MOST_ROWS:]),
        older=max(0, len(file.experiences) - _MOST_ROWS),
        expected=_expected(file.experiences, labels),
        intents=_intents(file, labels),
        answers=answers[-_MOST_ANSWERS:],
        older_answers=len(answers[:-_MOST_ANSWERS]),
        answered_at=plain(list(file.links.values())[-1] if file.links else "", _LINK_LENGTH),
        promises=tuple(_promise(promise, at or case.updated_at, labels) for promise in file.promises[-_MOST_PROMISES:]),
        older_promises=len(file.promises[:-_MOST_PROMISES]),
        resolution=_resolution(case, labels),
        owner=labels.say("card.owner", who=owner_of(file) or labels.say("card.nobody")),
    )


def owner_of(file: CaseFile) -> str:
    """How the one who has it is called; empty while nobody has."""
    who = file.case.assignee
    return "" if who is None else plain(file.names.get(who, who), NAME_LENGTH)


def row(experience: Experience, labels: Labels) -> ExperienceRow:
    """One experience as the desk shows it."""
    return ExperienceRow(
        sentiment=experience.sentiment,
        sign=sign(experience.sentiment),
        place=labels.place(experience.touchpoint, experience.own),
        feeling=labels.say(f"sentiment.{experience.sentiment}"),
        confidence=_confidence(experience, labels),
        evidence=labels.say("card.quoted", text=plain(experience.evidence)) if _supports(experience) else "",
    )


def _supports(experience: Experience) -> bool:
    """Whether its words are worth quoting: a lone "no" that the model itself doubts supports nothing."""
    letters = sum(letter.isalpha() for letter in experience.evidence)
    sure = experience.confidence >= _SURE or experience.corrected_by is not None
    return bool(experience.evidence.strip()) and (sure or letters >= _FEWEST_LETTERS)


def verdict(job: Job, labels: Labels) -> str:
    """What the policy said about one action, why, and what became of it."""
    action, ruled = labels.say(f"action.{kind_of(job.action)}"), labels.say(f"verdict.{job.ruling.verdict}")
    return f"{action}: {ruled} — {labels.why(job.ruling.reason)}{_fate(job, labels)}"


def _fate(job: Job, labels: Labels) -> str:
    if job.state is JobState.PENDING and job.error is None:
        return ""
    state = labels.say(f"job.{job.state}")
    gone_well = job.error is None or job.state is JobState.SENT
    return f" ({state})" if gone_well or job.error is None else f" ({state}: {labels.why(job.error)})"


def _title(case: Case, experiences: Sequence[Experience], labels: Labels) -> str:
    stages = [experience.stage for experience in experiences if experience.stage is not None]
    places = " + ".join(labels.place(touchpoint).upper() for touchpoint in case.touchpoints)
    stage = labels.say(f"stage.{stages[-1]}") if stages else ""
    return _joined(f"#{case.key}", places or labels.say("card.no_touchpoint"), stage)


def _standing(case: Case, labels: Labels) -> str:
    return _joined(
        labels.say(f"urgency.{case.urgency}"),
        labels.state(case),
        _snoozed(case.snooze, labels) if case.snooze is not None else "",
        labels.say("card.escalated", at=labels.figures.moment(case.escalated_at)) if case.escalated_at else "",
    )


def _snoozed(snooze: Snooze, labels: Labels) -> str:
    if snooze.until is None:
        return labels.say("card.snoozed_until_heard")
    return labels.say("card.snoozed", until=labels.figures.moment(snooze.until))


def _clocks(case: Case, at: datetime, labels: Labels) -> Iterable[Clock]:
    """Those that run: until the first answer, and until it is solved."""
    if case.resolved_at is not None:
        solved = labels.say("card.solved", at=labels.figures.moment(case.resolved_at))
        return [Clock(text=solved, due=solved, late=False)]
    running = [] if case.first_answered_at else [("first_answer", case.first_answer_due)]
    return [_clock(name, due, at, labels) for name, due in (*running, ("solve", case.solve_due))]


def _clock(name: str, due: datetime, at: datetime, labels: Labels) -> Clock:
    figures, late = labels.figures, due < at
    left = figures.duration(due - at).replace("\u00a0", " ")
    return Clock(
        text=labels.say(f"card.{name}_late" if late else f"card.{name}", left=left, due=figures.moment(due)),
        due=labels.say(f"card.{name}_overdue" if late else f"card.{name}_due", due=figures.moment(due)),
        late=late,
    )


def _customer(file: CaseFile, labels: Labels) -> str:
    customer = file.customer
    before = file.earlier_experiences
    return _joined(
        labels.handles((file.opened_by.author,)),
        _name(customer),
        _before(before, file.before, labels),
        _score(file.score, labels) if file.score is not None else "",
        *_reopened(file.case, labels),
        labels.say("card.opted_out") if customer.opted_out else "",
    )


def _name(customer: Customer) -> str:
    """The name people go by, where it says more than the account."""
    shown = plain(customer.name, NAME_LENGTH)
    known = {handle.name.lstrip("@").casefold() for handle in customer.handles}
    return "" if shown.lstrip("@").casefold() in known else shown


def _before(experiences: int, case: Case | None, labels: Labels) -> str:
    """How often we met, and how the last time ended."""
    met = labels.desk.count("card.earlier", experiences) if experiences else labels.say("card.first_time")
    if case is None or case.resolved_at is None:
        return met
    ended = labels.say(f"state.{case.state}") if case.outcome is None else labels.say(f"outcome.{case.outcome}")
    mark = _OUTCOMES.get(case.outcome, "") if case.outcome else ""
    day = labels.figures.day_of(case.resolved_at)
    return f"{met} ({labels.say('card.last_time', sign=mark, ended=ended, day=day)})"


def _score(score: Survey, labels: Labels) -> str:
    return labels.say(
        "card.score",
        kind=labels.say(f"survey.{score.kind}"),
        value=str(score.answer),
        month=labels.figures.month_of(score.answered_at or score.asked_at),
    )


def _reopened(case: Case, labels: Labels) -> Iterable[str]:
    return [labels.desk.count("card.reopened", case.reopened)] if case.reopened else []


def _last_said(case: Case, history: Sequence[Interaction]) -> Interaction | None:
    """The customer's newest words in this case, or the newest at all."""
    inbound = sorted((each for each in history if each.direction is Direction.INBOUND), key=lambda each: each.at)
    own = [each for each in inbound if each.case_id == case.id or each.mention_id == case.opened_by]
    return next(reversed(own or inbound), None)


def _words(said: Interaction | None, labels: Labels) -> str:
    return (plain(said.text) if said else "") or labels.say("card.no_words")


def _about(said: Interaction | None, reading: Reading | None, labels: Labels) -> str:
    """In which language, where and when it was said."""
    if said is None:
        return ""
    language = "" if reading is None else labels.say(f"card.language.{reading.language}")
    return _joined(language, labels.channel(said.channel), labels.figures.moment(said.at))


def _confidence(experience: Experience, labels: Labels) -> str:
    """How sure the model is; where a person has looked, their word counts."""
    return labels.say("card.corrected") if experience.corrected_by else labels.percent(experience.confidence)


def _expected(experiences: Sequence[Experience], labels: Labels) -> str:
    expected = dict.fromkeys(plain(each.expectation) for each in experiences if each.expectation)
    return labels.say("card.expected", what=" / ".join(f"“{each}”" for each in expected)) if expected else ""


def _intents(file: CaseFile, labels: Labels) -> str:
    """What they want, as sure as the model is of the least sure of it; of earlier posts too, and what people say."""
    reading, corrected = file.reading, any(each.corrected_by for each in file.experiences)
    lived = dict.fromkeys(labels.known("intent", each.what) for each in file.experiences if each.what)
    if reading is None or not reading.intents or corrected:
        return labels.say("card.intent", what=" + ".join(lived)) if lived else ""
    intents = " + ".join(labels.known("intent", intent) for intent in reading.intents)
    scores = [reading.intent_scores[intent] for intent in reading.intents if intent in reading.intent_scores]
    sure = f" ({labels.percent(min(scores))})" if scores else ""
    return labels.say("card.intent", what=f"{intents}{sure}")


def _promise(promise: Promise, at: datetime, labels: Labels) -> str:
    return labels.say(
        "card.promise",
        what=plain(promise.what),
        state=labels.say(f"promise.{promise.state_at(at)}"),
        due=labels.figures.moment(promise.due),
    )


def _resolution(case: Case, labels: Labels) -> str:
    """Why an agent closed it, and what had helped."""
    if case.resolution is None:
        return ""
    helped = labels.say("card.fixed_by", what=plain(case.fixed_by)) if case.fixed_by else ""
    return labels.say("card.resolution", why=_joined(labels.say(f"resolution.{case.resolution}"), helped))


def _answers(file: CaseFile, labels: Labels) -> Iterable[str]:
    """What the policy said about each answer, and whose words it is; else whether there was any."""
    case = file.case
    spoken = [
        _joined(verdict(job, labels), "" if job.written_by is None else file.names.get(job.written_by, job.written_by))
        for job in file.jobs
        if isinstance(job.action, Reply | Ask)
    ]
    if spoken:
        return spoken
    if case.first_answered_at is None:
        return [labels.say("card.no_answer")]
    return [labels.say("card.answered", at=labels.figures.moment(case.first_answered_at))]


def _joined(*parts: str, between: str = " · ") -> str:
    return between.join(part for part in parts if part)
