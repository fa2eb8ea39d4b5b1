"""Standard input and output, as whoever started us left them: closed, without room, or with few characters."""

from __future__ import annotations

import codecs
import json
import os
import sys
from contextlib import suppress
from io import TextIOWrapper

_ESCAPED = "vivencia.escaped"


def make_ready() -> None:
    """Closed streams (`<&-`, `>&-`) are empty ones, and what the output's encoding does not know is escaped."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - as long as we live
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - as long as we live
    codecs.register_error(_ESCAPED, _escaped)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors=_ESCAPED)


def give_up_output() -> None:
    """What is still held back would be tried once more when Python ends, and fail again."""
    with suppress(OSError):
        sys.stdout.close()


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """As JSON writes it, so that a document is one in every encoding."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end
