"""What only Reddit does: calls that are counted, inboxes that tell less, a 200 that says no, how posts are read."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.domain.action import Reply, ReplyKind
from bot.domain.cost import Purse, WhenSpent
from bot.domain.errors import ChannelRefused, ChannelUnavailable, ConfigError, RateLimited
from bot.domain.mention import Batch, Mention
from bot.domain.ports.channel import Surroundings
from bot.domain.reading import Language
from bot.testing import CountingMeter, HandClock
from listeners.reddit import CHANNEL, Reddit
from listeners.reddit_place import Place
from listeners.reddit_wire import RedditAnswered, as_channel_error, refusal
from listeners.registry import open_channel
from tests.contracts.stage import RESET_SECONDS, Fault
from tests.servers.reddit.server import CLIENT_ID, CLIENT_SECRET, PASSWORD, REFRESH_TOKEN, RedditServer, reddit_server
from tests.servers.reddit.world import Piece

HOUR = 3600.0
KEYS = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "account": "u/zarapito"}


@pytest.fixture
async def server() -> AsyncIterator[RedditServer]:
    async with reddit_server() as running:
        yield running


@pytest.fixture
def meter() -> CountingMeter:
    return CountingMeter()


class Opener:
    """Opens the channel over the server, with the password unless told otherwise."""

    def __init__(self, server: RedditServer, home: Path, meter: CountingMeter) -> None:
        self._server, self._home, self.meter = server, home, meter
        self.clock = HandClock()

    def __call__(self, **changes: Any) -> AbstractAsyncContextManager[Any]:
        hosts = {"base_url": self._server.url, "login_url": self._server.url}
        table = {"kind": "reddit", **KEYS, "password": PASSWORD, **hosts, "timeout_seconds": 2, **changes}
        accounts = ("@zarapito", "@ZarapitoTienda")
        surroundings = Surroundings(home=self._home, accounts=accounts, meter=self.meter, clock=self.clock)
        return open_channel("reddit", {key: value for key, value in table.items() if value is not None}, surroundings)


@pytest.fixture
def opened(server: RedditServer, tmp_path: Path, meter: CountingMeter) -> Opener:
    return Opener(server, tmp_path, meter)


@pytest.fixture
def post(server: RedditServer) -> Piece:
    """An old post of somebody's in our subreddit, which nobody looks at any more."""
    made = server.world.post("luz", "Lámparas", subreddit="zarapitos", ago=720 * HOUR)
    server.world.visible_at[made.name] = math.inf
    return made


def called(server: RedditServer, path: str) -> list[dict[str, str]]:
    return [call.query for call in server.calls if call.path == path]


def answer(to: Mention, text: str = "Gracias") -> Reply:
    return Reply(to=to.id, kind=ReplyKind.THANKS, text=text, language=Language.ES)


def names(batch: Batch) -> list[str]:
    return [mention.external_id for mention in batch.mentions]


async def started(channel: Reddit) -> str | None:
    """The cursor after a first look, so that what comes is no history."""
    return (await channel.poll(None)).cursor


async def called_us(server: RedditServer, channel: Reddit, post: Piece) -> Mention:
    """A mention that waits for its answer."""
    cursor = await started(channel)
    server.world.comment("ana", "u/zarapito hola", under=post.name)
    [mention] = (await channel.poll(cursor)).mentions
    return mention


# --- a look that breaks off ---


@pytest.mark.parametrize("begun", [True, False])
async def test_a_subreddit_that_shuts_itself_off_does_not_keep_the_inbox_from_being_heard(
    server: RedditServer, opened: Opener, post: Piece, *, begun: bool
) -> None:
    async with opened(subreddits=["zarapitos"]) as channel:
        cursor = await started(channel) if begun else None
        call = server.world.comment("ana", "u/zarapito hola", under=post.name)
        server.fault, server.fails_in = Fault.FORBIDDEN, "/r/"
        half = await channel.poll(cursor)
        still = await channel.poll(half.cursor)
        server.fault = None
        whole = await channel.poll(still.cursor)

    assert names(half) == [call.name]
    assert isinstance(half.fault, ChannelRefused)
    assert isinstance(still.fault, ChannelRefused)
    assert whole.fault is None
    assert call.name in names(whole)


# --- logging in ---


