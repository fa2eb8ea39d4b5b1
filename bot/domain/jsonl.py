"""Why a line of a JSONL file is no JSON, for whoever wrote it."""

from __future__ import annotations

from json import JSONDecodeError


def why_no_json(error: ValueError | RecursionError) -> str:
    """`expecting value at column 7`: to the parser every line is a file of its own, with one line."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, JSONDecodeError):
        return f"{error.msg[:1].lower()}{error.msg[1:].removesuffix(' at')} at column {error.colno}"
    return "a number has more digits than can be read"
