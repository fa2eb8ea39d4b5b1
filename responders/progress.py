"""What a mention changed about its case: opened it, reopened it, made it more urgent, or nothing a desk should hear."""

from __future__ import annotations

from enum import StrEnum

from bot.domain.case import Case
from bot.domain.situation import Situation


class Progress(StrEnum):
    """Why people should look at a case now."""

    NEW = "new"
    REOPENED = "reopened"
    MORE_URGENT = "more_urgent"


def progress(situation: Situation) -> Progress | None:
    """Compare the mention's case with what it was before (the one with the same id in `situation.cases`)."""
    case = situation.case
    if case is None:
        return None
    before = previous(situation)
    if before is None:
        return Progress.NEW
    if case.is_open and not before.is_open:
        return Progress.REOPENED
    return Progress.MORE_URGENT if case.urgency.rank > before.urgency.rank else None


def previous(situation: Situation) -> Case | None:
    """The mention's case before the mention."""
    case = situation.case
    return None if case is None else next((old for old in situation.cases if old.id == case.id), None)
