"""The figures beside the last ones and the usual: mentions, moods, cases, the clock and the scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from bot.domain.digest import Edition, Share, Trend
from bot.domain.reading import Sentiment
from bot.domain.survey import Score
from bot.insight.columns import table
from bot.insight.headline import heard_before, mean
from bot.insight.parts.covered import usual_label
from bot.insight.parts.page import ARROWS, INDENT, Page
from bot.insight.shares import FEWEST_FOR_A_SHARE, share
from bot.insight.surveys import figure

_SEVERAL_TIMES = 4


def key_figures(page: Page) -> Iterator[str]:
    digest, words, figures = page.digest, page.words, page.figures
    title = words.say("figures.title")
    rows = [
        (title, *_columns(page), ""),
        (f"{INDENT}{words.say('figures.mentions')}", *_volumes(page), _volume_note(page)),
        (f"{INDENT}{words.say('figures.negative')}", *_shares(page, Sentiment.NEGATIVE), _mood_note(page)),
        (f"{INDENT}{words.say('figures.positive')}", *_shares(page, Sentiment.POSITIVE), ""),
    ]
    yield from table(rows, right=(1, 2, 3))
    cases = digest.cases
    yield INDENT + words.say(
        "figures.cases",
        opened=figures.whole(cases.opened),
        resolved=figures.whole(cases.resolved),
        open=figures.whole(cases.open_at_end),
        waiting=figures.whole(cases.waiting_at_end),
    )
    yield INDENT + _clock(page)
    yield from (INDENT + line for line in _scores(page))


def _columns(page: Page) -> tuple[str, str, str]:
    digest, words, figures = page.digest, page.words, page.figures
    usual = usual_label(digest, words, "figures.usual")
    if digest.edition is Edition.WEEKLY:
        return (
            words.say("figures.now.weekly"),
            words.say("figures.before.weekly"),
            usual,
        )
    yesterday = digest.day - timedelta(days=1)
    return (
        words.say("figures.now.daily", day=figures.weekday(digest.day)),
        words.say("figures.now.daily", day=figures.weekday(yesterday)),
        usual,
    )


def _volumes(page: Page) -> tuple[str, str, str]:
    digest, figures, none = page.digest, page.figures, page.words.say("figures.none")
    return (
        figures.whole(digest.now.mentions),
        figures.whole(digest.before.mentions) if heard_before(digest) else none,
        figures.short(mean(digest.usual.mentions, digest)) if digest.usual_periods else none,
    )


def _volume_note(page: Page) -> str:
    digest = page.digest
    if not digest.usual_periods:
        return ""
    usual = mean(digest.usual.mentions, digest)
    arrow = _trend(page, digest.volume)
    if digest.volume in ARROWS and usual:
        return f"{arrow} ({_change(page, digest.now.mentions / usual)})"
    return arrow


def _change(page: Page, ratio: float) -> str:
    """+46 %; and ×6 instead of +500 %, which nobody can picture."""
    return f"×{page.figures.short(ratio)}" if ratio >= _SEVERAL_TIMES else page.figures.signed_percent(ratio - 1)


def _shares(page: Page, mood: Sentiment) -> tuple[str, str, str]:
    digest = page.digest
    counts = [
        (getattr(tally, mood.value), tally.negative + tally.neutral + tally.positive)
        for tally in (digest.now, digest.before, digest.usual)
    ]
    now, before, usual = (page.share(share(part, n)) for part, n in counts)
    return now, before, usual


def _mood_note(page: Page) -> str:
    digest, words = page.digest, page.words
    if digest.negative.n < FEWEST_FOR_A_SHARE:
        return words.say("figures.too_few_n", n=str(digest.negative.n))
    interval = words.say(
        "figures.interval",
        n=page.figures.whole(digest.negative.n),
        low=str(round(100 * digest.negative.low)),
        high=str(round(100 * digest.negative.high)),
    )
    return f"{_trend(page, digest.mood)} ({interval})" if digest.usual_periods else f"({interval})"


def _trend(page: Page, trend: Trend) -> str:
    match trend:
        case Trend.UP | Trend.DOWN:
            return ARROWS[trend]
        case Trend.SAME:
            return page.words.say("figures.same")
        case Trend.TOO_FEW:
            return page.words.say("figures.too_few")


def _clock(page: Page) -> str:
    digest, words, figures = page.digest, page.words, page.figures
    now, before = digest.cases, digest.cases_before
    if not now.answers_due:
        return words.say("figures.clock_none")
    was = "" if before.first_answer_median is None else figures.duration(before.first_answer_median)
    share_was = figures.share(share(before.answered_in_time, before.answers_due)) if before.answers_due else ""
    return words.say(
        "figures.clock",
        median=words.say("figures.none")
        if now.first_answer_median is None
        else figures.duration(now.first_answer_median),
        before=words.say("figures.clock_before", was=was) if was else "",
        share=_in_time(page, share(now.answered_in_time, now.answers_due)),
        share_before=words.say("figures.clock_before", was=share_was) if share_was else "",
    )


def _in_time(page: Page, of: Share) -> str:
    """`88 % of 40`, and `3/5` where there are too few for a percentage."""
    said = page.figures.share(of)
    if of.n < FEWEST_FOR_A_SHARE:
        return said
    return page.words.say("figures.clock_share", share=said, due=page.figures.whole(of.n))


def _scores(page: Page) -> list[str]:
    asked = [score for score in page.digest.scores if score.asked or score.answers]
    if not asked:
        return [page.words.say("score.none")]
    return [_score(page, score) for score in asked]


def _score(page: Page, score: Score) -> str:
    words, figures = page.words, page.figures
    known = figure(score)
    name, n, asked = words.say(f"score.{known.kind}"), figures.whole(known.n), figures.whole(known.response.n)
    if known.value is None:
        return words.say("score.too_few", name=name, n=n, asked=asked)
    nps = known.kind.value == "nps"
    write: Callable[[float], str] = figures.signed if nps else figures.decimal
    return words.say(
        "score.value",
        name=name,
        value=write(known.value),
        n=n,
        asked=asked,
        response=figures.percent(known.response.value),
        interval=words.say("score.alike")
        if known.low is None or known.high is None
        else words.say("score.interval", low=write(known.low), high=write(known.high)),
    )
