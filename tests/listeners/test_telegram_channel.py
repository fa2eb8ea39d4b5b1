"""What only Telegram does: updates that are told once, groups and who is addressed there, messages without words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.action import Reply, ReplyKind
from bot.domain.errors import ChannelRefused, ChannelUnavailable, ConfigError, RateLimited
from bot.domain.mention import Batch, Mention, Visibility
from bot.domain.ports.channel import Surroundings
from bot.domain.reading import Language
from listeners.registry import open_channel
from listeners.telegram import CHANNEL, Telegram
from listeners.telegram_wire import TelegramAnswered, as_channel_error
from tests.servers.telegram.server import TOKEN, TelegramServer, telegram_server
from tests.servers.telegram.world import CHANNEL_BOT, GROUP_ANONYMOUS_BOT, SERVICE, Line, User

ENOUGH = 3.0
DAY = 86_400


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with telegram_server() as running:
        yield running


class Opener:
    """Opens the channel over the server."""

    def __init__(self, server: TelegramServer, home: Path) -> None:
        self._server, self._home = server, home

    def __call__(self, **changes: Any) -> AbstractAsyncContextManager[Any]:
        table = {"kind": "telegram", "token": TOKEN, "base_url": self._server.url, "timeout_seconds": 2, **changes}
        return open_channel("telegram", table, Surroundings(home=self._home, accounts=("@Zarapito",)))


@pytest.fixture
def opened(server: TelegramServer, tmp_path: Path) -> Opener:
    return Opener(server, tmp_path)


class Book:
    """Keeps what is delivered, as a store would, until `enough` mentions and edits are in it."""

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

    async def listen(self, channel: Telegram, enough: int) -> None:
        task = asyncio.create_task(channel.listen(self.cursor, self.keep))
        async with asyncio.timeout(ENOUGH):
            while len(self.mentions) + len(self.edits) < enough and not task.done():
                await asyncio.sleep(0.01)
        if task.done():
            await task
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def started(channel: Telegram) -> Book:
    """A book whose first start is over, so that what comes is no history."""
    book = Book()
    with suppress(_Stop):
        await channel.listen(None, _once(book))
    return book


class _Stop(Exception):
    """Far enough."""


def _once(book: Book) -> Any:
    async def keep(batch: Batch) -> None:
        await book.keep(batch)
        raise _Stop

    return keep


async def heard(server: TelegramServer, opened: Opener) -> list[Mention]:
    """What the channel makes of all that waits, as if it had been written after the first start."""
    waiting, server.world.updates = server.world.updates, []
    async with opened() as channel:
        book = await started(channel)
        server.world.updates = waiting
        private(server, "fin", who="fin")
        await book.listen(channel, 1)
    # one page holds it all
    *mentions, last = book.mentions
    assert last.text == "fin"
    return mentions


def asked(server: TelegramServer, method: str) -> list[dict[str, Any]]:
    return [call.parameters for call in server.calls if call.method == method]


def entity(text: str, part: str, kind: str = "mention", **about: Any) -> dict[str, Any]:
    """Marks a part of a text as Telegram does: in UTF-16 units."""
    offset = len(text[: text.index(part)].encode("utf-16-le")) // 2
    return {"type": kind, "offset": offset, "length": len(part.encode("utf-16-le")) // 2, **about}


def private(server: TelegramServer, text: str, *, who: str = "ana", **about: Any) -> Line:
    person = server.world.person(who)
    return server.world.write(person, server.world.private(person), text, **about)


def in_group(server: TelegramServer, text: str, *, who: str = "ana", number: int = 1, **about: Any) -> Line:
    return server.world.write(server.world.person(who), server.world.group(number), text, **about)


def name(line: Line) -> str:
    return f"{line.room.id}/{line.id}"


def answer(to: Mention, text: str = "Gracias") -> Reply:
    return Reply(to=to.id, kind=ReplyKind.THANKS, text=text, language=Language.ES)


# --- updates are told once ---


async def test_an_update_is_confirmed_once_it_is_kept(server: TelegramServer, opened: Opener) -> None:
    async with opened() as channel:
        book = await started(channel)
        for number in range(3):
            private(server, f"número {number}")
        server.page = 2

        async def disk_full(batch: Batch) -> None:
            del batch
            raise _Stop

        with suppress(_Stop):
            await channel.listen(book.cursor, disk_full)
        assert len(server.world.updates) == 3

        await book.listen(channel, 3)

    offsets = [call["offset"] for call in asked(server, "getUpdates")]
    assert offsets[:3] == [0, 0, server.world.next_update - 1]
    assert [mention.text for mention in book.mentions] == ["número 0", "número 1", "número 2"]


async def test_what_waited_at_the_first_start_is_history_even_after_a_crash_in_the_middle(
    server: TelegramServer, opened: Opener
) -> None:
    old = [private(server, f"viejo {number}") for number in range(5)]
    server.page = 2
    book = Book()
    async with opened() as channel:
        await book.listen(channel, 2)
    private(server, "nuevo")
    async with opened() as channel:
        await book.listen(channel, 6)

    history = {mention.external_id: mention.backfilled for mention in book.mentions}
    assert [one for one, was_there in history.items() if was_there] == [name(line) for line in old]
    assert len(history) == 6


async def test_ids_that_start_anew_after_a_week_of_silence_are_heard(server: TelegramServer, opened: Opener) -> None:
    async with opened() as channel:
        book = await started(channel)
        private(server, "antes")
        await book.listen(channel, 1)
        server.world.updates.clear()
        server.world.next_update = 17
        private(server, "una semana después")
        private(server, "y otra cosa")
        await book.listen(channel, 3)

    assert [mention.text for mention in book.mentions] == ["antes", "una semana después", "y otra cosa"]


async def test_what_we_did_not_ask_for_is_confirmed_and_passed_over(server: TelegramServer, opened: Opener) -> None:
    async with opened() as channel:
        book = await started(channel)
        for kind in ("message", "edited_message"):
            server.world.tell(kind, {"message_id": 1, "chat": "no chat", "text": "hola"})
        line = private(server, "hola")
        await book.listen(channel, 1)

    assert [mention.external_id for mention in book.mentions] == [name(line)]


async def test_an_update_without_an_id_costs_nobody_else(server: TelegramServer, opened: Opener) -> None:
    async with opened() as channel:
        book = await started(channel)
        line = private(server, "hola")
        page = server._page
        server._page = lambda *given: [*page(*given), {"message": {"text": "sin id"}}]  # type: ignore[method-assign]
        with suppress(ChannelUnavailable):
            await book.listen(channel, 1)

    assert [mention.external_id for mention in book.mentions] == [name(line)]


async def test_a_cursor_of_another_channel_is_a_first_start(server: TelegramServer, opened: Opener) -> None:
    private(server, "hola")
    book = Book(cursor="17")
    async with opened() as channel:
        await book.listen(channel, 1)

    assert book.mentions[0].backfilled


async def test_another_bot_behind_the_channel_is_a_first_start_and_loses_nothing(
    server: TelegramServer, opened: Opener
) -> None:
    async with opened() as channel:
        book = await started(channel)
        private(server, "al de antes")
        await book.listen(channel, 1)
    server.world.bot = replace(server.bot, id=server.bot.id + 1)
    # its own numbers, a little lower: the offset of the other would confirm them unread
    server.world.next_update -= 5
    private(server, "esperaba")
    async with opened() as channel:
        with capture_logs() as logs:
            await book.listen(channel, 2)
        private(server, "nuevo")
        await book.listen(channel, 3)

    assert [(mention.text, mention.backfilled) for mention in book.mentions] == [
        ("al de antes", False),
        ("esperaba", True),
        ("nuevo", False),
    ]
    assert [line["event"] for line in logs] == ["the cursor of Telegram is that of another bot; starting anew"]


async def test_a_cursor_of_an_earlier_version_still_holds_and_says_from_now_on_whose_it_is(
    server: TelegramServer, opened: Opener
) -> None:
    async with opened() as channel:
        book = await started(channel)
        private(server, "uno")
        await book.listen(channel, 1)
        told = json.loads(book.cursor or "")
        book.cursor = json.dumps({key: value for key, value in told.items() if key != "bot"})
        with suppress(_Stop):
            await channel.listen(book.cursor, _once(book))
        assert json.loads(book.cursor) == {**told, "bot": server.bot.id}

        private(server, "dos")
        await book.listen(channel, 2)

    assert [(mention.text, mention.backfilled) for mention in book.mentions] == [("uno", False), ("dos", False)]
    assert asked(server, "getUpdates")[-1]["offset"] == server.world.next_update


async def test_a_webhook_is_somebody_elses_and_stays(server: TelegramServer, opened: Opener) -> None:
    server.webhook = "https://example.invalid/hook"
    async with opened() as channel:
        with pytest.raises(ChannelRefused, match="webhook"):
            await channel.listen(None, Book().keep)
        with pytest.raises(ChannelRefused, match="webhook"):
            await channel.listen('{"began": "2026-11-01T00:00:00+00:00", "offset": 1, "history": 0}', Book().keep)

    assert {call.method for call in server.calls} == {"getMe", "getWebhookInfo", "getUpdates"}


async def test_another_program_on_the_same_bot_is_said(server: TelegramServer, opened: Opener) -> None:
    async with opened() as first, opened() as second:
        book = await started(first)
        told = asyncio.create_task(first.listen(book.cursor, book.keep))
        await asyncio.sleep(0.1)
        other = asyncio.create_task(second.listen(book.cursor, Book().keep))
        with pytest.raises(ChannelUnavailable, match="another program"):
            await told
        other.cancel()


# --- private chats and groups ---


async def test_a_private_chat_is_one_private_conversation(server: TelegramServer, opened: Opener) -> None:
    first = private(server, "hola")
    private(server, "¿me oís?", answers=first.id)
    one, other = await heard(server, opened)

    assert one.visibility is other.visibility is Visibility.PRIVATE
    assert one.conversation == other.conversation == str(first.room.id)
    assert (one.in_reply_to, other.in_reply_to) == (None, name(first))
    assert one.url is None
    assert one.summoned
    assert (one.author.name, one.author.account_id) == ("ana", str(first.author.id))
    assert one.language_hint == "es"


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("👩‍👩‍👧 @zarapito_bot ¿hola?", [("@zarapito_bot", "mention", {})]),
        ("oye @Zarapito_Bot", [("@Zarapito_Bot", "mention", {})]),
        ("/ayuda@zarapito_bot por favor", [("/ayuda@zarapito_bot", "bot_command", {})]),
        ("Zarapito, ¿hola?", [("Zarapito", "text_mention", {"user": {"id": 110201543, "first_name": "Z"}})]),
    ],
)
async def test_who_names_the_bot_in_a_group_has_summoned_it(
    server: TelegramServer, opened: Opener, text: str, marks: list[tuple[str, str, dict[str, Any]]]
) -> None:
    entities = [entity(text, part, kind, **about) for part, kind, about in marks]
    in_group(server, text, entities=entities)
    in_group(server, "", caption=text, caption_entities=entities, photo=[{"file_id": "a"}])

    assert [mention.summoned for mention in await heard(server, opened)] == [True, True]


async def test_who_answers_the_bot_in_a_group_has_summoned_it(server: TelegramServer, opened: Opener) -> None:
    ours = server.world.write(server.bot, server.world.group(), "¿en qué ayudamos?")
    in_group(server, "en esto", answers=ours.id, message_thread_id=ours.id)
    [mention] = await heard(server, opened)

    assert mention.summoned
    assert mention.conversation == mention.in_reply_to == name(ours)


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("qué fea la lámpara", []),
        ("oye @otro_bot", [("@otro_bot", "mention", {})]),
        ("escribid a @zarapito_bot.com", [("@zarapito_bot.com", "url", {})]),
        ("/ayuda", [("/ayuda", "bot_command", {})]),
    ],
)
async def test_what_is_said_in_a_group_to_others_is_heard_and_no_summons(
    server: TelegramServer, opened: Opener, text: str, marks: list[tuple[str, str, dict[str, Any]]]
) -> None:
    in_group(server, text, entities=[entity(text, part, kind, **about) for part, kind, about in marks])
    [mention] = await heard(server, opened)

    assert not mention.summoned
    assert mention.visibility is Visibility.PUBLIC


async def test_what_opened_a_topic_is_not_answered_by_everything_in_it(server: TelegramServer, opened: Opener) -> None:
    topic = server.world.write(server.bot, server.world.group(), "", forum_topic_created={"name": "Pedidos"})
    about: dict[str, Any] = {"message_thread_id": topic.id, "is_topic_message": True}
    in_group(server, "¿y el mío?", answers=topic.id, **about)
    [mention] = await heard(server, opened)

    assert not mention.summoned
    assert mention.in_reply_to is None
    assert mention.conversation == name(topic)


async def test_a_message_in_a_group_has_an_address_for_those_who_may_see_it(
    server: TelegramServer, opened: Opener
) -> None:
    ana, world = server.world.person("ana"), server.world
    for room in (world.group(1), world.group(2, username="zarapitos"), world.group(3, kind="group")):
        world.write(ana, room, "hola")
    mentions = await heard(server, opened)

    assert [mention.url for mention in mentions] == [
        "https://t.me/c/1500000001/41",
        "https://t.me/zarapitos/42",
        None,
    ]


async def test_a_group_that_becomes_a_supergroup_is_heard_on(server: TelegramServer, opened: Opener) -> None:
    ana, old, new = server.world.person("ana"), server.world.group(1, kind="group"), server.world.group(1)
    strange = server.world.group(2)
    async with opened(groups=[old.id]) as channel:
        book = await started(channel)
        server.world.write(ana, old, "", migrate_to_chat_id=new.id)
        server.world.write(ana, server.world.group(3, kind="group"), "", migrate_to_chat_id=strange.id)
        server.world.write(ana, strange, "nada")
        server.world.write(ana, new, "", migrate_from_chat_id=old.id)
        server.world.write(ana, new, "uno")
        await book.listen(channel, 1)
    async with opened(groups=[old.id]) as channel:
        server.world.write(ana, new, "dos")
        await book.listen(channel, 2)

    assert [mention.text for mention in book.mentions] == ["uno", "dos"]


async def test_what_somebody_passes_on_is_told_as_anothers_words(server: TelegramServer, opened: Opener) -> None:
    ana, luz = server.world.person("ana"), server.world.person("luz")
    room = server.world.private(ana)
    for origin in ({"type": "user", "sender_user": luz.shown()}, {"type": "hidden_user", "sender_user_name": "Luz"}):
        server.world.write(ana, room, "vuestro mensajero es un inútil", forward_origin={**origin, "date": 1})
    server.world.write(ana, room, "ya os lo escribí", forward_origin={"type": "user", "sender_user": ana.shown()})
    told = await heard(server, opened)

    passed_on = "[forwarded message]\nvuestro mensajero es un inútil"
    assert [mention.text for mention in told] == [passed_on, passed_on, "ya os lo escribí"]


async def test_only_the_groups_of_the_list_are_heard(server: TelegramServer, opened: Opener) -> None:
    world, ana = server.world, server.world.person("ana")
    rooms = [world.group(1), world.group(2, username="Zarapitos"), world.group(3), world.private(ana)]
    async with opened(groups=[rooms[0].id, "@zarapitos"]) as channel:
        book = await started(channel)
        for room in rooms:
            world.write(ana, room, f"en {room.id}")
        await book.listen(channel, 3)

    assert [mention.text for mention in book.mentions] == [f"en {rooms[n].id}" for n in (0, 1, 3)]


# --- who is heard ---


async def test_machines_gestures_and_the_group_itself_are_not_heard(server: TelegramServer, opened: Opener) -> None:
    world, group = server.world, server.world.group()
    anonymous = User(id=GROUP_ANONYMOUS_BOT, username="GroupAnonymousBot", is_bot=True)
    service = User(id=SERVICE, username="telegram")
    channel = {"id": -1001700000000, "type": "channel", "title": "Zarapito"}
    world.write(world.person("reloj_bot", is_bot=True), group, "son las doce")
    world.write(anonymous, group, "aviso", sender_chat=group.shown())
    world.write(service, group, "novedades", sender_chat=channel, is_automatic_forward=True)
    in_group(server, "", new_chat_members=[world.person("luz").shown()])
    private(server, "/start")
    private(server, "/start campaña-7")
    command = {"type": "bot_command", "offset": 0, "length": len("/start@zarapito_bot")}
    in_group(server, "/start@zarapito_bot campaña-7", entities=[command])

    assert await heard(server, opened) == []


async def test_a_person_who_writes_as_their_channel_is_heard(server: TelegramServer, opened: Opener) -> None:
    channel = {"id": -1001700000001, "type": "channel", "title": "Lámparas Luz", "username": "lamparas_luz"}
    stand_in = User(id=CHANNEL_BOT, username="Channel_Bot", is_bot=True)
    server.world.write(stand_in, server.world.group(), "¿tenéis tienda?", sender_chat=channel)
    [mention] = await heard(server, opened)

    assert (mention.author.account_id, mention.author.name) == ("-1001700000001", "lamparas_luz")


async def test_what_the_brands_people_say_in_the_group_is_its_own_voice(server: TelegramServer, opened: Opener) -> None:
    asked_first = in_group(server, "¿abrís el domingo?")
    in_group(server, "sí, de 10 a 14", who="zarapito", answers=asked_first.id)
    question, told = await heard(server, opened)

    assert (question.by_brand, told.by_brand) == (False, True)
    assert told.in_reply_to == question.external_id


async def test_whoever_merely_calls_themselves_like_the_brand_is_not_its_voice(
    server: TelegramServer, opened: Opener
) -> None:
    """Only a username is one account's alone: a first name and the title of a channel are free for anybody."""
    group = server.world.group()
    server.world.write(User(id=60_000_001, username="", first_name="Zarapito"), group, "os devolvemos el dinero hoy")
    channel = {"id": -1001700000002, "type": "channel", "title": "zarapito"}
    stand_in = User(id=CHANNEL_BOT, username="Channel_Bot", is_bot=True)
    server.world.write(stand_in, group, "os devolvemos el dinero hoy", sender_chat=channel)

    mentions = await heard(server, opened)

    assert [(mention.author.name.lower(), mention.by_brand) for mention in mentions] == [("zarapito", False)] * 2


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"photo": [{"file_id": "a"}], "caption": "mirad"}, "mirad\n[photo]"),
        ({"document": {"file_name": "factura.pdf"}}, "[document: factura.pdf]"),
        ({"animation": {"file_id": "a"}, "document": {"file_name": "gato.mp4"}}, "[animation]"),
        ({"sticker": {"emoji": "😡"}}, "[sticker: 😡]"),
        ({"voice": {"duration": 9}}, "[voice message]"),
        ({"contact": {"phone_number": "+34600000000", "first_name": "Ana"}}, "[contact]"),
        ({"venue": {"title": "Tienda"}, "location": {"latitude": 40.4, "longitude": -3.7}}, "[place: Tienda]"),
        ({"poll": {"question": "¿Azul o roja?"}}, "[poll: ¿Azul o roja?]"),
    ],
)
async def test_what_is_no_text_is_told_in_words(
    server: TelegramServer, opened: Opener, about: dict[str, Any], said: str
) -> None:
    private(server, "", **about)
    [mention] = await heard(server, opened)

    assert mention.text == said


