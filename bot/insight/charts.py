"""Draw a digest as one calm picture: when people spoke and how they felt, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from textwrap import shorten, wrap
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from bot.domain.digest import Digest, Edition, Tally, TouchpointLine
from bot.domain.reading import Language, Sentiment
from bot.insight.figures import Figures
from bot.insight.headline import headline
from bot.insight.parts.covered import covered, usual_label
from bot.insight.periods import hour_by_clock
from bot.insight.wording import Wording, wording

if TYPE_CHECKING:  # matplotlib takes half a second to import, and only pictures need it
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INK, _SOFT, _PALE, _PAPER = "#22303c", "#66747f", "#e3e7ea", "#ffffff"
# Okabe & Ito (2008): vermilion and blue stay apart for every kind of colour blindness, and in grey
_COLOURS = {Sentiment.NEGATIVE: "#d55e00", Sentiment.NEUTRAL: "#c3cad0", Sentiment.POSITIVE: "#0072b2"}
_STACK = (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE)
_MOST_PLACES = 8
_LABELS_EVERY = 3
_DAYS_A_WEEK = 7
_TITLE_LENGTH = 80
_MOST_LINES = 6
_FEWEST_ROWS = 6
_LOWEST_TOP = 4.0
_ROOM_FOR_FIGURES = 1.65
_BRAND_LENGTH = 60
_NAME_LENGTH = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """One bar of the left picture: an hour or a day, with the mentions of each feeling and the usual total."""

    label: str
    feelings: dict[Sentiment, int]
    usual: float


def draw_digest(digest: Digest, path: Path, language: Language) -> str:
    """Write a PNG of 1600 x 900 points to `path` and return its alternative text."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415  see above
    from matplotlib.figure import Figure  # noqa: PLC0415

    words, figures = wording(language).with_names(digest.names), Figures(language, ZoneInfo(digest.zone))
    picture = Figure(figsize=(16, 9), dpi=100, facecolor=_PAPER)
    FigureCanvasAgg(picture)
    _title(picture, digest, words)
    if digest.now.mentions:
        _volume(picture.add_axes((0.055, 0.13, 0.50, 0.62)), digest, words, figures)
        _places(picture.add_axes((0.685, 0.13, 0.285, 0.62)), digest, words, figures)
        _write(picture, _Place(0.03, 0.035), _footnote(digest, words, figures), size=11.5, colour=_SOFT)
    else:
        _write(picture, _Place(0.03, 0.77), words.say("chart.empty"), size=18, colour=_SOFT)
    picture.savefig(path, format="png", metadata={"Title": _drawable(headline(digest, language))})
    return alternative_text(digest, words, figures)


def alternative_text(digest: Digest, words: Wording, figures: Figures) -> str:
    """What the picture shows, for those who cannot see it."""
    now = digest.now
    places = ", ".join(
        words.say(
            "chart.alt_place",
            touchpoint=words.touchpoint(line.touchpoint),
            n=figures.whole(line.now.mentions),
            usual=figures.short(line.usual) if digest.usual_periods else words.say("figures.none"),
        )
        for line in digest.touchpoints[:_MOST_PLACES]
    )
    text = words.say(
        "chart.alt",
        brand=digest.brand,
        date=covered(digest, words),
        finding=_capital(headline(digest, words.language)),
        mentions=words.count("headline.mentions", now.mentions, n=figures.whole(now.mentions)),
        negative=words.count("chart.alt_negative", now.negative, n=figures.whole(now.negative)),
        neutral=words.count("chart.alt_neutral", now.neutral, n=figures.whole(now.neutral)),
        positive=words.count("chart.alt_positive", now.positive, n=figures.whole(now.positive)),
        places=words.say("chart.alt_places", places=places) if places else "",
    )
    return text.replace("\u00a0", " ")


def _title(picture: Figure, digest: Digest, words: Wording) -> None:
    lines = _in_two(_capital(headline(digest, words.language)))
    _write(picture, _Place(0.03, 0.955, top=True), "\n".join(lines), size=23, colour=_INK, bold=True)
    brand = shorten(digest.brand, _BRAND_LENGTH, placeholder="…")
    under = f"{words.say(f'edition.{digest.edition}')} · {brand} · {covered(digest, words)}"
    _write(picture, _Place(0.03, 0.905 if len(lines) == 1 else 0.855, top=True), under, size=14, colour=_SOFT)


