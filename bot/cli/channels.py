"""`vivencia channels`: which are installed and how the configured ones fare, a log-in to try, a new one to begin."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import ConfigOption, HomeOption, JsonOption, LangOption, home_and_settings
from bot.cli.spoken import speaking
from bot.domain.reading import Language

family = typer.Typer(no_args_is_help=True, help="Where Vivencia listens: list, check, new.", rich_markup_mode="rich")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    family.command("list", epilog="Example: `vivencia channels list --json`")(list_channels)
    family.command("check", epilog="Example: `vivencia channels check x`")(check)
    family.command("new", epilog="Example: `vivencia channels new pigeon`")(new)
    app.add_typer(family, name="channels")


def list_channels(
    home: HomeOption = None, config: ConfigOption = None, lang: LangOption = None, as_json: JsonOption = False
) -> None:
    """The kinds of channels that are installed, and how the configured ones fare and what they cost today.

    A channel whose settings are wrong is named with the reason, and the exit code is 2.
    """
    from bot.cli.channel_list import configured, installed, list_json, list_page

    found, settings = home_and_settings(home, config)
    now, kinds = datetime.now(UTC), installed()
    channels = asyncio.run(configured(found, settings, now))
    if as_json:
        typer.echo(json.dumps(list_json(kinds, channels), ensure_ascii=False))
    else:
        language = Language(lang or settings.desk.language)
        for line in list_page(kinds, channels, home=found, settings=settings, language=language, now=now):
            typer.echo(line)
    if any(channel.error for channel in channels):
        raise typer.Exit(2)


def check(
    name: Annotated[str, typer.Argument(help=r"The channel's name: its table is \[channels.NAME].")],
    home: HomeOption = None,
    config: ConfigOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Log in to one configured channel and leave again: who we are there, what we may, what it costs at this pace.

    Nothing is posted. Exit code 1 when the channel refuses us or is away, 2 when its settings are wrong.
    """
    from bot.cli.channel_check import check_json, check_page, checked

    found, settings = home_and_settings(home, config)
    language = Language(lang or settings.desk.language)
    seen = asyncio.run(checked(found, settings, name, language))
    if as_json:
        typer.echo(json.dumps(check_json(seen), ensure_ascii=False))
        return
    for line in check_page(seen, language):
        typer.echo(line)


def new(
    name: Annotated[str, typer.Argument(help="The kind's name: small letters, digits and _, like pigeon.")],
    folder: Annotated[
        Path, typer.Option("--folder", help="Where to write; best in Vivencia's source tree.", show_default="here")
    ] = Path(),
    home: HomeOption = None,
    config: ConfigOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the skeleton of a new channel: its module with settings, its stage for the contracts, and its test.

    The skeleton works as it is, against a small server of its own; make it your platform's step by step. Files that
    exist already are never overwritten.
    """
    from bot.cli.skeleton import entry_point, new_page, write_skeleton

    _, settings = home_and_settings(home, config)
    language = Language(lang or settings.desk.language)
    with speaking(language):
        written = write_skeleton(name, folder)
    if as_json:
        files = [str(file) for file in written]
        typer.echo(json.dumps({"written": files, "entry_point": entry_point(name, written)}, ensure_ascii=False))
        return
    for line in new_page(name, written, language):
        typer.echo(line)
