"""Who opens a case is told that they were heard, with its number, and when people are back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.domain.action import Reply, ReplyKind
from bot.domain.case import Case
from bot.domain.reading import Intent, Language, Sentiment
from bot.domain.situation import Situation
from bot.domain.time import BusinessHours
from responders.acknowledge import Acknowledge, when
from responders.templates import Phrasebook

Tell = Callable[..., Situation]
HOURS = BusinessHours(
    zone=ZoneInfo("Europe/Madrid"),
    opens=time(9),
    closes=time(19),
    weekdays=frozenset(range(5)),
    holidays=frozenset(date(2026, 3, day) for day in range(16, 27)),
)
COMPLAINT = {"intents": (Intent.COMPLAINT,), "sentiment": Sentiment.NEGATIVE}
OPEN, CLOSED = datetime(2026, 3, 3, 11, tzinfo=UTC), datetime(2026, 3, 3, 20, tzinfo=UTC)


def said(phrasebook: Phrasebook, situation: Situation) -> list[Reply]:
    actions = list(Acknowledge(phrasebook, hours=HOURS).respond(situation))
    assert all(isinstance(action, Reply) and action.kind is ReplyKind.RECEIPT for action in actions)
    return [action for action in actions if isinstance(action, Reply)]


def test_a_new_case_is_told_by_the_number_that_it_will_get(
    phrasebook: Phrasebook, tell: Tell, a_case: Callable[..., Case]
) -> None:
    [reply] = said(phrasebook, tell("llegó roto", **COMPLAINT, case=a_case(key=0), next_case_key=1077, now=OPEN))

    assert "#1077" in reply.text
    assert reply.sources[0].startswith("es/receipt#")


def test_out_of_hours_it_says_when_people_are_back(
    phrasebook: Phrasebook, tell: Tell, a_case: Callable[..., Case]
) -> None:
    [reply] = said(phrasebook, tell("llegó roto", **COMPLAINT, case=a_case(key=0), next_case_key=1077, now=CLOSED))

    assert "#1077" in reply.text
    assert "mañana a las 09:00" in reply.text


def test_a_case_that_is_known_is_not_acknowledged_again(
    phrasebook: Phrasebook, tell: Tell, a_case: Callable[..., Case]
) -> None:
    known = a_case()

    assert said(phrasebook, tell("¿y bien?", **COMPLAINT, case=known, cases=(known,), now=OPEN)) == []


def test_what_opens_no_case_is_not_acknowledged(phrasebook: Phrasebook, tell: Tell) -> None:
    assert said(phrasebook, tell("buenos días", intents=(Intent.SMALLTALK,), next_case_key=1077, now=OPEN)) == []


def test_who_asks_for_a_person_is_told_that_one_takes_over(
    phrasebook: Phrasebook, tell: Tell, a_case: Callable[..., Case]
) -> None:
    known = a_case()

    [reply] = said(phrasebook, tell("quiero hablar con una persona", **COMPLAINT, case=known, cases=(known,), now=OPEN))

    assert reply.sources[0].startswith("es/handover#")


@pytest.mark.parametrize(
    ("now", "language", "words"),
    [
        ("2026-03-03T06:30Z", Language.ES, "hoy a las 09:00"),
        ("2026-03-03T20:00Z", Language.EN, "tomorrow at 09:00"),
        ("2026-03-06T19:00Z", Language.ES, "el lunes 9 a las 09:00"),
        ("2026-03-06T19:00Z", Language.EN, "on Monday 9 at 09:00"),
        ("2026-03-06T19:00Z", Language.PT, "segunda-feira 9, às 09:00"),
        ("2026-03-06T19:00Z", Language.CA, "dilluns 9 a les 09:00"),
        ("2026-03-13T19:00Z", Language.ES, "el viernes 27 de marzo a las 09:00"),
        ("2026-03-13T19:00Z", Language.EN, "on Friday 27 March at 09:00"),
        ("2026-03-13T19:00Z", Language.PT, "sexta-feira, 27 de março, às 09:00"),
        ("2026-03-13T19:00Z", Language.CA, "divendres 27 de març a les 09:00"),
    ],
)
def test_when_people_are_back_is_said_in_the_customers_language(now: str, language: Language, words: str) -> None:
    assert when(HOURS, datetime.fromisoformat(now), language) == words
