"""Forget a customer at somebody's word: the line in the audit log holds numbers only."""

from __future__ import annotations

from datetime import datetime

from bot.domain.agent import Agent, Deed
from bot.domain.customer import CustomerId
from bot.domain.deskwork import AuditLine, Erased
from bot.domain.errors import NotDone
from bot.domain.papers import Deeds, Done, Papers, Press
from bot.domain.reason import Value, because
from bot.pipeline.rights import entitle


async def forget(deeds: Deeds, customer_id: CustomerId, by: Agent, *, press: str, now: datetime) -> Erased:
    """NotDone for who may not, and for a customer who is nobody or was forgotten already."""

    def work(papers: Papers) -> Done[Erased]:
        entitle(by, Deed.ERASE)
        erased = papers.forget(customer_id, now)
        if erased is None:
            raise NotDone(because("desk.no_customer"))
        return Done(answer=erased, detail=_numbers(erased))

    return await deeds.do(Press(key=press, by=by, deed=Deed.ERASE, at=now), work, _again)


def _numbers(erased: Erased) -> dict[str, Value]:
    return {
        "mentions": erased.mentions,
        "interactions": erased.interactions,
        "cases": tuple(str(case.key) for case in erased.cases),
    }


def _again(papers: Papers, line: AuditLine) -> Erased:
    """From the numbers that the line holds."""
    numbers = line.detail
    keys = numbers["cases"] if isinstance(numbers["cases"], tuple) else ()
    cases = (papers.case(int(str(key))) for key in keys)
    return Erased(
        mentions=int(str(numbers["mentions"])),
        interactions=int(str(numbers["interactions"])),
        cases=tuple(case for case in cases if case is not None),
    )
