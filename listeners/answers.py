"""Read what a platform answers: as what it should be, or as an error that says where it is not."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from bot.domain.errors import ChannelUnavailable

Kind = TypeVar("Kind", bound=BaseModel)


def readable(kind: type[Kind], rows: object) -> list[Kind]:
    """Those of the rows that are what they should be; a strange detail that is not needed costs only itself."""
    read = (_as_far_as_it_goes(kind, row) for row in (rows if isinstance(rows, list) else []))
    return [one for one in read if one is not None]


def _as_far_as_it_goes(kind: type[Kind], row: object) -> Kind | None:
    try:
        return kind.model_validate(row)
    except ValidationError as error:
        strange = {told["loc"][0] for told in error.errors(include_url=False, include_input=False) if told["loc"]}
    if not isinstance(row, dict) or strange.isdisjoint(row):
        return None
    try:
        return kind.model_validate({name: value for name, value in row.items() if name not in strange})
    except ValidationError:
        return None


def read_from(platform: str, kind: type[Kind], answer: object) -> Kind:
    """An answer as what it should be; ChannelUnavailable, with the platform's name, when it is something else."""
    try:
        return kind.model_validate(answer)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "answer"
        message = f"{platform}'s answer cannot be read ({where}: {first['msg'].lower()})"
        raise ChannelUnavailable(message) from error
