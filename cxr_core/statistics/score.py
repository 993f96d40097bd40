"""Score intervals: the ends are the values whose own variance just reaches what was found.

Near 0 and 1 the variance at the estimate is too small, and so are intervals that rest on it, the bootstrap's among
them. Wilson's interval of a proportion takes the variance at the end instead. Here the same is done for whatever has a
known variance under independent images, which is then scaled to what the patients show.

Source: for AUROC, Newcombe, Statistics in Medicine 25 (2006), 559-573, method 5; the variances are those of
`metrics.variance`. For F1, Wilson's interval of TP / (TP + FP + FN), of which F1 is a function: Lam, Gopal and Qian,
arXiv 2309.14621 (2023).
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.stats import t as student

from cxr_core.metrics.variance import Variance
from cxr_core.statistics import design
from cxr_core.statistics.intervals import NONE, Interval

_FEWEST_PATIENTS = 3

# Patients whose own spread weighs as much as the assumed variance.
_EVEN = 30

_EDGE = 1e-12


def interval(
    value: float,
    *,
    influence: npt.NDArray[np.float64],
    clusters: npt.NDArray[np.int64],
    kinds: Sequence[npt.NDArray[np.bool_]],
    variance: Variance,
) -> Interval:
    """The values t for which ``|value - t| = q sqrt(scale variance(t))``.

    q is Student's, with the patients of the rarest kind less one as degrees of freedom. The scale makes the assumed
    variance that of the patients at hand: see `_scale`.

    Args:
        value: The estimate, in [0, 1].
        influence: What each image does to it, from `metrics.influence`, shape ``(n,)``.
        clusters: Patient of each image, shape ``(n,)``.
        kinds: Which images it cannot do without, each of shape ``(n,)``: positives and negatives, for AUROC.
        variance: Of the estimate, were every image a patient of its own.

    Returns:
        An interval within [0, 1] that holds the value and has a width even at 0 and 1. None where the value is
        undefined, or a kind has fewer than three patients.
    """
    patients = min(_count(clusters[kind]) for kind in kinds)
    if math.isnan(value) or patients < _FEWEST_PATIENTS:
        return NONE
    scale = _scale(value, influence=influence, clusters=clusters, kinds=kinds, patients=patients, variance=variance)
    reach = float(student.ppf(0.975, patients - 1)) * math.sqrt(scale)

    def short_of(end: float) -> float:
        return abs(value - end) - reach * math.sqrt(variance(end))

    below, above = min(value, 1 - _EDGE), max(value, _EDGE)
    return Interval(
        low=0.0 if value <= _EDGE else float(brentq(short_of, 0, below)),
        high=1.0 if value >= 1 - _EDGE else float(brentq(short_of, above, 1)),
    )


def _scale(
    value: float,
    *,
    influence: npt.NDArray[np.float64],
    clusters: npt.NDArray[np.int64],
    kinds: Sequence[npt.NDArray[np.bool_]],
    patients: int,
    variance: Variance,
) -> float:
    """What the assumed variance is multiplied by: the design effect of the patients, drawn towards what they show.

    What they show is the jackknife's variance over the assumed one. It is taken as it is where that widens the
    interval. Where it narrows it, it counts by the number of patients that it rests on: near 1 all but a few images
    are ranked perfectly, and their spread says nothing.
    """
    # Without the zeros of patients who have no image here: they would move the last bits of the sums.
    by_patient = np.bincount(clusters, weights=influence)[np.bincount(clusters) > 0].astype(np.float64)
    shown = _jackknife(by_patient, n=_count(clusters))
    alone = _jackknife(influence, n=influence.size)
    if not (shown > 0 and alone > 0):
        return max(design.cluster_size(clusters[kind]) for kind in kinds)
    effect = max(1.0, shown / alone)
    ratio = shown / variance(value)
    resting_on = min(patients, float((by_patient**2).sum() ** 2 / (by_patient**4).sum()))
    weight = resting_on / (resting_on + _EVEN)
    return float(max(ratio, ratio**weight * effect ** (1 - weight)))


def _jackknife(influence: npt.NDArray[np.float64], *, n: int) -> float:
    return float((influence**2).sum()) * n / max(n - 1, 1)


def _count(clusters: npt.NDArray[np.int64]) -> int:
    return int(np.count_nonzero(np.bincount(clusters)))
