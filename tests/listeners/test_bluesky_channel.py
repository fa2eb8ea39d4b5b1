"""What only Bluesky does: answers under keys of ours, sessions that end, threads of others, times that authors tell."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.action import Reply, ReplyKind
from bot.domain.errors import ChannelRefused, ChannelUnavailable, ConfigError
from bot.domain.mention import Batch, Mention
from bot.domain.ports.channel import Surroundings
from bot.domain.reading import Language
from listeners import bluesky_listings
from listeners.bluesky import CHANNEL, Bluesky
from listeners.bluesky_key import record_key
from listeners.bluesky_listings import LATE, Listing
from listeners.bluesky_place import Place, Spot
from listeners.bluesky_posts import Post, Views
from listeners.bluesky_wire import facets, seconds_to_wait
from listeners.registry import open_channel
from tests.contracts.stage import Fault
from tests.servers.bluesky.server import PASSWORD, BlueskyServer, bluesky_server
from tests.servers.bluesky.world import Json
from tests.servers.bluesky.world import Post as Record

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
US = "did:plc:zzzzzzzzzzzzzzzzzzzzzzzz"
THEM = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
HOME = Surroundings(home=Path(), accounts=("zarapito",))


@pytest.fixture
async def server() -> AsyncIterator[BlueskyServer]:
    async with bluesky_server() as running:
        yield running


class Opener:
    """Opens the channel over the server."""

    def __init__(self, server: BlueskyServer) -> None:
        self._server = server

    def __call__(self, around: Surroundings = HOME, **changes: Any) -> AbstractAsyncContextManager[Any]:
        table = {"handle": "zarapito.test", "app_password": PASSWORD, "base_url": self._server.url}
        return open_channel("sky", {"kind": "bluesky", **table, **changes}, around)


@pytest.fixture
def opened(server: BlueskyServer) -> Opener:
    return Opener(server)


def written(server: BlueskyServer, text: str = "@zarapito.test hola", *, who: str = "ana", **about: Any) -> Record:
    return server.world.write(server.world.account(who), text, **about)


def answer(to: Mention, text: str = "Gracias", language: Language = Language.ES) -> Reply:
    return Reply(to=to.id, kind=ReplyKind.THANKS, text=text, language=language)


async def started(channel: Bluesky) -> str | None:
    """The cursor after a first look, so that what comes is no history."""
    return (await channel.poll(None)).cursor


async def heard(channel: Bluesky, cursor: str | None) -> Mention:
    [mention] = (await channel.poll(cursor)).mentions
    return mention


def ids(batch: Batch) -> list[str]:
    return [mention.external_id for mention in batch.mentions]


def records(server: BlueskyServer) -> list[Json]:
    return [call.body["record"] for call in server.asked_for("putRecord")]


# --- the key ---


def test_a_key_is_the_same_for_ever_and_tells_when() -> None:
    key = record_key("key-1", NOON)

    assert key == record_key("key-1", NOON) == "3n2qjxwph3svn"
    assert timedelta(0) <= told_by(key) - NOON < timedelta(seconds=1)
    assert re.fullmatch("[234567a-j][234567a-z]{12}", key)
    assert len({record_key(f"key-{number}", NOON) for number in range(2_000)}) == 2_000
    assert record_key("key-1", NOON - timedelta(seconds=1)) < key < record_key("key-1", NOON + timedelta(seconds=1))


def told_by(key: str) -> datetime:
    """The moment in a TID: all but the last ten of its 65 bits, in microseconds since 1970."""
    number = 0
    for letter in key:
        number = number * 32 + "234567abcdefghijklmnopqrstuvwxyz".index(letter)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number >> 10)


@pytest.mark.parametrize("year", [1, 1969, 1970, 2026, 9999])
def test_a_key_is_one_whatever_the_clock_told(year: int) -> None:
    assert re.fullmatch("[234567a-j][234567a-z]{12}", record_key("key-1", datetime(year, 3, 4, tzinfo=UTC)))


# --- answers ---


async def test_an_answer_names_the_thread_and_what_it_answers(server: BlueskyServer, opened: Opener) -> None:
    root = written(server, "mi lámpara", who="luz")
    async with opened() as channel:
        cursor = await started(channel)
        post = written(server, reply=server.world.answer_to(root))
        to = await heard(channel, cursor)
        receipt = await channel.say(answer(to), to, "key-1")

    [record] = records(server)
    assert record["reply"]["root"]["uri"] == to.thread_id == root.uri
    assert record["reply"]["parent"] == {"uri": post.uri, "cid": post.cid, "$type": "com.atproto.repo.strongRef"}
    assert record["langs"] == ["es"]
    assert receipt.external_id == f"at://{server.brand.did}/app.bsky.feed.post/{record_key('key-1', to.posted_at)}"


async def test_an_answer_is_written_once_by_two_processes(server: BlueskyServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        written(server)
        to = await heard(channel, cursor)
        first = await channel.say(answer(to), to, "key-1")
    async with opened() as channel:
        again = await channel.say(answer(to, "Gracias otra vez"), to, "key-1")

    assert (again.external_id, again.at) == (first.external_id, first.at.replace(microsecond=again.at.microsecond))
    assert len(records(server)) == 1


async def test_links_and_the_authors_handle_are_links_in_the_answer(server: BlueskyServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        written(server)
        to = await heard(channel, cursor)
        text = "👋 Hola @ana.test y @luz.test: https://zarapito.example/ayuda."
        await channel.say(answer(to, text, Language.OTHER), to, "key-1")

    [record] = records(server)
    marked = {
        text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(): facet["features"][0]
        for facet in record["facets"]
    }
    assert {words: feature["$type"].partition("#")[2] for words, feature in marked.items()} == {
        "@ana.test": "mention",
        "https://zarapito.example/ayuda": "link",
    }
    assert marked["@ana.test"]["did"] == to.author.account_id
    assert "langs" not in record


def test_a_text_without_links_has_none() -> None:
    assert facets("Gracias, lo miramos", {"ana.test": THEM}) == []


async def test_an_author_who_lets_nobody_answer_is_not_answered(server: BlueskyServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        server.closed.add(written(server).uri)
        to = await heard(channel, cursor)
        with pytest.raises(ChannelRefused, match="lets nobody like us answer"):
            await channel.say(answer(to), to, "key-1")

    assert records(server) == []


async def test_a_text_that_is_too_long_is_refused_before_anything_is_asked(
    server: BlueskyServer, opened: Opener
) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        written(server)
        to = await heard(channel, cursor)
        with pytest.raises(ChannelRefused, match="301 characters and the channel takes 300"):
            await channel.say(answer(to, "x" * 301), to, "key-1")
        await channel.say(answer(to, "x" * 300), to, "key-2")

    assert [len(record["text"]) for record in records(server)] == [300]


# --- what is heard ---


async def test_only_who_names_or_answers_us_has_called_us(server: BlueskyServer, opened: Opener) -> None:
    ours = server.world.write(server.brand, "abrimos el domingo")
    async with opened() as channel:
        cursor = await started(channel)
        to_us = written(server, "¿a qué hora?", reply=server.world.answer_to(ours))
        among_them = written(server, "eso digo yo", who="luz", reply=server.world.answer_to(to_us))
        embed = {"$type": "app.bsky.embed.record", "record": {"uri": ours.uri, "cid": ours.cid}}
        quoted = written(server, "vaya horario", embed=embed)
        batch = await channel.poll(cursor)

    told = {mention.external_id: mention for mention in batch.mentions}
    assert {uri: mention.summoned for uri, mention in told.items()} == {
        to_us.uri: True,
        among_them.uri: False,
        quoted.uri: False,
    }
    assert {mention.thread_id for mention in told.values()} == {ours.uri, None}
    assert [reasons for call in server.asked_for("listNotifications") for reasons in _reasons(call.query)][:3] == [
        "mention",
        "reply",
        "quote",
    ]


def _reasons(query: list[tuple[str, str]]) -> list[str]:
    return [value for name, value in query if name == "reasons"]


async def test_what_is_said_with_our_words_is_heard(server: BlueskyServer, opened: Opener) -> None:
    old = written(server, "las Lámparas de siempre")
    async with opened(keywords=['lámparas "', "lámparas", "zarapito tienda"]) as channel:
        first = await heard(channel, None)
        cursor = (await channel.poll(None)).cursor
        fresh = written(server, "me gustan las lámparas", who="luz")
        written(server, "zarapito no es tienda", who="luz")
        batch = await channel.poll(cursor)

    assert (first.external_id, first.backfilled) == (old.uri, True)
    assert fresh.uri in ids(batch)
    assert [mention.summoned for mention in batch.mentions] == [False] * len(batch.mentions)
    assert {dict(call.query)["q"] for call in server.asked_for("searchPosts")} == {'"lámparas"', '"zarapito tienda"'}


async def test_a_search_that_fails_does_not_keep_the_mentions_from_being_heard(
    server: BlueskyServer, opened: Opener
) -> None:
    async with opened(keywords=["lámparas"]) as channel:
        cursor = await started(channel)
        call, hit = written(server), written(server, "me gustan las lámparas", who="luz")
        server.fault, server.fails_in = Fault.FORBIDDEN, "searchPosts"
        half = await channel.poll(cursor)
        server.fault = None
        whole = await channel.poll(half.cursor)

    assert ids(half) == [call.uri]
    assert isinstance(half.fault, ChannelRefused)
    assert hit.uri in ids(whole)
    assert whole.fault is None
    assert not any(mention.backfilled for mention in whole.mentions)


async def test_a_post_whose_authors_clock_is_slow_is_found(server: BlueskyServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        written(server, at=datetime.now(UTC) - timedelta(hours=1))
        cursor = (await channel.poll(cursor)).cursor
        prompt = written(server)
        cursor = (await channel.poll(cursor)).cursor
        late = written(server, who="luz", at=datetime.now(UTC) - timedelta(minutes=10))
        batch = await channel.poll(cursor)

    assert {late.uri, prompt.uri} <= set(ids(batch))


async def test_a_clock_that_is_ahead_is_not_believed(server: BlueskyServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        written(server, at=datetime.now(UTC) + timedelta(days=400))
        mention = await heard(channel, cursor)

    assert abs(datetime.now(UTC) - mention.posted_at) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("embed", "said"),
    [
        ({"$type": "app.bsky.embed.images", "images": [{"alt": "rota"}, {"alt": ""}, 7]}, "mira\n[image: rota]"),
        ({"$type": "app.bsky.embed.video", "alt": "cómo suena"}, "mira\n[video: cómo suena]"),
        (
            {
                "$type": "app.bsky.embed.recordWithMedia",
                "media": {"$type": "app.bsky.embed.images", "images": [{"alt": "rota"}]},
            },
            "mira\n[image: rota]",
        ),
        ({"$type": "app.bsky.embed.external", "external": {"uri": "https://a.example"}}, "mira"),
        ("strange", "mira"),
    ],
)
def test_media_are_told_in_words(embed: object, said: str) -> None:
    assert mention_of({"text": "mira", "embed": embed}).text == said


@pytest.mark.parametrize(
    ("embed", "said"),
    [
        ({"$type": "app.bsky.embed.images", "images": [{"alt": ""}]}, "[image]"),
        ({"$type": "app.bsky.embed.images", "images": [{"alt": "rota"}]}, "[image: rota]"),
        ({"$type": "app.bsky.embed.recordWithMedia", "media": {"$type": "app.bsky.embed.video"}}, "[video]"),
        ({"$type": "app.bsky.embed.external", "external": {"uri": "https://a.example"}}, "[link]"),
        ({"$type": "app.bsky.embed.record"}, "[quote]"),
        ({"$type": "example.tomorrow"}, ""),
        (None, ""),
    ],
)
def test_a_post_without_a_word_is_told_as_what_it_is(embed: object, said: str) -> None:
    assert mention_of({"text": "", "embed": embed}).text == said


@pytest.mark.parametrize(
    ("langs", "hint"),
    [(["es"], "es"), (["es-MX"], "es"), (["es", "en"], None), ([7], None), ("es", None), (None, None)],
)
def test_a_language_is_a_hint_when_it_is_one(langs: object, hint: str | None) -> None:
    assert mention_of({"text": "hola", "langs": langs}).language_hint == hint


def mention_of(record: object, **about: Any) -> Mention:
    post = Post.model_validate({"uri": f"at://{THEM}/app.bsky.feed.post/3laaaaaaaaaaa", "record": record, **about})
    return Views("sky", US).mention(post, backfilled=False)


def test_the_stranger_a_post_is_the_less_of_it_is_read() -> None:
    record = {
        "text": None,
        "createdAt": "0001-01-01T00:00:00Z",
        "reply": {"root": 7, "parent": {"uri": "x"}},
        "facets": 7,
    }
    mention = mention_of(record, author={"handle": "handle.invalid"}, indexedAt="soon")

    assert (mention.text, mention.thread_id, mention.in_reply_to, mention.summoned) == ("", None, None, False)
    assert mention.author.account_id == mention.author.name == THEM
    assert mention.posted_at.year >= 1970
    assert mention.url == f"https://bsky.app/profile/{THEM}/post/3laaaaaaaaaaa"


@pytest.mark.parametrize(
    ("author", "is_heard"),
    [
        ({"did": THEM, "handle": "ana.test"}, True),
        ({"did": THEM, "handle": "Reloj.test"}, False),
        ({"did": THEM, "labels": [{"src": THEM, "val": "bot"}]}, False),
        ({"did": THEM, "labels": [{"src": THEM, "val": "bot", "neg": True}]}, True),
        ({"did": THEM, "labels": [{"src": US, "val": "bot"}]}, True),
        ("strange", True),
    ],
)
def test_who_says_to_be_a_machine_is_one(author: object, is_heard: bool) -> None:
    post = Post.model_validate({"uri": f"at://{THEM}/app.bsky.feed.post/3laaaaaaaaaaa", "author": author})

    assert Views("sky", US, ignored=frozenset({"reloj.test"})).is_heard(post) is is_heard


async def test_an_account_of_ours_is_the_brands_voice_by_its_whole_handle(
    server: BlueskyServer, opened: Opener
) -> None:
    async with opened(Surroundings(home=Path(), accounts=("tienda", "@Prensa.test"))) as channel:
        cursor = await started(channel)
        for who in ("prensa", "tienda", "ana"):
            written(server, who=who)
        batch = await channel.poll(cursor)

    assert {mention.author.name: mention.by_brand for mention in batch.mentions} == {
        "prensa.test": True,
        "tienda.test": False,
        "ana.test": False,
    }


async def test_a_row_that_cannot_be_read_keeps_nobody_else_from_being_heard(
    server: BlueskyServer, opened: Opener
) -> None:
    server.broken_rows = [{"reason": "mention"}, 7, None, {"uri": "at://x"}]
    async with opened() as channel:
        cursor = await started(channel)
        post = written(server)

        assert ids(await channel.poll(cursor)) == [post.uri]


# --- where it resumes ---


def found(*ago: float) -> Listing:
    listing = Listing()
    listing.take([Post.model_validate(_listed(number, seconds)) for number, seconds in enumerate(ago)])
    return listing


def _listed(number: int, ago: float) -> Json:
    at = (NOON - timedelta(seconds=ago)).isoformat()
    return {"uri": f"at://{THEM}/app.bsky.feed.post/{number}", "reason": "mention", "indexedAt": at}


def test_a_listing_has_settled_up_to_what_is_old_enough() -> None:
    late = LATE.total_seconds()
    listing = found(0, late - 1, late, late + 60)
    settled = NOON - LATE

    assert listing.read_up_to(None, NOON) == Spot(began=NOON, settled=settled)
    assert listing.read_up_to(None, NOON + timedelta(hours=1)).settled == settled
    newer = Spot(began=None, settled=settled + timedelta(seconds=1))
    assert listing.read_up_to(newer, NOON) == newer


def test_a_listing_that_contradicts_itself_or_is_empty_settles_nothing() -> None:
    before = Spot(began=None, settled=NOON - timedelta(days=1))
    listing = found(4_000)
    listing.whole = False

    assert listing.read_up_to(before, NOON) == before
    assert Listing().read_up_to(before, NOON) == before
    assert Listing().read_up_to(None, NOON) == Spot(began=None, settled=None)


def test_a_place_is_read_as_it_was_written() -> None:
    place = Place(
        spots={"mentions": Spot(began=NOON, settled=None)}, watched=("at://x",), checked=NOON - timedelta(minutes=1)
    )

    assert Place.read(place.written()) == place


@pytest.mark.parametrize("cursor", ["{}", "17", '{"spots":{"a":["1","2"]},"watched":[],"checked":null}', "[]", "no"])
def test_a_cursor_of_another_channel_is_a_first_start(cursor: str) -> None:
    assert Place.read(cursor) == Place()


async def test_of_what_was_there_before_only_the_newest_is_read(
    server: BlueskyServer, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bluesky_listings, "HISTORY", 4)
    server.page = 2
    posts = [written(server, f"@zarapito.test {number}").uri for number in range(7)]
    async with opened() as channel:
        batch = await channel.poll(None)

    assert ids(batch) == posts[-4:]
    assert all(mention.backfilled for mention in batch.mentions)


async def test_a_look_stops_at_the_first_page_that_is_all_old(server: BlueskyServer, opened: Opener) -> None:
    server.page = 2
    async with opened() as channel:
        cursor = await started(channel)
        for number in range(9):
            written(server, f"@zarapito.test {number}", at=datetime.now(UTC) - timedelta(hours=9 - number))
        cursor = (await channel.poll(cursor)).cursor
        before = len(server.calls)
        await channel.poll(cursor)

    # what has settled is read again until the first page behind it
    assert len(server.calls) - before == 2


# --- deletions ---


async def test_what_a_list_leaves_out_is_asked_for_by_itself_before_it_is_forgotten(
    server: BlueskyServer, opened: Opener
) -> None:
    async with opened(recheck_hours=1e-9) as channel:
        cursor = await started(channel)
        posts = [written(server, f"@zarapito.test {number}").uri for number in range(30)]
        cursor = (await channel.poll(cursor)).cursor
        del server.world.posts[posts[3]]
        server.left_out.add(posts[4])
        batch = await channel.poll(cursor)

    assert batch.deletions == (posts[3],)
    assert Place.read(batch.cursor).watched == (*posts[:3], *posts[4:])


async def test_deletions_are_looked_up_no_oftener_than_wanted(server: BlueskyServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        written(server)
        for _ in range(3):
            cursor = (await channel.poll(cursor)).cursor

    assert server.asked_for("getPosts") == []


# --- the session ---


@pytest.mark.parametrize("opaque", [False, True])
async def test_a_session_is_begun_once(server: BlueskyServer, opened: Opener, *, opaque: bool) -> None:
    server.opaque = opaque
    async with opened() as channel:
        for _ in range(3):
            await channel.poll(None)

    assert len(server.asked_for("createSession")) == 1


async def test_a_session_that_is_about_to_end_is_renewed(server: BlueskyServer, opened: Opener) -> None:
    server.token_seconds = 60
    async with opened() as channel:
        await channel.poll(None)
        server.token_seconds = 7_200
        await channel.poll(None)
        await channel.poll(None)

    assert len(server.asked_for("createSession")) == 1
    assert 1 <= len(server.asked_for("refreshSession")) <= 2


async def test_a_session_that_was_ended_is_begun_anew_by_the_next_poll(server: BlueskyServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        session = channel._wire._client._session
        server.ended |= {session.access_jwt, session.refresh_jwt}
        with pytest.raises(ChannelUnavailable, match="logging in anew"):
            await channel.poll(cursor)
        post = written(server)

        assert ids(await channel.poll(cursor)) == [post.uri]
    assert len(server.asked_for("createSession")) == 2


async def test_a_wrong_password_is_refused_and_not_shown(server: BlueskyServer, opened: Opener) -> None:
    async with opened(app_password="canary-wrong") as channel:  # noqa: S106 - it is wrong on purpose
        with pytest.raises(ChannelRefused, match="Invalid identifier or password") as caught:
            await channel.poll(None)

    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"ratelimit-reset": str(int(NOON.timestamp()) + 30), "date": "Fri, 20 Nov 2026 12:00:00 GMT"}, 31),
        ({"ratelimit-reset": "1", "date": "Fri, 20 Nov 2026 12:00:00 GMT"}, 1),
        ({"retry-after": "12"}, 12),
        ({"ratelimit-reset": "soon"}, None),
        ({}, None),
    ],
)
def test_how_long_a_limit_lasts(headers: dict[str, str], seconds: float | None) -> None:
    assert seconds_to_wait(headers) == seconds


# --- the account, the settings, the weight ---


async def test_a_check_tells_what_people_need_to_know(server: BlueskyServer) -> None:
    assert CHANNEL.check is not None
    settings = CHANNEL.settings(handle="zarapito.test", app_password=PASSWORD, base_url=server.url)
    account = await CHANNEL.check("sky", settings, HOME)

    assert account.identity == f"@zarapito.test ({server.brand.did})"
    assert any("not marked as automated" in note for note in account.notes)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"handle": "zarapito"}, "handle"),
        ({"keywords": ["x"]}, "keywords"),
        ({"base_url": "bsky.social"}, "base_url"),
        ({"recheck_hours": 0}, "recheck_hours"),
    ],
)
def test_a_table_that_cannot_work_is_told(changes: dict[str, Any], key: str) -> None:
    table = {"kind": "bluesky", "handle": "zarapito.test", "app_password": PASSWORD, **changes}
    with pytest.raises(ConfigError, match=rf"^\[channels\.sky\] {key}"):
        open_channel("sky", table, HOME)


def test_whoever_does_not_listen_to_bluesky_does_not_pay_for_it() -> None:
    look = "import sys, listeners.bluesky; print(sorted(name for name in sys.modules if 'atproto' in name))"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
