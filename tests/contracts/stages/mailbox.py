"""A mailbox on stage: the real Dovecot and an SMTP server behind wires that can fail, told of new mails by IDLE."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.domain.errors import ChannelError
from tests.contracts.stage import Fault, Posted, Trick
from tests.servers.mail.dovecot import PASSWORD
from tests.servers.mail.server import MailServer, letter, mail_server


class MailboxStage:
    """A brand's mailbox. Who writes to it addresses the brand."""

    many = 1
    lacks: Mapping[Fault | Trick, str] = {
        Fault.NO_CREDIT: "no mail server asks for money",
        Fault.REPEATED_PAGES: "IMAP has no pages: mails are asked for by number",
        Fault.REORDERED_PAGES: "IMAP has no pages: mails are asked for by number",
        Fault.ENDLESS_PAGES: "IMAP has no pages: mails are asked for by number",
        Trick.PAGES: "IMAP has no pages: mails are asked for by number",
        Trick.GONE_TARGET: "a mail that its author deleted can be answered all the same",
    }
    errors: Mapping[Fault, type[ChannelError]] = {}

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self.accounts = (server.address,)
        self._fault: Fault | None = None

    def table(self) -> dict[str, Any]:
        return {
            "address": self._server.address,
            "name": "Zarapito",
            "password": PASSWORD,
            "imap_host": "127.0.0.1",
            "imap_port": self._server.imap.port,
            "imap_security": "plain",
            "smtp_host": "127.0.0.1",
            "smtp_port": self._server.smtp.port,
            "smtp_security": "plain",
            "idle_seconds": 0.15,
            "timeout_seconds": 20,
        }

    async def write(self, text: str, *, who: str = "ana") -> str:
        if self._fault is Fault.MISSING_FIELDS:
            return await self._server.deliver(letter(text, {"From": f"{who}@correo.example"}))
        if self._fault is Fault.UNKNOWN_FIELDS:
            return await self._server.write(text, who=who, X_Mood="new; level=3", Importance="high")
        return await self._server.write(text, who=who)

    async def write_as_brand(self, text: str) -> str:
        return await self._server.write(text, From=f"Zarapito <{self._server.address}>")

    async def write_as_robot(self, text: str) -> str:
        return await self._server.write(text, who="reloj", Auto_Submitted="auto-generated")

    async def edit(self, post: str, text: str) -> None:
        raise NotImplementedError(post, text)

    async def delete(self, post: str) -> None:
        raise NotImplementedError(post)

    async def posted(self) -> list[Posted]:
        return [
            Posted(
                external_id=one.mail["Message-ID"].strip("<>"),
                text=one.mail.get_content().removesuffix("\n"),
                in_reply_to=one.mail["In-Reply-To"].strip("<>"),
            )
            for one in self._server.taken
        ]

    async def fail(self, fault: Fault) -> None:
        self._fault = fault
        self._server.fail(fault)

    async def mend(self) -> None:
        self._fault = None
        self._server.fail(None)


@asynccontextmanager
async def open_stage(folder: Path) -> AsyncIterator[MailboxStage]:
    """A mailbox of its own on the Dovecot that all tests share."""
    del folder
    async with mail_server() as server:
        yield MailboxStage(server)
