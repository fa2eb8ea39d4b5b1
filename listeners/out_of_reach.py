"""Say in words why a server cannot be reached or its answer not be read, where somebody can do something about it."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

import aiohttp

from listeners.whole_answer import TooLarge

_DEEPEST = 10
_NO_WAY = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})
_CUT = (aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, ConnectionResetError, BrokenPipeError)


def in_words(error: BaseException) -> str:
    """What lies behind it; the name of the error where that says nothing to an operator."""
    told = (_told_of(cause) for cause in _causes(error))
    return next((said for said in told if said is not None), type(error).__name__)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(_DEEPEST):
        if error is None:
            return
        yield error
        error = _behind(error)


def _behind(error: BaseException) -> BaseException | None:
    """Kept in an attribute by aiohttp, hidden by httpcore, and with anyio one for each address that was tried."""
    if isinstance(error, BaseExceptionGroup):
        return error.exceptions[0]
    kept = getattr(error, "certificate_error", None) or getattr(error, "os_error", None)
    return kept or error.__cause__ or error.__context__


def _told_of(error: BaseException) -> str | None:  # noqa: PLR0911 - one line a cause
    why = getattr(error, "verify_message", None) or getattr(error, "reason", None)
    match error:
        case TooLarge():
            return str(error)
        case aiohttp.ClientHttpProxyError():
            return f"the proxy of the environment refuses ({error.status}); look at HTTPS_PROXY and NO_PROXY"
        case aiohttp.ClientProxyConnectionError():
            return "the proxy of the environment cannot be reached; look at HTTPS_PROXY and NO_PROXY"
        case ssl.SSLCertVerificationError() if why:
            return f"its certificate is not trusted: {why}"
        case ssl.SSLError() if why:
            return f"no encrypted connection comes about: {why}"
        case socket.gaierror():
            return "no address is found for its name; look at the network and its DNS"
        case OSError() if error.errno == errno.ECONNREFUSED:
            return "nobody listens at its port"
        case OSError() if error.errno in _NO_WAY:
            return "the network knows no way to it"
        case _ if isinstance(error, _CUT):
            return "the connection was cut"
        case _:
            return None
