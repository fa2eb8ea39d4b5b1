"""Thank who praises us, and let thanks close the case that was answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.domain.action import Action, Close, Reply, ReplyKind
from bot.domain.reason import because
from bot.domain.situation import Situation
from responders.closing import only_pleased, solved_case, surely_pleased
from responders.templates import Occasion, Phrasebook

Asked = Callable[[Situation], bool]


def by_nobody(situation: Situation) -> bool:
    """No other responder answers this thanks."""
    del situation
    return False


class Thank:
    """Never thanks for a mixed mention, nor somebody whose problem is still on our table.

    `asked` tells whether another responder answers with a question, which says thanks as well: two posts in a row
    would be one too many.
    """

    name = "thank"

    def __init__(self, phrasebook: Phrasebook, *, asked: Asked = by_nobody) -> None:
        self._phrasebook, self._asked = phrasebook, asked

    def respond(self, situation: Situation) -> Iterable[Action]:
        """Close, and thanks unless a question says it, for a solution; thanks alone for praise; or nothing."""
        case = solved_case(situation)
        if case is not None:
            yield Close(reason=because("thank.solved"))
            if not self._asked(situation):
                yield self._reply(situation, Occasion.THANKS_AFTER_SOLUTION)
        elif only_pleased(situation) and surely_pleased(situation.reading) and not _has_open_problem(situation):
            yield self._reply(situation, Occasion.THANKS)

    def _reply(self, situation: Situation, occasion: Occasion) -> Reply:
        language = self._phrasebook.language_for(situation)
        phrase = self._phrasebook.phrase(occasion, language, seed=situation.mention.id)
        return Reply(
            to=situation.mention.id,
            kind=ReplyKind.THANKS,
            text=phrase.text,
            language=language,
            sources=(phrase.source,),
        )


def _has_open_problem(situation: Situation) -> bool:
    own = [case for case in situation.cases if case.customer_id == situation.customer.id]
    return any(case.is_open for case in (*own, situation.case) if case is not None)