@pytest.mark.parametrize("way", [{"password": PASSWORD}, {"password": None, "refresh_token": REFRESH_TOKEN}])
async def test_there_are_two_ways_to_log_in(server: RedditServer, opened: Opener, way: dict[str, str | None]) -> None:
    async with opened(**way) as channel:
        await channel.poll(None)
        assert (await channel.me()).name == "zarapito"

    assert len(server.tokens) == 1


@pytest.mark.parametrize("way", [{"password": "wrong"}, {"client_secret": "wrong"}])
async def test_wrong_keys_are_refused_in_a_sentence(opened: Opener, way: dict[str, str]) -> None:
    async with opened(**way) as channel:
        with pytest.raises(ChannelRefused, match="Reddit refuses the keys"):
            await channel.poll(None)


async def test_a_token_that_ends_early_is_replaced_and_nothing_is_said_twice(
    server: RedditServer, opened: Opener, post: Piece
) -> None:
    async with opened() as channel:
        mention = await called_us(server, channel, post)
        server.tokens.append("somebody logged us out")
        await channel.say(answer(mention), mention, "key-1")

    assert len(server.commented) == 1
    assert server.tokens[-1] == "token-3"


async def test_a_token_is_asked_for_once_and_again_shortly_before_it_ends(server: RedditServer, opened: Opener) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        await channel.poll(cursor)
        assert len(server.tokens) == 1
        channel._wire._token = replace(channel._wire._token, ends=0.0)
        await channel.poll(cursor)

    assert len(server.tokens) == 2


# --- calls are counted ---


async def test_a_look_leaves_calls_to_answers(server: RedditServer, opened: Opener, post: Piece) -> None:
    async with opened() as channel:
        mention = await called_us(server, channel, post)
        server.left = 10
        await channel.poll(None)
        before = len(server.calls)
        with pytest.raises(RateLimited) as caught:
            await channel.poll(None)
        assert len(server.calls) == before
        await channel.say(answer(mention), mention, "key-1")

    assert RESET_SECONDS - 3 <= caught.value.retry_after <= RESET_SECONDS
    assert len(server.commented) == 1


async def test_what_is_read_is_few_calls_and_each_is_counted(
    server: RedditServer, opened: Opener, post: Piece, meter: CountingMeter
) -> None:
    server.world.post("ana", "hola", subreddit="otros")
    async with opened(subreddits=["zarapitos", "r/Otros"], keywords=["lámpara", "zarapito"]) as channel:
        cursor = await started(channel)
        server.calls.clear()
        meter.units.clear()
        await channel.poll(cursor)

    paths = ["/message/inbox", "/r/otros+zarapitos/comments", "/r/otros+zarapitos/new", "/search"]
    assert [call.path for call in server.calls] == paths
    assert meter.units == {"call": 4}
    assert called(server, "/search")[0]["q"] == '"lámpara" OR "zarapito"'
    assert called(server, "/message/inbox")[0]["mark"] == "false"


async def test_once_the_money_is_spent_nobody_searches(server: RedditServer, tmp_path: Path) -> None:
    purse = Purse(
        spent=Decimal(5),
        budget=Decimal(5),
        currency="USD",
        when_spent=WhenSpent.SLOW,
        renews_at=datetime.now(UTC) + timedelta(hours=1),
    )
    async with Opener(server, tmp_path, CountingMeter(purse))(keywords=["lámpara"], recheck_hours=1e-9) as channel:
        cursor = await started(channel)
        await channel.poll(cursor)

    assert {call.path for call in server.calls} == {"/api/v1/access_token", "/api/v1/me", "/message/inbox"}


# --- what is heard, and how ---


async def test_who_answers_us_has_summoned_us(server: RedditServer, opened: Opener, post: Piece) -> None:
    world = server.world
    ours = world.comment("zarapito", "abrimos el domingo", under=post.name)
    async with opened() as channel:
        cursor = await started(channel)
        reply = world.comment("ana", "¿a qué hora?", under=ours.name)
        [heard] = (await channel.poll(cursor)).mentions

    assert heard.summoned
    assert (heard.in_reply_to, heard.thread_id) == (ours.name, post.name)
    assert heard.url == f"https://www.reddit.com{reply.path}"
    assert (heard.author.name, heard.author.account_id) == ("ana", "ana")


