"""What people write to customers, promise them, and learn from them: the `Correspondence` port over the papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TypeVar

from bot.domain.action import Reply, ReplyKind
from bot.domain.agent import Agent, Deed
from bot.domain.case import Case
from bot.domain.customer import CustomerId
from bot.domain.deskwork import AuditLine, Erased, HeldDraft, Letter, Reread, Sending
from bot.domain.errors import NotDone
from bot.domain.experience import Experience
from bot.domain.mention import MentionId
from bot.domain.outbox import JobId, JobState, Ruling, Verdict
from bot.domain.papers import Again, Deeds, Done, Papers, Press, Work
from bot.domain.ports.judge import Policy
from bot.domain.promise import Promise, PromiseState
from bot.domain.reading import Language, Touchpoint
from bot.domain.reason import Value, because
from bot.domain.situation import Situation
from bot.domain.text import clean
from bot.domain.time import Watch
from bot.domain.voice import EmployeeVoice
from bot.pipeline.forgetting import forget
from bot.pipeline.given import filed_case, written
from bot.pipeline.meanwhile import after, who_has_just_answered, who_has_just_resolved, who_has_spoken_since
from bot.pipeline.rereading import changes, reread_by
from bot.pipeline.rights import entitle

T = TypeVar("T")
Drafts = Callable[[Situation], Reply | None]
NOBODY = Agent(id="anonymous", name="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """`drafts` finds a first text in the brand's articles and templates; `otherwise` is the brand's own language."""

    deeds: Deeds
    policy: Policy
    drafts: Drafts
    limit_of: Callable[[str], int]
    watch: Watch
    otherwise: Language

    async def suggest(self, key: int, by: Agent, *, press: str) -> Letter | None:
        """A draft with its sources; None when nothing fits. Nobody outside reads it yet."""

        def work(papers: Papers) -> Done[Letter | None]:
            case, situation = _file(papers, key, self._now())
            letter = self._letter(papers, case, situation, by)
            return Done(answer=letter if letter.draft else None, detail={"sources": letter.sources})

        return await self._do(Deed.SUGGEST, by, press, work, lambda papers, _: work(papers).answer, key=key)

    async def letter(self, key: int, by: Agent) -> Letter:
        """What an answer begins with; NotDone with the policy's reason when nobody may answer here."""

        def work(papers: Papers) -> Letter:
            entitle(by, Deed.REPLY)
            case, situation = _file(papers, key, self._now())
            letter = self._letter(papers, case, situation, by)
            _allowed(letter.ruling)
            return letter

        return await self.deeds.look(work)

    async def reply(  # noqa: PLR0913 - what, as whom, and what they knew
        self, key: int, text: str, by: Agent, *, seen: str, press: str, anyway: bool = False, shown: str = ""
    ) -> Sending:
        """On its way, held for a second person, or not done: the customer wrote since `seen`, or a colleague did."""

        def work(papers: Papers) -> Done[Sending]:
            case, situation = _file(papers, key, self._now())
            said = clean(text)
            ruling = _allowed(self.policy.judge_person(said, situation, by))
            newer, colleague = papers.heard_since(case, seen), who_has_just_answered(papers, case, situation, by)
            over = who_has_just_resolved(papers, case, situation, by)
            unseen = anyway and bool(shown) and bool(newer := papers.heard_since(case, shown))
            if unseen or ((newer or colleague or over) and not anyway):
                unsent = Sending(job=None, ruling=ruling, newer=newer, answered_by=colleague, resolved_by=over)
                return Done(answer=unsent, kept=False)
            begun = _begun_with(papers, case, situation, said)
            if begun is not None and ruling.verdict is Verdict.SEND:
                # nobody changed a word of it: its sources stay with it, and it says who let it go
                return _decided(papers, begun, said, ruling=ruling, by=by, now=self._now())
            to, language = situation.mention.id, self._spoken(situation)
            reply = Reply(to=to, kind=ReplyKind.ANSWER, text=said, language=language)
            job = papers.write(_reply_key(case, press), reply, replace(situation, case=case), ruling, by)
            if job.state is JobState.PENDING:
                _answered_otherwise(papers, case, by)
            return Done(answer=Sending(job=job, ruling=ruling), about=_job(job.id), detail={"state": job.state.value})

        def again(papers: Papers, line: AuditLine) -> Sending:
            draft = papers.draft(JobId(int(line.about.removeprefix("job:"))))
            return Sending(
                job=None if draft is None else draft.job, ruling=_GONE if draft is None else draft.job.ruling
            )

        return await self._do(Deed.REPLY, by, press, work, again, key=key)

    async def draft(self, job_id: JobId) -> HeldDraft | None:
        """An answer with the texts it had, whatever became of it."""
        return await self.deeds.look(lambda papers: papers.draft(job_id))

    async def held(self, limit: int = 25) -> list[HeldDraft]:
        """What waits for a person, the most urgent first."""
        return await self.deeds.look(lambda papers: papers.held(limit))

    async def approve(  # noqa: PLR0913 - which, in whose words, and what they knew
        self,
        job_id: JobId,
        by: Agent,
        *,
        press: str,
        text: str | None = None,
        anyway: bool = False,
        forms: int | None = None,
        shown: str = "",
    ) -> Sending:
        """On its way; or still held, under another writer whose words need another person; or not done."""

        def work(papers: Papers) -> Done[Sending]:
            draft = _waiting(papers, job_id)
            if forms not in {None, len(draft.forms)}:
                raise NotDone(because("desk.changed_meanwhile", who=papers.name_of(draft.forms[-1].by)))
            said = draft.forms[-1].text
            words = said if text is None else clean(text)
            situation = papers.situation_at(draft.job.mention_id, self._now())
            if situation is None:
                raise NotDone(because("desk.nothing_to_answer"))
            ruling = _allowed(self.policy.judge_person(words, situation, by))
            spoken = who_has_spoken_since(papers, draft, situation, by)
            unseen = after(draft.newer, shown) if anyway and shown else ()
            if unseen or ((draft.newer or spoken) and not anyway):
                told = unseen or draft.newer
                unsent = Sending(job=None, ruling=ruling, newer=told, answered_by=None if anyway else spoken)
                return Done(answer=unsent, kept=False)
            return _decided(papers, draft, words, ruling=ruling, by=by, now=self._now())

        return await self._do(Deed.APPROVE, by, press, work, _sending_again(job_id))

    async def reject(self, job_id: JobId, reason: str, by: Agent, *, press: str) -> HeldDraft:
        """It never leaves, and the reason stays with it."""

        def work(papers: Papers) -> Done[HeldDraft]:
            draft, why = _waiting(papers, job_id), written(reason)
            job = papers.drop(draft.job, because("desk.rejected", who=by.name, why=why))
            case_key = None if draft.case is None else draft.case.key
            return Done(answer=replace(draft, job=job), case_key=case_key, about=_job(job_id))

        def again(papers: Papers, _: object) -> HeldDraft:
            return _draft(papers, job_id)

        return await self._do(Deed.REJECT, by, press, work, again)

    async def promise(self, key: int, what: str, due: datetime, by: Agent, *, press: str) -> Promise:
        """In the ledger of promises, under the name of whoever gave it."""

        def work(papers: Papers) -> Done[Promise]:
            now, case, said = self._now(), filed_case(papers, key), written(what)
            if due <= now:
                raise NotDone(because("desk.promise_past"))
            promise_id = _promise_id(case, press)
            promise = papers.promise(_promise(case, said, by, promise_id=promise_id, made_at=now, due=due), case)
            return Done(answer=promise, about=f"promise:{press}", detail={"due": due.isoformat()})

        def again(papers: Papers, _: object) -> Promise:
            promise = papers.promise_with(_promise_id(filed_case(papers, key), press))
            if promise is None:
                raise NotDone(because("desk.no_case", key=key))
            return promise

        return await self._do(Deed.PROMISE, by, press, work, again, key=key)

    async def voice(  # noqa: PLR0913 - what, about what, and as whom
        self,
        text: str,
        by: Agent,
        *,
        press: str,
        key: int | None = None,
        touchpoint: Touchpoint | None = None,
        anonymous: bool = False,
    ) -> EmployeeVoice:
        """Of who wishes to stay unnamed neither name nor press is kept anywhere."""
        told_by, shown = (NOBODY, _hashed("voice", press)) if anonymous else (by, press)
        voice_id = _hashed("voice", press)

        def work(papers: Papers) -> Done[EmployeeVoice]:
            case = None if key is None else filed_case(papers, key)
            voice = EmployeeVoice(
                id=voice_id,
                text=written(text),
                touchpoint=touchpoint or _only_place(case),
                case_key=key,
                said_by=None if anonymous else by.id,
                at=self._now(),
            )
            return Done(answer=papers.say(voice), about=f"voice:{voice_id}")

        def again(papers: Papers, _: object) -> EmployeeVoice:
            return _voice(papers, voice_id)

        return await self._do(Deed.VOICE, told_by, shown, work, again, key=key)

    async def vote(self, voice_id: str, by: Agent, *, press: str) -> EmployeeVoice:
        """One vote a person; a second press takes it back."""

        def work(papers: Papers) -> Done[EmployeeVoice]:
            voice = papers.vote(_voice(papers, voice_id), by)
            return Done(answer=voice, about=f"voice:{voice_id}")

        return await self._do(Deed.VOTE, by, press, work, lambda papers, _: _voice(papers, voice_id))

    async def voices(self, since: datetime, until: datetime) -> list[EmployeeVoice]:
        """Said in the period, those with most votes first."""
        return await self.deeds.look(lambda papers: papers.voices(since, until))

    async def correct(
        self, mention_id: MentionId, reread: Mapping[str, Reread], by: Agent, *, press: str
    ) -> tuple[Experience, ...]:
        """All that is read of the mention counts as read by this person: what they changed, and what they left."""

        def work(papers: Papers) -> Done[tuple[Experience, ...]]:
            if papers.mention(mention_id) is None:
                raise NotDone(because("desk.no_mention"))
            before = papers.experiences(mention_id)
            unknown = set(reread) - {each.id for each in before}
            if unknown or not reread:
                raise NotDone(because("desk.no_experience"))
            after = tuple(reread_by(each, reread.get(each.id, Reread()), by, press=press) for each in before)
            case = papers.reread(mention_id, after, self._now())
            detail = changes(before, after)
            return Done(answer=after, case_key=None if case is None else case.key, about=mention_id, detail=detail)

        def again(papers: Papers, _: object) -> tuple[Experience, ...]:
            return tuple(papers.experiences(mention_id))

        return await self._do(Deed.CORRECT, by, press, work, again)

    async def erase(self, customer_id: CustomerId, by: Agent, *, press: str) -> Erased:
        """The line in the audit log holds numbers only."""
        return await forget(self.deeds, customer_id, by, press=press, now=self._now())

    async def _do(  # noqa: PLR0913 - whose deed, and how it is done
        self, deed: Deed, by: Agent, press: str, work: Work[T], again: Again[T], *, key: int | None = None
    ) -> T:
        def entitled(papers: Papers) -> Done[T]:
            if by is not NOBODY:
                entitle(by, deed)
                papers.meet(by, self._now())
            return work(papers)

        pressed = Press(key=press, by=by, deed=deed, at=self._now(), case_key=key)
        return await self.deeds.do(pressed, entitled, again)

    def _letter(self, papers: Papers, case: Case, situation: Situation, by: Agent) -> Letter:
        """The machine's own draft that waits for a person comes before a new one; an answer before thanks.

        One that the customer has written after is no beginning.
        """
        waiting = [draft for draft in papers.drafts_of(case) if draft.job.written_by is None and not draft.newer]
        replies = [draft.job.action for draft in waiting if isinstance(draft.job.action, Reply)]
        answers = [reply for reply in replies if reply.kind is ReplyKind.ANSWER]
        draft = next(iter(answers or replies), None) or self.drafts(situation)
        return Letter(
            case=case,
            draft="" if draft is None else draft.text,
            sources=() if draft is None else draft.sources,
            language=self._spoken(situation) if draft is None else draft.language,
            limit=self.limit_of(situation.mention.channel),
            ruling=self.policy.judge_person(None, situation, by),
            seen=papers.last_line(case),
        )

    def _spoken(self, situation: Situation) -> Language:
        """As they wrote last, else as they usually do, else as the brand does."""
        known = (situation.reading.language, situation.customer.language)
        return next((each for each in known if each not in {None, Language.OTHER}), None) or self.otherwise

    def _now(self) -> datetime:
        return self.watch.now(datetime.now(UTC))


