"""Variances of estimates, were every image a patient of its own.

Source: for AUROC, Hanley and McNeil, Radiology 143 (1982); for average precision, the binomial variance of Boyd, Eng
and Page, ECML PKDD 2013.
"""

from collections.abc import Callable

Variance = Callable[[float], float]
"""From a true value in [0, 1] to the variance of its estimate, 0 at both ends."""


def hanley_mcneil(*, positives: int, negatives: int) -> Variance:
    """Of AUROC, where scores are distributed exponentially.

    Args:
        positives: Images with the finding, 1 or more.
        negatives: Images without it, 1 or more.
    """
    others = (positives + negatives) / 2 - 1

    def variance(area: float) -> float:
        ties = others * ((1 - area) / (2 - area) + area / (1 + area))
        return area * (1 - area) * (1 + ties) / (positives * negatives)

    return variance


def binomial(n: int) -> Variance:
    """Of a share of n images, 1 or more."""

    def variance(share: float) -> float:
        return share * (1 - share) / n

    return variance
