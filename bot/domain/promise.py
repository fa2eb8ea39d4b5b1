"""What somebody promised to one person, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.case import CaseId
from bot.domain.customer import CustomerId


class PromiseState(StrEnum):
    """A promise is open until it is kept, broken or renegotiated; it is unheard once it was due and nobody said which.

    What is unheard is not written down: a call or a parcel may have come, and the next words may still tell.
    """

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    RENEGOTIATED = "renegotiated"
    UNHEARD = "unheard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """A promise as read from a text: `what` is an exact substring, `due` the last moment at which it is kept.

    `a_word` is one to the customer ("te decimos algo mañana"), which is kept by writing.
    """

    what: str
    due: datetime
    a_word: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One row of the promise ledger. `source` is the id of the post or outbox key in which it was made."""

    id: str
    customer_id: CustomerId
    case_id: CaseId | None
    case_key: int | None
    who: str
    what: str
    made_at: datetime
    due: datetime
    source: str
    state: PromiseState

    def state_at(self, moment: datetime) -> PromiseState:
        """An open promise whose time has passed is unheard: nobody said whether it was kept."""
        late = self.state is PromiseState.OPEN and self.due < moment
        return PromiseState.UNHEARD if late else self.state