_GONE = Ruling(verdict=Verdict.BLOCK, reason=because("policy.erased"))


def _allowed(ruling: Ruling) -> Ruling:
    if ruling.verdict is Verdict.BLOCK:
        raise NotDone(because("desk.may_not_leave", why=ruling.reason))
    return ruling


def _file(papers: Papers, key: int, now: datetime) -> tuple[Case, Situation]:
    case = filed_case(papers, key)
    situation = papers.situation(case, now)
    if situation is None:
        raise NotDone(because("desk.nothing_to_answer"))
    return case, situation


def _draft(papers: Papers, job_id: JobId) -> HeldDraft:
    draft = papers.draft(job_id)
    if draft is None:
        raise NotDone(because("desk.no_draft", number=job_id))
    return draft


def _waiting(papers: Papers, job_id: JobId) -> HeldDraft:
    """One that still waits: of several who decide at once the first does."""
    draft = _draft(papers, job_id)
    if draft.job.state is JobState.HELD:
        return draft
    if draft.job.state is JobState.WITHHELD and draft.job.error is not None:
        raise NotDone(because("desk.may_not_leave", why=draft.job.error))
    if draft.job.state is JobState.DROPPED and draft.job.error is not None:
        raise NotDone(because("desk.dropped_already", why=draft.job.error))
    who = papers.who_decided(draft.job)
    raise NotDone(because("desk.not_waiting") if who is None else because("desk.already_decided", who=who))


