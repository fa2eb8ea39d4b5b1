"""A whole house on loopback, process after process: customers write, agents press, and only rows outlive a restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock import running_clock
from bot.desk.guild.front import Front
from bot.domain.case import Case
from bot.domain.errors import ChannelError
from bot.domain.mention import Batch, Mention
from bot.domain.outbox import Lane
from bot.domain.ports.record import CaseFile
from bot.domain.reading import Intent, Reading, Sentiment, Span, Stage, Text, Touchpoint, Urgency
from bot.domain.time import LiveWatch
from bot.pipeline.casework import Clocks
from bot.pipeline.decide import Decider
from bot.pipeline.line import Line
from bot.service import FRONT, staying
from bot.store.sqlite import open_store
from bot.testing import FixedClassifier, ScriptedChannel, memory_store, reading
from listeners.discord_session import open_session
from nlp.promises import CalendarPromises
from responders.dispatch import Dispatcher
from responders.route import RouteToDesk
from tests.desk.guild.office import ALL_DAY, Office, an_office, front_of, login_of
from tests.desk.guild.stage import MADRID, a_post
from tests.servers.discord.server import DiscordServer
from tests.servers.discord.world import Message, Room


def about(place: Touchpoint, sentiment: Sentiment = Sentiment.NEGATIVE) -> Reading:
    """A complaint, wherever in the text it stands."""
    span = Span(quote="", touchpoint=place, stage=Stage.AFTER, sentiment=sentiment, confidence=0.9)
    return reading(sentiment=sentiment, intents=(Intent.COMPLAINT,), touchpoints=(place,), spans=(span,))


@dataclass
class House:
    """`channel` is where the customers are; all they write is read as `read`, a complaint about the delivery."""

    office: Office
    file: Path
    channel: ScriptedChannel = field(default_factory=ScriptedChannel)
    read: Reading = field(default_factory=lambda: about(Touchpoint.DELIVERY))
    written: int = 0

    @property
    def server(self) -> DiscordServer:
        return self.office.stage.server

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Front]:
        """One process: the database is opened, the bot logs in, the front listens. Leave, and nothing is left of it."""
        stage = self.office.stage
        async with open_store(self.file) as store, open_session(login_of(self.server)) as session:
            stage.store, stage.session = store, session
            await store.inbox.release()
            await store.outbox.release()
            stage.desk = self.office.new_desk()
            front, gateway = front_of(self.office, session), self.server.gateway
            before = len(gateway.identified)
            async with running_clock() as clock, asyncio.timeout(None) as patience:
                clock.repeat(FRONT, staying(front))
                patience.reschedule(asyncio.get_running_loop().time() + 10)
                while len(gateway.identified) == before or not session.bot.guilds:
                    await asyncio.sleep(0.01)
                patience.reschedule(None)
                yield front

    # --- what happens ---

    async def hears(self, text: str = "llegó roto", *, who: str = "marta_g") -> Case:
        """A customer writes, it is read and decided, and the desk shows it. The case it belongs to."""
        post = await self.accepts(text, who=who)
        await self.settles()
        return await self._case_of(post)

    async def accepts(self, text: str, *, who: str = "marta_g") -> Mention:
        """They have written; nobody has looked yet."""
        self.written += 1
        post = a_post(str(self.written), text, who, posted_at=datetime.now(UTC))
        await self.office.store.inbox.accept("test", Batch(mentions=(post,), cursor=None), datetime.now(UTC))
        return post

    async def settles(self) -> None:
        """Everything that waits is read, sent and drawn. A desk that is away keeps nobody else waiting."""
        await self._line().until_empty()
        await self.sends()
        await self._dispatcher().run_until_idle(Lane.HOUSE)
        with suppress(ChannelError):
            await self.office.stage.desk.refresh()

    async def sends(self) -> None:
        """What is addressed to customers."""
        await self._dispatcher().run_until_idle(Lane.CUSTOMERS)

    async def _case_of(self, post: Mention) -> Case:
        told = await self.office.store.history.explain(post.id)
        assert told is not None
        assert told.case is not None
        return told.case

    def _line(self) -> Line:
        store = self.office.store

        async def read(text: Text) -> Reading:
            (read,) = FixedClassifier(lambda _: self.read).read([text])
            return replace(read, spans=tuple(replace(span, quote=text.text) for span in read.spans))

        return Line(
            inbox=store.inbox,
            history=store.history,
            read=read,
            decide=Decider(
                responders=(RouteToDesk(desk="casos"),),
                policy=self.office.policy,
                clocks=Clocks(
                    hours=ALL_DAY,
                    first_answer=dict.fromkeys(Urgency, timedelta(hours=8)),
                    solve_working_days=15,
                ),
                wants_out=lambda _, __: False,
            ),
            promises=CalendarPromises(MADRID),
            watch=LiveWatch(),
            lease=timedelta(seconds=60),
            quiet_after=timedelta(days=7),
        )

    def _dispatcher(self) -> Dispatcher:
        store, stage = self.office.store, self.office.stage
        voices = {self.channel.channel: self.channel}
        return Dispatcher(store.outbox, store.history, voices, stage.desk, watch=stage.clock)

    # --- what people see ---

    def post(self, case: Case) -> Room:
        """Where the case stands."""
        return next(room for room in self.office.stage.posts() if room.name.startswith(f"#{case.key} "))

    def card(self, case: Case) -> Message:
        """Its first message, which has the buttons."""
        post = self.post(case)
        return self.server.world.messages[post.id][post.id]

    def told(self, case: Case) -> str:
        """All that stands in its post, the card too."""
        return "\n".join(
            str([message.content, message.extra.get("embeds")]) for message in self.office.stage.told(self.post(case))
        )

    async def now(self, case: Case) -> CaseFile:
        file = await self.office.store.history.case(case.key)
        assert file is not None
        return file

    @property
    def said(self) -> list[str]:
        """What customers have read of us."""
        return [one.reply.text for one in self.channel.spoken]


@asynccontextmanager
async def a_house(folder: Path) -> AsyncIterator[House]:
    """The guild is furnished and its people are there; no process runs yet."""
    async with memory_store() as nobodys, an_office(nobodys) as office:
        yield House(office, folder / "house.db")
