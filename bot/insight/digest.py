"""Build one edition of the digest: ask for the counts of its periods, have them judged, and for what was said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.domain.digest import Digest, Edition, Promises, Quote, Spike, Tally
from bot.domain.naming import USUAL_NAMES, TouchpointNames
from bot.domain.ports.reader import PersonalData
from bot.domain.ports.store import Reports
from bot.domain.promise import Promise, PromiseState
from bot.domain.reading import Language, Touchpoint
from bot.domain.voice import EmployeeVoice
from bot.insight.judgement import Counted, Judgement, judge
from bot.insight.periods import Comparison, Period, comparison, first_day, total
from bot.insight.quotes import choose_quotes, without_names
from bot.insight.spikes import Burst, bursts
from bot.insight.words import telling_words

_LATE = timedelta(hours=1)
_NPS_DAYS = timedelta(days=28)
_QUOTES_ASKED = 40
_SPIKE_TEXTS = 300
_USUAL_TEXTS = 1500
_MOSTLY = 0.5
_PROMISES_WORDED = 20
# one that fell due after the period was still open at its end, whatever became of it
_UNHEARD = (PromiseState.OPEN, PromiseState.UNHEARD)
_UNDECIDED = (*_UNHEARD, PromiseState.BROKEN)

Quotable = Callable[[str], bool]
"""Whether a text may be shown to who only reads figures."""

_Unnamed = Callable[[str], str]
"""The same words without names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """Whose digest it is, and what its owner says of time and places."""

    name: str
    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()
    names: TouchpointNames = USUAL_NAMES


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """The edition of the local day, or of the Monday-to-Sunday week that `day` falls in, as it is `now`.

    `due` is when it should have gone out; without it no edition is late.
    """

    edition: Edition
    day: date
    language: Language
    now: datetime
    due: datetime | None = None

    @property
    def late_by(self) -> timedelta | None:
        """Only what people notice."""
        return self.now - self.due if self.due is not None and self.now - self.due >= _LATE else None


def anything(text: str) -> bool:
    """Nothing is too delicate to be quoted."""
    del text
    return True


async def build_digest(
    reports: Reports, brand: Brand, issue: Issue, *, personal_data: PersonalData, quotable: Quotable = anything
) -> Digest:
    """A period that is not over is counted up to now and compared with as much of the earlier ones.

    `usual` is the sum over `usual_periods` periods.
    """
    compared = await _compared(reports, brand, issue)
    period, before = compared.now, compared.before
    counted = await _count(reports, compared)
    usual = total(counted.usual, before, brand.zone)
    judged = judge(counted, usual)
    unnamed = partial(without_names, language=issue.language, personal_data=personal_data)
    return Digest(
        brand=brand.name,
        edition=issue.edition,
        day=first_day(issue.edition, issue.day),
        zone=brand.zone.key,
        language=issue.language,
        now=counted.now,
        before=counted.before,
        usual=usual,
        usual_periods=len(counted.usual),
        negative=judged.negative,
        negative_usual=judged.negative_usual,
        volume=judged.volume,
        mood=judged.mood,
        touchpoints=judged.touchpoints,
        explained_by=judged.explained_by,
        excess_negative=judged.excess_negative,
        excess_at_touchpoint=judged.excess_at_touchpoint,
        cases=await reports.cases(period.since, period.until),
        cases_before=await reports.cases(before.since, before.until),
        loops=await reports.loops(period.since, period.until),
        quotes=_quotes(await _said(reports, period, quotable), issue, judged, personal_data),
        promises=await _promises(reports, compared, unnamed),
        scores=tuple(await reports.scores(compared.whole.until - _NPS_DAYS, period.until)),
        spikes=await _spikes(reports, counted, brand, personal_data),
        quality=await reports.quality(period.since, period.until),
        channels=await reports.channels(period.since, period.until),
        late_by=issue.late_by,
        names=brand.names,
        voices=await _voices(reports, period, unnamed),
    )


def digest_key(brand: str, edition: Edition, day: date) -> str:
    """The key under which an edition is kept once: `brand:daily:2026-05-12`, a week under its Monday."""
    return f"{brand}:{edition}:{first_day(edition, day).isoformat()}"


