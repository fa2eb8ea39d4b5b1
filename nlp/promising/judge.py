"""Weigh what speaks for and against a promise. The weights are learnt: `python -m nlp.train.promises`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FILE = "weights.json"
SURE = 0.0  # log-odds from which on it is a promise


@dataclass(frozen=True, slots=True)
class Judge:
    """A logistic regression: the log-odds of a promise are the sum of what each piece of evidence weighs."""

    weights: Mapping[str, float]
    bias: float

    def is_promise(self, evidence: Iterable[str]) -> bool:
        """Whether it is likelier than not; evidence that was never seen weighs nothing."""
        return self.bias + sum(self.weights.get(each, 0.0) for each in evidence) > SURE


@cache
def open_judge() -> Judge:
    """The judge that is shipped."""
    stored = json.loads((files("nlp.promising") / FILE).read_text("utf-8"))
    return Judge(stored["weights"], stored["bias"])
