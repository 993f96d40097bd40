"""Which parts of a gap are named as its causes."""

from collections.abc import Mapping

from cxr_core.statistics.intervals import Interval

LEAST = 0.02
"""What a part must cost to be named, as a share of the images: 2.0 points, as they are written."""

_DIGITS = 3


def named(terms: Mapping[str, tuple[float, Interval]]) -> tuple[str, ...]:
    """The parts that clearly cost something, the largest first.

    Args:
        terms: Value and interval of each, internal minus external; NaN where it is not identifiable.

    Returns:
        The names of those of at least `LEAST` whose interval lies above 0; empty where nothing is named.
    """
    found = {
        name: value for name, (value, interval) in terms.items() if round(value, _DIGITS) >= LEAST and interval.low > 0
    }
    return tuple(sorted(found, key=lambda name: -found[name]))
