"""The rule book: may we say this, now, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.domain.action import Action, Alert, Ask, Close, Reply, ReplyKind, Route, Silence
from bot.domain.outbox import Ruling, Verdict
from bot.domain.ports import PersonalData
from bot.domain.reading import Language
from bot.domain.situation import Situation
from responders.delicate import delicate_topic
from responders.optout import wants_out

Outgoing = Reply | Ask


class Mode(StrEnum):
    """How free the machine is on a channel: silent, writing for itself only, with a person's consent, alone."""

    OFF = "off"
    SHADOW = "shadow"
    APPROVE = "approve"
    AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRules:
    """What one channel allows. `limit` counts characters."""

    mode: Mode = Mode.APPROVE
    must_be_summoned: bool = False
    limit: int = 500


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The owner's part of the rule book. Channels without a table of their own follow `elsewhere`."""

    channels: Mapping[str, ChannelRules] = field(default_factory=dict)
    elsewhere: ChannelRules = ChannelRules()
    caps: Caps = Caps()
    quiet: QuietHours | None = None
    disclosure: bool = True
    auto_kinds: frozenset[ReplyKind] = frozenset({ReplyKind.THANKS, ReplyKind.SURVEY})
    survey_every: timedelta = timedelta(days=30)

    def on(self, channel: str) -> ChannelRules:
        """The rules of one channel."""
        return self.channels.get(channel, self.elsewhere)

    def limit_of(self, channel: str) -> int:
        """How long a text may be on one channel."""
        return self.on(channel).limit


