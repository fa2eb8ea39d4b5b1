"""Logs are sentences with values, on standard error: standard output belongs to what was asked for."""

from __future__ import annotations

import logging
import sys

import structlog


def write_logs(level: str) -> None:
    """Send every log line of at least `level` (debug, info, warning, error) to standard error."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        # asked for with each line: whoever redirects standard error later gets the later lines
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        cache_logger_on_first_use=False,
    )
