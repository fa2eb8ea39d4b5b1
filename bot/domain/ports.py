"""The sockets of the project: what a channel, a model, a responder, a desk and a store must offer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from bot.domain.account import Ability, Account
from bot.domain.action import Action, Reply
from bot.domain.agent import Agent
from bot.domain.case import Case, CaseId, Resolution
from bot.domain.cost import Purse, Spending, WhenSpent
from bot.domain.customer import Consent, Customer, CustomerId, Merge
from bot.domain.deskwork import (
    AuditLine,
    Erased,
    Escalated,
    HeldDraft,
    Letter,
    QueueFilter,
    Reread,
    Resolved,
    Sending,
    Taken,
)
from bot.domain.digest import CaseTally, ChannelTally, DataQuality, LoopTally, Quote, Tally
from bot.domain.experience import Experience
from bot.domain.health import Condition, Health
from bot.domain.interaction import Interaction
from bot.domain.mention import Accepted, Batch, Form, KeptPosts, Mention, MentionId
from bot.domain.outbox import Errand, Job, JobId, JobState, Lane, Receipt, Ruling
from bot.domain.papers import Deeds
from bot.domain.promise import Pledge, Promise
from bot.domain.reading import Language, Reading, Text, Touchpoint, Urgency
from bot.domain.reason import Reason, Why
from bot.domain.shared import Shared
from bot.domain.situation import Decided, Decision, Heard, Settled, Situation
from bot.domain.survey import Score, Survey
from bot.domain.voice import EmployeeVoice

Tripwire = Callable[[str], None]
"""Called with the name of a failpoint; does nothing except in the fault suite, where it may kill the process."""


def calm(point: str) -> None:
    """The tripwire of ordinary life."""
    del point


@runtime_checkable
class Listener(Protocol):
    """A channel that is asked. The clock calls `poll`; it never sleeps or retries by itself."""

    channel: str

    async def poll(self, cursor: str | None) -> Batch: ...


@runtime_checkable
class Stream(Protocol):
    """A channel that tells us. `listen` returns when the source has ended, and raises when it was lost."""

    channel: str

    async def listen(self, cursor: str | None, deliver: Callable[[Batch], Awaitable[None]]) -> None: ...


@runtime_checkable
class Voice(Protocol):
    """A channel that can answer. `key` is the idempotency key of the outbox row.

    `say` sends once. `said` looks up whether something with this key was heard already (after a crash);
    a channel that cannot look up has `can_look_up = False` and its ambiguous sends go to a person.
    """

    channel: str
    limit: int
    can_look_up: bool

    async def say(self, reply: Reply, to: Mention, key: str) -> Receipt: ...
    async def said(self, key: str, to: Mention) -> Receipt | None: ...


class Meter(Protocol):
    """Counts what one channel's calls cost.

    A channel calls `spend` right after every call that the platform charges for, and asks `purse` before a read it
    could do without. Whether it is looked at in the first place is not its business, and an answer always goes out.
    """

    async def spend(self, what: str, units: int = 1) -> None:
        """`what` is a name in the channel's price list; one without a price is counted and costs nothing."""
        ...

    async def purse(self) -> Purse: ...


class Unmetered:
    """The meter of a channel that costs nothing."""

    async def spend(self, what: str, units: int = 1) -> None:
        """Nothing to count."""
        del what, units

    async def purse(self) -> Purse:
        """Never empty."""
        return Purse(
            spent=Decimal(0),
            budget=None,
            currency="USD",
            when_spent=WhenSpent.SLOW,
            renews_at=datetime.max.replace(tzinfo=UTC),
        )


class Kept(Protocol):
    """Which posts of a channel the house keeps words of: for one that must ask which of them are gone."""

    async def kept(self, channel: str, after: str | None, limit: int) -> KeptPosts:
        """At most `limit` of them; `after` is what the last answer said, None at the beginning."""
        ...

    async def number_kept(self, channel: str) -> int: ...


