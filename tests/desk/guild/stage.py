"""A guild on loopback with a desk in it: real discord.py, a real store, and people who can delete and archive."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.desk.guild.answers import boxed
from bot.desk.guild.desk import DiscordDesk
from bot.desk.guild.place import Places
from bot.desk.guild.tags import tag_names
from bot.desk.labels import labels
from bot.domain.action import Route
from bot.domain.agent import Rank
from bot.domain.case import Case
from bot.domain.deskwork import HeldDraft
from bot.domain.mention import Batch, Handle, Mention
from bot.domain.naming import USUAL_NAMES
from bot.domain.outbox import JobId, Ruling, Verdict
from bot.domain.ports.record import CaseFile
from bot.domain.reading import Language, Touchpoint, Urgency
from bot.domain.situation import Decided, Decision, Heard, Situation
from bot.domain.voice import EmployeeVoice
from bot.store.sqlite import SqliteStore
from bot.testing import lived, mention, new_case, reading
from listeners.discord_session import DiscordSession, Login, open_session
from listeners.discord_wire import asked
from tests.servers.discord.server import Call, DiscordServer, discord_server
from tests.servers.discord.world import Kind, Message, Overwrite, Permission, Room

MADRID = ZoneInfo("Europe/Madrid")
ES = labels(Language.ES, MADRID, USUAL_NAMES)
SEND = Ruling(verdict=Verdict.SEND, reason="ok")
_FORBIDDEN = (
    re.compile(r"@(everyone|here)", re.IGNORECASE),
    re.compile(r"<[@#:/]|<a:|<t:|<id:", re.IGNORECASE),
    re.compile(r"discord(app)?\s*\.\s*(gg|gift)", re.IGNORECASE),
)
_TRICKS = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# nothing acts in a box, so people's own words come back in one as they wrote them
_BOXED = re.compile(r"```\n((?!```).)*\n```", re.DOTALL)
_TEXT_INPUT = 4
_OUR_LINK = re.compile(r"\[[^\]]*\]\(https?://[^)\s]*\)")


@dataclass
class Clock:
    """The present, and what a test adds to it."""

    ahead: timedelta = timedelta()

    def now(self, moment: datetime | None = None) -> datetime:
        return (moment or datetime.now(UTC)) + self.ahead


@dataclass
class Papers:
    """What people at the desk have written: what a drawing asks of `Correspondence`."""

    drafts: list[HeldDraft] = field(default_factory=list)
    said: list[EmployeeVoice] = field(default_factory=list)

    async def held(self, limit: int = 25) -> list[HeldDraft]:
        return [draft for draft in self.drafts if draft.job.state == "held"][:limit]

    async def draft(self, job_id: JobId) -> HeldDraft | None:
        return next((draft for draft in self.drafts if draft.job.id == job_id), None)

    async def voices(self, since: datetime, until: datetime) -> list[EmployeeVoice]:
        return [voice for voice in self.said if since <= voice.at < until]

    async def called(self, ids: Collection[str]) -> Mapping[str, str]:
        return {one: {"discord:5": "Maya"}.get(one, one) for one in ids}


@dataclass
class Stage:
    """Everything that a test wants to do and see there."""

    server: DiscordServer
    session: DiscordSession
    store: SqliteStore
    places: Places
    forum: Room
    alerts: Room
    papers: Papers = field(default_factory=Papers)
    clock: Clock = field(default_factory=Clock)
    desk: DiscordDesk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = self.new_desk()

    def new_desk(self) -> DiscordDesk:
        """As after a restart."""
        return DiscordDesk(
            self.session,
            self.places,
            asked=asked,
            cards=self.store.cards,
            history=self.store.history,
            correspondence=self.papers,
            called=self.papers.called,
            words=ES,
            now=self.clock.now,
        )

    # --- what happens in the house ---

    async def hears(self, *posts: Mention, urgency: Urgency = Urgency.LOW) -> list[Case]:
        """Each is about its customer's case, which comes to the desk."""

        def decide(situation: Situation) -> Decision:
            begun = replace(new_case(situation, urgency=urgency), touchpoints=(Touchpoint.DELIVERY,))
            at = situation.mention.posted_at
            case = situation.cases[0].heard_again(at, (), urgency) if situation.cases else begun
            route = Route(desk="casos", reason="r", urgency=urgency)
            return Decision(
                case=case,
                experiences=(lived(situation, Touchpoint.DELIVERY),),
                actions=(Decided(action=route, responder="r", ruling=SEND),),
            )

        await self.store.inbox.accept("test", Batch(mentions=posts, cursor=None), self.clock.now())
        heard = [Heard(mention=post, reading=reading()) for post in posts]
        settled = await self.store.history.settle(heard, decide, lambda moment: moment)
        return [one.case for one in settled if one.case is not None]

    async def posted(self, text: str = "llegó roto", *, who: str = "marta_g", number: str = "1") -> Case:
        """A customer's first words, and their case on the desk."""
        (case,) = await self.hears(a_post(number, text, who))
        await self.desk.post(await self.file(case), f"route:{number}")
        return case

    async def file(self, case: Case) -> CaseFile:
        found = await self.store.history.case_by_id(case.id)
        assert found is not None
        return found

    # --- what people see ---

    def posts(self) -> list[Room]:
        """Those in the forum, oldest first."""
        rooms = self.server.world.rooms.values()
        return sorted((room for room in rooms if room.parent_id == self.forum.id), key=lambda room: int(room.id))

    def told(self, room: Room) -> list[Message]:
        """What stands there, oldest first."""
        return self.server.world.history(room)[::-1]

    def card(self, room: Room) -> dict[str, Any]:
        """The embed of a post's first message."""
        (embed,) = self.told(room)[0].extra["embeds"]
        return dict(embed)

    def writes(self) -> list[Call]:
        """Every call that changed something."""
        return [call for call in self.server.calls if call.method in {"POST", "PATCH", "PUT", "DELETE"}]

    def calm(self) -> None:
        """Forget the calls until now."""
        self.server.calls.clear()

    def refuse(self, room: Room, *what: Permission) -> None:
        """The bot may not do that there any more."""
        room.overwrites.append(Overwrite(target=self.server.bot.id, member=True, deny=_all(what)))


