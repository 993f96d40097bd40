"""95 % intervals of predictive values at a prevalence that is taken as known."""

import math
from dataclasses import dataclass

from cxr_core.metrics.predictive import predictive_values
from cxr_core.statistics import intervals
from cxr_core.statistics.intervals import Interval


@dataclass(frozen=True, kw_only=True)
class PredictiveIntervals:
    """Those of `PredictiveValues`; none where the value, or an interval that it rests on, is missing."""

    positive: Interval
    negative: Interval


def predictive_intervals(
    *, sensitivity: tuple[float, Interval], specificity: tuple[float, Interval], prevalence: float
) -> PredictiveIntervals:
    """95 % intervals of both predictive values, the prevalence taken as known.

    They come from the interval of a likelihood ratio, of which each value is a rising or falling function. The ratio's
    logarithm is a difference, and the reaches of its two parts add up as squares. Images with the finding and without
    are taken as independent: patients who have both make it a little too wide or too narrow.

    Args:
        sensitivity: In [0, 1], and its interval.
        specificity: The same.
        prevalence: Share of the images with the finding, in [0, 1]; at the ends values follow from it alone.

    Source:
        Zou and Donner, Statistics in Medicine 27 (2008), 1693-1702, for the difference; Altman and Bland, BMJ 309
        (1994), 102, for predictive values from likelihood ratios.
    """
    values = predictive_values(sensitivity=sensitivity[0], specificity=specificity[0], prevalence=prevalence)
    alarms, missed = (_complement(*given) for given in (specificity, sensitivity))
    flagged = _log_ratio(sensitivity, alarms)
    cleared = _log_ratio(specificity, missed)
    return PredictiveIntervals(
        positive=_share_of(flagged, odds=prevalence, against=1 - prevalence, around=values.positive),
        negative=_share_of(cleared, odds=1 - prevalence, against=prevalence, around=values.negative),
    )


def _complement(value: float, interval: Interval) -> tuple[float, Interval]:
    return 1 - value, Interval(low=1 - interval.high, high=1 - interval.low)


def _log_ratio(first: tuple[float, Interval], second: tuple[float, Interval]) -> Interval:
    """Of two independent shares. Where one is 0, the ends that it leaves open are infinite."""
    (value, low, high), (under, under_low, under_high) = (
        (_log(share), _log(interval.low), _log(interval.high)) for share, interval in (first, second)
    )
    if math.isnan(low + high) or math.isnan(under_low + under_high):
        return intervals.NONE
    if math.isinf(value) or math.isinf(under):  # the reach of the other is unknown: the far ends of both
        return Interval(low=low - under_high, high=high - under_low)
    below, above = math.hypot(value - low, under_high - under), math.hypot(high - value, under - under_low)
    return Interval(low=value - under - below, high=value - under + above)


def _log(share: float) -> float:
    return math.nan if math.isnan(share) else math.log(share) if share > 0 else -math.inf


def _share_of(log_ratio: Interval, *, odds: float, against: float, around: float) -> Interval:
    """Of those with an answer, the share for which it is right, from the answer's likelihood ratio."""
    if not odds or not against or math.isnan(around) or math.isnan(log_ratio.low):
        return intervals.NONE
    low, high = (_probability(end, odds=odds, against=against) for end in (log_ratio.low, log_ratio.high))
    return Interval(low=min(low, around), high=max(high, around))


def _probability(log_ratio: float, *, odds: float, against: float) -> float:
    return 0.0 if log_ratio == -math.inf else 1 / (1 + against / odds * math.exp(-log_ratio))
