"""Read what a platform answers: as what it should be, or as an error that says where it is not."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from bot.domain.errors import ChannelUnavailable

Kind = TypeVar("Kind", bound=BaseModel)


def readable(kind: type[Kind], rows: object) -> list[Kind]:
    """Those of the rows that are what they should be."""
    found: list[Kind] = []
    for row in rows if isinstance(rows, list) else []:
        try:
            found.append(kind.model_validate(row))
        except ValidationError:
            continue
    return found


def read_from(platform: str, kind: type[Kind], answer: object) -> Kind:
    """An answer as what it should be; ChannelUnavailable, with the platform's name, when it is something else."""
    try:
        return kind.model_validate(answer)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "answer"
        message = f"{platform}'s answer cannot be read ({where}: {first['msg'].lower()})"
        raise ChannelUnavailable(message) from error
