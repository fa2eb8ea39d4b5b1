"""What a channel can do, and as whom it does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Ability(StrEnum):
    """What a kind of channel can do at all, whatever its account may.

    `looks_up`: after a crash it can say whether an answer was heard. `edits` and `deletions`: it hears of them.
    """

    LISTENS = "listens"
    ANSWERS = "answers"
    LOOKS_UP = "looks_up"
    EDITS = "edits"
    DELETIONS = "deletions"


class OwnVoice(StrEnum):
    """By what a kind of channel knows that a post is the brand's own, beside those of its own log-in.

    `accounts`: the author has a name of the table's `team`, or of `brand.accounts` where the table has none. `team`:
    one of the table's `team`, and of nothing else. `itself`: it has its own ways, and names say nothing there.
    """

    ACCOUNTS = "accounts"
    TEAM = "team"
    ITSELF = "itself"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The fact sheet of a log-in, for people: who we are there, what we may, what bounds us, what else to know.

    `per_look` are the most units of each price that one look at the channel may cost, `per_day` those that come once
    a day beside the looks.
    """

    identity: str
    rights: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    per_look: Mapping[str, int] = field(default_factory=dict)
    per_day: Mapping[str, int] = field(default_factory=dict)
