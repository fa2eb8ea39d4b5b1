"""Retake the pictures of the READMEs from a real demo: `python docs/images/take.py`, from the project's folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib as mpl
from PIL import Image, ImageDraw, ImageFont
from rich.color import Color
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text

HERE = Path(__file__).parent
COLUMNS, LINES, SIZE, MARGIN, BAR = 100, 74, 20, 10, 42
THEME = TerminalTheme(
    (24, 25, 33),
    (214, 218, 224),
    [
        (40, 42, 54),
        (224, 108, 117),
        (152, 195, 121),
        (209, 154, 102),
        (97, 175, 239),
        (198, 120, 221),
        (86, 182, 194),
        (171, 178, 191),
    ],
)
BEGINS = {"es": "LO QUE VEN LOS AGENTES", "en": "WHAT AGENTS SEE"}
FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
PLAIN, BOLD = (ImageFont.truetype(FONTS / f"DejaVuSansMono{kind}.ttf", SIZE) for kind in ("", "-Bold"))
WIDE, HIGH = PLAIN.getlength("m"), round(SIZE * 1.22)
_FEW = 128  # colours


def take(language: str, home: Path) -> None:
    """Run the demo, and keep its screen from the cards on and the picture of its worst day."""
    command = [sys.executable, "-m", "bot", "demo", "--lang", language, "--home", str(home)]
    screen = {**os.environ, "COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    shown = subprocess.run(command, env=screen, capture_output=True, text=True, check=True).stdout
    lines = shown.splitlines()
    first = next(at for at, line in enumerate(lines) if BEGINS[language] in line)
    draw(lines[first : first + LINES], HERE / f"terminal.{language}.png")
    digest = next(home.glob(f"demo-*/digests/daily-*-{language}.png"))
    Image.open(digest).convert("RGB").quantize(_FEW).save(HERE / f"digest.{language}.png", optimize=True)


def draw(lines: list[str], path: Path) -> None:
    """A terminal's window with these lines, colours and all."""
    size = (round(COLUMNS * WIDE) + 2 * MARGIN, BAR + len(lines) * HIGH + MARGIN)
    picture = Image.new("RGB", size, THEME.background_color)
    pen = ImageDraw.Draw(picture)
    for at, colour in enumerate(("#e06c75", "#d19a66", "#98c379")):
        pen.ellipse((16 + 24 * at, 14, 30 + 24 * at, 28), fill=colour)
    pen.text((size[0] / 2, BAR / 2), "vivencia demo", font=BOLD, fill=THEME.foreground_color, anchor="mm")
    for row, line in enumerate(lines):
        _write(pen, line, BAR + row * HIGH)
    picture.quantize(_FEW).save(path, optimize=True)


def _write(pen: ImageDraw.ImageDraw, line: str, top: int) -> None:
    across = float(MARGIN)
    for text, style, _ in Text.from_ansi(re.sub(r"\s+$", "", line)).render(Console(width=COLUMNS)):
        for letter in text:
            pen.text((across, top), letter, font=BOLD if style and style.bold else PLAIN, fill=_ink(style))
            across += WIDE * Segment(letter).cell_length


def _ink(style: Style | None) -> tuple[int, int, int]:
    colour = style.color if style and style.color else Color.default()
    ink, paper = colour.get_truecolor(THEME), THEME.background_color
    if not (style and style.dim):
        return ink[0], ink[1], ink[2]
    return (ink[0] + paper[0]) // 2, (ink[1] + paper[1]) // 2, (ink[2] + paper[2]) // 2


if __name__ == "__main__":
    for spoken in BEGINS:
        with tempfile.TemporaryDirectory() as folder:
            take(spoken, Path(folder))
