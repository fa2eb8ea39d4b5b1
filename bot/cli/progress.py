"""A progress bar on standard error while a recording or a set of texts is worked through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain.situation import Settled

Told = Callable[["Sequence[Settled]"], None]


@contextmanager
def progress_over(file: str, *, shown: bool, label: str = "") -> Iterator[Told]:
    """Something to tell about settled mentions; draws nothing when not shown."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not shown) as progress:
        task = progress.add_task(label or Path(file).name, total=_lines_in(file))
        yield lambda settled: progress.advance(task, len(settled))


@contextmanager
def progress_of(total: int, label: str, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Something to tell how many more are done; draws nothing when not shown."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not shown) as progress:
        task = progress.add_task(label, total=total)
        yield lambda done: progress.advance(task, done)


def _lines_in(file: str) -> int | None:
    """None where nobody can say; what is wrong with it is told by whoever needs the lines."""
    path = Path(file)
    try:
        if not path.is_file():
            return None
        with path.open("rb") as source:
            return sum(1 for line in source if line.strip())
    except OSError:
        return None
