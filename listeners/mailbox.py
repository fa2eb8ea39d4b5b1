"""A mailbox as a channel: what people write is heard, in its thread and without its quotes, and answered by mail.

A mail server keeps no key with what it sends. So our copy in the folder of sent mails is the record: it is put there
before the mail leaves, with a star on it, and the star goes when the server has said yes. What carries a star after a
crash may have left or not, and is for a person to look at.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Self

import structlog
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from bot.domain.account import Ability, Account, OwnVoice
from bot.domain.action import Reply
from bot.domain.errors import ChannelError, ChannelRefused, ConfigError
from bot.domain.mention import Batch, Mention
from bot.domain.outbox import Receipt
from bot.domain.ports.channel import ChannelKind, Surroundings
from listeners.mailbox_answers import id_of, recipient, referred, written
from listeners.mailbox_folders import (
    Copy,
    Found,
    begun,
    copy_of,
    drop_copy,
    head_of,
    keep_copy,
    look,
    sent_folder,
    settle_copy,
    written_folder,
)
from listeners.mailbox_hearing import Heard, Letters
from listeners.mailbox_imap import Door, Security, Session, session
from listeners.mailbox_letters import ADDRESS, Letter, Person, read
from listeners.mailbox_place import Place
from listeners.mailbox_smtp import InDoubt, connection, post
from listeners.mailbox_threads import first_of
from listeners.outgoing import fit_to_say
from listeners.receipts import Receipts

log = structlog.get_logger(__name__)

LIMIT = 10_000


def _address(text: str) -> str:
    if not ADDRESS.fullmatch(text):
        message = "this is no mail address; write it as name@domain"
        raise ValueError(message)
    return text.lower()


def _one_line(text: str) -> str:
    if not text.isprintable():
        message = "no line breaks or control characters may be in it"
        raise ValueError(message)
    return text


Address = Annotated[str, AfterValidator(_address)]
Line = Annotated[str, AfterValidator(_one_line)]
Port = Annotated[int, Field(ge=1, le=65_535)]


class Settings(BaseModel):
    """`[channels.<name>]` with kind = "mailbox". Without `smtp_host` it listens and cannot answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: Address
    name: Annotated[Line, Field(max_length=100)] = ""
    aliases: tuple[Address, ...] = ()
    username: Line | None = None
    password: SecretStr
    imap_host: Annotated[Line, Field(min_length=1)]
    imap_port: Port = 993
    imap_security: Security = Security.TLS
    smtp_host: Annotated[Line, Field(min_length=1)] | None = None
    smtp_port: Port = 465
    smtp_security: Security = Security.TLS
    smtp_username: Line | None = None
    smtp_password: SecretStr | None = None
    ca_file: Path | None = None
    folder: Annotated[Line, Field(min_length=1)] = "INBOX"
    sent_folder: Annotated[Line, Field(min_length=1)] | None = None
    history_days: Annotated[int, Field(ge=0, le=3_650)] = 14
    ignore: tuple[str, ...] = ()
    idle: bool = True
    idle_seconds: Annotated[float, Field(gt=0, le=1_740)] = 240
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 30

    @model_validator(mode="after")
    def _nothing_in_the_clear(self) -> Self:
        for host, security, key in (
            (self.imap_host, self.imap_security, "imap_security"),
            (self.smtp_host, self.smtp_security, "smtp_security"),
        ):
            if host is not None and security is Security.PLAIN and not _is_here(host):
                message = f'{key} = "plain" would send the password to {host} unencrypted; use "tls" or "starttls"'
                raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _something_to_trust(self) -> Self:
        try:
            if self.ca_file is not None:
                self.trust()
        except ssl.SSLError as error:
            message = f"ca_file: {self.ca_file} holds no certificate; it is a text file with BEGIN CERTIFICATE in it"
            raise ValueError(message) from error
        except OSError as error:
            message = f"ca_file: {self.ca_file} cannot be read ({error.strerror}); it names certificates to trust"
            raise ValueError(message) from error
        return self

    def ears(self) -> frozenset[tuple[str, ...]]:
        """A folder of a mailbox."""
        return frozenset(
            {(self.imap_host.lower(), str(self.imap_port), (self.username or self.address).lower(), self.folder)}
        )

    def trust(self) -> ssl.SSLContext:
        """The certificates that are trusted: the machine's, and the owner's."""
        trusted = ssl.create_default_context()
        if self.ca_file is not None:
            trusted.load_verify_locations(cafile=self.ca_file)
        return trusted

    def doors(self) -> tuple[Door, Door | None]:
        """To the mails that come, and to the mails that go."""
        tls = self.trust()
        username = self.username or self.address
        coming = Door(
            host=self.imap_host,
            port=self.imap_port,
            security=self.imap_security,
            username=username,
            password=self.password,
            timeout_seconds=self.timeout_seconds,
            tls=tls,
        )
        if self.smtp_host is None:
            return coming, None
        going = Door(
            host=self.smtp_host,
            port=self.smtp_port,
            security=self.smtp_security,
            username=username if self.smtp_username is None else self.smtp_username,
            password=self.smtp_password or self.password,
            timeout_seconds=self.timeout_seconds,
            tls=tls,
        )
        return coming, going


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Mailbox:
    """A Voice over one mailbox; how it listens is for those below."""

    limit = LIMIT
    can_look_up = True

    def __init__(self, name: str, settings: Settings) -> None:
        self.channel = name
        self._settings = settings
        self._coming, self._going = settings.doors()
        self._letters = Letters(name, ours=(settings.address, *settings.aliases), ignored=settings.ignore)
        self._place = f"{settings.folder} of {settings.address}"
        self._receipts = Receipts()

    async def say(self, reply: Reply, to: Mention, key: str) -> Receipt:
        """Answer by mail, unless the folder of sent mails shows that this was done."""
        if (receipt := self._receipts.of(key)) is not None:
            return receipt
        if self._going is None:
            message = "this mailbox can only listen: to answer it needs smtp_host"
            raise ChannelRefused(message)
        text, address = fit_to_say(reply.text, self.limit), recipient(to)
        async with session(self._coming) as folders:
            sent = await folders.call(sent_folder, self._settings.sent_folder)
            if copy := await folders.call(copy_of, sent, self._id(key)):
                return self._known(key, copy)
            mail = written(
                reply,
                text,
                to,
                original=await self._original(folders, to),
                sender=Person(address=self._settings.address, name=self._settings.name),
                message_id=self._id(key),
                now=datetime.now(UTC),
            )
            await self._send(folders, self._going, address, mail, key=key, sent=sent)
        return self._remember(key, datetime.now(UTC))

    async def said(self, key: str, to: Mention) -> Receipt | None:
        """Look for our copy."""
        del to
        if (receipt := self._receipts.of(key)) is not None:
            return receipt
        async with session(self._coming) as folders:
            sent = await folders.call(sent_folder, self._settings.sent_folder)
            copy = await folders.call(copy_of, sent, self._id(key))
        return self._known(key, copy) if copy else None

    async def account(self) -> Account:
        """The fact sheet of this log-in."""
        settings = self._settings
        async with session(self._coming) as folders:
            status = await folders.call(lambda client: client.select_folder(settings.folder, readonly=True))
            idles = await folders.call(lambda client: client.has_capability("IDLE"))
            notes = [f"mails in {settings.folder}: {status.get(b'EXISTS', 0)}"]
            if settings.idle and not idles:
                notes.append(_NO_IDLE)
            answers = "cannot answer: that needs smtp_host"
            if self._going is not None:
                sent = await folders.call(sent_folder, settings.sent_folder)
                async with connection(self._going):
                    answers = f"answers by {self._going.host}, copies in {sent}"
        return Account(
            identity=settings.address,
            rights=(f"reads {settings.folder} and changes nothing in it", answers),
            limits=(f"{self.limit:,} characters an answer", "the first megabyte of a mail"),
            notes=tuple(notes),
        )

    async def _found(self, folders: Session, place: Place | None) -> Found:
        history = timedelta(days=self._settings.history_days)
        if place is None:
            first = await folders.call(begun, self._settings.folder, self._place)
            return await folders.call(look, self._settings.folder, first, history)
        return await folders.call(look, self._settings.folder, place, history)

    async def _heard(self, folders: Session, found: Found) -> Batch:
        heard = await asyncio.to_thread(self._letters.heard, found)
        return self._letters.batch(heard, await self._threads(folders, heard), found.place)

    async def _threads(self, folders: Session, heard: Sequence[Heard]) -> dict[str, str]:
        """Where a mail names only the one that it answers (RFC 5322, 3.6.4), the thread is found out from that one."""
        named = {one.letter.only_named for one in heard if one.letter.only_named is not None}
        if not named:
            return {}
        sent = await folders.call(written_folder, self._settings.sent_folder)
        places = [self._settings.folder, *([sent] if sent else [])]
        return {answered: await folders.call(first_of, places, answered) for answered in sorted(named)}

    async def _original(self, folders: Session, to: Mention) -> Letter | None:
        """The mail that is answered, for its subject and its thread, if nobody has moved it away."""
        name = referred(to)
        head = await folders.call(head_of, self._settings.folder, name) if name else None
        return read(head.body, head.arrived) if head else None

    async def _send(  # noqa: PLR0913 - what, to whom, and over which two wires
        self, folders: Session, going: Door, address: str, mail: bytes, *, key: str, sent: str
    ) -> None:
        """Connect, keep a copy, hand over, and take the star off. What the server refuses leaves no copy behind."""
        async with post(going, sender=self._settings.address, recipient=address) as open_post:
            copy = await folders.call(keep_copy, sent, mail, self._id(key))
            try:
                await open_post.hand_over(mail)
            except InDoubt as error:
                # it was handed over whole, so it has left by all that can be known
                log.warning("an answer is taken as sent", channel=self.channel, why=str(error))
                await self._afterwards(folders, settle_copy, copy)
                raise
            except ChannelError:
                await self._afterwards(folders, drop_copy, copy)
                raise
            await self._afterwards(folders, settle_copy, copy)

    async def _afterwards(self, folders: Session, do: Callable[..., None], copy: Copy | None) -> None:
        """The mail is on its way or is not; whatever becomes of the copy changes nothing about that."""
        try:
            if copy is not None:
                await folders.call(do, copy)
        except ChannelError as error:
            log.warning("the copy of an answer keeps its star", channel=self.channel, error=str(error))

    def _known(self, key: str, copy: Copy) -> Receipt:
        if copy.in_doubt:
            message = "nobody can say whether this mail has left: its copy among the sent mails carries a star"
            raise ChannelRefused(message)
        return self._remember(key, copy.at)

    def _id(self, key: str) -> str:
        return id_of(key, channel=self.channel, address=self._settings.address)

    def _remember(self, key: str, at: datetime) -> Receipt:
        return self._receipts.keep(key, Receipt(external_id=self._id(key), at=at))


