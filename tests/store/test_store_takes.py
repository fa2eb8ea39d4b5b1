"""Of several agents who press "take" at once, one gets the case."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.domain.case import Outcome
from bot.domain.errors import CaseClosed
from bot.domain.mention import Batch
from bot.domain.situation import Decision, Heard, Settled, Situation
from bot.store.sqlite import SqliteStore, open_store
from bot.testing import NOON, mention, new_case, reading
from tests.owners import taken

Tell = Callable[..., Awaitable[list[Settled]]]
AGENTS = ("maya", "leo", "sol", "kai", "noa")


def _opens(situation: Situation) -> Decision:
    return Decision(case=new_case(situation))


async def test_five_agents_press_at_once_and_one_owns_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    """R13, with three agents in one process and two in others (a connection each)."""
    place = tmp_path_factory.mktemp("r13") / "v.db"
    async with open_store(place) as one, open_store(place) as two, open_store(place) as three:
        posts = tuple(mention(str(n), who=f"u{n}") for n in range(200))
        await one.inbox.accept("x", Batch(mentions=posts, cursor=None), NOON)
        heard = [Heard(mention=post, reading=reading()) for post in posts]
        settled = await one.history.settle(heard, _opens, lambda moment: moment)
        doors = (one, one, one, two, three)
        for case in (done.case for done in settled):
            assert case is not None
            takes = [taken(door, case.id, agent, NOON) for door, agent in zip(doors, AGENTS, strict=True)]
            answers = await asyncio.gather(*takes)
            (owner,) = [agent for agent, (_, won) in zip(AGENTS, answers, strict=True) if won]
            assert {found.assignee for found, _ in answers} == {owner}


async def test_a_taken_case_keeps_its_owner_and_shows_it(store: SqliteStore, tell: Tell) -> None:
    (settled,) = await tell(mention("1"), decide=_opens)
    assert settled.case is not None
    later = NOON + timedelta(minutes=1)
    case, mine = await taken(store, settled.case.id, "maya", later)
    assert (case.assignee, case.updated_at, mine) == ("maya", later, True)
    assert await taken(store, settled.case.id, "leo", later) == (case, False)
    file = await store.history.case(1001)
    assert file is not None
    assert file.case == case


async def test_a_resolved_case_is_not_taken(store: SqliteStore, tell: Tell) -> None:
    def resolved(situation: Situation) -> Decision:
        return Decision(case=new_case(situation).resolved(NOON, Outcome.RECOVERED))

    (settled,) = await tell(mention("1"), decide=resolved)
    assert settled.case is not None
    with pytest.raises(CaseClosed, match="#1001"):
        await taken(store, settled.case.id, "maya", NOON)
