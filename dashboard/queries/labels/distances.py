"""How far apart the mixes of two sites are."""

import math
from dataclasses import dataclass

from cxr_core.statistics.intervals import Interval, difference
from dashboard.notation import Estimate
from dashboard.queries.labels.mixes import Mix

_HALF_WIDTH = 1.96
"""Of a 95 % interval, in standard errors."""


@dataclass(frozen=True, kw_only=True)
class Distance:
    """How far apart the mixes of two sites are.

    Attributes:
        differences: Share abroad minus share at home, for each class.
        moved: Total variation: the share of images that would have to change their class to make the mixes equal.
        by_chance: What `moved` would be on average if both sites had the same mix and were samples of this size.
    """

    differences: tuple[Estimate, ...]
    moved: float
    by_chance: float


def distance(home: Mix, abroad: Mix) -> Distance | None:
    """How far apart two mixes are; None where either rests on too few images."""
    pairs = [(ours.share, theirs.share) for ours, theirs in zip(home.classes, abroad.classes, strict=True)]
    if not all(ours.is_number and theirs.is_number for ours, theirs in pairs):
        return None
    return Distance(
        differences=tuple(_difference(ours, theirs) for ours, theirs in pairs),
        moved=sum(abs(ours.value - theirs.value) for ours, theirs in pairs) / 2,
        by_chance=sum(_chance(ours, theirs) for ours, theirs in pairs) / 2,
    )


def _difference(home: Estimate, abroad: Estimate) -> Estimate:
    found = difference(
        abroad.value,
        Interval(low=abroad.low, high=abroad.high),
        second=home.value,
        second_interval=Interval(low=home.low, high=home.high),
    )
    return Estimate(value=abroad.value - home.value, low=found.low, high=found.high, n=0, estimable=True)


def _chance(home: Estimate, abroad: Estimate) -> float:
    """The mean of the absolute difference of two samples of the same mix, if it is normal."""
    spread = math.hypot(*((each.high - each.low) / (2 * _HALF_WIDTH) for each in (home, abroad)))
    return math.sqrt(2 / math.pi) * spread