class RuleBook:
    """The policy. Every ruling's reason starts with a stable name and a colon, then says it to a person."""

    def __init__(self, rules: Rules, *, personal_data: PersonalData, disclosure: Callable[[Language], str]) -> None:
        self._rules, self._personal_data, self._disclosure = rules, personal_data, disclosure

    def judge(self, action: Action, situation: Situation) -> Ruling:
        """The verdict on one action. What stays in the house always goes; what leaves it passes the rules in order."""
        match action:
            case Reply() | Ask():
                return self._judge_outgoing(action, situation)
            case Route():
                return _go("inside: the desk is the house's own")
            case Alert():
                return _go("inside: an alert reaches only people on watch")
            case Close():
                return _go("inside: closing a case says nothing to anybody")
            case Silence():
                return _go("inside: nothing is said")
            case _:
                assert_never(action)

    def _judge_outgoing(self, action: Outgoing, situation: Situation) -> Ruling:
        forbidden = self._forbidden(action, situation)
        if forbidden is not None:
            return Ruling(verdict=Verdict.BLOCK, reason=forbidden)
        mode = self._rules.on(situation.mention.channel).mode
        for_a_person = self._for_a_person(action, situation)
        if mode is Mode.SHADOW:
            otherwise = f"would wait for a person ({for_a_person})" if for_a_person else "would have been sent"
            return Ruling(verdict=Verdict.SHADOW, reason=f"shadow mode: only written down; {otherwise}")
        if mode is Mode.APPROVE:
            also = f"; also {for_a_person}" if for_a_person else ""
            return Ruling(verdict=Verdict.APPROVE, reason=f"approve mode: a person sends on this channel{also}")
        # asked last and only here: a text is signed when nothing else is in its way (see responders.disclosure)
        in_the_way = for_a_person or self._undisclosed(action)
        if in_the_way is not None:
            return Ruling(verdict=Verdict.APPROVE, reason=in_the_way)
        return Ruling(verdict=Verdict.SEND, reason=_allowed(action, situation))

    def _forbidden(self, action: Outgoing, situation: Situation) -> str | None:
        """The first rule that nobody can lift, or None."""
        mention, customer, channel = situation.mention, situation.customer, situation.mention.channel
        allowed = self._rules.on(channel)
        left_alone = customer.opted_out or wants_out(mention.text, situation.reading.language)
        return _first(
            (allowed.mode is Mode.OFF, f"mode off: nothing is said on {channel}"),
            (
                allowed.must_be_summoned and not mention.summoned,
                f"not summoned: the author did not mention our account; {channel} allows only summoned replies",
            ),
            (mention.by_brand, "own voice: the brand does not answer itself"),
            (mention.backfilled, "backfilled: found at a first start; history is never answered"),
            (left_alone, "opted out: the customer asked not to be written to"),
            (customer.erased_at is not None, "erased: the customer asked to be forgotten"),
            (
                situation.facts.author_is_automated,
                "automated author: two machines would talk to each other for ever",
            ),
        ) or self._unfit(action, situation)

    def _unfit(self, action: Outgoing, situation: Situation) -> str | None:
        """What is wrong with the text itself, or with asking once more."""
        found = sorted({datum.type for datum in self._personal_data.find(action.text)})
        channel, limit = situation.mention.channel, self._rules.limit_of(situation.mention.channel)
        asks_again = isinstance(action, Ask) and self._asked_lately(situation)
        return _first(
            (bool(found), f"personal data: the text holds {', '.join(found)}"),
            (len(action.text) > limit, f"too long: {len(action.text)} characters, {channel} takes {limit}"),
            (not action.text.strip(), "empty: there is nothing to say"),
            (asks_again, f"survey fatigue: asked within the last {self._rules.survey_every.days} days"),
        )

    def _for_a_person(self, action: Outgoing, situation: Situation) -> str | None:
        """The first rule that wants a person to look before this leaves, or None."""
        reading, kind = situation.reading, kind_of_text(action)
        topic = delicate_topic(situation.mention.text)
        draft = isinstance(action, Reply) and action.draft_only
        return (
            _first(
                (topic is not None, f"delicate: the customer speaks of {topic}; a person answers"),
                (reading.abstained, "unsure: the model abstained; a person looks first"),
                (reading.degraded, "degraded: the word list read this, not the model; a person looks first"),
                (draft, "draft: this text is a proposal for a person"),
                (kind not in self._rules.auto_kinds, f"kind: {kind} is not among the kinds that may leave alone"),
            )
            or self._capped(situation)
            or self._quiet(situation)
        )

    def _capped(self, situation: Situation) -> str | None:
        """Which cap is reached. A question counts like a reply: one automatic text a conversation."""
        caps, facts = self._rules.caps, situation.facts
        replied = facts.auto_replies_in_conversation >= caps.per_conversation
        author, hour, day = facts.auto_replies_to_author_today, facts.auto_replies_this_hour, facts.auto_replies_today
        return _first(
            (replied, f"conversation cap: answered alone here already ({facts.auto_replies_in_conversation})"),
            (author >= caps.per_author_and_day, f"author cap: {author} automatic texts to this person today"),
            (hour >= caps.per_hour, f"hour cap: {hour} automatic texts this hour"),
            (day >= caps.per_day, f"day cap: {day} automatic texts today"),
        )

    def _quiet(self, situation: Situation) -> str | None:
        quiet = self._rules.quiet
        if quiet is None or not quiet.hold(situation.now):
            return None
        return f"quiet hours: nothing leaves alone between {quiet.since:%H:%M} and {quiet.until:%H:%M}"

    def _undisclosed(self, action: Outgoing) -> str | None:
        if not self._rules.disclosure or action.text.endswith(self._disclosure(action.language)):
            return None
        return "no disclosure: the text does not say, or has no room to say, that a machine wrote it"

    def _asked_lately(self, situation: Situation) -> bool:
        last = situation.facts.last_survey
        return last is not None and situation.now - last.asked_at < self._rules.survey_every


def kind_of_text(action: Outgoing) -> ReplyKind:
    """Why the customer is written to; a question with a number for an answer is a survey."""
    return action.kind if isinstance(action, Reply) else ReplyKind.SURVEY


def _first(*rules: tuple[bool, str]) -> str | None:
    """The reason of the first rule that holds."""
    return next((reason for holds, reason in rules if holds), None)


def _go(reason: str) -> Ruling:
    return Ruling(verdict=Verdict.SEND, reason=reason)


def _allowed(action: Outgoing, situation: Situation) -> str:
    """Why it may leave: the fact is stored with the reply."""
    fact = "the author addressed us" if situation.mention.summoned else "the channel does not ask for a summons"
    return f"allowed: {kind_of_text(action)} may leave alone on {situation.mention.channel}; {fact}; no rule objects"
