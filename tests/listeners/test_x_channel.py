"""What only X does: who may be answered, what a look costs, how far a listing has settled, how posts are read."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.action import Reply, ReplyKind
from bot.domain.cost import Purse, Tariff, WhenSpent
from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable, ConfigError, RateLimited
from bot.domain.mention import Batch, Mention
from bot.domain.ports.channel import Counts, KeepsNothing, Kept, Meter, Surroundings
from bot.domain.reading import Language
from bot.store.sqlite import SqliteStore
from bot.testing import CountingMeter, HandClock, memory_store, mention
from listeners.metering import Allowance, DayMeter
from listeners.registry import open_channel
from listeners.x import CHANNEL, StreamedX, X
from listeners.x_length import weight
from listeners.x_place import Listing, Place
from listeners.x_posts import Post
from listeners.x_round import may_ask
from listeners.x_wire import XAnswered, as_channel_error
from tests.contracts.stage import Fault
from tests.servers.x.server import BEARER, PROBLEM, USER_KEYS, XServer, x_server
from tests.servers.x.world import Tweet

HOUR = 3600.0


@pytest.fixture
async def server() -> AsyncIterator[XServer]:
    async with x_server() as running:
        yield running


@pytest.fixture
def meter() -> CountingMeter:
    return CountingMeter()


class Opener:
    """Opens the channel over the server, with the four keys unless told otherwise."""

    def __init__(self, server: XServer, home: Path, meter: Meter) -> None:
        self._server, self._home, self.meter = server, home, meter
        self.clock = HandClock()

    def __call__(
        self,
        keys: dict[str, str] = USER_KEYS,
        *,
        kept: Kept | None = None,
        accounts: tuple[str, ...] = ("@Zarapito",),
        **changes: Any,
    ) -> AbstractAsyncContextManager[Any]:
        table = {"kind": "x", **keys, "base_url": self._server.url, "timeout_seconds": 2, **changes}
        around = Surroundings(
            home=self._home,
            accounts=accounts,
            meter=self.meter,
            kept=kept or KeepsNothing(),
            clock=self.clock,
        )
        return open_channel("x", table, around)


@pytest.fixture
def opened(server: XServer, tmp_path: Path, meter: CountingMeter) -> Opener:
    return Opener(server, tmp_path, meter)


def written(server: XServer, text: str, *, who: str = "ana", ago: float = 0.0, **about: Any) -> Tweet:
    return server.post(server.world.account(who), text, at=time.time() - ago if ago else None, **about)


def asked_for(server: XServer, ending: str) -> list[dict[str, str]]:
    return [call.query for call in server.calls if call.path.endswith(ending)]


def answer(to: Mention, text: str = "Gracias") -> Reply:
    return Reply(to=to.id, kind=ReplyKind.THANKS, text=text, language=Language.ES)


def ids(batch: Batch) -> list[str]:
    return [mention.external_id for mention in batch.mentions]


async def started(channel: X) -> str | None:
    """The cursor after a first look, so that what comes is no history."""
    return (await channel.poll(None)).cursor


async def called_us(server: XServer, channel: X) -> Mention:
    """A mention that waits for its answer."""
    cursor = await started(channel)
    written(server, "@zarapito hola")
    [heard] = (await channel.poll(cursor)).mentions
    return heard


# --- who may be answered ---


async def test_a_keyword_is_heard_and_never_answered(server: XServer, opened: Opener) -> None:
    async with opened(keywords=["lámpara azul"]) as channel:
        cursor = await started(channel)
        written(server, "qué fea la lámpara azul de zarapito")
        [heard] = (await channel.poll(cursor)).mentions
        with pytest.raises(ChannelRefused, match="mentioned or quoted"):
            await channel.say(answer(heard), heard, "key-1")

    assert not heard.summoned
    assert [call for call in server.calls if call.method == "POST"] == []


async def test_a_mention_with_a_keyword_is_one_mention_and_may_be_answered(server: XServer, opened: Opener) -> None:
    async with opened(keywords=["lámpara"]) as channel:
        cursor = await started(channel)
        post = written(server, "@zarapito ¿y mi lámpara?")
        batch = await channel.poll(cursor)

    assert ids(batch) == [post.id]
    assert batch.mentions[0].summoned


async def test_who_quotes_us_has_summoned_us(server: XServer, opened: Opener) -> None:
    ours = server.post(server.brand, "abrimos el domingo")
    async with opened(keywords=["domingo"]) as channel:
        cursor = await started(channel)
        written(server, "anda, un domingo", quoted=ours.id)
        [heard] = (await channel.poll(cursor)).mentions
        await channel.say(answer(heard), heard, "key-1")

    assert heard.summoned


async def test_with_the_apps_token_alone_we_listen_and_cannot_answer(server: XServer, opened: Opener) -> None:
    async with opened({"bearer_token": BEARER}) as channel:
        cursor = await started(channel)
        post = written(server, "@zarapito hola")
        [heard] = (await channel.poll(cursor)).mentions
        with pytest.raises(ChannelRefused, match="user context"):
            await channel.say(answer(heard), heard, "key-1")

    assert heard.external_id == post.id


async def test_an_account_that_does_not_exist_is_said(server: XServer, opened: Opener) -> None:
    async with opened({"bearer_token": BEARER}, account="nadie") as channel:
        with pytest.raises(ChannelRefused, match="X knows no account nadie"):
            await channel.poll(None)


LINK = "https://zarapito.example/devoluciones/" + "a" * 80


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("a" * 280, 280),
        ("ñ¿Á—“”" * 10, 60),
        ("👍" * 140, 280),
        ("👩‍👩‍👧‍👦 👍🏽 ❤️ 🇪🇸 1️⃣", 14),
        ("日本", 4),
        ("30 € …", 8),
        (f"Mira {LINK} y vuelve", 37),
        ("Mira zarapito.com/es, vale", 34),
        ("www.tienda.mx y tienda.mx/a", 49),
        ("(https://tienda.mx/a).", 26),
        ("escribe a hola@zarapito.com", 27),
        ("no llega.ni hoy ni y/o ayer", 27),
    ],
)
def test_a_text_is_as_long_as_x_says(text: str, length: int) -> None:
    assert weight(text) == length


async def test_a_text_that_x_finds_too_long_is_refused_before_it_is_sent(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        heard = await called_us(server, channel)
        with pytest.raises(ChannelRefused, match="the text has 282 characters and the channel takes 280"):
            await channel.say(answer(heard, "👍" * 141), heard, "key-1")
        assert [call for call in server.calls if call.method == "POST"] == []
        await channel.say(answer(heard, f"{'a' * 256} {LINK}"), heard, "key-2")

        assert isinstance(channel, Counts)

    assert server.calls[-1].status == 201


async def test_another_account_of_ours_is_the_brands_voice_by_its_username(server: XServer, opened: Opener) -> None:
    async with opened(accounts=("@zarapito", "@Zarapito_Ayuda")) as channel:
        cursor = await started(channel)
        written(server, "@zarapito lo vemos", who="zarapito_ayuda")
        written(server, "@zarapito hola", who="luz")
        batch = await channel.poll(cursor)

    assert {mention.author.name: mention.by_brand for mention in batch.mentions} == {
        "zarapito_ayuda": True,
        "luz": False,
    }


async def test_repetitions_say_nothing(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        original = written(server, "@zarapito hola")
        written(server, "RT @ana: @zarapito hola", who="luz", retweeted=original.id)

        assert ids(await channel.poll(cursor)) == [original.id]


# --- looking up what was said ---


async def test_a_second_answer_to_the_same_post_is_not_taken_for_the_first(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        heard = await called_us(server, channel)
        await channel.say(answer(heard), heard, "key-1")
        opened.clock.pass_on(100)

        assert await channel.said("key-2", heard) is None


async def asked_and_lost(server: XServer, opened: Opener, channel: X) -> Mention:
    """A mention whose answer stands on X, and nobody here knows."""
    heard = await called_us(server, channel)
    # the channel has been open for long
    opened.clock.pass_on(HOUR)
    server.world.late, server.fault = 85, Fault.LOST_ANSWER
    with pytest.raises(ChannelUnavailable):
        await channel.say(answer(heard), heard, "key-1")
    server.fault = None
    return heard


def own(server: XServer) -> list[str]:
    return [tweet.id for tweet in server.world.tweets.values() if tweet.author_id == server.brand.id]


async def in_doubt(channel: X, heard: Mention) -> None:
    """It may have been answered, or not."""
    with pytest.raises(ChannelUnavailable, match="cannot say yet"):
        await channel.said("key-1", heard)


async def found_once_shown(server: XServer, channel: X, heard: Mention) -> None:
    """What is listed late is listed now: the one answer that was said."""
    server.world.visible_at = dict.fromkeys(server.world.visible_at, 0.0)
    receipt = await channel.said("key-1", heard)
    assert receipt is not None
    assert [receipt.external_id] == own(server)


async def test_an_answer_that_x_shows_late_is_not_said_again(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        heard = await asked_and_lost(server, opened, channel)
        for _ in range(3):
            opened.clock.pass_on(30)
            await in_doubt(channel, heard)
        await found_once_shown(server, channel, heard)


async def test_the_next_process_does_not_trust_a_late_listing_either(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        heard = await asked_and_lost(server, opened, channel)
    async with opened() as channel:
        await in_doubt(channel, heard)
        await found_once_shown(server, channel, heard)


async def test_what_x_does_not_show_in_time_was_not_heard(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        heard = await asked_and_lost(server, opened, channel)
        [lost] = own(server)
        server.world.delete(lost)
        opened.clock.pass_on(96)

        assert await channel.said("key-1", heard) is None


async def test_a_plain_no_leaves_no_doubt(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        heard = await called_us(server, channel)
        opened.clock.pass_on(HOUR)
        server.fault = Fault.RATE_LIMIT
        with pytest.raises(RateLimited):
            await channel.say(answer(heard), heard, "key-1")
        server.fault = None

        assert await channel.said("key-1", heard) is None


async def test_a_doubtful_answer_that_x_calls_a_duplicate_is_looked_for_again(server: XServer, opened: Opener) -> None:
    server.refuses_duplicates = True
    async with opened() as channel:
        heard = await asked_and_lost(server, opened, channel)
        # later than X ever was
        opened.clock.pass_on(96)
        assert await channel.said("key-1", heard) is None
        with pytest.raises(ChannelUnavailable, match="may be this answer"):
            await channel.say(answer(heard), heard, "key-1")
        with pytest.raises(ChannelRefused, match="duplicate content"):
            await channel.say(answer(heard), heard, "key-2")
        await found_once_shown(server, channel, heard)


async def test_a_look_up_asks_for_posts_after_the_one_that_was_answered(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        post = written(server, "@zarapito hola")
        [heard] = (await channel.poll(cursor)).mentions
        opened.clock.pass_on(HOUR)
        await channel.said("key-1", heard)

    [query] = asked_for(server, f"{server.brand.id}/tweets")
    assert query["since_id"] == post.id


async def test_a_look_up_that_does_not_see_all_never_says_that_nothing_was_heard(
    server: XServer, opened: Opener
) -> None:
    async with opened() as channel:
        heard = await called_us(server, channel)
        server.post(server.brand, "otra cosa")
        server.beside = [{"type": "about:blank", "title": "Service Unavailable", "detail": "a shard is away"}]
        opened.clock.pass_on(HOUR)

        with pytest.raises(ChannelUnavailable, match="cannot say whether this was heard"):
            await channel.said("key-1", heard)


# --- how far a listing has settled ---


async def test_what_is_shown_late_is_found(server: XServer, opened: Opener) -> None:
    """R4: a post of 80 seconds ago turns up after newer ones were heard."""
    async with opened() as channel:
        cursor = await started(channel)
        written(server, "@zarapito vieja", ago=600)
        newer = written(server, "@zarapito nueva")
        batch = await channel.poll(cursor)
        assert newer.id in ids(batch)
        late = written(server, "@zarapito tardía", who="luz", ago=80)

        assert late.id in ids(await channel.poll(batch.cursor))


async def test_what_has_settled_is_not_read_again(server: XServer, opened: Opener) -> None:
    old = [written(server, f"@zarapito {n}", ago=HOUR - n) for n in range(5)]
    recent = written(server, "@zarapito ahora")
    async with opened() as channel:
        first = await channel.poll(None)
        second = await channel.poll(first.cursor)

    assert len(first.mentions) == 6
    assert ids(second) == [recent.id]
    assert asked_for(server, "/mentions")[-1]["since_id"] == old[-1].id


async def test_a_clock_that_is_ahead_does_not_shorten_the_look_back() -> None:
    place = Place.read(None)
    now = datetime.now(UTC)
    posts = {str(n): Post(id=str(n), created_at=now - timedelta(seconds=60 * (9 - n))) for n in range(1, 10)}

    assert Listing(posts=posts).settled(place.mentions, now + timedelta(hours=1)) == "7"
    assert Listing(posts=posts).settled("8", now) == "8"
    assert Listing(posts=posts, whole=False).settled("3", now) == "3"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.FORBIDDEN, ChannelRefused),
        (Fault.RATE_LIMIT, RateLimited),
        (Fault.NO_CREDIT, ChannelUnavailable),
        (Fault.TRUNCATED, ChannelUnavailable),
    ],
)
async def test_a_search_that_fails_does_not_keep_the_mentions_from_being_heard(
    server: XServer, opened: Opener, fault: Fault, error: type[ChannelError]
) -> None:
    async with opened(keywords=["lámpara"]) as channel:
        cursor = await started(channel)
        call, hit = written(server, "@zarapito hola"), written(server, "la lámpara")
        server.fault, server.fails_in = fault, "/search/"
        half = await channel.poll(cursor)
        server.fault = None
        whole = await channel.poll(half.cursor)

    assert ids(half) == [call.id]
    assert isinstance(half.fault, error)
    assert set(ids(whole)) == {call.id, hit.id}
    assert whole.fault is None
    assert not any(mention.backfilled for mention in whole.mentions)


async def test_a_fault_between_pages_moves_nothing(server: XServer, opened: Opener) -> None:
    server.page = 2
    async with opened() as channel:
        cursor = await started(channel)
        for n in range(5):
            written(server, f"@zarapito {n}", ago=HOUR - n)
        answered = server._paged

        def second_page_fails(*given: Any, **named: Any) -> Any:
            if "pagination_token" in given[0].query:
                message = "the power is out"
                raise ConnectionError(message)
            return answered(*given, **named)

        server._paged = second_page_fails  # type: ignore[method-assign]
        with pytest.raises(ChannelUnavailable):
            await channel.poll(cursor)
        server._paged = answered  # type: ignore[method-assign]

        assert len((await channel.poll(cursor)).mentions) == 5


@pytest.mark.parametrize("fault", [Fault.ENDLESS_PAGES, Fault.REPEATED_PAGES])
async def test_pages_without_an_end_are_left_and_asked_for_again(server: XServer, opened: Opener, fault: Fault) -> None:
    server.page = 2
    async with opened() as channel:
        cursor = await started(channel)
        posts = {written(server, f"@zarapito {n}", ago=HOUR - n).id for n in range(6)}
        server.fault = fault
        batch = await channel.poll(cursor)

    assert set(ids(batch)) == posts
    if fault is Fault.ENDLESS_PAGES:
        assert Place.read(batch.cursor).mentions is None
    assert len(asked_for(server, "/mentions")) <= 8


async def test_an_error_beside_the_posts_keeps_the_posts_and_the_place(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        post = written(server, "@zarapito hola", ago=HOUR)
        server.beside = [{"type": "about:blank", "title": "Service Unavailable", "detail": "a shard is away"}]
        batch = await channel.poll(cursor)

    assert ids(batch) == [post.id]
    assert Place.read(batch.cursor).mentions is None


async def test_an_error_in_place_of_posts_is_an_error(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        server.beside = [{"type": "about:blank", "title": "Service Unavailable"}]
        with pytest.raises(ChannelUnavailable, match="Service Unavailable"):
            await channel.poll(cursor)


async def test_a_quoted_post_that_is_gone_is_no_error(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        written(server, "@zarapito hola", ago=2 * HOUR)
        written(server, "@zarapito mira", ago=HOUR)
        server.beside = [{"type": f"{PROBLEM}resource-not-found", "title": "Not Found Error", "value": "1"}]
        batch = await channel.poll(cursor)

    assert Place.read(batch.cursor).mentions is not None


async def test_a_row_without_an_id_costs_nobody_else(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        post = written(server, "@zarapito hola", ago=HOUR)
        server.broken_rows = [{"text": "sin id"}, {"id": "no number"}, 7]
        batch = await channel.poll(cursor)

    assert ids(batch) == [post.id]
    assert Place.read(batch.cursor).mentions is None


async def test_a_strange_detail_costs_only_itself_and_keeps_no_place(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        old = written(server, "@zarapito hola", ago=HOUR)
        strange: dict[str, Any] = {
            "id": str(int(old.id) + 1),
            "text": "@zarapito ¿y?",
            "entities": None,
            "attachments": 7,
            "lang": [],
        }
        server.broken_rows = [strange]
        new = written(server, "@zarapito adiós")
        batch = await channel.poll(cursor)

    assert ids(batch) == [old.id, strange["id"], new.id]
    assert Place.read(batch.cursor).mentions == strange["id"]


async def test_a_search_never_looks_behind_seven_days(server: XServer, opened: Opener) -> None:
    old = written(server, "la lámpara", ago=30 * 24 * HOUR)
    stale = Place(began="1", search=old.id).written()
    async with opened(keywords=["lámpara"]) as channel:
        await channel.poll(stale)

    [query] = asked_for(server, "/recent")
    assert "since_id" not in query
    assert "start_time" in query


async def test_keywords_that_are_added_later_bring_history_first(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
    hit = written(server, "la lámpara", ago=2 * HOUR)
    call = written(server, "@zarapito ¿y mi lámpara?", ago=HOUR)
    async with opened(keywords=["lámpara"]) as channel:
        first = await channel.poll(cursor)
        later = written(server, "otra lámpara")
        second = await channel.poll(first.cursor)

    history = {mention.external_id: mention.backfilled for mention in (*second.mentions, *first.mentions)}
    assert history == {hit.id: True, call.id: False, later.id: False}


async def test_a_search_that_an_earlier_version_began_goes_on(server: XServer, opened: Opener) -> None:
    settled = written(server, "la lámpara", ago=2 * HOUR)
    old = json.dumps({"began": settled.id, "mentions": None, "search": settled.id, "round": None})
    hit = written(server, "otra lámpara", ago=HOUR)
    async with opened(keywords=["lámpara"]) as channel:
        [heard] = (await channel.poll(old)).mentions

    assert (heard.external_id, heard.backfilled) == (hit.id, False)


async def test_a_cursor_of_another_channel_is_a_first_start(server: XServer, opened: Opener) -> None:
    written(server, "@zarapito hola")
    async with opened() as channel:
        [heard] = (await channel.poll("17")).mentions

    assert heard.backfilled


# --- edits and deletions ---


async def test_a_post_that_was_edited_twice_before_it_was_heard_is_one_mention(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        post = written(server, "@zarapito una")
        server.world.edit(post.id, "@zarapito dos")
        server.world.edit(post.id, "@zarapito tres")
        batch = await channel.poll(cursor)

    assert batch.mentions == ()
    [edit] = batch.edits
    assert (edit.external_id, edit.text, edit.backfilled) == (post.id, "@zarapito tres", False)


async def test_an_old_post_that_is_edited_stays_history(server: XServer, opened: Opener) -> None:
    post = written(server, "@zarapito una")
    async with opened() as channel:
        cursor = await started(channel)
        server.world.edit(post.id, "@zarapito dos")
        [edit] = (await channel.poll(cursor)).edits

    assert edit.backfilled


async def test_who_answers_a_post_that_was_edited_is_in_its_conversation(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        first = written(server, "@zarapito una")
        edited = server.world.edit(first.id, "@zarapito dos")
        answering = written(server, "@zarapito a mí también", who="luz", replied_to=edited.id)
        # as if X named a conversation by the version that was answered
        server.world.tweets[answering.id] = replace(answering, conversation_id=edited.id)
        batch = await channel.poll(cursor)
        receipt = await channel.say(answer(batch.mentions[0]), batch.mentions[0], "key-1")

    [heard] = batch.mentions
    assert (heard.in_reply_to, heard.conversation) == (first.id, first.id)
    assert batch.edits[0].conversation == first.id
    assert server.world.tweets[receipt.external_id].replied_to == answering.id


async def test_an_answer_to_a_post_that_was_edited_is_found_whatever_version_it_names(
    server: XServer, opened: Opener
) -> None:
    async with opened() as channel:
        heard = await called_us(server, channel)
        edited = server.world.edit(heard.external_id, "@zarapito hola, perdón")
        own_answer = server.post(server.brand, "Gracias", replied_to=edited.id)
        opened.clock.pass_on(HOUR)
        receipt = await channel.said("key-1", heard)

    assert receipt is not None
    assert receipt.external_id == own_answer.id


# --- which posts are gone ---


class House:
    """The channel over the server with a store that keeps what it hears; `age` makes its last round older."""

    def __init__(self, opened: Opener, store: SqliteStore) -> None:
        self._opened, self.store = opened, store

    @asynccontextmanager
    async def channel(self, **changes: Any) -> AsyncIterator[X]:
        async with self._opened(kept=self.store.inbox, **changes) as channel:
            yield channel

    async def look(self, channel: X) -> Batch:
        batch = await channel.poll(await self.store.inbox.cursor("x"))
        await self.store.inbox.accept("x", batch, datetime.now(UTC))
        return batch

    async def age(self, hours: float) -> None:
        place = Place.read(await self.store.inbox.cursor("x"))
        assert place.round is not None
        older = replace(place, round=replace(place.round, began=place.round.began - timedelta(hours=hours)))
        await self.store.inbox.accept("x", Batch(mentions=(), cursor=older.written()), datetime.now(UTC))


@pytest.fixture
async def house(opened: Opener) -> AsyncIterator[House]:
    async with memory_store() as store:
        yield House(opened, store)


def looked_up(server: XServer) -> list[str]:
    return [post for query in asked_for(server, "/2/tweets") for post in query["ids"].split(",")]


async def test_a_removed_post_is_gone_here_within_a_day(server: XServer, house: House) -> None:
    gone, stays = written(server, "@zarapito una"), written(server, "@zarapito dos")
    async with house.channel() as channel:
        await house.look(channel)
        server.world.delete(gone.id)
        soon = await house.look(channel)
        await house.age(20)
        batch = await house.look(channel)

    assert soon.deletions == ()
    assert batch.deletions == (gone.id,)
    assert (await house.store.inbox.kept("x", None, 10)).posts == (stays.id,)
    assert len(asked_for(server, "/2/tweets")) == 1


async def test_every_kept_post_is_looked_up_in_its_turn_however_many_there_are(server: XServer, house: House) -> None:
    posts = [written(server, f"@zarapito {n}", ago=3600 - n).id for n in range(750)]
    async with house.channel() as channel:
        await house.look(channel)
        await house.age(20)
        for _ in range(3):
            await house.look(channel)
        first = looked_up(server)
        oldest, newest = posts[0], posts[-1]
        server.world.delete(oldest)
        server.world.delete(newest)
        deleted = []
        # twenty hours at an even pace
        for _ in range(21):
            await house.age(1)
            deleted.append((await house.look(channel)).deletions)

    assert sorted(first) == sorted(posts)
    assert max(Counter(looked_up(server)).values()) == 2
    assert {post for some in deleted for post in some} == {oldest, newest}
    pages = [len(query["ids"].split(",")) for query in asked_for(server, "/2/tweets")]
    assert max(pages) == 100
    assert sum(1 for some in deleted[:10] if some) == 1, "the oldest in the first half of the round"


async def test_what_another_channel_of_this_name_left_is_not_asked_after(server: XServer, house: House) -> None:
    post = written(server, "@zarapito una")
    foreign = Batch(mentions=(mention("z0306", channel="x"),), cursor=None)
    async with house.channel() as channel:
        await house.store.inbox.accept("x", foreign, datetime.now(UTC))
        await house.look(channel)
        await house.age(20)
        await house.look(channel)

    assert looked_up(server) == [post.id]


async def test_a_round_goes_on_where_it_was_after_a_restart(server: XServer, house: House) -> None:
    posts = [written(server, f"@zarapito {n}", ago=3600 - n).id for n in range(420)]
    async with house.channel() as channel:
        await house.look(channel)
        await house.age(20)
        await house.look(channel)
    async with house.channel() as channel:
        await house.look(channel)

    assert sorted(looked_up(server)) == sorted(posts)


def purse_at(*, spent: str, hours_left: float, budget: str = "5") -> Purse:
    return Purse(
        spent=Decimal(spent),
        budget=Decimal(budget),
        currency="USD",
        when_spent=WhenSpent.SLOW,
        renews_at=datetime.now(UTC) + timedelta(hours=hours_left),
    )


@pytest.mark.parametrize(
    ("spent", "hours_left", "may"),
    [("0", 23, True), ("0.5", 23, False), ("1.9", 12, True), ("2.1", 12, False), ("3.9", 0.1, True), ("4.1", 0, False)],
)
def test_looking_up_leaves_the_money_of_the_rest_of_the_day(spent: str, hours_left: float, may: bool) -> None:
    assert may_ask(purse_at(spent=spent, hours_left=hours_left), datetime.now(UTC)) is may


async def test_when_the_budget_does_not_reach_for_a_day_it_is_said(
    server: XServer, house: House, meter: CountingMeter
) -> None:
    written(server, "@zarapito una")
    async with house.channel() as channel:
        await house.look(channel)
        meter.has(purse_at(spent="4.5", hours_left=12))
        await house.age(20)
        in_time = await house.look(channel)
        await house.age(5)
        late = await house.look(channel)
        meter.has(None)
        caught_up = await house.look(channel)
        await house.age(20)
        after = await house.look(channel)
        await house.age(20)
        well_again = await house.look(channel)

    said = "the day's budget is too small to look up all 1 kept posts again within 24 h, as X demands"
    assert [batch.note for batch in (in_time, late, caught_up, after, well_again)] == ["", said, said, said, ""]
    assert looked_up(server) != []


async def test_a_cursor_of_an_earlier_version_still_holds(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        kept = json.loads(await started(channel) or "")
        del kept["round"]
        post = written(server, "@zarapito hola")
        [heard] = (await channel.poll(json.dumps({**kept, "watched": ["1"], "checked": "2026-11-01"}))).mentions

    assert (heard.external_id, heard.backfilled) == (post.id, False)


# --- what it costs ---


async def test_each_post_is_charged_once_a_day(server: XServer, opened: Opener, meter: CountingMeter) -> None:
    for n in range(3):
        written(server, f"@zarapito {n}")
    written(server, "la lámpara")
    async with opened(keywords=["lámpara"]) as channel:
        cursor = await started(channel)
        for _ in range(3):
            cursor = (await channel.poll(cursor)).cursor

    assert meter.units == {"user": 1, "owned_post": 3, "post": 1}


async def test_who_we_are_is_paid_for_once_though_poll_and_stream_begin_together(
    opened: Opener, meter: CountingMeter
) -> None:
    async with opened() as channel:
        await asyncio.gather(channel.me(), channel.me(), channel.poll(None))

    assert meter.units["user"] == 1


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("Gracias", "reply"),
        ("Hoy no llega.ni mañana y/o pasado", "reply"),
        ("Mira https://x.example/a", "create_with_url"),
        ("Mira tienda.mx/devoluciones", "create_with_url"),
        ("Mira www.tienda.mx", "create_with_url"),
    ],
)
async def test_an_answer_is_charged_and_dearer_with_a_link(
    server: XServer, opened: Opener, meter: CountingMeter, text: str, price: str
) -> None:
    async with opened() as channel:
        heard = await called_us(server, channel)
        await channel.say(answer(heard, text), heard, "key-1")

    assert meter.units[price] == 1


async def test_an_answer_whose_receipt_was_lost_is_charged_once_it_is_found(
    server: XServer, opened: Opener, meter: CountingMeter
) -> None:
    async with opened() as channel:
        heard = await asked_and_lost(server, opened, channel)
        assert meter.units["reply"] == 0
        await found_once_shown(server, channel, heard)
        await channel.said("key-1", heard)

    assert meter.units["reply"] == 1


async def test_a_search_with_a_thousand_hits_ends_with_the_page_on_which_the_budget_was_spent(
    server: XServer, tmp_path: Path
) -> None:
    server.page = 10
    async with memory_store() as store:
        meter = day_meter(store, "0.12", WhenSpent.SLOW)
        async with Opener(server, tmp_path, meter)(keywords=["lámpara"]) as channel:
            cursor = await started(channel)
            for number in range(100):
                written(server, f"lámpara {number}", ago=300 - number)
            first = await channel.poll(cursor)
            spent = (await meter.purse()).spent
            again = await channel.poll(first.cursor)

            assert len(first.mentions) == 30
            assert spent <= Decimal("0.12") + 10 * Decimal("0.005")
            assert (await meter.purse()).spent == spent
            assert again.mentions == ()

        # the next day, with more money, what was left is found: the place has not moved
        meter = day_meter(store, "50", WhenSpent.SLOW)
        async with Opener(server, tmp_path, meter)(keywords=["lámpara"]) as channel:
            assert len((await channel.poll(again.cursor)).mentions) == 100


@pytest.mark.parametrize(("when_spent", "heard"), [(WhenSpent.STOP, 20), (WhenSpent.SLOW, 60)])
async def test_mentions_wait_for_tomorrow_only_where_listening_stops(
    server: XServer, tmp_path: Path, when_spent: WhenSpent, heard: int
) -> None:
    server.page = 10
    async with memory_store() as store, Opener(server, tmp_path, day_meter(store, "0.02", when_spent))() as channel:
        for number in range(60):
            written(server, f"@zarapito {number}", ago=300 - number)
        first = await channel.poll(None)

    assert len(first.mentions) == heard


def day_meter(store: SqliteStore, budget: str, when_spent: WhenSpent) -> DayMeter:
    prices = {"owned_post": Decimal("0.001"), "post": Decimal("0.005")}
    allowance = Allowance(budget=Decimal(budget), when_spent=when_spent, zone=ZoneInfo("Europe/Madrid"))
    tariff = Tariff(prices=prices, currency="USD", of=date(2026, 11, 1))
    return DayMeter("x", store.channels, tariff=tariff, allowance=allowance)


async def test_once_the_money_is_spent_only_mentions_are_asked_for(server: XServer, tmp_path: Path) -> None:
    purse = Purse(
        spent=Decimal(5),
        budget=Decimal(5),
        currency="USD",
        when_spent=WhenSpent.SLOW,
        renews_at=datetime.now(UTC) + timedelta(hours=1),
    )
    async with Opener(server, tmp_path, CountingMeter(purse))(keywords=["lámpara"], recheck_hours=1e-6) as channel:
        written(server, "@zarapito hola")
        cursor = await started(channel)
        await channel.poll(cursor)

    assert {call.path.rpartition("/")[2] for call in server.calls} == {"me", "mentions"}


# --- how posts are read ---


async def test_a_mention_has_its_thread_its_place_and_its_language(server: XServer, opened: Opener) -> None:
    root = written(server, "@luz hola", who="luz")
    async with opened() as channel:
        cursor = await started(channel)
        post = written(server, "@zarapito AT&amp;T &lt;3", replied_to=root.id)
        [heard] = (await channel.poll(cursor)).mentions

    assert heard.text == "@zarapito AT&T <3"
    assert (heard.thread_id, heard.in_reply_to) == (root.id, root.id)
    assert heard.url == f"https://x.com/ana/status/{post.id}"
    assert heard.language_hint == "es"
    assert heard.author.name == "ana"
    assert heard.posted_at == datetime.fromtimestamp(int(post.id) // 2**22 / 1000 + 1_288_834_974.657, tz=UTC).replace(
        microsecond=heard.posted_at.microsecond
    )


async def test_media_are_told_in_words(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        post = written(server, "@zarapito mirad")
        server.world.tweets[post.id] = Tweet(**{**vars(post), "media": (("3_1", "una lámpara rota"),)})
        [heard] = (await channel.poll(cursor)).mentions

    assert heard.text == "@zarapito mirad\n[photo: una lámpara rota]"


# --- the stream ---


async def test_rules_of_others_stay_and_ours_are_set_once(server: XServer, opened: Opener) -> None:
    server.world.rules = {
        "1": {"value": "cats", "tag": "somebody else"},
        "2": {"value": "@zarapito old", "tag": "vivencia"},
    }
    async with opened({**USER_KEYS, "bearer_token": BEARER}, stream=True) as channel:
        assert isinstance(channel, StreamedX)
        for _ in range(2):
            told: asyncio.Queue[Batch] = asyncio.Queue()
            listening = asyncio.create_task(channel.listen(None, told.put))
            async with asyncio.timeout(5):
                await told.get()
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    assert sorted(rule["value"] for rule in server.world.rules.values()) == ["@zarapito -is:retweet", "cats"]
    assert len([call for call in server.calls if call.method == "POST"]) == 2


async def test_who_names_us_far_down_a_long_post_has_summoned_us(server: XServer, opened: Opener) -> None:
    server.world.account("zarapito")
    heard: asyncio.Queue[Batch] = asyncio.Queue()
    async with opened({**USER_KEYS, "bearer_token": BEARER}, stream=True) as channel:
        listening = asyncio.create_task(channel.listen(None, heard.put))
        async with asyncio.timeout(5):
            while not server.streams:
                await asyncio.sleep(0.01)
            long = written(server, f"{'Llevo semanas esperando. ' * 15}¿Qué decís, @zarapito?")
            while not (batch := await heard.get()).mentions:
                pass
        listening.cancel()

    assert (batch.mentions[0].text, batch.mentions[0].summoned) == (long.text, True)


# --- what X says no with ---


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, ChannelRefused),
        (404, ChannelRefused),
        (408, ChannelUnavailable),
        (302, ChannelUnavailable),
        (429, RateLimited),
    ],
)
def test_each_status_is_one_of_three_errors(status: int, expected: type[Exception]) -> None:
    assert type(as_channel_error(XAnswered(status, "no"))) is expected


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, "[channels.x] no key is given: set bearer_token to listen"),
        ({"consumer_key": "a"}, "[channels.x] consumer_key, consumer_secret, access_token and access_token_secret go"),
        ({**USER_KEYS, "stream": True}, "[channels.x] stream = true needs bearer_token"),
        ({"bearer_token": "a", "keywords": ["x" * 90] * 6}, "[channels.x] keywords are too long together"),
        ({"bearer_token": "a", "account": "no such name!"}, "[channels.x] account: string should match pattern"),
        ({"bearer_token": "a", "base_url": "nowhere"}, "[channels.x] base_url: input should be a valid url"),
    ],
)
def test_a_mistake_in_the_table_is_one_sentence(tmp_path: Path, table: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        open_channel("x", table, Surroundings(home=tmp_path, accounts=()))

    assert str(caught.value).startswith(said)
    assert "canary" not in str(caught.value)


async def test_a_check_tells_the_access_level(server: XServer, tmp_path: Path) -> None:
    settings = CHANNEL.settings(**USER_KEYS, base_url=server.url)
    assert CHANNEL.check is not None
    account = await CHANNEL.check("x", settings, Surroundings(home=tmp_path, accounts=()))

    assert account.identity == f"@zarapito ({server.brand.id})"
    assert account.rights[0] == "access level: read-write"
    assert json.dumps([*account.rights, *account.limits, *account.notes])
