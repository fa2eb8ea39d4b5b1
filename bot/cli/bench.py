"""`vivencia bench`: how fast this machine reads, as ratios within one run."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import ConfigOption, HomeOption, JsonOption, LangOption, home_and_settings, refusal
from bot.domain.errors import VivenciaError
from bot.domain.reading import Language

if TYPE_CHECKING:
    from rich.table import Table

    from nlp.benchmark import Speed

_FIGURES = (
    "reading",
    "encoding",
    "encoding_in_torch",
    "stock_one_head",
    "stock_every_head",
    "gemm",
    "reached",
    "reached_in_torch",
    "first_reading",
    "rss_mb",
)


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    app.command("bench", epilog="Example: `vivencia bench --texts 200`")(bench)


def bench(
    texts: Annotated[int, typer.Option("--texts", min=50, help="How many texts of the bundled stream to read.")] = 300,
    home: HomeOption = None,
    config: ConfigOption = None,
    lang: LangOption = None,
    json_: JsonOption = False,
) -> None:
    """Measure the embedded model on one core: whole readings against stock transformers and the machine's own rate.

    Ratios compare what was measured in turns in the same minute; the absolute figures are this machine's, today.
    """
    from bot.readers import open_reader
    from nlp.benchmark import measure
    from nlp.classifier import TransformerClassifier

    _, settings = home_and_settings(home, config)
    language = Language(lang or settings.desk.language)
    classifier = open_reader(settings)
    if not isinstance(classifier, TransformerClassifier):
        raise VivenciaError(refusal(language, "no_model"))
    speed = measure(_texts(texts), classifier)
    if json_:
        typer.echo(json.dumps(asdict(speed) | {"ratios": speed.ratios}))
    else:
        _show(speed, language)


def _texts(count: int) -> list[str]:
    """Of the bundled stream: they have the length of real mentions."""
    from bot.cli.demo import DEMO

    lines = (DEMO / "stream.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines][:count]


def _show(speed: Speed, language: Language) -> None:
    from rich.console import Console

    Console().print(speed_table(speed, language))


def speed_table(speed: Speed, language: Language) -> Table:
    """What was measured, and below it the ratios that are promised."""
    from babel.numbers import format_decimal
    from rich.table import Table

    from bot.insight.wording import wording

    words, locale = wording(language, "bot.cli"), str(language)
    head = {"texts": str(speed.texts), "tokens": format_decimal(speed.tokens_a_text, locale=locale)}
    title = words.say("bench.title", **head, arithmetic=speed.arithmetic)
    table = Table(words.say("bench.one_core"), words.say("bench.figure"), title=title)
    for name in _FIGURES:
        table.add_row(words.say(f"bench.{name}"), format_decimal(getattr(speed, name), "#,##0.###", locale=locale))
    table.add_section()
    for name, ratio in speed.ratios.items():
        told = words.say("bench.too_little") if ratio is None else format_decimal(ratio, "#,##0.###", locale=locale)
        table.add_row(words.say(f"bench.{name}"), told)
    return table
