"""What only feeds do: stamps, entries that come, change and go, many feeds at once, and how each kind is read."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from aiohttp import web

from bot.domain.errors import ChannelRefused, ChannelUnavailable, ConfigError, RateLimited
from bot.domain.mention import Batch, Mention
from bot.domain.ports.channel import Surroundings
from listeners.feed import CHANNEL
from listeners.feed_entries import read
from listeners.feed_place import Place, Standing
from listeners.feed_wire import LARGEST, Answer, Stamp
from listeners.registry import open_channel
from tests.contracts.stage import Fault
from tests.servers.feed.server import FeedServer, feed_server

HOST = "https://foro.example/feed"
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with feed_server() as running:
        yield running


class Opener:
    """Opens the channel over the server; paths become addresses there."""

    def __init__(self, server: FeedServer, home: Path) -> None:
        self._server, self._home = server, home

    def __call__(self, *feeds: str, **changes: Any) -> AbstractAsyncContextManager[Any]:
        table: dict[str, Any] = {"kind": "feed", "timeout_seconds": 2, "base_url": self._server.url, **changes}
        if feeds:
            table["feeds"] = [f"{self._server.url}{path}" for path in feeds]
        return open_channel("feed", table, Surroundings(home=self._home, accounts=("@Zarapito",)))


@pytest.fixture
def opened(server: FeedServer, tmp_path: Path) -> Opener:
    return Opener(server, tmp_path)


def texts(batch: Batch) -> list[str]:
    return [mention.text for mention in batch.mentions]


def page(body: str | bytes, *, charset: str | None = None, address: str = HOST) -> list[Any]:
    raw = body if isinstance(body, bytes) else body.encode()
    return list(read(Answer(body=raw, charset=charset, stamp=Stamp()), address).entries)


def rss(*items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{"".join(items)}</channel></rss>'


def item(about: str) -> str:
    return f"<item>{about}</item>"


async def one_of(opened: Opener, server: FeedServer, body: str | bytes, kind: str = "text/xml") -> Mention:
    server.raw["/raw"] = (body if isinstance(body, bytes) else body.encode(), kind)
    async with opened("/raw") as channel:
        [mention] = (await channel.poll(None)).mentions
    assert isinstance(mention, Mention)
    return mention


# --- stamps ---


async def test_a_feed_that_has_not_changed_is_not_sent_again(server: FeedServer, opened: Opener) -> None:
    server.write("forum", "hola")
    async with opened("/forum.atom") as channel:
        first = await channel.poll(None)
        again = await channel.poll(first.cursor)

    assert server.asked("/forum.atom") == [200, 304]
    assert server.calls[-1].headers["If-None-Match"]
    assert server.calls[-1].headers["If-Modified-Since"]
    assert again == Batch(mentions=(), cursor=first.cursor)


async def test_a_stamp_is_kept_only_with_the_entries_it_stands_for(server: FeedServer, opened: Opener) -> None:
    async with opened("/forum.atom") as channel:
        cursor = (await channel.poll(None)).cursor
        server.write("forum", "hola")
        lost = await channel.poll(cursor)
        told = await channel.poll(cursor)

    assert texts(lost) == texts(told) == ["hola"]


# --- entries come, change and go ---


async def test_an_entry_that_has_scrolled_out_is_neither_deleted_nor_new_when_it_comes_back(
    server: FeedServer, opened: Opener
) -> None:
    post = server.write("forum", "hola")
    async with opened("/forum.atom") as channel:
        first = await channel.poll(None)
        server.posts["forum"] = []
        gone = await channel.poll(first.cursor)
        server.posts["forum"] = [post]
        back = await channel.poll(gone.cursor)

    assert gone.deletions == gone.mentions == ()
    assert back.mentions == back.edits == ()


async def test_a_new_date_alone_is_no_edit(server: FeedServer, opened: Opener) -> None:
    post = server.write("forum", "hola")
    async with opened("/forum.atom") as channel:
        first = await channel.poll(None)
        post.at += timedelta(seconds=5)
        again = await channel.poll(first.cursor)

    assert server.asked("/forum.atom") == [200, 200]
    assert again.edits == again.mentions == ()


async def test_an_edit_is_told_once_and_under_its_own_id(server: FeedServer, opened: Opener) -> None:
    post = server.write("forum", "hola")
    async with opened("/forum.atom") as channel:
        first = await channel.poll(None)
        post.text = "hola otra vez"
        edited = await channel.poll(first.cursor)
        quiet = await channel.poll(edited.cursor)

    assert [(edit.external_id, edit.text) for edit in edited.edits] == [(post.id, "hola otra vez")]
    assert quiet.edits == ()


async def test_what_was_seen_longest_ago_is_forgotten_first() -> None:
    entries = page(rss(*(item(f"<guid>urn:{number}</guid>") for number in range(1_500))))
    standing = Standing().after(Stamp(), entries[:700]).after(Stamp(), entries[700:1_400])

    assert len(standing.known) == 1_000
    assert not standing.is_new(entries[1_399])
    assert not standing.is_new(entries[699])
    assert standing.is_new(entries[0])


async def test_a_cursor_of_another_channel_is_a_first_start(server: FeedServer, opened: Opener) -> None:
    server.write("forum", "hola")
    async with opened("/forum.atom") as channel:
        for cursor in ("12", '{"began": null}', '{"feeds": {"x": {"etag": 1, "modified": 2, "known": 3}}}', "["):
            [mention] = (await channel.poll(cursor)).mentions
            assert mention.backfilled


# --- pages ---


async def test_pages_are_read_as_far_as_there_is_something_new(server: FeedServer, opened: Opener) -> None:
    server.page = 2
    for number in range(6):
        server.write("forum", f"número {number}")
    async with opened("/forum.atom") as channel:
        first = await channel.poll(None)
        server.calls.clear()
        server.write("forum", "otra")
        more = await channel.poll(first.cursor)

    assert len(first.mentions) == 6
    assert texts(more) == ["otra"]
    assert len(server.calls) == 2


async def test_no_more_pages_are_read_than_the_owner_wants(server: FeedServer, opened: Opener) -> None:
    server.page = 2
    for number in range(9):
        server.write("forum", f"número {number}")
    async with opened("/forum.atom", pages=2) as channel:
        assert len((await channel.poll(None)).mentions) == 4


async def test_a_further_page_that_is_refused_is_the_end(server: FeedServer, opened: Opener) -> None:
    body = f'<feed {ATOM}><link rel="next" href="/nothing"/><entry><id>tag:a</id></entry></feed>'
    server.raw["/raw"] = (body.encode(), "text/xml")
    async with opened("/raw") as channel:
        assert len((await channel.poll(None)).mentions) == 1

    assert server.asked("/nothing") == [404]


async def test_nobody_is_sent_to_a_next_page_elsewhere(server: FeedServer, opened: Opener) -> None:
    async with feed_server() as inside:
        link = f'<link rel="next" href="{inside.url}/secret"/>'
        body = f"<feed {ATOM}>{link}<entry><id>tag:a</id></entry></feed>"
        server.raw["/raw"] = (body.encode(), "text/xml")
        async with opened("/raw") as channel:
            await channel.poll(None)

        assert inside.calls == []


# --- many feeds ---


async def test_a_feed_that_fails_keeps_nobody_else_from_being_heard_and_loses_nothing(
    server: FeedServer, opened: Opener
) -> None:
    async with opened("/forum.atom", "/news.rss") as channel:
        cursor = (await channel.poll(None)).cursor
        server.write("forum", "en el foro")
        server.write("news", "en el periódico")
        server.broken["/forum.atom"] = lambda: web.Response(status=503)
        without = await channel.poll(cursor)
        server.broken.clear()
        after = await channel.poll(without.cursor)

    assert texts(without) == ["en el periódico"]
    assert texts(after) == ["en el foro"]
    assert not after.mentions[0].backfilled


async def test_a_feed_that_wants_to_be_left_alone_is_while_the_others_are_read(
    server: FeedServer, opened: Opener
) -> None:
    async with opened("/forum.atom", "/news.rss") as channel:
        cursor = (await channel.poll(None)).cursor
        server.broken["/forum.atom"] = lambda: web.Response(status=429, headers={"Retry-After": "60"})
        for _ in range(3):
            cursor = (await channel.poll(cursor)).cursor

    assert server.asked("/forum.atom") == [200, 429]
    assert server.asked("/news.rss") == [200, 304, 304, 304]


async def test_when_all_fail_the_channel_waits_as_briefly_as_any_of_them(server: FeedServer, opened: Opener) -> None:
    server.broken["/forum.atom"] = lambda: web.Response(status=410)
    server.broken["/news.rss"] = lambda: web.Response(status=429, headers={"Retry-After": "60"})
    async with opened("/forum.atom", "/news.rss") as channel:
        with pytest.raises(RateLimited):
            await channel.poll(None)
        server.broken["/news.rss"] = lambda: web.Response(status=500)
        with pytest.raises(ChannelUnavailable, match="500"):
            await channel.poll(None)
        server.broken["/news.rss"] = server.broken["/forum.atom"]
        with pytest.raises(ChannelRefused, match="given up this feed for good"):
            await channel.poll(None)


async def test_a_feed_that_is_added_later_begins_with_history(server: FeedServer, opened: Opener) -> None:
    async with opened("/forum.atom") as channel:
        cursor = (await channel.poll(None)).cursor
    server.write("forum", "de ahora")
    server.write("news", "de antes")
    async with opened("/forum.atom", "/news.rss") as channel:
        batch = await channel.poll(cursor)

    assert {mention.text: mention.backfilled for mention in batch.mentions} == {"de ahora": False, "de antes": True}


async def test_a_feed_that_is_taken_out_is_forgotten(server: FeedServer, opened: Opener) -> None:
    async with opened("/forum.atom", "/news.rss") as channel:
        cursor = (await channel.poll(None)).cursor
    async with opened("/news.rss") as channel:
        cursor = (await channel.poll(cursor)).cursor

    assert list(Place.read(cursor).feeds) == [f"{server.url}/news.rss"]


async def test_the_same_entry_in_two_feeds_is_one_mention(server: FeedServer, opened: Opener) -> None:
    body = rss(item("<guid>https://foro.example/1</guid><description>hola</description>")).encode()
    server.raw |= {"/all": (body, "text/xml"), "/some": (body, "text/xml")}
    async with opened("/all", "/some") as channel:
        assert len((await channel.poll(None)).mentions) == 1


# --- reviews ---


async def test_reviews_of_our_apps_address_us_with_their_stars(server: FeedServer, opened: Opener) -> None:
    server.page = 2
    server.product = "<entry><im:name>Zarapito</im:name><id>https://apps.example/1</id><title>Zarapito</title></entry>"
    for number in range(3):
        server.write("es", f"No abre desde la última versión {number}", rating=2, title="Muy mal")
    server.write("mx", "Me encanta", rating=5, who="luz")
    async with opened(apps=["497799835"], countries=["es", "mx"]) as channel:
        batch = await channel.poll(None)

    assert len(batch.mentions) == 4
    assert all(mention.summoned for mention in batch.mentions)
    by_luz = next(mention for mention in batch.mentions if mention.author.name == "luz")
    assert by_luz.text == "Me encanta\n[5/5 ★]"
    assert by_luz.external_id == "127.0.0.1:90000004"
    assert by_luz.author.account_id == f"{server.url}/mx/reviews/id37"
    by_ana = [mention.text for mention in batch.mentions if mention.author.name == "ana"]
    assert by_ana == [f"Muy mal\nNo abre desde la última versión {number}\n[2/5 ★]" for number in range(3)]
    path = "/es/rss/customerreviews/page={}/id=497799835/sortby=mostrecent/xml"
    assert [server.asked(path.format(number)) for number in (1, 2)] == [[200], [200]]


async def test_in_a_feed_of_reviews_everybody_addresses_us_elsewhere_who_names_us(
    server: FeedServer, opened: Opener
) -> None:
    server.write("news", "lo han vuelto a hacer")
    server.write("news", "y @Zarapito, ¿qué?")
    async with opened("/news.rss") as channel:
        heard = (await channel.poll(None)).mentions
    async with opened(reviews=[f"{server.url}/news.rss"]) as channel:
        reviews = (await channel.poll(None)).mentions

    assert sorted(mention.summoned for mention in heard) == [False, True]
    assert [mention.summoned for mention in reviews] == [True, True]


async def test_whoever_reviews_us_under_our_name_is_heard_and_our_own_posts_elsewhere_are_not(
    server: FeedServer, opened: Opener
) -> None:
    server.write("news", "novedades", who="Zarapito")
    server.write("es", "No abre", who="Zarapito", rating=1)
    async with opened("/news.rss", apps=["497799835"], countries=["es"]) as channel:
        heard = texts(await channel.poll(None))

    assert heard == ["No abre\n[1/5 ★]"]


async def test_pictures_that_are_begun_over_and_over_take_nobodys_time(server: FeedServer, opened: Opener) -> None:
    began = time.process_time()
    mention = await one_of(
        opened, server, rss(item(f"<title>hola</title><description>{escape('<img ' * 20_000)}</description>"))
    )

    assert mention.text == "hola"
    assert time.process_time() - began < 5


async def test_with_keywords_only_what_is_about_us_is_heard(server: FeedServer, opened: Opener) -> None:
    server.write("news", "sube el pan")
    server.write("news", "otra LÁMPARA que arde")
    server.write("news", "pregunta a @zarapito")
    async with opened("/news.rss", keywords=["lámpara"]) as channel:
        assert sorted(texts(await channel.poll(None))) == ["otra LÁMPARA que arde", "pregunta a @zarapito"]


# --- how each kind is read ---


async def test_everything_that_rss_tells_is_on_the_mention(server: FeedServer, opened: Opener) -> None:
    mention = await one_of(
        opened,
        server,
        """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
        xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Foro</title><language>es-ES</language>
        <item><title>¿Y mi &lt;b&gt;l&#225;mpara&lt;/b&gt;?</title><link>https://foro.example/t/1</link>
        <guid>https://foro.example/t/1</guid><pubDate>Tue, 24 Nov 2026 10:00:00 +0100</pubDate>
        <dc:creator><![CDATA[Ana]]></dc:creator><description><![CDATA[<p>corto</p>]]></description>
        <content:encoded><![CDATA[<p>Lleg&oacute; rota &amp; tarde.</p><img src="x" alt="la  caja abierta">
        <script>alert(1)</script>]]></content:encoded>
        <enclosure url="https://x.example/a.mp3" type="audio/mpeg" length="3"/></item></channel></rss>""",
    )

    assert mention.text == "¿Y mi lámpara?\nLlegó rota & tarde.\n[image: la caja abierta]\n[audio]"
    assert mention.external_id == mention.url == "https://foro.example/t/1"
    assert mention.posted_at == datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert (mention.author.name, mention.author.account_id) == ("Ana", "ana@127.0.0.1")
    assert mention.language_hint == "es"


async def test_a_comment_says_what_it_answers(server: FeedServer, opened: Opener) -> None:
    mention = await one_of(
        opened,
        server,
        """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"><entry>
        <id>tag:blog.example,2026:2</id><thr:in-reply-to ref="tag:blog.example,2026:1"/><title>sí</title>
        </entry></feed>""",
    )

    assert mention.in_reply_to == mention.thread_id == "tag:blog.example,2026:1"


def test_a_bare_number_means_something_on_its_host_only() -> None:
    body = rss(item("<guid isPermaLink='false'>7</guid><title>hola</title>"))
    [here], [there] = page(body), page(body, address="https://otro.example/feed")

    assert (here.external_id, there.external_id) == ("foro.example:7", "otro.example:7")


def test_entries_without_an_id_are_told_apart_and_empty_ones_are_not_told() -> None:
    entries = page(rss(item("<title>una</title>"), item("<title>otra</title>"), item("")))

    assert len({entry.external_id for entry in entries}) == 2
    assert [entry.author_id for entry in entries] == [None, None]


async def test_two_people_without_a_name_are_two(server: FeedServer, opened: Opener) -> None:
    server.raw["/raw"] = (rss(item("<title>una</title>"), item("<title>otra</title>")).encode(), "text/xml")
    async with opened("/raw") as channel:
        one, other = (await channel.poll(None)).mentions

    assert one.author.account_id != other.author.account_id


def test_a_heading_that_is_the_beginning_of_the_text_is_said_once() -> None:
    [entry] = page(rss(item("<title>Me ha llegado…</title><description>Me ha llegado rota</description>")))

    assert entry.text == "Me ha llegado rota"


def test_an_entry_from_the_future_or_without_a_date_is_from_now() -> None:
    dated = item("<guid>urn:1</guid><pubDate>Tue, 24 Nov 2099 10:00:00 GMT</pubDate>")
    ages = [datetime.now(UTC) - entry.at for entry in page(rss(dated, item("<guid>urn:2</guid>")))]

    assert all(timedelta(0) <= age < timedelta(minutes=1) for age in ages)


def test_links_that_are_no_web_addresses_are_not_passed_on() -> None:
    [entry] = page(rss(item("<guid>urn:1</guid><link>javascript:alert(1)</link>")))

    assert entry.link is None


def lamp(declared: str = "", title: str = "lámpara") -> str:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return f'{head}<rss version="2.0"><channel><item><title>{title}</title></item></channel></rss>'


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (lamp("iso-8859-1").encode("latin-1"), None),
        (lamp("utf-8").encode(), "iso-8859-1"),
        (lamp().encode("latin-1"), "iso-8859-1"),
        (lamp("utf-16").encode("utf-16"), None),
        (b"\xef\xbb\xbf" + lamp(title="l\x00ámpara\ud83d").encode("utf-8", "surrogatepass") + b"<!-- x -->\n", None),
    ],
    ids=["declared", "the header is wrong", "header only", "two bytes", "a mark, a nul and half an emoji"],
)
def test_every_encoding_is_read(body: bytes, charset: str | None) -> None:
    assert [entry.text for entry in page(body, charset=charset)] == ["lámpara"]


def test_nothing_is_fetched_and_nothing_explodes_because_a_feed_says_so(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("contraseña")
    levels = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(8))
    entities = f'<!DOCTYPE r [<!ENTITY e0 "ja"><!ENTITY file SYSTEM "file://{secret}">{levels}]>'
    body = entities + rss(item("<title>x &file; &e8;</title>")).partition("?>")[2]
    try:
        found = page(body)
    except ChannelUnavailable:
        return

    assert all("contraseña" not in entry.text and len(entry.text) <= 10_000 for entry in found)


@pytest.mark.parametrize(
    "body", [b"", b"<html>welcome</html>", b'{"data":[]}', b"\xff\xfe\x00", b"<rss version='2.0'><channel><item>"]
)
def test_what_is_no_feed_or_not_a_whole_one_is_said(body: bytes) -> None:
    with pytest.raises(ChannelUnavailable, match=r"foro\.example"):
        page(body)


async def test_a_feed_is_known_by_what_it_says_not_by_its_type(server: FeedServer, opened: Opener) -> None:
    mention = await one_of(opened, server, rss(item("<title>hola</title>")), kind="text/html")

    assert mention.text == "hola"


# --- moves and bounds ---


async def test_a_feed_that_has_moved_on_its_host_is_followed(server: FeedServer, opened: Opener) -> None:
    server.write("forum", "hola")
    server.moved["/old"] = "/forum.atom"
    async with opened("/old") as channel:
        assert texts(await channel.poll(None)) == ["hola"]


async def test_a_move_to_another_host_without_https_is_refused(server: FeedServer, opened: Opener) -> None:
    async with feed_server() as inside:
        server.moved["/old"] = f"{inside.url}/forum.atom"
        async with opened("/old") as channel:
            with pytest.raises(ChannelRefused, match="another host without https"):
                await channel.poll(None)

        assert inside.calls == []


async def test_a_move_in_circles_ends(server: FeedServer, opened: Opener) -> None:
    server.moved["/old"] = "/old"
    async with opened("/old") as channel:
        with pytest.raises(ChannelRefused, match="round in circles"):
            await channel.poll(None)


async def test_a_page_that_is_too_large_is_not_taken_in(server: FeedServer, opened: Opener) -> None:
    server.raw["/raw"] = (b" " * (LARGEST + 1), "text/xml")
    async with opened("/raw") as channel:
        with pytest.raises(ChannelRefused, match="larger than 8 MB"):
            await channel.poll(None)


async def test_a_date_to_come_back_at_is_understood(server: FeedServer, opened: Opener) -> None:
    date, later = "Tue, 24 Nov 2026 10:00:00 GMT", "Tue, 24 Nov 2026 10:02:00 GMT"
    headers = {"Date": date, "Retry-After": later}
    server.broken["/forum.atom"] = lambda: web.Response(status=503, headers=headers)
    async with opened("/forum.atom") as channel:
        with pytest.raises(RateLimited) as caught:
            await channel.poll(None)

    assert caught.value.retry_after == 120


# --- settings and check ---


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, "there is nothing to read"),
        ({"apps": ["497799835"]}, "apps needs countries"),
        ({"feeds": ["https://ana:1234@foro.example/feed"]}, "feeds.0: an address with a password"),
        ({"feeds": ["ftp://foro.example/feed"]}, "feeds.0: "),
    ],
)
def test_a_mistake_in_the_settings_is_one_sentence(opened: Opener, table: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        opened(**table)

    assert "1234" not in str(caught.value)


async def test_a_check_tells_what_each_feed_is(server: FeedServer, tmp_path: Path) -> None:
    server.write("forum", "hola")
    settings = CHANNEL.settings(feeds=[f"{server.url}/forum.atom", f"{server.url}/news.rss"])
    assert CHANNEL.check is not None
    account = await CHANNEL.check("feed", settings, Surroundings(home=tmp_path, accounts=()))

    assert account.identity == "a reader of 2 feeds"
    assert account.notes == ("Foro, entries on its first page: 1", "Noticias, entries on its first page: 0")


async def test_an_address_is_not_written_down_with_its_key(
    server: FeedServer, opened: Opener, capsys: pytest.CaptureFixture[str]
) -> None:
    server.fault = Fault.SERVER_ERROR
    async with opened("/forum.atom?key=canary") as channel:
        with pytest.raises(ChannelUnavailable) as caught:
            await channel.poll(None)

    printed = capsys.readouterr()
    assert "canary" not in printed.out + printed.err + str(caught.value)
