"""A house in which people write: the real store and rule book, a scripted channel, and a clock that stands still."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.action import Ask, Reply, ReplyKind
from bot.domain.agent import Agent, Rank
from bot.domain.case import CaseId
from bot.domain.deskwork import Sending
from bot.domain.digest import DigestText
from bot.domain.mention import Batch, Mention
from bot.domain.outbox import Job, Receipt, Ruling, Verdict
from bot.domain.ports.record import CaseFile
from bot.domain.reading import Language, Touchpoint, Urgency
from bot.domain.reason import because
from bot.domain.situation import Decided, Decision, Heard, Situation
from bot.domain.time import BusinessHours
from bot.pipeline.casework import Clocks
from bot.pipeline.letters import Letters
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, ScriptedChannel, lived, new_case, reading
from nlp.pii import Recogniser
from nlp.promises import CalendarPromises
from responders.dispatch import Dispatcher
from responders.policy import ChannelRules, Mode, RuleBook, Rules

MAYA = Agent(id="discord:1", name="Maya")
LEO = Agent(id="discord:2", name="Leo")
ADA = Agent(id="discord:9", name="Ada", rank=Rank.ADMIN)
MINUTE = timedelta(minutes=1)
CLOCKS = Clocks(
    hours=BusinessHours(zone=ZoneInfo("UTC"), opens=time(9), closes=time(18), weekdays=frozenset(range(5))),
    first_answer={Urgency.HIGH: 60 * MINUTE, Urgency.MEDIUM: 240 * MINUTE, Urgency.LOW: 480 * MINUTE},
    solve_working_days=15,
)
PROMISES = CalendarPromises(ZoneInfo("UTC"))
OPEN = Rules(elsewhere=ChannelRules(mode=Mode.APPROVE, limit=200))


class SilentDesk:
    """Nothing in these stories is shown on a desk."""

    name = "silent"

    async def post(self, file: CaseFile, key: str) -> Receipt:
        raise AssertionError(file.case.key, key)

    async def alert(self, text: str, key: str, *, wakes: bool = False) -> Receipt:
        raise AssertionError(text, key, wakes)

    async def digest(self, text: DigestText, key: str, **shown: object) -> Receipt:
        raise AssertionError(text, key, shown)


@dataclass
class House:
    """A store with a channel, and people who write."""

    store: SqliteStore
    at: datetime = NOON + MINUTE
    channel: ScriptedChannel = field(default_factory=ScriptedChannel)
    rules: Rules = OPEN
    found: Reply | None = None

    def now(self, moment: datetime) -> datetime:
        del moment
        return self.at

    @property
    def letters(self) -> Letters:
        return Letters(
            deeds=self.store.deeds,
            policy=RuleBook(self.rules, personal_data=Recogniser(), disclosure=lambda _: "auto"),
            drafts=lambda _: self.found,
            limit_of=self.rules.limit_of,
            watch=self,
            otherwise=Language.ES,
        )

    async def hears(self, post: Mention, *, draft: str | Reply | Ask | None = None, **read: object) -> int:
        """The customer writes; the first time it becomes a case, with a draft of the machine's if there is one."""
        await self.store.inbox.accept("test", Batch(mentions=(post,), cursor=None), self.at)

        def decide(situation: Situation) -> Decision:
            known = next(iter(situation.cases), None)
            case = (
                known.heard_again(post.posted_at, (), known.urgency)
                if known is not None
                else replace(new_case(situation), id=CaseId(""), touchpoints=(Touchpoint.DELIVERY,))
            )
            action = (
                Reply(to=post.id, kind=ReplyKind.ANSWER, text=draft, language=Language.ES)
                if isinstance(draft, str)
                else draft
            )
            held = Ruling(verdict=Verdict.APPROVE, reason=because("policy.approve_mode"))
            return Decision(
                case=case,
                experiences=(lived(situation, Touchpoint.DELIVERY),),
                actions=() if action is None else (Decided(action=action, responder="answer", ruling=held),),
            )

        heard = Heard(mention=post, reading=reading(**read))  # type: ignore[arg-type]
        [settled] = await self.store.history.settle([heard], decide, lambda moment: moment)
        assert settled.case is not None
        return settled.case.key

    async def writes(self, key: int, text: str = "Ya sale otra", by: Agent = MAYA, **more: object) -> Sending:
        """An agent answers, having read everything, unless told otherwise."""
        letter = await self.letters.letter(key, by)
        known = {"seen": letter.seen, "press": "p1"} | more
        return await self.letters.reply(key, text, by, **known)  # type: ignore[arg-type]

    async def sends(self) -> list[str]:
        """Everything due leaves; returns all that was ever said."""
        hand = Dispatcher(
            self.store.outbox,
            self.store.history,
            {"test": self.channel},
            SilentDesk(),
            watch=self,
            promised=PROMISES.read,
        )
        await hand.run_until_idle()
        return [said.reply.text for said in self.channel.spoken]

    async def file(self, key: int) -> CaseFile:
        file = await self.store.history.case(key)
        assert file is not None
        return file

    async def everything(self) -> str:
        """Every text in the database, one a line."""

        def read(connection: sqlite3.Connection) -> list[str]:
            tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
            cells = [cell for table in tables for row in connection.execute(f"SELECT * FROM {table}") for cell in row]
            return [cell for cell in cells if isinstance(cell, str)]

        return "\n".join(await self.store.deeds._engine.read(read))

    async def held(self) -> Job:
        [draft] = await self.letters.held()
        return draft.job


async def audited(store: SqliteStore, key: str) -> dict[str, object]:
    """The line of one press as the audit log holds it."""

    def read(connection: sqlite3.Connection) -> dict[str, object]:
        cursor = connection.execute("SELECT * FROM audit WHERE key = ?", (key,))
        return dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))

    return await store.deeds._engine.read(read)
