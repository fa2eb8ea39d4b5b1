"""In which language the terminal speaks where no configuration has been read: `--help`, and what is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from gettext import bindtextdomain, gettext, textdomain
from importlib.resources import files
from typing import TYPE_CHECKING

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from bot.domain.reading import Language

if TYPE_CHECKING:
    from babel.messages import Catalog

Command = TyperCommand | TyperGroup

# in the order in which gettext asks them; a locale is like es_MX.UTF-8, and LANGUAGE may name several
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def terminal_language(variables: Mapping[str, str]) -> Language:
    """Spanish where the locale is, English everywhere else."""
    locale = next(filter(None, map(variables.get, _VARIABLES)), "")
    return Language.ES if locale.casefold().startswith("es") else Language.EN


def in_the_terminals_words(text: str) -> str:
    """A sentence that was written in English, as whoever sits at the terminal reads it."""
    from bot.insight.told import told_in
    from bot.insight.wording import wording

    return told_in(wording(terminal_language(os.environ)), text)


def help_in(language: Language, command: Command) -> None:
    """Let a command and those below it give their help in Spanish or English, with paragraphs as wide as the terminal.

    A text that has no Spanish stays as it is.
    """
    catalog = spanish_help() if language is Language.ES else None
    if catalog:
        _let_typer_find_spanish()
    for each in _family(command):
        if catalog:
            _translate(each, catalog)
        each.help = "\n\n".join(part.replace("\n", " ") for part in (each.help or "").split("\n\n"))


def spanish_help() -> Catalog:
    """`wording/help.es.po`: the English texts of the commands, each with its Spanish."""
    from babel.messages.pofile import read_po

    with files("bot.cli").joinpath("wording", "help.es.po").open("rb") as file:
        return read_po(file, locale="es")


class _Formatter(typer.Context.formatter_class):  # type: ignore[misc, valid-type]  # typer hides its name
    """Of all that typer says around a text of ours, this alone it does not ask gettext for."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or f"{gettext('Usage:')} ")


class _Context(typer.Context):
    formatter_class = _Formatter


def _let_typer_find_spanish() -> None:
    """Typer asks gettext, which reads the same variables as we; `wording/es/LC_MESSAGES/typer.po` has the words."""
    bindtextdomain("typer", str(files("bot.cli").joinpath("wording")))
    textdomain("typer")


def _family(command: Command) -> Iterator[Command]:
    yield command
    if isinstance(command, TyperGroup):
        for inner in command.commands.values():
            if isinstance(inner, Command):
                yield from _family(inner)


def _translate(command: Command, catalog: Catalog) -> None:
    def spanish(text: str | None) -> str | None:
        found = catalog.get(text) if text else None
        return str(found.string) if found else text

    command.help, command.epilog = spanish(command.help), spanish(command.epilog)
    command.options_metavar = spanish(command.options_metavar)
    command.rich_help_panel = spanish("Commands")
    command.context_class = _Context
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = str(spanish(command.subcommand_metavar))
    context = typer.Context(command)
    for parameter in (*command.params, command.get_help_option(context)):
        if isinstance(parameter, TyperOption | TyperArgument):
            parameter.help = spanish(parameter.help)
            # typer asks gettext for no kind of value, such as <path>; a flag has no value
            kind = None if getattr(parameter, "is_flag", False) else spanish(parameter.display_type(context))
            parameter.display_type_rich = _always(kind)  # type: ignore[assignment, method-assign]
            if isinstance(parameter.show_default, str):
                parameter.show_default = str(spanish(parameter.show_default))
            if isinstance(parameter, TyperArgument):
                parameter.metavar = spanish(parameter.metavar or parameter.name)
            parameter.rich_help_panel = spanish("Options" if isinstance(parameter, TyperOption) else "Arguments")


def _always(kind: str | None) -> Callable[[object], str | None]:
    def display_type_rich(ctx: object) -> str | None:
        del ctx
        return kind

    return display_type_rich
