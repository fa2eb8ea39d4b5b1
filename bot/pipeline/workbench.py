"""What people do with cases, whatever desk they sit at: the `Casework` port over the papers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.domain.action import Alert, Ask
from bot.domain.agent import Agent, Deed, Rank
from bot.domain.case import Case, Resolution
from bot.domain.deskwork import AuditLine, Escalated, QueueFilter, Resolved, Taken
from bot.domain.errors import NotDone
from bot.domain.outbox import Ruling, Verdict
from bot.domain.papers import Again, Deeds, Done, Papers, Press, Work
from bot.domain.ports.judge import Policy
from bot.domain.promise import Promise
from bot.domain.reading import Urgency
from bot.domain.reason import Reason, because
from bot.domain.situation import Situation
from bot.domain.text import clean
from bot.domain.time import Watch
from bot.pipeline.alarm import RingsAt
from bot.pipeline.casework import Clocks
from bot.pipeline.given import LONGEST_NOTE, case_of, filed_case, known_case, open_case, written
from bot.pipeline.rights import entitle, needed

T = TypeVar("T")
Question = Callable[[Situation], Ask | None]
LONGEST_SNOOZE = timedelta(days=90)
# nobody is asked how it went when nothing was done for them
_ASKED_AFTER = frozenset({Resolution.SOLVED, Resolution.INFORMED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """`question` words what is asked at the end; `rings_at` says when people may be called, `alerts` where."""

    deeds: Deeds
    policy: Policy
    clocks: Clocks
    question: Question
    rings_at: RingsAt
    alerts: str
    watch: Watch

    async def admit(self, deed: Deed, by: Agent, *, press: str, key: int | None = None) -> None:
        """Who may is asked for more at once; who may not leaves a line."""
        if not by.may_as(needed(deed)):
            await self._do(deed, by, press, lambda _: Done(answer=None, kept=False), lambda *_: None, key=key)

    # --- whose it is ---

    async def take(self, key: int, by: Agent, *, press: str) -> Taken:
        """Of several who press at once exactly one wins; the others are told whose it is."""

        def work(papers: Papers) -> Done[Taken]:
            case = open_case(papers, key)
            if case.assignee is not None:
                return Done(answer=Taken(case=case, won=case.assignee == by.id), kept=False)
            taken = papers.keep(case.assigned_to(by.id, self._now()))
            return Done(answer=Taken(case=taken, won=True))

        def again(papers: Papers, _: object) -> Taken:
            return Taken(case=case_of(papers, key), won=True)

        return await self._do(Deed.TAKE, by, press, work, again, key=key)

    async def release(self, key: int, by: Agent, *, press: str) -> Case:
        """One's own; somebody else's only a lead may release."""

        def work(papers: Papers) -> Done[Case]:
            case = open_case(papers, key)
            if case.assignee is None:
                raise NotDone(because("desk.nobodys"))
            if case.assignee != by.id and not by.may_as(Rank.LEAD):
                raise NotDone(because("desk.not_yours", who=papers.name_of(case.assignee)))
            return Done(answer=papers.keep(case.assigned_to(None, self._now())), detail={"from": case.assignee})

        return await self._do(Deed.RELEASE, by, press, work, _case_again(key), key=key)

    async def assign(self, key: int, to: Agent, by: Agent, *, press: str) -> Case:
        """A lead gives it to somebody."""

        def work(papers: Papers) -> Done[Case]:
            case = open_case(papers, key)
            papers.meet(to, self._now())
            return Done(answer=papers.keep(case.assigned_to(to.id, self._now())), detail={"to": to.id})

        return await self._do(Deed.ASSIGN, by, press, work, _case_again(key), key=key)

    # --- how it stands ---

    async def prioritise(self, key: int, urgency: Urgency, by: Agent, *, press: str) -> Case:
        """How soon somebody must look at it, and by when it wants its first answer."""

        def work(papers: Papers) -> Done[Case]:
            case = open_case(papers, key)
            changed = self.clocks.moved(case, urgency, self._now())
            return Done(answer=papers.keep(changed), detail={"from": case.urgency.value, "to": urgency.value})

        return await self._do(Deed.PRIORITISE, by, press, work, _case_again(key), key=key)

    async def note(self, key: int, text: str, by: Agent, *, press: str) -> Case:
        """An internal line of the case's history; no customer ever reads it."""

        def work(papers: Papers) -> Done[Case]:
            case, said = filed_case(papers, key), written(text)
            papers.note(case, said, key=f"{case.id}/note/{press}", by=by, at=self._now())
            return Done(answer=case)

        return await self._do(Deed.NOTE, by, press, work, _case_again(key), key=key)

    async def snooze(self, key: int, until: datetime | None, by: Agent, *, press: str) -> Case:
        """Until a moment to come, or until the customer writes."""

        def work(papers: Papers) -> Done[Case]:
            case, now = open_case(papers, key), self._now()
            if until is not None and not now < until <= now + LONGEST_SNOOZE:
                raise NotDone(because("desk.snooze_when", days=LONGEST_SNOOZE.days))
            detail = {"until": "answer" if until is None else until.isoformat(timespec="minutes")}
            return Done(answer=papers.keep(case.snoozed(now, until)), detail=detail)

        return await self._do(Deed.SNOOZE, by, press, work, _case_again(key), key=key)

    async def escalate(self, key: int, reason: str, by: Agent, *, press: str) -> Escalated:
        """Call the leads, once: at once, or when quiet hours are over."""

        def work(papers: Papers) -> Done[Escalated]:
            case, why, now = open_case(papers, key), written(reason), self._now()
            if case.escalated_at is not None:
                rang = _rang_at(papers, case, case.escalated_at)
                return Done(answer=Escalated(case=case, first=False, rings_at=rang), kept=False)
            rings = self.rings_at(now)
            case = papers.keep(replace(self.clocks.moved(case, Urgency.HIGH, now), escalated_at=now))
            told = because("alert.escalated", case=case.key, who=by.name, why=why)
            alert = Alert(desk=self.alerts, reason=told, wakes=True)
            papers.alert(case, alert, key=_escalation(case), now=now, due=rings)
            return Done(answer=Escalated(case=case, first=True, rings_at=rings))

        def again(papers: Papers, line: AuditLine) -> Escalated:
            case = case_of(papers, key)
            return Escalated(case=case, first=True, rings_at=_rang_at(papers, case, line.at))

        return await self._do(Deed.ESCALATE, by, press, work, again, key=key)

    # --- how it ends ---

    async def resolve(self, key: int, resolution: Resolution, fixed_by: str, by: Agent, *, press: str) -> Resolved:
        """Close it, and ask the customer one number where policy, fatigue and their wishes allow."""

        def work(papers: Papers) -> Done[Resolved]:
            case, now = open_case(papers, key), self._now()
            fixed = written(fixed_by) if resolution is Resolution.SOLVED else clean(fixed_by, limit=LONGEST_NOTE)
            for draft in papers.drafts_of(case):
                papers.drop(draft.job, because("desk.ended_unsent", who=by.name))
            ruling = self._ask(papers, case, resolution, by, press)
            resolved = case.resolved(now, None, resolution=resolution, fixed_by=fixed or None)
            self._follow(papers, case, resolution, by)
            detail = {"resolution": resolution.value, "question": ruling.verdict.value, "why": ruling.reason}
            kept = papers.keep(resolved)
            return Done(answer=Resolved(case=kept, question=ruling, owed=_owed(papers, case)), detail=detail)

        def again(papers: Papers, line: AuditLine) -> Resolved:
            verdict, why = line.detail["question"], line.detail["why"]
            ruled = Ruling(verdict=Verdict(str(verdict)), reason=why if isinstance(why, Reason) else str(why))
            case = case_of(papers, key)
            return Resolved(case=case, question=ruled, owed=_owed(papers, case))

        return await self._do(Deed.RESOLVE, by, press, work, again, key=key)

    async def reopen(self, key: int, by: Agent, *, press: str) -> Case:
        """Take a resolved case up again."""

        def work(papers: Papers) -> Done[Case]:
            case = case_of(papers, key)
            if case.is_open:
                raise NotDone(because("desk.is_open"))
            if case.merged_into is not None:
                raise NotDone(because("desk.was_merged"))
            return Done(answer=papers.keep(case.reopened_at(self._now())))

        return await self._do(Deed.REOPEN, by, press, work, _case_again(key), key=key)

    async def merge(self, key: int, into: int, by: Agent, *, press: str) -> Case:
        """All of `key` is filed in `into`, which must be another case of the same customer. Returns the kept one."""

        def work(papers: Papers) -> Done[Case]:
            case, kept, now = case_of(papers, key), open_case(papers, into), self._now()
            if case.id == kept.id:
                raise NotDone(because("desk.same_case"))
            if case.merged_into is not None:
                raise NotDone(because("desk.was_merged"))
            if case.customer_id != kept.customer_id:
                raise NotDone(because("desk.other_customer", case=key, into=into))
            papers.move(case, kept)
            ended = case if not case.is_open else case.resolved(now, None, resolution=Resolution.DUPLICATE)
            papers.keep(replace(ended, merged_into=kept.id, updated_at=max(ended.updated_at, now)))
            return Done(answer=papers.keep(kept.joined_by(case, now)), detail={"into": into})

        return await self._do(Deed.MERGE, by, press, work, _case_again(into), key=key)

    # --- the brake ---

    async def pause(self, by: Agent, *, press: str) -> None:
        """Stop everything addressed to a customer."""

        def work(papers: Papers) -> Done[None]:
            papers.pause(by, self._now())
            return Done(answer=None)

        await self._do(Deed.PAUSE, by, press, work, lambda *_: None)

    async def resume(self, by: Agent, *, press: str) -> None:
        """Let it go on."""

        def work(papers: Papers) -> Done[None]:
            papers.resume()
            return Done(answer=None)

        await self._do(Deed.RESUME, by, press, work, lambda *_: None)

    # --- what people look for ---

    async def queue(self, wanted: QueueFilter) -> list[Case]:
        """Open cases, the first to be looked at first."""
        return await self.deeds.look(lambda papers: papers.queue(wanted))

    async def find(self, words: str, limit: int = 10) -> list[Case]:
        """By number, account, name or words that were said; newest first."""
        if not words.strip():
            return []
        return await self.deeds.look(lambda papers: papers.find(words, limit))

    async def called(self, who: str, limit: int = 10) -> list[Case]:
        """By number, account or name; newest first."""
        return await self.deeds.look(lambda papers: papers.called(who, limit))

    async def log(self, key: int, limit: int = 20) -> list[AuditLine]:
        """What was done to a case, newest first."""
        return await self.deeds.look(lambda papers: papers.log(known_case(papers, key), limit))

    async def names(self, ids: Collection[str]) -> Mapping[str, str]:
        """How the agents of these ids are called; an id that nobody knows stands for itself."""
        return await self.deeds.look(lambda papers: papers.names(ids))

    async def seen(self, agents: Collection[Agent]) -> None:
        """Remember how they are called."""

        def work(papers: Papers) -> int:
            for agent in agents:
                papers.meet(agent, self._now())
            return len(agents)

        await self.deeds.change(work)

    # --- inside ---

    def _follow(self, papers: Papers, case: Case, resolution: Resolution, by: Agent) -> None:
        """What the end of a case says of what was promised and heard in it."""
        if resolution is Resolution.SOLVED:
            papers.promises_kept(case, self._now())
        elif resolution is Resolution.NOT_ABOUT_US:
            papers.set_aside(case, by)

    def _ask(self, papers: Papers, case: Case, resolution: Resolution, by: Agent, press: str) -> Ruling:
        """A person has decided that it is over, so what only waits for a person need not wait."""
        if resolution not in _ASKED_AFTER:
            return Ruling(verdict=Verdict.BLOCK, reason=because("desk.not_asked", resolution=resolution.value))
        situation = papers.situation(case, self._now())
        if situation is None:
            return Ruling(verdict=Verdict.BLOCK, reason=because("desk.nothing_to_answer"))
        question = self.question(situation)
        if question is None:
            return Ruling(verdict=Verdict.BLOCK, reason=because("desk.tactless"))
        ruling = self.policy.judge(question, situation)
        if ruling.verdict in {Verdict.BLOCK, Verdict.SHADOW}:
            return ruling
        allowed = Ruling(verdict=Verdict.SEND, reason=because("desk.asked_by", who=by.name))
        now = self._now()
        key = f"{case.id}/ask/{press}"
        papers.ask(case, question, allowed, key=key, by=by, now=now, due=self.rings_at(now))
        return allowed

    async def _do(  # noqa: PLR0913 - what, by whom, and how often
        self, deed: Deed, by: Agent, press: str, work: Work[T], again: Again[T], *, key: int | None = None
    ) -> T:
        def entitled(papers: Papers) -> Done[T]:
            entitle(by, deed)
            papers.meet(by, self._now())
            return work(papers)

        pressed = Press(key=press, by=by, deed=deed, at=self._now(), case_key=key)
        return await self.deeds.do(pressed, entitled, again)

    def _now(self) -> datetime:
        return self.watch.now(datetime.now(UTC))


def _escalation(case: Case) -> str:
    """Once until it ends; one that was reopened may be escalated again."""
    return f"{case.id}/escalate/{case.reopened}"


def _owed(papers: Papers, case: Case) -> tuple[Promise, ...]:
    return tuple(papers.promised_in(case))


def _rang_at(papers: Papers, case: Case, otherwise: datetime) -> datetime:
    job = papers.job_with_key(_escalation(case))
    return otherwise if job is None else job.due_at


def _case_again(key: int) -> Again[Case]:
    def again(papers: Papers, _: object) -> Case:
        return case_of(papers, key)

    return again
