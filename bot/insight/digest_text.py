"""Write a digest as text: nine short parts, the finding first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.case import Case
from bot.domain.digest import ChannelTally, Digest, Edition, Quote, Share, Spike, TouchpointLine, Trend
from bot.domain.promise import Promise
from bot.domain.reading import Language, Sentiment
from bot.domain.survey import Score
from bot.domain.voice import EmployeeVoice
from bot.insight.columns import table, wrap
from bot.insight.figures import Figures
from bot.insight.headline import channel_name, headline, is_quiet, mean
from bot.insight.quotes import QUOTE_LENGTH, cut_around
from bot.insight.shares import FEWEST_FOR_A_SHARE, share
from bot.insight.surveys import figure
from bot.insight.wording import Wording, wording

WIDTH = 96
_MOST_TOUCHPOINTS = 8
_MOST_CASES = 6
_MOST_PROMISES = 3
_MOST_VOICES = 3
_SILENT_AFTER = timedelta(hours=24)
_UNREAD_AT_LEAST = timedelta(minutes=5)
_INDENT = "   "
_SEVERAL_TIMES = 4
_NUMBER = re.compile(r"^\d\) ")
_ARROWS = {Trend.UP: "▲", Trend.DOWN: "▼"}


def digest_text(digest: Digest, language: Language, *, width: int = WIDTH) -> str:
    """The whole edition, in lines of at most `width` cells, without a line feed at its end."""
    words = wording(language).with_names(digest.names)
    page = _Page(digest=digest, words=words, figures=Figures(language, ZoneInfo(digest.zone)))
    parts = (_header, _pending) if is_quiet(digest) else (_header, *_PARTS)
    lines = [line for part in parts for line in part(page)]
    wrapped = [piece for line in lines for piece in _wrapped(line, width)]
    return "\n".join(wrapped).replace("\u00a0", " ").replace("\u202f", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What every part needs: the edition, the words and the way to write figures."""

    digest: Digest
    words: Wording
    figures: Figures


def _header(page: _Page) -> Iterator[str]:
    digest, words, figures = page.digest, page.words, page.figures
    yield words.say(
        "header.title", edition=words.say(f"edition.{digest.edition}"), brand=digest.brand, date=covered(digest, words)
    )
    if digest.late_by is not None:
        yield words.say("header.late", by=figures.duration(digest.late_by))
    if _unfinished(digest):
        yield words.say("header.unfinished", until=figures.moment(digest.now.until))
    yield words.say("headline.label", finding=headline(digest, words.language))


def covered(digest: Digest, words: Wording) -> str:
    """The local day or week in words: `martes 12 may 2026 (00:00–24:00 Europe/Madrid)`."""
    figures = Figures(words.language, ZoneInfo(digest.zone))
    if digest.edition is Edition.WEEKLY:
        last = digest.day + timedelta(days=6)
        return words.say(
            "header.week",
            first=figures.short_date(digest.day),
            last=f"{figures.short_date(last)} {last.year}",
            zone=digest.zone,
        )
    until = figures.clock(digest.now.until) if _unfinished(digest) else "24:00"
    return words.say("header.day", date=figures.long_date(digest.day), since="00:00", until=until, zone=digest.zone)


def _unfinished(digest: Digest) -> bool:
    days = 1 if digest.edition is Edition.DAILY else 7
    return digest.now.until.astimezone(ZoneInfo(digest.zone)).date() < digest.day + timedelta(days=days)


def _figures(page: _Page) -> Iterator[str]:
    digest, words, figures = page.digest, page.words, page.figures
    title = words.say("figures.title")
    rows = [
        (title, *_columns(page), ""),
        (f"{_INDENT}{words.say('figures.mentions')}", *_volumes(page), _volume_note(page)),
        (f"{_INDENT}{words.say('figures.negative')}", *_shares(page, Sentiment.NEGATIVE), _mood_note(page)),
        (f"{_INDENT}{words.say('figures.positive')}", *_shares(page, Sentiment.POSITIVE), ""),
    ]
    yield from table(rows, right=(1, 2, 3))
    cases = digest.cases
    yield _INDENT + words.say(
        "figures.cases",
        opened=figures.whole(cases.opened),
        resolved=figures.whole(cases.resolved),
        open=figures.whole(cases.open_at_end),
        waiting=figures.whole(cases.waiting_at_end),
    )
    yield _INDENT + _clock(page)
    yield from (_INDENT + line for line in _scores(page))


