"""Who opens a case is told that they were heard, with its number, and when people are back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.action import Reply, ReplyKind
from bot.domain.case import Case
from bot.domain.interaction import Direction, Interaction
from bot.domain.mention import MentionId
from bot.domain.ports.reader import PersonalData
from bot.domain.reading import Intent, Language, Sentiment, Urgency
from bot.domain.situation import Situation
from bot.domain.time import BusinessHours
from responders.acknowledge import Acknowledge, when
from responders.policy import ChannelRules, Mode, QuietHours, RuleBook, Rules
from responders.templates import Phrasebook

Tell = Callable[..., Situation]
MakeCase = Callable[..., Case]
HOURS = BusinessHours(
    zone=ZoneInfo("Europe/Madrid"),
    opens=time(9),
    closes=time(19),
    weekdays=frozenset(range(5)),
    holidays=frozenset(date(2026, 3, day) for day in range(16, 27)),
)
COMPLAINT = {"intents": (Intent.COMPLAINT,), "sentiment": Sentiment.NEGATIVE}
QUIET = QuietHours(zone=HOURS.zone, since=time(22), until=time(8))
OPEN, CLOSED = datetime(2026, 3, 3, 11, tzinfo=UTC), datetime(2026, 3, 3, 20, tzinfo=UTC)


Says = Callable[..., list[Reply]]


@pytest.fixture
def says(phrasebook: Phrasebook, personal_data: PersonalData, tell: Tell) -> Says:
    """What is said to these words: `says(text, mode=…, **what tell takes)`."""

    def _says(text: str, *, mode: Mode = Mode.AUTO, **situation: Any) -> list[Reply]:
        rules = Rules(
            elsewhere=ChannelRules(mode=mode), auto_kinds=frozenset({ReplyKind.RECEIPT}), quiet=QUIET, disclosure=True
        )
        policy = RuleBook(rules, personal_data=personal_data, disclosure=phrasebook.disclosure)
        speaker = Acknowledge(phrasebook, hours=HOURS, policy=policy, line=phrasebook.disclosure)
        actions = list(speaker.respond(tell(text, **(COMPLAINT | situation))))
        assert all(isinstance(action, Reply) and action.kind is ReplyKind.RECEIPT for action in actions)
        return [action for action in actions if isinstance(action, Reply)]

    return _says


def test_a_new_case_is_told_by_the_number_that_it_will_get(says: Says, a_case: MakeCase) -> None:
    [reply] = says("llegó roto", case=a_case(key=0), next_case_key=1077, now=OPEN)

    assert "#1077" in reply.text
    assert reply.sources[0].startswith("es/receipt#")
    assert reply.text.endswith("te atiende alguien del equipo")


def test_out_of_hours_it_says_when_people_are_back(says: Says, a_case: MakeCase) -> None:
    [reply] = says("llegó roto", case=a_case(key=0), next_case_key=1077, now=CLOSED)

    assert "#1077" in reply.text
    assert "mañana a las 09:00" in reply.text


def test_nobody_in_need_reads_that_people_rest(says: Says, a_case: MakeCase) -> None:
    """An alert wakes them."""
    case = a_case(key=0, urgency=Urgency.HIGH)

    [reply] = says("sin luz en todo el edificio", urgency=Urgency.HIGH, case=case, next_case_key=1077, now=CLOSED)

    assert reply.sources[0].startswith("es/receipt#")


@pytest.mark.parametrize("mode", [Mode.APPROVE, Mode.SHADOW, Mode.AUTO])
def test_what_would_wait_for_a_person_is_not_said_at_all(says: Says, a_case: MakeCase, mode: Mode) -> None:
    case, night = a_case(key=0), CLOSED.replace(hour=23)

    assert says("llegó roto", mode=mode, case=case, next_case_key=1077, now=night) == []


def test_a_shadow_notes_what_would_leave(says: Says, a_case: MakeCase) -> None:
    assert len(says("llegó roto", mode=Mode.SHADOW, case=a_case(key=0), next_case_key=1077, now=OPEN)) == 1
    assert says("llegó roto", mode=Mode.APPROVE, case=a_case(key=0), next_case_key=1077, now=OPEN) == []


def test_a_case_that_is_known_is_not_acknowledged_again(says: Says, a_case: MakeCase) -> None:
    known = a_case()

    assert says("¿y bien?", case=known, cases=(known,), now=OPEN) == []


def test_what_opens_no_case_is_not_acknowledged(says: Says) -> None:
    assert says("buenos días", intents=(Intent.SMALLTALK,), next_case_key=1077, now=OPEN) == []


def test_who_asks_for_a_person_is_told_once_that_one_takes_over(says: Says, a_case: MakeCase) -> None:
    known = a_case()
    asked = Interaction(
        key="x:71",
        customer_id=known.customer_id,
        case_id=known.id,
        mention_id=MentionId("x:71"),
        at=OPEN - timedelta(minutes=5),
        direction=Direction.INBOUND,
        actor="marta",
        channel="x",
        text="persona",
    )

    [reply] = says("quiero hablar con una persona", case=known, cases=(known,), now=OPEN)

    assert reply.sources[0].startswith("es/handover#")
    assert says("persona", case=known, cases=(known,), history=(asked,), now=OPEN) == []


def test_who_answers_thanks_with_persona_is_told_so_too(says: Says) -> None:
    assert says("persona", intents=(Intent.REQUEST,), now=OPEN)[0].sources[0].startswith("es/handover#")


def test_no_person_is_announced_who_is_there_already_or_not_at_work(says: Says, a_case: MakeCase) -> None:
    answered = a_case().answered(OPEN - timedelta(hours=1))

    assert says("persona", case=answered, cases=(answered,), now=OPEN) == []
    assert says("persona", case=a_case(), cases=(a_case(),), now=CLOSED) == []


def test_our_own_words_about_a_person_are_no_wish_for_one(says: Says, a_case: MakeCase) -> None:
    known = a_case()
    ours = Interaction(
        key="x:72",
        customer_id=known.customer_id,
        case_id=known.id,
        mention_id=None,
        at=OPEN - timedelta(minutes=5),
        direction=Direction.OUTBOUND,
        actor="bot",
        channel="x",
        text="persona",
    )

    assert len(says("persona", case=known, cases=(known,), history=(ours,), now=OPEN)) == 1


def test_a_week_ahead_the_month_is_named() -> None:
    mondays = BusinessHours(zone=HOURS.zone, opens=time(9), closes=time(19), weekdays=frozenset({0}))
    monday_night = datetime(2026, 3, 2, 20, tzinfo=UTC)

    assert when(mondays, monday_night, Language.ES) == "el lunes 9 de marzo a las 09:00"
    assert when(mondays, monday_night + timedelta(days=1), Language.ES) == "el lunes 9 a las 09:00"


@pytest.mark.parametrize(
    ("now", "language", "words"),
    [
        ("2026-03-03T06:30Z", Language.ES, "hoy a las 09:00"),
        ("2026-03-03T20:00Z", Language.EN, "tomorrow at 09:00"),
        ("2026-03-06T19:00Z", Language.ES, "el lunes 9 a las 09:00"),
        ("2026-03-06T19:00Z", Language.EN, "on Monday 9 March at 09:00"),
        ("2026-03-06T19:00Z", Language.PT, "dia 9 de março às 09:00"),
        ("2026-03-06T19:00Z", Language.CA, "dilluns 9 a les 09:00"),
        ("2026-03-13T19:00Z", Language.ES, "el viernes 27 de marzo a las 09:00"),
        ("2026-03-13T19:00Z", Language.EN, "on Friday 27 March at 09:00"),
        ("2026-03-13T19:00Z", Language.PT, "dia 27 de março às 09:00"),
        ("2026-03-13T19:00Z", Language.CA, "divendres 27 de març a les 09:00"),
    ],
)
def test_when_people_are_back_is_said_in_the_customers_language(now: str, language: Language, words: str) -> None:
    assert when(HOURS, datetime.fromisoformat(now), language) == words
