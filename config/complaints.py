"""Say in one line what is wrong with a configuration, why, and what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

# what people who write TOML call it
_IN_THEIR_WORDS = {
    r"a valid (?:tuple|frozenset|list)": "a list",
    r"a valid dictionary(?: or instance of \w+)?": "a table",
    "a valid string": "a text in quotes",
    "Input is not a valid path.*": "Input should be a text in quotes",
    "in a valid time format.*|a valid time": "a time like 09:30",
    "a valid date.*": "a date like 2026-12-25",
    "Datetimes provided to dates.*": "Input should be a date like 2026-12-25",
    "Decimal input should be.*": "Input should be a valid decimal",
    "Unable to parse input string as an integer.*": "Input should be a valid integer",
    "a valid URL.*": "a whole address like https://example.org",
    "URL .*should.*": "Input should be a whole address like https://example.org",
}


def in_one_line(error: ValidationError, model: type[BaseModel], source: str) -> str:
    """The first complaint as `source: [table] key: what is wrong; the fix`, and how many more there are."""
    complaints = error.errors(include_url=False)
    first = complaints[0]
    where = [str(part) for part in first["loc"]]
    if first["type"] == "extra_forbidden":
        text = _unknown_key(where, _fields_at(model, where[:-1]))
    elif where[-1:] == ["[key]"]:
        text = _unknown_key(where[:-1], re.findall(r"'([^']+)'", first["msg"]))
    else:
        text = f"{_place(where)} {in_their_words(first['msg'])}{_shown(first['input'], where)}"
    more = f" — and {len(complaints) - 1} more" if len(complaints) > 1 else ""
    return f"{source}: {text}{more}"


def _unknown_key(where: list[str], known: Iterable[str]) -> str:
    near = get_close_matches(where[-1], known := sorted(known), n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"
    table = f"[{'.'.join(where[:-1])}]" if where[:-1] else "top level:"
    return f"{table} the key {where[-1]!r} is unknown; {hint}"


def _fields_at(model: type[BaseModel], path: list[str]) -> set[str]:
    named_by_owner = False
    for part in path:
        if named_by_owner:
            named_by_owner = False
            continue
        field = model.model_fields.get(part)
        inner = _model_in(field.annotation) if field else None
        if field is None or inner is None:
            return set()
        model, named_by_owner = inner, get_origin(field.annotation) is dict
    return set(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - annotations are anything
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _model_in(arg))), None)


def _place(where: list[str]) -> str:
    *tables, key = where or ["?"]
    return f"[{'.'.join(tables)}] {key}:" if tables else f"{key}:"


def in_their_words(message: str) -> str:
    """What pydantic says of a value, for people who write TOML."""
    message = message.removeprefix("Value error, ")
    for pattern, words in _IN_THEIR_WORDS.items():
        message = re.sub(pattern, words, message)
    return message[:1].lower() + message[1:]


def _shown(value: object, where: list[str]) -> str:
    """What was given, in short; nothing of what is a secret or, in a channel's table, may be one."""
    # the desk's token may have been written to any key of its table, or in its place
    if where[:1] == ["channels"] or where[:2] == ["desk", "discord"] or isinstance(value, dict):
        return ""
    text = repr(value)
    return f" (it is {text if len(text) <= 60 else text[:57] + '…'})"
