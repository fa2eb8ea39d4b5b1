"""Which edition it is, whether it comes late or before its time, and the finding."""

from __future__ import annotations

from collections.abc import Iterator

from bot.insight.headline import headline
from bot.insight.parts.covered import covered, unfinished
from bot.insight.parts.page import Page


def header(page: Page) -> Iterator[str]:
    digest, words, figures = page.digest, page.words, page.figures
    yield words.say(
        "header.title", edition=words.say(f"edition.{digest.edition}"), brand=digest.brand, date=covered(digest, words)
    )
    if digest.late_by is not None:
        yield words.say("header.late", by=figures.duration(digest.late_by))
    if unfinished(digest):
        yield words.say("header.unfinished", until=figures.moment(digest.now.until))
    yield words.say("headline.label", finding=headline(digest, words.language))
