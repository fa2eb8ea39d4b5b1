"""`vivencia simulate`: the whole service over a recording, until everything is settled."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.options import ConfigOption, HomeOption, JsonOption, LangOption, home_and_settings, refusal
from bot.cli.tongue import in_the_terminals_words
from bot.domain.errors import ConfigError
from bot.domain.reading import Language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.insight.figures import Figures
    from bot.insight.wording import Wording
    from bot.simulation import Outcome


_SAID_TO_CUSTOMERS = frozenset({"reply", "ask"})


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command("simulate", epilog="Example: `vivencia simulate mentions.jsonl --home /tmp/trial --json`")(simulate)


def simulate(
    file: Annotated[
        str,
        typer.Argument(
            help='JSONL: {"id", "text"[, "author", "created_at", "thread", "in_reply_to", "author_role"]}; - is stdin.'
        ),
    ],
    home: HomeOption = None,
    config: ConfigOption = None,
    speed: Annotated[
        str, typer.Option("--speed", help='"max", or how many recorded seconds pass in one: 1, 60 …')
    ] = "max",
    mode: Annotated[str, typer.Option("--mode", help="off, shadow, approve or auto; replies go to a file.")] = "auto",
    lang: LangOption = None,
    as_json: JsonOption = False,
    cards: Annotated[bool, typer.Option("--cards", help="Show every case as the desk would.")] = False,
) -> None:
    """Run the full service over a recording: accept, read, decide, answer (into a file), until all is settled.

    Running it again on the same home accepts nothing twice and says nothing twice.
    """
    from bot.cli.progress import progress_over
    from bot.simulation import simulate_file

    found, settings = home_and_settings(home, config)
    if lang is not None:
        settings = settings.model_copy(update={"desk": settings.desk.model_copy(update={"language": lang.value})})
    if mode not in {"off", "shadow", "approve", "auto"}:
        raise ConfigError(refusal(Language(settings.desk.language), "no_mode", mode=mode))
    pace = _speed(speed, Language(settings.desk.language))
    with progress_over(file, shown=sys.stderr.isatty()) as told:
        outcome = asyncio.run(
            simulate_file(file, home=found, settings=settings, speed=pace, mode=mode, told=told, cards=cards)
        )
    for rejected in outcome.rejected:
        typer.echo(f"{file}:{rejected.line}: {in_the_terminals_words(rejected.error)}", err=True)
    spoken = Language(settings.desk.language)
    typer.echo(json.dumps(outcome.as_json()) if as_json else outcome_page(outcome, spoken))
    if outcome.rejected:
        raise typer.Exit(1)


def _speed(given: str, language: Language) -> str | float:
    if given == "max":
        return given
    try:
        speed = float(given)
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise ConfigError(refusal(language, "no_speed", speed=given))
    return speed


def outcome_page(outcome: Outcome, language: Language) -> str:
    """What a simulation did, for people."""
    from bot.insight.figures import Figures
    from bot.insight.wording import wording

    words, desk = wording(language, "bot.cli"), wording(language, "bot.desk")
    figures, counts = Figures(language, ZoneInfo("UTC")), outcome.counts
    run = {"accepted": outcome.accepted, "duplicates": outcome.duplicates, "rejected": len(outcome.rejected)}
    held = ("brand_posts", "customers", "experiences", "cases", "open_cases", "promises", "replies")
    numbers = {**run, **{name: getattr(counts, name) for name in held}}
    numbers |= {"speed": outcome.mentions_per_second, "memory": outcome.peak_rss_mb}
    said = {"seconds": figures.decimal(outcome.seconds), **{name: figures.whole(n) for name, n in numbers.items()}}
    decisions = (_decisions(kind, verdicts, desk, figures) for kind, verdicts in counts.actions.items())
    before, after = words.say("simulate.held", **said), words.say("simulate.pace", **said)
    return "\n".join((before, *decisions, after))


def _decisions(kind: str, verdicts: Mapping[str, int], desk: Wording, figures: Figures) -> str:
    """`  respuesta: se envía 15 · espera aprobación 30`; what nobody outside hears is only counted."""
    if kind not in _SAID_TO_CUSTOMERS:
        return f"  {desk.say(f'action.{kind}')}: {figures.whole(sum(verdicts.values()))}"
    each = " · ".join(f"{desk.say(f'verdict.{verdict}')} {figures.whole(n)}" for verdict, n in verdicts.items())
    return f"  {desk.say(f'action.{kind}')}: {each}"
