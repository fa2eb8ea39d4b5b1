"""Dataclasses as JSON: enums by value, times in ISO 8601, durations in seconds, reasons as English sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from bot.desk.reasons import reason_in_english
from bot.domain.reason import Reason


def plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - whatever a dataclass may hold
    """Anything of the domain as what `json.dumps` takes."""
    if isinstance(value, Reason):
        return reason_in_english(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {key: inner for field in fields(value) for key, inner in _keys(field.name, getattr(value, field.name))}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    return value


def _keys(name: str, value: object) -> Iterator[tuple[str, Any]]:
    """A reason has three: `reason` is the sentence, `reason_name` and `reason_values` are what it says."""
    yield name, plain(value)
    if isinstance(value, Reason):
        yield f"{name}_name", value.name
        yield f"{name}_values", plain(value.values)
