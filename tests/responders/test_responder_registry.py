"""Responders by name, and how they work together over one mention."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.action import Action, Alert, Reply, Route
from bot.domain.case import Case
from bot.domain.errors import ConfigError
from bot.domain.ports.reader import PersonalData
from bot.domain.reading import Intent, Language, Sentiment, Urgency
from bot.domain.situation import Situation
from bot.domain.time import BusinessHours
from responders.policy import ChannelRules, Mode, RuleBook, Rules
from responders.registry import Kit, open_responders
from responders.templates import Phrasebook

Tell = Callable[..., Situation]
HOURS = BusinessHours(zone=ZoneInfo("Europe/Madrid"), opens=time(9), closes=time(19), weekdays=frozenset(range(5)))
ORDER = ("hush", "thank", "answer", "escalate", "route", "ask")


@pytest.fixture
def kit(phrasebook: Phrasebook, personal_data: PersonalData) -> Kit:
    rules = Rules(elsewhere=ChannelRules(mode=Mode.AUTO, limit=280))
    return Kit(
        phrasebook=phrasebook,
        policy=RuleBook(rules, personal_data=personal_data, disclosure=phrasebook.disclosure),
        limit_of=rules.limit_of,
        desk="casos",
        alerts="alertas",
        hours=HOURS,
    )


def said(kit: Kit, situation: Situation, order: tuple[str, ...] = ORDER) -> list[Action]:
    return [action for responder in open_responders(order, kit) for action in responder.respond(situation)]


def test_the_order_is_the_owners(kit: Kit) -> None:
    assert tuple(responder.name for responder in open_responders(ORDER, kit)) == ORDER
    assert [one.name for one in open_responders(("hush", "route", "thank"), kit)] == ["hush", "route", "thank"]


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (("hush", "thnak"), "'thnak' is unknown; did you mean 'thank'?"),
        (("zzz",), "known: hush, thank"),
        (("thank", "thank"), "twice"),
        (("thank", "hush"), "must come first"),
        (("thank", "route"), "must come first"),
        ((), "must come first"),
    ],
)
def test_a_wrong_order_is_explained(kit: Kit, order: tuple[str, ...], words: str) -> None:
    with pytest.raises(ConfigError) as found:
        open_responders(order, kit)

    assert words in str(found.value)
    assert "\n" not in str(found.value)


URGENT: dict[str, Any] = {
    "intents": (Intent.COMPLAINT,),
    "sentiment": Sentiment.NEGATIVE,
    "urgency": Urgency.HIGH,
}


def test_an_emergency_reaches_the_desk_once(kit: Kit, tell: Tell, a_case: Callable[..., Case]) -> None:
    actions = said(kit, tell("¡Me han robado la cuenta!", **URGENT, case=a_case(key=0, urgency=Urgency.HIGH)))

    assert [type(action) for action in actions] == [Alert, Route]


def test_without_escalate_route_still_brings_the_emergency(kit: Kit, tell: Tell, a_case: Callable[..., Case]) -> None:
    situation = tell("¡Me han robado la cuenta!", **URGENT, case=a_case(key=0, urgency=Urgency.HIGH))

    assert [type(action) for action in said(kit, situation, ("hush", "route"))] == [Route]


def test_an_automatic_thanks_is_signed_unless_the_owner_says_no(kit: Kit, tell: Tell, phrasebook: Phrasebook) -> None:
    praise = tell("¡Me encantan!", intents=(Intent.PRAISE,), sentiment=Sentiment.POSITIVE)

    [signed] = said(kit, praise)
    [plain] = said(replace(kit, disclosure=False), praise)

    assert isinstance(signed, Reply)
    assert isinstance(plain, Reply)
    assert signed.text == f"{plain.text}\n\n{phrasebook.disclosure(Language.ES)}"


def test_a_brand_without_articles_drafts_nothing(kit: Kit, tell: Tell) -> None:
    assert said(kit, tell("¿Cómo devuelvo un pedido?", intents=(Intent.QUESTION,))) == []
