"""`vivencia bench`: how fast this machine reads, as ratios within one run."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import ConfigOption, HomeOption, JsonOption, home_and_settings

if TYPE_CHECKING:
    from nlp.benchmark import Speed


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    app.command("bench", epilog="Example: `vivencia bench --texts 200`")(bench)


def bench(
    texts: Annotated[int, typer.Option("--texts", min=50, help="How many texts of the bundled stream to read.")] = 300,
    home: HomeOption = None,
    config: ConfigOption = None,
    json_: JsonOption = False,
) -> None:
    """Measure the embedded model on one core: whole readings against stock transformers and the machine's own rate.

    Ratios compare what was measured in turns in the same minute; the absolute figures are this machine's, today.
    """
    from bot.readers import open_reader
    from nlp.benchmark import measure
    from nlp.classifier import TransformerClassifier

    _, settings = home_and_settings(home, config)
    classifier = open_reader(settings)
    if not isinstance(classifier, TransformerClassifier):
        typer.echo("the model cannot be loaded; there is nothing to measure", err=True)
        raise typer.Exit(1)
    speed = measure(_texts(texts), classifier)
    if json_:
        typer.echo(json.dumps(asdict(speed) | {"ratios": speed.ratios}))
    else:
        _show(speed)


def _texts(count: int) -> list[str]:
    """Of the bundled stream: they have the length of real mentions."""
    from bot.cli.demo import DEMO

    lines = (DEMO / "stream.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines][:count]


def _show(speed: Speed) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(
        "one core", "figure", title=f"{speed.texts} texts of {speed.tokens_a_text} tokens, {speed.arithmetic}"
    )
    rows = {
        "whole readings a second": speed.reading,
        "of it the forward pass alone": speed.encoding,
        "forward pass in torch": speed.encoding_in_torch,
        "stock pipeline, one head, a second": speed.stock_one_head,
        "stock pipelines, every head, a second": speed.stock_every_head,
        "matrix product, 10⁹ operations a second": speed.gemm,
        "reached by the encoder": speed.reached,
        "reached by it in torch": speed.reached_in_torch,
        "cold start to first reading, seconds": speed.first_reading,
        "memory, MB": speed.rss_mb,
    }
    for name, figure in rows.items():
        table.add_row(name, f"{figure:g}")
    table.add_section()
    for name, ratio in speed.ratios.items():
        table.add_row(name.replace("_", " "), f"{ratio:g}")
    Console().print(table)
