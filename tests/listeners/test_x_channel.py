"""What only X does: who may be answered, what a look costs, how far a listing has settled, how posts are read."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.domain.action import Reply, ReplyKind
from bot.domain.cost import Purse, WhenSpent
from bot.domain.errors import ChannelRefused, ChannelUnavailable, ConfigError, RateLimited
from bot.domain.mention import Batch, Mention
from bot.domain.ports import Surroundings
from bot.domain.reading import Language
from bot.testing import CountingMeter
from listeners.registry import open_channel
from listeners.x import CHANNEL, StreamedX, X
from listeners.x_place import Listing, Place
from listeners.x_posts import Post
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

    def __init__(self, server: XServer, home: Path, meter: CountingMeter) -> None:
        self._server, self._home, self.meter = server, home, meter

    def __call__(self, keys: dict[str, str] = USER_KEYS, **changes: Any) -> AbstractAsyncContextManager[Any]:
        table = {"kind": "x", **keys, "base_url": self._server.url, "timeout_seconds": 2, **changes}
        surroundings = Surroundings(home=self._home, accounts=("@Zarapito",), meter=self.meter)
        return open_channel("x", table, surroundings)


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


async def test_repetitions_say_nothing(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        original = written(server, "@zarapito hola")
        written(server, "RT @ana: @zarapito hola", who="luz", retweeted=original.id)

        assert ids(await channel.poll(cursor)) == [original.id]


# --- looking up what was said ---


async def test_a_second_answer_to_the_same_post_is_not_taken_for_the_first(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        written(server, "@zarapito hola")
        [heard] = (await channel.poll(cursor)).mentions
        await channel.say(answer(heard), heard, "key-1")

        assert await channel.said("key-2", heard) is None


async def test_a_look_up_asks_for_posts_after_the_one_that_was_answered(server: XServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        post = written(server, "@zarapito hola")
        [heard] = (await channel.poll(cursor)).mentions
        await channel.said("key-1", heard)

    [query] = asked_for(server, f"{server.brand.id}/tweets")
    assert query["since_id"] == post.id


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


async def test_a_search_never_looks_behind_seven_days(server: XServer, opened: Opener) -> None:
    old = written(server, "la lámpara", ago=30 * 24 * HOUR)
    stale = Place(began="1", search=old.id).written()
    async with opened(keywords=["lámpara"]) as channel:
        await channel.poll(stale)

    [query] = asked_for(server, "/recent")
    assert "since_id" not in query
    assert "start_time" in query


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


async def test_deletions_are_asked_for_once_in_some_hours(server: XServer, opened: Opener) -> None:
    gone, stays = written(server, "@zarapito una"), written(server, "@zarapito dos")
    async with opened() as channel:
        cursor = await started(channel)
        server.world.delete(gone.id)
        soon = await channel.poll(cursor)
        place = Place.read(soon.cursor)
        later = Place(began=place.began, watched=place.watched, checked=datetime.now(UTC) - timedelta(hours=21))
        batch = await channel.poll(later.written())

    assert soon.deletions == ()
    assert batch.deletions == (gone.id,)
    assert Place.read(batch.cursor).watched == (stays.id,)
    assert len(asked_for(server, "/2/tweets")) == 1


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


@pytest.mark.parametrize(("text", "price"), [("Gracias", "reply"), ("Mira https://x.example/a", "create_with_url")])
async def test_an_answer_is_charged_and_dearer_with_a_link(
    server: XServer, opened: Opener, meter: CountingMeter, text: str, price: str
) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        written(server, "@zarapito hola")
        [heard] = (await channel.poll(cursor)).mentions
        await channel.say(answer(heard, text), heard, "key-1")

    assert meter.units[price] == 1


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
            await channel._set_rules(await channel.me())

    assert sorted(rule["value"] for rule in server.world.rules.values()) == ["@zarapito -is:retweet", "cats"]
    assert len([call for call in server.calls if call.method == "POST"]) == 2


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
