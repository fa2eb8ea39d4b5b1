"""People on the server: they make rooms, invite, write, edit and take back, as their clients would."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any
from urllib.parse import quote

import aiohttp

from tests.servers.matrix.synapse import DOMAIN, Synapse

Json = dict[str, Any]

_API = "/_matrix/client/v3"


class Refused(Exception):
    """Synapse refused what somebody did."""


class People:
    """Accounts by name. They are made at their first word and stay for all tests; rooms are made anew."""

    def __init__(self, synapse: Synapse, session: aiohttp.ClientSession) -> None:
        self._synapse, self._session = synapse, session
        self._numbers = count(1)

    async def newcomer(self, name: str) -> str:
        """An account that nobody has had before; returns its name."""
        fresh = f"{name}{next(self._synapse.numbers)}"
        await self.token(fresh)
        return fresh

    async def token(self, who: str) -> str:
        if who not in self._synapse.tokens:
            self._synapse.tokens[who] = await self._registered(who)
        return self._synapse.tokens[who]

    async def other_device(self, who: str) -> str:
        """The token of one more log-in."""
        told = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": who}, "password": who}
        return str((await self._asked("POST", f"{_API}/login", told))["access_token"])

    # --- rooms ---

    async def room(self, maker: str, *invited: str, **about: Any) -> str:
        """A room in which `invited` are asked to be."""
        told = {"preset": "private_chat", "invite": [user(one) for one in invited], **about}
        return str((await self._do(maker, "POST", "/createRoom", told))["room_id"])

    async def direct(self, maker: str, other: str, **about: Any) -> str:
        """A room for two."""
        return await self.room(maker, other, preset="trusted_private_chat", is_direct=True, **about)

    async def invite(self, who: str, room: str, other: str) -> None:
        await self._do(who, "POST", f"/rooms/{quote(room)}/invite", {"user_id": user(other)})

    async def join(self, who: str, room: str) -> None:
        await self._do(who, "POST", f"/rooms/{quote(room)}/join", {})

    async def kick(self, who: str, room: str, other: str) -> None:
        await self._do(who, "POST", f"/rooms/{quote(room)}/kick", {"user_id": user(other)})

    async def leave(self, who: str, room: str) -> None:
        await self._do(who, "POST", f"/rooms/{quote(room)}/leave", {})

    async def members(self, who: str, room: str) -> list[str]:
        return list((await self._do(who, "GET", f"/rooms/{quote(room)}/joined_members"))["joined"])

    async def set(self, who: str, room: str, kind: str, content: Json) -> None:
        await self._do(who, "PUT", f"/rooms/{quote(room)}/state/{kind}", content)

    async def set_address(self, who: str, room: str, address: str) -> None:
        """One more, of which the room itself does not tell."""
        await self._do(who, "PUT", f"/directory/room/{quote(address)}", {"room_id": room})

    # --- what is said in them ---

    async def write(self, who: str, room: str, text: str, **about: Any) -> str:
        """A message; returns its event."""
        return await self.send(who, room, {"msgtype": "m.text", "body": text, **about})

    async def send(self, who: str, room: str, content: Json, *, kind: str = "m.room.message") -> str:
        path = f"/rooms/{quote(room)}/send/{kind}/{next(self._numbers)}-{id(self)}"
        return str((await self._do(who, "PUT", path, content))["event_id"])

    async def edit(self, who: str, room: str, event: str, text: str) -> str:
        fresh = {"msgtype": "m.text", "body": text}
        about = {"m.new_content": fresh, "m.relates_to": {"rel_type": "m.replace", "event_id": event}}
        return await self.write(who, room, f"* {text}", **about)

    async def take_back(self, who: str, room: str, event: str) -> None:
        path = f"/rooms/{quote(room)}/redact/{quote(event)}/{next(self._numbers)}-{id(self)}"
        await self._do(who, "PUT", path, {})

    async def said(self, who: str, room: str, by: str) -> list[Json]:
        """What somebody has written in the room and nobody has taken back, oldest first."""
        found: list[Json] = (await self._do(who, "GET", f"/rooms/{quote(room)}/messages?dir=f&limit=1000"))["chunk"]
        written = [one for one in found if one["type"] == "m.room.message" and one["sender"] == user(by)]
        return [one for one in written if one["content"]]

    # --- the wire ---

    async def _do(self, who: str, method: str, path: str, body: Json | None = None) -> Json:
        return await self._asked(method, f"{_API}{path}", body, {"Authorization": f"Bearer {await self.token(who)}"})

    async def _registered(self, who: str) -> str:
        """With the secret that Synapse shares with its administrators."""
        nonce = (await self._asked("GET", "/_synapse/admin/v1/register"))["nonce"]
        told = f"{nonce}\0{who}\0{who}\0notadmin".encode()
        mac = hmac.new(self._synapse.secret.encode(), told, hashlib.sha1).hexdigest()
        account = {"nonce": nonce, "username": who, "password": who, "admin": False, "mac": mac}
        return str((await self._asked("POST", "/_synapse/admin/v1/register", account))["access_token"])

    async def _asked(
        self, method: str, path: str, body: Json | None = None, headers: dict[str, str] | None = None
    ) -> Json:
        url = f"{self._synapse.url}{path}"
        async with self._session.request(method, url, json=body, headers=headers) as response:
            answer: Json = await response.json()
            if response.status != 200:
                message = f"{method} {path}: {response.status} {answer}"
                raise Refused(message)
            return answer


def user(name: str) -> str:
    return f"@{name}:{DOMAIN}"


@asynccontextmanager
async def people_on(synapse: Synapse) -> AsyncIterator[People]:
    async with aiohttp.ClientSession() as session:
        yield People(synapse, session)
