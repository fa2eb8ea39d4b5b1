"""Make a customer's text harmless on a screen: words only, on one line, of a bounded length."""

from __future__ import annotations

from bot.domain.text import clean

QUOTE_LENGTH = 280
NAME_LENGTH = 40


def plain(text: str, limit: int = QUOTE_LENGTH) -> str:
    """Without escape sequences, controls and bidi marks; every run of white space is one space; … where it was cut.

    Mark-up such as `[red]` stays as the customer wrote it: whoever prints it must print it as text.
    """
    line = _one_line(text)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def is_plain_whole(text: str, limit: int = QUOTE_LENGTH) -> bool:
    """Whether `plain` shows all of it."""
    return len(_one_line(text)) <= limit


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())
