"""Show a report on the terminal: a line a task and language, then labels, confusions, calibration and mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from rich import box
from rich.table import Table
from rich.text import Text

from bot.desk.plain import plain
from bot.domain.evaluation import ALL, Confusion, LabelScore, Measured, Report, Task, TaskScores
from bot.domain.reading import Language, Touchpoint
from bot.insight.figures import Figures
from bot.insight.wording import Wording, wording

if TYPE_CHECKING:
    from rich.console import RenderableType

_NOTHING = "–"

Each = TypeVar("Each")


def scoreboard(report: Report, language: Language) -> Iterator[RenderableType]:
    """What to print, from the whole to the parts; `report.wrong` last, where it was asked for."""
    board = _Board(wording(language), Figures(language, ZoneInfo("UTC")))
    yield board.title(report)
    if report.degraded:
        yield Text(board.count("degraded", report.degraded), style="bold red")
    yield board.summary(report)
    for task, groups in report.tasks.items():
        yield board.labels(task, groups)
    for task, confusions in report.confusion.items():
        yield board.confusion(task, confusions[ALL])
    if report.heads:
        yield board.calibration(report)
    if report.abstention:
        yield board.abstention(report)
    if report.wrong:
        yield board.errors(report)


class _Board:
    """The tables, in one language."""

    def __init__(self, words: Wording, figures: Figures) -> None:
        self.words, self.figures = words, figures

    def say(self, key: str, /, **values: str) -> str:
        return self.words.say(f"evaluation.{key}", **values)

    def count(self, key: str, n: int) -> str:
        return self.words.count(f"evaluation.{key}", n, n=self.figures.whole(n))

    def title(self, report: Report) -> Text:
        languages = ", ".join(
            self.say("language_count", language=self.label(name), n=self.figures.whole(n))
            for name, n in report.languages.items()
        )
        rows = self.count("texts", report.rows)
        return Text(self.say("title", model=report.model, rows=rows, languages=languages), style="bold")

    def label(self, label: str) -> str:
        """Touchpoints have their names from the digest; the rest is named for this table."""
        if label in set(Touchpoint):
            return self.words.touchpoint(Touchpoint(label))
        return self.words.phrases.get(f"evaluation.label.{label}", label)

    def task(self, task: Task) -> str:
        return self.say(f"task.{task}")

    def summary(self, report: Report) -> Table:
        columns = ("task", "language", "rows", "accuracy", "macro_recall", "macro_f1", "interval", "micro_f1")
        table = self._table("summary", columns, words=2)
        for task, groups in report.tasks.items():
            for number, (group, scores) in enumerate(_shown(groups)):
                table.add_row(self.task(task) if number == 0 else "", self.label(group), *self._summed(scores))
            table.add_section()
        return table

    def _summed(self, scores: TaskScores) -> Sequence[str]:
        return (
            self.figures.whole(scores.rows),
            self._score(scores.accuracy.value if scores.accuracy else None),
            self._score(scores.macro_recall.value),
            self._score(scores.macro_f1.value),
            self._interval(scores.macro_f1),
            self._score(scores.micro_f1.value),
        )

    def labels(self, task: Task, groups: Mapping[str, TaskScores]) -> Table:
        columns = ("label", "language", "n", "read", "precision", "recall", "f1", "interval")
        table = self._table("labels", columns, words=2, task=self.task(task))
        shown = _shown(groups)
        for label in dict.fromkeys(each.label for _, scores in shown for each in _told(scores)):
            found = [(group, each) for group, scores in shown for each in _told(scores) if each.label == label]
            for number, (group, each) in enumerate(found):
                table.add_row(self.label(label) if number == 0 else "", self.label(group), *self._judged(each))
            if len(shown) > 1:
                table.add_section()
        return table

    def _judged(self, score: LabelScore) -> Sequence[str]:
        return (
            self.figures.whole(score.n),
            self.figures.whole(score.read),
            self._score(score.precision),
            self._score(score.recall),
            self._score(score.f1.value),
            self._interval(score.f1),
        )

    def confusion(self, task: Task, confusion: Confusion) -> Table:
        table = _titled(self.say("confusion", task=self.task(task)))
        labels = list(confusion)
        table.add_column("")
        for label in labels:
            table.add_column(self.label(label), justify="right")
        for true in labels:
            table.add_row(self.label(true), *(self.figures.whole(confusion[true][read]) for read in labels))
        return table

    def calibration(self, report: Report) -> Table:
        table = self._table("calibration", ("head", "n", "error"), words=1)
        for head, reliability in report.heads.items():
            table.add_row(self._head(head), self.figures.whole(reliability.n), self._score(reliability.error))
        return table

    def _head(self, head: str) -> str:
        kind, _, label = head.partition(".")
        return self.label(label) if kind == "intent" else self.say(f"head.{head}")

    def abstention(self, report: Report) -> Table:
        table = self._table("abstention", ("language", "n", "share", "accuracy", "kept", "given_up"), words=1)
        for group, each in _shown(report.abstention):
            share = self.figures.percent(each.abstained / each.n)
            accuracies = (self._score(value) for value in (each.accuracy, each.kept, each.given_up))
            table.add_row(self.label(group), self.figures.whole(each.n), share, *accuracies)
        return table

    def errors(self, report: Report) -> Table:
        table = self._table("errors", ("task", "truth", "said", "confidence", "id", "text"), words=6)
        for wrong in report.wrong:
            said = (", ".join(map(self.label, labels.split(", "))) for labels in (wrong.truth, wrong.read))
            cells = (self.task(wrong.task), *said, self._score(wrong.confidence), wrong.id, wrong.text)
            table.add_row(*(Text(plain(cell)) for cell in cells))
        return table

    def _table(self, title: str, columns: Sequence[str], /, *, words: int, **values: str) -> Table:
        """The first `words` columns hold words, the others figures; their heads wrap, so that words have room."""
        table = _titled(self.say(title, **values))
        for number, column in enumerate(columns):
            figures = number >= words
            head = self.say(f"{column}_column")
            if figures:
                table.add_column(head.replace(" ", "\n"), justify="right", no_wrap=True)
            else:
                table.add_column(head, overflow="fold")
        return table

    def _score(self, value: float | None) -> str:
        return _NOTHING if value is None else self.figures.score(value)

    def _interval(self, measured: Measured) -> str:
        if measured.value is None or measured.interval is None:
            return _NOTHING
        low, high = (self.figures.score(edge) for edge in (measured.interval.low, measured.interval.high))
        return self.say("interval", low=low, high=high)


def _told(scores: TaskScores) -> list[LabelScore]:
    """The labels that were true or read."""
    return [each for each in scores.labels if each.n or each.read]


def _titled(title: str) -> Table:
    return Table(box=box.SIMPLE, title=title, title_justify="left", min_width=len(title) + 1, padding=(0, 1, 0, 0))


def _shown(groups: Mapping[str, Each]) -> list[tuple[str, Each]]:
    """All languages together only where there are several."""
    alone = len(groups) == len({ALL, "a language"})
    return [(name, each) for name, each in groups.items() if name != ALL or not alone]
