"""What may stand in a setting where not every text or time will do: each says what is wrong with another."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, StringConstraints


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        # `Europe` is a folder of zones
        message = f"{name!r} is no time zone; use a name like Europe/Madrid or America/Mexico_City"
        raise ValueError(message) from error
    return name


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
    if not account.lstrip("@"):
        message = "an account needs a name; take the empty one out"
        raise ValueError(message)
    return account


Zone = Annotated[str, AfterValidator(_known_zone)]
LocalTime = Annotated[time, AfterValidator(_on_the_wall)]
# an empty word would stand in nearly every text, and an empty account would be whoever has no name
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Account = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_named)]
Mode = Literal["off", "shadow", "approve", "auto"]
Spoken = Literal["es", "en"]
Languages = Annotated[tuple[Spoken, ...], AfterValidator(_some)]
