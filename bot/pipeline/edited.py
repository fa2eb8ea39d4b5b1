"""What follows from a later form of a post that was decided upon: the desk's part, where it weighs more than before.

The machine never answers an edit by itself: whoever edits could otherwise summon a public reply as often as they like,
and one answer to one post is what platforms allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.action import Alert, Ask, Reply, Route
from bot.domain.outbox import Ruling, Verdict
from bot.domain.reading import Reading, Sentiment
from bot.domain.reason import because
from bot.domain.situation import Decided, Decision, Situation
from bot.pipeline.casework import WANTS_SOMETHING, needs_somebody

_A_PERSON = because("edit.a_person_answers")


def of_the_edit(decision: Decision, situation: Situation) -> Decision:
    """The same decision about a later form: its case and its people hear of it only when it weighs more."""
    if situation.before is None or weighs_more(situation.reading, situation.before):
        return replace(decision, actions=_for_people(decision.actions))
    return replace(decision, case=None, actions=())


def weighs_more(new: Reading, old: Reading) -> bool:
    """Whether people must hear of the new form.

    It is more urgent, newly unhappy, wants something it did not want, or needs somebody as it did not.
    """
    return (
        new.urgency.rank > old.urgency.rank
        or (new.sentiment is Sentiment.NEGATIVE and old.sentiment is not Sentiment.NEGATIVE)
        or bool(WANTS_SOMETHING & (set(new.intents) - set(old.intents)))
        or (needs_somebody(new) and not needs_somebody(old))
    )


def _for_people(actions: Sequence[Decided]) -> tuple[Decided, ...]:
    """The desk's part, and answers as drafts."""
    return tuple(_draft(decided) for decided in actions if isinstance(decided.action, Route | Alert | Reply | Ask))


def _draft(decided: Decided) -> Decided:
    if not isinstance(decided.action, Reply | Ask) or decided.ruling.verdict is not Verdict.SEND:
        return decided
    return replace(decided, ruling=Ruling(verdict=Verdict.APPROVE, reason=_A_PERSON))
