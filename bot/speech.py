"""What is said to customers, by the machine or by people: the rules, the brand's voice, and who speaks by them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.channels import Tuned
from bot.domain.action import ReplyKind
from bot.domain.ports.channel import Counts, Voice
from bot.domain.ports.judge import Knowledge, Policy
from bot.domain.ports.record import CaseFile
from bot.domain.ports.store import Store
from bot.domain.reading import Language
from bot.domain.time import BusinessHours, LiveWatch, Watch
from bot.pipeline.alarm import RingsAt
from bot.pipeline.casework import Clocks
from bot.pipeline.decide import Decider
from bot.pipeline.letters import Letters
from bot.pipeline.workbench import Workbench
from config.channels import common_keys
from config.settings import Settings
from nlp.pii import Recogniser
from responders.ask import question_after
from responders.knowledge import open_knowledge
from responders.optout import wants_out
from responders.policy import Caps, ChannelRules, Mode, QuietHours, RuleBook, Rules, SecondPerson
from responders.registry import Kit, open_responders
from responders.suggest import Suggestions, texts_for
from responders.templates import FormOfAddress, Phrasebook, open_templates

_REPLIES = Path(__file__).parent.parent / "config" / "replies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What everything goes by that is said to a customer, by the machine or by a person."""

    rules: Rules
    phrasebook: Phrasebook
    policy: Policy
    knowledge: Knowledge | None


def open_speech(settings: Settings, rules: Rules) -> Speech:
    """ConfigError where the brand's texts or articles cannot be used."""
    phrasebook = open_phrasebook(settings)
    return Speech(
        rules=rules,
        phrasebook=phrasebook,
        policy=RuleBook(rules, personal_data=Recogniser(), disclosure=phrasebook.disclosure),
        knowledge=open_knowledge(settings.brand.knowledge) if settings.brand.knowledge else None,
    )


def open_phrasebook(settings: Settings) -> Phrasebook:
    """The brand's voice as it is configured; ConfigError where a file of it cannot be used."""
    return open_templates(
        _REPLIES,
        brand=settings.brand.name,
        language=Language(settings.brand.languages[0]),
        address=FormOfAddress(settings.brand.form_of_address),
        own=settings.brand.replies,
    )


def _length_of(voice: Voice | None) -> Callable[[str], int]:
    """How its platform counts."""
    return voice.length if isinstance(voice, Counts) else len


def rules_of(settings: Settings, voices: Mapping[str, Voice], tuned: Mapping[str, Tuned]) -> Rules:
    """How free the machine is on each channel, and how often, when and how long anything is said."""
    policy = settings.policy
    return Rules(
        channels={
            name: ChannelRules(
                mode=Mode(each.mode),
                must_be_summoned=each.only_summoned,
                limit=voices[name].limit if name in voices else ChannelRules().limit,
                length=_length_of(voices.get(name)),
            )
            for name, each in tuned.items()
        },
        elsewhere=ChannelRules(mode=Mode(policy.mode)),
        caps=Caps(
            per_conversation=policy.replies_per_conversation,
            per_author_and_day=policy.replies_per_author_per_day,
            per_hour=policy.replies_per_hour,
            per_day=policy.replies_per_day,
        ),
        quiet=QuietHours(zone=ZoneInfo(settings.brand.timezone), since=policy.quiet_from, until=policy.quiet_until),
        disclosure=policy.disclosure,
        auto_kinds=frozenset(ReplyKind(kind) for kind in policy.auto_kinds),
        answer_within=timedelta(hours=policy.answer_within_hours),
        survey_every=timedelta(days=policy.survey_every_days),
        second_person=SecondPerson(policy.second_person),
    )


def rules_at_hand(settings: Settings) -> Rules:
    """The same rules with no channel open."""
    # a channel refuses by itself what is too long for it, and what is held was judged for its place already
    return replace(
        rules_of(settings, {}, {}),
        channels={
            name: ChannelRules(mode=Mode(common_keys(name, table).mode or settings.policy.mode), limit=sys.maxsize)
            for name, table in settings.channels.items()
        },
        elsewhere=ChannelRules(limit=sys.maxsize),
    )


def decider_of(settings: Settings, speech: Speech) -> Decider:
    """The machine: the responders in the owner's order, under the policy and by the brand's clocks."""
    kit = Kit(
        phrasebook=speech.phrasebook,
        policy=speech.policy,
        limit_of=speech.rules.limit_of,
        length_on=speech.rules.length_on,
        desk=settings.desk.forum,
        alerts=settings.desk.alerts,
        hours=business_hours(settings),
        own_accounts=settings.brand.accounts,
        knowledge=speech.knowledge,
        survey_every=timedelta(days=settings.policy.survey_every_days),
        disclosure=settings.policy.disclosure,
    )
    return Decider(
        responders=open_responders(settings.responders.order, kit),
        policy=speech.policy,
        clocks=clocks_of(settings),
        wants_out=wants_out,
    )


def clocks_of(settings: Settings) -> Clocks:
    """How soon a case wants its first answer and its solution."""
    return Clocks(
        hours=business_hours(settings),
        first_answer={urgency: timedelta(hours=hours) for urgency, hours in settings.clocks.first_answer_hours.items()},
        solve_working_days=settings.clocks.solve_working_days,
    )


def business_hours(settings: Settings) -> BusinessHours:
    """The brand's opening hours in its own time zone."""
    hours = settings.brand.hours
    return BusinessHours(
        zone=ZoneInfo(settings.brand.timezone),
        opens=hours.opens,
        closes=hours.closes,
        weekdays=hours.weekdays,
        holidays=hours.holidays,
    )


def letters_of(settings: Settings, store: Store, speech: Speech, watch: Watch) -> Letters:
    """People who write: with drafts to begin with, under the same policy."""
    limit_of, length_on = speech.rules.limit_of, speech.rules.length_on
    return Letters(
        deeds=store.deeds,
        policy=speech.policy,
        drafts=Suggestions(
            knowledge=speech.knowledge, phrasebook=speech.phrasebook, limit_of=limit_of, length_on=length_on
        ),
        limit_of=limit_of,
        watch=watch,
        otherwise=Language(settings.brand.languages[0]),
    )


def letters_at_hand(settings: Settings, store: Store) -> Letters:
    """For somebody beside the service, or without one: the same rules, with no channel open."""
    speech = open_speech(settings, rules_at_hand(settings))
    return letters_of(settings, store, speech, LiveWatch())


def workbench_of(settings: Settings, store: Store, speech: Speech, watch: Watch) -> Workbench:
    """People who work on cases: what is asked of a customer when one is resolved is under the same policy."""
    return Workbench(
        deeds=store.deeds,
        policy=speech.policy,
        clocks=clocks_of(settings),
        question=partial(question_after, speech.phrasebook),
        rings_at=rings_at(speech.rules),
        alerts=settings.desk.alerts,
        watch=watch,
    )


def rings_at(rules: Rules) -> RingsAt:
    """When people may be called: at once, or when quiet hours are over."""
    return rules.quiet.over if rules.quiet is not None else lambda now: now


def templates_of(settings: Settings, speech: Speech) -> Callable[[CaseFile], Sequence[tuple[str, str]]]:
    """The approved texts that fit a case, by their names."""
    return partial(
        texts_for,
        speech.phrasebook,
        otherwise=Language(settings.brand.languages[0]),
        knowledge=speech.knowledge,
        limit_of=speech.rules.limit_of,
        length_on=speech.rules.length_on,
    )