async def _compared(reports: Reports, brand: Brand, issue: Issue) -> Comparison:
    span = await reports.span()
    return comparison(
        edition=issue.edition,
        day=issue.day,
        zone=brand.zone,
        now=issue.now,
        heard_since=span[0] if span else None,
        holidays=brand.holidays,
    )


async def _count(reports: Reports, compared: Comparison) -> Counted:
    """Ask for each period once, although a day may serve as yesterday, as baseline and for its hours."""
    periods = dict.fromkeys((compared.now, compared.before, *compared.usual, *compared.same_hours))
    tallies = {period: await reports.tally(period.since, period.until) for period in periods}
    return Counted(
        now=tallies[compared.now],
        before=tallies[compared.before],
        usual=tuple(tallies[period] for period in compared.usual),
        same_hours=tuple(tallies[period] for period in compared.same_hours),
    )


async def _said(reports: Reports, period: Period, quotable: Quotable) -> list[Quote]:
    said = await reports.quotes(period.since, period.until, _QUOTES_ASKED)
    return [quote for quote in said if quotable(quote.text)]


def _quotes(said: Sequence[Quote], issue: Issue, judged: Judgement, personal_data: PersonalData) -> tuple[Quote, ...]:
    """A few voices of the period, those first that tell of what explains it."""
    return choose_quotes(
        said,
        language=issue.language,
        personal_data=personal_data,
        first=judged.explained_by.touchpoint if judged.explained_by else None,
    )


async def _spikes(reports: Reports, counted: Counted, brand: Brand, personal_data: PersonalData) -> tuple[Spike, ...]:
    """The bursts of the period, each with the touchpoint and the words that explain it."""
    found = bursts(counted.now, counted.same_hours, brand.zone)
    return tuple([await _explained(reports, burst, brand, personal_data) for burst in found])


async def _explained(reports: Reports, burst: Burst, brand: Brand, personal_data: PersonalData) -> Spike:
    here = await reports.texts(burst.since, burst.until, _SPIKE_TEXTS)
    usual = await reports.texts(burst.since - timedelta(weeks=4), burst.since, _USUAL_TEXTS)
    words = telling_words(here, usual, ignore=brand.name.split(), limit=6)
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
    busiest = max(tally.by_touchpoint.items(), key=lambda item: item[1].mentions, default=None)
    if busiest is None or busiest[1].mentions < _MOSTLY * tally.mentions:
        return None
    return busiest[0]


async def _promises(reports: Reports, compared: Comparison, unnamed: _Unnamed) -> Promises:
    """Due are those that fall due within one more period; broken and unheard ones come latest first."""
    period = compared.now
    fell_due = await reports.promises(period.since, period.until)
    ahead = await reports.promises(period.until, period.until + (compared.whole.until - compared.whole.since))
    earlier = sorted((p for p in fell_due if p.due < period.until), key=lambda p: (p.due, p.id))
    later = sorted((p for p in ahead if p.made_at < period.until <= p.due), key=lambda p: (p.due, p.id))
    made = [p for p in reversed(earlier) if p.made_at < period.until]
    return Promises(
        due=_worded((p for p in later if p.state in _UNDECIDED), unnamed),
        broken=_worded((p for p in made if p.state is PromiseState.BROKEN), unnamed),
        unheard=_worded((p for p in made if p.state in _UNHEARD), unnamed),
        kept=_worded((p for p in earlier if p.state is PromiseState.KEPT), unnamed),
    )


def _worded(promises: Iterable[Promise], unnamed: _Unnamed) -> tuple[Promise, ...]:
    """Names taken out of the words of the first ones; the rest are counted, and nobody reads thousands."""
    listed = list(promises)
    first = [replace(p, what=unnamed(p.what)) for p in listed[:_PROMISES_WORDED]]
    return (*first, *(replace(p, what="") for p in listed[_PROMISES_WORDED:]))


async def _voices(reports: Reports, period: Period, unnamed: _Unnamed) -> tuple[EmployeeVoice, ...]:
    """What employees said in the period, without names, and without who said it."""
    said = await reports.voices(period.since, period.until)
    return tuple(replace(each, text=unnamed(each.text), said_by=None) for each in said)