# --- edits ---


async def test_a_message_that_was_edited_before_it_was_heard_is_told_in_its_last_form(
    server: TelegramServer, opened: Opener
) -> None:
    async with opened() as channel:
        book = await started(channel)
        line = private(server, "una")
        server.world.edit(line.room.id, line.id, "dos")
        server.world.edit(line.room.id, line.id, "tres")
        await book.listen(channel, 1)

    assert book.mentions == []
    assert [(edit.external_id, edit.text, edit.backfilled) for edit in book.edits] == [(name(line), "tres", False)]


async def test_an_old_message_that_is_edited_stays_history(server: TelegramServer, opened: Opener) -> None:
    line = private(server, "una", ago=90 * DAY)
    server.world.updates.clear()
    async with opened() as channel:
        book = await started(channel)
        server.world.edit(line.room.id, line.id, "dos")
        await book.listen(channel, 1)

    assert [(edit.text, edit.backfilled) for edit in book.edits] == [("dos", True)]


# --- answering ---


async def test_an_answer_in_a_group_stands_in_it_under_what_it_answers(server: TelegramServer, opened: Opener) -> None:
    line = in_group(server, "hola")
    [mention] = await heard(server, opened)
    async with opened() as channel:
        receipt = await channel.say(answer(mention), mention, "key-1")

    [said] = server.said()
    assert (said.room, said.answers, name(said)) == (line.room, line.id, receipt.external_id)
    assert asked(server, "sendMessage")[0].keys() == {"chat_id", "text", "reply_parameters"}


