"""Draw what a model is worth: how far its confidence can be trusted, and what it takes for what."""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.evaluation import ALL, Confusion, Reliability, Report, Task
from bot.domain.reading import Language
from bot.insight.figures import Figures
from bot.insight.wording import Wording, wording

if TYPE_CHECKING:  # matplotlib takes half a second to import, and only pictures need it
    from matplotlib.axes import Axes

_INK, _SOFT, _PALE, _PAPER = "#22303c", "#66747f", "#e3e7ea", "#ffffff"
_LINE, _GAP = "#0072b2", "#d55e00"  # Okabe & Ito (2008), as in the digest's picture
_HEADS = ("sentiment", "intents", "span", "language")
_CONFUSED = (Task.SENTIMENT, Task.STAGE, Task.URGENCY)
_NOTE_LENGTH = 165
_FEWEST = 300  # below, the calibration error is mostly chance: docs/how-to/measure-the-model.md
_DARK = 0.55  # a cell fuller than this is written on in white


def draw_reliability(report: Report, path: Path, language: Language) -> str:
    """Write a PNG of 1600 x 900 points to `path` and return its alternative text."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415  see above
    from matplotlib.figure import Figure  # noqa: PLC0415

    words, figures = wording(language), Figures(language, ZoneInfo("UTC"))
    picture = Figure(figsize=(16, 9), dpi=100, facecolor=_PAPER)
    FigureCanvasAgg(picture)
    say, title = words.say, _title(report, words, figures)
    picture.text(0.03, 0.935, title, fontsize=23, color=_INK, fontweight="bold", va="center")
    rows = words.count("evaluation.texts", report.rows, n=figures.whole(report.rows))
    under = say("evaluation.chart.under", model=report.model, rows=rows)
    picture.text(0.03, 0.882, under, fontsize=14, color=_SOFT, va="center", parse_math=False)
    for number, head in enumerate(_heads(report)):
        axes = picture.add_axes((0.075 + 0.315 * (number % 2), 0.535 - 0.385 * (number // 2), 0.24, 0.265))
        _diagram(axes, head, report.heads[head], words, figures)
    for number, task in enumerate(_tasks(report)):
        axes = picture.add_axes((0.735, 0.635 - 0.2625 * number, 0.235, 0.165))
        _matrix(axes, task, report.confusion[task][ALL], words, figures)
    if _heads(report) or _tasks(report):
        note = "\n".join(wrap(" ".join((say("evaluation.chart.footnote"), *_warning(report, words))), _NOTE_LENGTH))
        picture.text(0.03, 0.018, note, fontsize=11.5, color=_SOFT, linespacing=1.3)
    else:
        picture.text(0.03, 0.77, say("evaluation.chart.empty"), fontsize=18, color=_SOFT)
    picture.savefig(path, format="png", metadata={"Title": title})
    return alternative_text(report, words, figures)


def alternative_text(report: Report, words: Wording, figures: Figures) -> str:
    """What the picture shows, for those who cannot see it."""
    if not _heads(report) and not _tasks(report):
        return words.say("evaluation.chart.empty")
    panels = "".join(
        words.count(
            "evaluation.chart.alt_panel",
            report.heads[head].n,
            head=words.say(f"evaluation.head.{head}"),
            n=figures.whole(report.heads[head].n),
            error=figures.score(report.heads[head].error),
        )
        for head in _heads(report)
    )
    confusions = "; ".join(
        words.say("evaluation.chart.alt_confusion", task=words.say(f"evaluation.task.{task}"))
        + ", ".join(_right(label, report.confusion[task][ALL], words, figures) for label in _true(task, report))
        for task in _tasks(report)
    )
    title = _title(report, words, figures)
    text = words.say("evaluation.chart.alt", title=title, panels=panels, confusions=confusions).rstrip("; ")
    return " ".join((f"{text}.", *_warning(report, words))).replace("\u00a0", " ")


def _warning(report: Report, words: Wording) -> list[str]:
    """That an error stands there which few readings make."""
    few = any(report.heads[head].n < _FEWEST for head in _heads(report))
    return [words.say("evaluation.chart.few", n=str(_FEWEST))] if few else []


def _title(report: Report, words: Wording, figures: Figures) -> str:
    """The finding, where there are readings enough for one."""
    if "sentiment" not in report.heads or report.heads["sentiment"].n < _FEWEST:
        return words.say("evaluation.chart.title_bare")
    return words.say("evaluation.chart.title", points=figures.decimal(100 * report.heads["sentiment"].error))


def _heads(report: Report) -> list[str]:
    return [head for head in _HEADS if head in report.heads]


def _tasks(report: Report) -> list[Task]:
    return [task for task in _CONFUSED if task in report.confusion]


def _true(task: Task, report: Report) -> list[str]:
    """The labels that were true at least once."""
    confusion = report.confusion[task][ALL]
    return [label for label in confusion if sum(confusion[label].values())]


def _right(label: str, confusion: Confusion, words: Wording, figures: Figures) -> str:
    n = sum(confusion[label].values())
    share = figures.percent(confusion[label][label] / n)
    name = words.say(f"evaluation.label.{label}")
    return words.say("evaluation.chart.alt_right", label=name, share=share, n=figures.whole(n))


def _diagram(axes: Axes, head: str, reliability: Reliability, words: Wording, figures: Figures) -> None:
    name = words.say(f"evaluation.head.{head}")
    title = words.say("evaluation.chart.panel", head=name, error=figures.score(reliability.error))
    _frame(axes, title)
    said = [each.confidence for each in reliability.bins]
    right = [each.accuracy for each in reliability.bins]
    axes.plot([0, 1], [0, 1], color=_SOFT, linewidth=1.4, linestyle=(0, (2, 1.5)))
    axes.vlines(said, said, right, color=_GAP, linewidth=2.4, alpha=0.55)
    axes.plot(said, right, color=_LINE, linewidth=1.6, marker="o", markersize=6)
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)
    ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
    axes.set_xticks(ticks, [figures.percent(tick) for tick in ticks])
    axes.set_yticks(ticks, [figures.percent(tick) for tick in ticks])
    axes.grid(color=_PALE, linewidth=1)
    axes.set_xlabel(words.say("evaluation.chart.confidence"), fontsize=11.5, color=_SOFT, labelpad=5)
    axes.set_ylabel(words.say("evaluation.chart.accuracy"), fontsize=11.5, color=_SOFT)


def _matrix(axes: Axes, task: Task, confusion: Confusion, words: Wording, figures: Figures) -> None:
    labels = list(confusion)
    shares = [[confusion[true][read] / (sum(confusion[true].values()) or 1) for read in labels] for true in labels]
    _frame(axes, words.say(f"evaluation.task.{task}"))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row, true in enumerate(labels):
        for column, read in enumerate(labels):
            colour = _PAPER if shares[row][column] > _DARK else _INK
            n = figures.whole(confusion[true][read])
            axes.text(column, row, n, ha="center", va="center", color=colour, fontsize=12)
    names = [words.say(f"evaluation.label.{label}") for label in labels]
    axes.set_xticks(range(len(labels)), names)
    axes.set_yticks(range(len(labels)), names)
    for side in ("bottom", "left"):
        axes.spines[side].set_visible(False)


def _frame(axes: Axes, title: str) -> None:
    axes.set_title(title, loc="left", fontsize=13.5, color=_INK, fontweight="bold", pad=10)
    axes.set_facecolor(_PAPER)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("bottom", "left"):
        axes.spines[side].set_color(_SOFT)
    axes.tick_params(length=0, labelsize=11.5, labelcolor=_INK, pad=7)
