"""What managers read of a real store: no history for news, no quiet over a storm, no sum lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.cli.digests import _day_heard
from bot.domain.case import CaseId, Resolution
from bot.domain.cost import Purse, Spending, WhenSpent
from bot.domain.digest import Digest, Edition
from bot.domain.mention import Batch
from bot.domain.papers import Papers
from bot.domain.promise import Pledge
from bot.domain.reading import Language, Sentiment, Touchpoint, Urgency
from bot.domain.situation import Decision, Heard, Situation
from bot.domain.time import local_day
from bot.editions import write_edition
from bot.insight.digest import Brand, Issue, build_digest
from bot.insight.digest_text import digest_text
from bot.insight.headline import headline
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, lived, mention, new_case, reading
from config.settings import read_settings
from nlp.pii import Recogniser

Tell = Callable[..., Awaitable[None]]
MADRID = ZoneInfo("Europe/Madrid")
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
TODAY = NOON + 10 * DAY
BAD, GOOD = reading(sentiment=Sentiment.NEGATIVE), reading(sentiment=Sentiment.POSITIVE)


async def digest(store: SqliteStore, day: date, edition: Edition = Edition.DAILY) -> Digest:
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) + 9 * DAY
    issue = Issue(edition=edition, day=day, language=Language.EN, now=now)
    return await build_digest(store.reports, Brand(name="B", zone=MADRID), issue, personal_data=Recogniser())


def late(situation: Situation) -> Decision:
    return Decision(case=new_case(situation), experiences=(lived(situation, Touchpoint.DELIVERY),))


@pytest.mark.parametrize("old", [{"backfilled": True}, {"by_brand": True}])
async def test_what_was_there_before_the_first_start_is_no_usual_day(
    store: SqliteStore, tell: Tell, old: dict[str, Any]
) -> None:
    await tell(*[mention(f"old{n}", who=f"w{n}", posted_at=TODAY - n * DAY, **old) for n in range(1, 9)])
    await tell(*[mention(f"new{n}", who=f"v{n}", posted_at=TODAY + n * MINUTE) for n in range(40)])

    told = await digest(store, TODAY.date())

    assert told.usual_periods == 0
    assert await store.reports.span() == (TODAY, TODAY + 39 * MINUTE)


async def test_a_storm_on_a_day_that_is_usually_still_is_not_quiet(store: SqliteStore, tell: Tell) -> None:
    await tell(*[mention(f"usual{n}", posted_at=TODAY - n * DAY) for n in range(1, 10)])
    storm = [mention(f"storm{n}", who=f"v{n}", posted_at=TODAY + n * MINUTE) for n in range(9)]
    await tell(*storm, decide=late, read=BAD)

    said = digest_text(await digest(store, TODAY.date()), Language.EN)

    assert "quiet day" not in said
    assert "Delivery" in said


async def test_the_channel_that_is_named_is_that_of_the_negatives(store: SqliteStore, tell: Tell) -> None:
    for back in range(1, 10):
        at = TODAY - back * DAY
        for channel in ("x", "telegram"):
            usual = [mention(f"{channel}{back}{n}", who=f"{n}", channel=channel, posted_at=at) for n in range(6)]
            await tell(*usual, read=GOOD)
    angry = [mention(f"a{n}", who=f"a{n}", channel="x", posted_at=TODAY + n * MINUTE) for n in range(12)]
    glad = [mention(f"g{n}", who=f"g{n}", channel="telegram", posted_at=TODAY + n * MINUTE) for n in range(30)]
    await tell(*angry, decide=late, read=BAD)
    await tell(*glad, read=GOOD)

    said = headline(await digest(store, TODAY.date()), Language.EN)

    assert "mostly on X" in said
    assert "Telegram" not in said


async def test_who_wants_to_die_or_mourns_is_counted_and_not_quoted(store: SqliteStore, tell: Tell) -> None:
    texts = ("tres semanas y el sofá no llega", "no llega y me quiero morir", "mi padre falleció y no llega su pedido")
    said = [mention(f"m{n}", text, who=f"w{n}", posted_at=TODAY) for n, text in enumerate(texts)]
    await tell(*said, decide=late, read=BAD)

    told = await write_edition(store.reports, read_settings(), TODAY.date(), Language.ES)

    assert "3 menciones" in told
    assert "el sofá no llega" in told
    assert "morir" not in told
    assert "falleció" not in told


async def test_more_negatives_among_even_more_voices_are_not_called_fewer(store: SqliteStore, tell: Tell) -> None:
    for back in range(1, 10):
        at = TODAY - back * DAY
        await tell(*[mention(f"b{back}{n}", who=f"b{n}", posted_at=at) for n in range(16)], read=BAD)
        await tell(*[mention(f"g{back}{n}", who=f"g{n}", posted_at=at) for n in range(24)], read=GOOD)
    await tell(*[mention(f"now{n}", who=f"b{n}", posted_at=TODAY) for n in range(30)], decide=late, read=BAD)
    await tell(*[mention(f"today{n}", who=f"g{n}", posted_at=TODAY) for n in range(90)], read=GOOD)

    said = headline(await digest(store, TODAY.date()), Language.EN)

    assert "Delivery" in said
    assert "fewer" not in said


def purse(budget: str | None, currency: str, day: datetime, when: WhenSpent = WhenSpent.SLOW) -> Purse:
    allowed = None if budget is None else Decimal(budget)
    return Purse(spent=Decimal(0), budget=allowed, currency=currency, when_spent=when, renews_at=day + DAY)


async def test_a_week_of_two_currencies_and_of_some_days_with_a_budget_adds_up(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"))
    for number in range(7):
        day = local_day(NOON.date() + number * DAY, MADRID)[0]
        spent = Spending(channel="x", what="post", units=1, cost=Decimal(4))
        await store.channels.spend(spent, day, purse("5", "EUR" if number < 5 else "USD", day))
        spent = Spending(channel="y", what="post", units=1, cost=Decimal(4))
        await store.channels.spend(spent, day, purse(None if number < 5 else "5", "USD", day))
        # the budget ran out on the first day, when it only slowed; on the last it would have stopped
        spent = Spending(channel="z", what="post", units=1, cost=Decimal(1 if number else 5))
        stops = WhenSpent.STOP if number == 6 else WhenSpent.SLOW
        await store.channels.spend(spent, day, purse("5", "USD", day, stops))

    week = local_day(NOON.date(), MADRID)[0]
    tallies = await store.reports.channels(week, week + 7 * DAY)

    assert [(each.channel, each.currency, each.spent, each.budget) for each in tallies] == [
        ("x", "EUR", Decimal(20), Decimal(25)),
        ("x", "USD", Decimal(8), Decimal(10)),
        ("y", "USD", Decimal(28), None),
        ("z", "USD", Decimal(11), Decimal(35)),
    ]
    assert (tallies[-1].days_spent, tallies[-1].when_spent) == (1, WhenSpent.SLOW)


async def test_a_promise_that_was_kept_a_day_late_is_told_as_kept(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), decide=late, read=BAD)
    pledge = Pledge(what="mañana lo tienes", due=NOON + DAY + 9 * HOUR)
    ours = mention("a", who="brand", in_reply_to="1", posted_at=NOON + HOUR, by_brand=True)
    await tell(ours, pledges=(pledge,))
    glad = mention("2", posted_at=NOON + 2 * DAY, thread_id="1", in_reply_to="1")
    await tell(glad, read=GOOD, decide=lambda situation: Decision(case=situation.cases[0]))

    counts = [(await digest(store, (NOON + number * DAY).date())).promises for number in range(4)]

    assert [len(each.unheard) for each in counts] == [0, 1, 0, 0]
    assert [len(each.kept) for each in counts] == [0, 0, 1, 0]


async def test_where_no_day_is_named_the_last_one_with_mentions_is_taken(store: SqliteStore, tell: Tell) -> None:
    now = datetime.now(UTC)
    await tell(mention("1", posted_at=now - 10 * DAY), mention("2", posted_at=now - timedelta(seconds=5)))

    day = await _day_heard(store.reports, MADRID, None, Language.EN)

    assert day == (now - 10 * DAY).astimezone(MADRID).date()


async def test_a_clock_that_ran_out_in_a_case_that_was_merged_is_counted_once(store: SqliteStore, tell: Tell) -> None:
    def due(at: datetime) -> Callable[[Situation], Decision]:
        return lambda situation: Decision(case=replace(new_case(situation), id=CaseId(str(at)), first_answer_due=at))

    await tell(mention("1"), decide=due(NOON + 2 * HOUR), read=BAD)
    await tell(mention("2", thread_id="t2", posted_at=NOON + 2 * HOUR), decide=due(NOON + 5 * HOUR), read=BAD)

    def merge(papers: Papers) -> None:
        part, whole = papers.case(1001), papers.case(1002)
        assert part is not None
        assert whole is not None
        at = NOON + 3 * HOUR
        papers.move(part, whole)
        papers.keep(replace(part.resolved(at, None, resolution=Resolution.DUPLICATE), merged_into=whole.id))
        papers.keep(whole.joined_by(part, at))

    await store.deeds.change(merge)
    answer = mention("a", who="brand", in_reply_to="2", thread_id="t2", posted_at=NOON + 4 * HOUR, by_brand=True)
    await tell(answer)

    tally = await store.reports.cases(NOON - HOUR, NOON + 8 * HOUR)

    assert (tally.answers_due, tally.answered_in_time) == (1, 0)


async def test_a_promise_that_belongs_to_no_case_is_not_pending_for_ever(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1"), read=reading())
    ours = mention("a", who="brand", in_reply_to="1", posted_at=NOON + HOUR, by_brand=True)
    await tell(ours, pledges=(Pledge(what="mañana lo tienes", due=NOON + DAY),))

    soon, late = [(await digest(store, (NOON + days * DAY).date())).promises for days in (10, 40)]

    assert (len(soon.unheard), len(late.unheard)) == (1, 0)


async def test_an_answer_from_before_the_unhappy_words_is_no_contact(store: SqliteStore, tell: Tell) -> None:
    def again(situation: Situation) -> Decision:
        return Decision(case=situation.cases[0].heard_again(situation.mention.posted_at, (), Urgency.LOW))

    await tell(mention("1"), decide=late, read=BAD)
    await tell(mention("a", who="brand", in_reply_to="1", posted_at=NOON + HOUR, by_brand=True))
    await tell(mention("2", posted_at=NOON + 2 * DAY, in_reply_to="1"), decide=again, read=BAD)
    day = local_day((NOON + 2 * DAY).date(), MADRID)

    before = await store.reports.loops(*day)
    await tell(mention("b", who="brand", in_reply_to="2", posted_at=NOON + 2 * DAY + HOUR, by_brand=True))
    after = await store.reports.loops(*day)

    assert (before.detractors, before.contacted, after.contacted) == (1, 0, 1)


async def test_a_post_that_became_a_complaint_the_next_day_is_in_that_days_loop(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", "todo genial"), read=GOOD)
    edited = replace(mention("1"), text="llegó roto, estafadores")
    await store.inbox.accept("test", Batch(mentions=(), cursor=None, edits=(edited,)), NOON + DAY)
    again = await store.inbox.claim(10, NOON + DAY, MINUTE)
    await store.history.settle([Heard(mention=each, reading=BAD) for each in again], late, lambda moment: moment)

    loops = await store.reports.loops(*local_day((NOON + DAY).date(), MADRID))

    assert loops.detractors == 1
    assert [case.key for case in loops.unclosed] == [1001]
