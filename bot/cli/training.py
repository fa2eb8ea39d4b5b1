"""`vivencia train`: make the shipped weights again, from the seeds and a folder of public sets."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated

import typer

from bot.cli.options import JsonOption
from bot.domain.errors import ConfigError


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    app.command("train", epilog="Example: `vivencia train --data sets --encoder build/encoder --out build/weights`")(
        train
    )


def train(
    data: Annotated[Path, typer.Option("--data", help="Folder of the public sets (docs/how-to/train-the-model.md).")],
    encoder: Annotated[Path, typer.Option("--encoder", help="The bare encoder, as `nlp.weights_build` writes it.")],
    out: Annotated[Path, typer.Option("--out", help="Where the weights are written.")] = Path("build/weights"),
    work: Annotated[Path, typer.Option("--work", help="Where stages are kept, to go on from.")] = Path("build/train"),
    threads: Annotated[int, typer.Option("--threads", min=1, help="Cores that compute; one gives the same bits.")] = 1,
    json_: JsonOption = False,
) -> None:
    """Train the reading model: public sets, then seeds and annotated posts, calibrated on sectors left out.

    The seed is fixed: with one thread the same processor gives the same weights, with more they differ in their last
    digits. About twelve hours on one core; a finished stage is not trained again. Ends with macro-F1 a head on
    the sectors left out, and the time.
    """
    began = time.monotonic()
    _check(data, encoder)
    _check_room(work, "--work")
    _check_room(out, "--out")
    from tokenizers import Tokenizer

    from nlp.train.annotated import annotated_examples
    from nlp.train.corpus import seed_examples
    from nlp.train.course import Course, run

    own = [*seed_examples(), *annotated_examples(data)]

    with _progress() as told:
        tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
        course = Course(data=data, tokenizer=tokenizer, told=told, threads=threads)
        measured = run(course, own, encoder=encoder, work=work, out=out)
    seconds = round(time.monotonic() - began)
    if json_:
        typer.echo(json.dumps({"seconds": seconds, "out": str(out), "f1": measured.figures}))
        return
    from bot.cli.tongue import terminal_language
    from bot.insight.wording import wording

    for task, figure in measured.figures.items():
        typer.echo(f"{task:18} {figure:.3f}")
    words = wording(terminal_language(os.environ), "bot.cli")
    typer.echo(words.say("train.done", seconds=str(seconds), out=str(out)))


def _check(data: Path, encoder: Path) -> None:
    from nlp.train.corpus import SOURCES

    missing = [file for source in SOURCES.values() for file in source.files if not (data / f"{file}.jsonl").is_file()]
    if missing:
        message = (
            f"{data}: {missing[0]}.jsonl is missing; docs/how-to/train-the-model.md says where each set comes from"
        )
        raise ConfigError(message)
    if not all((encoder / name).is_file() for name in ("config.json", "tokenizer.json")):
        message = f"{encoder}: no encoder there; build it with `python -m nlp.weights_build`"
        raise ConfigError(message)


def _check_room(folder: Path, option: str) -> None:
    """Whether it can be written to is known before hours have passed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ConfigError(f"{folder} cannot be written: {error.strerror}; give another {option}") from error


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int, float], None]]:
    """A bar a stage on standard error, with the running loss."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("{task.fields[loss]:.3f}"), console=Console(stderr=True)) as progress:
        stage = progress.add_task("", total=None, loss=0.0)

        def told(name: str, step: int, steps: int, loss: float) -> None:
            progress.update(stage, description=name, completed=step, total=steps, loss=loss)

        yield told
