"""A digest says what changed, why, and no more than its figures support."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.digest import Digest, Edition, Tally, TouchpointTally, Trend
from bot.domain.promise import Promise, PromiseState
from bot.domain.reading import Language, Sentiment, Touchpoint
from bot.insight.digest import digest_key
from bot.insight.headline import headline
from bot.insight.judgement import Counted, Judgement, judge
from bot.insight.periods import Period, comparison, total

Story = Callable[..., Awaitable[Digest]]
Local = Callable[..., datetime]
Promised = Callable[..., Promise]
MADRID = ZoneInfo("Europe/Madrid")
A_DAY = Period(since=datetime(2026, 5, 11, 22, tzinfo=UTC), until=datetime(2026, 5, 12, 22, tzinfo=UTC))


async def test_the_touchpoint_behind_a_bad_day_is_named_with_its_numbers(story: Story) -> None:
    digest = await story()

    assert digest.mood is Trend.UP
    assert digest.explained_by is not None
    assert digest.explained_by.touchpoint is Touchpoint.DELIVERY
    assert digest.excess_at_touchpoint == 30
    assert 30 <= digest.excess_negative <= 36


async def test_a_touchpoint_explains_negative_mentions_and_no_praise_with_a_complaint_in_it(
    story: Story, entry: Any, local: Local, bad_day: date
) -> None:
    praise = [
        entry(
            at=local(bad_day, 15, minute),
            sentiment=Sentiment.POSITIVE,
            touchpoint=Touchpoint.DELIVERY,
            there=Sentiment.NEGATIVE,
            text="me encantan, aunque llegaron tarde",
        )
        for minute in range(10)
    ]
    plain = await story()
    digest = await story(more=praise)

    assert digest.explained_by is not None
    assert plain.explained_by is not None
    assert digest.explained_by.now.negative == plain.explained_by.now.negative + 10
    assert digest.excess_at_touchpoint == plain.excess_at_touchpoint == 30
    assert digest.excess_negative == plain.excess_negative


async def test_no_more_negatives_are_at_a_touchpoint_than_there_are(
    only: Story, entry: Any, local: Local, bad_day: date
) -> None:
    whole = [Sentiment.NEGATIVE, *[Sentiment.POSITIVE] * 3, *[Sentiment.NEUTRAL] * 8]
    said = [
        entry(
            at=local(bad_day, 9, minute),
            sentiment=sentiment,
            touchpoint=Touchpoint.DELIVERY,
            there=Sentiment.NEGATIVE if minute < 4 else None,
            text="hola qué tal",
        )
        for minute, sentiment in enumerate(whole)
    ]

    digest = await only(said)

    assert (digest.negative.part, digest.touchpoints[0].now.negative) == (1, 4)
    assert "; most at Delivery (1)" in headline(digest, Language.EN)


async def test_a_touchpoint_that_got_worse_is_told_with_the_numbers_of_its_line(
    only: Story, entry: Any, local: Local, bad_day: date
) -> None:
    """Each day one negative mention and one praise with a complaint; on the last one eleven such praises more."""

    def said(day: date, praises: int) -> list[Any]:
        tones = [Sentiment.NEGATIVE, *[Sentiment.POSITIVE] * 20]
        return [
            entry(
                at=local(day, 9, minute),
                sentiment=tone,
                touchpoint=Touchpoint.DELIVERY if minute <= praises else Touchpoint.STORE,
                there=Sentiment.NEGATIVE if minute <= praises else None,
                text="hola qué tal",
            )
            for minute, tone in enumerate(tones)
        ]

    before = [each for back in range(1, 9) for each in said(bad_day - timedelta(days=back), 1)]
    digest = await only([*before, *said(bad_day, 12)])

    assert digest.touchpoints[0].now.negative == 13
    assert headline(digest, Language.EN).endswith("but Delivery got worse: 13 negatives (usually 2)")


async def test_a_rise_that_is_everywhere_alike_blames_nobody(
    only: Story, entry: Any, local: Local, bad_day: date
) -> None:
    """Each touchpoint is then beyond chance, and none explains it."""
    places = list(Touchpoint)

    def said(day: date, times: int) -> list[Any]:
        return [
            entry(at=local(day, 12, number), sentiment=Sentiment.NEGATIVE, touchpoint=place, text="muy mal")
            for place in places
            for number in range(times)
        ]

    before = [each for back in range(1, 9) for each in said(bad_day - timedelta(days=back), 5)]
    digest = await only([*before, *said(bad_day, 40)])

    assert (digest.volume, digest.explained_by) == (Trend.UP, None)


async def test_an_ordinary_day_blames_nobody(story: Story, bad_day: date) -> None:
    digest = await story(bad_day - timedelta(days=4))

    assert (digest.mood, digest.volume, digest.explained_by) == (Trend.SAME, Trend.SAME, None)
    assert digest.spikes == ()


async def test_a_day_is_compared_with_yesterday_and_the_seven_days_before(story: Story, bad_day: date) -> None:
    digest = await story()

    assert digest.usual_periods == 7
    assert digest.usual.until == digest.before.until == digest.now.since
    assert digest.usual.until - digest.usual.since == timedelta(days=7)
    assert digest.usual.mentions > 5 * digest.before.mentions


async def test_a_monday_is_compared_with_mondays(story: Story, bad_day: date) -> None:
    digest = await story(bad_day - timedelta(days=1))

    assert digest.usual_periods == 4
    assert digest.now.since - digest.usual.until == timedelta(days=6)


async def test_a_holiday_is_compared_with_its_own_weekday(story: Story, bad_day: date) -> None:
    digest = await story(holidays=frozenset({bad_day}))

    assert digest.now.since - digest.usual.until == timedelta(days=6)


async def test_days_before_the_first_mention_are_no_baseline(story: Story, bad_day: date) -> None:
    first = await story(bad_day - timedelta(days=35))
    fourth = await story(bad_day - timedelta(days=31))

    assert (first.usual_periods, first.volume, first.mood) == (0, Trend.TOO_FEW, Trend.TOO_FEW)
    assert fourth.usual_periods == 3


@pytest.mark.parametrize(
    ("edition", "first_heard", "periods"),
    [
        # all of the day was heard, or a part of it
        (Edition.DAILY, datetime(2026, 5, 10, 0, tzinfo=MADRID), 2),
        (Edition.DAILY, datetime(2026, 5, 10, 9, tzinfo=MADRID), 1),
        # of the week's first day a part is missing, or all of it
        (Edition.WEEKLY, datetime(2026, 4, 27, 9, tzinfo=MADRID), 2),
        (Edition.WEEKLY, datetime(2026, 4, 28, 9, tzinfo=MADRID), 1),
    ],
)
def test_a_period_is_usual_once_it_was_heard_but_for_a_part_of_a_weeks_first_day(
    edition: Edition, first_heard: datetime, periods: int
) -> None:
    day = date(2026, 5, 12)

    compared = comparison(
        edition=edition,
        day=day,
        zone=MADRID,
        now=datetime(2026, 5, 20, tzinfo=MADRID),
        heard_since=first_heard.astimezone(UTC),
        holidays=frozenset(),
    )

    assert len(compared.usual) == periods


def counted(now: Tally, usual: Tally, times: int = 7) -> Judgement:
    """A period judged against equal ones."""
    return judge(
        Counted(now=now, before=usual, usual=(usual,) * times, same_hours=()), total([usual] * times, A_DAY, MADRID)
    )


def heard(negative: int, neutral: int, at_delivery: TouchpointTally) -> Tally:
    return Tally(
        since=A_DAY.since,
        until=A_DAY.until,
        mentions=negative + neutral,
        negative=negative,
        neutral=neutral,
        by_touchpoint={Touchpoint.DELIVERY: at_delivery},
    )


@pytest.mark.parametrize(
    ("negative", "at_delivery", "explained"), [(12, 3, True), (12, 2, False), (40, 10, True), (40, 9, False)]
)
def test_a_touchpoint_explains_a_worse_period_with_three_negatives_and_a_quarter_of_what_is_more(
    negative: int, at_delivery: int, explained: bool
) -> None:
    there = TouchpointTally(mentions=at_delivery, negative=at_delivery, of_negative=at_delivery)

    judged = counted(heard(negative, 60, there), heard(0, 20, TouchpointTally()))

    assert judged.volume is Trend.UP
    assert (judged.explained_by is not None) is explained


@pytest.mark.parametrize(("mentions", "known"), [(2, True), (1, False)])
def test_a_usual_share_needs_ten_mentions(mentions: int, known: bool) -> None:
    usual = heard(0, 20, TouchpointTally(mentions=mentions))

    judged = counted(heard(0, 20, TouchpointTally(mentions=5)), usual, times=5)

    assert (judged.touchpoints[0].negative_usual is not None) is known


async def test_a_week_is_monday_to_sunday_against_four_weeks(story: Story, bad_day: date) -> None:
    digest = await story(bad_day - timedelta(days=3), edition=Edition.WEEKLY)

    assert digest.day == date(2026, 5, 4)
    assert digest.now.until - digest.now.since == timedelta(days=7)
    assert digest.before.until == digest.now.since
    assert digest.usual_periods == 3  # the oldest of the four began before the first mention
    assert digest.volume is Trend.SAME


async def test_an_unfinished_day_is_compared_with_as_much_of_the_earlier_ones(
    story: Story, local: Local, bad_day: date
) -> None:
    digest = await story(now=local(bad_day, 10))

    assert digest.now.until == local(bad_day, 10)
    assert digest.before.until == local(bad_day - timedelta(days=1), 10)
    assert digest.volume is not Trend.DOWN


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)], ids=["spring", "autumn"])
async def test_an_unfinished_day_ends_at_the_same_hour_by_the_clock_when_the_clocks_change(
    only: Story, entry: Any, local: Local, sunday: date
) -> None:
    days = [sunday - timedelta(days=back) for back in range(9)]
    said = [
        entry(at=local(day, hour, 30), sentiment=Sentiment.NEUTRAL, touchpoint=None, text="hola qué tal")
        for day in days
        for hour in (11, 12)
    ]

    digest = await only(said, sunday, now=local(sunday, 12))

    assert (digest.now.mentions, digest.before.mentions, digest.usual.mentions) == (1, 1, 7)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
async def test_days_on_which_the_clocks_change_are_counted_whole(
    only: Story, entry: Any, local: Local, day: date, hours: int
) -> None:
    entries = [
        entry(at=local(day, hour, 30), sentiment=Sentiment.NEUTRAL, touchpoint=None, text="hola qué tal")
        for hour in (0, 1, 12, 23)
    ]

    digest = await only(entries, day)

    assert digest.now.until - digest.now.since == timedelta(hours=hours)
    assert digest.now.mentions == 4


async def test_the_spike_has_its_hours_touchpoint_and_words(story: Story, local: Local, bad_day: date) -> None:
    (spike,) = (await story()).spikes

    assert (spike.since, spike.until) == (local(bad_day, 11), local(bad_day, 13))
    assert spike.touchpoint is Touchpoint.DELIVERY
    assert spike.times_usual > 3
    assert "roto" in spike.words
    assert "vivazapatos" not in spike.words


async def test_promises_are_due_next_broken_unheard_or_kept(story: Story) -> None:
    digest = await story()

    assert [promise.case_key for promise in digest.promises.due] == [1042]
    assert [promise.case_key for promise in digest.promises.broken] == [1031]
    assert [promise.case_key for promise in digest.promises.unheard] == [1033]
    assert [promise.case_key for promise in digest.promises.kept] == [1012]


async def test_a_promise_made_after_the_period_is_not_foreseen(
    story: Story, promised: Promised, local: Local, bad_day: date
) -> None:
    later = promised(7, "te llamamos", local(bad_day + timedelta(days=1), 20), PromiseState.OPEN)
    made_next_morning = Promise(**{**_fields(later), "made_at": local(bad_day + timedelta(days=1), 9)})

    digest = await story(changes={"kept_promises": [made_next_morning]})

    assert digest.promises.due == ()


async def test_what_was_promised_is_shown_without_names(
    story: Story, promised: Promised, local: Local, bad_day: date
) -> None:
    named = promised(7, "te escribimos a marta@example.org", local(bad_day, 20), PromiseState.OPEN)

    digest = await story(changes={"kept_promises": [named]})

    assert [promise.what for promise in digest.promises.unheard] == ["te escribimos a [dato]"]


async def test_no_quote_names_anybody(story: Story) -> None:
    shown = " ".join(f"{quote.text} {quote.evidence}" for quote in (await story()).quotes)

    assert "refund still not here" in shown
    for secret in ("marta@example.org", "joe@example.com", "@vivazapatos"):
        assert secret not in shown


async def test_only_an_edition_past_its_time_is_late(story: Story, local: Local, bad_day: date) -> None:
    morning = local(bad_day + timedelta(days=1), 8)

    assert (await story(now=morning + timedelta(hours=5), due=morning)).late_by == timedelta(hours=5)
    assert (await story(now=morning + timedelta(minutes=5), due=morning)).late_by is None
    assert (await story()).late_by is None


async def test_a_silence_where_there_is_always_talk_is_no_quiet_day(story: Story, bad_day: date, local: Local) -> None:
    digest = await story(bad_day + timedelta(days=1))

    assert digest.volume is Trend.DOWN
    assert headline(digest, Language.ES).startswith("menos voces de lo normal: 0 (normal ")


def test_a_week_is_kept_under_its_monday() -> None:
    keys = {digest_key("Viva", Edition.WEEKLY, date(2026, 5, day)) for day in range(11, 18)}

    assert keys == {"Viva:weekly:2026-05-11"}
    assert digest_key("Viva", Edition.DAILY, date(2026, 5, 12)) == "Viva:daily:2026-05-12"


async def test_a_zone_far_from_utc_keeps_its_own_days(only: Story, entry: Any, local: Local) -> None:
    zone, day = ZoneInfo("America/Mexico_City"), date(2026, 5, 12)
    entries = [
        entry(at=local(day, hour, 59, zone), sentiment=Sentiment.NEUTRAL, touchpoint=None, text="hola")
        for hour in (0, 23)
    ]

    digest = await only(entries, day, zone=zone)

    assert digest.now.mentions == 2


def _fields(promise: Promise) -> dict[str, Any]:
    return {name: getattr(promise, name) for name in promise.__dataclass_fields__}
