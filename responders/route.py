"""Put a case on the desk when it is opened, reopened or more urgent than before: once each, not per message."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.domain.action import Action, Route
from bot.domain.reading import Intent, Language
from bot.domain.situation import Situation
from responders.progress import Progress, progress

# in the order in which the desk wants to hear them
_WORDS: dict[Language, dict[Intent, str]] = {
    Language.ES: {
        Intent.COMPLAINT: "queja",
        Intent.CHURN_THREAT: "amenaza con irse",
        Intent.REQUEST: "petición",
        Intent.QUESTION: "pregunta",
        Intent.PURCHASE_INTEREST: "quiere comprar",
        Intent.SUGGESTION: "sugerencia",
    },
    Language.EN: {
        Intent.COMPLAINT: "complaint",
        Intent.CHURN_THREAT: "threatens to leave",
        Intent.REQUEST: "request",
        Intent.QUESTION: "question",
        Intent.PURCHASE_INTEREST: "wants to buy",
        Intent.SUGGESTION: "suggestion",
    },
}
_CHANGES: dict[Language, dict[Progress, str]] = {
    Language.ES: {
        Progress.NEW: "caso nuevo",
        Progress.REOPENED: "caso reabierto: el cliente vuelve",
        Progress.MORE_URGENT: "más urgente que antes",
    },
    Language.EN: {
        Progress.NEW: "new case",
        Progress.REOPENED: "reopened case: the customer is back",
        Progress.MORE_URGENT: "more urgent than before",
    },
}
_UNHAPPY = {Language.ES: "descontento", Language.EN: "unhappy"}

Taken = Callable[[Situation], bool]


def by_nobody(situation: Situation) -> bool:
    """No other responder brings this to the desk."""
    del situation
    return False


class RouteToDesk:
    """`taken` tells whether another responder already brings this mention to the desk; `language` is the desk's."""

    name = "route"

    def __init__(self, *, desk: str, language: Language, taken: Taken = by_nobody) -> None:
        self._desk, self._language, self._taken = desk, language, taken

    def respond(self, situation: Situation) -> Iterable[Action]:
        """One route, or nothing when the desk knows already."""
        change = progress(situation)
        case = situation.case
        if change is None or case is None or self._taken(situation):
            return
        wishes = [word for intent, word in _WORDS[self._language].items() if intent in situation.reading.intents]
        what = ", ".join(wishes) or _UNHAPPY[self._language]
        yield Route(desk=self._desk, reason=f"{_CHANGES[self._language][change]}: {what}", urgency=case.urgency)
