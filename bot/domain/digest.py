"""What a manager reads in the morning: counts from the store, judged figures from insight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.domain.case import Case
from bot.domain.cost import WhenSpent
from bot.domain.mention import MentionId
from bot.domain.naming import USUAL_NAMES, TouchpointNames
from bot.domain.promise import Promise
from bot.domain.reading import Language, Sentiment, Touchpoint
from bot.domain.survey import Score
from bot.domain.voice import EmployeeVoice


class Edition(StrEnum):
    """A daily digest covers one local day, a weekly one Monday to Sunday."""

    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestText:
    """An edition in words, in whole lines: the beginning says which it is and what was found, and quotes nobody."""

    beginning: str
    rest: str = ""

    @property
    def whole(self) -> str:
        """All of it, without a line feed at its end."""
        return "\n".join(part for part in (self.beginning, self.rest) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchpointTally:
    """Mentions that tell of one touchpoint in a period, each once, however often it tells of it.

    It is negative there if anything in it is, else positive if anything is. `of_negative` are those of `negative` that
    are negative as a whole, and so among the period's negatives.
    """

    mentions: int = 0
    negative: int = 0
    positive: int = 0
    of_negative: int = 0

    @property
    def neutral(self) -> int:
        """The rest."""
        return self.mentions - self.negative - self.positive


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of one period [since, until). Mentions are customers' mentions about the brand, spam left out.

    One mention may tell of several touchpoints, or of none. `by_own` counts what of `by_touchpoint` was lived at a
    touchpoint of the owner's own, by its name. `by_hour` counts mentions per full hour since `since`, by sentiment.
    """

    since: datetime
    until: datetime
    mentions: int = 0
    negative: int = 0
    neutral: int = 0
    positive: int = 0
    abstained: int = 0
    degraded: int = 0
    left_out: int = 0
    customers: int = 0
    by_touchpoint: Mapping[Touchpoint, TouchpointTally] = field(default_factory=dict)
    by_own: Mapping[tuple[Touchpoint, str], TouchpointTally] = field(default_factory=dict)
    by_channel: Mapping[str, int] = field(default_factory=dict)
    negative_by_channel: Mapping[str, int] = field(default_factory=dict)
    by_hour: Mapping[int, Mapping[Sentiment, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTally:
    """The work: opened and resolved in the period, standing at its end, and the clocks.

    `answered_in_time` of `answers_due` first-answer clocks that ran out or were met in the period: business time. The
    median is what customers waited by the calendar.
    """

    opened: int = 0
    resolved: int = 0
    open_at_end: int = 0
    waiting_at_end: int = 0
    first_answer_median: timedelta | None = None
    answered_in_time: int = 0
    answers_due: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopTally:
    """The loop with unhappy customers of the period: how many, contacted, recovered, and the cases still open."""

    detractors: int = 0
    contacted: int = 0
    recovered: int = 0
    not_recovered: int = 0
    unclosed: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """What was promised to customers, by what became of it; `unheard` were due, and nobody has said what did."""

    due: tuple[Promise, ...] = ()
    broken: tuple[Promise, ...] = ()
    unheard: tuple[Promise, ...] = ()
    kept: tuple[Promise, ...] = ()

    @property
    def to_follow(self) -> tuple[Promise, ...]:
        """Those that ask for somebody's attention."""
        return (*self.due, *self.broken, *self.unheard)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One voice from the period, whole as stored; insight redacts it before anybody sees it.

    `glad` may be shown as praise: surely happy, or happy in a case that the customer's words ended as recovered.
    """

    mention_id: MentionId
    text: str
    evidence: str
    touchpoint: Touchpoint | None
    sentiment: Sentiment
    language: Language
    case_key: int | None
    at: datetime
    glad: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DataQuality:
    """What the figures rest on: silence on channels, unread or quarantined mentions, sends that need a person."""

    channels_last_heard: Mapping[str, datetime] = field(default_factory=dict)
    waiting: int = 0
    quarantined: int = 0
    unknown_sends: int = 0
    dead_sends: int = 0
    corrections: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTally:
    """One channel in a period: how long nobody could read it, in how many `gaps`, the longest since when.

    `budget` is the sum of the days' budgets, None when a day had none; `days_spent` are those on which it ran out.
    """

    channel: str
    unread: timedelta = timedelta()
    gaps: int = 0
    longest: timedelta = timedelta()
    longest_since: datetime | None = None
    spent: Decimal = Decimal(0)
    budget: Decimal | None = None
    currency: str = ""
    days_spent: int = 0
    when_spent: WhenSpent = WhenSpent.SLOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`part` of `n`, with its 95 % Wilson interval; all between 0 and 1 but n and part."""

    part: int
    n: int
    value: float
    low: float
    high: float


class Trend(StrEnum):
    """A figure against its baseline: only where n and interval support it, else the same or too few."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchpointLine:
    """One touchpoint of the digest, or with `own` a part of it: today against its usual day.

    `negative_usual` is the share of negatives then, `negatives_usual` their number in one period.
    """

    touchpoint: Touchpoint
    now: TouchpointTally
    usual: float
    negative: Share
    volume: Trend
    negative_usual: float | None = None
    negatives_usual: float = 0.0
    own: str | None = None
    own_lines: tuple[TouchpointLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spike:
    """Hours with far more mentions than usual: how many times the usual, and the words that explain it."""

    since: datetime
    until: datetime
    mentions: int
    times_usual: float
    touchpoint: Touchpoint | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One edition: the period, its baselines, and what follows from them. Quotes and voices are redacted already."""

    brand: str
    edition: Edition
    day: date
    zone: str
    language: Language
    now: Tally
    before: Tally
    usual: Tally
    usual_periods: int
    negative: Share
    negative_usual: Share
    volume: Trend
    mood: Trend
    touchpoints: tuple[TouchpointLine, ...]
    explained_by: TouchpointLine | None
    excess_negative: int
    excess_at_touchpoint: int
    cases: CaseTally
    cases_before: CaseTally
    loops: LoopTally
    quotes: tuple[Quote, ...]
    promises: Promises
    scores: tuple[Score, ...]
    spikes: tuple[Spike, ...]
    quality: DataQuality
    channels: tuple[ChannelTally, ...] = ()
    late_by: timedelta | None = None
    names: TouchpointNames = USUAL_NAMES
    voices: tuple[EmployeeVoice, ...] = ()
