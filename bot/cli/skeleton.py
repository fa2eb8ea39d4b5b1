"""What `vivencia channels new` writes: a channel that works against a small server, to be made your platform's."""

from __future__ import annotations

import keyword
import re
import sys
from importlib.resources import files
from pathlib import Path

from bot.domain.errors import ConfigError
from bot.domain.reading import Language

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_EXAMPLE = "pigeon"


def write_skeleton(name: str, folder: Path) -> list[Path]:
    """Write module, stage and test, all or none; ConfigError for a bad name or a file that is there already.

    Outside Vivencia's source tree there is no stage, because the contracts are not there.
    """
    _refuse_bad(name)
    texts = {folder / place: _made(template, name, place) for template, place in _places(name, folder).items()}
    there = [file for file in texts if file.exists()]
    if there:
        message = f"{there[0]} is there already; choose another name or move the file away"
        raise ConfigError(message)
    try:
        for file, text in texts.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"{folder} cannot be written to ({error.strerror}); give another --folder"
        raise ConfigError(message) from error
    return list(texts)


def _refuse_bad(name: str) -> None:
    from listeners.registry import channel_kinds

    if not _NAME.fullmatch(name):
        message = f"{name!r} is no name for a channel; use small letters, digits and _, like pigeon"
        raise ConfigError(message)
    if keyword.iskeyword(name) or name in sys.stdlib_module_names:
        message = f"{name!r} is a word of Python's own; choose another name"
        raise ConfigError(message)
    if name in channel_kinds():
        message = f"a kind of channel with the name {name!r} is installed already; choose another name"
        raise ConfigError(message)


def _places(name: str, folder: Path) -> dict[str, str]:
    """Template → where its text goes, below the folder."""
    if _is_source_tree(folder):
        return {
            "channel": f"listeners/{name}.py",
            "stage": f"tests/contracts/stages/{name}.py",
            "test": f"tests/listeners/test_{name}_channel.py",
        }
    return {"channel": f"{name}.py", "test": f"test_{name}.py"}


def _is_source_tree(folder: Path) -> bool:
    return (folder / "listeners" / "registry.py").exists() and (folder / "tests" / "contracts" / "stage.py").exists()


def _made(template: str, name: str, place: str) -> str:
    text = files("bot.cli").joinpath("skeletons", f"{template}.py.txt").read_text(encoding="utf-8")
    if not place.startswith(("listeners/", "tests/")):
        text = text.replace(f"from listeners.{_EXAMPLE} import", f"from {_EXAMPLE} import")
    words = name.split("_")
    return text.replace(_EXAMPLE.capitalize(), "".join(word.capitalize() for word in words)).replace(_EXAMPLE, name)


def entry_point(name: str, written: list[Path]) -> str:
    """The line that makes it installed."""
    in_tree = any(file.parent.name == "listeners" and file.stem == name for file in written)
    return f'{name} = "{"listeners." if in_tree else ""}{name}:CHANNEL"'


def new_page(name: str, written: list[Path], language: Language) -> list[str]:
    """What was written, and what to do next."""
    from bot.insight.wording import wording

    words = wording(language, "bot.cli")
    in_tree = any("contracts" in file.parts for file in written)
    return [
        words.say("new.written"),
        *(f"  {file}" for file in written),
        words.say("new.entry_point"),
        f"  {entry_point(name, written)}",
        words.say("new.install", name=name) if in_tree else words.say("new.elsewhere"),
    ]
