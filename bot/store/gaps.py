"""What the channels of a period were like: when nobody read them, and what they cost."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.cost import WhenSpent
from bot.domain.digest import ChannelTally
from bot.store.channels import money
from bot.store.moments import micros, moment
from bot.store.rows import Row

# `condition IN (…)` repeats that of the partial index; a stream beside a poll (`x/stream`) leaves no gap of its own
_UNREAD = """
SELECT channel, max(began, :since), min(coalesce(ended, :until), :until) FROM channel_phase
WHERE condition IN ('waiting', 'down', 'off') AND began < :until AND (ended IS NULL OR ended > :since)
    AND channel NOT LIKE '%/%'
ORDER BY channel, began
"""
_COSTS = """
SELECT channel, sum(cost), iif(count(budget) = count(*), sum(budget), NULL), currency,
    sum(budget IS NOT NULL AND cost >= budget),
    coalesce(max(iif(budget IS NOT NULL AND cost >= budget, when_spent, NULL)), min(when_spent))
FROM (
    SELECT channel, day, budget, currency, when_spent,
        (SELECT sum(cost) FROM spending WHERE spending.channel = purse.channel AND spending.day = purse.day) AS cost
    FROM purse WHERE day >= :since AND day < :until
) GROUP BY channel, currency ORDER BY channel
"""


@dataclass(slots=True)
class _Gaps:
    """Stretches [began, ended) without a hole between them; what touches is one."""

    stretches: list[tuple[int, int]] = field(default_factory=list)

    def add(self, began: int, ended: int) -> None:
        if self.stretches and self.stretches[-1][1] >= began:
            began = self.stretches.pop()[0]
        self.stretches.append((began, ended))


def channels(connection: sqlite3.Connection, since: datetime, until: datetime) -> tuple[ChannelTally, ...]:
    """The channels with a gap or a cost, by name; one that was charged in two currencies is there twice."""
    period = {"since": micros(since), "until": micros(until)}
    unread = {tally.channel: tally for tally in _unread(connection.execute(_UNREAD, period))}
    charged = [
        replace(
            unread.pop(channel, ChannelTally(channel=channel)),
            spent=money(cost or 0),
            budget=None if budget is None else money(budget),
            currency=currency,
            days_spent=days_spent,
            when_spent=WhenSpent(when_spent),
        )
        for channel, cost, budget, currency, days_spent, when_spent in connection.execute(_COSTS, period)
    ]
    return tuple(sorted([*charged, *unread.values()], key=lambda tally: (tally.channel, tally.currency)))


def _unread(rows: Iterable[Row]) -> Iterable[ChannelTally]:
    gaps: defaultdict[str, _Gaps] = defaultdict(_Gaps)
    for channel, began, ended in rows:
        gaps[channel].add(began, ended)
    for channel, found in gaps.items():
        longest = max(found.stretches, key=lambda stretch: stretch[1] - stretch[0])
        lengths = [moment(ended) - moment(began) for began, ended in found.stretches]
        yield ChannelTally(
            channel=channel,
            unread=sum(lengths[1:], lengths[0]),
            gaps=len(found.stretches),
            longest=max(lengths),
            longest_since=moment(longest[0]),
        )
