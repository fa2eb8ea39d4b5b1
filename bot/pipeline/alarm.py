"""What the clock asks for: snoozes that end, and people called where a clock of a case ran out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.action import Alert
from bot.domain.agent import Agent, Deed, Rank
from bot.domain.case import Case, CaseState
from bot.domain.papers import Deeds, Done, Papers, Press
from bot.domain.promise import Promise
from bot.domain.reading import Urgency
from bot.domain.reason import Reason, because

RingsAt = Callable[[datetime], datetime]
# a clock that ran out long before anybody sat here is the digest's, and no alarm
_LATELY = timedelta(days=1)
_HOUSE = Agent(id="vivencia", name="Vivencia", rank=Rank.ADMIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """`rings_at` says when people may be called, `alerts` where."""

    deeds: Deeds
    rings_at: RingsAt
    alerts: str

    async def wake(self, now: datetime) -> int:
        """End the snoozes whose time has come; a clock that ran out meanwhile rings now. Returns how many."""
        due = await self.deeds.look(lambda papers: papers.to_wake(now))
        for case in due:
            await self._wake(case, now)
        return len(due)

    async def _wake(self, case: Case, now: datetime) -> None:
        until = "" if case.snooze is None or case.snooze.until is None else case.snooze.until.isoformat()

        def work(papers: Papers) -> Done[None]:
            still = papers.case(case.key)
            if still is None or still.snooze != case.snooze:
                return Done(answer=None, kept=False)
            awake = papers.keep(still.awake(now))
            for late in _clocks_run_out(awake, now):
                self._call(papers, late, now)
            return Done(answer=None)

        press = Press(key=f"wake:{case.id}:{until}", by=_HOUSE, deed=Deed.WAKE, at=now, case_key=case.key)
        await self.deeds.do(press, work, lambda *_: None)

    async def ring(self, now: datetime, *, looked: datetime | None = None) -> int:
        """Put an alert on its way for each clock that ran out lately, once each. Returns how many.

        `looked` is when somebody last looked at the clocks: what ran out since then rings, however long ago that is.
        """
        since = min(now, looked or now) - _LATELY
        overdue = await self.deeds.look(lambda papers: _overdue(papers, since, now))
        if not overdue:
            return 0
        return await self.deeds.change(lambda papers: sum(self._call(papers, late, now) for late in overdue))

    def _call(self, papers: Papers, late: _Overdue, now: datetime) -> bool:
        """What is urgent waits for no morning."""
        due = now if late.case.urgency is Urgency.HIGH else self.rings_at(now)
        alert = Alert(desk=self.alerts, reason=late.why, wakes=late.wakes)
        return papers.alert(late.case, alert, key=late.key, now=now, due=due)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Overdue:
    case: Case
    key: str
    why: Reason
    wakes: bool


def _overdue(papers: Papers, since: datetime, now: datetime) -> list[_Overdue]:
    """Each clock that ran out, under a key of its own."""
    unanswered = [_late_answer(case) for case in papers.to_answer(since, now)]
    unsolved = [_late_solution(case) for case in papers.to_solve(since, now)]
    return unanswered + unsolved + [_late_promise(case, promise) for case, promise in papers.to_keep(since, now)]


def _clocks_run_out(case: Case, now: datetime) -> Iterator[_Overdue]:
    if case.first_answered_at is None and case.first_answer_due <= now:
        yield _late_answer(case)
    if case.state is not CaseState.WAITING and case.solve_due <= now:
        yield _late_solution(case)


def _late_answer(case: Case) -> _Overdue:
    key = f"{case.id}/clock/answer/{case.first_answer_due.isoformat()}"
    return _Overdue(case=case, key=key, why=because("alert.first_answer", case=case.key), wakes=True)


def _late_solution(case: Case) -> _Overdue:
    key = f"{case.id}/clock/solve/{case.solve_due.isoformat()}"
    return _Overdue(case=case, key=key, why=because("alert.solve", case=case.key), wakes=True)


def _late_promise(case: Case, promise: Promise) -> _Overdue:
    why = because("alert.promise", case=case.key, who=promise.who, what=promise.what)
    return _Overdue(case=case, key=f"{promise.id}/clock/{promise.due.isoformat()}", why=why, wakes=False)
