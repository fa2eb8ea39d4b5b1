"""The model card: stored reports and fixed words as one page, so that no figure in it is written by hand.

`figures.json` holds `{"model", "measured": "2026-05-12", "trained_on": [{"name", "rows", "for", "licence"}], "sets":
[{"name", "about", "report": {…}}]}`; a report is what `nlp.evaluate.report_json` makes, without texts. The words are in
`card.md` beside this file, with a `$name` where a table goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from string import Template
from typing import Any

from bot.domain.evaluation import Report
from nlp.evaluate.report_json import as_json

Json = Mapping[str, Any]
_ALL = "all"
_NOTHING = "–"


def stored_set(name: str, about: str, report: Report) -> dict[str, Any]:
    """A measured set as figures.json keeps it: no text of anybody. `about` says where it is from and what it is not."""
    return {"name": name, "about": about, "report": {**as_json(report), "errors": []}}


def render(figures: Json) -> str:
    """The page, in Markdown."""
    template = Template(files("nlp.evaluate").joinpath("card.md").read_text(encoding="utf-8"))
    sets: Sequence[Json] = figures["sets"]
    return template.substitute(
        model=figures["model"],
        measured=figures["measured"],
        trained=_table(("set", "texts", "for", "licence"), map(_trained, figures["trained_on"])),
        sets=_table(("set", "texts", "languages", "what it is"), map(_set, sets)),
        figures=_figures(sets),
        labels=_labels(sets),
        calibration=_table(
            ("set", "score", "n", "error", "by chance"), (row for each in sets for row in _calibration(each))
        ),
        abstention=_table(
            ("set", "language", "n", "abstains", "accuracy", "where it does not", "where it does"),
            (row for each in sets for row in _abstention(each)),
        ),
    )


def _trained(given: Json) -> Sequence[str]:
    return given["name"], _whole(given["rows"]), given["for"], given["licence"]


def _set(given: Json) -> Sequence[str]:
    report = given["report"]
    languages = ", ".join(f"{language} {_whole(n)}" for language, n in report["languages"].items())
    return given["name"], _whole(report["rows"]), languages, given["about"]


def _figures(sets: Sequence[Json]) -> str:
    """A table a task: each set and language."""
    parts = []
    for task in _tasks(sets):
        rows = [
            (
                each["name"],
                group,
                _whole(scores["rows"]),
                _with_interval(scores, "accuracy"),
                _with_interval(scores, "macro_recall"),
                _with_interval(scores, "macro_f1"),
                _with_interval(scores, "micro_f1"),
            )
            for each in sets
            for group, scores in _shown(each["report"]["tasks"].get(task, {}))
        ]
        columns = ("set", "language", "texts", "accuracy", "macro recall", "macro F1", "micro F1")
        parts.append(f"\n### {_named(task)}\n\n{_table(columns, rows)}")
    return "\n".join(parts)


def _labels(sets: Sequence[Json]) -> str:
    """A table a task: each label in each set and language."""
    parts = []
    for task in _tasks(sets):
        rows = [
            (
                label,
                each["name"],
                group,
                _whole(score["n"]),
                _score(score["precision"]),
                _score(score["recall"]),
                _with_interval(score, "f1"),
            )
            for label in _labels_in(sets, task)
            for each in sets
            for group, scores in _shown(each["report"]["tasks"].get(task, {}))
            if (score := scores["labels"].get(label)) and score["n"]
        ]
        columns = ("label", "set", "language", "n", "precision", "recall", "F1")
        parts.append(f"### {_named(task)} by label\n\n{_table(columns, rows)}")
    return "\n\n".join(parts)


def _calibration(given: Json) -> Iterator[Sequence[str]]:
    for head, each in given["report"]["calibration"].items():
        yield given["name"], head, _whole(each["n"]), _score(each["ece"]), _score(each["by_chance"])


def _abstention(given: Json) -> Iterator[Sequence[str]]:
    for group, each in _shown(given["report"]["abstention"]):
        share = f"{100 * each['share']:.0f} %"
        accuracies = (_score(each[key]) for key in ("accuracy", "accuracy_kept", "accuracy_given_up"))
        yield (given["name"], group, _whole(each["n"]), share, *accuracies)


def _tasks(sets: Iterable[Json]) -> list[str]:
    return list(dict.fromkeys(task for each in sets for task in each["report"]["tasks"]))


def _labels_in(sets: Iterable[Json], task: str) -> list[str]:
    groups = (group for each in sets for group in each["report"]["tasks"].get(task, {}).values())
    return list(dict.fromkeys(label for group in groups for label in group["labels"]))


def _shown(groups: Json) -> list[tuple[str, Json]]:
    """All languages together only where there are several."""
    alone = len(groups) == len({_ALL, "a language"})
    return [(name, each) for name, each in groups.items() if name != _ALL or not alone]


def _with_interval(scores: Json, name: str) -> str:
    interval = scores.get(f"{name}_interval")
    shown = _score(scores.get(name))
    return shown if interval is None else f"{shown} [{_score(interval[0])}, {_score(interval[1])}]"


def _named(task: str) -> str:
    return task.replace("_", " ").capitalize()


def _whole(number: int) -> str:
    return f"{number:,}"


def _score(value: float | None) -> str:
    return _NOTHING if value is None else f"{value:.3f}"


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
