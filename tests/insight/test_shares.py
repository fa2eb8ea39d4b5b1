"""Shares and counts are judged as the published sources judge them."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.action import SurveyKind
from bot.domain.digest import Trend
from bot.domain.reading import Language
from bot.domain.survey import Score
from bot.insight.figures import Figures
from bot.insight.shares import NEARLY_SURE, compare_count, compare_shares, difference, share, student
from bot.insight.surveys import figure


@pytest.mark.parametrize(
    ("part", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_wilson_interval_has_the_published_values(part: int, n: int, low: float, high: float) -> None:
    """Newcombe (1998), Statistics in Medicine 17:857, table I, method 3."""
    judged = share(part, n)

    assert (round(judged.low, 4), round(judged.high, 4)) == (low, high)
    assert judged.value == part / n


def test_a_share_of_nothing_could_be_anything() -> None:
    nothing = share(0, 0)

    assert (nothing.value, nothing.low, nothing.high) == (0.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("now", "usual", "low", "high"),
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((5, 56), (0, 29), -0.0381, 0.1926)],
)
def test_the_difference_of_two_shares_has_the_published_interval(
    now: tuple[int, int], usual: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe (1998), Statistics in Medicine 17:873, table II, method 10."""
    found = difference(share(*now), share(*usual))

    assert (round(found[0], 4), round(found[1], 4)) == (low, high)


@pytest.mark.parametrize(
    ("now", "usual", "trend"),
    [
        ((56, 70), (48, 80), Trend.UP),
        ((48, 80), (56, 70), Trend.DOWN),
        ((5, 56), (0, 29), Trend.SAME),
        ((4, 4), (3, 200), Trend.TOO_FEW),
        ((30, 90), (0, 3), Trend.TOO_FEW),
    ],
)
def test_shares_differ_only_where_their_cases_support_it(
    now: tuple[int, int], usual: tuple[int, int], trend: Trend
) -> None:
    assert compare_shares(share(*now), share(*usual)) is trend


@pytest.mark.parametrize(
    ("degrees", "level", "quantile"),
    [
        (2, 0.95, 4.303),
        (4, 0.95, 2.776),
        (6, 0.95, 2.447),
        (30, 0.95, 2.042),
        (2, 0.99, 9.925),
        (3, 0.99, 5.841),
        (6, 0.99, 3.707),
    ],
)
def test_students_quantile_is_the_one_in_the_tables(degrees: int, level: float, quantile: float) -> None:
    assert student(degrees, level) == pytest.approx(quantile, rel=0.01)


@pytest.mark.parametrize(
    ("now", "usual", "trend"),
    [
        (143, [96, 98, 101, 97, 99, 95, 100], Trend.UP),
        (60, [96, 98, 101, 97, 99, 95, 100], Trend.DOWN),
        (104, [96, 98, 101, 97, 99, 95, 100], Trend.SAME),
        (143, [20, 180, 60, 150, 90, 30, 160], Trend.SAME),  # days this uneven allow it
        (143, [98, 99], Trend.TOO_FEW),
        (4, [1, 0, 2, 1, 0, 1, 1], Trend.TOO_FEW),
        (12, [0, 0, 0, 0, 0, 0, 0], Trend.UP),
        (25, [10, 10, 10, 10, 10, 10, 200], Trend.SAME),  # beyond the median, and under the mean that is shown
        (70, [100, 100, 100, 100, 0, 0, 0], Trend.SAME),
    ],
)
def test_a_count_stands_out_only_beyond_what_the_earlier_ones_allow(now: int, usual: list[int], trend: Trend) -> None:
    assert compare_count(now, usual) is trend


def test_being_nearly_sure_asks_for_more_than_being_sure() -> None:
    usual = [10, 11, 9, 10, 10, 11, 9]

    assert compare_count(18, usual) is Trend.UP
    assert compare_count(18, usual, level=NEARLY_SURE) is Trend.SAME


def test_nps_is_promoters_less_detractors_with_an_interval() -> None:
    found = figure(Score(kind=SurveyKind.NPS, asked=200, answers=(10,) * 50 + (8,) * 30 + (2,) * 20))

    assert found.value == 30
    assert found.low is not None
    assert found.high is not None
    # adjusted Wald of 50.75 and 20.75 in 103: 29.1 +- 15.1
    assert (round(found.low, 1), round(found.high, 1)) == (14.1, 44.2)
    assert (found.n, found.response.value) == (100, 0.5)


def test_nine_is_a_promoter_and_six_a_detractor() -> None:
    assert figure(Score(kind=SurveyKind.NPS, asked=8, answers=(9, 9, 9, 8, 7, 7, 7, 6))).value == 25


def test_who_answers_what_was_asked_before_the_period_was_asked_too() -> None:
    response = figure(Score(kind=SurveyKind.CSAT, asked=2, answers=(5, 5, 4, 4, 3))).response

    assert (response.part, response.n) == (5, 5)


def test_csat_is_a_mean_with_students_interval_on_its_scale() -> None:
    found = figure(Score(kind=SurveyKind.CSAT, asked=10, answers=(5, 5, 5, 4, 4)))

    assert found.value == pytest.approx(4.6)
    assert found.low == pytest.approx(3.92, abs=0.01)
    assert found.high == 5


def test_four_answers_are_no_figure() -> None:
    found = figure(Score(kind=SurveyKind.CES, asked=9, answers=(1, 7, 7, 7)))

    assert (found.value, found.low, found.high, found.n) == (None, None, None, 4)


def test_the_first_days_of_a_crisis_do_not_make_the_next_one_look_usual() -> None:
    assert compare_count(39, [28, 23, 18, 10, 12, 11, 13]) is Trend.UP


def test_days_that_always_vary_much_are_no_news() -> None:
    assert compare_count(39, [5, 31, 12, 44, 8, 27, 19]) is Trend.SAME


def test_what_is_little_is_not_called_nothing() -> None:
    spanish, english = (Figures(language, ZoneInfo("Europe/Madrid")) for language in (Language.ES, Language.EN))

    assert (english.percent(1 / 300), english.percent(0.0), english.percent(0.006)) == ("<1%", "0%", "1%")
    assert english.percent(1 / 200) == "<1%"
    assert spanish.percent(1 / 300).replace("\u00a0", " ") == "<1 %"
    assert english.duration(timedelta(hours=60)).replace("\u00a0", " ") == "2.5 d"
    assert spanish.duration(timedelta(hours=60)).replace("\u00a0", " ") == "2,5 d"
    assert english.duration(timedelta(hours=48)).replace("\u00a0", " ") == "2 d"
    assert english.duration(timedelta(hours=47, minutes=59)).replace("\u00a0", " ") == "47 h 59 min"
    assert english.duration(timedelta(days=3)).replace("\u00a0", " ") == "3 d"
