"""Give a digest as plain data, for `--json`.

Keys: `brand`, `edition`, `day`, `zone`, `language`, `headline`, `late_minutes` (or null), `since`, `until`,
`baseline_periods`; `mentions` {now, before, usual, trend}; `negative` {part, n, share, low, high, usual, trend};
`positive`, `neutral`, `customers`, `abstained`, `left_out`; `by_channel`; `explained_by` {touchpoint,
excess_negative, excess_at_touchpoint} or null; `touchpoints` [{touchpoint, mentions, negative, of_negative, positive,
n, share, low, high, usual, usual_negative, trend}], `of_negative` being those of `negative` that are negative as a
whole too, each with `own`, a list of the same with `own`, the name, for what was lived at touchpoints of the owner's
own, where there are any; `cases` {opened, resolved, open, waiting, first_answer_minutes, answered_in_time,
answers_due}; `loops` {detractors, contacted, recovered, not_recovered, unclosed [case keys]};
`quotes` [{mention, text, touchpoint, sentiment, language, case, at, glad}]; `promises` {due, broken, unheard, kept} of
[{case, what, due}], of which the first 20 of each carry their words; `voices` [{text, votes,
touchpoint, case, at}]; `scores` [{kind, value, n, asked, low, high}]; `spikes`
[{since, until, mentions, times_usual, touchpoint, words}]; `quality` {waiting,
quarantined, unknown_sends, dead_sends, corrections, degraded, last_heard, channels [{channel, unread_minutes, gaps,
longest_minutes, longest_since, spent, budget, currency, days_spent}]}.
Shares lie between 0 and 1, a trend is up, down, same or too_few, times are ISO 8601 in UTC, and what is unknown is
null.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bot.domain.digest import ChannelTally, Digest, Quote, Share, Spike, TouchpointLine
from bot.domain.promise import Promise
from bot.domain.reading import Language
from bot.domain.survey import Score
from bot.domain.voice import EmployeeVoice
from bot.insight.headline import headline, heard_before, mean
from bot.insight.surveys import figure

Json = dict[str, object]


def as_json(digest: Digest, language: Language | None = None) -> Json:
    """Everything the text says, for programs; only `headline` is worded, in `language` or the digest's own."""
    return {
        **_period(digest, language or digest.language),
        **_figures(digest),
        "touchpoints": [_touchpoint(line, has_usual=bool(digest.usual_periods)) for line in digest.touchpoints],
        **_work(digest),
        "quotes": [_quote(quote) for quote in digest.quotes],
        "voices": [_voice(voice) for voice in digest.voices],
        "scores": [_score(score) for score in digest.scores],
        "spikes": [_spike(spike) for spike in digest.spikes],
        "quality": _quality(digest),
    }


def _period(digest: Digest, language: Language) -> Json:
    return {
        "brand": digest.brand,
        "edition": digest.edition.value,
        "day": digest.day.isoformat(),
        "zone": digest.zone,
        "language": language.value,
        "headline": headline(digest, language),
        "late_minutes": _minutes(digest.late_by),
        "since": digest.now.since.isoformat(),
        "until": digest.now.until.isoformat(),
        "baseline_periods": digest.usual_periods,
    }


def _figures(digest: Digest) -> Json:
    now, explained, has_usual = digest.now, digest.explained_by, bool(digest.usual_periods)
    return {
        "mentions": {
            "now": now.mentions,
            "before": digest.before.mentions if heard_before(digest) else None,
            "usual": round(mean(digest.usual.mentions, digest), 2) if has_usual else None,
            "trend": digest.volume.value,
        },
        "negative": {
            "part": digest.negative.part,
            **_share(digest.negative),
            "usual": round(digest.negative_usual.value, 4) if digest.negative_usual.n else None,
            "trend": digest.mood.value,
        },
        "positive": now.positive,
        "neutral": now.neutral,
        "customers": now.customers,
        "abstained": now.abstained,
        "left_out": now.left_out,
        "by_channel": dict(now.by_channel),
        "explained_by": None
        if explained is None
        else {
            "touchpoint": explained.touchpoint.value,
            "excess_negative": digest.excess_negative,
            "excess_at_touchpoint": digest.excess_at_touchpoint,
        },
    }


