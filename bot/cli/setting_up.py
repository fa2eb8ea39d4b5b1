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
    from bot.cli.desk_setup import Report
    from bot.insight.wording import Wording

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
    from bot.cli.desk_setup import Asking, set_up, write_down
    from bot.insight.wording import wording

    found, settings = home_and_settings(home, config)
    language = Language(lang or settings.desk.language)
    words = wording(language, "bot.cli")
    roles, asks = _roles_of(role or [], words), not non_interactive and not as_json
    token = settings.desk.discord.token
    given = token.get_secret_value() if token else _token(found.secrets.name, words, asks=asks)
    asking = Asking(
        guild=guild or settings.desk.discord.guild,
        roles=roles,
        language=language,
        wait=(lambda link: _wait(link, words)) if asks else None,
    )
    if not as_json:
        typer.echo(words.say("init.logging_in"))
    with speaking(language, of="desk.discord"):
        report = asyncio.run(set_up(settings, given, asking, say=_say_nothing if as_json else typer.echo))
    written = write_down(config or found.settings, found.secrets, report, token=None if token else given)
    if as_json:
        typer.echo(json.dumps({**report.as_json(), "written": str(written)}, ensure_ascii=False))
        return
    for line in _page(report, words):
        typer.echo(line)
    typer.echo(words.say("init.written", file=str(written)))
    typer.echo(words.say("init.next"))


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


def _page(report: Report, words: Wording) -> list[str]:
    from bot.insight.columns import table

    rows = [(words.say(f"init.{step.done}"), step.shown) for step in report.steps]
    return [words.say("init.desk", guild=report.guild_name), *table(rows, right=())]
