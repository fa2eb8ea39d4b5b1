"""A guild in which people work: the real front over the real workbench and letters, and agents at their screens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from time import sleep
from typing import Any

from bot.desk.guild.commands.registration import Commands
from bot.desk.guild.deeds import Deeds
from bot.desk.guild.desk import DiscordDesk
from bot.desk.guild.front import Front
from bot.desk.guild.lookups import Lookups, Reader
from bot.desk.labels import labels
from bot.domain.action import Ask, Reply, SurveyKind
from bot.domain.agent import Agent, Rank
from bot.domain.case import Case
from bot.domain.errors import ChannelError
from bot.domain.naming import USUAL_NAMES
from bot.domain.outbox import Job
from bot.domain.ports.record import CaseFile
from bot.domain.reading import Language, Urgency
from bot.domain.reason import Reason
from bot.domain.situation import Situation
from bot.domain.time import BusinessHours, LiveWatch
from bot.pipeline.alarm import Alarm
from bot.pipeline.casework import Clocks
from bot.pipeline.letters import Letters
from bot.pipeline.workbench import Workbench
from bot.store.sqlite import SqliteStore
from listeners.discord_session import DiscordSession, Login, open_session
from listeners.discord_wire import asked
from nlp.due import due_in
from nlp.pii import Recogniser
from responders.policy import ChannelRules, Mode, RuleBook, Rules, SecondPerson
from tests.desk.guild.stage import ES, MADRID, Stage, a_guild
from tests.servers.discord.interactions import Outcome
from tests.servers.discord.server import DiscordServer
from tests.servers.discord.world import Kind, Message, Permission, Room, User

ALONE = Rules(elsewhere=ChannelRules(mode=Mode.APPROVE, limit=200))
ALL_DAY = BusinessHours(zone=MADRID, opens=time(0), closes=time(23, 59), weekdays=frozenset(range(7)))
CLOCKS = Clocks(
    hours=ALL_DAY,
    first_answer={
        Urgency.HIGH: timedelta(hours=1),
        Urgency.MEDIUM: timedelta(hours=4),
        Urgency.LOW: timedelta(hours=8),
    },
    solve_working_days=15,
)
TOGETHER = replace(ALONE, second_person=SecondPerson.AGENTS)


@dataclass
class Office:
    """The stage, its people, and what their screens show. `found` is what a suggestion says, after `thinks` seconds."""

    stage: Stage
    people: dict[str, User]
    lobby: Room
    rules: Rules = ALONE
    found: Reply | None = None
    survey: SurveyKind | None = None
    texts: list[tuple[str, str]] = field(default_factory=list)
    stopped: Reason | None = None
    thinks: float = 0.0
    limit: int = 200

    @property
    def store(self) -> SqliteStore:
        return self.stage.store

    @property
    def policy(self) -> RuleBook:
        return RuleBook(self.rules, personal_data=Recogniser(), disclosure=lambda _: "auto")

    @property
    def bench(self) -> Workbench:
        return Workbench(
            deeds=self.store.deeds,
            policy=self.policy,
            clocks=CLOCKS,
            question=self._question,
            rings_at=lambda now: now,
            alerts="alertas",
            watch=LiveWatch(),
        )

    @property
    def alarm(self) -> Alarm:
        return Alarm(deeds=self.store.deeds, rings_at=lambda now: now, alerts="alertas")

    @property
    def letters(self) -> Letters:
        return Letters(
            deeds=self.store.deeds,
            policy=self.policy,
            drafts=self._draft,
            limit_of=lambda _: self.limit,
            watch=LiveWatch(),
            otherwise=Language.ES,
        )

    def _draft(self, situation: Situation) -> Reply | None:
        sleep(self.thinks)
        return None if self.found is None else replace(self.found, to=situation.mention.id)

    def _question(self, situation: Situation) -> Ask | None:
        if self.survey is None:
            return None
        return Ask(to=situation.mention.id, survey=self.survey, text="¿Qué nota nos das?", language=Language.ES)

    def new_desk(self) -> DiscordDesk:
        """As a process makes it, over the store and the log-in that are open now."""
        return DiscordDesk(
            self.stage.session,
            self.stage.places,
            asked=asked,
            cards=self.store.cards,
            history=self.store.history,
            correspondence=self.letters,
            called=self.bench.names,
            words=ES,
            now=self.stage.clock.now,
        )

    async def case(self, text: str = "llegó roto", *, who: str = "marta_g", number: str = "1") -> tuple[Case, Message]:
        """A customer's case, and its card."""
        case = await self.stage.posted(text, who=who, number=number)
        room = next(post for post in self.stage.posts() if post.name.startswith(f"#{case.key} "))
        return case, self.stage.told(room)[0]

    def agent(self, user: User) -> Agent:
        """The same person, without a screen."""
        return Agent(id=f"discord:{user.id}", name=user.username)

    def id_of(self, who: str) -> str:
        return f"discord:{self.people[who].id}"

    def drafts(self) -> list[Message]:
        """What waits in the channel of approvals, oldest first."""
        return self.stage.told(self.stage.server.world.rooms[str(self.stage.places.approvals)])

    def voices(self) -> list[Message]:
        return self.stage.told(self.stage.server.world.rooms[str(self.stage.places.voices)])

    def room_of(self, card: Message) -> Room:
        return self.stage.server.world.rooms[card.room_id]

    async def drawn(self) -> None:
        await self.stage.desk.refresh()

    async def press(self, who: str, on: Message, deed: str, *, locale: str = "es-ES") -> Outcome:
        """Until it is answered."""
        pressed = self.stage.server.people.press(self.people[who], on, f"v1:{deed}:", locale=locale)
        return await pressed.answer()

    async def submit(self, form: Outcome, **fields: str | list[str]) -> Outcome:
        return await self.stage.server.people.submit(form.user, form, fields).answer()

    async def command(
        self,
        who: str,
        name: str,
        options: Mapping[str, Any] | None = None,
        *,
        room: Room | None = None,
        locale: str = "es-ES",
    ) -> Outcome:
        at = room or self.lobby
        return await self.stage.server.people.command(self.people[who], at, name, options, locale=locale).answer()

    async def jobs(self) -> list[Job]:
        """What is on its way to customers, or was."""
        return [job for job in await self.store.outbox.jobs() if isinstance(job.action, Reply)]

    async def answers(self) -> dict[str, Job]:
        """The same by their words."""
        return {job.action.text: job for job in await self.jobs() if isinstance(job.action, Reply)}

    async def now(self, case: Case) -> Case:
        return (await self.stage.file(case)).case


