"""Logs are sentences with values, on standard error: standard output belongs to what was asked for."""

from __future__ import annotations

import logging
import re
import sys

import structlog
from structlog.typing import EventDict

_ADDRESS = re.compile(r"[^\s<>@\"'(]{1,64}@[^\s<>@\"'):,]{1,255}")


def without_addresses(logger: object, method: str, event: EventDict) -> EventDict:
    """Mail addresses and accounts taken out of what is logged: servers put those of customers into their errors."""
    del logger, method
    return {name: _ADDRESS.sub("[…@…]", value) if isinstance(value, str) else value for name, value in event.items()}


def write_logs(level: str) -> None:
    """Send every log line of at least `level` (debug, info, warning, error) to standard error."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        # asked for with each line: whoever redirects standard error later gets the later lines
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        processors=[
            structlog.contextvars.merge_contextvars,
            without_addresses,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        cache_logger_on_first_use=False,
    )