@pytest.mark.parametrize(
    ("text", "summoned"),
    [
        ("¿alguien de u/Zarapito?", True),
        ("/u/zarapito hola", True),
        ("los de u/zarapito_fans no saben", False),
        ("reddit.com/u/zarapito", False),
        ("zarapito es caro", False),
    ],
)
async def test_in_a_subreddit_who_names_us_has_summoned_us(
    server: RedditServer, opened: Opener, text: str, summoned: bool
) -> None:
    async with opened(keywords=["zarapito"]) as channel:
        cursor = await started(channel)
        server.world.post("ana", "una pregunta", f"{text} zarapito", subreddit="otros")
        [heard] = (await channel.poll(cursor)).mentions

    assert heard.summoned == summoned


async def test_a_comment_that_two_listings_show_is_one_mention(
    server: RedditServer, opened: Opener, post: Piece
) -> None:
    ours = server.world.comment("zarapito", "abrimos el domingo", under=post.name)
    async with opened(subreddits=["zarapitos"]) as channel:
        cursor = await started(channel)
        reply = server.world.comment("ana", "¿a qué hora?", under=ours.name)
        batch = await channel.poll(cursor)

    assert names(batch) == [reply.name]
    assert batch.mentions[0].summoned


async def test_a_post_is_its_title_its_text_and_what_it_shows(server: RedditServer, opened: Opener) -> None:
    world = server.world
    world.post("ana", "Mi lámpara", "llegó <rota> &amp; tarde", subreddit="zarapitos")
    world.post("ana", "Mirad", subreddit="zarapitos", is_self=False, post_hint="image", domain="i.redd.it")
    world.post("ana", "Leed", subreddit="zarapitos", is_self=False, domain="example.com")
    world.post("ana", "Vídeo", subreddit="zarapitos", is_self=False, is_video=True)
    async with opened(subreddits=["zarapitos"]) as channel:
        batch = await channel.poll(None)

    assert [mention.text for mention in batch.mentions] == [
        "Mi lámpara\n\nllegó <rota> &amp; tarde",
        "Mirad\n\n[image]",
        "Leed\n\n[link: example.com]",
        "Vídeo\n\n[video]",
    ]
    assert [mention.thread_id for mention in batch.mentions] == names(batch)
    assert batch.mentions[0].in_reply_to is None


async def test_private_messages_are_left_alone(server: RedditServer, opened: Opener, post: Piece) -> None:
    server.messages = [{"kind": "t4", "data": {"id": "abc", "name": "t4_abc", "author": "ana", "body": "psst"}}]
    async with opened() as channel:
        cursor = await started(channel)
        comment = server.world.comment("ana", "u/zarapito hola", under=post.name)

        assert names(await channel.poll(cursor)) == [comment.name]


async def test_another_account_of_the_brand_is_its_voice_and_ours_is_nobodys(
    server: RedditServer, opened: Opener, post: Piece
) -> None:
    async with opened(subreddits=["zarapitos"]) as channel:
        cursor = await started(channel)
        server.world.comment("zarapito", "hola", under=post.name)
        theirs = server.world.comment("ZarapitoTienda", "os esperamos", under=post.name)
        [heard] = (await channel.poll(cursor)).mentions

    assert (heard.external_id, heard.by_brand) == (theirs.name, True)


async def test_a_subreddit_that_is_not_there_is_said(opened: Opener) -> None:
    async with opened(subreddits=["nosuch"]) as channel:
        fault = (await channel.poll(None)).fault

    assert isinstance(fault, ChannelRefused)
    assert "look at subreddits" in str(fault)


# --- how far a listing has settled ---


async def test_what_is_shown_late_is_found(server: RedditServer, opened: Opener, post: Piece) -> None:
    async with opened(subreddits=["zarapitos"]) as channel:
        cursor = await started(channel)
        server.world.comment("ana", "vieja", under=post.name, ago=HOUR)
        server.world.comment("ana", "nueva", under=post.name)
        batch = await channel.poll(cursor)
        late = server.world.comment("luz", "tardía", under=post.name, ago=600)

        assert late.name in names(await channel.poll(batch.cursor))


async def test_what_has_settled_is_neither_read_nor_told_again(
    server: RedditServer, opened: Opener, post: Piece
) -> None:
    server.page = 5
    for number in range(20):
        server.world.comment("ana", str(number), under=post.name, ago=(21 - number) * HOUR)
    last = server.world.comment("ana", "ahora", under=post.name)
    async with opened(subreddits=["zarapitos"]) as channel:
        first = await channel.poll(None)
        server.calls.clear()
        second = await channel.poll(first.cursor)

    assert len(first.mentions) == 21
    assert names(second)[-1] == last.name
    assert len(second.mentions) <= 2
    assert len(called(server, "/r/zarapitos/comments")) == 1


