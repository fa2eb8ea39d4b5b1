"""What only Discord does: which rooms are heard, what is found after a gap, how messages read, how answers are sent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.action import Reply, ReplyKind
from bot.domain.errors import ChannelRefused, ChannelUnavailable, ConfigError
from bot.domain.mention import Batch, Mention, Visibility
from bot.domain.ports.channel import Surroundings
from bot.domain.reading import Language
from listeners.discord_answers import nonce_of
from listeners.discord_guild import CHANNEL, DiscordGuild
from listeners.discord_place import Place
from listeners.discord_wire import ContentsHidden
from listeners.registry import open_channel
from tests.contracts.stage import Fault
from tests.servers.discord.server import DiscordServer, discord_server
from tests.servers.discord.world import Kind, Overwrite, Permission, Room, Says, User

HOUR = 3600.0
PATIENCE = 5.0


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with discord_server() as running:
        running.state.limits.over_all = (10_000, 1.0)
        yield running


@pytest.fixture
def room(server: DiscordServer) -> Room:
    return server.world.room(server.guild, "soporte")


@pytest.fixture
def ana(server: DiscordServer) -> User:
    return server.person("ana")


class Opener:
    """Opens the channel over the server, listening in #soporte unless told otherwise."""

    def __init__(self, server: DiscordServer, home: Path) -> None:
        self._server, self._home = server, home
        self.team: tuple[str, ...] | None = None

    def table(self, **changes: Any) -> dict[str, Any]:
        mine = {"token": self._server.state.token, "guild": self._server.guild.id, "channels": ["#soporte"]}
        return {"kind": "discord_guild", **mine, "base_url": self._server.url, "timeout_seconds": 2, **changes}

    def __call__(self, **changes: Any) -> AbstractAsyncContextManager[Any]:
        surroundings = Surroundings(home=self._home, accounts=("zarapito",), team=self.team)
        return open_channel("discord", self.table(**changes), surroundings)


@pytest.fixture
def opened(server: DiscordServer, tmp_path: Path) -> Opener:
    return Opener(server, tmp_path)


