"""A spike stands out from the same hours of other weeks, and its words from the usual ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.digest import Tally
from bot.domain.reading import Sentiment
from bot.insight.spikes import bursts
from bot.insight.words import telling_words

MADRID = ZoneInfo("Europe/Madrid")
MIDNIGHT = datetime(2026, 5, 11, 22, tzinfo=UTC)


def a_day(counts: dict[int, int], weeks_back: int = 0) -> Tally:
    since = MIDNIGHT - timedelta(weeks=weeks_back)
    by_hour = {hour: {Sentiment.NEGATIVE: count} for hour, count in counts.items()}
    return Tally(since=since, until=since + timedelta(days=1), mentions=sum(counts.values()), by_hour=by_hour)


USUAL = [a_day({10: 5, 11: 4, 12: 5}, back) for back in (1, 2, 3, 4)]


def test_loud_neighbouring_hours_are_one_spike_with_its_size() -> None:
    (spike,) = bursts(a_day({10: 5, 11: 14, 12: 14, 13: 1}), USUAL, MADRID)

    assert (spike.since - MIDNIGHT, spike.until - MIDNIGHT) == (timedelta(hours=11), timedelta(hours=13))
    assert (spike.mentions, spike.usual) == (28, 9)


def test_few_mentions_are_no_spike_even_where_there_usually_are_none() -> None:
    assert bursts(a_day({3: 5}), USUAL, MADRID) == []


def test_six_mentions_are_a_spike_where_there_usually_are_none() -> None:
    assert len(bursts(a_day({3: 6}), USUAL, MADRID)) == 1


def test_two_weeks_of_history_are_enough_for_spikes() -> None:
    assert len(bursts(a_day({11: 60}), USUAL[:2], MADRID)) == 1


@pytest.mark.parametrize(("mentions", "spikes"), [(12, 0), (13, 1)])
def test_a_spike_is_more_than_four_deviations_from_the_usual(mentions: int, spikes: int) -> None:
    """Four a week deviate by two, as a Poisson count does."""
    assert len(bursts(a_day({11: mentions}), USUAL, MADRID)) == spikes


def test_an_hour_that_is_always_loud_has_no_spike_before_it_doubles() -> None:
    loud = [a_day({11: 100}, back) for back in (1, 2, 3, 4)]

    assert bursts(a_day({11: 199}), loud, MADRID) == []
    assert len(bursts(a_day({11: 200}), loud, MADRID)) == 1


@pytest.mark.parametrize(("mentions", "until"), [(7, 12), (8, 13)])
def test_what_goes_on_loudly_after_a_spike_is_part_of_it(mentions: int, until: int) -> None:
    four = [a_day({11: 4, 12: 4}, back) for back in (1, 2, 3, 4)]

    (spike,) = bursts(a_day({11: 30, 12: mentions}), four, MADRID)

    assert spike.until - MIDNIGHT == timedelta(hours=until)


def test_of_many_spikes_the_three_greatest_are_told_in_order_of_time() -> None:
    found = bursts(a_day({3: 10, 8: 40, 12: 30, 18: 20}), USUAL, MADRID)

    assert [(spike.since - MIDNIGHT) / timedelta(hours=1) for spike in found] == [8, 12, 18]


def test_one_week_of_history_is_not_enough_for_spikes() -> None:
    assert bursts(a_day({11: 60}), USUAL[:1], MADRID) == []


def test_one_wild_week_does_not_hide_a_spike() -> None:
    wild = a_day({11: 90}, 1)

    assert len(bursts(a_day({11: 30}), [wild, *USUAL[1:]], MADRID)) == 1


def test_hours_are_compared_by_the_clock_on_the_wall_when_it_changes() -> None:
    """29 March 2026 has 23 hours in Madrid: its eleven o'clock is one hour earlier since midnight."""
    start = datetime(2026, 3, 28, 23, tzinfo=UTC)
    short = Tally(since=start, until=start + timedelta(hours=23), mentions=30, by_hour={10: {Sentiment.NEUTRAL: 30}})
    before = [
        Tally(
            since=start - timedelta(weeks=back),
            until=start - timedelta(weeks=back) + timedelta(days=1),
            mentions=30,
            by_hour={11: {Sentiment.NEUTRAL: 30}},
        )
        for back in (1, 2, 3)
    ]

    assert bursts(short, before, MADRID) == []


def test_the_words_that_explain_keep_their_accents_and_leave_out_what_is_always_said() -> None:
    usual = ["el pedido va bien", "¿cuándo abre la tienda?", "mi pedido llega mañana"] * 40
    here = ["El camión está averiado, mi pedido no llega", "averiado el camión otra vez", "camión averiado @marca"] * 4

    assert telling_words(here, usual) == ("averiado", "camión")


def test_accounts_links_and_the_brand_explain_nothing() -> None:
    here = ["@marta_g viva https://example.org/roto viva @marta_g"] * 9

    assert telling_words(here, ["nada"] * 50, ignore=["Viva"]) == ()


def test_two_people_saying_a_word_is_chance() -> None:
    assert telling_words(["explosión", "explosión", "todo bien"], ["todo bien"] * 200) == ()
