"""Several single networks as one number: their mean, and their range in place of an interval.

A range says how much the seed of a training moves the number. It says nothing of the patients.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cxr_core.statistics.intervals import Interval


@dataclass(frozen=True, kw_only=True)
class MemberSummary:
    """A metric of several members.

    Attributes:
        value: Its mean; NaN without members, and where it is undefined for one of them, since the mean of the others
            would be of other networks than it says.
        low: The lowest of those where it is defined; NaN where there is none.
        high: The highest of them.
        count: How many members.
    """

    value: float
    low: float
    high: float
    count: int


def summary(values: Sequence[float]) -> MemberSummary:
    """The mean and the range of members.

    Args:
        values: A metric of each member, NaN where undefined.

    >>> summary([0.5, 0.75, 0.25])
    MemberSummary(value=0.5, low=0.25, high=0.75, count=3)
    """
    defined = [value for value in values if not math.isnan(value)]
    return MemberSummary(
        value=sum(values) / len(values) if values else math.nan,
        low=min(defined, default=math.nan),
        high=max(defined, default=math.nan),
        count=len(values),
    )


def difference(first: Sequence[float], second: Sequence[float]) -> MemberSummary:
    """The mean and the range of what each member loses from one test to another.

    The range is that of the members' own differences: neither the difference of the ranges, nor of the means alone.

    Args:
        first: A metric of each member in one test, as the internal one; NaN where undefined.
        second: The same members, in the same order, in the other.

    Raises:
        ValueError: If the numbers of members differ.

    >>> difference([0.75, 0.5], [0.5, 0.375])
    MemberSummary(value=0.1875, low=0.125, high=0.25, count=2)
    """
    if len(first) != len(second):
        raise ValueError(f"Expected the same members in both tests, found {len(first)} and {len(second)}.")
    return summary([one - other for one, other in zip(first, second, strict=True)])


def is_of_these_networks(differences: MemberSummary, interval: Interval) -> bool:
    """Whether members differ so much in what they lose that an ensemble's interval over patients says too little.

    That interval is over patients, with the networks as they are: networks of other seeds might lose more or less.

    Args:
        differences: What the members lose, as `difference` gives it.
        interval: That of what their ensemble loses.

    Returns:
        Whether the members' range is wider than half of the interval; False where either is not known.

    >>> of_members = MemberSummary(value=0.2, low=0.1, high=0.3, count=3)
    >>> is_of_these_networks(of_members, Interval(low=0.05, high=0.35))
    True
    """
    return differences.high - differences.low > (interval.high - interval.low) / 2
