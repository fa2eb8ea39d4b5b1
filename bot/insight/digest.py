"""Build one edition of the digest: ask for the counts of its periods, and judge what changed and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.digest import Digest, Edition, Share, Spike, Tally, TouchpointLine, TouchpointTally, Trend
from bot.domain.naming import USUAL_NAMES, TouchpointNames
from bot.domain.ports.reader import PersonalData
from bot.domain.ports.store import Reports
from bot.domain.promise import Promise, PromiseState
from bot.domain.reading import Language, Touchpoint
from bot.domain.voice import EmployeeVoice
from bot.insight.periods import Comparison, comparison, first_day, total
from bot.insight.quotes import choose_quotes, without_names
from bot.insight.shares import FEWEST_FOR_A_SHARE, NEARLY_SURE, compare_count, compare_shares, share
from bot.insight.spikes import Burst, bursts
from bot.insight.words import telling_words

LATE = timedelta(hours=1)
NPS_DAYS = timedelta(days=28)
_QUOTES_ASKED = 40
_SPIKE_TEXTS = 300
_USUAL_TEXTS = 1500
_EXPLAINS_AT_LEAST = 0.25
_FEWEST_EXCESS = 3
_MOSTLY = 0.5
PROMISES_WORDED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The counts an edition rests on; `usual` are the baseline's periods one by one."""

    now: Tally
    before: Tally
    usual: tuple[Tally, ...]
    same_hours: tuple[Tally, ...]


async def build_digest(  # noqa: PLR0913  an edition is made of these
    reports: Reports,
    *,
    brand: str,
    edition: Edition,
    day: date,
    zone: ZoneInfo,
    language: Language,
    personal_data: PersonalData,
    now: datetime,
    due: datetime | None = None,
    holidays: frozenset[date] = frozenset(),
    names: TouchpointNames = USUAL_NAMES,
) -> Digest:
    """The edition of the local day, or of the Monday-to-Sunday week that `day` falls in.

    A period that is not over is counted up to `now` and compared with as much of the earlier ones. `due` is when the
    edition should have gone out; without it no edition is late. `usual` is the sum over `usual_periods` periods.
    """
    span = await reports.span()
    compared = comparison(
        edition=edition, day=day, zone=zone, now=now, heard_since=span[0] if span else None, holidays=holidays
    )
    counted = await count(reports, compared)
    lines = touchpoint_lines(counted)
    usual = total(counted.usual, compared.before)
    negative, negative_usual = _negative(counted.now), _negative(usual)
    mood, volume = compare_shares(negative, negative_usual), _volume(counted)
    explained_by = explanation(counted, lines, worse=Trend.UP in (mood, volume))
    period = compared.now
    promised = await _promises(reports, compared, language, personal_data)
    return Digest(
        brand=brand,
        edition=edition,
        day=first_day(edition, day),
        zone=zone.key,
        language=language,
        now=counted.now,
        before=counted.before,
        usual=usual,
        usual_periods=len(counted.usual),
        negative=negative,
        negative_usual=negative_usual,
        volume=volume,
        mood=mood,
        touchpoints=lines,
        explained_by=explained_by,
        excess_negative=round(excess_negative(counted)),
        excess_at_touchpoint=0 if explained_by is None else round(excess_at(counted, explained_by.touchpoint)),
        cases=await reports.cases(period.since, period.until),
        cases_before=await reports.cases(compared.before.since, compared.before.until),
        loops=await reports.loops(period.since, period.until),
        quotes=choose_quotes(
            await reports.quotes(period.since, period.until, _QUOTES_ASKED),
            language=language,
            personal_data=personal_data,
            first=explained_by.touchpoint if explained_by else None,
        ),
        promises_due=promised.due,
        promises_broken=promised.broken,
        promises_unheard=promised.unheard,
        promises_kept=promised.kept,
        scores=tuple(await reports.scores(compared.whole.until - NPS_DAYS, period.until)),
        spikes=await find_spikes(reports, counted, zone, brand=brand, personal_data=personal_data),
        quality=await reports.quality(period.until),
        channels=await reports.channels(period.since, period.until),
        late_by=now - due if due is not None and now - due >= LATE else None,
        names=names,
        voices=await _voices(reports, compared, language, personal_data),
    )


