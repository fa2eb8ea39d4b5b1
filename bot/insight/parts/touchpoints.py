"""Where it was lived: each touchpoint against its usual, the busiest first."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.digest import TouchpointLine, Trend
from bot.insight.columns import table
from bot.insight.parts.page import ARROWS, INDENT, Page

_MOST_TOUCHPOINTS = 8


def touchpoints(page: Page) -> Iterator[str]:
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
        yield INDENT + words.say("touchpoints.more", n=str(len(lines) - _MOST_TOUCHPOINTS))


def _touchpoint(page: Page, line: TouchpointLine) -> tuple[str, str, str, str, str, str]:
    words, figures, none = page.words, page.figures, page.words.say("figures.none")
    has_usual, doubt = bool(page.digest.usual_periods), _doubt(page, line)
    sign = ARROWS.get(line.volume, "=" if line.volume is Trend.SAME and not doubt else " ")
    return (
        f"{INDENT}{sign} {words.touchpoint(line.touchpoint, line.own)}",
        figures.whole(line.now.mentions),
        figures.short(line.usual) if has_usual else none,
        page.share(line.negative),
        none if line.negative_usual is None else figures.percent(line.negative_usual),
        words.say("figures.too_few") if line.volume is Trend.TOO_FEW and has_usual else doubt,
    )


def _doubt(page: Page, line: TouchpointLine) -> str:
    """The headline explains the negatives by this touchpoint: then more voices are not called the usual ones.

    It weighs negatives; whether there are more voices is another question, which a few periods often leave open.
    """
    explained = page.digest.explained_by
    if explained is None or (line.touchpoint, line.own) != (explained.touchpoint, explained.own):
        return ""
    if line.volume is not Trend.SAME or line.now.mentions <= line.usual:
        return ""
    return page.words.say(f"touchpoints.doubt.{page.digest.edition}")
