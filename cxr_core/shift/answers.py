"""The images of one site that have one class each, and what a model says of them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import log_expit, logit

from cxr_core.statistics.resampling import Weights, counted

Values = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_SMALLEST = 1e-7
"""A probability below it, or as near to 1, counts as this: its logarithm must be finite."""


@dataclass(frozen=True, kw_only=True)
class SiteAnswers:
    """n images of one site.

    Attributes:
        scores: Log-probabilities, shape ``(n, k)``, finite: the answer is the class of the greatest.
        classes: Reference standard, shape ``(n,)``, 0 to k - 1.
        clusters: Patient of each image, shape ``(n,)``: a row of `weights`.
        weights: Shape ``(patients, 1 + r)``: column 0 is the sample itself, the others its replicates.
    """

    scores: Values
    classes: npt.NDArray[np.int64]
    clusters: npt.NDArray[np.int64]
    weights: Weights

    @property
    def n_classes(self) -> int:
        """The number of classes k."""
        return int(self.scores.shape[1])

    def only(self, kept: Bools) -> "SiteAnswers":
        """Some of its images.

        Args:
            kept: Mask of shape ``(n,)``.
        """
        return SiteAnswers(
            scores=self.scores[kept], classes=self.classes[kept], clusters=self.clusters[kept], weights=self.weights
        )

    def correct(self) -> Bools:
        """Whether the answer is the reference standard's class, shape ``(n,)``."""
        return np.asarray(self.scores.argmax(axis=1) == self.classes, dtype=np.bool_)

    def by_class(self, values: npt.NDArray[np.generic]) -> Values:
        """The weighted sum of a value of each image, in each class and replicate, shape ``(k, 1 + r)``.

        Args:
            values: Shape ``(n,)``.
        """
        table = sparse.csr_array(
            (values.astype(np.float64), (self.classes, self.clusters)), shape=(self.n_classes, self.weights.shape[0])
        )
        return counted(table.toarray().astype(np.float32), self.weights)

    def counts(self) -> Values:
        """The weight of the images of each class in each replicate, shape ``(k, 1 + r)``."""
        return self.by_class(np.ones(self.classes.shape))


def log_probability(probability: npt.NDArray[np.float32]) -> Values:
    """Their logarithms, finite, of the same shape."""
    return np.asarray(np.log(np.clip(probability.astype(np.float64), _SMALLEST, 1)))


def of_classes(
    probability: npt.NDArray[np.float32],
    *,
    classes: npt.NDArray[np.int8],
    clusters: npt.NDArray[np.int64],
    weights: Weights,
) -> SiteAnswers:
    """SiteAnswers of a model of which one class excludes the others.

    Args:
        probability: Shape ``(n, k)``.
        classes: Reference standard, shape ``(n,)``, 0 to k - 1.
        clusters: As in `SiteAnswers`.
        weights: As in `SiteAnswers`.
    """
    scores = log_probability(probability)
    return SiteAnswers(scores=scores, classes=classes.astype(np.int64), clusters=clusters, weights=weights)


def of_finding(
    score: npt.NDArray[np.float32],
    *,
    present: Bools,
    threshold: float,
    clusters: npt.NDArray[np.int64],
    weights: Weights,
) -> SiteAnswers:
    """SiteAnswers about one finding as two classes, absent and present: the answer is present from the threshold up.

    Args:
        score: Shape ``(n,)``, in [0, 1].
        present: Reference standard, shape ``(n,)``.
        threshold: From which score up the answer is present.
        clusters: As in `SiteAnswers`.
        weights: As in `SiteAnswers`.
    """
    bounded = np.clip(np.append(score.astype(np.float64), threshold), _SMALLEST, 1 - _SMALLEST)
    above = logit(bounded[:-1]) - logit(bounded[-1])
    # At the threshold itself the greatest of two equal scores would be the first, absent.
    above = np.where(score >= np.float32(threshold), np.maximum(above, _SMALLEST), np.minimum(above, -_SMALLEST))
    scores = np.stack([log_expit(-above), log_expit(above)], axis=1)
    return SiteAnswers(scores=scores, classes=present.astype(np.int64), clusters=clusters, weights=weights)
