"""Measure a classifier: labelled texts in, one report out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from bot.domain.evaluation import ALL, Confusion, Report, Task
from bot.domain.ports.reader import Classifier
from bot.domain.reading import Reading, Text
from nlp.evaluate.calibration import heads, selective
from nlp.evaluate.gold import Gold
from nlp.evaluate.mistakes import surest
from nlp.evaluate.outcomes import Outcome, in_order, outcome
from nlp.evaluate.scores import scores

CONFUSED = (Task.SENTIMENT, Task.STAGE, Task.URGENCY)
_CHUNK = 64

Pair = tuple[Gold, Reading]


def _silent(done: int) -> None:
    del done


def evaluate(
    classifier: Classifier, golds: Sequence[Gold], *, errors: int = 0, told: Callable[[int], None] = _silent
) -> Report:
    """Read every text and compare. `errors` asks for so many wrong readings a task; `told` hears how many were read.

    The classifier gets no hint of the language: it is one of the things measured.
    """
    readings: list[Reading] = []
    for start in range(0, len(golds), _CHUNK):
        chunk = golds[start : start + _CHUNK]
        readings += classifier.read([Text(text=gold.text, mention=gold.mention) for gold in chunk])
        told(len(chunk))
    return compared(list(zip(golds, readings, strict=True)), model=classifier.name, errors=errors)


def compared(pairs: Sequence[Pair], *, model: str, errors: int = 0) -> Report:
    """The report over readings that are there already."""
    groups = _groups(pairs)
    tasks: dict[Task, dict[str, list[Outcome]]] = {
        task: {name: _outcomes(task, group) for name, group in groups.items()} for task in Task
    }
    sure = {name: selective(group) for name, group in groups.items()}
    return Report(
        model=model,
        rows=len(pairs),
        degraded=sum(reading.degraded for _, reading in pairs),
        languages={name: len(group) for name, group in groups.items() if name != ALL},
        tasks={
            task: {name: scores(task, outcomes) for name, outcomes in by_group.items() if outcomes}
            for task, by_group in tasks.items()
            if by_group[ALL]
        },
        confusion={
            task: {name: _confusion(outcomes) for name, outcomes in tasks[task].items() if outcomes}
            for task in CONFUSED
            if tasks[task][ALL]
        },
        heads=heads(pairs),
        abstention={name: each for name, each in sure.items() if each is not None},
        wrong=surest(pairs, errors),
    )


def _groups(pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    """All texts, then those of each language: the annotated one, else the one that was read."""
    groups: dict[str, list[Pair]] = {ALL: list(pairs)}
    languages = sorted({_language(pair) for pair in pairs})
    return groups | {language: [pair for pair in pairs if _language(pair) == language] for language in languages}


def _language(pair: Pair) -> str:
    gold, reading = pair
    return str(gold.language or reading.language)


def _outcomes(task: Task, pairs: Sequence[Pair]) -> list[Outcome]:
    return [each for gold, reading in pairs if (each := outcome(task, gold, reading)) is not None]


def _confusion(outcomes: Sequence[Outcome]) -> Confusion:
    times = Counter(((*each.hits, *each.misses)[0], (*each.hits, *each.alarms)[0]) for each in outcomes)
    labels = in_order(label for pair in times for label in pair)
    return {true: {read: times[true, read] for read in labels} for true in labels}
