"""The one hand that performs what was decided: claim an errand, do it once, keep the receipt.

Nothing is said twice. The order is: claim (the row becomes `sending`), say, store the receipt, and only then claim the
next thing to say on that channel, so that a process that ends leaves one answer a channel in doubt and not a round of
them. A crash between saying and storing leaves the row in `sending`; when its lease has run out it is claimed again as
ambiguous, and then the channel is asked whether it was heard before anything is said. A channel that cannot be asked
leaves the answer to a person (`unknown`). A send that failed half-way is as doubtful as a crash, so a row with an
earlier attempt is looked up too, and on a channel that cannot be asked it is not tried again by itself. Desk posts are
idempotent by their key: they may be repeated, so their receipts are stored together at the end, and a desk that is away
is tried every minute for as long as it takes. Customers and house are two lanes, and each channel has its own round: a
desk or a channel that is slow or away never keeps an answer from leaving elsewhere.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import assert_never

import structlog

from bot.domain.action import Alert, Ask, Close, Reply, ReplyKind, Route, Silence
from bot.domain.case import CaseId
from bot.domain.errors import ChannelRefused, ChannelUnavailable, RateLimited
from bot.domain.mention import Mention
from bot.domain.outbox import LONGEST_WAIT, Delivery, Errand, Job, Lane, Receipt
from bot.domain.ports.channel import Recalls, Voice
from bot.domain.ports.desk import Desk
from bot.domain.ports.store import History, Outbox, Tripwire, calm
from bot.domain.promise import Pledge
from bot.domain.reason import Reason, Why, because
from bot.domain.time import Watch

log = structlog.get_logger(__name__)

_EXCERPT = 140
_RECEIPT_HOLDS = timedelta(hours=1)
_PAUSED = "outbox.paused"
_POST_DELETED, _POST_CHANGED = "outbox.post_deleted", "outbox.post_changed"
Promised = Callable[[str, datetime], Sequence[Pledge]]
_PAUSED_IN_WORDS = "paused by "  # as 0.1 wrote it


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many errands of the house at once, for how long they are ours, how patiently a failing one is tried again."""

    at_once: int = 32
    lease: timedelta = timedelta(seconds=120)
    tries: int = 8
    first_wait: timedelta = timedelta(seconds=5)
    longest_wait: timedelta = LONGEST_WAIT
    longest_wait_for_a_desk: timedelta = timedelta(seconds=60)
    while_paused: timedelta = timedelta(seconds=60)


def not_paused() -> Why | None:
    """Nothing outside the database stops sending."""
    return None


def nothing_promised(text: str, now: datetime) -> tuple[Pledge, ...]:
    """Nobody holds the brand to its words."""
    del text, now
    return ()


