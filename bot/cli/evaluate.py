"""`vivencia evaluate`: what the model is worth on labelled texts, and what agents corrected as such texts."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import ConfigOption, HomeOption, JsonOption, LangOption, home_and_settings
from bot.cli.outputs import saying_which, written_whole
from bot.cli.tongue import in_the_terminals_words
from bot.domain.errors import ConfigError, VivenciaError
from bot.domain.jsonl import EndlessLine, lines_in
from bot.domain.reading import Language

if TYPE_CHECKING:
    from bot.domain.evaluation import Report
    from bot.domain.ports.record import Correction
    from config.home import Home
    from config.settings import Settings
    from nlp.evaluate.gold import Gold, Labelled
    from nlp.evaluate.rows import Unreadable


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command("evaluate", epilog="Example: `vivencia evaluate labelled.jsonl --errors 5 --chart model.png`")(evaluate)


def evaluate(
    files: Annotated[
        list[Path] | None, typer.Argument(help='JSONL with {"id","text","labels":{…}} a line, or seeds.')
    ] = None,
    as_json: JsonOption = False,
    errors: Annotated[int, typer.Option("--errors", min=0, help="Show so many of the surest mistakes a task.")] = 0,
    chart: Annotated[
        Path | None, typer.Option("--chart", help="Draw calibration and confusions into this PNG.")
    ] = None,
    corrections: Annotated[
        bool, typer.Option("--corrections", help="Measure nothing; print what agents corrected, as labelled JSONL.")
    ] = False,
    home: HomeOption = None,
    config: ConfigOption = None,
    lang: LangOption = None,
) -> None:
    """Read labelled texts and compare: per task, language and label, with intervals, calibration and mistakes.

    A label that is missing is not measured. A line that cannot be used is named on standard error, the rest goes on,
    and the exit code is 1 at the end.
    """
    if bool(files) is corrections:
        raise ConfigError("give one or more JSONL files to measure, or --corrections alone to print what was corrected")
    found, settings = home_and_settings(home, config)
    if corrections:
        _print_corrections(found)
        return
    language = Language(lang or settings.desk.language)
    with nullcontext() if chart is None else written_whole(chart, "--chart", files or []) as picture:
        golds, unreadable = _read(files or [])
        report = _measured(settings, golds, errors)
        described = None if picture is None else _drawn(report, picture, language)
    if as_json:
        typer.echo(_dumped(report, files or [], unreadable, described))
    else:
        _show(report, language, described)
    if unreadable:
        raise typer.Exit(1)


def _read(files: Sequence[Path]) -> tuple[list[Gold], int]:
    """The rows that can be measured; the others are named on standard error and counted."""
    from nlp.evaluate.gold import golds_of
    from nlp.evaluate.rows import Unreadable

    kept: list[Labelled] = []
    unreadable = 0
    for file in files:
        for row in _rows(file):
            if isinstance(row, Unreadable):
                why = in_the_terminals_words(f"{file.name}, line {row.line}: {row.why}")
                typer.echo(f"vivencia: {why}", err=True)
                unreadable += 1
            else:
                kept.append(row)
    if not kept:
        names = ", ".join(file.name for file in files)
        raise VivenciaError(f"{names}: no line holds a labelled text; see docs/how-to/measure-the-model.md")
    return golds_of(kept), unreadable


def _rows(file: Path) -> Iterator[Labelled | Unreadable]:
    from nlp.evaluate.rows import rows_in

    try:
        with file.open("rb") as lines:
            yield from rows_in(lines_in(lines), file.name)
    except (OSError, EndlessLine) as error:
        why = error.strerror if isinstance(error, OSError) else error
        message = f"{file} cannot be read: {why}; give a JSONL file with labelled texts"
        raise ConfigError(message) from error


def _measured(settings: Settings, golds: Sequence[Gold], errors: int) -> Report:
    from bot.cli.progress import progress_of
    from bot.readers import open_reader
    from nlp.evaluate.measure import evaluate as measure

    classifier = open_reader(settings)
    with progress_of(len(golds), classifier.name, shown=sys.stderr.isatty()) as told:
        return measure(classifier, golds, errors=errors, told=told)


def _drawn(report: Report, picture: Path, language: Language) -> str:
    from bot.insight.reliability import draw_reliability

    with saying_which(picture, "--chart"):
        return draw_reliability(report, picture, language)


def _dumped(report: Report, files: Sequence[Path], unreadable: int, described: str | None) -> str:
    from nlp.evaluate.report_json import as_json

    told = {"files": [file.name for file in files], "unreadable": unreadable, "chart": described}
    return _json({**as_json(report), **told})


def _show(report: Report, language: Language, described: str | None) -> None:
    from rich.console import Console

    from bot.cli.scoreboard import scoreboard

    console = Console()
    for part in scoreboard(report, language):
        console.print(part)
    if described is not None:
        console.print(described, markup=False, highlight=False)


def _print_corrections(home: Home) -> None:
    from bot.cli.corrections import correction_row

    for correction in asyncio.run(_corrections(home)):
        typer.echo(_json(correction_row(correction)))


def _json(row: dict[str, Any]) -> str:
    """In UTF-8; a lone surrogate, which UTF-8 cannot hold, is escaped as JSON does."""
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


async def _corrections(home: Home) -> list[Correction]:
    from bot.store.sqlite import open_store

    async with open_store(home.database) as store:
        return await store.history.corrections()
