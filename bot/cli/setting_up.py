"""`vivencia init discord`: invite the bot, find or make the desk's channels, tags and roles, write it all down."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import ConfigOption, HomeOption, JsonOption, LangOption, home_and_settings
from bot.cli.spoken import speaking
from bot.domain.agent import Rank
from bot.domain.errors import ConfigError
from bot.domain.reading import Language

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.cli.desk_setup import Asking, Report
    from bot.insight.wording import Wording
    from config.settings import Settings

family = typer.Typer(no_args_is_help=True, help="Set up what agents work with: discord.", rich_markup_mode="rich")

_EXAMPLES = (
    "Examples: `vivencia init discord`\n\n"
    "`vivencia init discord --non-interactive --guild 123456789012345678 --role agent=Soporte --role lead=Jefas`"
)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    family.callback()(_family)
    family.command("discord", epilog=_EXAMPLES)(discord)
    app.add_typer(family, name="init")


def _family() -> None:
    """Only that `init` is a family, though it has one command."""


def discord(
    guild: Annotated[
        str | None, typer.Option("--guild", help="The guild's id; else the only one the bot is in.", show_default=False)
    ] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(
            "--role", help="Who is what: agent=ROLE, lead=ROLE, manager=ROLE, admin=ROLE, by name or id; repeatable."
        ),
    ] = None,
    non_interactive: Annotated[
        bool, typer.Option("--non-interactive", help="Ask nothing: what is missing is said, with exit code 2.")
    ] = False,
    home: HomeOption = None,
    config: ConfigOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set up the agents' desk in a Discord guild. Run it again whenever you like: what is there stays.

    The bot's token comes from VIVENCIA_DESK__DISCORD__TOKEN or <home>/secrets/desk__discord__token, or is asked for.
    The link that invites the bot is printed with the permissions it asks for, and what each is for. The channels it
    makes are seen only by the roles you name. No privileged intent is needed.
    """
    from bot.cli.desk_setup import Asking, write_down
    from bot.insight.wording import wording

    found, settings = home_and_settings(home, config)
    language = Language(lang or settings.desk.language)
    words, asks = wording(language, "bot.cli"), not non_interactive and not as_json
    asking = Asking(
        guild=guild or settings.desk.discord.guild,
        roles=_roles_of(role or [], words),
        language=language,
        wait=(lambda link: _wait(link, words)) if asks else None,
    )
    known = settings.desk.discord.token
    token = known.get_secret_value() if known else _token(found.secrets.name, words, asks=asks)
    report = _set_up(settings, token, asking, words, say=_say_nothing if as_json else typer.echo)
    written = write_down(config or found.settings, found.secrets, report, token=None if known else token)
    if as_json:
        typer.echo(json.dumps({**report.as_json(), "written": str(written)}, ensure_ascii=False))
        return
    for line in _page(report, written, words):
        typer.echo(line)


def _token(folder: str, words: Wording, *, asks: bool) -> str:
    if not asks:
        raise ConfigError(words.say("init.no_token", folder=folder))
    given: str = typer.prompt(words.say("init.ask_token"), hide_input=True)
    return given.strip()


def _say_nothing(line: str) -> None:
    del line


def _wait(link: str, words: Wording) -> None:
    typer.prompt(words.say("init.invite_and_enter", link=link), default="", show_default=False)


def _roles_of(given: list[str], words: Wording) -> dict[Rank, list[str]]:
    """`agent=Soporte` → who is what."""
    roles: dict[Rank, list[str]] = {}
    for each in given:
        rank, sign, name = each.partition("=")
        if not sign or not name.strip() or rank.strip() not in set(Rank):
            raise ConfigError(words.say("init.no_rank", given=each, ranks=", ".join(Rank)))
        roles.setdefault(Rank(rank.strip()), []).append(name.strip())
    return roles


def _set_up(settings: Settings, token: str, asking: Asking, words: Wording, *, say: Callable[[str], None]) -> Report:
    """In the guild, with what is wrong there told in the language that was asked for."""
    from bot.cli.desk_setup import set_up

    say(words.say("init.logging_in"))
    with speaking(asking.language, of="desk.discord"):
        return asyncio.run(set_up(settings, token, asking, say=say))


def _page(report: Report, written: Path, words: Wording) -> list[str]:
    """What there is now, where it is written down, and what comes next."""
    from bot.insight.columns import table

    rows = [(words.say(f"init.{step.done}"), step.shown) for step in report.steps]
    return [
        words.say("init.desk", guild=report.guild_name),
        *table(rows, right=()),
        words.say("init.written", file=str(written)),
        words.say("init.next"),
    ]
