"""What reads a text: for its tone and touchpoints, for personal data, for promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.promise import Pledge
from bot.domain.reading import Language, Reading, Text


class Classifier(Protocol):
    """Plain and synchronous: texts in, one reading per text out, in order. Never raises for a text."""

    name: str

    def read(self, texts: Sequence[Text]) -> list[Reading]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDatum:
    """Something that identifies a person: its type, and the exact substring."""

    type: str
    value: str


class PersonalData(Protocol):
    """Finds personal data in a text."""

    def find(self, text: str) -> list[PersonalDatum]: ...
    def redact(self, text: str, language: Language) -> str: ...


class PromiseReader(Protocol):
    """Finds what a text of the brand promises, and by when."""

    def read(self, text: str, now: datetime) -> list[Pledge]: ...
