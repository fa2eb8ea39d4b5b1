"""Turn the answers to a one-number question into a figure with its n, interval and response rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from bot.domain.action import SurveyKind
from bot.domain.digest import Share
from bot.domain.survey import SCALES, Score
from bot.insight.shares import LIKELY, normal, share, student

FEWEST_ANSWERS = 5
_PROMOTER, _DETRACTOR = 9, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreFigure:
    """NPS from -100 to 100, CSAT and CES as the mean on their scale; value and interval are None where n is small.

    The interval of a mean is None too where all answers are alike: they do not tell how much answers vary.
    """

    kind: SurveyKind
    n: int
    response: Share
    value: float | None
    low: float | None
    high: float | None


def figure(score: Score) -> ScoreFigure:
    """What the answers say, or only how few they are."""
    n = len(score.answers)
    known = _estimate(score) if n >= FEWEST_ANSWERS else (None, None, None)
    value, low, high = known
    return ScoreFigure(kind=score.kind, n=n, response=share(n, max(n, score.asked)), value=value, low=low, high=high)


def _estimate(score: Score) -> tuple[float, float | None, float | None]:
    return promoters(score.answers) if score.kind is SurveyKind.NPS else _mean(score)


def promoters(answers: Sequence[int]) -> tuple[float, float, float]:
    """Net Promoter Score with its 95 % interval.

    Source: Rocks (2016), The American Statistician 70:365, adjusted Wald (3, T).
    """
    n = len(answers)
    for_us = sum(answer >= _PROMOTER for answer in answers)
    against = sum(answer <= _DETRACTOR for answer in answers)
    likely_for, likely_against = (for_us + 0.75) / (n + 3), (against + 0.75) / (n + 3)
    middle = likely_for - likely_against
    half = normal(LIKELY) * sqrt((likely_for + likely_against - middle**2) / (n + 3))
    return 100 * (for_us - against) / n, 100 * max(-1.0, middle - half), 100 * min(1.0, middle + half)


def _mean(score: Score) -> tuple[float, float | None, float | None]:
    """The mean with Student's 95 % interval, kept on the scale."""
    bottom, top = SCALES[score.kind]
    n, mean = len(score.answers), fmean(score.answers)
    if len(set(score.answers)) == 1:
        return mean, None, None
    half = student(n - 1, LIKELY) * stdev(score.answers) / sqrt(n)
    return mean, max(bottom, mean - half), min(top, mean + half)
