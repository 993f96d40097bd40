"""Distances between the mixes of two sites."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cxr_core.metrics import mixes
from cxr_core.statistics.intervals import Interval, standard_error
from dashboard.labels.data.distribution import Mix
from dashboard.notation import Estimate
from dashboard.results.differences import difference


@dataclass(frozen=True, kw_only=True)
class Distance:
    """How far apart the mixes of two sites are.

    Attributes:
        changes: External minus internal share, for each class.
        moved: Total variation: the share of images that would have to change their class to make the mixes equal.
        by_chance: What `moved` would be on average if both sites had the same mix and were samples of this size.
    """

    changes: tuple[Estimate, ...]
    moved: float
    by_chance: float


def distance(internal: Mix, external: Mix) -> Distance | None:
    """How far apart two mixes are; None where either rests on too few images."""
    ours, theirs = ([row.share for row in mix.classes] for mix in (internal, external))
    if not all(share.is_number for share in (*ours, *theirs)):
        return None
    return Distance(
        changes=tuple(difference(other, own) for own, other in zip(ours, theirs, strict=True)),
        moved=mixes.total_variation(_values(ours), _values(theirs)),
        by_chance=mixes.total_variation_by_chance(_errors(ours), _errors(theirs)),
    )


def _interval(share: Estimate) -> Interval:
    return Interval(low=share.low, high=share.high)


def _values(shares: Sequence[Estimate]) -> npt.NDArray[np.float64]:
    return np.array([share.value for share in shares])


def _errors(shares: Sequence[Estimate]) -> npt.NDArray[np.float64]:
    return np.array([standard_error(_interval(share)) for share in shares])