class PolledMailbox(Mailbox):
    """Asked from time to time."""

    async def poll(self, cursor: str | None) -> Batch:
        """What has come since. After a long absence it takes several looks."""
        async with session(self._coming) as folders:
            found = await self._found(folders, Place.read(cursor, self._place))
            return await self._heard(folders, found)


class IdlingMailbox(Mailbox):
    """Told by the server as soon as a mail comes (RFC 2177), and looked at whenever idling begins anew all the same."""

    def __init__(self, name: str, settings: Settings) -> None:
        super().__init__(name, settings)
        self.longest_silence = settings.idle_seconds + 4 * settings.timeout_seconds

    async def listen(self, cursor: str | None, deliver: Callable[[Batch], Awaitable[None]]) -> None:
        """Deliver what has come since the cursor and then what comes, until the connection is lost."""
        place = Place.read(cursor, self._place)
        async with session(self._coming) as folders:
            if not await folders.call(lambda client: client.has_capability("IDLE")):
                message = f"[channels.{self.channel}] {_NO_IDLE}"
                raise ConfigError(message)
            while True:
                found = await self._found(folders, place)
                place = found.place
                await deliver(await self._heard(folders, found))
                if not (found.more or found.mails):
                    # what came while mails were read is told by a look, and not by idling
                    await folders.idle(self._settings.idle_seconds)


_NO_IDLE = "the server cannot tell of new mails (IDLE): set idle = false, and it is asked every poll_seconds"


@asynccontextmanager
async def open_mailbox(name: str, settings: Settings, surroundings: Surroundings) -> AsyncIterator[Mailbox]:
    """Nothing is asked yet, so that the server may be away when we start."""
    del surroundings
    # at DEBUG it writes mails
    logging.getLogger("imapclient").setLevel(logging.INFO)
    yield (IdlingMailbox if settings.idle else PolledMailbox)(name, settings)


async def check_mailbox(name: str, settings: Settings, surroundings: Surroundings) -> Account:
    """Log in at both doors, look, leave."""
    del surroundings
    return await Mailbox(name, settings).account()


CHANNEL = ChannelKind(
    settings=Settings,
    open=open_mailbox,
    check=check_mailbox,
    abilities=frozenset({Ability.LISTENS, Ability.ANSWERS, Ability.LOOKS_UP}),
    own_voice=OwnVoice.ITSELF,
    ears=Settings.ears,
)