def _columns(page: _Page) -> tuple[str, str, str]:
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


def usual_label(digest: Digest, words: Wording, key: str) -> str:
    """What the baseline is: so many days, weeks, or so many of the same weekday; or that there is none yet."""
    n = str(digest.usual_periods)
    if not digest.usual_periods:
        return words.say(f"{key}.none")
    if digest.edition is Edition.WEEKLY:
        return words.say(f"{key}.weeks", n=n)
    if digest.usual.until <= digest.before.since:
        figures = Figures(words.language, ZoneInfo(digest.zone))
        return words.say(f"{key}.weekdays", n=n, weekday=figures.weekday_name(digest.day))
    return words.say(f"{key}.days", n=n)


def _volumes(page: _Page) -> tuple[str, str, str]:
    digest, figures, none = page.digest, page.figures, page.words.say("figures.none")
    return (
        figures.whole(digest.now.mentions),
        figures.whole(digest.before.mentions) if digest.before.mentions else none,
        figures.short(mean(digest.usual.mentions, digest)) if digest.usual_periods else none,
    )


def _volume_note(page: _Page) -> str:
    digest = page.digest
    if not digest.usual_periods:
        return ""
    usual = mean(digest.usual.mentions, digest)
    arrow = _trend(page, digest.volume)
    if digest.volume in _ARROWS and usual:
        return f"{arrow} ({_change(page, digest.now.mentions / usual)})"
    return arrow


def _change(page: _Page, ratio: float) -> str:
    """+46 %; and ×6 instead of +500 %, which nobody can picture."""
    return f"×{page.figures.short(ratio)}" if ratio >= _SEVERAL_TIMES else page.figures.signed_percent(ratio - 1)


def _shares(page: _Page, mood: Sentiment) -> tuple[str, str, str]:
    digest = page.digest
    counts = [
        (getattr(tally, mood.value), tally.negative + tally.neutral + tally.positive)
        for tally in (digest.now, digest.before, digest.usual)
    ]
    now, before, usual = (_share(page, share(part, n)) for part, n in counts)
    return now, before, usual


def _share(page: _Page, of: Share) -> str:
    if not of.n:
        return page.words.say("figures.none")
    if of.n < FEWEST_FOR_A_SHARE:
        return f"{of.part}/{of.n}"
    return page.figures.percent(of.value)


def _mood_note(page: _Page) -> str:
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


def _trend(page: _Page, trend: Trend) -> str:
    match trend:
        case Trend.UP | Trend.DOWN:
            return _ARROWS[trend]
        case Trend.SAME:
            return page.words.say("figures.same")
        case Trend.TOO_FEW:
            return page.words.say("figures.too_few")


def _clock(page: _Page) -> str:
    digest, words, figures = page.digest, page.words, page.figures
    now, before = digest.cases, digest.cases_before
    if not now.answers_due:
        return words.say("figures.clock_none")
    was = "" if before.first_answer_median is None else figures.duration(before.first_answer_median)
    share_was = figures.percent(before.answered_in_time / before.answers_due) if before.answers_due else ""
    return words.say(
        "figures.clock",
        median=words.say("figures.none")
        if now.first_answer_median is None
        else figures.duration(now.first_answer_median),
        before=words.say("figures.clock_before", was=was) if was else "",
        share=figures.percent(now.answered_in_time / now.answers_due),
        due=figures.whole(now.answers_due),
        share_before=words.say("figures.clock_before", was=share_was) if share_was else "",
    )


def _scores(page: _Page) -> list[str]:
    asked = [score for score in page.digest.scores if score.asked or score.answers]
    if not asked:
        return [page.words.say("score.none")]
    return [_score(page, score) for score in asked]