def _in_two(title: str) -> list[str]:
    """One line where it fits, else two of about the same length."""
    if len(title) <= _TITLE_LENGTH:
        return [title]
    return wrap(title, max(len(title) // 2 + 8, 40), max_lines=2, placeholder=" …")


def _capital(finding: str) -> str:
    return finding[:1].upper() + finding[1:]


def _volume(axes: Axes, digest: Digest, words: Wording, figures: Figures) -> None:
    slots = list(_slots(digest, figures))
    _frame(axes, words.say(f"chart.volume.{digest.edition}"))
    below = [0] * len(slots)
    for feeling in _STACK:
        heights = [slot.feelings[feeling] for slot in slots]
        label = words.say(f"sentiment.{feeling}")
        axes.bar(range(len(slots)), heights, bottom=below, width=0.82, color=_COLOURS[feeling], label=label)
        below = [base + height for base, height in zip(below, heights, strict=True)]
    usual = [slot.usual for slot in slots]
    if digest.usual_periods:
        edges = [at - 0.5 for at in range(len(slots) + 1)]
        label = words.say("chart.usual_line")
        axes.stairs(usual, edges, baseline=None, color=_INK, linewidth=1.8, linestyle=(0, (2, 1.5)), label=label)
    every = _LABELS_EVERY if len(slots) > _DAYS_A_WEEK else 1
    axes.set_xticks(range(0, len(slots), every), [slot.label for slot in slots[::every]])
    axes.set_xlim(-0.7, len(slots) - 0.3)
    top = 1.1 * max(_LOWEST_TOP, *below, *usual)
    axes.set_ylim(0, top)
    ticks = range(0, int(top) + 1, _step(top))
    axes.set_yticks(ticks, [figures.whole(tick) for tick in ticks])
    axes.grid(axis="y", color=_PALE, linewidth=1)
    _legend(axes, "lower right", (1.0, 1.005))


def _step(top: float) -> int:
    """A round distance between at most six lines."""
    steps = (unit * int(10.0**zeros) for zeros in range(12) for unit in (1, 2, 5))
    return next(step for step in steps if top / step <= _MOST_LINES)


def _places(axes: Axes, digest: Digest, words: Wording, figures: Figures) -> None:
    lines = digest.touchpoints[:_MOST_PLACES]
    _frame(axes, words.say("chart.touchpoints"))
    if not lines:
        axes.set_axis_off()
        axes.text(0.0, 0.93, words.say("chart.no_touchpoints"), color=_SOFT, fontsize=14, transform=axes.transAxes)
        return
    widest = max(_LOWEST_TOP, *(max(line.now.mentions, line.usual) for line in lines))
    begin = [0] * len(lines)
    for feeling in _STACK:
        lengths = [_feeling_at(line, feeling) for line in lines]
        axes.barh(range(len(lines)), lengths, left=begin, height=0.56, color=_COLOURS[feeling])
        begin = [left + length for left, length in zip(begin, lengths, strict=True)]
    for row, line in enumerate(lines):
        axes.text(1.05 * widest, row, beside(line, words, figures), va="center", fontsize=12.5, color=_INK)
    if digest.usual_periods:
        _usual_marks(axes, lines, words)
    names = [wrap(words.touchpoint(line.touchpoint), _NAME_LENGTH) for line in lines]
    axes.set_yticks(range(len(lines)), ["\n".join(name) for name in names])
    axes.set_ylim(max(len(lines), _FEWEST_ROWS) - 0.4, -0.7)
    axes.set_xlim(0, _ROOM_FOR_FIGURES * widest)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_visible(True)


def _usual_marks(axes: Axes, lines: Sequence[TouchpointLine], words: Wording) -> None:
    """A short line across each bar where a usual period would end."""
    rows = range(len(lines))
    usual = [line.usual for line in lines]
    axes.vlines(usual, [row - 0.4 for row in rows], [row + 0.4 for row in rows], color=_INK, linewidth=2.2)
    axes.plot([], [], color=_INK, marker="|", markersize=14, markeredgewidth=2.2, linestyle="none")
    axes.lines[-1].set_label(words.say("chart.usual_bar"))
    _legend(axes, "upper left", (-0.02, 0.0))


def _feeling_at(line: TouchpointLine, feeling: Sentiment) -> int:
    match feeling:
        case Sentiment.NEGATIVE:
            return line.now.negative
        case Sentiment.POSITIVE:
            return line.now.positive
        case Sentiment.NEUTRAL:
            return line.now.neutral


def _legend(axes: Axes, corner: Literal["lower right", "upper left"], at: tuple[float, float]) -> None:
    axes.legend(
        loc=corner,
        bbox_to_anchor=at,
        ncols=4,
        frameon=False,
        fontsize=12.5,
        labelcolor=_INK,
        handlelength=1.3,
        columnspacing=1.4,
        handletextpad=0.5,
        borderaxespad=0.2,
    )


def beside(line: TouchpointLine, words: Wording, figures: Figures) -> str:
    """What stands beside a bar: how many voices and, where there is one, how many of them are negative."""
    n, of = figures.whole(line.now.mentions), line.negative
    return f"{n}  ·  {words.say('chart.negative', share=figures.share(of))}" if of.n else n


def _frame(axes: Axes, title: str) -> None:
    axes.set_title(title, loc="left", fontsize=15, color=_INK, fontweight="bold", pad=12)
    axes.set_facecolor(_PAPER)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    for side in ("bottom", "left"):
        axes.spines[side].set_color(_SOFT)
    axes.tick_params(length=0, labelsize=12.5, labelcolor=_INK, pad=6)


def _slots(digest: Digest, figures: Figures) -> Iterator[_Slot]:
    if digest.edition is Edition.WEEKLY:
        yield from _days(digest, figures)
        return
    for index in range(_length_in_hours(digest.now)):
        start = digest.now.since + timedelta(hours=index)
        yield _Slot(
            label=figures.clock(start),
            feelings=_feelings(digest.now, [index]),
            usual=_usual(digest, [hour_by_clock(digest.now, index, figures.zone)]),
        )


def _days(digest: Digest, figures: Figures) -> Iterator[_Slot]:
    zone = ZoneInfo(digest.zone)
    for number, day in enumerate(digest.day + timedelta(days=each) for each in range(7)):
        indexes = [
            index
            for index in range(_length_in_hours(digest.now))
            if _local(digest.now.since + timedelta(hours=index), zone).date() == day
        ]
        yield _Slot(
            label=figures.weekday(day),
            feelings=_feelings(digest.now, indexes),
            usual=_usual(digest, range(24 * number, 24 * (number + 1))),
        )


def _usual(digest: Digest, hours: Sequence[int]) -> float:
    """Of a usual period, at those hours by the clock."""
    return sum(_feelings(digest.usual, hours).values()) / max(1, digest.usual_periods)


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone)


def _length_in_hours(tally: Tally) -> int:
    return max(1, -(-(tally.until - tally.since) // timedelta(hours=1)))


def _feelings(tally: Tally, indexes: Sequence[int]) -> dict[Sentiment, int]:
    return {feeling: sum(tally.by_hour.get(index, {}).get(feeling, 0) for index in indexes) for feeling in Sentiment}


def _footnote(digest: Digest, words: Wording, figures: Figures) -> str:
    return words.say(
        "chart.footnote",
        mentions=words.count("headline.mentions", digest.now.mentions, n=figures.whole(digest.now.mentions)),
        baseline=usual_label(digest, words, "chart.baseline"),
        zone=digest.zone,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a text stands on the picture, from 0 to 1; its baseline there, or its top."""

    x: float
    y: float
    top: bool = False


def _write(  # noqa: PLR0913  a text, its place and its looks
    picture: Figure, place: _Place, text: str, *, size: float, colour: str, bold: bool = False
) -> None:
    picture.text(
        place.x,
        place.y,
        _drawable(text),
        fontsize=size,
        color=colour,
        fontweight="bold" if bold else "normal",
        va="top" if place.top else "baseline",
        linespacing=1.25,
        parse_math=False,  # a price in dollars is no formula
    )


def _drawable(text: str) -> str:
    """Without the characters that the font has no glyph for: they would be drawn as empty boxes."""
    from matplotlib.font_manager import findfont, get_font  # noqa: PLC0415  see above

    known = get_font(findfont("DejaVu Sans")).get_charmap()
    return "".join(character for character in text if ord(character) in known or character == "\n")
