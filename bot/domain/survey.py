"""One-number questions, their answers, and what counts as an answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.domain.action import SurveyKind
from bot.domain.case import Outcome
from bot.domain.customer import CustomerId

SCALES = {SurveyKind.NPS: (0, 10), SurveyKind.CSAT: (1, 5), SurveyKind.CES: (1, 7)}
_BARE_NUMBER = re.compile(r"(?:@\S+\s+)*(\d{1,2})(?:\s*/\s*(\d{1,2}))?[\s.!]*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A question asked of a customer; `answer` stays None until a number on its scale comes back.

    Until it has `left`, as a draft or in quiet hours, it counts against asking again, and nothing can answer it.
    """

    id: str
    customer_id: CustomerId
    kind: SurveyKind
    asked_at: datetime
    answer: int | None = None
    answered_at: datetime | None = None
    left: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A figure over answers: its value, how many answered of how many asked, and a 95 % interval where n allows."""

    kind: SurveyKind
    asked: int
    answers: tuple[int, ...]


# promoters 9-10 and detractors 0-6 as NPS counts them (Reichheld 2003); top and bottom two boxes of CSAT 1-5; for
# effort 1-7, where 7 is "it was easy", the top three boxes agree and the bottom three do not
_WON_BACK = {SurveyKind.NPS: 9, SurveyKind.CSAT: 4, SurveyKind.CES: 5}
_LOST = {SurveyKind.NPS: 6, SurveyKind.CSAT: 2, SurveyKind.CES: 3}


def outcome_of(kind: SurveyKind, answer: int) -> Outcome | None:
    """What a score says of the case it was asked about; None for one in the middle."""
    if answer >= _WON_BACK[kind]:
        return Outcome.RECOVERED
    return Outcome.NOT_RECOVERED if answer <= _LOST[kind] else None


def score_in(text: str, kind: SurveyKind) -> int | None:
    """The number a customer answered with, or None: an answer that is not understood is not a score."""
    found = _BARE_NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    low, high = SCALES[kind]
    value, out_of = int(found[1]), found[2]
    on_scale = low <= value <= high and (out_of is None or int(out_of) == high)
    return value if on_scale else None
