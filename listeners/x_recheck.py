"""Ask X again after every post that is kept, some at each look: it tells of none that is gone unless it is asked."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from tweepy.asynchronous import AsyncClient

from bot.domain.ports.channel import Kept, Meter
from listeners.x_charges import Charges
from listeners.x_posts import Page, read
from listeners.x_round import AT_ONCE, PAGES_A_LOOK, Round, may_ask
from listeners.x_wire import asked

_ID = re.compile(r"[0-9]{1,19}")


class Recheck:
    """One channel's walk through what is kept of it, once in `every`, as fast as `meter` lets it."""

    def __init__(  # noqa: PLR0913 - after what, how often, and for what money
        self, channel: str, client: AsyncClient, *, kept: Kept, every: timedelta, meter: Meter, charges: Charges
    ) -> None:
        self._channel, self._client, self._kept, self._every = channel, client, kept, every
        self._meter, self._charges = meter, charges

    async def gone(self, going: Round | None, now: datetime) -> tuple[tuple[str, ...], Round]:
        """Which of those whose turn it is are deleted or hidden, and how far the walk has come."""
        going = going or Round(began=now, kept=await self._number_kept())
        if going.is_over(now, self._every):
            going = going.next(now, await self._number_kept())
        gone: list[str] = []
        for _ in range(PAGES_A_LOOK):
            if not going.is_due(now, self._every):
                break
            if not may_ask(await self._meter.purse(), now):
                going = going.held_back(now, await self._number_kept())
                break
            page = await self._kept.kept(self._channel, going.after, AT_ONCE)
            gone += await self._missing(page.posts)
            going = going.past(page)
        return tuple(gone), going

    async def _number_kept(self) -> int:
        return await self._kept.number_kept(self._channel)

    async def _missing(self, posts: tuple[str, ...]) -> list[str]:
        # X refuses the whole call for one id that is none of its own, as another channel of this name may have left
        known = [post for post in posts if _ID.fullmatch(post)]
        if not known:
            return []
        page = read(Page, await asked(self._client.get_tweets(known)))
        await self._charges.read("post", page.posts)
        named = (problem.resource_id or problem.value for problem in page.errors if problem.names_a_gone_post)
        return [post for post in named if post in known]
