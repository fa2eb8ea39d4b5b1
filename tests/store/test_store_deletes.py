"""What an author takes back: no word of it stays anywhere, the figures stand, and nobody answers it."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.action import Reply, ReplyKind
from bot.domain.agent import Agent
from bot.domain.digest import Quote
from bot.domain.mention import Accepted, Batch, MentionId
from bot.domain.outbox import Delivery, JobState, Receipt, Ruling, Verdict
from bot.domain.reading import Language, Sentiment, Span, Touchpoint
from bot.domain.reason import because
from bot.domain.situation import Decided, Decision, Heard, Settled, Situation
from bot.store import engine
from bot.store.sqlite import SqliteStore, open_store
from bot.testing import NOON, lived, mention, new_case, reading

Tell = Callable[..., Awaitable[list[Settled]]]
LATER = NOON + timedelta(hours=1)
MAYA = Agent(id="maya", name="Maya")
WORDS = "mi vecina Aurelia abrió el paquete"
ANGRY = reading(
    sentiment=Sentiment.NEGATIVE,
    expectation="el paquete",
    spans=(
        Span(
            quote="abrió el paquete",
            touchpoint=Touchpoint.DELIVERY,
            stage=None,
            sentiment=Sentiment.NEGATIVE,
            confidence=0.9,
        ),
    ),
)


async def gone(store: SqliteStore, *ids: str) -> Accepted:
    return await store.inbox.accept("test", Batch(mentions=(), cursor=None, deletions=ids), LATER)


def helps(situation: Situation) -> Decision:
    reply = Reply(to=situation.mention.id, kind=ReplyKind.ANSWER, text="lo miramos", language=Language.ES)
    ruling = Ruling(verdict=Verdict.APPROVE, reason="approve mode")
    return Decision(
        case=new_case(situation),
        experiences=(lived(situation, Touchpoint.DELIVERY),),
        actions=(Decided(action=reply, responder="answer", ruling=ruling),),
    )


def everything_in(place: Path) -> str:
    with closing(sqlite3.connect(place)) as connection:
        return "\n".join(connection.iterdump())


async def test_no_word_of_a_deleted_post_stays_and_the_figures_stand(
    store: SqliteStore, tell: Tell, tmp_path: Path
) -> None:
    await tell(mention("1", "Aurelia, antes de cambiarlo"), decide=helps, read=ANGRY)
    await store.inbox.accept("test", Batch(mentions=(), cursor=None, edits=(mention("1", WORDS),)), NOON)
    claimed = await store.inbox.claim(1, NOON, timedelta(minutes=1))
    again = Heard(mention=claimed[0], reading=ANGRY)
    await store.history.settle(
        [again], lambda known: replace(helps(known), case=None, actions=()), lambda moment: moment
    )
    quotes = await store.reports.quotes(NOON, LATER, 5)
    printed = "   “mi vecina Aurelia\n     abrió el paquete” · Entrega\n5) Bucle: 1"
    await store.reports.keep_digest("es:v:daily:2026-03-02", printed, NOON, quotes)
    before = await store.reports.tally(NOON, LATER)
    assert "Aurelia" in everything_in(tmp_path / "home" / "vivencia.db")

    assert await gone(store, "1", "never-heard") == Accepted(new=0, duplicates=0, removed=1)

    left = everything_in(tmp_path / "home" / "vivencia.db")
    assert "Aurelia" not in left
    assert "abrió" not in left
    assert "[…]” · Entrega\n5) Bucle: 1" in left
    assert await store.reports.tally(NOON, LATER) == before
    assert await store.reports.quotes(NOON, LATER, 5) == []
    assert await store.reports.texts(NOON, LATER, 5) == []


async def test_no_word_is_left_in_the_file_either(tmp_path: Path) -> None:
    place = tmp_path / "v.db"
    async with open_store(place) as store:
        posts = tuple(mention(str(n), f"{WORDS} {n} " + "muchas palabras " * 300) for n in range(20))
        await store.inbox.accept("test", Batch(mentions=posts, cursor=None), NOON)
        await gone(store, *(post.external_id for post in posts))

    assert b"Aurelia" not in place.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["v.db"]


async def test_nor_in_the_file_beside_it_for_more_than_an_hour_of_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "FOLDED_EVERY", 0.0)
    beside = tmp_path / "v.db-wal"
    async with open_store(tmp_path / "v.db") as store:
        await store.inbox.accept("test", Batch(mentions=(mention("1", WORDS),), cursor=None), NOON)
        await gone(store, "1")
        left = beside.read_bytes()

    assert b"Aurelia" not in left


async def test_a_deleted_post_is_explained_without_its_words(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", WORDS), decide=helps, read=ANGRY)
    await gone(store, "1")

    explained = await store.history.explain("test:1")

    assert explained is not None
    assert (explained.mention.text, explained.deleted_at, explained.error) == ("", LATER, because("inbox.deleted"))
    assert explained.reading is not None
    assert explained.reading.sentiment is Sentiment.NEGATIVE
    assert [span.touchpoint for span in explained.reading.spans] == [Touchpoint.DELIVERY]
    assert explained.reading.expectation is None


async def test_nothing_that_has_not_left_answers_a_deleted_post(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", WORDS), decide=helps, read=ANGRY)

    await gone(store, "1")

    (job,) = await store.outbox.jobs()
    assert job.state is JobState.WITHHELD
    assert (await store.deeds.change(lambda papers: papers.let_go(job, MAYA, LATER))).state is JobState.WITHHELD


async def test_what_we_said_stays_in_the_history(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", WORDS), decide=helps, read=ANGRY)
    (job,) = await store.outbox.jobs()
    await store.deeds.change(lambda papers: papers.let_go(job, MAYA, NOON))
    (errand,) = await store.outbox.claim(1, NOON, timedelta(minutes=1))
    await store.outbox.sent([Delivery(job=errand.job, receipt=Receipt(external_id="99", at=NOON))])

    await gone(store, "1")

    customer = await store.history.customer("@ana")
    assert customer is not None
    assert [line.text for line in (await store.history.journey(customer.id)).interactions] == ["", "lo miramos"]


async def test_a_post_deleted_before_it_was_read_is_never_read(store: SqliteStore) -> None:
    await store.inbox.accept("test", Batch(mentions=(mention("1", WORDS),), cursor=None), NOON)
    (held,) = await store.inbox.claim(1, NOON, timedelta(minutes=1))

    await gone(store, "1")

    assert await store.inbox.waiting() == 0
    assert await store.history.settle([Heard(mention=held, reading=ANGRY)], helps, lambda moment: moment) == []
    assert (await store.reports.counts()).customers == 0


async def test_a_deleted_post_does_not_come_back(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", WORDS), decide=helps, read=ANGRY)
    await gone(store, "1")

    again = Batch(mentions=(mention("1", WORDS),), cursor=None, edits=(mention("1", WORDS),), deletions=("1",))
    assert await store.inbox.accept("test", again, LATER) == Accepted(new=0, duplicates=1)
    explained = await store.history.explain("test:1")
    assert explained is not None
    assert explained.mention.text == ""


async def test_heard_and_gone_in_one_batch_is_gone(store: SqliteStore) -> None:
    batch = Batch(mentions=(mention("1", WORDS),), cursor="7", deletions=("1",))

    assert await store.inbox.accept("test", batch, NOON) == Accepted(new=1, duplicates=0, removed=1)
    assert await store.inbox.waiting() == 0


async def test_the_same_number_on_another_channel_stays(store: SqliteStore) -> None:
    await store.inbox.accept("other", Batch(mentions=(mention("1", WORDS, channel="other"),), cursor=None), NOON)

    assert (await gone(store, "1")).removed == 0
    assert await store.inbox.waiting() == 1


async def test_an_edition_whose_quote_was_cut_in_two_is_given_up(
    store: SqliteStore, tell: Tell, tmp_path: Path
) -> None:
    long = "https://example.org/" + "a" * 90
    await tell(mention("1", long), decide=helps, read=ANGRY)
    quote = Quote(
        mention_id=MentionId("test:1"),
        text=long,
        evidence=long,
        touchpoint=None,
        sentiment=Sentiment.NEGATIVE,
        language=Language.ES,
        case_key=None,
        at=NOON,
    )
    await store.reports.keep_digest("es:v:daily:2026-03-02", f"“{long[:60]}\n {long[60:]}”", NOON, [quote])

    await gone(store, "1")

    assert "example.org" not in everything_in(tmp_path / "home" / "vivencia.db")


async def test_an_edition_that_was_being_printed_when_its_post_went_is_kept_without_it(
    store: SqliteStore, tell: Tell, tmp_path: Path
) -> None:
    await tell(mention("1", WORDS), decide=helps, read=ANGRY)
    quotes = await store.reports.quotes(NOON, LATER, 5)
    await gone(store, "1")

    assert await store.reports.keep_digest("es:v:daily:2026-03-02", f"Voces: “{WORDS}”", NOON, quotes)

    kept = everything_in(tmp_path / "home" / "vivencia.db")
    assert "Aurelia" not in kept
    assert "Voces: “[…]”" in kept


async def test_a_stream_beside_a_poll_tells_of_the_channels_deletions(store: SqliteStore) -> None:
    await store.inbox.accept("test", Batch(mentions=(mention("1", WORDS),), cursor=None), NOON)

    accepted = await store.inbox.accept("test/stream", Batch(mentions=(), cursor="9", deletions=("1",)), LATER)

    assert accepted.removed == 1


async def test_a_batch_without_a_cursor_leaves_it_where_it_was(store: SqliteStore) -> None:
    await store.inbox.accept("test", Batch(mentions=(), cursor="7"), NOON)
    await gone(store, "1")

    assert await store.inbox.cursor("test") == "7"