def _work(digest: Digest) -> Json:
    cases, loops, made = digest.cases, digest.loops, digest.promises
    return {
        "cases": {
            "opened": cases.opened,
            "resolved": cases.resolved,
            "open": cases.open_at_end,
            "waiting": cases.waiting_at_end,
            "first_answer_minutes": _minutes(cases.first_answer_median),
            "answered_in_time": cases.answered_in_time,
            "answers_due": cases.answers_due,
        },
        "loops": {
            "detractors": loops.detractors,
            "contacted": loops.contacted,
            "recovered": loops.recovered,
            "not_recovered": loops.not_recovered,
            "unclosed": [case.key for case in loops.unclosed],
        },
        "promises": {
            "due": _promises(made.due),
            "broken": _promises(made.broken),
            "unheard": _promises(made.unheard),
            "kept": _promises(made.kept),
        },
    }


def _touchpoint(line: TouchpointLine, *, has_usual: bool) -> Json:
    figures = _figures_at(line, has_usual=has_usual)
    if line.own is not None:
        return {**figures, "own": line.own}
    own = [_touchpoint(each, has_usual=has_usual) for each in line.own_lines]
    return figures | ({"own": own} if own else {})


def _figures_at(line: TouchpointLine, *, has_usual: bool) -> Json:
    return {
        "touchpoint": line.touchpoint.value,
        "mentions": line.now.mentions,
        "negative": line.now.negative,
        "of_negative": line.now.of_negative,
        "positive": line.now.positive,
        **_share(line.negative),
        "usual": round(line.usual, 2) if has_usual else None,
        "usual_negative": None if line.negative_usual is None else round(line.negative_usual, 4),
        "trend": line.volume.value,
    }


def _share(of: Share) -> Json:
    return {
        "n": of.n,
        "share": round(of.value, 4) if of.n else None,
        "low": round(of.low, 4),
        "high": round(of.high, 4),
    }


def _promises(promises: Iterable[Promise]) -> list[Json]:
    return [{"case": each.case_key, "what": each.what, "due": each.due.isoformat()} for each in promises]


def _quote(quote: Quote) -> Json:
    return {
        "mention": quote.mention_id,
        "text": quote.text,
        "touchpoint": quote.touchpoint.value if quote.touchpoint else None,
        "sentiment": quote.sentiment.value,
        "language": quote.language.value,
        "case": quote.case_key,
        "at": quote.at.isoformat(),
        "glad": quote.glad,
    }


def _voice(voice: EmployeeVoice) -> Json:
    return {
        "text": voice.text,
        "votes": voice.votes,
        "touchpoint": voice.touchpoint.value if voice.touchpoint else None,
        "case": voice.case_key,
        "at": voice.at.isoformat(),
    }


def _score(score: Score) -> Json:
    known = figure(score)
    return {
        "kind": known.kind.value,
        "value": known.value,
        "n": known.n,
        "asked": known.response.n,
        "low": known.low,
        "high": known.high,
    }


def _spike(spike: Spike) -> Json:
    return {
        "since": spike.since.isoformat(),
        "until": spike.until.isoformat(),
        "mentions": spike.mentions,
        "times_usual": round(spike.times_usual, 2),
        "touchpoint": spike.touchpoint.value if spike.touchpoint else None,
        "words": list(spike.words),
    }


def _quality(digest: Digest) -> Json:
    quality = digest.quality
    return {
        "waiting": quality.waiting,
        "quarantined": quality.quarantined,
        "unknown_sends": quality.unknown_sends,
        "dead_sends": quality.dead_sends,
        "corrections": quality.corrections,
        "degraded": digest.now.degraded,
        "last_heard": {channel: at.isoformat() for channel, at in sorted(quality.channels_last_heard.items())},
        "channels": [_channel(channel) for channel in digest.channels],
    }


def _channel(channel: ChannelTally) -> Json:
    return {
        "channel": channel.channel,
        "unread_minutes": _minutes(channel.unread),
        "gaps": channel.gaps,
        "longest_minutes": _minutes(channel.longest),
        "longest_since": channel.longest_since.isoformat() if channel.longest_since else None,
        "spent": float(channel.spent),
        "budget": None if channel.budget is None else float(channel.budget),
        "currency": channel.currency or None,
        "days_spent": channel.days_spent,
    }


def _minutes(length: timedelta | None) -> int | None:
    return None if length is None else round(length / timedelta(minutes=1))