def _decided(  # noqa: PLR0913 - which, in which words, by whom, and what the policy says
    papers: Papers, draft: HeldDraft, words: str, *, ruling: Ruling, by: Agent, now: datetime
) -> Done[Sending]:
    """Nobody lets their own words go where two must look: whoever changes a draft is its writer from then on."""
    job, case_key = draft.job, None if draft.case is None else draft.case.key
    changed = words != draft.forms[-1].text
    alone = ruling.verdict is Verdict.APPROVE
    if alone and not changed and job.written_by == by.id:
        raise NotDone(because("desk.own_words"))
    if changed:
        job = papers.reword(job, words, ruling, by, now)
    if not (alone and changed):
        job = papers.let_go(job, by, now)
        _give_way(papers, draft, by)
    detail: dict[str, Value] = {"state": job.state.value, "edited": int(changed)}
    return Done(answer=Sending(job=job, ruling=ruling), case_key=case_key, about=_job(job.id), detail=detail)


def _begun_with(papers: Papers, case: Case, situation: Situation, said: str) -> HeldDraft | None:
    """The machine's draft to the same post of which these are the very words: a form begins with it."""
    drafts = (draft for draft in papers.drafts_of(case) if draft.job.written_by is None)
    same = (draft for draft in drafts if draft.job.mention_id == situation.mention.id)
    return next((draft for draft in same if draft.forms[-1].text == said), None)