async def test_the_first_look_goes_back_so_many_hours(server: RedditServer, opened: Opener, post: Piece) -> None:
    server.world.comment("ana", "anteayer", under=post.name, ago=47 * HOUR)
    recent = server.world.comment("ana", "hoy", under=post.name, ago=HOUR)
    async with opened(subreddits=["zarapitos"], look_back_hours=12) as channel:
        batch = await channel.poll(None)
        again = await channel.poll(batch.cursor)

    assert names(batch) == [recent.name]
    assert batch.mentions[0].backfilled
    assert all(mention.backfilled for mention in again.mentions)


async def test_a_subreddit_that_is_added_later_brings_history_first(
    server: RedditServer, opened: Opener, post: Piece
) -> None:
    old = server.world.comment("ana", "de antes", under=post.name, ago=HOUR)
    async with opened() as channel:
        cursor = await started(channel)
    async with opened(subreddits=["zarapitos"]) as channel:
        batch = await channel.poll(cursor)
        fresh = server.world.comment("ana", "de ahora", under=post.name)
        later = await channel.poll(batch.cursor)

    history = {mention.external_id: mention.backfilled for mention in (*batch.mentions, *later.mentions)}
    assert history == {old.name: True, fresh.name: False}


async def test_a_fault_between_pages_moves_nothing(server: RedditServer, opened: Opener, post: Piece) -> None:
    server.page = 2
    async with opened(subreddits=["zarapitos"]) as channel:
        cursor = await started(channel)
        for number in range(5):
            server.world.comment("ana", str(number), under=post.name, ago=HOUR - number)
        paged = server._paged

        def second_page_fails(*given: Any) -> Any:
            if "after" in given[0].query:
                message = "the power is out"
                raise ConnectionError(message)
            return paged(*given)

        server._paged = second_page_fails  # type: ignore[assignment, method-assign]
        half = await channel.poll(cursor)
        server._paged = paged  # type: ignore[method-assign]

        assert isinstance(half.fault, ChannelUnavailable)
        assert half.mentions == ()
        assert len((await channel.poll(half.cursor)).mentions) == 5


async def test_pages_without_an_end_are_left_and_asked_for_again(
    server: RedditServer, opened: Opener, post: Piece
) -> None:
    async with opened() as channel:
        cursor = await started(channel)
        comment = server.world.comment("ana", "u/zarapito hola", under=post.name, ago=HOUR)
        server.fault = Fault.ENDLESS_PAGES
        server.calls.clear()
        batch = await channel.poll(cursor)

    assert names(batch) == [comment.name]
    assert Place.read(batch.cursor).spots == Place.read(cursor).spots
    assert len(server.calls) <= 12


async def test_a_row_that_cannot_be_read_costs_nobody_else(server: RedditServer, opened: Opener, post: Piece) -> None:
    server.messages = [{"kind": "t1", "data": {"name": "no name", "body": "hola"}}]
    async with opened() as channel:
        cursor = await started(channel)
        comment = server.world.comment("ana", "u/zarapito hola", under=post.name)

        assert names(await channel.poll(cursor)) == [comment.name]


async def test_a_cursor_of_another_channel_is_a_first_start(server: RedditServer, opened: Opener, post: Piece) -> None:
    server.world.comment("ana", "u/zarapito hola", under=post.name)
    async with opened() as channel:
        [heard] = (await channel.poll("17")).mentions

    assert heard.backfilled


# --- edits and deletions ---


async def test_an_edited_answer_to_us_is_still_one(server: RedditServer, opened: Opener, post: Piece) -> None:
    ours = server.world.comment("zarapito", "abrimos el domingo", under=post.name)
    async with opened(subreddits=["zarapitos"]) as channel:
        cursor = await started(channel)
        reply = server.world.comment("ana", "¿a qué hora?", under=ours.name)
        server.world.edit(reply.name, "¿a qué hora abrís?")
        batch = await channel.poll(cursor)

    assert batch.mentions == ()
    [edit] = batch.edits
    assert (edit.text, edit.summoned, edit.backfilled) == ("¿a qué hora abrís?", True, False)


