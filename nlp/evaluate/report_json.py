"""A report as JSON with stable keys (docs/reference/cli.md), for programs and for the model card."""

from __future__ import annotations

from typing import Any

from bot.domain.evaluation import LabelScore, Measured, Reliability, Report, Selective, TaskScores, Wrong
from nlp.evaluate.bootstrap import LEVEL, RESAMPLES, SEED
from nlp.evaluate.calibration import BINS

_PLACES = 4


def as_json(report: Report) -> dict[str, Any]:
    """Every figure rounded to four places; null where there is none."""
    return {
        "model": report.model,
        "rows": report.rows,
        "degraded": report.degraded,
        "languages": dict(report.languages),
        "tasks": {
            task.value: {group: _task(each) for group, each in groups.items()} for task, groups in report.tasks.items()
        },
        "confusion": {
            task.value: {
                group: {true: dict(read) for true, read in confusion.items()} for group, confusion in groups.items()
            }
            for task, groups in report.confusion.items()
        },
        "calibration": {head: _reliability(each) for head, each in report.heads.items()},
        "abstention": {group: _selective(each) for group, each in report.abstention.items()},
        "errors": [_wrong(each) for each in report.wrong],
        "method": {"resamples": RESAMPLES, "level": LEVEL, "seed": SEED, "bins": BINS},
    }


def _task(scores: TaskScores) -> dict[str, Any]:
    return {
        "rows": scores.rows,
        "n": scores.n,
        **({} if scores.accuracy is None else _measured("accuracy", scores.accuracy)),
        **_measured("macro_precision", scores.macro_precision),
        **_measured("macro_recall", scores.macro_recall),
        **_measured("macro_f1", scores.macro_f1),
        **_measured("micro_f1", scores.micro_f1),
        "labels": {each.label: _label(each) for each in scores.labels},
    }


def _label(score: LabelScore) -> dict[str, Any]:
    return {
        "n": score.n,
        "read": score.read,
        "precision": _rounded(score.precision),
        "recall": _rounded(score.recall),
        **_measured("f1", score.f1),
    }


def _measured(name: str, measured: Measured) -> dict[str, Any]:
    interval = measured.interval if measured.value is not None else None
    return {
        name: _rounded(measured.value),
        f"{name}_interval": None if interval is None else [_rounded(interval.low), _rounded(interval.high)],
    }


def _reliability(reliability: Reliability) -> dict[str, Any]:
    return {
        "n": reliability.n,
        "ece": _rounded(reliability.error),
        "by_chance": _rounded(reliability.by_chance),
        "bins": [
            {"n": each.n, "confidence": _rounded(each.confidence), "accuracy": _rounded(each.accuracy)}
            for each in reliability.bins
        ],
    }


def _selective(selective: Selective) -> dict[str, Any]:
    return {
        "n": selective.n,
        "abstained": selective.abstained,
        "share": _rounded(selective.abstained / selective.n),
        "accuracy": _rounded(selective.accuracy),
        "accuracy_kept": _rounded(selective.kept),
        "accuracy_given_up": _rounded(selective.given_up),
    }


def _wrong(wrong: Wrong) -> dict[str, Any]:
    return {
        "id": wrong.id,
        "task": wrong.task.value,
        "language": wrong.language,
        "truth": wrong.truth,
        "read": wrong.read,
        "confidence": _rounded(wrong.confidence),
        "text": wrong.text,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _PLACES)
