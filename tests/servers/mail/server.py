"""A provider of mail on loopback: a brand's mailbox in the real Dovecot, and an SMTP server that keeps what it gets."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import imaplib
import re
import socket
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.contracts.stage import Fault
from tests.servers.mail.dovecot import PASSWORD, dovecot
from tests.servers.mail.wires import IMAP_REFUSALS, SMTP_REFUSALS, Wire, settled, talk_imap, talk_smtp, wire

_BACKSLASH_FLAG = re.compile(rb"\\(\w+)")


def _nothing() -> None:
    """Nothing happens."""


@dataclass
class Taken:
    """A mail that the SMTP server took, with its envelope."""

    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def mail(self) -> EmailMessage:
        parsed = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class MailServer:
    """`address` is the brand's, and its log-in. What people write is put into its mailbox as a server would."""

    address: str
    imap: Wire
    smtp: Wire
    taken: list[Taken] = field(default_factory=list)
    refuse_data: str | None = None
    when_taken: Callable[[], None] = _nothing
    _written: int = 0

    # --- what people write ---

    async def write(self, text: str, *, who: str = "ana", **about: str) -> str:
        """A plain mail; `about` are more headers, `-` in their names written as `_`. Returns its Message-ID."""
        self._written += 1
        name = f"{uuid.uuid4().hex[:8]}.{self._written}@correo.example"
        headers = {
            "From": f"{who.capitalize()} <{who}@correo.example>",
            "To": self.address,
            "Date": format_datetime(datetime.now(UTC)),
            "Message-ID": f"<{name}>",
            **{header.replace("_", "-"): value for header, value in about.items()},
        }
        await self.deliver(letter(text, headers))
        return name

    async def deliver(
        self, *raw: bytes, folder: str = "INBOX", flags: str = "", arrived: datetime | None = None
    ) -> str:
        """Any bytes as a mail. Returns the id of the first one if it has none of its own."""
        await asyncio.to_thread(self._append, raw, folder, flags, arrived)
        return f"sha256:{hashlib.sha256(raw[0]).hexdigest()}"

    # --- what stands in the mailbox ---

    async def standing(self, folder: str = "Sent") -> list[tuple[EmailMessage, set[str]]]:
        """The mails in a folder, with their flags."""
        return await asyncio.to_thread(self._standing, folder)

    async def do(self, *commands: tuple[str, ...]) -> None:
        """IMAP commands on the mailbox, as its owner might give them."""
        await asyncio.to_thread(self._do, commands)

    def _append(self, mails: tuple[bytes, ...], folder: str, flags: str, arrived: datetime | None) -> None:
        client = self._log_in()
        when = imaplib.Time2Internaldate(arrived) if arrived else None
        for raw in mails:
            kind, words = client.append(folder, flags, when, raw)
            assert kind == "OK", words
        client.logout()

    def _standing(self, folder: str) -> list[tuple[EmailMessage, set[str]]]:
        client, found = self._log_in(), []
        client.select(folder, readonly=True)
        for number in client.search(None, "ALL")[1][0].split():
            row = client.fetch(number.decode(), "(FLAGS BODY.PEEK[])")[1][0]
            assert isinstance(row, tuple)
            about, raw = row
            mail = message_from_bytes(raw, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            found.append((mail, {flag.decode() for flag in _BACKSLASH_FLAG.findall(about)}))
        client.logout()
        return found

    def _do(self, commands: tuple[tuple[str, ...], ...]) -> None:
        client = self._log_in()
        for name, *words in commands:
            kind, answer = getattr(client, name)(*words)
            assert kind == "OK", answer
        client.logout()

    def _log_in(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", dovecot().port, timeout=5)
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        words = f"\0{self.address}\0{PASSWORD}".encode()
        client.authenticate("PLAIN", lambda _: words)
        return client

    # --- faults ---

    def fail(self, fault: Fault | None) -> None:
        self.imap.fail(fault)
        self.smtp.fail(fault)

    # --- what aiosmtpd asks of a handler ---

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        del server, session
        if self.refuse_data:
            return self.refuse_data
        assert isinstance(envelope.content, bytes)
        assert envelope.mail_from is not None
        self.when_taken()
        self.taken.append(Taken(envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 OK: taken"

    async def handle_MAIL(  # noqa: N802 - its name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - its name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if address.startswith("nadie@"):
            return "550 5.1.1 The email account that you tried to reach does not exist"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def letter(text: str, headers: dict[str, str]) -> bytes:
    """A mail with this text, whatever is in it, and these headers as they stand."""
    body = base64.encodebytes(text.encode("utf-8", "surrogatepass")).replace(b"\n", b"\r\n")
    kind = {"MIME-Version": "1.0", "Content-Type": "text/plain; charset=utf-8", "Content-Transfer-Encoding": "base64"}
    head = "".join(f"{name}: {value}\r\n" for name, value in {**headers, **kind}.items())
    return head.encode() + b"\r\n" + body


def _may_enter(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    del server, session, envelope, mechanism
    right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=right, handled=False)


@asynccontextmanager
async def mail_server(brand: str = "hola") -> AsyncIterator[MailServer]:
    """A mailbox of its own for each. Skips where Dovecot is not installed."""
    keeper = dovecot()
    address = f"{brand}-{uuid.uuid4().hex[:8]}@zarapito.example"
    taking: list[MailServer] = []
    takers: list[SMTP] = []

    def taker() -> SMTP:
        made = SMTP(
            taking[0],
            hostname="mail.zarapito.example",
            authenticator=_may_enter,
            auth_require_tls=False,
            loop=asyncio.get_running_loop(),
        )
        takers.append(made)
        return made

    server = await asyncio.get_running_loop().create_server(taker, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with (
        wire(keeper.port, talk_imap, frozenset(IMAP_REFUSALS)) as imap,
        wire(port, talk_smtp, frozenset(SMTP_REFUSALS)) as smtp,
    ):
        taking.append(MailServer(address=address, imap=imap, smtp=smtp))
        try:
            yield taking[0]
        finally:
            server.close()
            for one in takers:
                if one.transport is not None:
                    one.transport.close()
            await settled()