def _score(page: _Page, score: Score) -> str:
    words, figures = page.words, page.figures
    known = figure(score)
    name, n, asked = words.say(f"score.{known.kind}"), figures.whole(known.n), figures.whole(known.response.n)
    if known.value is None or known.low is None or known.high is None:
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
        low=write(known.low),
        high=write(known.high),
    )


def _touchpoints(page: _Page) -> Iterator[str]:
    words, lines = page.words, page.digest.touchpoints
    if not lines:
        yield f"{words.say('touchpoints.title')}: {words.say('touchpoints.none')}"
        return
    keys = ("volume", "usual", "negative", "negative_usual")
    header = (words.say("touchpoints.title"), *(words.say(f"touchpoints.{key}") for key in keys), "")
    shown = [each for line in lines[:_MOST_TOUCHPOINTS] for each in (line, *line.own_lines)]
    rows = [_touchpoint(page, line) for line in shown]
    yield from table([header, *rows], right=(1, 2, 3, 4))
    if len(lines) > _MOST_TOUCHPOINTS:
        yield _INDENT + words.say("touchpoints.more", n=str(len(lines) - _MOST_TOUCHPOINTS))


def _touchpoint(page: _Page, line: TouchpointLine) -> tuple[str, str, str, str, str, str]:
    words, figures, none = page.words, page.figures, page.words.say("figures.none")
    has_usual, doubt = bool(page.digest.usual_periods), _doubt(page, line)
    sign = _ARROWS.get(line.volume, "=" if line.volume is Trend.SAME and not doubt else " ")
    return (
        f"{_INDENT}{sign} {words.touchpoint(line.touchpoint, line.own)}",
        figures.whole(line.now.experiences),
        figures.short(line.usual) if has_usual else none,
        _share(page, line.negative),
        none if line.negative_usual is None else figures.percent(line.negative_usual),
        words.say("figures.too_few") if line.volume is Trend.TOO_FEW and has_usual else doubt,
    )


def _doubt(page: _Page, line: TouchpointLine) -> str:
    """The headline explains the negatives by this touchpoint: then more voices are not called the usual ones.

    It weighs negatives; whether there are more voices is another question, which a few periods often leave open.
    """
    explained = page.digest.explained_by
    if explained is None or (line.touchpoint, line.own) != (explained.touchpoint, explained.own):
        return ""
    if line.volume is not Trend.SAME or line.now.experiences <= line.usual:
        return ""
    return page.words.say(f"touchpoints.doubt.{page.digest.edition}")


def _quotes(page: _Page) -> Iterator[str]:
    words, quotes = page.words, page.digest.quotes
    if not quotes:
        yield f"{words.say('quotes.title')}: {words.say('quotes.none')}"
        return
    yield words.say("quotes.title")
    for quote in quotes:
        yield f"{_INDENT}{_quote(page, quote)}"


def _quote(page: _Page, quote: Quote) -> str:
    words = page.words
    place = words.say("touchpoint.unknown") if quote.touchpoint is None else words.touchpoint(quote.touchpoint)
    case = [] if quote.case_key is None else [words.say("quotes.case", case=str(quote.case_key))]
    glad = [words.say("quotes.glad")] if quote.glad else []
    return f"“{quote.text}” " + " ".join([*glad, "·", place, *(f"· {each}" for each in case)])


def _loop(page: _Page) -> Iterator[str]:
    words, figures, loops = page.words, page.figures, page.digest.loops
    if not loops.detractors and not loops.unclosed:
        yield f"{words.say('loop.title')}: {words.say('loop.none')}"
        return
    counts = words.say(
        "loop.counts",
        detractors=figures.whole(loops.detractors),
        contacted=figures.whole(loops.contacted),
        recovered=figures.whole(loops.recovered),
        lost=figures.whole(loops.not_recovered),
        open=figures.whole(len(loops.unclosed)),
    )
    yield f"{words.say('loop.title')}: {counts}{_case_keys(words, loops.unclosed)}"


