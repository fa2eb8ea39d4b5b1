"""A case gets an owner without a desk: what stories about cards and stores begin with."""

from __future__ import annotations

from datetime import datetime

from bot.domain.case import Case, CaseId
from bot.domain.papers import Papers
from bot.domain.ports.store import Store


async def taken(store: Store, case_id: CaseId | str, agent: str, now: datetime) -> tuple[Case, bool]:
    """The case, and whether `agent` became its owner just now, decided in one transaction."""
    file = await store.history.case_by_id(CaseId(case_id))
    assert file is not None
    key = file.case.key

    def work(papers: Papers) -> tuple[Case, bool]:
        case = papers.case(key)
        assert case is not None
        return (case, False) if case.assignee is not None else (papers.keep(case.assigned_to(agent, now)), True)

    return await store.deeds.change(work)