def digest_key(brand: str, edition: Edition, day: date) -> str:
    """The key under which an edition is kept once: `brand:daily:2026-05-12`, a week under its Monday."""
    return f"{brand}:{edition}:{first_day(edition, day).isoformat()}"


async def count(reports: Reports, compared: Comparison) -> Counted:
    """Ask for each period once, although a day may serve as yesterday, as baseline and for its hours."""
    periods = dict.fromkeys((compared.now, compared.before, *compared.usual, *compared.same_hours))
    tallies = {period: await reports.tally(period.since, period.until) for period in periods}
    return Counted(
        now=tallies[compared.now],
        before=tallies[compared.before],
        usual=tuple(tallies[period] for period in compared.usual),
        same_hours=tuple(tallies[period] for period in compared.same_hours),
    )


def touchpoint_lines(counted: Counted) -> tuple[TouchpointLine, ...]:
    """Every touchpoint that was met in this period or usually is, busiest first."""
    lines = [_line(counted, touchpoint) for touchpoint in Touchpoint]
    met = [line for line in lines if line.now.experiences or line.usual]
    return tuple(sorted(met, key=lambda line: (-line.now.experiences, -line.usual, line.touchpoint)))


def explanation(counted: Counted, lines: Sequence[TouchpointLine], *, worse: bool) -> TouchpointLine | None:
    """The touchpoint with most negatives beyond its usual: a good part of a worse period's, or beyond chance."""
    if not counted.usual or not lines:
        return None
    line = max(lines, key=lambda each: excess_at(counted, each.touchpoint))
    excess = excess_at(counted, line.touchpoint)
    if excess < _FEWEST_EXCESS:
        return None
    if worse and excess >= _EXPLAINS_AT_LEAST * excess_negative(counted):
        return line
    before = [_at(tally, line.touchpoint).negative for tally in counted.usual]
    return line if compare_count(line.now.negative, before, level=NEARLY_SURE) is Trend.UP else None


def excess_negative(counted: Counted) -> float:
    """Negative mentions beyond those of a usual period."""
    if not counted.usual:
        return 0.0
    return counted.now.negative - sum(tally.negative for tally in counted.usual) / len(counted.usual)


def excess_at(counted: Counted, touchpoint: Touchpoint) -> float:
    """Negative experiences at a touchpoint beyond those of a usual period."""
    usual = sum(_at(tally, touchpoint).negative for tally in counted.usual) / max(1, len(counted.usual))
    return _at(counted.now, touchpoint).negative - usual


async def find_spikes(
    reports: Reports, counted: Counted, zone: ZoneInfo, *, brand: str, personal_data: PersonalData
) -> tuple[Spike, ...]:
    """The bursts of the period, each with the touchpoint and the words that explain it."""
    found = bursts(counted.now, counted.same_hours, zone)
    return tuple([await _explained(reports, burst, brand, personal_data) for burst in found])


async def _explained(reports: Reports, burst: Burst, brand: str, personal_data: PersonalData) -> Spike:
    here = await reports.texts(burst.since, burst.until, _SPIKE_TEXTS)
    usual = await reports.texts(burst.since - timedelta(weeks=4), burst.since, _USUAL_TEXTS)
    words = telling_words(here, usual, ignore=brand.split(), limit=6)
    return Spike(
        since=burst.since,
        until=burst.until,
        mentions=burst.mentions,
        times_usual=burst.times_usual,
        touchpoint=_main_touchpoint(await reports.tally(burst.since, burst.until)),
        words=tuple(word for word in words if not personal_data.find(word))[:3],
    )


def _main_touchpoint(tally: Tally) -> Touchpoint | None:
    """The one that at least half of the mentions were about."""
    busiest = max(tally.by_touchpoint.items(), key=lambda item: item[1].experiences, default=None)
    if busiest is None or busiest[1].experiences < _MOSTLY * tally.mentions:
        return None
    return busiest[0]