def a_post(number: str, text: str, who: str = "marta_g", **about: Any) -> Mention:
    """By somebody on the test channel."""
    handle = Handle(channel="test", account_id=who, name=who)
    return mention(number, text, author=handle, url=f"https://social.example/{number}", **about)


def assert_harmless(calls: Sequence[Call], *, pings: Callable[[Call], bool] = lambda _: False) -> None:
    """Nobody is called, and nothing that was sent does anything: messages, posts, answers to who pressed, forms."""
    for call in [call for call in calls if call.method in {"POST", "PATCH"} and isinstance(call.body, dict)]:
        told = call.body.get("data") or {} if call.path.endswith("/callback") else call.body
        message = told.get("message", told)
        if {"content", "embeds"} & message.keys():
            allowed = message["allowed_mentions"]
            assert allowed["parse"] == []
            assert not allowed.get("users")
            if pings(call):
                continue
            assert not allowed.get("roles")
        elif not {"components", "choices"} & message.keys():
            continue
        shown = {**message, "name": call.body.get("name", "")}
        for text in _texts(shown):
            assert not _TRICKS.search(text), text
            bare = _OUR_LINK.sub("", _BOXED.sub("", text))
            for form in _FORBIDDEN:
                assert not form.search(bare), (form.pattern, text)
            assert "://" not in bare, text


def _texts(shown: Any) -> list[str]:
    if isinstance(shown, str):
        return [shown]
    if isinstance(shown, dict):
        told = dict(shown)
        if told.get("type") == _TEXT_INPUT:
            # what stands in a field to be changed does nothing there
            told["value"] = boxed(told.get("value") or "")
        return [text for key, value in told.items() if key != "emoji" for text in _texts(value)]
    return [text for value in shown for text in _texts(value)] if isinstance(shown, list) else []


def _all(what: Sequence[Permission]) -> Permission:
    both = Permission(0)
    for each in what:
        both |= each
    return both


@asynccontextmanager
async def a_guild(store: SqliteStore, *, per_minute: int = 60) -> AsyncIterator[Stage]:
    """The desk's channels are there, with the tags; nothing stands in them."""
    async with discord_server() as server:
        server.bots_role.permissions |= Permission.MANAGE_THREADS | Permission.MENTION_EVERYONE
        world, guild = server.world, server.guild
        tags = [
            {"id": world.snowflake(), "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}
            for name in tag_names(ES.desk)
        ]
        forum = world.room(guild, "casos", Kind.FORUM, tags=tags)
        rooms = {name: world.room(guild, name) for name in ("alertas", "aprobaciones", "voz")}
        lead = world.role(guild, "Jefatura", Permission(0))
        world.join(guild, server.person("jefatura"), lead)
        places = Places(
            guild=int(guild.id),
            forum=int(forum.id),
            alerts=int(rooms["alertas"].id),
            approvals=int(rooms["aprobaciones"].id),
            voices=int(rooms["voz"].id),
            digests=int(rooms["alertas"].id),
            ranks={int(lead.id): Rank.LEAD},
            per_minute=per_minute,
        )
        login = Login(token=server.state.token, base_url=server.url, timeout_seconds=5, silence_seconds=60)
        async with open_session(login) as session:
            yield Stage(
                server=server,
                session=session,
                store=store,
                places=places,
                forum=forum,
                alerts=rooms["alertas"],
            )
