"""Which stretch of time an edition covers, and which earlier ones it is compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.domain.digest import Edition, Tally, TouchpointTally
from bot.domain.reading import Sentiment
from bot.domain.time import local_day

_DAYS_BEFORE = 7
_WEEKS_BEFORE = 4
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """[since, until) in UTC."""

    since: datetime
    until: datetime

    def ended_by(self, moment: datetime) -> Period:
        """Its part before a moment."""
        return Period(since=self.since, until=max(self.since, min(self.until, moment)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One edition: `usual` are the baseline's periods, newest first, `same_hours` those for spikes."""

    now: Period
    whole: Period
    before: Period
    usual: tuple[Period, ...]
    same_hours: tuple[Period, ...]


def first_day(edition: Edition, day: date) -> date:
    """The local date under which an edition is kept: the day itself, or the Monday of its week."""
    return day if edition is Edition.DAILY else day - timedelta(days=day.weekday())


def comparison(  # noqa: PLR0913  all that decides what is fair to compare
    *,
    edition: Edition,
    day: date,
    zone: ZoneInfo,
    now: datetime,
    heard_since: datetime | None,
    holidays: frozenset[date],
) -> Comparison:
    """What to compare with what. Days before the first mention was heard say nothing and are left out.

    So is the first day, which was heard in part; a week that lacks no more than a part of its first day counts.
    """
    start = first_day(edition, day)
    whole = _period(edition, start, zone)

    def as_far(period: Period) -> Period:
        """The same stretch of an earlier period by the clock; the whole of it where this one is over."""
        return period if now >= whole.until else period.ended_by(_same_clock(now, whole, period, zone))

    def heard(days: Iterable[date]) -> tuple[Period, ...]:
        periods = (_period(edition, each, zone) for each in days)
        missing = timedelta(0) if edition is Edition.DAILY else timedelta(days=1)
        return tuple(as_far(p) for p in periods if heard_since is not None and p.since >= heard_since - missing)

    weeks = [start - timedelta(weeks=back) for back in range(1, _WEEKS_BEFORE + 1)]
    return Comparison(
        now=whole.ended_by(now),
        whole=whole,
        before=as_far(_period(edition, start - _length(edition), zone)),
        usual=heard(weeks if _by_weekday(edition, start, holidays) else _days_before(start)),
        same_hours=heard(weeks),
    )


def _summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    several = list(counts)
    return {name: sum(each.get(name, 0) for each in several) for name in _keys(several)}


def total(tallies: Iterable[Tally], nothing: Period, zone: ZoneInfo) -> Tally:
    """The sum of several periods. Its `by_hour` adds what was said at the same hour by the clock of each period."""
    several = sorted(tallies, key=lambda tally: tally.since)
    if not several:
        return Tally(since=nothing.since, until=nothing.since)
    by_clock = [_by_clock(tally, zone) for tally in several]
    return Tally(
        since=several[0].since,
        until=several[-1].until,
        mentions=sum(t.mentions for t in several),
        negative=sum(t.negative for t in several),
        neutral=sum(t.neutral for t in several),
        positive=sum(t.positive for t in several),
        abstained=sum(t.abstained for t in several),
        degraded=sum(t.degraded for t in several),
        left_out=sum(t.left_out for t in several),
        customers=sum(t.customers for t in several),
        by_touchpoint={
            place: _told_there(t.by_touchpoint.get(place) for t in several)
            for place in _keys(t.by_touchpoint for t in several)
        },
        by_own={place: _told_there(t.by_own.get(place) for t in several) for place in _keys(t.by_own for t in several)},
        by_channel=_summed(t.by_channel for t in several),
        negative_by_channel=_summed(t.negative_by_channel for t in several),
        by_hour={
            hour: {mood: sum(hours.get(hour, {}).get(mood, 0) for hours in by_clock) for mood in Sentiment}
            for hour in _keys(by_clock)
        },
    )


def hour_by_clock(tally: Tally, index: int, zone: ZoneInfo) -> int:
    """Which hour of its period that is where every day has 24 of them: one is missing, or there twice, now and then."""
    begins, at = tally.since.astimezone(zone), (tally.since + timedelta(hours=index)).astimezone(zone)
    return 24 * (at.date() - begins.date()).days + at.hour


def _by_clock(tally: Tally, zone: ZoneInfo) -> Mapping[int, Mapping[Sentiment, int]]:
    hours: dict[int, Counter[Sentiment]] = {}
    for index, feelings in tally.by_hour.items():
        hours.setdefault(hour_by_clock(tally, index, zone), Counter()).update(feelings)
    return hours


def _told_there(tallies: Iterator[TouchpointTally | None]) -> TouchpointTally:
    known = [tally for tally in tallies if tally is not None]
    return TouchpointTally(
        mentions=sum(t.mentions for t in known),
        negative=sum(t.negative for t in known),
        positive=sum(t.positive for t in known),
        of_negative=sum(t.of_negative for t in known),
    )


def _keys(mappings: Iterable[Mapping[_Key, object]]) -> list[_Key]:
    return list(dict.fromkeys(chain.from_iterable(mappings)))


def _by_weekday(edition: Edition, day: date, holidays: frozenset[date]) -> bool:
    """Mondays follow a weekend and holidays are no working days: only their own weekday is a fair baseline."""
    return edition is Edition.WEEKLY or day.weekday() == 0 or day in holidays


def _days_before(day: date) -> list[date]:
    return [day - timedelta(days=back) for back in range(1, _DAYS_BEFORE + 1)]


def _length(edition: Edition) -> timedelta:
    return timedelta(days=1) if edition is Edition.DAILY else timedelta(weeks=1)


def _period(edition: Edition, start: date, zone: ZoneInfo) -> Period:
    last = start + _length(edition) - timedelta(days=1)
    return Period(since=local_day(start, zone)[0], until=local_day(last, zone)[1])


def _same_clock(moment: datetime, whole: Period, period: Period, zone: ZoneInfo) -> datetime:
    """When the clock of an earlier period shows what it shows at `moment`, as many days after the start."""
    local = moment.astimezone(zone)
    days = local.date() - whole.since.astimezone(zone).date()
    return datetime.combine(period.since.astimezone(zone).date() + days, local.time(), zone).astimezone(UTC)
