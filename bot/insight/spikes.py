"""Find the hours in which far more was said than in the same hours of earlier weeks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from statistics import median
from zoneinfo import ZoneInfo

from bot.domain.digest import Tally

FEWEST_MENTIONS = 6
FEWEST_WEEKS = 2
MOST_SPIKES = 3
_TIMES_USUAL = 2.0
_DEVIATIONS = 4.0
_NEIGHBOUR = 2.0
# makes the median absolute deviation of normal data its standard deviation: Hampel (1974), J. Am. Stat. Assoc. 69:383
_TO_DEVIATION = 1.4826
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """Neighbouring hours that stand out, with what those hours usually bring."""

    since: datetime
    until: datetime
    mentions: int
    usual: float

    @property
    def times_usual(self) -> float:
        """How many times the usual; less than one usual mention counts as one."""
        return self.mentions / max(1.0, self.usual)

    def until_the_end_of(self, later: Burst) -> Burst:
        """One burst out of two neighbours."""
        return Burst(
            since=self.since,
            until=later.until,
            mentions=self.mentions + later.mentions,
            usual=self.usual + later.usual,
        )


_HourOfWeek = tuple[int, int]
_Judged = tuple[Burst, bool]


def bursts(now: Tally, earlier: Sequence[Tally], zone: ZoneInfo) -> list[Burst]:
    """The greatest bursts of a period, in order of time; `earlier` are the same periods of previous weeks."""
    if len(earlier) < FEWEST_WEEKS:
        return []
    usual = _usual_hours(earlier, zone)
    loud = (_judged(start, count, usual[_hour_of_week(start, zone)]) for start, count in hours(now))
    greatest = sorted(_joined([judged for judged in loud if judged is not None]), key=lambda burst: -burst.mentions)
    return sorted(greatest[:MOST_SPIKES], key=lambda burst: burst.since)


def hours(tally: Tally) -> Iterator[tuple[datetime, int]]:
    """Each full hour of a period with its mentions, silent ones too."""
    for index in range(-(-(tally.until - tally.since) // _HOUR)):
        yield tally.since + index * _HOUR, sum(tally.by_hour.get(index, {}).values())


def _usual_hours(earlier: Sequence[Tally], zone: ZoneInfo) -> Mapping[_HourOfWeek, list[int]]:
    found: defaultdict[_HourOfWeek, list[int]] = defaultdict(list)
    for tally in earlier:
        for start, count in hours(tally):
            found[_hour_of_week(start, zone)].append(count)
    return found


def _hour_of_week(moment: datetime, zone: ZoneInfo) -> _HourOfWeek:
    local = moment.astimezone(zone)
    return local.weekday(), local.hour


def _judged(start: datetime, count: int, usual: Sequence[int]) -> _Judged | None:
    middle = median(usual) if usual else 0.0
    spread = _TO_DEVIATION * median(abs(each - middle) for each in usual) if usual else 0.0
    # four weeks can agree by luck: never believe a spread smaller than that of a Poisson count
    deviations = (count - middle) / max(spread, sqrt(max(middle, 1.0)))
    if deviations < _NEIGHBOUR:
        return None
    burst = Burst(since=start, until=start + _HOUR, mentions=count, usual=middle)
    return burst, deviations > _DEVIATIONS and count >= max(FEWEST_MENTIONS, _TIMES_USUAL * middle)


def _joined(loud: Sequence[_Judged]) -> list[Burst]:
    """Runs of neighbouring loud hours in which at least one is certain."""
    runs: list[_Judged] = []
    for burst, certain in loud:
        if runs and runs[-1][0].until == burst.since:
            before, was_certain = runs.pop()
            runs.append((before.until_the_end_of(burst), was_certain or certain))
        else:
            runs.append((burst, certain))
    return [burst for burst, certain in runs if certain]