def _give_way(papers: Papers, draft: HeldDraft, by: Agent) -> None:
    """Other answers that the machine drafted to the same post are not needed any more; those to other posts are."""
    action = draft.job.action
    if draft.case is None or not isinstance(action, Reply) or action.kind is not ReplyKind.ANSWER:
        return
    for other in papers.drafts_of(draft.case):
        if other.job.written_by is None and other.job.mention_id == draft.job.mention_id:
            papers.drop(other.job, because("desk.another_sent", who=by.name))


def _answered_otherwise(papers: Papers, case: Case, by: Agent) -> None:
    """What the machine drafted for the case is not needed any more."""
    for draft in papers.drafts_of(case):
        if draft.job.written_by is None:
            papers.drop(draft.job, because("desk.answered_otherwise", who=by.name))


def _sending_again(job_id: JobId) -> Again[Sending]:
    def again(papers: Papers, _: object) -> Sending:
        job = _draft(papers, job_id).job
        return Sending(job=job, ruling=job.ruling)

    return again


def _promise(case: Case, what: str, by: Agent, *, promise_id: str, made_at: datetime, due: datetime) -> Promise:  # noqa: PLR0913 - who, what, by when
    return Promise(
        id=promise_id,
        customer_id=case.customer_id,
        case_id=case.id,
        case_key=case.key,
        who=by.name,
        what=what,
        made_at=made_at,
        due=due,
        source=promise_id,
        state=PromiseState.OPEN,
    )


def _only_place(case: Case | None) -> Touchpoint | None:
    """Where customers live what an employee says about their case, if that is one place."""
    return case.touchpoints[0] if case is not None and len(case.touchpoints) == 1 else None


def _voice(papers: Papers, voice_id: str) -> EmployeeVoice:
    voice = papers.voice(voice_id)
    if voice is None:
        raise NotDone(because("desk.no_voice"))
    return voice


def _reply_key(case: Case, press: str) -> str:
    return f"{case.id}/reply/{press}"


def _promise_id(case: Case, press: str) -> str:
    return f"{case.id}/promise/{press}"


def _job(job_id: JobId) -> str:
    return f"job:{job_id}"


def _hashed(what: str, press: str) -> str:
    return f"{what}-{blake2b(press.encode('utf-8', 'backslashreplace'), digest_size=10).hexdigest()}"
