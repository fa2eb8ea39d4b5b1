"""What is pinned in a room, and that somebody is typing there."""

from __future__ import annotations

import time

from aiohttp import web

from tests.servers.discord import refusals
from tests.servers.discord.refusals import answer
from tests.servers.discord.state import State
from tests.servers.discord.world import Message, Permission, Room, stamp

_MOST = 250


class Pins:
    """The routes of pins; `/pins` is the older address of the same."""

    def __init__(self, state: State) -> None:
        self._state, self._world = state, state.world

    def routes(self) -> list[web.RouteDef]:
        listed, older = "/channels/{channel_id}/messages/pins", "/channels/{channel_id}/pins"
        return [
            web.get(listed, self._listed),
            web.put(f"{listed}/{{message_id}}", self._pin),
            web.delete(f"{listed}/{{message_id}}", self._unpin),
            web.put(f"{older}/{{message_id}}", self._pin),
            web.delete(f"{older}/{{message_id}}", self._unpin),
            web.post("/channels/{channel_id}/typing", self._typing),
        ]

    async def _listed(self, request: web.Request) -> web.Response:
        room = self._state.room(request)
        self._state.demand(room, Permission.READ_MESSAGE_HISTORY)
        rows = [
            {"pinned_at": stamp(message.pinned_at or 0), "message": self._state.eyes.message_shown(message)}
            for message in sorted(_pinned(self._world.history(room)), key=lambda one: -(one.pinned_at or 0))
        ]
        return answer({"items": rows, "has_more": False})

    async def _pin(self, request: web.Request) -> web.Response:
        room = self._pinnable(request)
        message = self._state.message(request, room)
        if message.pinned_at is None and len(_pinned(self._world.history(room))) >= _MOST:
            raise refusals.too_many_pins()
        self._world.touch(message, pinned_at=message.pinned_at or time.time())
        return web.Response(status=204)

    async def _unpin(self, request: web.Request) -> web.Response:
        message = self._state.message(request, self._pinnable(request))
        self._world.touch(message, pinned_at=None)
        return web.Response(status=204)

    async def _typing(self, request: web.Request) -> web.Response:
        self._state.demand(self._state.room(request), Permission.SEND_MESSAGES)
        return web.Response(status=204)

    def _pinnable(self, request: web.Request) -> Room:
        room = self._state.room(request)
        self._state.demand(room, Permission.PIN_MESSAGES)
        if room.archived:
            raise refusals.archived()
        return room


def _pinned(messages: list[Message]) -> list[Message]:
    return [message for message in messages if message.pinned_at is not None]
