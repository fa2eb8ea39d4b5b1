"""Doubles for tests, ours and those of plugin authors: a store in memory, a scripted channel, a fixed classifier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypedDict, Unpack

from bot.domain.action import Reply
from bot.domain.case import Case, CaseId, CaseState
from bot.domain.cost import Purse
from bot.domain.errors import ChannelError
from bot.domain.experience import Effort, Experience, ExperienceId
from bot.domain.mention import Batch, Handle, Mention, Visibility
from bot.domain.outbox import Receipt
from bot.domain.ports.channel import Unmetered
from bot.domain.ports.store import Tripwire, calm
from bot.domain.reading import Intent, Language, Reading, Sentiment, Span, Stage, Text, Touchpoint, Urgency
from bot.domain.situation import Situation
from bot.store.sqlite import SqliteStore, open_store

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""A Monday, for tests that need some moment."""


def memory_store(*, trip: Tripwire = calm) -> AbstractAsyncContextManager[SqliteStore]:
    """The real SQLite store, kept in memory, to be opened with `async with`."""
    return open_store(":memory:", trip=trip)


class MentionFields(TypedDict, total=False):
    """What `mention` lets a test say about a post."""

    author: Handle
    posted_at: datetime
    thread_id: str | None
    in_reply_to: str | None
    url: str | None
    visibility: Visibility
    language_hint: str | None
    summoned: bool
    backfilled: bool
    by_brand: bool
    edited_at: datetime | None


def mention(
    external_id: str, text: str = "hola", *, channel: str = "test", who: str = "ana", **fields: Unpack[MentionFields]
) -> Mention:
    """A post by `who` at NOON, unless told otherwise."""
    author = Handle(channel=channel, account_id=who, name=who)
    plain = Mention(channel=channel, external_id=external_id, author=author, text=text, posted_at=NOON)
    return replace(plain, **fields)


class ReadingFields(TypedDict, total=False):
    """What `reading` lets a test say about a text."""

    language: Language
    language_confidence: float
    sentiment: Sentiment
    scores: Mapping[Sentiment, float]
    intents: tuple[Intent, ...]
    intent_scores: Mapping[Intent, float]
    touchpoints: tuple[Touchpoint, ...]
    stage: Stage | None
    urgency: Urgency
    spans: tuple[Span, ...]
    expectation: str | None
    spam: bool
    about_brand: bool
    abstained: bool
    degraded: bool
    stage_confidence: float | None
    urgency_confidence: float | None
    model: str


def reading(**fields: Unpack[ReadingFields]) -> Reading:
    """A neutral Spanish question about the brand, unless told otherwise; scores follow sentiment and intents."""
    sentiment = fields.get("sentiment", Sentiment.NEUTRAL)
    plain = Reading(
        language=Language.ES,
        language_confidence=0.99,
        sentiment=sentiment,
        scores={label: 0.9 if label is sentiment else 0.05 for label in Sentiment},
        intents=(Intent.QUESTION,),
        intent_scores=dict.fromkeys(fields.get("intents", (Intent.QUESTION,)), 0.9),
        touchpoints=(),
        stage=None,
        urgency=Urgency.LOW,
        spans=(),
        expectation=None,
        spam=False,
        about_brand=True,
        abstained=False,
        degraded=False,
        model="fixed@1",
    )
    return replace(plain, **fields)


def new_case(situation: Situation, *, urgency: Urgency = Urgency.LOW) -> Case:
    """A case opened by this mention: a first answer is due in a day, a solution in a week."""
    post = situation.mention
    return Case(
        id=CaseId(f"case-{post.id}"),
        key=0,
        customer_id=situation.customer.id,
        channel=post.channel,
        thread_id=post.conversation,
        opened_by=post.id,
        touchpoints=situation.reading.touchpoints,
        state=CaseState.NEW,
        urgency=urgency,
        opened_at=post.posted_at,
        updated_at=post.posted_at,
        first_answer_due=post.posted_at + timedelta(days=1),
        solve_due=post.posted_at + timedelta(days=7),
    )


