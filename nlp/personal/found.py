"""A datum found in a text: what it is and where it stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """`kind` as published (docs/reference/personal-data-and-promises.md); the value is `text[start:end]`."""

    kind: str
    start: int
    end: int
