"""What only Matrix does: rooms and who is addressed there, threads, invitations, edits by anybody, closed rooms."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.domain.action import Reply, ReplyKind
from bot.domain.errors import ChannelRefused, ChannelUnavailable, ConfigError
from bot.domain.mention import Batch, Mention, Visibility
from bot.domain.ports.channel import Surroundings
from bot.domain.reading import Language
from listeners.matrix import CHANNEL, LIMIT, Matrix
from listeners.matrix_events import Content, Event, place_of
from listeners.matrix_place import Place
from listeners.matrix_views import Room, Views
from listeners.matrix_wire import seconds_to_wait
from listeners.registry import open_channel
from tests.contracts.stage import Fault
from tests.servers.matrix.gate import MatrixServer, matrix_server, refusal
from tests.servers.matrix.people import People, user
from tests.servers.matrix.synapse import DOMAIN

ENOUGH = 5.0
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SHOP = "tienda"
SEALING = {"algorithm": "m.megolm.v1.aes-sha2"}
ENCRYPTED = {"type": "m.room.encryption", "state_key": "", "content": SEALING}


@pytest.fixture
async def server() -> AsyncIterator[MatrixServer]:
    async with matrix_server() as running:
        yield running


@pytest.fixture
def people(server: MatrixServer) -> People:
    return server.people


class Opener:
    """Opens the channel over the server."""

    def __init__(self, server: MatrixServer) -> None:
        self._server = server

    def __call__(self, **changes: Any) -> AbstractAsyncContextManager[Any]:
        table = {"kind": "matrix", "base_url": self._server.url, "access_token": self._server.token, "wait_seconds": 2}
        return open_channel("matrix", {**table, **changes}, Surroundings(home=Path(), accounts=(f"@{SHOP}",)))


@pytest.fixture
def opened(server: MatrixServer) -> Opener:
    return Opener(server)


class _Stop(Exception):
    """Far enough."""


class Book:
    """Keeps what is delivered, as a store would."""

    def __init__(self, cursor: str | None = None) -> None:
        self.batches: list[Batch] = []
        self.cursor = cursor

    async def keep(self, batch: Batch) -> None:
        self.batches.append(batch)
        self.cursor = batch.cursor or self.cursor

    @property
    def mentions(self) -> list[Mention]:
        return [mention for batch in self.batches for mention in batch.mentions]

    @property
    def edits(self) -> list[Mention]:
        return [mention for batch in self.batches for mention in batch.edits]

    @property
    def deletions(self) -> list[str]:
        return [post for batch in self.batches for post in batch.deletions]

    async def begin(self, channel: Matrix) -> None:
        """The first start, so that what comes is no history."""

        async def once(batch: Batch) -> None:
            await self.keep(batch)
            raise _Stop

        with suppress(_Stop):
            await channel.listen(self.cursor, once)

    async def listen(self, channel: Matrix, enough: int = 1, *, last: str = "") -> None:
        """Until so much was heard, or until these were the words of one."""
        task = asyncio.create_task(channel.listen(self.cursor, self.keep))
        async with asyncio.timeout(ENOUGH):
            while not task.done() and not (self._heard(last) if last else self._count() >= enough):
                await asyncio.sleep(0.01)
        if task.done():
            await task
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    def _count(self) -> int:
        return len(self.mentions) + len(self.edits) + len(self.deletions)

    def _heard(self, text: str) -> bool:
        return any(mention.text == text for mention in (*self.mentions, *self.edits))

    def told(self, text: str) -> Mention:
        return next(mention for mention in (*self.mentions, *self.edits) if mention.text == text)


@pytest.fixture
async def direct(server: MatrixServer, people: People) -> str:
    """A room for two, ana's and the bot's."""
    room = await people.direct("ana", server.bot)
    await people.join(server.bot, room)
    return room


@pytest.fixture
async def group(server: MatrixServer, people: People) -> str:
    """A public room with ana, luz and the bot in it; luz looks after it."""
    room = await people.room("luz", preset="public_chat")
    for who in ("ana", server.bot):
        await people.join(who, room)
    return room


def answer(to: Mention, text: str = "Gracias") -> Reply:
    return Reply(to=to.id, kind=ReplyKind.THANKS, text=text, language=Language.ES)


def in_reply_to(event: str) -> dict[str, Any]:
    return {"m.relates_to": {"m.in_reply_to": {"event_id": event}}}


def in_thread(root: str, last: str) -> dict[str, Any]:
    """As clients write in a thread: with what was said last, for clients that know no threads."""
    falling_back = {"is_falling_back": True, "m.in_reply_to": {"event_id": last}}
    return {"m.relates_to": {"rel_type": "m.thread", "event_id": root, **falling_back}}


# --- answers ---


async def test_the_homeserver_makes_one_event_of_one_key_whoever_forgot_it(
    server: MatrixServer, people: People, opened: Opener, direct: str
) -> None:
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        await people.write("ana", direct, "hola")
        await book.listen(channel)
        first = await channel.say(answer(book.mentions[0]), book.mentions[0], "key-1")
    async with opened() as channel:
        again = await channel.say(answer(book.mentions[0]), book.mentions[0], "key-1")
        other = await channel.say(answer(book.mentions[0]), book.mentions[0], "key-2")

    assert first.external_id == again.external_id != other.external_id
    assert len(await people.said("ana", direct, server.bot)) == 2


async def test_another_device_finds_what_was_said(
    server: MatrixServer, people: People, opened: Opener, direct: str
) -> None:
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        await people.write("ana", direct, "hola")
        await book.listen(channel)
        to = book.mentions[0]
        await channel.say(answer(to, "una"), to, "key-1")
        said = await channel.say(answer(to, "otra"), to, "key-2")
    server.page = 1
    async with opened(access_token=await people.other_device(server.bot)) as channel:
        heard = await channel.said("key-2", to)
        never = await channel.said("key-3", to)

    assert heard is not None
    assert heard.external_id == said.external_id
    assert never is None


async def test_an_answer_names_whom_it_answers_and_rings_for_nobody_else(
    people: People, opened: Opener, server: MatrixServer, direct: str
) -> None:
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        await people.write("ana", direct, "hola")
        await book.listen(channel)
        await channel.say(answer(book.mentions[0], "@room hola <b>"), book.mentions[0], "key-1")

    [said] = await people.said("ana", direct, server.bot)
    assert said["content"]["m.mentions"] == {"user_ids": [user("ana")]}
    assert said["content"]["body"] == "@room hola <b>"
    assert "formatted_body" not in said["content"]


async def test_an_answer_is_as_long_as_an_event_may_be(people: People, opened: Opener, direct: str) -> None:
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        await people.write("ana", direct, "hola")
        await book.listen(channel)
        to = book.mentions[0]
        await channel.say(answer(to, '"' * LIMIT), to, "key-1")
        with pytest.raises(ChannelRefused, match=f"20001 characters and the channel takes {LIMIT}"):
            await channel.say(answer(to, "é" * (LIMIT // 2) + "a"), to, "key-2")


# --- rooms, and who is addressed there ---


async def test_a_room_for_two_is_one_private_conversation(
    server: MatrixServer, people: People, opened: Opener, direct: str
) -> None:
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        first = await people.write("ana", direct, "hola")
        await people.write("ana", direct, "¿me oís?", **in_reply_to(first))
        await book.listen(channel, 2)
        one, other = book.mentions
        await channel.say(answer(other), other, "key-1")

    assert one.visibility is other.visibility is Visibility.PRIVATE
    assert one.conversation == other.conversation == direct
    assert (one.in_reply_to, other.in_reply_to) == (None, f"{direct}/{first}")
    assert one.summoned
    assert one.author.name == one.author.account_id == user("ana")
    assert one.url == f"https://matrix.to/#/{direct.replace(':', '%3A')}/%24{first[1:]}?via={DOMAIN}"
    [said] = await people.said("ana", direct, server.bot)
    assert "rel_type" not in said["content"]["m.relates_to"]


async def test_in_a_room_of_many_an_answer_begins_a_thread_and_stays_in_it(
    server: MatrixServer, people: People, opened: Opener, group: str
) -> None:
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        asked_in = await people.write("ana", group, "¿y mi lámpara?")
        await book.listen(channel, last="¿y mi lámpara?")
        said = await channel.say(answer(book.mentions[0]), book.mentions[0], "key-1")
        _, ours = place_of(said.external_id)
        await people.write("ana", group, "en el hilo", **in_thread(asked_in, ours))
        await people.write("luz", group, "sin hilo", **in_reply_to(ours))
        await people.write("luz", group, "a ana", **in_reply_to(asked_in))
        await book.listen(channel, last="a ana")
        follow_up = book.told("en el hilo")
        await channel.say(answer(follow_up), follow_up, "key-2")

    root = f"{group}/{asked_in}"
    assert book.mentions[0].conversation == root
    assert {book.told(text).conversation for text in ("en el hilo", "sin hilo", "a ana")} == {root}
    assert (follow_up.in_reply_to, follow_up.summoned) == (None, False)
    assert (book.told("sin hilo").in_reply_to, book.told("sin hilo").summoned) == (said.external_id, True)
    assert not book.told("a ana").summoned
    threads = [one["content"]["m.relates_to"] for one in await people.said("ana", group, server.bot)]
    assert [(one["rel_type"], one["event_id"]) for one in threads] == [("m.thread", asked_in)] * 2


async def test_no_thread_begins_with_an_answer(
    server: MatrixServer, people: People, opened: Opener, group: str
) -> None:
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        first = await people.write("ana", group, "hola, luz")
        second = await people.write("luz", group, "hola, ana", **in_reply_to(first))
        await people.write("ana", group, "oye, zarapito", **in_reply_to(second))
        await book.listen(channel, last="oye, zarapito")
        for text in ("hola, ana", "oye, zarapito"):
            await channel.say(answer(book.told(text)), book.told(text), text)

    in_first, in_none = [one["content"]["m.relates_to"] for one in await people.said("ana", group, server.bot)]
    assert (in_first["event_id"], in_first["m.in_reply_to"]["event_id"]) == (first, second)
    assert in_none == {"m.in_reply_to": {"event_id": place_of(book.told("oye, zarapito").external_id)[1]}}


async def test_who_names_the_account_in_a_room_of_many_has_summoned_it(
    server: MatrixServer, people: People, opened: Opener, group: str
) -> None:
    me = user(server.bot)
    link = f'<a href="https://matrix.to/#/{me.replace("@", "%40").replace(":", "%3A")}">Zarapito</a>'
    said: list[tuple[str, dict[str, Any], bool]] = [
        ("Zarapito, ¿hola?", {"m.mentions": {"user_ids": [user("luz"), me]}}, True),
        (f"oye {me}", {}, True),
        ("Zarapito, ¿hola?", {"format": "org.matrix.custom.html", "formatted_body": link}, True),
        (f"qué fea la lámpara de {me}", {"m.mentions": {}}, False),
        ("qué feo el zarapito", {}, False),
        ("Zarapito", {"m.mentions": {"user_ids": [user("luz")]}}, False),
    ]
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        for text, about, _ in said:
            await people.write("ana", group, text, **about)
        await book.listen(channel, len(said))

    assert [mention.summoned for mention in book.mentions] == [summoned for _, _, summoned in said]
    assert {mention.visibility for mention in book.mentions} == {Visibility.PUBLIC}


async def test_only_chosen_rooms_and_those_for_two_are_heard(
    server: MatrixServer, people: People, opened: Opener, group: str, direct: str
) -> None:
    address = f"#ayuda-{server.bot}:{DOMAIN}"
    chosen = await people.room("luz", preset="public_chat", room_alias_name=f"ayuda-{server.bot}")
    await people.join(server.bot, chosen)
    await people.join("ana", chosen)
    book = Book()
    async with opened(rooms=[address]) as channel:
        await book.begin(channel)
        await people.write("ana", group, "aquí no")
        await people.write("luz", chosen, "aquí sí")
        await people.write("ana", direct, "y aquí")
        await book.listen(channel, last="y aquí")

    assert {mention.text for mention in book.mentions} == {"aquí sí", "y aquí"}


async def test_a_room_is_found_under_any_of_its_addresses(
    server: MatrixServer, people: People, opened: Opener, group: str
) -> None:
    address, other = (f"#{name}-{server.bot}:{DOMAIN}" for name in ("dudas", "quejas"))
    chosen = await people.room("luz", preset="public_chat", room_alias_name=f"ayuda-{server.bot}")
    for room, name in ((chosen, address), (group, other)):
        await people.set_address("luz", room, name)
    await people.join(server.bot, chosen)
    book = Book()
    async with opened(rooms=[address, f"#nadie:{DOMAIN}", "#nadie:away.invalid"]) as channel:
        await book.begin(channel)
        await people.write("ana", group, "aquí no")
        await people.write("luz", chosen, "aquí sí")
        await book.listen(channel, last="aquí sí")

    assert [mention.text for mention in book.mentions] == ["aquí sí"]


async def test_machines_are_not_heard_and_the_brands_people_are_its_voice(
    server: MatrixServer, people: People, opened: Opener, group: str
) -> None:
    book = Book()
    await people.join(SHOP, group)
    async with opened(ignore=[user("luz")]) as channel:
        await book.begin(channel)
        await people.write("luz", group, "soy un robot")
        await people.write("ana", group, "yo también", msgtype="m.notice")
        await people.write(SHOP, group, "abrimos el domingo")
        await people.write(server.bot, group, "esto lo escribe una persona con la cuenta")
        await people.write("ana", group, "vale")
        await book.listen(channel, last="vale")

    assert [(mention.text, mention.by_brand) for mention in book.mentions] == [
        ("abrimos el domingo", True),
        ("esto lo escribe una persona con la cuenta", True),
        ("vale", False),
    ]


# --- invitations ---


async def test_what_is_written_since_the_invitation_is_heard_and_what_was_there_before_is_history(
    server: MatrixServer, people: People, opened: Opener
) -> None:
    server.page = 3
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        room = await people.room("luz", "ana")
        await people.join("ana", room)
        for text in ("antes", "y antes"):
            await people.write("ana", room, text)
        await people.invite("luz", room, server.bot)
        for number in range(4):
            await people.write("ana", room, f"después {number}")
        await book.listen(channel, last="después 0")

    heard = {mention.text: mention.backfilled for mention in book.mentions}
    assert [text for text, was_there in heard.items() if not was_there] == [f"después {number}" for number in range(4)]
    assert server.bot in {name.partition(":")[0][1:] for name in await people.members("luz", room)}


async def test_an_invitation_that_waited_for_the_first_start_brings_history(
    server: MatrixServer, people: People, opened: Opener
) -> None:
    room = await people.direct("ana", server.bot)
    await people.write("ana", room, "hace mucho")
    book = Book()
    async with opened() as channel:
        await book.listen(channel, last="hace mucho")
        await people.write("ana", room, "y ahora")
        await book.listen(channel, last="y ahora")

    assert book.told("hace mucho").backfilled
    assert not book.told("y ahora").backfilled


async def hears_of_an_invitation(
    server: MatrixServer, people: People, direct: str, channel: Matrix, book: Book
) -> None:
    """A busy homeserver may tell of an invitation later than of what ana wrote after it: she goes on writing."""
    for turn in range(20):
        if server.asked("/join/"):
            return
        await people.write("ana", direct, f"hola {turn}")
        await book.listen(channel, last=f"hola {turn}")


async def test_an_invitation_that_cannot_be_followed_keeps_nobody_else_from_being_heard(
    server: MatrixServer, people: People, opened: Opener, direct: str
) -> None:
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        server.hidden.add("/join/")
        room = await people.direct("luz", server.bot)
        await people.write("luz", room, "¿nadie?")
        await people.write("ana", direct, "hola")
        await book.listen(channel, last="hola")
        await hears_of_an_invitation(server, people, direct, channel, book)
        assert {call.status for call in server.asked("/join/")} == {404}
        server.hidden.clear()
    async with opened() as channel:
        await book.listen(channel, last="¿nadie?")

    heard = [mention.text for mention in book.mentions]
    assert (heard[0], heard[-1]) == ("hola", "¿nadie?")
    assert len(heard) == len(set(heard))
    assert not any(mention.backfilled for mention in book.mentions)


async def test_invitations_come_after_what_was_heard_when_there_are_too_many(
    server: MatrixServer, people: People, opened: Opener, direct: str
) -> None:
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        room = await people.direct("luz", server.bot)
        await people.write("luz", room, "otra")
        await people.write("ana", direct, "hola")
        server.limited.add("/join/")
        with pytest.raises(ChannelUnavailable):
            await channel.listen(book.cursor, book.keep)
        assert [mention.text for mention in book.mentions] == ["hola"]
        server.limited.clear()
        await book.listen(channel, last="otra")

    assert not book.told("otra").backfilled


@pytest.mark.parametrize(
    ("about", "changes"),
    [
        ({"initial_state": [ENCRYPTED]}, {}),
        ({"creation_content": {"type": "m.space"}}, {}),
        ({}, {"accept_invitations": False}),
        ({}, {"rooms": [f"#ayuda:{DOMAIN}"]}),
    ],
    ids=["encrypted", "space", "not wanted", "not chosen"],
)
async def test_an_invitation_to_where_we_should_not_be_is_left(  # noqa: PLR0913, PLR0917 - fixtures
    server: MatrixServer, people: People, opened: Opener, direct: str, about: dict[str, Any], changes: dict[str, Any]
) -> None:
    book = Book()
    async with opened(**changes) as channel:
        await book.begin(channel)
        await people.room("luz", server.bot, **about)
        await people.write("ana", direct, "hola")
        await book.listen(channel, last="hola")

    assert server.asked("/join/") == []


# --- closed rooms ---


async def test_a_room_that_is_closed_is_not_read_and_nothing_is_said_into_it(
    server: MatrixServer, people: People, opened: Opener, direct: str, caplog: pytest.LogCaptureFixture
) -> None:
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        await people.write("ana", direct, "hola")
        await book.listen(channel)
        await people.set("ana", direct, "m.room.encryption", SEALING)
        sealed = {**SEALING, "ciphertext": "x", "session_id": "y"}
        await people.send("ana", direct, sealed, kind="m.room.encrypted")
        await people.write("ana", direct, "todavía abierto")
        await book.listen(channel, last="todavía abierto")
        with pytest.raises(ChannelRefused, match="encrypted"):
            await channel.say(answer(book.mentions[0]), book.mentions[0], "key-1")
        account = await CHANNEL.check("matrix", channel._settings, Surroundings(home=Path(), accounts=()))  # type: ignore[misc]

    assert [mention.text for mention in book.mentions] == ["hola", "todavía abierto"]
    assert f"encrypted, and so not read: {direct}" in account.notes
    assert await people.said("ana", direct, server.bot) == []


async def test_who_is_no_longer_in_a_room_cannot_answer_there(
    server: MatrixServer, people: People, opened: Opener, group: str
) -> None:
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        await people.write("ana", group, "hola")
        await book.listen(channel)
        await people.kick("luz", group, server.bot)
        with pytest.raises(ChannelRefused):
            await channel.say(answer(book.mentions[0]), book.mentions[0], "key-1")


@pytest.mark.parametrize("page", [100, 2])
@pytest.mark.parametrize("restarted", [False, True])
async def test_what_was_written_before_the_account_was_put_out_is_heard(  # noqa: PLR0913, PLR0917 - fixtures
    server: MatrixServer, people: People, opened: Opener, direct: str, group: str, page: int, restarted: bool
) -> None:
    book = Book()

    async def put_out() -> None:
        server.page = page
        for number in range(4):
            await people.write("ana", group, f"{number} {user(server.bot)}")
        await people.write("ana", direct, "en privado")
        await people.kick("luz", group, server.bot)
        await people.leave(server.bot, direct)
        await people.write("ana", group, f"5 {user(server.bot)}")

    async with opened() as channel:
        await book.begin(channel)
        if not restarted:
            await put_out()
            await book.listen(channel, 5)
    if restarted:
        await put_out()
        async with opened() as channel:
            await book.listen(channel, 5)

    assert sorted(mention.text.partition(" ")[0] for mention in book.mentions) == ["0", "1", "2", "3", "en"]
    assert all(mention.summoned and not mention.backfilled for mention in book.mentions)
    private, public = book.told("en privado"), book.told(f"0 {user(server.bot)}")
    assert (private.visibility, private.conversation) == (Visibility.PRIVATE, direct)
    assert public.visibility is Visibility.PUBLIC


async def test_a_room_that_was_left_and_tells_no_more_keeps_nobody_else_from_being_heard(
    server: MatrixServer, people: People, opened: Opener, direct: str, group: str
) -> None:
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
    server.page = 2
    for text in ("uno", "dos", "tres"):
        await people.write("ana", group, text)
    await people.kick("luz", group, server.bot)
    await people.write("ana", direct, "aquí sigo")
    server.hidden.add(f"{group}/messages")
    async with opened() as channel:
        await book.listen(channel, last="aquí sigo")

    assert {mention.text for mention in book.mentions} == {"tres", "aquí sigo"}


async def test_an_invitation_that_is_taken_back_is_no_room_of_ours(
    server: MatrixServer, people: People, opened: Opener, direct: str
) -> None:
    book = Book()
    async with opened(accept_invitations=False) as channel:
        await book.begin(channel)
        room = await people.room("luz", server.bot)
        await people.write("luz", room, "no es para ti")
        await people.kick("luz", room, server.bot)
        await people.write("ana", direct, "hola")
        await book.listen(channel, last="hola")

    assert [mention.text for mention in book.mentions] == ["hola"]


# --- edits and deletions ---


async def test_only_the_authors_own_edit_counts_and_of_several_the_last(
    server: MatrixServer, people: People, opened: Opener, group: str
) -> None:
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        first = await people.write("ana", group, "me encanta")
        await book.listen(channel, last="me encanta")
        await people.edit("luz", group, first, "lo odio")
        edit = await people.edit("ana", group, first, "me gusta")
        await people.edit("ana", group, edit, "una edición de una edición")
        await people.edit("ana", group, first, "me gusta mucho")
        await people.write("ana", group, "ya")
        await book.listen(channel, last="ya")

    assert [(edit.text, edit.external_id) for edit in book.edits] == [("me gusta mucho", f"{group}/{first}")]
    assert book.edits[0].author.account_id == user("ana")
    assert [mention.text for mention in book.mentions] == ["me encanta", "ya"]


async def test_what_is_edited_before_it_is_heard_is_told_in_its_last_form(
    people: People, opened: Opener, group: str
) -> None:
    old = await people.write("ana", group, "de antes")
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        fresh = await people.write("ana", group, "hoal")
        await people.edit("ana", group, fresh, "hola")
        await people.edit("ana", group, old, "de mucho antes")
        await book.listen(channel, last="de mucho antes")

    assert [(edit.text, edit.backfilled) for edit in book.edits] == [("de mucho antes", True), ("hola", False)]
    assert [mention.text for mention in book.mentions] == ["de antes"]


async def test_what_is_taken_back_by_its_author_or_by_who_looks_after_the_room_is_gone(
    people: People, opened: Opener, group: str
) -> None:
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        mine, rude = [await people.write("ana", group, text) for text in ("perdón", "insulto")]
        await book.listen(channel, last="insulto")
        await people.take_back("ana", group, mine)
        await people.take_back("luz", group, rude)
        unheard = await people.write("ana", group, "esto no lo oye nadie")
        await people.take_back("ana", group, unheard)
        await people.write("ana", group, "ya")
        await book.listen(channel, last="ya")

    assert set(book.deletions) == {f"{group}/{event}" for event in (mine, rude, unheard)}
    assert [mention.text for mention in book.mentions] == ["perdón", "insulto", "ya"]


# --- syncs ---


async def test_what_a_sync_leaves_out_is_read_page_by_page(
    server: MatrixServer, people: People, opened: Opener, direct: str
) -> None:
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        server.page = 2
        for number in range(7):
            await people.write("ana", direct, f"número {number}")
        await book.listen(channel, 7)

    assert [mention.text for mention in book.mentions] == [f"número {number}" for number in range(7)]
    [since] = {call.query["to"] for call in server.asked("/messages")}
    assert since in {call.query.get("since") for call in server.asked("/sync")}


async def test_pages_without_an_end_are_told_and_asked_for_again(
    server: MatrixServer, people: People, opened: Opener, direct: str
) -> None:
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        server.page = 2
        place = book.cursor
        for number in range(5):
            await people.write("ana", direct, f"número {number}")
        server.fail(Fault.ENDLESS_PAGES)
        with pytest.raises(ChannelUnavailable, match="do not end"):
            await channel.listen(book.cursor, book.keep)
        [to, *_] = book.mentions
        with pytest.raises(ChannelUnavailable, match="cannot say whether this was heard"):
            await channel.said("key-1", to)

    assert len(book.mentions) == 5
    assert book.cursor == place


async def test_a_homeserver_that_never_waits_is_not_asked_without_pause(server: MatrixServer, opened: Opener) -> None:
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        server.hurried = True
        with suppress(TimeoutError):
            async with asyncio.timeout(0.7):
                await channel.listen(book.cursor, book.keep)

    assert 2 <= len(server.asked("/sync")) <= 8


async def test_the_cursor_of_another_account_is_a_first_start(people: People, opened: Opener, direct: str) -> None:
    await people.write("ana", direct, "de antes")
    for cursor in ("17", Place(account=user("otra"), since="s1_2", began=NOON).written()):
        book = Book(cursor)
        async with opened() as channel:
            await book.listen(channel, last="de antes")

        assert book.mentions[0].backfilled


ODD: list[Any] = [None, 17, [], {"event_id": 3}, {"event_id": []}, "$nunca"]


def odd_events(path: str, told: Any) -> Any:
    """What our own server would not take from its people, and others may."""
    for room in told.get("rooms", {}).get("join", {}).values() if path.endswith("/sync") else ():
        about = {"origin_server_ts": 1_700_000_000_000, "sender": "@alguien:otro.example", "type": "m.room.message"}
        names = ("m.relates_to", "m.mentions", "m.new_content", "formatted_body", "filename", "vivencia.key")
        contents = [
            *({"msgtype": "m.text", "body": f"rara {value}", **dict.fromkeys(names, value)} for value in ODD),
            *({"msgtype": value, "body": value} for value in ODD),
            {"m.relates_to": {"rel_type": "m.replace", "event_id": "$nunca"}, "m.new_content": {"body": "de la nada"}},
            {"msgtype": 17, "body": "mal escrito"},
        ]
        room["timeline"]["events"] += [
            {**about, "event_id": f"$rara{number}", "content": content} for number, content in enumerate(contents)
        ]
    return told


async def test_events_that_are_not_as_described_keep_nobody_else_from_being_heard(
    server: MatrixServer, people: People, opened: Opener, direct: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    book = Book()
    async with opened() as channel:
        await book.begin(channel)
        server.altered = odd_events
        await people.write("ana", direct, "normal")
        await book.listen(channel, last="normal")

    said = [mention.text for mention in book.mentions]
    assert said == [*(f"rara {value}" for value in ODD), "$nunca", "mal escrito", "normal"]
    assert book.edits == []
    # nor does nio, which finds fault with them, write what was said into the log
    assert "rara" not in caplog.text
    assert "mal escrito" not in caplog.text


# --- words ---


def heard(content: dict[str, Any], kind: str = "m.room.message", **about: Any) -> Mention:
    views = Views("matrix", "@zarapito:uno.example", voices=["tienda", "@prensa:dos.example"], ignored=[])
    event = Event.model_validate(
        {"event_id": "$1", "type": kind, "sender": "@ana:uno.example", "content": content, **about}
    )
    room = Room(id="!r:uno.example", is_direct=False, is_public=False)
    return views.mention(event, event.content, room, parent=None, backfilled=False)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"msgtype": "m.image", "body": "roto.jpg", "url": "mxc://a/b"}, "[image: roto.jpg]"),
        ({"msgtype": "m.image", "body": "está rota", "filename": "a.jpg"}, "está rota\n[image: a.jpg]"),
        ({"msgtype": "m.file", "body": "f.pdf", "filename": "f.pdf"}, "[file: f.pdf]"),
        ({"msgtype": "m.audio"}, "[audio]"),
        ({"msgtype": "m.location", "body": "en casa, geo:40,-3", "geo_uri": "geo:40,-3"}, "[place]"),
        ({"msgtype": "m.emote", "body": "llora"}, "llora"),
        ({"msgtype": "org.example.new", "body": "algo nuevo"}, "algo nuevo"),
        ({"msgtype": "m.text", "body": "> <@luz:x> hola\n> ¿qué tal?\n\nbien", **in_reply_to("$0")}, "bien"),
        ({"msgtype": "m.text", "body": "> no es una cita de nadie\nya"}, "> no es una cita de nadie\nya"),
        ({"msgtype": "m.text", "body": "> <@luz:x> sin más", **in_reply_to("$0")}, "> <@luz:x> sin más"),
    ],
)
def test_a_message_is_told_in_words(content: dict[str, Any], words: str) -> None:
    assert heard(content).text == words


def test_a_sticker_is_told_by_its_name() -> None:
    assert heard({"body": "gato llorando", "url": "mxc://a/b"}, kind="m.sticker").text == "[sticker: gato llorando]"


@pytest.mark.parametrize(
    ("sender", "ours"),
    [
        ("@tienda:uno.example", True),
        ("@tienda:malo.example", False),
        ("@prensa:dos.example", True),
        ("@prensa:uno.example", False),
        ("@Tienda:uno.example", False),
    ],
)
def test_a_name_of_the_brand_is_not_its_name_elsewhere(sender: str, ours: bool) -> None:
    assert heard({"msgtype": "m.text", "body": "hola"}, sender=sender).by_brand is ours


@pytest.mark.parametrize("told", [10**15, -(10**18), "ayer", None, 10**400])
def test_nobody_writes_in_the_future(told: object) -> None:
    mention = heard({"msgtype": "m.text", "body": "hola"}, origin_server_ts=told)

    assert abs(datetime.now(UTC) - mention.posted_at) < timedelta(minutes=1)


def test_an_event_is_found_in_its_room() -> None:
    assert place_of("!a:b/$c/d+e") == ("!a:b", "$c/d+e")
    assert place_of("!v12room/$c") == ("!v12room", "$c")
    assert Content().thread == ""


# --- the homeserver ---


@pytest.mark.parametrize(
    ("headers", "told", "seconds"),
    [
        ({"Retry-After": "7"}, {"retry_after_ms": 1000}, 7),
        ({}, {"retry_after_ms": 1500}, 1.5),
        ({}, {"retry_after_ms": 3}, 1),
        ({"Retry-After": "Fri, 20 Nov 2026 12:00:00 GMT"}, {}, 1),
        ({}, {"retry_after_ms": "soon"}, None),
        ({"Retry-After": "soon"}, {}, None),
        ({}, {}, None),
    ],
)
def test_how_long_to_wait_is_the_homeservers_word(
    headers: dict[str, str], told: dict[str, Any], seconds: float | None
) -> None:
    waits = seconds_to_wait(headers, told)

    assert waits == seconds or (waits is not None and "GMT" in headers["Retry-After"])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            web.Response(status=302, headers={"Location": "https://otro.example/x"}),
            "set base_url to https://otro.example",
        ),
        (web.Response(status=404, text="nothing here"), "is base_url where the homeserver's API is"),
        (refusal(401, {"errcode": "M_UNKNOWN_TOKEN", "error": "Token is not active"}), "refuses the access token"),
        (refusal(403, {"errcode": "M_FORBIDDEN", "error": "a\nb"}), r"refuses \(403\): a b"),
    ],
)
async def test_a_refusal_says_what_to_do(
    server: MatrixServer, opened: Opener, answer: web.Response, words: str
) -> None:
    server.instead = answer
    async with opened() as channel:
        with pytest.raises(ChannelRefused, match=words):
            await channel.me()


async def test_a_check_shows_the_account_and_its_rooms(
    server: MatrixServer, people: People, opened: Opener, direct: str, group: str
) -> None:
    await people.direct("luz", server.bot)
    async with opened() as channel:
        account = await channel.account()

    assert account.identity == user(server.bot)
    assert account.rights[0] == "rooms it is in: 2; for two: 1"
    assert "invitations that wait: 1" in account.notes
    assert {call.method for call in server.calls} == {"GET"}
    assert server.asked("/sync")[0].query["set_presence"] == "offline"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rooms": ["ayuda"]}, "'ayuda' is no room; give its id"),
        ({"ignore": ["robot"]}, "'robot' is no user; give the whole id"),
    ],
)
def test_a_mistake_in_the_table_is_one_sentence(changes: dict[str, Any], words: str) -> None:
    table = {"kind": "matrix", "base_url": "https://uno.example", "access_token": "x", **changes}
    with pytest.raises(ConfigError, match=words):
        open_channel("matrix", table, Surroundings(home=Path(), accounts=()))
