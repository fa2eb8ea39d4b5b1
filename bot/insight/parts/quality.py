"""What the digest rests on: what was not heard, not read or not sent, and what listening cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from bot.domain.digest import ChannelTally, Edition
from bot.insight.parts.page import Page

_SILENT_AFTER = timedelta(hours=24)
_UNREAD_AT_LEAST = timedelta(minutes=5)


def quality(page: Page) -> Iterator[str]:
    words = page.words
    said = [*_gaps(page), *_silences(page), *_unread(page), *_unsent(page)] or [words.say("quality.good")]
    yield f"{words.say('quality.title')}: {' · '.join([*said, *_costs(page)])}"


def _gaps(page: Page) -> Iterator[str]:
    words, figures = page.words, page.figures
    for channel in page.digest.channels:
        if channel.longest_since is None or channel.unread < _UNREAD_AT_LEAST:
            continue
        weekly = page.digest.edition is Edition.WEEKLY
        yield words.say(
            "quality.unread" if channel.gaps == 1 else "quality.unread_often",
            channel=words.channel(channel.channel),
            length=figures.duration(channel.unread),
            n=str(channel.gaps),
            longest=figures.duration(channel.longest),
            since=figures.moment(channel.longest_since) if weekly else figures.clock(channel.longest_since),
        )


def _costs(page: Page) -> Iterator[str]:
    """What each channel cost, and whether its money was enough."""
    words, paid = page.words, [channel for channel in page.digest.channels if channel.spent]
    if paid:
        yield words.say("quality.costs", costs=", ".join(_cost(page, channel) for channel in paid))
    for channel in paid:
        if channel.days_spent:
            key = "ran_out" if channel.days_spent == 1 else "ran_out_days"
            name, n = words.channel(channel.channel), str(channel.days_spent)
            yield words.say(f"quality.{key}.{channel.when_spent}", channel=name, n=n)


def _cost(page: Page, channel: ChannelTally) -> str:
    return page.words.say(
        "quality.cost" if channel.budget is None else "quality.cost_of",
        channel=page.words.channel(channel.channel),
        spent=page.figures.money(channel.spent),
        budget=page.figures.money(channel.budget or Decimal(0)),
        currency=channel.currency,
    )


def _silences(page: Page) -> Iterator[str]:
    digest = page.digest
    for channel, heard in sorted(digest.quality.channels_last_heard.items()):
        if digest.now.until - heard > _SILENT_AFTER:
            name, since = page.words.channel(channel), page.figures.moment(heard)
            yield page.words.say("quality.silent", channel=name, since=since)


def _unread(page: Page) -> Iterator[str]:
    now, quality, words, figures = page.digest.now, page.digest.quality, page.words, page.figures
    for key, part in (("abstained", now.abstained), ("degraded", now.degraded)):
        if part and now.mentions:
            yield words.say(f"quality.{key}", share=figures.percent(part / now.mentions))
    for key, n in (("left_out", now.left_out), ("waiting", quality.waiting), ("quarantined", quality.quarantined)):
        if n:
            yield words.say(f"quality.{key}", n=figures.whole(n))


def _unsent(page: Page) -> Iterator[str]:
    quality, words = page.digest.quality, page.words
    for key, n in (("unknown_sends", quality.unknown_sends), ("dead_sends", quality.dead_sends)):
        if n:
            yield words.say(f"quality.{key}", n=page.figures.whole(n))
    if quality.corrections:
        yield words.count("quality.corrections", quality.corrections, n=page.figures.whole(quality.corrections))
