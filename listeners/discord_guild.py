"""A Discord community as a channel: chosen channels with their threads, who mentions the bot, and direct messages.

The gateway tells within the second, and of edits and deletions too. It forgets what happened while nobody was there,
so polling looks back into each room from where it is known: at rooms with something new always, at what was told
before and at rooms where we do not listen after every gap.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Self

import discord
import structlog
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, HttpUrl, SecretStr, model_validator

from bot.domain.account import Ability, Account, OwnVoice
from bot.domain.action import Reply
from bot.domain.errors import ChannelRefused
from bot.domain.mention import Batch, Mention
from bot.domain.outbox import Receipt
from bot.domain.ports.channel import ChannelKind, Surroundings
from listeners.answers import readable
from listeners.discord_account import fact_sheet, may_read_contents
from listeners.discord_answers import LIMIT, Answers
from listeners.discord_history import PAGE, Round
from listeners.discord_memory import Memory
from listeners.discord_place import Place
from listeners.discord_posts import Post, moment_of
from listeners.discord_rooms import Rooms, ask_for_archived_threads, ask_for_rooms
from listeners.discord_session import DiscordSession, Event, Login, borrow_session
from listeners.discord_views import Views
from listeners.discord_wire import OFFICIAL, ContentsHidden, asked_if_there

log = structlog.get_logger(__name__)

# no thread is archived sooner after its last message
_SHORTEST_THREAD_LIFE = timedelta(hours=1)
_EVERYWHERE_EVERY = 300.0

Id = Annotated[str, BeforeValidator(lambda given: str(given) if isinstance(given, int) else given)]
Ids = Annotated[Id, Field(pattern=r"^[0-9]{15,20}$")]


class Settings(BaseModel):
    """`[channels.<name>]` with kind = "discord_guild"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    token: SecretStr
    guild: Ids
    channels: tuple[Annotated[Id, Field(min_length=1, max_length=100)], ...] = ()
    message_content: bool = True
    history: Annotated[int, Field(ge=0, le=1_000)] = 0
    catch_up: Annotated[int, Field(ge=PAGE, le=10_000)] = 1_000
    base_url: HttpUrl = HttpUrl(OFFICIAL)
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 20
    silence_seconds: Annotated[float, Field(gt=0)] = 120

    @model_validator(mode="after")
    def _channels_that_can_be_read(self) -> Self:
        if self.channels and not self.message_content:
            message = "channels needs message_content = true: without it Discord hands over empty messages"
            raise ValueError(message)
        return self

    def ears(self) -> frozenset[tuple[str, ...]]:
        """A bot may be at home in several guilds."""
        return frozenset({(str(self.base_url), self.token.get_secret_value(), self.guild)})

    @property
    def login(self) -> Login:
        return Login(
            token=self.token.get_secret_value(),
            base_url=str(self.base_url),
            timeout_seconds=self.timeout_seconds,
            silence_seconds=self.silence_seconds,
        )

    @property
    def intents(self) -> discord.Intents:
        """What the gateway is asked to tell; only the contents of messages need Discord's leave."""
        return discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=self.message_content)


@dataclass(kw_only=True)
class Heard:
    """What some events of the gateway come to."""

    mentions: list[Mention] = field(default_factory=list)
    edits: list[Mention] = field(default_factory=list)
    deletions: list[str] = field(default_factory=list)

    def batch(self) -> Batch:
        """A live stream has no place of its own: polling fills its gaps."""
        return Batch(
            mentions=tuple(self.mentions), edits=tuple(self.edits), deletions=tuple(self.deletions), cursor=None
        )