class KeepsNothing:
    """A house without books."""

    async def kept(self, channel: str, after: str | None, limit: int) -> KeptPosts:
        """There are none."""
        del channel, after, limit
        return KeptPosts(posts=(), after=None)

    async def number_kept(self, channel: str) -> int:
        """None."""
        del channel
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What every channel may know of its house: where to keep files, the brand's own accounts, its meter, and which
    of its posts are kept.

    `shared` holds what it uses together with others: a log-in that a desk has too.
    """

    home: Path
    accounts: tuple[str, ...]
    meter: Meter = field(default_factory=Unmetered)
    shared: Shared = field(default_factory=Shared)
    kept: Kept = field(default_factory=KeepsNothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKind:
    """What a channel's entry point resolves to: how to check its settings, how to open it, what it can do.

    `check` logs in, looks at the account, leaves again and changes nothing; it raises what a poll would raise.
    `only_summoned`: the platform allows an answer only to who called us, whatever the owner would like.
    """

    settings: Callable[..., Any]
    open: Callable[[str, Any, Surroundings], AbstractAsyncContextManager[Listener | Stream | Voice]]
    check: Callable[[str, Any, Surroundings], Awaitable[Account]] | None = None
    abilities: frozenset[Ability] = frozenset()
    only_summoned: bool = False


class Classifier(Protocol):
    """Plain and synchronous: texts in, one reading per text out, in order. Never raises for a text."""

    name: str

    def read(self, texts: Sequence[Text]) -> list[Reading]: ...


class Responder(Protocol):
    """A decision without side effects: the situation in, the actions out."""

    name: str

    def respond(self, situation: Situation) -> Iterable[Action]: ...


class Policy(Protocol):
    """May we do this, now, and why."""

    def judge(self, action: Action, situation: Situation) -> Ruling: ...

    def judge_person(self, text: str | None, situation: Situation, by: Agent) -> Ruling:
        """A person's own answer: SEND, APPROVE when a second person must look, or BLOCK.

        With None: what is to be said of any answer here, before there are words.
        """
        ...


class Desk(Protocol):
    """Where people pick up cases. The same key never makes two posts."""

    name: str

    async def post(self, file: CaseFile, key: str) -> Receipt:
        """The case stands on the desk, as it is now. RateLimited when too many come at once: they come in turn."""
        ...

    async def alert(self, text: str, key: str, *, wakes: bool = False) -> Receipt:
        """Tell the people on watch; `wakes` calls the leads by name."""
        ...

    async def digest(self, text: str, key: str, *, picture: Path | None = None, described: str = "") -> Receipt:
        """An edition, with its picture and what it shows in words."""
        ...


@runtime_checkable
class LivingDesk(Desk, Protocol):
    """A desk that has to be kept in step with the database, and that people act upon."""

    async def refresh(self) -> int:
        """Draw what changed; returns how much was drawn. One of the channel errors when the desk is out of reach."""
        ...


class Casework(Protocol):
    """What people do with cases, whatever desk they sit at. `key` is the number people quote.

    Every method looks at the rank of `by`, does one thing in one transaction with its line in the audit log, and raises
    NotDone with the reason when it may not or cannot be done (that is in the audit log too). `press` names the press
    of the button: the same press twice is one deed, and the second time answers like the first.
    """

    async def take(self, key: int, by: Agent, *, press: str) -> Taken: ...

    async def release(self, key: int, by: Agent, *, press: str) -> Case:
        """One's own; somebody else's only a lead may release."""
        ...

    async def assign(self, key: int, to: Agent, by: Agent, *, press: str) -> Case: ...
    async def prioritise(self, key: int, urgency: Urgency, by: Agent, *, press: str) -> Case: ...
    async def note(self, key: int, text: str, by: Agent, *, press: str) -> Case:
        """An internal line of the case's history; no customer ever reads it."""
        ...

    async def snooze(self, key: int, until: datetime | None, by: Agent, *, press: str) -> Case:
        """Until a moment to come, or (None) until the customer writes."""
        ...

    async def escalate(self, key: int, reason: str, by: Agent, *, press: str) -> Escalated:
        """Call the leads, once: at once, or when quiet hours are over."""
        ...

    async def resolve(self, key: int, resolution: Resolution, fixed_by: str, by: Agent, *, press: str) -> Resolved:
        """Close it, and ask the customer one number where policy, fatigue and their wishes allow."""
        ...

    async def reopen(self, key: int, by: Agent, *, press: str) -> Case: ...

    async def merge(self, key: int, into: int, by: Agent, *, press: str) -> Case:
        """`key` becomes a part of `into`, which must be the same customer's. Returns the kept one."""
        ...

    async def pause(self, by: Agent, *, press: str) -> None:
        """Stop everything addressed to a customer."""
        ...

    async def resume(self, by: Agent, *, press: str) -> None: ...

    async def wake(self, now: datetime) -> int:
        """End the snoozes whose time has come. Returns how many."""
        ...

    async def ring(self, now: datetime) -> int:
        """Put an alert on its way for each clock that ran out, once each. Returns how many."""
        ...

    async def queue(self, wanted: QueueFilter) -> list[Case]: ...
    async def find(self, words: str, limit: int = 10) -> list[Case]:
        """By number, account, name or words that were said; newest first."""
        ...

    async def log(self, key: int, limit: int = 20) -> list[AuditLine]:
        """What was done to a case, newest first."""
        ...

    async def names(self, ids: Collection[str]) -> Mapping[str, str]:
        """How the agents of these ids are called; an id that nobody knows stands for itself."""
        ...

    async def seen(self, agents: Collection[Agent]) -> None:
        """Remember how they are called."""
        ...


