"""How far a walk through the kept posts of X has come, and how fast it may go: all are to be asked after in a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from bot.domain.cost import NEARLY_SPENT, Purse
from bot.domain.mention import KeptPosts

AT_ONCE = 100
# a look must end: at one a minute these are 432,000 posts a day
PAGES_A_LOOK = 3
_TOO_LATE = timedelta(hours=24)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One walk through what is kept, oldest first, what comes meanwhile last; then the next begins.

    `kept` is how many there were when it began, `asked` how many it has asked after, `after` where it goes on.
    `walked` is whether all were asked after, `short` whether it took longer than X allows for lack of money,
    `was_short` the same of the round before.
    """

    began: datetime
    kept: int
    asked: int = 0
    after: str | None = None
    walked: bool = False
    short: bool = False
    was_short: bool = False

    @classmethod
    def read(cls, kept: Mapping[str, object]) -> Self:
        """As it was written; ValueError, TypeError or KeyError for anything else."""
        return cls(**{**kept, "began": datetime.fromisoformat(str(kept["began"]))})  # type: ignore[arg-type]

    def written(self) -> dict[str, object]:
        return {
            "began": self.began.isoformat(),
            "kept": self.kept,
            "asked": self.asked,
            "after": self.after,
            "walked": self.walked,
            "short": self.short,
            "was_short": self.was_short,
        }

    def is_over(self, now: datetime, every: timedelta) -> bool:
        return self.walked and now - self.began >= every

    def is_due(self, now: datetime, every: timedelta) -> bool:
        """Whether a page should be asked for by now, so that all are asked after within `every`, at an even pace."""
        share = (now - self.began) / every
        return not self.walked and (share >= 1 or int(self.kept * share) - self.asked >= AT_ONCE)

    def past(self, page: KeptPosts) -> Self:
        """The same with this page asked for."""
        return replace(self, asked=self.asked + len(page.posts), after=page.after, walked=page.after is None)

    def held_back(self, now: datetime, kept: int) -> Self:
        """There is no money for it now, with so many to ask after."""
        return replace(self, kept=kept, short=self.short or now - self.began > _TOO_LATE)

    def next(self, now: datetime, kept: int) -> Self:
        """The round that follows it."""
        return replace(self, began=now, kept=kept, asked=0, after=None, walked=False, short=False, was_short=self.short)

    def said(self) -> str:
        """What people should know of it: nothing while all are asked after in time."""
        if not (self.short or (self.was_short and not self.walked)):
            return ""
        return f"the day's budget is too small to look up all {self.kept} kept posts again within 24 h, as X demands"


def may_ask(purse: Purse, now: datetime) -> bool:
    """Whether today's spending leaves room: it must lag behind four fifths of the budget, spread over the day.

    So hearing always has the last fifth, and no morning's walk takes the afternoon's money.
    """
    if purse.budget is None:
        return True
    passed = 1 - min(max((purse.renews_at - now) / _DAY, 0), 1)
    return float(purse.spent) < float(purse.budget * NEARLY_SPENT) * passed
