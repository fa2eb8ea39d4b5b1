"""Files that a command was told to write: never what it reads, and whole or not at all."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import typer

from bot.domain.errors import ConfigError


@contextmanager
def written_whole(out: Path, option: str, inputs: Iterable[Path | int]) -> Iterator[Path]:
    """Where to write: beside `out`, whose place it takes at the end; what is interrupted leaves `out` as it was.

    A command that leaves with an exit code has come to its end. A device or a pipe is written to as it is. Raises
    ConfigError where `out` cannot be written, or is one of the inputs by path, link or descriptor.
    """
    _refuse_what_is_read(inputs, out, option)
    if out.exists() and not out.is_file():
        yield out
        return
    with saying_which(out, option):
        target = out.resolve()
        fresh = _fresh_beside(target)
    try:
        yield fresh
    except typer.Exit:
        _take_place(fresh, target, option)
        raise
    else:
        _take_place(fresh, target, option)
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def saying_which(out: Path, option: str) -> Iterator[None]:
    """What the system says against the file becomes a sentence."""
    try:
        yield
    except OSError as error:
        raise ConfigError(f"{out} cannot be written: {error.strerror}; give another {option}") from error


def _refuse_what_is_read(inputs: Iterable[Path | int], out: Path, option: str) -> None:
    for each in inputs:
        # whoever opens an input says what is wrong with it; a device is not overwritten
        with suppress(OSError):
            read = os.stat(each)  # noqa: PTH116 - of a descriptor too
            if stat.S_ISREG(read.st_mode) and os.path.samestat(read, out.stat()):
                raise ConfigError(f"{out} is what is read; give another {option}")


def _fresh_beside(target: Path) -> Path:
    """An empty file with the rights of the one whose place it takes, or of any new one."""
    fresh = target.with_name(f".{secrets.token_hex(8)}.new")
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    if target.exists():
        fresh.chmod(stat.S_IMODE(target.stat().st_mode))
    return fresh


def _take_place(fresh: Path, target: Path, option: str) -> None:
    with saying_which(target, option):
        fresh.replace(target)
