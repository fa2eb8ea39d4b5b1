"""Read one line of a JSONL file, whoever wrote it, or tell them why it is no JSON."""

from __future__ import annotations

import json
from json import JSONDecodeError
from typing import Any

_MARK = "\ufeff"


class NoJson(ValueError):
    """What stands on a line is no JSON: why, in a few words."""


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
