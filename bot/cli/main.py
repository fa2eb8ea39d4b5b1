"""The command `vivencia`: its families, and the one place where errors become a line and an exit code."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated

import typer
from typer.exceptions import TyperException

from bot.cli import (
    bench,
    channels,
    customers,
    demo,
    digests,
    doctor,
    evaluate,
    finding,
    outbox,
    privacy,
    queue,
    reading,
    service,
    setting_up,
    simulation,
    training,
)
from bot.cli.streams import give_up_output, make_ready
from bot.cli.tongue import Command, help_in, in_the_terminals_words, terminal_language
from bot.domain.errors import ConfigError, VivenciaError

FAILED, WRONG_USE, STOPPED = 1, 2, 130
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})

app = typer.Typer(
    name="vivencia",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help=(
        "Listen where customers talk, understand each mention as an experience, get it to a person or answer it, "
        "and keep what happened in that customer's history. Escucha, entiende, responde y recuerda.\n\n"
        "Start with: vivencia demo. Exit codes: 0 done, 1 a check failed or a line could not be read, "
        "2 wrong use or configuration."
    ),
)
USED_DAILY = (demo, setting_up, reading, finding, simulation, service, doctor, channels, digests)
ABOUT_WORK = (queue, customers, outbox)
ABOUT_PERSONS = (privacy,)
ABOUT_THE_MODEL = (evaluate, training, bench)
for family in (*USED_DAILY, *ABOUT_WORK, *ABOUT_PERSONS, *ABOUT_THE_MODEL):
    family.add_to(app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"vivencia {version('vivencia')}")
        raise typer.Exit


@app.callback()
def vivencia(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Only the options that stand before a command."""
    del version


def main() -> None:
    """Run the command line. Errors raised on purpose are one line on standard error, never a traceback."""
    make_ready()
    command = typer.main.get_group(app)
    help_in(terminal_language(os.environ), command)
    try:
        if code := _code_of(command):
            sys.exit(code)
    except (BrokenPipeError, SystemExit) as left:
        # typer and rich make 1 of a pipe that nobody reads
        if isinstance(left, SystemExit) and not isinstance(left.__context__, BrokenPipeError):
            raise
        # whoever read our output has heard enough (`vivencia read … | head`)
        sys.stderr.close()
        give_up_output()
        sys.exit(0)
    except OSError as error:
        # what we open says by itself what is wrong with it; this is what is written to
        if error.errno not in _NO_ROOM:
            raise
        _say(f"the output cannot be written: {error.strerror}; make room or send it elsewhere")
        give_up_output()
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(STOPPED)


def _code_of(command: Command) -> int:
    """With what it leaves, once it has said why."""
    try:
        _refuse_empty_paths(sys.argv)
        return int(command(prog_name="vivencia", standalone_mode=False) or 0)
    except TyperException as misuse:
        _say(_misuse(misuse))
        return WRONG_USE
    except ConfigError as error:
        _say(str(error))
        return WRONG_USE
    except VivenciaError as error:
        _say(str(error))
        return FAILED
    except typer.Abort as unanswered:
        _say(str(unanswered) or "nothing was answered, so nothing was done")
        by_hand = isinstance(unanswered.__cause__ or unanswered.__context__, KeyboardInterrupt)
        return STOPPED if by_hand else FAILED
    except UnicodeEncodeError as error:
        if not any(_stands_in(error, argument) for argument in sys.argv):
            raise
        _say(f"{error.object!a} is not UTF-8; type it anew, in a terminal that speaks UTF-8")
        return WRONG_USE


def _refuse_empty_paths(arguments: Sequence[str]) -> None:
    """Of an empty path, as of a variable that is not set, typer makes the folder where we stand."""
    for option in ("--home", "--config", "--out", "--chart"):
        if f"{option}=" in arguments or (option, "") in pairwise(arguments):
            raise ConfigError(f"{option} is empty; give a path, or leave the option out")


def _misuse(error: TyperException) -> str:
    """What the command line cannot be: where only the help was wanted, nothing."""
    said = error.format_message().rstrip(".").replace(": Value error, ", ": ")
    context = getattr(error, "ctx", None)
    return f"{said} — `{context.command_path} --help` tells how" if said and context else said


def _stands_in(error: UnicodeEncodeError, argument: str) -> bool:
    return error.object[error.start : error.end] in argument


def _say(text: str) -> None:
    line = " ".join(in_the_terminals_words(text).split())
    if line:
        sys.stderr.write(f"vivencia: {line}\n")
