"""When suddenly more was said than usual, where, and with which words."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.digest import Edition, Spike
from bot.insight.parts.page import Page


def alerts(page: Page) -> Iterator[str]:
    words, spikes = page.words, page.digest.spikes
    said = [_spike(page, spike) for spike in spikes] or [words.say("alerts.none")]
    yield f"{words.say('alerts.title')}: {' · '.join(said)}"


def _spike(page: Page, spike: Spike) -> str:
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


def _size(page: Page, spike: Spike) -> str:
    """How many times the usual; of next to nothing there is no number of times."""
    if spike.times_usual >= spike.mentions:
        return page.words.say("alerts.unusual")
    return page.words.say("alerts.times", times=page.figures.short(spike.times_usual))
