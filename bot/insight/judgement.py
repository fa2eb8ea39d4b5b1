"""Judge what was counted: what changed against the usual, how surely, and which touchpoint explains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.digest import Share, Tally, TouchpointLine, TouchpointTally, Trend
from bot.domain.reading import Touchpoint
from bot.insight.shares import FEWEST_FOR_A_SHARE, NEARLY_SURE, compare_count, compare_shares, share

_EXPLAINS_AT_LEAST = 0.25
_FEWEST_EXCESS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The counts an edition rests on; `usual` are the baseline's periods one by one."""

    now: Tally
    before: Tally
    usual: tuple[Tally, ...]
    same_hours: tuple[Tally, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What follows from the counts. `explained_by` is where most of the excess over the usual negatives lies."""

    negative: Share
    negative_usual: Share
    mood: Trend
    volume: Trend
    touchpoints: tuple[TouchpointLine, ...]
    explained_by: TouchpointLine | None
    excess_negative: int
    excess_at_touchpoint: int


def judge(counted: Counted, usual: Tally) -> Judgement:
    """`usual` is the sum of the baseline's periods."""
    negative, negative_usual = _negative(counted.now), _negative(usual)
    mood, volume = compare_shares(negative, negative_usual), _volume(counted)
    lines = _touchpoint_lines(counted)
    explained_by = _explanation(counted, lines, worse=Trend.UP in (mood, volume))
    return Judgement(
        negative=negative,
        negative_usual=negative_usual,
        mood=mood,
        volume=volume,
        touchpoints=lines,
        explained_by=explained_by,
        excess_negative=round(_excess_negative(counted)),
        excess_at_touchpoint=0 if explained_by is None else round(_excess_at(counted, explained_by.touchpoint)),
    )


def _touchpoint_lines(counted: Counted) -> tuple[TouchpointLine, ...]:
    """Every touchpoint that was met in this period or usually is, busiest first."""
    lines = [_line(counted, touchpoint) for touchpoint in Touchpoint]
    met = [line for line in lines if line.now.mentions or line.usual]
    return tuple(sorted(met, key=lambda line: (-line.now.mentions, -line.usual, line.touchpoint)))


def _explanation(counted: Counted, lines: Sequence[TouchpointLine], *, worse: bool) -> TouchpointLine | None:
    """The touchpoint with most negatives beyond its usual: a good part of a worse period's, or else beyond chance."""
    if not counted.usual or not lines:
        return None
    if worse:
        line = max(lines, key=lambda each: _excess_at(counted, each.touchpoint))
        enough = max(_FEWEST_EXCESS, _EXPLAINS_AT_LEAST * _excess_negative(counted))
        return line if _excess_at(counted, line.touchpoint) >= enough else None
    line = max(lines, key=lambda each: each.now.negative - each.negatives_usual)
    if line.now.negative - line.negatives_usual < _FEWEST_EXCESS:
        return None
    before = [_at(tally, line.touchpoint).negative for tally in counted.usual]
    return line if compare_count(line.now.negative, before, level=NEARLY_SURE) is Trend.UP else None


def _excess_negative(counted: Counted) -> float:
    """Negative mentions beyond those of a usual period."""
    if not counted.usual:
        return 0.0
    return counted.now.negative - sum(tally.negative for tally in counted.usual) / len(counted.usual)


def _excess_at(counted: Counted, touchpoint: Touchpoint) -> float:
    """How many of `_excess_negative` are negative at a touchpoint."""
    usual = sum(_at(tally, touchpoint).of_negative for tally in counted.usual) / max(1, len(counted.usual))
    return _at(counted.now, touchpoint).of_negative - usual


def _line(counted: Counted, touchpoint: Touchpoint, own: str | None = None) -> TouchpointLine:
    now = _at(counted.now, touchpoint, own)
    usual = [_at(tally, touchpoint, own) for tally in counted.usual]
    before = share(sum(each.negative for each in usual), sum(each.mentions for each in usual))
    return TouchpointLine(
        touchpoint=touchpoint,
        now=now,
        usual=before.n / max(1, len(usual)),
        negative=share(now.negative, now.mentions),
        volume=compare_count(now.mentions, [each.mentions for each in usual], level=NEARLY_SURE),
        negative_usual=before.value if before.n >= FEWEST_FOR_A_SHARE else None,
        negatives_usual=before.part / max(1, len(usual)),
        own=own,
        own_lines=_own_lines(counted, touchpoint) if own is None else (),
    )


def _own_lines(counted: Counted, touchpoint: Touchpoint) -> tuple[TouchpointLine, ...]:
    """Of the owner's own touchpoints within one, those met in this period or usually, busiest first."""
    tallies = (counted.now, *counted.usual)
    own = {name for tally in tallies for parent, name in tally.by_own if parent is touchpoint}
    lines = [_line(counted, touchpoint, name) for name in own]
    return tuple(sorted(lines, key=lambda line: (-line.now.mentions, -line.usual, line.own or "")))


def _at(tally: Tally, touchpoint: Touchpoint, own: str | None = None) -> TouchpointTally:
    if own is not None:
        return tally.by_own.get((touchpoint, own), TouchpointTally())
    return tally.by_touchpoint.get(touchpoint, TouchpointTally())


def _volume(counted: Counted) -> Trend:
    return compare_count(counted.now.mentions, [tally.mentions for tally in counted.usual])


def _negative(tally: Tally) -> Share:
    return share(tally.negative, tally.negative + tally.neutral + tally.positive)
