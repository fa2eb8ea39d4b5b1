"""What was said or done in a case while somebody wrote, or while a draft waited: whoever sends is told of it first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.agent import Agent, Deed
from bot.domain.case import Case
from bot.domain.deskwork import AuditLine, HeldDraft
from bot.domain.interaction import MACHINE, Direction, Interaction
from bot.domain.outbox import Job, JobId, JobState
from bot.domain.papers import Papers
from bot.domain.situation import Situation

_ANSWERS = frozenset({Deed.REPLY, Deed.APPROVE})
_NEVER_LEFT = frozenset({JobState.DROPPED, JobState.WITHHELD, JobState.DEAD})
_LOOKED_AT = 20
_A_FORMS_LIFE = timedelta(minutes=15)


def after(lines: Sequence[Interaction], shown: str) -> tuple[Interaction, ...]:
    """What came after that line."""
    at = next((number for number, line in enumerate(lines, 1) if line.key == shown), 0)
    return tuple(lines[at:])


def who_has_just_answered(papers: Papers, case: Case, situation: Situation, by: Agent) -> str | None:
    """A colleague, to the same words, while a form may still be open in which nothing was seen of their answer."""
    since = max(situation.now - _A_FORMS_LIFE, situation.mention.posted_at)
    recent = (line for line in papers.log(case, _LOOKED_AT) if line.at > since and line.agent_id != by.id)
    return next((line.agent_name for line in recent if _answers_for(papers, line, by)), None)


def who_has_just_resolved(papers: Papers, case: Case, situation: Situation, by: Agent) -> str | None:
    """A colleague, while a form may still be open in which nothing was seen of that."""
    if case.is_open:
        return None
    since = situation.now - _A_FORMS_LIFE
    ends = (line for line in papers.log(case, _LOOKED_AT) if line.deed is Deed.RESOLVE and line.refused is None)
    return next((line.agent_name for line in ends if line.at > since and line.agent_id != by.id), None)


def who_has_spoken_since(papers: Papers, draft: HeldDraft, situation: Situation, by: Agent) -> str | None:
    """Who of the brand has answered since a draft was written, on the channel itself or at the desk.

    What waits for a second person, as the draft itself may, has not been said.
    """
    if draft.case is None:
        return None
    said = [
        line
        for line in situation.history
        if line.case_id == draft.case.id
        and line.direction is Direction.OUTBOUND
        and line.actor not in {MACHINE, by.id}
        and line.at > draft.forms[-1].at
    ]
    if said:
        return papers.name_of(said[-1].actor)
    since = (line for line in papers.log(draft.case, _LOOKED_AT) if line.at > draft.forms[-1].at)
    on_its_way = (line for line in since if line.agent_id != by.id and _answers_for(papers, line, by, but=draft.job))
    return next((line.agent_name for line in on_its_way), None)


def _answers_for(papers: Papers, line: AuditLine, by: Agent, *, but: Job | None = None) -> bool:
    """Whether words that are not their own went out or wait to, and were not dropped since.

    Beside a draft (`but`), only words that need nobody any more: it is for whoever reads it to choose of what waits.
    """
    if line.deed not in _ANSWERS or line.refused is not None:
        return False
    draft = papers.draft(JobId(int(line.about.removeprefix("job:"))))
    if draft is None or draft.job.state in _NEVER_LEFT or draft.job.written_by == by.id:
        return False
    return but is None or (draft.job.id != but.id and draft.job.state is not JobState.HELD)
