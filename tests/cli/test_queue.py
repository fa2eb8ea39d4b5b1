"""Which cases wait for somebody, at the command line."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.agent import Agent
from bot.domain.mention import Batch
from bot.domain.reading import Touchpoint, Urgency
from bot.domain.situation import Decision, Heard, Situation
from bot.store.sqlite import open_store
from bot.testing import NOON, mention, new_case, reading
from tests.cli.conftest import Vivencia

MAYA = Agent(id="discord:1", name="Maya")


@pytest.fixture(autouse=True)
def written(home: Path) -> None:
    """Three open cases: Luz's is urgent and Maya's, Sol's is put aside."""
    asyncio.run(_write(home))


async def _write(home: Path) -> None:
    async with open_store(home / "vivencia.db") as store:
        posts = [mention(who, who=who) for who in ("ana", "luz", "sol")]
        await store.inbox.accept("test", Batch(mentions=tuple(posts), cursor=None), NOON)
        heard = [Heard(mention=post, reading=reading()) for post in posts]
        await store.history.settle(heard, _opens, lambda moment: moment)
        await store.deeds.change(lambda papers: papers.meet(MAYA, NOON))


def _opens(situation: Situation) -> Decision:
    case = replace(new_case(situation), touchpoints=(Touchpoint.DELIVERY,))
    if situation.mention.author.name == "luz":
        case = replace(case, urgency=Urgency.HIGH).assigned_to(MAYA.id, NOON)
    if situation.mention.author.name == "sol":
        case = case.snoozed(NOON, NOON + timedelta(days=1))
    return Decision(case=case)


def test_urgent_cases_come_first_with_their_clock_and_their_owner(vivencia: Vivencia) -> None:
    first, second = vivencia("cases", "--lang", "es").out.splitlines()

    assert first.startswith("#1002  urgente · nuevo · ")
    assert "1.ª respuesta antes de: " in first
    assert first.endswith(" · Maya")
    assert second.startswith("#1001  ")


@pytest.mark.parametrize(
    ("options", "keys"),
    [
        (("--free",), [1001]),
        (("--owner", "discord:1"), [1002]),
        (("--snoozed", "--limit", "2"), [1002, 1001]),
        (("--snoozed", "--newest"), [1003, 1002, 1001]),
    ],
)
def test_the_list_is_narrowed_and_ordered(vivencia: Vivencia, options: tuple[str, ...], keys: list[int]) -> None:
    found = json.loads(vivencia("cases", *options, "--json").out)

    assert [case["key"] for case in found] == keys


def test_where_nothing_waits_it_says_so(vivencia: Vivencia) -> None:
    assert vivencia("cases", "--owner", "discord:2", "--lang", "en").out == "there is no such case\n"
