"""`vivencia read`: one reading a line, for whoever wants the model without the service."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import ConfigOption, HomeOption, home_and_settings
from bot.domain.errors import ConfigError
from bot.domain.reading import Language, Reading, Text

if TYPE_CHECKING:
    from bot.domain.ports import Classifier

_CHUNK = 256


@dataclass(frozen=True, slots=True)
class Line:
    """One line of input: its number, and either an id with a text or what is wrong with it."""

    number: int
    id: Any = None
    text: Text | None = None
    error: str = ""


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command("read", epilog='Example: `echo \'{"id":1,"text":"El paquete llegó roto"}\' | vivencia read -`')(read)


def read(
    file: Annotated[str, typer.Argument(help='JSONL with {"id","text"[,"lang"]} a line; - is standard input.')] = "-",
    out: Annotated[Path | None, typer.Option("--out", help="Write here instead of standard output.")] = None,
    home: HomeOption = None,
    config: ConfigOption = None,
) -> None:
    """Read texts: language, sentiment, intents, touchpoints with their quotes, urgency; one JSON object a line.

    Same order and count as the input. A line that cannot be read gives {"line":N,"error":"…"}, the rest goes on, and
    the exit code is 1 at the end.
    """
    from bot.app import open_reader

    _, settings = home_and_settings(home, config)
    with _opened(file) as source, _target(out) as target:
        classifier = open_reader(settings)
        failed = _read_all(source, target, classifier)
    if failed:
        raise typer.Exit(1)


def _read_all(source: IO[bytes], target: IO[str], classifier: Classifier) -> int:
    failed = 0
    for chunk in _chunks(_lines(source)):
        texts = [line.text for line in chunk if line.text is not None]
        readings = iter(classifier.read(texts))
        for line in chunk:
            row = {"line": line.number, "error": line.error} if line.error else as_row(line.id, next(readings))
            failed += bool(line.error)
            target.write(dumped(row) + "\n")
        target.flush()
    return failed


def _chunks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines in chunks, so that a file larger than memory can be read."""
    chunk: list[Line] = []
    for line in lines:
        chunk.append(line)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def as_row(identity: object, reading: Reading) -> dict[str, Any]:
    """A reading in the published form (docs/reference/cli.md)."""
    return {
        "id": identity,
        "language": reading.language,
        "sentiment": reading.sentiment,
        "sentiment_scores": {label.value: round(score, 4) for label, score in reading.scores.items()},
        "intents": list(reading.intents),
        "touchpoints": list(reading.touchpoints),
        "stage": reading.stage,
        "urgency": reading.urgency,
        "spans": [
            {
                "quote": span.quote,
                "touchpoint": span.touchpoint,
                "stage": span.stage,
                "sentiment": span.sentiment,
                "confidence": round(span.confidence, 4),
            }
            for span in reading.spans
        ],
        "expectation": reading.expectation,
        "spam": reading.spam,
        "about_brand": reading.about_brand,
        "abstained": reading.abstained,
        "model": reading.model + (" (degraded)" if reading.degraded else ""),
    }


def dumped(row: dict[str, Any]) -> str:
    """JSON in UTF-8; a text with a lone surrogate, which UTF-8 cannot hold, is escaped instead."""
    text = json.dumps(row, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(row)
    return text


def _lines(source: IO[bytes]) -> Iterator[Line]:
    for number, raw in enumerate(source, start=1):
        yield _line(number, raw)


def _line(number: int, raw: bytes) -> Line:
    try:
        row = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        return Line(number, error=f"not UTF-8 at byte {error.start}; save the file as UTF-8")
    except (json.JSONDecodeError, RecursionError) as error:
        return Line(number, error=f"not JSON ({error}); one object a line is needed")
    if not isinstance(row, dict):
        return Line(number, error='not an object; {"id": …, "text": …} is needed')
    missing = [key for key in ("id", "text") if key not in row]
    if missing:
        return Line(number, error=f"{' and '.join(missing)} missing; id and text are needed")
    if not isinstance(row["text"], str):
        return Line(number, error=f"text is {type(row['text']).__name__}; a string is needed")
    return Line(number, row["id"], Text(text=row["text"], language_hint=_hint(row.get("lang"))))


def _hint(lang: object) -> Language | None:
    return Language(lang) if isinstance(lang, str) and lang in set(Language) else None


@contextlib.contextmanager
def _opened(file: str) -> Iterator[IO[bytes]]:
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(file).open("rb") as source:
            yield source
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}; give a JSONL file, or - for standard input"
        raise ConfigError(message) from error


@contextlib.contextmanager
def _target(out: Path | None) -> Iterator[IO[str]]:
    if out is None:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # always a TextIOWrapper here
        yield sys.stdout
        return
    try:
        with out.open("w", encoding="utf-8") as target:
            yield target
    except OSError as error:
        message = f"{out} cannot be written: {error.strerror}; give another --out"
        raise ConfigError(message) from error