def lived(
    situation: Situation, touchpoint: Touchpoint | None, *, confidence: float = 0.9, number: int = 1
) -> Experience:
    """An experience with the feeling of the reading and the whole text as its evidence."""
    post, read = situation.mention, situation.reading
    return Experience(
        id=ExperienceId(f"{post.id}#{number}"),
        customer_id=situation.customer.id,
        mention_id=post.id,
        stage=read.stage,
        touchpoint=touchpoint,
        what=read.intents[0].value if read.intents else "",
        sentiment=read.sentiment,
        effort=Effort.UNKNOWN,
        evidence=post.text,
        expectation=read.expectation,
        confidence=confidence,
        model=read.model,
        at=post.posted_at,
    )


class FixedClassifier:
    """Reads what it was told: a mapping from text to reading (anything else is `reading()`), or a function."""

    name = "fixed@1"

    def __init__(self, readings: Mapping[str, Reading] | Callable[[str], Reading] | None = None) -> None:
        self._readings = readings if readings is not None else {}

    def read(self, texts: Sequence[Text]) -> list[Reading]:
        """One reading per text, in order."""
        return [self._read(text.text) for text in texts]

    def _read(self, text: str) -> Reading:
        if isinstance(self._readings, Mapping):
            return self._readings.get(text) or reading()
        return self._readings(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something a ScriptedChannel was asked to say."""

    reply: Reply
    to: Mention
    key: str
    receipt: Receipt


class HandClock:
    """A clock that counts seconds for a channel (`Surroundings.clock`) and goes when it is told to."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def __call__(self) -> float:
        return self._seconds

    def pass_on(self, seconds: float) -> None:
        """So much time has passed."""
        self._seconds += seconds


class CountingMeter:
    """A meter that remembers `units` by name, and hands out the purse it was given."""

    def __init__(self, purse: Purse | None = None) -> None:
        self.units: Counter[str] = Counter()
        self._purse = purse

    async def spend(self, what: str, units: int = 1) -> None:
        """Remember it."""
        self.units[what] += units

    def has(self, purse: Purse | None) -> None:
        """Hand out this one from now on."""
        self._purse = purse

    async def purse(self) -> Purse:
        """The given one, or one that is never empty."""
        return self._purse or await Unmetered().purse()


class ScriptedChannel:
    """A listener and a voice in one: polls follow a script of batches and faults, what is said is remembered.

    When the script has ended, polls bring nothing and leave the cursor. `faults` are raised by the next calls of
    `say`, one each; with `heard_anyway` the channel has said the reply before it raises (the answer was lost).
    """

    def __init__(
        self,
        script: Iterable[Batch | ChannelError] = (),
        *,
        channel: str = "test",
        limit: int = 500,
        can_look_up: bool = True,
    ) -> None:
        self.channel = channel
        self.limit = limit
        self.can_look_up = can_look_up
        self.cursors: list[str | None] = []
        self.spoken: list[Said] = []
        self.faults: list[ChannelError] = []
        self.heard_anyway = False
        self._script = list(script)

    async def poll(self, cursor: str | None) -> Batch:
        """The next step of the script; the cursors asked with are kept in `cursors`."""
        self.cursors.append(cursor)
        step = self._script.pop(0) if self._script else Batch(mentions=(), cursor=cursor)
        if isinstance(step, ChannelError):
            raise step
        return step

    async def say(self, reply: Reply, to: Mention, key: str) -> Receipt:
        """Remember it, or raise the next fault."""
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None and not self.heard_anyway:
            raise fault
        number = len(self.spoken) + 1
        receipt = Receipt(external_id=f"said-{number}", at=to.posted_at + timedelta(minutes=1))
        self.spoken.append(Said(reply=reply, to=to, key=key, receipt=receipt))
        if fault is not None:
            raise fault
        return receipt

    async def said(self, key: str, to: Mention) -> Receipt | None:
        """The receipt of what was said under this key, or None."""
        del to
        return next((said.receipt for said in self.spoken if said.key == key), None)