async def test_what_was_said_before_a_group_grew_is_answered_in_what_it_became(
    server: TelegramServer, opened: Opener
) -> None:
    ana, old = server.world.person("ana"), server.world.group(1, kind="group")
    server.world.write(ana, old, "hola")
    [mention] = await heard(server, opened)
    grown = server.world.migrate(old)
    # another's message, with the number that the one answered had
    number = int(mention.external_id.rpartition("/")[2])
    server.world.lines[grown.id, number] = in_group(server, "otra cosa", who="luz")
    async with opened() as channel:
        receipt = await channel.say(answer(mention), mention, "key-1")
        again = await channel.say(answer(mention), mention, "key-1")

    [said] = server.said()
    assert (said.room, said.answers) == (grown, None)
    assert receipt == again
    assert receipt.external_id == name(said)


async def test_a_group_that_is_nowhere_is_asked_for_no_more_than_twice(server: TelegramServer, opened: Opener) -> None:
    ana, old = server.world.person("ana"), server.world.group(1, kind="group")
    server.world.write(ana, old, "hola")
    [mention] = await heard(server, opened)
    server.world.moved[old.id] = old.id
    async with opened() as channel:
        with pytest.raises(ChannelRefused, match="was upgraded"):
            await channel.say(answer(mention), mention, "key-1")

    assert len(asked(server, "sendMessage")) == 2


