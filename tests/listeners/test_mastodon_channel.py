"""What only Mastodon does: answers as visible as the post, hashtags beside mentions, threads, edits looked up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.domain.action import Reply, ReplyKind
from bot.domain.errors import ChannelError, ChannelRefused, ConfigError
from bot.domain.mention import Batch, Mention, Visibility
from bot.domain.ports.channel import Surroundings
from bot.domain.reading import Language
from listeners import mastodon_listings
from listeners.mastodon import CHANNEL, Mastodon, StreamedMastodon, counted
from listeners.mastodon_listings import Entry, Listing, mentions
from listeners.mastodon_place import Place, Spot
from listeners.mastodon_posts import Person, Post, Views, as_named_on
from listeners.mastodon_wire import Event, Wire, seconds_to_wait
from listeners.registry import open_channel
from tests.servers.mastodon.people import ELSEWHERE
from tests.servers.mastodon.server import BEARER, MastodonServer, mastodon_server

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOME = Surroundings(home=Path(), accounts=("zarapito",))


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[MastodonServer]:
    async with mastodon_server(tmp_path) as running:
        yield running


class Opener:
    """Opens the channel over the server, polled only unless told otherwise."""

    def __init__(self, server: MastodonServer) -> None:
        self._server = server

    def __call__(self, around: Surroundings = HOME, **changes: Any) -> AbstractAsyncContextManager[Any]:
        table = {"kind": "mastodon", "base_url": self._server.url, "access_token": BEARER, "stream": False, **changes}
        return open_channel("fedi", table, around)


@pytest.fixture
def opened(server: MastodonServer) -> Opener:
    return Opener(server)


def answer(to: Mention, text: str = "Gracias", language: Language = Language.ES) -> Reply:
    return Reply(to=to.id, kind=ReplyKind.THANKS, text=text, language=language)


async def started(channel: Mastodon) -> str | None:
    """The cursor after a first look, so that what comes is no history."""
    return (await channel.poll(None)).cursor


async def heard(channel: Mastodon, cursor: str | None) -> Mention:
    [mention] = (await channel.poll(cursor)).mentions
    return mention


def posted(server: MastodonServer) -> list[dict[str, Any]]:
    return [call.body for call in server.calls if call.method == "POST"]


def asked_for(server: MastodonServer, path: str) -> list[list[tuple[str, str]]]:
    return [call.query for call in server.calls if call.path == path]


def ids(batch: Batch) -> list[str]:
    return [mention.external_id for mention in batch.mentions]


# --- answers ---


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private", "direct"])
async def test_an_answer_is_as_visible_as_what_it_answers_and_names_its_author(
    server: MastodonServer, opened: Opener, visibility: str
) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        server.people.write("ana", "@zarapito ¿y mi lámpara?", visibility=visibility)
        to = await heard(channel, cursor)
        await channel.say(answer(to), to, "key-1")

    [body] = posted(server)
    assert body["visibility"] == visibility
    assert body["status"] == "@ana@elsewhere.example Gracias"
    assert body["language"] == "es"
    assert (to.visibility is Visibility.PRIVATE) == (visibility in ("private", "direct"))


@pytest.mark.parametrize(("visibility", "answered"), [("", "direct"), ("limited", "direct"), ("public", "public")])
def test_what_has_an_unknown_visibility_is_answered_in_private(visibility: str, answered: str) -> None:
    assert Post(id="1", visibility=visibility).answered_as == answered


async def test_an_author_who_is_named_already_is_not_named_twice(server: MastodonServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        server.people.write("ana", "@zarapito hola")
        to = await heard(channel, cursor)
        await channel.say(answer(to, "Hola, @Ana@elsewhere.example.", Language.OTHER), to, "key-1")

    [body] = posted(server)
    assert body["status"] == "Hola, @Ana@elsewhere.example."
    assert "language" not in body


async def test_every_process_sends_the_same_key_with_the_same_answer(server: MastodonServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        server.people.write("ana", "@zarapito hola")
        to = await heard(channel, cursor)
        first = await channel.say(answer(to), to, "key-1")
    async with opened() as channel:
        again = await channel.say(answer(to), to, "key-1")

    keys = {call.headers["Idempotency-Key"] for call in server.calls if call.method == "POST"}
    assert len(keys) == 1
    assert again.external_id == first.external_id
    assert len(posted(server)) == 2


async def test_a_look_up_does_not_take_one_answer_for_the_other(server: MastodonServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        server.people.write("ana", "@zarapito hola")
        to = await heard(channel, cursor)
        thanks = await channel.say(answer(to), to, "key-1")
        assert await channel.said("key-2", to) is None
        question = await channel.say(answer(to, "¿Todo bien?"), to, "key-2")

        assert (await channel.said("key-1", to)).external_id == thanks.external_id
        assert (await channel.said("key-2", to)).external_id == question.external_id


async def test_a_text_that_is_too_long_with_the_name_before_it_is_refused(
    server: MastodonServer, opened: Opener
) -> None:
    async with opened(limit=40) as channel:
        cursor = await started(channel)
        server.people.write("ana", "@zarapito hola")
        to = await heard(channel, cursor)
        with pytest.raises(ChannelRefused, match="41 characters and the channel takes 40"):
            await channel.say(answer(to, "x" * 36), to, "key-1")
        await channel.say(answer(to, "x" * 35), to, "key-2")

    assert len(posted(server)) == 1


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("hola", 4),
        ("@ana@a-very-long-name.of.a.server.example hola", 9),
        ("https://a.es", 23),
        (f"mira https://zarapito.example/{'a' * 90} y", 30),
        ("una@dos.example", 15),
    ],
)
def test_length_is_counted_as_mastodon_counts(text: str, length: int) -> None:
    assert counted(text) == length


# --- what is heard ---


async def test_a_post_is_read_with_its_warning_its_pictures_and_its_language(
    server: MastodonServer, opened: Opener
) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        post = server.people.write(
            "ana", "@zarapito llegó así\n\n¿y ahora?", warning="enfado", picture="una lámpara rota", language="es-MX"
        )
        mention = await heard(channel, cursor)

    assert mention.text == "enfado\n@zarapito llegó así\n\n¿y ahora?\n[image: una lámpara rota]"
    assert mention.language_hint == "es"
    assert mention.author.name == "ana@elsewhere.example"
    assert mention.url is not None
    assert mention.url.endswith(post)
    assert mention.thread_id is None


async def test_private_mentions_by_strangers_are_asked_for(server: MastodonServer, opened: Opener) -> None:
    async with opened() as channel:
        await started(channel)

    [query] = asked_for(server, "/api/v1/notifications")
    assert ("include_filtered", "true") in query
    assert [value for name, value in query if name == "types[]"] == ["mention", "quote"]


async def test_what_is_said_under_a_hashtag_is_heard_and_nobody_was_called(
    server: MastodonServer, opened: Opener
) -> None:
    async with opened(hashtags=["#Lámparas", "lámparas"]) as channel:
        cursor = await started(channel)
        tagged = server.people.write("ana", "mi nueva #Lámparas de zarapito")
        both = server.people.write("luz", "@zarapito #lámparas")
        batch = await channel.poll(cursor)

    assert [(one.external_id, one.summoned) for one in batch.mentions] == [(tagged, False), (both, True)]
    assert len(asked_for(server, "/api/v1/timelines/tag/lámparas")) == 2


async def test_who_quotes_us_is_heard_and_did_not_call_us(server: MastodonServer, opened: Opener) -> None:
    ours = server.people.write("zarapito", "abrimos el domingo")
    async with opened() as channel:
        cursor = await started(channel)
        quote = server.people.write("ana", "vaya horario", quotes=ours)
        mention = await heard(channel, cursor)

    assert (mention.external_id, mention.summoned) == (quote, False)


async def test_a_post_that_reaches_the_server_late_is_found_under_its_hashtag(
    server: MastodonServer, opened: Opener
) -> None:
    async with opened(hashtags=["lámparas"]) as channel:
        cursor = await started(channel)
        prompt = server.people.write("ana", "#lámparas")
        cursor = (await channel.poll(cursor)).cursor
        late = server.people.write("luz", "#lámparas", id=int(prompt) - 1_000_000)
        batch = await channel.poll(cursor)

    assert late in ids(batch)


async def test_an_answer_to_our_answer_belongs_to_the_conversation(server: MastodonServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        first = server.people.write("ana", "@zarapito hola")
        to = await heard(channel, cursor)
        ours = await channel.say(answer(to), to, "key-1")
        server.people.write("ana", "@zarapito ¿y?", answers=ours.external_id)
        told = {mention.external_id: mention for mention in (await channel.poll(cursor)).mentions}
        [again] = [mention for mention in told.values() if mention.external_id != first]
        before = len(server.calls)
        await channel.poll(cursor)

    assert (again.thread_id, again.in_reply_to) == (first, ours.external_id)
    assert not [call for call in server.calls[before:] if call.path.endswith("/context")]


async def test_history_is_read_without_asking_for_threads_and_only_the_newest(
    server: MastodonServer, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mastodon_listings, "HISTORY", 4)
    server.page = 2
    root = server.people.write("ana", "@zarapito hola")
    for _ in range(5):
        server.people.write("ana", "@zarapito ¿y?", answers=root)
    async with opened() as channel:
        batch = await channel.poll(None)

    assert len(batch.mentions) == 4
    assert all(mention.backfilled for mention in batch.mentions)
    assert not [call for call in server.calls if call.path.endswith("/context")]


async def test_an_account_of_ours_is_the_brands_voice_and_its_namesake_elsewhere_is_not(
    server: MastodonServer, opened: Opener
) -> None:
    async with opened(Surroundings(home=Path(), accounts=("@Tienda", f"@Prensa@{ELSEWHERE}"))) as channel:
        cursor = await started(channel)
        for who in ("tienda", "prensa", "ana"):
            server.people.write(who, "@zarapito lo vemos")
        batch = await channel.poll(cursor)

    assert {mention.author.name.partition("@")[0]: mention.by_brand for mention in batch.mentions} == {
        "tienda": False,
        "prensa": True,
        "ana": False,
    }


def test_an_account_of_this_server_is_named_without_it() -> None:
    ours = as_named_on("Zarapito.example", ["@Tienda", "prensa@zarapito.example", "prensa@otro.example"])

    assert ours == {"tienda", "prensa", "prensa@otro.example"}


def test_boosts_are_not_heard() -> None:
    views = Views("fedi", Person(id="1", acct="zarapito"))

    assert not views.is_heard(Post.model_validate({"id": "2", "reblog": {"id": "1"}}))
    assert views.is_heard(Post.model_validate({"id": "2", "reblog": None, "account": "strange"}))


def test_the_stranger_a_post_is_the_less_of_it_is_read() -> None:
    strange = {
        "id": 7,
        "content": None,
        "account": {"no": "id"},
        "created_at": "0001-01-01T00:00:00Z",
        "in_reply_to_id": "../../x",
        "url": "javascript:alert(1)",
        "uri": "https://elsewhere.example/7",
        "mentions": [{"id": 1}, "x"],
        "media_attachments": ["x", {"description": "algo"}],
        "language": "tok",
    }
    mention = Views("fedi", Person(id="1")).mention(
        Post.model_validate(strange), thread=None, backfilled=False, calls_us=False
    )

    assert (mention.external_id, mention.text, mention.url) == ("7", "[media: algo]", "https://elsewhere.example/7")
    assert (mention.author.account_id, mention.in_reply_to, mention.language_hint) == ("unknown-7", None, None)
    assert mention.posted_at.year > 2000
    assert mention.summoned


async def test_a_row_that_cannot_be_read_keeps_nobody_else_from_being_heard(
    server: MastodonServer, opened: Opener
) -> None:
    server.broken_rows = [{"type": "mention"}, 7, None]
    async with opened() as channel:
        cursor = await started(channel)
        post = server.people.write("ana", "@zarapito hola")

        assert ids(await channel.poll(cursor)) == [post]


# --- where it resumes ---


def entry(id_: str, ago: float) -> Entry:
    return Entry(id=id_, at=NOON - timedelta(seconds=ago), post=None)


def test_a_listing_has_settled_up_to_what_is_old_enough() -> None:
    listing = Listing(source=mentions())
    listing.take([entry("104", 0), entry("103", 90), entry("102", 100), entry("99", 300)])

    assert listing.read_up_to(None, NOON) == Spot(began="104", settled="102")
    assert listing.read_up_to(Spot(began="50", settled="103"), NOON) == Spot(began="50", settled="103")
    # our clock is an hour ahead: the newest entry's counts
    assert listing.read_up_to(None, NOON + timedelta(hours=1)).settled == "102"


def test_a_listing_that_contradicts_itself_settles_nothing() -> None:
    listing = Listing(source=mentions(), whole=False)
    listing.take([entry("104", 300), entry("103", 400)])

    assert listing.read_up_to(None, NOON) == Spot(began="104", settled=None)
    assert listing.read_up_to(Spot(began="50", settled="60"), NOON) == Spot(began="50", settled="60")


@pytest.mark.parametrize("cursor", ["{}", "17", '{"began":"1","mentions":null}', "[]", "not json"])
def test_a_cursor_of_another_channel_is_a_first_start(cursor: str) -> None:
    assert Place.read(cursor, "1@zarapito.example") == Place(account="1@zarapito.example")


async def test_whoever_moves_to_another_server_starts_anew_there_and_forgets_nothing(
    server: MastodonServer, opened: Opener
) -> None:
    people = server.people
    async with opened(recheck_hours=1e-9) as channel:
        kept = json.loads(await started(channel) or "")
        # a large server's numbers, and a post that stands there
        elsewhere = {"mentions": ["990000000000000000", "990000000000000000"]}
        old = json.dumps({**kept, "account": "7@grande.example", "spots": elsewhere, "watched": ["980000000000000000"]})
        first = await channel.poll(old)
        call = people.write("ana", "@zarapito hola")
        after = await channel.poll(first.cursor)

    assert first.deletions == ()
    assert [(mention.external_id, mention.backfilled) for mention in after.mentions] == [(call, False)]


async def test_a_cursor_of_an_earlier_version_still_holds(server: MastodonServer, opened: Opener) -> None:
    async with opened() as channel:
        kept = json.loads(await started(channel) or "")
        del kept["account"]
        call = server.people.write("ana", "@zarapito hola")
        [mention] = (await channel.poll(json.dumps(kept))).mentions

    assert (mention.external_id, mention.backfilled) == (call, False)


async def test_a_hashtag_that_is_added_later_brings_history(server: MastodonServer, opened: Opener) -> None:
    old = server.people.write("ana", "#lámparas de siempre")
    async with opened() as channel:
        cursor = await started(channel)
    async with opened(hashtags=["lámparas"]) as channel:
        mention = await heard(channel, cursor)

    assert (mention.external_id, mention.backfilled) == (old, True)


async def test_a_server_without_links_is_paged_by_ids(server: MastodonServer, opened: Opener) -> None:
    server.page, server.linked = 2, False
    async with opened() as channel:
        cursor = await started(channel)
        posts = [server.people.write("ana", f"@zarapito {number}") for number in range(5)]

        assert ids(await channel.poll(cursor)) == posts


# --- edits and deletions ---


async def test_what_a_list_leaves_out_is_asked_for_by_itself_before_it_is_forgotten(
    server: MastodonServer, opened: Opener
) -> None:
    async with opened(recheck_hours=1e-9) as channel:
        cursor = await started(channel)
        stays, gone = server.people.write("ana", "@zarapito una"), server.people.write("ana", "@zarapito dos")
        cursor = (await channel.poll(cursor)).cursor
        server.people.delete(gone)
        server.left_out.add(stays)
        batch = await channel.poll(cursor)

    assert batch.deletions == (gone,)
    assert json.loads(batch.cursor or "")["watched"] == [stays]


async def test_a_server_that_is_too_old_to_tell_of_edits_is_listened_to(server: MastodonServer, opened: Opener) -> None:
    server.unknown.add("/api/v1/statuses")
    async with opened(recheck_hours=1e-9) as channel:
        cursor = await started(channel)
        first = server.people.write("ana", "@zarapito una")
        cursor = (await channel.poll(cursor)).cursor
        second = server.people.write("ana", "@zarapito dos")
        batch = await channel.poll(cursor)

    assert ids(batch) == [first, second]
    assert batch.deletions == ()


async def test_edits_are_looked_up_no_oftener_than_wanted(server: MastodonServer, opened: Opener) -> None:
    async with opened(recheck_hours=1) as channel:
        cursor = await started(channel)
        server.people.write("ana", "@zarapito una")
        for _ in range(3):
            cursor = (await channel.poll(cursor)).cursor

    assert asked_for(server, "/api/v1/statuses") == []


# --- the stream ---


async def streamed(channel: StreamedMastodon, act: Any, enough: int) -> list[Batch]:
    """What the stream tells of what is done once it stands."""
    batches: list[Batch] = []
    stands, heard_enough = asyncio.Event(), asyncio.Event()

    async def deliver(batch: Batch) -> None:
        stands.set()
        if batch.mentions or batch.edits or batch.deletions:
            batches.append(batch)
        if len(batches) >= enough:
            heard_enough.set()

    listening = asyncio.create_task(channel.listen(None, deliver))
    async with asyncio.timeout(5):
        await stands.wait()
        act()
        await heard_enough.wait()
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    return batches


async def test_the_stream_tells_of_deletions_and_of_edits_that_concern_us(
    server: MastodonServer, opened: Opener
) -> None:
    mine = server.people.write("zarapito", "la brand edita lo suyo")
    async with opened(stream=True) as channel:

        def act() -> None:
            post = server.people.write("ana", "@zarapito me llegó tarde", visibility="direct")
            server.people.edit(mine, "de otra manera")
            server.people.delete(post)

        said, gone = await streamed(channel, act, 2)

    assert [mention.text for mention in said.mentions] == ["@zarapito me llegó tarde"]
    assert gone.deletions == tuple(ids(said))


async def test_events_that_we_do_not_know_are_signs_of_life(server: MastodonServer, opened: Opener) -> None:
    async with opened(stream=True) as channel:
        views = Views("fedi", await channel.me())
        for name, data in (("filters_changed", "undefined"), ("notification", "{"), ("delete", " "), ("update", "{}")):
            assert await channel._heard(Event(name=name, data=data), views) == Batch(mentions=(), cursor=None)


async def test_the_stream_is_where_the_server_says_or_where_the_owner_says(
    server: MastodonServer, opened: Opener
) -> None:
    async with opened(stream=True) as channel:
        assert await channel._streaming_base() == server.url
    async with opened(stream=True, streaming_url="http://127.0.0.1:9/") as channel:
        assert await channel._streaming_base() == "http://127.0.0.1:9/"
    server.unknown.add("/api/v2/instance")
    async with opened(stream=True) as channel:
        assert await channel._streaming_base() == f"{server.url}/"


# --- the account, the wire, the settings ---


async def test_a_check_tells_what_people_need_to_know(server: MastodonServer) -> None:
    assert CHANNEL.check is not None
    settings = CHANNEL.settings(base_url=server.url, access_token=BEARER, limit=300)
    account = await CHANNEL.check("fedi", settings, HOME)

    assert account.identity == "@zarapito@zarapito.example"
    assert "scopes: not told by the server" in account.rights
    assert "the server takes 500 characters: set limit to use them" in account.notes
    assert any("not marked as automated" in note for note in account.notes)


async def test_a_server_that_has_moved_is_told_with_its_new_address(moved_server: str) -> None:
    wire = Wire(moved_server, token=BEARER, timeout_seconds=2)
    with pytest.raises(ChannelError, match=r"set base_url to https://social\.zarapito\.example$"):
        await wire.get("/api/v1/accounts/verify_credentials")
    await wire.close()


@pytest.fixture
async def moved_server() -> AsyncIterator[str]:
    async def moved(request: web.Request) -> web.Response:
        raise web.HTTPMovedPermanently(f"https://social.zarapito.example{request.path_qs}")

    app = web.Application()
    app.router.add_get("/{path:.*}", moved)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-RateLimit-Reset": "2026-11-20T12:05:00.000000Z", "Date": "Fri, 20 Nov 2026 12:00:00 GMT"}, 301),
        ({"X-RateLimit-Reset": str(int(NOON.timestamp()) + 30), "Date": "Fri, 20 Nov 2026 12:00:00 GMT"}, 31),
        ({"X-RateLimit-Reset": "2026-11-20T11:00:00Z", "Date": "Fri, 20 Nov 2026 12:00:00 GMT"}, 1),
        ({"Retry-After": "12"}, 12),
        ({"X-RateLimit-Reset": "soon"}, None),
        ({}, None),
    ],
)
def test_how_long_a_limit_lasts(headers: dict[str, str], seconds: float | None) -> None:
    assert seconds_to_wait(headers) == seconds


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"hashtags": ["dos palabras"]}, "hashtags"),
        ({"hashtags": [f"t{number}" for number in range(11)]}, "hashtags"),
        ({"base_url": "zarapito.example"}, "base_url"),
        ({"limit": 5}, "limit"),
    ],
)
def test_a_table_that_cannot_work_is_told(opened_nowhere: Any, changes: dict[str, Any], key: str) -> None:
    with pytest.raises(ConfigError, match=rf"^\[channels\.fedi\] {key}"):
        opened_nowhere(**changes)


@pytest.fixture
def opened_nowhere() -> Any:
    def opening(**changes: Any) -> Any:
        table = {"kind": "mastodon", "base_url": "https://zarapito.example", "access_token": BEARER, **changes}
        return open_channel("fedi", table, HOME)

    return opening
