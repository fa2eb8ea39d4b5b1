"""Discord's gateway: hello, identify, ready, heartbeats, resume, and every event to whom it concerns."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any

from aiohttp import WSMsgType, web

from tests.contracts.stage import Fault
from tests.servers.discord.state import State
from tests.servers.discord.views import Eyes, Json, guild_shown, member_shown, role_shown, room_shown, user_shown
from tests.servers.discord.world import Guild, Happening, Kind, Message, News, Room

Squeeze = Callable[[bytes], bytes]

LONGEST_PAYLOAD = 4096
SENDS_A_MINUTE = 120


class Op(IntEnum):
    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    VOICE_STATE = 4
    RESUME = 6
    RECONNECT = 7
    REQUEST_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Close(IntEnum):
    """Why Discord hangs up."""

    UNKNOWN_ERROR = 4000
    UNKNOWN_OPCODE = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    INVALID_SEQ = 4007
    RATE_LIMITED = 4008
    SESSION_TIMED_OUT = 4009
    INVALID_INTENTS = 4013
    DISALLOWED_INTENTS = 4014


class Intent(IntFlag):
    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12
    MESSAGE_CONTENT = 1 << 15


_KNOWN = sum(1 << bit for bit in (*range(17), 20, 21, 24, 25))
# the flags of an application that was given a privileged intent: after a review, and before one
_PRIVILEGED = {
    Intent.GUILD_PRESENCES: (1 << 12) | (1 << 13),
    Intent.GUILD_MEMBERS: (1 << 14) | (1 << 15),
    Intent.MESSAGE_CONTENT: (1 << 18) | (1 << 19),
}
_OF_MESSAGES = ("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK")


@dataclass(kw_only=True)
class Session:
    """What a bot has been told under one identification; it outlives its connection for a while."""

    id: str
    intents: Intent
    told: list[Json] = field(default_factory=list)
    connection: Connection | None = None
    lost_at: float | None = None

    @property
    def seq(self) -> int:
        return self.told[-1]["s"] if self.told else 0

    def tell(self, event: str, data: object) -> None:
        payload = {"op": Op.DISPATCH, "t": event, "s": self.seq + 1, "d": data}
        self.told.append(payload)
        if self.connection is not None:
            self.connection.send(payload)


@dataclass
class Gateway:
    """All connections and sessions.

    `heartbeat_seconds` is what HELLO says; `resume_seconds` how long a lost session is kept; `identify_seconds` how
    long a bot waits between two identifications; `offer_resume_url` is false on servers that know none.
    """

    state: State
    heartbeat_seconds: float = 41.25
    resume_seconds: float = 120.0
    identify_seconds: float = 0.0
    sessions: dict[str, Session] = field(default_factory=dict)
    connections: set[Connection] = field(default_factory=set)
    identified: list[Json] = field(default_factory=list)
    resumed: list[str] = field(default_factory=list)
    ready_extra: Json = field(default_factory=dict)
    _last_identify: float = 0.0

    # --- what a test does to it ---

    def cut(self) -> None:
        """Every connection is torn, without a word."""
        for connection in tuple(self.connections):
            connection.tear()

    def close(self, code: int) -> None:
        for connection in tuple(self.connections):
            connection.close(code)

    def ask_to_reconnect(self) -> None:
        for connection in tuple(self.connections):
            connection.send({"op": Op.RECONNECT, "d": None})

    def forget(self) -> None:
        """Nothing can be resumed any more."""
        self.sessions.clear()

    def tell_everybody(self, event: str, data: object) -> None:
        """An event of any kind, as it stands."""
        for session in self.sessions.values():
            session.tell(event, data)

    # --- what happens in the world ---

    def hear(self, happening: Happening | News) -> None:
        """Tell each session what it asked for and may see."""
        for session in self.sessions.values():
            if isinstance(happening, News):
                for event, data in self._news(session, happening):
                    session.tell(event, data)
            elif self._concerns(session, happening):
                session.tell(happening.event, self._shown(session, happening))

    def _news(self, session: Session, news: News) -> Iterator[tuple[str, Json]]:
        guild, about, bot = news.guild, news.about, self.state.bot
        of_bot = about is bot
        inside = bot.id in guild.members and (not guild.away or news.event == "GUILD_DELETE")
        if Intent.GUILDS not in session.intents or not (inside or of_bot):
            return
        match news.event:
            case "GUILD_MEMBER_ADD" if of_bot:
                yield "GUILD_CREATE", self._guild(guild, session.intents)
            case "GUILD_MEMBER_REMOVE" if of_bot:
                yield "GUILD_DELETE", {"id": guild.id}
            case "GUILD_MEMBER_ADD" | "GUILD_MEMBER_UPDATE" if of_bot or Intent.GUILD_MEMBERS in session.intents:
                yield news.event, {**member_shown(guild, about), "guild_id": guild.id}
            case "GUILD_MEMBER_REMOVE" if Intent.GUILD_MEMBERS in session.intents:
                yield news.event, {"guild_id": guild.id, "user": user_shown(about)}
            case "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE":
                shown = role_shown(about, list(guild.roles).index(about.id))
                yield news.event, {"guild_id": guild.id, "role": shown}
            case "GUILD_ROLE_DELETE":
                yield news.event, {"guild_id": guild.id, "role_id": about.id}
            case "GUILD_DELETE":
                yield news.event, {"id": guild.id, "unavailable": True}
            case "GUILD_CREATE":
                yield news.event, self._guild(guild, session.intents)
            case _:
                pass

    def _concerns(self, session: Session, happening: Happening) -> bool:
        room, direct = happening.room, happening.room.kind is Kind.DM
        if happening.event in _OF_MESSAGES:
            wanted = Intent.DIRECT_MESSAGES if direct else Intent.GUILD_MESSAGES
            return wanted in session.intents and self._is_seen(room)
        guild = self.state.world.guilds.get(room.guild_id or "")
        inside = guild is not None and self.state.bot.id in guild.members and not guild.away
        if not inside or Intent.GUILDS not in session.intents:
            return False
        gone = happening.event.endswith("_DELETE")
        return not room.kind.is_thread or gone or self._is_seen(room)

    def _is_seen(self, room: Room) -> bool:
        return self.state.world.sees(self.state.bot, room)

    def _shown(self, session: Session, happening: Happening) -> object:
        room, about = happening.room, happening.about
        where = {"channel_id": room.id} | ({"guild_id": room.guild_id} if room.guild_id else {})
        match happening.event:
            case "MESSAGE_CREATE" | "MESSAGE_UPDATE":
                [shown] = self.state.odd([self._message(session, room, about)])
                return shown
            case "MESSAGE_DELETE":
                return {"id": about, **where}
            case "MESSAGE_DELETE_BULK":
                return {"ids": about, **where}
            case "THREAD_DELETE":
                return {"id": room.id, "guild_id": room.guild_id, "parent_id": room.parent_id, "type": room.kind.value}
            case "THREAD_CREATE":
                return {**room_shown(self.state.world, room), "newly_created": True}
            case _:
                return room_shown(self.state.world, room)

    def _message(self, session: Session, room: Room, message: Message) -> Json:
        world = self.state.world
        contents = Intent.MESSAGE_CONTENT in session.intents
        eyes = Eyes(world=world, viewer=self.state.bot, contents=contents)
        shown = eyes.message_shown(message, nonce=True)
        guild, author = world.guilds.get(room.guild_id or ""), world.users.get(message.author_id)
        if guild is None:
            return shown
        shown["guild_id"] = guild.id
        if author is not None and author.id in guild.members and not message.webhook_id:
            shown["member"] = member_shown(guild, author, whole=False)
        return shown

    # --- identification ---

    def identify(self, connection: Connection, data: Json) -> None:
        intents = Intent(data.get("intents", 0))
        self.identified.append(data)
        if data.get("token") != self.state.token:
            connection.close(Close.AUTHENTICATION_FAILED)
        elif intents & ~_KNOWN:
            connection.close(Close.INVALID_INTENTS)
        elif any(one in intents and not self.state.flags & flags for one, flags in _PRIVILEGED.items()):
            connection.close(Close.DISALLOWED_INTENTS)
        elif time.monotonic() - self._last_identify < self.identify_seconds:
            connection.send({"op": Op.INVALID_SESSION, "d": False})
        else:
            self._last_identify = time.monotonic()
            self.state.identifies_left -= 1
            self._begin(connection, intents)

    def _begin(self, connection: Connection, intents: Intent) -> None:
        session = Session(id=secrets.token_hex(16), intents=intents, connection=connection)
        self.sessions[session.id] = session
        connection.session = session
        guilds = [guild for guild in self.state.world.guilds.values() if self.state.bot.id in guild.members]
        session.tell("READY", self._ready(session, guilds))
        if Intent.GUILDS in intents:
            for guild in guilds:
                if not guild.away:
                    session.tell("GUILD_CREATE", self._guild(guild, intents))

    def _ready(self, session: Session, guilds: list[Guild]) -> Json:
        return {
            "v": 10,
            "user": {**user_shown(self.state.bot), "mfa_enabled": True, "verified": True, "email": None},
            "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.state.url.replace("http", "ws", 1),
            "application": {"id": self.state.bot.id, "flags": self.state.flags},
            **self.ready_extra,
        }

    def _guild(self, guild: Guild, intents: Intent) -> Json:
        world, bot = self.state.world, self.state.bot
        rooms = [room for room in world.rooms.values() if room.guild_id == guild.id]
        threads = [room for room in rooms if room.kind.is_thread and not room.archived and self._is_seen(room)]
        seen = list(guild.members) if Intent.GUILD_MEMBERS in intents else [bot.id]
        return {
            **guild_shown(guild),
            "unavailable": False,
            "large": False,
            "joined_at": "2024-01-01T00:00:00.000000+00:00",
            "member_count": len(guild.members),
            "members": [member_shown(guild, world.users[one]) for one in seen],
            "channels": [room_shown(world, room) for room in rooms if not room.kind.is_thread],
            "threads": [room_shown(world, room) for room in threads],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def resume(self, connection: Connection, data: Json) -> None:
        session = self.sessions.get(str(data.get("session_id")))
        if data.get("token") != self.state.token:
            connection.close(Close.AUTHENTICATION_FAILED)
        elif session is None or self._has_expired(session):
            self.sessions.pop(str(data.get("session_id")), None)
            connection.send({"op": Op.INVALID_SESSION, "d": False})
        elif not 0 <= (seq := data.get("seq") or 0) <= session.seq:
            connection.close(Close.INVALID_SEQ)
        else:
            self.resumed.append(session.id)
            connection.session, session.connection, session.lost_at = session, connection, None
            for payload in session.told[seq:]:
                connection.send(payload)
            session.tell("RESUMED", {})

    def _has_expired(self, session: Session) -> bool:
        return session.lost_at is not None and time.monotonic() - session.lost_at > self.resume_seconds

    # --- one connection ---

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        connection = Connection(self, request, socket, squeeze=squeezer(request.query.get("compress")))
        self.connections.add(connection)
        writing = asyncio.create_task(connection.write())
        try:
            connection.send({"op": Op.HELLO, "d": {"heartbeat_interval": int(self.heartbeat_seconds * 1000)}})
            await connection.read()
        finally:
            self.connections.discard(connection)
            self._lose(connection)
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
        return socket

    def _lose(self, connection: Connection) -> None:
        """A bot that says goodbye with 1000 or 1001 has ended its session; any other can come back."""
        session = connection.session
        if session is None or session.connection is not connection:
            return
        session.connection, session.lost_at = None, time.monotonic()
        if connection.socket.close_code in {1000, 1001} and not connection.hung_up:
            self.sessions.pop(session.id, None)


def squeezer(wanted: str | None) -> Squeeze | None:
    """The transport compression that a bot asks for: one context for the whole connection. zstd is not spoken here."""
    if wanted != "zlib-stream":
        return None
    deflate = zlib.compressobj()
    return lambda text: deflate.compress(text) + deflate.flush(zlib.Z_SYNC_FLUSH)


class Connection:
    """One websocket, its compression, and the session that it carries."""

    def __init__(
        self, gateway: Gateway, request: web.Request, socket: web.WebSocketResponse, *, squeeze: Squeeze | None
    ) -> None:
        self.socket, self.session = socket, None
        self.hung_up = False
        self._gateway, self._request = gateway, request
        self._squeeze = squeeze
        self._outgoing: asyncio.Queue[Json | int] = asyncio.Queue()
        self._sent_by_bot: list[float] = []

    session: Session | None

    def send(self, payload: Json) -> None:
        self._outgoing.put_nowait(payload)

    def close(self, code: int) -> None:
        self._outgoing.put_nowait(int(code))

    def tear(self) -> None:
        if self._request.transport is not None:
            self._request.transport.abort()

    async def write(self) -> None:
        """What is to be sent, in order; nothing at all while the server is silent."""
        while True:
            payload = await self._outgoing.get()
            if self._gateway.state.fault is Fault.SILENCE:
                continue
            try:
                if isinstance(payload, int):
                    self.hung_up = True
                    await self.socket.close(code=payload)
                    return
                await self._send(json.dumps(payload).encode())
            except ConnectionError:
                return

    async def _send(self, text: bytes) -> None:
        if self._squeeze is None:
            await self.socket.send_str(text.decode())
        else:
            await self.socket.send_bytes(self._squeeze(text))

    async def read(self) -> None:
        """Until the bot goes, or has been still for two heartbeats."""
        while True:
            try:
                message = await self.socket.receive(timeout=self._gateway.heartbeat_seconds * 2 + 1)
            except TimeoutError:
                self.close(Close.SESSION_TIMED_OUT)
                return
            if message.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
                return
            for code in self._taken(message.data):
                self.close(code)

    def _taken(self, raw: Any) -> Iterator[Close]:
        """What the bot sends; yields why to hang up, if so."""
        text = raw if isinstance(raw, str) else raw.decode()
        if self._is_flooding():
            yield Close.RATE_LIMITED
            return
        try:
            payload = json.loads(text)
            op, data = payload["op"], payload.get("d")
        except (KeyError, TypeError, ValueError):
            yield Close.DECODE_ERROR
            return
        if len(text.encode()) > LONGEST_PAYLOAD:
            yield Close.DECODE_ERROR
        elif op not in list(Op):
            yield Close.UNKNOWN_OPCODE
        else:
            yield from self._done(Op(op), data)

    def _done(self, op: Op, data: Any) -> Iterator[Close]:
        match op:
            case Op.HEARTBEAT:
                self.send({"op": Op.HEARTBEAT_ACK})
            case Op.IDENTIFY if self.session is None:
                self._gateway.identify(self, data)
            case Op.RESUME if self.session is None:
                self._gateway.resume(self, data)
            case Op.IDENTIFY | Op.RESUME:
                yield Close.ALREADY_AUTHENTICATED
            case Op.PRESENCE | Op.VOICE_STATE | Op.REQUEST_MEMBERS if self.session is not None:
                pass
            case Op.PRESENCE | Op.VOICE_STATE | Op.REQUEST_MEMBERS:
                yield Close.NOT_AUTHENTICATED
            case _:
                yield Close.UNKNOWN_OPCODE

    def _is_flooding(self) -> bool:
        now = time.monotonic()
        self._sent_by_bot = [*(at for at in self._sent_by_bot if now - at < 60), now]
        # heartbeats count too; a test with a fast heart is no flood
        return len(self._sent_by_bot) > SENDS_A_MINUTE + 60 / self._gateway.heartbeat_seconds
