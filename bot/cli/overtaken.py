"""What has overtaken an answer that waits: what its customer wrote since, and who of the brand has answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.desk.labels import Labels
from bot.desk.plain import NAME_LENGTH, plain
from bot.domain.agent import Agent
from bot.domain.interaction import BRAND, Interaction
from bot.domain.outbox import Job, JobState
from bot.domain.papers import Papers
from bot.pipeline.meanwhile import who_has_spoken_since

_MOST, _QUOTED = 5, 200


@dataclass(frozen=True, slots=True)
class Since:
    """True where there is anything to tell."""

    newer: Sequence[Interaction] = ()
    answered_by: str | None = None

    def __bool__(self) -> bool:
        return bool(self.newer) or self.answered_by is not None


def since_written(papers: Papers, job: Job, by: Agent, now: datetime) -> Since:
    """Of a job that waits for a person; nothing overtakes another."""
    draft = papers.draft(job.id) if job.state is JobState.HELD else None
    situation = None if draft is None else papers.situation_at(job.mention_id, now)
    if draft is None or situation is None:
        return Since()
    return Since(draft.newer, who_has_spoken_since(papers, draft, situation, by))


def told(since: Since, words: Labels) -> str:
    """In one line: who has answered, and what the customer wrote, the newest last."""
    quoted = "; ".join(
        f"{words.figures.moment(line.at)} {words.say('card.quoted', text=plain(line.text, _QUOTED))}"
        for line in since.newer[-_MOST:]
    )
    answered, wrote = _answered(since, words), words.say("outbox.customer_wrote") if since.newer else ""
    return "; ".join(part for part in (answered, f"{wrote}: {quoted}" if wrote else "") if part)


def in_short(since: Since, words: Labels) -> str:
    """For the end of a line of the list; empty where nothing has overtaken it."""
    wrote = words.say("outbox.customer_wrote") if since.newer else ""
    parts = [part for part in (_answered(since, words), wrote) if part]
    return f"  ▲ {'; '.join(parts)}" if parts else ""


def _answered(since: Since, words: Labels) -> str:
    if since.answered_by is None:
        return ""
    who = words.say("outbox.the_brand") if since.answered_by == BRAND else plain(since.answered_by, NAME_LENGTH)
    return words.say("outbox.answered_since", who=who)
