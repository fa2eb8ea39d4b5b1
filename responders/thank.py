"""Thank who praises us, and let thanks close the case that was answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from bot.domain.action import Action, Close, ReplyKind
from bot.domain.reason import because
from bot.domain.situation import Situation
from responders.closing import only_pleased, solved_case, surely_pleased
from responders.templates import Occasion, Phrasebook

Asked = Callable[[Situation], bool]

_FIRST_NAMED = re.compile(r"\s*@(\w[\w.-]*)")


def by_nobody(situation: Situation) -> bool:
    """No other responder answers this thanks."""
    del situation
    return False


class Thank:
    """Never thanks for a mixed mention, nor somebody whose problem is still on our table or who speaks to another.

    `asked` tells whether another responder answers with a question, which says thanks as well: two posts in a row
    would be one too many.
    """

    name = "thank"

    def __init__(self, phrasebook: Phrasebook, *, asked: Asked = by_nobody, own_accounts: Collection[str] = ()) -> None:
        self._phrasebook, self._asked = phrasebook, asked
        self._own = frozenset(account.casefold().removeprefix("@") for account in own_accounts)

    def respond(self, situation: Situation) -> Iterable[Action]:
        """Close, and thanks unless a question says it, for a solution; thanks alone for praise; or nothing."""
        case = solved_case(situation)
        if case is not None:
            yield Close(reason=because("thank.solved"))
            if not self._asked(situation):
                yield self._phrasebook.reply(Occasion.THANKS_AFTER_SOLUTION, ReplyKind.THANKS, situation)
        elif self._is_praise_for_us(situation) and not _has_open_problem(situation):
            yield self._phrasebook.reply(Occasion.THANKS, ReplyKind.THANKS, situation)

    def _is_praise_for_us(self, situation: Situation) -> bool:
        """A post that begins with another account's name is said to its owner, and we only overhear it."""
        named = _FIRST_NAMED.match(situation.mention.text)
        to_another = named is not None and bool(self._own) and named[1].casefold() not in self._own
        return only_pleased(situation) and surely_pleased(situation.reading) and not to_another


def _has_open_problem(situation: Situation) -> bool:
    own = [case for case in situation.cases if case.customer_id == situation.customer.id]
    return any(case.is_open for case in (*own, situation.case) if case is not None)
