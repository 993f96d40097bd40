"""The class mix of a site without its labels, from what a model says there, and whether that may be read.

Source: Saerens, Latinne and Decaestecker, Neural Computation 14 (2002), 21-41, on posteriors calibrated by a refit
(Alexandari, Kundaje and Shrikumar, ICML (2020)). It holds where the sites differ in their mix alone; the check compares
the distributions of the scores, as in a two-sample Kolmogorov-Smirnov test at 5 %, Bonferroni over the classes.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cxr_core.shift import refit
from cxr_core.shift.answers import SiteAnswers, Values
from cxr_core.shift.waterfall import FEW

_STEPS = 2000
_SMALL = 1e-8
_LEVEL = 0.05


@dataclass(frozen=True, kw_only=True)
class MixEstimate:
    """The external site's class mix as estimated without its labels.

    Attributes:
        shares: Shape ``(k,)``; they add up to 1.
        distance: How far the external scores are from the internal ones at that mix, as a multiple of what chance
            allows. Above 1 the images differ, not only their mix, and the shares must not be read.
    """

    shares: Values
    distance: float

    @property
    def may_be_read(self) -> bool:
        """Whether the sites may differ in their mix alone."""
        return self.distance <= 1


def estimate(known: SiteAnswers, scores: Values, *, clusters: npt.NDArray[np.int64]) -> MixEstimate | None:
    """Estimates a site's mix.

    Args:
        known: Images of known classes: of the validation part, or else of the internal test.
        scores: Log-probabilities of the site's images, shape ``(n, k)``.
        clusters: Patient of each of these, shape ``(n,)``.

    Returns:
        The estimate; None where a class has fewer than `waterfall.FEW` known images, or the site fewer images.
    """
    counts = np.bincount(known.classes, minlength=known.n_classes)
    if min(*counts, len(scores)) < FEW:
        return None
    shares = counts / counts.sum()
    parameters = refit.fit(known.scores, known.classes)
    found = expectation_maximization(refit.probability(scores, parameters), shares)
    return MixEstimate(shares=found, distance=_distance(known, scores, clusters=clusters, weight=found / shares))


def expectation_maximization(posteriors: Values, prior: Values) -> Values:
    """The mix under which posteriors made for another one are most likely.

    Args:
        posteriors: Shape ``(n, k)``, each row adding up to 1.
        prior: The mix that they were made for, shape ``(k,)``, above 0.

    Returns:
        Shape ``(k,)``; it adds up to 1.
    """
    found = prior
    for _ in range(_STEPS):
        joint = posteriors * (found / prior)
        now = (joint / joint.sum(axis=1, keepdims=True)).mean(axis=0)
        if np.abs(now - found).max() < _SMALL:
            return np.asarray(now)
        found = now
    return np.asarray(found)


def _distance(known: SiteAnswers, scores: Values, *, clusters: npt.NDArray[np.int64], weight: Values) -> float:
    weights = weight[known.classes]
    size, patients = weights.sum() ** 2 / (weights**2).sum(), np.unique(clusters).size
    farthest = max(_kolmogorov(known.scores[:, index], weights, column) for index, column in enumerate(scores.T))
    chance = math.sqrt(-math.log(_LEVEL / scores.shape[1] / 2) / 2) * math.sqrt(1 / size + 1 / patients)
    return float(farthest / chance)


def _kolmogorov(first: Values, weights: Values, second: Values) -> float:
    """The largest distance between a weighted distribution and another."""
    order = np.argsort(first)
    at = np.concatenate([first, second])
    share = np.append(0, np.cumsum(weights[order]) / weights.sum())[np.searchsorted(first[order], at, side="right")]
    return float(np.abs(share - np.searchsorted(np.sort(second), at, side="right") / second.size).max())
