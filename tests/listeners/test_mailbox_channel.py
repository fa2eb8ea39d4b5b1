"""What only a mailbox does: changing numbers, news while idling, threads, copies with a star, two servers that fail."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, suppress
from datetime import UTC, datetime, timedelta
from imaplib import IMAP4
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from bot.domain.action import Reply, ReplyKind
from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable, ConfigError, RateLimited
from bot.domain.mention import Batch, Handle, Mention, Visibility
from bot.domain.ports.channel import Surroundings
from bot.domain.reading import Language
from listeners import mailbox_imap, mailbox_smtp
from listeners.mailbox import CHANNEL
from listeners.mailbox_answers import id_of
from listeners.mailbox_folders import AT_ONCE, LARGEST, keep_copy
from listeners.mailbox_place import Place
from listeners.registry import open_channel
from tests.contracts.stage import Fault
from tests.servers.mail.dovecot import PASSWORD, dovecot
from tests.servers.mail.server import MailServer, letter, mail_server

SOON = 5.0


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as running:
        yield running


class Opener:
    """Opens the channel over the server; polled, unless told otherwise."""

    def __init__(self, server: MailServer, home: Path) -> None:
        self._server = server
        self.surroundings = Surroundings(home=home, accounts=("zarapito",))

    def table(self, **changes: Any) -> dict[str, Any]:
        table = {
            "address": self._server.address,
            "name": "Tienda Zarapito",
            "password": PASSWORD,
            "imap_host": "127.0.0.1",
            "imap_port": self._server.imap.port,
            "imap_security": "plain",
            "smtp_host": "127.0.0.1",
            "smtp_port": self._server.smtp.port,
            "smtp_security": "plain",
            "idle": False,
            "timeout_seconds": 2,
            **changes,
        }
        return {key: value for key, value in table.items() if value is not None}

    def __call__(self, **changes: Any) -> AbstractAsyncContextManager[Any]:
        return open_channel("mail", {"kind": "mailbox", **self.table(**changes)}, self.surroundings)


@pytest.fixture
def opened(server: MailServer, tmp_path: Path) -> Opener:
    return Opener(server, tmp_path)


def answer(to: Mention, text: str = "Gracias, lo miramos", **about: Any) -> Reply:
    return Reply(to=to.id, kind=ReplyKind.ANSWER, text=text, language=Language.ES, **about)


def someone(address: str = "ana@correo.example", **about: Any) -> Mention:
    """A mention that the channel need not have heard itself."""
    fields = {"external_id": "1@correo.example", "text": "hola", "posted_at": datetime.now(UTC), **about}
    return Mention(channel="mail", author=Handle(channel="mail", account_id=address, name=address), **fields)


def texts(batch: Batch) -> list[str]:
    return [mention.text for mention in batch.mentions]


async def started(channel: Any) -> str | None:
    cursor: str | None = (await channel.poll(None)).cursor
    return cursor


async def heard(channel: Any, server: MailServer, text: str = "hola", **about: str) -> Mention:
    """A mail that was written after the start, as a mention."""
    cursor = await started(channel)
    await server.write(text, **about)
    [mention] = (await channel.poll(cursor)).mentions
    assert isinstance(mention, Mention)
    return mention


async def all_heard(opened: AbstractAsyncContextManager[Any], cursor: str | None, number: int) -> list[Mention]:
    """So many mentions since the cursor, asked for or told."""
    told: list[Mention] = []
    enough = asyncio.Event()

    async def deliver(batch: Batch) -> None:
        told.extend(batch.mentions)
        if len(told) >= number:
            enough.set()

    async with opened as channel:
        if hasattr(channel, "poll"):
            await deliver(await channel.poll(cursor))
            return told
        listening = asyncio.create_task(channel.listen(cursor, deliver))
        async with asyncio.timeout(SOON):
            await enough.wait()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    return told


class Ear:
    """Follows an idling mailbox in the background."""

    def __init__(self, channel: Any, cursor: str | None = None) -> None:
        self.texts: list[str] = []
        self.cursor = cursor
        self._listening = asyncio.create_task(channel.listen(cursor, self._deliver))

    async def _deliver(self, batch: Batch) -> None:
        self.texts += texts(batch)
        self.cursor = batch.cursor

    async def until(self, number: int) -> None:
        async with asyncio.timeout(SOON):
            while len(self.texts) < number and not self._listening.done():
                await asyncio.sleep(0.01)
        if self._listening.done():
            self._listening.result()

    async def begun(self) -> None:
        async with asyncio.timeout(SOON):
            while self.cursor is None:
                await asyncio.sleep(0.01)

    async def stop(self) -> None:
        self._listening.cancel()
        with suppress(asyncio.CancelledError):
            await self._listening


# --- hearing ---


async def test_a_mail_is_a_private_word_to_us(server: MailServer, opened: Opener) -> None:
    async with opened() as channel:
        mention = await heard(channel, server, "¿Dónde está?", Subject="Pedido 7")

    assert mention.text == "Pedido 7\n\n¿Dónde está?"
    assert mention.author == Handle(channel="mail", account_id="ana@correo.example", name="Ana")
    assert mention.visibility is Visibility.PRIVATE
    assert mention.summoned
    assert mention.url == f"mid:{mention.external_id}"


async def test_reading_leaves_the_mailbox_as_it_was(server: MailServer, opened: Opener) -> None:
    async with opened() as channel:
        await heard(channel, server)

    assert [flags - {"Recent"} for _, flags in await server.standing("INBOX")] == [set()]


async def test_news_come_by_themselves_and_at_once(server: MailServer, opened: Opener) -> None:
    async with opened(idle=True, idle_seconds=600) as channel:
        ear = Ear(channel)
        await ear.begun()
        for number in range(4):
            # in the middle of idling, and while it begins
            await server.write(f"número {number}")
            await ear.until(number + 1)
            await server.deliver(letter(f"otro {number}", {"From": "luz@correo.example"}))
            await ear.until(number + 1)
        await ear.until(8)
        await ear.stop()

    assert len(ear.texts) == 8


async def test_idling_is_left_at_once(opened: Opener) -> None:
    async with opened(idle=True, idle_seconds=600) as channel:
        ear = Ear(channel)
        await ear.begun()
        await asyncio.sleep(0.2)
        async with asyncio.timeout(0.5):
            await ear.stop()


async def test_each_time_idling_begins_anew_it_is_looked_and_shown_alive(server: MailServer, opened: Opener) -> None:
    looks = 0

    async def deliver(batch: Batch) -> None:
        nonlocal looks
        looks += 1

    async with opened(idle=True, idle_seconds=0.1) as channel:
        with suppress(TimeoutError):
            async with asyncio.timeout(0.7):
                await channel.listen(None, deliver)

    assert looks > 3
    assert server.imap.connections == 1


async def test_asked_or_told_the_place_is_the_same(server: MailServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
    await server.write("uno")
    async with opened(idle=True) as channel:
        ear = Ear(channel, cursor)
        await ear.until(1)
        await ear.stop()
    await server.write("dos")
    async with opened() as channel:
        assert texts(await channel.poll(ear.cursor)) == ["dos"]

    assert ear.texts == ["uno"]


async def test_a_server_that_cannot_tell_is_to_be_asked(server: MailServer, opened: Opener) -> None:
    async with opened(idle=True) as channel:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(IMAPClient, "has_capability", lambda _, name: name == "AUTH=PLAIN")
            with pytest.raises(ConfigError, match="idle = false"):
                await channel.listen(None, lambda _: asyncio.sleep(0))


async def test_history_goes_back_as_far_as_wanted(server: MailServer, opened: Opener) -> None:
    now = datetime.now(UTC)
    for days in (40, 10, 0):
        mail = letter(f"hace {days}", {"From": "ana@correo.example"})
        await server.deliver(mail, arrived=now - timedelta(days=days))
    async with opened() as channel:
        first = await channel.poll(None)
        await server.write("ahora")
        then = await channel.poll(first.cursor)

    assert {mention.text: mention.backfilled for mention in first.mentions} == {"hace 10": True, "hace 0": True}
    assert [(mention.text, mention.backfilled) for mention in then.mentions] == [("ahora", False)]


async def test_without_history_only_what_comes_is_heard(server: MailServer, opened: Opener) -> None:
    await server.write("antes")
    async with opened(history_days=0) as channel:
        first = await channel.poll(None)
        await server.write("después")
        then = await channel.poll(first.cursor)

    assert first.mentions == ()
    assert texts(then) == ["después"]


async def test_more_mails_than_are_read_at_once_are_all_read(server: MailServer, opened: Opener) -> None:
    await server.deliver(*(letter(str(n), {"From": "ana@correo.example"}) for n in range(AT_ONCE + 3)))
    async with opened() as channel:
        first = await channel.poll(None)
        then = await channel.poll(first.cursor)
    async with opened(idle=True) as channel:
        ear = Ear(channel)
        await ear.until(AT_ONCE + 3)
        await ear.stop()

    assert texts(first) + texts(then) == ear.texts == [str(n) for n in range(AT_ONCE + 3)]
    assert all(mention.backfilled for mention in then.mentions)


async def test_when_the_server_numbers_anew_nothing_is_lost_and_history_stays_history(
    server: MailServer, opened: Opener
) -> None:
    old = letter("de hace mucho", {"From": "ana@correo.example", "Message-ID": "<1@correo.example>"})
    await server.do(("create", "Soporte"))
    async with opened(folder="Soporte", history_days=0) as channel:
        cursor = await started(channel)
        await server.deliver(letter("leído", {"From": "luz@correo.example"}), folder="Soporte")
        before = await channel.poll(cursor)
        await server.do(("delete", "Soporte"), ("create", "Soporte"))
        await server.deliver(old, folder="Soporte", arrived=datetime.now(UTC) - timedelta(days=30))
        await server.deliver(letter("nuevo", {"From": "luz@correo.example"}), folder="Soporte")
        after = await channel.poll(before.cursor)
        quiet = await channel.poll(after.cursor)

    assert texts(before) == ["leído"]
    assert [(mention.text, mention.backfilled) for mention in after.mentions] == [("nuevo", False)]
    assert quiet.mentions == ()


async def test_a_cursor_of_another_channel_is_a_first_start(server: MailServer, opened: Opener) -> None:
    await server.write("hola")
    async with opened() as channel:
        for cursor in ("12", '{"began": null}', '{"validity": 1}', "["):
            [mention] = (await channel.poll(cursor)).mentions
            assert mention.backfilled


async def test_another_mailbox_with_the_same_numbering_is_a_first_start(server: MailServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = json.loads(await started(channel) or "")
        # the account before had many more mails, and some servers number every mailbox under 1
        cursor = json.dumps({**cursor, "folder": "INBOX of alte@zarapito.example", "upcoming": 90_000, "began": 80_000})
        await server.write("de antes")
        first = await channel.poll(cursor)
        await server.write("nuevo")
        after = await channel.poll(first.cursor)

    assert [(mention.text, mention.backfilled) for mention in first.mentions] == [("de antes", True)]
    assert [(mention.text, mention.backfilled) for mention in after.mentions] == [("nuevo", False)]


async def test_a_cursor_of_an_earlier_version_still_holds(server: MailServer, opened: Opener) -> None:
    async with opened() as channel:
        kept = json.loads(await started(channel) or "")
        del kept["folder"]
        await server.write("nuevo")
        batch = await channel.poll(json.dumps(kept))

    assert [(mention.text, mention.backfilled) for mention in batch.mentions] == [("nuevo", False)]


async def test_very_many_large_mails_are_not_held_in_memory_together(
    server: MailServer, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("listeners.mailbox_folders.TOGETHER", 200_000)
    async with opened() as channel:
        cursor, looks = await started(channel), list[int]()
        for number in range(35):
            await server.write(f"{number} " + "lámpara " * 2_000)
        while (batch := await channel.poll(cursor)).mentions:
            cursor = batch.cursor
            looks.append(len(batch.mentions))

    assert sum(looks) == 35
    assert max(looks) <= 20


async def test_a_folder_that_is_not_there_is_said(opened: Opener) -> None:
    async with opened(folder="Nada") as channel:
        with pytest.raises(ChannelError, match="Nada"):
            await channel.poll(None)


async def test_of_a_large_mail_the_beginning_is_read(server: MailServer, opened: Opener) -> None:
    head = 'From: ana@correo.example\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n\r\nMira\r\n'
    film = '--x\r\nContent-Type: video/mp4; name="caja.mp4"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    async with opened() as channel:
        cursor = await started(channel)
        await server.deliver((head + film + "AAAA\r\n" * (LARGEST // 4)).encode())
        await server.write("después")
        batch = await channel.poll(cursor)

    assert texts(batch) == ["Mira\n[video: caja.mp4]", "después"]


# --- who is heard ---


async def test_machines_ourselves_and_whom_we_ignore_are_not_heard(server: MailServer, opened: Opener) -> None:
    async with opened(aliases=["ventas@zarapito.example"], ignore=["@spam.example", "luz@correo.example"]) as channel:
        cursor = await started(channel)
        await server.write("fuera", Auto_Submitted="auto-replied")
        await server.write("nuestro", From=f"Zarapito <{server.address}>")
        await server.write("también", From="ventas@zarapito.example")
        await server.write("no", From="x@spam.example")
        await server.write("no", who="luz")
        await server.write("copia", Message_ID=f"<{id_of('k', channel='mail', address=server.address)}>")
        await server.write("sí")
        assert texts(await channel.poll(cursor)) == ["sí"]


async def test_our_own_form_speaks_for_who_filled_it_in(server: MailServer, opened: Opener) -> None:
    async with opened() as channel:
        mention = await heard(channel, server, From=server.address, Reply_To="Luz <luz@correo.example>")

    assert mention.author == Handle(channel="mail", account_id="luz@correo.example", name="Luz")


async def test_a_shared_group_of_ours_passes_people_on(server: MailServer, opened: Opener) -> None:
    group = {
        "Precedence": "list",
        "List-Post": "<https://groups.google.com/a/zarapito.example/group/ayuda/post>, <mailto:ayuda@zarapito.example>",
        "List-Id": "<ayuda.zarapito.example>",
        "List-Unsubscribe": "<mailto:googlegroups-manage+7+unsubscribe@googlegroups.com>",
    }
    renamed = {"From": "'Luz' via Ayuda <ayuda@zarapito.example>", "X-Original-From": "Luz <luz@correo.example>"}
    async with opened(aliases=["ayuda@zarapito.example"]) as channel:
        cursor = await started(channel)
        await server.deliver(
            letter("hola", {"From": "Ana <ana@correo.example>", **group}),
            letter("buenas", {**renamed, **group}),
            letter(
                "oferta", {"From": "a@tienda.example", **group, "List-Unsubscribe": "<https://tienda.example/baja>"}
            ),
            letter("otra lista", {"From": "a@lista.example", "List-Id": "<lista.example>"}),
        )
        mentions = (await channel.poll(cursor)).mentions

    assert [one.author.account_id for one in mentions] == ["ana@correo.example", "luz@correo.example"]


async def test_two_people_without_an_address_are_two_and_cannot_be_answered(server: MailServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        await server.deliver(letter("uno", {"From": "nadie"}), letter("dos", {"Subject": "x"}))
        one, other = (await channel.poll(cursor)).mentions
        with pytest.raises(ChannelRefused, match="names no sender"):
            await channel.say(answer(one), one, "key-1")

    assert one.author != other.author


async def test_an_answer_that_comes_back_is_logged(
    server: MailServer, opened: Opener, capsys: pytest.CaptureFixture[str]
) -> None:
    async with opened() as channel:
        mention = await heard(channel, server)
        receipt = await channel.say(answer(mention), mention, "key-1")
        cursor = await started(channel)
        await server.write(f"no existe\nMessage-ID: <{receipt.external_id}>", Return_Path="<>", In_Reply_To="<x@y>")
        raw = f"From: MAILER-DAEMON@a\r\nReturn-Path: <>\r\n\r\nMessage-ID: <{receipt.external_id}>\r\n"
        await server.deliver(raw.encode())
        assert (await channel.poll(cursor)).mentions == ()

    assert "came back undelivered" in capsys.readouterr().out


# --- answering ---


async def test_an_answer_is_a_mail_in_the_thread_of_its_mail(server: MailServer, opened: Opener) -> None:
    async with opened() as channel:
        mention = await heard(
            channel,
            server,
            Subject="=?utf-8?q?Pedido_n=C2=BA_7?=",
            References="<1@a.example> <2@b.example>",
            In_Reply_To="<2@b.example>",
        )
        receipt = await channel.say(answer(mention, "Sí:\n.\nFrom aquí, ñandú"), mention, "key-1")

    [taken] = server.taken
    mail = taken.mail
    assert (taken.sender, taken.recipients) == (server.address, ["ana@correo.example"])
    assert mail["From"] == f"Tienda Zarapito <{server.address}>"
    assert mail["To"] == "ana@correo.example"
    assert mail["Subject"] == "Re: Pedido nº 7"
    assert mail["Message-ID"] == f"<{receipt.external_id}>"
    assert mail["In-Reply-To"] == f"<{mention.external_id}>"
    assert mail["References"].split() == ["<1@a.example>", "<2@b.example>", f"<{mention.external_id}>"]
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail.get_content().replace("\r", "") == "Sí:\n.\nFrom aquí, ñandú\n"
    assert mail["Date"].datetime - datetime.now(UTC) < timedelta(minutes=1)
    assert mention.thread_id == "1@a.example"


async def test_what_answers_our_answer_is_in_the_same_thread(server: MailServer, opened: Opener) -> None:
    async with opened() as channel:
        mention = await heard(channel, server)
        receipt = await channel.say(answer(mention), mention, "key-1")
        cursor = await started(channel)
        chain = server.taken[0].mail["References"] + f" <{receipt.external_id}>"
        await server.write("perfecto", References=chain, In_Reply_To=f"<{receipt.external_id}>")
        [again] = (await channel.poll(cursor)).mentions

    assert again.conversation == mention.conversation
    assert again.in_reply_to == receipt.external_id


@pytest.mark.parametrize("idle", [False, True])
async def test_what_names_only_the_mail_it_answers_is_in_its_thread(
    server: MailServer, opened: Opener, idle: bool
) -> None:
    """RFC 5322, 3.6.4: a program may leave out References. Our answer and mails of people are looked up."""
    async with opened() as channel:
        mention = await heard(channel, server)
        receipt = await channel.say(answer(mention), mention, "key-1")
        cursor = await started(channel)
    second = await server.write("perfecto", In_Reply_To=f"<{receipt.external_id}>")
    await server.write("y otra cosa", In_Reply_To=f"<{second}>")
    await server.write("sobre lo de otro", In_Reply_To="<nobody@else.example>")
    told = await all_heard(opened(idle=idle), cursor, 3)

    assert [one.conversation for one in told] == [mention.conversation, mention.conversation, "nobody@else.example"]
    assert told[0].in_reply_to == receipt.external_id


async def test_two_mails_that_answer_each_other_are_a_thread_without_an_end(server: MailServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        await server.write("uno", Message_ID="<1@a.example>", In_Reply_To="<2@a.example>")
        await server.write("dos", Message_ID="<2@a.example>", In_Reply_To="<1@a.example>")
        batch = await channel.poll(cursor)

    assert texts(batch) == ["uno", "dos"]


async def test_a_thread_is_looked_up_though_there_is_no_folder_of_sent_mails(
    server: MailServer, opened: Opener
) -> None:
    async with opened(sent_folder="Nada") as channel:
        cursor = await started(channel)
        first = await server.write("uno")
        second = await server.write("dos", In_Reply_To=f"<{first}>")
        await server.write("tres", In_Reply_To=f"<{second}>")
        batch = await channel.poll(cursor)

    assert [mention.conversation for mention in batch.mentions] == [first] * 3


async def test_an_answer_to_a_mail_without_references_keeps_its_thread(server: MailServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        first = await server.write("uno")
        second = await server.write("dos", In_Reply_To=f"<{first}>")
        third = await server.write("tres", In_Reply_To=f"<{second}>")
        [*_, mention] = (await channel.poll(cursor)).mentions
        await channel.say(answer(mention), mention, "key-1")

    assert server.taken[0].mail["References"].split() == [f"<{one}>" for one in (first, second, third)]


async def test_a_text_that_only_a_person_may_send_is_not_marked_as_a_machines(
    server: MailServer, opened: Opener
) -> None:
    async with opened() as channel:
        mention = await heard(channel, server)
        await channel.say(answer(mention, draft_only=True), mention, "key-1")

    assert server.taken[0].mail["Auto-Submitted"] is None


async def test_a_mail_that_has_been_moved_away_is_answered_all_the_same(server: MailServer, opened: Opener) -> None:
    async with opened() as channel:
        await channel.say(answer(someone(thread_id="0@correo.example")), someone(thread_id="0@correo.example"), "key-1")
        nameless = someone(external_id="sha256:00")
        await channel.say(answer(nameless), nameless, "key-2")

    [known, unknown] = [taken.mail for taken in server.taken]
    assert known["Subject"] == "Re: tu mensaje"
    assert known["References"] == "<0@correo.example> <1@correo.example>"
    assert unknown["In-Reply-To"] is unknown["References"] is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": "=?utf-8?q?hola=0D=0ABcc:_otro@correo.example=0D=0A?="},
        {"Subject": "hola\r\n =?utf-8?b?DQpCY2M6IG90cm9AY29ycmVvLmV4YW1wbGU=?="},
        {"From": "=?utf-8?q?Ana=0D=0ABcc=3A_otro?= <ana@correo.example>"},
        {"References": "<1@a.example>\r\n\t<2@a.example>", "Subject": "a\tb"},
        {"Subject": "ñ" * 2_000, "References": " ".join(f"<{n:0240}@a.example>" for n in range(50))},
    ],
    ids=["subject", "folded subject", "name", "folded references", "long"],
)
async def test_nothing_that_a_customer_writes_becomes_a_header(
    server: MailServer, opened: Opener, headers: dict[str, str]
) -> None:
    async with opened() as channel:
        mention = await heard(channel, server, **headers)
        await channel.say(answer(mention, "hola\r\nBcc: otro@correo.example\r\n\r\nhola"), mention, "key-1")

    [taken] = server.taken
    assert taken.recipients == ["ana@correo.example"]
    names = [name.lower() for name in taken.mail.keys()]  # noqa: SIM118 - a mail is no mapping
    assert "bcc" not in names
    assert len(names) == len(set(names))
    head = taken.raw.partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) < 998
    assert taken.mail["References"].split()[-1] == f"<{mention.external_id}>"


@pytest.mark.parametrize("who", ["ana@correo.example\r\nBcc: x", "ana@a>,<b@c", "ana", "a b@c.example", "ñ@c.example"])
async def test_a_mention_from_elsewhere_cannot_write_the_envelope(server: MailServer, opened: Opener, who: str) -> None:
    async with opened() as channel:
        with pytest.raises(ChannelRefused):
            await channel.say(answer(someone(who)), someone(who), "key-1")

    assert server.taken == []


@pytest.mark.parametrize("odd", ['"a\\b"(c){1}%*@[127.0.0.1]', "a%(b)*{1}@c.example"])
async def test_an_id_that_is_odd_and_right_is_answered(server: MailServer, opened: Opener, odd: str) -> None:
    async with opened() as channel:
        mention = await heard(channel, server, Subject="Pedido", Message_ID=f"<{odd}>")
        await channel.say(answer(mention), mention, "key-1")
        again = await heard(channel, server, In_Reply_To=f"<{odd}>")

    assert server.taken[0].mail["Subject"] == "Re: Pedido"
    assert server.taken[0].mail["In-Reply-To"] == f"<{odd}>"
    assert again.conversation == odd


async def test_an_id_from_elsewhere_is_not_put_into_a_header_or_a_command(server: MailServer, opened: Opener) -> None:
    crooked = someone(external_id="1@a>\r\nBcc: x <2@a", thread_id="x\r\ny")
    async with opened() as channel:
        await channel.say(answer(crooked), crooked, "key-1")

    assert server.taken[0].mail["In-Reply-To"] is None
    assert b"Bcc" not in server.taken[0].raw


# --- what was said ---


async def test_a_copy_of_what_was_sent_is_kept_as_read(server: MailServer, opened: Opener) -> None:
    async with opened() as channel:
        mention = await heard(channel, server)
        receipt = await channel.say(answer(mention), mention, "key-1")

    [(copy, flags)] = await server.standing()
    assert copy["Message-ID"] == f"<{receipt.external_id}>"
    assert flags == {"Seen"}


async def test_another_process_does_not_send_it_again(server: MailServer, opened: Opener) -> None:
    async with opened() as channel:
        first = await channel.say(answer(someone()), someone(), "key-1")
    async with opened() as channel:
        again = await channel.say(answer(someone()), someone(), "key-1")

    assert again.external_id == first.external_id
    assert len(server.taken) == 1


async def test_a_copy_with_a_star_is_for_a_person(server: MailServer, opened: Opener) -> None:
    name = id_of("key-1", channel="mail", address=server.address)
    await server.deliver(letter("hola", {"Message-ID": f"<{name}>"}), folder="Sent", flags="(\\Seen \\Flagged)")
    async with opened() as channel:
        for ask in (channel.said("key-1", someone()), channel.say(answer(someone()), someone(), "key-1")):
            with pytest.raises(ChannelRefused, match="carries a star"):
                await ask

    assert server.taken == []


async def test_whoever_is_stopped_while_sending_leaves_a_star(server: MailServer, opened: Opener) -> None:
    server.smtp.fail(Fault.SILENCE)
    server.smtp.silent_after = b"DATA"
    async with opened(timeout_seconds=30) as channel:
        saying = asyncio.create_task(channel.say(answer(someone()), someone(), "key-1"))
        async with asyncio.timeout(SOON):
            while not await server.standing():
                await asyncio.sleep(0.05)
        saying.cancel()
        with suppress(asyncio.CancelledError):
            await saying

    [(_, flags)] = await server.standing()
    assert "Flagged" in flags


async def test_an_answer_that_was_lost_is_taken_as_sent(server: MailServer, opened: Opener) -> None:
    server.smtp.fail(Fault.LOST_ANSWER)
    async with opened() as channel:
        with pytest.raises(ChannelUnavailable, match="did not say what became of it"):
            await channel.say(answer(someone()), someone(), "key-1")

    [(_, flags)] = await server.standing()
    assert flags == {"Seen"}


async def test_a_server_that_hangs_up_before_the_mail_was_handed_over_has_none(
    server: MailServer, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While our copy is put away; not a byte of the mail has left, so it is no doubt."""
    loop = asyncio.get_running_loop()

    def keep(*given: Any) -> Any:
        copy = keep_copy(*given)
        loop.call_soon_threadsafe(server.smtp.fail, Fault.CUT)
        return copy

    monkeypatch.setattr("listeners.mailbox.keep_copy", keep)
    async with opened() as channel:
        with pytest.raises(ChannelError):
            await channel.say(answer(someone()), someone(), "key-1")
        server.smtp.fail(None)

        assert await channel.said("key-1", someone()) is None
    assert server.taken == []


