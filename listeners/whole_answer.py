"""An answer that is read to its end, unless it is larger than anything that we ask for."""

from __future__ import annotations

from collections.abc import AsyncIterable

import aiohttp

LARGEST = 32_000_000
_CHUNK = 65_536


class TooLarge(ValueError):
    """Nobody knows how much more would come."""

    def __init__(self) -> None:
        super().__init__(f"it is larger than {LARGEST // 1_000_000} MB")


class WholeAnswer(aiohttp.ClientResponse):
    """What a session of aiohttp reads (`response_class`), so that no server, and no library, fills our memory."""

    async def read(self) -> bytes:
        """All of it, unpacked; TooLarge once it is more than `LARGEST`."""
        if self._body is None:
            try:
                self._body = await taken_in(self.content.iter_chunked(_CHUNK))
            except BaseException:
                self.close()
                raise
        return await super().read()


async def as_whole(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """The same for a session that a library made itself (`middlewares` of a call)."""
    request.response_class = WholeAnswer
    return await handler(request)


async def taken_in(chunks: AsyncIterable[bytes]) -> bytes:
    """All of them; TooLarge once they are more than `LARGEST`."""
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > LARGEST:
            raise TooLarge
    return bytes(body)
