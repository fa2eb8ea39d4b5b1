"""Two customers become one on their own word, whole, for good, and with the consent beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.action import Reply, ReplyKind, Route
from bot.domain.agent import Agent
from bot.domain.customer import Consent, Customer, CustomerId
from bot.domain.mention import Mention
from bot.domain.outbox import Delivery, JobState, Receipt, Ruling, Verdict
from bot.domain.promise import Pledge
from bot.domain.reading import Language, Touchpoint, Urgency
from bot.domain.situation import Decided, Decision, Settled, Situation
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, lived, mention, new_case, reading
from tests.store.conftest import nothing

Tell = Callable[..., Awaitable[list[Settled]]]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MAYA = Agent(id="maya", name="Maya")
AGREED = Consent(words="por correo, 2 mar: «sí, soy yo»", noted_by="maya", noted_at=NOON + 9 * MINUTE)
ON_X = mention("1", "el paquete llegó roto", channel="x", who="ana")
ON_DISCORD = mention("7", "the parcel is broken", channel="discord", who="ana_", posted_at=NOON + MINUTE)


def drafted(situation: Situation) -> Decision:
    """A case, an experience, a draft that waits for a person, and a card."""
    reply = Reply(to=situation.mention.id, kind=ReplyKind.ANSWER, text="Lo miramos ya", language=Language.ES)
    route = Route(desk="cases", reason="a test", urgency=Urgency.LOW)
    held, open_to_all = (Ruling(verdict=verdict, reason="a test") for verdict in (Verdict.APPROVE, Verdict.SEND))
    return Decision(
        case=new_case(situation),
        experiences=(lived(situation, Touchpoint.DELIVERY),),
        actions=(
            Decided(action=reply, responder="answer", ruling=held),
            Decided(action=route, responder="route", ruling=open_to_all),
        ),
    )


async def someone(store: SqliteStore, who: str) -> Customer:
    found = await store.history.customer(who)
    assert found is not None
    return found


async def both(store: SqliteStore, tell: Tell, *, decide: Callable[[Situation], Decision] = drafted) -> list[Customer]:
    await tell(ON_X, decide=decide)
    await tell(ON_DISCORD, decide=decide, read=reading(language=Language.EN))
    return [await someone(store, "x:ana"), await someone(store, "discord:ana_")]


async def test_one_story_is_told_in_order_and_the_old_id_leads_to_it(store: SqliteStore, tell: Tell) -> None:
    ana, other = await both(store, tell)

    one = await store.history.merge(ana.id, other.id, AGREED)

    assert [handle.channel for handle in one.handles] == ["x", "discord"]
    assert await someone(store, other.id) == await someone(store, "discord:@ana_") == one
    journey = await store.history.journey(one.id)
    assert [line.text for line in journey.interactions] == [ON_X.text, ON_DISCORD.text]
    assert len(journey.experiences) == len(journey.cases) == 2
    assert (await store.reports.counts()).customers == 1


async def test_the_consent_is_kept_with_what_came_along(store: SqliteStore, tell: Tell) -> None:
    ana, other = await both(store, tell)

    await store.history.merge(ana.id, other.id, AGREED)

    (merge,) = (await store.history.journey(ana.id)).merges
    assert merge.consent == AGREED
    assert merge.handles == other.handles


async def test_whose_next_words_these_are_is_known(store: SqliteStore, tell: Tell) -> None:
    ana, other = await both(store, tell)
    await store.history.merge(ana.id, other.id, AGREED)
    seen: list[Situation] = []

    def look(situation: Situation) -> Decision:
        seen.append(situation)
        return Decision()

    await tell(mention("8", "¿y bien?", channel="discord", who="ana_", posted_at=NOON + 20 * MINUTE), decide=look)

    (situation,) = seen
    assert situation.customer.id == ana.id
    assert len(situation.cases) == 2
    assert [line.channel for line in situation.history] == ["x", "discord"]


async def test_no_row_is_left_behind(store: SqliteStore, tell: Tell, tmp_path: Path) -> None:
    ana, other = await both(store, tell)
    promise = Pledge(what="llega mañana", due=NOON + timedelta(days=1))
    answer = mention("9", "llega mañana", channel="discord", who="zarapito", by_brand=True, in_reply_to="7")
    await tell(answer, pledges=(promise,))

    await store.history.merge(ana.id, other.id, AGREED)

    with closing(sqlite3.connect(tmp_path / "home" / "vivencia.db")) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        owned = [
            table
            for table in tables
            if "customer_id" in {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        ]
        left = {table: _left(connection, table, other.id) for table in owned}
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert len(owned) >= 10
    assert not any(left.values()), left


def _left(connection: sqlite3.Connection, table: str, customer_id: str) -> int:
    rows = connection.execute(f"SELECT count(*) FROM {table} WHERE customer_id = ?", (customer_id,))
    return int(rows.fetchone()[0])


async def test_who_wants_peace_on_one_account_has_it_on_both(store: SqliteStore, tell: Tell) -> None:
    ana, other = await both(store, tell)
    leave_me = mention("8", "no me escribáis más", channel="discord", who="ana_", posted_at=NOON + 2 * MINUTE)
    await tell(leave_me, decide=lambda _: Decision(opts_out=True))
    assert {job.mention_id for job in await store.outbox.jobs(JobState.HELD)} == {ON_X.id}

    one = await store.history.merge(ana.id, other.id, AGREED)

    assert one.opted_out
    assert await store.outbox.jobs(JobState.HELD) == []


async def test_a_wish_of_long_ago_withholds_what_a_machine_drafted_since_for_the_other_account(
    store: SqliteStore, tell: Tell
) -> None:
    long_ago = mention("0", "no me escribáis más", channel="x", who="ana", posted_at=NOON - 9 * DAY)
    await tell(long_ago, decide=lambda _: Decision(opts_out=True))
    ana, other = await both(store, tell)
    assert len(await store.outbox.jobs(JobState.HELD)) == 2

    await store.history.merge(ana.id, other.id, AGREED)

    assert await store.outbox.jobs(JobState.HELD) == []
    assert {job.mention_id for job in await store.outbox.jobs(JobState.WITHHELD)} == {ON_X.id, ON_DISCORD.id}


@pytest.mark.parametrize("last", ["x", "discord"])
async def test_of_two_wishes_for_peace_the_last_one_counts(store: SqliteStore, tell: Tell, last: str) -> None:
    ana, other = await both(store, tell)
    first = "discord" if last == "x" else "x"
    for number, (channel, minute) in enumerate([(first, 2), (last, 5)]):
        post = asks_for_peace(f"p{number}", channel, NOON + minute * MINUTE)
        await tell(post, decide=lambda _: Decision(opts_out=True))

    assert (await store.history.merge(ana.id, other.id, AGREED)).opted_out_at == NOON + 5 * MINUTE


def asks_for_peace(number: str, channel: str, at: datetime) -> Mention:
    who = "ana" if channel == "x" else "ana_"
    return mention(number, "no me escribáis más", channel=channel, who=who, posted_at=at)


@pytest.mark.parametrize("kept", ["x:ana", "discord:ana_"])
async def test_a_customer_is_known_since_the_first_of_their_words(store: SqliteStore, tell: Tell, kept: str) -> None:
    await both(store, tell)
    other = "discord:ana_" if kept == "x:ana" else "x:ana"

    one = await store.history.merge((await someone(store, kept)).id, (await someone(store, other)).id, AGREED)

    assert one.first_seen == ON_X.posted_at


async def test_who_was_forgotten_is_part_of_nobody(store: SqliteStore, tell: Tell) -> None:
    ana, other = await both(store, tell)
    erased = await store.deeds.change(lambda papers: papers.forget(other.id, NOON + 9 * MINUTE))
    assert erased is not None

    with pytest.raises(LookupError):
        await store.history.merge(ana.id, erased.cases[0].customer_id, AGREED)


async def test_the_language_is_that_of_the_last_words(store: SqliteStore, tell: Tell) -> None:
    ana, other = await both(store, tell, decide=lambda _: Decision())

    assert (await store.history.merge(ana.id, other.id, AGREED)).language is Language.EN


async def test_an_answer_that_is_being_sent_finds_its_customer(store: SqliteStore, tell: Tell) -> None:
    ana, other = await both(store, tell)
    held = await store.outbox.jobs(JobState.HELD)
    await store.deeds.change(lambda papers: [papers.let_go(job, MAYA, NOON) for job in held])
    errands = await store.outbox.claim(10, NOON + 10 * MINUTE, MINUTE)

    await store.history.merge(ana.id, other.id, AGREED)
    sent = Receipt(external_id="r", at=NOON + 10 * MINUTE)
    await store.outbox.sent([Delivery(job=e.job, receipt=sent) for e in errands if e.job.customer_id == other.id])

    story = (await store.history.journey(ana.id)).interactions
    assert [line.text for line in story] == [ON_X.text, ON_DISCORD.text, "Lo miramos ya"]


async def test_a_chain_of_merges_keeps_every_consent(store: SqliteStore, tell: Tell) -> None:
    ana, other = await both(store, tell)
    await tell(mention("3", channel="mail", who="ana@correo.example"), decide=nothing)
    third = await someone(store, "mail:ana@correo.example")

    await store.history.merge(ana.id, other.id, AGREED)
    await store.history.merge(third.id, ana.id, AGREED)

    assert (await someone(store, other.id)).id == third.id
    assert len((await store.history.journey(third.id)).merges) == 2


async def test_nobody_is_merged_with_nobody_or_with_themselves(store: SqliteStore, tell: Tell) -> None:
    ana, _ = await both(store, tell)

    with pytest.raises(LookupError, match="no customer nobody"):
        await store.history.merge(ana.id, CustomerId("nobody"), AGREED)
    with pytest.raises(ValueError, match="already one customer"):
        await store.history.merge(ana.id, ana.id, AGREED)


async def test_a_name_that_fits_several_is_told_with_all_of_them(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", channel="x", who="ana"), mention("2", channel="bluesky", who="ana"))

    assert len(await store.history.customers("@ana")) == 2
    assert len(await store.history.customers("bluesky:@ana")) == 1
    assert await store.history.customers("nobody") == []
