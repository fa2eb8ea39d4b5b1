"""The working line: claim what was heard, have it read, settle it; nothing in memory that a restart would miss."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog

from bot.domain.errors import StoreUnavailable
from bot.domain.mention import Mention, MentionId
from bot.domain.ports.judge import Decide
from bot.domain.ports.reader import PromiseReader
from bot.domain.ports.store import History, Inbox
from bot.domain.promise import Pledge
from bot.domain.reading import Intent, Language, Reading, Text, Urgency
from bot.domain.situation import Heard, Settled
from bot.domain.time import Watch

log = structlog.get_logger(__name__)

Read = Callable[[Text], Awaitable[Reading]]
AtStake = Callable[[str, Reading], bool]
"""Whether a life may hang on a text, beside what was read in it."""

Told = Callable[[Sequence[Settled]], None]
_LONGEST_WHY = 300


def tell_nobody(settled: Sequence[Settled]) -> None:
    """Nobody wants to hear about progress."""
    del settled


def nothing_at_stake(text: str, reading: Reading) -> bool:
    """The reading has the word."""
    del text, reading
    return False


def always() -> bool:
    """Whoever is silent in what was heard has said nothing."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Reading (the model's thread) and settling (the database's) overlap; the order of mentions is kept.

    Leases are about this process and go by the wall's time; decisions go by `watch`. `may_close` says whether a silence
    may close a case: not while somebody may have spoken whom we have not heard yet.
    """

    inbox: Inbox
    history: History
    read: Read
    decide: Decide
    promises: PromiseReader
    watch: Watch
    lease: timedelta
    quiet_after: timedelta = timedelta(days=7)
    batch: int = 128
    told: Told = tell_nobody
    at_stake: AtStake = nothing_at_stake
    may_close: Callable[[], bool] = always

    async def until_empty(self) -> int:
        """Work until nothing is waiting; returns how many mentions and brand posts were settled.

        An error leaves the claimed rows to their lease: they come again one by one. One that fails alone stops nobody,
        and after three such tries it is quarantined.
        """
        settled = 0
        heard = await self._next()
        while heard:
            if len(heard) < self.batch:
                # the last ones, or one that comes again: what waits behind it must not be claimed before its time
                settled += await self._settle(heard)
                heard = await self._next()
                continue
            upcoming = asyncio.create_task(self._next(), name="line-reader")
            try:
                # let the claim into the database's queue first: behind this batch's transaction nothing would overlap
                await asyncio.sleep(0)
                settled += await self._settle(heard)
            except asyncio.CancelledError:
                upcoming.cancel()
                await asyncio.gather(upcoming, return_exceptions=True)
                raise
            except BaseException:
                # what was claimed ahead must not pay for its neighbour: after three claims it would be set aside
                await asyncio.gather(self._settle_claimed(upcoming), return_exceptions=True)
                raise
            heard = await upcoming
        return settled

    async def _next(self) -> list[Heard]:
        while mentions := await self.inbox.claim(self.batch, datetime.now(UTC), self.lease):
            async with _Noted(self.inbox, mentions):
                return await self._heard(mentions)
        return []

    async def _heard(self, mentions: Sequence[Mention]) -> list[Heard]:
        said = [mention for mention in mentions if not mention.by_brand]
        readings = await asyncio.gather(*(self.read(_text(mention)) for mention in said))
        by_id = {mention.id: self._weighed(mention, reading) for mention, reading in zip(said, readings, strict=True)}
        pledges = await self._pledges([mention for mention in mentions if mention.by_brand])
        return [
            Heard(mention=mention, reading=by_id.get(mention.id), pledges=pledges.get(mention.id, ()))
            for mention in mentions
        ]

    def _weighed(self, mention: Mention, reading: Reading) -> Reading:
        """What may cost a life is urgent, and said to us where it is addressed to us, whatever the model made of it; so
        it opens a case, is never kept quiet, and weighs more than the form it had before. What news tell is over.
        """
        ours = mention.summoned or (reading.about_brand and not reading.spam)
        if Intent.NEWS_OPINION in reading.intents or not ours or not self.at_stake(mention.text, reading):
            return reading
        return replace(reading, urgency=Urgency.HIGH, urgency_confidence=None, about_brand=True, spam=False)

    async def _pledges(self, posts: Sequence[Mention]) -> dict[MentionId, tuple[Pledge, ...]]:
        """What the brand promises, read beside the event loop: a batch of long posts takes seconds."""

        def read() -> dict[MentionId, tuple[Pledge, ...]]:
            return {post.id: tuple(self.promises.read(post.text, post.posted_at)) for post in posts}

        return await asyncio.to_thread(read) if posts else {}

    async def _settle_claimed(self, claimed: Awaitable[list[Heard]]) -> None:
        if heard := await claimed:
            await self._settle(heard)

    async def _settle(self, heard: Sequence[Heard]) -> int:
        settled: Sequence[Settled] = ()
        async with _Noted(self.inbox, [item.mention for item in heard]):
            settled = await self.history.settle(heard, self.decide, self.watch.now)
        if self.may_close():
            await self.close_quiet(max(item.mention.posted_at for item in heard))
        self.told(settled)
        return len(settled)

    async def close_quiet(self, moment: datetime) -> int:
        """Close the cases whose customer has not answered for `quiet_after`, as far as that is known at `moment`.

        What was posted later may wait behind it, so it is never closed by a later time than this.
        """
        return await self.history.close_quiet(min(moment, self.watch.now(moment)), self.quiet_after)


@dataclass(frozen=True, slots=True)
class _Noted:
    """What fails for a mention that came alone stays with it: people read why, and the line goes on."""

    inbox: Inbox
    mentions: Sequence[Mention]

    async def __aenter__(self) -> None:
        pass

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        """Whether it ends here: the log has the traceback, and the row the reason."""
        if not isinstance(error, Exception) or isinstance(error, StoreUnavailable) or len(self.mentions) != 1:
            return False
        [mention] = self.mentions
        why = f"{type(error).__name__}: {error}".removesuffix(": ")
        log.error(
            "a mention cannot be settled; it comes again alone, or is set aside", mention=mention.id, exc_info=error
        )
        await self.inbox.failed(mention.id, why[:_LONGEST_WHY])
        return True


def _text(mention: Mention) -> Text:
    return Text(text=mention.text, language_hint=Language.of_tag(mention.language_hint), mention=True)