async def test_what_was_heard_is_looked_up_once_in_some_hours(
    server: RedditServer, opened: Opener, post: Piece
) -> None:
    pieces = [server.world.comment("ana", f"u/zarapito {n}", under=post.name, ago=HOUR) for n in range(3)]
    gone, edited, stays = (piece.name for piece in pieces)
    async with opened() as channel:
        cursor = await started(channel)
        server.world.delete(gone)
        server.world.edit(edited, "u/zarapito perdón")
        soon = await channel.poll(cursor)
        long_ago = datetime.now(UTC) - timedelta(hours=7)
        batch = await channel.poll(replace(Place.read(soon.cursor), checked=long_ago).written())

    assert (soon.deletions, soon.edits) == ((), ())
    assert batch.deletions == (gone,)
    assert [(edit.external_id, edit.text) for edit in batch.edits] == [(edited, "u/zarapito perdón")]
    assert Place.read(batch.cursor).watched == (edited, stays)
    assert called(server, "/api/info")[0]["id"] == f"{gone},{edited},{stays}"


@pytest.mark.parametrize(
    "about",
    [
        {"body": "[removed]"},
        {"body": "[ Removed by Reddit ]"},
        {"body": "[ Removed by Reddit in response to a copyright notice. ]"},
        {"body": "[unavailable]"},
        {"author": "[deleted]"},
        {"removed_by_category": "moderator"},
    ],
)
async def test_what_others_took_away_is_gone_too(
    server: RedditServer, opened: Opener, post: Piece, about: dict[str, str]
) -> None:
    comment = server.world.comment("ana", "u/zarapito hola", under=post.name)
    async with opened(recheck_hours=1e-9) as channel:
        cursor = await started(channel)
        server.world.pieces[comment.name] = replace(comment, about=about)
        batch = await channel.poll(cursor)

    assert batch.deletions == (comment.name,)


# --- answering ---


async def test_an_answer_is_sent_once_whatever_reddit_does(server: RedditServer, opened: Opener, post: Piece) -> None:
    async with opened() as channel:
        mention = await called_us(server, channel, post)
        server.fault = Fault.SERVER_ERROR
        with pytest.raises(ChannelUnavailable):
            await channel.say(answer(mention), mention, "key-1")

    assert len([call for call in server.calls if call.path == "/api/comment"]) == 1


@pytest.mark.parametrize(
    ("error", "told", "expected"),
    [
        (["RATELIMIT", "Take a break for 9 minutes before trying again.", "ratelimit"], None, 540.0),
        (["RATELIMIT", "Take a break for 9 minutes before trying again.", "ratelimit"], 501.5, 501.5),
        (["RATELIMIT", "try again in 202 milliseconds.", "ratelimit"], None, 1.0),
        (["RATELIMIT", "más despacio", "ratelimit"], None, 60.0),
    ],
)
async def test_whoever_comments_too_often_waits_as_long_as_reddit_says(  # noqa: PLR0913, PLR0917 - one error in parts
    server: RedditServer, opened: Opener, post: Piece, error: list[str], told: float | None, expected: float
) -> None:
    async with opened() as channel:
        mention = await called_us(server, channel, post)
        server.errors, server.ratelimit = [error], told
        with pytest.raises(RateLimited) as caught:
            await channel.say(answer(mention), mention, "key-1")

    assert caught.value.retry_after == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [("THREAD_LOCKED", ChannelRefused), ("TOO_OLD", ChannelRefused), ("SERVER_ERROR", ChannelUnavailable)],
)
def test_a_200_may_say_no(code: str, expected: type[Exception]) -> None:
    found = refusal(code, "that's a piece of\nhistory now", seconds=None)

    assert type(found) is expected
    assert code in str(found)
    assert "\n" not in str(found)


async def test_a_second_answer_to_the_same_comment_is_not_taken_for_the_first(
    server: RedditServer, opened: Opener, post: Piece
) -> None:
    async with opened() as channel:
        mention = await called_us(server, channel, post)
        await channel.say(answer(mention), mention, "key-1")
        opened.clock.pass_on(HOUR)

        assert await channel.said("key-2", mention) is None


async def asked_and_broken(server: RedditServer, opened: Opener, channel: Reddit, post: Piece, fault: Fault) -> Mention:
    """A mention that was answered while Reddit broke: nobody here knows whether the answer stands there."""
    mention = await called_us(server, channel, post)
    # the channel has been open for long
    opened.clock.pass_on(HOUR)
    server.world.late, server.fault = 60, fault
    with pytest.raises(ChannelUnavailable):
        await channel.say(answer(mention), mention, "key-1")
    server.fault = None
    return mention