@asynccontextmanager
async def an_office(store: SqliteStore) -> AsyncIterator[Office]:
    """Ana and Leo are agents, Jefa a lead, Gema a manager, Rut an admin; Nadie has no role of the desk."""
    async with a_guild(store) as stage:
        server, world = stage.server, stage.server.world
        server.bots_role.permissions |= Permission.MENTION_EVERYONE
        lobby = world.room(server.guild, "equipo", Kind.TEXT)
        ranks, people = dict[int, Rank](), dict[str, User]()
        for rank, names in {
            Rank.AGENT: ("ana", "leo"),
            Rank.LEAD: ("jefa",),
            Rank.MANAGER: ("gema",),
            Rank.ADMIN: ("rut",),
        }.items():
            role = world.role(
                server.guild, rank.value, Permission.MANAGE_GUILD if rank is Rank.ADMIN else Permission(0)
            )
            ranks[int(role.id)] = rank
            for name in names:
                people[name] = server.person(name)
                world.join(server.guild, people[name], role)
        people["nadie"] = server.person("nadie")
        stage.places = replace(stage.places, ranks=ranks)
        office = Office(stage=stage, people=people, lobby=lobby)
        stage.desk = office.new_desk()
        yield office


@asynccontextmanager
async def at_work(office: Office) -> AsyncIterator[Front]:
    """A process in which the front listens; leave, and it is as if it had been stopped."""
    server = office.stage.server
    async with open_session(login_of(server)) as session, listening(office, session) as front:
        yield front


def login_of(server: DiscordServer) -> Login:
    """As the bot, with the token of the moment."""
    return Login(token=server.state.token, base_url=server.url, timeout_seconds=5, silence_seconds=60)


def front_of(office: Office, session: DiscordSession) -> Front:
    """As a process makes it."""
    stage = office.stage
    return Front(
        session,
        stage.places,
        Deeds(
            casework=office.bench,
            letters=office.letters,
            history=office.store.history,
            zone=MADRID,
            due_in=lambda text, now: due_in(text, now, MADRID),
            show=stage.desk.show,
            on_call=stage.desk.on_call,
        ),
        asked=asked,
        words_of=lambda language: labels(language, MADRID, USUAL_NAMES),
        language=Language.ES,
        now=stage.clock.now,
        commands=Commands(lookups=_lookups(office), asked=asked).install,
        deleted=stage.desk.deleted,
    )


@asynccontextmanager
async def listening(office: Office, session: DiscordSession) -> AsyncIterator[Front]:
    """The front at the gateway of this log-in, until it is lost."""
    front, gateway = front_of(office, session), office.stage.server.gateway
    before = len(gateway.identified)
    staying = asyncio.create_task(front.stay())
    while len(gateway.identified) == before or not session.bot.guilds:
        await asyncio.sleep(0.01)
        if staying.done():
            staying.result()
    try:
        yield front
    finally:
        staying.cancel()
        with suppress(asyncio.CancelledError, ChannelError):
            await staying


def _lookups(office: Office) -> Lookups:
    store = office.store
    return Lookups(
        casework=office.bench,
        history=store.history,
        outbox=store.outbox,
        channels=store.channels,
        reports=store.reports,
        cards=store.cards,
        zone=MADRID,
        reader=Reader(name="modelo@1", degraded=False),
        edition=partial(_edition, office),
        templates=lambda file: _texts(office, file),
        link=office.stage.desk.link,
        refused=lambda: 0,
        paused_elsewhere=lambda: office.stopped,
    )


async def _edition(office: Office, day: date, language: Language) -> str:
    del office
    return f"{language} {day}"


def _texts(office: Office, file: CaseFile) -> list[tuple[str, str]]:
    del file
    return office.texts


def local(moment: datetime) -> str:
    """As people in Madrid read it."""
    return moment.astimezone(MADRID).strftime("%Y-%m-%d %H:%M")
