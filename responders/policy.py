"""The rule book: may we say this, now, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.domain.action import Action, Alert, Ask, Close, Reply, ReplyKind, Route, Silence
from bot.domain.agent import Agent, Rank
from bot.domain.mention import Visibility
from bot.domain.outbox import Ruling, Verdict
from bot.domain.ports.reader import PersonalData
from bot.domain.reading import Language
from bot.domain.reason import Reason, because
from bot.domain.situation import Situation
from responders.delicate import delicate_topic_of_case
from responders.optout import wants_out

Outgoing = Reply | Ask
_SAID_IN_PRIVATE = frozenset({"order", "address", "phone", "email", "plate"})
"""Personal data that people may write where only the customer reads it: no document, account or card."""


class Mode(StrEnum):
    """How free the machine is on a channel: silent, writing for itself only, with a person's consent, alone."""

    OFF = "off"
    SHADOW = "shadow"
    APPROVE = "approve"
    AUTO = "auto"


class SecondPerson(StrEnum):
    """Whose own answers another person must let go: nobody's, those of plain agents, everybody's."""

    NEVER = "never"
    AGENTS = "agents"
    ALWAYS = "always"

    def looks_at(self, rank: Rank) -> bool:
        """Whether somebody of this rank needs another person's word."""
        return self is SecondPerson.ALWAYS or (self is SecondPerson.AGENTS and rank is Rank.AGENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRules:
    """What one channel allows. A text's `length`, in characters unless the platform counts otherwise, has a `limit`."""

    mode: Mode = Mode.APPROVE
    must_be_summoned: bool = False
    limit: int = 500
    length: Callable[[str], int] = len


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """How many texts may leave without a person."""

    per_conversation: int = 1
    per_author_and_day: int = 3
    per_hour: int = 30
    per_day: int = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Local hours in which nothing leaves by itself; they may span midnight. Equal times mean no quiet hours."""

    zone: ZoneInfo
    since: time
    until: time

    def hold(self, moment: datetime) -> bool:
        """Whether this moment is quiet."""
        local = moment.astimezone(self.zone).time()
        if self.since <= self.until:
            return self.since <= local < self.until
        return local >= self.since or local < self.until

    def over(self, moment: datetime) -> datetime:
        """When people may be disturbed: at that moment, or when it is quiet no more."""
        if not self.hold(moment):
            return moment
        today = moment.astimezone(self.zone).date()
        # in the night in which the clocks go back they may end twice
        ends = (
            datetime.combine(day, self.until, tzinfo=self.zone).replace(fold=fold).astimezone(UTC)
            for day in (today, today + timedelta(days=1))
            for fold in (0, 1)
        )
        return next(end for end in ends if end > moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The owner's part of the rule book. Channels without a table of their own follow `elsewhere`."""

    channels: Mapping[str, ChannelRules] = field(default_factory=dict)
    elsewhere: ChannelRules = ChannelRules()
    caps: Caps = Caps()
    quiet: QuietHours | None = None
    disclosure: bool = True
    auto_kinds: frozenset[ReplyKind] = frozenset({ReplyKind.THANKS, ReplyKind.SURVEY})
    answer_within: timedelta = timedelta(hours=24)
    survey_every: timedelta = timedelta(days=30)
    second_person: SecondPerson = SecondPerson.NEVER

    def on(self, channel: str) -> ChannelRules:
        """The rules of one channel."""
        return self.channels.get(channel, self.elsewhere)

    def limit_of(self, channel: str) -> int:
        """How long a text may be on one channel."""
        return self.on(channel).limit

    def length_on(self, channel: str, text: str) -> int:
        """How long it is there."""
        return self.on(channel).length(text)


class RuleBook:
    """The policy. Every ruling has its reason, by name and with the values that decided."""

    def __init__(self, rules: Rules, *, personal_data: PersonalData, disclosure: Callable[[Language], str]) -> None:
        self._rules, self._personal_data, self._disclosure = rules, personal_data, disclosure

    def judge(self, action: Action, situation: Situation) -> Ruling:
        """The verdict on one action. What stays in the house always goes; what leaves it passes the rules in order."""
        match action:
            case Reply() | Ask():
                return self._judge_outgoing(action, situation)
            case Route():
                return _go("policy.inside_desk")
            case Alert():
                return _go("policy.inside_alert")
            case Close():
                return _go("policy.inside_close")
            case Silence():
                return _go("policy.inside_silence")
            case _:
                assert_never(action)

    def _judge_outgoing(self, action: Outgoing, situation: Situation) -> Ruling:
        forbidden = self._forbidden(action, situation)
        if forbidden is not None:
            return Ruling(verdict=Verdict.BLOCK, reason=forbidden)
        mode = self._rules.on(situation.mention.channel).mode
        for_a_person = self._for_a_person(action, situation)
        if mode is Mode.SHADOW:
            return Ruling(verdict=Verdict.SHADOW, reason=_only_noted(for_a_person))
        if mode is Mode.APPROVE:
            return Ruling(verdict=Verdict.APPROVE, reason=_a_person_sends(for_a_person))
        # asked last and only here: a text is signed when nothing else is in its way (see responders.disclosure)
        in_the_way = for_a_person or self._undisclosed(action)
        if in_the_way is not None:
            return Ruling(verdict=Verdict.APPROVE, reason=in_the_way)
        return Ruling(verdict=Verdict.SEND, reason=_allowed(action, situation))

    def _of_the_place(self, situation: Situation) -> tuple[tuple[bool, Reason], ...]:
        """What channel and platform forbid."""
        mention, channel = situation.mention, situation.mention.channel
        allowed = self._rules.on(channel)
        return (
            (allowed.mode is Mode.OFF, because("policy.mode_off", channel=channel)),
            (allowed.must_be_summoned and not mention.summoned, because("policy.not_summoned", channel=channel)),
            (mention.by_brand, because("policy.own_voice")),
        )

    def _forbidden(self, action: Outgoing, situation: Situation) -> Reason | None:
        """The first rule that nobody can lift, or None."""
        mention, customer = situation.mention, situation.customer
        left_alone = customer.opted_out or wants_out(mention.text, situation.reading.language)
        return _first(
            *self._of_the_place(situation),
            (mention.backfilled, because("policy.backfilled")),
            (left_alone, because("policy.opted_out")),
            (customer.erased_at is not None, because("policy.erased")),
            (situation.facts.author_is_automated, because("policy.automated_author")),
        ) or self._unfit(action, situation)

    def _unfit_text(self, text: str, channel: str, *, allowed: frozenset[str] = frozenset()) -> Reason | None:
        """What no text may hold, or be; `allowed` are kinds of personal data that this one may."""
        found = tuple(sorted({datum.type for datum in self._personal_data.find(text)} - allowed))
        length, limit = self._rules.length_on(channel, text), self._rules.limit_of(channel)
        return _first(
            (bool(found), because("policy.personal_data", found=found)),
            (length > limit, because("policy.too_long", length=length, channel=channel, limit=limit)),
            (not text.strip(), because("policy.empty")),
        )

    def _unfit(self, action: Outgoing, situation: Situation) -> Reason | None:
        """What is wrong with the text itself, or with asking once more."""
        asks_again = isinstance(action, Ask) and self._asked_lately(situation)
        return self._unfit_text(action.text, situation.mention.channel) or _first(
            (asks_again, because("policy.survey_fatigue", days=self._rules.survey_every.days)),
        )

    def _for_a_person(self, action: Outgoing, situation: Situation) -> Reason | None:
        """The first rule that wants a person to look before this leaves, or None.

        That somebody was heard can be said however their words are read.
        """
        reading, kind = situation.reading, kind_of_text(action)
        topic = delicate_topic_of_case(situation)
        draft = isinstance(action, Reply) and action.draft_only
        return (
            _first(
                (topic is not None, because("policy.delicate", topic=str(topic))),
                (reading.abstained and kind is not ReplyKind.RECEIPT, because("policy.unsure")),
                (reading.degraded, because("policy.degraded")),
                (draft, because("policy.draft")),
                (kind not in self._rules.auto_kinds, because("policy.kind", kind=kind.value)),
            )
            or self._too_old(situation)
            or self._capped(situation)
            or self._quiet(situation)
        )

    def _too_old(self, situation: Situation) -> Reason | None:
        """After an outage nobody is thanked weeks late."""
        within = self._rules.answer_within
        if situation.now - situation.mention.posted_at <= within:
            return None
        return because("policy.too_old", hours=within // timedelta(hours=1))

    def _capped(self, situation: Situation) -> Reason | None:
        """Which cap is reached. A question counts like a reply: one automatic text a conversation."""
        caps, facts = self._rules.caps, situation.facts
        here, author = facts.auto_replies_in_conversation, facts.auto_replies_to_author_today
        hour, day = facts.auto_replies_this_hour, facts.auto_replies_today
        return _first(
            (here >= caps.per_conversation, because("policy.conversation_cap", n=here)),
            (author >= caps.per_author_and_day, because("policy.author_cap", n=author)),
            (hour >= caps.per_hour, because("policy.hour_cap", n=hour)),
            (day >= caps.per_day, because("policy.day_cap", n=day)),
        )

    def _quiet(self, situation: Situation) -> Reason | None:
        quiet = self._rules.quiet
        if quiet is None or not quiet.hold(situation.now):
            return None
        return because("policy.quiet_hours", since=f"{quiet.since:%H:%M}", until=f"{quiet.until:%H:%M}")

    def _undisclosed(self, action: Outgoing) -> Reason | None:
        if not self._rules.disclosure or action.text.endswith(self._disclosure(action.language)):
            return None
        return because("policy.no_disclosure")

    def _asked_lately(self, situation: Situation) -> bool:
        last = situation.facts.last_survey
        return last is not None and situation.now - last.asked_at < self._rules.survey_every

    def _forbidden_to_people(self, situation: Situation) -> Reason | None:
        """The first rule about this place and this customer that nobody can lift, or None."""
        mention, channel = situation.mention, situation.mention.channel
        shadow = self._rules.on(channel).mode is Mode.SHADOW
        return _first(
            *self._of_the_place(situation),
            (shadow, because("policy.shadow_for_people", channel=channel)),
            (mention.backfilled, because("policy.backfilled")),
            (_left_alone_since(situation), because("policy.opted_out")),
            (situation.customer.erased_at is not None, because("policy.erased")),
        )

    def judge_person(self, text: str | None, situation: Situation, by: Agent) -> Ruling:
        """Caps, quiet hours and modes are for the machine; what protects customers and platforms binds people too."""
        forbidden = self._forbidden_to_people(situation)
        if forbidden is None and text is not None:
            private = situation.mention.visibility is Visibility.PRIVATE
            allowed = _SAID_IN_PRIVATE if private else frozenset[str]()
            forbidden = self._unfit_text(text, situation.mention.channel, allowed=allowed)
        if forbidden is not None:
            return Ruling(verdict=Verdict.BLOCK, reason=forbidden)
        if self._rules.second_person.looks_at(by.rank):
            return Ruling(verdict=Verdict.APPROVE, reason=because("policy.second_person", who=by.name))
        return Ruling(verdict=Verdict.SEND, reason=because("policy.a_person_writes", who=by.name))


def kind_of_text(action: Outgoing) -> ReplyKind:
    """Why the customer is written to; a question with a number for an answer is a survey."""
    return action.kind if isinstance(action, Reply) else ReplyKind.SURVEY


def _left_alone_since(situation: Situation) -> bool:
    """Whether they asked for peace and have not turned to us since. The words that ask for it are no such turn."""
    since, mention = situation.customer.opted_out_at, situation.mention
    if wants_out(mention.text, situation.reading.language):
        return True
    return situation.customer.opted_out and (since is None or mention.posted_at <= since)


def _first(*rules: tuple[bool, Reason]) -> Reason | None:
    """The reason of the first rule that holds."""
    return next((reason for holds, reason in rules if holds), None)


def _go(name: str) -> Ruling:
    return Ruling(verdict=Verdict.SEND, reason=because(name))


def _only_noted(for_a_person: Reason | None) -> Reason:
    """With what would have become of it."""
    if for_a_person is None:
        return because("policy.shadow_mode")
    return because("policy.shadow_mode_waits", why=for_a_person)


def _a_person_sends(for_a_person: Reason | None) -> Reason:
    """With what would have kept it for a person anyway."""
    if for_a_person is None:
        return because("policy.approve_mode")
    return because("policy.approve_mode_also", why=for_a_person)


def _allowed(action: Outgoing, situation: Situation) -> Reason:
    """Why it may leave: the fact is stored with the reply."""
    fact = "addressed" if situation.mention.summoned else "no_summons"
    kind, channel = kind_of_text(action).value, situation.mention.channel
    return because("policy.allowed", kind=kind, channel=channel, fact=fact)
