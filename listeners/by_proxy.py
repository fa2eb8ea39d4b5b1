"""Reach a server by the proxy that the environment names for it, as HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY."""

from __future__ import annotations

from urllib.request import getproxies, proxy_bypass

import aiohttp
from yarl import URL

_SCHEMES = {"ws": "http", "wss": "https"}


async def by_proxy(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """What a session of aiohttp goes through (`middlewares`).

    aiohttp's own `trust_env` also logs in with what ~/.netrc holds for a host, or for any: to a server that is given no
    key, and beside the key that it is given, which aiohttp refuses.
    """
    request.update_proxy(proxy_for(request.url), None, None)
    return await handler(request)


def proxy_for(address: URL) -> URL | None:
    """The proxy, with the log-in that its address may hold; None where one goes straight."""
    named, scheme = getproxies(), _SCHEMES.get(address.scheme, address.scheme)
    told = named.get(scheme) or named.get("all")
    if not told or proxy_bypass(f"{address.host}:{address.port}"):
        return None
    return URL(told if "://" in told else f"http://{told}")