class _Promised(NamedTuple):
    """The promises of an edition by what became of them."""

    due: tuple[Promise, ...]
    broken: tuple[Promise, ...]
    unheard: tuple[Promise, ...]
    kept: tuple[Promise, ...]


async def _promises(
    reports: Reports, compared: Comparison, language: Language, personal_data: PersonalData
) -> _Promised:
    """Due are those that fall due within one more period; broken and unheard ones come latest first."""
    period = compared.now
    fell_due = await reports.promises(period.since, period.until)
    ahead = await reports.promises(period.until, period.until + (compared.whole.until - compared.whole.since))
    earlier = sorted((p for p in fell_due if p.due < period.until), key=lambda p: (p.due, p.id))
    later = sorted((p for p in ahead if p.made_at < period.until <= p.due), key=lambda p: (p.due, p.id))

    def named(promises: Iterable[Promise]) -> tuple[Promise, ...]:
        """Names taken out of the words of the first ones; the rest are counted, and nobody reads thousands."""
        listed = list(promises)
        first = [replace(p, what=without_names(p.what, language, personal_data)) for p in listed[:PROMISES_WORDED]]
        return (*first, *(replace(p, what="") for p in listed[PROMISES_WORDED:]))

    made = [p for p in reversed(earlier) if p.made_at < period.until]
    return _Promised(
        due=named(p for p in later if p.state in _UNDECIDED),
        broken=named(p for p in made if p.state is PromiseState.BROKEN),
        unheard=named(p for p in made if p.state in _UNHEARD),
        kept=named(p for p in earlier if p.state is PromiseState.KEPT and p.due >= period.since),
    )


async def _voices(
    reports: Reports, compared: Comparison, language: Language, personal_data: PersonalData
) -> tuple[EmployeeVoice, ...]:
    """What employees said in the period, without names, and without who said it."""
    said = await reports.voices(compared.now.since, compared.now.until)
    return tuple(replace(each, text=without_names(each.text, language, personal_data), said_by=None) for each in said)


# one that fell due after the period was still open at its end, whatever became of it
_UNHEARD = (PromiseState.OPEN, PromiseState.UNHEARD)
_UNDECIDED = (*_UNHEARD, PromiseState.BROKEN)


def _own_lines(counted: Counted, touchpoint: Touchpoint) -> tuple[TouchpointLine, ...]:
    """Of the owner's own touchpoints within one, those met in this period or usually, busiest first."""
    tallies = (counted.now, *counted.usual)
    own = {name for tally in tallies for parent, name in tally.by_own if parent is touchpoint}
    lines = [_line(counted, touchpoint, name) for name in own]
    return tuple(sorted(lines, key=lambda line: (-line.now.experiences, -line.usual, line.own or "")))


def _line(counted: Counted, touchpoint: Touchpoint, own: str | None = None) -> TouchpointLine:
    now = _at(counted.now, touchpoint, own)
    usual = [_at(tally, touchpoint, own) for tally in counted.usual]
    before = share(sum(each.negative for each in usual), sum(each.experiences for each in usual))
    return TouchpointLine(
        touchpoint=touchpoint,
        now=now,
        usual=before.n / max(1, len(usual)),
        negative=share(now.negative, now.experiences),
        volume=compare_count(now.experiences, [each.experiences for each in usual], level=NEARLY_SURE),
        negative_usual=before.value if before.n >= FEWEST_FOR_A_SHARE else None,
        own=own,
        own_lines=_own_lines(counted, touchpoint) if own is None else (),
    )


def _at(tally: Tally, touchpoint: Touchpoint, own: str | None = None) -> TouchpointTally:
    if own is not None:
        return tally.by_own.get((touchpoint, own), TouchpointTally())
    return tally.by_touchpoint.get(touchpoint, TouchpointTally())


def _volume(counted: Counted) -> Trend:
    return compare_count(counted.now.mentions, [tally.mentions for tally in counted.usual])


def _negative(tally: Tally) -> Share:
    return share(tally.negative, tally.negative + tally.neutral + tally.positive)