async def test_an_answer_that_reddit_shows_late_is_not_said_again(
    server: RedditServer, opened: Opener, post: Piece
) -> None:
    async with opened() as channel:
        mention = await asked_and_broken(server, opened, channel, post, Fault.LOST_ANSWER)
        opened.clock.pass_on(50)
        with pytest.raises(ChannelUnavailable, match="cannot say yet"):
            await channel.said("key-1", mention)
        [made] = server.commented
        server.world.visible_at[made] = 0
        receipt = await channel.said("key-1", mention)

    assert receipt is not None
    assert [receipt.external_id] == server.commented


async def test_what_reddit_does_not_show_in_time_was_not_heard(
    server: RedditServer, opened: Opener, post: Piece
) -> None:
    async with opened() as channel:
        mention = await asked_and_broken(server, opened, channel, post, Fault.SERVER_ERROR)
        opened.clock.pass_on(121)

        assert await channel.said("key-1", mention) is None


async def test_a_look_up_goes_back_to_the_comment_that_was_answered(
    server: RedditServer, opened: Opener, post: Piece
) -> None:
    server.page = 10
    for number in range(30):
        server.world.comment("zarapito", str(number), under=post.name, ago=(40 - number) * HOUR)
    async with opened() as channel:
        mention = await called_us(server, channel, post)
        by_hand = server.world.comment("zarapito", "ya vamos", under=mention.external_id)
        receipt = await channel.said("key-1", mention)

    assert receipt is not None
    assert receipt.external_id == by_hand.name
    assert len(called(server, "/user/zarapito/comments")) == 1


async def test_a_look_up_whose_pages_do_not_end_never_says_that_nothing_was_heard(
    server: RedditServer, opened: Opener, post: Piece
) -> None:
    async with opened() as channel:
        mention = await called_us(server, channel, post)
        server.fault = Fault.ENDLESS_PAGES

        with pytest.raises(ChannelUnavailable, match="cannot say whether this was heard"):
            await channel.said("key-1", mention)


# --- what Reddit says no with, and settings ---


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (302, ChannelRefused),
        (400, ChannelRefused),
        (403, ChannelRefused),
        (404, ChannelRefused),
        (408, ChannelUnavailable),
        (429, RateLimited),
        (503, ChannelUnavailable),
    ],
)
def test_each_status_is_one_of_three_errors(status: int, expected: type[Exception]) -> None:
    assert type(as_channel_error(RedditAnswered(status, "no"))) is expected


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({**KEYS}, "[channels.reddit] give password (an app of the type script) or refresh_token (a web app)"),
        ({**KEYS, "password": "canary", "refresh_token": "canary"}, "[channels.reddit] give password"),
        ({**KEYS, "password": "canary", "keywords": ["x" * 90] * 6}, "[channels.reddit] keywords are too long"),
        ({**KEYS, "password": "canary", "account": "no such name!"}, "[channels.reddit] account: string should match"),
        ({**KEYS, "password": "canary", "subreddits": ["a b"]}, "[channels.reddit] subreddits.0: string should match"),
        ({**KEYS, "password": "canary", "base_url": "nowhere"}, "[channels.reddit] base_url: input should be a valid"),
    ],
)
def test_a_mistake_in_the_table_is_one_sentence(tmp_path: Path, table: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        open_channel("reddit", table, Surroundings(home=tmp_path, accounts=()))

    assert str(caught.value).startswith(said)
    assert "canary" not in str(caught.value)


def test_we_say_who_we_are_as_reddit_wants_it() -> None:
    settings = CHANNEL.settings(**KEYS, password=PASSWORD)

    assert settings.user_agent.startswith("python:vivencia:v")
    assert settings.user_agent.endswith(" (by /u/zarapito)")


async def test_a_check_tells_which_scopes_are_missing(server: RedditServer, tmp_path: Path) -> None:
    server.scopes = "identity read privatemessages submit"
    hosts = {"base_url": server.url, "login_url": server.url}
    settings = CHANNEL.settings(**KEYS, refresh_token=REFRESH_TOKEN, subreddits=["zarapitos"], **hosts)
    assert CHANNEL.check is not None
    account = await CHANNEL.check("reddit", settings, Surroundings(home=tmp_path, accounts=()))

    assert account.identity == "u/zarapito"
    assert [right for right in account.rights if right.startswith("NOT")] == [
        "NOT: finds its own answers after a crash (the app lacks the scope history)"
    ]
    assert account.limits[0] == "calls left in this window of ten minutes: 499"
    assert account.per_look == {"call": 3}