async def test_an_answer_is_measured_as_telegram_does(server: TelegramServer, opened: Opener) -> None:
    private(server, "hola")
    [mention] = await heard(server, opened)
    async with opened() as channel:
        await channel.say(answer(mention, "😀" * 2048), mention, "key-1")
        with pytest.raises(ChannelRefused, match="4098 characters"):
            await channel.say(answer(mention, "😀" * 2049), mention, "key-2")

    assert len(server.said()) == 1


async def test_an_answer_to_who_is_in_no_chat_of_ours_is_refused(server: TelegramServer, opened: Opener) -> None:
    private(server, "hola")
    [mention] = await heard(server, opened)
    async with opened() as channel:
        with pytest.raises(ChannelRefused, match="chat not found"):
            await channel.say(answer(mention), replace(mention, external_id="-100999/1"), "key-1")


# --- what Telegram says no with, and settings ---


@pytest.mark.parametrize(
    ("status", "detail", "expected"),
    [
        (400, "Bad Request: message to be replied not found", ChannelRefused),
        (403, "Forbidden: bot was blocked by the user", ChannelRefused),
        (404, "Not Found", ChannelRefused),
        (409, "Conflict: terminated by other getUpdates request", ChannelUnavailable),
        (409, "Conflict: can't use getUpdates method while webhook is active", ChannelRefused),
        (302, "no reason given", ChannelRefused),
        (429, "Too Many Requests", RateLimited),
        (500, "Internal Server Error: restart", ChannelUnavailable),
    ],
)
def test_each_status_is_one_of_three_errors(status: int, detail: str, expected: type[Exception]) -> None:
    assert type(as_channel_error(TelegramAnswered(status, detail))) is expected