def _case_keys(words: Wording, cases: Sequence[Case]) -> str:
    if not cases:
        return ""
    urgent_first = sorted(cases, key=lambda case: (-case.urgency.rank, case.key))
    listed = ", ".join(f"#{case.key}" for case in urgent_first[:_MOST_CASES])
    rest = words.say("loop.more", n=str(len(cases) - _MOST_CASES)) if len(cases) > _MOST_CASES else ""
    return words.say("loop.open", keys=listed) + rest


def _promises(page: _Page) -> Iterator[str]:
    words, figures, digest = page.words, page.figures, page.digest
    if not (digest.promises_to_follow or digest.promises_kept):
        yield f"{words.say('promises.title')}: {words.say('promises.none')}"
        return
    counts = words.say(
        "promises.counts",
        due=figures.whole(len(digest.promises_due)),
        broken=figures.whole(len(digest.promises_broken)),
        unheard=figures.whole(len(digest.promises_unheard)),
        kept=figures.whole(len(digest.promises_kept)),
    )
    yield f"{words.say('promises.title')}: {counts}"
    yield from _promise_lines(page, "promises.broken", digest.promises_broken)
    yield from _promise_lines(page, "promises.unheard", digest.promises_unheard)
    yield from _promise_lines(page, "promises.due", digest.promises_due)


def _promise_lines(page: _Page, line: str, promises: Sequence[Promise]) -> Iterator[str]:
    words = page.words
    for promise in promises[:_MOST_PROMISES]:
        case = words.say("promises.no_case") if promise.case_key is None else f"#{promise.case_key}"
        yield _INDENT + words.say(line, case=case, what=promise.what, due=page.figures.moment(promise.due))
    if len(promises) > _MOST_PROMISES:
        yield _INDENT + words.say("promises.more", n=str(len(promises) - _MOST_PROMISES))


def _voice(page: _Page) -> Iterator[str]:
    words, voices = page.words, page.digest.voices
    if not voices:
        yield f"{words.say('voice.title')}: {words.say('voice.none')}"
        return
    yield words.say("voice.title")
    for voice in voices[:_MOST_VOICES]:
        yield _INDENT + _said(words, voice)
    if len(voices) > _MOST_VOICES:
        yield _INDENT + words.say("voice.more", n=str(len(voices) - _MOST_VOICES))


def _said(words: Wording, voice: EmployeeVoice) -> str:
    """What an employee said, how many said so too, and the touchpoint where customers live it."""
    votes = words.count("voice.votes", voice.votes) if voice.votes else ""
    place = "" if voice.touchpoint is None else words.say("voice.at", touchpoint=words.touchpoint(voice.touchpoint))
    return words.say("voice.said", text=cut_around(voice.text, "", QUOTE_LENGTH), votes=votes, place=place)


def _alerts(page: _Page) -> Iterator[str]:
    words, spikes = page.words, page.digest.spikes
    said = [_spike(page, spike) for spike in spikes] or [words.say("alerts.none")]
    yield f"{words.say('alerts.title')}: {' · '.join(said)}"


def _spike(page: _Page, spike: Spike) -> str:
    words, figures = page.words, page.figures
    quoted = ", ".join(words.say("alerts.word", word=word) for word in spike.words)
    weekly = page.digest.edition is Edition.WEEKLY
    return words.say(
        "alerts.spike",
        since=figures.moment(spike.since) if weekly else figures.clock(spike.since),
        until=figures.clock(spike.until),
        where=words.say("alerts.where", touchpoint=words.touchpoint(spike.touchpoint)) if spike.touchpoint else "",
        n=figures.whole(spike.mentions),
        size=_size(page, spike),
        words=words.say("alerts.words", words=quoted) if quoted else "",
    )


def _size(page: _Page, spike: Spike) -> str:
    """How many times the usual; of next to nothing there is no number of times."""
    if spike.times_usual >= spike.mentions:
        return page.words.say("alerts.unusual")
    return page.words.say("alerts.times", times=page.figures.short(spike.times_usual))


