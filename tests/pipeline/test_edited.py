"""Which edits people hear of, and that no machine answers one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.action import Alert, Close, Reply, ReplyKind, Route, Silence
from bot.domain.mention import MentionId
from bot.domain.outbox import Ruling, Verdict
from bot.domain.reading import Intent, Language, Reading, Sentiment, Touchpoint, Urgency
from bot.domain.reason import because
from bot.domain.situation import Decided, Decision
from bot.pipeline.edited import of_the_edit, weighs_more
from bot.testing import reading
from tests.pipeline.conftest import a_case, tell

ANGRY = reading(sentiment=Sentiment.NEGATIVE, urgency=Urgency.HIGH, intents=(Intent.COMPLAINT,))
GLAD = reading(sentiment=Sentiment.POSITIVE, intents=(Intent.PRAISE,))
UNSURE = reading(abstained=True, intents=(), touchpoints=(Touchpoint.DELIVERY,))


@pytest.mark.parametrize(
    ("new", "old", "heavier"),
    [
        (ANGRY, GLAD, True),
        (GLAD, ANGRY, False),
        (ANGRY, ANGRY, False),
        (reading(urgency=Urgency.MEDIUM), reading(), True),
        (reading(intents=(Intent.QUESTION,)), reading(intents=(Intent.QUESTION, Intent.COMPLAINT)), False),
        (reading(intents=(Intent.QUESTION, Intent.PURCHASE_INTEREST)), reading(), True),
        (reading(intents=(Intent.SUGGESTION,)), GLAD, True),
        (UNSURE, GLAD, True),
        (UNSURE, UNSURE, False),
        (reading(abstained=True, intents=()), GLAD, False),
    ],
)
def test_people_hear_of_a_form_that_is_worse_or_needs_them_as_the_one_before_did_not(
    new: Reading, old: Reading, heavier: bool
) -> None:
    assert weighs_more(new, old) is heavier


def decision() -> Decision:
    to = MentionId("test:m1")
    actions = (
        Reply(to=to, kind=ReplyKind.ANSWER, text="lo miramos", language=Language.ES),
        Route(desk="casos", reason="complaint", urgency=Urgency.HIGH),
        Alert(desk="alertas", reason="leaves", wakes=True),
        Silence(reason="nothing to say"),
        Close(reason="solved"),
    )
    sent = Ruling(verdict=Verdict.SEND, reason="allowed")
    return Decision(
        case=a_case(), actions=tuple(Decided(action=action, responder="test", ruling=sent) for action in actions)
    )


@pytest.mark.parametrize("before", [GLAD, None], ids=["read", "not known"])
def test_of_a_heavier_form_people_get_a_draft_and_the_desks_part(before: Reading | None) -> None:
    edited = of_the_edit(decision(), replace(tell(ANGRY), edited=True, before=before))

    assert edited.case == a_case()
    assert [(type(decided.action), decided.ruling.verdict) for decided in edited.actions] == [
        (Reply, Verdict.APPROVE),
        (Route, Verdict.SEND),
        (Alert, Verdict.SEND),
    ]
    assert edited.actions[0].ruling.reason == because("edit.a_person_answers")


def test_of_a_harmless_form_nobody_hears_and_its_case_stays_as_it_is() -> None:
    edited = of_the_edit(decision(), replace(tell(GLAD), edited=True, before=ANGRY))

    assert (edited.case, edited.actions) == (None, ())
