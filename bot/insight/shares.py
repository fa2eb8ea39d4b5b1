"""Judge counts: a share with its interval, and whether a change is more than chance.

Sources: Wilson (1927), J. Am. Stat. Assoc. 22:209, for the interval of a share; Newcombe (1998), Statistics in
Medicine 17:873, method 10, for the difference of two; Anscombe (1948), Biometrika 35:246, for the square root that
steadies a count's variance; McCullagh & Nelder (1989), ch. 6, for the dispersion of counts;
Hampel (1974), J. Am. Stat. Assoc. 69:383, for measuring it by the median deviation; Abramowitz & Stegun (1964),
26.7.5, for Student's quantile.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist, fmean, median

from bot.domain.digest import Share, Trend

LIKELY = 0.95
NEARLY_SURE = 0.99
FEWEST_FOR_A_SHARE = 10
FEWEST_FOR_A_COUNT = 5
FEWEST_PERIODS = 3
# makes the median absolute deviation of normal data its standard deviation
_TO_DEVIATION = 1.4826


def normal(level: float) -> float:
    """The two-sided quantile of the normal distribution: 1.96 for 0.95."""
    return NormalDist().inv_cdf(0.5 + level / 2)


def student(degrees: int, level: float) -> float:
    """The two-sided quantile of Student's t, to about 1 % from two degrees of freedom on."""
    if degrees == 2:  # the exact value; at 99 % the series is 4 % short of it
        return level * sqrt(2 / (1 - level**2))
    z = normal(level)
    corrections: tuple[float, ...] = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / float(degrees) ** power for power, term in enumerate(corrections, start=1))


def share(part: int, n: int) -> Share:
    """`part` of `n` with its 95 % Wilson interval; with n = 0 anything is possible, so the interval is [0, 1]."""
    if n == 0:
        return Share(part=0, n=0, value=0.0, low=0.0, high=1.0)
    z2 = normal(LIKELY) ** 2
    value = part / n
    middle = (value + z2 / (2 * n)) / (1 + z2 / n)
    half = sqrt(z2 * (value * (1 - value) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    return Share(part=part, n=n, value=value, low=max(0.0, middle - half), high=min(1.0, middle + half))


def difference(now: Share, usual: Share) -> tuple[float, float]:
    """The 95 % interval of `now - usual`, from the two Wilson intervals."""
    middle = now.value - usual.value
    below = sqrt((now.value - now.low) ** 2 + (usual.high - usual.value) ** 2)
    above = sqrt((now.high - now.value) ** 2 + (usual.value - usual.low) ** 2)
    return middle - below, middle + above


def compare_shares(now: Share, usual: Share) -> Trend:
    """Up or down only where the interval of the difference leaves out zero, and both shares have enough cases."""
    if min(now.n, usual.n) < FEWEST_FOR_A_SHARE:
        return Trend.TOO_FEW
    low, high = difference(now, usual)
    if low > 0:
        return Trend.UP
    return Trend.DOWN if high < 0 else Trend.SAME


def compare_count(now: int, usual: Sequence[int], *, level: float = LIKELY) -> Trend:
    """Up or down only where `now` lies outside the prediction interval that the earlier counts allow.

    Counts of people's posts vary more than chance alone would have it; the earlier counts say how much more. Their
    median and median deviation say it, so that the first days of a crisis do not make the next one look usual. People
    are shown the mean: what lies between it and the median is neither up nor down.
    """
    if len(usual) < FEWEST_PERIODS or max(now, fmean(usual)) < FEWEST_FOR_A_COUNT:
        return Trend.TOO_FEW
    middle, shown = median(usual), fmean(usual)
    spread = _TO_DEVIATION * median(abs(each - middle) for each in usual)
    dispersion = max(1.0, spread**2 / middle) if middle else 1.0
    reach = student(len(usual) - 1, level) if dispersion > 1 else normal(level)
    distance = 2 * (sqrt(now + 3 / 8) - sqrt(middle + 3 / 8)) / sqrt(dispersion * (1 + 1 / len(usual)))
    if distance > reach and now > shown:
        return Trend.UP
    return Trend.DOWN if distance < -reach and now < shown else Trend.SAME
