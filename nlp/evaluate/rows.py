"""Labelled rows from a file of JSON lines: those that can be measured, and a sentence for each that cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.jsonl import NoJson, is_empty, value_on
from nlp.evaluate.gold import BadRow, Labelled, labelled


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that is left out, and why."""

    line: int
    why: str


def rows_in(lines: Iterable[bytes], source: str) -> Iterator[Labelled | Unreadable]:
    """One for each line, in order; `source` names rows that do not name their own. Empty lines are no rows."""
    for number, line in enumerate(lines, start=1):
        try:
            if not is_empty(text := _text(line)):
                yield labelled(_object(text), source)
        except BadRow as error:
            yield Unreadable(number, str(error))


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise BadRow(f"not UTF-8 at byte {error.start}; save the file as UTF-8") from error


def _object(line: str) -> Mapping[str, Any]:
    try:
        row = value_on(line)
    except NoJson as error:
        raise BadRow(f"not JSON ({error}); one object a line is needed") from error
    if not isinstance(row, dict):
        raise BadRow('not an object; {"id": …, "text": …, "labels": {…}} is needed')
    return row
