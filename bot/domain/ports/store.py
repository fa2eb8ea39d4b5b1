"""What the books must offer: everything heard, decided, said and counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from bot.domain.case import Case, CaseId
from bot.domain.cost import Purse, Spending
from bot.domain.customer import Consent, Customer, CustomerId
from bot.domain.digest import CaseTally, ChannelTally, DataQuality, LoopTally, Quote, Tally
from bot.domain.health import Condition, Health
from bot.domain.interaction import Interaction
from bot.domain.mention import Accepted, Batch, Mention, MentionId
from bot.domain.outbox import Delivery, Errand, Job, JobId, JobState, Lane
from bot.domain.papers import Deeds
from bot.domain.ports.judge import Decide
from bot.domain.ports.record import CaseFile, Correction, Counts, DeskCard, DeskMessage, Explanation, Journey
from bot.domain.promise import Promise
from bot.domain.reason import Reason, Why
from bot.domain.situation import Heard, Settled
from bot.domain.survey import Score
from bot.domain.voice import EmployeeVoice

Tripwire = Callable[[str], None]
"""Called with the name of a failpoint; does nothing except in the fault suite, where it may kill the process."""


def calm(point: str) -> None:
    """The tripwire of ordinary life."""
    del point


class Inbox(Protocol):
    """Everything heard, once."""

    async def cursor(self, listener: str) -> str | None: ...

    async def accept(self, listener: str, batch: Batch, now: datetime) -> Accepted:
        """Keep the new mentions, what was edited and what is gone, and move the cursor: all of it or nothing.

        A mention edited before it was read is read in its new form; one edited after is read again, and people hear
        of it when it weighs more than before. Of a deleted post no word stays, only what was counted; where the
        deletion comes first, the post is not taken in. A batch without a cursor leaves the cursor where it is.
        """
        ...

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> list[Mention]:
        """Take waiting mentions, oldest first, for `lease`; a row whose lease ran out is taken again.

        A row that was claimed before and never settled is handed out alone; after three times alone it is quarantined.
        Once it was handed out alone, all that is not of its conversation comes before it.
        The language hint is the one that the author last wrote in, where that is known: of a short text it says more
        than what the platform takes it for.
        """
        ...

    async def release(self) -> int:
        """End every lease: for a start, when this process is known to be the only one. Returns how many."""
        ...

    async def waiting(self) -> int:
        """How many mentions are not settled yet (quarantined ones not counted)."""
        ...

    async def waiting_since(self) -> datetime | None:
        """When the oldest of these was posted; None when nothing waits."""
        ...

    async def retry(self, mention_id: MentionId) -> bool:
        """Give a quarantined mention another three tries."""
        ...

    async def sweep(self, now: datetime) -> int:
        """Forget deletions of posts that were never heard, a month after they came. Returns how many."""
        ...

    async def failed(self, mention_id: MentionId, why: str) -> None:
        """Keep why a mention could not be settled: the reason people see once it is quarantined."""
        ...


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

    async def close_quiet(self, now: datetime, after: timedelta) -> int:
        """Resolve with NO_ANSWER the cases that have waited for the customer for `after`, as of the moment at which
        that time was up. Returns how many.
        """
        ...

    async def customer(self, who: str) -> Customer | None:
        """By customer id, `channel:account`, `channel:name`, handle name or @name; the newest when several fit."""
        ...

    async def customers(self, who: str) -> list[Customer]:
        """Everybody who fits best, newest first: ids before accounts, accounts before names.

        People of whom nothing was read yet too, under the id that they are going to have.
        """
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


class Outbox(Protocol):
    """Every decision on its way out. One claim, one send, one receipt."""

    async def claim(  # noqa: PLR0913 - how many, when, and whose
        self,
        limit: int,
        now: datetime,
        lease: timedelta,
        lane: Lane | None = None,
        *,
        channel: str | None = None,
        but: Collection[str] = (),
    ) -> list[Errand]:
        """Take due jobs: pending ones, and those found in `sending` after their lease ran out, as ambiguous.

        Of one lane, or of both; of one channel, or of all but some. A text waits for its turn while an older one to the
        same person in the same conversation has still to be said.

        Takes nothing addressed to a channel while sending is paused (desk posts go on); withholds what the
        customer's opt-out or erasure forbids since it was decided.
        """
        ...

    async def release(self) -> int:
        """End every lease: for a start, when this process is known to be the only one."""
        ...

    async def doubt(self, until: datetime, beats: int) -> None:
        """The database was put back from a backup, and noted so many pulses by `until` before that.

        What was decided by then, or answers a post of before, may have been heard: it is claimed as ambiguous the first
        time, but for what a person writes from now on.
        """
        ...

    async def sent(self, deliveries: Sequence[Delivery]) -> None:
        """Store receipts, and for replies the outgoing line of history, the case's clock and what was promised, in one
        transaction.
        """
        ...

    async def postpone(self, job: Job, until: datetime, why: Why, *, tried: bool = True) -> None:
        """Try again later; with `tried` false this was no try."""
        ...

    async def unknown(self, job: Job, why: Why) -> None:
        """Nobody can say whether it was heard: a person must look."""
        ...

    async def dead(self, job: Job, why: Why) -> None: ...

    async def hold(self, job: Job, why: Why) -> None:
        """It was not heard, and waits for a person."""
        ...

    async def withhold(self, job: Job, why: Why) -> None:
        """It is not said any more, and nobody need look."""
        ...

    async def jobs(self, state: JobState | None = None, limit: int = 100) -> list[Job]: ...

    async def retry(self, job_id: JobId, now: datetime) -> JobState | None:
        """A dead, unknown or dropped job becomes pending again; one dropped before it was approved is held again.

        Its state then, or None when it was in another one.
        """
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
    async def reworded(self) -> list[tuple[DeskMessage, str]]:
        """Editions of the digest out of which a quote was taken since they were shown, and how they read now."""
        ...

    async def redrawn(self, message: DeskMessage, text: str) -> None:
        """It looks so; where the edition reads otherwise than `text` by now, it stays among the reworded."""
        ...

    async def keep(self, message: DeskMessage, now: datetime) -> None: ...
    async def forget(self, key: str) -> None: ...
    async def troubles(self) -> list[tuple[Case, str]]:
        """Cases whose post cannot be drawn, and why."""
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

    async def quality(self, since: datetime, until: datetime) -> DataQuality:
        """What the figures up to `until` rest on, and how many mentions of the period people have corrected."""
        ...

    async def channels(self, since: datetime, until: datetime) -> tuple[ChannelTally, ...]:
        """The channels that were not read for a while in the period, or cost something; by name."""
        ...

    async def span(self, before: datetime | None = None) -> tuple[datetime, datetime] | None:
        """Since when mentions are heard, and when the last was posted, of those before a moment.

        History that was found at a first start was not heard since it was posted, and the brand's own posts are none.
        """
        ...

    async def counts(self) -> Counts: ...
    async def at_work(self) -> list[str]:
        """The channels of which something waits to be read or is on its way, by name."""
        ...

    async def keep_digest(
        self,
        key: str,
        text: str,
        now: datetime,
        quotes: Sequence[Quote] = (),
        promises: Sequence[Promise] = (),
    ) -> bool:
        """Store an edition under its key (brand, edition, local date). False when that key was stored before.

        `quotes` are those printed in it, and `promises` may be: of a post that is deleted, or of a customer who is
        forgotten, they are taken out again; at once if that happened while it was being printed.
        """
        ...

    async def digests(self) -> list[str]:
        """The keys of the editions kept, oldest first."""
        ...


class Channels(Protocol):
    """How each channel fares, and what it costs."""

    async def note(
        self, channel: str, condition: Condition, now: datetime, *, reason: str = "", again: datetime | None = None
    ) -> Health:
        """From now on the channel fares so. The same condition again begins nothing new."""
        ...

    async def pulse(self, now: datetime) -> int:
        """The service runs: what was known of its channels holds until now. Returns how often this was noted."""
        ...

    async def beats(self) -> int:
        """How often that was noted."""
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
