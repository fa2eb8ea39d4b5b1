"""Put a case on the desk when it is opened, reopened or more urgent than before: once each, not per message."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.domain.action import Action, Route
from bot.domain.reading import Intent
from bot.domain.reason import because
from bot.domain.situation import Situation
from responders.progress import progress

# in the order in which the desk wants to hear them
_WISHES = (
    Intent.COMPLAINT,
    Intent.CHURN_THREAT,
    Intent.REQUEST,
    Intent.QUESTION,
    Intent.PURCHASE_INTEREST,
    Intent.SUGGESTION,
)
_UNHAPPY = "unhappy"

Taken = Callable[[Situation], bool]


def by_nobody(situation: Situation) -> bool:
    """No other responder brings this to the desk."""
    del situation
    return False


class RouteToDesk:
    """`taken` tells whether another responder already brings this mention to the desk."""

    name = "route"

    def __init__(self, *, desk: str, taken: Taken = by_nobody) -> None:
        self._desk, self._taken = desk, taken

    def respond(self, situation: Situation) -> Iterable[Action]:
        """One route, or nothing when the desk knows already."""
        change = progress(situation)
        case = situation.case
        if change is None or case is None or self._taken(situation):
            return
        wishes = tuple(intent.value for intent in _WISHES if intent in situation.reading.intents)
        reason = because(f"route.{change}", wishes=wishes or (_UNHAPPY,))
        yield Route(desk=self._desk, reason=reason, urgency=case.urgency)
