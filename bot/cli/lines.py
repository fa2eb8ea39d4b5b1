"""JSON lines in, JSON lines out: same order and count, and a bad line costs only its own answer."""

from __future__ import annotations

import contextlib
import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Annotated, Any, Generic, TypeVar

import typer

from bot.cli.outputs import saying_which, written_whole
from bot.cli.tongue import in_the_terminals_words
from bot.domain.errors import ConfigError
from bot.domain.jsonl import EndlessLine, NoJson, lines_in, value_on

OutOption = Annotated[Path | None, typer.Option("--out", help="Write here instead of standard output.")]
Row = dict[str, Any]
Asked = TypeVar("Asked")

_CHUNK = 256


class BadLine(ValueError):
    """Why one line cannot be answered: said in its place, and the rest goes on."""


@dataclass(frozen=True, slots=True)
class _Line(Generic[Asked]):
    """One line of input: its number, and either an id with what is asked or what is wrong with it."""

    number: int
    id: Any = None
    asked: Asked | None = None
    error: str = ""


@contextlib.contextmanager
def lines_of(file: str, out: Path | None) -> Iterator[tuple[IO[bytes], IO[str]]]:
    """Where the lines come from (`-` is standard input) and where the answers go: never over the lines."""
    with _opened(file) as source, _target(out, source) as target:
        yield source, target


def answer_lines(
    lines: tuple[IO[bytes], IO[str]],
    *,
    ask: Callable[[Row], Asked],
    answer: Callable[[list[Asked]], Iterable[Row]],
) -> None:
    """Write `{"id": …}` and what `answer` says for each line, in chunks, so that a file larger than memory can be read.

    `ask` is given objects that hold an id and a text, and raises BadLine. Leaves with code 1 where a line was bad.
    """
    source, target = lines
    failed = 0
    for chunk in _chunks(_lines(source, ask)):
        answers = iter(answer([line.asked for line in chunk if line.asked is not None]))
        for line in chunk:
            row = {"line": line.number, "error": line.error} if line.error else {"id": line.id, **next(answers)}
            failed += bool(line.error)
            target.write(_dumped(row) + "\n")
        target.flush()
    if failed:
        raise typer.Exit(1)


def _chunks(lines: Iterable[_Line[Asked]]) -> Iterator[list[_Line[Asked]]]:
    """What was read before the file fails is answered before it is told."""
    chunk: list[_Line[Asked]] = []
    try:
        for line in lines:
            chunk.append(line)
            if len(chunk) == _CHUNK:
                yield chunk
                chunk = []
    except ConfigError:
        yield chunk
        raise
    yield chunk


def _dumped(row: Row) -> str:
    """JSON in UTF-8; a text with a lone surrogate, which UTF-8 cannot hold, is escaped instead."""
    text = json.dumps(row, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(row)
    return text


def _lines(source: IO[bytes], ask: Callable[[Row], Asked]) -> Iterator[_Line[Asked]]:
    for number, raw in enumerate(_read(source), start=1):
        try:
            row = _parsed(raw.decode())
            yield _Line(number, row["id"], ask(row))
        except UnicodeDecodeError as error:
            why = f"not UTF-8 at byte {error.start}; save the file as UTF-8"
            yield _Line(number, error=in_the_terminals_words(why))
        except BadLine as error:
            yield _Line(number, error=in_the_terminals_words(str(error)))


def _read(source: IO[bytes]) -> Iterator[bytes]:
    try:
        yield from lines_in(source)
    except (OSError, EndlessLine) as error:
        why = error.strerror if isinstance(error, OSError) else error
        message = f"{source.name} cannot be read: {why}; give a JSONL file, or - for standard input"
        raise ConfigError(message) from error


def _parsed(line: str) -> Row:
    try:
        row = value_on(line)
    except NoJson as error:
        raise BadLine(f"not JSON ({error}); one object a line is needed") from error
    if not isinstance(row, dict):
        raise BadLine('not an object; {"id": …, "text": …} is needed')
    if missing := [key for key in ("id", "text") if key not in row]:
        raise BadLine(f"{' and '.join(missing)} missing; id and text are needed")
    if not isinstance(row["text"], str):
        raise BadLine("text must be a string, in quotes")
    if isinstance(row["id"], float) and not math.isfinite(row["id"]):
        raise BadLine("id is no number that JSON has; write it in quotes")
    return row


@contextlib.contextmanager
def _opened(file: str) -> Iterator[IO[bytes]]:
    if file == "-":
        yield sys.stdin.buffer
        return
    with contextlib.ExitStack() as stack:
        try:
            source = stack.enter_context(Path(file).open("rb"))
        except OSError as error:
            message = f"{file} cannot be read: {error.strerror}; give a JSONL file, or - for standard input"
            raise ConfigError(message) from error
        yield source


@contextlib.contextmanager
def _target(out: Path | None, source: IO[bytes]) -> Iterator[IO[str]]:
    if out is None:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # always a TextIOWrapper here
        yield sys.stdout
        return
    with written_whole(out, "--out", _descriptors(source)) as file, contextlib.ExitStack() as stack:
        with saying_which(out, "--out"):
            target = stack.enter_context(file.open("w", encoding="utf-8"))
        yield target


def _descriptors(source: IO[bytes]) -> list[int]:
    try:
        return [source.fileno()]
    except OSError:
        return []
