"""Read one line of a JSONL file, whoever wrote it, or tell them why it is no JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from json import JSONDecodeError
from typing import IO, Any, AnyStr

_MARK = "\ufeff"
_MB = 2**20
_LONGEST_MB = 64


class NoJson(ValueError):
    """What stands on a line is no JSON: why, in a few words."""


class EndlessLine(ValueError):
    """A line without an end, as of a device or a picture: which, in a few words."""


def lines_in(source: IO[AnyStr]) -> Iterator[AnyStr]:
    """The lines of a file, whose errors are its own. Raises EndlessLine rather than fill the memory with one line."""
    longest, number = _LONGEST_MB * _MB, 0
    while line := source.readline(longest):
        number += 1
        if len(line) == longest:
            raise EndlessLine(f"line {number} is longer than {_LONGEST_MB} MB")
        yield line


def value_on(line: str) -> Any:  # noqa: ANN401 - what strangers wrote
    """What stands on the line. Raises NoJson.

    A byte-order mark, which Windows sets before a file, is no part of it: files that were joined have one inside.
    """
    try:
        return json.loads(_bare(line))
    except (ValueError, RecursionError) as error:
        raise NoJson(why_no_json(error)) from error


def is_empty(line: str) -> bool:
    """Whether nothing stands on the line."""
    return not _bare(line).strip()


def why_no_json(error: ValueError | RecursionError) -> str:
    """`expecting value at column 7`: to the parser every line is a file of its own, with one line."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, JSONDecodeError):
        return f"{error.msg[:1].lower()}{error.msg[1:].removesuffix(' at')} at column {error.colno}"
    return "a number has more digits than can be read"


def _bare(line: str) -> str:
    return line.removeprefix(_MARK).rstrip("\r\n")
