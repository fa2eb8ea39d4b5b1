"""Lay text out on a grid of terminal cells: measure, pad, align and wrap."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import zip_longest


def cells(text: str) -> int:
    """How many cells a text takes: two for wide characters, none for combining ones."""
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Lines of at most `width` cells, the second and later ones indented; a word longer than a line stays whole."""
    first, *rest = text.lstrip(" ").split(" ")
    line = text[: len(text) - len(text.lstrip(" "))] + first
    lines: list[str] = []
    for word in rest:
        if cells(f"{line} {word}") > width:
            lines.append(line.rstrip())
            line = indent + word
        else:
            line = f"{line} {word}"
    return [*lines, line]


def table(rows: Sequence[Sequence[str]], *, right: Sequence[int], gap: str = "   ") -> list[str]:
    """Rows as aligned lines; the columns in `right` are flush right, the others flush left."""
    widths = [max(cells(each) for each in column) for column in zip_longest(*rows, fillvalue="")]
    return [
        gap.join(_padded(each, widths[at], flush_right=at in right) for at, each in enumerate(row)).rstrip()
        for row in rows
    ]


def _padded(text: str, width: int, *, flush_right: bool) -> str:
    space = " " * (width - cells(text))
    return space + text if flush_right else text + space