class DiscordGuild:
    """A Listener, a Stream and a Voice in one guild."""

    limit = LIMIT
    can_look_up = True

    def __init__(self, name: str, settings: Settings, session: DiscordSession, *, team: tuple[str, ...]) -> None:
        self.channel, self._team = name, frozenset(one.lower().lstrip("@") for one in team)
        self.longest_silence = settings.silence_seconds
        self._settings, self._session = settings, session
        self._rooms = Rooms(settings.channels, closed=session.closed)
        self._memory = Memory()
        self._seeing: Views | None = None
        self._answers = Answers(session, self._views)
        self._complaints: set[str] = set()
        # by the monotonic clock: since when the gateway stands, when polling last looked, and when it looked everywhere
        self._standing: float | None = None
        self._looked: float | None = None
        self._looked_everywhere: float | None = None

    # --- asked ---

    async def poll(self, cursor: str | None) -> Batch:
        """What the rooms hold since the cursor; after a gap also edits, deletions and who meant us elsewhere."""
        began, missed = time.monotonic(), self._has_missed_something()
        bot = await self._session.logged_in()
        await ask_for_rooms(bot.http, self._settings.guild, self._rooms)
        place, doubtful = Place.read(cursor), self._memory.doubtful()
        around = Round(bot.http, self._views(bot), place or self._beginning(), hides=self._check_contents)
        if place is None:
            await around.begin(self._rooms.chosen(), history=self._settings.history)
        else:
            around.place = self._memory.into(place)
            await self._look_again(around, bot, missed=missed)
            await around.pass_by(doubtful, most=self._settings.catch_up)
        self._judge(around.barred)
        batch = around.batch()
        self._memory.forget(batch.deletions)
        self._memory.looked_for(doubtful)
        self._looked = began
        return batch

    def _has_missed_something(self) -> bool:
        """Whether the gateway was away, for however short a time, since polling last looked."""
        return self._standing is None or self._looked is None or self._standing > self._looked

    def _beginning(self) -> Place:
        newest = self._rooms.newest()
        return Place(began=newest, known=newest)

    def _should_look_everywhere(self, *, missed: bool) -> bool:
        """After a gap; while the gateway stays away, not at every look."""
        last = self._looked_everywhere
        return missed and (self._standing is not None or last is None or time.monotonic() - last > _EVERYWHERE_EVERY)

    async def _look_again(self, around: Round, bot: discord.Client, *, missed: bool) -> None:
        most, known_at = self._settings.catch_up, moment_of(around.place.known)
        everywhere = self._should_look_everywhere(missed=missed)
        if everywhere and datetime.now(UTC) - known_at > _SHORTEST_THREAD_LIFE:
            await ask_for_archived_threads(bot.http, self._rooms, since=known_at - _SHORTEST_THREAD_LIFE)
        await around.go_on(self._rooms.chosen(), most=most, missed=missed)
        if everywhere:
            await self._look_everywhere(around, most=most)
        elif not missed:
            around.place = around.place.caught_up(self._rooms.newest())

    async def _look_everywhere(self, around: Round, *, most: int) -> None:
        """Also where something was told and may have been taken back, and where somebody may have meant us."""
        began = time.monotonic()
        await around.see_private_rooms(most=most)
        await around.pass_by(self._no_longer_listed(around.place), most=most)
        elsewhere = self._open_elsewhere(around.place)
        if elsewhere is not None:
            await around.pass_by(elsewhere, most=most)
            around.place = around.place.caught_up(self._rooms.newest())
        self._looked_everywhere = began

    def _no_longer_listed(self, place: Place) -> list[str]:
        """Rooms of which something was told, and that are gone or put away."""
        return [room for room in place.watched if room not in self._rooms and room not in place.private]

    def _open_elsewhere(self, place: Place) -> list[str] | None:
        """Rooms with something new where we may read and do not listen; None until the gateway has told our rights."""
        guild = self._session.bot.get_guild(int(self._settings.guild))
        if self._standing is None or guild is None or guild.me is None:
            return None
        found = []
        for room in self._rooms:
            channel = guild.get_channel_or_thread(int(room.id))
            if (
                channel is None
                or not room.holds_messages
                or self._rooms.is_chosen(room.id)
                or self._rooms.is_closed(room.id)
            ):
                continue
            may = channel.permissions_for(guild.me)
            if may.view_channel and may.read_message_history and room.newest > place.surely_known:
                found.append(room.id)
        return found

    def _judge(self, barred: list[str]) -> None:
        """Say once what cannot be heard; when that is all of it, the channel is down."""
        chosen = [room.id for room in self._rooms.chosen()]
        if chosen and set(chosen) <= set(barred):
            message = (
                "Discord lets the bot read none of the chosen channels; grant it View Channel and Read Message History"
            )
            raise ChannelRefused(message)
        missing = self._rooms.missing()
        if missing and len(missing) == len(self._settings.channels):
            message = f"the guild has none of the chosen channels: {', '.join(missing)}"
            raise ChannelRefused(message)
        complaints = {f"the guild has no channel {lost}" for lost in missing}
        complaints |= {f"Discord does not let the bot read #{self._rooms.name(room)}" for room in barred}
        for complaint in sorted(complaints - self._complaints):
            log.error("a chosen channel is not heard", channel=self.channel, why=complaint)
        self._complaints = complaints

    def _check_contents(self, post: Post) -> None:
        """A message with nothing in it was emptied on its way to us: better no message than that one."""
        if self._settings.message_content and post.is_blank and not may_read_contents(self._session.bot):
            raise ContentsHidden

    # --- told ---

    async def listen(self, cursor: str | None, deliver: Callable[[Batch], Awaitable[None]]) -> None:
        """Deliver what the gateway tells, and an empty batch at each sign of life, until it is lost."""
        del cursor
        try:
            async with self._session.listening() as told:
                async for events in told:
                    heard = Heard()
                    for event in events:
                        await self._hear(event, heard)
                    await deliver(heard.batch())
        finally:
            self._standing = None

    async def _hear(self, event: Event, heard: Heard) -> None:
        match event.name:
            case "READY":
                self._stand()
            case "MESSAGE_CREATE" | "MESSAGE_UPDATE":
                await self._hear_message(event, heard)
            case "MESSAGE_DELETE" | "MESSAGE_DELETE_BULK":
                heard.deletions += self._deleted(event.data)
            case _ if str(event.data.get("guild_id", event.data.get("id"))) == self._settings.guild:
                heard.deletions += self._learn(event)

    def _stand(self) -> None:
        if self._settings.message_content and self._session.hides_contents:
            raise ContentsHidden
        self._standing = time.monotonic()

    def _learn(self, event: Event) -> list[str]:
        """What the guild looks like now; returns messages that went with their room."""
        match event.name:
            case "GUILD_CREATE":
                # after an outage too, in which the guild was away and the gateway was not
                self._stand()
                self._rooms.learn(event.data.get("channels"))
                self._rooms.learn(event.data.get("threads"))
                self._views(self._session.bot).learn_roles(event.data.get("roles"))
            case "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE":
                self._views(self._session.bot).learn_roles([event.data.get("role")])
            case "CHANNEL_CREATE" | "CHANNEL_UPDATE" | "THREAD_CREATE" | "THREAD_UPDATE":
                self._rooms.learn([event.data])
            case "THREAD_LIST_SYNC":
                self._rooms.learn(event.data.get("threads"))
            case "CHANNEL_DELETE" | "THREAD_DELETE":
                room = str(event.data.get("id"))
                self._rooms.forget(room)
                return self._memory.took_away(room)
        return []

    async def _hear_message(self, event: Event, heard: Heard) -> None:
        views = self._views(self._session.bot)
        for post in readable(Post, [event.data]):
            room = post.channel_id
            if room is None or views.is_elsewhere(post):
                continue
            if post.guild_id is not None and room not in self._rooms:
                bot = await self._session.logged_in()
                # one that we may not look at is known by no more than its id
                self._rooms.learn([await asked_if_there(bot.http.get_channel(room)) or {"id": room}])
            private = views.is_private(post, room)
            # an update without a time is a preview that Discord added to a link
            idle = event.name == "MESSAGE_UPDATE" and not post.is_edited
            if idle or not views.hears(post, room, private=private, told=self._memory.knows(post.id, room)):
                continue
            self._check_contents(post)
            mention = views.mention(post, room, private=private)
            (heard.edits if post.is_edited else heard.mentions).append(mention)
            self._memory.told(post.id, room, private=private)

    def _deleted(self, data: dict[str, Any]) -> list[str]:
        """What is gone of what may have been told."""
        room, ids = str(data.get("channel_id")), data.get("ids") or [data.get("id")]
        posts = [str(post) for post in ids]
        heard = self._rooms.is_chosen(room) or room not in self._rooms
        gone = [post for post in posts if heard or self._memory.knows(post, room)]
        self._memory.forget(gone)
        return gone

    # --- answering ---

    async def say(self, reply: Reply, to: Mention, key: str) -> Receipt:
        """Answer under the message."""
        return await self._answers.give(reply, to, key)

    def recall(self, known: Mapping[str, Receipt]) -> None:
        """Other answers of ours that are known, by a former process too."""
        self._answers.recall(known)

    async def said(self, key: str, to: Mention) -> Receipt | None:
        """Look for our own message under it."""
        return await self._answers.find(key, to)

    # --- who we are ---

    async def account(self) -> Account:
        """The fact sheet of this log-in."""
        address = await self._session.address()
        return await fact_sheet(
            await self._session.logged_in(),
            guild=int(self._settings.guild),
            chosen=self._settings.channels,
            wants_contents=self._settings.message_content,
            starts=address.session_start_limit,
            longest=self.limit,
        )

    def _views(self, bot: discord.Client) -> Views:
        """With the eyes of the bot, which is known once it has logged in."""
        if self._seeing is None:
            me = str(bot.user.id) if bot.user else ""
            self._seeing = Views(self.channel, guild=self._settings.guild, me=me, rooms=self._rooms, team=self._team)
        return self._seeing


@asynccontextmanager
async def open_discord_guild(name: str, settings: Settings, surroundings: Surroundings) -> AsyncIterator[DiscordGuild]:
    """Nothing is asked yet, so that Discord may be away when we start."""
    async with borrow_session(settings.login, surroundings.shared) as session:
        session.ask_for(settings.intents)
        yield DiscordGuild(name, settings, session, team=surroundings.team or ())


async def check_discord_guild(name: str, settings: Settings, surroundings: Surroundings) -> Account:
    """Log in, look, leave."""
    async with open_discord_guild(name, settings, surroundings) as channel:
        return await channel.account()


CHANNEL = ChannelKind(
    settings=Settings,
    open=open_discord_guild,
    check=check_discord_guild,
    abilities=frozenset(Ability),
    own_voice=OwnVoice.TEAM,
    ears=Settings.ears,
)
