"""One bot on Discord: one log-in and one gateway, for as many as speak and listen under its name.

discord.py's own `connect` is not used: it resumes without a pause for as long as the server lets it, and closes the
client when it gives up. Here a lost gateway is resumed once, and else lost out loud; who listens decides when to come
again.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.http import Route
from discord.webhook.async_ import async_context
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.domain.errors import ChannelUnavailable, RateLimited
from bot.domain.shared import Shared
from listeners.discord_wire import TROUBLE, Detour, Wire, api_of, as_channel_error, asked

log = structlog.get_logger(__name__)

_GOODBYE_SECONDS = 2.0
_AT_ONCE = 256
_HALF_A_CHARACTER = "\\ud"
_DISALLOWED_INTENTS = 4014


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """As whom and where. Two with the same token and host are the same bot."""

    token: str = field(repr=False)
    base_url: str
    timeout_seconds: float
    silence_seconds: float

    @property
    def key(self) -> tuple[str, str, str]:
        """Under which its session is shared."""
        return ("discord", api_of(self.base_url), self.token)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What the gateway told, as it came; a sign of life has no name."""

    name: str = ""
    data: dict[str, Any] = field(default_factory=dict)


class StartLimit(BaseModel):
    """How often the bot may identify itself until its day is over; beyond that Discord takes its token away."""

    model_config = ConfigDict(extra="ignore")

    total: int = 1000
    remaining: int = 1000
    reset_after: float = 0


class GatewayAddress(BaseModel):
    """Where the gateway is."""

    model_config = ConfigDict(extra="ignore")

    url: str
    session_start_limit: StartLimit = StartLimit()


class Gateway(DiscordWebSocket):
    """discord.py's connection, the same whatever is installed beside it, on which its compression and its JSON hang.

    Nothing is compressed, and half a character, which one of the JSON libraries refuses, does not end it.
    """

    async def send_as_json(self, data: Any) -> None:  # noqa: ANN401 - as discord.py has it
        """Something for the gateway."""
        if data.get("op") == self.IDENTIFY:
            data["d"]["compress"] = False
        await super().send_as_json(data)

    async def received_message(self, msg: Any, /) -> None:  # noqa: ANN401 - as discord.py has it
        """Something from the gateway."""
        await super().received_message(_whole(msg) if isinstance(msg, str) and _HALF_A_CHARACTER in msg else msg)


def _whole(text: str) -> str:
    """JSON in which every character is whole; unreadable as it came, if it is no JSON."""
    with suppress(ValueError):
        return json.dumps(json.loads(text), ensure_ascii=False).encode("utf-8", "replace").decode()
    return text


class Bot(discord.Client):
    """discord.py's client over our wire. It disturbs nobody unless told to, and one odd event does not end it."""

    def __init__(self, login: Login, told: Callable[[Event], None]) -> None:
        # discord.py keeps this very object, and looks into it at each identification
        self._wanted = discord.Intents(guilds=True)
        super().__init__(
            intents=self._wanted,
            allowed_mentions=discord.AllowedMentions.none(),
            heartbeat_timeout=login.silence_seconds / 2,
            max_messages=None,
        )
        self._told = told
        self.wire = Wire(self.loop, base_url=login.base_url, timeout_seconds=login.timeout_seconds)
        self.http = self._connection.http = self.wire
        parsers = self._connection.parsers
        for name, parse in parsers.items():
            parsers[name] = partial(self._take, name, parse)

    def ask_for(self, intents: discord.Intents) -> None:
        """These too, from the next identification on."""
        self._wanted.value |= intents.value

    def do_without(self, intents: discord.Intents) -> None:
        """Not these."""
        self._wanted.value &= ~intents.value

    def calm_down(self) -> None:
        """Forget the event that discord.py still waits to announce."""
        if (waiting := self._connection._ready_task) is not None:  # noqa: SLF001 - it has no other name
            waiting.cancel()

    def _take(self, name: str, parse: Callable[[Any], None], data: Any) -> None:  # noqa: ANN401 - as it came
        self._told(Event(name=name, data=data if isinstance(data, dict) else {}))
        try:
            parse(data)
        except TROUBLE as error:
            if name == "READY":
                raise
            log.warning("an event of Discord cannot be read", kind=name, error=type(error).__name__)