async def test_a_copy_that_a_plain_server_cannot_remove_is_no_answer_either(
    server: MailServer, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without UIDPLUS it stands there marked as deleted until its folder is tidied."""
    able = IMAPClient.has_capability
    monkeypatch.setattr(IMAPClient, "has_capability", lambda self, what: what != "UIDPLUS" and able(self, what))
    server.refuse_data = "451 4.7.1 Greylisted"
    async with opened() as channel:
        with pytest.raises(ChannelUnavailable):
            await channel.say(answer(someone()), someone(), "key-1")

        assert await channel.said("key-1", someone()) is None


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("554 5.7.1 Message rejected as spam", ChannelRefused),
        ("451 4.7.1 Greylisted", ChannelUnavailable),
        ("452 4.5.3 too many recipients", RateLimited),
    ],
)
async def test_what_the_server_refuses_leaves_no_copy(
    server: MailServer, opened: Opener, words: str, error: type[ChannelError]
) -> None:
    server.refuse_data = words
    async with opened() as channel:
        with pytest.raises(error):
            await channel.say(answer(someone()), someone(), "key-1")

        assert await channel.said("key-1", someone()) is None
    assert await server.standing() == []


async def test_an_address_that_does_not_exist_is_refused_before_anything_is_kept(
    server: MailServer, opened: Opener
) -> None:
    async with opened() as channel:
        nobody = someone("nadie@correo.example")
        with pytest.raises(ChannelRefused, match="does not exist"):
            await channel.say(answer(nobody), nobody, "key-1")

    assert await server.standing() == []


async def test_a_mailbox_without_a_way_out_only_listens(server: MailServer, opened: Opener) -> None:
    async with opened(smtp_host=None) as channel:
        mention = await heard(channel, server)
        with pytest.raises(ChannelRefused, match="smtp_host"):
            await channel.say(answer(mention), mention, "key-1")


async def test_copies_go_where_the_owner_wants_them(server: MailServer, opened: Opener) -> None:
    await server.do(("create", "Enviados por el bot".replace(" ", "_")))
    async with opened(sent_folder="Enviados_por_el_bot") as channel:
        await channel.say(answer(someone()), someone(), "key-1")

    assert len(await server.standing("Enviados_por_el_bot")) == 1


async def test_a_mailbox_without_a_folder_for_copies_does_not_send(server: MailServer, opened: Opener) -> None:
    async with opened(sent_folder="Nada") as channel:
        with pytest.raises(ChannelError, match="Nada"):
            await channel.say(answer(someone()), someone(), "key-1")

    assert server.taken == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.RATE_LIMIT_WITHOUT_RESET, RateLimited),
        (Fault.UNAUTHORIZED, ChannelRefused),
        (Fault.FORBIDDEN, ChannelRefused),
        (Fault.SERVER_ERROR, ChannelUnavailable),
        (Fault.TRUNCATED, ChannelUnavailable),
        (Fault.EMPTY, ChannelUnavailable),
        (Fault.WRONG_TYPE, ChannelUnavailable),
        (Fault.HANG, ChannelUnavailable),
        (Fault.CUT, ChannelUnavailable),
    ],
)
async def test_a_fault_of_the_sending_server_alone_is_one_of_the_three_errors_and_keeps_no_copy(
    server: MailServer, opened: Opener, fault: Fault, error: type[ChannelError]
) -> None:
    server.smtp.fail(fault)
    async with opened(timeout_seconds=0.5) as channel:
        with pytest.raises(error) as caught:
            await channel.say(answer(someone()), someone(), "key-1")
        server.smtp.fail(None)
        assert "\n" not in str(caught.value)
        assert await server.standing() == []
        await channel.say(answer(someone()), someone(), "key-1")

    assert len(server.taken) == 1


async def test_a_mail_that_has_left_has_left_whatever_becomes_of_its_copy(server: MailServer, opened: Opener) -> None:
    server.when_taken = lambda: server.imap.fail(Fault.CUT)
    async with opened() as channel:
        receipt = await channel.say(answer(someone()), someone(), "key-1")

    assert server.taken[0].mail["Message-ID"] == f"<{receipt.external_id}>"


# --- servers' words ---


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (LoginError("b'[AUTHENTICATIONFAILED] Invalid credentials (Failure)'"), ChannelRefused),
        (LoginError("LOGIN failed."), ChannelRefused),
        (LoginError("[UNAVAILABLE] Temporary authentication failure."), ChannelUnavailable),
        (LoginError("[ALERT] Too many simultaneous connections. (Failure)"), RateLimited),
        (LoginError("[OVERQUOTA] Account exceeded command or bandwidth limits."), RateLimited),
        (IMAP4.error("select failed: [NONEXISTENT] Unknown Mailbox: Nada"), ChannelRefused),
        (IMAP4.error("select failed: [SERVERBUG] Internal error occurred"), ChannelUnavailable),
        (IMAP4.abort("command: LOGIN => socket error: EOF"), ChannelUnavailable),
        (TimeoutError("timed out"), ChannelUnavailable),
        (ConnectionRefusedError(111, "Connection refused"), ChannelUnavailable),
        (ssl.SSLError("wrong version number"), ChannelUnavailable),
        (UnicodeDecodeError("ascii", b"\xff", 0, 1, "x"), ChannelUnavailable),
    ],
)
def test_what_the_keeping_server_says_is_one_of_the_three_errors(error: Exception, kind: type[ChannelError]) -> None:
    found = mailbox_imap.as_channel_error(error, "imap.example")

    assert type(found) is kind
    assert "b'" not in str(found)


def test_exchange_says_when_to_come_back() -> None:
    said = IMAP4.error("b'Request is throttled. Suggested Backoff Time: 92415 milliseconds'")
    found = mailbox_imap.as_channel_error(said, "outlook.example")

    assert isinstance(found, RateLimited)
    assert round(found.retry_after) == 92


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (aiosmtplib.SMTPAuthenticationError(535, "5.7.8 Username and Password not accepted"), ChannelRefused),
        (aiosmtplib.SMTPAuthenticationError(454, "4.7.0 Too many login attempts"), ChannelUnavailable),
        (aiosmtplib.SMTPRecipientRefused(550, "5.4.5 Daily user sending limit exceeded", "a@b"), RateLimited),
        (aiosmtplib.SMTPRecipientRefused(550, "5.1.1 no such user", "a@b"), ChannelRefused),
        (aiosmtplib.SMTPRecipientRefused(450, "4.2.1 receiving mail at a rate that", "a@b"), RateLimited),
        (aiosmtplib.SMTPSenderRefused(421, "4.3.2 closing down", "a@b"), ChannelUnavailable),
        (aiosmtplib.SMTPSenderRefused(421, "4.7.0 try again\nlater", "a@b"), ChannelUnavailable),
        (aiosmtplib.SMTPConnectError("refused"), ChannelUnavailable),
        (aiosmtplib.SMTPServerDisconnected("gone"), ChannelUnavailable),
        (aiosmtplib.SMTPConnectTimeoutError("slow"), ChannelUnavailable),
        (aiosmtplib.SMTPNotSupported("no AUTH"), ChannelRefused),
    ],
)
def test_what_the_sending_server_says_is_one_of_the_three_errors(error: Exception, kind: type[ChannelError]) -> None:
    found = mailbox_smtp.as_channel_error(error, "smtp.example")

    assert type(found) is kind
    assert "\n" not in str(found)


# --- encryption ---


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_the_connection_is_encrypted_with_a_certificate_that_is_trusted(
    server: MailServer, opened: Opener, security: str
) -> None:
    keeper = dovecot()
    port = keeper.tls_port if security == "tls" else keeper.port
    secure = {"imap_port": port, "imap_security": security, "smtp_host": None}
    async with opened(**secure) as channel:
        with pytest.raises(ChannelRefused, match="is not trusted"):
            await channel.poll(None)
    async with opened(**secure, ca_file=str(keeper.certificate)) as channel:
        mention = await heard(channel, server)
    async with opened(**secure, ca_file=str(keeper.certificate), idle=True, idle_seconds=600) as channel:
        ear = Ear(channel, None)
        await ear.until(1)
        await server.write("al momento")
        await ear.until(2)
        await ear.stop()

    assert mention.text == "hola"
    assert ear.texts == ["hola", "al momento"]


# --- settings and check ---


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"address": "hola"}, "address: this is no mail address"),
        ({"address": "hola@a.example\r\nBcc: x@y.example"}, "address: this is no mail address"),
        ({"name": "Tienda\r\nBcc: x@y.example"}, "name: no line breaks"),
        ({"imap_host": "mail.example"}, 'imap_security = "plain" would send the password to mail.example'),
        ({"smtp_host": "mail.example"}, 'smtp_security = "plain" would send the password to mail.example'),
        ({"ca_file": "/nothing/there.pem"}, "ca_file: /nothing/there.pem cannot be read"),
        ({"ca_file": __file__}, "holds no certificate"),
        ({"idle_seconds": 1_800}, "idle_seconds: "),
    ],
)
def test_a_mistake_in_the_settings_is_one_sentence(opened: Opener, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        opened(**changes)

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert PASSWORD not in str(caught.value)


async def test_a_check_looks_through_both_doors(server: MailServer, opened: Opener) -> None:
    await server.write("hola")
    assert CHANNEL.check is not None
    account = await CHANNEL.check("mail", CHANNEL.settings(**opened.table()), opened.surroundings)
    listening = CHANNEL.settings(**opened.table(smtp_host=None))
    only = await CHANNEL.check("mail", listening, opened.surroundings)

    assert account.identity == server.address
    assert account.rights[1] == "answers by 127.0.0.1, copies in Sent"
    assert account.notes == ("mails in INBOX: 1",)
    assert "cannot answer" in only.rights[1]
    assert server.taken == []


async def test_a_check_finds_a_sending_server_that_refuses_us(server: MailServer, opened: Opener) -> None:
    assert CHANNEL.check is not None
    settings = CHANNEL.settings(**opened.table(smtp_password="falsch"))  # noqa: S106 - that is the point
    with pytest.raises(ChannelRefused, match="535"):
        await CHANNEL.check("mail", settings, opened.surroundings)


def test_a_place_reads_what_it_wrote() -> None:
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    place = Place(folder="INBOX", validity=1, upcoming=2, began=3, started=moment, seen=moment)

    assert Place.read(place.written(), "INBOX") == place
    assert Place.read(place.written(), "Archivo") is None
    anew = place.renumbered(2, 10)
    assert anew.is_history(9, moment - timedelta(days=1))
    assert not anew.is_history(10, moment - timedelta(days=1))
    assert Place.read(anew.written(), "INBOX") == anew


async def test_long_after_the_server_numbered_anew_an_older_mail_that_is_moved_in_is_heard(
    server: MailServer, opened: Opener
) -> None:
    """As from the folder of spam: it keeps its date."""
    await server.do(("create", "Soporte"))
    ana, days_ago = {"From": "ana@correo.example"}, datetime.now(UTC) - timedelta(days=4)
    async with opened(folder="Soporte", history_days=0) as channel:
        cursor = await started(channel)
        await server.deliver(letter("uno", ana), folder="Soporte")
        cursor = (await channel.poll(cursor)).cursor
        await server.do(("delete", "Soporte"), ("create", "Soporte"))
        await server.deliver(letter("dos", ana), folder="Soporte")
        anew = await channel.poll(cursor)
        await server.deliver(letter("rescatado", ana), folder="Soporte", arrived=days_ago)
        later = await channel.poll(anew.cursor)

    assert (texts(anew), texts(later)) == (["dos"], ["rescatado"])
