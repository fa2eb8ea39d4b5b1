"""The wire to the Bot API: one call, how long it may take, and everything that goes wrong as one of three errors."""

from __future__ import annotations

from collections.abc import Mapping
from json import loads
from urllib.parse import quote

import aiohttp
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable, RateLimited
from bot.domain.text import clean
from listeners.by_proxy import by_proxy
from listeners.come_back import bounded
from listeners.out_of_reach import in_words
from listeners.whole_answer import WholeAnswer

# Telegram says how long with every 429; this is for a proxy that does not
WITHOUT_RETRY_AFTER = 30.0
_PASSING = frozenset({408, 425})


class Hint(BaseModel):
    """What Telegram adds to a refusal so that a program can go on."""

    model_config = ConfigDict(extra="ignore")

    retry_after: float | None = None
    migrate_to_chat_id: int | None = None


class Answer(BaseModel):
    """The envelope of every answer."""

    model_config = ConfigDict(extra="ignore")

    ok: bool
    result: object = None
    error_code: int | None = None
    description: str = ""
    parameters: Hint = Hint()


class TelegramAnswered(Exception):
    """Telegram answered with something else than what was asked for."""

    def __init__(self, status: int, detail: str, hint: Hint | None = None) -> None:
        super().__init__(f"{status} {detail}")
        self.status, self.detail, self.hint = status, detail, hint or Hint()


class GroupMoved(ChannelRefused):
    """The group has grown into a supergroup, whose id is `to`; nothing was done."""

    def __init__(self, why: str, *, to: int) -> None:
        super().__init__(why)
        self.to = to


class Wire:
    """HTTP to the Bot API, as one bot."""

    def __init__(self, base_url: str, *, token: str, timeout_seconds: float) -> None:
        self._base, self._token = f"{base_url.rstrip('/')}/bot{token}", token
        self._timeout = timeout_seconds
        self._session = aiohttp.ClientSession(response_class=WholeAnswer, middlewares=(by_proxy,))

    async def close(self) -> None:
        await self._session.close()

    async def call(self, method: str, parameters: Mapping[str, object] | None = None, *, wait: float = 0) -> object:
        """The result of one call, or one of the three channel errors. For `wait` seconds Telegram may be silent."""
        timeout = aiohttp.ClientTimeout(total=wait + self._timeout)
        try:
            async with self._session.post(
                f"{self._base}/{method}", json=parameters or {}, timeout=timeout, allow_redirects=False
            ) as response:
                return self._result(response.status, await response.read())
        except (TelegramAnswered, aiohttp.ClientError, OSError, ValueError, RecursionError) as error:
            # aiohttp's errors may show the address, and the token is in it: what caused this is not shown
            raise as_channel_error(error) from None

    def _result(self, status: int, content: bytes) -> object:
        """What was asked for; TelegramAnswered when it is something else."""
        try:
            answer = Answer.model_validate(loads(content))
        except (ValueError, ValidationError, RecursionError):
            if status == 200:
                raise
            raise TelegramAnswered(status, "no reason given") from None
        if status == 200 and answer.ok:
            return answer.result
        # who answers in Telegram's place may repeat the address, before and after it was encoded
        said = answer.description.replace(self._token, "…").replace(quote(self._token, safe=""), "…")
        why = clean(" ".join(said.split()), limit=200) or "no reason given"
        raise TelegramAnswered(answer.error_code or status, why, answer.parameters)


def as_channel_error(error: Exception) -> ChannelError:
    """The one place where what Telegram and the network do becomes one of the three errors."""
    match error:
        case TelegramAnswered():
            return _as_said(error)
        case TimeoutError():
            return ChannelUnavailable("Telegram did not answer in time")
        case aiohttp.ClientError() | OSError():
            return ChannelUnavailable(f"Telegram cannot be reached ({in_words(error)})")
        case _:
            return ChannelUnavailable(f"Telegram's answer cannot be read ({in_words(error)})")


def _as_said(answer: TelegramAnswered) -> ChannelError:
    match answer.status:
        case 429:
            return RateLimited(bounded(answer.hint.retry_after) or WITHOUT_RETRY_AFTER)
        case 401 | 404:
            return ChannelRefused(f"Telegram does not know this bot's token ({answer.status}): {answer.detail}")
        case 409:
            return _conflict(answer.detail)
        case status if 300 <= status < 400:
            return ChannelRefused(f"Telegram is elsewhere ({status}): set base_url to where the Bot API is")
        case status if 400 <= status < 500 and status not in _PASSING:
            return _refusal(answer)
        case status:
            return ChannelUnavailable(f"Telegram is in trouble ({status}): {answer.detail}")


def _refusal(answer: TelegramAnswered) -> ChannelRefused:
    moved = answer.hint.migrate_to_chat_id
    why = f"Telegram refuses ({answer.status}): {answer.detail}"
    return ChannelRefused(why) if moved is None else GroupMoved(why, to=moved)


def _conflict(detail: str) -> ChannelError:
    """Two read the same bot. A webhook stays until somebody deletes it; another program may go, or be our own past."""
    if "webhook" in detail.lower():
        return ChannelRefused(
            "Telegram sends this bot's messages to a webhook: give this channel a bot of its own, "
            "or have the webhook deleted (deleteWebhook)"
        )
    return ChannelUnavailable("another program is reading this bot's messages (409): let only one of them run")