class Dispatcher:
    """Performs errands in the order in which they were claimed. The only place where a send is tried again.

    `words` says a reason in the desk's language, for alerts; `promised` reads what people's answers promise.
    """

    def __init__(  # noqa: PLR0913 - what it works on, and what it goes by
        self,
        outbox: Outbox,
        history: History,
        voices: Mapping[str, Voice],
        desk: Desk,
        *,
        watch: Watch,
        trip: Tripwire = calm,
        paused_elsewhere: Callable[[], Why | None] = not_paused,
        words: Callable[[Why], str] = str,
        promised: Promised = nothing_promised,
        pace: Pace = Pace(),
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._outbox, self._history, self._voices, self._desk = outbox, history, voices, desk
        self._watch, self._trip, self._paused_elsewhere = watch, trip, paused_elsewhere
        self._pace, self._chance, self._words, self._promised = pace, chance, words, promised
        self._limited: dict[str, tuple[datetime, timedelta]] = {}
        self._stops = False

    def stop(self) -> None:
        """Claim nothing more: what is being said is said to its end, and nothing is begun."""
        self._stops = True

    @property
    def channels(self) -> tuple[str, ...]:
        """Where it can say something."""
        return tuple(self._voices)

    async def run_until_idle(
        self, lane: Lane | None = None, *, channel: str | None = None, but: Collection[str] = ()
    ) -> int:
        """Work until nothing is due in one lane, or in both, on one channel or on all but some; returns how many
        errands were claimed.
        """
        done = 0
        while claimed := await self.once(lane, channel=channel, but=but):
            done += claimed
        return done

    async def once(self, lane: Lane | None = None, *, channel: str | None = None, but: Collection[str] = ()) -> int:
        """One round: claim one answer, or some errands of the house, perform each, and say how many there were."""
        if self._stops:
            return 0
        if lane is None:
            return await self.once(Lane.CUSTOMERS, channel=channel, but=but) or await self.once(
                Lane.HOUSE, channel=channel, but=but
            )
        at_once = 1 if lane is Lane.CUSTOMERS else self._pace.at_once
        errands = await self._outbox.claim(at_once, self._now(), self._pace.lease, lane, channel=channel, but=but)
        posted: list[Delivery] = []
        for errand in errands:
            receipt = await self._performed(errand)
            if receipt is None:
                continue
            # in a replay, what was decided in April is said in April
            receipt = replace(receipt, at=min(receipt.at, self._watch.now(errand.job.decided_at)))
            if isinstance(errand.job.action, Reply | Ask):
                await self._outbox.sent([self._said(errand.job, receipt)])
            else:
                posted.append(Delivery(job=errand.job, receipt=receipt))
        if posted:
            await self._outbox.sent(posted)
        return len(errands)

    def _said(self, job: Job, receipt: Receipt) -> Delivery:
        """A machine's text promises nothing; a person's is read as those that they post by themselves are."""
        by_a_person = (job.written_by or job.approved_by) is not None
        if not by_a_person or not isinstance(job.action, Reply):
            return Delivery(job=job, receipt=receipt)
        return Delivery(job=job, receipt=receipt, pledges=tuple(self._promised(job.action.text, receipt.at)))

    async def _performed(self, errand: Errand) -> Receipt | None:
        """The receipt; or None when the errand was put off, given up or left to a person."""
        job = errand.job
        if errand.ambiguous and self._used_up(job) and not _put_off_by_a_desk(job):
            await self._leave_to_a_person(job, because("outbox.never_came_back", tries=job.attempts))
            return None
        try:
            return await self._perform(errand)
        except RateLimited as error:
            await self._wait_as_asked(errand, error)
        except ChannelUnavailable as error:
            await self._after_a_fault(errand, str(error))
        except ChannelRefused as error:
            log.warning("an errand was refused", job=job.id, channel=errand.mention.channel, why=str(error))
            await self._outbox.dead(job, because("outbox.refused", why=str(error)))
        return None

    async def _perform(self, errand: Errand) -> Receipt | None:
        job, action = errand.job, errand.job.action
        match action:
            case Reply():
                return await self._speak(action, errand)
            case Ask():
                return await self._speak(_question(action), errand)
            case Route():
                return await self._post(action, errand)
            case Alert():
                return await self._desk.alert(self._alarm(action.reason, errand.mention), job.key, wakes=action.wakes)
            case Close() | Silence():
                return Receipt(external_id=job.key, at=self._now())
            case _:
                assert_never(action)

    async def _post(self, route: Route, errand: Errand) -> Receipt | None:
        """The case with its history; a mention that opened no case is shown as an alert."""
        case_id = errand.job.case_id
        if case_id is None:
            return await self._desk.alert(self._alarm(route.reason, errand.mention), errand.job.key)
        return await self._post_case(case_id, errand.job)

    async def _post_case(self, case_id: CaseId, job: Job) -> Receipt | None:
        file = await self._history.case_by_id(case_id)
        if file is None:
            await self._outbox.dead(job, because("outbox.no_case", case=case_id))
            return None
        return await self._desk.post(file, job.key)

    async def _speak(self, reply: Reply, errand: Errand) -> Receipt | None:
        """Say it, unless it may have been heard, has no voice to say it, or sending is stopped."""
        job, mention = errand.job, errand.mention
        voice = self._voices.get(mention.channel)
        if voice is None:
            await self._outbox.dead(job, because("outbox.no_voice", channel=mention.channel))
            return None
        if (doubt := _beyond_looking(voice, errand)) is not None:
            await self._leave_to_a_person(job, doubt)
            return None
        if await self._must_wait(errand):
            return None
        heard = await _heard_before(voice, errand)
        if heard is not None or await self._no_longer_said(job):
            return heard
        return await self._say(voice, reply, errand)

    async def _must_wait(self, errand: Errand) -> bool:
        """Whether sending is stopped, or its channel asked us to wait; it was put off then, and that was no try."""
        job, channel = errand.job, errand.mention.channel
        stopped = await self._stopped()
        if stopped is not None:
            again, why = self._now() + self._pace.while_paused, because(_PAUSED, by=stopped)
        elif (left := self._limit_left(channel)) > timedelta(0):
            # the limit is the channel's: whoever comes next would be refused like the last one
            again, why = self._now() + left, _wait_for(left)
        else:
            return False
        await self._outbox.postpone(job, again, why, tried=False)
        return True

    def _limit_left(self, channel: str) -> timedelta:
        """How long its channel wants no more. More than it asked for is left only where the clock was set back."""
        until, asked_for = self._limited.get(channel, (self._now(), timedelta(0)))
        left = until - self._now()
        return left if left <= asked_for else timedelta(0)

    async def _no_longer_said(self, job: Job) -> bool:
        """Whether the world moved on while it was under way: the post is gone or another, or a receipt comes late."""
        if (overtaken := _overtaken(job)) is not None:
            go = self._outbox.withhold if overtaken.name == _POST_DELETED else self._outbox.hold
            await go(job, overtaken)
            return True
        late = await self._too_late(job)
        if late is not None:
            await self._outbox.withhold(job, late)
        return late is not None

    async def _too_late(self, job: Job) -> Reason | None:
        """Why a machine's receipt says nothing true any more: an answer came before it, or the hour that it told of."""
        receipt = isinstance(job.action, Reply) and job.action.kind is ReplyKind.RECEIPT and job.written_by is None
        if not receipt:
            return None
        if self._watch.now(job.decided_at) - job.decided_at > _RECEIPT_HOLDS:
            return because("outbox.receipt_late")
        file = None if job.case_id is None else await self._history.case_by_id(job.case_id)
        answered = file is not None and (file.case.first_answered_at is not None or not file.case.is_open)
        return because("outbox.receipt_answered") if answered else None

    async def _stopped(self) -> Why | None:
        """By whom or what; asked before each word, since a pause must not wait for a slow channel's round to end."""
        paused = await self._outbox.paused()
        return self._paused_elsewhere() if paused is None else str(paused.values["who"])

    async def _say(self, voice: Voice, reply: Reply, errand: Errand) -> Receipt:
        # what a person wrote no machine sent alone, and a channel that marks what machines send must know
        said = reply if errand.job.written_by is None else replace(reply, draft_only=True)
        receipt = await voice.say(said, errand.mention, errand.job.key)
        self._trip("dispatch.said")
        return receipt

    async def _after_a_fault(self, errand: Errand, why: str) -> None:
        """Try later where that is safe: a post on a desk, or a channel that can tell what it heard."""
        job, channel = errand.job, errand.mention.channel
        voice = self._voices.get(channel)
        public = isinstance(job.action, Reply | Ask)
        if public and voice is not None and not voice.can_look_up:
            await self._leave_to_a_person(job, because("outbox.fault_cannot_be_asked", why=why, channel=channel))
            return
        await self._try_later(job, self._wait(job), why)

    async def _wait_as_asked(self, errand: Errand, error: RateLimited) -> None:
        """A plain no: nothing was heard, however often it is said; and many cards at once come in turn."""
        job, wait = errand.job, timedelta(seconds=error.retry_after)
        if not _to_a_desk(job):
            self._limited[errand.mention.channel] = (self._now() + wait, wait)
        await self._outbox.postpone(job, self._now() + wait, _wait_for(wait), tried=False)

    async def _try_later(self, job: Job, wait: timedelta, why: Why) -> None:
        if self._used_up(job) and not _to_a_desk(job):
            log.warning("an errand was given up", job=job.id, attempts=job.attempts, why=str(why))
            await self._outbox.dead(job, because("outbox.gave_up", tries=job.attempts, why=why))
        else:
            await self._outbox.postpone(job, self._now() + wait, why)

    def _used_up(self, job: Job) -> bool:
        """Whether it was tried often enough. Claims while sending was paused were no tries, but were counted once."""
        return job.attempts >= self._pace.tries and not _was_paused(job.error)

    async def _leave_to_a_person(self, job: Job, why: Why) -> None:
        log.warning("nobody can say whether an errand was heard", job=job.id, why=str(why))
        await self._outbox.unknown(job, why)

    def _wait(self, job: Job) -> timedelta:
        """Doubles with every try up to the longest; between half and all of it, so that errands spread out."""
        pace = self._pace
        longest = min(pace.longest_wait, pace.longest_wait_for_a_desk) if _to_a_desk(job) else pace.longest_wait
        # 2 ** 30 is far beyond the longest wait and keeps timedelta from overflowing
        full: timedelta = min(longest, pace.first_wait * 2 ** min(max(job.attempts - 1, 0), 30))
        return full / 2 + full / 2 * self._chance()

    def _alarm(self, why: Why, mention: Mention) -> str:
        return f"{self._words(why)}\n{_pointer(mention)}"

    def _now(self) -> datetime:
        """Errands are about this process: they go by the present, or by the watch's idea of it."""
        return self._watch.now(datetime.now(UTC))


def _to_a_desk(job: Job) -> bool:
    """Whether it may be repeated: the same key never makes two posts there."""
    return isinstance(job.action, Route | Alert)


def _put_off_by_a_desk(job: Job) -> bool:
    """Whether its tries went into waiting for a desk, and not into workers that it brought down."""
    return _to_a_desk(job) and job.error is not None


def _beyond_looking(voice: Voice, errand: Errand) -> Reason | None:
    """Why a channel cannot tell whether this was heard: it never can, or something else in doubt may stand there."""
    if errand.ambiguous and not voice.can_look_up:
        return because("outbox.cannot_be_asked", channel=errand.mention.channel)
    by_looking = isinstance(voice, Recalls) and _tried_before(errand)
    return because("outbox.two_in_doubt") if by_looking and errand.doubt_beside else None


async def _heard_before(voice: Voice, errand: Errand) -> Receipt | None:
    """What an earlier try left there, where the channel can tell."""
    if not (voice.can_look_up and _tried_before(errand)):
        return None
    if isinstance(voice, Recalls):
        voice.recall(errand.beside)
    return await voice.said(errand.job.key, errand.mention)


def _tried_before(errand: Errand) -> bool:
    return errand.ambiguous or errand.job.attempts > 1


def _overtaken(job: Job) -> Reason | None:
    """What its author did to the post while an answer to it was under way."""
    error = job.error
    return error if isinstance(error, Reason) and error.name in {_POST_DELETED, _POST_CHANGED} else None


def _was_paused(error: Why | None) -> bool:
    return error.name == _PAUSED if isinstance(error, Reason) else (error or "").startswith(_PAUSED_IN_WORDS)


def _wait_for(wait: timedelta) -> Reason:
    seconds = round(wait.total_seconds())
    return because("outbox.asked_to_wait", seconds=seconds)


def _question(ask: Ask) -> Reply:
    return Reply(to=ask.to, kind=ReplyKind.SURVEY, text=ask.text, language=ask.language)


def _pointer(mention: Mention) -> str:
    """Which mention, where, and how it begins: an alert goes to the house only."""
    words = " ".join(mention.text.split())
    excerpt = words if len(words) <= _EXCERPT else f"{words[: _EXCERPT - 1]}…"
    return f"{mention.id} · @{mention.author.name.removeprefix('@')}: {excerpt}" + (
        f" · {mention.url}" if mention.url else ""
    )
