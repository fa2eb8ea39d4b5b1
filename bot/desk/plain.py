"""Make a customer's text harmless on a screen: words only, on one line, of a bounded length."""

from __future__ import annotations

from bot.domain.text import clean

QUOTE_LENGTH = 280
NAME_LENGTH = 40


def plain(text: str, limit: int = QUOTE_LENGTH) -> str:
    """Without escape sequences, controls and bidi marks; every run of white space is one space; … where it was cut.

    Mark-up such as `[red]` stays as the customer wrote it: whoever prints it must print it as text.
    """
    line = " ".join(clean(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