class Correspondence(Protocol):
    """What people write to customers, promise them, and learn from them. The same rules as `Casework`."""

    async def suggest(self, key: int, by: Agent, *, press: str) -> Letter | None:
        """A draft from the brand's articles and templates, in the case's language; None when nothing fits."""
        ...

    async def letter(self, key: int, by: Agent) -> Letter:
        """What an answer begins with; NotDone when nobody may answer here, with the policy's reason."""
        ...

    async def reply(  # noqa: PLR0913 - what, as whom, and what they knew
        self, key: int, text: str, by: Agent, *, seen: str, press: str, anyway: bool = False
    ) -> Sending:
        """Put an answer on its way. Not done when the customer wrote since `seen`, unless `anyway`."""
        ...

    async def draft(self, job_id: JobId) -> HeldDraft | None: ...
    async def held(self, limit: int = 25) -> list[HeldDraft]:
        """What waits for a person, the most urgent first."""
        ...

    async def approve(
        self, job_id: JobId, by: Agent, *, press: str, text: str | None = None, anyway: bool = False
    ) -> Sending:
        """Let it go, with another text if given: the earlier is kept. Who wrote it may need somebody else's word."""
        ...

    async def reject(self, job_id: JobId, reason: str, by: Agent, *, press: str) -> HeldDraft: ...

    async def promise(self, key: int, what: str, due: datetime, by: Agent, *, press: str) -> Promise: ...

    async def voice(  # noqa: PLR0913 - what, about what, and as whom
        self,
        text: str,
        by: Agent,
        *,
        press: str,
        key: int | None = None,
        touchpoint: Touchpoint | None = None,
        anonymous: bool = False,
    ) -> EmployeeVoice: ...

    async def vote(self, voice_id: str, by: Agent, *, press: str) -> EmployeeVoice:
        """One vote a person; a second press takes it back."""
        ...

    async def voices(self, since: datetime, until: datetime) -> list[EmployeeVoice]: ...

    async def correct(
        self, mention_id: MentionId, reread: Mapping[str, Reread], by: Agent, *, press: str
    ) -> tuple[Experience, ...]:
        """How a person reads a mention: by experience id. New rows count in the place of the old, which are kept."""
        ...

    async def erase(self, customer_id: CustomerId, by: Agent, *, press: str) -> Erased:
        """Forget a person for good: words, accounts, names. Figures stay; nothing of theirs is taken in again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCard:
    """Where a case stands on the desk. `stale` counts changes that are not drawn yet; hand it back when they are.

    `tried_at`: of a card without a post, when one was first begun that may stand there without our knowing.
    """

    case_id: CaseId
    place: str | None
    message: str | None
    stale: int
    told: int
    drawn: str | None
    trouble: str | None = None
    tried_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskMessage:
    """Something else that stands on the desk under its key."""

    key: str
    place: str
    message: str
    drawn: str


class Cards(Protocol):
    """What stands where on the desk. The desk draws from the database, so that it can be wiped and drawn again."""

    async def card(self, case_id: CaseId) -> DeskCard: ...
    async def at(self, place: str) -> CaseId | None:
        """The case whose post this is."""
        ...

    async def stale(self, limit: int, now: datetime) -> list[DeskCard]:
        """Cards that stand on the desk and changed since they were drawn, the longest untried first.

        One with a trouble is left alone for five minutes.
        """
        ...

    async def run_out(self, now: datetime) -> int:
        """Cards whose clock ran out since they were drawn are stale from now on. Returns how many."""
        ...

    async def missing(self, limit: int) -> list[Case]:
        """Cases with a route on its way and no post yet, the most urgent first; without those in trouble."""
        ...

    async def homeless(self, limit: int) -> list[DeskCard]:
        """Cards whose post was lost, the most urgent first."""
        ...

    async def standing(self) -> list[DeskCard]:
        """Cards whose post stands on the desk and was not put into the archive."""
        ...

    async def made_since(self, moment: datetime) -> int:
        """How many posts were made since then."""
        ...

    async def trying(self, case_id: CaseId, now: datetime) -> None:
        """A post is about to be made: from now on one may stand there without our knowing."""
        ...

    async def placed(self, case_id: CaseId, place: str, message: str, now: datetime) -> None: ...
    async def lost(self, case_id: CaseId) -> None:
        """Its post was deleted by hand: it has none any more, and what was told there is to be told again."""
        ...

    async def taken_down(self, case_id: CaseId) -> None:
        """We deleted its post, and it gets no other."""
        ...

    async def drawn(self, card: DeskCard, drawn: str, told: int, now: datetime) -> None:
        """It looks like `drawn` now, and changes made while it was being drawn keep it stale."""
        ...

    async def failed(self, case_id: CaseId, trouble: str, now: datetime) -> None:
        """It could not be drawn, or not all of it: it stays stale, and people can ask why."""
        ...

    async def lines(self, case_id: CaseId, after: int) -> list[tuple[int, Interaction]]:
        """What was said in the case after the line of that number, oldest first, with their numbers."""
        ...

    async def message(self, key: str) -> DeskMessage | None: ...
    async def messages(self, prefix: str) -> list[DeskMessage]: ...
    async def keep(self, message: DeskMessage, now: datetime) -> None: ...
    async def forget(self, key: str) -> None: ...
    async def troubles(self) -> list[tuple[Case, str]]:
        """Cases whose post cannot be drawn, and why."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDatum:
    """Something that identifies a person: its type, and the exact substring."""

    type: str
    value: str