class Live:
    """What a stream has told so far."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []

    async def keep(self, batch: Batch) -> None:
        self.batches.append(batch)

    @property
    def mentions(self) -> list[Mention]:
        return [mention for batch in self.batches for mention in batch.mentions]

    @property
    def edits(self) -> list[Mention]:
        return [mention for batch in self.batches for mention in batch.edits]

    @property
    def deletions(self) -> list[str]:
        return [post for batch in self.batches for post in batch.deletions]

    async def until(self, what: str, number: int = 1) -> list[Any]:
        async with asyncio.timeout(PATIENCE):
            while len(found := getattr(self, what)) < number:
                await asyncio.sleep(0.01)
        return list(found)


@asynccontextmanager
async def live(channel: DiscordGuild) -> AsyncIterator[Live]:
    """At the gateway, once it has said what there is."""
    told = Live()
    listening = asyncio.create_task(channel.listen(None, told.keep))
    async with asyncio.timeout(PATIENCE):
        while channel._standing is None or not channel._rooms.chosen():
            await asyncio.sleep(0.01)
            if listening.done():
                listening.result()
    yield told
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def started(channel: DiscordGuild) -> str | None:
    """The cursor after a first look."""
    return (await channel.poll(None)).cursor


def ids(batch: Batch) -> list[str]:
    return [mention.external_id for mention in batch.mentions]


def answer(to: Mention, text: str = "Gracias") -> Reply:
    return Reply(to=to.id, kind=ReplyKind.THANKS, text=text, language=Language.ES)


def asked_for_history(server: DiscordServer) -> list[str]:
    return [call.path for call in server.calls if call.method == "GET" and call.path.endswith("/messages")]


# --- which rooms are heard ---


async def test_in_a_closed_room_nobody_is_heard_neither_told_nor_found_after_a_gap(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    office = server.world.room(server.guild, "equipo")
    async with opened(channels=["#soporte", "#equipo"]) as channel:
        channel._session.closed.add(office.id)
        cursor = await started(channel)
        server.say(office, ana, f"{server.summons} uno")
        found = await channel.poll(cursor)
        async with live(channel) as told:
            server.say(office, ana, f"{server.summons} dos")
            heard = server.say(room, ana, "mi pedido no llega")
            await told.until("mentions")
            missed = await channel.poll(found.cursor)

    assert ids(found) == []
    assert [mention.external_id for mention in told.mentions] == [heard.id]
    assert ids(missed) in ([], [heard.id])


async def test_in_a_chosen_channel_everybody_is_heard_and_elsewhere_who_mentions_the_bot(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    general = server.world.room(server.guild, "general")
    async with opened() as channel, live(channel) as told:
        heard = server.say(room, ana, "mi pedido no llega")
        server.say(general, ana, "qué tal todos")
        called = server.say(general, ana, f"{server.summons} ¿hola?")
        mentions = await told.until("mentions", 2)

    assert [mention.external_id for mention in mentions] == [heard.id, called.id]
    assert [mention.summoned for mention in mentions] == [False, True]


async def test_the_role_of_the_bot_means_the_bot(server: DiscordServer, ana: User, room: Room, opened: Opener) -> None:
    general = server.world.room(server.guild, "general")
    async with opened() as channel, live(channel) as told:
        server.say(general, ana, f"<@&{server.bots_role.id}> ayuda")
        [mention] = await told.until("mentions")

    assert mention.summoned
    assert mention.text == "@zarapito ayuda"


async def test_threads_of_a_chosen_channel_are_heard_as_conversations(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    async with opened() as channel, live(channel) as told:
        first = server.say(room, ana, "mi pedido no llega")
        thread = server.world.thread(room, "pedido", ana, of=first)
        server.say(thread, server.person("luz"), "a mí tampoco")
        mentions = await told.until("mentions", 2)

    assert mentions[0].conversation == mentions[1].conversation == thread.id


async def test_posts_of_a_forum_and_all_channels_of_a_category_are_heard(
    server: DiscordServer, ana: User, opened: Opener
) -> None:
    category = server.world.room(server.guild, "Ayuda", Kind.CATEGORY)
    inside = server.world.room(server.guild, "envíos", parent=category)
    forum = server.world.room(server.guild, "preguntas", Kind.FORUM)
    async with opened(channels=["ayuda", forum.id]) as channel:
        cursor = await started(channel)
        post = server.world.thread(forum, "¿cómo devuelvo?", ana)
        said = [server.say(inside, ana, "hola").id, server.say(post, ana, "no encuentro el botón").id]
        batch = await channel.poll(cursor)

    assert sorted(ids(batch)) == sorted(said)


async def test_a_thread_can_be_chosen_by_its_id_even_when_it_sleeps(
    server: DiscordServer, ana: User, opened: Opener
) -> None:
    thread = server.world.thread(server.world.room(server.guild, "general"), "quejas", ana)
    server.world.change(thread, archived=True)
    async with opened(channels=[thread.id]) as channel:
        cursor = await started(channel)
        said = server.say(thread, ana, "sigo esperando")

        assert ids(await channel.poll(cursor)) == [said.id]


async def test_a_direct_message_is_private_and_meant_for_us(
    server: DiscordServer, ana: User, room: Room, opened: Opener
) -> None:
    direct = server.world.dm(ana, server.bot)
    async with opened() as channel, live(channel) as told:
        server.say(direct, ana, "prefiero decirlo aquí")
        [mention] = await told.until("mentions")
        await channel.say(answer(mention), mention, "key-1")

    assert mention.visibility is Visibility.PRIVATE
    assert mention.summoned
    assert mention.conversation == direct.id
    assert mention.url == f"https://discord.com/channels/@me/{direct.id}/{mention.external_id}"
    assert [said.room_id for said in server.said_by_bot()] == [direct.id]


async def test_other_guilds_are_none_of_our_business(
    server: DiscordServer, ana: User, room: Room, opened: Opener
) -> None:
    other = server.world.guild("Otra", ana)
    server.world.join(other, server.bot)
    there = server.world.room(other, "soporte")
    async with opened() as channel, live(channel) as told:
        server.say(there, ana, f"{server.summons} hola")
        server.say(room, ana, "aquí")
        [mention] = await told.until("mentions")

    assert mention.text == "aquí"


async def test_bots_webhooks_and_notices_are_nobody(
    server: DiscordServer, ana: User, room: Room, opened: Opener
) -> None:
    async with opened() as channel, live(channel) as told:
        server.say(room, server.person("contador", bot=True), "van 300")
        server.world.post(room, ana, "novedad", webhook_id="123456789012345678")
        server.world.post(room, ana, "", kind=Says.USER_JOIN)
        server.world.post(room, ana, "de otro canal", extra={"flags": 1 << 1})
        server.say(room, ana, "una persona")
        [mention] = await told.until("mentions")

    assert mention.text == "una persona"


async def test_the_team_speaks_for_the_brand(server: DiscordServer, room: Room, opened: Opener) -> None:
    opened.team = ("@Duena",)
    async with opened() as channel, live(channel) as told:
        server.say(room, server.person("duena"), "lo miramos")
        [mention] = await told.until("mentions")

    assert mention.by_brand


# --- conversations ---


async def test_who_answers_our_answer_goes_on_with_the_conversation_and_addresses_us(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    async with opened() as channel, live(channel) as told:
        question = server.say(room, ana, "¿y mi pedido?")
        [first] = await told.until("mentions")
        receipt = await channel.say(answer(first), first, "key-1")
        ours = server.world.find(receipt.external_id)
        thanks = server.world.post(room, ana, "¡gracias!", answers=ours.id)
        server.say(room, server.person("luz"), "me alegro", answers=thanks)
        mentions = await told.until("mentions", 3)

    assert [mention.conversation for mention in mentions] == [question.id] * 3
    assert [mention.summoned for mention in mentions] == [False, True, False]
    assert mentions[1].in_reply_to == ours.id


async def test_a_new_process_finds_the_conversation_two_answers_up(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    async with opened() as channel:
        cursor = await started(channel)
    question = server.say(room, ana, "¿y mi pedido?")
    ours = server.say(room, server.bot, "va", answers=question)
    thanks = server.say(room, ana, "¡gracias!", answers=ours)
    async with opened() as channel:
        mentions = {mention.external_id: mention for mention in (await channel.poll(cursor)).mentions}

    assert mentions[thanks.id].conversation == question.id


# --- how messages read ---


async def test_markup_is_told_in_words(server: DiscordServer, room: Room, ana: User, opened: Opener) -> None:
    text = (
        f"<@{ana.id}> en <#{room.id}> <@&{server.bots_role.id}> <:enfado:123> <t:1700000000:R> </devolver:45> <@1> "
        "<id:guide> <b>"
    )
    async with opened() as channel, live(channel) as told:
        server.say(room, ana, text)
        [mention] = await told.until("mentions")

    assert mention.text == ("@ana en #soporte @zarapito :enfado: 2023-11-14 22:13 UTC /devolver @somebody #guide <b>")


async def test_what_is_attached_is_told_in_words(server: DiscordServer, room: Room, ana: User, opened: Opener) -> None:
    picture = {
        "id": "1",
        "filename": "caja.jpg",
        "content_type": "image/jpeg",
        "description": "una caja rota",
        "url": "x",
    }
    paper = {"id": "2", "filename": "factura.pdf", "content_type": "application/pdf"}
    beside = {"sticker_items": [{"id": "3", "name": "grr"}], "poll": {"question": {"text": "¿os llega?"}}}
    async with opened() as channel, live(channel) as told:
        server.world.post(room, ana, "mirad", attachments=[picture, paper], extra=beside)
        server.world.post(room, ana, "", attachments=[{"filename": "voz.ogg"}], extra={"flags": 1 << 13})
        mentions = await told.until("mentions", 2)

    assert mentions[0].text == (
        "mirad\n[image: una caja rota]\n[file: factura.pdf]\n[sticker: grr]\n[poll: ¿os llega?]"
    )
    assert mentions[1].text == "[voice message]"


async def test_a_mention_tells_where_it_stands(server: DiscordServer, room: Room, ana: User, opened: Opener) -> None:
    async with opened() as channel, live(channel) as told:
        said = server.say(room, ana, "hola")
        [mention] = await told.until("mentions")

    assert mention.url == f"https://discord.com/channels/{server.guild.id}/{room.id}/{said.id}"
    assert (mention.author.account_id, mention.author.name) == (ana.id, "ana")
    assert mention.thread_id is None


# --- the first start ---


async def test_a_fresh_start_begins_with_the_next_message_and_reads_no_history(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    server.say(room, ana, "de ayer")
    async with opened() as channel:
        first = await channel.poll(None)
        assert asked_for_history(server) == []
        fresh = server.say(room, ana, "de ahora")
        second = await channel.poll(first.cursor)

    assert first.mentions == ()
    assert ids(second) == [fresh.id]
    assert not second.mentions[0].backfilled


async def test_as_much_history_as_was_asked_for_is_read_as_history(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    old = [server.world.post(room, ana, f"n {n}", at=time.time() - HOUR + n).id for n in range(30)]
    async with opened(history=10) as channel:
        first = await channel.poll(None)
        second = await channel.poll(first.cursor)

    assert ids(first) == old[-10:]
    assert all(mention.backfilled for mention in first.mentions)
    assert second.mentions == ()


async def test_a_channel_that_is_chosen_later_begins_later(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    other = server.world.room(server.guild, "ideas")
    async with opened() as channel:
        cursor = await started(channel)
    server.say(other, ana, "antes de elegirlo")
    async with opened(channels=["soporte", "ideas"]) as channel:
        batch = await channel.poll(cursor)
        said = server.say(other, ana, "después")
        later = await channel.poll(batch.cursor)

    assert batch.mentions == ()
    assert ids(later) == [said.id]


# --- after a gap ---


async def test_each_room_is_taken_up_where_it_was_left(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    server.state.page = 4
    thread = server.world.thread(room, "uno", ana)
    async with opened() as channel:
        cursor = await started(channel)
    missed = [server.say(place, ana, f"n {n}").id for n in range(6) for place in (room, thread)]
    fresh = server.world.thread(room, "dos", ana)
    missed.append(server.say(fresh, ana, "otro").id)
    async with opened() as channel:
        assert sorted(ids(await channel.poll(cursor))) == sorted(missed)


async def test_what_was_said_in_threads_that_sleep_by_now_is_found(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    old = server.world.thread(room, "antiguo", ana, at=time.time() - 10 * HOUR)
    server.world.post(old, ana, "hace mucho", at=time.time() - 9 * HOUR)
    server.world.change(old, archived=True)
    async with opened() as channel:
        cursor = aged(await started(channel), hours=5)
    woken = server.world.post(old, ana, "sigo aquí", at=time.time() - 3 * HOUR)
    server.world.change(old, archived=True)
    fresh = server.world.thread(room, "nuevo", ana, at=time.time() - 3 * HOUR - 1)
    said = server.world.post(fresh, ana, "hola", at=time.time() - 3 * HOUR)
    server.world.change(fresh, archived=True)
    async with opened() as channel:
        batch = await channel.poll(cursor)

    assert sorted(ids(batch)) == sorted([woken.id, said.id])


def aged(cursor: str | None, *, hours: float) -> str:
    """A cursor as it would be had the service stopped so long ago."""
    place = Place.read(cursor)
    assert place is not None
    step = int(hours * HOUR * 1000) << 22
    seen = {room: message - step for room, message in place.seen.items()}
    return replace(place, began=place.began - step, known=place.known - step, seen=seen).written()


async def test_a_gap_is_read_back_to_a_limit(server: DiscordServer, room: Room, ana: User, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
    said = [server.say(room, ana, f"n {n}").id for n in range(350)]
    server.calls.clear()
    async with opened(catch_up=200) as channel:
        batch = await channel.poll(cursor)

    assert ids(batch) == said[-200:]
    assert len(asked_for_history(server)) == 2


async def test_what_turns_up_late_is_found(server: DiscordServer, room: Room, ana: User, opened: Opener) -> None:
    """R4: a message of 80 seconds ago appears after newer ones were heard."""
    async with opened() as channel:
        cursor = aged(await started(channel), hours=1)
        newer = server.say(room, ana, "nueva")
        batch = await channel.poll(cursor)
        assert ids(batch) == [newer.id]
        late = server.world.post(room, server.person("luz"), "tardía", at=time.time() - 80)

        assert late.id in ids(await channel.poll(batch.cursor))


async def test_rooms_with_nothing_new_are_left_alone(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    server.world.post(room, ana, "vieja", at=time.time() - HOUR)
    async with opened() as channel:
        cursor = await started(channel)
        for _ in range(3):
            cursor = (await channel.poll(cursor)).cursor

    assert asked_for_history(server) == []


async def test_who_wrote_in_private_is_heard_after_the_gap_too(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    direct = server.world.dm(ana, server.bot)
    async with opened() as channel:
        cursor = await started(channel)
        async with live(channel) as told:
            server.say(direct, ana, "hola")
            await told.until("mentions")
        cursor = (await channel.poll(cursor)).cursor
    missed = server.say(direct, ana, "¿hay alguien?")
    async with opened() as channel:
        batch = await channel.poll(cursor)

    assert missed.id in ids(batch)
    assert all(mention.visibility is Visibility.PRIVATE for mention in batch.mentions)


async def test_who_mentioned_us_elsewhere_during_the_gap_is_heard_when_the_gateway_is_back(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    general, secret = server.world.room(server.guild, "general"), server.world.room(server.guild, "secreto")
    secret.overwrites.append(Overwrite(target=server.guild.id, member=False, deny=Permission.VIEW_CHANNEL))
    async with opened() as channel:
        cursor = await started(channel)
    server.say(general, ana, "nada")
    missed = server.say(general, ana, f"{server.summons} ¿hola?")
    server.say(secret, ana, f"{server.summons} aquí no")
    async with opened() as channel, live(channel):
        found = await channel.poll(cursor)
        again = await channel.poll(found.cursor)

    assert ids(found) == [missed.id]
    assert again.mentions == ()
    assert not [path for path in asked_for_history(server) if secret.id in path]


async def test_pages_without_an_end_are_left_and_the_place_is_kept(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    server.state.page = 3
    async with opened() as channel:
        cursor = await started(channel)
        said = [server.say(room, ana, f"n {n}").id for n in range(7)]
        server.state.fault = Fault.ENDLESS_PAGES
        batch = await channel.poll(cursor)

    assert ids(batch) == said
    before, after = Place.read(cursor), Place.read(batch.cursor)
    assert before is not None
    assert after is not None
    assert after.seen[room.id] == before.seen[room.id]
    assert len(asked_for_history(server)) <= 8


@pytest.mark.parametrize("cursor", ["17", "{}", '{"began": 1}', "null", '["a"]'])
async def test_a_cursor_that_is_not_ours_is_a_first_start(
    server: DiscordServer, room: Room, ana: User, opened: Opener, cursor: str
) -> None:
    server.say(room, ana, "de antes")
    async with opened() as channel:
        assert (await channel.poll(cursor)).mentions == ()


# --- what becomes of messages ---


async def test_edits_and_deletions_are_told_live(server: DiscordServer, room: Room, ana: User, opened: Opener) -> None:
    async with opened() as channel, live(channel) as told:
        kept, gone, *many = [server.say(room, ana, f"n {n}") for n in range(4)]
        await told.until("mentions", 4)
        server.world.edit(kept, "roto")
        server.world.delete(gone)
        server.world.delete(*many)
        [edit] = await told.until("edits")
        deletions = await told.until("deletions", 3)

    assert (edit.external_id, edit.text) == (kept.id, "roto")
    assert deletions == [gone.id, *(one.id for one in many)]


async def test_who_edits_us_out_of_a_message_has_edited_it(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    del room
    general = server.world.room(server.guild, "general")
    async with opened() as channel:
        cursor = await started(channel)
        async with live(channel) as told:
            posts = [server.say(general, ana, f"{server.summons} mi número es {n}") for n in range(2)]
            await told.until("mentions", 2)
            server.world.edit(posts[0], "ya está", mentions=[])
            [edit] = await told.until("edits")
            cursor = (await channel.poll(cursor)).cursor
        server.world.edit(posts[1], "ya está también", mentions=[])
        async with live(channel):
            batch = await channel.poll(cursor)

    assert (edit.external_id, edit.text) == (posts[0].id, "ya está")
    assert [each.text for each in batch.edits if each.external_id == posts[1].id] == ["ya está también"]


async def test_a_preview_that_discord_adds_is_no_edit(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    async with opened() as channel, live(channel) as told:
        said = server.say(room, ana, "https://example.invalid")
        await told.until("mentions")
        server.world._tell("MESSAGE_UPDATE", room, said)
        server.say(room, ana, "otra")
        await told.until("mentions", 2)

    assert told.edits == []


async def test_a_thread_that_is_taken_away_takes_its_messages_along(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    thread = server.world.thread(room, "uno", ana)
    async with opened() as channel:
        cursor = await started(channel)
        before = server.say(thread, ana, "contado al preguntar")
        cursor = (await channel.poll(cursor)).cursor
        async with live(channel) as told:
            cursor = (await channel.poll(cursor)).cursor
            said = server.say(thread, ana, "contado en directo")
            await told.until("mentions")
            server.world.remove(thread)
            assert await told.until("deletions") == [said.id]
        assert before.id in (await channel.poll(cursor)).deletions


async def test_what_was_deleted_while_nobody_listened_is_told_later(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        posts = [server.say(room, ana, f"n {n}") for n in range(3)]
        cursor = (await channel.poll(cursor)).cursor
    server.world.delete(posts[1])
    server.world.edit(posts[2], "cambiada")
    async with opened() as channel:
        batch = await channel.poll(cursor)
        again = await channel.poll(batch.cursor)

    assert batch.deletions == (posts[1].id,)
    assert [edit.text for edit in batch.edits] == ["cambiada"]
    assert again.deletions == ()


async def test_losing_the_right_to_read_history_deletes_nothing(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        server.say(room, ana, "sigue ahí")
        cursor = (await channel.poll(cursor)).cursor
        room.overwrites.append(Overwrite(target=server.bot.id, member=True, deny=Permission.READ_MESSAGE_HISTORY))
        hidden = server.say(room, ana, "mientras tanto")
        batch = await channel.poll(cursor)
        room.overwrites.clear()
        found = await channel.poll(batch.cursor)

    assert batch.deletions == ()
    assert hidden.id in ids(found)


# --- what we may ---


async def test_one_channel_that_is_closed_to_us_does_not_keep_the_others_from_being_heard(
    server: DiscordServer, room: Room, ana: User, opened: Opener, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = server.world.room(server.guild, "cerrado")
    closed.overwrites.append(Overwrite(target=server.guild.id, member=False, deny=Permission.VIEW_CHANNEL))
    async with opened(channels=["soporte", "cerrado", "soporta"]) as channel:
        cursor = await started(channel)
        heard, missed = server.say(room, ana, "hola"), server.say(closed, ana, "¿hay alguien?")
        batch = await channel.poll(cursor)
        await channel.poll(batch.cursor)
        closed.overwrites.clear()
        found = await channel.poll(batch.cursor)

    assert ids(batch) == [heard.id]
    assert missed.id in ids(found)
    said = capsys.readouterr().out
    assert said.count("does not let the bot read #cerrado") == 1
    assert said.count("no channel soporta (did you mean soporte?)") == 1


async def test_when_no_chosen_channel_can_be_read_we_are_refused(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        room.overwrites.append(Overwrite(target=server.guild.id, member=False, deny=Permission.VIEW_CHANNEL))
        server.say(room, ana, "hola")
        with pytest.raises(ChannelRefused, match="View Channel and Read Message History"):
            await channel.poll(cursor)


async def test_a_guild_without_the_bot_is_refused(server: DiscordServer, ana: User, opened: Opener) -> None:
    other = server.world.guild("Otra", ana)
    async with opened(guild=other.id) as channel:
        with pytest.raises(ChannelRefused, match="Missing Access"):
            await channel.poll(None)


async def test_messages_that_were_emptied_on_their_way_are_not_heard_as_empty(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    server.state.flags = 0
    async with opened() as channel:
        cursor = await started(channel)
        said = server.say(room, ana, "no me leéis")
        with pytest.raises(ContentsHidden, match="Message Content Intent"):
            await channel.poll(cursor)
        with pytest.raises(ContentsHidden):
            await channel.listen(None, Live().keep)
    server.state.flags = 1 << 19
    async with opened() as channel:
        assert ids(await channel.poll(cursor)) == [said.id]


async def test_without_that_right_mentions_and_direct_messages_are_heard_all_the_same(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    server.state.flags = 0
    async with opened(channels=[], message_content=False) as channel:
        told = Live()
        listening = asyncio.create_task(channel.listen(None, told.keep))
        async with asyncio.timeout(PATIENCE):
            while not server.gateway.sessions:
                await asyncio.sleep(0.01)
        server.say(room, ana, "entre nosotros")
        server.say(room, ana, f"{server.summons} hola")
        server.say(server.world.dm(ana, server.bot), ana, "en privado")
        mentions = await told.until("mentions", 2)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)

    assert [mention.text for mention in mentions] == ["@zarapito hola", "en privado"]
    assert not server.gateway.identified[0]["intents"] & 1 << 15


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"message_content": False}, "[channels.discord] channels needs message_content = true"),
        ({"guild": "mi tienda"}, "[channels.discord] guild: "),
        ({"silence_seconds": 0}, "[channels.discord] silence_seconds: "),
    ],
)
def test_a_table_that_makes_no_sense_is_one_sentence(opened: Opener, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        opened(**changes)

    assert str(caught.value).startswith(said)


def test_ids_may_be_written_as_numbers(opened: Opener) -> None:
    settings = CHANNEL.settings(token="x" * 3, guild=123456789012345678, channels=[223456789012345678])

    assert (settings.guild, settings.channels) == ("123456789012345678", ("223456789012345678",))


async def test_a_check_tells_what_the_bot_may(
    server: DiscordServer, room: Room, ana: User, opened: Opener, tmp_path: Path
) -> None:
    closed = server.world.room(server.guild, "cerrado")
    closed.overwrites.append(Overwrite(target=server.guild.id, member=False, deny=Permission.VIEW_CHANNEL))
    mute = server.world.room(server.guild, "avisos")
    mute.overwrites.append(Overwrite(target=server.guild.id, member=False, deny=Permission.SEND_MESSAGES))
    server.world.room(server.guild, "Ayuda", Kind.CATEGORY)
    asleep = server.world.thread(mute, "quejas", ana)
    server.world.change(asleep, archived=True)
    table = opened.table(channels=["soporte", "#cerrado", mute.id, "ayuda", asleep.id, "nada"])
    del table["kind"]
    assert CHANNEL.check is not None
    account = await CHANNEL.check("discord", CHANNEL.settings(**table), Surroundings(home=tmp_path, accounts=()))
    server.state.flags = 0
    blind = await CHANNEL.check("discord", CHANNEL.settings(**table), Surroundings(home=tmp_path, accounts=()))

    assert account.identity == f"zarapito ({server.bot.id}) · Zarapito"
    assert account.rights == (
        "reads what people write (Message Content Intent)",
        "#soporte: reads and answers",
        "#cerrado: cannot be read (grant View Channel, Read Message History, Send Messages, Send Messages in Threads)",
        "#avisos: reads, and cannot always answer (grant Send Messages)",
        "#Ayuda: reads and answers",
        "#quejas: reads, and cannot always answer (grant Send Messages)",
        "#nada: no such channel",
    )
    assert "1000 of 1000 starts of the gateway left today" in account.limits
    assert blind.rights[0].startswith("does not read the channels: ")
    assert server.gateway.identified == []


# --- answering ---


async def heard(server: DiscordServer, channel: DiscordGuild, place: Room, text: str = "hola") -> Mention:
    """A mention that waits for its answer."""
    cursor = await started(channel)
    said = server.say(place, server.person("ana"), text)
    return next(one for one in (await channel.poll(cursor)).mentions if one.external_id == said.id)


async def test_an_answer_carries_its_key_and_disturbs_nobody(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    async with opened() as channel:
        to = await heard(server, channel, room)
        text = f"Hola @everyone <@{ana.id}> <@&{server.bots_role.id}>, va en camino"
        await channel.say(answer(to, text), to, "reply:discord:1:" + "x" * 200)

    [call] = [call for call in server.calls if call.method == "POST"]
    assert call.body["allowed_mentions"] == {"parse": []}
    assert call.body["enforce_nonce"] is True
    assert call.body["nonce"] == nonce_of("reply:discord:1:" + "x" * 200)
    assert len(call.body["nonce"]) <= 25
    assert call.body["message_reference"]["message_id"] == to.external_id
    [said] = server.said_by_bot()
    assert said.pings == set()
    assert not said.mention_everyone


async def test_the_same_key_from_a_new_process_is_the_same_message(
    server: DiscordServer, room: Room, opened: Opener
) -> None:
    async with opened() as channel:
        to = await heard(server, channel, room)
        first = await channel.say(answer(to), to, "key-1")
    async with opened() as channel:
        again = await channel.say(answer(to), to, "key-1")

    assert first.external_id == again.external_id
    assert len(server.said_by_bot()) == 1


async def test_after_minutes_an_answer_is_found_in_the_history(
    server: DiscordServer, room: Room, opened: Opener
) -> None:
    server.state.page = 5
    async with opened() as channel:
        to = await heard(server, channel, room)
        for n in range(12):
            server.say(room, server.person("luz"), f"entre medias {n}", answers=server.world.find(to.external_id))
        receipt = await channel.say(answer(to), to, "key-1")
        assert await channel.said("key-2", to) is None
    async with opened() as channel:
        found = await channel.said("key-1", to)

    assert found is not None
    assert found.external_id == receipt.external_id


async def test_where_history_tells_the_nonce_another_key_is_another_answer(
    server: DiscordServer,
    room: Room,
    opened: Opener,
) -> None:
    async with opened() as channel:
        to = await heard(server, channel, room)
        receipt = await channel.say(answer(to), to, "key-1")
    ours = server.world.find(receipt.external_id)
    ours.extra = {"nonce": ours.nonce}
    async with opened() as channel:
        assert await channel.said("key-2", to) is None
        assert await channel.said("key-1", to) is not None


async def test_answers_that_discord_does_not_want_are_refused_with_its_reason(
    server: DiscordServer, room: Room, ana: User, opened: Opener
) -> None:
    thread = server.world.thread(room, "uno", ana)
    async with opened() as channel:
        to = await heard(server, channel, thread)
        server.world.change(thread, locked=True)
        with pytest.raises(ChannelRefused, match="Thread is locked"):
            await channel.say(answer(to), to, "key-1")
        async with live(channel) as told:
            server.say(server.world.dm(ana, server.bot), ana, "hola")
            [direct] = await told.until("mentions")
        ana.closed_to.add(server.bot.id)
        with pytest.raises(ChannelRefused, match="Cannot send messages to this user"):
            await channel.say(answer(direct), direct, "key-2")
        with pytest.raises(ChannelRefused, match="not known where"):
            await channel.say(answer(to), replace(to, url=None), "key-3")

    assert server.said_by_bot() == []


async def test_what_fails_is_not_asked_twice(server: DiscordServer, room: Room, opened: Opener) -> None:
    async with opened() as channel:
        to = await heard(server, channel, room)
        server.state.fault = Fault.SERVER_ERROR
        with pytest.raises(ChannelUnavailable, match="in trouble"):
            await channel.say(answer(to), to, "key-1")

    assert len([call for call in server.calls if call.method == "POST"]) == 1
