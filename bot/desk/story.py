"""Put what happened to a customer, or in a case, in order of time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.desk.cards import ExperienceRow, row
from bot.desk.labels import Labels, account
from bot.desk.plain import NAME_LENGTH, QUOTE_LENGTH, plain
from bot.domain.case import Case
from bot.domain.customer import Merge
from bot.domain.experience import Experience
from bot.domain.interaction import BRAND, MACHINE, Direction, Interaction
from bot.domain.ports.record import Journey, Unread
from bot.domain.promise import Promise
from bot.domain.reading import Sentiment, Stage
from bot.domain.survey import Survey

# by the state of the post
_UNREAD = {"waiting": "journey.not_read", "quarantined": "journey.set_aside", "done": "journey.taken_back"}
_MARKS = {Direction.INBOUND: "→", Direction.OUTBOUND: "←", Direction.INTERNAL: "·"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One dated line: who, in which direction, what, and the experiences read in it."""

    at: datetime
    when: str
    mark: str
    who: str
    text: str
    rows: tuple[ExperienceRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """The feelings at one touchpoint, oldest first."""

    place: str
    feelings: tuple[Sentiment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOfJourney:
    """A column of the journey strip."""

    name: str
    trails: tuple[Trail, ...]


def journey_strip(experiences: Sequence[Experience], labels: Labels) -> tuple[StageOfJourney, ...]:
    """Before, during and after, always; and a column for what has no stage, only where there is any."""
    stages: tuple[Stage | None, ...] = (*Stage, None)
    columns = [(stage, _trails(experiences, stage, labels)) for stage in stages]
    return tuple(
        StageOfJourney(name=labels.say(f"stage_column.{stage or 'unknown'}"), trails=trails)
        for stage, trails in columns
        if stage is not None or trails
    )


def story_of(journey: Journey, labels: Labels) -> list[Moment]:
    """All that happened to one customer, oldest first, and what they wrote that nobody has read."""
    happened = [
        *moments(journey.interactions, journey.experiences, labels, names=journey.names),
        *milestones(journey.promises, journey.surveys, journey.cases, journey.merges, labels),
        *(_unread(post, labels) for post in journey.unread),
    ]
    return sorted(happened, key=lambda each: each.at)


def moments(
    interactions: Iterable[Interaction],
    experiences: Iterable[Experience],
    labels: Labels,
    *,
    names: Mapping[str, str],
    longest: int = QUOTE_LENGTH,
) -> list[Moment]:
    """Everything said, oldest first, each with the experiences that were read in it: in its last form.

    `names` is how agents are called, by their ids. Of each text at most `longest` characters.
    """
    read: defaultdict[str, list[ExperienceRow]] = defaultdict(list)
    for experience in experiences:
        read[experience.mention_id].append(row(experience, labels))
    said = sorted(interactions, key=lambda each: (each.at, each.key))
    last = {each.mention_id: each.key for each in said if each.direction is Direction.INBOUND}
    return [
        _moment(
            each,
            _who(each, names, labels),
            tuple(read.get(each.mention_id or "", ())) if last.get(each.mention_id) == each.key else (),
            labels,
            longest,
        )
        for each in said
    ]


def milestones(
    promises: Iterable[Promise],
    surveys: Iterable[Survey],
    cases: Iterable[Case],
    merges: Iterable[Merge],
    labels: Labels,
) -> Iterator[Moment]:
    """What else happened on a date: promises made, questions asked, cases resolved, accounts found to be theirs."""
    for promise in promises:
        text = labels.say(
            "journey.made",
            what=plain(promise.what),
            due=labels.figures.moment(promise.due),
            state=labels.say(f"promise.{promise.state_at(labels.now)}"),
        )
        yield _event(promise.made_at, text, labels)
    for survey in surveys:
        kind = labels.say(f"survey.{survey.kind}")
        yield _event(survey.asked_at, labels.say("journey.asked", kind=kind), labels)
        if survey.answer is not None and survey.answered_at is not None:
            answered = labels.say("journey.answered", kind=kind, answer=str(survey.answer))
            yield _event(survey.answered_at, answered, labels)
    for case in cases:
        if case.resolved_at is not None:
            yield _event(case.resolved_at, f"#{case.key} {labels.state(case)}", labels)
    for merge in merges:
        text = labels.say(
            "journey.merged",
            handles=labels.handles(merge.handles),
            consent=plain(merge.consent.words),
            who=plain(merge.consent.noted_by),
        )
        yield _event(merge.consent.noted_at, text, labels)


def _trails(experiences: Sequence[Experience], stage: Stage | None, labels: Labels) -> tuple[Trail, ...]:
    here: defaultdict[str, list[Sentiment]] = defaultdict(list)
    for experience in sorted(experiences, key=lambda each: each.at):
        if experience.stage is stage:
            here[labels.place(experience.touchpoint, experience.own)].append(experience.sentiment)
    return tuple(Trail(place=place, feelings=tuple(feelings)) for place, feelings in here.items())


def _moment(said: Interaction, who: str, rows: tuple[ExperienceRow, ...], labels: Labels, longest: int) -> Moment:
    where = f"{who} · {labels.channel(said.channel)}"
    return Moment(
        at=said.at,
        when=labels.figures.moment(said.at),
        mark=_MARKS[said.direction],
        who=labels.say("journey.edited", who=where) if said.is_edit else where,
        text=labels.say("card.quoted", text=plain(said.text, longest) or labels.say("card.no_words")),
        rows=rows,
    )


def _unread(post: Unread, labels: Labels) -> Moment:
    said = post.mention
    who = f"{account(said.author.name)} · {labels.channel(said.channel)}"
    return Moment(
        at=said.posted_at,
        when=labels.figures.moment(said.posted_at),
        mark=_MARKS[Direction.INBOUND],
        who=labels.say(_UNREAD[post.state], who=who),
        text=labels.say("card.quoted", text=plain(said.text) or labels.say("card.no_words")),
    )


def _who(said: Interaction, names: Mapping[str, str], labels: Labels) -> str:
    if said.direction is Direction.INBOUND:
        return account(said.actor)
    if said.actor in {BRAND, MACHINE}:
        return labels.known("journey", said.actor)
    return plain(names.get(said.actor, said.actor), NAME_LENGTH)


def _event(at: datetime, text: str, labels: Labels) -> Moment:
    return Moment(at=at, when=labels.figures.moment(at), mark="·", who="", text=text)
