"""The papers of one transaction over SQLite: rows for somebody who writes to a customer."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.domain.action import Alert, Ask, Reply
from bot.domain.agent import Agent
from bot.domain.case import Case
from bot.domain.customer import CustomerId
from bot.domain.deskwork import AuditLine, Erased, HeldDraft, QueueFilter
from bot.domain.experience import Experience
from bot.domain.interaction import Interaction
from bot.domain.mention import Mention, MentionId
from bot.domain.outbox import Job, JobId, Ruling
from bot.domain.promise import Promise
from bot.domain.reason import Reason
from bot.domain.situation import Situation
from bot.domain.voice import EmployeeVoice
from bot.store import aside, casebook, corrections, drafts, folder, people, promises, voices
from bot.store.erasure import erase
from bot.store.outbox import pause, resume
from bot.store.rows import MENTION_COLUMNS, Row, mention_from
from bot.store.situations import situation_at
from bot.store.whois import customer_from_now_on


class SqlitePapers:
    """The `Papers` port over one connection, inside one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def case(self, key: int) -> Case | None:
        """By the number people quote."""
        return casebook.case_with_key(self._connection, key)

    def is_erased(self, customer_id: CustomerId) -> bool:
        """As the customer stands."""
        customer = people.customer_with(self._connection, customer_id)
        return customer is not None and customer.erased_at is not None

    def kept(self, case: Case) -> Case:
        """Through one merge after the other."""
        return casebook.kept(self._connection, case)

    def situation(self, case: Case, now: datetime) -> Situation | None:
        """At the customer's newest post in it."""
        row: Row | None = self._connection.execute(
            "SELECT id FROM mention WHERE case_id = ? AND customer_id = ? AND by_brand = 0 AND deleted_at IS NULL "
            "ORDER BY posted_at DESC, seq DESC LIMIT 1",
            (case.id, case.customer_id),
        ).fetchone()
        return None if row is None else situation_at(self._connection, row[0], now)

    def situation_at(self, mention_id: MentionId, now: datetime) -> Situation | None:
        """At one post."""
        return situation_at(self._connection, mention_id, now)

    def last_line(self, case: Case) -> str:
        """Its key."""
        return drafts.last_line(self._connection, case.id)

    def heard_since(self, case: Case, line: str) -> tuple[Interaction, ...]:
        """Oldest first."""
        return drafts.heard_since(self._connection, case.id, line)

    def draft(self, job_id: JobId) -> HeldDraft | None:
        """With its texts and what was heard since."""
        return drafts.draft_with(self._connection, job_id)

    def held(self, limit: int) -> list[HeldDraft]:
        """The most urgent first."""
        return drafts.held(self._connection, limit)

    def drafts_of(self, case: Case) -> list[HeldDraft]:
        """Newest first."""
        return drafts.held_in(self._connection, case.id)

    def who_decided(self, job: Job) -> str | None:
        """From the audit log, or as the command line noted it."""
        return drafts.who_decided(self._connection, job)

    def job_with_key(self, key: str) -> Job | None:
        """The decision of that key."""
        return drafts.job_where(self._connection, "key", key)

    def write(self, key: str, reply: Reply, situation: Situation, ruling: Ruling, by: Agent) -> Job:
        """On its way, or held."""
        return drafts.write(self._connection, key, reply, situation, ruling=ruling, by=by)

    def let_go(self, job: Job, by: Agent, now: datetime) -> Job:
        """On its way."""
        return drafts.let_go(self._connection, job, by.id, now)

    def reword(self, job: Job, text: str, ruling: Ruling, by: Agent, now: datetime) -> Job:
        """Still held."""
        return drafts.reword(self._connection, job, text, ruling=ruling, by=by.id, now=now)

    def drop(self, job: Job, why: Reason) -> Job:
        """Never to leave."""
        return drafts.drop(self._connection, job, why)

    def promise(self, promise: Promise, case: Case) -> Promise:
        """In the conversation of the case."""
        return promises.give(self._connection, promise, channel=case.channel, conversation=case.thread_id)

    def promised_in(self, case: Case) -> list[Promise]:
        """The next due first."""
        return promises.open_in(self._connection, case.id)

    def promises_kept(self, case: Case, now: datetime) -> None:
        """All that were open."""
        promises.case_solved(self._connection, case.id, now)

    def promise_with(self, promise_id: str) -> Promise | None:
        """By its id."""
        return promises.promise_with(self._connection, promise_id)

    def say(self, voice: EmployeeVoice) -> EmployeeVoice:
        """Keep it."""
        return voices.say(self._connection, voice)

    def voice(self, voice_id: str) -> EmployeeVoice | None:
        """With its votes."""
        return voices.voice_with(self._connection, voice_id)

    def voices(self, since: datetime, until: datetime) -> list[EmployeeVoice]:
        """Those with most votes first."""
        return voices.voices(self._connection, since, until)

    def vote(self, voice: EmployeeVoice, by: Agent) -> EmployeeVoice:
        """With this vote, or without it."""
        voices.vote(self._connection, voice.id, by.id)
        return voices.voice_with(self._connection, voice.id) or voice

    def mention(self, mention_id: MentionId) -> Mention | None:
        """As it is now."""
        row: Row | None = self._connection.execute(
            f"SELECT {MENTION_COLUMNS} FROM mention WHERE id = ? AND deleted_at IS NULL",  # noqa: S608
            (mention_id,),
        ).fetchone()
        return None if row is None else mention_from(row)

    def experiences(self, mention_id: MentionId) -> list[Experience]:
        """In the order in which they were read."""
        return corrections.counted_of(self._connection, mention_id)

    def reread(self, mention_id: MentionId, lived: Sequence[Experience], now: datetime) -> Case | None:
        """The old rows stay, uncounted."""
        return corrections.replace_experiences(self._connection, mention_id, lived, now)

    # --- what is done with a case ---

    def keep(self, case: Case) -> Case:
        """As it is now."""
        return casebook.keep(self._connection, case)

    def set_aside(self, case: Case, by: Agent) -> None:
        """Nothing of the case counts until it is taken up again."""
        aside.set_aside(self._connection, case, by)

    def meet(self, agent: Agent, now: datetime) -> None:
        """Under the name they have now."""
        folder.seen(self._connection, agent, now)

    def name_of(self, agent_id: str) -> str:
        """The id where nobody knows a name."""
        return folder.names(self._connection, [agent_id])[agent_id]

    def names(self, ids: Collection[str]) -> Mapping[str, str]:
        """All of them."""
        return folder.names(self._connection, ids)

    def note(self, case: Case, text: str, *, key: str, by: Agent, at: datetime) -> None:
        """For the house only."""
        folder.note(self._connection, case, text, key=key, by=by, at=at)

    def alert(self, case: Case, alert: Alert, *, key: str, now: datetime, due: datetime) -> bool:
        """One a key."""
        return folder.alert(self._connection, case, alert, key=key, now=now, due=due)

    def ask(  # noqa: PLR0913 - whom, what, and when
        self, case: Case, question: Ask, ruling: Ruling, *, key: str, by: Agent, now: datetime, due: datetime
    ) -> None:
        """One a key."""
        folder.ask(self._connection, case, question, ruling, key=key, by=by, now=now, due=due)

    def move(self, case: Case, into: Case) -> None:
        """Posts, readings, experiences, lines, answers and promises."""
        folder.move(self._connection, case, into)

    def pause(self, by: Agent, now: datetime) -> None:
        """From the next word on."""
        pause(self._connection, by.name, now)

    def resume(self) -> None:
        """From the next word on."""
        resume(self._connection)

    def to_wake(self, now: datetime) -> list[Case]:
        """Put aside until before now."""
        return folder.to_wake(self._connection, now)

    def to_answer(self, since: datetime, now: datetime) -> list[Case]:
        """Lately overdue."""
        return folder.to_answer(self._connection, since, now)

    def to_solve(self, since: datetime, now: datetime) -> list[Case]:
        """Lately overdue."""
        return folder.to_solve(self._connection, since, now)

    def to_keep(self, since: datetime, now: datetime) -> list[tuple[Case, Promise]]:
        """Lately overdue."""
        return folder.to_keep(self._connection, since, now)

    def queue(self, wanted: QueueFilter) -> list[Case]:
        """The first to be looked at first."""
        return folder.queue(self._connection, wanted)

    def find(self, words: str, limit: int) -> list[Case]:
        """Newest first."""
        return folder.find(self._connection, words, limit)

    def called(self, who: str, limit: int) -> list[Case]:
        """Newest first."""
        return folder.called(self._connection, who, limit)

    def log(self, case: Case, limit: int) -> list[AuditLine]:
        """Newest first."""
        return folder.log(self._connection, case, limit)

    def forget(self, customer_id: CustomerId, now: datetime) -> Erased | None:
        """For good."""
        customer = customer_from_now_on(self._connection, customer_id)
        if customer is None or customer.erased_at is not None:
            return None
        return erase(self._connection, customer, now)
