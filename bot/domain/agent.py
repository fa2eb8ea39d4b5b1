"""Who works at a desk, and what they may do there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rank(StrEnum):
    """How far somebody's word goes. Each may do what those before may."""

    AGENT = "agent"
    LEAD = "lead"
    MANAGER = "manager"
    ADMIN = "admin"

    @property
    def level(self) -> int:
        """0 for an agent, 3 for an admin."""
        return ("agent", "lead", "manager", "admin").index(self.value)


class Deed(StrEnum):
    """What people do at a desk: the name in the audit log."""

    TAKE = "take"
    RELEASE = "release"
    ASSIGN = "assign"
    PRIORITISE = "prioritise"
    SUGGEST = "suggest"
    REPLY = "reply"
    APPROVE = "approve"
    REJECT = "reject"
    NOTE = "note"
    PROMISE = "promise"
    VOICE = "voice"
    VOTE = "vote"
    SNOOZE = "snooze"
    WAKE = "wake"
    CORRECT = "correct"
    ESCALATE = "escalate"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    MERGE = "merge"
    ERASE = "erase"
    PAUSE = "pause"
    RESUME = "resume"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """One person at a desk. `id` is the desk's own, with its name before it: `discord:80351110224678912`."""

    id: str
    name: str
    rank: Rank = Rank.AGENT

    def may_as(self, rank: Rank) -> bool:
        """Whether they are at least that."""
        return self.rank.level >= rank.level
