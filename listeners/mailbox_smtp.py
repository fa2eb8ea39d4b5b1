"""The wire to the mail server that sends mails: one at a time, and whether it was taken, refused or is in doubt."""

from __future__ import annotations

import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupported,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable, RateLimited
from bot.domain.text import clean
from listeners.mailbox_imap import Door, Security
from listeners.out_of_reach import in_words

WITHOUT_RESET = 300.0
A_DAYS_LIMIT = 3_600.0
# "too much for now" in the enhanced codes (RFC 3463) and in words; a limit for the day may be said as a refusal
_TOO_MUCH = re.compile(r"\b4\.(?:7\.28|7\.66|5\.3|4\.5)\b|\brate\b|too many|throttl|too fast|\blimit", re.IGNORECASE)
_DAYS_LIMIT = re.compile(r"\b5\.(?:4\.5|7\.3[0-9]?)\b.*limit|daily.{0,40}(?:limit|quota)", re.IGNORECASE)


class InDoubt(ChannelUnavailable):
    """The mail was handed over whole, and then nothing more was heard."""


class Post:
    """An open connection on which the sender and the recipient have been accepted."""

    def __init__(self, smtp: SMTP, host: str) -> None:
        self._smtp, self._host = smtp, host

    async def hand_over(self, mail: bytes) -> None:
        """Sent when it returns, InDoubt when nobody knows, and not sent with any other error."""
        try:
            # a server that has hung up meanwhile was given nothing; asked only then, it would be in doubt
            await self._smtp.noop()
        except (SMTPException, OSError) as error:
            raise as_channel_error(error, self._host) from error
        try:
            await self._smtp.data(mail)
        except SMTPResponseException as error:
            if 400 <= error.code < 600:
                raise as_channel_error(error, self._host) from error
            raise InDoubt(_in_doubt(self._host)) from error
        except (SMTPException, OSError) as error:
            raise InDoubt(_in_doubt(self._host)) from error


@asynccontextmanager
async def connection(door: Door) -> AsyncIterator[SMTP]:
    """Connected and logged in, for as long as the block lasts."""
    smtp = SMTP(
        hostname=door.host,
        port=door.port,
        username=door.username or None,
        password=door.password.get_secret_value() if door.username else None,
        use_tls=door.security is Security.TLS,
        start_tls=door.security is Security.STARTTLS,
        tls_context=door.tls if door.security is not Security.PLAIN else None,
        timeout=door.timeout_seconds,
        local_hostname="[127.0.0.1]",
    )
    try:
        try:
            await smtp.connect()
        except _TROUBLE as error:
            raise as_channel_error(error, door.host) from error
        yield smtp
        with suppress(SMTPException, OSError):
            await smtp.quit()
    finally:
        smtp.close()


@asynccontextmanager
async def post(door: Door, *, sender: str, recipient: str) -> AsyncIterator[Post]:
    """Ready to hand over one mail: everything that can be refused before that has not been."""
    async with connection(door) as smtp:
        try:
            await smtp.mail(sender)
            await smtp.rcpt(recipient)
        except _TROUBLE as error:
            raise as_channel_error(error, door.host) from error
        yield Post(smtp, door.host)


_TROUBLE = (SMTPException, OSError, ValueError)


def as_channel_error(error: Exception, host: str) -> ChannelError:
    """The one place where what the server, the library and the network do becomes one of the three errors."""
    match error:
        case SMTPException() if isinstance(error.__cause__, ssl.SSLCertVerificationError):
            return ChannelRefused(f"the certificate of {host} is not trusted; see ca_file")
        case SMTPTimeoutError() | TimeoutError():
            return ChannelUnavailable(f"{host} did not answer in time")
        case SMTPServerDisconnected():
            return ChannelUnavailable(f"{host} cannot be reached (the connection was cut)")
        case SMTPNotSupported():
            return ChannelRefused(f"{host} cannot do what is needed: {_one_line(error.message)}")
        case SMTPResponseException():
            return _as_said(error, host)
        case _:
            return ChannelUnavailable(f"{host} cannot be reached ({in_words(error)})")


def _as_said(error: SMTPResponseException, host: str) -> ChannelError:
    said = f"{error.code} {_one_line(error.message)}"
    if _DAYS_LIMIT.search(said):
        return RateLimited(A_DAYS_LIMIT)
    if 500 <= error.code < 600:
        return ChannelRefused(f"{host} refuses: {said}")
    if 400 <= error.code < 500 and not isinstance(error, SMTPAuthenticationError) and _TOO_MUCH.search(said):
        return RateLimited(WITHOUT_RESET)
    return ChannelUnavailable(f"{host} is in trouble: {said}")


def _in_doubt(host: str) -> str:
    return f"{host} took the mail and did not say what became of it"


def _one_line(words: str) -> str:
    return clean(" ".join(words.split()), limit=200)