class PersonalData(Protocol):
    """Finds personal data in a text."""

    def find(self, text: str) -> list[PersonalDatum]: ...
    def redact(self, text: str, language: Language) -> str: ...


class PromiseReader(Protocol):
    """Finds what a text of the brand promises, and by when."""

    def read(self, text: str, now: datetime) -> list[Pledge]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article of the knowledge base: `slug` is the same in every language."""

    slug: str
    language: Language
    title: str
    keywords: str
    body: str


class Knowledge(Protocol):
    """Full-text search over the brand's articles; best first, an empty list when nothing fits."""

    def search(self, question: str, language: Language, limit: int = 3) -> list[Article]: ...


class Inbox(Protocol):
    """Everything heard, once."""

    async def cursor(self, listener: str) -> str | None: ...

    async def accept(self, listener: str, batch: Batch, now: datetime) -> Accepted:
        """Keep the new mentions, what was edited and what is gone, and move the cursor: all of it or nothing.

        A mention edited before it was read is read in its new form; one edited after is read again, and people hear
        of it when it weighs more than before. Of a deleted post no word stays, only what was counted. A batch
        without a cursor leaves the cursor where it is.
        """
        ...

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> list[Mention]:
        """Take waiting mentions, oldest first, for `lease`; a row whose lease ran out is taken again.

        A row that was claimed before and never settled is handed out alone; after three times alone it is quarantined.
        """
        ...

    async def release(self) -> int:
        """End every lease: for a start, when this process is known to be the only one. Returns how many."""
        ...

    async def waiting(self) -> int:
        """How many mentions are not settled yet (quarantined ones not counted)."""
        ...

    async def retry(self, mention_id: MentionId) -> bool:
        """Give a quarantined mention another three tries."""
        ...

    async def failed(self, mention_id: MentionId, why: str) -> None:
        """Keep why a mention could not be settled: the reason people see once it is quarantined."""
        ...


Decide = Callable[[Situation], Decision]


