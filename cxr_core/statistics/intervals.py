"""95 % intervals. Where there is none, both ends are NaN."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

# The 97.5th percentile of the normal distribution.
_Z = 1.959963984540054

# The 80th percentile of the normal distribution.
_POWER = 0.8416212335729143

_ROUNDING = 1e-9

MOST_UNDEFINED = 0.05
"""Above this share of replicates in which a metric is undefined, there is no interval that rests on them."""


@dataclass(frozen=True, kw_only=True)
class Interval:
    """Lower and upper end; NaN, both, where there is none."""

    low: float
    high: float


NONE = Interval(low=math.nan, high=math.nan)


def percentile(replicates: npt.NDArray[np.floating]) -> Interval:
    """From the 2.5th to the 97.5th percentile of the replicates.

    Args:
        replicates: A metric in each replicate, shape ``(r,)``, NaN where undefined.

    Returns:
        The interval over the replicates where the metric is defined. None if it is undefined in more than 5 % of them,
        or the same in all: a width of zero would claim a certainty that no sample gives.
    """
    defined = replicates[np.isfinite(replicates)]
    if not is_defined(replicates):
        return NONE
    low, high = np.percentile(defined, [2.5, 97.5])
    return Interval(low=float(low), high=float(high)) if np.ptp(defined) > _ROUNDING else NONE


def is_defined(replicates: npt.NDArray[np.floating]) -> bool:
    """Whether there are replicates, and a metric is undefined in no more than 5 % of them."""
    return bool(replicates.size and np.isfinite(replicates).sum() >= (1 - MOST_UNDEFINED) * replicates.size)


def wilson(share: float, *, n: float) -> Interval:
    """Wilson's score interval of a proportion, for few successes or failures.

    Args:
        share: The proportion, in [0, 1].
        n: Sample size, above 0; the effective one where images are clustered.

    Returns:
        An interval within [0, 1] that holds the proportion and has a width even at 0 and 1; none where either is NaN.

    Source:
        Wilson, J. Am. Statist. Assoc. 22 (1927). At the effective sample size: Korn and Graubard, Survey Methodology 24
        (1998); Dean and Pagano, J. Surv. Statist. Methodol. 3 (2015), compare it with others for clustered data.
    """
    if math.isnan(share) or math.isnan(n):
        return NONE
    centre = share + _Z**2 / (2 * n)
    reach = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    shrink = 1 + _Z**2 / n
    # At 0 and 1 the end is the proportion itself; rounding must not move it past.
    return Interval(
        low=max(0.0, min(share, (centre - reach) / shrink)), high=min(1.0, max(share, (centre + reach) / shrink))
    )


def standard_error(interval: Interval) -> float:
    """The standard error of which an interval is the normal one: its width over twice 1.96; NaN where there is none."""
    return (interval.high - interval.low) / (2 * _Z)


def smallest_seen(interval: Interval) -> float:
    """The smallest true difference that a comparison as precise as this one would call clear in 80 % of samples.

    Args:
        interval: That of the difference.

    Returns:
        ``(1.96 + 0.84)`` standard errors, at least 0: at a true difference of this size the interval of 95 % leaves out
        0 four times in five. NaN where there is no interval.

    Source:
        Bloom, Evaluation Review 19 (1995), 547-556: the minimum detectable effect. It rests on the standard error
        alone, not on the difference that was found.

    >>> round(smallest_seen(Interval(low=-0.02, high=0.06)), 4)
    0.0572
    """
    return (_Z + _POWER) * standard_error(interval)


def difference(
    first: float, first_interval: Interval, *, second: float, second_interval: Interval, correlation: float = 0.0
) -> Interval:
    """Interval of ``first - second`` from the intervals of two proportions.

    Args:
        first: A proportion.
        first_interval: Its interval.
        second: The proportion that is subtracted.
        second_interval: Its interval.
        correlation: How alike the two vary, in [-1, 1]: 0 where they are independent.

    Returns:
        An interval within [-1, 1] that holds the difference; none where either has none.

    Source:
        Newcombe, Statistics in Medicine 17 (1998), method 10, for two Wilson intervals, and on pages 2635-2650 of the
        same volume for paired ones; Zou and Donner, Statistics in Medicine 27 (2008), show that the same recovers the
        variances of any two intervals.
    """
    gap = first - second
    below = _apart(first - first_interval.low, second_interval.high - second, correlation)
    above = _apart(first_interval.high - first, second - second_interval.low, correlation)
    return Interval(low=gap - below, high=gap + above)


def average(values: Sequence[float], own: Sequence[Interval], *, correlation: npt.NDArray[np.float64]) -> Interval:
    """Interval of the mean of several numbers from their intervals.

    Args:
        values: The numbers, k of them, at least one.
        own: The interval of each.
        correlation: How alike they vary, shape ``(k, k)``: correlations in [-1, 1]. NaN, not known, is taken for 1,
            which claims least.

    Returns:
        An interval that holds the mean; none where one of them has none.

    Source:
        Zou, Psychological Methods 12 (2007), 399-413: the variances that intervals recover, with covariances.
    """
    alike = np.where(np.isnan(correlation), 1.0, correlation)
    mean = float(np.mean(values))
    below = np.array([value - interval.low for value, interval in zip(values, own, strict=True)])
    above = np.array([interval.high - value for value, interval in zip(values, own, strict=True)])
    # Rounding must not make a variance of 0 negative; NaN stays NaN.
    low, high = (float(np.sqrt(np.maximum(reach @ alike @ reach, 0))) / reach.size for reach in (below, above))
    return Interval(low=mean - low, high=mean + high)


def _apart(one: float, other: float, correlation: float) -> float:
    """The square root of ``one² + other² - 2 correlation one other``, exactly `hypot` of both at a correlation of 0."""
    return math.hypot(one - correlation * other, other * math.sqrt(1 - correlation**2))
