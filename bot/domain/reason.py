"""Why something was decided or left undone: a stable name with its values. The words for it are the reader's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Value: TypeAlias = "str | int | tuple[str, ...] | Reason"


@dataclass(frozen=True, slots=True)
class Reason:
    """`policy.quiet_hours` with `{"since": "22:00", "until": "08:00"}`.

    It is kept for ever, so a name is never given to another reason and keeps its values. What it says in Spanish and in
    English stands under `[reason]` in the desk's wording.
    """

    name: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        """For logs and tests."""
        told = ", ".join(f"{key}={value}" for key, value in self.values.items())
        return f"{self.name} ({told})" if told else self.name


Why = Reason | str
"""A reason of ours; or words as somebody wrote them: a person, a platform, a plug-in, or an earlier version."""


def because(name: str, /, **values: Value) -> Reason:
    """The reason of that name."""
    return Reason(name, values)