class History(Protocol):
    """Customers, their experiences, cases and everything said."""

    async def settle(
        self, heard: Sequence[Heard], decide: Decide, now: Callable[[datetime], datetime]
    ) -> list[Settled]:
        """For each, in order: read its situation, decide, and write all that follows; one transaction for all.

        The situation is read inside the transaction that stores the decision, so what `decide` saw still holds.
        `decide` must be pure and quick. A mention that is already settled is passed over.
        The brand's own posts become outgoing interactions: they answer the customer's open case and carry promises.
        """
        ...

    async def take(self, case_id: CaseId, agent: str, now: datetime) -> tuple[Case, bool]:
        """The case, and whether `agent` became its owner just now: of several who press at once exactly one.

        LookupError when there is no such case, CaseClosed when it is resolved.
        """
        ...

    async def close_quiet(self, now: datetime, after: timedelta) -> int:
        """Resolve with NO_ANSWER the cases that have waited for the customer for `after`, as of the moment at which
        that time was up. Returns how many.
        """
        ...

    async def customer(self, who: str) -> Customer | None:
        """By customer id, `channel:account`, `channel:name`, handle name or @name; the newest when several fit."""
        ...

    async def customers(self, who: str) -> list[Customer]:
        """Everybody who fits best, newest first: ids before accounts, accounts before names."""
        ...

    async def merge(self, kept: CustomerId, other: CustomerId, consent: Consent) -> Customer:
        """Two customers are one person, for good: all that is `other`'s becomes `kept`'s, and the old id leads there.

        Who asked for peace on one account has it on all. LookupError for an id nobody has.
        """
        ...

    async def journey(self, customer_id: CustomerId, limit: int = 200) -> Journey: ...

    async def case(self, key: int) -> CaseFile | None: ...

    async def case_by_id(self, case_id: CaseId) -> CaseFile | None: ...

    async def explain(self, mention_id: str) -> Explanation | None:
        """By mention id, or by the external id alone when only one channel has it."""
        ...

    async def corrections(self) -> list[Correction]:
        """What people corrected, oldest mention first; nothing of posts deleted since, or of an earlier form of one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """How people read one mention: their experiences of it together take the place of the model's."""

    mention: Mention
    experiences: tuple[Experience, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One customer's story: newest `limit` lines of each, oldest first."""

    customer: Customer
    interactions: tuple[Interaction, ...]
    experiences: tuple[Experience, ...]
    cases: tuple[Case, ...]
    promises: tuple[Promise, ...]
    surveys: tuple[Survey, ...]
    merges: tuple[Merge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """One case with everything an agent needs.

    `last_heard` is the customer's newest post in it and `reading` how that was read; `score` the customer's newest
    answer to a question of ours, `before` the last case of theirs that was closed before this one was opened, `names`
    how the agents in it are called, by their ids, and `links` where our answers stand, by their jobs' keys.
    """

    case: Case
    customer: Customer
    interactions: tuple[Interaction, ...]
    experiences: tuple[Experience, ...]
    jobs: tuple[Job, ...]
    promises: tuple[Promise, ...]
    opened_by: Mention
    earlier_experiences: int
    last_heard: Mention | None = None
    reading: Reading | None = None
    score: Survey | None = None
    before: Case | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Which text, which reading, which rule, which policy, and why. `forms` are earlier texts, oldest first."""

    mention: Mention
    state: str
    error: Why | None
    reading: Reading | None
    customer: Customer | None
    case: Case | None
    experiences: tuple[Experience, ...]
    decided: tuple[Decided, ...]
    jobs: tuple[Job, ...]
    forms: tuple[Form, ...] = ()
    deleted_at: datetime | None = None


class Outbox(Protocol):
    """Every decision on its way out. One claim, one send, one receipt."""

    async def claim(self, limit: int, now: datetime, lease: timedelta, lane: Lane | None = None) -> list[Errand]:
        """Take due jobs: pending ones, and those found in `sending` after their lease ran out, as ambiguous.

        Of one lane, or of both.

        Takes nothing addressed to a channel while sending is paused (desk posts go on); withholds what the
        customer's opt-out or erasure forbids since it was decided.
        """
        ...

    async def release(self) -> int:
        """End every lease: for a start, when this process is known to be the only one."""
        ...

    async def sent(self, outcomes: Sequence[tuple[Job, Receipt]]) -> None:
        """Store receipts, and for replies the outgoing interaction and the case's clock, in one transaction."""
        ...

    async def postpone(self, job: Job, until: datetime, why: Why, *, tried: bool = True) -> None:
        """Try again later; with `tried` false this was no try."""
        ...

    async def unknown(self, job: Job, why: Why) -> None:
        """Nobody can say whether it was heard: a person must look."""
        ...

    async def dead(self, job: Job, why: Why) -> None: ...

    async def jobs(self, state: JobState | None = None, limit: int = 100) -> list[Job]: ...

    async def approve(self, job_id: JobId, by: str, now: datetime, text: str | None = None) -> bool:
        """A person lets a held reply go (with another text, if given). False when it is not held."""
        ...

    async def retry(self, job_id: JobId, now: datetime) -> bool:
        """A dead, unknown or dropped job becomes pending again. False when it is in another state."""
        ...

    async def drop(self, job_id: JobId, why: Why) -> bool:
        """A job that has not left never will. False when it was sent or does not exist."""
        ...

    async def pending(self) -> int:
        """How many jobs are pending or sending."""
        ...

    async def pause(self, by: str, now: datetime) -> None: ...
    async def resume(self) -> None: ...
    async def paused(self) -> Reason | None:
        """Who paused and when, or None."""
        ...


class Reports(Protocol):
    """Counting over indexes; judging the counts is insight's. Periods are [since, until) in UTC."""

    async def tally(self, since: datetime, until: datetime) -> Tally: ...
    async def cases(self, since: datetime, until: datetime) -> CaseTally: ...
    async def loops(self, since: datetime, until: datetime) -> LoopTally: ...
    async def quotes(self, since: datetime, until: datetime, limit: int) -> list[Quote]:
        """The surest voices of the period: the strongest negatives and positives of the busiest touchpoints."""
        ...

    async def promises(self, since: datetime, until: datetime) -> list[Promise]:
        """Promises that fall due in the period, and open ones that were due before it; state as at `until`."""
        ...

    async def voices(self, since: datetime, until: datetime) -> list[EmployeeVoice]:
        """What employees said in the period, those with most votes first."""
        ...

    async def scores(self, since: datetime, until: datetime) -> list[Score]: ...
    async def texts(self, since: datetime, until: datetime, limit: int) -> list[str]:
        """Texts of the period about the brand, newest first: for the words that explain a spike."""
        ...

    async def quality(self, until: datetime) -> DataQuality: ...
    async def channels(self, since: datetime, until: datetime) -> tuple[ChannelTally, ...]:
        """The channels that were not read for a while in the period, or cost something; by name."""
        ...

    async def span(self) -> tuple[datetime, datetime] | None:
        """When the first and the last mention were posted."""
        ...

    async def counts(self) -> Counts: ...

    async def keep_digest(self, key: str, text: str, now: datetime, quotes: Sequence[Quote] = ()) -> bool:
        """Store an edition under its key (brand, edition, local date). False when that key was stored before.

        `quotes` are those printed in it: of a post that is deleted later they are taken out again.
        """
        ...

    async def digests(self) -> list[str]:
        """The keys of the editions kept, oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The whole house in numbers: what `status` and `simulate --json` print.

    `actions` is kind → verdict → number; `jobs` state → number; `replies` those the channels have receipts for.
    """

    mentions: int
    brand_posts: int
    customers: int
    experiences: int
    cases: int
    open_cases: int
    promises: int
    actions: Mapping[str, Mapping[str, int]]
    jobs: Mapping[str, int]
    replies: int
    waiting: int
    quarantined: int


class Channels(Protocol):
    """How each channel fares, and what it costs."""

    async def note(
        self, channel: str, condition: Condition, now: datetime, *, reason: str = "", again: datetime | None = None
    ) -> Health:
        """From now on the channel fares so. The same condition again begins nothing new."""
        ...

    async def pulse(self, now: datetime) -> None:
        """The service runs: what was known of its channels holds until now."""
        ...

    async def wake(self, channels: Collection[str], now: datetime) -> None:
        """The service starts with these channels: since they were last seen nobody has listened."""
        ...

    async def rest(self, now: datetime) -> None:
        """The service stops: from now on nobody listens."""
        ...

    async def health(self) -> list[Health]:
        """Of every channel the last that is known, by name."""
        ...

    async def spend(self, spending: Spending, day: datetime, purse: Purse) -> Purse:
        """Count it in the day that began at `day`, and the day's budget with it. Returns the purse as it is now."""
        ...

    async def spent(self, channel: str, day: datetime) -> Decimal:
        """What the channel has cost since the day began."""
        ...

    async def purses(self, now: datetime) -> Mapping[str, Purse]:
        """Today's purse of each channel that has spent something today."""
        ...


class Store(Protocol):
    """Small books, one database."""

    @property
    def inbox(self) -> Inbox: ...
    @property
    def history(self) -> History: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def reports(self) -> Reports: ...
    @property
    def channels(self) -> Channels: ...
    @property
    def cards(self) -> Cards: ...
    @property
    def deeds(self) -> Deeds: ...
