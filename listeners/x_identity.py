"""Who we are on X: the account whose keys these are, or, with the app's token alone, the one that is named."""

from __future__ import annotations

import asyncio
from functools import partial

from tweepy.asynchronous import AsyncClient

from bot.domain.errors import ChannelRefused
from bot.domain.ports.channel import Meter
from listeners.x_posts import Found, Person, read
from listeners.x_wire import asked


class Identity:
    """`named` is a username, or empty; `has_keys` says whether the log-in tells by itself whose it is."""

    def __init__(self, client: AsyncClient, *, named: str, has_keys: bool, meter: Meter) -> None:
        self._client, self._named, self._has_keys, self._meter = client, named, has_keys, meter
        self._known: Person | None = None
        self._asking = asyncio.Lock()

    async def known(self) -> Person:
        """The brand's account, asked for once, whoever wants it first: each asking is charged."""
        async with self._asking:
            if self._known is None:
                self._known = await self._who()
            return self._known

    async def _who(self) -> Person:
        if not self._has_keys and not self._named:
            message = "X does not know whose mentions to read: set account, or name it in brand.accounts"
            raise ChannelRefused(message)
        by_name = partial(self._client.get_user, username=self._named)
        ask = partial(self._client.get_me, user_auth=False) if self._has_keys else by_name
        found = read(Found, await asked(ask()))
        await self._meter.spend("user")
        if found.data is None:
            why = found.errors[0].detail if found.errors else "it says no more"
            message = f"X knows no account {self._named or 'behind these keys'}: {why}"
            raise ChannelRefused(message)
        return found.data