async def test_an_error_never_shows_the_address_that_the_token_is_in(tmp_path: Path) -> None:
    table = {"token": TOKEN, "base_url": "http://127.0.0.1:9", "timeout_seconds": 1}
    async with open_channel("telegram", table, Surroundings(home=tmp_path, accounts=())) as channel:
        assert isinstance(channel, Telegram)
        with pytest.raises(ChannelUnavailable) as caught:
            await channel.me()

    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, "[channels.telegram] token: field required"),
        ({"token": "canary"}, "[channels.telegram] token: this is no token of a bot; @BotFather gives one"),
        ({"token": TOKEN, "groups": ["no such"]}, "[channels.telegram] groups: 'no such' is no group; give its id"),
        ({"token": TOKEN, "wait_seconds": 60}, "[channels.telegram] wait_seconds: input should be less than or equal"),
        ({"token": TOKEN, "base_url": "nowhere"}, "[channels.telegram] base_url: input should be a valid url"),
    ],
)
def test_a_mistake_in_the_table_is_one_sentence(tmp_path: Path, table: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        open_channel("telegram", table, Surroundings(home=tmp_path, accounts=()))

    assert str(caught.value).startswith(said)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(("reads_all", "said"), [(True, "hears everything"), (False, "privacy mode")])
async def test_a_check_tells_what_the_bot_hears_in_groups(
    server: TelegramServer, tmp_path: Path, reads_all: bool, said: str
) -> None:
    server.reads_all = reads_all
    private(server, "hola")
    settings = CHANNEL.settings(token=TOKEN, base_url=server.url)
    assert CHANNEL.check is not None
    account = await CHANNEL.check("telegram", settings, Surroundings(home=tmp_path, accounts=()))

    assert account.identity == "@zarapito_bot (110201543)"
    assert account.rights[1].startswith(said)
    assert account.notes[0] == "waiting to be read: 1"
    assert len(server.world.updates) == 1