def _quality(page: _Page) -> Iterator[str]:
    words = page.words
    said = [*_gaps(page), *_silences(page), *_unread(page), *_unsent(page)] or [words.say("quality.good")]
    yield f"{words.say('quality.title')}: {' · '.join([*said, *_costs(page)])}"


def _gaps(page: _Page) -> Iterator[str]:
    words, figures = page.words, page.figures
    for channel in page.digest.channels:
        if channel.longest_since is None or channel.unread < _UNREAD_AT_LEAST:
            continue
        weekly = page.digest.edition is Edition.WEEKLY
        yield words.say(
            "quality.unread" if channel.gaps == 1 else "quality.unread_often",
            channel=channel_name(channel.channel),
            length=figures.duration(channel.unread),
            n=str(channel.gaps),
            longest=figures.duration(channel.longest),
            since=figures.moment(channel.longest_since) if weekly else figures.clock(channel.longest_since),
        )


def _costs(page: _Page) -> Iterator[str]:
    """What each channel cost, and whether its money was enough."""
    words, paid = page.words, [channel for channel in page.digest.channels if channel.spent]
    if paid:
        yield words.say("quality.costs", costs=", ".join(_cost(page, channel) for channel in paid))
    for channel in paid:
        if channel.days_spent:
            key = "ran_out" if channel.days_spent == 1 else "ran_out_days"
            name, n = channel_name(channel.channel), str(channel.days_spent)
            yield words.say(f"quality.{key}.{channel.when_spent}", channel=name, n=n)


def _cost(page: _Page, channel: ChannelTally) -> str:
    return page.words.say(
        "quality.cost" if channel.budget is None else "quality.cost_of",
        channel=channel_name(channel.channel),
        spent=page.figures.money(channel.spent),
        budget=page.figures.money(channel.budget or Decimal(0)),
        currency=channel.currency,
    )


def _silences(page: _Page) -> Iterator[str]:
    digest = page.digest
    for channel, heard in sorted(digest.quality.channels_last_heard.items()):
        if digest.now.until - heard > _SILENT_AFTER:
            yield page.words.say("quality.silent", channel=channel_name(channel), since=page.figures.moment(heard))


def _unread(page: _Page) -> Iterator[str]:
    now, quality, words, figures = page.digest.now, page.digest.quality, page.words, page.figures
    for key, part in (("abstained", now.abstained), ("degraded", now.degraded)):
        if part and now.mentions:
            yield words.say(f"quality.{key}", share=figures.percent(part / now.mentions))
    for key, n in (("left_out", now.left_out), ("waiting", quality.waiting), ("quarantined", quality.quarantined)):
        if n:
            yield words.say(f"quality.{key}", n=figures.whole(n))


def _unsent(page: _Page) -> Iterator[str]:
    quality, words = page.digest.quality, page.words
    for key, n in (("unknown_sends", quality.unknown_sends), ("dead_sends", quality.dead_sends)):
        if n:
            yield words.say(f"quality.{key}", n=page.figures.whole(n))
    if quality.corrections:
        yield words.count("quality.corrections", quality.corrections)


_Part = Callable[[_Page], Iterator[str]]
_PARTS: tuple[_Part, ...] = (_figures, _touchpoints, _quotes, _loop, _promises, _voice, _alerts, _quality)


def _pending(page: _Page) -> Iterator[str]:
    """Of a quiet period only what was said, what somebody still has to do, and what it rests on; not numbered."""
    digest = page.digest
    parts: list[_Part] = []
    if digest.loops.unclosed:
        parts.append(_loop)
    if digest.promises_to_follow:
        parts.append(_promises)
    if digest.quotes:
        parts.append(_quotes)
    if digest.voices:
        parts.append(_voice)
    for part in (*parts, _quality):
        yield from (_NUMBER.sub("", line) for line in part(page))


def _wrapped(line: str, width: int) -> list[str]:
    depth = len(line) - len(line.lstrip(" "))
    return wrap(line, width, " " * (depth + (3 if depth == 0 else 2)))
