"""What may stand in a setting where not every text or time will do: each says what is wrong with another."""

from __future__ import annotations

import re
import unicodedata
from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from bot.domain.text import clean


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        # `Europe` is a folder of zones
        message = f"{name!r} is no time zone; use a name like Europe/Madrid or America/Mexico_City"
        raise ValueError(message) from error
    return name


def _no_number(given: object) -> object:
    # pydantic takes a number for seconds since midnight in London
    if isinstance(given, int | float):
        message = "input should be a time like 09:30"
        raise ValueError(message)  # noqa: TRY004 - pydantic makes a complaint of this one only
    return given


def _folder(given: object) -> object:
    if not isinstance(given, str):
        return given
    if not given.strip():
        message = "an empty name is no folder; name one, or take the key out"
        raise ValueError(message)
    try:
        return Path(given).expanduser()
    except RuntimeError as error:
        message = f"the home of {Path(given).parts[0]} is not known; write the whole path"
        raise ValueError(message) from error


def _on_the_wall(moment: time) -> time:
    if moment.tzinfo is not None:
        message = f"{moment.isoformat('minutes')} names a zone; write the local time alone, like {moment:%H:%M}"
        raise ValueError(message)
    return moment


def _some(languages: tuple[str, ...]) -> tuple[str, ...]:
    if not languages:
        message = "name at least one language"
        raise ValueError(message)
    return languages


def _named(account: str) -> str:
    name = clean(account)
    if not name.lstrip("@"):
        message = "an account needs a name; take the empty one out"
        raise ValueError(message)
    if "://" in name:
        *_, last = re.split(r"[/?#]+", name.partition("://")[2].rstrip("/"))
        message = f"{name!r} is an address; write the account's name alone, like {last.lstrip('@') or 'zarapito'}"
        raise ValueError(message)
    if re.search(r"\s", name):
        message = (
            f"{name!r} holds a space; write the account's name as it stands after its @, each in quotes of its own"
        )
        raise ValueError(message)
    return name


def _visible(name: str) -> str:
    if any(unicodedata.category(character) in _UNSEEN for character in name):
        message = "a line break or an invisible character is no part of a name; type it anew"
        raise ValueError(message)
    return name


# controls, format characters, lone surrogates, line and paragraph separators
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
Zone = Annotated[str, AfterValidator(_known_zone)]
LocalTime = Annotated[time, BeforeValidator(_no_number), AfterValidator(_on_the_wall)]
Folder = Annotated[Path, BeforeValidator(_folder)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), AfterValidator(_visible)]
# an empty word would stand in nearly every text, and an empty account would be whoever has no name
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Account = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_named)]
# more than anybody means, and no more than pauses can be counted with
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Mode = Literal["off", "shadow", "approve", "auto"]
Spoken = Literal["es", "en"]
Languages = Annotated[tuple[Spoken, ...], AfterValidator(_some)]
