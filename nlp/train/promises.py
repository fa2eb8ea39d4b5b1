"""python -m nlp.train.promises: learn what tells a promise from what only sounds like one.

Reads `nlp/seeds/promises`, prints how often the judge is right about files that it did not learn from, and writes
`nlp/promising/weights.json`. A minute on one core.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import torch
from torch.nn import functional

import nlp.promising
from nlp.promises import Sentence, sentences
from nlp.promising.brand_days import BrandDays
from nlp.promising.clauses import Candidate
from nlp.promising.evidence import LATELY, evidence
from nlp.promising.judge import FILE, Judge
from nlp.train.corpus import SEEDS, Row, rows_of

LINES = SEEDS / "promises"
# what the known forms were written from: there they know too well what a promise is
_FORMS_FROM = frozenset({"first", "second", "third", "fourth", "rules", "plain"})
_SAID = [datetime.fromisoformat(f"2026-{day}T11:30:00+00:00") for day in ("05-12", "09-08", "12-15", "01-20")]
_PENALTY = 1.5e-4
_TWICE = 2  # evidence of one line only is chance
_LEAST = 0.02  # weights below say nothing


@dataclass(frozen=True, slots=True)
class Line:
    """What a brand said: whether it holds a promise, and the evidence for each thing that may be one.

    `promised` is the number of the one that is labelled; None where the line holds no promise, or none was found.
    """

    row: Row
    found: Sequence[frozenset[str]]
    promised: int | None

    @property
    def taught(self) -> Iterator[tuple[frozenset[str], float]]:
        """What it teaches; of a line with a promise up to that one, since what comes after was not labelled."""
        if not self.row["promise"]:
            yield from ((each, 0.0) for each in self.found)
        elif self.promised is not None:
            yield from ((each, 0.0) for each in self.found[: self.promised])
            yield self.found[self.promised], 1.0


def lines_of(path: Path) -> list[Line]:
    """The lines of a file."""
    return [_line(row, forms=path.stem not in _FORMS_FROM) for row in rows_of(path)]


def learn(lines: Sequence[Line]) -> Judge:
    """Logistic regression with a penalty on the square of the weights."""
    taught = [each for line in lines for each in line.taught]
    often = Counter(piece for found, _ in taught for piece in found)
    numbers = {piece: n for n, piece in enumerate(sorted(piece for piece, times in often.items() if times >= _TWICE))}
    inputs = torch.zeros(len(taught), len(numbers))
    for place, (found, _) in enumerate(taught):
        inputs[place, [numbers[piece] for piece in found if piece in numbers]] = 1.0
    truth = torch.tensor([holds for _, holds in taught])
    weights, bias = _regression(inputs, truth)
    kept = {piece: round(weights[n], 3) for piece, n in numbers.items() if abs(weights[n]) >= _LEAST}
    return Judge(kept, round(bias, 3))


def _regression(inputs: torch.Tensor, truth: torch.Tensor) -> tuple[list[float], float]:
    weights, bias = torch.zeros(inputs.shape[1], requires_grad=True), torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights, bias], max_iter=150, line_search_fn="strong_wolfe")

    def cost() -> torch.Tensor:
        optimiser.zero_grad()
        loss = functional.binary_cross_entropy_with_logits(inputs @ weights + bias, truth)
        loss = loss + _PENALTY * weights.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(cost)  # type: ignore[no-untyped-call]
    return weights.tolist(), bias.item()


def f1(judge: Judge, lines: Sequence[Line]) -> float:
    """How well it tells lines that hold a promise from those that hold none."""
    told = [any(judge.is_promise(found) for found in line.found) for line in lines]
    true = [bool(line.row["promise"]) for line in lines]
    return 2 * sum(a and b for a, b in zip(told, true, strict=True)) / max(1, sum(told) + sum(true))


def _line(row: Row, *, forms: bool) -> Line:
    zone = ZoneInfo(row.get("zone", "Europe/Madrid"))
    moments = [datetime.fromisoformat(row["now"])] if "now" in row else _SAID
    tried = [_found(row, BrandDays(now, zone)) for now in moments]
    # a line without a moment of its own is read at one at which its time is still to come
    pairs = next(
        (each for each in tried if each and (not row["promise"] or _labelled(row, each) is not None)), tried[0]
    )
    found = [
        frozenset(
            piece
            for piece in evidence(sentence.words, each, sentence.moments)
            if (forms or _is_no_form(piece)) and ("now" in row or piece != LATELY)
        )
        for sentence, each in pairs
    ]
    return Line(row, found, _labelled(row, pairs))


def _is_no_form(piece: str) -> bool:
    return not piece.startswith("form:")


def _found(row: Row, days: BrandDays) -> list[tuple[Sentence, Candidate]]:
    return [(sentence, each) for sentence in sentences(row["text"], days) for each in sentence.candidates]


def _labelled(row: Row, pairs: Sequence[tuple[Sentence, Candidate]]) -> int | None:
    """The first that overlaps the labelled promise."""
    what = row["what"] or ""
    said = [sentence.text[each.start : each.end] for sentence, each in pairs]
    return next((n for n, each in enumerate(said) if each in what or what in each), None) if what else None


def _stored(judge: Judge) -> Mapping[str, Any]:
    return {"bias": judge.bias, "weights": dict(sorted(judge.weights.items()))}


def main() -> None:
    """Learn, tell how well, and write."""
    files = {path.stem: lines_of(path) for path in sorted(LINES.glob("*.jsonl"))}
    for name, lines in files.items():
        others = [line for other, each in files.items() if other != name for line in each]
        sys.stdout.write(
            f"{name}: {len(lines)} lines, F1 of what learnt from the others {f1(learn(others), lines):.3f}\n"
        )
    judge = learn([line for lines in files.values() for line in lines])
    text = json.dumps(_stored(judge), ensure_ascii=False, indent=0)
    Path(*nlp.promising.__path__, FILE).write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
