"""The difference of two shares over different patients, with its interval."""

from cxr_core.statistics import intervals
from cxr_core.statistics.intervals import Interval
from dashboard.notation import Estimate


def difference(first: Estimate, second: Estimate) -> Estimate:
    """``first - second``; estimable where both are, without an interval where either has none."""
    found = intervals.difference(first.value, _interval(first), second=second.value, second_interval=_interval(second))
    return Estimate(
        value=first.value - second.value,
        low=found.low,
        high=found.high,
        n=0,
        estimable=first.estimable and second.estimable,
    )


def may_be_chance(found: Estimate) -> bool:
    """Whether the interval of a difference holds 0, or there is none."""
    return not (found.low > 0 or found.high < 0)


def _interval(share: Estimate) -> Interval:
    return Interval(low=share.low, high=share.high)