class Ear:
    """One listener at the gateway: all that was told since it last asked. It fails as the gateway fails."""

    def __init__(self, gateway: asyncio.Task[None]) -> None:
        self._gateway = gateway
        self._told: asyncio.Queue[Event | None] = asyncio.Queue()
        gateway.add_done_callback(self._over)

    def tell(self, event: Event) -> None:
        """Something has happened."""
        self._told.put_nowait(event)

    def leave(self) -> None:
        """It does not want to know how the gateway ends."""
        self._gateway.remove_done_callback(self._over)

    def __aiter__(self) -> Ear:
        return self

    async def __anext__(self) -> list[Event]:
        events: list[Event] = []
        while not events or not (self._told.empty() or len(events) == _AT_ONCE):
            event = await self._told.get()
            if event is None and events:
                # first what came before the end
                self._told.put_nowait(None)
                return events
            if event is None:
                self._gateway.result()
                message = "the gateway of Discord has ended"
                raise ChannelUnavailable(message)
            events.append(event)
        return events

    def _over(self, gateway: asyncio.Task[None]) -> None:
        del gateway
        self._told.put_nowait(None)


class DiscordSession:
    """Logs in when it is first needed; is at the gateway for as long as somebody listens.

    `hides_contents` is true once Discord has refused to show what people write, and the others listen on without.
    `closed` are the rooms, by id, in which the house talks to itself: nobody listens there.
    """

    def __init__(self, login: Login) -> None:
        self.hides_contents = False
        self.closed: set[str] = set()
        self._login = login
        self._bot = Bot(login, self._tell)
        self._door = asyncio.Lock()
        self._inside = False
        self._ears: list[Ear] = []
        self._gateway: asyncio.Task[None] | None = None
        self._ready: Event | None = None
        self._caught_up = False
        self._told = 0

    @property
    def bot(self) -> discord.Client:
        """discord.py's client, logged in or not: for commands, views, and what its cache knows."""
        return self._bot

    @property
    def strikes(self) -> int:
        """How many calls Discord refused in the last ten minutes, answers to interactions among them."""
        return self._bot.wire.strikes

    async def logged_in(self) -> discord.Client:
        """The client with its log-in; one of the three channel errors when there is none."""
        async with self._door:
            if not self._inside:
                try:
                    await asked(self._bot.login(self._login.token))
                except BaseException:
                    await self._bot.wire.start_over()
                    raise
                self._inside = True
        return self._bot

    def ask_for(self, intents: discord.Intents) -> None:
        """What a listener wants to be told; before anybody listens, since it holds from the next identification on."""
        self._bot.ask_for(intents)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Ear]:
        """At the gateway, together with whoever is there already. Who comes later is told READY as well.

        Interactions can be answered from what the gateway calls, from here, and from tasks that are begun in here.
        """
        self._answer_at_our_host()
        if self._gateway is None or self._gateway.done():
            self._ready = None
            self._gateway = asyncio.create_task(self._stay(), name="discord gateway")
        ear = Ear(self._gateway)
        self._ears.append(ear)
        if self._ready is not None:
            ear.tell(self._ready)
        try:
            yield ear
        finally:
            self._ears.remove(ear)
            ear.leave()
            if not self._ears:
                # by now it may be another one than that which this ear heard
                self._gateway.cancel()
                await asyncio.gather(self._gateway, return_exceptions=True)

    async def address(self) -> GatewayAddress:
        """Where the gateway is, and how often we may still come to it today."""
        bot = await self.logged_in()
        answer = await asked(bot.http.request(Route("GET", "/gateway/bot")))
        try:
            return GatewayAddress.model_validate(answer)
        except ValidationError as error:
            message = "what Discord sent cannot be read (the address of its gateway)"
            raise ChannelUnavailable(message) from error

    async def close(self) -> None:
        """The end of the log-in."""
        await self._bot.close()

    # --- the gateway ---

    def _tell(self, event: Event) -> None:
        self._told += 1
        if event.name == "READY":
            self._ready = event
        self._caught_up = self._caught_up or event.name in {"READY", "RESUMED"}
        for ear in self._ears:
            ear.tell(event)

    async def _stay(self) -> None:
        """At the gateway until it is lost: then one of the three channel errors."""
        address = await self.address()
        if address.session_start_limit.remaining <= 0:
            raise RateLimited(max(address.session_start_limit.reset_after / 1000, 1.0))
        # inherited by whatever handles an event
        self._answer_at_our_host()
        try:
            await self._follow_with_or_without_contents(yarl.URL(address.url))
        except TROUBLE as error:
            raise as_channel_error(error) from error

    def _answer_at_our_host(self) -> None:
        """For this task and those that come from it: discord.py knows answers to interactions by their context."""
        async_context.set(Detour(self._bot.wire))

    async def _follow_with_or_without_contents(self, address: yarl.URL) -> None:
        try:
            await self._follow(address)
        except discord.ConnectionClosed as closed:
            if closed.code != _DISALLOWED_INTENTS or len(self._ears) < 2:
                raise
            log.error("Discord hides from this bot what people write; the others listen on")  # noqa: TRY400 - no traceback: an operator reads it
            self.hides_contents = True
            self._bot.do_without(discord.Intents(message_content=True))
            await self._follow(address)

    async def _follow(self, address: yarl.URL) -> None:
        gateway = await self._greeted(gateway=address, initial=True)
        try:
            while True:
                told = self._told
                try:
                    await gateway.poll_event()
                except ReconnectWebSocket as cut:
                    gateway = await self._resumed(gateway, cut)
                if told == self._told:
                    self._tell(Event())
        finally:
            await self._hang_up(gateway)

    async def _resumed(self, lost: DiscordWebSocket, cut: ReconnectWebSocket) -> DiscordWebSocket:
        """The same session over a new connection; not if the last one was lost before it had caught up."""
        if not cut.resume or lost.session_id is None or not self._caught_up:
            raise cut
        self._caught_up = False
        return await self._greeted(
            gateway=lost.gateway, session=lost.session_id, sequence=lost.sequence, resume=True, initial=False
        )

    async def _greeted(self, **how: Any) -> DiscordWebSocket:  # noqa: ANN401 - as discord.py has it
        async with asyncio.timeout(self._login.timeout_seconds):
            self._bot.ws = await Gateway.from_client(self._bot, compress=False, **how)
        return self._bot.ws

    async def _hang_up(self, gateway: DiscordWebSocket) -> None:
        """With the code that ends the session; a server that does not answer is not waited for."""
        self._bot.calm_down()
        self._caught_up = False
        with suppress(*TROUBLE):
            async with asyncio.timeout(_GOODBYE_SECONDS):
                await gateway.close(code=1000)


def borrow_session(login: Login, shared: Shared) -> AbstractAsyncContextManager[DiscordSession]:
    """The bot's session: the one that somebody in the house has already, or a new one."""
    return shared.borrow(login.key, partial(open_session, login))


@asynccontextmanager
async def open_session(login: Login) -> AsyncIterator[DiscordSession]:
    """Nothing is asked yet, so that Discord may be away when we start."""
    # at DEBUG it writes down what people said
    logging.getLogger("discord").setLevel(logging.INFO)
    # we have no voice, and need not be warned of it
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    session = DiscordSession(login)
    try:
        yield session
    finally:
        await session.close()
