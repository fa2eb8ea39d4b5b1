"""Say in one line what changed and why: it names the touchpoint, and claims no more than the figures support."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.digest import Digest, Edition, TouchpointLine, Trend
from bot.domain.reading import Language
from bot.insight.figures import Figures
from bot.insight.wording import Wording, wording

QUIET_BELOW = {Edition.DAILY: 10, Edition.WEEKLY: 25}
_MOSTLY = 2 / 3


def headline(digest: Digest, language: Language) -> str:
    """Without a full stop, ready for a title."""
    words, figures = wording(language).with_names(digest.names), Figures(language, ZoneInfo(digest.zone))
    if is_quiet(digest):
        return _quiet(digest, words)
    if not digest.usual_periods:
        return _facts("headline.no_baseline", digest, words, figures)
    return _changed(digest, words, figures) or _as_usual(digest, words, figures)


def is_quiet(digest: Digest) -> bool:
    """Too little was said to say more about it; where an arrow, a touchpoint or a spike speaks, no day is quiet."""
    telling = digest.volume in {Trend.UP, Trend.DOWN} or digest.mood is Trend.UP
    telling = telling or digest.explained_by is not None or bool(digest.spikes)
    return digest.now.mentions < QUIET_BELOW[digest.edition] and not telling


def heard_before(digest: Digest) -> bool:
    """Whether the period before was listened to: only then is no mention a nought."""
    return bool(digest.before.mentions or digest.usual_periods)


def mean(total: float, digest: Digest) -> float:
    """Of a usual period."""
    return total / max(1, digest.usual_periods)


def _quiet(digest: Digest, words: Wording) -> str:
    """Few mentions; a day on which somebody was unhappy is not called quiet."""
    loose = [
        words.count(key, n)
        for key, n in (
            ("headline.cases", digest.cases.open_at_end),
            ("headline.promises", len(digest.promises.to_follow)),
            ("headline.unread", digest.quality.waiting),
        )
        if n
    ]
    pending = ", ".join(loose) or words.say("headline.nothing_pending")
    if not digest.now.mentions:
        return words.say(f"headline.silent.{digest.edition}", pending=pending)
    mentions = words.count("headline.mentions", digest.now.mentions)
    if digest.now.negative:
        unhappy = words.count("headline.unhappy", digest.now.negative)
        return words.say("headline.few", n=mentions, unhappy=unhappy, pending=pending)
    return words.say(f"headline.quiet.{digest.edition}", n=mentions, pending=pending)


def _facts(key: str, digest: Digest, words: Wording, figures: Figures) -> str:
    """How many and how negative, without a word about what is usual."""
    return words.say(
        key,
        n=_mentions(digest, figures),
        share=figures.percent(digest.negative.value),
        most=_most(digest, words, figures),
    )


def _changed(digest: Digest, words: Wording, figures: Figures) -> str | None:
    if digest.mood is Trend.UP:
        return _worse(digest, words, figures)
    if digest.volume is Trend.UP:
        return _busier(digest, words, figures)
    if digest.explained_by is not None:
        return _touchpoint_worse(digest, digest.explained_by, words, figures)
    if digest.mood is Trend.DOWN:
        return _better(digest, words, figures)
    if digest.volume is Trend.DOWN:
        return words.say("headline.fewer", n=_mentions(digest, figures), usual=_usual_mentions(digest, figures))
    return None


def _worse(digest: Digest, words: Wording, figures: Figures) -> str:
    period = words.say(f"headline.period.{digest.edition}")
    explained = digest.explained_by
    if explained is None or digest.excess_negative <= 0:
        return words.say(
            "headline.worse_share",
            period=period,
            share=figures.percent(digest.negative.value),
            usual=figures.percent(digest.negative_usual.value),
            most=_most(digest, words, figures),
        )
    return words.say("headline.worse", period=period, explained=_explained(digest, explained, words, figures))


def _busier(digest: Digest, words: Wording, figures: Figures) -> str:
    n, usual = _mentions(digest, figures), _usual_mentions(digest, figures)
    explains = digest.explained_by is not None and digest.excess_negative > 0
    if digest.mood is Trend.DOWN and not explains:
        return words.say(
            "headline.busier_better",
            n=n,
            usual=usual,
            share=figures.percent(digest.negative.value),
            usual_share=figures.percent(digest.negative_usual.value),
        )
    if digest.explained_by is None or digest.excess_negative <= 0:
        key = "headline.busier" if digest.mood is Trend.SAME else "headline.busier_unknown"
        return words.say(key, n=n, usual=usual)
    explained = _explained(digest, digest.explained_by, words, figures)
    return words.say("headline.busier_explained", n=n, usual=usual, explained=explained)


def _explained(digest: Digest, line: TouchpointLine, words: Wording, figures: Figures) -> str:
    """Which touchpoint explains how many of the negatives that are more than usual."""
    part, more = digest.excess_at_touchpoint, digest.excess_negative
    said = {"touchpoint": words.touchpoint(line.touchpoint), "n": figures.whole(more), "where": _where(digest, words)}
    if part >= more:
        return words.count("headline.explains_all", more, **said)
    return words.say("headline.explains", part=figures.whole(part), **said)


def _touchpoint_worse(digest: Digest, line: TouchpointLine, words: Wording, figures: Figures) -> str:
    return words.say(
        "headline.touchpoint_worse",
        whole=_as_a_whole(digest, words, figures),
        touchpoint=words.touchpoint(line.touchpoint),
        n=figures.whole(line.now.negative),
        usual=figures.short(line.negatives_usual),
    )


def _as_a_whole(digest: Digest, words: Wording, figures: Figures) -> str:
    """What the arrows say of it."""
    period = words.say(f"headline.period.{digest.edition}")
    if digest.mood is Trend.DOWN:
        return words.say("headline.as_a_whole.better", period=period)
    if digest.volume is Trend.DOWN:
        n, usual = _mentions(digest, figures), _usual_mentions(digest, figures)
        return words.say("headline.as_a_whole.fewer", n=n, usual=usual)
    return words.say("headline.as_a_whole.same", period=period)


def _better(digest: Digest, words: Wording, figures: Figures) -> str:
    best = min(digest.touchpoints, key=_change_in_negatives, default=None)
    named = best is not None and _change_in_negatives(best) <= -1
    return words.say(
        "headline.better",
        period=words.say(f"headline.period.{digest.edition}"),
        share=figures.percent(digest.negative.value),
        usual=figures.percent(digest.negative_usual.value),
        best=words.say("headline.better_at", touchpoint=words.touchpoint(best.touchpoint)) if best and named else "",
    )


def _as_usual(digest: Digest, words: Wording, figures: Figures) -> str:
    """Where too little is known to judge it, nothing is called ordinary."""
    if Trend.TOO_FEW in {digest.volume, digest.mood}:
        return _facts("headline.little_history", digest, words, figures)
    return words.say(
        "headline.normal",
        period=words.say(f"headline.period.{digest.edition}"),
        n=_mentions(digest, figures),
        share=figures.percent(digest.negative.value),
        most=_most(digest, words, figures),
    )


def _most(digest: Digest, words: Wording, figures: Figures) -> str:
    """Where most of the negative mentions are, as a fact and not as a reason."""
    worst = max(digest.touchpoints, key=lambda line: line.now.of_negative, default=None)
    if worst is None or not worst.now.of_negative:
        return ""
    place, n = words.touchpoint(worst.touchpoint), figures.whole(worst.now.of_negative)
    return words.say("headline.most_at", touchpoint=place, n=n)


def _where(digest: Digest, words: Wording) -> str:
    """The channel that brought most of the additional negatives, where there is more than one."""
    excess = {
        channel: digest.now.negative_by_channel.get(channel, 0)
        - mean(digest.usual.negative_by_channel.get(channel, 0), digest)
        for channel in digest.now.by_channel
    }
    channel = max(excess, key=lambda each: excess[each], default=None)
    more = digest.excess_negative
    if channel is None or len(excess) == 1 or more <= 0 or excess[channel] < _MOSTLY * more:
        return ""
    return words.say("headline.mostly_on", channel=words.channel(channel))


def _change_in_negatives(line: TouchpointLine) -> float:
    return line.now.negative - line.negatives_usual


def _mentions(digest: Digest, figures: Figures) -> str:
    return figures.whole(digest.now.mentions)


def _usual_mentions(digest: Digest, figures: Figures) -> str:
    return figures.short(mean(digest.usual.mentions, digest))
